#!/usr/bin/env python3
"""A shared library shows what the headers mark as the interface, all of it and nothing else.

Usage: exports.py NM LIBRARY HEADER_DIRECTORY
"""
import pathlib
import re
import subprocess
import sys

# What belongs to no name of ours: the node of the linker script.
NODE = re.compile(r"^LEASELOCK_\d+(\.\d+)?$")
CPP_NAME = re.compile(r"\bLEASELOCK_API\s+(?:\[\[\w+\]\]\s*)?([^;{(]+)")
C_NAME = re.compile(r"\bLEASELOCK_C_API\b[^;(]*?\b(leaselock_\w+)\s*\(")


def marked_names(headers):
    """Classes and functions that are marked, without their scope."""
    names = set()
    for header in pathlib.Path(headers).rglob("*.h*"):
        text = re.sub(r"//.*|/\*.*?\*/|^\s*#.*", "", header.read_text(encoding="utf-8"), flags=re.M)
        names.update(re.sub(r"\s+(final|: .*)$", "", found.strip(), flags=re.S).split()[-1].lstrip("&*")
                     for found in CPP_NAME.findall(text))
        names.update(C_NAME.findall(text))
    return names


def shown_names(nm, library):
    """What the library shows, once as it is written and once by the name that a header would mark."""
    lines = subprocess.run([nm, "-D", "-C", "--defined-only", library], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    for line in lines:
        whole = line.split(" ", 2)[2].split("@")[0]
        if NODE.match(whole):
            continue
        name = re.sub(r"^(typeinfo name|typeinfo|vtable) for ", "", whole)
        found = re.match(r"(?:leaselock::)?(\w+)", name)
        own = name.startswith(("leaselock::", "leaselock_")) and "::Impl" not in name
        yield whole, found[1] if own and found else None


def main(nm, library, headers):
    marked = marked_names(headers)
    shown = dict(shown_names(nm, library))
    findings = [f"shown, but no header marks it: {whole}" for whole, name in shown.items() if name not in marked]
    findings += [f"marked in a header, but not shown: {name}" for name in sorted(marked - set(shown.values()))]
    print("\n".join(findings) if findings else f"{len(shown)} names of {len(marked)} that are marked, nothing else.")
    return 1 if findings or not shown else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
