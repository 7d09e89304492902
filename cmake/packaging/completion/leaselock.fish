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
            case --slots --take --lifetime -w --timeout -k --kill-grace --fast-path --metrics --markers --name --permissions --separator
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
    set -q words[1]; and string join \n -- $words
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
complete -c leaselock -n '__fish_seen_subcommand_from run; and __leaselock_command_words >/dev/null' \
    -a '(__leaselock_complete_command)'
complete -c leaselock -n '__fish_use_subcommand' -s h -l help -d 'this text; after a command, the options of that command'
complete -c leaselock -n '__fish_use_subcommand' -l version -d 'the version of this program'
complete -c leaselock -n __fish_use_subcommand -a run -d 'Run a command while holding a lock'
complete -c leaselock -n __fish_use_subcommand -a status -d 'Show who holds a lock, until when, and who waits'
complete -c leaselock -n __fish_use_subcommand -a top -d 'Watch every lock in directories, its holders and waiters'
complete -c leaselock -n __fish_use_subcommand -a break -d 'Free a lock whose lease has run out'
complete -c leaselock -n __fish_use_subcommand -a clean -d 'Remove what crashed processes left'
complete -c leaselock -n __fish_use_subcommand -a resize -d 'Change how many slots a lock has'
complete -c leaselock -n __fish_use_subcommand -a doctor -d 'Say whether locks in a directory can be trusted'
complete -c leaselock -n __fish_use_subcommand -a verify -d 'Hammer a scratch lock and check that it excludes'
complete -c leaselock -n '__leaselock_in run' -F
complete -c leaselock -n '__leaselock_in run' -l slots -x -d 'hold one slot, or K, of the N of LOCK'
complete -c leaselock -n '__leaselock_in run' -l take -x -d 'hold one slot, or K, of the N of LOCK'
complete -c leaselock -n '__leaselock_in run' -l shared -d 'hold it beside readers'
complete -c leaselock -n '__leaselock_in run' -l exclusive -d 'as the only writer'
complete -c leaselock -n '__leaselock_in run' -l lifetime -x -d 'how long a hold outlives a crash; default 15s'
complete -c leaselock -n '__leaselock_in run' -s w -l timeout -x -d 'how long to wait for the lock; default for ever'
complete -c leaselock -n '__leaselock_in run' -s n -l no-wait -d 'one attempt only'
complete -c leaselock -n '__leaselock_in run' -s k -l kill-grace -x -d 'time to end if the lease is lost; default 5s'
complete -c leaselock -n '__leaselock_in run' -s o -l only-command -d 'do not wait for what the command left behind'
complete -c leaselock -n '__leaselock_in run' -l fast-path -x -a 'automatic off required' -d 'wait in the kernel: automatic, off or required'
complete -c leaselock -n '__leaselock_in run' -l unfair -d 'do not queue'
complete -c leaselock -n '__leaselock_in run' -l ignore-death -d 'wait for dead processes\' leases, too'
complete -c leaselock -n '__leaselock_in run' -l destroy -d 'leave no file'
complete -c leaselock -n '__leaselock_in run' -l trust-anyone -d 'trust a fence directory of any user'
complete -c leaselock -n '__leaselock_in run' -s q -l quiet -d 'print errors only'
complete -c leaselock -n '__leaselock_in run' -l trace -d 'print every step'
complete -c leaselock -n '__leaselock_in run' -l metrics -r -F -d 'keep a file for Prometheus'
complete -c leaselock -n '__leaselock_in run' -l markers -x -a '(__fish_complete_directories)' -d 'keep DIR/ID_NAME.ready, then .running'
complete -c leaselock -n '__leaselock_in run' -l name -x -d 'keep DIR/ID_NAME.ready, then .running'
complete -c leaselock -n '__leaselock_in run' -l compat -d 'flufl.lock\'s files only'
complete -c leaselock -n '__leaselock_in run' -l no-mirror -d 'none at LOCK itself'
complete -c leaselock -n '__leaselock_in run' -l permissions -x -d 'of its files, whatever the umask; 0660 for a group'
complete -c leaselock -n '__leaselock_in run' -l separator -x -d 'between the parts of file names; default |'
complete -c leaselock -n '__leaselock_in run' -s h -l help -d 'the options of this command'
complete -c leaselock -n '__leaselock_in status' -F
complete -c leaselock -n '__leaselock_in status' -l json -d 'one JSON object for each lock, one on each line'
complete -c leaselock -n '__leaselock_in status' -s q -l quiet -d 'print nothing; the exit status tells'
complete -c leaselock -n '__leaselock_in status' -l compat -d 'flufl.lock\'s files only; no fencing token'
complete -c leaselock -n '__leaselock_in status' -l no-mirror -d 'no file at LOCK itself; excludes no flufl.lock'
complete -c leaselock -n '__leaselock_in status' -l trust-anyone -d 'trust a fence directory of any user'
complete -c leaselock -n '__leaselock_in status' -l permissions -x -d 'of its files, whatever the umask; 0660 for a group'
complete -c leaselock -n '__leaselock_in status' -l separator -x -d 'between the parts of file names; default |'
complete -c leaselock -n '__leaselock_in status' -s h -l help -d 'the options of this command'
complete -c leaselock -n '__leaselock_in top' -x -a '(__fish_complete_directories)'
complete -c leaselock -n '__leaselock_in top' -l interval -x -d 'between two looks; 2s unless given'
complete -c leaselock -n '__leaselock_in top' -l recursive -d 'directories below, too'
complete -c leaselock -n '__leaselock_in top' -l once -d 'print one snapshot, as without a terminal'
complete -c leaselock -n '__leaselock_in top' -l json -d 'the same as JSON, one object for each lock'
complete -c leaselock -n '__leaselock_in top' -l compat -d 'flufl.lock\'s files only; no fencing token'
complete -c leaselock -n '__leaselock_in top' -l no-mirror -d 'no file at LOCK itself; excludes no flufl.lock'
complete -c leaselock -n '__leaselock_in top' -l trust-anyone -d 'trust a fence directory of any user'
complete -c leaselock -n '__leaselock_in top' -l permissions -x -d 'of its files, whatever the umask; 0660 for a group'
complete -c leaselock -n '__leaselock_in top' -l separator -x -d 'between the parts of file names; default |'
complete -c leaselock -n '__leaselock_in top' -s h -l help -d 'the options of this command'
complete -c leaselock -n '__leaselock_in break' -F
complete -c leaselock -n '__leaselock_in break' -l force -d 'break it even if the lease is alive (see below)'
complete -c leaselock -n '__leaselock_in break' -l compat -d 'flufl.lock\'s files only; no fencing token'
complete -c leaselock -n '__leaselock_in break' -l no-mirror -d 'no file at LOCK itself; excludes no flufl.lock'
complete -c leaselock -n '__leaselock_in break' -l trust-anyone -d 'trust a fence directory of any user'
complete -c leaselock -n '__leaselock_in break' -l permissions -x -d 'of its files, whatever the umask; 0660 for a group'
complete -c leaselock -n '__leaselock_in break' -l separator -x -d 'between the parts of file names; default |'
complete -c leaselock -n '__leaselock_in break' -s h -l help -d 'the options of this command'
complete -c leaselock -n '__leaselock_in clean' -F
complete -c leaselock -n '__leaselock_in clean' -s q -l quiet -d 'print errors only'
complete -c leaselock -n '__leaselock_in clean' -l compat -d 'flufl.lock\'s files only; no fencing token'
complete -c leaselock -n '__leaselock_in clean' -l no-mirror -d 'no file at LOCK itself; excludes no flufl.lock'
complete -c leaselock -n '__leaselock_in clean' -l trust-anyone -d 'trust a fence directory of any user'
complete -c leaselock -n '__leaselock_in clean' -l permissions -x -d 'of its files, whatever the umask; 0660 for a group'
complete -c leaselock -n '__leaselock_in clean' -l separator -x -d 'between the parts of file names; default |'
complete -c leaselock -n '__leaselock_in clean' -s h -l help -d 'the options of this command'
complete -c leaselock -n '__leaselock_in resize' -F
complete -c leaselock -n '__leaselock_in resize' -s w -l timeout -x -d 'how long to wait for the holders; default for ever'
complete -c leaselock -n '__leaselock_in resize' -l lifetime -x -d 'how long what it holds outlives a crash; default 15s'
complete -c leaselock -n '__leaselock_in resize' -s q -l quiet -d 'print errors only'
complete -c leaselock -n '__leaselock_in resize' -l compat -d 'flufl.lock\'s files only; no fencing token'
complete -c leaselock -n '__leaselock_in resize' -l no-mirror -d 'no file at LOCK itself; excludes no flufl.lock'
complete -c leaselock -n '__leaselock_in resize' -l trust-anyone -d 'trust a fence directory of any user'
complete -c leaselock -n '__leaselock_in resize' -l permissions -x -d 'of its files, whatever the umask; 0660 for a group'
complete -c leaselock -n '__leaselock_in resize' -l separator -x -d 'between the parts of file names; default |'
complete -c leaselock -n '__leaselock_in resize' -s h -l help -d 'the options of this command'
complete -c leaselock -n '__leaselock_in doctor' -x -a '(__fish_complete_directories)'
complete -c leaselock -n '__leaselock_in doctor' -l json -d 'one JSON object in one line'
complete -c leaselock -n '__leaselock_in doctor' -s h -l help -d 'the options of this command'
complete -c leaselock -n '__leaselock_in verify' -x -a '(__fish_complete_directories)'
complete -c leaselock -n '__leaselock_in verify' -l join -x -d 'meet other hosts that were given this name'
complete -c leaselock -n '__leaselock_in verify' -l hosts -x -d 'so many hosts take part; 2 unless given'
complete -c leaselock -n '__leaselock_in verify' -l wait -x -d 'for the other hosts; 60s unless given'
complete -c leaselock -n '__leaselock_in verify' -l workers -x -d 'processes on this host; 4 unless given'
complete -c leaselock -n '__leaselock_in verify' -l holds -x -d 'end when each worker had so many holds'
complete -c leaselock -n '__leaselock_in verify' -l seconds -x -d 'of the run; 20s, or with --holds at most 5m'
complete -c leaselock -n '__leaselock_in verify' -l hold -x -d 'length of a hold; 10ms unless given'
complete -c leaselock -n '__leaselock_in verify' -l lifetime -x -d 'of the lock; 15s'
complete -c leaselock -n '__leaselock_in verify' -l json -d 'the result as one JSON object'
complete -c leaselock -n '__leaselock_in verify' -s q -l quiet -d 'print errors only'
complete -c leaselock -n '__leaselock_in verify' -l compat -d 'flufl.lock\'s files only; no fencing token'
complete -c leaselock -n '__leaselock_in verify' -l no-mirror -d 'no file at LOCK itself; excludes no flufl.lock'
complete -c leaselock -n '__leaselock_in verify' -l trust-anyone -d 'trust a fence directory of any user'
complete -c leaselock -n '__leaselock_in verify' -l permissions -x -d 'of its files, whatever the umask; 0660 for a group'
complete -c leaselock -n '__leaselock_in verify' -l separator -x -d 'between the parts of file names; default |'
complete -c leaselock -n '__leaselock_in verify' -s h -l help -d 'the options of this command'
