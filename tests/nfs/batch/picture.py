#!/usr/bin/python3
"""Draws a batch: picture.py RECORD PICTURE.svg, with what `tests/nfs/soak --batch --record RECORD` wrote. Each host is
a row, and so is each slot; colours can be read on a light and on a dark page."""
import json
import sys

import matplotlib

INK, DONE, IN_VAIN, FAULT = "#808890", "#2a7fd4", "#d4762a", "#d43a3a"


def how(run):
    """Colour, and what stands beside the job's number: a cross for what was reported, an arrow for what others did."""
    if run["how"] == "done":
        return DONE, ""
    return IN_VAIN, " †" if run["once"] else " ↻"


def draw_bar(axes, row, run, end):
    colour, sign = how(run)
    length = run["end"] - run["begin"]
    axes.barh(row, length, left=run["begin"], height=0.62, color=colour, linewidth=0)
    if length > end / 40:
        axes.annotate(f"{run['job']}{sign}", (run["begin"] + length / 2, row), ha="center", va="center", color="white",
                      fontsize=7)
    else:
        axes.annotate(f"{run['job']}{sign}", (run["end"], row), xytext=(2, -8), textcoords="offset points", va="center",
                      color=colour, fontsize=7)


def draw_lease(axes, row, run, others):
    """From where a run was interrupted to where its slot was used again."""
    if run["how"] == "done":
        return
    until = min((other["begin"] for other in others if other["begin"] > run["begin"]), default=run["end"])
    axes.barh(row, until - run["end"], left=run["end"], height=0.1, color=INK, alpha=0.5, linewidth=0)
    axes.annotate("lease runs out", ((run["end"] + until) / 2, row), xytext=(0, 4), textcoords="offset points",
                  ha="center", fontsize=7)


def draw_outage(axes, row, at, until, what):
    axes.barh(row, until - at, left=at, height=0.9, color=FAULT, alpha=0.18, linewidth=0)
    axes.plot([at, at], [row - 0.45, row + 0.45], color=FAULT, linewidth=1.6)
    axes.annotate(what, (until, row), xytext=(-4, 0), textcoords="offset points", ha="right", va="center", color=FAULT,
                  fontsize=8)


def draw_marks(axes, rows, marks, end):
    for mark in marks:
        if mark["what"] == "back":
            continue
        later = [other["at"] for other in marks if other["host"] == mark["host"] and other["what"] == "back"]
        draw_outage(axes, rows[mark["host"]], mark["at"], min(later, default=end), mark["what"])


def draw(record, file):
    from matplotlib import pyplot
    runs = record["runs"]
    hosts = sorted({entry["host"] for entry in runs + record["marks"]})
    slots = sorted({run["slot"] for run in runs if run["slot"] is not None})
    names = hosts + [f"slot {slot}" for slot in slots]
    rows = {name: row + (0.6 if name not in hosts else 0) for row, name in enumerate(names)}
    end = max(run["end"] for run in runs)
    figure, axes = pyplot.subplots(figsize=(11, 0.9 + 0.4 * len(names)))
    draw_marks(axes, rows, record["marks"], end)
    for run in runs:
        draw_bar(axes, rows[run["host"]], run, end)
    for slot in slots:
        in_slot = [run for run in runs if run["slot"] == slot]
        for run in in_slot:
            draw_bar(axes, rows[f"slot {slot}"], run, end)
            draw_lease(axes, rows[f"slot {slot}"], run, in_slot)
    axes.axhline(len(hosts) - 0.2, color=INK, linewidth=0.6)
    axes.set_yticks(list(rows.values()), names)
    axes.invert_yaxis()
    axes.set_xlim(0, end)
    axes.set_xlabel("seconds")
    axes.set_title(f"{record['title']}: {record['done']} jobs done, {record['lost']} reported (†), "
                   f"never more than {record['at_once']} at once. ↻ interrupted, done by another attempt", fontsize=9)
    figure.savefig(file, transparent=True, bbox_inches="tight", metadata={"Date": None})


if __name__ == "__main__":
    matplotlib.use("svg")
    matplotlib.rcParams.update({"text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK,
                                "ytick.color": INK, "svg.hashsalt": "leaselock", "svg.fonttype": "none",
                                "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    with open(sys.argv[1], encoding="utf-8") as text:
        draw(json.load(text), sys.argv[2])
