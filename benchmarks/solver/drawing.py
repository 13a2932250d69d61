"""The figures: bound against time, and growth of time and memory with households."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.registry import SPECS
from benchmarks.solver.comparing import best_known, memory, spread, to_gap
from benchmarks.solver.paths import OURS, PATHS
from benchmarks.solver.records import Record
from renewopt.optimiser.progress import relative_gap

__all__ = ["draw"]

COLOURS = {
    "structured": "#c1272d", "exact": "#e58b3a", "simplex": "#0b4f8a", "ipx": "#2a9d8f", "hipo": "#6a4c93",
    "cbc": "#577590", "glop": "#7f7f7f", "pdlp": "#bcbd22",
}  # fmt: skip
LEAST = 1e-5
"""Gaps below are drawn at the edge."""
GIB = 2**30
MARKS = (1, 10, 60, 300)


def draw(folder: Path, records: Sequence[Record]) -> list[Path]:
    """Write ``bound-against-time.svg`` and ``growth.svg``; the same records give the same files."""
    with mpl.rc_context({"svg.hashsalt": "renewopt", "svg.fonttype": "none", "font.size": 9, "axes.grid": True,
                         "grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False}):  # fmt: skip
        made = {"bound-against-time.svg": _bounds(records), "growth.svg": _growth(records)}
        for name, figure in made.items():
            figure.savefig(folder / name, metadata={"Date": None})
    return [folder / name for name in made]


def _specs(records: Sequence[Record]) -> list[str]:
    return [name for name in SPECS if any(record.spec == name for record in records)]


def _bounds(records: Sequence[Record]) -> Figure:
    """One panel for each kind of district: the largest size at which most paths ran."""
    specs = _specs(records)
    figure = Figure(figsize=(5.2 * min(2, len(specs)), 3.9 * ((len(specs) + 1) // 2)), layout="constrained")
    panels = figure.subplots((len(specs) + 1) // 2, min(2, len(specs)), squeeze=False).ravel()
    for axes, spec in zip(panels, specs, strict=False):
        runs = [record for record in records if record.spec == spec]
        paths = {size: {record.path for record in runs if record.size == size} for size in {r.size for r in runs}}
        size = max(paths, key=lambda each: (len(paths[each]), each))
        seed = min(record.seed for record in runs if record.size == size)
        _bound_curves(axes, [r for r in runs if (r.size, r.seed) == (size, seed)])
        axes.set_title(f"{spec}, {size:,} households")
    for axes in panels[len(specs) :]:
        axes.set_axis_off()
    return figure


def _bound_curves(axes: Axes, runs: Sequence[Record]) -> None:
    (known,) = best_known(runs).values()
    value = known.plan if known.plan is not None else known.relaxation
    named: set[str] = set()
    for run in runs:
        colour = COLOURS.get(run.path, "black")
        if value is not None:
            points = [(at, _drawn(relative_gap(value, bound))) for at, _, bound in run.trace if bound is not None]
            _steps(axes, points, run, colour, "-", "" if run.path in named else run.path)
            named.add(run.path)
        gaps = [(at, _drawn(relative_gap(best, bound)))
                for at, best, bound in run.trace if best is not None and bound is not None]  # fmt: skip
        label = f"{run.path}: plan to bound"
        _steps(axes, gaps, run, colour, "--", "" if label in named else label)
        named.add(label)
    axes.axhline(runs[0].gap, color="black", linewidth=0.8, linestyle=":")
    for mark in MARKS:
        axes.axvline(mark, color="black", linewidth=0.4, alpha=0.4)
    axes.set(xscale="log", yscale="log", xlabel="seconds")
    axes.set_ylabel("bound to best plan known" if known.plan is not None else "bound to the relaxation's value")
    axes.set_ylim(LEAST / 1.5, 2.0)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=7, frameon=False)


def _drawn(gap: float) -> float:
    return min(1.0, max(gap, LEAST))


def _steps(axes: Axes, points: list[tuple[float, float]], run: Record, colour: str, style: str, label: str) -> None:
    if not points:
        return
    # Nothing is known before the first point, and nothing new after the last one.
    first, last = points[0][0], max(run.finished, points[-1][0])
    axes.step(
        [first, *(at for at, _ in points), last],
        [1.0, *(gap for _, gap in points), points[-1][1]],
        where="post", color=colour, linestyle=style, linewidth=1.8 if run.path == OURS else 1.1,
        label=label or "_",
    )  # fmt: skip
    if not PATHS[run.path].ours and run.status == "solved":
        axes.plot([last], [points[-1][1]], marker="o", markersize=4, color=colour)


def _growth(records: Sequence[Record]) -> Figure:
    """One row for each kind of district: seconds to the asked gap, and memory; triangles are lower limits."""
    specs = _specs(records)
    figure = Figure(figsize=(10.4, 3.6 * len(specs)), layout="constrained")
    rows = figure.subplots(len(specs), 2, squeeze=False)
    for (left, right), spec in zip(rows, specs, strict=True):
        for path in PATHS:
            runs = [record for record in records if (record.spec, record.path) == (spec, path)]
            if runs:
                _growth_of(left, right, path, runs)
        left.set(xscale="log", yscale="log", xlabel="households", ylabel="seconds to the asked gap", title=spec)
        right.set(xscale="log", yscale="log", xlabel="households", ylabel="memory, GB", title=spec)
        for axes in (left, right):
            if axes.get_legend_handles_labels()[0]:
                axes.legend(fontsize=7, frameon=False)
    return figure


def _growth_of(left: Axes, right: Axes, path: str, runs: Sequence[Record]) -> None:
    colour = COLOURS.get(path, "black")
    thick = 1.8 if path == OURS else 1.1
    times, limits, held = [], [], []
    for size in sorted({run.size for run in runs}):
        here = [run for run in runs if run.size == size]
        found = [timed for run in here if (timed := to_gap(run)) is not None]
        one = spread([each.seconds for each in found])
        if one is not None:
            times.append((size, one.middle, one.middle - one.low, one.high - one.middle))
            limits += [(size, one.middle)] if any(each.at_least for each in found) else []
        most = spread([memory(run) / GIB for run in here])
        assert most is not None
        held.append((size, most.middle))
    if times:
        sizes, middle, below, above = zip(*times, strict=True)
        left.errorbar(sizes, middle, yerr=(below, above), color=colour, linewidth=thick, marker="o", markersize=3,
                      capsize=2, label=path)  # fmt: skip
        left.plot([at for at, _ in limits], [y for _, y in limits], linestyle="none", marker="^", markersize=8,
                  color=colour)  # fmt: skip
    right.plot([s for s, _ in held], [g for _, g in held], color=colour, linewidth=thick, marker="o", markersize=3,
               label=path)  # fmt: skip
