"""The difference of two plans: its data, and what it tells and writes when it is asked to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from renewopt.asked import a_language, a_path
from renewopt.results.difference.record import DifferenceRecord
from renewopt.vocabulary import Goal
from renewopt.wording import Language

if TYPE_CHECKING:
    from renewopt.results.difference.plots import DifferencePlots

__all__ = ["Difference"]


class Difference(DifferenceRecord):
    """What changed from one plan to another; False if nothing did.

    Its figures and tables are those of `renewopt.results.difference.record.DifferenceRecord`.
    """

    def summary(self, lang: Language = "en") -> str:
        """Tell the difference on one page of plain text.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.difference.summary import summarise

        a_language(lang)
        return summarise(self, lang)

    def report(self, lang: Language = "en") -> str:
        """Write the page as one HTML file that opens offline and prints to A4.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.difference.report import difference_report

        a_language(lang)
        return difference_report(self, lang)

    @property
    def plot(self) -> DifferencePlots:
        """Figures by plotly: ``difference.plot.fees()``, ``.cost()``, ``.phases()``, ``.people()``, ``.money()``."""
        from renewopt.results.difference.plots import DifferencePlots

        return DifferencePlots(self)

    def write(self, folder: str | os.PathLike[str], *, force: bool = False, lang: Language = "en") -> Path:
        """Write tables as CSV and workbook, ``difference.json`` and ``report.html`` into a folder, all at once or not.

        Parameters
        ----------
        folder
            Made if it does not exist.
        force
            Put it in the place of a difference that lies there as it was written; nothing else is overwritten.
        lang : {'en', 'zh'}
            Of report and workbook; tables as CSV are English.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        OutputExistsError
            If the folder exists, is not empty, and `force` is not given; or if it holds what we did not write, what was
            changed since, or one of the plans.
        OutputBusyError
            If another process writes there.
        IncompleteOutputError
            If the report or the workbook could not be made; the tables are written.
        OSError
            If it cannot be written; what was there before is there still.
        """
        from renewopt.results.difference.files import write_difference

        a_path("folder", folder)
        a_language(lang)
        return write_difference(self, Path(folder), force=force, lang=lang)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        fees, cost = (self.change(total) for total in (Goal.FEES, Goal.FISCAL))
        told = f"transition fees {fees:+,.2f}, fiscal cost {cost:+,.2f} {self.place.currency.name}"
        return f"<Difference from {self.a.label!r} to {self.b.label!r}: {told if self else 'none'}>"
