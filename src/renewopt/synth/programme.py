"""Draw a programme: a district under way, and what may start beside it over the years, out of the same money.

Costs and periods are assumed orders of magnitude: `docs/programme.md` says what is known of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from renewopt.synth.district import HOUSEHOLDS_FILE, SyntheticDistrict, synthesise
from renewopt.synth.figures import BUILD_COST, UNIT_SIZES
from renewopt.synth.supply import homes_due
from renewopt.units import Month
from renewopt.vocabulary import WorkKind

__all__ = ["synthesise_programme"]

MONTHS = 60
BANDS = 8
"""Rows of a project: its households by size, in bands of equally many."""
STARTING = 3
"""One household in so many belongs to a project that may start."""
MU_OF_M2 = 1 / (667 * 1.5)
"""Mu of land freed by a m² of floor area, at a floor-area ratio of 1.5."""
PER_MU = 2_500_000
"""Yuan that a mu brings."""
DEMOLITION = 80
"""Yuan a m² of floor area."""
RESETTLED = 0.6
"""Homes built on a village's own ground, for each home due to its households."""


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """A kind of works.

    Attributes
    ----------
    kind, prefix, count
        Its name, how ids begin, how many there are.
    cost
        Lowest and highest, in yuan.
    duration
        Shortest and longest, in months.
    until
        Months from the start within which they may begin.
    helped
        Households that one million yuan helps.
    delay
        Cost of a month of delay, as a share of the cost.
    """

    kind: str
    prefix: str
    count: int
    cost: tuple[int, int]
    duration: tuple[int, int]
    until: int
    helped: int
    delay: float


WORKS = (
    # 20,000 to 40,000 yuan a household; to be done by the end of the third year.
    WorkFigures(WorkKind.OLD_COMMUNITY, "C", 10, (6_000_000, 18_000_000), (8, 14), 30, 33, 0.004),
    # One year.
    WorkFigures(WorkKind.BACK_STREET, "S", 8, (1_000_000, 3_000_000), (3, 6), 12, 60, 0.006),
    WorkFigures(WorkKind.SUPPORTING_WORKS, "R", 8, (8_000_000, 30_000_000), (10, 18), 40, 0, 0.002),
)
PROJECTS = {WorkKind.URBAN_VILLAGE: ("V", 7), WorkKind.ACQUISITION: ("A", 5)}
HEADING = (
    "Five years of a district: what was begun, and 38 projects and works of five kinds that may start.",
    "",
    "Drawn by chance, and assumed throughout, in orders of magnitude that docs/programme.md gives with their sources:",
    "    python -m renewopt.synth --programme --households {households} --seed {seed} --out DIR",
)
EARMARKED = {
    "village_bond": [WorkKind.URBAN_VILLAGE],
    "renewal_grant": [WorkKind.OLD_COMMUNITY, WorkKind.BACK_STREET],
}


