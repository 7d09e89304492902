#!/usr/bin/env python3
"""Runs the shell and Python blocks of the documents: run_blocks.py LEASELOCK

Every block of `sh` runs in a directory of its own, with /mnt/shared and the like in it, and with stand-ins for the
programs that the documents made up. The `console` blocks of one page are one session; what they print is compared with
what the page shows, but for names of hosts, numbers and times. Blocks without a language show something and are not run;
one that looks like a command is an error.
"""
import ast
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import blocks

# Programs that the documents made up, and what they do here.
STAND_INS = {"plan": "echo '{}'", **dict.fromkeys(
    ["processA", "read", "report", "load", "deploy.sh", "make", "publish", "alert"], "exit 0")}
PLACES = ["/mnt/shared", "/srv/shared", "/mnt/ci"]
# What differs from run to run.
CHANGES = [(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( \+\d{4})?", "DATE"), (r"\b\d{16}\b", "TOKEN"),
           (r"\|f\.\S+", "|CLAIM"), (r"host [^\s,]+, pid \d+", "HOST, PID"), (r"\|[^|\s]+\|\d+\|", "|HOST|PID|"),
           (r"\b\d+(\.\d+)?s\b", "SECONDS"), (r" {2,}", " ")]


def plain(text):
    for pattern, word in CHANGES:
        text = re.sub(pattern, word, text)
    lines = [line.rstrip() for line in text.splitlines()]
    return sorted(lines) if any(line.startswith(blocks.ANY_ORDER) for line in lines) else lines


class Place:
    """A fresh directory to run blocks in."""

    def __init__(self, leaselock, folder):
        self.root, self.work, self.programs = folder, folder / "work", folder / "programs"
        self.work.mkdir()
        self.programs.mkdir()
        (self.programs / "leaselock").symlink_to(leaselock)
        for name, text in STAND_INS.items():
            for where in (self.programs, self.work):
                self.program(where / name, text)
        if subprocess.run(["sh", "-c", "command -v jq"], stdout=subprocess.DEVNULL).returncode != 0:
            self.program(self.programs / "jq", "cat >/dev/null")
        for place in PLACES:
            (folder / place[1:]).mkdir(parents=True)
        (folder / "mnt/shared/data.json").write_text("{}")

    @staticmethod
    def program(path, text):
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def run(self, shell, script):
        examples = blocks.ROOT / "docs/examples"
        environment = {"PATH": f"{self.programs}:{examples}:/usr/bin:/bin", "HOME": str(self.root), "JOB_ID": "7",
                       "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                       **{name: value for name, value in os.environ.items() if "SAN_OPTIONS" in name}}
        for place in PLACES:
            script = script.replace(place, f"{self.root}{place}")
        return subprocess.run([*shell, script], cwd=self.work, env=environment, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)


def commands_of(text):
    """Pairs of a command, with its lines that begin with "> ", and what is shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        lines = part.splitlines()
        count = 1 + next((i for i, line in enumerate(lines[1:]) if not line.startswith("> ")), len(lines) - 1)
        yield "\n".join([lines[0]] + [line[2:] for line in lines[1:count]]), "\n".join(lines[count:])


def run_session(session, place):
    """All `console` blocks of a page, in one shell, with the output of each command in a file of its own."""
    commands = [(block, *pair) for block in session for pair in commands_of(block.text)]
    script = ""
    for number, (_, command, _) in enumerate(commands):
        script += f"s=$?; exec >{place.root}/out.{number} 2>&1; (exit $s)\n{command}\n"
    place.run(["bash", "-c"], script + "wait\n")
    for number, (block, command, shown) in enumerate(commands):
        output = place.root / f"out.{number}"
        printed = output.read_text(encoding="utf-8") if output.exists() else "(the session ended before)"
        if plain(printed) != plain(shown):
            yield f"{block}: $ {command}\nshows:\n{shown}\nprinted:\n{printed}"


def run_script(block, place):
    done = place.run(["sh", "-c"], block.text)
    if done.returncode != 0:
        yield f"{block}: status {done.returncode}\n{done.stdout}"


def compile_c(block, place):
    """As C99, without linking: tests/c links and runs."""
    text, around = block.text, block.known_in(blocks.AROUND)
    if around:
        text = (blocks.ROOT / "tests/docs/around" / around).read_text(encoding="utf-8").replace("// HERE", text)
    source = place.work / "block.c"
    source.write_text(text)
    done = subprocess.run(["cc", "-std=c99", "-pedantic", "-Wall", "-Werror", "-Wno-unused", "-fsyntax-only",
                           f"-I{blocks.ROOT / 'include'}", source], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        yield f"{block}: {done.stderr}"


def looks_like_a_command(text):
    return re.match(r"(\$|leaselock (run|status|top|break|clean|resize|doctor|verify) [^\[]|[a-z]+/[a-z_]+( |$)|\./|"
                    r"(cmake|ctest|cc|c\+\+|nm|vcpkg|conan|install|apt|apt-get|flock|mkdir|cp) )", text)


def problems_of(block, place):
    if block.language not in blocks.LANGUAGES:
        yield f"{block}: {block.language} is no language that is known here"
    elif block.language == "sh":
        yield from run_script(block, place)
    elif block.language == "python":
        try:
            ast.parse(block.text)
        except SyntaxError as error:
            yield f"{block}: {error}"
    elif block.language == "c":
        yield from compile_c(block, place)
    elif block.language in ("cmake", "yaml"):
        yield f"{block}: nothing tests this; NOT_RUN in blocks.py must say why"
    elif block.language == "" and looks_like_a_command(block.text):
        yield f"{block}: a command, so it needs a language, sh or console"


def main(leaselock):
    problems, counts, not_run, sessions = [], {}, [], {}
    for block in blocks.all_blocks():
        reason = block.known_in(blocks.NOT_RUN)
        if reason:
            not_run.append(f"not run: {block}: {reason}")
            continue
        counts[block.language] = counts.get(block.language, 0) + 1
        if block.language == "console":
            sessions.setdefault(block.page, []).append(block)
            continue
        with tempfile.TemporaryDirectory() as folder:
            problems += problems_of(block, Place(leaselock, pathlib.Path(folder)))
    for session in sessions.values():
        with tempfile.TemporaryDirectory() as folder:
            problems += run_session(session, Place(leaselock, pathlib.Path(folder)))
    for (page, start) in blocks.NOT_RUN | blocks.AROUND:
        if not any(block.page == page and block.text.startswith(start) for block in blocks.all_blocks()):
            problems.append(f"blocks.py speaks of a block of {page} that is not there: {start}")
    print("\n".join(not_run + problems))
    print(", ".join(f"{count} of {name or 'no language'}" for name, count in sorted(counts.items())) +
          f"; {len(not_run)} not run, {len(problems)} wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
