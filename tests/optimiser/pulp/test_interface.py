"""The door to PuLP: the same optimum, the user's own constraints, and no word that is not known."""

import logging
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pulp
import pytest
from benchmarks.policies.smith import smith_cost, tardiness_problem
from tests.optimiser.compact_problem import compact_problem
from tests.waiting import UNHURRIED

import renewopt
from renewopt import stopping
from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.pulp import running
from renewopt.optimiser.pulp.additions import extend
from renewopt.optimiser.pulp.interface import PulpModel, to_pulp
from renewopt.optimiser.pulp.running import broken, build, run, solver_name
from renewopt.optimiser.pulp.search import OwnConstraintError
from renewopt.problem import Decisions, Problem
from renewopt.testing.tiny import tiny_problem

SOLVERS = ("highs", "cbc")


def clean(problem: Problem):
    def check(decisions: Decisions) -> bool:
        return not audit_decisions(problem, decisions)

    return check


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("seed", [*range(6), 43])
def test_solvers_behind_pulp_find_the_same_optimum(seed: int, solver: str) -> None:
    problem = tiny_problem(seed)
    ours = optimise(problem, gap=0, check=clean(problem))
    theirs = optimise(problem, gap=0, solver=f"pulp:{solver}", check=clean(problem))
    assert theirs.status == ours.status
    if ours.objective is not None:
        assert theirs.objective == pytest.approx(ours.objective, abs=1.0)
        assert theirs.bound is not None
        assert theirs.bound <= ours.objective + 1.0


def test_the_model_has_the_columns_and_rows_of_the_arrays() -> None:
    model = to_pulp(compact_problem())
    rows, columns, _ = model.model.shape
    assert len(model.columns) == columns
    assert len(model.problem.constraints()) == rows
    assert all(name.isascii() and len(name) < 100 for name in model.columns)
    settle = model.settle["H0", "offer 1", "2024-02"]
    assert settle.name == "settle_o1_t1"
    assert settle.cat == pulp.LpInteger
    assert model.complete["phase 0", "2024-02"].name == "complete_e0_t1"
    assert model.pay["fund 0", "fees 0", "2024-03"].name == "pay_f0_n0_t2"
    assert model.waiting["H1", "2024-01"].name == "waiting_h1_t0"
    assert model.problem.get_constraint_by_name("stock_p0_t1") is not None


def test_offers_are_found_by_what_the_planner_calls_them() -> None:
    model = to_pulp(compact_problem())
    assert [v.name for v in model.offers(route="transfer")] == ["settle_o2_t1"]
    assert len(model.offers(household="H0", month="2024-01")) == 2
    assert [v.name for v in model.offers(label="offer 0", month="2024-02")] == ["settle_o0_t1"]
    with pytest.raises(KeyError):
        model.offers(route="tent")


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_constraint_of_ones_own_changes_the_plan(solver: str) -> None:
    problem = compact_problem()
    model = to_pulp(problem)
    free = model.solve(solver, gap=0, check=clean(problem))
    assert free.status == "optimal"
    assert free.objective == pytest.approx(8025)
    model.problem += pulp.lpSum(model.offers(household="H0", month="2024-01")) == 0, "nobody_in_january"
    later = model.solve(solver, gap=0, check=clean(problem))
    assert later.status == "optimal"
    assert later.objective > free.objective + 1
    assert later.decisions is not None
    assert (later.decisions.settle[:, 1] == 1).all()
    taken = later.decisions.settle[later.decisions.settle[:, 0] < 2, 2].sum()
    assert sum(v.varValue for v in model.offers(household="H0", month="2024-02")) == pytest.approx(taken)
    assert clean(problem)(later.decisions)


def test_constraints_on_money_hold_in_whole_fen() -> None:
    problem = compact_problem()
    model = to_pulp(problem)
    paid = pulp.lpSum(v for (fund, _, _), v in model.pay.items() if fund == "fund 1")
    model.problem += paid >= 1.1, "bond_is_used"
    model.problem += model.balance["fund 0", "2024-01"] >= 4.25, "keep_something"
    found = model.solve(gap=0, check=clean(problem))
    assert found.decisions is not None
    pay = found.decisions.pay
    assert pay[pay[:, 0] == 1, 3].sum() >= 1_100_000
    assert model.balance["fund 0", "2024-01"].varValue >= 4.25 - 1e-6


