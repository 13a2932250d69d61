"""The rows and costs of strict goals of starts, as text: a change of the formulation shows as a change of these files.

Renew them as those of the rule blocks: ``RENEWOPT_RENEW_GOLDEN=1 pytest tests/optimiser/starts/test_strict_rows.py``.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.scheduling.scenarios import programme

from renewopt.optimiser.model.linear import INFINITY, Block, Columns, LinearModel, Owner, Role, Unit
from renewopt.optimiser.model.writing import write_lp
from renewopt.optimiser.starts.goal_model import GoalModel
from renewopt.optimiser.starts.widening import leave_open, without_land
from renewopt.problem import compile_problem
from renewopt.scheduling import compile_programme, dated
from renewopt.vocabulary import STARTS_GOALS, StartsGoal

GOLDEN = Path(__file__).parent / "golden_strict"
RENEW = bool(os.environ.get("RENEWOPT_RENEW_GOLDEN"))
GOALS: dict[str, dict[str, Any]] = {
    StartsGoal.DELAY: {},
    StartsGoal.NOT_BEGUN: {"by": "2024-08"},
    StartsGoal.NOT_HELPED: {"by": "2024-11", "items": ["Lane"]},
}


def model_of(name: str) -> LinearModel:
    """The goal as what is minimised, and as a row where something else is; columns of starts alone."""
    scenario = programme(objective={"tiers": [{"name": name, "goal": name, **GOALS[name]}]})
    stated = compile_programme(scenario)
    plain = without_land(scenario)
    opened = leave_open(stated, lambda starts: compile_problem(dated(plain, stated.named(starts))))
    (goal,) = stated.goals
    assert goal is not None
    minimised = GoalModel(opened, stated, goal, []).model
    kept = GoalModel(opened, stated, opened.problem.objective.name, [(goal, 2.0)])
    columns, names = kept.f["start"].index, kept.model.column_names()
    ((at, values, most),) = kept.held
    place = np.searchsorted(columns, at)
    assert (columns[place] == at).all()
    assert set(np.flatnonzero(minimised.cost)) <= set(columns.tolist())
    return replace(
        minimised,
        cost=minimised.cost[columns],
        lower=minimised.lower[columns],
        upper=minimised.upper[columns],
        integer=minimised.integer[columns],
        row_lower=np.array([-INFINITY]),
        row_upper=np.array([most]),
        start=np.array([0, at.size]),
        index=place,
        value=values,
        columns={
            "all": Columns(
                "all", 0, columns.size, (), "", tuple(names[i] for i in columns), role=Role.USER, unit=Unit.USER,
                owner=Owner.USER,
            )
        },
        rows={"all": Block("all", 0, 1, (), "", ("kept",))},
    )  # fmt: skip


@pytest.mark.parametrize("name", list(GOALS))
def test_a_goal_of_starts_is_that_of_its_golden_file(name: str, tmp_path: Path) -> None:
    written = tmp_path / f"{name}.lp"
    write_lp(model_of(name), written)
    golden = GOLDEN / f"{name}.lp"
    if RENEW:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(written.read_bytes())
    assert golden.is_file(), "renew the golden files: see above"
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_every_goal_of_starts_has_a_golden_file() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(STARTS_GOALS) == set(GOALS)
