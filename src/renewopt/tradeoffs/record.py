"""The data of many plans of one district, which everything that tells of them or writes them reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from renewopt.comparison.running import Instance
from renewopt.results.reporting.facts import names
from renewopt.results.stated import state
from renewopt.scenario import Scenario
from renewopt.tradeoffs.solving import Answer
from renewopt.wording import Place

__all__ = ["FIGURES", "PHASES", "ROUTES", "TIMINGS", "Asked", "points_table", "tables_of"]

FIGURES = {
    "status": "text",
    "objective": "money",
    "bound": "money",
    "gap": "number",
    "transition_fees": "money",
    "fiscal_cost": "money",
    "lacking": "money",
    "programme_delay": "money",
    "started": "count",
    "not_started": "count",
    "households": "count",
    "settled": "count",
    "clear_month": "text",
    "all_settled_month": "text",
    "wait_mean": "number",
    "wait_longest": "count",
    "wait_spread_of_projects": "number",
    "phases": "count",
    "reason": "text",
}
"""What is told of a point, and how it is written; ``lacking``: yuan that every plan is proven to lack."""
PHASES = {"point": "count", "phase": "text", "completed": "text"}
ROUTES = {"point": "count", "route": "text", "households": "count"}
TIMINGS = {"point": "count", "seconds": "number"}


@dataclass(frozen=True)
class Asked:
    """What was asked for.

    Attributes
    ----------
    name, variant
        Of the scenario.
    objective
        What is minimised.
    gap
        At which each search ends.
    names
        Names that the planner gave, by kind and id.
    place
        Whose currency and words are used.
    reads
        Files of the scenario.
    """

    name: str
    variant: str | None
    objective: str
    gap: float
    names: Mapping[str, Mapping[str, str]]
    place: Place
    reads: tuple[Path, ...]

    @classmethod
    def of(cls, instance: Instance, scenario: Scenario, gap: float) -> Asked:
        """Take it from a scenario."""
        objective = instance.objective or scenario.objective.minimise
        stated = names(state(scenario))
        return cls(scenario.name, scenario.variant, objective, gap, stated, scenario.place, scenario.read_paths)


def points_table(answers: Sequence[Answer], more: Mapping[str, Iterable[Any]]) -> pd.DataFrame:
    """A row for each point, numbered from 1: what it is (`more`), and its figures."""
    table = pd.DataFrame({"point": range(1, len(answers) + 1), **{name: list(values) for name, values in more.items()}})
    rows = pd.DataFrame([answer.row for answer in answers]).reindex(columns=list(FIGURES))
    for name, kind in FIGURES.items():
        rows[name] = rows[name].where(rows[name].notna(), "") if kind == "text" else rows[name].astype(float)
    return pd.concat([table, rows], axis=1)


def tables_of(answers: Sequence[Answer]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Phases, routes and seconds of the points."""
    phases = [(k, phase, month) for k, answer in enumerate(answers, 1) for phase, month in answer.phases.items()]
    routes = [(k, route, count) for k, answer in enumerate(answers, 1) for route, count in answer.routes.items()]
    seconds = [(k, round(answer.seconds, 3)) for k, answer in enumerate(answers, 1)]
    return (
        pd.DataFrame(phases, columns=list(PHASES)),
        pd.DataFrame(routes, columns=list(ROUTES)),
        pd.DataFrame(seconds, columns=list(TIMINGS)),
    )
