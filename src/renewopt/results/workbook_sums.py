"""Sums of a plan's tables, each told once: as an amount to the fen, and as the formula of the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.results import tables
from renewopt.results.workbook_words import word_of
from renewopt.units import FEN_PER_YUAN
from renewopt.wording import Language

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["Placed", "Sum", "Sums", "amount_of", "formula_of", "literal"]


@dataclass(frozen=True)
class Placed:
    """Where a table stands in the workbook.

    Attributes
    ----------
    sheet
        Title of its sheet.
    letters
        Of its columns, by name of the table's column.
    last
        Row of the spreadsheet in which the table's last row stands; the first is 2.
    dated
        Whether every month of it is a date.
    """

    sheet: str
    letters: Mapping[str, str]
    last: int
    dated: bool

    def cells(self, column: str) -> str:
        """Write the range of a column as formulas do."""
        letter, title = self.letters[column], self.sheet.replace("'", "''")
        return f"'{title}'!${letter}$2:${letter}${max(self.last, 2)}"


@dataclass(frozen=True)
class Sum:
    """The sum of a column, of the rows in which other columns hold one of some words.

    Attributes
    ----------
    table, column
        As in `renewopt.results.tables.COLUMNS`.
    where
        Column and the codes of a closed list that it may hold.
    sign
        1, or −1 for what is taken away.
    """

    table: str
    column: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sign: int = 1

    def amount(self, plan: PlanRecord) -> float:
        """Reckon it from the plan's table: whole fen of money."""
        unit = FEN_PER_YUAN if tables.COLUMNS[self.table][self.column] == "money" else 1
        return self.sign * int(np.rint(self._values(plan) * unit).astype(np.int64).sum()) / unit

    def is_known(self, plan: PlanRecord) -> bool:
        """Whether the plan's table has it: plans of earlier versions lack some columns."""
        if self.column not in tables.COLUMNS[self.table]:
            return False
        return (
            not np.isnan(getattr(plan, self.table)[self.column].to_numpy()).any()
            or not np.isnan(self._values(plan)).any()
        )

    def _values(self, plan: PlanRecord) -> NDArray[np.float64]:
        """(n,) what is added up."""
        frame: pd.DataFrame = getattr(plan, self.table)
        values: NDArray[np.float64] = frame[self.column].to_numpy(dtype=np.float64)
        if not self.where:
            return values
        meant = np.ones(len(frame), dtype=np.bool_)
        for column, codes in self.where:
            held = frame[column].to_numpy()
            meant &= np.any([held == code for code in codes], axis=0) if codes else False
        return values[meant]

    def formula(self, placed: Mapping[str, Placed], lang: Language, *more: str) -> str | None:
        """Write it as a spreadsheet reckons it; None where the table is not in the workbook.

        Parameters
        ----------
        placed
            Tables of the workbook.
        lang
            Of its words.
        *more
            Ranges and criteria that are added to `where`, as ``SUMIFS`` takes them.
        """
        here = placed.get(self.table)
        if here is None:
            return None
        total = here.cells(self.column)
        choices: list[list[str]] = [list(more)]
        for column, codes in self.where:
            words = dict.fromkeys(word_of(lang, column, code, self.table) for code in codes)
            choices = [[*chosen, here.cells(column), literal(word)] for chosen in choices for word in words]
        sums = [f"SUMIFS({','.join([total, *chosen])})" if chosen else f"SUM({total})" for chosen in choices]
        sign = "-" if self.sign < 0 else ""
        return "+".join(sums) if not sign else sign + sign.join(sums)


Sums = Sequence[Sum]


def literal(word: str) -> str:
    """Write a word as a criterion that only the word itself meets.

    Examples
    --------
    >>> literal('a "b"*')
    '"=a ""b""~*"'
    """
    for sign in "~*?":
        word = word.replace(sign, f"~{sign}")
    return '"=' + word.replace('"', '""') + '"'


def amount_of(sums: Sums, plan: PlanRecord) -> float:
    """Add sums up, to the fen."""
    return round(sum(each.amount(plan) for each in sums), 2)


def formula_of(sums: Sums, placed: Mapping[str, Placed], lang: Language, *more: str) -> str | None:
    """Write several sums as one formula; None where one of them cannot be."""
    written = [each.formula(placed, lang, *more) for each in sums]
    if not written or None in written:
        return None
    parts = [part if part.startswith("-") else f"+{part}" for part in written if part]
    # Sums of floats are whole fen again, so that differences of equal amounts are 0.
    return f"=ROUND({''.join(parts).removeprefix('+')},2)"
