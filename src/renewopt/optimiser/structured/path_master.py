"""The classes' relaxation by columns: a column for each choice of a class, its waiting until then included.

Only choices that pay enter; after every solve the others are priced and the best of them added, until none is worth
having. The basis stays from solve to solve, so that a change of bounds on phases costs a few pivots.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model import FloatArray, LinearModel, add_up
from renewopt.optimiser.structured.bound import Responses, admissible, linking_rows
from renewopt.optimiser.variables import Formulation

IntArray = NDArray[np.int64]
ROUNDS = 6
CLOSE = 2e-4
"""Pricing stops when all choices left out could improve the value by less than this share."""
BLENDS = (1.0, 0.3, 0.1, 0.03, 0.0)
"""Steps from the centre to the newest duals at which a bound is looked for."""
PER_CLASS = 3
"""Choices of a class that enter in a round, at the most."""


@dataclass(frozen=True, eq=False)
class Centre:
    """Duals to stay near to: those with the best bound so far.

    Attributes
    ----------
    y
        Admissible duals of the classes' linking rows.
    small
        Value of supply and money at these duals: what a bound has besides the households' responses. It holds within
        tighter bounds on phases as well.
    """

    y: FloatArray
    small: float


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A solved relaxation of the classes.

    Attributes
    ----------
    status
        As `Raw.status`.
    value
        Of the columns that have entered.
    bound
        For the classes' relaxation with all columns: value less what the others could still improve.
    x
        Columns of the classes' model (waiting left at 0).
    centre
        Duals that give the bound.
    """

    status: str
    value: float
    bound: float
    x: FloatArray | None
    centre: Centre | None


