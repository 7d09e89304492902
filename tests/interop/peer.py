"""A process that uses Python's flufl.lock, told by lines on its standard input and answering each with one line.

peer.py LOCKFILE LIFETIME_SECONDS SLOP_SECONDS

The package itself is unmodified; only its module constant CLOCK_SLOP, which the package documents as such, is set, so
that tests need not wait for ten seconds where the slop is not what they are about.
"""

import os
import sys
import time
from datetime import timedelta

import flufl.lock
from flufl.lock import _lockfile


def record(lock, serial, seconds, log):
    """Writes the same lines as the HoldLog of the C++ workers."""
    end = time.monotonic_ns() + int(seconds * 1e9)
    expiry = lock.expiration.timestamp()
    while True:
        moment = time.monotonic_ns()
        if time.time() >= expiry:
            return
        os.write(log, f'{os.getpid()} {serial} 0 {moment}\n'.encode())
        if moment >= end:
            return
        time.sleep(min(0.002, seconds))


def work(lock, holds, seconds, path):
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    for serial in range(int(holds)):
        lock.lock()
        record(lock, serial, float(seconds), log)
        lock.unlock()
    os.close(log)
    return 'done'


def answer(lock, command, *arguments):
    if command == 'lock':
        lock.lock(int(arguments[0]) if arguments else None)
        return 'locked'
    if command == 'unlock':
        lock.unlock()
        return 'unlocked'
    if command == 'refresh':
        lock.refresh()
        return 'refreshed'
    if command == 'is_locked':
        return str(lock.is_locked)
    if command == 'details':
        hostname, pid, lockfile = lock.details
        return f'{hostname} {pid} {lockfile}'
    if command == 'expiration_ms':
        return str(round(lock.expiration.timestamp() * 1000))
    if command == 'hostname':
        return lock.hostname
    if command == 'state':
        return lock.state.name
    if command == 'work':
        return work(lock, *arguments)
    return 'unknown command'


def main():
    lockfile, lifetime, slop = sys.argv[1:]
    _lockfile.CLOCK_SLOP = timedelta(seconds=int(slop))
    lock = flufl.lock.Lock(lockfile, lifetime=timedelta(seconds=int(lifetime)))
    for line in sys.stdin:
        try:
            reply = answer(lock, *line.split())
        except flufl.lock.LockError as error:
            reply = type(error).__name__
        print(reply, flush=True)


main()
