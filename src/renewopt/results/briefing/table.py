"""The small table of the brief: money by fund and period, and homes."""

from __future__ import annotations

from collections.abc import Iterable

from renewopt.charts.labels import Locale, quarter_told
from renewopt.charts.scales import money_scale
from renewopt.results.briefing.periods import Period, quarters_of
from renewopt.results.briefing.voice import Voice, count_told, homes_told
from renewopt.results.reporting.page import Table

__all__ = ["NOTHING", "money_table"]

MANY = (100, 10_000)
"""Units of money in all from which the table writes one digit after the point instead of two, and none."""
NOTHING = "–"
"""How the table writes 0."""


def money_table(voice: Voice) -> Table:
    """Money paid by fund and period, homes that come, households housed; the last column is the sum."""
    say, found = voice.say, quarters_of(voice.plan)
    scale = money_scale(found.total[-1] if found.paid else 0.0, say)

    def amounts(row: Iterable[float]) -> list[str]:
        units = found.total[-1] / scale.yuan
        digits = 0 if scale.yuan == 1 else sum(units < most for most in MANY)
        return [f"{amount / scale.yuan:,.{digits}f}" if amount else NOTHING for amount in row]

    rows = [
        [voice.name("fund", fund) if fund else say("brief.row.other"), *amounts(paid)]
        for fund, paid in found.paid.items()
    ]
    if len(rows) > 1:
        rows.append([say("brief.row.total"), *amounts(found.total)])
    for key, part in (("repaid", found.repaid), ("outside", found.outside)):
        if part is not None:
            rows.append([say(f"brief.row.{key}"), *amounts(part)])
    if found.homes is not None:
        rows.append([say("brief.row.homes"), *(homes_told(homes) if homes else NOTHING for homes in found.homes)])
    if voice.plan.households:
        rows.append([say("brief.row.housed"), *(count_told(count) if count else NOTHING for count in found.housed)])
    head = [say("brief.column.fund"), *(_period(each, say) for each in found.periods), say("brief.column.total")]
    return Table(say("brief.table", unit=scale.unit), head, rows, range(1, len(head)))


def _period(period: Period, say: Locale) -> str:
    if not period.last:
        return say("brief.column.after")
    year, last = int(period.first[:4]), int(period.last[:4])
    if period.quarter:
        return quarter_told(f"{year}-{period.quarter}", say)
    if year != last:
        return say("brief.column.years", first=year, last=last)
    if period.first.endswith("-01") and period.last.endswith("-12"):
        return say("brief.column.year", year=year)
    return say("brief.column.part", year=year, first=int(period.first[5:]), last=int(period.last[5:]))
