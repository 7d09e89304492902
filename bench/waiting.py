"""What a wait costs, and how it ends when the holder is killed."""
import pathlib
import time

from contenders import PEERS, BARE, PROGRAMS, Crew, Gone
from contention import MS, now

WAITERS = 8


def run_time(pid):
    """Processor time of a process so far, in ns."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in pathlib.Path(f"/proc/{pid}/task").iterdir())


def measure_cpu(bench):
    """Processor time of eight waiters while one holds, per waiter and second of waiting."""
    seconds = 1 if bench.quick else 3
    results = {}
    for peer in PEERS:
        # A program that waits is another process each time, and a bare loop does not wait.
        if peer in BARE + PROGRAMS or peer not in bench.available:
            continue
        bench.progress(f"processor time of waiting: {peer}")
        try:
            with Crew(bench.build, peer, WAITERS + 1, bench.folders["ext4"]) as crew:
                crew.tell(0, "drain", now(), (seconds + 2) * 1000 * MS)
                time.sleep(0.3)
                for index in range(1, WAITERS + 1):
                    crew.tell(index, "drain", now(), 0)
                time.sleep(1)  # by now all wait, each in the way in which it waits long
                begin = now()
                before = [run_time(crew.pid(index)) for index in range(1, WAITERS + 1)]
                time.sleep(seconds)
                after = [run_time(crew.pid(index)) for index in range(1, WAITERS + 1)]
                length = (now() - begin) / 1e9
                results[peer] = {"us_per_s": (sum(after) - sum(before)) / WAITERS / length / 1000}
        except Gone as error:
            bench.note(f"{PEERS[peer][0]} waiting: {error}")
    return results


# Theirs is the lifetime that they ship with.
PATIENCE = 30


def measure_recovery(bench):
    """The holder is killed with -9 while another process of this host waits."""
    results = {}
    for peer in PEERS:
        if peer in BARE + PROGRAMS + ("link-unlink",) or peer not in bench.available:
            continue
        bench.progress(f"recovery after kill -9: {peer}")
        times = []
        for _ in range(1 if bench.quick or peer in ("flufl", "liblockfile") else 3):
            try:
                with Crew(bench.build, peer, 2, bench.folders["ext4"]) as crew:
                    times.append(recover(crew))
            except Gone as error:
                bench.note(f"{PEERS[peer][0]}, recovery: {error}")
            if not times or times[-1] is None or times[-1] > 5_000 * MS:
                break
        if times:
            known = [length for length in times if length is not None]
            results[peer] = {"ns": sorted(known), "never": len(times) - len(known), "patience": PATIENCE}
    return results


def recover(crew):
    """From the kill to the waiter's hold, in ns; nothing if it did not come within the patience."""
    crew.tell(0, "cycle", 1)
    crew.wait_for(lambda lines: lines[-1][0] == "cycle", [0], 30)
    crew.tell(0, "drain", now(), 1_000_000 * MS)
    time.sleep(0.5)
    crew.tell(1, "drain", now(), 0)
    time.sleep(1.5)
    killed = crew.kill(0)
    if crew.wait_for(lambda lines: lines[-1][0] == "hold", [1], PATIENCE):
        return None
    return crew.holds(1)[0][1] - killed
