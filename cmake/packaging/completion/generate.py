#!/usr/bin/env python3
"""Makes the completions of bash, zsh and fish from what `leaselock --help` says.

Usage: generate.py LEASELOCK [FOLDER]   (FOLDER: where the files go; the one of this script unless given)
The files are kept beside this script, so that building needs no Python; a test compares them.
"""
import pathlib
import sys

import command_help
import for_bash
import for_fish
import for_zsh

FILES = {"leaselock.bash": for_bash.script, "_leaselock": for_zsh.script, "leaselock.fish": for_fish.script}


def scripts(program):
    commands, before = command_help.read(program)
    return {name: script(commands, before) for name, script in FILES.items()}


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else __file__).resolve()
    for name, text in scripts(sys.argv[1]).items():
        (folder if folder.is_dir() else folder.parent).joinpath(name).write_text(text, encoding="utf-8")
