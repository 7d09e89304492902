#!/usr/bin/env python3
"""Compares the C functions that a shared library shows with those that are pinned.

Usage: symbols.py NM LIBRARY PROGRAM. PROGRAM --names prints the pinned ones, one a line.
"""
import subprocess
import sys


def lines_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")


nm, library, program = sys.argv[1:]
pinned = {name for name in lines_of(program, "--names") if name}
# "0000000000012340 T leaselock_lock@@LEASELOCK_0.1"; C++ names begin with _Z.
shown = {line.split()[-1].partition("@")[0] for line in lines_of(nm, "-D", "--defined-only", library) if line}
shown = {name for name in shown if name.startswith("leaselock_")}
for name in sorted(pinned - shown):
    print(f"{name} is pinned, but the library does not show it: programs that use it would not start")
for name in sorted(shown - pinned):
    print(f"{name} is shown, but not pinned: add it to tests/c/abi_functions.h, or hide it")
print(f"{len(shown)} functions shown, {len(pinned)} pinned")
sys.exit(0 if shown == pinned and pinned else 1)
