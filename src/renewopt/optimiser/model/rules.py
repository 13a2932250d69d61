"""The rules, one block each, in the order and words of the model page §4 and of the accounts page."""

from __future__ import annotations

import numpy as np

from renewopt.optimiser.model.choices import counted
from renewopt.optimiser.model.columns import Formulation, cash_fees, government_part, lookup
from renewopt.optimiser.model.linear import Block, FloatArray, IntArray, steps
from renewopt.units import FEN_PER_WAN, PPM
from renewopt.vocabulary import Use


def _carried(f: Formulation, name: str, start: FloatArray | float = 0.0) -> Block:
    """Add the rows that define a state which is carried from month to month: state[t] − state[t − 1] … = start[t]."""
    state = f[name]
    rows = f.builder.add_rows(state.source, state.key_names, state.keys, lower=start, upper=start)
    item, _ = state.keys
    later = np.flatnonzero(item[1:] == item[:-1]) + 1
    f.builder.add_entries(rows.index, state.index, 1.0)
    f.builder.add_entries(rows.index[later], state.index[later - 1], -1.0)
    return rows


def _enter(f: Formulation, row: IntArray, column: IntArray, value: FloatArray | float = 1.0) -> None:
    """Add entries to rows; −1 stands for a row that does not exist."""
    at = row >= 0
    f.builder.add_entries(row[at], column[at], np.broadcast_to(value, row.shape)[at])


def household(f: Formulation) -> None:
    r"""Each household is settled at most once; who has made no choice up to t waits: accounts 1.

    .. math:: \mathit{waiting}_{h,t} = \mathit{waiting}_{h,t-1} - \sum_{o \in O(h)} \mathit{settle}_{o,t}, \qquad
        \mathit{waiting}_{h,-1} = \mathit{count}_h

    ``settle`` counts households (whole claims where they are indivisible) and is whole in a plan; with a deadline
    nobody of the claim waits at its end.
    """
    claims, months = f.problem.claims, f.problem.calendar.months
    claim, month = f["waiting"].keys
    there = (month == 0) if f.starts is None else (month == 0) & ~f.starts.tied()[claim]
    rows = _carried(f, "waiting", np.where(there, claims.count[claim], 0))
    row_of = rows.index.reshape(len(claims), months)
    f.builder.add_entries(row_of[f.choices.claim, f.choices.month], f["settle"].index, f.choices.unit)


def limits(f: Formulation) -> None:
    r"""Take-up in all, throughput by month: choices of the listed offers ≤ cap (accounts 5).

    .. math:: \sum_{o \in L,\ t \in S} \mathit{settle}_{o,t} \le \mathit{cap}_L
        \qquad S = \text{one month of those in which it holds, or all months}
    """
    table = f.problem.limits
    if not len(table):
        return
    slots = np.where(table.monthly, table.last - table.first + 1, 1)
    limit = np.repeat(np.arange(len(table)), slots)
    month = steps(slots) + np.where(table.monthly, table.first, 0)[limit]
    rows = f.builder.add_rows("limit", "lt", (limit, month), upper=table.cap[limit])
    of, choice, month = counted(f.problem, f.choices)
    f.builder.add_entries(rows.find(of, month), f["settle"].index[choice], f.choices.unit[choice])


