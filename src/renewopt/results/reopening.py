"""A plan's scenario opened again: read, checked to be the one that the plan was made from, and compiled."""

from __future__ import annotations

import os
from pathlib import Path

from renewopt.asked import a_path, a_text, yes_or_no
from renewopt.problem import Decisions, Problem
from renewopt.results.choosing import with_objective
from renewopt.results.failures import PlanFileError
from renewopt.results.programme import as_planned
from renewopt.results.record import PlanRecord
from renewopt.results.replanning.freezing import frozen
from renewopt.scenario import Scenario, load
from renewopt.scenario.given import as_it_is, checked_anew, in_variant
from renewopt.wording import Wording, words

__all__ = ["check_kinds", "compiled", "decided", "scenario_of", "stated_of", "stated_scenario"]


def decided(
    scenario: Scenario | str | os.PathLike[str], plan: PlanRecord, allow_outside: bool
) -> tuple[Problem, Decisions]:
    """Compile what a plan was made from, and take its decisions; raises as `audit` does."""
    check_kinds(scenario, None, allow_outside)
    if not isinstance(plan, PlanRecord):
        raise TypeError(words("plan {value}: expected a plan, from plan or read_plan", value=repr(plan)[:100]))
    stated = scenario_of(plan, scenario, allow_outside)
    if not plan.has_tables:
        raise ValueError(words("the plan is infeasible: there is nothing to audit"))
    if plan.decisions is None:
        raise PlanFileError(words("the plan holds no decisions (decisions.csv is missing); write the plan anew"))
    return frozen(compiled(with_objective(stated, plan.objective_name)), plan.replanned, plan.decisions), plan.decisions


def scenario_of(
    plan: PlanRecord,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    allow_outside: bool = False,
    *,
    otherwise: Wording | None = None,
) -> Scenario:
    """Read again what a plan was made from, with the starts that it decided written in; as `stated_of`."""
    stated = stated_of(plan, scenario, allow_outside, otherwise=otherwise)
    return as_planned(stated, plan).written if plan.starts else stated


def stated_of(
    plan: PlanRecord,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    allow_outside: bool = False,
    *,
    otherwise: Wording | None = None,
) -> Scenario:
    """Read again what a plan was made from, as the planner states it.

    Parameters
    ----------
    scenario
        In its place, where it has moved; it has to be the same one. Default: the file that the plan names.
    allow_outside
        Whether tables of a scenario file may lie outside of its folder.
    otherwise
        What to do where it is another one; default: plan it anew, or name the files of then.

    Raises
    ------
    ValueError
        If it is another one, or none is known.
    """
    if scenario is None:
        if plan.scenario_path is None:
            raise ValueError(words("the plan was made in Python and names no scenario file: hand over its scenario"))
        scenario = plan.scenario_path
    if not isinstance(scenario, Scenario):
        a_path("scenario", scenario)
    stated = stated_scenario(scenario, plan.variant, allow_outside)
    if stated.sha256 != plan.scenario_sha256 or stated.variant != plan.variant:
        raise ValueError(
            words(
                "this is not the scenario that the plan was made from (its files, content or variant differ): {mend}",
                mend=otherwise or words("plan it anew, or name the files of then (--scenario)"),
            )
        )
    return stated


def check_kinds(scenario: object, variant: object, allow_outside: object) -> None:
    """Refuse arguments that are of another kind; raises TypeError."""
    if not isinstance(scenario, Scenario):
        a_path("scenario", scenario)
    a_text("variant", variant, words("the name of a variant, or None"))
    yes_or_no("allow_outside", allow_outside)


def stated_scenario(scenario: Scenario | str | os.PathLike[str], variant: str | None, allow_outside: bool) -> Scenario:
    """Read a scenario, or check one that was built or changed in Python."""
    if not isinstance(scenario, Scenario):
        return load(Path(scenario), variant=variant, allow_outside=allow_outside)
    if variant is None or scenario.variant == variant:
        return checked_anew(scenario)
    return in_variant(as_it_is(scenario), variant)


def compiled(scenario: Scenario) -> Problem:
    """Compile a scenario."""
    from renewopt.problem import compile_problem

    problem: Problem = compile_problem(scenario)
    return problem
