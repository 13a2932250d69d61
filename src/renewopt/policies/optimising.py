"""Policies that optimise: one plan for all months, plans made anew every so often, a plan hedged against futures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import ClassVar, Protocol

import numpy as np

from renewopt.errors import RenewoptError
from renewopt.ledger import audit_decisions, replay
from renewopt.policies.allowed import Allowed, fraction, gap, one_of, refuse_wrong, whole
from renewopt.policies.execution import HELD_MONTHS, MadeOnce, PlanExecution
from renewopt.policies.protocol import Controller, MonthlyPolicy, World, simulate
from renewopt.policies.remaining import what_remains
from renewopt.policies.rules import CostliestFirst
from renewopt.policies.starting import plans_of_rules
from renewopt.policies.state import SimulationState
from renewopt.problem import Decisions, Problem
from renewopt.problem.easing import eased, priced
from renewopt.stopping import Limit, StoppingRule
from renewopt.vocabulary import AUTO, METHODS, PolicyName
from renewopt.wording import words

__all__ = ["PROOF", "FirstPlan", "Hedged", "NoPlanError", "Optimal", "Rolling", "best_plan"]

NO_LIMIT = 1e7
"""Seconds: work ends at the gap that was asked for, never by the clock, so that it can be repeated."""

SEARCH = StoppingRule(branch_and_cut=Limit(2e6, 2e7), branching=Limit(with_plan=3))
"""Work of a policy's search; a step of branching looks at two parts of the schedules."""
PROOF = StoppingRule(branch_and_cut=Limit(5e7, 5e7), branching=Limit(with_plan=3))
"""The same of a search for a bound, which is to be worth more than a plan."""
FIRST_PLAN = Limit(with_plan=0, without_plan=3)
"""Steps of branching where money is short whatever is done: the first plan stands."""

SHORT_GAP = 0.3
"""Gap of a plan with a shortfall: a close search is not worth its time where no plan is feasible."""


class NoPlanError(RenewoptError):
    """The optimiser found that no plan keeps every rule."""


def best_plan(
    problem: Problem, gap: float, method: str = AUTO, rule: StoppingRule = SEARCH
) -> tuple[Decisions, float | None]:
    """Decisions of the best plan to within `gap`, and the proven bound in yuan.

    Where the problem says that missing money has a price, the plan may come to a shortfall.

    One thread, and no limit but the gap and those of work: the same on every machine, whatever else runs on it. Where
    the work that `rule` allows does not prove the gap, the best plan and the bound stand as they are then. Where
    missing money has a price, the structured path's first plan stands, since no plan is feasible in such a district;
    the exact path's first plan would be any plan at all.

    Raises
    ------
    NoPlanError
        If there is none, or none was found.
    KeyboardInterrupt
        If the search was interrupted.
    """
    from renewopt.optimiser import optimise

    missing = {"need.shortfall"} if problem.objective.shortfall_priced else set()
    solution = optimise(
        problem,
        gap=gap,
        time_limit=NO_LIMIT,
        method=method,
        threads=1,
        describe=False,
        rule=replace(rule, branching=FIRST_PLAN) if missing else rule,
        starts=partial(plans_of_rules, problem),
        check=lambda decisions: not any(each.code not in missing for each in audit_decisions(problem, decisions)),
    )
    if solution.status == "interrupted":
        # The best so far is no answer that could be had again.
        raise KeyboardInterrupt
    if solution.decisions is None:
        if solution.status == "time_limit":
            raise NoPlanError(words("no plan was found within the work that is allowed"))
        raise NoPlanError(
            words(
                "no plan keeps every rule ({status}); what is short, `renewopt plan` describes",
                status=solution.status,
            )
        )
    return solution.decisions, solution.bound


@dataclass(frozen=True, eq=False)
class FirstPlan:
    """The plan that a policy begins with, so that it need not be made again.

    Attributes
    ----------
    problem
        The same object as is to be planned; for any other one the plan is of no use.
    decisions
        None: there is none.
    """

    problem: Problem
    decisions: Decisions | None


def _search_allowed(policy: Optimal | Rolling | Hedged) -> dict[str, Allowed]:
    return {"gap": gap(policy.gap), "method": one_of(policy.method, METHODS)}


