"""The table of goals: what was to be reached, what was measured, and whether it was."""
from tables import length, ratio, table, title

MODES = {"leaselock-fenced": ("bare-fenced", 3, 8, 5), "leaselock-plain": ("bare-plain", 2, 4, 2),
         "leaselock-compat": ("bare-compat", 1.9, 5, 5)}
LIFETIME = 15e9
RECOVERS_AFTER_LEASE = 2.5e9


def verdict(reached):
    return "yes" if reached else "**no**"


def uncontended(results):
    for place in ("ext4", "tmpfs"):
        floor = results.get("uncontended", f"{place}/link-unlink", "processor")
        for peer, (bare, most, _, _) in MODES.items():
            mine = results.get("uncontended", f"{place}/{peer}", "processor")
            own = results.get("uncontended", f"{place}/{bare}", "processor")
            if mine and own and floor:
                yield (f"uncontended, {place}, {title(peer)}: at most 1.25x of its bare loop, {most}x of link + unlink",
                       f"{ratio(mine, own)}x, {ratio(mine, floor)}x (the bare loop itself {ratio(own, floor)}x)",
                       mine <= 1.25 * own and mine <= most * floor)


def counts(results):
    for peer, (_, _, most, most_requests) in MODES.items():
        calls = results.get("system_calls", peer, "calls")
        if calls:
            yield f"system calls, {title(peer)}: at most {most}", f"{calls:.0f}", calls <= most + 0.1
        for version in ("3", "4.1", "4.2"):
            requests = results.get("nfs_uncontended", f"{version}/10/{peer}", "requests")
            if requests:
                number = sum(requests.values())
                yield (f"requests, NFSv{version}, {title(peer)}: at most {most_requests}", f"{number:.1f}",
                       number <= most_requests + 0.1)
    for name, requests in results.found("nfs_refresh").items():
        yield f"requests of a refresh, NFSv{name.replace('/', ', ')}: 1", f"{requests:.2f}", requests < 1.2


def hand_off(results):
    for count in (2, 8, 32):
        best = results.get("hand_off", f"ofd/{count}", "median")
        for peer in MODES:
            mine = results.get("hand_off", f"{peer}/{count}", "median")
            if mine and best:
                yield (f"hand-off, ext4, {count} processes, {title(peer)}: median within 5x of an OFD lock",
                       f"{length(mine)} against {length(best)}: {ratio(mine, best)}x", mine <= 5 * best)
    for peer in MODES:
        mine = results.get("nfs_hand_off", f"4.1/10/{peer}/8", "median")
        if mine:
            yield (f"hand-off, NFSv4.1, 10 ms, 8 processes, {title(peer)}: median under 10 round trips and 20 ms",
                   length(mine), mine < 120e6)
        few = results.get("nfs_fairness", f"4.1/10/{peer}/2", "requests_per_hold")
        many = results.get("nfs_fairness", f"4.1/10/{peer}/32", "requests_per_hold")
        if few and many:
            yield (f"requests for each hand-off, NFSv4.1, {title(peer)}: with 32 waiters at most 1.2x of those with 2",
                   f"{many:.1f} against {few:.1f}: {ratio(many, few)}x", many <= 1.2 * few)


def share_overtaken(found):
    return found["overtaken"] / max(1, found["holds"])


def fairness(results):
    # The kernel serves those who wait for an OFD lock in order: so much is what the machine's scheduler makes of that.
    in_order = share_overtaken(results.get("fairness", "ofd/32") or {"overtaken": 0, "holds": 1})
    for place, found in (("ext4", lambda peer: results.get("fairness", f"{peer}/32")),
                         ("NFSv3", lambda peer: results.get("nfs_fairness", f"3/10/{peer}/32")),
                         ("NFSv4.1", lambda peer: results.get("nfs_fairness", f"4.1/10/{peer}/32"))):
        for peer in MODES:
            mine = found(peer)
            if mine:
                share = share_overtaken(mine)
                yield (f"fairness, 32 waiters, {place}, {title(peer)}: Jain 0.99, none starved, not more overtaken than "
                       f"on ext4 with an OFD lock, {100 * in_order:.0f} %",
                       f"{mine['jain']:.3f}, {mine['starved']} starved, {100 * share:.0f} % overtaken",
                       mine["jain"] >= 0.99 and not mine["starved"] and share <= max(0.01, in_order))


def recovery(results):
    for peer, most in (("leaselock-fenced", 50e6), ("leaselock-plain", 50e6), ("leaselock-compat", 50e6),
                       ("leaselock-fenced-no-gate", 1e9), ("leaselock-compat-no-gate", 1e9)):
        times = results.get("recovery", peer, "ns")
        if times is not None:
            worst = max(times, default=float("inf"))
            yield (f"recovery after kill -9 on the same host, ext4, {title(peer)}: under {length(most)}",
                   length(worst) if times else "not at all", worst < most)
    for key, found in results.found("nfs_recovery").items():
        version, how, peer = key.split("/")
        if how == "crashed" and peer in MODES and found:
            allowed = LIFETIME - found["held"] + RECOVERS_AFTER_LEASE
            yield (f"recovery after a host crash, NFSv{version}, {title(peer)}: remaining lease and at most 2.5 s",
                   f"{length(found['ns'])}, of which {length(LIFETIME - found['held'])} lease", found["ns"] <= allowed)


def clocks(results):
    found = results.found("nfs_clocks")
    for peer in MODES:
        mine = [entry["ns"] for key, entry in found.items() if key.split("/")[1] == peer]
        if mine:
            yield (f"a waiter whose clock is 60 s or 1 h wrong, {title(peer)}: no theft, no delay",
                   f"{length(min(mine))} to {length(max(mine))} after the end", min(mine) >= 0 and max(mine) < 1e9)


def section(results):
    rows = [[goal, measured, verdict(reached)] for goals in (uncontended, counts, hand_off, fairness, recovery, clocks)
            for goal, measured, reached in goals(results)]
    if not rows:
        return ""
    reached = sum(row[2] == "yes" for row in rows)
    return (f"\n## What was to be reached\n\n{reached} of {len(rows)} goals. How many requests a thousand waiters make "
            "is measured in the simulator ([testing.md](testing.md)). Why some were not reached: "
            "[performance.md](performance.md).\n\n" +
            table(["goal", "measured", "reached"], rows))
