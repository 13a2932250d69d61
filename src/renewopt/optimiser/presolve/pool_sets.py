"""Pools whose homes count together in a row on whole phases: one pool, an estate, two estates that share households.

A household who may have three small homes or two larger ones of an estate does not mind which of its pools runs short
as long as the phase as a whole is large enough, and a relaxation makes use of that. What bounds it is a row in which
the homes of all pools of the phase count, each by its size, so that whatever a household takes counts the same.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from renewopt.optimiser.model.linear import IntArray
from renewopt.problem import Problem

LARGEST_WEIGHT = 1_000
"""Weights beyond it are rounded to hundredths of the largest."""
PAIRS = 60
"""Pairs of estates that are looked at: those with most households in common."""


@dataclass(frozen=True)
class PoolSet:
    """Pools whose homes count together.

    Attributes
    ----------
    pools, weights
        What a home of each pool counts; whole numbers above 0.
    """

    pools: tuple[int, ...]
    weights: tuple[int, ...]


def pool_sets(problem: Problem, group: IntArray) -> tuple[PoolSet, ...]:
    """Each pool that phases feed; the pools that the same phases feed; and two such estates with claims in common.

    Parameters
    ----------
    group
        (H,) group of each claim: those whose offers take the same homes.
    """
    alternatives = _alternatives(problem, group)
    estates = _estates(problem)
    singles = [PoolSet((pool,), (1,)) for estate in estates for pool in estate]
    whole = [estate for estate in estates if len(estate) > 1]
    return (*singles, *(_weighted(pools, alternatives) for pools in (*whole, *_pairs(estates, alternatives))))


def _estates(problem: Problem) -> list[list[int]]:
    """Pools that the same phases feed, directly or by way of others."""
    import networkx as nx

    graph = nx.Graph()
    delivers = problem.phases.delivers
    graph.add_edges_from(
        (("phase", phase), ("pool", pool))
        for phase, pool in zip(delivers.row.tolist(), delivers["pool"].tolist(), strict=True)
    )
    parts = ([number for kind, number in part if kind == "pool"] for part in nx.connected_components(graph))
    return sorted(sorted(part) for part in parts)


@dataclass(frozen=True, eq=False)
class _Alternatives:
    """What the households of a group may have of a single pool: pool → hundredths; and how many households they are."""

    amounts: dict[int, int]
    households: int


def _alternatives(problem: Problem, group: IntArray) -> list[_Alternatives]:
    """Of each group, by one of its claims: all of them have the same."""
    offers, claims = problem.offers, problem.claims
    _, of_group = np.unique(group, return_index=True)
    households = np.bincount(group, weights=claims.count).astype(np.int64)
    start = np.searchsorted(offers.claim, np.arange(len(claims) + 1))
    stock = offers.stock
    found = []
    for claim in of_group.tolist():
        amounts: dict[int, int] = {}
        for offer in range(start[claim], start[claim + 1]):
            own = slice(stock.start[offer], stock.start[offer + 1])
            if own.stop - own.start == 1:
                (pool,), (amount,) = stock["pool"][own].tolist(), stock["amount"][own].tolist()
                amounts[pool] = max(amounts.get(pool, 0), amount)
        found.append(_Alternatives(amounts, int(households[group[claim]])))
    return found


def _pairs(estates: list[list[int]], alternatives: list[_Alternatives]) -> list[list[int]]:
    """Two estates of which the same households may have homes, those with most of them first."""
    of_pool = {pool: k for k, estate in enumerate(estates) for pool in estate}
    common: Counter[tuple[int, int]] = Counter()
    for each in alternatives:
        reached = sorted({of_pool[pool] for pool in each.amounts if pool in of_pool})
        for pair in combinations(reached, 2):
            common[pair] += each.households
    return [sorted(estates[a] + estates[b]) for (a, b), _ in common.most_common(PAIRS)]


def _weighted(pools: list[int], alternatives: list[_Alternatives]) -> PoolSet:
    """A home of each pool counts so that the alternatives of most households come to the same.

    Any weights give rows that hold. Pools that no household has as alternatives count 1 a home.
    """
    import networkx as nx

    inside = set(pools)
    ratios: dict[tuple[int, int], Counter[Fraction]] = {}
    for each in alternatives:
        for a, b in combinations(sorted(inside & each.amounts.keys()), 2):
            if each.amounts[a] and each.amounts[b]:
                ratio = Fraction(each.amounts[a], each.amounts[b])
                ratios.setdefault((a, b), Counter())[ratio] += each.households
    graph = nx.Graph()
    graph.add_nodes_from(pools)
    for (a, b), counted in ratios.items():
        ((ratio, households),) = counted.most_common(1)
        graph.add_edge(a, b, of_first=a, ratio=ratio, weight=households)
    tree = nx.maximum_spanning_tree(graph)
    size: dict[int, Fraction] = {}
    for root in pools:
        if root in size:
            continue
        size[root] = Fraction(1)
        for known, new in nx.bfs_edges(tree, root):
            edge = tree.edges[known, new]
            size[new] = size[known] * (edge["ratio"] if edge["of_first"] == known else 1 / edge["ratio"])
    return PoolSet(tuple(pools), _whole([size[pool] for pool in pools]))


def _whole(sizes: list[Fraction]) -> tuple[int, ...]:
    """Whole numbers in the same proportion, or nearly so where they would be very large."""
    scale = math.lcm(*(size.denominator for size in sizes))
    numbers = [int(size * scale) for size in sizes]
    common = math.gcd(*numbers)
    numbers = [number // common for number in numbers]
    largest = max(numbers)
    if largest <= LARGEST_WEIGHT:
        return tuple(numbers)
    return tuple(max(1, round(100 * number / largest)) for number in numbers)
