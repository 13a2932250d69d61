"""A frontier: its plans, and what it tells and writes when it is asked to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from renewopt.asked import a_language, a_path
from renewopt.comparison.folder import Layout
from renewopt.tradeoffs.files import contents_of, write_tradeoff
from renewopt.tradeoffs.record import FIGURES, PHASES, ROUTES, TIMINGS
from renewopt.tradeoffs.records import FrontierRecord
from renewopt.tradeoffs.solving import LONGEST_WAIT
from renewopt.vocabulary import GOALS

if TYPE_CHECKING:
    import os

    from renewopt.tradeoffs.plots_frontier import FrontierPlots
    from renewopt.wording import Language

__all__ = ["LAYOUT", "LEFT_OUT", "X_GOALS", "Frontier"]

X_GOALS = (*GOALS, LONGEST_WAIT)
"""What may be limited."""
KINDS = {"point": "count", "limit": "number", "x": "number", "y": "money", "rate": "number", **FIGURES}
LEFT_OUT = {"limit": "number", "why": "text", "x": "number", "y": "money"}
TABLES = ("points", "phases", "routes", "left_out", "timings")
LAYOUT = Layout(
    "frontier.json", "renewopt frontier", 1, frozenset({"report.html", *(f"{name}.csv" for name in TABLES)})
)
"""The folder of a frontier."""


class Frontier(FrontierRecord):
    """Plans of a district of which none is better than another in both of two goals.

    Its tables are those of `renewopt.tradeoffs.records.FrontierRecord`.
    """

    def summary(self, lang: Language = "en") -> str:
        """Tell the frontier on a page of plain text, in ``en`` or ``zh``."""
        from renewopt.tradeoffs.telling import summarise
        from renewopt.tradeoffs.telling_frontier import told_of_frontier

        a_language(lang)
        with self.place.spoken():
            return summarise(told_of_frontier(self, lang), lang)

    def report(self, lang: Language = "en") -> str:
        """Write the page as one HTML file that opens offline and prints to A4, in ``en`` or ``zh``."""
        from renewopt.tradeoffs.telling import page_of
        from renewopt.tradeoffs.telling_frontier import told_of_frontier

        a_language(lang)
        with self.place.spoken():
            return page_of(told_of_frontier(self, lang), self.plot(lang).all(), lang)

    @property
    def plot(self) -> FrontierPlots:
        """Figures by plotly: ``frontier.plot.frontier()``, ``.months()``, ``.phases()``."""
        from renewopt.tradeoffs.plots_frontier import FrontierPlots

        return FrontierPlots(self)

    def contents(self, lang: Language = "en") -> tuple[dict[str, bytes], Exception | None]:
        """Make the files that `write` writes, by name; and why there is no page among them, if there is none."""
        tables = {
            "points": (self.points, KINDS),
            "phases": (self.phases, PHASES),
            "routes": (self.routes, ROUTES),
            "left_out": (self.left_out, LEFT_OUT),
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
        return f"<Frontier of {self.asked.name!r}: {len(self.points)} plans, {self.x} against {self.asked.objective}>"
