r"""The relaxation with open starts and without copies: households of a project wait together, whenever it starts.

Of the households of a class c those who wait in month t are one number, whatever month their project starts in, and the
fee of who has waited long is told apart by levels of overdue: of all who wait, at most those whose project has begun
later than a months ago are younger than a months.

.. math::
    R_{c,t} &= R_{c,t-1} + n_c \, \mathit{start}_{j,t} - \sum_o \mathit{settle}_{o,t} \\
    \mathit{OD}_{c,a,t} &\ge R_{c,t} - n_c \, (\mathit{begun}_{j,t} - \mathit{begun}_{j,t-a}), \qquad
    \mathit{OD}_{c,a,t} \ge 0 \\
    \mathit{fee}_{c,t} &= \mathit{ordinary}_{c,t} \sum_a \mathit{step}_{c,a} \, \mathit{OD}_{c,a,t}

Where multipliers rise with age, as they mostly do, it is equal to the relaxation of the copies; elsewhere it errs
(tails are taken at the ordinary rate, classes for their averages). Nothing rests on it but how good the prices are that
it finds: what they prove is reckoned household by household, in `renewopt.optimiser.starts.outline`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from renewopt.optimiser.model import goals
from renewopt.optimiser.model.columns import Formulation, Layout
from renewopt.optimiser.model.linear import FloatArray, IntArray, LinearModel, steps
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.given import Priced, in_classes, priced, relaxation_engine
from renewopt.optimiser.starts.widening import OpenStarts
from renewopt.problem import Problem, Tier
from renewopt.problem.fee_curves import PERMILLE
from renewopt.units import FEN_PER_WAN
from renewopt.vocabulary import Goal


@dataclass(frozen=True, eq=False)
class _Levels:
    """(k,) levels of overdue: class, months since the start from which on it counts, more of the ordinary fee.

    And how much more of it is overdue.
    """

    claim: IntArray
    age: IntArray
    times: FloatArray
    late: FloatArray


@dataclass(frozen=True, eq=False)
class _Counted:
    """A goal that households count in: its row (−1: it is minimised), and what they add to it.

    `never` (H,) with no choice made at all; `month` what a month of waiting at the ordinary fee adds by being overdue,
    for each column, None where overdue months are not told apart.
    """

    row: int
    never: FloatArray
    month: FloatArray | None


class JointWaiting:
    """The relaxation with open starts and without copies, in HiGHS.

    Parameters
    ----------
    opened
        The problem with open starts.
    aim
        What is minimised, and within which limits.
    """

    def __init__(self, opened: OpenStarts, aim: Aim) -> None:
        options = opened.options
        option = options.claim_option
        first = options.begin[options.activity[np.maximum(option, 0)]]
        problem, option = in_classes(opened, np.flatnonzero((option < 0) | (option == first)))
        self._opened = opened
        tied = np.flatnonzero(option >= 0)
        f, model = aim.formulate(_at_ordinary_fees(problem, tied), replace(options, claim_option=option), elastic=True)
        self.f = f.layout()
        limits = [tier for tier, _ in aim.limits(problem)]
        counted = [_counted(f, problem, aim.of_households(problem), -1)]
        counted += [_counted(f, problem, tier, model.rows[f"tier_{k}"].start) for k, tier in enumerate(limits)]
        self.model = _joined(self.f, model, options, option, _levels(problem, options, option), counted)
        self.engine = relaxation_engine(self.model)
        self._limits = len(limits)
        start = self.f["start"].index
        for cost, most in aim.held:
            self.engine.add_row(start, cost.each, -np.inf, most - cost.constant)

    @property
    def choices(self) -> int:
        """Choices (offer × month) in it."""
        return len(self.f.choices)

    def solve(self, time_limit: float) -> tuple[str, Priced | None]:
        """As `Raw.status`, and what was found if it was solved."""
        return priced(self._opened, self.model, self.engine, time_limit, self._limits)


def _levels(problem: Problem, options: StartOptions, option: IntArray) -> _Levels:
    """Of what multipliers are where a project starts in the first month of its window: the most that never falls."""
    fees = problem.fees
    rows: list[tuple[int, int, float, float]] = []
    for claim in np.flatnonzero(option >= 0).tolist():
        since = int(options.month[option[claim]])
        multiplier = fees.multiplier[fees.clock[claim], since:] / PERMILLE
        step, late = _rising(multiplier), _rising(np.where(fees.overdue[fees.clock[claim], since:], multiplier, 0.0))
        rows += [(claim, age, step[age], late[age]) for age in np.flatnonzero((step > 0) | (late > 0)).tolist()]
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return _Levels(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3])


def _rising(values: FloatArray) -> FloatArray:
    """By how much values rise from month to month, as far as they never fall again."""
    lasting: FloatArray = np.minimum.accumulate(values[::-1])[::-1]
    return np.diff(lasting, prepend=0.0)


def _at_ordinary_fees(problem: Problem, tied: IntArray) -> Problem:
    """Claims that wait for a start pay the ordinary fee in every month, and nothing is valued after the plan."""
    fees, claims, calendar = problem.fees, problem.claims, problem.calendar
    clock = fees.clock.copy()
    clock[tied] = fees.multiplier.shape[0]
    plainly = np.full(len(claims), calendar.months + calendar.after_horizon_months)
    valued = (plainly if fees.valued_until is None else fees.valued_until).astype(np.int32)
    valued[tied] = calendar.months

    def more(table: np.ndarray, value: int) -> np.ndarray:
        return np.concatenate([table, np.full((1, *table.shape[1:]), value, dtype=table.dtype)])

    flat = replace(
        fees,
        clock=clock,
        multiplier=more(fees.multiplier, PERMILLE),
        overdue=more(fees.overdue, 0),
        moved_out=more(fees.moved_out, 0),
        stated_runs=None if fees.stated_runs is None else more(fees.stated_runs, 1),
        valued_until=valued,
        first_month=None,
    )
    owed = claims.obligation.copy()
    owed[tied] = 0
    return replace(
        problem,
        fees=flat,
        claims=replace(claims, obligation=owed),
        objective=replace(problem.objective, waiting_cost=0.0),
    )


def _counted(f: Formulation, problem: Problem, goal: str | Tier, row: int) -> _Counted:
    """What one household of each claim adds to a goal, in 万元."""
    name = goal.goal if isinstance(goal, Tier) else goal
    counts = goal.claims.astype(np.float64) if isinstance(goal, Tier) else problem.claims.weight
    plain, overdue = (each.sum(axis=1) / FEN_PER_WAN for each in problem.fees.valued(slice(None), problem.calendar))
    month = goals.fees(f, counts) if name == Goal.OVERDUE else None
    if name == Goal.FISCAL:
        discount = float(problem.objective.discount(problem.calendar.months))
        return _Counted(row, np.asarray(discount * (problem.claims.obligation / FEN_PER_WAN + plain)), month)
    after = plain if name == Goal.FEES else overdue if name == Goal.OVERDUE else np.zeros(len(problem.claims))
    return _Counted(row, np.asarray(counts * after), month)


def _joined(
    f: Layout, model: LinearModel, options: StartOptions, option: IntArray, levels: _Levels, counted: list[_Counted]
) -> LinearModel:
    """The model whose tied claims are no copies, but wait for whatever month their project starts in."""
    problem = f.problem
    months, count = problem.calendar.months, problem.claims.count.astype(np.float64)
    waiting = f["waiting"].index.reshape(-1, months)
    balance = model.rows["household"].index.reshape(-1, months)
    begun = f["begun"].index
    parts = [(model.entry_rows(), model.index, model.value)]
    tied = np.flatnonzero(option >= 0)
    activity = options.activity[option[tied]]
    # The copy of the first month enters in month 0: it comes in with all others, in its own month.
    parts.append((balance[tied, 0], f["start"].index[option[tied]], count[tied]))
    size = np.diff(options.begin)[activity]
    claim, at = np.repeat(tied, size), options.begin[np.repeat(activity, size)] + steps(size)
    parts.append((balance[claim, options.month[at]], begun[at], -count[claim]))
    later = np.flatnonzero(steps(size) > 0)
    parts.append((balance[claim[later], options.month[at[later]]], begun[at[later] - 1], count[claim[later]]))

    first = options.first[options.activity[option[levels.claim]]] + levels.age
    span = np.maximum(months - first, 0)
    level, month = np.repeat(np.arange(span.size), span), steps(span) + np.repeat(first, span)
    claim = levels.claim[level]
    waits, times = waiting[claim, month], levels.times[level]
    column = model.cost.size + np.arange(level.size)
    row = model.row_lower.size + np.arange(level.size)
    # What a month of waiting at the ordinary fee causes, a level of overdue causes so many times.
    matrix = sparse.csc_array(
        (model.value, (model.entry_rows(), model.index)), shape=(model.row_lower.size, model.cost.size)
    )
    own = np.zeros(model.row_lower.size + level.size, dtype=np.bool_)
    own[balance.ravel()] = own[row] = True
    caused = matrix[:, waits].tocoo()
    kept = ~own[caused.coords[0]]
    parts.append(
        (caused.coords[0][kept], column[caused.coords[1][kept]], (caused.data * times[caused.coords[1]])[kept])
    )
    parts.append((row, column, np.ones(row.size)))
    parts.append((row, waits, -np.ones(row.size)))
    activity = options.activity[option[claim]]
    young = np.flatnonzero(levels.age[level] > 0)
    for since, sign in ((month, 1.0), (month - levels.age[level], -1.0)):
        by_then = options.by_then(activity[young], since[young])
        parts.append((row[young], begun[by_then], sign * count[claim[young]]))

    entry_row, entry_column, value = (np.concatenate(part) for part in zip(*parts, strict=True))
    of_tied = np.zeros(model.cost.size + level.size, dtype=np.bool_)
    of_tied[waiting[tied].ravel()] = True
    kept = ~of_tied[entry_column] | own[entry_row]
    cost = np.concatenate([model.cost, model.cost[waits] * times])
    cost[of_tied] = 0.0
    parts = [(entry_row[kept], entry_column[kept], value[kept])]
    for each in counted:
        late = np.zeros(waits.size) if each.month is None else each.month[waits] * levels.late[level]
        added, by = np.concatenate([late, each.never[tied]]), np.concatenate([column, waiting[tied, -1]])
        if each.row < 0:
            cost[by] += added
        else:
            parts.append((np.full(by.size, each.row), by, added))
    entry_row, entry_column, value = (np.concatenate(part) for part in zip(*parts, strict=True))
    whole = sparse.csr_array(
        (value, (entry_row, entry_column)),
        shape=(model.row_lower.size + level.size, model.cost.size + level.size),
    )
    whole.sum_duplicates()
    whole.eliminate_zeros()
    free, nothing = np.full(level.size, np.inf), np.zeros(level.size)
    return LinearModel(
        cost,
        model.offset,
        np.concatenate([model.lower, nothing]),
        np.concatenate([model.upper, free]),
        np.zeros(cost.size, dtype=np.bool_),
        np.concatenate([model.row_lower, nothing]),
        np.concatenate([model.row_upper, free]),
        whole.indptr.astype(np.int64),
        whole.indices.astype(np.int64),
        whole.data,
        model.columns,
        model.rows,
    )