@dataclass(frozen=True)
class Optimal(MadeOnce):
    """The optimiser's plan, made once and then executed.

    It weighs every household against every other, all months and funds together, and is the best there is where
    everything comes as planned. What it leaves no room for is that something comes late.

    Attributes
    ----------
    gap
        Fraction by which another plan may be better at most.
    method
        ``auto``, ``exact`` or ``structured``.
    """

    name: ClassVar[str] = PolicyName.OPTIMAL

    gap: float = 0.01
    method: str = AUTO

    def __post_init__(self) -> None:
        refuse_wrong(self, _search_allowed(self))

    def decide(self, problem: Problem) -> Decisions:
        """Plan all months."""
        return best_plan(problem, self.gap, self.method)[0]


@dataclass(frozen=True)
class Rolling(MonthlyPolicy):
    """The optimiser's plan, made anew every `every` months on what is known by then, and executed in between.

    It does not foresee, but it does not persist either. Where no plan keeps every rule any more, deadlines, targets of
    set-off and the reserve are let go of; where money is missing all the same, the plans from then on weigh every yuan
    of it at `shortfall_penalty`. Where no plan is found the one of before is followed on; before there is any, the rule
    ``costliest-first`` decides.

    Attributes
    ----------
    every
        Months from one plan to the next.
    gap, method
        As of ``optimal``.
    first
        The first plan, as `first_plan` made it, where it is at hand.
    """

    name: ClassVar[str] = PolicyName.ROLLING

    every: int = 12
    gap: float = 0.01
    method: str = AUTO
    first: FirstPlan | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        refuse_wrong(self, {"every": whole(self.every, 1), **_search_allowed(self)})

    def first_plan(self, problem: Problem, best: FirstPlan | None = None) -> FirstPlan:
        """Make the first plan; `best` is that of ``optimal``, where it is at hand."""
        known = best is not None and best.problem is problem
        if best is not None and known and best.decisions is not None:
            return best
        return FirstPlan(problem, _planned(self, problem, none_keeps_all=known))

    def steer(self, problem: Problem) -> Controller:
        """Plan, execute, and plan anew."""
        return _Roll(self, problem)


class _Roll:
    def __init__(self, policy: Rolling, problem: Problem) -> None:
        self.policy, self.next = policy, problem.calendar.now
        self.short = False
        self.controller: Controller = CostliestFirst().steer(problem)
        self.execution: PlanExecution | None = None
        if problem.calendar.now == 0:
            # Before anything has happened what remains is the whole.
            self.next += max(policy.every, 1)
            first = policy.first
            if first is None or first.problem is not problem:
                first = policy.first_plan(problem)
            if first.decisions is not None:
                self._take(first.decisions)
                self._follow(PlanExecution(problem, first.decisions, held_months=self._held()))

    def __call__(self, state: SimulationState) -> None:
        calendar = state.problem.calendar
        if self.next <= state.month < calendar.months:
            self.next = state.month + max(self.policy.every, 1)
            # If everything is certain a feasible plan stays the best there is.
            if self.execution is None or not self.execution.sure(state):
                self._plan_anew(state)
        self.controller(state)

    def _plan_anew(self, state: SimulationState) -> None:
        remaining = what_remains(state)
        if not len(remaining.problem.claims):
            return
        plan = _planned(self.policy, remaining.problem, short=self.short)
        if plan is not None:
            self._take(plan)
            whole = remaining.whole(plan)
            self._follow(PlanExecution(state.problem, whole, after=state, held_months=self._held()))

    def _take(self, plan: Decisions) -> None:
        """Once a plan comes to a shortfall, no later one is looked for that comes to none."""
        self.short = self.short or len(plan.shortfall) > 0

    def _follow(self, execution: PlanExecution) -> None:
        self.controller = self.execution = execution

    def _held(self) -> int:
        """A plan that weighs what will be missing does not wait until nothing is."""
        return 0 if self.short else HELD_MONTHS


