"""The plots, as SVG that can be read on a light and on a dark page: no background, colours between the two."""
import re

from contenders import PEERS, OURS

OURS_COLOUR, BARE_COLOUR, OTHERS_COLOUR, INK = "#2a7fd4", "#8a8a8a", "#d4762a", "#808890"


def colour(peer):
    return OURS_COLOUR if peer.startswith("leaselock") else BARE_COLOUR if "bare" in PEERS[peer][0] else OTHERS_COLOUR


def label(peer):
    return PEERS[peer][0].replace("*", "")


def draw(results, folder):
    """Names of the plots that could be drawn."""
    try:
        import matplotlib
    except ImportError:
        return set()
    matplotlib.use("svg")
    matplotlib.rcParams.update({"text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK,
                                "ytick.color": INK, "svg.hashsalt": "leaselock", "svg.fonttype": "none",
                                "font.size": 9, "legend.framealpha": 0,
                                "axes.spines.top": False, "axes.spines.right": False})
    folder.mkdir(exist_ok=True)
    drawn = set()
    for name, plot in PLOTS.items():
        figure = plot(results)
        if figure is None:
            continue
        figure.savefig(folder / f"{name}.svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
        drawn.add(name)
    return drawn


def bars(values, what, unit):
    """One bar for each peer, the least on top; on a logarithmic axis, since they differ by magnitudes."""
    from matplotlib import pyplot
    if not values:
        return None
    ordered = sorted(values, key=lambda entry: -entry[1])
    figure, axes = pyplot.subplots(figsize=(7.5, 0.6 + 0.24 * len(ordered)))
    axes.barh([label(peer) for peer, _ in ordered], [value for _, value in ordered],
              color=[colour(peer) for peer, _ in ordered])
    axes.set_xscale("log")
    axes.set_xlabel(f"{what}, {unit}")
    for row, (_, value) in enumerate(ordered):
        text = f" {value:.0f}" if value >= 100 else f" {value:.3g}"
        axes.annotate(text, (value, row), va="center", color=INK, fontsize=8)
    axes.margins(x=0.12)
    return figure


def uncontended(results):
    return bars([(peer, entry["processor"] / 1e3) for peer in PEERS
                 if (entry := results.get("uncontended", f"ext4/{peer}"))], "lock and unlock on ext4", "µs")


def nfs_uncontended(results):
    return bars([(peer, entry["ns"] / 1e6) for peer in PEERS
                 if (entry := results.get("nfs_uncontended", f"4.1/10/{peer}"))],
                "lock and unlock on NFSv4.1 with a round trip of 10 ms", "ms")


def recovery(results):
    return bars([(peer, entry["ns"][len(entry["ns"]) // 2] / 1e6) for peer in PEERS
                 if (entry := results.get("recovery", peer)) and entry["ns"]],
                "from kill -9 of the holder to the next hold on ext4", "ms")


def lines(series, x, y):
    from matplotlib import pyplot
    if not series:
        return None
    figure, axes = pyplot.subplots(figsize=(7.5, 4.5))
    for number, (peer, points) in enumerate(series):
        style = {"linewidth": 2.4 if peer in OURS else 1.2, "linestyle": ("-", "--", ":")[number % 3]}
        axes.plot(*zip(*sorted(points)), marker="osv^Dxp"[number % 7], markersize=4, label=label(peer),
                  color=colour(peer) if peer in OURS else pyplot.get_cmap("tab10")(number % 10), **style)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5), labelcolor=INK)
    return figure


def points_of(found, pattern, value):
    series = {}
    for key, entry in found.items():
        if (match := re.fullmatch(pattern, key)) and value(entry):
            series.setdefault(match[1], []).append((int(match[2]), value(entry)))
    return [(peer, series[peer]) for peer in PEERS if peer in series]


def hand_off(results):
    return lines(points_of(results.found("hand_off"), r"(.+)/(\d+)", lambda entry: entry.get("median", 0) / 1e6),
                 "processes that ask at once", "median hand-off on ext4, ms")


def nfs_requests(results):
    return lines(points_of(results.found("nfs_fairness"), r"4\.1/10/(.+)/(\d+)",
                           lambda entry: entry["requests_per_hold"]),
                 "waiters", "requests of all hosts for each hold, NFSv4.1, 10 ms")


def fairness(results):
    from matplotlib import pyplot
    values = [(peer, entry["jain"]) for peer in PEERS if (entry := results.get("fairness", f"{peer}/32"))]
    if not values:
        return None
    figure, axes = pyplot.subplots(figsize=(7.5, 0.6 + 0.24 * len(values)))
    values.sort(key=lambda entry: entry[1])
    axes.barh([label(peer) for peer, _ in values], [value for _, value in values],
              color=[colour(peer) for peer, _ in values])
    axes.set_xlabel("Jain's index of 32 processes on ext4: 1 is fair")
    return figure


PLOTS = {"uncontended": uncontended, "nfs_uncontended": nfs_uncontended, "hand_off": hand_off, "recovery": recovery,
         "nfs_requests": nfs_requests, "fairness": fairness}
