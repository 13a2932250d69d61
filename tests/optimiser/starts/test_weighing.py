"""Weighing: what is looked at, planned for and ruled out, and when it ends; with rounds that are made up."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from renewopt.optimiser.starts.weighing import TIED, Vector, Weighing


class MadeUp:
    """Rounds that tell so many bounds and schedules, one after the other."""

    def __init__(self, told: list[tuple[float, Vector, float]]) -> None:
        self.told = iter(told)
        self.bound, self.values = -math.inf, dict[Vector, float]()
        self.interrupted = self.ended = False
        self.out: list[Vector] = []
        self.looked_at: list[Vector] = []

    def begin(self, _: float) -> bool:
        return True

    def look_at(self, starts: np.ndarray) -> None:
        self.looked_at.append(tuple(starts.tolist()))

    def rule_out(self, starts: np.ndarray) -> None:
        self.out.append(tuple(starts.tolist()))
        self.ended = False

    def go_on(self, *_: float) -> None:
        bound, starts, value = next(self.told, (self.bound, (), 0.0))
        self.bound = max(self.bound, bound)
        self.ended = not starts
        if starts:
            self.values[starts] = value


class Search:
    """Plans that come to what the rounds said, proven; time runs out by one at every look at it."""

    def __init__(self, gap: float = 0.0, seconds: int = 1_000) -> None:
        self.gap, self.planned = gap, dict[Vector, float]()
        self.clock: Iterator[int] = iter(range(seconds, -1_000_000, -1))

    def weighing(self, rounds: MadeUp) -> Weighing:
        def plan(starts: np.ndarray, _: float) -> None:
            self.planned[tuple(starts.tolist())] = rounds.values[tuple(starts.tolist())]

        def best() -> float:
            return min(self.planned.values(), default=math.inf)

        def done(bound: float) -> bool:
            return best() <= bound * (1.0 + self.gap)

        return Weighing(
            self.gap, lambda: float(next(self.clock)), lambda: next(self.clock) > 0, done, best,
            lambda: dict.fromkeys(self.planned, True), plan, lambda _: None,
        )  # fmt: skip


def weighed(told: list[tuple[float, Vector, float]], **asked: Any) -> tuple[MadeUp, Search]:
    rounds, search = MadeUp(told), Search(**asked)
    search.weighing(rounds).go_on(rounds)  # type: ignore[arg-type]
    return rounds, search


def test_what_is_planned_for_is_ruled_out_once_until_all_others_are_worse() -> None:
    rounds, search = weighed([(90.0, (1,), 100.0), (95.0, (2,), 97.0), (97.5, (3,), 99.0)])
    assert search.planned == {(2,): 97.0}
    assert rounds.out == [(2,)]


def test_what_cannot_be_better_is_not_planned_for() -> None:
    _, search = weighed([(90.0, (1,), 90.0), (80.0, (2,), 120.0)])
    assert search.planned == {(1,): 90.0}


def test_ties_end_it() -> None:
    """Thousands of schedules that the outline cannot tell from the best are not planned for one by one."""
    told = [(100.0 * (1.0 - TIED / 2), (k,), 100.0 - 1e-7 * k) for k in range(1, 1_000)]
    _, search = weighed(told, seconds=100_000)
    assert len(search.planned) <= 2


def test_time_ends_it_and_the_first_plan_comes_before() -> None:
    _, search = weighed([(1.0, (k,), 1_000.0 - k) for k in range(1, 1_000)], seconds=300)
    assert 1 <= len(search.planned) < 300


@pytest.mark.parametrize("told", [True, False])
def test_where_prices_are_known_one_schedule_is_looked_at(told: bool) -> None:
    rounds = MadeUp([])
    Search().weighing(rounds).begin(rounds, [np.array([1]), np.array([2])], told)  # type: ignore[arg-type]
    assert rounds.looked_at == [(1,)]
    rounds.begin = lambda _: False  # type: ignore[method-assign]
    Search().weighing(rounds).begin(rounds, [np.array([3]), np.array([4])], told=False)  # type: ignore[arg-type]
    assert rounds.looked_at == [(1,), (3,), (4,)]
