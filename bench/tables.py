"""The sections of the report after the goals; each a function of the results and of the plots that could be drawn."""
from contenders import PEERS, title
from waiting import PATIENCE

UNITS = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns"))


def length(ns):
    """A time with two or three digits that mean something."""
    if ns is None:
        return "–"
    size, unit = next(((size, unit) for size, unit in UNITS if abs(ns) >= size), UNITS[-1])
    value = ns / size
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}"


def ratio(value, base):
    return f"{value / base:.2f}" if value and base else "–"


def table(head, rows):
    alignment = ["---"] + ["---:"] * (len(head) - 1)
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in [head, alignment, *rows]) + "\n"


def section(name, parts, text, *blocks):
    command = " ".join(f"--only {part}" for part in parts)
    return f"\n## {name}\n\n`bench/run {command}`. {text}\n\n" + "".join(blocks)


def picture(drawn, name, what):
    return f"![{what}](benchmarks/{name}.svg)\n\n" if name in drawn else ""


def peers_in(found, place=0):
    """Those of whom something was found, in the order of the list; their names are at that place of the keys."""
    names = {key.split("/")[place] for key in found}
    return [peer for peer in PEERS if peer in names]


def uncontended(results, drawn):
    found = results.found("uncontended")
    rows = []
    for peer in peers_in(found, 1):
        row = [title(peer)]
        for place in ("ext4", "tmpfs"):
            mine, base = found.get(f"{place}/{peer}"), found.get(f"{place}/link-unlink")
            row += [length(mine["processor"]), ratio(mine["processor"], base["processor"]), length(mine["elapsed"])] \
                if mine and base else ["–"] * 3
        calls = results.get("system_calls", peer, "calls")
        rows.append(row + [f"{calls:.0f}" if calls else "–"])
    text = ("One contender, nobody else. Processor time of a lock() and unlock() in the process that calls them (of "
            "programs: elapsed), its ratio to a bare link + unlink, elapsed time, and system calls (by `strace -f`). A "
            "bare loop makes exactly the system calls of ours and nothing else.")
    head = ["", "ext4", "x link+unlink", "elapsed", "tmpfs", "x link+unlink", "elapsed", "system calls"]
    return section("Uncontended", ["uncontended", "system_calls"], text, picture(drawn, "uncontended", "uncontended"),
                   table(head, rows)) if rows else ""


def on_nfs(results, drawn):
    found = results.found("nfs_uncontended")
    settings = sorted({tuple(key.split("/")[:2]) for key in found}, key=lambda pair: (pair[0], int(pair[1])))
    rows, requests = [], []
    versions = sorted({version for version, _ in settings})
    for peer in peers_in(found, 2):
        rows.append([title(peer)] + [length(results.get("nfs_uncontended", f"{version}/{trip}/{peer}", "ns"))
                                     for version, trip in settings])
        row = [title(peer)]
        for version in versions:
            counts = results.get("nfs_uncontended", f"{version}/10/{peer}", "requests")
            row.append("–" if counts is None else f"{sum(counts.values()):.0f}: " + ", ".join(
                f"{name} {count:.0f}" for name, count in sorted(counts.items()) if count >= 0.5))
        requests.append(row)
    text = ("Elapsed time of a lock() and unlock() with so much delay between the host and the server, and requests as "
            "the client's kernel counts them. It does not count those of NFSv3's lock manager, which serves flock "
            "and OFD locks there: one to lock and one to unlock.")
    return section("Uncontended on NFS", ["nfs_uncontended"], text, picture(drawn, "nfs_uncontended", "cycle on NFS"),
                   table([""] + [f"v{version}, {trip} ms" for version, trip in settings], rows),
                   table([""] + [f"requests, v{version}" for version in versions], requests)) if rows else ""


def spread_cell(found):
    if not found or not found["count"]:
        return "nobody came" if found else "–"
    mark = f" ({found['unfinished']} waited on)" if found["unfinished"] else ""
    mark += f" **{found['overlaps']} overlaps**" if found["overlaps"] else ""
    return f"{length(found['median'])} / {length(found['p99'])}{mark}"


