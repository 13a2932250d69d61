"""A scenario, checked; and the sections that it is made of, for those who build one in Python."""

from __future__ import annotations

from typing import Any, Self

from pydantic import ValidationInfo, model_validator

from renewopt.errors import ScenarioError, sort_findings
from renewopt.scenario.building import build, check_built
from renewopt.scenario.contents import Contents
from renewopt.scenario.frames import CHECKED
from renewopt.scenario.sections import *
from renewopt.scenario.source import Source


class Scenario(Contents):
    """A district as the planner states it; its tables are checked DataFrames once loaded."""

    @classmethod
    def from_tables(cls, **sections: Any) -> Scenario:
        """Build a scenario in Python, every finding reported together.

        Parameters
        ----------
        **sections
            Keys as in the YAML file; values are section objects, plain dicts and lists. Wherever items are listed, at
            any depth, a DataFrame may stand instead, one row for each, an empty cell stating nothing; tables
            (`households`, `quotes`, `fee_curves`, `fee_parts`, `homes`, `home_wishes`, `pins`, `actuals`) are checked
            column by column.

        Raises
        ------
        ScenarioError
            With every finding, if there is any error.
        """
        return build(cls, sections)

    @model_validator(mode="after")
    def _sound(self, info: ValidationInfo) -> Self:
        """Check what the sections refer to and mean, unless the loader does so with the file's lines."""
        if not (info.context or {}).get(CHECKED):
            with self.place.spoken():
                findings = check_built(self)
            if any(finding.severity == "error" for finding in findings):
                raise ScenarioError(findings)
            self._source = Source(warnings=tuple(sort_findings(findings)), content=self.content)
        return self
