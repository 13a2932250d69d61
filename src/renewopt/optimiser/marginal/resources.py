"""What there may be more or less of, as a change of the problem and of the right-hand sides of its linear model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.model.columns import lookup
from renewopt.optimiser.model.linear import FloatArray, IntArray, LinearModel
from renewopt.problem import Problem, Ragged
from renewopt.vocabulary import Scarce

__all__ = ["MILLION", "Directions", "Resource", "resources_of"]

MILLION = 100.0
"""万元 in the unit of money."""
FEN_PER_MILLION = 100_000_000
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that may be scarce.

    Attributes
    ----------
    kind
        ``money``: a million yuan that comes into a fund; ``homes``: a home (m², person, as the pool is counted) that
        arrives in a pool, open for transfer where the pool is reserved; ``transfer``: one of the pool's homes that is
        opened for transfer; ``limit``: a household that a limit lets through, each month where it is a monthly one;
        ``debt``: a million yuan of a developer's debt that falls due.
    item
        Fund, pool, limit or developer of the problem.
    month
        In which it comes; −1 where it is no matter of a month.
    """

    kind: str
    item: int
    month: int = -1

    @property
    def least(self) -> float:
        """The smallest amount, in units of one: a fen, a hundredth of a home, a household."""
        if self.kind in (Scarce.MONEY, Scarce.DEBT):
            return 1 / FEN_PER_MILLION
        return 1.0 if self.kind == Scarce.LIMIT else 1 / HUNDREDTHS

    def name(self, problem: Problem) -> str:
        """Id of the fund, pool, limit or developer."""
        ids = {
            Scarce.MONEY: problem.funds.id,
            Scarce.LIMIT: problem.limits.id,
            Scarce.DEBT: problem.developers.id,
        }
        return str(ids.get(self.kind, problem.pools.id)[self.item])

    def most_less(self, problem: Problem) -> float:
        """Units of which there can be less: of money, homes and debt what comes in the month, at the most."""
        item, month, pools = self.item, self.month, problem.pools
        if self.kind == Scarce.LIMIT:
            return float(problem.limits.cap[item])
        if self.kind == Scarce.DEBT:
            return float(problem.developers.debt_due[item, month]) / FEN_PER_MILLION
        if self.kind == Scarce.MONEY:
            funds = problem.funds
            return float(funds.inflow[item, month] + (funds.opening[item] if month == 0 else 0)) / FEN_PER_MILLION
        there = pools.surplus[item] if pools.surplus[item] >= 0 else np.inf
        if self.kind == Scarce.HOMES:
            coming = (pools.arrivals.row == item) & (pools.arrivals["month"] == month)
            there = min(there, pools.arrivals["amount"][coming].sum())
        return float(there) / HUNDREDTHS

    def changed(self, problem: Problem, amount: float) -> Problem:
        """The problem with so many units more, to the fen, hundredth or household; less where `amount` is negative."""
        if self.kind == Scarce.MONEY:
            inflow = problem.funds.inflow.copy()
            inflow[self.item, self.month] += round(amount * FEN_PER_MILLION)
            return replace(problem, funds=replace(problem.funds, inflow=inflow))
        if self.kind == Scarce.DEBT:
            due = problem.developers.debt_due.copy()
            due[self.item, self.month] += round(amount * FEN_PER_MILLION)
            return replace(problem, developers=replace(problem.developers, debt_due=due))
        if self.kind == Scarce.LIMIT:
            cap = problem.limits.cap.copy()
            cap[self.item] += round(amount)
            return replace(problem, limits=replace(problem.limits, cap=cap))
        pools, hundredths = problem.pools, round(amount * HUNDREDTHS)
        if pools.surplus[self.item] >= 0:
            surplus = pools.surplus.copy()
            surplus[self.item] += hundredths
            pools = replace(pools, surplus=surplus)
        if self.kind == Scarce.HOMES:
            known = pools.arrivals
            arrivals = Ragged.build(
                len(pools),
                np.append(known.row, self.item),
                month=np.append(known["month"], self.month),
                amount=np.append(known["amount"], hundredths),
            )
            pools = replace(pools, arrivals=arrivals)
        return replace(problem, pools=pools)


class Directions:
    """Right-hand sides of a model that a unit more of a resource moves.

    Parameters
    ----------
    problem, model
        The model's rows ``fund``, ``valid``, ``stock``, ``reservation``, ``limit`` and ``debt`` are read, where it has
        them; it may be of the problem with needs merged or of its classes.
    """

    def __init__(self, problem: Problem, model: LinearModel) -> None:
        self._problem = problem
        self._rows = {
            name: lookup(block, tuple(int(key.max(initial=-1)) + 1 for key in block.keys))
            for name in ("fund", "valid", "stock", "reservation", "limit", "debt")
            if (block := model.rows.get(name)) is not None
        }

    def of(self, resource: Resource) -> tuple[IntArray, FloatArray]:
        """Rows, and by how much each moves (万元, homes or households) for a unit more; none where it has no row."""
        item, month = resource.item, resource.month
        if resource.kind == Scarce.MONEY:
            row, valid = self._at("fund", item, month), self._still_valid(item, month)
            return _given(np.concatenate([row, valid]), MILLION)
        if resource.kind == Scarce.DEBT:
            return _given(self._at("debt", item, month), MILLION)
        if resource.kind == Scarce.LIMIT:
            table = self._rows.get("limit")
            return _given(_none() if table is None else table[item], 1.0)
        opened = self._at("reservation", item, 0)
        return _given(
            opened if resource.kind == Scarce.TRANSFER else np.append(self._at("stock", item, month), opened), 1.0
        )

    def _at(self, name: str, item: int, month: int) -> IntArray:
        table = self._rows.get(name)
        if table is None or item >= table.shape[0] or month >= table.shape[1]:
            return _none()
        return table[item, month : month + 1]

    def _still_valid(self, fund: int, month: int) -> IntArray:
        """Limits on what is left of a fund by its age, in the months in which money of this month is still young."""
        table = self._rows.get("valid")
        if table is None or fund >= table.shape[0]:
            return _none()
        since = self._problem.funds.valid_since[fund, : table.shape[1]]
        closing = np.arange(since.size)
        return table[fund, : since.size][(since >= 0) & (since <= month) & (month <= closing)]


def _none() -> IntArray:
    return np.zeros(0, dtype=np.int64)


def _given(rows: IntArray, amount: float) -> tuple[IntArray, FloatArray]:
    kept = rows[rows >= 0]
    return kept, np.full(kept.size, amount)


def resources_of(problem: Problem, months: IntArray | None = None) -> list[Resource]:
    """List all that may be scarce.

    Parameters
    ----------
    months
        Months in which money, homes and debt may come; default: all in which something can still be decided.
    """
    calendar = problem.calendar
    when = np.arange(calendar.now, calendar.months) if months is None else months
    reserved = np.flatnonzero(problem.pools.surplus >= 0).tolist()
    return [
        *(Resource(Scarce.MONEY, fund, int(t)) for fund in range(len(problem.funds)) for t in when),
        *(Resource(Scarce.HOMES, pool, int(t)) for pool in range(len(problem.pools)) for t in when),
        *(Resource(Scarce.TRANSFER, pool) for pool in reserved),
        *(Resource(Scarce.LIMIT, limit) for limit in range(len(problem.limits))),
        *(Resource(Scarce.DEBT, developer, int(t)) for developer in range(len(problem.developers.id)) for t in when),
    ]
