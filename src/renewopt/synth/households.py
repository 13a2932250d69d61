"""Households of a synthetic district, each one different.

Only uniform draws, sums and products are used (no logarithms, no library normals), so that a seed gives the same
households to the last digit on every machine.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.synth.figures import AREA_RANGE, ProjectFigures
from renewopt.units import Month

SPREAD = 0.24
"""Standard deviation of the areas of a project, relative to their mean."""
SKEW = 0.04
"""Large homes lie further from the mean than small ones."""
PERSONS = (0.08, 0.30, 0.62, 0.84, 0.95)
"""Cumulative shares of households of 1, 2, 3, 4, 5 persons; the rest are 6."""
MOVES = {-2: 0.08, -1: 0.17, 0: 0.40, 1: 0.20, 2: 0.10, 3: 0.05}
"""Shares of households that moved out so many months after the project's month."""
LATE_MOVES = {0: 0.60, 1: 0.20, 2: 0.10, 3: 0.10}
"""The same where the project starts with the horizon: nobody has moved out before."""
GROUPS = {"low_income": 0.03, "disabled": 0.02, "seriously_ill": 0.01}
ROUTES = {
    "": 0.72,  # all that the project offers
    "own_unit": 0.10,
    "own_unit;transfer": 0.08,
    "own_unit;voucher;cash": 0.06,
    "voucher;cash": 0.04,
}
TURNOVER = 0.01
"""Share that lives in turnover housing."""
OTHER_TERM = 0.03
"""Share that agreed on the other building type than its project."""

COLUMNS = ("id", "project", "area", "persons", "moved_out", "term_class", "turnover", "groups", "routes")


def draw_households(
    projects: dict[str, ProjectFigures], counts: NDArray[np.int64], start: Month, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the households of all projects.

    Parameters
    ----------
    projects
        Figures by project id.
    counts
        (J,) households of each project.
    start
        Month 0.
    rng
        Source of chance; only its `random` is used.

    Returns
    -------
    DataFrame
        One row per household with `COLUMNS`; area in m² to 0.01, months as text, empty cells where the project's
        statement holds.
    """
    tables = [
        _draw_project(project, figures, int(count), start, rng)
        for (project, figures), count in zip(projects.items(), counts, strict=True)
        if count
    ]
    return pd.concat(tables, ignore_index=True)


def _draw_project(
    project: str, figures: ProjectFigures, count: int, start: Month, rng: np.random.Generator
) -> pd.DataFrame:
    numbers = pd.Series(np.arange(1, count + 1), dtype="int64").astype(str)
    bell = _bell(count, rng)
    # A larger home goes with a larger family: the same bell moves both, loosely.
    persons = 1 + np.searchsorted(PERSONS, np.clip(rng.random(count) + 0.1 * bell, 0.0, 0.999999), side="right")
    moves = _choose(LATE_MOVES if figures.months_out == 0 else MOVES, count, rng)
    other = "low_rise" if figures.term_class == "high_rise" else "high_rise"
    moved_out = _texts({k: str(start + (k - figures.months_out)) for k in range(-2, 4)}, moves)
    return pd.DataFrame(
        {
            "id": f"{project}-" + numbers.str.zfill(max(4, len(str(count)))),
            "project": project,
            "area": _areas(figures.area, bell),
            "persons": persons,
            "moved_out": moved_out,
            "term_class": np.where(rng.random(count) < OTHER_TERM, other, ""),
            "turnover": np.where(rng.random(count) < TURNOVER, "true", ""),
            "groups": _groups(count, rng),
            "routes": _texts(dict(enumerate(ROUTES)), _choose(dict(enumerate(ROUTES.values())), count, rng)),
        },
        columns=list(COLUMNS),
    )


def _bell(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """(count,) with mean 0 and variance 1: twelve uniform draws added, less six."""
    total = np.full(count, -6.0)
    for _ in range(12):
        total += rng.random(count)
    return total


def _areas(mean: float, bell: NDArray[np.float64]) -> NDArray[np.float64]:
    """(count,) m² in hundredths, their mean as near to `mean` as the bounds allow."""
    low, high = AREA_RANGE
    areas = mean * (1.0 + SPREAD * bell + SKEW * (bell * bell - 1.0))
    for _ in range(8):  # clipping moves the mean: shift and clip again
        areas = np.clip(areas, low, high)
        areas += mean - areas.sum() / areas.size
    hundredths = np.rint(np.clip(areas, low, high) * 100.0).astype(np.int64)
    _spread(hundredths, round(mean * 100 * hundredths.size) - int(hundredths.sum()))
    result: NDArray[np.float64] = hundredths / 100.0
    return result


def _spread(hundredths: NDArray[np.int64], rest: int) -> None:
    """Add `rest` in equal parts to the rows inside of the bounds, a hundredth at a time, in place."""
    low, high = (round(100 * bound) for bound in AREA_RANGE)
    inside = np.flatnonzero((hundredths > low + 200) & (hundredths < high - 200))
    if inside.size and abs(rest) <= 200 * inside.size:
        each, more = divmod(abs(rest), inside.size)
        step = np.full(inside.size, each) + (np.arange(inside.size) < more)
        hundredths[inside] += step if rest > 0 else -step


def _choose(shares: dict[int, float], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """(count,) keys of `shares`, drawn with these shares; the last takes what is left."""
    keys = np.array(list(shares))
    bounds = np.cumsum(list(shares.values()))[:-1]
    chosen: NDArray[np.int64] = keys[np.searchsorted(bounds, rng.random(count), side="right")]
    return chosen


def _texts(texts: dict[int, str], keys: NDArray[np.int64]) -> NDArray[np.object_]:
    """(n,) text of each key."""
    table = np.array(list(texts.values()), dtype=object)
    known = np.array(list(texts))
    result: NDArray[np.object_] = table[np.searchsorted(known, keys)]
    return result


def _groups(count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """(count,) groups of each household, separated by semicolons."""
    number = np.zeros(count, dtype=np.int64)
    for bit, share in enumerate(GROUPS.values()):
        number += (rng.random(count) < share).astype(np.int64) << bit
    names = {
        key: ";".join(name for bit, name in enumerate(GROUPS) if key >> bit & 1) for key in range(1 << len(GROUPS))
    }
    return _texts(names, number)
