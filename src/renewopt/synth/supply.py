"""Estates of a synthetic district: as many homes of each size as its households are due."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renewopt.synth.figures import BUILD_COST, UNIT_SIZES, PhaseFigures, ProjectFigures
from renewopt.units import Month


def homes_due(area: NDArray[np.float64]) -> NDArray[np.int64]:
    """Homes of each size due for some areas: the home or the pair of homes that just reaches the area.

    Parameters
    ----------
    area
        (n,) m².

    Returns
    -------
    ndarray
        (n, len(UNIT_SIZES)) homes; of equal sums one home goes before two, and alike homes before different ones.
    """
    sizes = range(len(UNIT_SIZES))
    bundles = [(i,) for i in sizes] + list(itertools.combinations_with_replacement(sizes, 2))

    def order(bundle: tuple[int, ...]) -> tuple[int, int, int]:
        return sum(UNIT_SIZES[i] for i in bundle), len(bundle), len(set(bundle))

    best = {total: next(group) for total, group in itertools.groupby(sorted(bundles, key=order), lambda b: order(b)[0])}
    homes = np.array([[bundle.count(i) for i in sizes] for bundle in best.values()])
    chosen = np.searchsorted(np.array(list(best)), area, side="left")
    result: NDArray[np.int64] = homes[np.minimum(chosen, len(best) - 1)]
    return result


def estate(
    estate_id: str,
    project: str,
    figures: ProjectFigures,
    due: NDArray[np.int64],
    start: Month,
    phases: int | None,
    open_to: list[str],
) -> dict[str, Any]:
    """State an estate, as in a scenario file.

    Parameters
    ----------
    estate_id, project
        Its own id and that of its project.
    figures
        Of the project.
    due
        (len(UNIT_SIZES),) homes of each size due to the project's households.
    start
        Month 0.
    phases
        Number of phases, or None for the figures' own.
    open_to
        Projects whose households may be settled here by transfer.
    """
    stock = np.ceil(due * figures.homes).astype(np.int64)
    stock[stock == 0] = 1  # every size exists, so that every bundle can be named
    units: list[dict[str, Any]] = [
        {"type": str(size), "area": size, "surplus": int(number - wanted)}
        for size, number, wanted in zip(UNIT_SIZES, stock, np.minimum(due, stock), strict=True)
    ]
    result: dict[str, Any] = {
        "id": estate_id,
        "projects": [project],
        "open_to": open_to,
        "release": bool(open_to),
        "units": units,
    }
    if not figures.phases:
        for unit, number in zip(units, stock, strict=True):
            first = int(number) // 2
            arrivals = {str(start + 20): first, str(start + 34): int(number) - first}
            unit["arrivals"] = {month: homes for month, homes in arrivals.items() if homes}
        return result
    result["phases"] = list(_phases(estate_id, _split(figures.phases, phases), stock, start))
    return result


def _split(figures: tuple[PhaseFigures, ...], phases: int | None) -> list[PhaseFigures]:
    """Return as many phases as asked for, each like the one that stands at its place."""
    if phases is None:
        return list(figures)
    return [
        PhaseFigures(1 / phases, base.progress, base.earliest + (number if base.progress == 0 else 0), base.lag)
        for number in range(phases)
        for base in [figures[number * len(figures) // phases]]
    ]


def _phases(
    estate_id: str, figures: list[PhaseFigures], stock: NDArray[np.int64], start: Month
) -> Iterator[dict[str, Any]]:
    shares = np.cumsum([phase.share for phase in figures])
    bounds = np.rint(np.outer(shares / shares[-1], stock)).astype(np.int64)
    numbers = np.diff(bounds, axis=0, prepend=0)
    for place, (phase, homes) in enumerate(zip(figures, numbers, strict=True), start=1):
        if not homes.any():
            continue
        cost = int(homes @ np.array(UNIT_SIZES)) * BUILD_COST
        stated: dict[str, Any] = {
            "id": f"{estate_id}-{place}",
            "cost": cost,
            "progress": phase.progress,
            "handover_lag": phase.lag,
            "earliest": str(start + phase.earliest),
            "delivers": {str(size): int(n) for size, n in zip(UNIT_SIZES, homes, strict=True) if n},
        }
        if phase.progress == 0:
            stated["monthly_limit"] = -(-cost // 15)  # fifteen months of work at least
        yield stated
