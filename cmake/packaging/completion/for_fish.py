"""The completion for fish."""
from command_help import COMPLETED_AS

TEXT = """\
# leaselock's completion for fish. Made by cmake/packaging/completion/generate.py from `leaselock --help`.

# The words of the command that `leaselock run` runs, without the one at the cursor; fails before LOCK is complete.
function __leaselock_command_words
    set -l words (commandline -opc)
    set -e words[1..2]
    set -l lock
    while set -q words[1]
        switch $words[1]
            case --
                set -e words[1]
                set -q lock[1]; and break
                continue
            case {valued}
                set -q lock[1]; and break
                set -e words[1]
            case '-*'
                set -q lock[1]; and break
            case '*'
                set -q lock[1]; and break
                set lock $words[1]
        end
        set -e words[1]
    end
    set -q lock[1]; or return 1
    set -q words[1]; and string join \\n -- $words
    return 0
end

function __leaselock_in
    __fish_seen_subcommand_from $argv
    and not begin
        __fish_seen_subcommand_from run
        and __leaselock_command_words >/dev/null
    end
end

function __leaselock_complete_command
    set -l words (__leaselock_command_words)
    set -q words[1]; and set words (string escape -- $words)
    complete -C (string join ' ' -- $words (commandline -ct))
end

complete -c leaselock -f
complete -c leaselock -n '__fish_seen_subcommand_from run; and __leaselock_command_words >/dev/null' \\
    -a '(__leaselock_complete_command)'
{lines}
"""

ACTION = {"file": " -r -F", "directory": " -x -a '(__fish_complete_directories)'", None: " -x"}


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def action_of(value):
    completed = COMPLETED_AS[value]
    return f" -x -a '{' '.join(completed)}'" if isinstance(completed, tuple) else ACTION[completed]


def option_line(condition, option):
    names = "".join(f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in option.names)
    value = action_of(option.value) if option.value else ""
    return f"complete -c leaselock -n '{condition}'{names}{value} -d {quoted(option.meaning)}"


def lines(commands, before):
    for option in before:
        yield option_line("__fish_use_subcommand", option)
    for command in commands:
        yield f"complete -c leaselock -n __fish_use_subcommand -a {command.name} -d {quoted(command.meaning)}"
    for command in commands:
        condition = f"__leaselock_in {command.name}"
        kind = COMPLETED_AS[command.operands[0]]
        yield f"complete -c leaselock -n '{condition}'" + (" -F" if kind == "file" else ACTION["directory"])
        for option in command.options:
            yield option_line(condition, option)


def script(commands, before):
    run = next(command for command in commands if command.name == "run")
    valued = " ".join(name for option in run.options if option.value for name in option.names)
    return TEXT.format(valued=valued, lines="\n".join(lines(commands, before)))
