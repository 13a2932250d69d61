"""What a planner should look at before any plan: who has no offer, too small a one, or only a late one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from renewopt.problem.compiling.exact import Bools, Ints
from renewopt.problem.dossiers.facts import Facts, find_facts
from renewopt.problem.dossiers.joining import by_cause, joined
from renewopt.problem.dossiers.never import why_never
from renewopt.problem.dossiers.reasons import reasons
from renewopt.problem.dossiers.relatives import why_apart
from renewopt.problem.problem import Problem
from renewopt.scenario.models import Scenario
from renewopt.wording import NOTHING, Wording

__all__ = ["LATE", "Notice", "last_months", "notice_households"]

NoticeKind = Literal["no_offer", "never", "below", "late", "apart"]
LATE = 10
"""Who can be housed only in the last 1/LATE of the planned months is listed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Households that have one thing in common.

    Attributes
    ----------
    kind
        ``no_offer``: the rules offer nothing; ``never``: no offer can ever be had; ``below``: no home offered reaches
        the area due; ``late``: housed in the last months at the earliest;
        ``apart``: related households that no estate can take together.
    households
        Their ids, each once, in the order of the problem's tables.
    count
        How many they are, cohorts by their households.
    reason
        Of the first two kinds and the last.
    """

    kind: NoticeKind
    households: tuple[str, ...]
    count: int
    reason: Wording = NOTHING


def last_months(months: int) -> int:
    """How many months are the last ones: a tenth of those planned, rounded up."""
    return -(-months // LATE)


def notice_households(problem: Problem, scenario: Scenario) -> list[Notice]:
    """List the households that a planner should look at.

    Parameters
    ----------
    problem
        The compiled scenario.
    scenario
        What it was compiled from.

    Returns
    -------
    list of Notice
        The most households first within a kind.
    """
    facts = find_facts(scenario, problem)
    found: list[Notice] = []
    code, causes = reasons(facts, alike=True)
    # Who is no more within the horizon needs no home.
    stays = problem.claims.stay(problem.calendar.months)
    groups: list[tuple[NoticeKind, Ints, Ints, list[Wording]]] = [
        ("no_offer", facts.without, code, causes),
        ("never", facts.stuck, *_stuck(facts)),
    ]
    for kind, claims, of_claim, texts in groups:
        left = [claims[(of_claim == row) & stays[claims]] for row in range(len(texts))]
        notices = [_notice(facts, kind, those, text) for those, text in zip(left, texts, strict=True) if those.size]
        found += sorted(notices, key=lambda notice: -notice.count)
    housed = np.full(len(problem.claims), -1, dtype=np.int64)
    usable = facts.housed_from >= 0
    claim = problem.offers.claim
    housed[claim[usable]] = problem.calendar.months * 2
    np.minimum.at(housed, claim[usable], facts.housed_from[usable])
    late = housed >= problem.calendar.months - last_months(problem.calendar.months)
    others: list[tuple[NoticeKind, Bools]] = [("below", _below(problem, usable)), ("late", late)]
    for kind, members in others:
        if (members & stays).any():
            found.append(_notice(facts, kind, np.flatnonzero(members & stays), NOTHING))
    apart = [group for group in facts.groups if not group.kept]
    return found + [_notice(facts, "apart", np.array([*group.homes]), why_apart(facts, group)) for group in apart]


def _notice(facts: Facts, kind: NoticeKind, claims: Ints, reason: Wording) -> Notice:
    """Name the households of some claims, each once."""
    first = np.unique(facts.problem.claims.first[claims])
    names = tuple(map(str, facts.problem.claims.household[first].tolist()))
    return Notice(kind, names, int(facts.problem.claims.count[first].sum()), reason)


def _below(problem: Problem, usable: Bools) -> Bools:
    """(H,) whether the largest home that a claim can have is smaller than its entitlement.

    Who can have what no area is stated for, a voucher among it, is not below.
    """
    offers, due = problem.offers, problem.claims.due
    largest = np.full(len(problem.claims), -1, dtype=np.int64)
    np.maximum.at(largest, offers.claim[usable], offers.given[usable])
    unknown = np.zeros(len(problem.claims), dtype=bool)
    unknown[offers.claim[usable & (offers.given < 0)]] = True
    below: Bools = (largest >= 0) & (largest < due) & ~unknown
    return below


def _stuck(facts: Facts) -> tuple[Ints, list[Wording]]:
    """Why none of the offers of `Facts.stuck` can ever be had: row of the list for each of these claims."""
    offers = facts.problem.offers
    of_offer, causes = why_never(facts) if facts.stuck.size else (np.zeros(0, dtype=np.int64), [])
    start = np.searchsorted(offers.claim, facts.stuck)
    end = np.searchsorted(offers.claim, facts.stuck, side="right")
    found: dict[tuple[tuple[str, int], ...], int] = {}
    code = np.zeros(facts.stuck.size, dtype=np.int64)
    for row, (low, high) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        key = tuple(zip(offers.label[low:high].tolist(), of_offer[low:high].tolist(), strict=True))
        code[row] = found.setdefault(key, len(found))
    return code, [joined([*by_cause((name, causes[number]) for name, number in key)]) for key in found]
