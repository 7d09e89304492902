"""The rules of the house as data; check.py applies them. A rule and its reason stand side by side."""

# Folder -> what its files may include besides the C++ standard library: names that begin like this; "OS" stands for the
# operating system's headers, "BESIDE" for files of the same folder, "OWN" for files anywhere in the rule's folder,
# "FROM folder" for files of another.
# The first folder that a file's path starts with decides. Dependencies point inward (CONTRIBUTING.md).
INCLUDES = [
    ("include/leaselock/async_", ["leaselock/", "boost/asio/", "boost/filesystem/path.hpp", "boost/system/"]),
    ("include/leaselock/lease_timer.hpp", ["leaselock/lease_time.hpp", "boost/asio/"]),
    ("include/leaselock/", ["leaselock/", "boost/filesystem/path.hpp"]),
    ("lib/protocol/", ["leaselock/lease_time.hpp", "leaselock/lock_kind.hpp", "leaselock/error.hpp", "protocol/"]),
    ("lib/ports/", ["leaselock/lease_time.hpp", "protocol/", "ports/"]),
    ("lib/drive/", ["leaselock/", "protocol/", "ports/", "drive/", "boost/asio/"]),
    ("lib/posix/", ["leaselock/", "protocol/", "ports/", "posix/", "boost/", "OS"]),
    ("lib/asio/", ["leaselock/", "protocol/", "ports/", "drive/", "keep/", "asio/", "boost/asio/", "boost/filesystem",
                   "boost/system/", "FROM lib"]),
    ("lib/keep/", ["leaselock/", "ports/", "keep/"]),
    ("lib/", ["leaselock/", "protocol/", "ports/", "drive/", "keep/", "boost/filesystem", "date/", "BESIDE"]),
    ("tools/demo/", ["leaselock/", "boost/", "OWN", "OS"]),
    ("tools/", ["leaselock/", "CLI/", "boost/", "date/", "OWN", "OS"]),
    ("tests/unit/", ["leaselock/", "protocol/", "ports/", "drive/", "keep/", "reporter.hpp", "boost/", "gtest/",
                     "gmock/", "OWN", "OS"]),
    ("tests/sim/main.cpp", ["leaselock/", "protocol/", "OWN", "FROM tests/sim", "OS"]),
    ("tests/sim/", ["leaselock/", "protocol/", "ports/", "keep/", "boost/", "gtest/", "OWN"]),
    ("tests/conformance/", ["leaselock/", "protocol/", "ports/", "posix/", "drive/", "boost/", "gtest/", "OWN",
                            "FROM tests/sim", "OS"]),
    ("tests/cli/", ["leaselock/", "boost/", "gtest/", "gmock/", "OWN", "FROM tools", "OS"]),
    ("tests/demo/", ["gtest/", "FROM tools/demo"]),
    ("tests/process/host_test.cpp", ["leaselock/", "posix/", "gtest/", "FROM tests/process", "OS"]),
    ("tests/process/ports/", ["leaselock/", "protocol/", "posix/", "boost/", "gtest/", "OWN", "FROM tests/process", "OS"]),
    ("tests/asio/", ["leaselock/", "boost/", "gtest/", "OWN", "FROM tests/process", "OS"]),
    ("tests/interop/", ["leaselock/", "boost/", "gtest/", "OWN", "FROM tests/process", "OS"]),
    ("tests/faults/", ["leaselock/", "protocol/", "boost/", "gtest/", "OWN", "FROM tests/process", "FROM tests/sim", "OS"]),
    # The one place outside the simulator that switches a deliberate bug on: it takes a real fork.
    ("tests/process/child_keeps_hold.cpp", ["protocol/mutation.hpp"]),
    ("tests/fuzz/", ["leaselock/", "protocol/", "posix/", "boost/", "OWN", "FROM tools", "OS"]),
    ("tests/c/header_cpp.cpp", ["leaselock.h", "leaselock/"]),
    ("tests/security/command_test.cpp", ["leaselock/", "boost/", "gtest/", "FROM tests/cli", "OS"]),
    ("tests/security/between_calls_test.cpp", ["leaselock/", "boost/", "gtest/", "FROM tests/faults",
                                               "FROM tests/security", "FROM tests/process", "OS"]),
    ("tests/security/", ["leaselock/", "boost/", "gtest/", "OWN", "FROM tests/process", "OS"]),
    ("tests/nfs/", ["leaselock/", "boost/", "gtest/", "gmock/", "OWN", "OS"]),
    ("tests/", ["leaselock/", "boost/", "gtest/", "gmock/", "OWN", "OS"]),
    ("bench/", ["leaselock/", "boost/", "benchmark/", "llvm/", "lockfile.h", "OWN", "FROM tests/nfs", "OS"]),
]

# Headers of the operating system; only the folders marked OS above may include them.
OS_HEADERS = (r"(sys|linux|net|netinet|arpa|asm)/.*|"
              r"(unistd|fcntl|sched|pty|dirent|pthread|poll|signal|time|utime|pwd|grp|netdb|spawn|termios|dlfcn|malloc)\.h")

# Inside lib/ and include/, but outside lib/posix, nothing asks the world directly.
BANNED_OUTSIDE = ("lib/", "include/")
BANNED_EXEMPT = ("lib/posix/",)
BANNED = [
    (r"\b(system_clock|steady_clock|high_resolution_clock)::now\b", "ports::Clock, or the times in a step's Result"),
    (r"\b(clock_gettime|gettimeofday|localtime|gmtime|std::time)\s*\(", "ports::Clock; date/date.h to show a time"),
    (r"\b(sleep_for|sleep_until|usleep|nanosleep)\s*\(", "a WaitUntil step, which the driver performs"),
    (r"\b(random_device|mt19937(_64)?|s?rand|getrandom|arc4random)\b", "ports::Entropy"),
    (r"\b(gethostname|host_name|getpid|getppid|kill)\s*\(", "ports::Host"),
    (r"\b(i|o)?fstream\b|\bfopen\s*\(|\bFILE\s*\*", "a CreateFile or Read step, or ports::FileSystem"),
    (r"(?<![\w:.>])::((open|link|rename|unlink|mkdir)(at)?|[lf]?stat|statx|rmdir|read|write|close)\s*\(",
     "a step, or ports::FileSystem"),
    (r"\bfilesystem::(exists|status|rename|remove|remove_all|create_\w+|is_\w+|last_write_time|directory_iterator)\b",
     "a step, or ports::FileSystem"),
]
# The exceptions, each with its reason.
BANNED_ALLOWED = {}

LONGEST_FILE = 300
# The exceptions, each with its reason.
LONG_FILES_ALLOWED = {
    "tests/sim/simulated_server.cpp": "one server, one short function for each kind of request",
}

SOURCE_FOLDERS = ("include", "lib", "tools", "tests", "bench")
# Documents whose links, paths and identifiers are checked.
DOCUMENTS = ("*.md", "docs/*.md", "docs/*/*.md")
