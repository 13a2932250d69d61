"""Rules that the tables cannot express, refused by name and reported all together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError
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