def test_variables_of_ones_own_and_bounds_count() -> None:
    problem = compact_problem()
    model = to_pulp(problem)
    calm = model.problem.add_variable("calm", cat=pulp.LpBinary)
    model.problem += pulp.lpSum(model.offers(month="2024-01")) <= 5 * (1 - calm), "calm_january"
    model.problem += calm >= 1
    model.settle["H0", "offer 0", "2024-02"].upBound = 0
    found = model.solve(gap=0, check=clean(problem))
    assert found.decisions is not None
    assert (found.decisions.settle[:, 1] == 1).all()
    assert not ((found.decisions.settle[:, 0] == 0) & (found.decisions.settle[:, 1] == 1)).any()
    assert calm.varValue == pytest.approx(1)


def test_another_objective_leaves_no_bound() -> None:
    problem = compact_problem()
    model = to_pulp(problem)
    model.problem.setObjective(pulp.lpSum(model.offers(label="offer 1")))
    found = model.solve(gap=0, check=clean(problem))
    assert found.status == "feasible"
    assert (found.bound, found.gap) == (None, None)
    assert found.objective == pytest.approx(optimise_value(problem, found.decisions), abs=1.0)


def optimise_value(problem: Problem, decisions: Decisions | None) -> float:
    from renewopt.ledger import replay

    assert decisions is not None
    return float(replay(problem, decisions).objective()) / 100


def test_what_cannot_be_kept_in_whole_fen_is_refused_in_words() -> None:
    problem = compact_problem()
    model = to_pulp(problem)
    paid = model.pay["fund 0", "fees 0", "2024-01"]
    model.problem += 2_000_000 * paid >= 1_400_001, "at_least_half_a_fen_more"
    model.problem += 2_000_000 * paid <= 1_400_001, "half_a_fen"
    with pytest.raises(OwnConstraintError, match=r"half_a_fen.*; state it a little wider"):
        model.solve(gap=0, check=clean(problem))


def test_an_impossible_wish_is_infeasible() -> None:
    problem = compact_problem()
    model = to_pulp(problem)
    model.problem += pulp.lpSum(model.settle.values()) >= 100, "everybody_thrice"
    found = model.solve("cbc", gap=0)
    assert (found.status, found.decisions) == ("infeasible", None)
    assert model.settle["H0", "offer 0", "2024-01"].varValue is None


def tamper_with_a_row(model: PulpModel) -> None:
    model.problem.get_constraint_by_name("stock_p0_t0").changeRHS(99)


def tamper_with_bounds(model: PulpModel) -> None:
    model.settle["H0", "offer 0", "2024-01"].upBound = 7


def tamper_with_the_sense(model: PulpModel) -> None:
    model.problem.sense = pulp.LpMaximize


def tamper_by_a_set(model: PulpModel) -> None:
    model.problem.sos1["one"] = {v: i for i, v in enumerate(model.settle.values())}


def tamper_with_names(model: PulpModel) -> None:
    twin = model.problem.add_variable("settle_o0_t0")
    model.problem += twin >= 1


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (tamper_with_a_row, "rule stock_p0_t0 was altered or removed"),
        (tamper_with_bounds, "bounds of settle_o0_t0 were widened"),
        (tamper_with_the_sense, "the model is minimised"),
        (tamper_by_a_set, "special ordered sets"),
        (tamper_with_names, "two variables bear the name settle_o0_t0"),
    ],
)
def test_the_rules_themselves_stay_as_they_are(tamper, message: str) -> None:
    model = to_pulp(compact_problem())
    tamper(model)
    with pytest.raises(ValueError, match=message):
        model.solve()


def test_an_unknown_solver_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match=r"'gurobbi'.*available are.*cbc \(PULP_CBC_CMD\).*highs \(HiGHS\)"):
        optimise(compact_problem(), solver="pulp:gurobbi")
    with pytest.raises(ValueError, match="expected highs, or pulp:NAME"):
        optimise(compact_problem(), solver="cbc")
    assert solver_name("pulp_cbc_cmd") == "PULP_CBC_CMD"


HARD = ([3, 5, 2, 7, 4, 6, 3, 8, 5, 2, 6, 4] * 2, [4, 3, 7, 2, 5, 3, 6, 4, 2, 8, 5, 3] * 2)


def hard_problem() -> Problem:
    """Smith's rule with 24 jobs: far beyond an hour of search on any machine."""
    return tardiness_problem(*HARD)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_time_limit_is_never_called_optimal(solver: str) -> None:
    problem = hard_problem()
    found = optimise(problem, gap=0, time_limit=1.0, solver=f"pulp:{solver}", check=clean(problem))
    assert found.status == "time_limit"
    if found.objective is not None:
        assert found.objective >= smith_cost(*HARD) - 1
        assert found.bound is None or found.bound <= smith_cost(*HARD) * 10_000 + 1


