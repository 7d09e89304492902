#!/usr/bin/env python3
"""A filter for Doxygen: several forms of one function share the comment of the first, as our headers have it; the
others are told to be overloads. overloads.py HEADER"""
import re
import sys

NAME = re.compile(r"^ +(?!return\b|friend\b|using\b)(?:[\w:<>,&*\[\]]+ +)+?&?\*?(\w+)\(")
last = None
previous = ""
for line in open(sys.argv[1], encoding="utf-8"):
    match = NAME.match(line)
    name = match[1] if match else None
    beside = previous.strip() and not previous.lstrip().startswith("//") and not previous.rstrip().endswith(("{", ":"))
    if name and name == last and beside and not previous.lstrip().startswith("template"):
        print(re.match(" *", line)[0] + "/// \\overload")
    sys.stdout.write(line)
    last = name or (last if line.strip() and not line.lstrip().startswith("//") else None)
    previous = line
