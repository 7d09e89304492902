#!/usr/bin/env python3
"""The completions in the real shells, and that they are those of the command as it is.

Usage: completions.py LEASELOCK COMPLETION_FOLDER {current,bash,fish,zsh}   (exit status 77: the shell is missing)
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    return done.stdout.splitlines()


def bash(folder, line):
    """line: what was typed; the cursor stands at its end."""
    script = f"""
        source {BASH_COMPLETION}; source {folder}/leaselock.bash
        COMP_LINE=$1 COMP_POINT=${{#1}} COMP_TYPE=9 COMP_KEY=9
        read -ra COMP_WORDS <<<"$1"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _leaselock leaselock "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD - 1]}}"
        printf '%s\\n' "${{COMPREPLY[@]}}" """
    return {word.rstrip("/ ") for word in run("bash", "--norc", "-c", script, "bash", line) if word}


def fish(folder, line):
    script = "source $argv[1]/leaselock.fish; complete -C $argv[2]"
    return {word.split("\t")[0].rstrip("/") for word in run("fish", "--no-config", "-c", script, str(folder), line)}


def zsh(folder, line):
    return {word.rstrip("/") for word in run("zsh", "-f", str(HERE / "zsh_complete"), str(folder), line) if word}


SHELLS = {"bash": bash, "fish": fish, "zsh": zsh}


def expect(line, found, wanted):
    if found == wanted:
        return True
    print(f"{line!r}: missing {sorted(wanted - found)}, unwanted {sorted(found - wanted)}")
    return False


def check_shell(complete, folder, commands, before):
    names = {command.name for command in commands}
    good = expect("leaselock ", {word for word in complete(folder, "leaselock ") if word[0] != "-"}, names)
    good &= expect("leaselock --", complete(folder, "leaselock --"), long_names(before))
    for command in commands:
        line = f"leaselock {command.name} --"
        good &= expect(line, complete(folder, line), long_names(command.options))
    line = "leaselock run -"
    short = {name for option in commands[0].options for name in option.names if not name.startswith("--")}
    good &= expect(line, {word for word in complete(folder, line) if len(word) == 2}, short)
    for line, wanted in {
            "leaselock status a": {"a_file", "a_folder"},
            "leaselock status --separator x a_": {"a_file", "a_folder"},
            "leaselock doctor a": {"a_folder"},
            "leaselock run --metrics a_fi": {"a_file"},
            "leaselock run --markers a": {"a_folder"},
            "leaselock run --fast-path ": {"automatic", "off", "required"},
            "leaselock run --timeout ": set(),
            "leaselock run a_fi": {"a_file"},
            "leaselock run -w 5s a_file a_program_of_this_te": {"a_program_of_this_test"},
            "leaselock run a_file -- a_program_of_this_te": {"a_program_of_this_test"},
            "leaselock run a_file -- cat a_fi": {"a_file"},
    }.items():
        good &= expect(line, complete(folder, line), wanted)
    return good


def long_names(options):
    return {name for option in options for name in option.names if name.startswith("--")}


def check_current(generate, program, folder):
    good = True
    for name, text in generate.scripts(program).items():
        if folder.joinpath(name).read_text(encoding="utf-8") != text:
            good = False
            print(f"{folder / name} is not what the help says; run {folder / 'generate.py'} {program}")
    return good


def main(program, folder, what):
    sys.dont_write_bytecode = True
    sys.path.insert(0, folder)
    import command_help
    import generate
    program, folder = os.path.abspath(program), pathlib.Path(folder).resolve()
    if what == "current":
        return 0 if check_current(generate, program, folder) else 1
    if not shutil.which(what) or (what == "bash" and not os.path.exists(BASH_COMPLETION)):
        print(f"skipped: {what}{' or bash-completion' if what == 'bash' else ''} is missing")
        return 77
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        os.environ["HOME"] = scratch
        os.mkdir("programs")
        pathlib.Path("a_file").touch()
        os.mkdir("a_folder")
        pathlib.Path("programs/a_program_of_this_test").write_text("#!/bin/sh\n", encoding="utf-8")
        os.chmod("programs/a_program_of_this_test", 0o755)
        os.environ["PATH"] = f"{scratch}/programs:{os.environ['PATH']}"
        return 0 if check_shell(SHELLS[what], folder, *command_help.read(program)) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
