"""Margins of some fen: the ledger rounds what the linear model does not.

A linear model computes the government's part of a bill, recoveries, interest, surcharges and level repayments in
fractions of a fen, the ledger rounds each of them half-up. So that the model's bound holds for the ledger's world, it
gets as many fen more a month as there are roundings; so that its payments can be rounded, a few fen less.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.optimiser.model.linear import IntArray
from renewopt.problem import Problem
from renewopt.units import PPM


def roundings(problem: Problem) -> int:
    """How many amounts the ledger may round in a month, at the most."""
    bills, needs, loans = problem.bills, problem.needs, problem.loans
    fractional = (bills.paid_ppm % PPM != 0).sum() + (
        (bills.recovered_ppm % PPM != 0) & (bills.recovered_into >= 0)
    ).sum()
    owed = needs.owing[needs.owing >= 0]
    surcharged = (problem.owing.surcharge_ppb[owed] > 0).sum() if owed.size else 0
    service = ((loans.rate > 0).astype(int) + np.where(loans.kind == "level", loans.term, 0)).sum()
    return int(fractional + surcharged + service)


def loosened(problem: Problem) -> Problem:
    """The problem with room for every rounding of the ledger: what is proven for it holds for the ledger."""
    fen = roundings(problem)
    if fen == 0:
        return problem
    books = problem.calendar.books
    return _shifted(problem, fen * books, monthly=fen)


def tightened(problem: Problem, margin: int) -> Problem:
    """Every limit of money less a margin in fen."""
    return _shifted(problem, -margin, monthly=0) if margin else problem


def _first_money(problem: Problem, fen: int) -> IntArray:
    """(F, B) fen: a margin taken off each fund in the first month in which it has as much of its own."""
    funds = problem.funds
    coming = funds.inflow.copy()
    coming[:, 0] += funds.opening
    has = coming >= fen
    first = np.where(has.any(axis=1), has.argmax(axis=1), -1)
    taken = np.zeros_like(coming)
    rich = np.flatnonzero(first >= 0)
    taken[rich, first[rich]] = fen
    return taken


def _every_fund(problem: Problem, fen: int) -> IntArray:
    """(F, B) fen: an allowance for each fund in month 0."""
    allowance = np.zeros_like(problem.funds.inflow)
    allowance[:, 0] = fen
    return allowance


def _shifted(problem: Problem, fen: int, *, monthly: int) -> Problem:
    funds, loans, owing, moves = problem.funds, problem.loans, problem.owing, problem.moves
    extra = _first_money(problem, -fen) * -1 if fen < 0 else _every_fund(problem, fen)

    def by(limit: IntArray) -> IntArray:
        return np.where(limit > 0, np.maximum(limit + fen, 0), limit)

    return replace(
        problem,
        funds=replace(
            funds,
            inflow=funds.inflow + extra + monthly,
            monthly_limit=by(funds.monthly_limit),
            total_limit=by(funds.total_limit),
            release_total=np.maximum(funds.release_total + fen, 0),
        ),
        loans=replace(loans, limit=by(loans.limit)),
        owing=replace(
            owing,
            stock_limit=by(owing.stock_limit),
            share_ppm=np.minimum(owing.share_ppm + (1 if fen > 0 else 0), PPM),
        ),
        moves=replace(moves, total_limit=by(moves.total_limit), monthly_limit=by(moves.monthly_limit)),
    )
