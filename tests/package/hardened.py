#!/usr/bin/env python3
"""Looks into programs and shared libraries for the traces of cmake/hardening.cmake.

Usage: hardened.py [--fortified] FILE...   (--fortified: demands a checked copy as well, which not every file has)
"""
import platform
import re
import subprocess
import sys


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def findings_of(file, fortified):
    headers = output_of("readelf", "--file-header", "--program-headers", "--wide", file)
    dynamic = output_of("readelf", "--dynamic", "--wide", file)
    symbols = output_of("readelf", "--dyn-syms", "--wide", file)
    if not re.search(r"Type:\s+DYN", headers):
        yield "is not position-independent"
    if "GNU_RELRO" not in headers:
        yield "has no part that is read-only after relocation"
    if not re.search(r"\((FLAGS|FLAGS_1)\).*\b(BIND_NOW|NOW)\b", dynamic):
        yield "does not resolve all names at the start"
    if re.search(r"GNU_STACK.*\bRWE\b", headers):
        yield "has a stack that can be executed"
    if "__stack_chk_fail" not in symbols:
        yield "does not guard its stack"
    if fortified and not re.search(r"\b__\w+_chk\b(?<!__stack_chk)", symbols.replace("__stack_chk_fail", "")):
        yield "calls no checked function"
    if platform.machine() == "x86_64":
        code = output_of("objdump", "--disassemble", "--section=.text", "--no-show-raw-insn", file)
        if code.count("endbr64") < 3:  # the files that every program starts with have two
            yield "does not mark where jumps may go"
    # What the stack clash protection makes shows in large frames only; that the compiler takes the flag is enough.


def main(arguments):
    fortified = arguments[:1] == ["--fortified"]
    failed = False
    for file in arguments[fortified:]:
        found = list(findings_of(file, fortified))
        failed |= bool(found)
        print(f"{file}: " + ("; ".join(found) if found else "hardened"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
