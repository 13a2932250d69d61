"""The report's look-up: one types a household's number and reads what is planned for it and what else there is.

What is planned is told from the plan's tables; next-best offers are there where the plan kept its prices, or is so
small that finding them takes no time, and its scenario can be read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renewopt.errors import RenewoptError
from renewopt.results.explanations.bulk import NextBest, next_best
from renewopt.results.explanations.grounds import opened
from renewopt.results.explanations.record import Proof
from renewopt.results.explanations.telling import at_least, offer_told, proof_told, records, row_told
from renewopt.results.reporting.page import in_script

if TYPE_CHECKING:
    from renewopt.charts.labels import Locale
    from renewopt.results.record import PlanRecord

__all__ = ["LookUp", "look_up"]

MOST = 20_000
"""Households that a page answers for: some hundred bytes each."""
OFFERS = 3
AT_ONCE = 200
"""Rows of claims up to which prices are found for the page, where the plan kept none."""


@dataclass(frozen=True)
class LookUp:
    """What the page needs: answers as JSON, an id to show what is typed, and how sure the answers are."""

    json: str
    example: str
    proof: str


def look_up(plan: PlanRecord, say: Locale) -> LookUp | None:
    """Answer for all households; None where there are too many, or none."""
    rows = records(plan.claims)
    if not rows or len(rows) > MOST:
        return None
    found = _next_best(plan)
    offers, months = _Numbers(), _Numbers()
    households: dict[str, list[Any]] = {}
    projects = _Numbers()
    for row in rows:
        entry = households.setdefault(
            str(row["household"]), [projects.of(say.label("project", str(row["project"]))), [], []]
        )
        entry[1].append(row_told(_of_one(row), say.lang, several=row["count"] > 1))
    if found is not None:
        for each in records(found.frame()):
            part = f"{each['part']} · " if each["part"] else ""
            households[str(each["household"])][2].append(
                [
                    offers.of(part + offer_told(each, say.lang)),
                    months.of(each["month"]),
                    months.of(each["housed"]),
                    at_least(say.lang, each["fees"]),
                    at_least(say.lang, each["rise"]),
                ]
            )
    told = {
        "project": say("lookup.project"),
        "unknown": say("lookup.unknown"),
        "head": [say(f"explain.column.{name}") for name in ("offer", "month", "housed", "fees", "rise")],
        "offers": offers.names,
        "months": months.names,
        "projects": projects.names,
        "households": households,
    }
    proof: Proof | None = None if found is None else found.grounds.proof
    return LookUp(
        in_script(json.dumps(told, ensure_ascii=False, separators=(",", ":"))),
        str(rows[0]["household"]),
        say("lookup.alone") if proof is None else " ".join(proof_told(proof, say.lang)),
    )


def _of_one(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the plan's claims as one household of it: fees that are only counted are among its fees."""
    fees = (float(row["fees"]) + float(row["fees_valued"])) / max(int(row["count"]), 1)
    return {**row, "fees": fees}


def _next_best(plan: PlanRecord) -> NextBest | None:
    """Next-best offers, where they can be had at once."""
    if not plan.feasible:
        return None
    try:
        if plan.warm is None and len(plan.claims) > AT_ONCE:
            return None
        return next_best(opened(plan), OFFERS)
    except (RenewoptError, ValueError, OSError):
        # Another scenario lies there by now, or none: the page tells what the plan's own tables tell.
        return None


class _Numbers:
    """Texts by number, so that each stands once in the page."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._known: dict[str, int] = {}

    def of(self, name: str) -> int:
        """Number of a text; −1 of none."""
        if not name:
            return -1
        if name not in self._known:
            self._known[name] = len(self.names)
            self.names.append(name)
        return self._known[name]
