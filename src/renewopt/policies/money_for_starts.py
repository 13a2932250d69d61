"""An account of the money for starts, as an office keeps it: what is committed against what comes, fund by fund.

It is a plain one. It knows stages and dated payments, and the fees of everybody who has moved out, taken to be housed
when the agreed term ends; it knows neither homes nor vouchers, and no money that lapses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from renewopt.problem import Problem, compile_problem
from renewopt.scenario.models import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, dated
from renewopt.scheduling.activities import Bools, Ints
from renewopt.units import PPM

__all__ = ["Account"]

MOST_GROUPS = 256
"""Groups of funds that are looked at; beyond, those of single payments and all funds together."""


class Account:
    """What is committed so far, in fen by month of the plan and of what stages run on beyond it.

    A payment may be made by some funds. What only the funds of a group may pay must, up to each month, be no more than
    has come into them: for every group that payments lead to.

    Parameters
    ----------
    scenario, programme
        With nothing started.
    """

    def __init__(self, scenario: Scenario, programme: Programme) -> None:
        each = self._activities = programme.activities
        months = programme.months
        # Stages are paid after the plan, too; fees only within it.
        self._books = months + int(each.stages["after"].max(initial=0))
        start = np.where(each.first <= each.last, each.first, NEVER_STARTS)
        nothing = _compiled(scenario, programme, np.full(len(each), NEVER_STARTS, dtype=np.int64))
        begun = _compiled(scenario, programme, start)
        patterns: dict[Payable, int] = {}

        def place(payable: Payable) -> int:
            return patterns.setdefault(payable, len(patterns))

        self._needs_of: list[list[_Since]] = [[] for _ in range(len(each))]
        for row, fen in enumerate(_stages(programme, self._books)):
            payable = tuple(programme.outlays.payable_by[row].tolist())
            self._needs_of[int(programme.outlays.activity[row])].append(_Since(place(payable), fen, self._books))
        rows = {int(project): row for row, project in enumerate(each.project.tolist()) if project >= 0}
        for project, payable, fen in _fees(begun, months):
            row = rows.get(project, NEVER_STARTS)
            if row != NEVER_STARTS and start[row] != NEVER_STARTS:
                self._needs_of[row].append(_Since(place(payable), fen[start[row] :], months))
        dated_needs = [
            (place(payable), fen) for _, payable, fen in (*_dated_needs(nothing, self._books), *_fees(nothing, months))
        ]
        payable_by = np.array(list(patterns), dtype=bool).reshape(len(patterns), len(nothing.funds))
        self._groups = _groups(payable_by)
        # (G, P) payments that only the funds of a group may make.
        outside = np.logical_and(payable_by[None], ~self._groups[:, None])
        self._inside = cast("Bools", np.logical_not(outside.any(axis=2)))
        money = _padded(nothing.funds.inflow, self._books)
        money[:, 0] += nothing.funds.opening
        committed = np.zeros((len(patterns), self._books), dtype=np.int64)
        for row, fen in dated_needs:
            committed[row, : fen.size] += fen
        came, spent = money.cumsum(axis=1), committed.cumsum(axis=1)
        self._left = self._groups.astype(np.int64) @ came - self._inside.astype(np.int64) @ spent

    def lasts(self, activity: int, month: int) -> bool:
        """Whether no group of funds falls short by this start, or shorter than it is already."""
        left = self._left + self._change(activity, month)
        return bool((left >= np.minimum(self._left, 0)).all())

    def commit(self, activity: int, month: int) -> None:
        """Book a start."""
        self._left = self._left + self._change(activity, month)

    def _change(self, activity: int, month: int) -> Ints:
        """(G, W) fen that each group has more by the end of each month, or less."""
        each = self._activities
        result: Ints = np.zeros_like(self._left)
        for need in self._needs_of[activity]:
            paid = np.zeros(self._books, dtype=np.int64)
            fen = need.fen[: max(need.until - month, 0)]
            paid[month : month + fen.size] = fen
            result -= self._inside[:, need.payment][:, None] * paid.cumsum()
        comes = int(month + each.ready[activity] + each.revenue_after[activity])
        if each.revenue_fund[activity] >= 0 and comes < self._books:
            into: Ints = self._groups[:, int(each.revenue_fund[activity])].astype(np.int64)
            result[:, comes:] += into[:, None] * int(each.revenue[activity])
        return result


def _compiled(scenario: Scenario, programme: Programme, starts: Ints) -> Problem:
    return compile_problem(dated(scenario, programme.named(starts), programme))


Payable = tuple[bool, ...]
"""Funds that may pay something."""
Entry = tuple[int, Payable, Ints]
"""Project (−1: none), funds that may pay it, fen by month."""


@dataclass(frozen=True, eq=False)
class _Since:
    """What a start causes: who may pay it, fen by months since the start, and the month before which it counts."""

    payment: int
    fen: Ints
    until: int


def _padded(table: Ints, width: int) -> Ints:
    """(n, W) a table by month of the books, cut or filled with nothing."""
    result = np.zeros((table.shape[0], width), dtype=np.int64)
    result[:, : table.shape[1]] = table[:, :width]
    return result


def _dated_needs(problem: Problem, months: int) -> list[Entry]:
    needs = problem.needs
    fixed = _padded(needs.fixed, months)
    some = np.flatnonzero(fixed.any(axis=1))
    return [(-1, tuple(needs.payable_by[row].tolist()), fixed[row]) for row in some.tolist()]


def _fees(problem: Problem, months: int) -> list[Entry]:
    """Fees by bill, to the end of each household's agreed term."""
    claims, fees, bills = problem.claims, problem.fees, problem.bills
    result = []
    for bill in np.unique(claims.bill[claims.bill >= 0]).tolist():
        mine = np.flatnonzero(claims.bill == bill)
        fen = np.where(fees.overdue[fees.clock[mine], :months], 0, fees.fen(mine, slice(0, months)))
        total = (fen * claims.count[mine][:, None]).sum(axis=0) * int(bills.paid_ppm[bill]) // PPM
        payable = tuple(problem.needs.payable_by[bills.need[bill]].tolist())
        result.append((int(bills.project[bill]), payable, total.astype(np.int64)))
    return result


def _stages(programme: Programme, months: int) -> Ints:
    """(m, W) fen of each outlay by months since the start."""
    stages = programme.activities.stages
    result = np.zeros((len(programme.outlays), months), dtype=np.int64)
    np.add.at(result, (stages["outlay"], stages["after"]), stages["fen"])
    return result


def _groups(payable_by: Bools) -> Bools:
    """(G, F) funds of single payments, and of every union of these, as far as that are not too many."""
    rows: list[list[bool]] = payable_by.tolist()
    found = {tuple(row) for row in rows}
    for one in sorted(found):
        union = {tuple(a or b for a, b in zip(one, other, strict=True)) for other in found}
        if len(found | union) > MOST_GROUPS:
            found.add(tuple(bool(payable_by[:, fund].any()) for fund in range(payable_by.shape[1])))
            break
        found |= union
    return np.array(sorted(found), dtype=bool).reshape(len(found), payable_by.shape[1])
