"""Assigning: of all moves that are open, those which together are best, as one small whole-number programme.

In this order: as many households housed as possible; the most urgent of them; in the earliest months; at the lowest
fiscal cost; at the lowest payments by households. Each goal is reached among the answers that are best in those before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.choices import Amounts, Choices, counted, releases, stock_taken, transfers
from renewopt.optimiser.model.entries import by_rows
from renewopt.optimiser.model.linear import INFINITY, FloatArray, IntArray, LinearModel
from renewopt.optimiser.payments.settled import settle_choices
from renewopt.optimiser.undominated.moves import NOBODY, Asked, Moves
from renewopt.problem import Problem
from renewopt.stopping import Limit, Spent
from renewopt.units import FEN_PER_WAN, STOCK_SCALE

WORK = Limit(2e8, 2e8)
"""Nonzeros × steps of HiGHS for each goal; where it ends there, the best answer so far stands."""


@dataclass(frozen=True, eq=False)
class _Flow:
    """What each unit of a column adds to something in a month, and to all months after it."""

    item: IntArray
    month: IntArray
    column: IntArray
    amount: FloatArray


@dataclass(eq=False)
class _Rows:
    """Rows of the programme, gathered: entries, and bounds of rows and of the columns that carry sums."""

    columns: int
    entries: list[tuple[IntArray, IntArray, FloatArray]] = field(default_factory=list)
    bounds: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)
    carried: list[FloatArray] = field(default_factory=list)
    rows: int = 0

    def add(self, row: IntArray, column: IntArray, value: FloatArray, lower: FloatArray, upper: FloatArray) -> None:
        """Append rows with their entries."""
        self.entries.append((row + self.rows, column, value))
        self.bounds.append((lower, upper))
        self.rows += upper.size

    def carry(self, flow: _Flow, left: FloatArray) -> None:
        """Σ of a flow up to each month ≤ what is left then, and in the months until the flow goes on."""
        if not flow.item.size:
            return
        months = left.shape[1]
        events, event = np.unique(flow.item * months + flow.month, return_inverse=True)
        item, month = np.divmod(events, months)
        until = np.append(np.where(item[1:] == item[:-1], month[1:], months), months)
        least = np.minimum.reduceat(
            np.append(left.ravel(), INFINITY), np.column_stack([events, item * months + until]).ravel()
        )[::2]
        states = self.columns + np.arange(events.size)
        self.columns += events.size
        self.carried.append(least)
        same = np.flatnonzero(item[1:] == item[:-1]) + 1
        zero = np.zeros(events.size)
        self.add(
            np.concatenate([np.arange(events.size), same, event]),
            np.concatenate([states, states[same] - 1, flow.column]),
            np.concatenate([np.ones(events.size), -np.ones(same.size), -flow.amount]),
            zero,
            zero,
        )


def assign(asked: Asked, moves: Moves) -> IntArray:
    """(n,) how many units take each move."""
    model = _model(asked, moves)
    engine = Engine(model)
    engine.set("mip_rel_gap", 0.0)
    engine.set("mip_abs_gap", 1e-6)
    best = np.zeros(model.cost.size)
    for cost in _goals(asked, moves):
        if cost.any():
            best = _reach(engine, np.concatenate([cost, np.zeros(model.cost.size - cost.size)]), best)
    return np.rint(best[: len(moves)]).astype(np.int64)


def _reach(engine: Engine, cost: FloatArray, best: FloatArray) -> FloatArray:
    """Find an answer of least cost, at least as good as `best`, and let no later one cost more."""
    work = Spent(WORK)
    engine.change_costs(cost)
    engine.start_from(np.arange(best.size), best)
    raw = engine.run(enough=lambda step, plan: work.spend(step, plan=plan))
    if raw.x is not None and cost @ raw.x <= cost @ best:
        best = raw.x
    at = np.flatnonzero(cost)
    engine.add_row(at, cost[at], -INFINITY, float(cost @ best) + 1e-7)
    return best


def _goals(asked: Asked, moves: Moves) -> list[FloatArray]:
    """Costs of the moves, one for each goal."""
    choices = moves.choices
    unit = choices.unit.astype(np.float64)
    settled = moves.leaves == NOBODY
    place = asked.urgency
    urgent = (place.max(initial=0) - place[choices.claim]).astype(np.float64)
    of = settle_choices(asked.problem, asked.settle)
    earlier = choices.housed - np.where(settled, 0, of.housed[moves.leaves] if len(of) else 0)
    return [
        -unit * settled,
        -unit * settled * urgent,
        unit * earlier,
        -unit * moves.received / FEN_PER_WAN,
        unit * moves.paid_by_households / FEN_PER_WAN,
    ]


def _model(asked: Asked, moves: Moves) -> LinearModel:
    """Every household moves once at most, into homes that are free and within the limits that are left."""
    problem, slack = asked.problem, asked.slack
    of = settle_choices(problem, asked.settle)
    arriving, column = moves.choices, np.arange(len(moves))
    left = np.flatnonzero(moves.leaves != NOBODY)
    leaving = replace(of.take(moves.leaves[left]), unit=arriving.unit[left])
    rows = _Rows(len(moves))

    person = np.where(moves.leaves == NOBODY, arriving.claim, len(problem.claims) + moves.leaves)
    who, row = np.unique(person, return_inverse=True)
    there = np.concatenate([asked.waiting, of.unit])[who].astype(np.float64)
    rows.add(row, column, arriving.unit.astype(np.float64), np.full(who.size, -INFINITY), there)

    def flow(*parts: tuple[Amounts, Choices, IntArray, float]) -> _Flow:
        return _Flow(
            np.concatenate([amounts.target for amounts, *_ in parts]),
            np.concatenate([amounts.month for amounts, *_ in parts]),
            np.concatenate([at[amounts.choice] for amounts, _, at, _ in parts]),
            np.concatenate(
                [sign * amounts.fen * of.unit[amounts.choice] / STOCK_SCALE for amounts, of, _, sign in parts]
            ),
        )

    def both(
        table: Callable[[Problem, Choices], Amounts], sign: float
    ) -> list[tuple[Amounts, Choices, IntArray, float]]:
        return [
            (table(problem, arriving), arriving, column, sign),
            (table(problem, leaving), leaving, left, -sign),
        ]

    rows.carry(flow(*both(stock_taken, 1.0)), slack.stock / STOCK_SCALE)
    rows.carry(flow(*both(transfers, 1.0), *both(releases, -1.0)), slack.open / STOCK_SCALE)
    _limits(problem, arriving, (leaving, left), slack.limit, rows)
    return _finished(rows, moves)


def _limits(
    problem: Problem, arriving: Choices, leaving: tuple[Choices, IntArray], admitted: IntArray, rows: _Rows
) -> None:
    """Choices that a limit counts, less those that are left for them, ≤ what it still admits."""
    limit, choice, month = counted(problem, arriving)
    was_limit, was, was_month = counted(problem, leaving[0])
    months = admitted.shape[1]
    key, row = np.unique(np.concatenate([limit * months + month, was_limit * months + was_month]), return_inverse=True)
    rows.add(
        row,
        np.concatenate([choice, leaving[1][was]]),
        np.concatenate([arriving.unit[choice], -leaving[0].unit[was]]).astype(np.float64),
        np.full(key.size, -INFINITY),
        admitted.ravel()[key].astype(np.float64),
    )


def _finished(rows: _Rows, moves: Moves) -> LinearModel:
    row, column, value = (np.concatenate(part) for part in zip(*rows.entries, strict=True))
    lower, upper = (np.concatenate(part) for part in zip(*rows.bounds, strict=True))
    matrix = by_rows(row, column, value, (rows.rows, rows.columns))
    sums = rows.columns - len(moves)
    return LinearModel(
        np.zeros(rows.columns),
        0.0,
        np.concatenate([np.zeros(len(moves)), np.full(sums, -INFINITY)]),
        np.concatenate([moves.most.astype(np.float64), *rows.carried]),
        np.arange(rows.columns) < len(moves),
        lower,
        upper,
        matrix.start,
        matrix.index,
        matrix.value,
        {},
        {},
    )
