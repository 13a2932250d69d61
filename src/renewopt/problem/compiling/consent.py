"""What is the household's choice, not the office's: to pay more than it must (rule 11), to switch routes (rule 15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from renewopt.problem.compiling.access import Access
from renewopt.problem.compiling.book import Marks, Match
from renewopt.problem.compiling.estates import Compiling
from renewopt.problem.compiling.exact import Bools, Ints
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.limits import Cap
from renewopt.problem.compiling.reservation import homes_due, open_for_transfer
from renewopt.problem.offers import Offers, Route
from renewopt.problem.subsets import take_rows
from renewopt.problem.supply import SWITCH, Phases
from renewopt.scenario.models import Scenario

__all__ = ["Consented", "household_pays", "only_consented", "switch_caps"]

_FAR = 2**62
"""More fen than any home costs."""


@dataclass(frozen=True, eq=False)
class Consented:
    """The offers left, and the caps on those that only some households of a row consent to."""

    offers: Offers
    marks: Marks
    caps: tuple[Cap, ...] = ()


def household_pays(offers: Offers) -> Ints:
    """(O,) fen that the household pays; what is paid to it is not set off."""
    fen = offers.lines["fen"]
    paid = np.zeros(len(offers), dtype=np.int64)
    np.subtract.at(paid, offers.lines.row, np.minimum(fen, 0))
    return paid


def only_consented(work: Compiling, phases: Phases, offers: Offers, marks: Marks) -> Consented:
    """Leave out homes that a household would neither be due nor consent to pay for.

    Of the homes by which its policy meets the entitlement, in all estates that are open to it, and which exist or can
    come within the horizon, a household has those with the least payment, and dearer ones up to what it consents to.
    A home below the entitlement, for want of a larger one, goes where another estate has a larger one. Homes
    that it may choose only by a right to switch set no measure, unless it has no others. Quotes are the planner's own
    word: they neither fall under the rule nor set a measure.

    Parameters
    ----------
    work, phases
        What was compiled.
    offers, marks
        Offers, before lines are added that every settlement has, such as the moving fee.
    """
    households = work.households
    by_right = work.access.right[offers.claim, offers.route] >= 0
    matched = marks.match >= Match.FALLBACK
    if not matched.any():
        return Consented(offers, marks)
    pays = household_pays(offers)
    there = matched & _to_come(work, phases, offers)
    reaches = marks.match == Match.REACHES
    claim, size = offers.claim, len(households)
    measure = np.full(size, _FAR, dtype=np.int64)
    for rows, least in (
        (matched & ~reaches & ~there, False),
        (matched & reaches & ~there, True),
        (there & ~reaches & by_right, False),
        (there & reaches & by_right, True),
        (there & ~reaches & ~by_right, False),
        (there & reaches & ~by_right, True),
    ):
        found = np.full(size, _FAR if least else -1, dtype=np.int64)
        (np.minimum if least else np.maximum).at(found, claim[rows], pays[rows])
        known = np.unique(claim[rows])
        measure[known] = found[known]
    # For want of a home that reaches the entitlement, the largest there is.
    largest = np.full(size, -1, dtype=np.int64)
    np.maximum.at(largest, claim[there & ~by_right], offers.given[there & ~by_right])
    dearer = matched & (pays > measure[claim])
    agreed = dearer & (pays <= work.portions.of(households.pays_up_to)[claim]) & _may(households)[claim]
    smaller = (marks.match == Match.FALLBACK) & (offers.given < largest[claim])
    kept = np.flatnonzero((~dearer | agreed) & ~smaller)
    caps = tuple(_caps(households, take_rows(offers, kept), agreed[kept]))
    if kept.size == len(offers):
        return Consented(offers, marks, caps)
    return Consented(take_rows(offers, kept), marks.take(kept), caps)


def _to_come(work: Compiling, phases: Phases, offers: Offers) -> Bools:
    """(O,) whether the homes exist or can come within the horizon, by transfer as far as they are open to it."""
    households, supply, total = work.households, work.catalogue.supply, work.pools.total(phases)
    surplus = open_for_transfer(
        work.scenario,
        work.pools,
        total,
        homes_due(offers, total, households.expecting_homes(work.scenario.months)).total,
    )
    surplus = np.where(surplus < 0, supply, np.minimum(supply, surplus))
    row, pool = offers.stock.row, offers.stock["pool"]
    together = np.where(households.indivisible, households.count, 1)[offers.claim[row]]
    available = np.where(offers.route[row] == Route.transfer, surplus[pool], supply[pool])
    lacking = np.zeros(len(offers), dtype=bool)
    lacking[row[offers.stock["amount"] * together > available]] = True
    return ~lacking


def _may(households: Households) -> Bools:
    """(H,) whether any household of the row may be taken at its consent: of those kept together, only all."""
    needed = np.where(households.indivisible, households.count, 1)
    return households.consenting >= needed


def _caps(households: Households, offers: Offers, agreed: Bools) -> Iterator[Cap]:
    """Yield a cap for each row of which only a share consents."""
    rows = np.flatnonzero(agreed & (households.consenting < households.count)[offers.claim])
    starts = np.flatnonzero(np.diff(offers.claim[rows], prepend=-1))
    for some in np.split(rows, starts[1:]) if rows.size else ():
        claim = int(offers.claim[some[0]])
        part = f"/{households.part[claim] + 1}" if households.parts[claim] > 1 else ""
        yield Cap(f"consent/{households.id[claim]}{part}", int(households.consenting[claim]), some)


def switch_caps(
    scenario: Scenario, households: Households, access: Access, offers: Offers, marks: Marks
) -> Iterator[Cap]:
    """Yield a cap for each right to switch (rule 15).

    Its holders are the households with an offer by it; at most ⌊share × holders⌋ take one, or as many as a future says.
    """
    number = np.where(marks.match == Match.QUOTED, -1, access.right[offers.claim, offers.route])
    project = households.project[offers.claim]
    for row, stated in enumerate(scenario.projects):
        for place, right in enumerate(stated.switch_rights):
            mine = np.flatnonzero((project == row) & (number == place))
            if mine.size:
                holders = int(households.count[np.unique(offers.claim[mine])].sum())
                most = int(Decimal(holders) * right.switch_share)
                yield Cap(f"{SWITCH}{stated.id}/{'+'.join(right.routes)}", most, mine)
