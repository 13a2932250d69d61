"""One run: a policy carried out in a future, measured; a pure function of its inputs, for whatever worker does it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from renewopt.comparison.blaming import broken_by, failed_at
from renewopt.comparison.digests import digest
from renewopt.comparison.importing import NO_MODULES, OwnModules
from renewopt.comparison.measures import measure, settled_by_month, waits_by_group
from renewopt.futures import draw_future, drawn_of
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
from renewopt.results.programme import started
from renewopt.scenario import Scenario, load, models
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
    """

    name: str
    path: str | None
    variant: str | None
    objective: str | None
    sha256: str
    scenario: Scenario | None = None
    modules: OwnModules = NO_MODULES
    allow_outside: bool = False


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
    """

    instance: Instance
    policy: Policy | None
    future: models.Future | None
    seed: int
    gap: float
    plan: InitialPlan | None = None


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


_instances: dict[tuple[str | None, str | None, str | None, str], tuple[Scenario, Problem, str]] = {}
_KEPT = 2


def _read(instance: Instance) -> Scenario:
    return load(Path(str(instance.path)), variant=instance.variant, allow_outside=instance.allow_outside)


def district(instance: Instance) -> tuple[Scenario, Problem, str]:
    """Scenario and problem of an instance, and the problem's digest; the last few are remembered in each worker."""
    key = (instance.path, instance.variant, instance.objective, instance.sha256)
    if key not in _instances:
        scenario = instance.scenario if instance.scenario is not None else _read(instance)
        if scenario.sha256 != instance.sha256:
            raise ValueError(words("{path} has changed while it was compared; compare anew", path=instance.path))
        scenario = started(with_objective(scenario, instance.objective)).written
        while len(_instances) >= _KEPT:
            del _instances[next(iter(_instances))]
        problem = compile_problem(scenario)
        _instances[key] = scenario, problem, digest(problem)
    return _instances[key]


def _prepared(policy: Policy, scenario: Scenario) -> Policy:
    return replace(policy, futures=training_futures(scenario)) if isinstance(policy, Hedged) else policy


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


def _plan(task: PlanTask, here: tuple[Scenario, Problem, str]) -> InitialPlan:
    scenario, problem, made_for = here
    policy = _prepared(task.policy, scenario)
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


def _run(task: RunTask, here: tuple[Scenario, Problem, str]) -> RunResult:
    scenario, problem, made_for = here
    future = draw_future(problem, task.future, task.seed)
    truth, bound = future.truth, None
    if task.policy is None:
        decisions, bound = _known_best(truth, task)
    else:
        decisions = simulate(_ready(task, _prepared(task.policy, scenario), problem, made_for), future)
    books = replay(truth, decisions)
    violations = audit_decisions(truth, decisions, books)
    broken = [v for v in violations if v.kind == "broken_rule" and v.rule != "reserve"]
    if broken:
        more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        unlawful = {"status": "failed", "reason": f"the policy breaks rules: {broken[0]}{more}"}
        return RunResult(unlawful, [], [], 0.0, failed_at=broken_by(task.policy))
    status = "infeasible" if books.totals.shortfall else "feasible"
    row: dict[str, Any] = {"status": status, "reason": "", "proven": bound, "start": truth.calendar.label(0)}
    row |= measure(books, violations)
    drawn = [list(figure) for figure in drawn_of(future)]
    return RunResult(row, settled_by_month(books), waits_by_group(books), 0.0, drawn)


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
