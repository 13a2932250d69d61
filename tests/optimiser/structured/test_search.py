"""The structured path against the exact one: its bound is never above the optimum, its plan never below it."""

import pytest

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.testing.tiny import tiny_problem

SEEDS = 40


@pytest.mark.parametrize("seed", range(SEEDS))
def test_bound_and_plan_enclose_the_optimum(seed: int) -> None:
    problem = tiny_problem(seed)
    exact, structured = (
        optimise(
            problem,
            gap=0.0,
            time_limit=30.0,
            method=method,
            check=lambda decisions: not audit_decisions(problem, decisions),
        )
        for method in ("exact", "structured")
    )
    if exact.objective is None:
        assert structured.objective is None
        return
    assert structured.status != "infeasible"
    slack = max(1.0, 1e-6 * abs(exact.objective))
    if structured.bound is not None:
        assert structured.bound <= exact.objective + slack
    # After tiers the two paths may stand on different values of the tiers.
    if structured.objective is not None and not problem.objective.tiers:
        assert structured.objective >= exact.objective - slack
