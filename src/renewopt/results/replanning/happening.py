"""From what is told to have happened to a past that the ledger can replay, and to whether anything is new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError
from renewopt.ledger import Violation
from renewopt.policies.past import Lived, live_through
from renewopt.problem import Decisions, Problem
from renewopt.problem.supply import UNBUILT
from renewopt.results.replanning.facts import Facts, as_it_happened
from renewopt.results.replanning.freezing import with_expected, with_inflow
from renewopt.units import FEN_PER_YUAN
from renewopt.wording import Language, Names, Wording, words

__all__ = ["Past", "faults_of_the_past", "what_is_new"]

ROUNDS = 4
"""Times that the past is lived through until the payments that are told agree with those that are reckoned."""


@dataclass(frozen=True, eq=False)
class Past:
    """What happened.

    Attributes
    ----------
    problem
        As it is known now: what came in, and what is expected.
    lived
        The months that are over, and what is left after them.
    """

    problem: Problem
    lived: Lived


def what_is_new(
    problem: Problem, planned: Decisions, facts: Facts, now: int, *, dated_anew: bool = False
) -> Past | None:
    """Live through what happened; None: all went as planned, and nothing that is expected touches the plan.

    Parameters
    ----------
    problem
        As it was known when the plan was made.
    planned
        The plan.
    now
        First month that is not over.
    dated_anew
        What has begun is news, whatever else is.

    Raises
    ------
    ScenarioError
        If its money or its phases do not admit of what is told; all of it together.
    """
    happened = as_it_happened(problem, planned, facts, now)
    done = set(happened.complete[:, 0].tolist())
    expected = {
        phase: month
        for phase, month in facts.expected.items()
        if phase not in done and month != problem.phases.earliest[phase]
    }
    received = {
        key: fen - int(problem.funds.inflow[key])
        for key, fen in facts.received.items()
        if fen != problem.funds.inflow[key]
    }
    same = not dated_anew and _same(happened, planned.before(now))
    otherwise = _paid_otherwise(problem, planned.before(now), facts)
    if same and not received and not otherwise and not _matters(problem, planned, expected):
        return None
    past = _lived(with_expected(problem, expected), happened, facts, received, now, exactly=same)
    if faults := [*_short(past), *_unpaid(past, happened)]:
        raise ScenarioError([_fault(message) for message in faults])
    return past


def _matters(problem: Problem, planned: Decisions, expected: Mapping[int, int]) -> bool:
    """Whether what is expected gives room for a better plan, or takes away what this one needs."""
    handover = dict(planned.complete.tolist())
    return any(
        month < problem.phases.earliest[phase] or handover.get(phase, UNBUILT) < month
        for phase, month in expected.items()
    )


def _lived(
    problem: Problem,
    happened: Decisions,
    facts: Facts,
    received: Mapping[tuple[int, int], int],
    now: int,
    *,
    exactly: bool,
) -> Past:
    """Live through the past, until what it pays is what is told; a difference stays in the fund, or leaves it."""
    more = dict(received)
    for _ in range(ROUNDS):
        known = with_inflow(problem, more)
        past = Past(known, live_through(known, happened, now, exactly=exactly))
        settled = dict(received)
        for (fund, _use, month), fen in _paid_otherwise(known, past.lived.past, facts).items():
            settled[fund, month] = settled.get((fund, month), 0) + fen
        if settled == more:
            break
        more = settled
    return past


def _short(past: Past) -> Iterable[Wording]:
    """Say what money is missing for what happened."""
    needs, label = past.problem.needs, past.problem.calendar.label
    for need, month, fen in past.lived.past.shortfall.tolist():
        yield words(
            "{amount:,.2f} yuan are missing for {need} in {month}, by what is told to have happened",
            amount=fen / FEN_PER_YUAN, need=needs.id[need], month=label(month),
        )  # fmt: skip
    for fund, month, fen in past.lived.overdrawn[:1]:
        yield words(
            "fund {fund} would have closed {month} with {amount:,.2f} yuan less than nothing, by what is told",
            fund=past.problem.funds.id[fund], month=label(month), amount=fen / FEN_PER_YUAN,
        )  # fmt: skip


def _unpaid(past: Past, happened: Decisions) -> Iterable[Wording]:
    """Say which payments for construction the funds could not make."""
    built, told = (_sums(rows, 2) for rows in (past.lived.past.build, happened.build))
    for (phase, month), fen in told.items():
        if built.get((phase, month), 0) != fen:
            yield words(
                "phase {phase} was paid {amount:,.2f} yuan in {month}, but the fund did not have it then",
                phase=past.problem.phases.id[phase], amount=fen / FEN_PER_YUAN,
                month=past.problem.calendar.label(month),
            )  # fmt: skip


class _Found(Names):
    """What the ledger found, in the language of whoever is told."""

    found: Violation

    def __new__(cls, found: Violation) -> Self:
        self = super().__new__(cls, [found.message()])
        self.found = found
        return self

    def said(self, language: Language) -> str:
        """Say it."""
        return self.found.message(language)


def faults_of_the_past(broken: Iterable[Violation], problem: Problem) -> list[Finding]:
    """Broken rules that lie in months that are over: not the plan, but what is told to have happened breaks them."""
    over = {problem.calendar.label(month) for month in range(problem.calendar.now)}
    return [
        _fault(words("what is told to have happened breaks a rule: {found}", found=_Found(each)))
        for each in broken
        if each.place.get("month") in over and each.rule != "past"
    ]


def _fault(message: Wording) -> Finding:
    return Finding(
        "error", "actuals", None, "", message, words("tell what else came in, was paid or chosen, or mend the scenario")
    )


def _same(one: Decisions, other: Decisions) -> bool:
    """Whether two tell the same, in whatever order."""
    for name in Decisions.COLUMNS:
        pair = [getattr(each, name) for each in (one, other)]
        if name == "complete":
            pair = [np.column_stack([rows, np.ones(len(rows), dtype=np.int64)]) for rows in pair]
        ours, theirs = (_sums(rows, rows.shape[1] - 1) for rows in pair)
        if ours != theirs:
            return False
    return True


def _sums(rows: NDArray[np.int64], keys: int) -> dict[tuple[Any, ...], int]:
    """Amount in the last column, by the first columns; none that comes to nothing."""
    found: dict[tuple[Any, ...], int] = {}
    for row in rows.tolist():
        key = tuple(row[:keys])
        found[key] = found.get(key, 0) + row[-1]
    return {key: amount for key, amount in found.items() if amount}


def _paid_otherwise(problem: Problem, past: Decisions, facts: Facts) -> dict[tuple[int, str, int], int]:
    """Fen by which what is told to have been paid is less than what was reckoned, where it is not the same."""
    if not facts.paid:
        return {}
    reckoned: dict[tuple[int, str, int], int] = {}
    for fund, need, month, fen in past.pay.tolist():
        key = (fund, str(problem.needs.use[need]), month)
        reckoned[key] = reckoned.get(key, 0) + fen
    differing = {key: reckoned.get(key, 0) - fen for key, fen in facts.paid.items()}
    return {key: fen for key, fen in differing.items() if fen}
