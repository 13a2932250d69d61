"""Separation of the inequalities for whole phases: which of them a solution of the relaxation violates.

Of a set of pools, whose homes count by weights (`pool_sets`), and a month t, let N be the most that a set of groups may
take from the pools, A what has arrived, D_e what phase e delivers, and x what the groups have taken. Those of them who
have not been served, y = N − x ≥ 0, and the phases that stand complete make up for n = N − A: y + Σ D_e c_e ≥ n.
Mixed-integer rounding with a divisor δ gives

    y ≥ r (η − Σ G(D_e) c_e),    η = ⌈n / δ⌉,  r = n − (η − 1) δ,  G(D) = ⌊D / δ⌋ + min(1, (D mod δ) / r).

With δ ≥ n and all D this is *effective capacity*, x ≤ A + Σ min(n, D_e) c_e; with a phase's size as δ < n *residual
capacity*. Phases that stand nearly complete are taken as given, D_e (1 − c̄_e), before the rounding (complementing),
which leaves a smaller n to the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.model.choices import stock_taken
from renewopt.optimiser.model.coding import codes, list_codes
from renewopt.optimiser.model.columns import Layout
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, add_up
from renewopt.optimiser.model.phase_cuts import EFFECTIVE, RESIDUAL, PhaseCut
from renewopt.optimiser.presolve.pool_sets import PoolSet
from renewopt.problem import Problem, Ragged

HUNDREDTHS = 100
FRACTIONAL = 1e-4
"""A phase counts as whole within this."""
GIVEN = 0.5
"""Share from which a phase is taken as given."""
ALL_MONTHS = 1_000_000
HALF_YEAR = 6
"""Months of which the row that is violated most is added in a round."""
A_HUNDREDTH = 0.5
"""Hundredths of a home from which on a group counts as served."""
TIE = 1e-6
"""Share by which a row has to be violated more than another one to be preferred."""
VIOLATED = 1e-3
"""Share of what the groups may take by which a row is violated, for it to be added."""


def group_claims(problem: Problem) -> IntArray:
    """(H,) group of each claim: those whose offers take the same homes by the same routes.

    Every response class lies within one of them (its members have the same offers but for amounts of money), and
    stays so when it is split.
    """
    offers = problem.offers
    rows = np.arange(len(offers), dtype=np.int64)
    form = codes(offers.route, list_codes(offers.stock, rows, ("pool", "amount")))
    start = np.searchsorted(offers.claim, np.arange(len(problem.claims) + 1))
    return list_codes(Ragged(start, {"form": form}), np.arange(len(problem.claims)), ("form",))


def _runs(values: IntArray) -> IntArray:
    """Where each run of equal values begins."""
    new = np.ones(values.size, dtype=np.bool_)
    new[1:] = values[1:] != values[:-1]
    return np.flatnonzero(new)


def _weights(sets: Sequence[PoolSet], pools: int) -> IntArray:
    """(P, S) what a home of each pool counts in each set."""
    weights = np.zeros((pools, len(sets)), dtype=np.int64)
    for k, each in enumerate(sets):
        weights[list(each.pools), k] = each.weights
    return weights


@dataclass(frozen=True, eq=False)
class PhaseCapacity:
    """What separation has to know of a problem; all amounts in hundredths of the weighted sum over the pools of a set.

    Attributes
    ----------
    sets
        S sets of pools.
    most
        (G, S) that a group may take from the pools of a set at the most: each household by the offer that takes most.
    arrived
        (S, months) arrived up to a month, whatever is decided.
    delivered
        (E, S) that a phase delivers.
    """

    sets: tuple[PoolSet, ...]
    most: IntArray
    arrived: IntArray
    delivered: IntArray

    @property
    def shape(self) -> tuple[int, int, int]:
        """Groups, sets of pools, months."""
        return (*self.most.shape, self.arrived.shape[1])

    @classmethod
    def of(cls, problem: Problem, group: IntArray, span: int, sets: Sequence[PoolSet]) -> PhaseCapacity:
        """Of a problem with these groups of its claims, in so many months; a class counts as all its members."""
        offers, claims, pools, phases = problem.offers, problem.claims, problem.pools, problem.phases
        stock, weights = offers.stock, _weights(sets, len(pools))
        most = np.zeros((int(group.max(initial=-1)) + 1, len(sets)), dtype=np.int64)
        usable = (offers.last >= offers.first)[stock.row]
        for k in range(len(sets)):
            inside = np.flatnonzero(usable & (weights[stock["pool"], k] > 0))
            amount = stock["amount"][inside] * weights[stock["pool"][inside], k]
            # Entries stand in the order of their offers, offers in that of their claims.
            begin = _runs(stock.row[inside])
            claim = offers.claim[stock.row[inside[begin]]].astype(np.int64)
            first = _runs(claim)
            largest = np.maximum.reduceat(np.add.reduceat(amount, begin), first) if begin.size else amount
            np.add.at(most[:, k], group[claim[first]], largest * claims.count[claim[first]])
        arrived = np.zeros((len(pools), span), dtype=np.int64)
        at_month = np.minimum(pools.arrivals["month"], span)
        early = at_month < span
        np.add.at(arrived, (pools.arrivals.row[early], at_month[early]), pools.arrivals["amount"][early])
        delivered = np.zeros((len(phases), len(pools)), dtype=np.int64)
        np.add.at(delivered, (phases.delivers.row, phases.delivers["pool"]), phases.delivers["amount"])
        arrived = weights.T @ np.maximum(np.cumsum(arrived, axis=1), 0)
        return cls(tuple(sets), most, arrived, delivered @ weights)

    def taken(self, f: Layout, group: IntArray, settle: FloatArray) -> FloatArray:
        """(G, S, months) that each group has taken from the pools of each set up to each month.

        Parameters
        ----------
        group
            (H,) of the claims of the layout's problem.
        settle
            (choices,) columns of a solution.
        """
        groups, sets, span = self.shape
        used = np.flatnonzero(settle > 0.0)
        choices = f.choices.take(used)
        taken = stock_taken(f.problem, choices)
        amount = taken.fen * choices.unit[taken.choice] * settle[used[taken.choice]]
        pools = len(f.problem.pools)
        key = (group[choices.claim[taken.choice]] * pools + taken.target) * span + taken.month
        by_pool = np.cumsum(add_up(key, amount, groups * pools * span).reshape(groups, pools, span), axis=2)
        weights = _weights(self.sets, pools)
        total = np.empty(self.shape)
        for k in range(sets):
            own = np.flatnonzero(weights[:, k])
            total[:, k] = np.tensordot(weights[own, k].astype(np.float64), by_pool[:, own], axes=(0, 1))
        return total


def is_fractional(state: FloatArray) -> BoolArray:
    """Which phases are neither complete nor not, of (E, T)."""
    result: BoolArray = (state > FRACTIONAL) & (state < 1.0 - FRACTIONAL)
    return result


def rounded_up(n: IntArray, size: IntArray, divisor: int) -> tuple[IntArray, IntArray, FloatArray]:
    """η and r of each n (k,), and G of each size (k, E)."""
    eta: IntArray = -(-n // divisor)
    rest: IntArray = n - (eta - 1) * divisor
    whole, left = np.divmod(size, divisor)
    return eta, rest, whole + np.minimum(1.0, left / rest[:, None])


@dataclass(frozen=True, eq=False)
class _Place:
    """A set of pools and a month: the phases that deliver to them, and how far these are."""

    pools: PoolSet
    month: int
    phases: IntArray
    size: IntArray
    state: FloatArray
    arrived: int


def separate(
    capacity: PhaseCapacity, taken: FloatArray, state: FloatArray, *, within: int = ALL_MONTHS, alone: bool = False
) -> list[PhaseCut]:
    """Return the rows that are violated most: of each set of pools one for each group, and one for a set of groups.

    Parameters
    ----------
    taken
        (G, S, months) hundredths taken up to each month, as `PhaseCapacity.taken` has them.
    state
        (E, T) of the phases.
    within
        So many for each span of so many months. What is taken only grows, and so do the phases: few months say most.
    alone
        Only the rows of single groups.
    """
    worst: dict[tuple[int, ...], tuple[float, PhaseCut]] = {}
    months, span = state.shape[1], taken.shape[2]
    for k, pools in enumerate(capacity.sets):
        phases = np.flatnonzero(capacity.delivered[:, k])
        groups = np.flatnonzero((capacity.most[:, k] > 0) & (taken[:, k, -1] > A_HUNDREDTH))
        fractional = np.atleast_1d(is_fractional(state[phases]).any(axis=0))
        for month in range(span):
            by_then = min(month, months - 1)
            if not groups.size or not fractional[by_then]:
                continue
            if month + 1 < span and month >= months - 1 and _same(capacity, k, month):
                continue
            place = _Place(
                pools, month, phases, capacity.delivered[phases, k],
                np.clip(state[phases, by_then], 0.0, 1.0), int(capacity.arrived[k, month]),
            )  # fmt: skip
            which = place, groups, capacity.most[groups, k], taken[groups, k, month]
            for violation, cut in (*_of_each(*which), *(() if alone else _of_several(*which))):
                key = (k, month // within, *(cut.groups if len(cut.groups) == 1 else ()))
                if key not in worst or violation > worst[key][0]:
                    worst[key] = violation, cut
    return [cut for _, cut in worst.values()]


def _same(capacity: PhaseCapacity, pools: int, month: int) -> bool:
    """Whether nothing arrives in the month after."""
    return bool(capacity.arrived[pools, month] == capacity.arrived[pools, month + 1])


@dataclass(frozen=True, eq=False)
class _Found:
    """A violated row: by how much, what its groups may take, its divisor, and the phases taken as given."""

    violation: float
    most: int
    divisor: int
    given: BoolArray


def _of_each(place: _Place, groups: IntArray, most: IntArray, taken: FloatArray) -> list[tuple[float, PhaseCut]]:
    """Rows that single groups violate, and by how much each is violated."""
    alone = np.flatnonzero(taken > A_HUNDREDTH)
    return [
        (found.violation, _cut(place, (int(groups[g]),), found))
        for g, found in zip(alone, _best(place, most[alone], taken[alone]), strict=True)
        if found is not None
    ]


def _of_several(place: _Place, groups: IntArray, most: IntArray, taken: FloatArray) -> list[tuple[float, PhaseCut]]:
    """Of the rows of sets of groups the one that is violated most, if any is, and by how much."""
    # Those who are served most come first into a set: they add little to what it has not been given.
    order = np.argsort((most - taken) / most, kind="stable")
    sets = [
        (found.violation, size, found)
        for size, found in enumerate(_best(place, np.cumsum(most[order]), np.cumsum(taken[order])), start=1)
        if found is not None and size > 1
    ]
    if not sets:
        return []
    violation, size, found = max(sets, key=lambda each: each[0])
    return [(violation, _cut(place, tuple(sorted(groups[order[:size]].tolist())), found))]


def _best(place: _Place, most: IntArray, taken: FloatArray) -> list[_Found | None]:
    """Of each set of groups the row that it violates most."""
    best: list[_Found | None] = [None] * most.size
    worst = VIOLATED * most
    nothing = np.zeros(place.size.size, dtype=np.bool_)
    mostly = place.state > GIVEN
    for given in (nothing, mostly) if mostly.any() else (nothing,):
        size, n = _wanted(place, most, given)
        at = np.flatnonzero(n > 0)
        state = np.where(given, 1.0 - place.state, place.state)
        # As good as without rounding the phases' sizes down: twice the largest number.
        large = 2 * int(max(n.max(initial=0), place.size.max()))
        for divisor in sorted({large, *place.size.tolist()}):
            eta, rest, share = rounded_up(n[at], size, divisor)
            violation = rest * (eta - share @ state) - (most[at] - taken[at])
            for k in np.flatnonzero(violation > worst[at] * (1.0 + TIE)).tolist():
                worst[at[k]] = violation[k]
                best[at[k]] = _Found(float(violation[k]), int(most[at[k]]), divisor, given)
    return best


def _wanted(place: _Place, most: IntArray, given: BoolArray) -> tuple[IntArray, IntArray]:
    """Sizes of the phases, negative where they are given, and n of each set of groups."""
    size: IntArray = np.where(given, -place.size, place.size)
    n: IntArray = most - place.arrived - int(place.size[given].sum())
    return size, n


def _cut(place: _Place, groups: tuple[int, ...], found: _Found) -> PhaseCut:
    size, n = _wanted(place, np.array([found.most]), found.given)
    (eta,), (rest,), (share,) = rounded_up(n, size, found.divisor)
    served = rest * np.where(found.given, -share, share)
    upper = found.most - rest * (eta - share[found.given].sum())
    return PhaseCut(
        EFFECTIVE if eta == 1 else RESIDUAL, groups, place.pools.pools, place.pools.weights, place.month,
        tuple(place.phases.tolist()),
        tuple((served / HUNDREDTHS).tolist()), float(upper / HUNDREDTHS),
    )  # fmt: skip
