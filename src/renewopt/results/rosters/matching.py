"""Which home to whom: in an order, or with the least misfit of all.

Either way as many choosers as can be have a home that is ready in time and has what they need, and, of these, as many
as can be of those who need something: needs come first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from renewopt.results.rosters.market import Market
from renewopt.results.rosters.reserve import Reserve

__all__ = ["NOBODY", "match_in_order", "match_with_least_misfit"]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
NOBODY = -1


def served(market: Market, order: Sequence[int]) -> tuple[Bools, Reserve]:
    """Who of the choosers can have a home, those with needs first, then by order; and the homes kept for them.

    Sets of choosers who can have homes together are the independent sets of a (transversal) matroid, so that one after
    the other leads to the most of them (Edmonds and Fulkerson 1965).
    """
    reserve = Reserve(market.eligible, np.bincount(market.home_class, minlength=market.eligible.shape[1]))
    kept = np.zeros(len(market.choosers), dtype=np.bool_)
    for needy in (True, False):
        for chooser in order:
            if market.needy[chooser] == needy:
                kept[chooser] = reserve.keep(int(market.profile[chooser]))
    return kept, reserve


def match_in_order(market: Market, order: Sequence[int]) -> Ints:
    """Let each chooser in turn have the home of least misfit that leaves everybody after it one that will do.

    Parameters
    ----------
    market
    order
        Every chooser once.

    Returns
    -------
    (N,) int
        Row of each chooser's home; `NOBODY` for who can have none. Of homes of the same misfit the first.
    """
    kept, reserve = served(market, order)
    homes = np.full(len(market.choosers), NOBODY, dtype=np.int64)
    free = np.ones(len(market.homes), dtype=np.bool_)
    for chooser in order:
        if not kept[chooser]:
            continue
        profile = int(market.profile[chooser])
        misfit = market.misfit(chooser)
        while True:
            open_to = np.flatnonzero(free & reserve.may_have(profile)[market.home_class])
            home = int(open_to[np.argmin(misfit[open_to])])
            if reserve.take(profile, int(market.home_class[home])):
                break
        homes[chooser], free[home] = home, False
    return homes


def match_with_least_misfit(market: Market) -> Ints:
    """Give homes so that the sum of all misfits is the least there is.

    Returns
    -------
    (N,) int
        Row of each chooser's home; `NOBODY` for who can have none.

    Notes
    -----
    An assignment problem, solved exactly by `scipy.optimize.linear_sum_assignment` (shortest augmenting paths,
    Crouse 2016); sums of whole hundredths stay below 2⁵³, where floats are exact. As many choosers as there are none
    for, of those with needs and of the others, are put on places of their own that cost nothing: who it is is chosen
    together with all else.
    """
    from scipy.optimize import linear_sum_assignment

    count, homes = len(market.choosers), len(market.homes)
    kept, _ = served(market, range(count))
    without = [int((~kept & (market.needy == needy)).sum()) for needy in (True, False)]
    cost = np.full((count, homes + sum(without)), np.inf)
    for chooser in range(count):
        cost[chooser, :homes] = np.where(market.does(chooser), market.misfit(chooser), np.inf)
    cost[market.needy, homes : homes + without[0]] = 0
    cost[~market.needy, homes + without[0] :] = 0
    rows, columns = linear_sum_assignment(cost)
    found = np.full(count, NOBODY, dtype=np.int64)
    found[rows] = np.where(columns < homes, columns, NOBODY)
    return found
