"""Plans written scenarios to proven optimality."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.waiting import UNHURRIED

import renewopt
from renewopt.testing.written import Written


@pytest.fixture
def optimum(tmp_path: Path) -> Callable[[Written], float]:
    """Objective, in 万元, of the proven optimum of a scenario that was written, loaded and planned."""

    def solve(written: Written) -> float:
        scenario = renewopt.load(written.write(tmp_path))
        plan = renewopt.plan(scenario, gap=0.0, time_limit=UNHURRIED)
        assert plan.status == "optimal"
        assert plan.bound <= plan.objective
        assert renewopt.audit(scenario, plan) == []
        return float(plan.objective) / 10_000

    return solve
