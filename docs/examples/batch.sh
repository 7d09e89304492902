#!/bin/sh
# batch.sh DIR COMMAND [ARGUMENTS...]: works off the files in DIR/jobs. Start it on every host; DIR lies on a file
# system that all of them mount. COMMAND gets the path of one job's file as its last argument; two of it run at once at
# most, on all hosts together. What becomes of the jobs of a host that crashes, and all else, is told in batch.md.
set -u
dir=$1
shift
here=$(dirname "$0")
lifetime=${LIFETIME:-15s} # for how long a host that crashes keeps its job and its slot

mkdir -p "$dir/locks" "$dir/markers" "$dir/output" "$dir/running" "$dir/done" "$dir/failed" "$dir/lost" || exit

while :; do
  new=$(ls "$dir/jobs") && begun=$(ls "$dir/running") || exit
  [ -n "$new$begun" ] || break
  # In random order, so that hosts seldom want the same one. Who has a job's lock is the only one who is at it.
  for job in $(printf '%s\n' $new $begun | cut -d @ -f 1 | shuf); do
    leaselock run --quiet --no-wait --lifetime "$lifetime" "$dir/locks/$job.lock" -- \
      leaselock run --lifetime "$lifetime" --slots 2 --markers "$dir/markers" --name processA "$dir/processA.lock" -- \
      "$here/batch_job.sh" "$dir" "$job" "$@"
    case $? in
      75) ;;                # another host is at this one
      0 | 76) continue 2 ;; # 76: this host was cut off for too long; whoever gets the lock next goes on with the job
      *) exit 1 ;;          # leaselock has said why
    esac
  done
  sleep 1 # what is left is with other hosts; one of them may crash
done

for place in failed lost; do
  ls "$dir/$place" | sed "s/^/batch: $place: /"
done
