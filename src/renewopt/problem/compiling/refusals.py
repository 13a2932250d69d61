"""Rules that the tables cannot express, refused by name and reported all together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.models import Scenario
from renewopt.wording import NOTHING, Names, Wording, words

SHOWN = 5
"""How many households a refusal names."""


class Refusals:
    """Collects what cannot be compiled; `stop` raises it.

    Parameters
    ----------
    file
        Name of the scenario's file, for the findings.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def refuse(self, key: str, message: Wording, mend: Wording = NOTHING) -> None:
        """Note one thing that cannot be compiled."""
        self.findings.append(Finding("error", self.file, None, key, message, mend))

    def refuse_rows(
        self, names: NDArray[np.object_], bad: NDArray[np.bool_], key: str, message: Wording, mend: Wording
    ) -> None:
        """Note households for which something is missing, the first few by name."""
        if not bad.any():
            return
        listed = list(dict.fromkeys(names[bad].tolist()))
        shown: Wording | Names = Names(map(str, listed[:SHOWN]))
        if len(listed) > SHOWN:
            shown = words("{names} and {count} more", names=shown, count=len(listed) - SHOWN)
        self.refuse(key, words("{households}: {message}", households=shown, message=message), mend)

    def stop(self) -> None:
        """Raise what was noted, if anything.

        Raises
        ------
        ScenarioError
            With every finding.
        """
        if self.findings:
            raise ScenarioError(self.findings)


def refuse_undated(scenario: Scenario, refusals: Refusals) -> None:
    """Refuse a programme whose starts are not written in: the tables know dates alone."""
    undated = [f"projects.{project.id}.start" for project in scenario.projects if project.start is not None]
    undated += [f"works.{work.id}.start" for work in scenario.works]
    undated += [f"projects.{project.id}.land" for project in scenario.projects if project.land is not None]
    undated += [
        f"estates.{estate.id}.phases.{phase.id}"
        for estate in scenario.estates
        for phase in estate.phases
        if phase.land or phase.build_months
    ]
    for key in undated[:SHOWN]:
        refusals.refuse(
            key,
            words("its dates are not written in yet, so that nothing can be reckoned"),
            words("make a plan, which decides when everything starts (`renewopt.scheduling.dated` writes it in)"),
        )
