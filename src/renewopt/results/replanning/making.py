"""From a plan and what happened since to the plan of what is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from renewopt import stopping
from renewopt.asked import a_call, a_gap, a_path, is_number
from renewopt.errors import Finding, ScenarioError
from renewopt.ledger import Violation, audit_decisions, idle_homes, replay
from renewopt.policies import OPTIMAL
from renewopt.policies.past import carry_out
from renewopt.problem import Problem
from renewopt.results.choosing import with_objective
from renewopt.results.failures import AuditError, InterruptedPlanError, NoPlanInTimeError, PlanFileError
from renewopt.results.planned import Plan
from renewopt.results.planning import _filled, _frame, _remarks, _Stopwatch
from renewopt.results.programme import as_planned, with_dates
from renewopt.results.reading import read_plan
from renewopt.results.record import Shortage, TierResult
from renewopt.results.reopening import compiled, stated_of
from renewopt.results.replanned import Replanned
from renewopt.results.replanning.dates import Dates
from renewopt.results.replanning.facts import Facts, read_facts
from renewopt.results.replanning.freezing import frozen, otherwise_than_stated
from renewopt.results.replanning.happening import Past, faults_of_the_past, what_is_new
from renewopt.results.replanning.promises import promises_table
from renewopt.results.replanning.rest import Rest, find_rest
from renewopt.results.replanning.starting_anew import better, starts_anew
from renewopt.results.replanning.starts import (
    StartFacts,
    begun_since,
    read_starts,
)
from renewopt.results.shortages import shortfalls
from renewopt.scenario import Scenario
from renewopt.scenario.columns import Checked
from renewopt.scenario.table_files import listed_table
from renewopt.units import FEN_PER_YUAN, Month
from renewopt.vocabulary import STOPPED, UNMONEYED, Goal
from renewopt.wording import LANGUAGES, words
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    from renewopt.ledger.books import Books
    from renewopt.optimiser.progress import Progress

__all__ = ["replan"]

Table = str | os.PathLike[str] | pd.DataFrame | None
MOST_PRICE = 1e9
"""Yuan that a promise may be worth."""


def replan(
    plan: Plan | str | os.PathLike[str],
    *,
    actuals: Table = None,
    month: str | None = None,
    promise_price: float | None = None,
    fewest_changes: int | None = None,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    allow_outside: bool = False,
) -> Plan:
    """Freeze what happened, and plan the rest anew, at a price for every change of what was announced.

    Parameters
    ----------
    plan
        From `plan`, `replan` or `read_plan`, or the folder of a plan.
    actuals
        What happened, CSV file, workbook or DataFrame: see ``docs/replan.md``; default: the scenario's own table
        `actuals`, else all went as planned.
    month
        First month that is not over, ``YYYY-MM``: what lies before it is frozen.
    promise_price
        Yuan that it counts as if a household gets another route or home than was announced, or in another month.
    fewest_changes
        As few such households as can be: a strict goal at this place among those of the scenario, 1 before all of them.
    scenario
        What the plan was made from; default: where it was then.
    gap, time_limit
        As of `plan`; default: those of the plan.
    progress, allow_outside
        As of `plan`.

    Returns
    -------
    Plan
        The very plan that was given, where nothing is new. Else one with `Plan.replanned` and `Plan.promises`; its
        bound is proven for what is left to decide.

    Raises
    ------
    ScenarioError
        If what happened does not agree with the scenario, all of it together.
    PlanFileError
        If there is no plan to go on from.
    ValueError
        If an argument is not one of the above, or the scenario is another one.
    NoPlanInTimeError, InterruptedPlanError
        As of `plan`.
    AuditError
        If the ledger refuses the plan: a fault of renewopt.
    """
    if not isinstance(plan, Plan):
        a_path("plan", plan)
        plan = read_plan(plan)
    a_call("progress", progress)
    price = _price(promise_price)
    if actuals is not None and not isinstance(actuals, pd.DataFrame):
        a_path("actuals", actuals)
        actuals = Path(actuals)
    # A goal of an earlier replanning is not one of this one.
    options = {**plan.options, **_given(gap=gap, time_limit=time_limit)}
    options.pop("fewest_changes", None)
    if fewest_changes is not None:
        if not is_number(fewest_changes) or fewest_changes < 1 or fewest_changes != int(fewest_changes):
            raise ValueError(
                words(
                    "fewest_changes {value!r}: expected a place among the strict goals, from 1 on", value=fewest_changes
                )
            )
        options["fewest_changes"] = int(fewest_changes)
    if plan.decisions is None or not plan.has_tables:
        raise PlanFileError(words("there is no plan to go on from: it is infeasible, or holds no decisions"))
    watch = _Stopwatch(progress, float(options.get("time_limit") or 600.0))
    watch.tell("loading")
    otherwise = words(
        "what happened since belongs into the table of what happened; a new scenario is planned with renewopt plan"
    )
    begun = as_planned(stated_of(plan, scenario, allow_outside, otherwise=otherwise), plan)
    source = with_objective(begun.written, plan.objective_name)
    watch.book("load")
    with plan.place.spoken():
        watch.tell("compiling")
        stated = compiled(source)
        known = frozen(stated, plan.replanned, plan.decisions)
        now = _now(month, known)
        watch.book("compile")
        table = listed_table(source, "actuals", actuals)
        dates = Dates(begun, source, stated, known, plan.decisions)
        return _Replanning(plan, actuals, now, price, options, watch, progress).made(dates, table)


@dataclass(frozen=True, eq=False)
class _Replanning:
    """One call of `replan`, once it is known what is asked."""

    plan: Plan
    actuals: Path | pd.DataFrame | None
    now: int
    price: float
    options: dict[str, Any]
    watch: _Stopwatch
    progress: Callable[[Progress], None] | None

    def made(self, announced: Dates, table: Checked | None) -> Plan:
        """Plan with what has begun, and with what could begin otherwise from now on; the better of both."""
        begun, now = announced.begun, self.now
        told, dates = StartFacts(None, []), announced
        if table is not None and len(begun.programme):
            told = read_starts(table, begun.programme, announced.source.start, now)
            since = None if told.told is None or told.findings else begun_since(begun, told.told, now)
            if since is not None:
                dates = announced.anew(self.plan, since, now)
                table = listed_table(dates.source, "actuals", self.actuals)
                self.watch.book("compile")
        past = self._past(dates, table, told.findings, dated_anew=dates is not announced)
        if past is None:
            return self.plan
        kept = self._planned(announced, dates, past)
        if kept.status in STOPPED:
            return kept
        try:
            other = self._otherwise(announced, dates, past)
        except NoPlanInTimeError:
            return kept
        except (KeyboardInterrupt, InterruptedPlanError):
            return replace(kept, status="interrupted")
        return kept if other is None or not better(other, kept) else other

    def _past(self, dates: Dates, table: Checked | None, wrong: Sequence[Finding], *, dated_anew: bool) -> Past | None:
        facts = Facts()
        if table is not None:
            facts = read_facts(dates.known, dates.source, table, dates.planned, self.now, wrong)
        past = what_is_new(dates.known, dates.planned, facts, self.now, dated_anew=dated_anew)
        self.watch.book("past")
        return past

    def _planned(self, announced: Dates, dates: Dates, past: Past) -> Plan:
        """Plan the rest with these dates."""
        stopping.raise_if_asked()
        before = replace(with_dates(self.plan), decisions=dates.planned)
        rest = _made(
            before, dates.source, dates.stated, past, self.now, self.price, self.options, self.watch, self.progress
        )
        return dates.told(rest, past, self.plan, announced.begun)

    def _otherwise(self, announced: Dates, dates: Dates, past: Past) -> Plan | None:
        """Plan with the starts that a search proposes; None: there are no others."""
        if not len(dates.begun.programme):
            return None
        self.watch.tell("deciding")
        aimed = replace(dates.begun, stated=with_objective(dates.begun.stated, self.plan.objective_name))
        starts = starts_anew(aimed, dates.stated, past, self.now, self.options)
        self.watch.book("starts")
        if starts is None:
            return None
        others = dates.anew(self.plan, replace(starts, stated=dates.begun.stated), self.now)
        table = listed_table(others.source, "actuals", self.actuals)
        then = self._past(others, table, (), dated_anew=True)
        return None if then is None else self._planned(announced, others, then)


def _price(promise_price: Any) -> float:
    if promise_price is None:
        return 0.0
    if not is_number(promise_price) or not 0 <= promise_price <= MOST_PRICE:
        raise ValueError(
            words("promise_price {value}: expected yuan from 0 to {most:,.0f}", value=repr(promise_price)[:100],
                  most=MOST_PRICE)
        )  # fmt: skip
    return float(promise_price)


def _given(gap: Any, time_limit: Any) -> dict[str, float]:
    found = {}
    if gap is not None:
        a_gap(gap)
        found["gap"] = float(gap)
    if time_limit is not None:
        if not is_number(time_limit) or not 0 < time_limit < float("inf"):
            raise ValueError(
                words("time_limit {time_limit!r}: expected a number of seconds above 0", time_limit=time_limit)
            )
        found["time_limit"] = float(time_limit)
    return found


def _now(month: str | None, known: Problem) -> int:
    """First month that is not over, counted from month 0."""
    calendar = known.calendar
    first, last = max(calendar.now, 1), calendar.months - 1
    try:
        now = Month.parse(str(month)).ordinal - calendar.start.ordinal
    except ValueError:
        now = -1
    if not first <= now <= last:
        raise ValueError(
            words("month {month}: expected the first month that is not over, {first} to {last}",
                  month=repr(month)[:100], first=calendar.label(first), last=calendar.label(last))
        )  # fmt: skip
    return now


def _made(
    plan: Plan,
    source: Scenario,
    stated: Problem,
    past: Past,
    now: int,
    price: float,
    options: dict[str, Any],
    watch: _Stopwatch,
    progress: Callable[[Progress], None] | None,
) -> Plan:
    """Plan the rest, and tell it together with the past."""
    assert plan.decisions is not None
    watch.tell("deciding")
    few = options.get("fewest_changes")
    rest = find_rest(
        past, plan.decisions, now, price=price, options=options, objective=plan.objective or 0.0, progress=progress,
        fewest_changes=None if few is None else int(few),
    )  # fmt: skip
    watch.book("optimise")
    if rest.decisions is None:
        if rest.found.status == "interrupted":
            raise InterruptedPlanError
        if rest.found.status == "infeasible":
            text: dict[str, str] = {lang: say(lang, "replan.infeasible") for lang in LANGUAGES}
            return replace(
                _frame(source, past.problem, OPTIMAL, options), shortages=(Shortage("rule", "", "", None, text),)
            )
        raise NoPlanInTimeError(float(options.get("time_limit") or 0.0))
    watch.tell("keeping every promise")
    keeping, keepable, keeping_gap = rest.keeping()
    watch.book("keeping")
    whole = replace(past.problem, calendar=replace(past.problem.calendar, now=now), past=past.lived.past)
    announced, feasible, kept = rest.announced[:, 2], rest.feasible, rest.kept
    replanned = Replanned(
        month=whole.calendar.label(now),
        **otherwise_than_stated(stated, past.problem),
        promise_price=price,
        promises=int(announced.sum()),
        feasible=int(feasible.sum()),
        kept=int(kept.sum()),
        promise_cost=price * int((announced - kept).sum()),
        keeping=keeping,
        keepable=keepable,
        keeping_gap=keeping_gap,
    )
    with stopping.held():
        frame = replace(
            _frame(source, whole, OPTIMAL, options),
            replanned=replanned,
            promises=promises_table(whole, rest.announced, feasible, kept, rest.decisions.settle),
            promise_cost=replanned.promise_cost if price else None,
        )
        return _told(frame, whole, past, rest, watch)


def _told(frame: Plan, whole: Problem, past: Past, rest: Rest, watch: _Stopwatch) -> Plan:
    """Replay and audit the plan, and fill it in; what the past left undone is told as a finding."""
    assert rest.decisions is not None
    found, cost = rest.found, frame.promise_cost or 0.0
    watch.tell("auditing")
    books = replay(whole, rest.decisions)
    reckoned = float(books.objective()) / FEN_PER_YUAN
    violations = audit_decisions(whole, rest.decisions, books)
    if _broken(violations):
        carried = carry_out(past.lived, rest.decisions)
        books = replay(whole, carried)
        violations = audit_decisions(whole, carried, books)
    if broken := _broken(violations):
        if faults := faults_of_the_past(broken, whole):
            raise ScenarioError(faults)
        raise AuditError(broken)
    watch.book("replay")
    value = float(books.objective()) / FEN_PER_YUAN + cost
    bound = gap = None
    if found.objective is not None and found.bound is not None:
        bound = min(value, reckoned + cost - (found.objective - found.bound) * rest.factor)
        gap = (value - bound) / max(abs(value), 1.0)
    filled = _filled(
        replace(
            frame,
            findings=_remarks([*violations, *idle_homes(books)]),
            shortages=shortfalls(violations),
            warm=found.warm,
            prices=frame.prices if found.prices is None else found.prices.table(),
        ),
        books,
        watch,
    )
    if filled.shortages:
        return replace(filled, objective=None, shortfall=float(books.totals.shortfall) / FEN_PER_YUAN)
    tiers = (*_tiers(rest, books), TierResult(frame.objective_name, value, bound, gap))
    return replace(filled, status=found.status, objective=value, bound=bound, gap=gap, tiers=tiers)


def _broken(violations: Iterable[Violation]) -> list[Violation]:
    return [violation for violation in violations if violation.kind == "broken_rule"]


def _tiers(rest: Rest, books: Books) -> Iterable[TierResult]:
    """Strict goals of the whole plan; what is proven of each is what is proven of what was left of it."""
    objective = books.problem.objective
    counted = zip(objective.tiers, books.totals.tiers, strict=True)
    for outcome in rest.found.tiers:
        if outcome.goal == Goal.CHANGES:
            changed = float((rest.announced[:, 2] - rest.kept).sum())
            least = None if outcome.bound is None else changed - (outcome.value - outcome.bound)
            gap = None if least is None else (changed - least) / max(changed, 1.0)
            yield TierResult(outcome.name, changed, least, gap, outcome.goal)
            continue
        tier, reached = next(counted)
        value = float(reached) / (1.0 if tier.goal in UNMONEYED else FEN_PER_YUAN)
        bound = gap = None
        # Who is settled already has a part in the means of projects, on which what is left was not searched.
        if outcome.bound is not None and tier.goal != Goal.WAIT_SPREAD:
            factor = rest.factor if tier.goal == Goal.FISCAL else 1.0
            bound = value - (outcome.value - outcome.bound) * factor
            gap = (value - bound) / max(abs(value), 1.0)
        yield TierResult(tier.name, value, bound, gap, tier.goal)
