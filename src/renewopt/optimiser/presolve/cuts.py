"""Valid inequalities that shorten branch and cut: knapsacks over the households that are settled by a month.

The relaxation may settle part of a household for part of its price as soon as there is any money. What whole
households have taken by a month is a single knapsack, which a solver cannot see: to it, money is a chain of balances.
"""

from __future__ import annotations

import numpy as np

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray
from renewopt.problem import Problem
from renewopt.units import FEN_PER_WAN

NOTHING_CHOSEN = np.iinfo(np.int64).max
LARGEST = 10_000_000
"""Choices × months up to which rows are looked for: models beyond are not searched to their end anyway."""


def add_money_in_time(engine: Engine, f: Formulation) -> int:
    """Add, for each month, that households settled by then took at least their price out of the money that was there.

    Counted is what needs that only some funds may pay, and that nobody may owe or set off, cost by the month at the
    least, over all ways in which a household can have been settled; and all that these funds had by then. Funds that
    get money in any other way than by their own inflow are left out.

    Returns
    -------
    int
        How many rows were added: none in models of more than `LARGEST` choices × months.
    """
    added = 0
    if len(f.choices) * f.problem.calendar.books > LARGEST:
        return added
    waiting = f["waiting"].index.reshape(len(f.problem.claims), f.problem.calendar.months)
    for payers in _payers(f):
        least, money = _least_due(f, payers), _money(f.problem, payers)
        all_settled = (least * f.problem.claims.count[:, None]).sum(axis=0)
        for month in np.flatnonzero(all_settled > money):
            claims = np.flatnonzero(least[:, month])
            value: FloatArray = least[claims, month] / FEN_PER_WAN
            engine.add_row(
                waiting[claims, month], value, float(all_settled[month] - money[month]) / FEN_PER_WAN, np.inf
            )
            added += 1
    return added


def _plain(problem: Problem) -> BoolArray:
    """(N,): needs that are paid in money, in the month in which they fall due."""
    result: BoolArray = (problem.needs.owing < 0) & (problem.needs.developer < 0)
    return result


def _covered(problem: Problem, payers: BoolArray) -> BoolArray:
    """(N,): plain needs that no other fund may pay."""
    result: BoolArray = _plain(problem) & ~(problem.needs.payable_by & ~payers).any(axis=1)
    return result


def _payers(f: Formulation) -> list[BoolArray]:
    """Sets of funds, each (F,), that pay for some need and live on their own inflow alone."""
    problem = f.problem
    moves, loans, bills = problem.moves, problem.loans, problem.bills
    fed = np.zeros(len(problem.funds), dtype=np.bool_)
    fed[loans.fund] = True
    fed[f.received_lines.target] = True
    fed[bills.recovered_into[bills.recovered_into >= 0]] = True
    sets = np.unique(problem.needs.payable_by[_plain(problem)], axis=0)
    return [
        payers
        for payers in sets
        if not (fed & payers).any() and not (payers[moves.target] & ~payers[moves.source]).any()
    ]


def _least_due(f: Formulation, payers: BoolArray) -> IntArray:
    """(H, T) fen: what a household settled by the close of a month has cost these funds by then, at the least."""
    problem, choices = f.problem, f.choices
    months = problem.calendar.months
    covered = _covered(problem, payers)
    due = np.zeros((len(choices), problem.calendar.books), dtype=np.int64)
    for amounts in (f.instalments, f.paid_lines):
        at = covered[amounts.target]
        np.add.at(due, (amounts.choice[at], amounts.month[at]), amounts.fen[at])
    due = np.cumsum(due, axis=1)[:, :months]
    due[np.arange(months) < choices.month[:, None]] = NOTHING_CHOSEN
    least = np.full((len(problem.claims), months), NOTHING_CHOSEN)
    np.minimum.at(least, choices.claim, due)
    least[least == NOTHING_CHOSEN] = 0
    return least


def _money(problem: Problem, payers: BoolArray) -> IntArray:
    """(T,) fen that these funds had by the close of each month, less what falls due whatever is decided."""
    funds, needs = problem.funds, problem.needs
    coming = funds.inflow[payers].sum(axis=0)
    coming[0] += funds.opening[payers].sum()
    covered = _covered(problem, payers)
    coming = coming - needs.fixed[covered].sum(axis=0)
    coming[0] -= needs.opening_arrears[covered].sum()
    money: IntArray = np.cumsum(coming)[: problem.calendar.months]
    return money
