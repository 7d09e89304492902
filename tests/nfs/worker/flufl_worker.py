"""A contender that uses Python's unmodified flufl.lock and says the same lines as `leaselock_nfs_worker contend`.

It believes from the return of lock() to the call of unlock(), but not beyond its lifetime: flufl.lock promises no more.
"""
import argparse
import ctypes
import errno
import os
import random
import signal
import threading
import time
from datetime import timedelta

from flufl.lock import Lock

SAMPLING_PERIOD = 0.008


def say(event, name, *values):
    line = " ".join([event, name, *map(str, values), "."]) + "\n"
    os.write(1, line.encode())


def word_for(error):
    if isinstance(error, OSError) and error.errno:
        return errno.errorcode.get(error.errno, f"errno_{error.errno}")
    return type(error).__name__


class Stopped(BaseException):
    """SIGTERM came, or the time is over, while the lock was waited for."""


class Contender:
    def __init__(self, arguments, cycles):
        self.arguments = arguments
        self.name = arguments.name
        self.cycles = cycles
        self.lock = Lock(arguments.lockfile, lifetime=timedelta(seconds=arguments.lifetime))
        self.random = random.Random(arguments.seed)
        self.sequence = 0
        self.stopping = False
        self.waiting = False
        self.asked = 0.0

    # A hold is ended properly. A wait is broken off; should the lock have been won in that very moment, it is given back.
    def stop(self, _signal, _frame):
        self.stopping = True
        if self.waiting:
            self.waiting = False
            raise Stopped

    def wait(self):
        timeout = self.arguments.timeout
        self.waiting = True
        self.lock.lock(timeout=None if timeout is None else timedelta(seconds=timeout))
        self.waiting = False

    def length(self, span):
        return self.random.uniform(*span) / 1000

    def waited(self):
        return f"waited_us={int((time.monotonic() - self.asked) * 1e6)}"

    # In a thread of its own: so that one who starves is seen to starve, even if its host does not live to see the end.
    def watch(self):
        while True:
            time.sleep(1)
            if self.waiting:
                say("waiting", self.name, f"tsc={self.cycles()}", self.waited())

    def turn(self):
        time.sleep(self.length(self.arguments.idle))
        if self.stopping:
            return
        self.asked = time.monotonic()
        try:
            self.wait()
        except Stopped:
            self.lock.unlock(unconditionally=True)
            say("waiting", self.name, f"tsc={self.cycles()}", self.waited())
            return
        except Exception as error:
            self.waiting = False
            say("lock-failed", self.name, f"tsc={self.cycles()}", f"error={word_for(error)}", self.waited())
            time.sleep(0.05)
            return
        moment = self.cycles()
        self.sequence += 1
        say("held", self.name, self.sequence, "token=0", f"tsc={moment}", self.waited(), "pred=none",
            f"left_us={int(self.arguments.lifetime * 1e6)}")
        self.hold(moment)

    def hold(self, moment):
        start = time.monotonic()
        end = start + self.length(self.arguments.hold)
        deadline = start + self.arguments.lifetime
        last = moment
        ours = True
        while ours and time.monotonic() < end and not self.stopping:
            time.sleep(min(SAMPLING_PERIOD, max(0, end - time.monotonic())))
            moment = self.cycles()
            ours = time.monotonic() < deadline
            if ours:
                last = moment
                say("still", self.name, self.sequence, f"tsc={last}")
        self.give_back(last, not ours)

    def give_back(self, last, overdue):
        how, word = ("lost", "lifetime") if overdue else ("released", "none")
        try:
            self.lock.unlock()
        except Exception as error:
            how, word = "lost" if overdue else "unlock-lost", word_for(error)
        say("end", self.name, self.sequence, f"how={how}", f"last={last}", f"tsc={self.cycles()}", f"error={word}")

    def run(self):
        say("ready", self.name, "mode=flufl", f"pid={os.getpid()}", f"tsc={self.cycles()}")
        threading.Thread(target=self.watch, daemon=True).start()
        while not self.stopping and (self.arguments.holds is None or self.sequence < self.arguments.holds):
            self.turn()
        say("done", self.name, f"holds={self.sequence}", f"tsc={self.cycles()}")


def span(text):
    least, dots, most = text.partition("..")
    return float(least), float(most if dots else least)


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("lockfile")
    parser.add_argument("--cycles", required=True, help="the module leaselock_cycles")
    parser.add_argument("--name", default="python")
    parser.add_argument("--lifetime", type=float, default=15)
    parser.add_argument("--timeout", type=float)
    parser.add_argument("--hold", type=span, default=(20, 60), metavar="MIN..MAX")
    parser.add_argument("--idle", type=span, default=(0, 20), metavar="MIN..MAX")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--holds", type=int)
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    random.seed(arguments.seed)  # flufl.lock's own waiting
    cycles = ctypes.CDLL(os.path.abspath(arguments.cycles)).leaselock_cycles
    cycles.restype = ctypes.c_ulonglong
    contender = Contender(arguments, cycles)
    signal.signal(signal.SIGTERM, contender.stop)
    signal.signal(signal.SIGALRM, contender.stop)
    if arguments.seconds is not None:
        signal.setitimer(signal.ITIMER_REAL, arguments.seconds)
    contender.run()


if __name__ == "__main__":
    main()
