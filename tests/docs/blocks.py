"""The code blocks of the documents, and what is known about those that need more than their language to be tested."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
LANGUAGES = {"sh", "console", "cpp", "c", "python", "cmake", "yaml", ""}

# Blocks that are not run, by page and first line, each with its reason. The test lists them.
NOT_RUN = {
    ("README.md", "scripts/demo "): "the whole demo and the whole test run; continuous integration runs both",
    ("README.md", "cmake --preset release"): "builds all of it anew; tests/package installs this build instead",
    ("README.md", "find_package("): "tests/package builds a consumer that does this",
    ("CONTRIBUTING.md", "scripts/setup "): "installs packages",
    ("CONTRIBUTING.md", "grep -rn"): "its second line is the reader's",
    ("CONTRIBUTING.md", "cmake --build"): "builds all of it anew",
    ("CONTRIBUTING.md", "scripts/coverage "): "builds all of it anew, several times",
    ("docs/tutorial.md", "cmake --preset release"): "builds all of it anew; tests/package installs this build instead",
    ("docs/testing.md", "cmake --preset dev"): "builds all of it anew",
    ("docs/testing.md", "build/ci/bin/leaselock_sim"): "names of another build's programs; tests/sim runs the same",
    ("docs/testing.md", "ctest --test-dir"): "needs the cluster of virtual machines",
    ("docs/testing.md", "scripts/docs "): "needs packages that nothing else does; tests/docs checks the pages themselves",
    ("docs/testing.md", "bench/run "): "takes forty minutes",
    ("docs/async.md", "target_link_libraries("): "tests/package builds a consumer that does this",
    ("docs/testing.md", "scripts/fuzz "): "needs clang, and minutes",
    ("docs/testing.md", "cmake --preset tidy"): "builds all of it anew",
    ("docs/testing.md", "scripts/coverage"): "builds all of it anew",
    ("docs/c.md", "cc -std=c99 main.c"): "tests/package links an installed one like this",
    ("docs/packaging.md", "find_package("): "tests/package builds a consumer that does this",
    ("docs/packaging.md", "c++ -std=c++20 main.cpp"): "tests/package links an installed one like this",
    ("docs/packaging.md", "nm -D"): "compares two releases",
    ("docs/packaging.md", "cmake --preset deb"): "builds all of it anew, and needs root to try the packages",
    ("docs/packaging.md", "vcpkg install"): "needs vcpkg and Conan; package/recipes checks what can be without them",
    ("docs/packaging.md", "cmake/packaging/completion"): "writes into the source tree; package tests compare what it writes",
    ("docs/security.md", "install -d"): "needs root, or a user of that group",
    ("docs/operating.md", "groups:"): "needs Prometheus; cli/metrics checks the names",
    ("docs/operating.md", "leaselock doctor /mnt/shared "): "waits for a second host",
    ("docs/examples/batch.md", "mkdir -p"): "cli/batch runs it, with several hosts",
    ("docs/examples/queue.md", "docs/examples/queue.sh"): "needs root for its containers; cli/batch runs it where it may",
    ("docs/command_line/run.md", "$ cat /mnt/shared/markers"): "a file of another host; cli/markers checks every key",
    ("docs/command_line/verify.md", "leaselock verify /mnt"): "waits for a second host; cli/verify runs it with two",
}
# Fragments of C++: what stands around them, in tests/docs/around/.
AROUND = {
    ("README.md", "#include <leaselock/leaselock.hpp>"): "parts.cpp.in",
    ("docs/async.md", "leaselock::AsyncLock lock(context"): "coroutine.cpp.in",
    ("docs/library.md", "leaselock::Semaphore licences("): "licences.cpp.in",
}
# Sessions whose lines may come in any order.
ANY_ORDER = ("working at ",)


class Block:
    def __init__(self, page, line, language, text):
        self.page, self.line, self.language, self.text = page, line, language, text

    def known_in(self, table):
        return next((value for (page, start), value in table.items()
                     if page == self.page and self.text.startswith(start)), None)

    def __str__(self):
        return f"{self.page}:{self.line}"


def pages():
    return ["README.md", "CONTRIBUTING.md"] + sorted(
        path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))


def blocks_of(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, flags=re.M | re.S):
        yield Block(page, text[:match.start()].count("\n") + 1, match[1], match[2])


def all_blocks():
    return [block for page in pages() for block in blocks_of(page)]
