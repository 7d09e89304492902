# leaselock's completion for bash. Made by cmake/packaging/completion/generate.py from `leaselock --help`.

# Where the command begins that `leaselock run` runs: the index of its first word, or nothing before LOCK is complete.
_leaselock_command_at() {
  local i lock=
  for ((i = 2; i <= cword; i++)); do
    case ${words[i]} in
      --) if [[ $lock ]]; then ((i++)); break; fi ;;
      --slots | --take | --lifetime | -w | --timeout | -k | --kill-grace | --fast-path | --metrics | --markers | --name | --permissions | --separator) [[ $lock ]] && break; ((i++)) ;;
      -*) [[ $lock ]] && break ;;
      *) [[ $lock ]] && break; lock=1 ;;
    esac
  done
  [[ $lock ]] && ((i <= cword)) && echo "$i"
}

_leaselock() {
  local cur prev words cword split
  _init_completion -s || return
  local -a options=()
  local operand= command_at=

  if ((cword == 1)); then
    COMPREPLY=($(compgen -W 'run status top break clean resize doctor verify -h --help --version' -- "$cur"))
    return
  fi
  case ${words[1]} in
    run) options=(--slots --take --shared --exclusive --lifetime -w --timeout -n --no-wait -k --kill-grace -o --only-command --fast-path --unfair --ignore-death --destroy --trust-anyone -q --quiet --trace --metrics --markers --name --compat --no-mirror --permissions --separator -h --help) operand=file ;;
    status) options=(--json -q --quiet --compat --no-mirror --trust-anyone --permissions --separator -h --help) operand=file ;;
    top) options=(--interval --recursive --once --json --compat --no-mirror --trust-anyone --permissions --separator -h --help) operand=directory ;;
    break) options=(--force --compat --no-mirror --trust-anyone --permissions --separator -h --help) operand=file ;;
    clean) options=(-q --quiet --compat --no-mirror --trust-anyone --permissions --separator -h --help) operand=file ;;
    resize) options=(-w --timeout --lifetime -q --quiet --compat --no-mirror --trust-anyone --permissions --separator -h --help) operand=file ;;
    doctor) options=(--json -h --help) operand=directory ;;
    verify) options=(--join --hosts --wait --workers --holds --seconds --hold --lifetime --json -q --quiet --compat --no-mirror --trust-anyone --permissions --separator -h --help) operand=directory ;;
    *) return ;;
  esac

  if [[ ${words[1]} == run ]]; then
    command_at=$(_leaselock_command_at)
    if [[ $command_at ]]; then
      _command_offset "$command_at"
      return
    fi
  fi
  case $prev in
    --slots | --take | --lifetime | -w | --timeout | -k | --kill-grace | --name | --permissions | --separator | --interval | --join | --hosts | --wait | --workers | --holds | --seconds | --hold) return ;;
    --fast-path) COMPREPLY=($(compgen -W 'automatic off required' -- "$cur")); return ;;
    --metrics) _filedir; return ;;
    --markers) _filedir -d; return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "${options[*]}" -- "$cur"))
  elif [[ $operand == directory ]]; then
    _filedir -d
  else
    _filedir
  fi
} && complete -F _leaselock leaselock
