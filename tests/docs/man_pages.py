#!/usr/bin/env python3
"""Checks the man pages: man_pages.py LEASELOCK DIRECTORY, with the directory of the built pages.

Those of section 1 have exactly the options that `leaselock COMMAND --help` has, and there is one for each command. All
of them are clean by `mandoc -T lint` and by groff; where one of the two is not installed it says so.
"""
import pathlib
import re
import shutil
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])(--?[a-z][\w-]*)(?: ([A-Z]+))?")


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def options_of(term):
    """Option -> name of its argument or "". In `-w,--timeout TIME` both names are of one option; in `--slots N, --take K`
    each has its own."""
    names = OPTION.findall(term)
    return {name: names[i + 1][1] if len(name) == 2 and i + 1 < len(names) else argument
            for i, (name, argument) in enumerate(names)}


def options_in_help(text):
    lines = re.findall(r"^  (-.*?)(?:  .*)?$", text, flags=re.M)
    return {name: argument for line in lines for name, argument in options_of(line).items()}


def options_in_page(text):
    terms = re.findall(r"^\.TP\n(\\fB-.*)$", text, flags=re.M)
    plain = (re.sub(r"\\f[BPI]", "", term).replace("\\-", "-") for term in terms)
    return {name: argument for term in plain for name, argument in options_of(term).items()}


def check_options(leaselock, directory):
    program = output_of(leaselock, "--help")
    commands = re.findall(r"^  ([a-z]+)  ", program, flags=re.M)
    pages = {path.name: path for path in directory.glob("leaselock*.1")}
    if set(pages) != {"leaselock.1"} | {f"leaselock-{command}.1" for command in commands}:
        yield f"pages {sorted(pages)} for commands {commands}"
    shared = options_in_page(pages["leaselock.1"].read_text(encoding="utf-8"))
    for command in commands:
        page = pages.get(f"leaselock-{command}.1")
        written = options_in_page(page.read_text(encoding="utf-8")) if page else {}
        real = options_in_help(output_of(leaselock, command, "--help"))
        for option in sorted(set(written) | set(real)):
            if written.get(option) != real.get(option):
                yield f"{command} {option}: the page has {written.get(option)!r}, --help has {real.get(option)!r}"
    for option, argument in options_in_help(program).items():
        if shared.get(option) != argument:
            yield f"leaselock.1 lacks {option}, which --help has"


def check_lint(directory):
    for path in sorted(directory.glob("leaselock*.[0-9]")):
        if shutil.which("mandoc"):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True)
            yield from (done.stdout + done.stderr).splitlines()
        if shutil.which("man") and shutil.which("groff"):
            done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", path], capture_output=True, text=True)
            yield from (f"{path}: {line}" for line in done.stderr.splitlines())


def main(leaselock, directory):
    for tool in ("mandoc", "man", "groff"):
        if not shutil.which(tool):
            print(f"Skipped a part: there is no {tool}")
    problems = list(check_options(leaselock, directory)) + list(check_lint(directory))
    print("\n".join(problems) if problems else "The man pages are right.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
