"""What else a claim could be given: the best month of each offer, the soonest one, and what each would cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.model.choices import Choices, instalments, lines, streams
from renewopt.optimiser.reduced_costs.reduced import WAITS, Choice
from renewopt.problem import LineKind
from renewopt.results.explanations.grounds import Grounds
from renewopt.units import FEN_PER_YUAN

__all__ = ["Alternative", "cash_by_month", "fees_of", "given_most", "list_alternatives", "money_of", "rise_of", "told"]


@dataclass(frozen=True)
class Alternative:
    """A choice that the plan does not give, and by how much it is dearer than the claim's best response (yuan)."""

    claim: int
    choice: Choice
    reduced: float


def list_alternatives(grounds: Grounds, claim: int, most: int) -> list[Alternative]:
    """Next-best choices of a claim, the cheapest first: of each offer its best month.

    What the plan gives as soon as it can be had, and the choice that houses soonest, are among them.

    Parameters
    ----------
    most
        So many at the most.
    """
    offers, values = grounds.costs.of_claim(claim)
    given = {choice for choice, _, _ in grounds.settled(claim)}
    for choice in given:
        if not choice.waits:
            values[np.flatnonzero(offers == choice.offer), choice.month] = np.inf
    best: dict[tuple[str, str], Alternative] = {}
    for row, offer in enumerate(offers.tolist()):
        month = int(values[row].argmin())
        if np.isfinite(values[row, month]):
            found = Alternative(claim, Choice(offer, month), float(values[row, month]))
            name = grounds.route(found.choice), grounds.pool(found.choice)
            if name not in best or found.reduced < best[name].reduced:
                best[name] = found
    if WAITS not in given and grounds.problem.claims.deadline[claim] < 0:
        reduced = float(grounds.costs.never[claim] - grounds.costs.best[claim])
        best["", ""] = Alternative(claim, WAITS, reduced)
    listed = sorted(best.values(), key=lambda each: each.reduced)[:most]
    sooner = [
        each
        for each in (_sooner_alike(grounds, claim, offers, values), _soonest(grounds, claim, offers, values))
        if each is not None and each.choice not in {other.choice for other in listed}
    ]
    more = list({each.choice: each for each in sooner}.values())[:most]
    return [*listed[: most - len(more)], *sorted(more, key=lambda each: each.reduced)]


def given_most(grounds: Grounds, claim: int) -> Choice:
    """What the plan gives most households of a claim."""
    return max(grounds.settled(claim), key=lambda each: each[1])[0]


def _sooner_alike(grounds: Grounds, claim: int, offers: np.ndarray, values: np.ndarray) -> Alternative | None:
    """The first month of what the plan gives, if sooner than the plan's."""
    given = given_most(grounds, claim)
    at = np.flatnonzero(offers == given.offer)
    if given.waits or not at.size:
        return None
    months = np.flatnonzero(np.isfinite(values[at[0], : given.month]))
    if not months.size:
        return None
    return Alternative(claim, Choice(given.offer, int(months[0])), float(values[at[0], months[0]]))


def _soonest(grounds: Grounds, claim: int, offers: np.ndarray, values: np.ndarray) -> Alternative | None:
    """The choice that houses the claim soonest, if sooner than the plan does; of equals the cheapest."""
    row, month = np.nonzero(np.isfinite(values))
    if not row.size:
        return None
    housed = month + grounds.problem.offers.housed_after[offers[row]]
    first = np.lexsort((values[row, month], housed))[0]
    now = min((grounds.housed(choice) for choice, _, _ in grounds.settled(claim)), default=0)
    if housed[first] >= now:
        return None
    at = row[first], month[first]
    return Alternative(claim, Choice(int(offers[at[0]]), int(at[1])), float(values[at]))


def rise_of(grounds: Grounds, claim: int, reduced: float) -> tuple[float, float]:
    """What a choice is proven to cost: above the proven bound, and above this plan (below 0: nothing is proven).

    Parameters
    ----------
    reduced
        By how much it is dearer than the claim's best response, for one household.
    """
    unit = int(grounds.costs.unit(np.array([claim]))[0])
    least = max(grounds.proof.bound, grounds.costs.lagrangian + unit * reduced)
    return least - grounds.proof.bound, least - grounds.proof.objective


