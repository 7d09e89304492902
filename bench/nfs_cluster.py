"""The test cluster as cluster_shell.cpp offers it, and the one clock that all its hosts share with this machine."""
import ctypes
import queue
import subprocess
import threading
import time

from contenders import command_line

HOSTS = 4


class Refused(Exception):
    """A command of the cluster failed."""


class Counter:
    """The time stamp counter, in ns."""

    def __init__(self, build):
        module = ctypes.CDLL(f"{build}/tests/nfs/worker/leaselock_cycles.so")
        self.cycles = module.leaselock_cycles
        self.cycles.restype = ctypes.c_ulonglong
        begin, first = time.monotonic_ns(), self.cycles()
        time.sleep(0.5)
        end, last = time.monotonic_ns(), self.cycles()
        self.hz = round((last - first) * 1e9 / (end - begin))

    def now(self):
        return int(self.cycles() * 1e9 / self.hz)

    def sleep_until(self, moment):
        while (left := moment - self.now()) > 0:
            time.sleep(left / 1e9)


class Cluster:
    def __init__(self, build):
        self.build = build
        self.counter = Counter(build)
        self.process = subprocess.Popen([f"{build}/bin/leaselock_bench_cluster"], text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.answers, self.said = queue.Queue(), {}
        self.changed = threading.Condition()
        self.mounts = {}
        self.started = 0
        threading.Thread(target=self.listen, daemon=True).start()
        self.answer()
        self.wait_for_service()

    def wait_for_service(self):
        """A server that has just started grants locks of the kernel's kind only after its grace period."""
        name = self.worker(0, "4.1", "flock", self.directory(), "cycle 1")
        self.wait_for([name], lambda lines: "=0" in lines, 90)

    def listen(self):
        for line in self.process.stdout:
            who, _, what = line.rstrip("\n").partition("\t")
            if who in ("=", "!"):
                self.answers.put((who, what))
            else:
                with self.changed:
                    self.said.setdefault(who, []).append(what)
                    self.changed.notify_all()
        self.answers.put(("!", "the cluster has ended: " + self.process.stderr.read().strip()))

    def answer(self):
        kind, text = self.answers.get(timeout=180)
        if kind == "!":
            raise Refused(text)
        return text

    def ask(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def mounted(self, host, version):
        if (host, version) not in self.mounts:
            self.mounts[host, version] = self.ask("mount", host, version)
        return self.mounts[host, version]

    def crash(self, host):
        self.ask("crash", host)
        self.mounts = {key: path for key, path in self.mounts.items() if key[0] != host}

    def directory(self):
        self.started += 1
        return self.ask("directory", f"bench-{self.started}")

    def start(self, host, words):
        self.started += 1
        name = f"c{self.started}"
        self.ask("start", name, host, *words)
        return name

    def worker(self, host, version, peer, directory, *commands):
        """Starts a contender for the lock in that directory, which does these commands."""
        path = f"{self.mounted(host, version)}/{directory}/lock"
        return self.start(host, [*command_line(self.build, peer, path, self.counter.hz), *commands])

    def lines(self, name):
        with self.changed:
            return [line for line in self.said.get(name, [])]

    def wait_for(self, names, enough, patience):
        """Until each has said enough; returns who has not when the patience ends."""
        end = time.monotonic() + patience
        with self.changed:
            while missing := [name for name in names if not enough(self.said.get(name, []))]:
                ended = [name for name in missing if any(line.startswith("=") for line in self.said.get(name, []))]
                if ended:
                    raise Refused("; ".join(self.said[ended[0]][-3:]))
                if not self.changed.wait(max(0, end - time.monotonic())) and time.monotonic() >= end:
                    return missing
        return []

    def run(self, host, words, patience=120):
        name = self.start(host, words)
        if self.wait_for([name], lambda lines: any(line.startswith("=") for line in lines), patience):
            raise Refused(f"no end of {' '.join(map(str, words))}")
        lines = self.lines(name)
        if lines[-1] != "=0":
            raise Refused("; ".join(lines[-3:]))
        return lines[:-1]

    def kill(self, names):
        for name in names:
            self.ask("kill", name)

    def holds(self, name):
        return [tuple(map(int, line.split()[1:])) for line in self.lines(name) if line.startswith("hold ")]

    def requests(self, host, version):
        """What a host has sent so far, by operation, without what only keeps the client known to the server."""
        words = [f"{self.build}/bin/leaselock_nfs_worker", "ops", self.mounted(host, version)]
        line = next(line for line in self.run(host, words) if line.startswith("ops "))
        counts = dict(word.split("=") for word in line.split() if "=" in word)
        return {name: int(count) for name, count in counts.items() if name not in ("RENEW", "SEQUENCE")}

    def requests_of_all(self, version):
        total = {}
        for host in range(HOSTS):
            for name, count in self.requests(host, version).items():
                total[name] = total.get(name, 0) + count
        return total
