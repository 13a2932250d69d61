"""Figures of a difference, one for each chart of its page: ``difference.plot.fees()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renewopt.charts import differing
from renewopt.charts.chart import Chart
from renewopt.charts.labels import Language, Locale
from renewopt.results.difference.telling import part_word
from renewopt.results.reporting.page import shown
from renewopt.vocabulary import Goal
from renewopt.wording import words

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from renewopt.results.difference.record import DifferenceRecord

__all__ = ["DifferencePlots"]


class DifferencePlots:
    """Figures of a difference, by plotly; each carries its title, unit and source.

    Parameters
    ----------
    difference
        From `renewopt.diff`.
    lang
        Language of titles, axes and hover texts.

    Examples
    --------
    >>> difference.plot.fees()  # doctest: +SKIP
    >>> difference.plot("zh").cost().write_html("cost.html")  # doctest: +SKIP
    """

    def __init__(self, difference: DifferenceRecord, lang: Language = "en") -> None:
        self._difference = difference
        with difference.place.spoken():
            self._say = Locale(lang, difference.names)

    def __call__(self, lang: Language) -> DifferencePlots:
        """Give the same figures in another language, ``en`` or ``zh``."""
        return DifferencePlots(self._difference, lang)

    def fees(self) -> go.Figure:
        """What changes the transition fees: a waterfall by what became of the households."""
        return _there(self._fees())

    def cost(self) -> go.Figure:
        """What changes the fiscal cost: a waterfall by what is paid."""
        return _there(self._cost())

    def phases(self) -> go.Figure:
        """When phases are handed over in both plans."""
        return _there(self._phases())

    def people(self) -> go.Figure:
        """Households better and worse off, by project."""
        return _there(self._people())

    def money(self) -> go.Figure:
        """How much more is left in each fund, by quarter."""
        return _there(self._money())

    def all(self) -> list[Chart]:
        """Every chart that there is something to draw for, in the order of the page."""
        charts = (self._fees(), self._cost(), self._people(), self._phases(), self._money())
        return [chart for chart in charts if chart is not None]

    def _fees(self) -> Chart | None:
        table = self._difference.by_cause()
        table = table[table["total"] != 0]
        steps = [
            (self._say(f"diff.cause.{cause}"), float(total))
            for cause, total in zip(table["cause"], table["total"], strict=True)
        ]
        return differing.waterfall("fees", steps, "causes.csv", self._say) if steps else None

    def _cost(self) -> Chart | None:
        table = self._difference.parts(Goal.FISCAL)
        steps = [
            (part_word(str(part), self._say), float(change))
            for part, change in zip(table["part"], table["difference"], strict=True)
            if change
        ]
        return differing.waterfall("cost", steps, "account.csv", self._say) if steps else None

    def _people(self) -> Chart | None:
        table = self._difference.projects
        drawn = table[["better", "worse"]].to_numpy().any()
        return differing.fared(table, self._say) if drawn else None

    def _phases(self) -> Chart | None:
        labels = (self._difference.a.label, self._difference.b.label)
        return differing.moved(self._difference.phases, labels, self._say)

    def _money(self) -> Chart | None:
        return differing.balances(self._difference.money, self._say)


def _there(chart: Chart | None) -> go.Figure:
    if chart is None:
        raise ValueError(words("the plans do not differ in this: there is nothing to plot"))
    return shown(chart)