class PathMaster:
    """Columns on demand for a classes' model."""

    def __init__(self, f: Formulation, model: LinearModel, responses: Responses, opened: NDArray[np.bool_]) -> None:
        self._f, self._model, self._responses = f, model, responses
        self._linking = linking_rows(model)
        self._count = f.problem.claims.count.astype(np.float64)
        settle, waiting = model.columns["settle"], model.columns["waiting"]
        self._first = settle.size + waiting.size
        kept = np.ones(model.row_lower.size, dtype=np.bool_)
        kept[model.rows["household"].index] = False
        self._row = np.where(kept, np.cumsum(kept) - 1, -1)
        self._rows = int(kept.sum())
        self._by_column = self._household_entries()
        self._engine = Engine(self._start(kept))
        self._entered: list[IntArray] = []
        self._never = np.zeros(0, dtype=np.int64)
        self._open = np.zeros(len(f.choices), dtype=np.bool_)
        self._enter_never()
        self._enter(np.flatnonzero(opened))
        self._cold = True

    def _household_entries(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Entries of household columns in kept rows, by column: (start, row, value)."""
        model = self._model
        rows = model.entry_rows()
        at = np.flatnonzero((model.index < self._first) & (self._row[rows] >= 0))
        order = at[np.argsort(model.index[at], kind="stable")]
        start = np.searchsorted(model.index[order], np.arange(self._first + 1))
        return start, self._row[rows[order]], model.value[order]

    def _start(self, kept: NDArray[np.bool_]) -> LinearModel:
        """Supply and money, and an empty row for each class."""
        model = self._model
        rows = model.entry_rows()
        at = np.flatnonzero((model.index >= self._first) & kept[rows])
        start = np.zeros(self._rows + self._count.size + 1, dtype=np.int64)
        start[1 : self._rows + 1] = np.cumsum(np.bincount(self._row[rows[at]], minlength=self._rows))
        start[self._rows + 1 :] = at.size
        return replace(
            model,
            cost=model.cost[self._first :],
            lower=model.lower[self._first :],
            upper=model.upper[self._first :],
            integer=np.zeros(model.cost.size - self._first, dtype=np.bool_),
            row_lower=np.append(model.row_lower[kept], self._count),
            row_upper=np.append(model.row_upper[kept], self._count),
            start=start,
            index=model.index[at] - self._first,
            value=model.value[at],
            columns={},
            rows={},
        )

    def _entries(self, columns: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
        """(position in `columns`, row, value) of household columns."""
        start, row, value = self._by_column
        length = np.diff(start)[columns]
        position = np.repeat(np.arange(columns.size), length)
        entry = (
            np.arange(position.size) - np.repeat(np.cumsum(length) - length, length) + np.repeat(start[columns], length)
        )
        return position, row[entry], value[entry]

    def _paths(self, claim: IntArray, upto: IntArray) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """Waiting in months before `upto`: entries (position, row, value), and cost."""
        months = self._f.problem.calendar.months
        position = np.repeat(np.arange(claim.size), upto)
        month = np.arange(position.size) - np.repeat(np.cumsum(upto) - upto, upto)
        waiting = self._model.columns["waiting"].start + claim[position] * months + month
        cost = add_up(position, self._model.cost[waiting], claim.size)
        entry, row, value = self._entries(waiting)
        return position[entry], row, value, cost

    def _add(self, claim: IntArray, entries: list[tuple[IntArray, IntArray, FloatArray]], cost: FloatArray) -> None:
        """Hand columns to the engine; each counts in its class's row."""
        size = claim.size
        position = np.concatenate([e[0] for e in entries] + [np.arange(size)])
        row = np.concatenate([e[1] for e in entries] + [self._rows + claim])
        value = np.concatenate([e[2] for e in entries] + [np.ones(size)])
        height = self._rows + self._count.size
        key = position * height + row
        order = np.argsort(key, kind="stable")
        heads = np.flatnonzero(np.concatenate(([True], key[order][1:] != key[order][:-1])))
        value = np.add.reduceat(value[order], heads)
        position, row = np.divmod(key[order][heads], height)
        real = np.abs(value) > 1e-9
        start = np.zeros(size, dtype=np.int64)
        start[1:] = np.cumsum(np.bincount(position[real], minlength=size))[:-1]
        self._engine.add_columns(cost, start, row[real], value[real])

    def _enter_never(self) -> None:
        """One column a class for waiting to the end."""
        claims = self._f.problem.claims
        claim = np.arange(len(claims))
        months = self._f.problem.calendar.months
        position, row, value, cost = self._paths(claim, np.full(claim.size, months))
        self._add(claim, [(position, row, value)], cost)

    def _enter(self, choices: IntArray) -> None:
        """Let choices enter."""
        if not choices.size:
            return
        claim, month, unit = (
            self._f.choices.claim[choices],
            self._f.choices.month[choices],
            self._responses.unit[choices],
        )
        own, row, value = self._entries(choices)
        wait, wait_row, wait_value, cost = self._paths(claim, month)
        self._add(
            claim,
            [(own, row, value / unit[own]), (wait, wait_row, wait_value)],
            cost + self._model.cost[choices] / unit,
        )
        self._entered.append(choices)
        self._open[choices] = True

    def twin(self) -> PathMaster:
        """A second master with the same columns and basis."""
        twin = PathMaster(self._f, self._model, self._responses, np.zeros(len(self._f.choices), dtype=np.bool_))
        for choices in self._entered:
            twin._enter(choices)
        twin._engine.take_basis(self._engine)
        twin._cold = False
        return twin

    def learn(self, other: PathMaster) -> None:
        """Let enter what has entered another master."""
        self._enter(np.flatnonzero(other._open & ~self._open))

    def stop(self) -> None:
        """Ask a running solve to stop."""
        self._engine.stop()

    def solve(
        self, lower: FloatArray, upper: FloatArray, centre: Centre, time_limit: float, rounds: int = ROUNDS
    ) -> Relaxed:
        """Solve within bounds on complete[e, t]; a few rounds of pricing, near the centre that the bounds inherit.

        The newest duals of a relaxation by columns swing far where columns are missing. Between them and the centre
        lie duals with a better bound: both parts of it are concave, and of supply and money both ends are known.
        """
        block = self._model.columns["complete"]
        self._engine.bound_columns(block.index - self._first, lower.ravel(), upper.ravel())
        limit = self._engine.clock() + time_limit
        value, bound = np.inf, -np.inf
        for _ in range(rounds):
            raw = self._run(limit - self._engine.clock())
            if raw.x is None or raw.row_dual is None:
                return Relaxed(raw.status, np.inf, -np.inf, None, None)
            value = raw.objective
            duals = np.where(self._row >= 0, raw.row_dual[np.maximum(self._row, 0)], 0.0)
            newest = admissible(np.where(self._linking, duals, 0.0), self._model)
            paid = raw.row_dual[self._rows :]
            small = value - float((paid * self._count).sum())
            bound, centre, cost = self._between(centre, Centre(newest, small))
            wanted = self._wanted(self._reduced(newest)[0], cost, paid, abs(value))
            if value - bound <= CLOSE * max(1.0, abs(value)) or not wanted.size:
                break
            self._enter(wanted)
        return Relaxed(raw.status, value, bound, self._expand(raw), centre)

    def _run(self, time_limit: float) -> Raw:
        """Run: from nothing by interior point and crossover, later from the last basis by simplex."""
        if self._cold:
            self._cold = False
            self._engine.set("solver", "ipm")
            raw = self._engine.run(time_limit=time_limit)
            self._engine.set("solver", "simplex")
            if raw.row_dual is not None or raw.status in ("time_limit", "interrupted"):
                return raw
        return self._engine.run(time_limit=time_limit)

    def _reduced(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Cost of each choice of a class, and each class's best."""
        choice, best = self._responses.reduced(y)
        np.minimum.at(best, self._responses.claim, choice)
        return choice, best

    def _between(self, centre: Centre, newest: Centre) -> tuple[float, Centre, FloatArray]:
        """The best bound between two duals: value, where, and the choices' costs there."""
        found: tuple[float, Centre, FloatArray] | None = None
        for step in BLENDS:
            y = step * newest.y + (1.0 - step) * centre.y
            small = step * newest.small + (1.0 - step) * centre.small
            choice, best = self._reduced(y)
            bound = small + float((best * self._count).sum())
            if found is None or bound > found[0]:
                found = bound, Centre(y, small), choice
        assert found is not None
        return found

    def _wanted(self, newest: FloatArray, cost: FloatArray, paid: FloatArray, scale: float) -> IntArray:
        """Choices that improve the relaxation: of each offer the one that is best at the centre's prices.

        Parameters
        ----------
        newest, cost
            (choices,) cost at the newest duals and at the centre.
        paid
            (classes,) what a household of the class costs in the relaxation.
        """
        claim = self._responses.claim
        gain = (paid[claim] - newest) * self._count[claim]
        at: IntArray = np.flatnonzero((gain > CLOSE / 10.0 * scale / self._count.size) & ~self._open)
        first = cheapest_of_offers(self._f.choices.offer, cost, at)
        second = cheapest_of_offers(self._f.choices.offer, newest, at)
        best = np.unique(np.concatenate([first, second]))
        best = best[np.lexsort((-gain[best], claim[best]))]
        rank = np.arange(best.size) - np.searchsorted(claim[best], claim[best])
        wanted: IntArray = best[rank < PER_CLASS]
        return wanted

    def _expand(self, raw: Raw) -> FloatArray:
        assert raw.x is not None
        x = np.zeros(self._model.cost.size)
        width = self._model.cost.size - self._first
        x[self._first :] = raw.x[:width]
        entered = np.concatenate(self._entered) if self._entered else np.zeros(0, dtype=np.int64)
        solved = raw.x[width + self._count.size :]
        entered = entered[: solved.size]
        x[entered] = solved / self._responses.unit[entered]
        return x


def cheapest_of_offers(offer: IntArray, cost: FloatArray, at: NDArray[np.intp]) -> NDArray[np.intp]:
    """Of the listed choices, the cheapest of each offer."""
    order = at[np.lexsort((cost[at], offer[at]))]
    first = np.ones(order.size, dtype=np.bool_)
    first[1:] = np.diff(offer[order]) != 0
    return order[first]
