"""A sweep: its points, and what it tells and writes when it is asked to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from renewopt.asked import a_language, a_path
from renewopt.comparison.folder import Layout
from renewopt.tradeoffs.changing import CHANGES
from renewopt.tradeoffs.files import contents_of, write_tradeoff
from renewopt.tradeoffs.record import FIGURES, PHASES, ROUTES, TIMINGS
from renewopt.tradeoffs.records import SweepRecord

if TYPE_CHECKING:
    import os

    from renewopt.tradeoffs.plots import SweepPlots
    from renewopt.wording import Language

__all__ = ["LAYOUT", "Sweep"]

TABLES = ("points", "phases", "routes", "changes", "timings")
LAYOUT = Layout("sweep.json", "renewopt sweep", 1, frozenset({"report.html", *(f"{name}.csv" for name in TABLES)}))
"""The folder of a sweep."""


class Sweep(SweepRecord):
    """Plans of a district at several values of something that it states.

    Its tables are those of `renewopt.tradeoffs.records.SweepRecord`.
    """

    def summary(self, lang: Language = "en") -> str:
        """Tell the sweep on a page of plain text, in ``en`` or ``zh``."""
        from renewopt.tradeoffs.telling import summarise
        from renewopt.tradeoffs.telling_sweep import told_of_sweep

        a_language(lang)
        with self.place.spoken():
            return summarise(told_of_sweep(self, lang), lang)

    def report(self, lang: Language = "en") -> str:
        """Write the page as one HTML file that opens offline and prints to A4, in ``en`` or ``zh``."""
        from renewopt.tradeoffs.telling import page_of
        from renewopt.tradeoffs.telling_sweep import told_of_sweep

        a_language(lang)
        with self.place.spoken():
            return page_of(told_of_sweep(self, lang), self.plot(lang).all(), lang)

    @property
    def plot(self) -> SweepPlots:
        """Figures by plotly: ``sweep.plot.objective()``, ``.months()``, ``.phases()``."""
        from renewopt.tradeoffs.plots import SweepPlots

        return SweepPlots(self)

    def contents(self, lang: Language = "en") -> tuple[dict[str, bytes], Exception | None]:
        """Make the files that `write` writes, by name; and why there is no page among them, if there is none."""
        kinds = {"point": "count", **dict.fromkeys((axis.address for axis in self.axes), "text"), **FIGURES}
        tables = {
            "points": (self.points, kinds),
            "phases": (self.phases, PHASES),
            "routes": (self.routes, ROUTES),
            "changes": (self.changes, CHANGES),
            "timings": (self.timings, TIMINGS),
        }
        return contents_of(tables, lambda: self.report(lang))

    def write(self, folder: str | os.PathLike[str], *, lang: Language = "en") -> Path:
        """Write the tables as CSV and ``report.html``, all at once or not at all.

        Parameters
        ----------
        folder
            Made if it is not there; else empty, or that of a sweep.
        lang : {'en', 'zh'}
            Language of the page; tables are English.

        Raises
        ------
        OutputExistsError
            If the folder holds something that no sweep wrote, or that was changed since, or what the scenario reads.
        OutputBusyError
            If a sweep is at work in it.
        IncompleteOutputError
            If the page could not be made; the tables are written.
        OSError
            If it cannot be written; what was there before is there still.
        """
        a_path("folder", folder)
        a_language(lang)
        return write_tradeoff(Path(folder), LAYOUT, self.contents(lang), self.asked.reads)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        values = " × ".join(f"{axis.address} ({len(axis.values)})" for axis in self.axes)
        return f"<Sweep of {self.asked.name!r}: {values}>"
