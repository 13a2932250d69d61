"""What starts when: columns, rules and costs of a programme, in the words of the programme page.

Its whole columns say what has *begun by* a month, never that something begins *in* one: a solver that branches on them
parts early starts from late ones, instead of ruling out a single month.
"""

from __future__ import annotations

import numpy as np

from renewopt.optimiser.model.columns import Formulation, lookup
from renewopt.optimiser.model.linear import FloatArray, IntArray, steps
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.problem import Tier
from renewopt.units import FEN_PER_WAN
from renewopt.vocabulary import Goal


def _options(f: Formulation) -> StartOptions:
    assert f.starts is not None
    return f.starts


def begun(f: Formulation) -> None:
    r"""An activity starts once at most, in its window; what must start has begun by its end.

    .. math:: \mathit{start}_{j,t} = \mathit{begun}_{j,t} - \mathit{begun}_{j,t-1} \ge 0, \qquad
        \mathit{begun}_{j,t} \in \{0, 1\}, \qquad \mathit{begun}_{j,\mathit{last}_j} = 1 \text{ if it must}

    The last has no entries, and cannot be kept, where it must start and its window is closed.
    """
    options = _options(f)
    rows = f.builder.add_rows("begun", "jt", (options.activity, options.month), lower=0.0, upper=0.0)
    column = f["begun"].index
    f.builder.add_entries(rows.index, f["start"].index, 1.0)
    f.builder.add_entries(rows.index, column, -1.0)
    later = np.flatnonzero(options.month > options.first[options.activity])
    f.builder.add_entries(rows.index[later], column[later - 1], 1.0)
    must = np.flatnonzero(options.must)
    rows = f.builder.add_rows("must", "j", (must,), lower=1.0)
    open_ = options.begin[must] < options.begin[must + 1]
    f.builder.add_entries(rows.index[open_], column[options.begin[must + 1][open_] - 1], 1.0)


def copies(f: Formulation) -> None:
    r"""Households of a project wait from its start on: in the copy of their claims for that month, nowhere else.

    .. math::
        \mathit{waiting}_{h,0} &= \mathit{count}_h \, \mathit{start}_{j(h),s(h)} - \sum_o \mathit{settle}_{o,0} \\
        \mathit{due}_{n,t} &\mathrel{+}= \sum_{j,s} \mathit{stage}_{j,n,t-s} \, \mathit{start}_{j,s} \\
        \mathit{inflow}_{f,t} &\mathrel{+}= \sum_{j,s} \mathit{revenue}_{j,f,t-s} \, \mathit{start}_{j,s}

    What else a start causes moves with it: staged costs fall due, land revenue comes in, homes are reserved.
    """
    options, problem = _options(f), f.problem
    start = f["start"].index
    tied = np.flatnonzero(options.tied())
    waiting = f.builder.rows["household"].index.reshape(len(problem.claims), problem.calendar.months)
    count = problem.claims.count[tied].astype(np.float64)
    f.builder.add_entries(waiting[tied, 0], start[options.claim_option[tied]], -count)
    row_of = lookup(f.builder.rows["need"], f.active.shape)
    option, need, month, fen = options.caused("due", "need")
    f.builder.add_entries(row_of[need, month], start[option], -fen / FEN_PER_WAN)
    _revenue(f)
    _reserved(f)


def _revenue(f: Formulation) -> None:
    """Land revenue: into the balance, and among what is still valid of it."""
    option, fund, month, fen = _options(f).caused("inflow", "fund")
    if not option.size:
        return
    books = f.problem.calendar.books
    inside = month < books
    option, fund, month, fen = option[inside], fund[inside], month[inside], fen[inside]
    start = f["start"].index[option]
    balance = f.builder.rows["fund"].index.reshape(len(f.problem.funds), books)
    f.builder.add_entries(balance[fund, month], start, -fen / FEN_PER_WAN)
    if "valid" not in f.builder.rows:
        return
    rows = f.builder.rows["valid"]
    for row, own, closing in zip(rows.index, *rows.keys, strict=True):
        counted = (fund == own) & (f.problem.funds.valid_since[own, closing] <= month) & (month <= closing)
        f.builder.add_entries(row, start[counted], -fen[counted] / FEN_PER_WAN)


def _reserved(f: Formulation) -> None:
    """Homes that the households of what starts reserve are not open to others."""
    options = _options(f)
    if "reservation" not in f.builder.rows or not options.surplus.row.size:
        return
    row_of = lookup(f.builder.rows["reservation"], (len(f.problem.pools), f.problem.calendar.months))
    entry = np.arange(options.surplus.row.size)
    size = np.diff(options.begin)[options.surplus.row]
    at = np.repeat(entry, size)
    option = options.begin[options.surplus.row[at]] + steps(size)
    row = row_of[options.surplus["pool"][at], 0]
    f.builder.add_entries(row, f["start"].index[option], options.surplus["amount"][at] / 100.0)


def precedence(f: Formulation) -> None:
    r"""B starts only if A does, and so many months after A has started, finished or cleared its land at the earliest.

    .. math:: \mathit{begun}_{B,t} \le \mathit{begun}_{A,t-\mathit{wait}}
    """
    options = _options(f)
    size = (options.last - options.first + 1)[options.after]
    arc = np.repeat(np.arange(options.after.size), size)
    after = options.after[arc]
    month = options.first[after] + steps(size)
    _implies(f, "precedence", "pt", (arc, month), f["begun"].index[options.by_then(after, month)],
             options.before[arc], month - options.gap[arc])  # fmt: skip


