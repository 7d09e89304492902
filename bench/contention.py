"""Many who want one lock at the same time: how soon the next one has it, and how fairly they share it."""
import time

from contenders import PEERS, BARE, SLEEPERS, Crew, Gone
from figures import hand_offs, jain, overlaps, overtaken, spread

MS = 1_000_000
WAITERS = (2, 8, 32, 128)
HOLD = 1 * MS


def now():
    return time.monotonic_ns()


def contenders(bench):
    return [peer for peer in PEERS if peer not in BARE and peer in bench.available]


def drain(crew, rounds, enough, patience):
    """All ask at once, each holds once, nobody comes back; again until there are so many hand-offs."""
    everybody = range(len(crew.workers))
    found, bad, begin = [], 0, time.monotonic()
    for done in range(1, rounds + 1):
        start = now() + 30 * MS + len(crew.workers) * MS // 2
        for index in everybody:
            crew.tell(index, "drain", start, HOLD)
        slow = crew.wait_for(lambda lines: sum(line[0] == "hold" for line in lines) >= done, everybody, patience)
        holds = [mine[done - 1] for mine in map(crew.holds, everybody) if len(mine) >= done]
        found += hand_offs(holds)
        bad += overlaps(holds)
        if slow or len(found) >= enough or time.monotonic() - begin > patience:
            break
    return {"ns": found, "overlaps": bad, "unfinished": len(slow)}


def measure_drains(bench):
    results = {}
    for peer in contenders(bench):
        for count in WAITERS[:3] if bench.quick else WAITERS:
            # Those who sleep for seconds would take minutes to come to an end.
            if peer in SLEEPERS and peer != "flufl" and count > 8:
                continue
            bench.progress(f"hand-off: {peer}, {count}")
            try:
                with Crew(bench.build, peer, count, bench.folders["ext4"]) as crew:
                    drain(crew, 1, 1, 20 if bench.quick else 30)  # what is done once only is not the hand-off
                    outcome = drain_again(crew, bench.quick)
            except Gone as error:
                bench.note(f"{PEERS[peer][0]} with {count} contenders: {error}")
                continue
            results[f"{peer}/{count}"] = {**(spread(outcome["ns"]) or {"count": 0}), "overlaps": outcome["overlaps"],
                                          "unfinished": outcome["unfinished"]}
    return results


def drain_again(crew, quick):
    if any(not crew.holds(index) for index in range(len(crew.workers))):
        return {"ns": hand_offs(crew.all_holds()), "overlaps": 0,
                "unfinished": sum(not crew.holds(index) for index in range(len(crew.workers)))}
    return drain_after(crew, 15 if quick else 60, 8 if quick else 12)


def drain_after(crew, enough, patience):
    everybody = range(len(crew.workers))
    for index in everybody:
        crew.heard[index] = []
    return drain(crew, 60, enough, patience)


def measure_loops(bench):
    """Everybody comes back after a random pause: throughput and fairness."""
    seconds = 2 if bench.quick else 4
    results = {}
    for peer in contenders(bench):
        for count in (8, 32):
            bench.progress(f"throughput and fairness: {peer}, {count}")
            try:
                results[f"{peer}/{count}"] = loop(bench, peer, count, seconds)
            except Gone as error:
                bench.note(f"{PEERS[peer][0]} with {count} contenders: {error}")
    return results


def loop(bench, peer, count, seconds):
    with Crew(bench.build, peer, count, bench.folders["ext4"]) as crew:
        start = now() + 50 * MS + count * MS
        end = start + seconds * 1000 * MS
        for index in range(count):
            crew.tell(index, "loop", start, end, HOLD, 2 * MS)
        time.sleep(max(0, end - now()) / 1e9)
        crew.wait_for(lambda lines: lines[-1][0] == "end", range(count), 3)
        return judge(crew_record(crew), start, end)


def crew_record(crew):
    """Of each worker: its holds, and when it began the wait that was not over, if any."""
    record = []
    for index in range(len(crew.workers)):
        holds = crew.holds(index)
        asked = [int(line[1]) for line in crew.heard[index] if line[0] == "ask"]
        record.append((holds, asked[-1] if len(asked) > len(holds) else None))
    return record


def judge(record, start, end):
    counts = [sum(begin < end for _, begin, _ in holds) for holds, _ in record]
    waits = [begin - asked for holds, _ in record for asked, begin, _ in holds]
    waits += [end - asked for _, asked in record if asked is not None]
    everything = [hold for holds, _ in record for hold in holds]
    return {"holds_per_s": sum(counts) / ((end - start) / 1e9), "jain": jain(counts), "least": min(counts),
            "most": max(counts), "starved": sum(not count for count in counts), "longest_wait": max(waits, default=0),
            "overlaps": overlaps(everything), "overtaken": overtaken(everything), "holds": len(everything),
            "hand_off": spread(hand_offs(everything)) if everything else None}