def test_no_time_gives_no_plan() -> None:
    found = optimise(compact_problem(), time_limit=1e-9, solver="pulp:cbc")
    assert (found.status, found.decisions) == ("time_limit", None)


def test_a_solver_object_keeps_its_own_settings_and_proves_only_what_it_says() -> None:
    problem = compact_problem()
    with running.quiet():
        silent = pulp.PULP_CBC_CMD(msg=False)
    found = to_pulp(problem).solve(silent, check=clean(problem))
    assert (found.status, found.bound) == ("feasible", None)  # no log was asked for, hence nothing is known
    found = to_pulp(problem).solve(pulp.HiGHS(msg=False), gap=0, check=clean(problem))
    assert found.status == "optimal"


def test_a_solver_object_keeps_its_callbacks() -> None:
    told: list[str] = []

    def hear(_kind: object, message: str, _out: object, _into: object, _mine: object) -> None:
        told.append(message)

    interrupts = highspy.cb.HighsCallbackType.kCallbackMipInterrupt
    solver = pulp.HiGHS(msg=False, callbackTuple=(hear, None), callbacksToActivate=[interrupts])
    found = to_pulp(compact_problem()).solve(solver, gap=0)
    assert found.status == "optimal"
    assert told


def test_an_option_that_highs_does_not_know_is_refused() -> None:
    with pytest.raises(SolverError, match="HiGHS has no option mip_rel_gapp"):
        to_pulp(compact_problem()).solve(pulp.HiGHS(msg=False, mip_rel_gapp=0.1))


def test_a_solver_that_fails_or_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stub(pulp.LpSolver):
        name = "STUB"

        def __init__(self, status: int, value: float | None) -> None:
            super().__init__(msg=False)
            self.answer = status, value

        def actualSolve(self, lp):  # noqa: N802
            status, value = self.answer
            if status == 99:
                raise pulp.PulpSolverError("no licence")
            for variable in lp.variables():
                variable.varValue = value
            lp.assignStatus(status)
            return status

    model = to_pulp(compact_problem())
    with pytest.raises(SolverError, match="STUB, called through PuLP, failed: no licence"):
        model.solve(Stub(99, None))
    with pytest.raises(SolverError, match="gave an answer that does not keep"):
        model.solve(Stub(pulp.LpStatusOptimal, 0.0))
    with pytest.raises(SolverError, match="STUB finds no plan, HiGHS says optimal: neither is believed"):
        model.solve(Stub(pulp.LpStatusInfeasible, 0.0))
    assert model.solve(Stub(pulp.LpStatusNotSolved, None)).status == "time_limit"
    assert model.solve(Stub(pulp.LpStatusUndefined, None)).status == "time_limit"


def test_a_right_answer_of_an_unknown_solver_counts_without_a_bound() -> None:
    problem = compact_problem()
    model = to_pulp(problem)
    answer = Engine(model.model).run().x
    assert answer is not None
    named = dict(zip(model.columns, answer.tolist(), strict=True))

    class Right(pulp.LpSolver):
        name = "RIGHT"

        def actualSolve(self, lp):  # noqa: N802
            for variable in lp.variables():
                variable.varValue = named[variable.name]
            lp.assignStatus(pulp.LpStatusOptimal)
            return pulp.LpStatusOptimal

    found = model.solve(Right(msg=False), check=clean(problem))
    assert (found.status, found.bound, found.gap) == ("feasible", None, None)
    assert found.objective == pytest.approx(8025, abs=1.0)


def test_broken_rows_are_named() -> None:
    model = to_pulp(compact_problem()).model
    x = Engine(model).run().x
    assert x is not None
    assert broken(model, x) is None
    assert broken(model, np.full_like(x, np.nan)) is not None
    wrong = x.copy()
    wrong[model.columns["settle"].start] += 0.5
    assert broken(model, wrong) == "settle_o0_t0"
    wrong = x.copy()
    wrong[model.columns["balance"].start] += 1.0
    assert broken(model, wrong) in {"fund_f0_t0", "reserve_t0"}


def test_a_linear_model_is_read_too() -> None:
    model = to_pulp(compact_problem()).model
    relaxed = model.__class__(**{**model.__dict__, "integer": np.zeros_like(model.integer)})
    value = Engine(relaxed).run().objective
    for solver in ("HiGHS", "PULP_CBC_CMD"):
        raw = run(relaxed, solver, gap=0.0, time_limit=UNHURRIED)
        assert raw.status == "optimal"
        assert raw.bound == pytest.approx(value, abs=1e-6)
        assert math.isfinite(raw.objective)


