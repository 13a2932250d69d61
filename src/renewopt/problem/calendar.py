"""Months of a problem: decisions, books and the months valued after the horizon."""

from __future__ import annotations

from dataclasses import dataclass

from renewopt.units import Month


@dataclass(frozen=True, slots=True)
class Calendar:
    """Month 0 is `start`; all months in the tables are whole numbers counted from it.

    Attributes
    ----------
    start
        Calendar month of month 0.
    months
        T: decisions are made in months 0 … T − 1.
    books
        B ≥ T: the books run over months 0 … B − 1, to the last instalment, tail or repayment that a decision in
        0 … T − 1 can cause.
    after_horizon_months
        A: a claim with no choice made by T − 1 is charged its fees of months T … T + A − 1 in the objective, or to A
        months after its term (`FeeTable.valued_until`).
    beyond
        Further months whose fees may count for claims that are valued from their own clock (`FeeTable.valued_until`).
    now
        Months before `now` are past: they repeat the problem's `past` decisions.
    """

    start: Month
    months: int
    books: int
    after_horizon_months: int = 12
    now: int = 0
    beyond: int = 0

    @property
    def valued_until(self) -> int:
        """Month before which a fee after the horizon may count: T + A, and what is beyond."""
        return self.months + self.after_horizon_months + self.beyond

    @property
    def curve_months(self) -> int:
        """C: length of the fee curves, max(B, T + A), and what is beyond."""
        return max(self.books, self.valued_until)

    def label(self, month: int) -> str:
        """``YYYY-MM`` of month `month`."""
        return str(self.start + int(month))

    def year_ends(self) -> list[int]:
        """Months of the books that are a December."""
        return [t for t in range(self.books) if (self.start + t).month == 12]
