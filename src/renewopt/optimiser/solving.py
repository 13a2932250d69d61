"""Optimise a problem: tiers in their order, then the objective; whole, paid to the fen, with a proven bound."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from renewopt import stopping
from renewopt.asked import a_gap, one_of
from renewopt.optimiser import decomposition, exact
from renewopt.optimiser.exact import Search
from renewopt.optimiser.fairest import FIRST_PLAN, least_wait
from renewopt.optimiser.highs import SolverError, at_most_threads
from renewopt.optimiser.infeasibility.bottleneck import homes_run_short
from renewopt.optimiser.infeasibility.least_shortfall import lacking_at_once
from renewopt.optimiser.infeasibility.shortage import LeastShortage, find_shortage
from renewopt.optimiser.memory import choices, refuse_too_large
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.payments.paying import Paid, pay_for
from renewopt.optimiser.phases_first import is_counted
from renewopt.optimiser.presolve.reduction import presolve
from renewopt.optimiser.progress import Clock, ProgressCallback, is_optimal, relative_gap
from renewopt.optimiser.starting import Starts, best_start, in_order, never_worse, no_starts
from renewopt.optimiser.undominated.improving import undominated
from renewopt.problem import Decisions, Problem, Tier
from renewopt.stopping import UNLIMITED, Spent, StoppingRule
from renewopt.units import YUAN_PER_WAN
from renewopt.vocabulary import AUTO, DEARER, EXACT, METHODS, STRUCTURED, UNMONEYED, Goal
from renewopt.wording import LANGUAGES, words
from renewopt.wording.amounts import yuan
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.optimiser.prices import Prices
    from renewopt.optimiser.warm_start import WarmStart

EXACT_CHOICES = 6_000
"""Up to so many choices (offer × month) the exact path is taken."""
COUNTED_CHOICES, COUNTED_MONTHS = 120_000, 500_000
"""The same where all other choices are of cohorts, counted in the homes of phases; and these choices × months."""
BRIEF_CHOICES = 1_000
"""Up to so many the exact search is shorter than rules of thumb: their plans are made if it has proven no optimum."""
TIER_SLACK = 1e-4
TIER_SLACK_WAN = 1e-4
"""A yuan; of disutility and months of waiting as small a part of a unit."""
BRIEF_SECONDS = 10.0
"""Of each search for a goal that is left when the work is asked to end early."""


@dataclass(frozen=True, slots=True)
class TierOutcome:
    """What a tier came to: value, proven bound, gap (yuan; disutility in its own unit, waits in months).

    None: nothing is proven.
    """

    name: str
    value: float
    bound: float | None
    gap: float | None
    goal: str = ""


@dataclass(frozen=True, eq=False)
class Solution:
    """An answer with its proof.

    Attributes
    ----------
    status
        ``optimal``, ``feasible`` (stopped at the asked gap), ``time_limit``, ``interrupted`` or ``infeasible``; or
        ``dearer``: no plan is as cheap as one was asked for.
    objective, bound, gap
        In yuan; None without an answer (`bound` may be there all the same).
    decisions
        The answer; None without one.
    tiers
        The tiers' results, in their order.
    seconds
        Time spent by phase.
    shortage
        What is short and where, if infeasible.
    prices
        Duals of money and homes by month, of the relaxation; None if it was not solved.
    warm
        What the structured path has learnt, for the next search of a similar problem.
    lacking
        Yuan that every plan was proven to lack before the search began, which then was not; 0: nothing.
    """

    status: str
    objective: float | None
    bound: float | None
    gap: float | None
    decisions: Decisions | None
    tiers: tuple[TierOutcome, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    shortage: LeastShortage | None = None
    prices: Prices | None = None
    warm: WarmStart | None = None
    lacking: float = 0.0


def optimise(  # noqa: PLR0913 - all but the problem by name
    problem: Problem,
    *,
    objective: str | None = None,
    gap: float = 1e-3,
    time_limit: float = 600.0,
    solver: str = "highs",
    method: str = AUTO,
    progress: ProgressCallback | None = None,
    check: Callable[[Decisions], bool] | None = None,
    threads: int = 0,
    describe: bool = True,
    warm: WarmStart | None = None,
    rule: StoppingRule = UNLIMITED,
    starts: Starts = no_starts,
    limits: Sequence[float] = (),
    enough: float = math.inf,
    share: float = 1.0,
) -> Solution:
    """Find the best whole plan and prove how good it is.

    Parameters
    ----------
    objective
        ``transition_fees`` or ``fiscal_cost``; default: the problem's own.
    gap
        Stop at this relative gap; 0 asks for a proof of optimality.
    time_limit
        Seconds.
    solver
        ``highs``, or ``pulp:NAME`` for a solver that PuLP knows.
    method
        ``exact``: one search over the whole model; ``structured``: households in classes, with a bound that is
        proven for each of them; ``auto``: by size. A problem with a frozen past takes the exact one.
    progress
        Receives `Progress`.
    check
        Says whether decisions are acceptable: the ledger's audit.
    threads
        At the most, of the search and of each run of HiGHS; 0: as many as the search likes, and one of HiGHS, so that
        the plan is the same on every machine.
    describe
        Whether to find out what is short where there is no plan.
    warm
        From an earlier `Solution` for a similar problem (other amounts, rates, dates, households): the structured path
        begins with its classes, prices, choices and schedule. What is proven does not rest on it.
    rule
        How much work may be done; what it ends has status ``time_limit``, or ``feasible`` within the gap.
    starts
        Makes plans in another way, such as by rules of thumb. The best that `check` accepts is what the search begins
        with; nothing worse is returned, and it is what stands where the search ends, or fails, without a plan.
    limits
        What the first goals of the objective's tiers may come to at the most, in yuan (disutility: in its own unit;
        waits: in months); these are not minimised, only kept.
    enough
        Yuan of the objective that a plan is asked for up to. Once every plan is proven to be dearer, the search ends
        with status ``dearer`` and that bound, mostly without a plan; a solver of PuLP goes on to its own end.
    share
        Share of the time left that the search for each strict goal may take: less than 1 leaves time to what follows,
        at the price of a strict goal that may have been reached better.

    Raises
    ------
    ValueError
        If an argument is not one of the above.
    OutOfMemoryError
        If the search would need more memory than is free.
    """
    one_of("method", method, METHODS)
    a_gap(gap)
    name = objective or problem.objective.name
    warm = warm if warm is not None and warm.household.size else None
    clock = Clock(
        time_limit, progress, enough=enough / YUAN_PER_WAN, rule=rule, branched=Spent(rule.branching), share=share
    )
    presolved = presolve(problem)
    stated, problem = problem, presolved.problem
    method = method_for(problem, method)
    embedded = solver == "highs"
    refuse_too_large(problem, method if embedded else EXACT, otherwise=embedded and problem.calendar.now == 0)
    search: Search = exact.search if method == EXACT else decomposition.search_from(warm)
    if solver != "highs":
        if rule != UNLIMITED:
            raise ValueError(
                words("solver {solver!r}: PuLP passes no limit of work on; state a time limit or a gap", solver=solver)
            )
        from renewopt.optimiser.pulp.search import search_with_pulp

        search = search_with_pulp(solver)
    with at_most_threads(threads):

        def made(clock: Clock) -> tuple[list[Decisions], bool]:
            if starts is not no_starts:
                clock.report("rules of thumb")
            plans, interrupted = in_order(stated, starts, clock, check)
            return [each for each in map(presolved.restated, plans) if each is not None], interrupted

        soon = choices(problem) <= BRIEF_CHOICES if method == EXACT else warm is not None and bool(warm.schedule)
        late = embedded and not problem.objective.tiers and soon
        known, interrupted = ([], False) if late else made(clock)
        if interrupted:
            search = _not_begun
        if late:
            within = 0.0 if method == EXACT else gap
            search = _searched_first(search, lambda: made(replace(clock, limit=math.inf)), within)
        homeless, lacking = (False, 0.0) if known or interrupted or late else _lacking(problem, method, clock)
        if homeless or lacking > 0:
            clock.report("what is short", said=_proven_at_once(lacking) if describe else None)
            search = _none_keeps_all
        accepts = None if check is None else lambda decisions: check(presolved.postsolve(decisions))
        solution = decide(
            problem, search, name=name, gap=gap, clock=clock, check=accepts, describe=describe, starts=known,
            limits=limits,
        )  # fmt: skip
    decisions = solution.decisions
    return replace(solution, decisions=None if decisions is None else presolved.postsolve(decisions), lacking=lacking)


def _searched_first(search: Search, starts: Callable[[], tuple[list[Decisions], bool]], gap: float) -> Search:
    """A search that takes less than making plans in another way: these are made where its own is not within `gap`."""

    def searched(problem: Problem, **contract: Any) -> exact.Found:
        def found() -> exact.Found:
            if failure is not None:
                raise failure
            assert answer is not None
            return answer

        answer, failure = None, None
        try:
            answer = search(problem, **contract)
            if answer.status == DEARER:
                return answer
            if answer.paid is not None and _is_within(gap, answer.paid.value, answer.bound):
                return answer
        except SolverError as error:
            failure = error
        plans, interrupted = starts()
        start = best_start(problem, plans, contract["goal"], contract["tier_bounds"])
        best = never_worse(problem, contract["goal"], start, found)
        return replace(best, status="interrupted") if interrupted else best

    return searched


def _is_within(gap: float, value: float, bound: float) -> bool:
    """Whether a plan is proven optimal, or within a relative gap; in 万元."""
    return is_optimal(value * YUAN_PER_WAN, bound * YUAN_PER_WAN) or value - bound <= gap * abs(value)


def _lacking(problem: Problem, method: str, clock: Clock) -> tuple[bool, float]:
    """Whether homes, and how many yuan, every plan lacks, as far as that is known before a search.

    The exact path proves it as it goes.
    """
    if method == EXACT:
        return False, 0.0
    since = time.perf_counter()
    clock.report("whether homes and money can suffice")
    homeless = homes_run_short(problem)
    lacking = 0.0 if homeless or problem.objective.shortfall_priced else lacking_at_once(problem, clock.left)
    clock.spend("lacking", since)
    return homeless, lacking


def _proven_at_once(lacking: float) -> dict[str, str]:
    """Say that there is no plan, as soon as it is proven; `lacking` in yuan, 0: homes are what is short."""
    key = "soon.lacking" if lacking > 0 else "soon.homeless"
    return {lang: say(lang, key, amount=yuan(lang, lacking)) for lang in LANGUAGES}


def _none_keeps_all(_: Problem, **__: object) -> exact.Found:
    """Answer in place of a search where it is known that there is no plan."""
    return exact.Found("infeasible", None, -math.inf)


def method_for(problem: Problem, method: str) -> str:
    """The path that a problem takes: as asked, by its size where that is left open."""
    if problem.calendar.now > 0:
        # The structured path knows households by class, a frozen past knows them one by one.
        return EXACT
    if method == AUTO:
        return EXACT if _soon_searched(problem) else STRUCTURED
    return method


def _soon_searched(problem: Problem) -> bool:
    """Whether the whole model is small enough for branch and cut.

    Phases are decided before cohorts are counted: what is searched is hardly larger for cohorts.
    """
    every = choices(problem)
    if every <= EXACT_CHOICES:
        return True
    if not len(problem.phases) or every > COUNTED_CHOICES or every * problem.calendar.months > COUNTED_MONTHS:
        return False
    return choices(problem, of=~is_counted(problem.claims)) <= EXACT_CHOICES


def decide(
    problem: Problem,
    search: Search,
    *,
    name: str,
    gap: float,
    clock: Clock,
    check: Callable[[Decisions], bool] | None = None,
    describe: bool = True,
    fill: bool = True,
    starts: Sequence[Decisions] = (),
    limits: Sequence[float] = (),
) -> Solution:
    """Reach the tiers in their order, then the objective of that name, by one search for each.

    The first tiers are those of `limits`, which they keep. The clock's `enough` is of
    the objective alone.

    Each begins with the best of `starts`, plans that are in order, and of what the goal before it has led to; a tier
    may then come to `TIER_SLACK` more than it was reached with, as everywhere.

    Then nobody is left waiting while a home open to them stands empty (`undominated`), unless `fill` is False.

    Ctrl-C ends the search of its moment alone, so that the goals to come are not left out of the plan; what comes of
    it all is no more than ``interrupted``, for a tier that was not searched to its end may have been reached better.
    After a wish to stop those goals are searched for briefly.
    """
    tiers = problem.objective.tiers
    bounds: list[TierBound] = [
        (tier, most / units_of_tier(tier)) for tier, most in zip(tiers[: len(limits)], limits, strict=True)
    ]
    results: list[TierOutcome] = []
    interrupted = False
    last: Paid | None = None
    for tier in tiers[len(limits) :]:
        own = clock.shared(first=not results)
        if tier.goal == Goal.LONGEST_WAIT:
            wanted = partial(_found, problem, search, name, gap=FIRST_PLAN, check=check, last=last, starts=starts)
            found = least_wait(
                problem, tier, tuple(bounds), own, wanted, best_start(problem, starts, tier, tuple(bounds))
            )
        else:
            found = _found(problem, search, tier, tuple(bounds), gap, own, check, last, starts)
        interrupted = interrupted or found.status == "interrupted"
        if found.paid is None:
            solution = _without_answer(problem if describe else None, found, clock, tuple(results))
            return _at_most_interrupted(solution) if interrupted else solution
        last = found.paid
        if fill:
            # Where it is False, the search alone knows what else a plan has to keep.
            starts = [*starts, last.decisions]
        scale = units_of_tier(tier)
        value, bound = found.paid.value * scale, min(found.bound, found.paid.value) * scale
        results.append(TierOutcome(tier.name, value, *_proven(value, bound), tier.goal))
        bounds.append((tier, most_of_tier(found.paid.value)))
    found = _found(problem, search, name, tuple(bounds), gap, clock, check, last, starts)
    if found.paid is None:
        solution = _without_answer(problem if describe else None, found, clock, tuple(results))
    else:
        if fill:
            since = time.perf_counter()
            # Where the solver gives up, the plan stays as it was found.
            with suppress(SolverError):
                better = undominated(
                    problem,
                    found.paid,
                    goal=name,
                    tier_bounds=tuple(bounds),
                    check=check,
                    left=lambda: clock.left_after,
                )
                found = replace(found, paid=better)
            clock.spend("fill", since)
        solution = _answer(found, clock, tuple(results), gap)
    return _at_most_interrupted(solution) if interrupted else solution


def units_of_tier(tier: Tier) -> float:
    """Units in which a tier's figures are told (yuan, disutility or months) in one of the model's."""
    return 1.0 if tier.goal in UNMONEYED else YUAN_PER_WAN


def most_of_tier(reached: float) -> float:
    """What a tier may come to in the goals after it, where it was reached with so much; both as the model counts."""
    return reached * (1.0 + math.copysign(TIER_SLACK, reached)) + TIER_SLACK_WAN


def _found(
    problem: Problem,
    search: Search,
    goal: str | Tier,
    bounds: tuple[TierBound, ...],
    gap: float,
    clock: Clock,
    check: Callable[[Decisions], bool] | None,
    last: Paid | None,
    starts: Sequence[Decisions],
) -> exact.Found:
    """Search for a goal.

    Where the work is to end early, a goal that follows another one is searched for briefly; if that gives no plan, the
    last one's stands, paid for as this goal would have it.
    """
    start = best_start(problem, starts, goal, bounds)
    fresh = replace(
        clock,
        best=math.inf,
        given=math.inf if start is None else start.value,
        bound=-math.inf,
        enough=math.inf if isinstance(goal, Tier) else clock.enough,
    )
    if start is not None:
        fresh.report("a plan to begin with")

    def searched(clock: Clock) -> exact.Found:
        return search(problem, goal=goal, tier_bounds=bounds, gap=gap, clock=clock, check=check, start=start)

    if start is not None and fresh.left <= 0:
        return exact.Found("time_limit", start, -math.inf)
    if last is None or not stopping.asked():
        return never_worse(problem, goal, start, lambda: searched(fresh))
    brief = replace(fresh, limit=min(clock.limit, clock.elapsed + BRIEF_SECONDS))
    with stopping.held():
        found = never_worse(problem, goal, start, lambda: searched(brief))
    if found.status != "time_limit":
        return found
    paid = found.paid
    if paid is None or paid is start:
        whole = (start or last).decisions
        paid = pay_for(problem, whole.settle, whole.complete, goal=goal, tier_bounds=bounds, check=check) or start
    return replace(found, status="interrupted", paid=paid)


def _not_begun(_: Problem, **__: object) -> exact.Found:
    """Answer as a search that Ctrl-C ended before it began."""
    return exact.Found("interrupted", None, -math.inf)


def _at_most_interrupted(solution: Solution) -> Solution:
    """Take back what a solution claims: a goal before its last one was not searched to the end."""
    return replace(solution, status="interrupted", shortage=None)


def _without_answer(
    problem: Problem | None, found: exact.Found, clock: Clock, tiers: tuple[TierOutcome, ...]
) -> Solution:
    """Say that there is none, and what is short of a problem that is given."""
    shortage = find_shortage(problem, clock) if found.status == "infeasible" and problem is not None else None
    bound = found.bound * YUAN_PER_WAN if found.status == DEARER else None
    return Solution(found.status, None, bound, None, None, tiers, dict(clock.seconds), shortage=shortage)


def _proven(value: float, bound: float) -> tuple[float | None, float | None]:
    """Bound and gap; None where nothing is proven."""
    return (bound, relative_gap(value, bound)) if math.isfinite(bound) else (None, None)


def _answer(found: exact.Found, clock: Clock, tiers: tuple[TierOutcome, ...], gap: float) -> Solution:
    assert found.paid is not None
    value = found.paid.value * YUAN_PER_WAN
    bound = min(found.bound * YUAN_PER_WAN, value)
    status = found.status
    if is_optimal(value, bound):
        status = "optimal"
    elif status == "optimal" or (status in ("time_limit", DEARER) and relative_gap(value, bound) <= gap):
        status = "feasible"
    return Solution(
        status,
        value,
        *_proven(value, bound),
        found.paid.decisions,
        tiers,
        dict(clock.seconds),
        prices=found.prices,
        warm=found.warm,
    )
