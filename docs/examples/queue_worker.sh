#!/bin/sh
# queue_worker.sh LOCK SECONDS: what each container of queue.sh does.
asked=$(date +%s%N)
exec leaselock run --quiet "$1" -- sh -c '
  waited=$((($(date +%s%N) - $0) / 1000000))
  printf "%s waited %d.%03d s\n" "$(uname -n)" $((waited / 1000)) $((waited % 1000))
  sleep "$1"' "$asked" "$2"
