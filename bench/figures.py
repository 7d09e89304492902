"""What is computed from holds: (asked, acquired, releasing), in ns."""
import statistics


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def hand_offs(holds):
    """From the moment before each unlock() to the moment when the next lock() has returned."""
    ordered = sorted(holds, key=lambda hold: hold[1])
    return [later[1] - earlier[2] for earlier, later in zip(ordered, ordered[1:])]


def overlaps(holds):
    """How many holds began before all earlier ones were over."""
    count, latest_end = 0, 0
    for _, begin, end in sorted(holds, key=lambda hold: hold[1]):
        count += begin < latest_end
        latest_end = max(latest_end, end)
    return count


# Two who ask within this time may be served in either order: which of them the machine let run first is not known.
SAME_TIME = 20_000_000


def overtaken(holds):
    """How many holds went to somebody who had asked later than one who got it later."""
    ordered = sorted(holds, key=lambda hold: hold[1])
    earliest, count = float("inf"), 0
    for asked, _, _ in reversed(ordered):
        count += asked > earliest + SAME_TIME
        earliest = min(earliest, asked)
    return count


def jain(counts):
    squares = sum(count * count for count in counts)
    return sum(counts) ** 2 / (len(counts) * squares) if squares else 0


def spread(values):
    return {"median": statistics.median(values), "p99": percentile(values, 0.99), "most": max(values),
            "count": len(values)} if values else None