def hand_off(results, drawn):
    found = results.found("hand_off")
    counts = sorted({int(key.split("/")[1]) for key in found})
    rows = [[title(peer)] + [spread_cell(found.get(f"{peer}/{count}")) for count in counts] for peer in peers_in(found)]
    text = ("All ask at once, each holds for 1 ms, nobody comes back. Median and 99th percentile of the time from just "
            "before one's unlock() to just after the next one's lock(), on ext4.")
    return section("Hand-off", ["hand_off"], text, picture(drawn, "hand_off", "hand-off"),
                   table([""] + [f"{count} processes" for count in counts], rows)) if rows else ""


def nfs_hand_off(results, _):
    found = results.found("nfs_hand_off")
    columns = sorted({(key.split("/")[0], int(key.split("/")[1]), int(key.split("/")[3])) for key in found})
    rows = [[title(peer)] + [spread_cell(found.get(f"{version}/{trip}/{peer}/{count}"))
                             for version, trip, count in columns] for peer in peers_in(found, 2)]
    text = "The same on four hosts."
    return section("Hand-off on NFS", ["nfs_hand_off"], text, table(
        [""] + [f"v{version}, {trip} ms, {count}" for version, trip, count in columns], rows)) if rows else ""


def fairness_row(found):
    if not found:
        return ["–"] * 6
    overlap = f" **{found['overlaps']} overlaps**" if found["overlaps"] else ""
    return [f"{found['holds_per_s']:.0f}", f"{found['jain']:.3f}", f"{found['least']}–{found['most']}{overlap}",
            length(found["longest_wait"]), found["starved"],
            f"{100 * found['overtaken'] / max(1, found['holds']):.0f} %"]


FAIRNESS = ["holds/s", "Jain", "holds of one", "longest wait", "starved", "overtaken"]


def fairness(results, drawn):
    found = results.found("fairness")
    rows = [[title(peer), count] + fairness_row(found.get(f"{peer}/{count}"))
            for peer in peers_in(found) for count in sorted({int(key.split("/")[1]) for key in found})]
    text = ("Everybody holds for 1 ms and comes back after a random pause of up to 2 ms, for 4 s on ext4. Jain's index "
            "is 1 if all got the same, and 1/n if one got all; overtaken are holds that began before one for which "
            "somebody had asked more than 20 ms earlier.")
    return section("Throughput and fairness", ["fairness"], text, picture(drawn, "fairness", "fairness"),
                   table(["", "processes"] + FAIRNESS, rows)) if rows else ""


def nfs_fairness(results, drawn):
    found = results.found("nfs_fairness")
    rows = []
    for key in sorted(found, key=lambda key: (key.split("/")[:2] != ["4.1", "10"], key.split("/")[:2],
                                              list(PEERS).index(key.split("/")[2]), int(key.split("/")[3]))):
        version, trip, peer, waiters = key.split("/")
        requests = found[key]["requests_per_hold"]
        rows.append([title(peer), f"v{version}, {trip} ms", waiters] + fairness_row(found[key]) +
                    [f"{requests:.1f}" if requests else "–"])
    text = ("The same on four hosts with one contender more than waiters, so that so many wait at any time; and how "
            "many requests of all hosts together there were for each hold.")
    return section("Fairness and requests on NFS", ["nfs_fairness"], text,
                   picture(drawn, "nfs_requests", "requests for each hold"),
                   table(["", "NFS", "waiters"] + FAIRNESS + ["requests/hold"], rows)) if rows else ""