def synthesise_programme(households: int = 15_000, *, seed: int = 0, start: str = "2024-01") -> SyntheticDistrict:
    """Draw a programme of five years, with 12 projects and 26 works that may start.

    A third of the households belong to the projects that may start; the others have moved out, as in `synthesise`.
    Households of a project stand in rows of many: who lives in a village that is not begun is not known by name.

    Parameters
    ----------
    households
        At least 1,000.
    seed
        The same seed and arguments give the same programme, to the last digit.
    start
        Month 0.

    Returns
    -------
    SyntheticDistrict

    Raises
    ------
    ValueError
        If there are too few households.

    Examples
    --------
    >>> programme = synthesise_programme(1_500, seed=1)
    >>> len(programme.document["works"]), int(programme.households["count"].sum())
    (26, 1500)
    """
    if households < 1_000:
        raise ValueError(f"{households} households: a programme needs at least 1,000")
    first = Month.parse(start)
    rng = np.random.Generator(np.random.PCG64([seed, 1]))
    begun = synthesise(households - households // STARTING, seed=seed, months=MONTHS, start=start)
    villages = _villages(households // STARTING, first, rng)
    table = pd.concat([_in_bands(begun.households), *(village.table for village in villages)], ignore_index=True)
    size = households / 15_000
    stated = dict(begun.document)
    funds = [*stated["funds"], *_funds(size, first)]
    document: dict[str, Any] = {
        **stated,
        "name": f"Synthetic programme of {households:,} households (seed {seed})",
        "projects": [*stated["projects"], *(village.project for village in villages)],
        "households": {"file": HOUSEHOLDS_FILE},
        "estates": [*stated["estates"], *(village.estate for village in villages)],
        "works": _works(size, first, rng),
        "crews": [{"id": "casework", "per_month": 3}, {"id": "builders", "per_month": 6}],
        "precedence": _precedence([village.project["id"] for village in villages]),
        "starts": [{"kind": WorkKind.BACK_STREET, "by": str(first + 11), "least": 4}],
        "funds": funds,
        "variants": _variants(villages),
    }
    heading = tuple(line.format(households=households, seed=seed) for line in HEADING)
    return SyntheticDistrict(document, table, "programme.yaml", heading)


@dataclass(frozen=True, eq=False)
class _Village:
    project: dict[str, Any]
    estate: dict[str, Any]
    table: pd.DataFrame


def _in_bands(table: pd.DataFrame) -> pd.DataFrame:
    """Households of each project in rows of many, by area; what only some of them have is left out."""
    rows = []
    for project, mine in table.groupby("project", sort=False):
        areas = np.sort(mine["area"].to_numpy())
        rows += _bands(str(project), areas)
    return pd.DataFrame(rows)


def _bands(project: str, areas: np.ndarray[Any, np.dtype[np.float64]]) -> list[dict[str, Any]]:
    parts = [part for part in np.array_split(areas, BANDS) if part.size]
    return [
        {"id": f"{project}-{number}", "project": project, "count": part.size, "area": round(float(part.mean()), 2)}
        for number, part in enumerate(parts, start=1)
    ]


def _villages(households: int, start: Month, rng: np.random.Generator) -> list[_Village]:
    listed = [(kind, f"{prefix}{n + 1}") for kind, (prefix, count) in PROJECTS.items() for n in range(count)]
    weight = 0.5 + rng.random(len(listed))
    bounds = np.rint(np.cumsum(weight) / weight.sum() * households).astype(np.int64)
    counts = np.diff(bounds, prepend=0)
    return [_village(kind, name, int(count), start, rng) for (kind, name), count in zip(listed, counts, strict=True)]


def _village(kind: str, name: str, count: int, start: Month, rng: np.random.Generator) -> _Village:
    """One project that may start, and the estate on its ground."""
    areas = np.sort(np.round(90.0 + 80.0 * rng.random(count), 2))
    floor = float(areas.sum())
    after = 12 + int(12 * rng.random())
    early = int(18 * rng.random())
    project = {
        "id": name,
        "kind": kind,
        "fee_policy": "standard",
        "home_policy": "homes",
        "term_class": "high_rise",
        "obligation": 6_600,
        "start": {"from": str(start + early), "to": str(start + early + 24)},
        "signing": [{"after": 0, "share": 0.5}, {"after": 2, "share": 0.3}, {"after": 4, "share": 0.2}],
        "stages": [{"after": 4, "amount": _yuan(floor * DEMOLITION), "use": "commitments"}],
        "crews": {"casework": 1},
        "clearing": 3,
        "land": {"revenue": _yuan(floor * MU_OF_M2 * PER_MU), "after": after, "into": "revenue"},
        "delay_cost": _yuan(count * (200 + 300 * rng.random())),
    }
    homes = np.maximum(np.ceil(homes_due(areas).sum(axis=0) * RESETTLED).astype(np.int64), 1)
    cost = int(homes @ np.array(UNIT_SIZES)) * BUILD_COST
    estate = {
        "id": f"E{name}",
        "projects": [name],
        "units": [{"type": str(size), "area": size} for size in UNIT_SIZES],
        "phases": [
            {
                "id": f"E{name}-1",
                "cost": cost,
                "monthly_limit": -(-cost // 12),
                "land": [name],
                "build_months": 18,
                "delivers": {str(size): int(number) for size, number in zip(UNIT_SIZES, homes, strict=True)},
            }
        ],
    }
    return _Village(project, estate, pd.DataFrame(_bands(name, areas)))


def _works(size: float, start: Month, rng: np.random.Generator) -> list[dict[str, Any]]:
    works = []
    for figures in WORKS:
        for number in range(figures.count):
            low, high = figures.cost
            cost = (low + (high - low) * rng.random()) * size
            short, long = figures.duration
            duration = short + int((long - short + 1) * rng.random())
            since = int(figures.until * 0.4 * rng.random())
            works.append(
                {
                    "id": f"{figures.prefix}{number + 1}",
                    "kind": figures.kind,
                    "start": {"from": str(start + since), "to": str(start + figures.until)},
                    "duration": duration,
                    "cost": _yuan(cost),
                    "uses": ["commitments"],
                    "stages": [{"after": 0, "share": 0.3}, {"after": duration // 2, "share": 0.4},
                               {"after": duration, "share": 0.3}],
                    "crews": {"builders": 1},
                    "delay_cost": _yuan(cost * figures.delay * (0.5 + rng.random())),
                    "households_helped": round(cost / 1e6 * figures.helped),
                }
            )  # fmt: skip
    return works


def _precedence(projects: list[str]) -> list[dict[str, Any]]:
    """Supporting works come after the clearing of the ground that they stand on."""
    return [
        {"before": project, "after": f"R{number + 1}", "from": "cleared"}
        for number, project in enumerate(projects[: WORKS[-1].count // 2])
    ]


def _funds(size: float, start: Month) -> list[dict[str, Any]]:
    """Money for some kinds alone; land revenue comes into the revenue."""
    amounts = {"village_bond": 120_000_000, "renewal_grant": 30_000_000}
    uses = {"village_bond": ["commitments", "construction"], "renewal_grant": ["commitments"]}
    return [
        {
            "id": fund,
            "uses": uses[fund],
            "kinds": kinds,
            "inflow": {"by_month": {str(start + month): _yuan(amounts[fund] * size) for month in range(1, MONTHS, 12)}},
        }
        for fund, kinds in EARMARKED.items()
    ]


def _variants(villages: list[_Village]) -> dict[str, Any]:
    """All as wished; without an agency's advance; only what can be housed in time; half the land revenue."""
    projects = [village.project for village in villages]
    return {
        "all-as-wished": {
            "projects": [{"id": project["id"], "start": {**project["start"], "must": True}} for project in projects]
        },
        "compliant": {"funds": [{"id": "agency_advance", "borrow": {"limit": 0}}]},
        "housed-in-time": {"objective": {"start_only_if_housed": True}},
        "lean-land-market": {
            "projects": [
                {"id": project["id"], "land": {"revenue": project["land"]["revenue"] // 2}} for project in projects
            ]
        },
    }


def _yuan(amount: float) -> int:
    """Whole thousands of yuan, at least one."""
    return max(1_000, round(amount / 1_000) * 1_000)
