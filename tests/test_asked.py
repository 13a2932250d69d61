"""Arguments of the public functions: what is of another kind is refused in words, before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import renewopt
from renewopt.problem import compile_problem

WRONG: dict[str, dict[str, list[Any]]] = {
    "plan": {
        "gap": ["0.1", None, True, float("nan"), -0.1, 1, [0.1], 1j],
        "time_limit": ["5", None, True, float("nan"), float("inf"), 0, -1],
        "solver": [None, 3, "cbc", ["highs"], b"pulp:x"],
        "method": [None, 3, "quick", ["auto"]],
        "objective": [3, "cheap", ["fiscal_cost"]],
        "policy": [None, 3, ["optimal"], renewopt.PriorityRule],
        "variant": [3, ["a"], True],
        "progress": [3, "loud"],
        "warm": ["plan", 3, Path("plan")],
        "policy_modules": [3, [3], "a b", ["x.py"]],
        "allow_outside": ["no", 1, None],
        "scenario": [None, 3, ["a"], b"a", {}],
    },
    "compare": {
        "policies": [3, [3], [None], b"optimal"],
        "variants": [3, [3]],
        "futures": [3, [3], b"x"],
        "seeds": ["2", 1.5, 0, True],
        "optimising_seeds": ["1", -1],
        "jobs": ["2", 0, 1.5],
        "cluster": [3, "spark", ["dask"]],
        "out": [3, ["a"]],
        "objective": [3, "cheap"],
        "gap": ["0.1", None, True],
        "perfect": ["no", 3, None],
        "measure": [3, "runs", None],
        "lang": ["fr", 3, None],
        "progress": [3],
        "policy_modules": [3, [3], "a b"],
        "allow_outside": ["no"],
        "scenarios": [None, 3, b"a", [3], [None]],
    },
    "load": {"path": [None, 3, ["a"], b"a"], "variant": [3, ["a"]], "allow_outside": ["no", 1]},
    "read_plan": {"path": [None, 3, ["a"], b"a"]},
    "roster": {
        "plan": [None, 3, b"a"],
        "mode": [3, "draw"],
        "seed": ["1", 1.5, -1, True],
        "homes": [3, b"a"],
        "wishes": [3, b"a"],
        "scenario": [3, b"a"],
        "allow_outside": ["no"],
    },
    "read_tables": {"path": [None, 3, ["a"], b"a"]},
    "to_pulp": {"scenario": [None, 3, b"a"], "variant": [3], "objective": [3], "allow_outside": ["no"]},
    "audit": {"scenario": [None, 3, b"a"], "plan": [None, 3, "plan"], "allow_outside": ["no"]},
    "write_workbook": {"scenario": [None, 3, b"a"], "path": [None, 3, b"a"], "lang": ["fr", None]},
    "register": {"policy": [3, None, "optimal"], "name": [3, ["a"]]},
}  # fmt: skip


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Path:
    return repository / "scenarios" / "minimal.yaml"


@pytest.fixture(scope="module")
def plan(minimal: Path) -> renewopt.Plan:
    return renewopt.plan(minimal, policy="first-come")


@pytest.mark.parametrize(
    ("function", "argument", "value"),
    [(f, argument, value) for f, wrong in WRONG.items() for argument, values in wrong.items() for value in values],
)
def test_what_is_of_another_kind_is_told(
    function: str, argument: str, value: Any, minimal: Path, plan: renewopt.Plan, tmp_path: Path
) -> None:
    right: dict[str, dict[str, Any]] = {
        "plan": {"scenario": minimal, "policy": "first-come"},
        "compare": {"scenarios": minimal, "policies": ["first-come"], "perfect": False},
        "load": {"path": minimal},
        "read_plan": {},
        "roster": {"plan": plan},
        "read_tables": {},
        "to_pulp": {"scenario": minimal},
        "audit": {"scenario": minimal, "plan": plan},
        "write_workbook": {"scenario": minimal, "path": tmp_path / "a.xlsx"},
        "register": {"policy": renewopt.PriorityRule},
    }
    with pytest.raises((TypeError, ValueError)) as refused:
        getattr(renewopt, function)(**{**right[function], argument: value})
    told = refused.value.args[0]
    assert hasattr(told, "said"), told
    assert told.said("zh") != str(told)


@pytest.mark.parametrize("ask", [
    lambda plan: plan.summary("fr"),
    lambda plan: plan.report("fr"),
    lambda plan: plan.work_summary("fr"),
    lambda plan: plan.write("x", lang="fr"),
    lambda plan: plan.write(None),
])  # fmt: skip
def test_so_it_is_with_what_is_asked_of_a_plan(ask: Callable[[renewopt.Plan], object], plan: renewopt.Plan) -> None:
    with pytest.raises((TypeError, ValueError), match="expected"):
        ask(plan)


@pytest.mark.slow
def test_numbers_of_other_libraries_are_taken_and_written(minimal: Path, tmp_path: Path) -> None:
    for number, gap in enumerate((np.float32(0.25), np.float64(0.25), Decimal("0.25"), 0)):
        made = renewopt.plan(minimal, policy="first-come", gap=gap, time_limit=np.int64(9))
        read = renewopt.read_plan(made.write(tmp_path / str(number), report=False))
        assert read.options == {**made.options, "gap": float(gap), "time_limit": 9.0}


def set_cell(frame: pd.DataFrame, column: str, value: Any) -> None:
    frame[column] = frame[column].astype(object)
    frame.loc[0, column] = value


CHANGES: dict[str, Callable[[renewopt.Scenario], object]] = {
    "a cell": lambda s: set_cell(s.households, "area", 150.0),
    "a cell of text": lambda s: set_cell(s.households, "id", "renamed"),
    "a column": lambda s: s.households.__setitem__("weight", 2.0),
    "a cell of ids": lambda s: set_cell(s.households, "tags", ("petition",)),
    "a list": lambda s: s.funds.pop(),
    "a mapping": lambda s: s.funds[0].inflows.clear() if getattr(s.funds[0], "inflows", None) else s.vouchers.clear(),
}


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_in_place_is_planned_and_hashed_as_it_is(minimal: Path, change: str, built: bool) -> None:
    scenario = renewopt.load(minimal)
    if built:
        scenario = renewopt.Scenario.from_tables(
            **{name: getattr(scenario, name) for name in sorted(scenario.model_fields_set)}
        )
    before = scenario.sha256
    assert not scenario.changed
    CHANGES[change](scenario)
    assert scenario.changed
    assert scenario.sha256 != before
    made = renewopt.plan(scenario, policy="wait-for-build")
    assert (made.scenario_sha256, made.scenario_path) != (before, minimal.resolve())
    assert made.scenario_path is None
    assert made.households == int(compile_problem(scenario).claims.count.sum())
    if made.feasible:
        assert renewopt.audit(scenario, made) == []
        with pytest.raises(ValueError, match="not the scenario that the plan was made from"):
            renewopt.audit(minimal, made)


@pytest.mark.parametrize(
    ("column", "value"),
    [("count", 1.5), ("count", -3), ("count", "many"), ("homes", 1.5), ("homes", 0), ("persons", 2.5),
     ("area", -1.0), ("area", float("inf")), ("project", "Nowhere"), ("id", ""), ("moved_out", 1.5),
     ("routes", ("lottery",)), ("id", "a\x1b")],
)  # fmt: skip
@pytest.mark.parametrize("use", ["plan", "compare", "to_pulp"])
def test_what_cannot_be_after_a_change_in_place_is_told(minimal: Path, column: str, value: Any, use: str) -> None:
    scenario = renewopt.load(minimal)
    set_cell(scenario.households, column, value)
    uses: dict[str, Callable[[], object]] = {
        "plan": lambda: renewopt.plan(scenario, policy="first-come"),
        "compare": lambda: renewopt.compare(scenario, policies=["first-come"], perfect=False),
        "to_pulp": lambda: renewopt.to_pulp(scenario),
    }
    with pytest.raises(renewopt.ScenarioError, match=rf"row 0|column {column}|households"):
        uses[use]()


def test_a_frame_changed_after_building_changes_nothing(minimal: Path) -> None:
    loaded = renewopt.load(minimal)
    frame = loaded.households.copy()
    sections = {name: getattr(loaded, name) for name in loaded.model_fields_set}
    scenario = renewopt.Scenario.from_tables(**{**sections, "households": frame})
    set_cell(frame, "area", 999.0)
    assert not scenario.changed


def test_a_copy_with_another_value_is_hashed_as_it_is(minimal: Path) -> None:
    scenario = renewopt.load(minimal)
    other = scenario.model_copy(update={"months": scenario.months + 1})
    assert other.sha256 != scenario.sha256
    made = renewopt.plan(other, policy="first-come")
    assert (made.months, made.scenario_sha256) == (other.months, other.sha256)
    assert renewopt.audit(other, made) == []


def test_an_objective_asked_for_is_no_change_of_the_scenario(minimal: Path) -> None:
    loaded = renewopt.load(minimal)
    projects = [project.model_copy(update={"obligation": 5000}) for project in loaded.projects]
    sections = {name: getattr(loaded, name) for name in loaded.model_fields_set}
    scenario = renewopt.Scenario.from_tables(**{**sections, "projects": projects})
    made = renewopt.plan(scenario, policy="first-come", objective="fiscal_cost")
    assert made.scenario_sha256 == scenario.sha256
    assert renewopt.audit(scenario, made) == []


def test_whole_numbers_of_numpy_are_whole_numbers(minimal: Path) -> None:
    loaded = renewopt.load(minimal)
    sections = {name: getattr(loaded, name) for name in loaded.model_fields_set}
    assert renewopt.Scenario.from_tables(**{**sections, "months": np.int64(7)}).months == 7
    for months in (np.float64(7.5), 7.5):
        with pytest.raises(renewopt.ScenarioError, match="a whole number was expected"):
            renewopt.Scenario.from_tables(**{**sections, "months": months})
