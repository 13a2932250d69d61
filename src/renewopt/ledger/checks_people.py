"""Checks of households, stock and limits (rules 1, 4 and 5 of the accounts)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renewopt.ledger.books import Books
from renewopt.ledger.exact import table, totals
from renewopt.ledger.place import cells, claim_name, first_over, months_between, where
from renewopt.ledger.violations import Violation
from renewopt.problem import Route


def check_household(books: Books) -> Iterator[Violation]:
    """Check that households are settled once at most, in the months of the offer, an indivisible claim as a whole."""
    problem, choices = books.problem, books.choices
    claims, offers, label = problem.claims, problem.offers, problem.calendar.label
    chosen = totals(len(claims), choices.claim, choices.households)
    for claim in np.flatnonzero(chosen > claims.count).tolist():
        yield Violation(
            "household",
            "household.count",
            where(claim=claim_name(problem, claim)),
            int(claims.count[claim]),
            int(chosen[claim]),
            "households",
        )
    made = choices.households != 0
    outside = (choices.month < offers.first[choices.offer]) | (choices.month > offers.last[choices.offer])
    for row in np.flatnonzero(made & outside).tolist():
        offer = int(choices.offer[row])
        yield Violation(
            "household",
            "household.window",
            where(claim=claim_name(problem, int(choices.claim[row])), offer=offers.label[offer]),
            months_between(problem, int(offers.first[offer]), int(offers.last[offer])),
            label(int(choices.month[row])),
            "month",
        )
    whole = made & claims.indivisible[choices.claim]
    for row in np.flatnonzero(whole & (choices.households != claims.count[choices.claim])).tolist():
        claim = int(choices.claim[row])
        yield Violation(
            "household",
            "household.indivisible",
            where(
                claim=claim_name(problem, claim),
                offer=offers.label[int(choices.offer[row])],
                month=label(int(choices.month[row])),
            ),
            int(claims.count[claim]),
            int(choices.households[row]),
            "households",
        )


def check_pins(books: Books) -> Iterator[Violation]:
    """Check that who has signed takes what was signed for, in the months that were; and takes it at all: a finding."""
    problem, choices = books.problem, books.choices
    pins, offers, label = problem.pins, problem.offers, problem.calendar.label
    for pin in range(len(pins)):
        claim, route, pool = int(pins.claim[pin]), int(pins.route[pin]), pins.label[pin]
        mine = np.flatnonzero((choices.claim == claim) & (choices.households > 0))
        signed = " ".join(filter(None, ["" if route < 0 else Route(route).name, pool]))
        for row in mine.tolist():
            offer, month = int(choices.offer[row]), int(choices.month[row])
            place = where(claim=claim_name(problem, claim), month=label(month))
            other_pool = pool and pool not in (offers.label[offer], offers.label[offer].rpartition("/")[0])
            if (route >= 0 and offers.route[offer] != route) or other_pool:
                taken = f"{Route(int(offers.route[offer])).name} {offers.label[offer]}"
                yield Violation("pins", "pins.offer", place, signed, taken, "text")
            if not pins.first[pin] <= month <= pins.last[pin]:
                months = months_between(problem, int(pins.first[pin]), int(pins.last[pin]))
                yield Violation("pins", "pins.month", place, months, label(month), "month")
        left = int(problem.claims.count[claim] - choices.households[mine].sum())
        if pins.must[pin] and left > 0:
            place = where(claim=claim_name(problem, claim), month=label(int(pins.last[pin])))
            yield Violation("pins", "pins.left", place, 0, left, "households", "finding")


def check_related(books: Books) -> Iterator[Violation]:
    """Check that related households which are given homes are all given them in one estate."""
    problem, choices = books.problem, books.choices
    home = np.isin(problem.offers.route[choices.offer], (Route.own_unit, Route.transfer)) & (choices.households > 0)
    rows = np.flatnonzero(home & (problem.claims.related[choices.claim] != ""))
    taken = problem.offers.stock.take(choices.offer[rows])
    word, claim = problem.claims.related[choices.claim[rows[taken.row]]], choices.claim[rows[taken.row]]
    for group in dict.fromkeys(word.tolist()):
        mine = word == group
        estates = sorted(set(problem.pools.estate[taken["pool"][mine]].tolist()))
        if len(estates) > 1 and np.unique(claim[mine]).size > 1:
            yield Violation("related", "related.parted", where(group=group), 1, ", ".join(map(str, estates)), "text")


def check_deadline(books: Books) -> Iterator[Violation]:
    """Check that with a deadline every household of the claim is housed by then: a finding where it is not."""
    problem, choices = books.problem, books.choices
    claims = problem.claims
    in_time = choices.housed <= claims.deadline[choices.claim]
    housed = totals(len(claims), choices.claim[in_time], choices.households[in_time])
    for claim in np.flatnonzero((claims.deadline >= 0) & (housed < claims.count)).tolist():
        yield Violation(
            "deadline",
            "deadline.missed",
            where(claim=claim_name(problem, claim), month=problem.calendar.label(int(claims.deadline[claim]))),
            0,
            int(claims.count[claim] - housed[claim]),
            "households",
            "finding",
        )


def check_stock(books: Books) -> Iterator[Violation]:
    """Check that what was taken from a pool by those housed up to a month ≤ arrivals and deliveries up to it."""
    problem, stock = books.problem, books.stock
    taken = np.cumsum(stock.taken, axis=1)
    arrived = np.cumsum(stock.arrived + stock.delivered, axis=1)
    for pool, month, found, expected in first_over(taken, arrived):
        yield Violation(
            "stock",
            "stock.overdrawn",
            where(
                pool=problem.pools.id[pool],
                measure=problem.pools.measure[pool],
                month=problem.calendar.label(month),
            ),
            expected,
            found,
            "hundredths",
        )


def check_reservation(books: Books) -> Iterator[Violation]:
    """Check that transfers chosen up to a month take ≤ a pool's surplus and what own households freed by then."""
    problem, stock = books.problem, books.stock
    reserved = np.flatnonzero(problem.pools.surplus >= 0)
    taken = np.cumsum(stock.transferred[reserved], axis=1)
    open_to_all = problem.pools.surplus[reserved, None] + np.cumsum(stock.freed[reserved], axis=1)
    for row, month, found, expected in first_over(taken, open_to_all):
        pool = int(reserved[row])
        yield Violation(
            "reservation",
            "reservation.overdrawn",
            where(
                pool=problem.pools.id[pool],
                measure=problem.pools.measure[pool],
                month=problem.calendar.label(month),
            ),
            expected,
            found,
            "hundredths",
        )


