"""Where the cells of a scenario's workbook stand, so that findings name sheet, row and column.

The nodes of a workbook bear marks like those of a YAML file; their line is the number of a place in this book of
places. Every check finds its way as in a YAML file, and at the end the numbers become sheets, rows and columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from renewopt.errors import Finding
from renewopt.scenario.nodes import Mark
from renewopt.scenario.tables import key_of
from renewopt.wording import NOTHING, Language, Wording, words

__all__ = ["Places"]


class Places:
    """The book of places of one workbook.

    Parameters
    ----------
    file : str
        Name of the workbook in findings.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._places: list[tuple[str, int, str]] = []
        self._empty: dict[int, Wording] = {}
        self._told: set[int] = set()

    def mark(self, sheet: str, row: int, header: str = "") -> Mark:
        """Mark a cell, or a row where no header is given."""
        self._places.append((sheet, row, header))
        return Mark(self.file, len(self._places))

    def empty(self, sheet: str, row: int, header: str, meaning: Wording) -> Mark:
        """Mark a cell that is empty although a value is needed."""
        mark = self.mark(sheet, row, header)
        self._empty[len(self._places)] = meaning
        return mark

    def told(self, sheet: str, row: int, header: str = "") -> Mark:
        """Mark a cell about which a finding is told already: what follows from it is not told again."""
        mark = self.mark(sheet, row, header)
        self._told.add(len(self._places))
        return mark

    def told_at(self, mark: Mark) -> Mark:
        """Mark the cell of another mark again, as one about which a finding is told already."""
        assert mark.line is not None
        return self.told(*self._places[mark.line - 1])

    def language(self, mark: Mark) -> Language:
        """Language of the header above a cell."""
        assert mark.line is not None
        sheet, _, header = self._places[mark.line - 1]
        return "en" if (header or sheet).isascii() else "zh"

    def finding(self, mark: Mark, message: Wording, mend: Wording = NOTHING) -> Finding:
        """Return an error at a mark."""
        return Finding("error", self.file, mark.line, "", message, mend)

    def resolve(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings with the numbers of places turned into sheets, rows and columns."""
        return [self._resolved(finding) for finding in findings if not self._is_told(finding)]

    def _ours(self, finding: Finding) -> bool:
        return finding.file == self.file and not finding.sheet and finding.line is not None

    def _is_told(self, finding: Finding) -> bool:
        return self._ours(finding) and finding.line in self._told and bool(finding.key)

    def _resolved(self, finding: Finding) -> Finding:
        if not self._ours(finding):
            return finding
        assert finding.line is not None
        sheet, row, header = self._places[finding.line - 1]
        if not sheet:
            return replace(finding, line=None)
        placed = replace(finding, sheet=sheet, line=row, key=key_of(header) if header else finding.key)
        if finding.line in self._empty:
            message = words("the cell is empty, a value was expected")
            return replace(placed, message=message, mend=self._empty[finding.line])
        return placed
