"""Finishing phases: money that lies idle to the end and may pay for construction only builds what is still missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.optimiser.model.linear import BoolArray, IntArray
from renewopt.optimiser.payments.settled import assess
from renewopt.problem import Decisions, Problem
from renewopt.vocabulary import Use


def unfinished(problem: Problem, decisions: Decisions) -> IntArray:
    """Phases that are never handed over, with homes that households without a choice may be given."""
    phases, offers = problem.phases, problem.offers
    waiting = problem.claims.count.copy()
    np.subtract.at(waiting, offers.claim[decisions.settle[:, 0]], decisions.settle[:, 2])
    wanted = np.zeros(len(problem.pools), dtype=np.bool_)
    wanted[offers.stock["pool"][waiting[offers.claim[offers.stock.row]] > 0]] = True
    built = np.zeros(len(phases), dtype=np.bool_)
    built[decisions.complete[:, 0]] = True
    delivers = np.zeros(len(phases), dtype=np.bool_)
    delivers[phases.delivers.row[wanted[phases.delivers["pool"]]]] = True
    return np.flatnonzero(delivers & ~built)


def finish(problem: Problem, decisions: Decisions, phase: int) -> Decisions | None:
    """The same decisions, and the phase paid for as early as idle money allows; None where that is never enough.

    Only funds count that may pay for nothing but construction, with no loan, no release by progress and no way out to
    another fund; what is spent is on hand in every later month as well.
    """
    phases, calendar = problem.phases, problem.calendar
    need = int(phases.need[phase])
    tied = np.flatnonzero(_tied(problem) & problem.needs.payable_by[need])
    balance, room, total = _idle(problem, decisions)
    spent = np.zeros(calendar.months, dtype=np.int64)
    mine = decisions.build[decisions.build[:, 0] == phase]
    np.add.at(spent, mine[:, 1], mine[:, 2])
    left, last = int(phases.cost[phase] - spent.sum()), int(mine[:, 1].max(initial=-1))
    pay: list[tuple[int, int, int, int]] = []
    for month in range(calendar.now, calendar.months):
        limit = int(phases.monthly_limit[phase, month])
        most = left if limit < 0 else min(left, limit - int(spent[month]))
        for fund in tied.tolist():
            idle = int(min(balance[fund, month:].min(), room[fund, month], total[fund]))
            fen = max(min(most, idle), 0)
            if not fen:
                continue
            balance[fund, month:] -= fen
            total[fund] -= fen
            pay.append((fund, need, month, fen))
            left, most, last = left - fen, most - fen, month
    handover = max(int(phases.earliest[phase]), last + int(phases.lag[phase]) if last >= 0 else 0, calendar.now)
    if left or handover >= calendar.months:
        return None
    rows = np.array(pay, dtype=np.int64).reshape(-1, 4)
    build = np.column_stack([np.full(len(rows), phase), rows[:, 2:]])
    return replace(
        decisions,
        pay=np.concatenate([decisions.pay, rows]),
        build=np.concatenate([decisions.build, build]),
        complete=np.concatenate([decisions.complete, [[phase, handover]]]),
    )


def _tied(problem: Problem) -> BoolArray:
    """(F,) funds whose money can do nothing else."""
    funds, needs = problem.funds, problem.needs
    elsewhere = needs.payable_by[needs.use != Use.CONSTRUCTION].any(axis=0)
    kept = (funds.keeps < 0).all(axis=1) & (funds.valid_since < 0).all(axis=1)
    tied: BoolArray = ~elsewhere & (funds.release_upfront_ppm < 0) & kept
    tied[problem.loans.fund] = False
    tied[problem.moves.source] = False
    return tied


def _idle(problem: Problem, decisions: Decisions) -> tuple[IntArray, IntArray, IntArray]:
    """(F, B) fen on hand at the close of each month, and (F, B) and (F,) that limits of payments still allow.

    Of the funds in `_tied`: what loans bring is left out, they have none.
    """
    funds, moves = problem.funds, problem.moves
    flow = funds.inflow + assess(problem, decisions.settle).received
    flow[:, 0] += funds.opening
    paid = np.zeros_like(flow)
    fund, _, month, fen = decisions.pay.T
    np.add.at(paid, (fund, month), fen)
    move, month, fen = decisions.move.T
    np.add.at(flow, (moves.target[move], month), fen)
    plenty = np.iinfo(np.int64).max
    room = np.where(funds.monthly_limit < 0, plenty, funds.monthly_limit - paid)
    total = np.where(funds.total_limit < 0, plenty, funds.total_limit - paid.sum(axis=1))
    return np.cumsum(flow - paid, axis=1), room, total
