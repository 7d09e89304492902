"""The same on NFS: a server and four hosts, each a kernel of its own, with a delay put between them."""
from contenders import OURS
from contention import MS, judge
from figures import hand_offs, overlaps, spread
from nfs_cluster import HOSTS, Refused

VERSIONS = ("3", "4.1", "4.2")
ROUND_TRIPS_MS = (0, 1, 10)
UNCONTENDED = OURS + ("link-unlink", "ofd", "flock", "flufl", "filelock", "filelock-soft")
CONTENDED = OURS + ("flock", "flufl", "filelock")
WAITERS = (2, 8, 32)
# A fenced holder looks who waits after 1, 2, 4, ... cycles, in the end after 32 (docs/protocol.md 7.2): from the end of
# that beginning, twice.
WARM = (64, 130)
# Everybody and all numbers of waiters here; ours elsewhere, to show that it is the same there.
MAIN = ("4.1", 10)
OTHERS = (("3", 10), ("4.2", 10), ("4.1", 1))
OTHERS_FOR_FAIRNESS = OTHERS[:1]
INTERPRETED = ("flufl", "filelock", "filelock-soft")


def seconds(count):
    return int(count * 1000 * MS)


def start_time(cluster, peer, count):
    """When everybody has certainly started, though a host takes its time."""
    return cluster.counter.now() + seconds(2 + count * (0.8 if peer in INTERPRETED else 0.12))


def measure_uncontended(bench, cluster):
    results = {}
    for version in VERSIONS:
        for trip in ROUND_TRIPS_MS:
            cluster.ask("round-trip", trip * 1000)
            for peer in UNCONTENDED:
                if peer not in bench.available:
                    continue
                bench.progress(f"NFSv{version}, {trip} ms, uncontended: {peer}")
                try:
                    results[f"{version}/{trip}/{peer}"] = uncontended(cluster, version, peer, trip, bench.quick)
                except Refused as error:
                    bench.note(f"{peer} on NFSv{version}: {error}")
    cluster.ask("round-trip", 0)
    return results


