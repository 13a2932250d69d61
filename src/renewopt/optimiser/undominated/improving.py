"""Improving a whole plan after the search, at an objective not a fen higher and with its bound unchanged."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from renewopt import stopping
from renewopt.optimiser.model.choices import lines
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.payments.paying import QUICK, Check, Paid, pay_for
from renewopt.optimiser.payments.settled import assess, settle_choices, whole_goal
from renewopt.optimiser.progress import endless
from renewopt.optimiser.undominated.assigning import assign
from renewopt.optimiser.undominated.cheaper import costly_in_parts, into_cheaper_offers
from renewopt.optimiser.undominated.dealing import deal
from renewopt.optimiser.undominated.finishing import finish, unfinished
from renewopt.optimiser.undominated.moves import (
    NOBODY,
    Asked,
    Moves,
    into_earlier_months,
    out_of_waiting,
    urgency,
    waiting_in_parts,
)
from renewopt.optimiser.undominated.slack import less, slack_of
from renewopt.optimiser.undominated.value import reached_in_fen
from renewopt.problem import Decisions, Problem
from renewopt.problem.decisions import IntTable
from renewopt.problem.waits import within_waits
from renewopt.vocabulary import Goal

TOGETHER = 20_000
"""Moves that are decided together."""
SHARE_TO_PAY = 0.2
"""Share of the time that is kept for finding payments."""
PASSES = 20
"""Whoever moves may open what was closed: what a household frees for transfer, a limit in its former month."""


@dataclass(frozen=True, eq=False)
class _Terms:
    """What a better plan has to keep, and how long it is looked for; as of `undominated`.

    `to_pay`: seconds that are kept for finding payments.
    """

    goal: str
    tier_bounds: tuple[TierBound, ...]
    check: Check | None
    left: Callable[[], float]
    to_pay: float

    @property
    def may_look(self) -> bool:
        """Whether there is time to look for more, and to pay for it."""
        return self.left() > self.to_pay


def undominated(
    problem: Problem,
    paid: Paid,
    *,
    goal: str,
    tier_bounds: tuple[TierBound, ...] = (),
    check: Check | None = None,
    left: Callable[[], float] = endless,
) -> Paid:
    """Give homes that would stay free to households that would wait, or that might have theirs earlier or for less.

    Nobody who waits in the plan that is returned could be housed in a home that stays free to the end, by an offer that
    costs no fund any money (no price, no payment to the household, in no month a higher fee to pay), within all limits
    and reservations, without a higher objective or a higher value of a tier. Nobody's offer costs money where the
    household could be housed no later in a home that stays free to the end, at a lower cost, on the same terms.

    Parameters
    ----------
    paid
        The plan that a search has found.
    goal
        Name of the objective that it was found for.
    check
        Says whether decisions are acceptable: the ledger's audit.
    left
        Seconds left; the best plan so far is returned when there are none.

    Returns
    -------
    Paid
        The plan itself where there is nothing to be done.
    """
    problem, tier_bounds = within_waits(problem, tier_bounds)
    seconds = left()
    terms = _Terms(goal, tier_bounds, check, left, SHARE_TO_PAY * seconds if math.isfinite(seconds) else 0.0)
    with stopping.held():
        paid = _filled_up(problem, paid, terms)
        dealt = _dealt(problem, paid, terms)
        if dealt is not None:
            paid = _filled_up(problem, dealt, terms)
        if goal != Goal.FISCAL and all(tier.goal != Goal.FISCAL for tier in problem.objective.tiers):
            paid = _finished(problem, paid, terms)
        for _ in range(PASSES):
            cheaper = _cheaper(problem, paid, terms)
            if cheaper is None:
                break
            # Homes that are left are open to others.
            paid = _filled_up(problem, cheaper, terms)
    return paid


def _dealt(problem: Problem, paid: Paid, terms: _Terms) -> Paid | None:
    """A plan of a lower objective, by deals that the money left over allows; None where there are none."""
    if not terms.may_look:
        return None
    asked = _asked(problem, paid.decisions, terms.goal, False)
    dealt = deal(asked, paid.decisions, lambda: terms.may_look)
    if dealt is asked:
        return None
    better = _paid_for(problem, paid, dealt.settle, terms)
    if better is None or better.value >= paid.value:
        return None
    fiscal = any(tier.goal == Goal.FISCAL for tier in problem.objective.tiers)
    return None if fiscal and _costs(problem, better)[0] > _costs(problem, paid)[0] else better


def _finished(problem: Problem, paid: Paid, terms: _Terms) -> Paid:
    """Finish phases whose money can do nothing else, where that houses somebody."""
    for phase in unfinished(problem, paid.decisions).tolist():
        if terms.left() <= 0:
            break
        finished = finish(problem, paid.decisions, phase)
        if finished is None:
            continue
        better = _filled_up(problem, replace(paid, decisions=finished), terms)
        if better.decisions.settle[:, 2].sum() > paid.decisions.settle[:, 2].sum():
            paid = better
    return paid


def _cheaper(problem: Problem, paid: Paid, terms: _Terms) -> Paid | None:
    """Move settled households to cheaper offers, at a lower fiscal cost or, at the same, lower payments of theirs.

    First wherever the money might suffice; if that cannot be paid for, where all other payments stay as they are.
    """
    for fees_as_they_are in (False, True):
        if terms.left() <= 0:
            return None
        asked = _asked(problem, paid.decisions, terms.goal, fees_as_they_are)
        rows = len(asked.settle)
        for part in costly_in_parts(asked):
            if not terms.may_look:
                break
            asked = _made(asked, into_cheaper_offers(asked, part))
        if len(asked.settle) == rows:
            # What may move while payments stay may move anyhow.
            return None
        better = _paid_for(problem, paid, _merged(asked.settle), terms)
        if better is not None and _costs(problem, better) < _costs(problem, paid):
            return better
    return None


def _costs(problem: Problem, paid: Paid) -> tuple[int, int]:
    """Whole fen of fiscal cost, and of what households pay."""
    whole = assess(problem, paid.decisions.settle)
    chosen = settle_choices(problem, paid.decisions.settle)
    got = lines(problem, chosen, received=True)
    fiscal = reached_in_fen(problem, whole, paid.decisions, Goal.FISCAL)
    return round(fiscal), int((got.fen * chosen.unit[got.choice]).sum())


def _filled_up(problem: Problem, paid: Paid, terms: _Terms) -> Paid:
    """Make all moves that can be paid for; if none can that end fees, those which leave all fees as they are."""
    for fees_as_they_are in (False, True):
        if terms.left() <= 0:
            return paid
        settle = _filled(problem, paid.decisions, terms, fees_as_they_are)
        if settle is None:
            return paid
        better = _paid_for(problem, paid, settle, terms)
        if better is not None:
            return better
    return paid


def _asked(problem: Problem, decisions: Decisions, goal: str, fees_as_they_are: bool) -> Asked:
    """What moves are looked for from these decisions on."""
    settle = decisions.settle
    chosen = settle_choices(problem, settle)
    waiting = problem.claims.count.copy()
    np.subtract.at(waiting, chosen.claim, chosen.unit)
    return Asked(
        problem,
        settle,
        waiting,
        urgency(problem),
        slack_of(problem, settle, decisions.complete),
        goal,
        fees_as_they_are,
    )


def _filled(problem: Problem, decisions: Decisions, terms: _Terms, fees_as_they_are: bool) -> IntTable | None:
    """The settling table with all moves made; None where there are none."""
    asked, settle = _asked(problem, decisions, terms.goal, fees_as_they_are), decisions.settle
    for _ in range(PASSES):
        rows = len(asked.settle)
        for claims in waiting_in_parts(asked):
            if not terms.may_look:
                break
            asked = _made(asked, out_of_waiting(asked, np.sort(claims)))
        asked = _made(asked, into_earlier_months(asked))
        if len(asked.settle) == rows or not terms.may_look:
            break
    return None if len(asked.settle) == len(settle) else _merged(asked.settle)


def _made(asked: Asked, moves: Moves) -> Asked:
    """Make the best of the moves, some thousands at a time."""
    who = np.where(moves.leaves == NOBODY, moves.choices.claim, moves.leaves)
    begins = np.flatnonzero(np.diff(who, prepend=-1))
    cut = begins[np.flatnonzero(np.diff(begins // TOGETHER)) + 1]
    for rows in np.split(np.arange(len(moves)), cut):
        if not rows.size:
            continue
        some = moves.take(rows)
        units = assign(asked, some)
        at = np.flatnonzero(units)
        households = units[at] * some.choices.unit[at]
        left, claim = some.leaves[at], some.choices.claim[at]
        came, moved = left == NOBODY, left != NOBODY
        new = np.column_stack([some.choices.offer[at], some.choices.month[at], households])
        old = np.column_stack([asked.settle[left[moved], :2], -households[moved]])
        waiting = asked.waiting.copy()
        np.subtract.at(waiting, claim[came], households[came])
        # Rows keep their places, since moves name them.
        settle = asked.settle.copy()
        np.subtract.at(settle[:, 2], left[moved], households[moved])
        asked = replace(
            asked,
            settle=np.concatenate([settle, new]),
            waiting=waiting,
            slack=less(asked.problem, asked.slack, np.concatenate([new, old])),
        )
    return asked


def _merged(settle: IntTable) -> IntTable:
    """One row for each offer and month, in their order, without those that nobody takes any more."""
    keys, row = np.unique(settle[:, :2], axis=0, return_inverse=True)
    households = np.bincount(row.reshape(-1), weights=settle[:, 2], minlength=len(keys)).astype(np.int64)
    return np.column_stack([keys, households])[households > 0]


def _paid_for(problem: Problem, paid: Paid, settle: IntTable, terms: _Terms) -> Paid | None:
    """The plan with other choices, paid for; None where that cannot be, or its objective would be higher."""
    before, after = assess(problem, paid.decisions.settle), assess(problem, settle)
    # What equal waits come to is seen of all moves together.
    equal = [(tier, most) for tier, most in terms.tier_bounds if tier.goal == Goal.WAIT_SPREAD]
    if any(whole_goal(problem, after, tier) > most for tier, most in equal):
        return None
    if np.array_equal(before.due, after.due):
        decisions = replace(paid.decisions, settle=settle)
        if terms.check is not None and not terms.check(decisions):
            return None
        value = paid.value + whole_goal(problem, after, terms.goal) - whole_goal(problem, before, terms.goal)
        return replace(paid, decisions=decisions, value=value)
    better = pay_for(
        problem,
        settle,
        paid.decisions.complete,
        goal=terms.goal,
        tier_bounds=terms.tier_bounds,
        check=terms.check,
        time_limit=terms.left(),
        patience=terms.left(),
        in_fen_up_to=QUICK,
    )
    if better is None:
        return None
    reached = reached_in_fen(problem, after, better.decisions, terms.goal)
    return better if reached <= reached_in_fen(problem, before, paid.decisions, terms.goal) else None