def told(grounds: Grounds, claim: int, choice: Choice) -> dict[str, object]:
    """Columns that say what a choice is: route, pool, months, and its money for one household."""
    problem = grounds.problem
    label = grounds.label
    row: dict[str, object] = {
        "part": str(problem.claims.part[claim]),
        "route": grounds.route(choice),
        "pool": grounds.pool(choice),
    }
    if not choice.waits:
        stops = int(problem.fee_stops(np.array([choice.offer]), np.array([choice.month]))[0])
        row |= {"month": label(choice.month), "housed": label(grounds.housed(choice)), "fee_stops": label(stops)}
    return row | money_of(grounds, claim, choice)


def money_of(grounds: Grounds, claim: int, choice: Choice) -> dict[str, object]:
    """Fees until they stop, what the funds pay for it, and what the household pays (− is paid); yuan."""
    problem = grounds.problem
    if choice.waits:
        fees = float(fees_of(grounds, np.array([claim]), np.array([-1]), np.array([-1]))[0])
        return {"fees": fees, "price": 0.0, "household_pays": 0.0}
    one = _one(grounds, claim, choice)
    price = int(instalments(problem, one).fen.sum())
    received = int(lines(problem, one, received=True).fen.sum())
    table = problem.offers.lines.take(one.offer)
    refund = int(table["fen"][(table["kind"] == LineKind.refund) & (table["need"] >= 0)].sum())
    return {
        "fees": float(fees_of(grounds, one.claim, one.offer, one.month)[0]),
        "price": price / FEN_PER_YUAN,
        "household_pays": (received - refund) / FEN_PER_YUAN,
    }


def fees_of(
    grounds: Grounds, claim: NDArray[np.int64], offer: NDArray[np.int64], month: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(n,) transition fees of one household in yuan until they stop; offer −1: to the end, and those counted after it.

    Parameters
    ----------
    claim, offer, month
        (n,) of choices.
    """
    problem = grounds.problem
    months, end = problem.calendar.months, problem.calendar.valued_until
    due = problem.fees.fen(claim, slice(0, end))
    due[:, months:] *= problem.fees.is_valued(claim, problem.calendar)
    upto = np.zeros((claim.size, end + 1), dtype=np.int64)
    np.cumsum(due, axis=1, out=upto[:, 1:])
    fen = upto[np.arange(claim.size), np.where(offer >= 0, month, end)]
    has = np.flatnonzero(offer >= 0)
    housed = month[has] + problem.offers.housed_after[offer[has]].astype(np.int64)
    chosen = Choices(offer[has], month[has], claim[has], housed, np.ones(has.size, dtype=np.int64))
    stream, _ = streams(problem, chosen)
    np.add.at(fen, has[stream.choice], stream.fen)
    return fen / FEN_PER_YUAN


def cash_by_month(grounds: Grounds, choice: Choice) -> dict[int, tuple[float, float]]:
    """Yuan that the funds pay for a choice, fees aside, by month; and what they are worth at the plan's prices."""
    if choice.waits:
        return {}
    cash = grounds.costs.cash(np.array([choice.offer]), np.array([choice.month]))
    found: dict[int, tuple[float, float]] = {}
    for month, amount, worth in zip(cash.month.tolist(), cash.amount.tolist(), cash.worth.tolist(), strict=True):
        before = found.get(month, (0.0, 0.0))
        found[month] = before[0] + amount, before[1] + worth
    return {month: pair for month, pair in sorted(found.items()) if pair[0]}


def _one(grounds: Grounds, claim: int, choice: Choice) -> Choices:
    """A single choice, for the tables of what choices cause."""
    return Choices(
        np.array([choice.offer]),
        np.array([choice.month]),
        np.array([claim]),
        np.array([grounds.housed(choice)]),
        np.ones(1, dtype=np.int64),
    )
