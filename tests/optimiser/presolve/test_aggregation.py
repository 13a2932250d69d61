"""Alike needs merged: a smaller model with the same optimum."""

import numpy as np
import pytest
from tests.ledger.builder import Builder

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.testing.tiny import tiny_problem


@pytest.mark.parametrize("seed", range(12))
def test_the_relaxation_is_the_same(seed: int) -> None:
    problem = tiny_problem(seed)
    merged, group = merge_needs(problem)
    assert group.size == len(problem.needs)
    assert len(merged.needs) == group.max() + 1
    assert merged.needs.fixed.sum() == problem.needs.fixed.sum()
    for name in ("transition_fees", "fiscal_cost"):
        one, two = (Engine(formulate(p, goal=name)[1], integer=False).run() for p in (problem, merged))
        assert one.status == two.status
        if one.status == "optimal":
            assert one.objective == pytest.approx(two.objective, abs=1e-6)


def test_only_needs_that_every_rule_treats_alike_are_merged() -> None:
    build = Builder()
    one, two = build.fund(), build.fund()
    rule = build.owing()
    build.need("fees", funds=[one])
    build.need("fees", funds=[one], fixed={0: 5})
    build.need("cash", funds=[one])
    build.need("units", funds=[one], fixed={0: 7})
    build.need("cash", funds=[one, two])
    build.need("commitments", funds=[one])
    build.need("cash", funds=[one], owing=rule)
    build.bill()
    build.claim()
    _, group = merge_needs(build.build())
    assert group[0] == group[1]
    assert group[2] == group[3]
    assert np.unique(group[[0, 2, 4, 5, 6]]).size == 5
