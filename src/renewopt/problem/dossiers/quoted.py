"""Why a claim's quotes are no offers: no month that they are stated for is planned, or its deadline comes first."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from renewopt.problem.compiling.exact import NEVER, Ints
from renewopt.problem.compiling.households import table
from renewopt.problem.dossiers.facts import Facts
from renewopt.units import Month
from renewopt.wording import Wording, words

__all__ = ["quote_reasons"]


def quote_reasons(facts: Facts, claims: Ints) -> tuple[Ints, list[Wording]]:
    """Why none of a claim's quotes became an offer.

    Parameters
    ----------
    facts
    claims
        Without an offer.

    Returns
    -------
    (n,) int64, list of Wording
        Row of the list for each claim; −1 where it has no quotes.
    """
    code = np.full(claims.size, -1, dtype=np.int64)
    if facts.scenario.quotes is None or not claims.size:
        return code, []
    frame = table(facts.scenario.quotes)
    names, labels = facts.households.id[claims], facts.households.label()[claims]
    mine = frame[frame["household"].isin(set(names.tolist()))]
    quotes: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in mine[["household", "claim", "first", "last", "price_by_month"]].itertuples(index=False):
        quotes[str(row.household), str(row.claim)].append(row)
    found: dict[Wording, int] = {}
    for number, (name, label) in enumerate(zip(names.tolist(), labels.tolist(), strict=True)):
        own = [*quotes.get((name, ""), ()), *(quotes.get((name, label), ()) if label else ())]
        if own:
            planned = [_planned(facts, row) for row in own]
            text = _reason(facts, planned, int(facts.access.last_housed[claims[number]]))
            code[number] = found.setdefault(text, len(found))
    return code, list(found)


def _planned(facts: Facts, row: Any) -> bool:
    """Whether a quote is stated for some month of the plan."""
    start, months = facts.scenario.start, facts.scenario.months
    first = max(row.first - start.ordinal, 0) if row.first >= 0 else 0
    last = min(row.last - start.ordinal, months - 1) if row.last >= 0 else months - 1
    if not row.price_by_month:
        return bool(first <= last)
    return any(first <= Month.parse(month) - start <= last for month, _ in row.price_by_month)


def _reason(facts: Facts, planned: list[bool], deadline: int) -> Wording:
    if not any(planned) or deadline >= NEVER:
        return words("its quotes hold in no month of the plan")
    if all(planned):
        return words("its quotes would house it after its deadline {deadline}", deadline=facts.month(deadline))
    return words(
        "its quotes hold in no month of the plan, or would house it after its deadline {deadline}",
        deadline=facts.month(deadline),
    )
