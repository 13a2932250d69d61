"""What breaks the plan in the futures that the scenario states: its decisions, carried out as things then turn out.

Nothing is planned anew. An office's repairs are made (`renewopt.policies.execution`): what is impossible is put off, a
household whose offer is lost takes the next one, a bill is paid from another fund that may. What is then missing in a
month is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renewopt.charts.labels import Locale
from renewopt.futures import Begun, Future, draw_future, is_random
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import MadeOnce, simulate
from renewopt.results.futures_told import names_of, tell_changes
from renewopt.results.record import Tried
from renewopt.units import FEN_PER_YUAN
from renewopt.wording import LANGUAGES

if TYPE_CHECKING:
    from renewopt.problem import Decisions, Problem
    from renewopt.scenario import Scenario, models

__all__ = ["DRAWS", "try_futures"]

DRAWS = 5
"""Of each random future: the first ones, which a comparison would meet as well."""
MOST_FUTURES = 6
"""That are tried, the first ones."""
MOST_CLAIMS = 5_000
"""Claims above which nothing is tried: each draw is carried out month by month."""


def try_futures(
    problem: Problem, decisions: Decisions, scenario: Scenario, begun: Begun | None = None
) -> tuple[Tried, ...]:
    """Carry a plan out in each future that the scenario states.

    Parameters
    ----------
    problem
        As planned.
    decisions
        Of the plan.
    scenario
        That the problem was compiled from.
    begun
        What starts when, where anything may start.
    """
    if len(problem.claims) > MOST_CLAIMS or problem.calendar.now:
        return ()
    plan = _Made(decisions)
    planned = int(replay(problem, decisions).totals.transition_fees) if scenario.futures else 0
    return tuple(_try(problem, plan, planned, future, scenario, begun) for future in scenario.futures[:MOST_FUTURES])


@dataclass(frozen=True)
class _Made(MadeOnce):
    """The plan that was made."""

    decisions: Decisions
    name: str = "made"

    def decide(self, problem: Problem) -> Decisions:  # noqa: ARG002 - whatever shows, it is carried out
        return self.decisions


def _try(
    problem: Problem, plan: _Made, planned: int, stated: models.Future, scenario: Scenario, begun: Begun | None
) -> Tried:
    draws = [draw_future(problem, stated, seed, begun) for seed in range(DRAWS if is_random(stated) else 1)]
    found = [_carried_out(plan, future) for future in draws]
    short = [each for each in found if each.missing]
    return Tried(
        future=stated.id,
        name=stated.name,
        does=_told(stated, scenario),
        draws=len(found),
        short=len(short),
        least=min((each.missing for each in short), default=0) / FEN_PER_YUAN,
        most=max((each.missing for each in short), default=0) / FEN_PER_YUAN,
        first_short=problem.calendar.label(min(each.month for each in short)) if short else "",
        late=sum(each.unkept and not each.missing for each in found),
        fees=round(sum(each.fees - planned for each in found) / len(found) / FEN_PER_YUAN, 2),
    )


@dataclass(frozen=True)
class _Outcome:
    """Fen that are missing, the first month in which any are, whether something else is not kept, fen of fees."""

    missing: int
    month: int
    unkept: bool
    fees: int


def _carried_out(plan: _Made, future: Future) -> _Outcome:
    done = simulate(plan, future)
    books = replay(future.truth, done)
    missing = books.payments.shortfall.sum(axis=0)
    violations = [each for each in audit_decisions(future.truth, done, books) if each.code != "need.shortfall"]
    return _Outcome(
        int(missing.sum()), int(np.argmax(missing > 0)), bool(violations), int(books.totals.transition_fees)
    )


def _told(stated: models.Future, scenario: Scenario) -> dict[str, str]:
    names = names_of(scenario)

    def calls(kind: str, identifier: str) -> str:
        return names.get(kind, {}).get(identifier) or identifier

    return {lang: tell_changes(stated, calls, Locale(lang)).rstrip(".。") for lang in LANGUAGES}
