"""The scenario that a plan was made from, read again for a question about the plan."""

from __future__ import annotations

import os
from pathlib import Path

from renewopt.asked import a_path
from renewopt.results.record import PlanRecord
from renewopt.scenario.loading import load
from renewopt.scenario.models import Scenario
from renewopt.wording import words

__all__ = ["scenario_of"]


def scenario_of(
    plan: PlanRecord, scenario: Scenario | str | os.PathLike[str] | None = None, *, allow_outside: bool = False
) -> Scenario:
    """Read again what a plan was made from.

    Parameters
    ----------
    scenario
        In its place, where it has moved; it has to be the same one. Default: the file that the plan names.
    allow_outside
        Whether tables of a scenario file may lie outside of its folder.

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
        scenario = load(Path(scenario), variant=plan.variant, allow_outside=allow_outside)
    if scenario.sha256 != plan.scenario_sha256 or scenario.variant != plan.variant:
        raise ValueError(
            words(
                "this is not the scenario that the plan was made from (its files, content or variant differ): plan it "
                "anew, or name the files of then (--scenario)"
            )
        )
    return scenario
