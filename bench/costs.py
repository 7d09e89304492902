"""What a cycle costs in system calls, and a lock in memory."""
import collections
import pathlib
import re
import subprocess
import tempfile
import time

from contenders import OURS, PEERS, Crew, Gone

MEMORY_ONLY = {"brk", "mmap", "munmap", "madvise", "mprotect", "mremap"}


def measure_system_calls(bench):
    """By strace: those of a run of 30 cycles without those of a run of 10."""
    results = {}
    for peer in PEERS:
        if peer not in bench.available:
            continue
        bench.progress(f"system calls: {peer}")
        try:
            difference = count_calls(bench, peer, 30)
            difference.subtract(count_calls(bench, peer, 10))
        except (Gone, OSError) as error:
            bench.note(f"{PEERS[peer][0]}, system calls: {error}")
            continue
        calls = {name: count / 20 for name, count in difference.items() if count and name not in MEMORY_ONLY}
        results[peer] = {"calls": sum(calls.values()), "by_name": calls}
    return results


def count_calls(bench, peer, cycles):
    with tempfile.TemporaryDirectory(dir=bench.folders["ext4"]) as folder:
        strace = ["strace", "-f", "-qq", "-o", f"{folder}/trace"]
        with Crew(bench.build, peer, 1, bench.folders["ext4"], before=strace) as crew:
            crew.tell(0, "cycle", cycles)
            crew.wait_for(lambda lines: lines[-1][0] == "cycle", [0], 60)
            crew.workers[0].stdin.close()
            crew.workers[0].wait()
        names = re.findall(r"^\d+ +(\w+)\(", pathlib.Path(f"{folder}/trace").read_text(errors="replace"), re.M)
        return collections.Counter(names)


def measure_memory(bench):
    results = {}
    for peer in OURS:
        if peer not in bench.available:
            continue
        bench.progress(f"memory: {peer}")
        count = 100
        with Crew(bench.build, peer, 1, bench.folders["ext4"]) as crew:
            crew.tell(0, "many", count)
            crew.wait_for(lambda lines: lines[-1][0] == "many", [0], 60)
            results[peer] = {"bytes_per_lock": int(crew.heard[0][-1][2]) * 1024 / count}
    results["leaselock run"] = memory_of([f"{bench.build}/bin/leaselock", "run", "{}/lock", "--"], bench)
    results["flock(1)"] = memory_of(["flock", "{}/lock"], bench)
    return results


def memory_of(words, bench):
    """Of a command that runs another one under its lock: all of its processes together, without the other one."""
    with tempfile.TemporaryDirectory(dir=bench.folders["ext4"]) as folder:
        process = subprocess.Popen([word.format(folder) for word in words] + ["sleep", "3"], stdin=subprocess.DEVNULL)
        time.sleep(1)
        rollups = [rollup_of(pid) for pid in family(process.pid) if name_of(pid) != "sleep"]
        process.wait()
    sums = {name: sum(rollup[name] for rollup in rollups) for name in rollups[0]}
    private = sums["Private_Clean"] + sums["Private_Dirty"]
    return {"rss_kib": sums["Rss"], "pss_kib": sums["Pss"], "private_kib": private}


def family(pid):
    """A process and its descendants."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has just ended
    members = [pid]
    for member in members:
        members += [child for child, parent in parents.items() if parent == member]
    return members


def name_of(pid):
    return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()


def rollup_of(pid):
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {name: int(kib) for name, kib in re.findall(r"^(\w+): +(\d+) kB", lines, re.M)}
