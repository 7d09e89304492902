"""The completion for zsh."""
from command_help import COMPLETED_AS

TEXT = """\
#compdef leaselock
# leaselock's completion for zsh. Made by cmake/packaging/completion/generate.py from `leaselock --help`.

_leaselock() {{
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a leaselock_commands=(
{names}
  )

  _arguments -C \\
{before}
    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command) _describe -t commands 'leaselock command' leaselock_commands ;;
    rest)
      curcontext=${{curcontext%:*}}-$words[1]:
      case $words[1] in
{commands}
      esac
      ;;
  esac
}}

_leaselock "$@"
"""

ACTION = {"file": "_files", "directory": "_files -/", "command": "_command_names -e", None: ""}


def quoted(text):
    return text.replace("'", "'\\''")


def action_of(value):
    completed = COMPLETED_AS[value]
    return f"({' '.join(completed)})" if isinstance(completed, tuple) else ACTION[completed]


def option_line(option, exclude):
    names = option.names[0] if len(option.names) == 1 else "{" + ",".join(option.names) + "}"
    meaning = quoted(option.meaning.replace(":", "\\:").replace("[", "\\[").replace("]", "\\]"))
    value = f":{option.value}:{action_of(option.value)}" if option.value else ""
    return (f"'({exclude})'" if exclude else "") + f"{names}'[{meaning}]{value}'"


def options_of(options):
    for option in options:
        ends_all = {"--help", "--version"} & set(option.names)
        yield option_line(option, "- *" if ends_all else " ".join(option.names[1:] and option.names))


def operands_of(command):
    for number, operand in enumerate(command.operands, 1):
        place = "*" if command.repeats and number == len(command.operands) else number
        last_option = "(-)" if operand == "COMMAND" else ""
        yield f"'{last_option}{place}:{operand}:{action_of(operand)}'"
    if "COMMAND" in command.operands:
        yield "'*::ARGUMENT:_normal'"


def branch(command):
    lines = [*options_of(command.options), *operands_of(command)]
    # _arguments takes no "--" between two operands.
    dashes = "          (( $words[(i)--] < CURRENT )) && words[(i)--]=() && (( CURRENT-- ))\n"
    first = dashes if "COMMAND" in command.operands else ""
    return f"        {command.name})\n{first}          _arguments -S \\\n" + " \\\n".join(f"            {x}" for x in lines) + " ;;"


def script(commands, before):
    return TEXT.format(
        names="\n".join(f"    '{command.name}:{quoted(command.meaning)}'" for command in commands),
        before="\n".join(f"    {line} \\" for line in options_of(before)),
        commands="\n".join(branch(command) for command in commands))