def uncontended(cluster, version, peer, trip, quick):
    directory = cluster.directory()
    rounds = ["cycle 5"] * (2 if trip == 10 else 6)
    name = cluster.worker(0, version, peer, directory, "cycle 3", *rounds)
    cluster.wait_for([name], lambda lines: sum(line.startswith("cycle") for line in lines) > len(rounds), 120)
    times = [int(line.split()[2]) / int(line.split()[1]) for line in cluster.lines(name) if line.startswith("cycle")]
    result = {"ns": sorted(times[1:])[len(rounds) // 2]}
    if trip == 10:
        few, many = (5, 10) if quick else WARM if peer in OURS else (5, 15)
        result["requests"] = requests_of_a_cycle(cluster, version, peer, directory, few, many)
    return result


def requests_of_a_cycle(cluster, version, peer, directory, few, many):
    """Those of many cycles without those of few, so that what is done only once or in the beginning drops out."""
    counts = []
    for cycles in (few, many):
        before = cluster.requests(0, version)
        name = cluster.worker(0, version, peer, directory, f"cycle {cycles}")
        cluster.wait_for([name], lambda lines: any(line.startswith("=") for line in lines), 120)
        counts.append(difference(before, cluster.requests(0, version)))
    return {name: count / (many - few) for name, count in difference(*counts).items()}


def measure_refresh(bench, cluster):
    """Requests of one refresh(), as the test worker counts them."""
    results = {}
    cluster.ask("round-trip", 10_000)
    for version in VERSIONS:
        for mode in ("fenced", "compat"):
            bench.progress(f"NFSv{version}, refresh, {mode}")
            path = f"{cluster.mounted(0, version)}/{cluster.directory()}/lock"
            lines = cluster.run(0, [f"{bench.build}/bin/leaselock_nfs_worker", "cycle", path, "--mode", mode,
                                    "--operation", "refresh", "--warm", "3", "--count", "20"])
            counted = next(line for line in lines if line.startswith("ops "))
            counts = dict(word.split("=") for word in counted.split() if "=" in word)
            results[f"{version}/{mode}"] = sum(int(count) for name, count in counts.items()
                                               if name not in ("RENEW", "SEQUENCE")) / 20
    cluster.ask("round-trip", 0)
    return results


def difference(before, after):
    changed = {name: count - before.get(name, 0) for name, count in after.items()}
    return {name: count for name, count in changed.items() if count}


def measure_each(bench, cluster, what, measure, waiters, waiters_elsewhere, elsewhere):
    """Calls measure(cluster, version, peer, waiters) for everybody."""
    results = {}
    for version, trip in (MAIN,) if bench.quick else (MAIN, *elsewhere):
        main = (version, trip) == MAIN
        cluster.ask("round-trip", trip * 1000)
        # The cluster's NFSv3 lock manager does not grant a lock that several hosts want within the time given here.
        elsewhere_too = OURS if version == "3" else OURS + ("flock",)
        for peer in CONTENDED if main else elsewhere_too:
            for count in waiters if main else waiters_elsewhere:
                if peer not in bench.available:
                    continue
                bench.progress(f"NFSv{version}, {trip} ms, {what}: {peer}, {count}")
                try:
                    results[f"{version}/{trip}/{peer}/{count}"] = measure(cluster, version, peer, count)
                except Refused as error:
                    bench.note(f"{peer} on NFSv{version} with {count} waiters: {error}")
    cluster.ask("round-trip", 0)
    return results


def measure_drains(bench, cluster):
    return measure_each(bench, cluster, "hand-off", drain, WAITERS[:2] if bench.quick else WAITERS, WAITERS[1:2],
                        OTHERS)


def drain(cluster, version, peer, count):
    """All ask at once, each holds 1 ms and does not come back; the first round is not counted."""
    rounds = {2: 9, 8: 4, 32: 2}[count]
    period = seconds(1 + count * (0.15 if peer not in INTERPRETED else 0.4))
    directory = cluster.directory()
    for host in range(HOSTS):
        cluster.mounted(host, version)
    start = start_time(cluster, peer, count)
    commands = [f"drain {start + number * period} {MS}" for number in range(rounds)]
    names = [cluster.worker(index % HOSTS, version, peer, directory, *commands) for index in range(count)]
    patience = (start - cluster.counter.now() + rounds * period) / 1e9 + 20
    missing = cluster.wait_for(names, lambda lines: any(line.startswith("=") for line in lines), patience)
    holds = [cluster.holds(name) for name in names]
    cluster.kill(missing)
    found, bad = [], 0
    for number in range(1, rounds):
        of_round = [mine[number] for mine in holds if len(mine) > number]
        found += hand_offs(of_round)
        bad += overlaps(of_round)
    return {**(spread(found) or {"count": 0}), "overlaps": bad, "unfinished": len(missing)}


def measure_loops(bench, cluster):
    """So many wait at any time: requests for each hand-off, and fairness."""
    return measure_each(bench, cluster, "fairness", loop, WAITERS[:1] if bench.quick else (WAITERS[0], WAITERS[-1]),
                        WAITERS[-1:], OTHERS_FOR_FAIRNESS)


def loop(cluster, version, peer, waiters):
    length = 5 if waiters < 32 else 16
    directory = cluster.directory()
    for host in range(HOSTS):
        cluster.mounted(host, version)
    start = start_time(cluster, peer, waiters + 1)
    end = start + seconds(length + 4)
    names = [cluster.worker(index % HOSTS, version, peer, directory, f"loop {start} {end} {MS} {2 * MS}")
             for index in range(waiters + 1)]
    cluster.counter.sleep_until(start + seconds(1))
    first, before = cluster.counter.now(), cluster.requests_of_all(version)
    cluster.counter.sleep_until(end - seconds(2))
    after, last = cluster.requests_of_all(version), cluster.counter.now()
    cluster.counter.sleep_until(end)
    missing = cluster.wait_for(names, lambda lines: any(line.startswith("=") for line in lines), 4)
    cluster.kill(missing)
    record = [(cluster.holds(name), waiting_since(cluster, name)) for name in names]
    result = judge(record, start, end)
    counted = sum(first <= begin < last for holds, _ in record for _, begin, _ in holds)
    result["requests_per_hold"] = sum(difference(before, after).values()) / counted if counted else None
    return result


def waiting_since(cluster, name):
    asked = [int(line.split()[1]) for line in cluster.lines(name) if line.startswith("ask ")]
    return asked[-1] if len(asked) > len(cluster.holds(name)) else None
