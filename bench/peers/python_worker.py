"""A contender with a Python lock: python_worker.py [--counter MODULE HZ] PEER PATH [COMMAND]...

The commands, and what it says, are those of worker.cpp.
"""
import ctypes
import os
import random
import sys
import time


def flufl(path):
    from flufl.lock import Lock
    lock = Lock(path)
    return lock.lock, lock.unlock


def filelock(kind):
    def make(path):
        import filelock as module
        lock = getattr(module, kind)(path)
        return lock.acquire, lock.release
    return make


PEERS = {"flufl": flufl, "filelock": filelock("FileLock"), "filelock-soft": filelock("SoftFileLock"),
         "filelock-strict": filelock("StrictSoftFileLock"), "filelock-lease": filelock("SoftFileLease")}


def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def counter(module, hz):
    cycles = ctypes.CDLL(module).leaselock_cycles
    cycles.restype = ctypes.c_ulonglong
    return lambda: int(cycles() * 1e9 / hz)


class Worker:
    def __init__(self, lock, unlock, now):
        self.lock, self.unlock, self.now = lock, unlock, now

    def sleep_until(self, moment):
        while (left := moment - self.now()) > 0:
            time.sleep(left / 1e9)

    def cycle(self, count):
        begin = self.now()
        for _ in range(count):
            self.lock()
            self.unlock()
        say("cycle", count, self.now() - begin)

    def hold(self, asked, length):
        self.lock()
        acquired = self.now()
        time.sleep(length / 1e9)
        releasing = self.now()
        try:
            self.unlock()
        finally:  # it was held even if it was stolen meanwhile
            say("hold", asked, acquired, releasing)

    def drain(self, start, length):
        self.sleep_until(start)
        self.hold(self.now(), length)

    def loop(self, start, end, length, gap):
        self.sleep_until(start)
        while (now := self.now()) < end:
            say("ask", now)
            self.hold(now, length)
            time.sleep(random.uniform(0, gap) / 1e9)
        say("end")

    def obey(self, command):
        verb, *numbers = command.split()
        {"cycle": self.cycle, "drain": self.drain, "loop": self.loop}[verb](*map(int, numbers))


def main():
    words = sys.argv[1:]
    now = time.monotonic_ns
    if words[0] == "--counter":
        now = counter(words[1], float(words[2]))
        words = words[3:]
    worker = Worker(*PEERS[words[0]](words[1]), now)
    say("ready")
    for command in words[2:] or sys.stdin:
        worker.obey(command)


if __name__ == "__main__":
    main()
