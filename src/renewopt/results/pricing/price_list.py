"""Prices of a plan: their data, and what it tells and writes when it is asked to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from renewopt.asked import a_language, a_path, yes_or_no
from renewopt.results.pricing.record import PriceRecord
from renewopt.wording import Language

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["PriceList"]


class PriceList(PriceRecord):
    """What a little more or less of what is scarce is worth; its data is that of `PriceRecord`."""

    def summary(self, lang: Language = "en") -> str:
        """Tell the prices in plain text.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.pricing.telling import summarise

        a_language(lang)
        return summarise(self, lang)

    def report(self, lang: Language = "en") -> str:
        """Write the page as one HTML file that opens offline and prints to A4.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.pricing.report import price_report

        a_language(lang)
        return price_report(self, lang)

    def is_of(self, plan: PlanRecord) -> bool:
        """Whether they are the prices of a plan: of its scenario and objective, and of what it reached."""
        from renewopt.results.programme import with_dates

        reached = with_dates(plan).objective
        mine = (self.scenario_sha256, self.variant, self.objective_name, self.objective)
        return mine == (plan.scenario_sha256, plan.variant, plan.objective_name, reached)

    def write(self, folder: str | os.PathLike[str], *, force: bool = False, lang: Language = "en") -> Path:
        """Write ``prices.csv``, ``differences.csv``, ``price_list.json`` and ``report.html``, all or none of them.

        Parameters
        ----------
        folder
            Made if it does not exist.
        force
            Put it in the place of prices that lie there as they were written; nothing else is overwritten.
        lang : {'en', 'zh'}
            Of the report; tables are English.

        Raises
        ------
        OutputExistsError
            If the folder exists, is not empty, and `force` is not given; or if it holds what we did not write.
        OutputBusyError
            If another process writes there.
        """
        from renewopt.results.pricing.files import write_prices

        a_path("folder", folder)
        yes_or_no("force", force)
        a_language(lang)
        return write_prices(self, Path(folder), force=force, lang=lang)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<PriceList of {self.name!r}: {len(self.prices)} prices, {len(self.differences)} differences>"
