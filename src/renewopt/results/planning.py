"""From a scenario to a plan: compile, decide, replay, audit, report."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from renewopt import stopping
from renewopt._version import __version__
from renewopt.asked import a_call, a_gap, a_text, is_number, one_of
from renewopt.ledger import Violation, audit_decisions, idle_homes, replay
from renewopt.policies import OPTIMAL, Hedged, Optimal, Policy, WaitForBuild
from renewopt.policies.modules import import_policy_modules
from renewopt.policies.starting import plans_of_rules
from renewopt.problem import Decisions, Problem
from renewopt.problem.stocktaking import first_shortage
from renewopt.results import tables
from renewopt.results.briefing.delays import reckon_delays
from renewopt.results.briefing.futures_tried import try_futures
from renewopt.results.choosing import chosen_policy, start_rule, training_futures, with_objective
from renewopt.results.explanations.grounds import keep_problem
from renewopt.results.failures import AuditError, InterruptedPlanError, NoPlanInTimeError
from renewopt.results.planned import Plan
from renewopt.results.programme import Started, started
from renewopt.results.record import Option, Remark, Shortage, TierResult
from renewopt.results.reopening import check_kinds, decided, stated_scenario
from renewopt.results.reopening import compiled as _compile
from renewopt.results.savings import reckon_savings, simulate_waiting
from renewopt.results.shortages import describe_shortage, shortfalls
from renewopt.results.starting import started_by_rule, started_by_search
from renewopt.results.stated import state
from renewopt.scenario import Scenario
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import AUTO, METHODS, STATUSES, StartBy
from renewopt.wording import LANGUAGES, of_its_place, words
from renewopt.wording.amounts import yuan
from renewopt.wording.phrases import say

if TYPE_CHECKING:
    import pandas as pd

    from renewopt.ledger import Books
    from renewopt.optimiser.progress import Progress
    from renewopt.optimiser.solving import Solution

__all__ = ["audit", "plan", "statement"]

SAID = 5
"""Things that are short which are told at once."""
LATE_SHARE, LATE_SECONDS = 0.05, 2.0
"""By how much a search and what follows it may go beyond its limit: a share of it, and seconds."""


class _Stopwatch:
    """Seconds by phase of the work."""

    def __init__(self, progress: Callable[[Progress], None] | None = None, limit: float = 0.0) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._limit = limit
        self._began = time.perf_counter()
        self._since = time.perf_counter()

    def book(self, phase: str) -> None:
        """Say that the time since the last call went into `phase`."""
        now = time.perf_counter()
        self.seconds[phase] = round(self.seconds.get(phase, 0.0) + now - self._since, 3)
        self._since = now

    def tell(self, step: str, said: Mapping[str, str] | None = None) -> None:
        """Report that a step begins which is no part of a search, and what is known by then."""
        if self._progress is not None:
            from renewopt.optimiser.progress import Progress

            elapsed = time.perf_counter() - self._began
            self._progress(Progress(step, None, None, None, elapsed, self._limit, said or {}))


def plan(  # noqa: PLR0913 - each is an option of its own
    scenario: Scenario | str | os.PathLike[str],
    *,
    variant: str | None = None,
    policy: str = OPTIMAL,
    objective: str | None = None,
    gap: float = 1e-3,
    time_limit: float = 600.0,
    solver: str = "highs",
    method: str = AUTO,
    progress: Callable[[Progress], None] | None = None,
    warm: Plan | None = None,
    policy_modules: Iterable[str] | str | None = None,
    allow_outside: bool = False,
) -> Plan:
    """Plan a district: who is settled when and how, what is built when, and which fund pays for it.

    Parameters
    ----------
    scenario
        From `load`, or the path of a scenario file.
    variant
        Name of a variant of the scenario.
    policy
        ``optimal``; another policy that ships (``rolling``, ``wait-for-build``, ``costliest-first`` …), one that the
        scenario states under ``policies``, a registered one, one that an installed package announces, or
        ``module:Name`` of one of the `policy_modules`. They search to `gap`, but not by the clock.
    objective
        ``transition_fees`` or ``fiscal_cost``; default: what the scenario says.
    gap
        Stop once the plan is proven to be within this fraction of the best possible; 0 asks for the best.
    time_limit
        Seconds of search; the best plan so far is returned.
    solver
        ``highs``, or ``pulp:NAME`` for a solver that PuLP knows.
    method
        ``auto``, ``exact`` or ``structured``.
    progress
        Receives a `renewopt.optimiser.progress.Progress` now and then: when a step begins (loading, compiling,
        deciding, auditing, saving), and in a search as often as it has something to tell.
    warm
        An earlier plan of a similar scenario (other amounts, dates, rates or households), also one that was read from
        its folder: the search begins with what that one has learnt. What is proven does not rest on it.
    policy_modules
        Modules of policies of one's own, by name. They are imported; `policy` and the scenario may then name what they
        register, and their classes as ``module:Name``. No other module is imported, whatever a file names.
    allow_outside
        Whether tables of a scenario file may lie outside of its folder.

    Returns
    -------
    Plan
        Audited; with status ``infeasible``, what is short, and where that is money alone the tables of the plan with
        the least shortfall that was found.

    Raises
    ------
    ScenarioError
        If the scenario is not right.
    ValueError
        If an argument is not one of the above, or a variant is asked of a scenario that was built or changed in Python.
    NoPlanInTimeError, InterruptedPlanError
        If there is no plan yet when time is up, or on Ctrl-C.
    AuditError
        If the ledger refuses the plan: a fault of renewopt.
    """
    _check_arguments(gap, time_limit, solver, method)
    check_kinds(scenario, variant, allow_outside)
    a_text("policy", policy, words("the name of a policy"), none=False)
    a_call("progress", progress)
    if warm is not None and not isinstance(warm, Plan):
        raise TypeError(words("warm {value}: expected a plan, from plan or read_plan", value=repr(warm)[:100]))
    gap, time_limit = float(gap), float(time_limit)
    modules = import_policy_modules(policy_modules)
    watch = _Stopwatch(progress, time_limit)
    if isinstance(scenario, str | os.PathLike):
        watch.tell("loading")
    stated = with_objective(stated_scenario(scenario, variant, allow_outside), objective)
    chosen = None if policy == OPTIMAL else chosen_policy(stated, policy, gap=gap, modules=modules)
    watch.book("load")
    watch.tell("compiling")
    began, solution = time.perf_counter(), None
    rule = start_rule(stated, policy)
    if isinstance(chosen, Optimal) and rule != StartBy.OPTIMAL:
        # Its starts alone are given by a rule: the plan for them is searched for and told as ever.
        gap, method, chosen = chosen.gap, chosen.method, None
    if rule != StartBy.OPTIMAL:
        begun = started_by_rule(stated, rule)
    else:
        begun, solution = started_by_search(
            stated, gap=gap, time_limit=time_limit, solver=solver, method=method, progress=progress,
            warm=None if warm is None else warm.warm,
        )  # fmt: skip
    problem = _compile(begun.written)
    watch.book("compile")
    if solution is None:
        stopping.raise_if_asked()
    options: dict[str, Option] = {
        "objective": objective,
        "gap": gap,
        "time_limit": time_limit,
        "solver": solver,
        "method": method,
    }
    frame = _frame(stated, problem, policy, options)
    if solution is None and progress is not None and (said := _money_runs_out(frame, problem)):
        watch.tell("search" if chosen is None else "deciding", said)
    if chosen is not None:
        made = _by_policy(frame, problem, chosen, begun, watch)
        made = begun.told(_with_futures(made, problem, begun, watch), problem)
        keep_problem(made, problem)
        return made
    from renewopt.optimiser import optimise

    if solution is None:
        began = time.perf_counter()
        solution = optimise(
            problem,
            gap=gap,
            time_limit=time_limit,
            solver=solver,
            method=method,
            progress=progress,
            check=lambda decisions: not audit_decisions(problem, decisions),
            warm=None if warm is None else warm.warm,
            starts=partial(plans_of_rules, problem),
        )
    watch.book("optimise")
    if solution.status == "infeasible":
        described = _from_solution(frame, begun.written, problem, solution, watch, time_limit)
        return begun.told(_with_shortfall(described, problem, solution, watch, progress), problem)
    # A wish to stop has ended the search; the plan that it found is told in full.
    with stopping.held():
        if solution.status != "interrupted":
            limit = time_limit * (1.0 + LATE_SHARE) + LATE_SECONDS
            solution = _tidied(problem, solution, lambda: limit - (time.perf_counter() - began))
            watch.book("payments")
        made = _from_solution(frame, begun.written, problem, solution, watch, time_limit)
        made = begun.told(_with_futures(made, problem, begun, watch), problem)
        keep_problem(made, problem)
        return made


def _frame(stated: Scenario, problem: Problem, policy: str, options: Mapping[str, Option]) -> Plan:
    """Begin a plan: what it is made from, and with what."""
    return Plan(
        name=stated.name,
        scenario_path=None if stated.path is None else stated.path.resolve(),
        scenario_files=tuple(path.resolve() for path in stated.read_paths),
        scenario_sha256=stated.sha256,
        variant=stated.variant,
        policy=policy,
        options=options,
        version=__version__,
        start=problem.calendar.label(0),
        months=problem.calendar.months,
        status="infeasible",
        objective_name=problem.objective.name,
        households=int(problem.claims.households.sum()),
        stated=state(stated),
        place=stated.place,
    )


def prepare(
    scenario: Scenario | str | os.PathLike[str],
    variant: str | None,
    objective: str | None,
    allow_outside: bool = False,
) -> tuple[Scenario, Problem]:
    """Load a scenario, with another objective if one is given, and compile it."""
    check_kinds(scenario, variant, allow_outside)
    stated = started(with_objective(stated_scenario(scenario, variant, allow_outside), objective)).written
    return stated, _compile(stated)


def plan_decided(
    stated: Scenario, problem: Problem, options: Mapping[str, Option], solve: Callable[[], Solution]
) -> Plan:
    """Make the plan of a solution that was found in another way than by `plan`; it is audited all the same."""
    watch = _Stopwatch()
    solution = solve()
    watch.book("optimise")
    limit = float(options["time_limit"] or 0.0)
    return _from_solution(_frame(stated, problem, OPTIMAL, options), stated, problem, solution, watch, limit)


def audit(scenario: Scenario | str | os.PathLike[str], plan: Plan, *, allow_outside: bool = False) -> list[Violation]:
    """Replay a plan and list every rule that it breaks and every finding about the district.

    Parameters
    ----------
    scenario
        What the plan was made from (the same variant).
    plan
        From `plan` or `read_plan`.
    allow_outside
        As of `plan`.

    Returns
    -------
    list of Violation
        Empty when clean.

    Raises
    ------
    ValueError
        If the scenario is not the one that the plan was made from, or the plan holds no decisions.
    """
    problem, decisions = decided(scenario, plan, allow_outside)
    with plan.place.spoken():
        return audit_decisions(problem, decisions)


def statement(scenario: Scenario | str | os.PathLike[str], plan: Plan, *, allow_outside: bool = False) -> pd.DataFrame:
    """Make the household statement of a plan, however large, or of an earlier version that came without one.

    Parameters
    ----------
    scenario, plan, allow_outside
        As of `audit`.

    Returns
    -------
    pandas.DataFrame
        As `Plan.statement`.

    Raises
    ------
    ValueError
        If the scenario is not the one that the plan was made from, or the plan holds no decisions.
    """
    return tables.statement_table(replay(*decided(scenario, plan, allow_outside)))


def _check_arguments(gap: Any, time_limit: Any, solver: Any, method: Any) -> None:
    a_gap(gap)
    if not is_number(time_limit) or not 0 < time_limit < float("inf"):
        raise ValueError(
            words("time_limit {time_limit!r}: expected a number of seconds above 0", time_limit=time_limit)
        )
    one_of("method", method, METHODS)
    if solver != "highs" and not str(solver).startswith("pulp:"):
        raise ValueError(
            words("solver {solver!r}: expected highs, or pulp:NAME for a solver that PuLP knows", solver=solver)
        )


@of_its_place
def _by_policy(frame: Plan, problem: Problem, policy: Policy, begun: Started, watch: _Stopwatch) -> Plan:
    """Make the plan of a policy: shortfalls make it infeasible, missed deadlines are remarks."""
    if isinstance(policy, Hedged):
        policy = replace(policy, futures=training_futures(begun.written, begun.tables(problem)))
    watch.tell("deciding")
    decisions = policy.decide(problem)
    watch.book("decide")
    watch.tell("auditing")
    books = replay(problem, decisions)
    violations = audit_decisions(problem, decisions, books)
    watch.book("replay")
    # A rule of thumb may also run its reserve down: that, too, is told of the district.
    broken = [v for v in violations if v.kind == "broken_rule" and v.rule != "reserve"]
    if broken:
        raise AuditError(broken)
    short = shortfalls(violations)
    if short:
        return replace(frame, shortages=short, seconds=watch.seconds)
    findings = _remarks([*violations, *idle_homes(books)])
    return _filled(replace(frame, status="feasible", findings=findings), books, watch)


def _remarks(violations: Iterable[Violation]) -> tuple[Remark, ...]:
    return tuple(Remark(v.code, {lang: v.message(lang) for lang in LANGUAGES}) for v in violations)


@of_its_place
def _from_solution(
    frame: Plan, stated: Scenario, problem: Problem, solution: Solution, watch: _Stopwatch, time_limit: float
) -> Plan:
    status = next((known for known in STATUSES if known == solution.status), None)
    if status is None:
        raise AuditError([f"the optimiser answered with unknown status {solution.status!r}"])
    for phase, seconds in solution.seconds.items():
        watch.seconds[f"optimise.{phase}"] = round(seconds, 3)
    if status == "infeasible":
        return _infeasible(frame, stated, problem, solution, watch)
    if solution.decisions is None:
        if status == "interrupted":
            raise InterruptedPlanError
        from renewopt.problem import take_stock

        raise NoPlanInTimeError(time_limit, take_stock(problem, stated).money_runs_out)
    watch.tell("auditing")
    books = _audited(problem, solution.decisions)
    watch.book("replay")
    value = _yuan(books.objective())
    bound = None if solution.bound is None else min(solution.bound, value)
    gap = None if bound is None else (value - bound) / max(abs(value), 1.0)
    tiers = [TierResult(tier.name, tier.value, tier.bound, tier.gap, tier.goal) for tier in solution.tiers]
    found = replace(
        frame,
        status=status,
        bound=bound,
        gap=gap,
        prices=frame.prices if solution.prices is None else solution.prices.table(),
        warm=solution.warm,
        tiers=(*tiers, TierResult(frame.objective_name, value, bound, gap)),
        findings=_remarks(idle_homes(books)),
    )
    return _filled(found, books, watch)


def _tidied(problem: Problem, solution: Solution, left: Callable[[], float]) -> Solution:
    """Give a solution payments with fewer movements, where they are found; nothing that it reaches gets worse."""
    from renewopt.optimiser import tidied

    if solution.decisions is None or left() <= 0:
        return solution
    before = replay(problem, solution.decisions)

    def accepts(decisions: Decisions) -> bool:
        books = replay(problem, decisions)
        reached = zip(books.totals.tiers, before.totals.tiers, strict=True)
        if books.objective() > before.objective() or any(now > then for now, then in reached):
            return False
        return not audit_decisions(problem, decisions, books)

    goal = problem.objective.name
    return replace(solution, decisions=tidied(problem, solution.decisions, goal=goal, accepts=accepts, left=left))


def _infeasible(frame: Plan, stated: Scenario, problem: Problem, solution: Solution, watch: _Stopwatch) -> Plan:
    """Tell what is short, and which rules cannot hold together."""
    from renewopt.results.conflicts import find_conflicts

    short = describe_shortage(solution.shortage)
    watch.tell("rules that cannot hold together", _said_at_once(short))
    missing = 0.0 if solution.shortage is None else sum(short.yuan for short in solution.shortage.money)
    conflicts = find_conflicts(stated, problem, missing)
    watch.book("conflicts")
    if conflicts:
        short = tuple(shortage for shortage in short if shortage.what != "rule")
    return replace(frame, shortages=short, conflicts=conflicts, seconds=watch.seconds)


def _money_runs_out(frame: Plan, problem: Problem) -> dict[str, str]:
    """What stock-taking knows before any search: when the money for fees runs out, if nothing is done."""
    short = first_shortage(problem)
    if short is None:
        return {}
    month, fen = problem.calendar.label(short[0]), short[1]
    with frame.place.spoken():
        return {lang: say(lang, "soon.money", month=month, short=yuan(lang, fen / FEN_PER_YUAN)) for lang in LANGUAGES}


def _said_at_once(short: Sequence[Shortage]) -> dict[str, str]:
    """What is short, before anything is searched for that would mend it."""
    most_first = sorted(short, key=lambda each: -sum(each.by_month.values()))
    return {
        lang: "\n".join([say(lang, "assume.none"), *(f"  {each.text[lang]}" for each in most_first[:SAID])])
        for lang in LANGUAGES
    }


def _with_shortfall(
    frame: Plan, problem: Problem, solution: Solution, watch: _Stopwatch, progress: Callable[[Progress], None] | None
) -> Plan:
    """Add the plan with the least shortfall that is found, where money is all that is short."""
    from renewopt.optimiser import plan_with_shortfall

    gap, limit, method = (frame.options[name] for name in ("gap", "time_limit", "method"))
    left = float(limit or 0.0) - watch.seconds["optimise"]
    short = solution.shortage
    if short is None or short.deadlines or short.targets or not (short.money or solution.lacking) or left <= 0:
        return frame
    watch.tell("a plan with the least shortfall")
    found = plan_with_shortfall(
        problem,
        bound=solution.lacking,
        gap=float(gap or 0.0),
        time_limit=left,
        method=str(method),
        progress=progress,
        check=lambda decisions: not _but_for_money(audit_decisions(problem, decisions)),
    )
    watch.book("shortfall")
    frame = replace(frame, shortfall_bound=found.bound or None, seconds=watch.seconds)
    if found.decisions is None:
        return frame
    watch.tell("auditing")
    books = replay(problem, found.decisions)
    if broken := _but_for_money(audit_decisions(problem, found.decisions, books)):
        raise AuditError(broken)
    watch.book("replay")
    lacking = _yuan(books.totals.shortfall)
    bound = None if frame.shortfall_bound is None else min(frame.shortfall_bound, lacking)
    findings = _remarks(idle_homes(books))
    frame = replace(frame, shortfall=lacking, shortfall_bound=bound, findings=findings)
    return replace(_filled(frame, books, watch), objective=None)


def _but_for_money(violations: Iterable[Violation]) -> list[Violation]:
    """Leave out that money is missing."""
    return [each for each in violations if each.code != "need.shortfall"]


def _audited(problem: Problem, decisions: Decisions) -> Books:
    books = replay(problem, decisions)
    violations = audit_decisions(problem, decisions, books)
    if violations:
        raise AuditError(violations)
    return books


def _filled(frame: Plan, books: Books, watch: _Stopwatch) -> Plan:
    """Fill in all that the books tell."""
    label = books.problem.calendar.label
    claims = tables.claims_table(books)
    filled = replace(
        frame,
        objective=_yuan(books.objective()),
        transition_fees=_yuan(books.totals.transition_fees),
        fiscal_cost=_yuan(books.totals.fiscal_cost),
        waiting_cost=_yuan(books.totals.waiting_cost) if books.problem.objective.waiting_cost else None,
        households=books.households,
        settled=books.settled,
        clear_month=None if books.clear_month is None else label(books.clear_month),
        all_settled_month=None if books.all_settled_month is None else label(books.all_settled_month),
        allocation=tables.allocation_table(claims),
        claims=claims,
        statement=tables.statement_table(books) if len(claims) <= tables.MOST_STATED else frame.statement,
        construction=tables.construction_table(books),
        funds=tables.funds_table(books),
        fees=tables.fees_table(books),
        people=tables.people_table(books),
        account=tables.account_table(books),
        decisions=books.decisions,
    )
    watch.book("report")
    watch.tell("saving")
    waiting = books if frame.policy == WaitForBuild.name else simulate_waiting(books.problem)
    filled = replace(filled, savings=reckon_savings(books, waiting), baseline=tables.baseline_table(waiting))
    watch.book("savings")
    filled = replace(filled, delayed=reckon_delays(books))
    watch.book("delays")
    return replace(filled, seconds=watch.seconds)


def _with_futures(made: Plan, problem: Problem, begun: Started, watch: _Stopwatch) -> Plan:
    """Try a plan that is in order in the futures that its scenario states."""
    if made.decisions is None or not made.feasible or not begun.stated.futures:
        return made
    watch.tell("trying futures")
    tried = try_futures(problem, made.decisions, begun.stated, begun.tables(problem))
    watch.book("futures")
    return replace(made, tried=tried, seconds=watch.seconds)


def _yuan(fen: float) -> float:
    return float(fen) / FEN_PER_YUAN
