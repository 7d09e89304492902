"""The demo's Python worker: the same work as worker.cpp, under Debian's own flufl.lock.

Usage: flufl_worker.py NAME LOCK RECORD RESOURCE STOP_NS
"""
import os
import random
import sys
import time
from datetime import timedelta

from flufl.lock import Lock


def main(name, lock_path, record, resource, stop_ns):
    def note(did):
        line = f"{time.clock_gettime_ns(time.CLOCK_MONOTONIC)} {did} {name} {os.getpid()} 0 -\n"
        fd = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(fd, line.encode())
        os.close(fd)

    # flufl.lock dates a claim when the wait begins, so its lifetime must cover the longest wait as well.
    lock = Lock(lock_path, lifetime=timedelta(seconds=90))
    while time.clock_gettime_ns(time.CLOCK_MONOTONIC) < int(stop_ns):
        note("wait")
        lock.lock(timeout=timedelta(seconds=60))
        note("hold")
        with open(resource, encoding="ascii") as file:
            count = int(file.read() or 0)
        time.sleep(random.uniform(0.2, 0.4))
        with open(resource, "w", encoding="ascii") as file:
            file.write(f"{count + 1}\n")
        note("done")
        lock.unlock()
        time.sleep(random.uniform(0.3, 0.9))


if __name__ == "__main__":
    main(*sys.argv[1:])