def waiting(results, drawn):
    cpu, memory = results.found("cpu"), results.found("memory")
    rows = [[title(peer), f"{cpu[peer]['us_per_s']:.0f} µs"] for peer in peers_in(cpu)]
    blocks = [table(["", "processor time of one waiter in a second"], rows)] if rows else []
    if memory:
        rows = [[title(name), f"{found['bytes_per_lock']:.0f} bytes"]
                for name, found in memory.items() if name in PEERS]
        rows += [[f"`{name} … sleep`", f"{found['rss_kib']} KiB resident, {found['pss_kib']} KiB its share, "
                  f"{found['private_kib']} KiB its own"] for name, found in memory.items() if name not in PEERS]
        blocks.append(table(["", "memory"], rows))
    text = "Eight wait while one holds, on ext4; memory of one more held lock, and of the command."
    return section("What waiting and holding cost", ["cpu", "memory"], text, *blocks) if blocks else ""


def recovery(results, drawn):
    found = results.found("recovery")
    rows = []
    for peer in peers_in(found):
        times = found[peer]["ns"]
        rows.append([title(peer), length(times[len(times) // 2]) if times else f"not within {PATIENCE} s"])
    text = "The holder is killed with -9 while another process of the same host waits, on ext4. Lifetimes as shipped."
    blocks = [table(["", "from the kill to the waiter's hold"], rows)] if rows else []
    on_network = results.found("nfs_recovery")
    columns = sorted({tuple(key.split("/")[:2]) for key in on_network})
    rows = [[title(peer)] + [nfs_time(on_network, f"{version}/{how}/{peer}") for version, how in columns]
            for peer in peers_in(on_network, 2)]
    if rows:
        blocks += ["On NFS, `--only nfs_recovery`: the process killed on the waiter's host, or its host crashed, 5 s "
                   "after it got the lock; lifetime 15 s.\n\n",
                   table([""] + [f"v{version}, {how}" for version, how in columns], rows)]
    return section("Recovery", ["recovery"], text, picture(drawn, "recovery", "recovery"), *blocks) if blocks else ""


def nfs_time(found, key):
    return "–" if key not in found else "not within 60 s" if found[key] is None else length(found[key]["ns"])


def clocks(results, _):
    found = results.found("nfs_clocks")
    errors = sorted({int(key.split("/")[0]) for key in found})
    rows = []
    for peer in peers_in(found, 1):
        cells = [found.get(f"{error}/{peer}") for error in errors]
        rows.append([title(peer)] + ["–" if cell is None else f"**stolen** {length(-cell['ns'])} before the end"
                                     if cell["ns"] < 0 else f"{length(cell['ns'])} after the end" for cell in cells])
    text = "The wall clock of the waiter's host is wrong; the holder, on another host, holds for 10 s (NFSv4.1)."
    return section("Wrong clocks", ["nfs_clocks"], text,
                   table([""] + [f"{error:+d} s" for error in errors], rows)) if rows else ""


def surroundings(results, _):
    facts = results.parts.get("machine")
    if not facts:
        return ""
    rows = [["processor", f"{facts['processors']} x {facts['processor']}"], ["kernel", facts["kernel"]],
            ["system", facts["system"]], ["compiler", f"{facts['compiler']}, Release"],
            ["kernel of server and hosts of the cluster",
             f"User-Mode Linux {facts['cluster_kernel']}; the server exports ext4 with `sync`; 4 hosts, which "
             "mount it with nothing but the version"]]
    measured = [part for part in results.parts.values() if "when" in part]
    if measured:
        days = sorted(part["when"] for part in measured)
        quick = " (some parts with `--quick`)" if any(part["quick"] for part in measured) else ""
        rows.append(["measured", f"from {days[0]} to {days[-1]}{quick}"])
    rows += [[name, f"`{mount}`"] for name, mount in facts["mounts"].items()]
    rows += [[title(peer) if peer in PEERS else peer, version]
             for peer, version in facts["versions"].items() if version]
    left_out = [f"* {title(peer)}: {reason}\n" for peer, reason in facts["left_out"].items()]
    left_out += [f"* {note}\n" for note in dict.fromkeys(results.notes())]
    blocks = ["Not measured:\n\n", *left_out] if left_out else []
    return "\n## What was measured on\n\n" + table(["", ""], rows) + "".join(blocks)


SECTIONS = (uncontended, on_nfs, hand_off, nfs_hand_off, fairness, nfs_fairness, waiting, recovery, clocks,
            surroundings)
