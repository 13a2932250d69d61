"""The households' bound is never above the optimum, whatever the prices."""

from dataclasses import replace

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.decomposition.lagrangian import admissible, linking_rows
from renewopt.optimiser.decomposition.pricing import HouseholdPricing, RowPrices
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import FloatArray, LinearModel, add_up
from renewopt.testing.tiny import tiny_problem
from renewopt.units import YUAN_PER_WAN


def supply_and_money(model: LinearModel, y: FloatArray) -> float:
    """Value of all but the households' columns when the linking rows are priced at y; −inf if unbounded."""
    first = model.columns["settle"].size + model.columns["waiting"].size
    linking = linking_rows(model)
    cost = model.cost - add_up(model.index, model.value * y[model.entry_rows()], model.cost.size)
    kept = ~linking
    kept[model.rows["household"].index] = False
    rows = model.entry_rows()
    at = np.flatnonzero(kept[rows] & (model.index >= first))
    number = np.cumsum(kept) - 1
    start = np.zeros(int(kept.sum()) + 1, dtype=np.int64)
    np.cumsum(np.bincount(number[rows[at]], minlength=start.size - 1), out=start[1:])
    small = replace(
        model,
        cost=cost[first:],
        lower=model.lower[first:],
        upper=model.upper[first:],
        integer=np.zeros(model.cost.size - first, dtype=np.bool_),
        row_lower=model.row_lower[kept],
        row_upper=model.row_upper[kept],
        start=start,
        index=model.index[at] - first,
        value=model.value[at],
        columns={},
        rows={},
    )
    try:
        raw = Engine(small).run()
    except SolverError:
        # HiGHS says so of an unbounded model.
        return -np.inf
    if raw.row_dual is None:
        return -np.inf
    side = np.where(y > 0, model.row_lower, model.row_upper)
    return raw.objective + float((y[y != 0] * side[y != 0]).sum())


@pytest.mark.parametrize("seed", seeds(range(36), fast=16))
def test_no_prices_give_a_bound_above_the_optimum(seed: int) -> None:
    problem = tiny_problem(seed)
    best = optimise(problem, gap=0.0, method="exact", check=lambda d: not audit_decisions(problem, d), describe=False)
    if best.objective is None or problem.objective.tiers:
        pytest.skip("no optimum of one objective")
    goal = problem.objective.name
    _, model = formulate(problem, relaxed=True)
    raw = Engine(model).run()
    assert raw.row_dual is not None
    linking = linking_rows(model)
    pricing = HouseholdPricing(problem, goal, ())
    rng = np.random.Generator(np.random.PCG64(seed))
    central = admissible(np.where(linking, raw.row_dual, 0.0), model)
    noise = np.where(linking, rng.normal(size=central.size), 0.0)
    bounds = []
    for y in (central, 0.9 * central, central * (1.0 + 0.1 * noise), admissible(central + 0.01 * noise, model)):
        prices = RowPrices.of(problem, model, y, 0)
        small = supply_and_money(model, y)
        if np.isfinite(small):
            bounds.append(small + pricing.total(pricing.respond(prices)))
            assert bounds[-1] * YUAN_PER_WAN <= best.objective + max(1.0, 1e-6 * abs(best.objective))
    # At the relaxation's own duals it is the relaxation's optimum.
    assert bounds
    assert bounds[0] == pytest.approx(raw.objective, rel=1e-6, abs=1e-6)
