"""What a run is judged by, read from its books."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger import Books, Violation
from renewopt.problem import Objective
from renewopt.results.programme import Started
from renewopt.results.savings import office_convention
from renewopt.scheduling import NEVER_STARTS
from renewopt.units import FEN_PER_YUAN

__all__ = ["measure", "settled_by_month", "waits_by_group", "with_programme"]

Ints = NDArray[np.int64]


def measure(books: Books, violations: list[Violation]) -> dict[str, Any]:
    """Figures of one run: yuan, households, months, labels of months.

    Parameters
    ----------
    violations
        Of the audit; a broken rule is no measure and is told apart.
    """
    totals, problem = books.totals, books.problem
    label = problem.calendar.label
    waits = books.waits()
    months, households = waits["months"], waits["households"]
    by_project = _means(waits["project"], months, households, len(problem.projects))
    missed = sum(int(v.found) for v in violations if v.code == "deadline.missed")
    closing = books.funds.closing[:, : problem.calendar.months].sum(axis=0)
    return {
        "objective": _yuan(books.objective()),
        "cost": _yuan(books.objective() - totals.penalty),
        "penalty": _yuan(totals.penalty),
        "transition_fees": _yuan(totals.transition_fees),
        "ordinary_fees": _yuan(int(books.fees.ordinary.sum())),
        "overdue_fees": _yuan(int(books.fees.overdue.sum())),
        "fees_after_horizon": _yuan(totals.valued),
        "surcharges": _yuan(totals.surcharges),
        "fiscal_cost": _yuan(totals.fiscal_cost),
        "shortfall": _yuan(totals.shortfall),
        "missed_deadlines": missed,
        "missed_targets": sum(v.code == "offset.target" for v in violations),
        "reserve_months_short": sum(v.rule == "reserve" for v in violations),
        "saved_office": _yuan(office_convention(books)),
        "households": books.households,
        "settled": books.settled,
        "clear_month": "" if books.clear_month is None else label(books.clear_month),
        "all_settled_month": "" if books.all_settled_month is None else label(books.all_settled_month),
        "overdue_peak": int(books.people.overdue[:, : problem.calendar.months].sum(axis=0).max(initial=0)),
        "wait_mean": _mean(months, households),
        "wait_p90": quantile(months, households, 0.9),
        "wait_longest": int(months.max(initial=0)),
        "wait_spread_of_projects": round(float(np.ptp(by_project)) if by_project.size else 0.0, 2),
        "arrears_peak": _yuan(int(books.payments.arrears.sum(axis=0).max(initial=0))),
        "idle_mean": _yuan(round(float(closing.mean()))),
        "idle_peak": _yuan(int(closing.max(initial=0))),
        "phases": int(books.construction.completed.sum()),
    }


def with_programme(row: dict[str, Any], begun: Started, objective: Objective) -> dict[str, Any]:
    """Figures of a run together with what its starts add: delay, and in the fiscal cost less the land revenue.

    Parameters
    ----------
    row
        As of `measure`.
    begun
        What starts when.
    objective
        That of the run.
    """
    return row | {
        "objective": round(row["objective"] + begun.adds(objective, objective.name), 2),
        "fiscal_cost": round(row["fiscal_cost"] + begun.land(objective), 2),
        "programme_delay": round(begun.delay, 2),
        "started": int((begun.starts != NEVER_STARTS).sum()),
        "not_started": begun.not_started,
    }


def settled_by_month(books: Books) -> list[int]:
    """Households housed up to each month of the horizon."""
    housed: Ints = np.cumsum(books.people.housed.sum(axis=0))[: books.problem.calendar.months]
    return [int(number) for number in housed]


def waits_by_group(books: Books) -> list[dict[str, Any]]:
    """Waits in months, by project, by urgency weight and by strict goal."""
    problem, waits = books.problem, books.waits()
    claims = problem.claims
    groups: list[tuple[str, str, NDArray[np.bool_]]] = [
        ("project", str(name), waits["project"] == number) for number, name in enumerate(problem.projects.tolist())
    ]
    weight = claims.weight[waits["claim"]]
    groups += [("weight", f"{value:g}", weight == value) for value in np.unique(claims.weight).tolist()]
    groups += [("tier", tier.name, tier.claims[waits["claim"]]) for tier in problem.objective.tiers]
    rows = []
    for kind, name, mine in groups:
        months, households = waits["months"][mine], waits["households"][mine]
        if households.sum():
            rows.append(
                {
                    "kind": kind,
                    "group": name,
                    "households": int(households.sum()),
                    "wait_mean": _mean(months, households),
                    "wait_p90": quantile(months, households, 0.9),
                    "wait_longest": int(months.max()),
                }
            )
    return rows


def quantile(values: Ints, weights: Ints, share: float) -> int:
    """Smallest value that at least `share` of the weight does not exceed.

    Examples
    --------
    >>> quantile(np.array([1, 5, 9]), np.array([8, 1, 1]), 0.9)
    5
    """
    if not weights.sum():
        return 0
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) >= share * weights.sum()
    return int(values[order][int(reached.argmax())])


def _mean(values: Ints, weights: Ints) -> float:
    total = int(weights.sum())
    return round(int((values * weights).sum()) / total, 2) if total else 0.0


def _means(group: Ints, values: Ints, weights: Ints, size: int) -> NDArray[np.float64]:
    """Mean of each group that has any weight."""
    total, weight = np.zeros(size), np.zeros(size)
    np.add.at(total, group, values * weights)
    np.add.at(weight, group, weights)
    means: NDArray[np.float64] = total[weight > 0] / weight[weight > 0]
    return means


def _yuan(fen: float) -> float:
    return round(float(fen) / FEN_PER_YUAN, 2)
