"""A holder whose process or host dies, and waiters whose clock is wrong."""
from contenders import OURS
from contention import MS
from nfs import VERSIONS, seconds

PATIENCE = 60
CLOCKS = (60, -60, 3600, -3600)


def has_held(lines):
    return any(line.startswith("hold ") for line in lines)


def measure_recovery(bench, cluster):
    """One waiter on the first host; the holder dies by kill -9 beside it, or with the host it is on."""
    results = {}
    for version in VERSIONS[1:2] if bench.quick else VERSIONS:
        peers = [peer for peer in OURS + ("flufl", "flock") if peer in bench.available]
        # NFSv3 never frees a dead host's flock, so nobody waits for it.
        if version == "3":
            peers.remove("flock")
        bench.progress(f"NFSv{version}: recovery after kill -9 on the same host")
        for peer, length in recover(cluster, version, peers, 0).items():
            results[f"{version}/killed/{peer}"] = length
        bench.progress(f"NFSv{version}: recovery after a crash of the holder's host")
        for peer, length in recover(cluster, version, peers, 1).items():
            results[f"{version}/crashed/{peer}"] = length
        cluster.ask("boot", 1)
    return results


def recover(cluster, version, peers, holder_host):
    """All peers at the same time, each with a lock of its own."""
    directories = {peer: cluster.directory() for peer in peers}
    hour = f"drain 0 {seconds(3600)}"
    holders = {peer: cluster.worker(holder_host, version, peer, directories[peer], "cycle 1", hour) for peer in peers}
    cluster.wait_for(holders.values(), lambda lines: any(line.startswith("cycle") for line in lines), 60)
    held = cluster.counter.now()  # they take it for good right after the cycle that they have told of
    cluster.counter.sleep_until(cluster.counter.now() + seconds(2))
    waiters = {peer: cluster.worker(0, version, peer, directories[peer], f"drain 0 {MS}") for peer in peers}
    cluster.wait_for(waiters.values(), lambda lines: "ready" in lines, 60)
    cluster.counter.sleep_until(cluster.counter.now() + seconds(3))
    died = cluster.counter.now()
    if holder_host == 0:
        cluster.kill(holders.values())
    else:
        cluster.crash(holder_host)
    late = cluster.wait_for(waiters.values(), has_held, PATIENCE)
    cluster.kill(late)
    return {peer: None if name in late else {"ns": cluster.holds(name)[0][1] - died, "held": died - held}
            for peer, name in waiters.items()}


def measure_clocks(bench, cluster):
    """The waiter's wall clock is wrong while the holder, on another host, holds for ten seconds."""
    results = {}
    version = "4.1"
    peers = [peer for peer in OURS + ("flufl",) if peer in bench.available]
    for error in CLOCKS[:1] if bench.quick else CLOCKS:
        bench.progress(f"a clock wrong by {error} s")
        cluster.ask("clock", 0, error)
        directories = {peer: cluster.directory() for peer in peers}
        holders = {peer: cluster.worker(1, version, peer, directories[peer], f"drain 0 {seconds(10)}")
                   for peer in peers}
        cluster.wait_for(holders.values(), lambda lines: "ready" in lines, 60)
        cluster.counter.sleep_until(cluster.counter.now() + seconds(2))
        waiters = {peer: cluster.worker(0, version, peer, directories[peer], f"drain 0 {MS}") for peer in peers}
        late = cluster.wait_for([*holders.values(), *waiters.values()], has_held, PATIENCE)
        for peer in peers:
            if waiters[peer] not in late:
                # Before the end of the hold: stolen.
                end = cluster.holds(holders[peer])[0][2] if cluster.holds(holders[peer]) else 0
                results[f"{error}/{peer}"] = {"ns": cluster.holds(waiters[peer])[0][1] - end}
        cluster.kill(late)
        cluster.ask("clock", 0, 0)
    return results
