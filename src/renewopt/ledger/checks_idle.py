"""Idle homes: households wait to the end while homes that are open to them stand free, and would cost no fund money.

A remark and no check: a rule of thumb may leave homes empty on purpose, as waiting for the own estate does. Of the
optimiser's plans there is nothing of the kind to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.books import Books
from renewopt.ledger.exact import table
from renewopt.ledger.fees import fees_of_one
from renewopt.ledger.people import read_choices
from renewopt.ledger.place import where
from renewopt.ledger.violations import Violation
from renewopt.problem import Problem, Route
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import Goal


def idle_homes(books: Books) -> Iterator[Violation]:
    """Say for each project how many of those who wait to the end could be housed, one after the other, and where.

    A household could be housed if an offer costs no fund any money (no price, no payment to the household, in no month
    a higher fee than waiting), homes for it stay free to the end, reservations and limits admit it, and neither the
    objective nor a tier's value would rise.
    """
    problem = books.problem
    standing = _Standing(books)
    placed = np.zeros(len(problem.claims), dtype=np.int64)
    homes: dict[int, Counter[int]] = {}
    for offer in _offers(books).tolist():
        claim = int(problem.offers.claim[offer])
        number = standing.take(offer, int(books.people.unsettled[claim] - placed[claim]))
        if not number:
            continue
        placed[claim] += number
        of_project = homes.setdefault(int(problem.claims.project[claim]), Counter())
        of_project.update({pool: number for pool, _ in standing.homes(offer)})
    households = np.zeros(len(problem.claims), dtype=np.int64)
    np.maximum.at(households, problem.claims.first, placed)
    for project, pools in sorted(homes.items()):
        yield Violation(
            "idle",
            "idle.homes" if pools else "idle.offers",
            where(
                project=problem.projects[project],
                homes=pools.total(),
                pools=", ".join(f"{problem.pools.id[pool]}: {pools[pool]}" for pool in sorted(pools)),
            ),
            0,
            int(households[problem.claims.project == project].sum()),
            "households",
            "finding",
        )


def _offers(books: Books) -> NDArray[np.intp]:
    """Offers of those who wait that no fund pays for (prices by month aside), with homes that are free at the end."""
    problem = books.problem
    offers, stock = problem.offers, books.stock
    left = (stock.arrived + stock.delivered - stock.taken).sum(axis=1)
    open_to_them = books.people.unsettled[offers.claim] > 0
    open_to_them[offers.stock.row[left[offers.stock["pool"]] < offers.stock["amount"]]] = False
    open_to_them[offers.lines.row[offers.lines["fen"] > 0]] = False
    return np.flatnonzero(open_to_them)


EVERYBODY = 2**40
"""More households than there are: in months in which a limit does not hold."""


class _Standing:
    """What is free, less what is taken of it in thought, one offer after the other."""

    def __init__(self, books: Books) -> None:
        problem, stock, limits = books.problem, books.stock, books.problem.limits
        months = problem.calendar.months
        self.problem = problem
        self.stock = np.cumsum(stock.arrived + stock.delivered - stock.taken, axis=1)
        self.reserved = problem.pools.surplus >= 0
        moved = np.cumsum(stock.freed - stock.transferred, axis=1)
        self.open = (problem.pools.surplus[:, None] + moved)[:, :months]
        self.released = problem.freed_by
        self.limits = problem.limits_of_offer
        chosen = books.choices
        counted = self.limits.take(chosen.offer)
        used = table((len(limits), months), counted["limit"], chosen.month[counted.row], chosen.households[counted.row])
        used = np.where(limits.monthly[:, None], used, used.sum(axis=1, keepdims=True))
        month = np.arange(months)
        held = (limits.first[:, None] <= month) & (month <= limits.last[:, None])
        self.admitted = np.where(held, limits.cap[:, None] - used, EVERYBODY)

    def take(self, offer: int, waiting: int) -> int:
        """Put as many of a claim's households who wait into the offer as may take it; their number."""
        problem, offers = self.problem, self.problem.offers
        claim = int(offers.claim[offer])
        unit = int(problem.claims.count[claim]) if problem.claims.indivisible[claim] else 1
        months = np.arange(max(int(offers.first[offer]), problem.calendar.now), int(offers.last[offer]) + 1)
        done = 0
        for month in months[offers.price_fen(np.full(months.size, offer), months) == 0].tolist():
            number = self._room(offer, month, waiting - done) // unit * unit
            if number and _no_dearer(problem, offer, month):
                self._give(offer, month, number)
                done += number
        return done

    def _room(self, offer: int, month: int, most: int) -> int:
        """Households, `most` at the most, for whom homes stay free to the end, within reservations and limits."""
        limits = self.limits.take(np.array([offer]))["limit"]
        freed = dict(self._freed(offer))
        room = [most, *(int(self.admitted[limit, month]) for limit in limits.tolist())]
        housed = min(month + int(self.problem.offers.housed_after[offer]), self.stock.shape[1] - 1)
        for pool, amount in self.homes(offer):
            room.append(int(self.stock[pool, housed:].min()) // amount)
            # By the same choice the household frees what was reserved for itself.
            net = amount - freed.get(pool, 0)
            if self.reserved[pool] and self.problem.offers.route[offer] == Route.transfer and net > 0:
                room.append(int(self.open[pool, month:].min()) // net)
        return max(min(room), 0)

    def homes(self, offer: int) -> list[tuple[int, int]]:
        """(pool, hundredths) that one household takes."""
        taken = self.problem.offers.stock.take(np.array([offer]))
        total: Counter[int] = Counter()
        for pool, amount in zip(taken["pool"].tolist(), taken["amount"].tolist(), strict=True):
            total[pool] += amount
        return [(pool, amount) for pool, amount in total.items() if amount]

    def _freed(self, offer: int) -> list[tuple[int, int]]:
        """(pool, hundredths) reserved for a household of the offer's claim."""
        freed = self.released.take(self.problem.offers.claim[[offer]])
        return list(zip(freed["pool"].tolist(), freed["amount"].tolist(), strict=True))

    def _give(self, offer: int, month: int, number: int) -> None:
        problem, offers = self.problem, self.problem.offers
        housed = min(month + int(offers.housed_after[offer]), self.stock.shape[1] - 1)
        for pool, amount in self.homes(offer):
            self.stock[pool, housed:] -= number * amount
            if offers.route[offer] == Route.transfer:
                self.open[pool, month:] -= number * amount
        if offers.route[offer] != Route.own_unit:
            for pool, amount in self._freed(offer):
                self.open[pool, month:] += number * amount
        for limit in self.limits.take(np.array([offer]))["limit"].tolist():
            at = slice(month, month + 1) if problem.limits.monthly[limit] else slice(None)
            self.admitted[limit, at] -= number


def _no_dearer(problem: Problem, offer: int, month: int) -> bool:
    """Whether in no month more is to be paid on the fee than if the household waited, and no goal comes to more."""
    offers, objective, months = problem.offers, problem.objective, problem.calendar.months
    claim = int(offers.claim[offer])
    waits, waits_late = fees_of_one(problem, claim, None)
    fee, late = fees_of_one(problem, claim, read_choices(problem, np.array([[offer, month, 1]])))
    paid, valued = (waits + waits_late)[:months], (waits + waits_late)[months:]
    if (fee[:months] + late[:months] > paid).any() or (fee[months:] + late[months:]).any():
        return False
    disutility = float(offers.disutility[offer])
    cost = objective.disutility_weight * FEN_PER_YUAN * disutility
    ends = int(problem.claims.ends[claim])
    end = months + problem.calendar.after_horizon_months
    end = end if ends < 0 else min(end, ends)
    out = max(int(problem.fees.moved_out[problem.fees.clock[claim]]), int(problem.claims.begins[claim]), 0)
    housed = month + int(offers.housed_after[offer])
    waited = max(housed - out, 0) - max(end - out, 0)
    cost += float(problem.claims.weight[claim]) * objective.waiting_cost * FEN_PER_YUAN * waited
    if objective.name == Goal.FISCAL:
        remaining = int(problem.claims.obligation[claim] + valued.sum())
        got = offers.lines.take(np.array([offer]))
        cost -= float(objective.discount(months)) * remaining
        cost += float((objective.discount(month + got["after"]) * got["fen"]).sum())
    else:
        cost += float(problem.claims.weight[claim]) * int((fee + late - waits - waits_late).sum())
    later = int((late - waits_late).sum())
    for tier in objective.tiers:
        rises = {
            Goal.OVERDUE: later > 0,
            Goal.DISUTILITY: disutility > 0,
            # Housed so late that it would have waited less long as one who never chose.
            Goal.LONGEST_WAIT: housed > (months if ends < 0 else min(months, ends)),
            # A mean that falls may be the least one.
            Goal.WAIT_SPREAD: True,
        }
        if tier.claims[claim] and any(tier.goal == goal and worse for goal, worse in rises.items()):
            return False
    return cost <= 0