def _implies(
    f: Formulation,
    name: str,
    key_names: str,
    keys: tuple[IntArray, ...],
    column: IntArray,
    activity: IntArray,
    month: IntArray,
) -> None:
    """Add rows: a column is at most what has begun of an activity by a month."""
    rows = f.builder.add_rows(name, key_names, keys, upper=0.0)
    f.builder.add_entries(rows.index, column, 1.0)
    option = _options(f).by_then(activity, month)
    known = np.flatnonzero(option >= 0)
    f.builder.add_entries(rows.index[known], f["begun"].index[option[known]], -1.0)


def crews(f: Formulation) -> None:
    r"""No more of a crew is busy in a month than there is of it.

    .. math:: \sum_j \mathit{crews}_{j,c} \, (\mathit{begun}_{j,t} - \mathit{begun}_{j,t-\mathit{lasts}_j})
        \le \mathit{capacity}_{c,t}
    """
    options = _options(f)
    size, months = options.capacity.shape
    most = np.where(options.capacity < 0, np.inf, options.capacity).ravel()
    rows = f.builder.add_rows("crews", "ct", tuple(axis.ravel() for axis in np.indices((size, months))), upper=most)
    row_of = rows.index.reshape(size, months)
    used = np.nonzero(options.crews)
    at = np.repeat(np.arange(used[0].size), months)
    month = np.tile(np.arange(months), used[0].size)
    activity, crew = used[0][at], used[1][at]
    number = options.crews[activity, crew].astype(np.float64)
    for until, sign in ((month, 1.0), (month - options.lasts[activity], -1.0)):
        option = options.by_then(activity, until)
        known = np.flatnonzero(option >= 0)
        f.builder.add_entries(row_of[crew, month][known], f["begun"].index[option[known]], sign * number[known])


def numbers(f: Formulation) -> None:
    r"""At least, and at most, so many of a kind start up to a month.

    .. math:: \mathit{least}_k \le \sum_{j \in k} \mathit{begun}_{j,\mathit{by}_k} \le \mathit{most}_k
    """
    options = _options(f)
    most = np.where(options.most < 0, np.inf, options.most)
    rule = np.arange(options.by.size)
    rows = f.builder.add_rows("numbers", "k", (rule,), lower=np.maximum(options.least, 0), upper=most)
    k, activity = np.nonzero(options.counted)
    option = options.by_then(activity, options.by[k])
    known = np.flatnonzero(option >= 0)
    f.builder.add_entries(rows.index[k[known]], f["begun"].index[option[known]], 1.0)


def land(f: Formulation) -> None:
    r"""A phase that needs land is paid for once it is cleared, and complete the months of building later at least.

    .. math:: \mathit{spent}_{e,t} &\le \mathit{cost}_e \, \mathit{begun}_{j,t-\mathit{clears}_j} \\
        \mathit{complete}_{e,t} &\le \mathit{begun}_{j,t-\mathit{clears}_j-\mathit{building}_e}
    """
    options, months = _options(f), f.problem.calendar.months
    pair = np.repeat(np.arange(options.land_phase.size), months)
    month = np.tile(np.arange(months), options.land_phase.size)
    phase, activity = options.land_phase[pair], options.land_activity[pair]
    cleared = month - options.clears[activity]
    complete = lookup(f["complete"], (len(f.problem.phases), months))[phase, month]
    _implies(f, "built_on_land", "lt", (pair, month), complete, activity, cleared - options.land_build[pair])
    rows = f.builder.add_rows("paid_on_land", "lt", (pair, month), upper=0.0)
    spent = lookup(f["spent"], (len(f.problem.phases), months))[phase, month]
    f.builder.add_entries(rows.index, spent, 1.0)
    option = options.by_then(activity, cleared)
    known = np.flatnonzero(option >= 0)
    cost = f.problem.phases.cost[phase] / FEN_PER_WAN
    f.builder.add_entries(rows.index[known], f["begun"].index[option[known]], -cost[known])


START_BLOCKS = {
    "begun": begun,
    "copies": copies,
    "precedence": precedence,
    "crews": crews,
    "numbers": numbers,
    "land": land,
}
"""Rule blocks of a programme by name, in the order in which they follow those of a plan."""


def start_cost(f: Formulation, goal: str | Tier) -> tuple[FloatArray, float]:
    """Costs of all columns for what is started, in 万元, and the constant of what is not.

    Delay costs and land penalties are part of both objectives; of a tier's goal only fiscal cost knows starts.
    """
    options = _options(f)
    cost = np.zeros(f.builder.size)
    constant = 0.0
    if (goal.goal if isinstance(goal, Tier) else goal) == Goal.FISCAL:
        cost[f["start"].index] += options.fiscal / FEN_PER_WAN
        constant += options.given / FEN_PER_WAN
    if not isinstance(goal, Tier):
        cost[f["start"].index] += (options.cost - options.idle[options.activity]) / FEN_PER_WAN
        constant += float(options.idle.sum()) / FEN_PER_WAN
    return cost, constant
