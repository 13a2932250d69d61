"""HiGHS: its options, its refusals, its own words."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.policies.smith import tardiness_problem
from highspy import HighsModelStatus
from tests.optimiser.compact_problem import compact_problem
from tests.waiting import UNHURRIED

from renewopt import stopping
from renewopt.optimiser import highs
from renewopt.optimiser.highs import Engine, Raw, SolverError, at_most_threads, run_together, side_by_side
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import LinearModel


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


def test_a_simplex_method_that_gets_nowhere_is_ended(model: LinearModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks at the clock in every step; where it is to have come farther by the first look, it has got nowhere."""
    monkeypatch.setattr(highs, "STALLED_LOOKS", 0)
    monkeypatch.setattr(highs, "SOME_STEPS", 10**9)
    engine = Engine(model, integer=False)
    engine.set("solver", "simplex")
    engine.set("presolve", "off")
    assert engine.run().status == "unknown"
    engine.set("solver", "ipm")
    engine.set("run_crossover", "off")
    assert engine.run().status == "optimal"
    monkeypatch.undo()
    engine.set("solver", "simplex")
    assert engine.run().status == "optimal"


def test_steps_are_counted_anew_as_long_as_they_come() -> None:
    steps = highs._Steps()
    last = 20 * highs.SOME_STEPS
    assert not any(steps.looked(count) for count in range(last + 1) for _ in range(3))
    assert not any(steps.looked(last) for _ in range(highs.STALLED_LOOKS // 2))
    assert any(steps.looked(last) for _ in range(highs.STALLED_LOOKS))
    assert steps.stalled


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


@pytest.mark.parametrize("integer", [True, False])
def test_a_further_run_has_its_own_time_and_no_more(
    model: LinearModel, integer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(model, integer=integer)
    before = 2.0 * UNHURRIED
    monkeypatch.setattr(engine._highs, "getRunTime", lambda: before)
    engine.run(time_limit=UNHURRIED)
    limit = engine._highs.getOptionValue("time_limit")[1]
    # Branch and cut measures each run by itself, linear programmes all of them together.
    assert limit <= UNHURRIED + (0.0 if integer else before)
    assert integer or limit > before


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


@pytest.mark.parametrize("time_left", [True, False])
def test_a_start_that_is_taken_for_cheaper_than_it_is_ends_no_search(
    model: LinearModel, monkeypatch: pytest.MonkeyPatch, *, time_left: bool
) -> None:
    """HiGHS may begin from a start that its presolve has made too cheap, and then calls it optimal."""
    best = Engine(model).run()
    assert best.x is not None
    whole = np.flatnonzero(model.integer)
    engine, read = Engine(model), Engine._read
    engine.start_from(whole, np.rint(best.x[whole]))
    runs: list[Raw] = []

    def read_wrongly(self: Engine) -> Raw:
        raw = read(self)
        if not runs:
            raw = replace(raw, objective=best.objective - 1.0, bound=best.objective - 1.0)
        elif not time_left:
            raw = Raw("time_limit", None, math.inf, -math.inf)
        runs.append(raw)
        return raw

    monkeypatch.setattr(Engine, "_read", read_wrongly)
    raw = engine.run(time_limit=UNHURRIED)
    assert len(runs) == 2
    assert raw.x is not None
    assert raw.objective == pytest.approx(best.objective)
    if time_left:
        assert (raw.status, raw.bound) == ("optimal", pytest.approx(best.objective, abs=1e-4))
    else:
        assert (raw.status, raw.bound) == ("time_limit", best.objective - 1.0)


def test_nothing_is_printed(model: LinearModel, capfd: pytest.CaptureFixture[str]) -> None:
    Engine(model).run()
    assert capfd.readouterr().out == ""


def test_an_engine_runs_in_one_thread_whatever_the_machine(model: LinearModel) -> None:
    assert Engine(model)._highs.getOptionValue("threads")[1] == 1
    assert Engine(model, threads=3)._highs.getOptionValue("threads")[1] == 3


def test_engines_made_within_a_limit_run_in_so_many_threads(model: LinearModel) -> None:
    assert side_by_side(2) == 2
    with at_most_threads(1):
        assert side_by_side(2) == 1
    with at_most_threads(2):
        engine = Engine(model)
    assert engine._highs.getOptionValue("threads")[1] == 2
    assert Engine(model)._highs.getOptionValue("threads")[1] == 1


def test_a_linear_programme_that_was_given_up_is_unknown_and_another_method_may_do(model: LinearModel) -> None:
    engine = Engine(model, integer=False)
    # As it is before a run, and after one that broke off without a result.
    assert engine._highs.getModelStatus() == HighsModelStatus.kNotset
    raw = engine._read()
    assert (raw.status, raw.x, raw.row_dual) == ("unknown", None, None)
    assert engine.run().status == "optimal"
    with pytest.raises(SolverError, match="Not Set"):
        Engine(model)._read()


@pytest.fixture
def wished() -> Iterator[None]:
    stopping.begin()
    yield
    stopping.begin()


@pytest.mark.parametrize("failure", [ValueError("of the one who is told"), SystemExit(7)])
def test_what_a_report_raises_is_raised_where_it_is_waited_for(failure: BaseException) -> None:
    def report(*_: float) -> None:
        raise failure

    engine = Engine(hard_model())
    with pytest.raises(type(failure)):
        engine.run(report=report)
    assert engine._worker is None


@pytest.mark.usefixtures("wished")
@pytest.mark.parametrize("by", ["a wish", "Ctrl-C in the report"])
def test_a_search_ends_with_what_it_has(by: str) -> None:
    def report(best: float, *_: float) -> None:
        if best < 1e20 and by == "a wish":
            stopping.ask()
        elif best < 1e20:
            raise KeyboardInterrupt

    raw = Engine(hard_model()).run(report=report)
    assert raw.status == "interrupted"
    assert raw.x is not None
    assert raw.bound < raw.objective


@pytest.mark.usefixtures("wished")
def test_of_many_none_is_begun_after_the_wish(model: LinearModel) -> None:
    stopping.ask()
    with at_most_threads(1):
        raws = run_together([Engine(model) for _ in range(3)], 10.0)
    assert [raw.status for raw in raws] == ["interrupted"] * 3
    with stopping.held():
        assert Engine(model).run().status == "optimal"


def hard_model() -> LinearModel:
    """Plans at once, and a proof that takes long."""
    random = np.random.default_rng(5)
    p = random.integers(2, 20, 14).tolist()
    return formulate(tardiness_problem(p, p[::-1]))[1]
