"""What a plan is made with: the objective, the policy as a scenario states it, the futures of a hedged one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import cast

from renewopt.asked import one_of
from renewopt.errors import Finding, ScenarioError
from renewopt.futures import Begun, Future, draw_future, is_random
from renewopt.policies import SHIPPED, Hedged, Optimal, Policy, Rolling, make_policy
from renewopt.policies.registry import check_policy, why_taken
from renewopt.problem import Problem
from renewopt.scenario import Scenario
from renewopt.scenario.models import PolicyChoice
from renewopt.vocabulary import OBJECTIVES, PolicyName, StartBy, StartByName
from renewopt.wording import NOTHING, Wording, worded, words

__all__ = [
    "TRAINING_SEEDS",
    "check_policies",
    "chosen_policy",
    "start_rule",
    "training_futures",
    "with_objective",
]

TRAINING_SEEDS = 1_000_000
"""Seeds from here on are for planning with; policies are compared on those below."""


def chosen_policy(scenario: Scenario, name: str, *, gap: float | None = None, modules: Collection[str] = ()) -> Policy:
    """Make a policy by its id in the scenario, else by its name.

    Parameters
    ----------
    gap
        To be reached by a policy that optimises, unless the scenario states one for it.
    modules
        Modules of the caller, imported already: those of ``module:Name``, whoever asks for it.

    Raises
    ------
    ValueError
        If there is no such policy.
    ScenarioError
        If the scenario states it wrongly.
    """
    stated = next((choice for choice in scenario.policies if choice.id == name), None)
    if stated is None:
        made = make_policy(name, modules=modules)
    else:
        findings = list(_misnamed(scenario, stated))
        try:
            made = make_policy(stated.policy, stated.parameters, modules=modules)
        except ValueError as error:
            findings.append(_finding(scenario, stated, worded(error)))
        if findings:
            raise ScenarioError(findings)
    searches = isinstance(made, Optimal | Rolling | Hedged)
    if gap is not None and searches and (stated is None or "gap" not in stated.parameters):
        return cast("Policy", replace(cast("Optimal", made), gap=gap))
    return made


def start_rule(scenario: Scenario, policy: str | Policy) -> StartByName:
    """How a policy decides what starts when: as the scenario states it; else ``optimal`` with its plan, others all.

    Parameters
    ----------
    policy
        Its id in the scenario, its name, or the policy itself.
    """
    stated = next((choice for choice in scenario.policies if choice.id == policy), None)
    if stated is not None and stated.starts is not None:
        return stated.starts
    name = policy.name if isinstance(policy, Policy) else policy if stated is None else stated.policy
    return StartBy.OPTIMAL if name == PolicyName.OPTIMAL else StartBy.ALL


def with_objective(scenario: Scenario, objective: str | None) -> Scenario:
    """Return the scenario with another objective; its hash stays, and the objective is told apart from it."""
    if objective is not None:
        one_of("objective", objective, OBJECTIVES)
    if objective is None or objective == scenario.objective.minimise:
        return scenario
    chosen = scenario.objective.model_copy(update={"minimise": objective})
    source = replace(scenario.source, sha256=scenario.sha256)
    return scenario.model_copy(update={"objective": chosen}).with_source(source)


def check_policies(scenario: Scenario) -> list[Finding]:
    """Every policy that the scenario states wrongly, together; nothing is imported or made but what ships."""
    findings = []
    for choice in scenario.policies:
        findings += _misnamed(scenario, choice)
        try:
            check_policy(choice.policy, choice.parameters)
        except ValueError as error:
            findings.append(_finding(scenario, choice, worded(error)))
    return findings


def _misnamed(scenario: Scenario, choice: PolicyChoice) -> list[Finding]:
    """Refuse the name of another policy: one so called is told apart neither on the command line nor in tables."""
    taken, ships = why_taken(choice.id), choice.id in SHIPPED
    if taken is None or (ships and choice.policy == choice.id):
        return []
    mend = words("or state `policy: {called}`", called=choice.id) if ships else NOTHING
    return [_finding(scenario, choice, taken, mend)]


def _finding(scenario: Scenario, choice: PolicyChoice, message: Wording, mend: Wording = NOTHING) -> Finding:
    file = scenario.path.name if scenario.path is not None else "<python>"
    return Finding("error", file, None, f"policies.{choice.id}", message, mend)


def training_futures(scenario: Scenario, begun: Begun | None = None) -> Callable[[Problem, int], Sequence[Future]]:
    """Futures to plan with: the random ones that the scenario states, in turn, with seeds that no comparison uses.

    Fixed ones are the same for every seed: who plans with them has seen what it is compared in. They are taken only
    where the scenario states nothing random.

    Parameters
    ----------
    begun
        What starts when, in a programme.
    """
    stated = [future for future in scenario.futures if is_random(future)] or scenario.futures

    def draw(problem: Problem, count: int) -> list[Future]:
        return [
            draw_future(problem, stated[n % len(stated)], TRAINING_SEEDS + n, begun) for n in range(count) if stated
        ]

    return draw
