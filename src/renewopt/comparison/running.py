"""One run: a policy carried out in a future, measured; a pure function of its inputs, for whatever worker does it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from renewopt.comparison.blaming import broken_by, failed_at
from renewopt.comparison.digests import digest
from renewopt.comparison.importing import NO_MODULES, OwnModules
from renewopt.comparison.measures import measure, settled_by_month, waits_by_group, with_programme
from renewopt.futures import Begun, draw_future, drawn_of
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import (
    PROOF,
    FirstPlan,
    Hedged,
    MadeOnce,
    NoPlanError,
    Optimal,
    Policy,
    Rolling,
    best_plan,
    simulate,
)
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.results.choosing import training_futures, with_objective
from renewopt.results.programme import Started, started, with_starts
from renewopt.scenario import Scenario, load, models
from renewopt.scheduling import compile_programme
from renewopt.wording import words

__all__ = ["InitialPlan", "Instance", "PlanTask", "RunResult", "RunTask", "failure", "make_plan", "run"]


@dataclass(frozen=True)
class Instance:
    """Where a scenario comes from: its file where a worker can read it, else the scenario itself.

    Attributes
    ----------
    name
        As it stands in the tables.
    modules
        Modules of policies, which a worker imports with the instance, before the policy of a task is unpacked.
    allow_outside
        Whether the scenario's tables may lie outside of its folder.
    starts
        Month of all that may start, None where it is left out; None: nothing is left to decide.
    start_rule
        The rule that decided them; "": nothing was left to decide.
    """

    name: str
    path: str | None
    variant: str | None
    objective: str | None
    sha256: str
    scenario: Scenario | None = None
    modules: OwnModules = NO_MODULES
    allow_outside: bool = False
    starts: tuple[tuple[str, int | None], ...] | None = None
    start_rule: str = ""


@dataclass(frozen=True)
class PlanTask:
    """Make the plan that a policy begins with, for a district as planned; `first` is that of ``optimal``."""

    instance: Instance
    policy: Policy
    first: InitialPlan | None = None


@dataclass(frozen=True, eq=False)
class InitialPlan:
    """A plan for a district as planned.

    Attributes
    ----------
    made_for
        Digest of the tables that it was made for.
    decisions
        None: no plan keeps every rule.
    bound
        Proven, in yuan; None where nothing is proven, or where strict goals come before the objective.
    reason
        Why there is none.
    seconds
        Of the processor.
    """

    made_for: str
    decisions: Decisions | None
    bound: float | None = None
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class RunTask:
    """Carry a policy out in a future.

    Attributes
    ----------
    policy
        None: the optimiser that knows the future.
    future
        None: everything as planned.
    plan
        Plan of the policy, made for the district as planned; for one that plans anew its first one; for the optimiser
        that knows the future its answer, where nothing differs from the plan.
    gap
        To be proven by the optimiser that knows the future.
    proven
        Yuan that no plan whatever comes below, whenever things start; None: what the optimiser proves is that.
    """

    instance: Instance
    policy: Policy | None
    future: models.Future | None
    seed: int
    gap: float
    plan: InitialPlan | None = None
    proven: float | None = None


@dataclass(frozen=True)
class RunResult:
    """What came of a run.

    Attributes
    ----------
    row
        ``status`` (feasible, infeasible: money fell short, failed) with ``reason``, and the measures.
    settled
        Households housed up to each month.
    waits
        By project, weight and strict goal.
    seconds
        Of the processor.
    drawn
        Figures of its future, as `renewopt.futures.Drawn`.
    failed_at
        ``FILE:LINE`` in the caller's own code where a policy failed; "": it did not, or elsewhere.
    """

    row: dict[str, Any]
    settled: list[int]
    waits: list[dict[str, Any]]
    seconds: float
    drawn: list[list[Any]] = field(default_factory=list)
    failed_at: str = ""


@dataclass(frozen=True, eq=False)
class District:
    """What an instance is: the scenario with its dates, its tables, their digest, and what starts when."""

    scenario: Scenario
    problem: Problem
    made_for: str
    begun: Started
    tables: Begun | None


_instances: dict[tuple[Any, ...], District] = {}
_KEPT = 2


def _read(instance: Instance) -> Scenario:
    return load(Path(str(instance.path)), variant=instance.variant, allow_outside=instance.allow_outside)


def district(instance: Instance) -> District:
    """Compile an instance; the last few are remembered in each worker."""
    key = (instance.path, instance.variant, instance.objective, instance.sha256, instance.starts)
    if key not in _instances:
        scenario = instance.scenario if instance.scenario is not None else _read(instance)
        if scenario.sha256 != instance.sha256:
            raise ValueError(words("{path} has changed while it was compared; compare anew", path=instance.path))
        begun = begun_as(with_objective(scenario, instance.objective), instance.starts)
        while len(_instances) >= _KEPT:
            del _instances[next(iter(_instances))]
        problem = compile_problem(begun.written)
        _instances[key] = District(begun.written, problem, digest(problem), begun, begun.tables(problem))
    return _instances[key]


def begun_as(scenario: Scenario, starts: tuple[tuple[str, int | None], ...] | None) -> Started:
    """Write starts into a scenario; None: those that it leaves no choice of."""
    if starts is None:
        return started(scenario)
    programme = compile_programme(scenario)
    return with_starts(scenario, programme, programme.vector(dict(starts)))


def _prepared(policy: Policy, here: District) -> Policy:
    return (
        replace(policy, futures=training_futures(here.scenario, here.tables)) if isinstance(policy, Hedged) else policy
    )


def make_plan(task: PlanTask) -> InitialPlan | RunResult:
    """Plan; that there is none is an answer too. Where the policy fails, what becomes of the runs that need the plan.

    Raises
    ------
    Exception
        What the machine did not let be done.
    """
    since = time.process_time()
    here = district(task.instance)
    try:
        plan = _plan(task, here)
    except Exception as error:
        if _of_the_machine(error):
            raise
        return failure(error, task.policy, time.process_time() - since)
    return replace(plan, seconds=time.process_time() - since)


def _plan(task: PlanTask, here: District) -> InitialPlan:
    problem, made_for = here.problem, here.made_for
    policy = _prepared(task.policy, here)
    known = None if task.first is None or task.first.made_for != made_for else task.first
    best = None if known is None else FirstPlan(problem, known.decisions)
    if isinstance(policy, Rolling):
        return InitialPlan(made_for, policy.first_plan(problem, best).decisions)
    if isinstance(policy, Hedged) and best is not None:
        policy = replace(policy, first=best)
    try:
        if isinstance(policy, Optimal):
            decisions, bound = best_plan(problem, policy.gap, policy.method)
            return InitialPlan(made_for, decisions, None if problem.objective.tiers else bound)
        return InitialPlan(made_for, policy.decide(problem))
    except NoPlanError as error:
        return InitialPlan(made_for, None, reason=str(error))


@dataclass(frozen=True)
class _Planned(MadeOnce):
    """A policy whose plan is at hand, for the problem that it was made for."""

    policy: Policy
    problem: Problem
    plan: Decisions

    @property
    def name(self) -> str:
        """As the policy is called."""
        return self.policy.name

    def decide(self, problem: Problem) -> Decisions:
        """Return the plan for that problem; plan where something is known already."""
        return self.plan if problem is self.problem else self.policy.decide(problem)


def run(task: RunTask) -> RunResult:
    """Carry a policy out and measure what comes of it; an error of the policy becomes a result with its reason.

    Raises
    ------
    Exception
        What the machine did not let be done.
    """
    since = time.process_time()
    here = district(task.instance)
    try:
        found = _run(task, here)
    except Exception as error:
        if _of_the_machine(error):
            raise
        return failure(error, task.policy, time.process_time() - since)
    return replace(found, seconds=time.process_time() - since)


def _of_the_machine(error: Exception) -> bool:
    """Whether an error may be gone when the same is done again, and says nothing about the policy."""
    from renewopt.optimiser.memory import OutOfMemoryError

    return isinstance(error, MemoryError | OSError | ImportError | OutOfMemoryError)


def failure(error: object, policy: Policy | None, seconds: float = 0.0) -> RunResult:
    """What an error of a policy's run is recorded as."""
    if isinstance(error, NoPlanError):
        return RunResult({"status": "infeasible", "reason": str(error)}, [], [], seconds)
    place = failed_at(error, policy) if isinstance(error, BaseException) else ""
    row = {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
    return RunResult(row, [], [], seconds, failed_at=place)


def _run(task: RunTask, here: District) -> RunResult:
    problem, made_for = here.problem, here.made_for
    future = draw_future(problem, task.future, task.seed, here.tables)
    truth, bound = future.truth, None
    if task.policy is None:
        decisions, bound = _known_best(truth, task)
    else:
        decisions = simulate(_ready(task, _prepared(task.policy, here), problem, made_for), future)
    books = replay(truth, decisions)
    violations = audit_decisions(truth, decisions, books)
    broken = [v for v in violations if v.kind == "broken_rule" and v.rule != "reserve"]
    if broken:
        more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        unlawful = {"status": "failed", "reason": f"the policy breaks rules: {broken[0]}{more}"}
        return RunResult(unlawful, [], [], 0.0, failed_at=broken_by(task.policy))
    status = "infeasible" if books.totals.shortfall else "feasible"
    row: dict[str, Any] = {"status": status, "reason": "", "start": truth.calendar.label(0)}
    row |= measure(books, violations)
    begun = here.begun.in_future(future)
    if len(begun.programme):
        row = with_programme(row, begun, truth.objective)
        bound = None if bound is None else bound + begun.adds(truth.objective, truth.objective.name)
    if bound is not None and task.proven is not None:
        bound = min(task.proven, row["objective"])
    drawn = [list(figure) for figure in drawn_of(future)]
    return RunResult({**row, "proven": bound}, settled_by_month(books), waits_by_group(books), 0.0, drawn)


def _known_best(truth: Problem, task: RunTask) -> tuple[Decisions, float | None]:
    """Best plan, and its proven bound, of who knows the future."""
    if task.plan is not None:
        if task.plan.decisions is None:
            raise NoPlanError(task.plan.reason)
        return task.plan.decisions, task.plan.bound
    # Strict goals would make the objective dearer than it need be: the bound is that of the objective alone.
    return best_plan(replace(truth, objective=replace(truth.objective, tiers=())), task.gap, rule=PROOF)


def _ready(task: RunTask, policy: Policy, problem: Problem, made_for: str) -> Policy:
    """Give a policy the plan that was made for these tables."""
    plan = task.plan
    if plan is None or plan.made_for != made_for:
        return policy
    if isinstance(policy, Rolling):
        return replace(policy, first=FirstPlan(problem, plan.decisions))
    if plan.decisions is None:
        raise NoPlanError(plan.reason)
    return _Planned(policy, problem, plan.decisions)
