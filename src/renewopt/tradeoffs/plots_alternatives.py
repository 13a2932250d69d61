"""Figures of alternatives, one for each chart of their page: ``alternatives.plot.routes()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renewopt.charts import points as charts
from renewopt.charts.chart import Chart
from renewopt.charts.points import Horizontal
from renewopt.tradeoffs.plots import there
from renewopt.tradeoffs.telling import locale_of
from renewopt.tradeoffs.telling_alternatives import called

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from renewopt.tradeoffs.records import AlternativesRecord
    from renewopt.wording import Language

__all__ = ["AlternativesPlots"]


class AlternativesPlots:
    """Figures of alternatives, by plotly; each carries its title, unit and source.

    Parameters
    ----------
    found
        From `renewopt.alternatives`.
    lang
        Language of titles, axes and hover texts.
    """

    def __init__(self, found: AlternativesRecord, lang: Language = "en") -> None:
        self._found = found
        self._say = locale_of(found.asked, lang)

    def __call__(self, lang: Language) -> AlternativesPlots:
        """Give the same figures in another language, ``en`` or ``zh``."""
        return AlternativesPlots(self._found, lang)

    def routes(self) -> go.Figure:
        """Households by route in each plan."""
        return there(self._routes())

    def phases(self) -> go.Figure:
        """Which phases are built in which plans."""
        return there(self._phases())

    def all(self) -> list[Chart]:
        """Every chart that there is something to draw for, in the order of the page."""
        return [chart for chart in (self._routes(), self._phases()) if chart is not None]

    def _routes(self) -> Chart | None:
        names = called(self._found, self._say)
        source = self._say("points.source", file="routes.csv")
        return charts.taken(self._found.routes, names, self._say, source=source)

    def _phases(self) -> Chart | None:
        names = called(self._found, self._say)
        table = self._found.phases.assign(x=[names[point] for point in self._found.phases["point"].tolist()])
        horizontal = Horizontal("name", "")
        source = self._say("points.source", file="phases.csv")
        return charts.built(table, list(names.values()), horizontal, self._say, source=source)
