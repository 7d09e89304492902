"""What `leaselock --help` and `leaselock COMMAND --help` say, as values."""
import dataclasses
import re
import subprocess

# What stands for an operand or an option's value in the help -> what a shell completes it with. A tuple: these words;
# None: nothing. A word that is not here stops the generator, so that somebody thinks about it.
COMPLETED_AS = {
    "LOCK": "file", "LOCK|DIR": "file", "DIR": "directory", "FILE": "file", "COMMAND": "command",
    "WHEN": ("automatic", "off", "required"),
    "TIME": None, "N": None, "K": None, "NAME": None, "TEXT": None, "OCTAL": None,
}


@dataclasses.dataclass(frozen=True)
class Option:
    names: tuple  # of one option, short ones first
    value: str  # as the help calls it, or empty
    meaning: str


@dataclasses.dataclass(frozen=True)
class Command:
    name: str
    meaning: str
    options: tuple
    operands: tuple  # as the help calls them
    repeats: bool  # the last operand may be given several times


def help_of(program, *command):
    return subprocess.run([program, *command, "--help"], check=True, capture_output=True, text=True).stdout


def rows_of(text):
    """The two columns between the first empty line and the next."""
    table = text.split("\n\n", 2)[1]
    return [re.fullmatch(r"  (\S.*?) {2,}(\S.*)", line).groups() for line in table.splitlines()]


def options_of(rows):
    for left, meaning in rows:
        several = left.split(", ")
        meanings = meaning.split("; ") if len(meaning.split("; ")) == len(several) else [meaning] * len(several)
        for one, meaning in zip(several, meanings):
            names, _, value = one.partition(" ")
            if value and value not in COMPLETED_AS:
                raise SystemExit(f"{one}: command_help.py does not know what {value} is completed with")
            yield Option(tuple(names.split(",")), value, meaning)


def operands_of(usage):
    words = [word for word in usage.split()[2:] if not word.startswith("[")]
    return tuple(word.removesuffix("...") for word in words), words[-1].endswith("...")


def read(program):
    """All commands, and the options that stand before a command."""
    rows = rows_of(help_of(program))
    before = tuple(options_of(row for row in rows if row[0].startswith("-")))
    help_option = next(option for option in before if "--help" in option.names)
    help_option = dataclasses.replace(help_option, meaning="the options of this command")
    commands = []
    for name, meaning in (row for row in rows if not row[0].startswith("-")):
        text = help_of(program, name)
        usage = text.splitlines()[0].removeprefix("Usage: ")
        operands, repeats = operands_of(usage)
        commands.append(Command(name, meaning, (*options_of(rows_of(text)), help_option), operands, repeats))
    return commands, before
