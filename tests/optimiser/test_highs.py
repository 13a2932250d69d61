"""HiGHS: its options, its refusals, its own words."""

import math
from dataclasses import replace

import numpy as np
import pytest
from highspy import HighsModelStatus

from renewopt.optimiser.formulation import formulate
from renewopt.optimiser.highs import Engine, SolverError, at_most_threads, side_by_side
from renewopt.optimiser.model import LinearModel
from renewopt.testing.smith import tardiness_problem

from .compact_problem import compact_problem


@pytest.fixture(name="model")
def compact_model() -> LinearModel:
    return formulate(compact_problem())[1]


def test_an_unknown_option_and_a_wrong_value_raise(model: LinearModel) -> None:
    engine = Engine(model)
    with pytest.raises(SolverError, match="mip_rel_gapp"):
        engine.set("mip_rel_gapp", 0.1)
    with pytest.raises(SolverError, match="-1"):
        engine.set("mip_rel_gap", -1.0)


@pytest.mark.parametrize("field", ["cost", "value"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_refused(model: LinearModel, field: str, bad: float) -> None:
    broken = getattr(model, field).copy()
    broken[0] = bad
    with pytest.raises(SolverError, match="not finite"):
        Engine(replace(model, **{field: broken}))


def test_optimum_duals_and_infeasibility_are_read(model: LinearModel) -> None:
    raw = Engine(model).run()
    assert (raw.status, raw.row_dual) == ("optimal", None)
    assert raw.bound == pytest.approx(raw.objective, abs=1e-4)
    relaxed = Engine(model, integer=False).run()
    assert relaxed.status == "optimal"
    assert relaxed.row_dual is not None
    assert relaxed.bound == relaxed.objective <= raw.objective + 1e-9
    lower = model.lower.copy()
    lower[model.columns["waiting"].index] = 1.0
    engine = Engine(replace(model, lower=lower, upper=np.maximum(lower, model.upper)))
    engine.add_row(model.columns["waiting"].index, np.ones(model.columns["waiting"].size), -np.inf, 0.0)
    assert engine.run().status == "infeasible"
    assert engine.infeasible_for_certain(math.inf)


def test_a_time_limit_is_read_as_one() -> None:
    # Far beyond an hour of search on any machine.
    p = [3, 5, 2, 7, 4, 6, 3, 8, 5, 2, 6, 4] * 2
    _, model = formulate(tardiness_problem(p, p[::-1]))
    engine = Engine(model)
    engine.set("mip_rel_gap", 0.0)
    raw = engine.run(time_limit=0.5)
    assert raw.status == "time_limit"
    assert raw.bound < raw.objective
    assert Engine(model).run(time_limit=0.0).status == "time_limit"


def test_bounds_costs_and_rows_can_be_changed(model: LinearModel) -> None:
    engine = Engine(model)
    first = engine.run()
    settle = model.columns["settle"].index
    engine.bound_columns(settle[:1], np.zeros(1), np.zeros(1))
    assert engine.run().objective >= first.objective - 1e-9
    engine.change_costs(np.zeros_like(model.cost))
    assert engine.run().objective == pytest.approx(0.0)
    engine.change_costs(np.where(np.isin(np.arange(model.cost.size), settle), 1.0, 0.0))
    engine.add_row(settle, np.ones(settle.size), 2.0, np.inf)
    assert engine.run().objective >= 2.0 - 1e-6


def test_nothing_is_printed(model: LinearModel, capfd: pytest.CaptureFixture[str]) -> None:
    Engine(model).run()
    assert capfd.readouterr().out == ""


def test_engines_made_within_a_limit_run_in_so_many_threads(model: LinearModel) -> None:
    assert side_by_side(2) == 2
    with at_most_threads(1):
        engine = Engine(model)
        assert side_by_side(2) == 1
    assert engine._highs.getOptionValue("threads")[1] == 1
    assert Engine(model)._highs.getOptionValue("threads")[1] == 0


def test_a_linear_programme_that_was_given_up_is_unknown_and_another_method_may_do(model: LinearModel) -> None:
    engine = Engine(model, integer=False)
    # As it is before a run, and after one that broke off without a result.
    assert engine._highs.getModelStatus() == HighsModelStatus.kNotset
    raw = engine._read()
    assert (raw.status, raw.x, raw.row_dual) == ("unknown", None, None)
    assert engine.run().status == "optimal"
    with pytest.raises(SolverError, match="Not Set"):
        Engine(model)._read()
