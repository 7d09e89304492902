#!/usr/bin/env python3
"""Runs the parts of the benchmark and keeps what they found: measure.py BUILD SCRATCH [OPTION]...

bench/run calls it with its own options. Each part's results go to BUILD/results/PART.json, so that parts can be run
again one by one, and within a part some peers.
"""
import argparse
import datetime
import json
import pathlib
import subprocess
import sys
import time

import contention
import costs
import machine
import nfs
import nfs_faults
import uncontended
import waiting
from contenders import PEERS, why_not
from nfs_cluster import Cluster, Refused

LOCAL = {"uncontended": uncontended.measure, "system_calls": costs.measure_system_calls, "memory": costs.measure_memory,
         "hand_off": contention.measure_drains, "fairness": contention.measure_loops, "cpu": waiting.measure_cpu,
         "recovery": waiting.measure_recovery}
ON_NFS = {"nfs_uncontended": nfs.measure_uncontended, "nfs_refresh": nfs.measure_refresh,
          "nfs_hand_off": nfs.measure_drains,
          "nfs_fairness": nfs.measure_loops, "nfs_recovery": nfs_faults.measure_recovery,
          "nfs_clocks": nfs_faults.measure_clocks}


class Bench:
    def __init__(self, arguments):
        self.build = str(arguments.build.resolve())
        self.quick = arguments.quick
        self.wanted = set(arguments.peer or PEERS)
        self.folders = {"ext4": str(arguments.scratch.resolve())}
        shared_memory = pathlib.Path("/dev/shm")
        if machine.file_system(shared_memory) == "tmpfs":
            folder = shared_memory / "leaselock-bench"
            folder.mkdir(exist_ok=True)
            self.folders["tmpfs"] = str(folder)
        self.results = arguments.build / "results"
        self.results.mkdir(exist_ok=True)
        self.notes = []
        self.left_out = {}
        self.available = {}

    def progress(self, text):
        if sys.stdout.isatty():
            print(f"\r\033[K{text}", end="", flush=True)

    def note(self, text):
        self.notes.append(text)

    def look_for_peers(self):
        for peer in PEERS:
            self.progress(f"looking for {peer}")
            reason = why_not(self.build, peer, self.folders["ext4"])
            if reason:
                self.left_out[peer] = reason
            elif peer in self.wanted:
                self.available[peer] = True

    def run(self, name, measure, *more):
        self.notes = []
        begin = time.monotonic()
        try:
            found = {**self.kept(name), **measure(self, *more)}
        except (OSError, subprocess.CalledProcessError, Refused) as error:
            print(f"bench: {name}: left out: {error}", flush=True)
            return
        result = {"when": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), "found": found,
                  "seconds": round(time.monotonic() - begin), "notes": self.notes, "quick": self.quick}
        self.save(name, result)
        self.progress("")
        print(f"bench: {name}: {result['seconds']} s", flush=True)

    def kept(self, name):
        """What was found of the other peers before, where only some are measured again."""
        path = self.results / f"{name}.json"
        return json.loads(path.read_text())["found"] if self.wanted != set(PEERS) and path.exists() else {}

    def save(self, name, result):
        (self.results / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("scratch", type=pathlib.Path, help="a directory on ext4")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--no-nfs", action="store_true")
    parser.add_argument("--only", action="append", metavar="PART", choices=[*LOCAL, *ON_NFS], default=[])
    parser.add_argument("--peer", action="append", metavar="PEER", choices=[*PEERS])
    arguments = parser.parse_args()
    bench = Bench(arguments)
    bench.look_for_peers()
    bench.save("machine", machine.facts(bench))
    for name, measure in LOCAL.items():
        if not arguments.only or name in arguments.only:
            bench.run(name, measure)
    wanted = [name for name in ON_NFS if name in arguments.only or not arguments.only]
    if wanted and not arguments.no_nfs:
        measure_on_nfs(bench, wanted)


def measure_on_nfs(bench, wanted):
    bench.progress("booting the cluster")
    try:
        cluster = Cluster(bench.build)
    except (Refused, OSError) as error:
        print(f"bench: not measured on NFS: {error}")
        return
    for name in wanted:
        bench.run(name, ON_NFS[name], cluster)
    cluster.close()


if __name__ == "__main__":
    main()
