"""One run: a policy carried out in a future, measured; a pure function of its inputs, for whatever worker does it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from renewopt.comparison.digests import digest
from renewopt.comparison.measures import measure, settled_by_month, waits_by_group
from renewopt.futures import draw_future
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import Following, Hedged, MadeOnce, NoPlanError, Policy, Steering, best_plan, carry_out
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.results.choosing import training_futures
from renewopt.scenario import Scenario, load, models
from renewopt.wording import words

__all__ = ["PERFECT", "Place", "PlanTask", "RunResult", "RunTask", "make_plan", "run"]

PERFECT = "perfect"
"""The optimiser that knows the future: no policy, but the bound that none can beat."""


@dataclass(frozen=True)
class Place:
    """Where a scenario comes from: its file where a worker can read it, else the scenario itself.

    Attributes
    ----------
    name
        As it stands in the tables.
    """

    name: str
    path: str | None
    variant: str | None
    objective: str | None
    sha256: str
    scenario: Scenario | None = None


@dataclass(frozen=True)
class PlanTask:
    """Make the plan of a policy that plans once, for a district as planned."""

    place: Place
    policy: Policy


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
        Plan of the policy, and digest of the tables that it was made for.
    gap
        To be proven by the optimiser that knows the future.
    """

    place: Place
    policy: Policy | None
    future: models.Future | None
    seed: int
    gap: float
    plan: tuple[str, Decisions] | None = None


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
        It took.
    """

    row: dict[str, Any]
    settled: list[int]
    waits: list[dict[str, Any]]
    seconds: float


_places: dict[tuple[str | None, str | None, str | None, str], tuple[Scenario, Problem]] = {}
_KEPT = 2


def district(place: Place) -> tuple[Scenario, Problem]:
    """Scenario and problem of a place; the last few are remembered in each worker."""
    key = (place.path, place.variant, place.objective, place.sha256)
    if key not in _places:
        scenario = place.scenario if place.scenario is not None else load(Path(str(place.path)), variant=place.variant)
        if scenario.sha256 != place.sha256:
            raise ValueError(words("{path} has changed while it was compared; compare anew", path=place.path))
        if place.objective is not None and place.objective != scenario.objective.minimise:
            chosen = scenario.objective.model_copy(update={"minimise": place.objective})
            scenario = scenario.model_copy(update={"objective": chosen})
        while len(_places) >= _KEPT:
            del _places[next(iter(_places))]
        _places[key] = scenario, compile_problem(scenario)
    return _places[key]


def _prepared(policy: Policy, scenario: Scenario) -> Policy:
    return policy.with_futures(training_futures(scenario)) if isinstance(policy, Hedged) else policy


def make_plan(task: PlanTask) -> tuple[str, Decisions, float]:
    """Digest of the tables, plan, seconds."""
    since = time.perf_counter()
    scenario, problem = district(task.place)
    plan = _prepared(task.policy, scenario).decide(problem)
    return digest(problem), plan, time.perf_counter() - since


@dataclass(frozen=True)
class _Planned(MadeOnce):
    """A policy whose plan is at hand, for the tables that it was made for."""

    policy: Policy
    made_for: str
    plan: Decisions

    @property
    def name(self) -> str:
        """As the policy is called."""
        return self.policy.name

    def decide(self, problem: Problem) -> Decisions:
        """Return the plan where the tables are those; plan where something is known already."""
        return self.plan if digest(problem) == self.made_for else self.policy.decide(problem)

    def steer(self, problem: Problem) -> Steering:
        """Follow the plan."""
        return Following(problem, self.decide(problem))


def run(task: RunTask) -> RunResult:
    """Carry a policy out and measure what comes of it; an error becomes a result with its reason."""
    since = time.perf_counter()
    try:
        row, settled, waits = _run(task)
    except NoPlanError as error:
        row, settled, waits = {"status": "infeasible", "reason": str(error)}, [], []
    except Exception as error:  # noqa: BLE001 - a failing run is recorded and stops no other
        row, settled, waits = {"status": "failed", "reason": f"{type(error).__name__}: {error}"}, [], []
    return RunResult(row, settled, waits, time.perf_counter() - since)


def _run(task: RunTask) -> tuple[dict[str, Any], list[int], list[dict[str, Any]]]:
    scenario, problem = district(task.place)
    future = draw_future(problem, task.future, task.seed)
    truth, bound = future.truth, None
    if task.policy is None:
        # Strict goals would make the objective dearer than it need be: the bound is that of the objective alone.
        decisions, bound = best_plan(replace(truth, objective=replace(truth.objective, tiers=())), task.gap)
    else:
        decisions = carry_out(_ready(task, _prepared(task.policy, scenario)), future)
    books = replay(truth, decisions)
    violations = audit_decisions(truth, decisions, books)
    broken = [v for v in violations if v.kind == "broken_rule" and v.rule != "reserve"]
    if broken:
        more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        return {"status": "failed", "reason": f"the policy breaks rules: {broken[0]}{more}"}, [], []
    status = "infeasible" if books.totals.shortfall else "feasible"
    row = {"status": status, "reason": "", "proven": bound, "start": truth.calendar.label(0)}
    row |= measure(books, violations)
    return row, settled_by_month(books), waits_by_group(books)


def _ready(task: RunTask, policy: Policy) -> Policy:
    if task.plan is None:
        return policy
    made_for, plan = task.plan
    return _Planned(policy, made_for, plan)
