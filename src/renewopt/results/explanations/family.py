"""A family's page: what is planned for it and why, on one sheet of A4, without data of any other household."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renewopt.results.explanations.telling import (
    A_YUAN,
    at_least,
    changes_told,
    offer_told,
    plan_told,
    reasons_told,
    records,
    subject,
)
from renewopt.results.reporting.page import Table, page, words_for
from renewopt.wording import Language, of_its_place
from renewopt.wording.amounts import of_household

if TYPE_CHECKING:
    from renewopt.charts.labels import Locale
    from renewopt.results.explanations.record import ExplanationRecord

__all__ = ["family_page"]

SHOWN = 6
"""Rows and sentences that fit on a sheet together."""


@of_its_place
def family_page(explanation: ExplanationRecord, lang: Language) -> str:
    """Write the page.

    Parameters
    ----------
    explanation
    lang : {'en', 'zh'}
    """
    say = words_for(lang)
    return page(
        "family.html.j2",
        say,
        [],
        title=say("explain.family.title", household=explanation.household),
        subtitle=subject(explanation, lang),
        plan=plan_told(explanation, lang),
        others=_others(explanation, say),
        reasons=reasons_told(explanation, lang)[:SHOWN],
        changes=changes_told(explanation, lang)[:SHOWN],
        kept=say("explain.family.kept", name=explanation.plan),
    )


def _others(explanation: ExplanationRecord, say: Locale) -> Table | None:
    rows = records(explanation.alternatives)[:SHOWN]
    if not rows:
        return None
    head = [say(f"explain.column.{name}") for name in ("number", "offer", "month", "housed", "fees")]
    cells = []
    for number, row in enumerate(rows, 1):
        part = f"{row['part']} · " if row["part"] else ""
        little = row["rise"] <= A_YUAN
        cells.append(
            [
                str(number),
                part + offer_told(row, say.lang),
                str(row["month"]),
                str(row["housed"]),
                of_household(say.lang, row["fees"]),
                say("explain.family.little") if little else at_least(say.lang, row["rise"]),
            ]
        )
    return Table("", [*head, say("explain.family.cost")], cells, range(4, 6))