def stock(f: Formulation) -> None:
    r"""Homes taken up to t ≤ homes handed over up to t: what is left of a pool is never negative (accounts 4).

    .. math::
        \mathit{stock}_{p,t} = \mathit{stock}_{p,t-1} &+ \mathit{arrivals}_{p,t}
        + \sum_e \mathit{delivers}_{e,p} \, (\mathit{complete}_{e,t} - \mathit{complete}_{e,t-1}) \\
        &- \sum_{(o,s) \text{ housed in } t} \mathit{takes}_{o,p} \, \mathit{settle}_{o,s} \ \ge 0
    """
    pools, phases = f.problem.pools, f.problem.phases
    block = f["stock"]
    if not block.size:
        return
    shape = (len(pools), block.size // len(pools))
    arriving = np.zeros(shape)
    at = pools.arrivals["month"] < shape[1]
    np.add.at(arriving, (pools.arrivals.row[at], pools.arrivals["month"][at]), pools.arrivals["amount"][at] / 100.0)
    row_of = _carried(f, "stock", arriving.ravel()).index.reshape(shape)
    taken = f.stock
    f.builder.add_entries(
        row_of[taken.target, taken.month],
        f["settle"].index[taken.choice],
        taken.fen / 100.0 * f.choices.unit[taken.choice],
    )
    months = f.problem.calendar.months
    complete = f["complete"].index.reshape(len(phases), months)
    phase, pool, amount = phases.delivers.row, phases.delivers["pool"], phases.delivers["amount"] / 100.0
    for t in range(months):
        f.builder.add_entries(row_of[pool, t], complete[phase, t], -amount)
        if t:
            f.builder.add_entries(row_of[pool, t], complete[phase, t - 1], amount)


def reservation(f: Formulation) -> None:
    r"""Transfers take at most the surplus, and what own households free by choosing otherwise (accounts 4).

    .. math::
        \mathit{open}_{p,t} = \mathit{open}_{p,t-1} &- \sum_{o \in \text{transfer}} \mathit{takes}_{o,p} \,
        \mathit{settle}_{o,t} + \sum_{o \in \text{other routes of own households}} \mathit{released}_{o,p} \,
        \mathit{settle}_{o,t} \ \ge 0 \\
        \mathit{open}_{p,-1} &= \mathit{surplus}_p
    """
    pools, months = f.problem.pools, f.problem.calendar.months
    block = f["open"]
    if not block.size:
        return
    pool, month = block.keys
    surplus = np.where(month == 0, pools.surplus[pool] / 100.0, 0.0)
    row_of = lookup(_carried(f, "open", surplus), (len(pools), months))
    for amounts, sign in ((f.transfers, 1.0), (f.releases, -1.0)):
        f.builder.add_entries(
            row_of[amounts.target, amounts.month],
            f["settle"].index[amounts.choice],
            sign * amounts.fen / 100.0 * f.choices.unit[amounts.choice],
        )


def construction(f: Formulation) -> None:
    r"""A phase is complete only when its remaining cost was paid `lag` months earlier; never undone (accounts 6).

    .. math::
        \mathit{spent}_{e,t} &= \mathit{spent}_{e,t-1} + \mathit{build}_{e,t} \le \mathit{cost}_e \\
        \sum_{\tau \ge t} (w_{e,t,\tau} - w_{e,t,\tau+1}) \, \mathit{complete}_{e,\tau}
            &\le \mathit{spent}_{e,t-\mathit{lag}_e}, \qquad
            w_{e,t,\tau} = \max\bigl(0, \mathit{cost}_e
            - \sum_{t < s \le \tau} \mathit{limit}_{e,s-\mathit{lag}_e}\bigr), \quad w_{e,t,T} = 0 \\
        \mathit{build}_{e,t} &\le \mathit{limit}_{e,t} \, (1 - \mathit{complete}_{e,t+\mathit{lag}_e-1}) \\
        \mathit{complete}_{e,t} &\ge \mathit{complete}_{e,t-1}, \qquad \mathit{complete}_{e,t} \in \{0, 1\}

    A limit is what a month may spend, the whole cost where none is stated. What is handed over in month τ has been paid
    by t but for w, which the months in between may still spend: so the sum is what a schedule, or a mean of schedules,
    has spent at the least, and nothing that is complete is built. ``complete`` is 0 before the earliest month.
    """
    phases, months = f.problem.phases, f.problem.calendar.months
    if not len(phases):
        return
    shape = (len(phases), months)
    spent, build, complete = (f[name].index.reshape(shape) for name in ("spent", "build", "complete"))
    keys = f["spent"].keys
    f.builder.add_entries(_carried(f, "spent").index, build.ravel(), -1.0)
    phase, month = keys
    rows = f.builder.add_rows("complete", "et", keys, upper=0.0)
    for e, lag in enumerate(phases.lag.tolist()):
        by, handed_over, share = _spent_by(phases.cost[e], phases.monthly_limit[e], lag)
        f.builder.add_entries(rows.index.reshape(shape)[e, by], complete[e, handed_over], share / FEN_PER_WAN)
    paid_by = month - phases.lag[phase]
    known = paid_by >= 0
    f.builder.add_entries(rows.index[known], spent[phase[known], paid_by[known]], -1.0)
    later = month > 0
    rows = f.builder.add_rows("standing", "et", (phase[later], month[later]), lower=0.0)
    f.builder.add_entries(rows.index, complete[phase[later], month[later]], 1.0)
    f.builder.add_entries(rows.index, complete[phase[later], month[later] - 1], -1.0)
    limit = phases.monthly_limit
    before = month + phases.lag[phase] - 1
    at = np.flatnonzero(
        (before >= 0) & (before < months) & (limit > 0).ravel() & (limit < phases.cost[:, None]).ravel()
    )
    most = limit.ravel()[at] / FEN_PER_WAN
    rows = f.builder.add_rows("building", "et", (phase[at], month[at]), upper=most)
    f.builder.add_entries(rows.index, build.ravel()[at], 1.0)
    f.builder.add_entries(rows.index, complete[phase[at], before[at]], most)


def _spent_by(cost: int, limit: IntArray, lag: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Coefficients of ``complete`` in what has been spent on a phase `lag` months before each month t.

    Parameters
    ----------
    cost
        In fen.
    limit
        (T,) fen a month; -1 where there is none.
    lag
        Months from the last payment to the handover.

    Returns
    -------
    numpy.ndarray, numpy.ndarray, numpy.ndarray
        (k,) each: month t, month of ``complete``, and its coefficient in fen.
    """
    months = limit.size
    most = np.concatenate(([0], np.cumsum(np.where(limit < 0, cost, np.minimum(limit, cost)))))
    # Up to the month in which the last payment for a handover falls due.
    until = most[np.clip(np.arange(months) + 1 - lag, 0, months)]
    t, tau = np.triu_indices(months)
    spent = np.maximum(cost - (until[tau] - until[t]), 0)
    follows = tau + 1 < months
    spent[follows] -= np.maximum(cost - (until[tau[follows] + 1] - until[t[follows]]), 0)
    share = np.where(t < lag, np.where(tau == t, cost, 0), spent)
    at = np.flatnonzero(share)
    return t[at], tau[at], share[at].astype(np.float64)


def need(f: Formulation) -> None:
    r"""What falls due in a month is paid, set off or permitted to be owed (accounts 7 and 9).

    .. math:: \sum_f \mathit{pay}_{f,n,t} + \mathit{offset}_{n,t} + \mathit{shortfall}_{n,t}
        = \mathit{due}_{n,t} + \mathit{surcharge}_{n,t} - \mathit{owed}_{n,t} + \mathit{repaid}_{n,t}

    Due are fixed payments, instalments and lines of the offers chosen, the government's part of the fees of all who are
    still in transition, what is built, interest and principal. ``shortfall`` is closed when a plan is looked for, and
    opened to measure what is short.
    """
    problem = f.problem
    needs, loans = problem.needs, problem.loans
    due = needs.fixed.copy()
    cash = needs.owing < 0
    due[cash, 0] += needs.opening_arrears[cash]
    key = np.nonzero(f.active)
    rows = f.builder.add_rows("need", "nt", key, lower=due[key] / FEN_PER_WAN, upper=due[key] / FEN_PER_WAN)
    row_of = lookup(rows, f.active.shape)
    _due(f, row_of, 1.0)
    for amounts in (f.instalments, f.paid_lines):
        f.builder.add_entries(
            row_of[amounts.target, amounts.month],
            f["settle"].index[amounts.choice],
            -amounts.fen / FEN_PER_WAN * f.choices.unit[amounts.choice],
        )
    bills = problem.bills
    waiting, chosen = cash_fees(f)
    f.builder.add_entries(
        row_of[bills.need[waiting.target], waiting.month], waiting.choice, -government_part(f, waiting)
    )
    paid = np.flatnonzero(chosen.fen)
    f.builder.add_entries(
        row_of[bills.need[chosen.target], chosen.month][paid],
        f["settle"].index[chosen.choice][paid],
        (-government_part(f, chosen) * f.choices.unit[chosen.choice])[paid],
    )
    phase, t = f["build"].keys
    f.builder.add_entries(row_of[problem.phases.need[phase], t], f["build"].index, -1.0)
    rate, (loan, t, column) = interest_terms(f)
    f.builder.add_entries(row_of[loans.interest_need[loan], t], column, -rate)
    loan, t, column, share = repayments(f)
    f.builder.add_entries(row_of[loans.principal_need[loan], t], column, -share)


def interest_terms(f: Formulation) -> tuple[FloatArray, tuple[IntArray, IntArray, IntArray]]:
    """Monthly rate, and (loan, month, column of what was outstanding the month before) it is due on."""
    return _rounded(f["interest"]) if f.in_fen else interest_bearing(f)


def _rounded(block: Block) -> tuple[FloatArray, tuple[IntArray, IntArray, IntArray]]:
    """The rounded amounts themselves: rate 1, keys and columns."""
    item, month = block.keys
    return np.ones(block.size), (item, month, block.index)


def interest_bearing(f: Formulation) -> tuple[FloatArray, tuple[IntArray, IntArray, IntArray]]:
    """Monthly rate, loan, month, and column of what was outstanding at the close of the month before."""
    loans = f.problem.loans
    loan, t = f["outstanding"].keys
    bearing = (t < f.problem.calendar.books - 1) & (loans.rate[loan] > 0)
    loan, t = loan[bearing], t[bearing]
    return loans.rate[loan] / 12.0, (loan, t + 1, f["outstanding"].index[bearing])


def repayments(f: Formulation) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """(loan, month, column, share): principal that falls due of each draw, or is decided."""
    loans, books = f.problem.loans, f.problem.calendar.books
    parts: list[tuple[IntArray, IntArray, IntArray, FloatArray]] = []
    borrow = f["borrow"].index.reshape(len(loans), books) if len(loans) else np.zeros((0, books), dtype=np.int64)
    for loan in range(len(loans)):
        drawn = np.arange(loans.first[loan], loans.last[loan] + 1, dtype=np.int64)
        term, grace = int(loans.term[loan]), int(loans.grace[loan])
        if loans.kind[loan] == "flexible":
            continue
        if f.in_fen and loans.kind[loan] == "level":
            parts += _whole_parts(f, loan, borrow[loan])
            continue
        delays = [term] if loans.kind[loan] == "bullet" else list(range(grace + 1, term + 1))
        for delay in delays:
            month = drawn + delay
            inside = month < books
            one = np.full(int(inside.sum()), loan, dtype=np.int64)
            share = np.full(one.size, 1.0 / len(delays))
            parts.append((one, month[inside], borrow[loan, drawn[inside]], share))
    flexible, paid = f["repay"].keys
    parts.append((flexible, paid, f["repay"].index, np.ones(flexible.size)))
    first, second, third, fourth = zip(*parts, strict=True)
    return np.concatenate(first), np.concatenate(second), np.concatenate(third), np.concatenate(fourth)


def _whole_parts(f: Formulation, loan: int, borrow: IntArray) -> list[tuple[IntArray, IntArray, IntArray, FloatArray]]:
    """Level repayments whose running totals, but for the last, are columns: each total less the one before."""
    loans, books = f.problem.loans, f.problem.calendar.books
    grace, parts = int(loans.grace[loan]), int(loans.term[loan] - loans.grace[loan])
    total_of = lookup(f["repaid_part"], (len(loans), books, int(loans.term.max())))
    result = []
    for drawn in range(int(loans.first[loan]), int(loans.last[loan]) + 1):
        totals = [*total_of[loan, drawn, 1:parts], borrow[drawn]]
        for j, column in enumerate(totals, start=1):
            columns = [column] if j == 1 else [column, totals[j - 2]]
            month = drawn + grace + j
            if month < books:
                one = np.full(len(columns), loan, dtype=np.int64)
                sign = np.array([1.0, -1.0])[: len(columns)]
                result.append((one, np.full_like(one, month), np.array(columns, dtype=np.int64), sign))
    return result


def loans(f: Formulation) -> None:
    r"""Outstanding = borrowed − repaid, within the limit; flexible loans back within their term (accounts 8).

    .. math::
        \mathit{outstanding}_{l,t} &= \mathit{outstanding}_{l,t-1} + \mathit{borrow}_{l,t} - \mathit{repay}_{l,t}
        \le \mathit{limit}_l \\
        \sum_t \mathit{borrow}_{l,t} &\le \mathit{limit}_l \quad \text{(unless revolving)} \\
        \mathit{outstanding}_{l,t} &\le \sum_{s > t - \mathit{term}_l}^{t} \mathit{borrow}_{l,s}
        \quad \text{(flexible)}

    Of bullet and level loans the repayment follows from the draws; of flexible ones it is decided.
    """
    table, books = f.problem.loans, f.problem.calendar.books
    if not len(table):
        return
    shape = (len(table), books)
    outstanding = f["outstanding"].index.reshape(shape)
    borrow = f["borrow"].index.reshape(shape)
    rows = _carried(f, "outstanding")
    f.builder.add_entries(rows.index, borrow.ravel(), -1.0)
    loan, t, column, share = repayments(f)
    f.builder.add_entries(rows.index.reshape(shape)[loan, t], column, share)
    once = np.flatnonzero(~table.revolving)
    rows = f.builder.add_rows("loan_limit", "l", (once,), upper=table.limit[once] / FEN_PER_WAN)
    for row, loan_ in zip(rows.index, once, strict=True):
        f.builder.add_entries(row, borrow[loan_], 1.0)
    flexible = np.flatnonzero(table.kind == "flexible")
    back, month = np.repeat(flexible, books), np.tile(np.arange(books), flexible.size)
    rows = f.builder.add_rows("back_in_time", "lt", (back, month), upper=0.0)
    f.builder.add_entries(rows.index, outstanding[back, month], 1.0)
    for row, loan_, t_ in zip(rows.index, back, month, strict=True):
        recent = np.arange(max(0, t_ - int(table.term[loan_]) + 1), t_ + 1)
        f.builder.add_entries(row, borrow[loan_, recent], -1.0)


def surcharge_terms(f: Formulation) -> tuple[FloatArray, tuple[IntArray, IntArray, IntArray]]:
    """Monthly rate, and (need, month, column of last month's arrears) it is due on."""
    return _rounded(f["surcharge"]) if f.in_fen else charged_arrears(f)


def charged_arrears(f: Formulation) -> tuple[FloatArray, tuple[IntArray, IntArray, IntArray]]:
    """Monthly rate, need, month, and column of the arrears at the close of the month before."""
    needs, rules = f.problem.needs, f.problem.owing
    n, t = f["arrears"].keys
    column = f["arrears"].index
    later = t < f.problem.calendar.books - 1
    (opening,) = f["opening_arrears"].keys
    n = np.concatenate([opening, n[later]])
    t = np.concatenate([np.zeros_like(opening), t[later] + 1])
    column = np.concatenate([f["opening_arrears"].index, column[later]])
    rate = rules.surcharge_ppb[needs.owing[n]] / 1e9 if n.size else np.zeros(0)
    return rate, (n, t, column)


def owing(f: Formulation) -> None:
    r"""Arrears = owed − repaid; owed ≤ share of the month's bill; stock limit; latest months (accounts 9 and 10).

    .. math::
        \mathit{arrears}_{n,t} &= \mathit{arrears}_{n,t-1} + \mathit{owed}_{n,t} - \mathit{repaid}_{n,t} \\
        \mathit{repaid}_{n,t} &\le \mathit{arrears}_{n,t-1}, \qquad \mathit{owed}_{n,t} \le \mathit{due}_{n,t} \\
        \sum_{n \in r} \mathit{owed}_{n,t} &\le \mathit{share}_r \sum_{n \in r} \mathit{due}_{n,t}, \qquad
        \sum_{n \in r} \mathit{arrears}_{n,t} \le \mathit{limit}_r \\
        \mathit{arrears}_{n,t} &\le \sum_{s > t - \mathit{latest}_r}^{t} \mathit{owed}_{n,s}
    """
    problem = f.problem
    needs, books = problem.needs, problem.calendar.books
    block = f["arrears"]
    if not block.size:
        return
    shape = (len(needs), books)
    arrears, owed, repaid = (lookup(f[name], shape) for name in ("arrears", "owed", "repaid"))
    n, t = block.keys
    first = np.concatenate(([True], n[1:] != n[:-1]))
    opening = np.where(first, needs.opening_arrears[n], 0) / FEN_PER_WAN
    rows = _carried(f, "arrears", opening)
    f.builder.add_entries(rows.index, owed[n, t], -1.0)
    f.builder.add_entries(rows.index, repaid[n, t], 1.0)
    old = f.builder.add_rows("repaid_of_old", "nt", block.keys, upper=opening)
    f.builder.add_entries(old.index, repaid[n, t], 1.0)
    f.builder.add_entries(old.index[~first], block.index[np.flatnonzero(~first) - 1], -1.0)
    bill = f.builder.add_rows("owed_of_bill", "nt", block.keys, lower=0.0)
    _due(f, lookup(bill, shape), 1.0)
    f.builder.add_entries(bill.index, owed[n, t], -1.0)
    _owing_caps(f, owed, arrears)


def _due(f: Formulation, row_of: IntArray, factor: float | FloatArray) -> None:
    """Add factor × due[n, t], as paid + set off + shortfall + owed − repaid − surcharge, to row_of[n, t] (≥ 0)."""
    scale = np.broadcast_to(np.asarray(factor, dtype=np.float64), row_of.shape)
    for name, sign in (("pay", 1.0), ("offset", 1.0), ("shortfall", 1.0), ("owed", 1.0), ("repaid", -1.0)):
        if name in f.builder.columns:
            n, t = f[name].keys[-2:]
            _enter(f, row_of[n, t], f[name].index, sign * scale[n, t])
    rate, (n, t, column) = surcharge_terms(f)
    _enter(f, row_of[n, t], column, -(rate * scale[n, t]))


def _owing_caps(f: Formulation, owed: IntArray, arrears: IntArray) -> None:
    problem = f.problem
    needs, rules, books = problem.needs, problem.owing, problem.calendar.books
    n, t = f["arrears"].keys
    rule = needs.owing[n].astype(np.int64)
    used = np.unique(np.column_stack([rule, t]), axis=0)
    rows = f.builder.add_rows("owing_share", "rt", (used[:, 0], used[:, 1]), lower=0.0)
    row_by_rule = lookup(rows, (len(rules), books))
    row_of = np.full((len(needs), books), -1, dtype=np.int64)
    row_of[n, t] = row_by_rule[rule, t]
    share = np.zeros(row_of.shape)
    share[n, t] = rules.share_ppm[rule] / PPM
    _due(f, row_of, share)
    f.builder.add_entries(row_of[n, t], owed[n, t], -1.0)
    capped = rules.stock_limit[used[:, 0]] >= 0
    rule_, month = used[capped, 0], used[capped, 1]
    rows = f.builder.add_rows("owing_stock", "rt", (rule_, month), upper=rules.stock_limit[rule_] / FEN_PER_WAN)
    row_by_rule = lookup(rows, (len(rules), books))
    _enter(f, row_by_rule[rule, t], arrears[n, t])
    latest = rules.latest[rule]
    timed = np.flatnonzero(latest >= 0)
    opening = np.where(t[timed] < latest[timed] - 1, needs.opening_arrears[n[timed]], 0) / FEN_PER_WAN
    rows = f.builder.add_rows("owing_latest", "nt", (n[timed], t[timed]), upper=opening)
    f.builder.add_entries(rows.index, arrears[n[timed], t[timed]], 1.0)
    for back in range(int(latest.max(initial=0))):
        recent = np.flatnonzero((back < latest[timed]) & (t[timed] >= back))
        column = owed[n[timed][recent], t[timed][recent] - back]
        f.builder.add_entries(rows.index[recent][column >= 0], column[column >= 0], -1.0)


def offset(f: Formulation) -> None:
    r"""Debt is set off only as it falls due, up to what the developer is owed, targets kept (accounts 11).

    .. math::
        \mathit{debt}_{d,t} &= \mathit{debt}_{d,t-1} + \mathit{falling}_{d,t} - \sum_{n \in d} \mathit{offset}_{n,t}
        \ge 0 \\
        \sum_{n \in d,\ s \le t} \mathit{offset}_{n,s} &\ge \mathit{target}_{d,t}

    A surcharge is due in cash.
    """
    problem = f.problem
    developers, needs, books = problem.developers, problem.needs, problem.calendar.books
    shape = (len(developers.id), books)
    block = f["debt"]
    if not block.size:
        return
    falling = developers.debt_due / FEN_PER_WAN
    rows = _carried(f, "debt", falling.ravel())
    n, t = f["offset"].keys
    f.builder.add_entries(rows.index.reshape(shape)[needs.developer[n], t], f["offset"].index, 1.0)
    owed_in_cash = needs.owing[n] >= 0
    n_, t_ = n[owed_in_cash], t[owed_in_cash]
    cash = f.builder.add_rows("surcharge_in_cash", "nt", (n_, t_), lower=0.0)
    row_of = lookup(cash, (len(needs), books))
    for name in ("pay", "shortfall"):
        if name in f.builder.columns:
            nn, tt = f[name].keys[-2:]
            _enter(f, row_of[nn, tt], f[name].index)
    rate, (nn, tt, column) = surcharge_terms(f)
    _enter(f, row_of[nn, tt], column, -rate)
    target = developers.offset_target
    rows = f.builder.add_rows("offset_target", "dt", (target.row, target["month"]), lower=target["fen"] / FEN_PER_WAN)
    if f.elastic:
        f.builder.add_entries(rows.index, f["target_missed"].index, 1.0)
    for row, developer, month in zip(rows.index, target.row, target["month"], strict=True):
        at = (needs.developer[n] == developer) & (t <= month)
        f.builder.add_entries(row, f["offset"].index[at], 1.0)


def fund(f: Formulation) -> None:
    r"""Opening + inflow + borrowing + received + moved in = paid + moved out + lapsed + closing (accounts 12).

    .. math::
        \mathit{balance}_{f,t} = \mathit{balance}_{f,t-1} &+ \mathit{inflow}_{f,t} + \mathit{borrow}_{l(f),t}
        + \mathit{received}_{f,t} + \sum_{m \to f} \mathit{move\_money}_{m,t} \\
        &- \sum_n \mathit{pay}_{f,n,t} - \sum_{m \leftarrow f} \mathit{move\_money}_{m,t}
        - \mathit{lapsed}_{f,t} \ \ge 0

    .. math:: \mathit{balance}_{f,t} \le \mathit{opening}_{f,t} + \sum_{\tau = s}^{t} \Bigl( \mathit{inflow}_{f,\tau}
        + \mathit{borrow}_{l(f),\tau} + \mathit{received}_{f,\tau}
        + \sum_{m \to f} \mathit{move\_money}_{m,\tau} \Bigr)

    The last where only what came in since month s is still valid at the close of t: the oldest money is paid and lost
    first, so that the newest is left. Where money is carried over up to a limit, the balance is at most that.
    """
    problem = f.problem
    funds, books = problem.funds, problem.calendar.books
    if not len(funds):
        return
    shape = (len(funds), books)
    coming = funds.inflow.astype(np.float64)
    coming[:, 0] += funds.opening
    row_of = _carried(f, "balance", coming.ravel() / FEN_PER_WAN).index.reshape(shape)
    at, t = f["lapsed"].keys
    f.builder.add_entries(row_of[at, t], f["lapsed"].index, 1.0)
    at, _, t = f["pay"].keys
    f.builder.add_entries(row_of[at, t], f["pay"].index, 1.0)
    move, t = f["move_money"].keys
    f.builder.add_entries(row_of[problem.moves.source[move], t], f["move_money"].index, 1.0)
    f.builder.add_entries(row_of[problem.moves.target[move], t], f["move_money"].index, -1.0)
    loan, t = f["borrow"].keys
    f.builder.add_entries(row_of[problem.loans.fund[loan], t], f["borrow"].index, -1.0)
    at, t = f["received"].keys
    f.builder.add_entries(row_of[at, t], f["received"].index, -1.0)
    _validity(f)


def _validity(f: Formulation) -> None:
    """No more is left than came in since the month from which money is still valid."""
    problem, funds = f.problem, f.problem.funds
    fund_, month = at = np.nonzero(funds.valid_since >= 0)
    if not fund_.size:
        return
    since = funds.valid_since[at]
    inflow = np.concatenate([np.zeros((len(funds), 1), dtype=np.int64), np.cumsum(funds.inflow, axis=1)], axis=1)
    young = inflow[fund_, month + 1] - inflow[fund_, since] + funds.valid_opening[at]
    rows = f.builder.add_rows("valid", "ft", at, upper=young / FEN_PER_WAN)
    balance = lookup(f["balance"], (len(funds), problem.calendar.books))
    f.builder.add_entries(rows.index, balance[at], 1.0)
    for name, into in (("borrow", problem.loans.fund), ("move_money", problem.moves.target), ("received", None)):
        key, t = f[name].keys
        receiving = key if into is None else into[key]
        for row, own, first, last in zip(rows.index, fund_, since, month, strict=True):
            counted_ = (receiving == own) & (first <= t) & (t <= last)
            f.builder.add_entries(row, f[name].index[counted_], -1.0)


def receipts(f: Formulation) -> None:
    r"""What funds receive from households, and of advances from developers (accounts 3 and 7).

    .. math:: \mathit{received}_{f,t} = \sum_{o,s} \mathit{line}_{o,f,t-s} \, \mathit{settle}_{o,s}
        + \sum_{g} \mathit{recovered}_{g,f,t}
    """
    shape = (len(f.problem.funds), f.problem.calendar.books)
    rows = f.builder.add_rows("received", "ft", f["received"].keys, lower=0.0, upper=0.0)
    row_of = lookup(rows, shape)
    f.builder.add_entries(rows.index, f["received"].index, 1.0)
    got = f.received_lines
    f.builder.add_entries(
        row_of[got.target, got.month],
        f["settle"].index[got.choice],
        -got.fen / FEN_PER_WAN * f.choices.unit[got.choice],
    )
    for column, target, month, amount in recovered(f):
        f.builder.add_entries(row_of[target, month], column, -amount)


def recovered(f: Formulation) -> list[tuple[IntArray, IntArray, IntArray, FloatArray]]:
    """(column, fund, month, 万元): what a developer pays back of the fees that the government advanced."""
    bills, books = f.problem.bills, f.problem.calendar.books
    result: list[tuple[IntArray, IntArray, IntArray, FloatArray]] = []
    waiting, chosen = cash_fees(f)
    columns = (waiting.choice, f["settle"].index[chosen.choice])
    units = (np.ones(waiting.choice.size), f.choices.unit[chosen.choice])
    for amounts, column, unit in zip((waiting, chosen), columns, units, strict=True):
        month = amounts.month + bills.recovered_after[amounts.target].astype(np.int64)
        at = np.flatnonzero(
            (bills.recovered_into[amounts.target] >= 0)
            & (bills.recovered_ppm[amounts.target] > 0)
            & (amounts.fen > 0)
            & (month < books)
        )
        share = (bills.recovered_ppm[amounts.target[at]] / PPM).astype(np.float64)
        part: FloatArray = government_part(f, amounts)[at] * share * unit[at].astype(np.float64)
        result.append((column[at], bills.recovered_into[amounts.target[at]].astype(np.int64), month[at], part))
    return result


def draw_limit(f: Formulation) -> None:
    r"""Payments and moves out of a fund, in a month and in all, within its limits; limits of moves (accounts 12).

    .. math:: \sum_n \mathit{pay}_{f,n,t} + \sum_{m \leftarrow f} \mathit{move\_money}_{m,t} \le \mathit{limit}_{f,t},
        \qquad \text{and the same summed over } t
    """
    problem = f.problem
    funds, moves, books = problem.funds, problem.moves, problem.calendar.books
    at = np.nonzero(funds.monthly_limit >= 0)
    rows = f.builder.add_rows("draw_limit", "ft", at, upper=funds.monthly_limit[at] / FEN_PER_WAN)
    _drawn(f, lookup(rows, (len(funds), books)))
    limited = np.flatnonzero(funds.total_limit >= 0)
    rows = f.builder.add_rows("total_limit", "f", (limited,), upper=funds.total_limit[limited] / FEN_PER_WAN)
    row_of = np.full((len(funds), books), -1, dtype=np.int64)
    row_of[limited] = rows.index[:, None]
    _drawn(f, row_of)
    limited = np.flatnonzero(moves.total_limit >= 0)
    rows = f.builder.add_rows("move_limit", "m", (limited,), upper=moves.total_limit[limited] / FEN_PER_WAN)
    move, _ = f["move_money"].keys
    for row, move_ in zip(rows.index, limited, strict=True):
        f.builder.add_entries(row, f["move_money"].index[move == move_], 1.0)


def _drawn(f: Formulation, row_of: IntArray, sign: float = 1.0) -> None:
    """Add what is paid and moved out of fund f in month t to row_of[f, t] (≥ 0)."""
    at, _, t = f["pay"].keys
    _enter(f, row_of[at, t], f["pay"].index, sign)
    move, t = f["move_money"].keys
    _enter(f, row_of[f.problem.moves.source[move], t], f["move_money"].index, sign)


def release(f: Formulation) -> None:
    r"""Money released by construction progress: drawn to date ≤ share of the total (accounts 12).

    .. math:: \mathit{drawn}_{f,t} \le \mathit{total}_f \Bigl( u_f + (1 - u_f)
        \frac{\mathit{built}_f + \sum_{e \in f} \mathit{spent}_{e,t-1}}{\sum_{e \in f} \mathit{total}_e} \Bigr)

    ``drawn`` is what was borrowed up to t where the fund has a loan, else what was paid and moved out; ``u`` is the
    share released at the start.
    """
    problem = f.problem
    funds, phases, books = problem.funds, problem.phases, problem.calendar.books
    months = problem.calendar.months
    block = f["drawn"]
    fund_, month = block.keys
    released = np.unique(fund_)
    row_of = lookup(_carried(f, "drawn"), (len(funds), books))
    lender = set(problem.loans.fund.tolist())
    paying = row_of.copy()
    paying[[i for i in released if i in lender]] = -1
    _drawn(f, paying, -1.0)
    loan, t = f["borrow"].keys
    _enter(f, row_of[problem.loans.fund[loan], t], f["borrow"].index, -1.0)
    spent = f["spent"].index.reshape(len(phases), months) if len(phases) else None
    total = funds.release_total / FEN_PER_WAN
    upfront = funds.release_upfront_ppm / PPM
    start = funds.release_phases.start
    rows = f.builder.add_rows("release", "ft", (fund_, month), upper=0.0)
    f.builder.add_entries(rows.index, block.index, 1.0)
    upper = np.zeros(rows.size)
    for i, (row, at, t_) in enumerate(zip(rows.index, fund_, month, strict=True)):
        listed = funds.release_phases["phase"][start[at] : start[at + 1]]
        whole = phases.total_cost[listed].sum() / FEN_PER_WAN
        built = (phases.total_cost[listed] - phases.cost[listed]).sum() / FEN_PER_WAN
        rest = total[at] * (1.0 - upfront[at])
        upper[i] = total[at] * upfront[at] + (rest * built / whole if whole > 0 else rest)
        if t_ > 0 and whole > 0 and spent is not None:
            f.builder.add_entries(row, spent[listed, min(t_ - 1, months - 1)], -rest / whole)
    f.builder.set_row_upper(rows, upper)


def reserve(f: Formulation) -> None:
    r"""Closing balance of the funds that may pay fees, together, ≥ N × the fees due that month (accounts 13).

    .. math:: \sum_{f \text{ may pay fees}} \mathit{balance}_{f,t} \ge N \sum_{n \in \text{fees}} \mathit{due}_{n,t}
    """
    problem = f.problem
    needs, funds, books = problem.needs, problem.funds, problem.calendar.books
    if problem.objective.reserve_months <= 0:
        return
    fees = needs.use == Use.FEES
    month = np.arange(books)
    rows = f.builder.add_rows("reserve", "t", (month,), lower=0.0)
    paying = needs.payable_by[fees].any(axis=0)
    balance = f["balance"].index.reshape(len(funds), books)
    f.builder.add_entries(np.broadcast_to(rows.index, (int(paying.sum()), books)), balance[paying], 1.0)
    row_of = np.full((len(needs), books), -1, dtype=np.int64)
    row_of[fees] = rows.index
    _due(f, row_of, -problem.objective.reserve_months)


BLOCKS = {
    "household": household,
    "limits": limits,
    "stock": stock,
    "reservation": reservation,
    "construction": construction,
    "need": need,
    "loans": loans,
    "owing": owing,
    "offset": offset,
    "fund": fund,
    "receipts": receipts,
    "draw_limit": draw_limit,
    "release": release,
    "reserve": reserve,
}
"""Rule blocks by name, in the order in which they enter the model."""
