"""One contender whom nobody disturbs."""
import json
import statistics
import subprocess

from contenders import PEERS, PROGRAMS, Crew, Gone
from waiting import run_time


def measure(bench):
    bench.progress("uncontended, in process")
    results = {}
    folders = bench.folders
    program = f"{bench.build}/bin/leaselock_bench_uncontended"
    words = [program, "--benchmark_enable_random_interleaving", "--benchmark_format=json",
             f"--benchmark_repetitions={3 if bench.quick else 9}",
             f"--benchmark_min_time={0.02 if bench.quick else 0.1}",
             f"--benchmark_filter=/({'|'.join(bench.available)})/",
             *(f"{name}={folder}" for name, folder in folders.items())]
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    runs = {}
    for run in json.loads(output)["benchmarks"]:
        if run["run_type"] == "iteration" and not run.get("error_occurred"):
            times = (run["cpu_time"], run["real_time"])
            runs.setdefault(run["run_name"].removesuffix("/real_time"), []).append(times)
    for name, values in runs.items():
        results[name] = summary(values)
    for place, folder in folders.items():
        for peer, (_, kind) in PEERS.items():
            if (kind in ("python", "perl") or peer in PROGRAMS) and peer in bench.available:
                bench.progress(f"uncontended, in a process of its own: {peer}")
                values = in_rounds(bench, peer, folder)
                if values:
                    results[f"{place}/{peer}"] = summary(values)
    return results


def summary(values):
    processor, elapsed = zip(*values)
    return {"processor": statistics.median(processor), "least": min(processor), "most": max(processor),
            "elapsed": statistics.median(elapsed)}


def in_rounds(bench, peer, folder):
    """Of each round, processor time and elapsed time of a cycle in ns."""
    count, rounds = (30 if peer in PROGRAMS else 300), (3 if bench.quick else 7)
    found = []
    try:
        with Crew(bench.build, peer, 1, folder) as crew:
            for number in range(rounds + 1):
                before = run_time(crew.pid(0))
                crew.tell(0, "cycle", count if number else 3)
                crew.wait_for(lambda lines: len(lines) >= number + 2, [0], 60)
                processor = run_time(crew.pid(0)) - before
                elapsed = int(crew.heard[0][-1][2])
                # What a program needs is on the account of a process that is gone.
                found.append((elapsed / count if peer in PROGRAMS else processor / count, elapsed / count))
    except Gone as error:
        bench.note(f"{PEERS[peer][0]}, uncontended: {error}")
    return found[1:]