def check_limits(books: Books) -> Iterator[Violation]:
    """Check that choices of the listed offers, in each month or in all months together, ≤ the cap."""
    problem, choices = books.problem, books.choices
    limits = problem.limits
    by_offer, row = limits.offers["offer"], limits.offers.row
    order = np.argsort(by_offer, kind="stable")
    listed, limit_of = by_offer[order], row[order]
    first = np.searchsorted(listed, choices.offer, side="left")
    length = np.searchsorted(listed, choices.offer, side="right") - first
    choice = np.repeat(np.arange(length.size), length)
    entry = np.arange(choice.size) + np.repeat(first - np.cumsum(length) + length, length)
    shape = (len(limits), problem.calendar.months)
    counted = table(shape, limit_of[entry], choices.month[choice], choices.households[choice])

    months = np.arange(problem.calendar.months)
    held = (limits.first[:, None] <= months) & (months <= limits.last[:, None])
    for limit, month in cells(limits.monthly[:, None] & held & (counted > limits.cap[:, None])):
        yield Violation(
            "limits",
            "limits.monthly",
            where(limit=limits.id[limit], month=problem.calendar.label(month)),
            int(limits.cap[limit]),
            int(counted[limit, month]),
            "households",
        )
    in_all = np.where(limits.monthly[:, None], 0, np.cumsum(counted, axis=1))
    for limit, month, found, expected in first_over(in_all, np.broadcast_to(np.maximum(limits.cap, 0)[:, None], shape)):
        yield Violation(
            "limits",
            "limits.total",
            where(limit=limits.id[limit], month=problem.calendar.label(month)),
            expected,
            found,
            "households",
        )
