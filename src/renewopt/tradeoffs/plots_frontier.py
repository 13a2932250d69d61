"""Figures of a frontier, one for each chart of its page: ``frontier.plot.frontier()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from renewopt.charts import points as charts
from renewopt.charts.chart import Chart
from renewopt.charts.points import Horizontal, Line
from renewopt.tradeoffs.naming import goal_word
from renewopt.tradeoffs.plots import there
from renewopt.tradeoffs.telling import locale_of
from renewopt.tradeoffs.telling_frontier import called, x_scale

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from renewopt.tradeoffs.records import FrontierRecord
    from renewopt.wording import Language

__all__ = ["FrontierPlots"]


class FrontierPlots:
    """Figures of a frontier, by plotly; each carries its title, unit and source.

    Parameters
    ----------
    frontier
        From `renewopt.frontier`.
    lang
        Language of titles, axes and hover texts.
    """

    def __init__(self, frontier: FrontierRecord, lang: Language = "en") -> None:
        self._frontier = frontier
        self._say = locale_of(frontier.asked, lang)

    def __call__(self, lang: Language) -> FrontierPlots:
        """Give the same figures in another language, ``en`` or ``zh``."""
        return FrontierPlots(self._frontier, lang)

    def frontier(self) -> go.Figure:
        """One goal against the other."""
        return there(self._traced())

    def months(self) -> go.Figure:
        """The month from which nobody is overdue, and the one by which all are housed."""
        return there(self._months())

    def phases(self) -> go.Figure:
        """Which phases are built in which plans."""
        return there(self._phases())

    def all(self) -> list[Chart]:
        """Every chart that there is something to draw for, in the order of the page."""
        found = (self._traced(), self._months(), self._phases())
        return [chart for chart in found if chart is not None]

    @property
    def _horizontal(self) -> Horizontal:
        scale = x_scale(self._frontier, self._say)
        return Horizontal("number", self._say.headed(goal_word(self._frontier.x, self._say), scale.unit))

    def _line(self) -> Line:
        points, scale = self._frontier.points, x_scale(self._frontier, self._say)
        names = called(self._frontier)
        told = [self._say("frontier.number", number=names[number]) for number in points["point"].tolist()]
        table = pd.DataFrame(
            {
                "x": scale.of(points["x"]),
                "told": told,
                "value": points["y"],
                "bound": points["bound"],
                "clear": points["clear_month"],
                "settled": points["all_settled_month"],
            }
        )
        return Line("", table)

    def _source(self, file: str) -> str:
        return self._say("points.source", file=file)

    def _traced(self) -> Chart | None:
        if self._frontier.points.empty:
            return None
        title = self._say(
            "frontier.title",
            x=goal_word(self._frontier.x, self._say),
            y=self._say.word("objective", self._frontier.asked.objective),
        )
        source, title = self._source("points.csv"), title[:1].upper() + title[1:]
        return charts.amounts("frontier", [self._line()], self._horizontal, self._say, title=title, source=source)

    def _months(self) -> Chart | None:
        if self._frontier.points.empty:
            return None
        return charts.months([self._line()], self._horizontal, self._say, source=self._source("points.csv"))

    def _phases(self) -> Chart | None:
        names = called(self._frontier)
        table = self._frontier.phases.assign(x=[names[point] for point in self._frontier.phases["point"].tolist()])
        horizontal = Horizontal("name", self._say("frontier.plan"))
        source = self._source("phases.csv")
        return charts.built(table, list(names.values()), horizontal, self._say, source=source)
