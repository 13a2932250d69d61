"""Figures of a comparison, one for each chart of its report: ``comparison.plot.ranking()``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from renewopt.charts import comparing
from renewopt.charts.chart import Chart
from renewopt.charts.labels import Language
from renewopt.comparison.introducing import words_of
from renewopt.comparison.message import cost_name
from renewopt.comparison.runs import KINDS, Runs
from renewopt.results.reporting.page import shown
from renewopt.wording import words

if TYPE_CHECKING:
    import plotly.graph_objects as go


__all__ = ["ComparisonPlots"]


class ComparisonPlots:
    """Figures of a comparison, by plotly; each carries its title, unit and source.

    Parameters
    ----------
    comparison
        From `renewopt.compare`.
    lang
        Language of titles, axes and hover texts.

    Examples
    --------
    >>> comparison.plot.ranking()  # doctest: +SKIP
    >>> comparison.plot("zh").regret().write_html("regret.html")  # doctest: +SKIP
    """

    def __init__(self, comparison: Runs, lang: Language = "en") -> None:
        self._comparison = comparison
        with comparison.place.spoken():
            self._say = words_of(comparison.stated, lang)

    def __call__(self, lang: Language) -> ComparisonPlots:
        """Give the same figures in another language, ``en`` or ``zh``."""
        return ComparisonPlots(self._comparison, lang)

    def ranking(self, measure: str = "objective") -> go.Figure:
        """Policies ranked, with intervals of 95 %, for each scenario, variant and future.

        Parameters
        ----------
        measure
            Column of the runs that is ranked by; less is better.
        """
        return shown(self._ranking(measure))

    def fees_and_clear_month(self) -> go.Figure:
        """Transition fees against the first month in which nobody is overdue, a mark for each run."""
        return shown(comparing.fees_and_clear_month(self._comparison.runs, self._say))

    def waits(self) -> go.Figure:
        """Mean months of waiting, by project, urgency and strict goal."""
        return shown(comparing.waits(self._comparison.waits, self._comparison.runs, self._say))

    def settled(self) -> go.Figure:
        """Households housed up to each month, by policy."""
        return shown(comparing.settled(self._comparison.settled, self._comparison.runs, self._say))

    def regret(self) -> go.Figure:
        """How far the runs of each policy are above the proven bound of their worlds.

        Raises
        ------
        ValueError
            If no run that is in order has a bound.
        """
        chart = comparing.regret(self._comparison.runs, self._say)
        if chart is None:
            raise ValueError(words("no run that is in order has a proven bound: compare with perfect=True"))
        return shown(chart)

    def all(self, measure: str = "objective") -> list[Chart]:
        """Every chart that there is something to draw for; settings each with charts of their own, which print well."""
        runs, say = self._comparison.runs, self._say
        charts: list[Chart | None] = [
            comparing.fees_and_clear_month(runs, say) if runs["transition_fees"].notna().any() else None,
            comparing.waits(self._comparison.waits, runs, say) if len(self._comparison.waits) else None,
            comparing.regret(runs, say),
        ]
        ranking, housed_by = self._comparison.ranking(measure), self._comparison.settled
        for number, setting in enumerate(self._settings()):
            # Futures are compared with each other: within a scenario, all charts have one scale.
            whole = ranking[ranking["scenario"] == setting[0]]
            shown = self._ranked(_of(ranking, setting), measure, whole)
            label = comparing.setting_label(setting, say, alone=comparing.is_alone(runs))
            charts.append(_named(replace(shown, note="" if number else shown.note), f"ranking-{number}", label))
            housed = _of(housed_by, setting)
            if len(housed):
                most = float(housed_by.loc[housed_by["scenario"] == setting[0], "settled"].max())
                shown = comparing.settled(housed, runs, say, most=most)
                charts.append(_named(shown, f"settled-{number}", label))
        return [chart for chart in charts if chart is not None]

    def _settings(self) -> list[tuple[str, ...]]:
        """Scenario, variant and future of the panels that are shown."""
        frame = self._comparison.runs[comparing.SETTING].drop_duplicates().head(comparing.PANELS_SHOWN)
        return list(frame.itertuples(index=False, name=None))

    def _ranking(self, measure: str) -> Chart:
        return self._ranked(self._comparison.ranking(measure), measure)

    def _ranked(self, ranked: pd.DataFrame, measure: str, whole: pd.DataFrame | None = None) -> Chart:
        runs, say, money = self._comparison.runs, self._say, KINDS[measure] == "money"
        name = cost_name(runs, say) if measure == "objective" else ""
        return comparing.ranking(ranked, runs, measure, money, say, name=name, whole=whole)


def _of(frame: pd.DataFrame, setting: tuple[str, ...]) -> pd.DataFrame:
    for column, value in zip(comparing.SETTING, setting, strict=True):
        frame = frame[frame[column] == value]
    return frame


def _named(chart: Chart, key: str, setting: str) -> Chart:
    """Put the setting of a single panel into the title."""
    drawing = chart.drawing.without_annotations()
    return replace(chart, key=key, title=f"{chart.title} · {setting}", drawing=drawing)
