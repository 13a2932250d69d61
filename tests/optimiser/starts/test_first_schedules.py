"""Schedules of rules of thumb: in order, as early as they can be, the same every time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.model.test_start_rules import ints

from renewopt.optimiser.model.start_options import CLOSED, StartOptions
from renewopt.optimiser.starts.first_schedules import delay_cost, first_schedules, placed
from renewopt.optimiser.starts.local_search import improved, schedule_of
from renewopt.optimiser.starts.widening import leave_open, without_land
from renewopt.problem import compile_problem
from renewopt.scenario import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, compile_programme, dated, faults
from renewopt.testing.tiny_programmes import no_activities, tiny_programme


def options(count: int, **stated: object) -> StartOptions:
    """So many activities of two months each, windows 0 to 5, one crew of one, delay of 100 yuan a month."""
    plain = {
        "id": np.array([f"A{i}" for i in range(count)], dtype=object),
        "first": np.zeros(count, dtype=np.int64),
        "last": np.full(count, 5),
        "must": np.ones(count, dtype=np.bool_),
        "lasts": np.full(count, 2),
        "clears": np.full(count, -1),
        "cost": np.tile(np.arange(6) * 10_000, count),
        "idle": np.full(count, 60_000),
        "fiscal": np.zeros(6 * count),
        "crew": np.array(["team"], dtype=object),
        "crews": np.ones((count, 1), dtype=np.int64),
        "capacity": np.ones((1, 8), dtype=np.int64),
        "counted": np.zeros((0, count), dtype=np.bool_),
    }
    return replace(no_activities(0), **(plain | stated))


def test_one_crew_takes_one_after_the_other() -> None:
    assert placed(options(3), [2, 0, 1]).tolist() == [2, 4, 0]


def test_a_crew_without_limit_takes_all_at_once() -> None:
    assert placed(options(3, capacity=np.full((1, 8), -1)), [2, 0, 1]).tolist() == [0, 0, 0]


def test_what_comes_before_is_placed_first_whatever_the_order() -> None:
    chain = options(2, before=ints(1), after=ints(0), gap=ints(3))
    assert placed(chain, [0, 1]).tolist() == [3, 0]


def test_what_must_start_and_finds_no_place_leaves_no_schedule() -> None:
    assert placed(options(4), [0, 1, 2, 3]) is None
    fewer = options(4, must=np.array([True, True, True, False]))
    assert placed(fewer, [0, 1, 2, 3]).tolist() == [0, 2, 4, NEVER_STARTS]


def test_what_comes_after_something_left_out_is_left_out() -> None:
    chain = options(2, before=ints(0), after=ints(1), gap=ints(0), must=np.zeros(2, dtype=np.bool_))
    assert placed(chain, [0, 1], ints(NEVER_STARTS, 0)).tolist() == [NEVER_STARTS, NEVER_STARTS]


def test_no_more_are_begun_by_a_month_than_may_be() -> None:
    one = options(2, capacity=np.full((1, 8), 9), counted=np.ones((1, 2), dtype=np.bool_), by=ints(2))
    assert placed(replace(one, least=ints(-1), most=ints(1)), [0, 1]).tolist() == [0, 3]
    assert placed(replace(one, least=ints(2), most=ints(-1)), [0, 1]).tolist() == [0, 0]
    late = replace(one, least=ints(2), most=ints(-1), first=ints(3, 3), last=ints(5, 5))
    late = replace(late, cost=np.zeros(6, dtype=np.int64), fiscal=np.zeros(6))
    assert placed(late, [0, 1]) is None


def test_nothing_is_placed_before_its_wish() -> None:
    free = options(2, capacity=np.full((1, 8), 9), must=np.zeros(2, dtype=np.bool_))
    assert schedule_of(free, ints(4, 1)).tolist() == [4, 1]
    assert schedule_of(free, ints(4, NEVER_STARTS)).tolist() == [4, NEVER_STARTS]


def test_a_closed_window_is_never_used() -> None:
    closed = options(2, must=np.zeros(2, dtype=np.bool_), first=ints(0, CLOSED), last=ints(5, CLOSED - 1))
    closed = replace(closed, cost=np.zeros(6, dtype=np.int64), fiscal=np.zeros(6))
    assert placed(closed, [1, 0]).tolist() == [0, NEVER_STARTS]


def test_delay_is_that_of_what_starts_and_of_what_does_not() -> None:
    assert delay_cost(options(3), ints(2, 4, NEVER_STARTS)) == 20_000 + 40_000 + 60_000


def test_small_changes_find_the_order_that_is_best() -> None:
    weights = np.array([1.0, 5.0, 3.0])
    some = options(3)

    def judge(starts: np.ndarray) -> float:
        return float(weights @ starts) * 1_000

    found = improved(some, [ints(0, 2, 4)], judge, lambda: True)
    assert found[0][1].tolist() == [4, 0, 2]
    assert [value for value, _ in found] == sorted(value for value, _ in found)


def test_no_more_is_judged_than_there_is_time_for() -> None:
    asked: list[list[int]] = []

    def judge(starts: np.ndarray) -> float:
        asked.append(starts.tolist())
        return 1.0

    improved(options(3), [ints(0, 2, 4)], judge, lambda: len(asked) < 3)
    assert len(asked) == 3


def opened_of(scenario: Scenario, programme: Programme) -> StartOptions:
    plain = without_land(scenario)
    return leave_open(programme, lambda starts: compile_problem(dated(plain, programme.named(starts)))).options


@pytest.mark.parametrize("seed", range(full_count(4, 200)))
def test_first_schedules_are_in_order_and_the_same_every_time(seed: int, tmp_path: Path) -> None:
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    opened = opened_of(scenario, programme)
    found = first_schedules(programme, opened)
    assert all(not faults(programme, programme.named(starts)) for starts in found)
    assert [each.tolist() for each in found] == [each.tolist() for each in first_schedules(programme, opened)]
    costs = [delay_cost(opened, starts) for starts in found]
    assert costs == sorted(costs)
