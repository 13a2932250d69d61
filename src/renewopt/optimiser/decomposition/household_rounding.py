"""Whole households for a schedule of whole phases.

1. Quota rounding: the members of each class are distributed over the choices that the class uses, in the order of
   their size, so that every choice gets a fair sample and costs what the relaxation of the class says. What does not
   come out even, and a sample to play with, stays open.
2. Those that stay open keep the choices that their class uses and the few that are cheapest for them at the prices;
   the relaxation over these leaves few households split (about as many as there are scarce rows).
3. The split ones are searched in whole numbers; where a limit leaves them no room, others with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.decomposition.pricing import HouseholdPricing, RowPrices
from renewopt.optimiser.decomposition.subproblem import Subproblem, remaining
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.coding import ranks
from renewopt.optimiser.model.decoding import schedule, whole_complete
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, add_up, steps
from renewopt.optimiser.progress import Clock
from renewopt.problem import Decisions, Problem, Tier
from renewopt.problem.decisions import IntTable

OPEN = 4_000
"""Claims that stay open; where there are no more than that, all of them."""
KEPT = 2
"""Cheapest choices that each open claim keeps, besides those that its class uses."""
FREED = 12
"""Choices of each split claim in the search."""
WHOLE = 1e-6
USED = 1e-3
SEARCH_OF_GAP, CLOSEST_SEARCH, LOOSEST_SEARCH = 0.5, 1e-4, 5e-4
"""A search ends at this share of the asked gap; the least, and the most: a plan is worth a few seconds. Where that
might miss a plan that is good enough, it goes on to such a plan, or to the least."""
SEARCH_NODES = 600
"""Nodes of the search: a limit that gives the same plan on every machine."""
LAST_SECONDS = 5.0
"""Seconds that the search gets in the end, some of them beyond its limit: a schedule that was found deserves a plan."""
OTHERS = (0, 300, 1_200)
"""Claims, drawn from those that stay open, that are searched with the split ones: more where these alone find nothing
whole, since a limit on another goal leaves them no room."""
SAMPLED, RELEASED = 4_000, 300
"""Claims looked at for a better plan, and those of them that are searched anew together."""
GOLDEN = (5.0**0.5 - 1.0) / 2.0
OPEN_EVERY = 12
"""Every so-manieth claim stays open among those that keep what they had in an earlier plan."""


@dataclass(frozen=True, eq=False)
class Shares:
    """What classes do in a relaxation.

    Attributes
    ----------
    of_claim
        (H,) class of each claim.
    first_offer
        (classes + 1,) offers of each class, in the order of its members' offers.
    flow
        (offers of classes, T) households that choose.
    count
        (classes,) households.
    """

    of_claim: IntArray
    first_offer: IntArray
    flow: FloatArray
    count: IntArray


@dataclass(frozen=True, eq=False)
class Held:
    """What claims chose in an earlier plan.

    Attributes
    ----------
    offer, month
        (H,) offer and month; −1: nothing that is still to be had, or not all of its households the same.
    """

    offer: IntArray
    month: IntArray


class HouseholdRounding:
    """Finds whole choices for a schedule of phases.

    Parameters
    ----------
    problem
        Needs merged, with a margin in every fund so that payments can be rounded.
    gap
        Relative gap that is asked for.
    """

    def __init__(self, problem: Problem, goal: str | Tier, tier_bounds: tuple[TierBound, ...], gap: float) -> None:
        self._gap = min(max(SEARCH_OF_GAP * gap, CLOSEST_SEARCH), LOOSEST_SEARCH)
        self._problem, self._goal, self._tier_bounds = problem, goal, tier_bounds
        self._pricing = HouseholdPricing(problem, goal, tier_bounds)
        self.interrupted = False

    def find(
        self,
        complete: FloatArray,
        prices: RowPrices,
        shares: Shares,
        clock: Clock,
        held: Held | None = None,
        good_enough: float = -math.inf,
    ) -> tuple[IntTable, IntTable] | None:
        """Whole settling and handover, or None if the search finds none.

        Parameters
        ----------
        complete
            (E × T,) state of the phases.
        held
            Of an earlier plan: who can keep it does, as far as its class still chooses it.
        good_enough
            Value, in the unit of the goal, up to which a plan is within the asked gap of what is proven.
        """
        clock.report("households of the schedule")
        most = OPEN
        while True:
            settled, claims = self._round_by_quota(shares, most) if held is None else self._keep(shares, held)
            _, values = self._pricing.values(prices, claims)
            used = (shares.flow > USED)[self._class_rows(shares, claims)]
            model = self._remaining(settled, claims, used | _cheapest(values, self._start(claims), KEPT))
            x, least = self._relaxed(model, complete, clock)
            if x is not None:
                break
            if held is not None:
                held = None
                continue
            most *= 4
            if claims.size == len(self._problem.claims) or clock.left <= 0:
                return None
        clock.report("whole households")
        split = np.abs(x - np.rint(x)) > WHOLE
        loose = np.zeros(claims.size, dtype=np.bool_)
        loose[model.f.choices.claim[split]] = True
        taken = np.zeros(values.shape)
        taken[model.f.choices.offer, model.f.choices.month] = x
        wanted = (taken > WHOLE) | _cheapest(values, self._start(claims), FREED)
        drawn = np.random.Generator(np.random.PCG64(0)).permutation(claims.size)
        found = None
        gap, target = self._gap, -math.inf
        if least < good_enough < least / (1.0 - math.copysign(gap, least)):
            gap, target = CLOSEST_SEARCH, good_enough
        for others in OTHERS:
            loose[drawn[:others]] = True
            whole = np.concatenate([settled, model.settled(np.where(loose[model.f.choices.claim], 0.0, x))])
            rows = np.repeat(loose, np.diff(self._pricing.start)[claims])
            found = self._search(whole, claims[loose], wanted[rows], complete, clock, gap, target)
            if found is not None or self.interrupted or loose.all() or clock.left <= 0:
                break
        return found

    def improve(
        self, decisions: Decisions, prices: RowPrices, clock: Clock, attempt: int, good_enough: float = -math.inf
    ) -> tuple[IntTable, IntTable] | None:
        """Search anew for some claims of a plan, all others and the schedule of phases kept.

        Half of them are those that pay most above their best choice at the prices, the others are drawn, so that what
        the first give up is of use to somebody.

        Parameters
        ----------
        attempt
            Draws the sample; the same attempt looks at the same claims.
        good_enough
            As in `find`: the search ends with such a plan.
        """
        problem = self._problem
        offers, size = problem.offers, len(problem.claims)
        rng = np.random.Generator(np.random.PCG64(attempt))
        sample = np.sort(rng.choice(size, min(SAMPLED, size), replace=False))
        never, values = self._pricing.values(prices, sample)
        start = self._start(sample)
        claim_of = offers.claim[decisions.settle[:, 0]].astype(np.int64)
        inside = np.isin(claim_of, sample)
        place = np.searchsorted(sample, claim_of[inside])
        row = start[place] + decisions.settle[inside, 0] - self._pricing.start[claim_of[inside]]
        month, count = decisions.settle[inside, 1], decisions.settle[inside, 2].astype(np.float64)
        waiting = problem.claims.count[sample] - add_up(place, count, sample.size)
        paid = add_up(place, values[row, month] * count, sample.size) + np.where(waiting > 0, never * waiting, 0.0)
        best = never.copy()
        filled = np.flatnonzero(np.diff(start) > 0)
        if filled.size:
            lowest = np.minimum.reduceat(values.min(axis=1), start[filled])
            best[filled] = np.minimum(best[filled], lowest)
        regret = paid - best * problem.claims.count[sample]
        order = np.argsort(-regret, kind="stable")
        half = RELEASED // 2
        chosen = np.sort(np.concatenate([order[:half], rng.permutation(order[half:])[:half]]))
        released = sample[chosen]
        mine = np.isin(claim_of, released)
        rows = np.concatenate([np.arange(start[k], start[k + 1]) for k in chosen.tolist()] or [np.zeros(0, np.int64)])
        opened = _cheapest(values[rows], self._start(released), FREED)
        held = decisions.settle[mine]
        held_claim = np.searchsorted(released, offers.claim[held[:, 0]])
        opened[
            self._start(released)[held_claim] + held[:, 0] - self._pricing.start[offers.claim[held[:, 0]]], held[:, 1]
        ] = True
        clock.report("better whole households")
        complete = schedule(problem, decisions.complete).ravel()
        return self._search(decisions.settle[~mine], released, opened, complete, clock, CLOSEST_SEARCH, good_enough)

    def _start(self, claims: IntArray) -> IntArray:
        """First offer of each listed claim among the offers of the listed ones."""
        start = np.zeros(claims.size + 1, dtype=np.int64)
        np.cumsum(np.diff(self._pricing.start)[claims], out=start[1:])
        return start

    def _class_rows(self, shares: Shares, claims: IntArray) -> IntArray:
        """The class's offer of each offer of the listed claims."""
        length = np.diff(self._pricing.start)[claims]
        rows: IntArray = np.repeat(shares.first_offer[shares.of_claim[claims]], length) + steps(length)
        return rows

    def _round_by_quota(self, shares: Shares, most: int) -> tuple[IntTable, IntArray]:
        """Settle most claims as their classes do; the table, and the claims that stay open."""
        claims = self._problem.claims
        size = len(claims)
        if size <= most:
            return np.zeros((0, 3), dtype=np.int64), np.arange(size, dtype=np.int64)
        slot_class, slot_offer, slot_month, share = _slots(shares)
        order, rank = ranks(shares.of_claim, self._problem.fees.ordinary.mean(axis=1))
        # The golden ratio spreads a class's members evenly over its choices, whatever their number.
        turn = np.mod(rank * GOLDEN + 0.5, 1.0)
        begin = np.searchsorted(slot_class, np.arange(shares.count.size + 1))
        upto = np.cumsum(share)
        upto -= np.concatenate(([0.0], upto))[begin[slot_class]]
        slot = np.full(size, -1, dtype=np.int64)
        has = np.diff(begin)[shares.of_claim] > 0
        key = shares.of_claim[has] + np.minimum(turn[has], 1.0 - 1e-12)
        slot[has] = np.searchsorted(slot_class + np.minimum(upto, 1.0 - 1e-9), key, side="right")
        beyond = has & (slot >= begin[shares.of_claim + 1])
        slot[beyond | ~has] = -1
        # Every so-manieth of the claims, in the order of classes and sizes, stays open as well.
        keep = self._kept(shares, slot, slot_class, share, order, every=max(2, size // max(most // 2, 1)))
        chosen = np.flatnonzero(keep & (slot >= 0))
        start = self._pricing.start
        offer = start[chosen] + slot_offer[slot[chosen]] - shares.first_offer[shares.of_claim[chosen]]
        table = np.column_stack([offer, slot_month[slot[chosen]], claims.count[chosen]]).astype(np.int64)
        return table, np.flatnonzero(~keep)

    def _keep(self, shares: Shares, held: Held) -> tuple[IntTable, IntArray]:
        """Leave claims what they had, as many as their class wants to; the table, and the claims that stay open.

        The first of each choice in the order of size, up to its quota.
        """
        claims = self._problem.claims
        slot_class, slot_offer, slot_month, share = _slots(shares)
        months = self._problem.calendar.months
        row = shares.first_offer[shares.of_claim] + held.offer - self._pricing.start[:-1]
        wanted, had = slot_offer * months + slot_month, np.where(held.offer >= 0, row * months + held.month, -1)
        slot = np.searchsorted(wanted, had)
        slot = np.where(np.append(wanted, -1)[slot] == had, slot, -1)
        slot[had < 0] = -1
        order, _ = ranks(shares.of_claim, self._problem.fees.ordinary.mean(axis=1))
        # Who waited stays open: in waiting there is nothing that a new plan could build on.
        keep = self._kept(shares, slot, slot_class, share, order, every=OPEN_EVERY, spare=0.0) & (slot >= 0)
        chosen = np.flatnonzero(keep)
        table = np.column_stack([held.offer[chosen], held.month[chosen], claims.count[chosen]]).astype(np.int64)
        return table, np.flatnonzero(~keep)

    def _kept(
        self,
        shares: Shares,
        slot: IntArray,
        slot_class: IntArray,
        share: FloatArray,
        order: IntArray,
        *,
        every: int,
        spare: float = 1.0,
    ) -> BoolArray:
        """Claims that keep what they were given: of each choice at most its quota less the spare households.

        Every so-manieth stays open in any case.
        """
        claims = self._problem.claims
        allowed = np.floor(share * shares.count[slot_class] - spare + WHOLE)
        lot = np.where(slot >= 0, slot, slot_class.size + shares.of_claim)
        waiting = np.floor((1.0 - np.bincount(slot_class, share, shares.count.size)) * shares.count - spare)
        room = np.concatenate([allowed, waiting])
        sampled = np.zeros(len(claims), dtype=np.bool_)
        sampled[order[::every]] = True
        weight = np.where(sampled, 0, claims.count)
        by_lot = order[np.argsort(lot[order], kind="stable")]
        total = np.cumsum(weight[by_lot])
        head = np.searchsorted(lot[by_lot], lot[by_lot])
        within = total - np.where(head > 0, total[head - 1], 0)
        keep = np.zeros(len(claims), dtype=np.bool_)
        keep[by_lot] = within <= room[lot[by_lot]]
        return keep & ~sampled & ~claims.indivisible

    def _remaining(self, settled: IntTable, claims: IntArray, opened: BoolArray) -> Subproblem:
        return remaining(self._problem, settled, claims, opened, goal=self._goal, tier_bounds=self._tier_bounds)

    @staticmethod
    def _fix_phases(engine: Engine, model: Subproblem, complete: FloatArray) -> None:
        engine.bound_columns(model.restricted.columns_of(model.model.columns["complete"]), complete, complete)

    def _relaxed(self, model: Subproblem, complete: FloatArray, clock: Clock) -> tuple[FloatArray | None, float]:
        """Settle columns of the relaxation, at a corner, and its value."""
        engine = Engine(model.restricted.model, integer=False)
        self._fix_phases(engine, model, complete)
        engine.set("solver", "ipm")
        raw = engine.run(time_limit=clock.left)
        if raw.status == "interrupted":
            raise KeyboardInterrupt
        x = raw.x
        settle = model.model.columns["settle"].index
        return None if x is None else model.restricted.expand(x)[settle], raw.objective

    def _search(
        self,
        settled: IntTable,
        claims: IntArray,
        opened: BoolArray,
        complete: FloatArray,
        clock: Clock,
        gap: float,
        target: float = -math.inf,
    ) -> tuple[IntTable, IntTable] | None:
        model = self._remaining(settled, claims, opened)
        small = model.restricted.model
        settle = model.model.columns["settle"].index
        integer = np.zeros(small.cost.size, dtype=np.bool_)
        integer[model.restricted.column[settle]] = True
        engine = Engine(replace(small, integer=integer))
        self._fix_phases(engine, model, complete)
        engine.set("mip_rel_gap", gap)
        engine.set("mip_max_nodes", SEARCH_NODES)
        if target > -math.inf:
            engine.set("objective_target", target)
        raw = engine.run(time_limit=max(clock.left, min(clock.left_after, LAST_SECONDS)))
        if raw.status == "interrupted":
            self.interrupted = True
        if raw.x is None:
            return None
        full = model.restricted.expand(raw.x)
        return np.concatenate([settled, model.settled(full[settle])]), whole_complete(model.f, full)


def _cheapest(values: FloatArray, start: IntArray, most: int) -> BoolArray:
    """(offers, T) bool: the `most` cheapest choices of each claim, of those that are open."""
    offers, months = values.shape
    claim = np.repeat(np.arange(start.size - 1), np.diff(start) * months)
    flat = values.ravel()
    order = np.lexsort((flat, claim))
    rank = np.arange(order.size) - (start[:-1] * months)[claim[order]]
    result = np.zeros(order.size, dtype=np.bool_)
    result[order[rank < most]] = True
    return (result & np.isfinite(flat)).reshape(offers, months)


def _slots(shares: Shares) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """Choices that classes use: class, class's offer, month, share of the class; by class."""
    offer, month = np.nonzero(shares.flow > USED)
    of_class = np.searchsorted(shares.first_offer, offer, side="right") - 1
    return of_class, offer, month, shares.flow[offer, month] / shares.count[of_class]
