#!/bin/sh
# queue.sh LOCK [CONTAINERS [SECONDS]]: so many containers, ten unless given, come one after the other for one lock,
# which each of them keeps for so long (1 s); each says how long it has waited. A container here is what docker makes of
# a process: one with its own process ids, its own mounts and its own host name.
set -eu
lock=$1
containers=${2:-10}
seconds=${3:-1}
worker=$(dirname "$0")/queue_worker.sh
rootless=
[ "$(id -u)" -eq 0 ] || rootless=--map-root-user

for number in $(seq "$containers"); do
  unshare $rootless --fork --pid --mount-proc --uts \
    sh -c 'hostname "$0" && exec "$@"' "server-$number" "$worker" "$lock" "$seconds" &
  sleep "${PAUSE:-0.3}" # so that it is known who came first
done
wait
