"""Means, paired differences and tails against figures worked out by hand or known."""

import math

import numpy as np
import pandas as pd
import pytest

from renewopt.comparison import statistics
from renewopt.comparison.measures import quantile


def test_mean_with_student_s_interval() -> None:
    found = statistics.mean(np.array([1.0, 2.0, 3.0, float("nan")]))
    half = 4.302653 * (1 / math.sqrt(3))  # t of 97.5 % with two degrees of freedom
    assert (found.value, found.runs) == (2, 3)
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half), abs=1e-5)
    assert math.isnan(statistics.mean(np.array([5.0])).low)
    assert math.isnan(statistics.mean(np.array([])).value)


def test_differences_are_paired() -> None:
    one = np.array([10.0, 20.0, 30.0, 40.0, 50.0, 60.0])
    found = statistics.paired(one, one + np.array([1, 2, 3, 4, 5, 6]))
    assert found.value == -3.5
    assert found.high < 0
    assert found.p == pytest.approx(2 / 2**6)  # all six differences have one sign
    assert statistics.paired(one, one).value == 0


def test_the_tail_is_the_mean_of_the_worst() -> None:
    values = np.arange(1.0, 21.0)
    assert statistics.cvar(values, 0.9) == 19.5
    assert statistics.cvar(values, 0.0) == values.mean()
    assert statistics.cvar(values, 0.93) == pytest.approx((20 + 0.4 * 19) / 1.4)
    found = statistics.tail_difference(values, values + 2, 0.9)
    assert found.value == pytest.approx(-2)
    assert found.low == pytest.approx(-2)
    again = statistics.tail_difference(values, values[::-1].copy(), 0.9)
    assert again.low <= again.value <= again.high


def test_weighted_quantiles() -> None:
    months, households = np.array([9, 1, 5]), np.array([1, 8, 1])
    assert [quantile(months, households, share) for share in (0.5, 0.8, 0.9, 1.0)] == [1, 1, 5, 9]
    assert quantile(months, households * 0, 0.9) == 0


def test_pairs_count_order_before_the_measure() -> None:
    where = {"scenario": "s", "variant": "", "future": "rough"}
    runs = pd.DataFrame(
        [
            {**where, "policy": policy, "seed": seed, "objective": cost, "clean": clean, "status": "feasible"}
            for policy, costs in {"a": [1.0, 2.0, 3.0, 9.0], "b": [2.0, 1.0, 9.0, 9.0]}.items()
            for seed, (cost, clean) in enumerate(zip(costs, [True, True, policy == "b", True], strict=True))
        ]
    )
    found = statistics.pairs(runs).set_index(["policy", "other"])
    # In the third world a costs less but is not in order; in the fourth they are equal.
    assert found.loc[("a", "b"), "wins"] == 0.25
    assert found.loc[("b", "a"), "wins"] == 0.5
    assert found.loc[("a", "b"), "difference"] == -1.5
    assert found.loc[("a", "b"), "runs"] == 4


def test_policies_are_ranked_in_the_worlds_that_all_were_run_in() -> None:
    """A policy that was also tried in two worse worlds is not the worse for it."""
    where = {"scenario": "s", "variant": "", "future": "rough", "status": "feasible", "regret": np.nan}
    runs = pd.DataFrame(
        [
            {
                **where,
                "policy": policy,
                "seed": seed,
                "objective": cost,
                "cost": cost - (not clean),
                "shortfall": float(not clean) / 10,
                "clean": clean,
            }
            for policy, costs, clean in (
                ("few", [3.0, 4.0], False),
                ("wait-for-build", [2.0, 3.0, 50.0, 60.0], True),
                ("many", [2.5, 3.5, 4.0, 4.0], True),
            )
            for seed, cost in enumerate(costs)
        ]
    )
    found = statistics.rank(runs).set_index("policy")
    assert found["rank"].to_dict() == {"wait-for-build": 1, "many": 2, "few": 3}
    assert found["runs"].tolist() == [2, 2, 2]
    assert found["mean"].to_dict() == {"wait-for-build": 2.5, "many": 3.0, "few": 3.5}
    assert found["wins"].to_dict() == {"wait-for-build": 1.0, "many": 0.0, "few": 0.0}
    assert found["all_runs"].to_dict() == {"wait-for-build": 4, "many": 4, "few": 2}
    assert found.loc["wait-for-build", "all_mean"] == 28.75
    assert found.loc["few", "against_waiting"] == 1.0
    # Money, and what is missing of it, apart: the penalty of 1 is in the objective alone.
    assert found["cost"].to_dict() == {"wait-for-build": 2.5, "many": 3.0, "few": 2.5}
    assert found.loc["few", ["shortfall", "cost_against_waiting"]].tolist() == [0.1, 0.0]


def test_one_world_has_no_interval() -> None:
    found = statistics.tail_difference(np.array([2.0]), np.array([1.0]), 0.9)
    assert found.value == 1.0
    assert np.isnan([found.low, found.high]).all()
