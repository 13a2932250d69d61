"""Weighted tardiness: rules against a known optimum and against each other, small enough to be quick."""

import os
from pathlib import Path
from random import Random

import pytest
from benchmarks.policies.smith import smith_cost, tardiness_cost

from benchmarks.policies import tardiness


def draw(seed: int, jobs: int = 7) -> list[list[int]]:
    random = Random(seed)
    p = [random.randint(1, 9) for _ in range(jobs)]
    w = [random.randint(1, 9) for _ in range(jobs)]
    d = [random.randint(0, sum(p) // 2) for _ in range(jobs)]
    return [p, w, d]


@pytest.mark.parametrize("seed", range(8))
def test_without_due_dates_smith_s_rule_is_best(seed: int) -> None:
    p, w, _ = draw(seed)
    assert tardiness.cost(tardiness.policies()["costliest-first"], [p, w, [0] * len(p)]) == smith_cost(p, w)


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


def test_a_published_instance() -> None:
    folder = Path(os.environ.get("RENEWOPT_DATA", "data"))
    if not (folder / "wt").is_dir():
        pytest.skip("RENEWOPT_DATA names no folder with wt/")
    rows, best = tardiness.instances()[23]
    assert best == 128_747
    assert tardiness.cost(tardiness.policies()["costliest-first"], rows) == best
