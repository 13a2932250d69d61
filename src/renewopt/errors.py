"""What renewopt raises, and the findings that say where a scenario is wrong.

A :class:`Finding` is one thing that a reader noticed: where it stands, what is wrong, what was expected and how to
mend it. A :class:`ScenarioError` carries all of them together, so that a planner mends a file once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from renewopt.wording import LONGEST, NOTHING, Language, Wording, as_is, visible, words

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
    message : Wording
        What is wrong and what was expected: a sentence that knows both languages (a plain text stays as it is).
    mend : Wording
        How to mend it; may be empty.
    sheet : str
        Sheet of a workbook; empty elsewhere.
    """

    severity: Severity
    file: str
    line: int | None
    key: str
    message: Wording
    mend: Wording = NOTHING
    sheet: str = ""

    def __post_init__(self) -> None:
        for name in ("message", "mend"):
            text = getattr(self, name)
            if not isinstance(text, Wording):
                object.__setattr__(self, name, as_is(text))
        if len(self.key) > LONGEST:
            object.__setattr__(self, "key", f"{self.key[: LONGEST - 1]}…")

    @property
    def place(self) -> Wording:
        """Place in words: ``district.yaml:41``, ``homes.xlsx sheet 户 row 3`` or ``households DataFrame row 7``."""
        if self.sheet:
            if self.line is None:
                return words("{file} sheet {sheet}", file=self.file, sheet=self.sheet)
            return words("{file} sheet {sheet} row {line}", file=self.file, sheet=self.sheet, line=self.line)
        if self.line is None:
            return words("{file}", file=self.file)
        if self.file.endswith("DataFrame"):
            return words("{file} row {line}", file=self.file, line=self.line)
        return words("{file}:{line}", file=self.file, line=self.line)

    @property
    def where(self) -> str:
        """Place in English."""
        return str(self.place)

    @property
    def sentence(self) -> Wording:
        """All of it in one sentence."""
        text: Wording = self.message
        if self.mend:
            text = words("{message}; {mend}", message=text, mend=self.mend)
        if self.severity == "warning":
            text = words("warning: {message}", message=text)
        if not self.key:
            return words("{place}: {message}", place=self.place, message=text)
        if self.key.startswith("column "):
            column = words("column {column}", column=self.key.removeprefix("column "))
            return words("{place} {column}: {message}", place=self.place, column=column, message=text)
        return words("{place}  {key}: {message}", place=self.place, key=self.key, message=text)

    def said(self, language: Language) -> str:
        """Say it in a language, in one line; what the planner wrote is in it as it is seen.

        Examples
        --------
        >>> Finding("error", "a.yaml", 3, "", words("the file is empty")).said("zh")
        'a.yaml:3：文件是空的'
        """
        return visible(self.sentence.said(language), keep="")

    def __str__(self) -> str:
        return self.said("en")


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

    def said(self, language: Language) -> str:
        """Say all of it in a language, one finding a line."""
        count = len(self.errors)
        head = words("{count} {count:problem|problems} in the scenario", count=count)
        lines = [head.said(language), *(finding.said(language) for finding in self.findings[:SHOWN])]
        if len(self.findings) > SHOWN:
            lines.append(words("... and {count} more", count=len(self.findings) - SHOWN).said(language))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.said("en")
