"""The peers by name, and processes that contend with one of them on this machine."""
import os
import pathlib
import select
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's flufl.lock and filelock

OURS = ("leaselock-fenced", "leaselock-plain", "leaselock-compat")
# Name -> title, program that plays it.
PEERS = {
    "leaselock-fenced": ("**leaselock** fenced with mirror", "native"),
    "leaselock-plain": ("**leaselock** fenced without mirror", "native"),
    "leaselock-compat": ("**leaselock** compat", "native"),
    "leaselock-fenced-no-gate": ("**leaselock** fenced, no gate", "native"),
    "leaselock-compat-no-gate": ("**leaselock** compat, no gate", "native"),
    "bare-fenced": ("bare loop of fenced with mirror", "native"),
    "bare-plain": ("bare loop of fenced without mirror", "native"),
    "bare-compat": ("bare loop of compat", "native"),
    "link-unlink": ("bare link + unlink", "native"),
    "ofd": ("bare OFD lock", "native"),
    "flock": ("bare flock(2)", "native"),
    "boost": ("Boost.Interprocess file_lock", "native"),
    "flufl": ("Python flufl.lock", "python"),
    "filelock": ("Python filelock FileLock", "python"),
    "filelock-soft": ("Python filelock SoftFileLock", "python"),
    "filelock-strict": ("Python filelock StrictSoftFileLock", "python"),
    "filelock-lease": ("Python filelock SoftFileLease", "python"),
    "nfslock": ("Perl File::NFSLock", "perl"),
    "liblockfile": ("liblockfile L_PID", "native"),
    "procmail": ("procmail lockfile -1", "native"),
    "dotlockfile": ("dotlockfile", "native"),
    "qt": ("Qt QLockFile", "qt"),
    "llvm": ("LLVM LockFileManager", "llvm"),
    "flock-command": ("flock(1)", "native"),
}
BARE = ("bare-fenced", "bare-plain", "bare-compat")
PROGRAMS = ("procmail", "dotlockfile", "flock-command")
# Who sleeps for whole seconds between two tries: measured with few contenders only, or it would take hours.
SLEEPERS = ("liblockfile", "procmail", "dotlockfile", "qt", "nfslock", "flufl")


def title(peer):
    return PEERS[peer][0]


def command_line(build, peer, path, counter_hz=None):
    """Of a worker; on hosts of the cluster with the clock that they share."""
    kind = PEERS[peer][1]
    if kind == "python":
        counter = ["--counter", f"{build}/tests/nfs/worker/leaselock_cycles.so", str(counter_hz)] if counter_hz else []
        return [PYTHON, "-B", str(HERE / "peers/python_worker.py"), *counter, peer, path]
    if kind == "perl":
        return ["perl", str(HERE / "peers/perl_worker.pl"), path]
    suffix = "" if kind == "native" else f"_{kind}"
    counter = ["--counter-hz", str(counter_hz)] if counter_hz else []
    return [f"{build}/bin/leaselock_bench_worker{suffix}", *counter, peer, path]


class Gone(Exception):
    """A worker came to an end that it should not have."""


class Crew:
    """Processes that contend for one lock. What they say goes into files, so that nobody runs to read it meanwhile."""

    def __init__(self, build, peer, count, folder, before=()):
        self.folder = tempfile.TemporaryDirectory(dir=folder, prefix=f"{peer}-")
        self.path = f"{self.folder.name}/lock"
        self.workers, self.heard, self.read = [], [], []
        self.errors = tempfile.TemporaryFile()
        for _ in range(count):
            said = tempfile.TemporaryFile(buffering=0)
            self.workers.append(subprocess.Popen([*before, *command_line(build, peer, self.path)], bufsize=0,
                                                 stdin=subprocess.PIPE, stdout=said, stderr=self.errors,
                                                 start_new_session=True))
            self.heard.append([])
            self.read.append((said, 0))
        try:
            self.wait_for(lambda lines: lines, range(count), 120)
        except Gone:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)  # a program that it may have started included
            worker.wait()
            worker.stdin.close()
        for said, _ in self.read:
            said.close()
        self.errors.close()
        self.folder.cleanup()

    def pid(self, index):
        return self.workers[index].pid

    def tell(self, index, *words):
        self.workers[index].stdin.write((" ".join(map(str, words)) + "\n").encode())

    def kill(self, index):
        moment = time.monotonic_ns()
        os.killpg(self.workers[index].pid, signal.SIGKILL)
        return moment

    def listen(self, index):
        said, position = self.read[index]
        text = os.pread(said.fileno(), 1 << 24, position)
        whole = text[:text.rfind(b"\n") + 1]
        self.read[index] = (said, position + len(whole))
        self.heard[index] += [line.split() for line in whole.decode().splitlines()]
        return self.heard[index]

    def wait_for(self, enough, whom, patience):
        """Until what each of them has said is enough; returns who has not said enough when the patience ends."""
        end = time.monotonic() + patience
        missing, pause = list(whom), 0.005
        while True:
            still = []
            for index in missing:
                ended = self.workers[index].poll() is not None
                if not enough(self.listen(index)):
                    if ended:
                        raise Gone(self.last_error())
                    still.append(index)
            missing = still
            if not missing or time.monotonic() > end:
                return missing
            select.select([], [], [], pause)
            pause = min(0.3, pause * 1.5)

    def last_error(self):
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "ended without a word"

    def holds(self, index):
        return [tuple(map(int, line[1:])) for line in self.listen(index) if line[0] == "hold"]

    def all_holds(self):
        return sorted((hold for index in range(len(self.workers)) for hold in self.holds(index)),
                      key=lambda hold: hold[1])


def why_not(build, peer, folder):
    """Why a peer cannot be measured here, or nothing."""
    program = command_line(build, peer, "")[0]
    if program.startswith("/") and not os.path.exists(program):
        return "not built: its library is missing"
    try:
        with Crew(build, peer, 1, folder) as crew:
            crew.tell(0, "cycle", 2)
            if crew.wait_for(lambda lines: lines[-1][0] == "cycle", [0], 20):
                return "two cycles took more than 20 s"
    except (Gone, OSError) as error:
        return str(error)
    return ""
