"""What renewopt raises, and the findings that say where a scenario is wrong.

A :class:`Finding` is one thing that a reader noticed: where it stands, what is wrong, what was expected and how to
mend it. A :class:`ScenarioError` carries all of them together, so that a planner mends a file once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "RenewoptError", "ScenarioError", "sort_findings"]

Severity = Literal["error", "warning"]

SHOWN = 200
"""How many findings ``str()`` of an error prints before it says how many more there are."""


class RenewoptError(Exception):
    """Base of every error that renewopt raises on purpose."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed in what the planner stated.

    Parameters
    ----------
    severity : {'error', 'warning'}
        An error stops the loading; a warning is kept on the scenario and logged.
    file : str
        Name of the file as the planner knows it, or ``'<python>'`` for a scenario built in Python.
    line : int or None
        Line of a text file (from 1), row of a sheet (from 1), or position of a DataFrame's row (from 0).
    key : str
        Dotted path such as ``funds.revenue.monthly`` (lists addressed by id where they have one), or
        ``column area`` in a table.
    message : str
        What is wrong and what was expected.
    mend : str
        How to mend it; may be empty.
    sheet : str
        Sheet of a workbook; empty elsewhere.
    """

    severity: Severity
    file: str
    line: int | None
    key: str
    message: str
    mend: str = ""
    sheet: str = ""

    @property
    def where(self) -> str:
        """Place in words: ``district.yaml:41``, ``homes.xlsx sheet 户 row 3`` or ``households DataFrame row 7``."""
        if self.sheet:
            row = "" if self.line is None else f" row {self.line}"
            return f"{self.file} sheet {self.sheet}{row}"
        if self.line is None:
            return self.file
        return f"{self.file} row {self.line}" if self.file.endswith("DataFrame") else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        label = "warning: " if self.severity == "warning" else ""
        key = f"  {self.key}:" if self.key and not self.key.startswith("column ") else f" {self.key}:".rstrip()
        text = f"{self.where}{key if self.key else ':'} {label}{self.message}"
        return f"{text}; {self.mend}" if self.mend else text


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by file, sheet and line, errors first on a line, and drop exact repeats.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    list of Finding
    """
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda f: (f.file, f.sheet, -1 if f.line is None else f.line, f.severity, f.key))


class ScenarioError(RenewoptError):
    """The scenario cannot be used as stated; carries every finding.

    Parameters
    ----------
    findings : iterable of Finding
        Errors, and the warnings met on the way.

    Examples
    --------
    >>> print(
    ...     ScenarioError(
    ...         [Finding("error", "a.yaml", 3, "funds.tax.uses", "unknown use 'fee'", "did you mean 'fees'?")]
    ...     )
    ... )
    1 problem in the scenario
    a.yaml:3  funds.tax.uses: unknown use 'fee'; did you mean 'fees'?
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: list[Finding] = sort_findings(findings)
        super().__init__(self.findings)

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Finding]]]:
        return type(self), (self.findings,)

    @property
    def errors(self) -> list[Finding]:
        """The findings that stop the loading."""
        return [finding for finding in self.findings if finding.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """The findings that alone would not have stopped it."""
        return [finding for finding in self.findings if finding.severity == "warning"]

    def __str__(self) -> str:
        count = len(self.errors)
        lines = [f"{count} problem{'' if count == 1 else 's'} in the scenario"]
        lines += [str(finding) for finding in self.findings[:SHOWN]]
        if len(self.findings) > SHOWN:
            lines.append(f"... and {len(self.findings) - SHOWN} more")
        return "\n".join(lines)
