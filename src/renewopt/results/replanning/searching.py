"""The search for the best rest of a plan, which begins with the plan before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from renewopt.ledger import audit_decisions, replay
from renewopt.policies import MadeOnce
from renewopt.policies.protocol import Certain, simulate
from renewopt.policies.starting import plans_of_rules
from renewopt.problem import Decisions, Problem
from renewopt.problem.easing import eased, priced
from renewopt.problem.promises import Promised
from renewopt.units import FEN_PER_YUAN

if TYPE_CHECKING:
    from renewopt.optimiser.prices import Prices
    from renewopt.optimiser.progress import Progress
    from renewopt.optimiser.solving import TierOutcome
    from renewopt.optimiser.warm_start import WarmStart
from renewopt.vocabulary import AUTO, STOPPED

__all__ = ["Found", "best_rest", "carried_on"]

WIDEST = 0.5
"""Gap at the most, where what is left is a small part of the objective."""


@dataclass(frozen=True, eq=False)
class Found:
    """The best rest that was found.

    Attributes
    ----------
    status
        As of a plan.
    objective, bound, gap
        Yuan, of what is left: less the price of every promise.
    decisions
        In rows of the problem with promises; None: there is no plan.
    easier
        Not every rule can be kept any more: deadlines, targets of set-off and the reserve were let go of, or money is
        missing.
    """

    status: Any
    objective: float | None
    bound: float | None
    gap: float | None
    decisions: Decisions | None
    tiers: tuple[TierOutcome, ...] = ()
    easier: bool = False
    warm: WarmStart | None = None
    prices: Prices | None = None


@dataclass(frozen=True)
class _Before(MadeOnce):
    """The plan before, carried on with the repairs that an office would make."""

    decisions: Decisions
    name: ClassVar[str] = "before"

    def decide(self, problem: Problem) -> Decisions:  # noqa: ARG002 - it is made
        """Return it."""
        return self.decisions


def best_rest(
    promised: Promised,
    *,
    start: Decisions | None,
    options: Mapping[str, Any],
    progress: Callable[[Progress], None] | None,
    objective: float,
    easier: bool = True,
    warm: WarmStart | None = None,
) -> Found:
    """Plan what is left; where no plan keeps every rule any more, with fewer rules, or with money that is missing.

    Parameters
    ----------
    start
        A plan to begin with, in rows of the problem with promises.
    objective
        Of the plan before: the asked gap is a fraction of it, not of what is left of it.
    easier
        Whether rules may be let go of.
    warm
        What an earlier search has learnt.
    """
    problems = [promised.problem]
    if easier:
        less = eased(promised.problem)
        problems += [] if less is None else [less]
        problems.append(priced(less or promised.problem))
    found = Found("infeasible", None, None, None, None)
    for place, problem in enumerate(problems):
        found = _search(problem, start, options, progress, objective, warm)
        if found.decisions is not None or found.status in STOPPED:
            return replace(found, easier=place > 0)
    return found


def _search(
    problem: Problem,
    start: Decisions | None,
    options: Mapping[str, Any],
    progress: Callable[[Progress], None] | None,
    objective: float,
    warm: WarmStart | None,
) -> Found:
    from renewopt.optimiser import optimise

    missing = {"need.shortfall"} if problem.objective.shortfall_priced else set()

    def accepts(decisions: Decisions) -> bool:
        return not any(each.code not in missing for each in audit_decisions(problem, decisions))

    def starts(time_up: Callable[[], bool]) -> Iterator[Decisions]:
        if start is not None:
            yield start
        yield from plans_of_rules(problem, time_up)

    solution = optimise(
        problem,
        gap=_gap(problem, start, float(options.get("gap") or 0.0), objective),
        time_limit=float(options.get("time_limit") or 600.0),
        method=str(options.get("method") or AUTO),
        progress=progress,
        check=accepts,
        describe=False,
        starts=starts,
        warm=warm,
    )
    return Found(
        solution.status,
        solution.objective,
        solution.bound,
        solution.gap,
        solution.decisions,
        solution.tiers,
        warm=solution.warm,
        prices=solution.prices,
    )


def _gap(problem: Problem, start: Decisions | None, gap: float, objective: float) -> float:
    """The gap of what is left that makes up the asked one of the whole."""
    if start is None or not gap:
        return gap
    left = abs(float(replay(problem, start).objective())) / FEN_PER_YUAN
    return min(gap * max(abs(objective), 1.0) / max(left, 1.0), WIDEST)


def carried_on(promised: Promised, planned: Decisions) -> Decisions:
    """Carry the plan before on through what is left; late homes are waited for, each promise is kept as far as can be.

    Rows of a household that was promised something are told apart only after it: its promise is one row among others.
    """
    settle = promised.as_promised(planned.settle)
    carried = simulate(_Before(replace(planned, settle=settle)), Certain(promised.problem))
    return replace(carried, settle=promised.as_promised(promised.stated(carried.settle)))
