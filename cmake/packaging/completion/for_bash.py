"""The completion for bash, with the helpers of the bash-completion package."""
from command_help import COMPLETED_AS

TEXT = """\
# leaselock's completion for bash. Made by cmake/packaging/completion/generate.py from `leaselock --help`.

# Where the command begins that `leaselock run` runs: the index of its first word, or nothing before LOCK is complete.
_leaselock_command_at() {{
  local i lock=
  for ((i = 2; i <= cword; i++)); do
    case ${{words[i]}} in
      --) if [[ $lock ]]; then ((i++)); break; fi ;;
      {valued}) [[ $lock ]] && break; ((i++)) ;;
      -*) [[ $lock ]] && break ;;
      *) [[ $lock ]] && break; lock=1 ;;
    esac
  done
  [[ $lock ]] && ((i <= cword)) && echo "$i"
}}

_leaselock() {{
  local cur prev words cword split
  _init_completion -s || return
  local -a options=()
  local operand= command_at=

  if ((cword == 1)); then
    COMPREPLY=($(compgen -W '{first_words}' -- "$cur"))
    return
  fi
  case ${{words[1]}} in
{commands}
    *) return ;;
  esac

  if [[ ${{words[1]}} == run ]]; then
    command_at=$(_leaselock_command_at)
    if [[ $command_at ]]; then
      _command_offset "$command_at"
      return
    fi
  fi
  case $prev in
{values}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "${{options[*]}}" -- "$cur"))
  elif [[ $operand == directory ]]; then
    _filedir -d
  else
    _filedir
  fi
}} && complete -F _leaselock leaselock
"""

ACTION = {"file": "_filedir", "directory": "_filedir -d", None: ""}


def action_of(value):
    completed = COMPLETED_AS[value]
    if isinstance(completed, tuple):
        return f"COMPREPLY=($(compgen -W '{' '.join(completed)}' -- \"$cur\"))"
    return ACTION[completed]


def values(commands):
    """One branch for each way that an option's value is completed."""
    names = {}
    for option in (option for command in commands for option in command.options if option.value):
        names.setdefault(action_of(option.value), dict()).update(dict.fromkeys(option.names))
    for action, of in names.items():
        body = f"{action}; return" if action else "return"
        yield f"    {' | '.join(of)}) {body} ;;"


def script(commands, before):
    branches = []
    for command in commands:
        options = " ".join(name for option in command.options for name in option.names)
        branches.append(f"    {command.name}) options=({options}) operand={COMPLETED_AS[command.operands[0]]} ;;")
    run = next(command for command in commands if command.name == "run")
    valued = " | ".join(name for option in run.options if option.value for name in option.names)
    first = [command.name for command in commands] + [name for option in before for name in option.names]
    return TEXT.format(valued=valued, first_words=" ".join(first), commands="\n".join(branches),
                       values="\n".join(values(commands)))
