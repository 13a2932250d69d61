"""Figures of a plan, one for each chart of its report: ``plan.plot.waiting()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renewopt.charts import construction, fees, funds, households, prices
from renewopt.charts.chart import Chart
from renewopt.charts.labels import Language
from renewopt.charts.palette import leading
from renewopt.results.reporting import facts
from renewopt.results.reporting.facts import last_month
from renewopt.results.reporting.page import shown, words_for
from renewopt.results.reporting.programme import programme_chart
from renewopt.wording import words

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from renewopt.results.record import PlanRecord

__all__ = ["PlanPlots"]


class PlanPlots:
    """Figures of a plan, by plotly; each carries its title, unit and source.

    Parameters
    ----------
    plan
        One with tables.
    lang
        Language of titles, axes and hover texts.

    Examples
    --------
    >>> plan.plot.waiting()  # doctest: +SKIP
    >>> plan.plot("zh").funds().write_html("funds.html")  # doctest: +SKIP
    """

    def __init__(self, plan: PlanRecord, lang: Language = "en") -> None:
        if not plan.has_tables:
            raise ValueError(words("the plan is infeasible: there is nothing to plot; summary() tells what is short"))
        self._plan = plan
        with plan.place.spoken():
            self._words = words_for(lang, plan.stated)
        self._projects = leading(plan.people)
        self._last = last_month(plan.start, plan.months)

    def __call__(self, lang: Language) -> PlanPlots:
        """Give the same figures in another language, ``en`` or ``zh``."""
        return PlanPlots(self._plan, lang)

    def waiting(self) -> go.Figure:
        """Households waiting at the close of each month, by project, those overdue in full colour."""
        return shown(self._waiting())

    def fees(self) -> go.Figure:
        """Fee bill by month, against what waiting for construction would cost."""
        return shown(self._fees())

    def flow(self) -> go.Figure:
        """Flow of households from project to route to estate, voucher or cash."""
        return shown(self._flow())

    def gantt(self) -> go.Figure:
        """Phases: when money is paid, when they are handed over."""
        return shown(self._gantt())

    def programme(self) -> go.Figure:
        """Projects and works that may start, those who wait above them, and what is paid below.

        Raises
        ------
        ValueError
            If there is no programme.
        """
        chart = self._programme()
        if chart is None:
            raise ValueError(words("nothing of this scenario is left to start"))
        return shown(chart)

    def balances(self) -> go.Figure:
        """What is left in the funds at the close of each month, one upon the other."""
        return shown(self._balances())

    def funds(self) -> go.Figure:
        """What comes into each fund, and what it is used for."""
        return shown(self._funds())

    def prices(self) -> go.Figure:
        """What one unit more of money, homes or throughput would save, by month.

        Raises
        ------
        ValueError
            If there are no prices, or nothing is scarce.
        """
        chart = self._prices()
        if chart is None:
            raise ValueError(words("there are no prices above zero: a rule decided this plan, or nothing is scarce"))
        return shown(chart)

    def all(self) -> list[Chart | None]:
        """Every chart, in the order of the report; None where there is nothing to draw."""
        stated = self._plan.stated
        nothing_built = self._plan.construction.empty and not facts.arrivals(stated) and not facts.deliveries(stated)
        no_funds = self._plan.funds.empty
        return [
            self._waiting(),
            self._fees(),
            self._flow(),
            self._programme(),
            None if nothing_built else self._gantt(),
            None if no_funds else self._balances(),
            None if no_funds else self._funds(),
            self._prices(),
        ]

    def _waiting(self) -> Chart:
        return households.waiting(self._plan.people, self._projects, self._last, self._words)

    def _fees(self) -> Chart:
        return fees.bill(self._plan.fees, self._plan.baseline, self._last, self._words)

    def _flow(self) -> Chart:
        return households.flow(self._plan.allocation, self._projects, self._words)

    def _gantt(self) -> Chart:
        stated = self._plan.stated
        return construction.gantt(
            self._plan.construction, facts.deliveries(stated), facts.arrivals(stated), self._words, self._plan.start
        )

    def _programme(self) -> Chart | None:
        return programme_chart(self._plan, self._words)

    def _balances(self) -> Chart:
        return funds.balances(self._plan.funds, self._last, self._words)

    def _funds(self) -> Chart:
        return funds.flows(self._plan.funds, self._last, self._words)

    def _prices(self) -> Chart | None:
        return prices.scarcity(self._plan.prices, self._last, self._words)
