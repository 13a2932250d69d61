"""A plan: its data, and what it tells and writes when it is asked to."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from renewopt.asked import a_language, a_path
from renewopt.results.record import PlanRecord
from renewopt.wording import Language, words

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import pandas as pd

    from renewopt.optimiser.progress import Progress
    from renewopt.results.explanations.explanation import Explanation, NextInLine
    from renewopt.results.explanations.grounds import Grounds
    from renewopt.results.pricing.price_list import PriceList
    from renewopt.results.reporting.plots import PlanPlots
    from renewopt.scenario import Scenario

__all__ = ["Plan"]


class Plan(PlanRecord):
    """A plan that whole households and whole phases can follow, with a proof of how good it is.

    Its figures and tables are those of `renewopt.results.record.PlanRecord`.
    """

    def summary(self, lang: Language = "en") -> str:
        """Tell the plan on one page, for a director: who is settled by when and how, fees, funds.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.summary import summarise

        a_language(lang)
        return summarise(self, lang)

    def brief(self, lang: Language = "en") -> str:
        """Tell what a director needs to decide, on a page of text: what ``brief.docx`` and the report begin with.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.briefing.telling import tell_brief
        from renewopt.results.briefing.text import as_text

        a_language(lang)
        return as_text(tell_brief(self, lang))

    def explain(
        self,
        household: str,
        *,
        top: int = 5,
        exact: bool = False,
        gap: float | None = None,
        time_limit: float = 600.0,
        scenario: Scenario | str | os.PathLike[str] | None = None,
        allow_outside: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> Explanation:
        """Explain why a household is settled when and as it is, and what its next-best offers would cost the district.

        What is proven rests on the prices that the plan's search has kept, or, where it kept none, on those of a
        relaxation that is solved for it (once: the next household is answered at once).

        Parameters
        ----------
        household
            Its id.
        top
            Alternatives of each of its parts.
        exact
            Whether each of them is re-solved, too, to `gap` (default: the plan's own) within `time_limit` seconds.
        scenario
            What the plan was made from; default: the file that the plan names.
        allow_outside
            Whether tables of a scenario file may lie outside of its folder.
        progress
            Receives a `renewopt.optimiser.progress.Progress` now and then.

        Raises
        ------
        ValueError
            If the plan knows no such household; if the scenario is another one or not known; if the plan is infeasible.
        """
        from renewopt.results.explanations.making import explain_household
        from renewopt.results.programme import as_planned
        from renewopt.results.reopening import stated_of

        grounds = self.opened(scenario, allow_outside=allow_outside, progress=progress)
        begun = None
        if self.not_started and (scenario is not None or self.scenario_path is not None):
            begun = as_planned(stated_of(self, scenario, allow_outside), self)
        return explain_household(
            grounds, household, top=top, exact=exact, gap=gap, time_limit=time_limit, progress=progress, begun=begun
        )

    def next_for_home(
        self,
        home: str,
        month: str | None = None,
        *,
        top: int = 5,
        exact: bool = False,
        time_limit: float = 600.0,
        scenario: Scenario | str | os.PathLike[str] | None = None,
        allow_outside: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> NextInLine:
        """Find who should have one more home, and how much that saves.

        Parameters
        ----------
        home
            Estate and type, ``ESTATE/TYPE``.
        month
            From which it is there, ``YYYY-MM``; default: the first one.
        top
            Households that are named.
        exact
            Whether the district with it is re-solved, too.
        time_limit, scenario, allow_outside, progress
            As of `explain`.

        Raises
        ------
        ValueError
            If the plan knows no such homes or month; else as `explain`.
        """
        from renewopt.results.explanations.asking import next_for_home

        grounds = self.opened(scenario, allow_outside=allow_outside, progress=progress)
        return next_for_home(grounds, home, month, top=top, exact=exact, time_limit=time_limit, progress=progress)

    def next_for_money(
        self,
        amount: float,
        month: str | None = None,
        fund: str | None = None,
        *,
        top: int = 5,
        exact: bool = False,
        time_limit: float = 600.0,
        scenario: Scenario | str | os.PathLike[str] | None = None,
        allow_outside: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> NextInLine:
        """Find whom more money should settle, and how much that saves.

        Parameters
        ----------
        amount
            Yuan.
        month
            In which it comes in, ``YYYY-MM``; default: the first one.
        fund
            Into which; default: the one in which a yuan more is worth the most then.
        top
            Households that are named.
        exact
            Whether the district with it is re-solved, too.
        time_limit, scenario, allow_outside, progress
            As of `explain`.

        Raises
        ------
        ValueError
            If the plan knows no such fund or month; else as `explain`.
        """
        from renewopt.results.explanations.asking import next_for_money

        grounds = self.opened(scenario, allow_outside=allow_outside, progress=progress)
        return next_for_money(
            grounds, amount, month, fund, top=top, exact=exact, time_limit=time_limit, progress=progress
        )

    def next_best(
        self,
        *,
        top: int = 3,
        scenario: Scenario | str | os.PathLike[str] | None = None,
        allow_outside: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> pd.DataFrame:
        """List the next-best offers of all households, and what each would cost the district, in one pass.

        Parameters
        ----------
        top
            Offers of each household, or of each of its parts.
        scenario, allow_outside, progress
            As of `explain`.

        Returns
        -------
        pandas.DataFrame
            Columns in `renewopt.results.explanations.record.BULK`, amounts in yuan; the cheapest offers first. `rise`
            and `against_plan` are as of `explain`.

        Raises
        ------
        ValueError
            As `explain`.
        """
        from renewopt.results.explanations.bulk import next_best

        return next_best(self.opened(scenario, allow_outside=allow_outside, progress=progress), top).frame()

    def opened(
        self,
        scenario: Scenario | str | os.PathLike[str] | None = None,
        *,
        allow_outside: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> Grounds:
        """Open the plan for questions, as `explain` does; what was opened last is kept for the next question."""
        from renewopt.results.explanations.grounds import opened

        return opened(self, scenario, allow_outside=allow_outside, progress=progress)

    def __getstate__(self) -> dict[str, object]:
        # What was opened for questions is no part of the plan.
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def report(self, lang: Language = "en", *, prices: PriceList | None = None) -> str:
        """Write the report as one HTML file that opens offline and prints to A4.

        Parameters
        ----------
        lang : {'en', 'zh'}
        prices
            From `renewopt.prices` of this plan: told in the place of the prices of its search.

        Returns
        -------
        str
            The file's text.

        Raises
        ------
        ValueError
            If the prices are those of another plan.
        """
        from renewopt.results.reporting.plan_report import plan_report

        a_language(lang)
        if prices is not None and not prices.is_of(self):
            raise ValueError(words("these are the prices of another plan: ask for those of this one"))
        return plan_report(self, lang, prices)

    @property
    def plot(self) -> PlanPlots:
        """Figures by plotly: ``plan.plot.waiting()``, ``.fees()``, ``.flow()``, ``.gantt()``, ``.funds()`` and others.

        Raises
        ------
        ValueError
            If the plan is infeasible.
        """
        from renewopt.results.reporting.plots import PlanPlots

        return PlanPlots(self)

    def work_summary(self, lang: Language = "en", *, year: int | None = None) -> str:
        """Tell the work in the form in which offices report, in Markdown: a paragraph and a table for each year.

        Parameters
        ----------
        lang : {'en', 'zh'}
        year
            Calendar year; default: each year of the plan, and all of them together.

        Returns
        -------
        str
            Every figure is counted from the plan's tables.

        Raises
        ------
        ValueError
            If the plan is infeasible, or has no such year.
        """
        from renewopt.results.work_summary.blocks import as_markdown
        from renewopt.results.work_summary.telling import tell_work

        a_language(lang)
        return as_markdown(tell_work(self, lang, year))

    def write(
        self, folder: str | os.PathLike[str], *, force: bool = False, report: bool = True, lang: Language = "en"
    ) -> Path:
        """Write the plan into a folder: ``plan.json``, tables as CSV, ``plan.xlsx``, brief, work summary, report.

        Parameters
        ----------
        folder
            Made if it does not exist.
        force
            Put it in the place of a plan that lies there as it was written; nothing else is overwritten.
        report
            Write ``report.html``, too; it is 5 MB and takes a second.
        lang : {'en', 'zh'}
            Of workbook, brief, work summary and report; CSV files and ``plan.json`` are English whatever it is.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        OutputExistsError
            If the folder exists, is not empty, and `force` is not given; or if it holds what we did not write, what was
            changed since, or what the scenario reads.
        OutputBusyError
            If another process writes there.
        IncompleteOutputError
            If a file that only tells of the plan, such as the report, could not be made; the others are written.
        OSError
            If it cannot be written; what was there before is there still.
        """
        from renewopt.results.files import write_plan

        a_path("folder", folder)
        a_language(lang)
        return write_plan(self, Path(folder), force=force, report=report, lang=lang)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        value = (
            ""
            if self.objective is None
            else f", {self.objective_name}={self.objective:,.2f} {self.place.currency.name}"
        )
        gap = "" if self.gap is None else f", gap={self.gap:.4%}"
        settled = "" if self.settled is None else f", settled {self.settled} of {self.households}"
        return f"<Plan of {self.name!r}: {self.status}{value}{gap}{settled}>"

    def _repr_html_(self) -> str:
        """Show headline, projects and summary, for notebooks; ``plan.plot`` has the charts."""
        from renewopt.results.reporting.notebook import show_plan

        return show_plan(self)
