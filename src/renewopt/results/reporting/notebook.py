"""How a plan shows itself in a notebook: the headline and the projects, small enough to stand in every output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renewopt.charts.labels import Language
from renewopt.results.reporting.page import fragment, words_for
from renewopt.results.reporting.plan_report import headline, projects_table
from renewopt.results.summary import summarise
from renewopt.wording import of_its_place

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["show_plan"]


@of_its_place
def show_plan(plan: PlanRecord, lang: Language = "en") -> str:
    """Show a plan as a piece of HTML, with no script and no household in it.

    Parameters
    ----------
    plan
        Any; of an infeasible one what is short is told.
    lang
        ``en`` or ``zh``.
    """
    say = words_for(lang, plan.stated)
    return fragment(
        "notebook.html.j2",
        say,
        **headline(plan, say),
        projects=projects_table(plan, say) if plan.has_tables else None,
        summary=summarise(plan, lang),
    )
