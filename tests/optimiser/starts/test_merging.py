"""Problems merged: what was one and is taken apart is the same again."""

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.compact_problem import compact_problem

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.starts.merging import merge
from renewopt.problem import Problem
from renewopt.problem.subsets import subset
from renewopt.testing.tiny import tiny_problem


def best(problem: Problem) -> float | None:
    raw = Engine(formulate(problem)[1]).run()
    return None if raw.x is None else raw.objective


@pytest.mark.parametrize("seed", range(full_count(25, 300)))
def test_claims_taken_apart_and_merged_cost_as_much_as_before(seed: int) -> None:
    problem = tiny_problem(seed)
    claims = np.arange(len(problem.claims))
    parts = [subset(problem, claims[claims % 2 == k])[0] for k in (0, 1)]
    merged = merge(parts)
    order = [*claims[::2], *claims[1::2]]
    assert merged.claims.household.tolist() == problem.claims.household[order].tolist()
    assert merged.fees.fen(slice(None), slice(None)).tolist() == problem.fees.fen(order, slice(None)).tolist()
    assert len(merged.offers) == len(problem.offers)
    assert merged.bills.need.size <= problem.bills.need.size
    before, after = best(problem), best(merged)
    assert (before is None) == (after is None)
    assert after == pytest.approx(before, abs=1e-6)


def test_fixed_amounts_and_inflow_are_those_of_the_first_alone() -> None:
    problem = compact_problem()
    none = subset(problem, np.zeros(0, dtype=np.int64))[0]
    merged = merge([none, problem])
    assert merged.needs.fixed.tolist() == problem.needs.fixed.tolist()
    assert merged.funds.inflow.tolist() == problem.funds.inflow.tolist()
    assert merged.needs.opening_arrears.tolist() == problem.needs.opening_arrears.tolist()
    assert len(merged.claims) == len(problem.claims)


def test_problems_of_different_scenarios_are_no_parts_of_one() -> None:
    with pytest.raises(AssertionError, match="share pools"):
        merge([compact_problem(), tiny_problem(0)])
