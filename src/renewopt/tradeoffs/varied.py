"""Alternatives to a plan, and what they tell and write when they are asked to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from renewopt.asked import a_language, a_path
from renewopt.comparison.folder import Layout
from renewopt.tradeoffs.files import contents_of, write_tradeoff
from renewopt.tradeoffs.record import FIGURES, PHASES, ROUTES, TIMINGS
from renewopt.tradeoffs.records import AlternativesRecord

if TYPE_CHECKING:
    import os

    from renewopt.tradeoffs.plots_alternatives import AlternativesPlots
    from renewopt.wording import Language

__all__ = ["LAYOUT", "PARTS", "Alternatives"]

KINDS = {"point": "count", "distance": "number", "above": "number", **FIGURES}
PARTS = {"kind": "text", "item": "text", "verdict": "text", "least": "money", "found": "money", "plans": "count"}
TABLES = ("points", "phases", "routes", "parts", "timings")
LAYOUT = Layout(
    "alternatives.json", "renewopt alternatives", 1, frozenset({"report.html", *(f"{name}.csv" for name in TABLES)})
)
"""The folder of alternatives."""


class Alternatives(AlternativesRecord):
    """Plans nearly as good as one, and what all of them have to do.

    Its tables are those of `renewopt.tradeoffs.records.AlternativesRecord`.
    """

    def summary(self, lang: Language = "en") -> str:
        """Tell the alternatives on a page of plain text, in ``en`` or ``zh``."""
        from renewopt.tradeoffs.telling import summarise
        from renewopt.tradeoffs.telling_alternatives import told_of_alternatives

        a_language(lang)
        with self.place.spoken():
            return summarise(told_of_alternatives(self, lang), lang)

    def report(self, lang: Language = "en") -> str:
        """Write the page as one HTML file that opens offline and prints to A4, in ``en`` or ``zh``."""
        from renewopt.tradeoffs.telling import page_of
        from renewopt.tradeoffs.telling_alternatives import told_of_alternatives

        a_language(lang)
        with self.place.spoken():
            return page_of(told_of_alternatives(self, lang), self.plot(lang).all(), lang)

    @property
    def plot(self) -> AlternativesPlots:
        """Figures by plotly: ``alternatives.plot.routes()``, ``.phases()``."""
        from renewopt.tradeoffs.plots_alternatives import AlternativesPlots

        return AlternativesPlots(self)

    def contents(self, lang: Language = "en") -> tuple[dict[str, bytes], Exception | None]:
        """Make the files that `write` writes, by name; and why there is no page among them, if there is none."""
        tables = {
            "points": (self.points, KINDS),
            "phases": (self.phases, PHASES),
            "routes": (self.routes, ROUTES),
            "parts": (self.parts, PARTS),
            "timings": (self.timings, TIMINGS),
        }
        return contents_of(tables, lambda: self.report(lang))

    def write(self, folder: str | os.PathLike[str], *, lang: Language = "en") -> Path:
        """Write the tables as CSV and ``report.html``, all at once or not at all.

        Parameters and errors are those of `renewopt.tradeoffs.swept.Sweep.write`.
        """
        a_path("folder", folder)
        a_language(lang)
        return write_tradeoff(Path(folder), LAYOUT, self.contents(lang), self.asked.reads)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<Alternatives to a plan of {self.asked.name!r}: {len(self.points) - 1}>"
