"""Figures of many plans, one for each chart of their page: ``sweep.plot.months()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from renewopt.charts import points as charts
from renewopt.charts.chart import Chart
from renewopt.charts.points import Horizontal, Line
from renewopt.results.reporting.page import shown
from renewopt.tradeoffs.axes import MONTH
from renewopt.tradeoffs.telling import locale_of
from renewopt.tradeoffs.telling_sweep import called
from renewopt.wording import words

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from renewopt.tradeoffs.records import SweepRecord
    from renewopt.wording import Language

__all__ = ["SweepPlots", "there"]

SOURCE = "points.csv"


def there(chart: Chart | None) -> go.Figure:
    """The figure of a chart.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if chart is None:
        raise ValueError(words("there is nothing to plot: no plan, or no phases"))
    return shown(chart)


class SweepPlots:
    """Figures of a sweep, by plotly; each carries its title, unit and source.

    Parameters
    ----------
    sweep
        From `renewopt.sweep`.
    lang
        Language of titles, axes and hover texts.
    """

    def __init__(self, sweep: SweepRecord, lang: Language = "en") -> None:
        self._sweep = sweep
        self._say = locale_of(sweep.asked, lang)

    def __call__(self, lang: Language) -> SweepPlots:
        """Give the same figures in another language, ``en`` or ``zh``."""
        return SweepPlots(self._sweep, lang)

    def objective(self) -> go.Figure:
        """What is minimised against the first value, a line for each combination of the others."""
        return there(self._objective())

    def months(self) -> go.Figure:
        """The month from which nobody is overdue, and the one by which all are housed."""
        return there(self._months())

    def phases(self) -> go.Figure:
        """Which phases are built in which points."""
        return there(self._phases())

    def all(self) -> list[Chart]:
        """Every chart that there is something to draw for, in the order of the page."""
        found = (self._objective(), self._months(), self._phases())
        return [chart for chart in found if chart is not None]

    @property
    def _horizontal(self) -> Horizontal:
        axis = self._sweep.axes[0]
        kind = "name" if axis.numbers is None else "month" if axis.unit == MONTH else "number"
        return Horizontal(kind, axis.name)

    def _lines(self) -> list[Line]:
        sweep, first = self._sweep, self._sweep.axes[0]
        at: dict[str, float | str] = dict(zip(first.values, first.values, strict=True))
        if first.numbers is not None and first.unit != MONTH:
            at = dict(zip(first.values, first.numbers, strict=True))
        names = called(sweep)
        table = pd.DataFrame(
            {
                "x": [at[value] for value in sweep.points[first.address].tolist()],
                "told": [names[number] for number in sweep.points["point"].tolist()],
                "value": sweep.points["objective"],
                "bound": sweep.points["bound"],
                "clear": sweep.points["clear_month"],
                "settled": sweep.points["all_settled_month"],
            }
        )
        others = [axis.address for axis in sweep.axes[1:]]
        if not others:
            return [Line("", table)]
        return [
            Line(" · ".join(f"{name}={value}" for name, value in zip(others, key, strict=True)), table.loc[rows.index])
            for key, rows in sweep.points.groupby(others, sort=False)
        ]

    def _source(self, file: str) -> str:
        return self._say("points.source", file=file)

    def _objective(self) -> Chart | None:
        if not self._sweep.points["objective"].notna().any():
            return None
        title = self._say("points.chart.objective", objective=self._say.word("objective", self._sweep.asked.objective))
        return charts.amounts("objective", self._lines(), self._horizontal, self._say, title=title,
                              source=self._source(SOURCE))  # fmt: skip

    def _months(self) -> Chart | None:
        return charts.months(self._lines(), self._horizontal, self._say, source=self._source(SOURCE))

    def _phases(self) -> Chart | None:
        names = called(self._sweep)
        table = self._sweep.phases.assign(x=[names[point] for point in self._sweep.phases["point"].tolist()])
        return charts.built(table, list(names.values()), self._horizontal, self._say,
                            source=self._source("phases.csv"))  # fmt: skip
