"""Steps of an objective, and bounds that lie between two of them."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.ledger import audit_decisions
from renewopt.optimiser import exact, optimise
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import LinearModel
from renewopt.optimiser.model.objective_steps import lifted, objective_step
from renewopt.testing.tiny import tiny_problem
from renewopt.units import FEN_PER_WAN, YUAN_PER_WAN


def priced(fen: list[int], offset: float = 0.0) -> LinearModel:
    """A model whose first whole columns cost so many fen, all others nothing."""
    model = formulate(tiny_problem(3))[1]
    whole = np.flatnonzero(model.integer)
    cost = np.zeros_like(model.cost)
    cost[whole[: len(fen)]] = np.array(fen) / FEN_PER_WAN
    return replace(model, cost=cost, offset=offset)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=5), st.integers(-(10**9), 10**9), st.data())
def test_no_value_of_a_whole_plan_lies_between_a_bound_and_what_it_is_lifted_to(
    fen: list[int], offset_fen: int, data: st.DataObject
) -> None:
    model = priced(fen, offset_fen / FEN_PER_WAN)
    step = math.gcd(*fen)
    assert objective_step(model) == pytest.approx(step / FEN_PER_WAN)
    value = offset_fen + step * data.draw(st.integers(0, 10**6))
    below = data.draw(st.floats(0.001, 0.999)) * step
    slack = 1e-3 + 2e-9 * abs(value)
    if below > slack and step - below > slack:
        assert lifted((value - below) / FEN_PER_WAN, model) * FEN_PER_WAN == pytest.approx(value, abs=slack)
    assert lifted(value / FEN_PER_WAN, model) * FEN_PER_WAN == pytest.approx(value, abs=slack)


def test_an_objective_that_counts_parts_has_no_steps() -> None:
    model = priced([300, 500])
    part = int(np.flatnonzero(~model.integer & (np.arange(model.cost.size) > model.columns["waiting"].index.max()))[0])
    cost = model.cost.copy()
    cost[part] = 1.0
    assert objective_step(replace(model, cost=cost)) == 0.0
    assert lifted(1.23456789, replace(model, cost=cost)) == 1.23456789
    assert objective_step(replace(model, cost=model.cost * (1 / 3))) == 0.0
    assert objective_step(replace(model, cost=np.zeros_like(cost))) == 0.0
    assert lifted(-math.inf, model) == -math.inf


@pytest.mark.parametrize("seed", [3, 34, 38])
def test_what_a_solver_leaves_below_a_step_is_proven(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver ends where nothing can be a step better, and tells the bound that it stood at."""
    run, steps = exact.run_beside, []

    def half_a_step_short(engine: Engine, *given: Any, **options: Any) -> Raw:
        raw = run(engine, *given, **options)
        steps.append(objective_step(engine.model))
        return replace(raw, bound=raw.objective - 0.5 * steps[-1])

    problem = tiny_problem(seed)
    monkeypatch.setattr(exact, "run_beside", half_a_step_short)
    found = optimise(problem, gap=0.0, method="exact", check=lambda d: not audit_decisions(problem, d))
    assert steps[0] * YUAN_PER_WAN > 1.0
    assert found.objective is not None
    assert found.status == "optimal"
    assert found.bound == pytest.approx(found.objective, abs=0.01)