@pytest.mark.parametrize("suffix", ["lp", "mps"])
def test_names_and_optimum_survive_a_file(tmp_path, suffix: str) -> None:
    model = to_pulp(compact_problem())
    model.problem += pulp.lpSum(model.offers(household="H0", month="2024-01")) == 0, "nobody_in_january"
    path = tmp_path / f"model.{suffix}"
    (model.write_lp if suffix == "lp" else model.write_mps)(path)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    read = highs.getLp()
    assert "nobody_in_january" in read.row_names_
    assert set(model.columns) == set(read.col_names_)
    assert set(model.model.row_names()) <= set(read.row_names_)
    highs.run()
    raw = Engine(extend(model.model, model._own())).run()
    assert highs.getObjectiveValue() == pytest.approx(raw.objective, rel=1e-6)


def test_files_hold_ranges_constants_and_free_columns(tmp_path) -> None:
    model = to_pulp(compact_problem()).model
    changed = {
        "offset": 2.5,
        "row_lower": np.where(np.isinf(model.row_lower), model.row_upper - 1.0, model.row_lower),
        "lower": np.where(np.arange(model.lower.size) == model.columns["debt"].start, -np.inf, model.lower),
        "upper": np.where(np.arange(model.lower.size) == model.columns["debt"].start + 1, 9.0, model.upper),
    }
    changed["lower"][model.columns["debt"].start + 1] = -np.inf
    changed["lower"][model.columns["debt"].start + 2] = 0.25
    model = model.__class__(**{**model.__dict__, **changed})
    value = []
    from renewopt.optimiser.model.writing import write_lp, write_mps

    for suffix, write in (("lp", write_lp), ("mps", write_mps)):
        write(model, tmp_path / f"m.{suffix}")
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        assert highs.readModel(str(tmp_path / f"m.{suffix}")) == highspy.HighsStatus.kOk
        highs.run()
        value.append((str(highs.getModelStatus()), highs.getObjectiveValue()))
    raw = Engine(model).run()
    assert value[0][0] == value[1][0]
    if raw.x is not None:
        assert value[0][1] == pytest.approx(raw.objective)
        assert value[1][1] == pytest.approx(raw.objective)


def test_nothing_added_is_nothing() -> None:
    model = to_pulp(compact_problem())
    assert not model._own().anything
    problem, columns = build(model.model)
    assert list(columns) == model.model.column_names()
    assert problem.objective is not None


def test_it_says_that_it_is_slower(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="renewopt"):
        to_pulp(compact_problem())
    assert "slower" in caplog.text


def test_a_scenario_comes_out_as_an_audited_plan(repository) -> None:
    path = repository / "scenarios" / "minimal.yaml"
    model = renewopt.to_pulp(path)
    free = model.plan("cbc", gap=0)
    assert free.objective == renewopt.plan(path, gap=0).objective
    assert free.options["solver"] == "pulp:cbc"
    first = min(month for _, _, month in model.settle)
    model.problem += pulp.lpSum(model.offers(month=first)) == 0, "closed_in_the_first_month"
    plan = model.plan(gap=0)
    assert plan.options["own_constraints"] == "closed_in_the_first_month"
    assert plan.objective > free.objective
    assert renewopt.audit(path, plan) == []
    assert first not in set(plan.allocation["month"])


@pytest.mark.skipif(sys.platform == "win32", reason="a script as a solver")
@pytest.mark.parametrize("by", ["a wish", "Ctrl-C"])
def test_a_solver_does_not_outlive_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    script = tmp_path / "endless"
    script.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 1000\n")
    script.chmod(0o755)
    waited = subprocess.Popen.wait

    def wait(child: Any, timeout: float | None = None) -> int:
        if (tmp_path / "pid").exists() and by == "Ctrl-C" and timeout == 0.1:
            raise KeyboardInterrupt
        if (tmp_path / "pid").exists():
            stopping.ask()
        return waited(child, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    stopping.begin()
    try:
        solver = pulp.COIN_CMD(path=str(script), msg=False)
        raw = run(to_pulp(compact_problem()).model, solver, gap=0.0, time_limit=600.0)
    finally:
        stopping.begin()
    assert raw.status == "interrupted"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_highs_called_through_pulp_ends_early_too() -> None:
    p = np.random.default_rng(5).integers(2, 20, 14).tolist()
    _, model = formulate(tardiness_problem(p, p[::-1]))
    stopping.begin()
    stopping.ask()
    try:
        assert run(model, "HiGHS", gap=0.0, time_limit=600.0).status == "interrupted"
    finally:
        stopping.begin()
