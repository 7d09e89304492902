#!/bin/sh
# batch_job.sh DIR JOB COMMAND [ARGUMENTS...]: one attempt at one job. batch.sh starts it; it has the job's lock and one
# of the two slots. A job is one file and is moved by renaming, so it is always in one place.
set -u
dir=$1 job=$2
shift 2
# A name that no other attempt has, ever: who is late, because the token is not the last one, finds nothing to move.
attempt=$job@$(uname -n)@$LEASELOCK_TOKEN

is_there() { ls "${1%/*}" | grep -Fxq "${1##*/}"; }
# A server that restarts may answer a rename that it has executed with an error, so what counts is where the file is.
move() { mv -T "$1" "$2" 2>/dev/null || is_there "$2"; }

# Whose attempt this was is not at it any more: he has lost the job's lock, and leaselock has ended his command.
left=$(cd "$dir/running" && ls -d "$job"@* 2>/dev/null)
case $job:$left in
  *:) from=$dir/jobs/$job ;;
  *.once:*) # not to be begun a second time
    move "$dir/running/$left" "$dir/lost/$left" && echo "batch: $left is lost"
    exit 0
    ;;
  *) from=$dir/running/$left ;;
esac
if ! move "$from" "$dir/running/$attempt"; then
  is_there "$from" || exit 0 # done since batch.sh looked
  echo "batch: $from cannot be moved" >&2
  exit 1
fi

echo "batch: $attempt begins${left:+ again, after $left}, slot ${LEASELOCK_SLOT:-unknown}"
"$@" "$dir/running/$attempt" >"$dir/output/$attempt" 2>&1
status=$?
case $status in
  0) place="done" ;;
  143) exit 143 ;; # SIGTERM: a lease was lost, or somebody stops this host; the job stays in running/ for others
  *) place=failed ;;
esac
if move "$dir/running/$attempt" "$dir/$place/$attempt"; then
  echo "batch: $attempt is $place, status $status"
else
  echo "batch: $attempt came too late, somebody else has the job" >&2
fi