def _planned(
    policy: Rolling, problem: Problem, *, none_keeps_all: bool = False, short: bool = False
) -> Decisions | None:
    """The best plan; where none keeps every rule, without what cannot be kept any more; where money is short, priced.

    Parameters
    ----------
    none_keeps_all
        It is known that no plan keeps every rule.
    short
        It is known that money is missing whatever is done.
    """
    easier = eased(problem)
    attempts = [] if none_keeps_all or short else [(problem, policy.gap)]
    if easier is not None and not short:
        attempts.append((easier, policy.gap))
    attempts.append((priced(easier or problem), max(policy.gap, SHORT_GAP)))
    for each, wanted in attempts:
        with suppress(NoPlanError):
            return best_plan(each, wanted, policy.method)[0]
    return None


class Sampled(World, Protocol):
    """A world whose true tables can be asked for, as those of a sample to plan with can."""

    @property
    def truth(self) -> Problem:
        """Tables as they turn out in the end."""
        ...


@dataclass(frozen=True)
class Hedged(MadeOnce):
    """The plan that does best over a sample of futures, by expected cost and by its worst tail (CVaR).

    Plans are made for the district as planned and for some of the futures drawn; each is then followed, with repairs,
    through all of the sample, and the one with the least (1 − `weight`) × mean + `weight` × CVaR of the objective is
    kept. The sample is drawn apart from the seeds that policies are compared on.

    Attributes
    ----------
    cvar
        Level: the mean of the worst 1 − `cvar` of the sample counts.
    weight
        Of the tail against the mean.
    sample
        Futures that each plan is tried in.
    plans
        Plans that are tried: one as planned, the others each for one of the sample.
    gap, method
        As of ``optimal``.
    sample_gap
        The same for the plans that are made for futures of the sample; None: `gap`. How a plan does is tried out, and
        not proven.
    futures
        Draws so many futures of a problem; None: there are none.
    first
        The plan for the district as planned, that of ``optimal``, where it is at hand.
    """

    name: ClassVar[str] = PolicyName.HEDGED

    cvar: float = 0.9
    weight: float = 0.5
    sample: int = 40
    plans: int = 8
    gap: float = 0.01
    sample_gap: float | None = None
    method: str = AUTO
    futures: Callable[[Problem, int], Sequence[Sampled]] | None = field(default=None, repr=False, compare=False)
    first: FirstPlan | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        allowed = {
            "cvar": fraction(self.cvar, below_one=True),
            "weight": fraction(self.weight),
            "sample": whole(self.sample, 1),
            "plans": whole(self.plans, 1),
            **_search_allowed(self),
        }
        if self.sample_gap is not None:
            allowed["sample_gap"] = gap(self.sample_gap)
        refuse_wrong(self, allowed)

    def decide(self, problem: Problem) -> Decisions:
        """Plan all months."""
        sample = [] if self.futures is None else list(self.futures(problem, self.sample))
        first = None if self.first is None or self.first.problem is not problem else self.first.decisions
        candidates = [best_plan(problem, self.gap, self.method)[0] if first is None else first]
        gap = self.gap if self.sample_gap is None else self.sample_gap
        for future in sample[: max(self.plans - 1, 0)]:
            try:
                candidates.append(best_plan(future.truth, gap, self.method)[0])
            except NoPlanError:
                continue
        if len(candidates) == 1:
            return candidates[0]
        scores = [self._score([_cost(plan, future) for future in sample]) for plan in candidates]
        return candidates[int(np.argmin(scores))]

    def _score(self, costs: list[float]) -> float:
        worst = np.sort(np.array(costs))[int(np.floor(self.cvar * len(costs))) :]
        tail = float(worst.mean()) if worst.size else max(costs)
        return (1 - self.weight) * float(np.mean(costs)) + self.weight * tail


@dataclass(frozen=True)
class _Given(MadeOnce):
    """A plan at hand."""

    plan: Decisions
    name: ClassVar[str] = "given"

    def decide(self, problem: Problem) -> Decisions:  # noqa: ARG002
        """Return it."""
        return self.plan


def _cost(plan: Decisions, future: Sampled) -> float:
    """Objective of a plan that is executed in a future, in fen; shortfalls count at their penalty."""
    return float(replay(future.truth, simulate(_Given(plan), future)).objective())
