"""The bottleneck of homes: households that can only use homes of which there are too few (max-flow, min-cut)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renewopt.problem import Problem

if TYPE_CHECKING:
    import networkx as nx

MOST_OFFERS = 500_000
"""Offers up to which homes are looked at before a search."""

_Group = tuple[np.ndarray, frozenset[int], int, bool]
"""Claims alike: members, pools, deadline, whether an offer takes no stock."""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A set of households for whom homes run short.

    Attributes
    ----------
    households
        Ids of the households or cohorts.
    count
        How many households they are.
    pools
        Ids of the only pools they can use in time.
    available
        How many of them these pools can house by their deadlines at the most.
    """

    households: tuple[str, ...]
    count: int
    pools: tuple[str, ...]
    available: int


def find_bottleneck(problem: Problem) -> Bottleneck | None:
    """Find the households with a deadline whose homes run short, by a minimum cut.

    Every pool counts in full from each month in which it is known to arrive or its phase can be handed over at the
    earliest; money, throughput and reservations are left aside. A bundle counts as the home of its scarcest pool.
    None if homes alone would do.
    """
    claims = problem.claims
    due = np.flatnonzero(claims.deadline >= 0)
    if not due.size:
        return None
    groups = _groups(problem, due)
    graph = _network(problem, groups)
    import networkx as nx

    value, flow = nx.maximum_flow(graph, "source", "sink")
    if value >= int(claims.count[due].sum()):
        return None
    reached = _reached(graph, flow)
    inside = [number for number in range(len(groups)) if ("claim", number) in reached]
    # Households without any pool are reported apart from those whose pools run short.
    stuck = [number for number in inside if not groups[number][1]]
    if stuck:
        members = np.concatenate([groups[number][0] for number in stuck])
        return Bottleneck(
            tuple(dict.fromkeys(str(h) for h in claims.household[members])), int(claims.count[members].sum()), (), 0
        )
    members = np.concatenate([groups[number][0] for number in inside])
    used = sorted({pool for number in inside for pool in groups[number][1]})
    count = int(claims.count[members].sum())
    return Bottleneck(
        tuple(dict.fromkeys(str(h) for h in claims.household[members])),
        count,
        tuple(str(problem.pools.id[pool]) for pool in used),
        count - (int(claims.count[due].sum()) - int(value)),
    )


def homes_run_short(problem: Problem) -> bool:
    """Whether homes alone are proven to be too few for all who have a deadline, whatever is decided.

    Every plan is a flow from households to the deliveries of homes that they may use in time, of one pool of each
    bundle, with no more households at a delivery than it holds of the smallest homes, rounded up: where the largest
    flow leaves households out, no plan houses all of them in time. False where that is not so, where nobody has a
    deadline, and of a city too large to be looked at in passing.
    """
    due = np.flatnonzero(problem.claims.deadline >= 0)
    if not due.size or len(problem.offers) > MOST_OFFERS:
        return False
    import networkx as nx

    graph = _network(problem, _groups(problem, due), up=True)
    return int(nx.maximum_flow_value(graph, "source", "sink")) < int(problem.claims.count[due].sum())


def _network(problem: Problem, groups: list[_Group], *, up: bool = False) -> nx.DiGraph:
    """Households, the pools that they may use in time, and how many each delivery houses, rounded up or down."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    supplied = supply(problem)
    smallest = _smallest_use(problem)
    for (pool, month), amount in supplied.items():
        use = smallest.get(pool)
        if use and amount > 0:
            graph.add_edge(("pool", pool, month), "sink", capacity=-(-amount // use) if up else amount // use)
    for number, (members, pools, deadline, free) in enumerate(groups):
        count = int(problem.claims.count[members].sum())
        graph.add_edge("source", ("claim", number), capacity=count)
        if free:
            graph.add_edge(("claim", number), "sink", capacity=count)
        for pool, month in supplied:
            if pool in pools and month <= deadline:
                graph.add_edge(("claim", number), ("pool", pool, month), capacity=count)
    return graph


def _reached(graph: nx.DiGraph, flow: dict[Hashable, dict[Hashable, int]]) -> set[Hashable]:
    """Nodes that could still get more from the source: of all minimum cuts, the smallest."""
    reached: set[Hashable] = {"source"}
    border: list[Hashable] = ["source"]
    while border:
        node = border.pop()
        onward = [to for to, edge in graph[node].items() if flow[node][to] < edge["capacity"]]
        back = [before for before in graph.predecessors(node) if flow[before][node] > 0]
        for other in (*onward, *back):
            if other not in reached:
                reached.add(other)
                border.append(other)
    return reached


def supply(problem: Problem) -> dict[tuple[int, int], int]:
    """Hundredths that a pool gets in a month, at the earliest."""
    supplied: dict[tuple[int, int], int] = {}
    arrivals = problem.pools.arrivals
    for pool, month, amount in zip(arrivals.row, arrivals["month"], arrivals["amount"], strict=True):
        key = (int(pool), int(month))
        supplied[key] = supplied.get(key, 0) + int(amount)
    phases = problem.phases
    for phase, pool, amount in zip(
        phases.delivers.row, phases.delivers["pool"], phases.delivers["amount"], strict=True
    ):
        wait = int(phases.lag[phase]) if phases.cost[phase] > 0 else 0
        key = (int(pool), max(int(phases.earliest[phase]), wait))
        supplied[key] = supplied.get(key, 0) + int(amount)
    return supplied


def _smallest_use(problem: Problem) -> dict[int, int]:
    stock = problem.offers.stock
    use: dict[int, int] = {}
    for pool, amount in zip(stock["pool"], stock["amount"], strict=True):
        use[int(pool)] = min(use.get(int(pool), int(amount)), int(amount))
    return use


def _groups(problem: Problem, due: np.ndarray) -> list[_Group]:
    """Group claims alike in deadline and pools: (members, pools, deadline, whether an offer takes no stock)."""
    offers, deadline = problem.offers, problem.claims.deadline
    pools: dict[int, set[int]] = {int(h): set() for h in due}
    free: dict[int, bool] = dict.fromkeys(pools, False)
    start = offers.stock.start
    for o in np.flatnonzero(deadline[offers.claim] >= 0):
        claim = int(offers.claim[o])
        if offers.first[o] + offers.housed_after[o] > deadline[claim]:
            continue
        taken = offers.stock["pool"][start[o] : start[o + 1]]
        if taken.size:
            pools[claim].add(int(taken[0]))
        else:
            free[claim] = True
    grouped: dict[tuple[frozenset[int], int, bool], list[int]] = {}
    for claim, used in pools.items():
        grouped.setdefault((frozenset(used), int(deadline[claim]), free[claim]), []).append(claim)
    return [(np.array(m, dtype=np.int64), p, d, free_) for (p, d, free_), m in grouped.items()]
