"""The programme as it is asked for: what may start by kind, the money for it, and what takes the longest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.funds import inflow_by_month
from renewopt.scenario.models import Scenario
from renewopt.scenario.network import earliest_starts, longest_path, precedence_graph
from renewopt.scheduling.activities import NEVER_STARTS, Ints, Programme
from renewopt.units import FEN_PER_YUAN, to_fen

__all__ = ["Overview", "first_starts", "look_over"]


@dataclass(frozen=True, eq=False)
class Overview:
    """What a programme asks for.

    Attributes
    ----------
    kinds
        A row for each kind: kind, projects, works, must (how many may not be left out), households (of projects, and
        helped by works), cost (yuan of all stages) and earmarked: yuan that come to the funds that may pay some stage
        of the kind, to the end of the horizon (a fund counts for each kind that it may pay).
    path
        The activities of the critical path, the first one first; empty where nothing waits for anything.
    months
        Months from the start of the first until the last is finished or cleared.
    idle
        Those that may be left out and that nothing urges to start: no delay cost, no land revenue or penalty, no phase
        on their land, nothing that must start waits for them, and no least number of starts counts them.
    """

    kinds: pd.DataFrame
    path: tuple[str, ...]
    months: int
    idle: tuple[str, ...]


def look_over(scenario: Scenario, programme: Programme) -> Overview:
    """Take stock of a programme.

    Parameters
    ----------
    scenario, programme
        The programme of the scenario, with an activity at least.
    """
    graph = precedence_graph(scenario)
    path, months = longest_path(graph)
    return Overview(_kinds(scenario, programme), tuple(path) if len(path) > 1 else (), months, _idle(programme))


def first_starts(scenario: Scenario, programme: Programme) -> Ints:
    """Start everything as early as windows and precedence let it, crews and money aside; what cannot is left out."""
    each = programme.activities
    window = {str(name): int(first) for name, first in zip(each.id.tolist(), each.first.tolist(), strict=True)}
    earliest = earliest_starts(precedence_graph(scenario), window)
    start = np.array([earliest[str(name)] for name in each.id.tolist()], dtype=np.int64)
    return np.where(start <= each.last, start, NEVER_STARTS)


def _kinds(scenario: Scenario, programme: Programme) -> pd.DataFrame:
    each, outlays = programme.activities, programme.outlays
    cost = np.zeros(len(each), dtype=np.int64)
    np.add.at(cost, each.stages.row, each.stages["fen"])
    calendar = Calendar(scenario.start, scenario.months, scenario.months)
    comes = [to_fen(fund.opening) + int(inflow_by_month(fund, calendar).sum()) for fund in scenario.funds]
    rows = []
    for kind in dict.fromkeys(each.kind.tolist()):
        mine = each.kind == kind
        payable = outlays.payable_by[mine[outlays.activity]].any(axis=0)
        rows.append(
            {
                "kind": str(kind),
                "projects": int((mine & ~each.is_work).sum()),
                "works": int((mine & each.is_work).sum()),
                "must": int(each.must[mine].sum()),
                "households": int(each.households[mine].sum()),
                "cost": int(cost[mine].sum()) / FEN_PER_YUAN,
                "earmarked": sum(fen for fen, pays in zip(comes, payable.tolist(), strict=True) if pays) / FEN_PER_YUAN,
            }
        )
    return pd.DataFrame(rows)


def _idle(programme: Programme) -> tuple[str, ...]:
    each = programme.activities
    urged = each.must | (each.delay_cost > 0) | (each.revenue > 0) | (each.penalty > 0)
    urged[programme.land.activities["activity"]] = True
    for row in np.flatnonzero(programme.counts.least > 0).tolist():
        urged |= programme.counts.counted[row]
    # What is urged urges all that comes before it.
    for _ in range(len(each)):
        before = programme.arcs.before[urged[programme.arcs.after]]
        if urged[before].all():
            break
        urged[before] = True
    return tuple(str(name) for name in each.id[~urged].tolist())
