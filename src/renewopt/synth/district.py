"""Draw a district and write it as a scenario folder."""

from __future__ import annotations

from dataclasses import dataclass
from io import SEEK_END, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from ruamel.yaml import YAML

from renewopt.disk import (
    Kind,
    OutputExistsError,
    claimed,
    digest,
    foreign_files,
    put_folder,
    put_inside,
    refuse_foreign,
)
from renewopt.synth.figures import PROJECTS, ProjectFigures
from renewopt.synth.households import draw_households
from renewopt.synth.money import MONEY, Money, statements
from renewopt.synth.supply import estate, homes_due
from renewopt.units import Month

__all__ = ["SyntheticDistrict", "synthesise", "write"]

HOUSEHOLDS_FILE = "households.csv"


@dataclass(frozen=True, eq=False)
class SyntheticDistrict:
    """A district drawn by chance.

    Attributes
    ----------
    document
        The scenario as its YAML file states it; its ``households`` name the CSV file.
    households
        One row per household.
    file
        Name of the scenario file.
    heading
        Comment at its top, line by line.
    """

    document: dict[str, Any]
    households: pd.DataFrame
    file: str = "district.yaml"
    heading: tuple[str, ...] = ()

    def yaml(self) -> str:
        """Return the scenario file's text."""
        target = StringIO("".join(f"# {line}".rstrip() + "\n" for line in self.heading))
        target.seek(0, SEEK_END)
        writer = YAML(typ="safe", pure=True)
        writer.default_flow_style = False
        writer.allow_unicode = True
        writer.width = 120
        writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
        writer.dump(self.document, target)
        return target.getvalue()

    def csv(self) -> str:
        """Return the text of the table of households."""
        return self.households.to_csv(index=False, float_format="%.2f", lineterminator="\n")


def synthesise(
    households: int = 3_200,
    *,
    seed: int = 0,
    projects: int = 8,
    months: int = 60,
    money: Money = "tight",
    phases: int | None = None,
    start: str = "2024-01",
) -> SyntheticDistrict:
    """Draw a district in which every household is different.

    Homes and money grow with the number of households, so that a district of any size is about as hard to plan.

    Parameters
    ----------
    households
        At least one for each project.
    seed
        The same seed and arguments give the same district, to the last digit.
    projects
        Projects, each with its own estate; beyond eight the figures repeat.
    months
        Months that are planned, 24 or more.
    money
        ``tight``: fees and debts leave little; ``loose``: half as much money again, and still every month lacks some;
        ``ample``: five times as much, so that money is scarce in few months and homes are what is waited for.
    phases
        Phases of each estate under construction; None: one to three.
    start
        Month 0.

    Returns
    -------
    SyntheticDistrict

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> district = synthesise(1_000, seed=7)
    >>> len(district.households), len(district.document["projects"])
    (1000, 8)
    """
    _check(households, projects, months, money, phases)
    first = Month.parse(start)
    rng = np.random.Generator(np.random.PCG64(seed))
    figures = {f"P{j + 1}": PROJECTS[j % len(PROJECTS)] for j in range(projects)}
    table = draw_households(figures, _counts(list(figures.values()), households), first, rng)
    enterprise = [project for project, each in figures.items() if not each.phases]
    supply = _estates(figures, table, first, phases)
    pending = [each["id"] for each in supply if any("monthly_limit" in phase for phase in each.get("phases", []))]
    document: dict[str, Any] = {
        "name": f"Synthetic district of {households:,} households (seed {seed}, {money} money)",
        "start": str(first),
        "months": months,
        "projects": [_project(project, each, first) for project, each in figures.items()],
        "households": {"file": HOUSEHOLDS_FILE},
        "estates": supply,
        **statements(households, money, first, months, enterprise[0] if enterprise else None, pending or ["E1"]),
        "objective": {"minimise": "transition_fees", "discount_rate": 0.03},
    }
    return SyntheticDistrict(document, table)


def write(folder: str | Path, district: SyntheticDistrict) -> Path:
    """Write a district as its scenario file, ``district.yaml`` or ``programme.yaml``, and ``households.csv``.

    Parameters
    ----------
    folder
        Made where it does not exist; other files in it stay.
    district
        What `synthesise` returned.

    Returns
    -------
    Path
        The scenario file.

    Raises
    ------
    OutputExistsError
        If files of these names lie there with another content.
    OSError
        If they cannot be written; the folder is as it was then.
    """
    place = Path(folder)
    contents = {HOUSEHOLDS_FILE: district.csv().encode(), district.file: district.yaml().encode()}
    if place.exists() and not place.is_dir():
        raise OutputExistsError(place)
    kind = Kind(frozenset(contents), district.file, lambda _: {n: [digest(each)] for n, each in contents.items()})
    with claimed(place, kind) as claim:
        if not claim.real.is_dir() or not any(claim.real.iterdir()):
            put_folder(claim, kind, contents)
        else:
            refuse_foreign(place, [name for name in foreign_files(claim.real, kind) if name in contents])
            put_inside(claim.real, kind, contents, [name for name in contents if (claim.real / name).exists()])
    return place / district.file


def _check(households: int, projects: int, months: int, money: str, phases: int | None) -> None:
    if projects < 1 or households < projects:
        raise ValueError(f"{households} households in {projects} projects: at least one of each, and one for each")
    if months < 24:
        raise ValueError(f"{months} months: at least 24 are needed, no unbuilt estate is finished earlier")
    if money not in MONEY:
        raise ValueError(f"money is {money!r}; expected one of {', '.join(MONEY)}")
    if phases is not None and phases < 1:
        raise ValueError(f"{phases} phases: at least 1 is needed")


def _counts(figures: list[ProjectFigures], households: int) -> NDArray[np.int64]:
    """(J,) households of each project, in the proportions of the figures, one at least."""
    shares = np.array([each.households for each in figures], dtype=np.int64)
    counts: NDArray[np.int64] = shares * households // shares.sum()
    order = np.argsort(-(shares * households % shares.sum()), kind="stable")
    counts[order[: households - counts.sum()]] += 1
    while (counts == 0).any():
        counts[counts.argmin()] += 1
        counts[counts.argmax()] -= 1
    return counts


def _project(project: str, figures: ProjectFigures, start: Month) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "id": project,
        "fee_policy": "standard" if figures.phases else "enterprise",
        "home_policy": "homes",
        "moved_out": str(start + -figures.months_out),
        "term_class": figures.term_class,
        "obligation": 6_600,
    }
    if figures.weight != 1:
        stated["weight"] = figures.weight
    return stated


def _estates(
    figures: dict[str, ProjectFigures], table: pd.DataFrame, start: Month, phases: int | None
) -> list[dict[str, Any]]:
    """One estate for each project; those with more homes than are due take in projects whose own are long away."""
    names = list(figures)
    due = homes_due(table["area"].to_numpy())
    owner = table["project"].to_numpy()
    supply = []
    for place, (project, each) in enumerate(figures.items()):
        others = names[place + 1 :] + names[:place]
        far = [name for name in others if figures[name].months_out > 0 and _months_away(figures[name]) > 12]
        homes = due[owner == project].sum(axis=0)
        supply.append(estate(f"E{place + 1}", project, each, homes, start, phases, far[:3] if each.homes > 1 else []))
    return supply


def _months_away(figures: ProjectFigures) -> int:
    return max((phase.earliest for phase in figures.phases), default=0)
