"""Weighted tardiness: rules against a known optimum and against each other, small enough to be quick."""

import os
from math import exp
from pathlib import Path
from random import Random

import pytest
from benchmarks.policies.smith import smith_cost, tardiness_cost

from benchmarks.policies import tardiness
from renewopt.policies import RULES


def draw(seed: int, jobs: int = 7) -> list[list[int]]:
    random = Random(seed)
    p = [random.randint(1, 9) for _ in range(jobs)]
    w = [random.randint(1, 9) for _ in range(jobs)]
    d = [random.randint(0, sum(p) // 2) for _ in range(jobs)]
    return [p, w, d]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rule", ["costliest-first", "apparent-tardiness"])
def test_without_due_dates_smith_s_rule_is_best(rule: str, seed: int) -> None:
    p, w, _ = draw(seed)
    assert tardiness.cost(tardiness.policies()[rule], [p, w, [0] * len(p)]) == smith_cost(p, w)


def dispatched(p: list[int], w: list[int], d: list[int], k: float) -> int:
    """Weighted tardiness of jobs begun one after the other by the apparent-tardiness index, looked at every month."""
    left, now, done, cost = list(range(len(p))), 0, 0, 0
    while left:
        mean = sum(p[j] for j in left) / len(left)
        slack = [0 if d[j] <= now else max(d[j] - p[j] - done, 0) for j in range(len(p))]
        for j in sorted(left, key=lambda j: -w[j] / p[j] * exp(-slack[j] / (k * mean))):
            if done + p[j] > now:
                break
            done += p[j]
            cost += w[j] * max(now - d[j], 0)
            left.remove(j)
        now += 1
    return cost


@pytest.mark.parametrize("k", [0.5, 2.0])
def test_the_apparent_tardiness_index_is_that_of_the_literature(k: float) -> None:
    for seed in range(8):
        rows = draw(seed)
        assert tardiness.cost(RULES["apparent-tardiness"](lookahead=k), rows) == dispatched(*rows, k), seed


@pytest.mark.slow
def test_no_rule_beats_the_optimum_and_those_that_weigh_beat_the_queue() -> None:
    total = dict.fromkeys(tardiness.policies(), 0)
    least = 0
    for seed in range(12):
        rows = draw(seed)
        best = tardiness_cost(*rows)
        least += best
        for name, policy in tardiness.policies().items():
            cost = tardiness.cost(policy, rows)
            assert cost >= best
            total[name] += cost
    for weighing in ("apparent-tardiness", "costliest-first"):
        assert least < total[weighing] < 1.3 * least < total["first-come"]


@pytest.mark.slow
def test_a_published_instance() -> None:
    folder = Path(os.environ.get("RENEWOPT_DATA", "data"))
    if not (folder / "wt").is_dir():
        pytest.skip("RENEWOPT_DATA names no folder with wt/")
    rows, best = tardiness.instances()[23]
    assert best == 128_747
    assert tardiness.cost(tardiness.policies()["costliest-first"], rows) == best
