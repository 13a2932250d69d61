"""From a plan and what happened since to the plan of what is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from renewopt import stopping
from renewopt.asked import a_call, a_gap, a_path, is_number
from renewopt.errors import ScenarioError
from renewopt.ledger import audit_decisions, idle_homes, replay
from renewopt.ledger.violations import Violation
from renewopt.policies import OPTIMAL
from renewopt.policies.past import Lived, carry_out, live_through
from renewopt.problem import Decisions, Problem
from renewopt.problem.promises import Promised, with_promises
from renewopt.problem.subsets import position
from renewopt.problem.supply import UNBUILT
from renewopt.results.choosing import with_objective
from renewopt.results.failures import AuditError, InterruptedPlanError, NoPlanInTimeError, PlanFileError
from renewopt.results.planned import Plan
from renewopt.results.planning import _compile, _filled, _frame, _remarks, _Stopwatch
from renewopt.results.reading import read_plan
from renewopt.results.record import TierResult
from renewopt.results.replanned import Replanned
from renewopt.results.replanning.facts import Facts, as_it_happened, read_facts
from renewopt.results.replanning.freezing import frozen, stated, with_expected, with_inflow
from renewopt.results.replanning.promises import announced_of, feasible_of, kept_of, promises_table
from renewopt.results.replanning.searching import Found, best_rest
from renewopt.results.shortages import shortfalls
from renewopt.scenario import Scenario, load
from renewopt.scenario.table_files import listed_table
from renewopt.units import FEN_PER_YUAN, Month
from renewopt.vocabulary import Goal
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.ledger.books import Books
    from renewopt.optimiser.progress import Progress

__all__ = ["replan"]

Table = str | os.PathLike[str] | pd.DataFrame | None
SETTLING_ROUNDS = 4
"""Times that the past is lived through until the payments that are told agree with those that are reckoned."""
MOST_PRICE = 1e9
"""Yuan that a promise may be worth."""


def replan(
    plan: Plan | str | os.PathLike[str],
    *,
    actuals: Table = None,
    month: str | None = None,
    promise_price: float | None = None,
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
    options = {**plan.options, **_given(gap=gap, time_limit=time_limit)}
    if plan.decisions is None or not plan.has_tables:
        raise PlanFileError(words("there is no plan to go on from: it is infeasible, or holds no decisions"))
    watch = _Stopwatch(progress, float(options.get("time_limit") or 600.0))
    watch.tell("loading")
    source = _scenario(plan, scenario, allow_outside)
    watch.book("load")
    with plan.place.spoken():
        return _Replanning(plan, with_objective(source, plan.objective_name), options, price, watch, progress).made(
            actuals, month
        )


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


def _scenario(plan: Plan, scenario: Scenario | str | os.PathLike[str] | None, allow_outside: bool) -> Scenario:
    if scenario is None:
        if plan.scenario_path is None:
            raise ValueError(words("the plan was made in Python and names no scenario file: hand over its scenario"))
        scenario = plan.scenario_path
    if not isinstance(scenario, Scenario):
        a_path("scenario", scenario)
        scenario = load(Path(scenario), variant=plan.variant, allow_outside=allow_outside)
    if scenario.sha256 != plan.scenario_sha256 or scenario.variant != plan.variant:
        raise ValueError(
            words(
                "this is not the scenario that the plan was made from (its files, content or variant differ): what "
                "happened since belongs into the table of what happened; a new scenario is planned with renewopt plan"
            )
        )
    return scenario


@dataclass(frozen=True, eq=False)
class _Past:
    """What happened, as the problem knows it: the past and what stands otherwise than stated."""

    problem: Problem
    lived: Lived
    expected: dict[int, int]
    inflow: dict[tuple[int, int], int]


class _Replanning:
    """One replanning: what is asked, and the steps to the answer."""

    def __init__(
        self,
        plan: Plan,
        scenario: Scenario,
        options: dict[str, Any],
        price: float,
        watch: _Stopwatch,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        assert plan.decisions is not None
        self.plan, self.scenario, self.options, self.price = plan, scenario, options, price
        self.watch, self.progress = watch, progress
        watch.tell("compiling")
        self.decisions: Decisions = plan.decisions
        self.stated = _compile(scenario)
        self.base = frozen(self.stated, plan.replanned, self.decisions)
        watch.book("compile")

    def made(self, actuals: Path | pd.DataFrame | None, month: str | None) -> Plan:
        """Read what happened, and plan the rest where anything is new."""
        now = self._now(month)
        table = listed_table(self.scenario, "actuals", actuals)
        facts = Facts() if table is None else read_facts(self.base, self.scenario, table, self.decisions, now)
        happened = as_it_happened(self.base, self.decisions, facts, now)
        same = _same(happened, self.decisions.before(now))
        expected = self._expected(facts, happened)
        received = {
            key: fen - int(self.base.funds.inflow[key])
            for key, fen in facts.received.items()
            if fen != self.base.funds.inflow[key]
        }
        otherwise = _paid_otherwise(self.base, self.decisions.before(now), facts)
        if same and not received and not otherwise and not self._matters(expected):
            return self.plan
        stopping.raise_if_asked()
        past = self._lived(facts, happened, now, expected, received, exactly=same)
        self.watch.book("past")
        return self._planned(past, now)

    def _now(self, month: str | None) -> int:
        """First month that is not over."""
        calendar = self.base.calendar
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

    def _expected(self, facts: Facts, happened: Decisions) -> dict[int, int]:
        """Phases that are not there yet and come at another month than was stated."""
        done = set(happened.complete[:, 0].tolist())
        return {
            phase: month
            for phase, month in facts.expected.items()
            if phase not in done and month != self.base.phases.earliest[phase]
        }

    def _matters(self, expected: dict[int, int]) -> bool:
        """Whether what is expected gives room for a better plan, or takes away what this one needs."""
        planned = dict(self.decisions.complete.tolist())
        return any(
            month < self.base.phases.earliest[phase] or planned.get(phase, UNBUILT) < month
            for phase, month in expected.items()
        )

    def _lived(
        self,
        facts: Facts,
        happened: Decisions,
        now: int,
        expected: dict[int, int],
        received: dict[tuple[int, int], int],
        *,
        exactly: bool,
    ) -> _Past:
        """Live through the past, until what it paid is what is told."""
        known = with_expected(self.base, expected)
        more = dict(received)
        for _ in range(SETTLING_ROUNDS):
            problem = with_inflow(known, more)
            lived = live_through(problem, happened, now, exactly=exactly)
            left = _paid_otherwise(problem, lived.past, facts)
            settled = {key: received.get(key, 0) for key in received}
            for (fund, _use, month), fen in left.items():
                settled[fund, month] = settled.get((fund, month), 0) + fen
            if settled == more:
                break
            more = settled
        self._refuse(problem, lived, happened)
        return _Past(problem, lived, expected, more)

    def _refuse(self, problem: Problem, lived: Lived, happened: Decisions) -> None:
        """Refuse a past that its money, its phases or its households do not admit.

        Raises
        ------
        ScenarioError
        """
        short = lived.past.shortfall
        for need, month, fen in short.tolist():
            self._fault(
                words("{amount:,.2f} yuan are missing for {need} in {month}, by what is told to have happened",
                      amount=fen / FEN_PER_YUAN, need=problem.needs.id[need], month=problem.calendar.label(month)),
            )  # fmt: skip
        build, told = (_sums(rows, 2) for rows in (lived.past.build, happened.build))
        for (phase, month), fen in told.items():
            if build.get((phase, month), 0) != fen:
                self._fault(
                    words("phase {phase} was paid {amount:,.2f} yuan in {month}, but the fund did not have it then",
                          phase=problem.phases.id[phase], amount=fen / FEN_PER_YUAN,
                          month=problem.calendar.label(month)),
                )  # fmt: skip
        self._stop()

    _faults: list[Any]

    def _fault(self, message: Any) -> None:
        from renewopt.errors import Finding

        if not hasattr(self, "_faults"):
            self._faults = []
        mend = words("state what else came in or was paid, or mend the row")
        self._faults.append(Finding("error", "actuals", None, "", message, mend))

    def _stop(self) -> None:
        if getattr(self, "_faults", None):
            raise ScenarioError(self._faults)

    # --- the rest

    def _planned(self, past: _Past, now: int) -> Plan:
        """Plan what is left, with a price on promises; and find out what keeping them all would cost."""
        rest = past.lived.remaining
        whole = replace(
            past.problem, calendar=replace(past.problem.calendar, now=now), past=past.lived.past
        )  # fmt: skip
        factor = float(whole.objective.discount(now)) if whole.objective.name == Goal.FISCAL else 1.0
        left = _weighed(rest.problem, factor)
        announced = announced_of(whole, self.decisions.settle, past.lived.state.waiting, now)
        row_of = position(rest.offers, len(whole.offers))
        mine = np.column_stack([row_of[announced[:, 0]], announced[:, 1] - now, announced[:, 2]])
        handover = self._handover(rest.problem, rest.phases, now)
        feasible = feasible_of(rest.problem, mine, handover)
        if any(tier.goal == Goal.DISUTILITY for tier in left.objective.tiers) and self.price:
            raise ValueError(words("a price of promises and a strict goal of disutility do not go together"))
        promised = with_promises(left, mine, self.price / factor)
        search = partial(best_rest, options=self.options, progress=self.progress, objective=self.plan.objective or 0.0)
        self.watch.tell("deciding")
        planned = self._rest_of_plan(rest.problem, rest.phases, row_of, handover, now)
        found = search(promised, planned=planned)
        if found.decisions is None:
            if found.status == "interrupted":
                raise InterruptedPlanError
            raise NoPlanInTimeError(float(self.options.get("time_limit") or 0.0))
        self.watch.book("optimise")
        with stopping.held():
            settle = promised.stated(found.decisions.settle)
            decisions = _joined(past.lived.past, rest.whole(replace(found.decisions, settle=settle)))
            kept = kept_of(announced, decisions.settle)
            kept_feasible = np.minimum(kept, feasible)
            keeping = self._keeping(left, mine, feasible, kept_feasible, promised, found, factor, search)
            self.watch.book("keeping")
            replanned = Replanned(
                month=whole.calendar.label(now),
                **stated(self.stated, *self._since_stated(past)),
                opening_objective=self._opening(),
                promise_price=self.price,
                promises=int(announced[:, 2].sum()),
                feasible=int(feasible.sum()),
                kept=int(kept.sum()),
                kept_feasible=int(kept_feasible.sum()),
                promise_cost=self.price * int((announced[:, 2] - kept).sum()),
                keeping=keeping[0],
                keeping_gap=keeping[1],
            )
            table = promises_table(whole, announced, feasible, kept, decisions.settle)
            return self._told(past, whole, decisions, found, factor, replanned, table)

    def _opening(self) -> float:
        """Objective of the plan before, promises aside."""
        before = self.plan.replanned
        return (self.plan.objective or 0.0) - (0.0 if before is None else before.promise_cost)

    def _since_stated(self, past: _Past) -> tuple[dict[int, int], dict[tuple[int, int], int]]:
        """What stands otherwise than the scenario states it: expected months, and what came in."""
        earliest, inflow = past.problem.phases.earliest, past.problem.funds.inflow - self.stated.funds.inflow
        moved = np.flatnonzero(earliest != self.stated.phases.earliest).tolist()
        return (
            {phase: int(earliest[phase]) for phase in moved},
            {(fund, month): int(inflow[fund, month]) for fund, month in np.argwhere(inflow != 0).tolist()},
        )

    def _handover(self, rest: Problem, phases: np.ndarray[Any, Any], now: int) -> np.ndarray[Any, Any]:
        """(E,) month in which each phase was to be handed over, as far as that can still be; `UNBUILT`: not at all."""
        planned = dict(self.decisions.complete.tolist())
        then = np.array([planned.get(phase, UNBUILT + now) - now for phase in phases.tolist()], dtype=np.int64)
        return np.maximum(np.maximum(then, rest.phases.soonest), 0)

    def _rest_of_plan(
        self,
        rest: Problem,
        phases: np.ndarray[Any, Any],
        row_of: np.ndarray[Any, Any],
        handover: np.ndarray[Any, Any],
        now: int,
    ) -> Decisions:
        """What the plan before decides for the months that are left, in rows of what is left."""
        months, before = rest.calendar.months, self.decisions
        phase_of = position(phases, len(self.base.phases))
        tables = {}
        for name, column in Decisions.MONTH_COLUMN.items():
            rows = getattr(before, name)
            rows = rows[rows[:, column] >= now].copy()
            rows[:, column] -= now
            tables[name] = rows
        settle, build = tables["settle"], tables["build"]
        settle[:, 0], build[:, 0] = row_of[settle[:, 0]], phase_of[build[:, 0]]
        complete = np.array([(e, t) for e, t in enumerate(handover.tolist()) if t < months], dtype=np.int64)
        tables |= {
            "settle": settle[settle[:, 0] >= 0],
            "build": build[build[:, 0] >= 0],
            "complete": complete.reshape(-1, 2),
        }
        return Decisions(**tables)

    def _keeping(
        self,
        left: Problem,
        mine: np.ndarray[Any, Any],
        feasible: np.ndarray[Any, Any],
        kept: np.ndarray[Any, Any],
        promised: Promised,
        found: Found,
        factor: float,
        search: Callable[..., Found],
    ) -> tuple[float | None, float | None]:
        """By how much the objective rises if every promise is kept that can be, and the gap of that search."""
        if (kept >= feasible).all():
            return 0.0, found.gap
        if found.status == "interrupted" or found.easier:
            return None, None
        rows = mine[feasible > 0].copy()
        rows[:, 2] = feasible[feasible > 0]
        strict = with_promises(left, rows, 0.0, strict=True)
        self.watch.tell("keeping every promise")
        other = search(strict, planned=None, easier=False)
        if other.decisions is None or other.objective is None:
            return None, None
        assert found.objective is not None
        assert found.decisions is not None
        own = found.objective + self.price / factor * promised.taken(found.decisions.settle)
        return round((other.objective - own) * factor, 2), other.gap

    def _told(
        self,
        past: _Past,
        whole: Problem,
        decisions: Decisions,
        found: Found,
        factor: float,
        replanned: Replanned,
        table: pd.DataFrame,
    ) -> Plan:
        """Replay, audit and fill in the plan."""
        self.watch.tell("auditing")
        books = replay(whole, decisions)
        joined = float(books.objective()) / FEN_PER_YUAN
        violations = audit_decisions(whole, decisions, books)
        if _broken(violations):
            paid = carry_out(past.lived, decisions)
            books = replay(whole, paid)
            violations = audit_decisions(whole, paid, books)
        if broken := _broken(violations):
            raise self._of_the_past(broken, whole) or AuditError(broken)
        self.watch.book("replay")
        value = float(books.objective()) / FEN_PER_YUAN + replanned.promise_cost
        bound = gap = None
        if found.objective is not None and found.bound is not None:
            proven = joined + replanned.promise_cost - (found.objective - found.bound) * factor
            bound = min(value, proven)
            gap = (value - bound) / max(abs(value), 1.0)
        short = shortfalls(violations)
        frame = _frame(self.scenario, whole, OPTIMAL, self.options)
        plan = _filled(
            replace(
                frame,
                replanned=replanned,
                promises=table,
                promise_cost=replanned.promise_cost if self.price else None,
                findings=_remarks([*violations, *idle_homes(books)]),
                warm=found.warm,
                prices=frame.prices if found.prices is None else found.prices.table(),
                shortages=short,
            ),
            books,
            self.watch,
        )
        if short:
            lacking = float(books.totals.shortfall) / FEN_PER_YUAN
            return replace(plan, status="infeasible", objective=None, shortfall=lacking)
        tiers = [
            TierResult(tier.name, reached, *_of_tier(tier.value, tier.bound, reached, factor if fiscal else 1.0))
            for tier, reached, fiscal in _tiers(found, books)
        ]
        status = found.status
        return replace(
            plan,
            status=status,
            objective=value,
            bound=bound,
            gap=gap,
            tiers=(*tiers, TierResult(frame.objective_name, value, bound, gap)),
        )

    def _of_the_past(self, broken: Iterable[Violation], whole: Problem) -> ScenarioError | None:
        """Broken rules as faults of what is told to have happened, where they lie in the past."""
        label = whole.calendar.label
        over = {label(month) for month in range(whole.calendar.now)}
        for violation in broken:
            if violation.place.get("month") in over and violation.rule != "past":
                self._fault(words("{broken}", broken=violation.message()))
        return ScenarioError(self._faults) if getattr(self, "_faults", None) else None


def _same(one: Decisions, other: Decisions) -> bool:
    """Whether two tell the same, in whatever order."""
    for name in Decisions.COLUMNS:
        ours, theirs = (_sums(getattr(each, name), getattr(each, name).shape[1] - 1) for each in (one, other))
        if name == "complete":
            ours, theirs = ({tuple(row): 1 for row in each.complete.tolist()} for each in (one, other))
        if ours != theirs:
            return False
    return True


def _sums(rows: np.ndarray[Any, Any], keys: int) -> dict[tuple[int, ...], int]:
    found: dict[tuple[int, ...], int] = {}
    for row in rows.tolist():
        found[tuple(row[:keys])] = found.get(tuple(row[:keys]), 0) + row[-1]
    return {key: amount for key, amount in found.items() if amount}


def _paid_otherwise(problem: Problem, past: Decisions, facts: Facts) -> dict[tuple[int, str, int], int]:
    """Fen by which what is told to have been paid is less than what was reckoned, where it is not the same."""
    reckoned: dict[tuple[int, str, int], int] = {}
    for fund, need, month, fen in past.pay.tolist():
        key = (fund, str(problem.needs.use[need]), month)
        reckoned[key] = reckoned.get(key, 0) + fen
    differing = {key: reckoned.get(key, 0) - fen for key, fen in facts.paid.items()}
    return {key: fen for key, fen in differing.items() if fen}


def _weighed(rest: Problem, factor: float) -> Problem:
    """Weigh what is not discounted as the whole problem does: the remaining one reckons from its own month 0."""
    if factor == 1.0:
        return rest
    objective = rest.objective
    return replace(
        rest,
        objective=replace(
            objective,
            shortfall_penalty=objective.shortfall_penalty / factor,
            disutility_weight=objective.disutility_weight / factor,
            waiting_cost=objective.waiting_cost / factor,
        ),
    )


def _joined(past: Decisions, later: Decisions) -> Decisions:
    return Decisions(
        **{name: np.concatenate([getattr(past, name), getattr(later, name)]) for name in Decisions.COLUMNS}
    )


def _broken(violations: Iterable[Violation]) -> list[Violation]:
    return [violation for violation in violations if violation.kind == "broken_rule"]


def _tiers(found: Found, books: Books) -> Iterable[tuple[Any, float, bool]]:
    for tier, stated_tier, reached in zip(
        found.tiers, books.problem.objective.tiers, books.totals.tiers, strict=False
    ):
        scale = 1.0 if stated_tier.goal == Goal.DISUTILITY else FEN_PER_YUAN
        yield tier, float(reached) / scale, stated_tier.goal == Goal.FISCAL


def _of_tier(value: float, bound: float | None, reached: float, factor: float) -> tuple[float | None, float | None]:
    if bound is None:
        return None, None
    proven = reached - (value - bound) * factor
    return proven, (reached - proven) / max(abs(reached), 1.0)

