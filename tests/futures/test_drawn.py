"""Figures of a future against what its changes do to the tables."""

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count

from renewopt import load
from renewopt.futures import draw_future, drawn_of
from renewopt.problem import Problem, compile_problem
from renewopt.scenario import Scenario, models
from renewopt.vocabulary import DRAWN


@pytest.fixture(scope="module")
def town(repository: Path) -> tuple[Scenario, Problem]:
    scenario = load(repository / "scenarios" / "uncertain.yaml")
    return scenario, compile_problem(scenario)


@pytest.mark.parametrize("seed", range(full_count(5, 200)))
def test_figures_are_those_of_the_tables_as_they_turn_out(town: tuple[Scenario, Problem], seed: int) -> None:
    scenario, problem = town
    future = draw_future(problem, scenario.futures[0], seed)
    found = {(each.what, each.of): each.value for each in drawn_of(future)}
    assert {what for what, _ in found} <= set(DRAWN)
    late = future.truth.phases.lag - problem.phases.lag
    for phase, months in zip(problem.phases.id, late, strict=True):
        assert found["phase_delay", phase] == months
    assert found["mean_delay", ""] == pytest.approx(late.mean())
    for fund, name in enumerate(problem.funds.id):
        years = np.array([problem.calendar.label(month)[:4] for month in range(problem.calendar.books)])
        for (what, of), share in found.items():
            if what == "inflow_share" and of.startswith(f"{name}/"):
                within = years == of.partition("/")[2]
                came, stated = (each.funds.inflow[fund, within].sum() for each in (future.truth, problem))
                assert share == pytest.approx(came / stated, abs=1e-5)
    assert 0.4 <= found["take_up_share", ""] <= 1


def test_what_a_future_says_nothing_of_has_no_figure(town: tuple[Scenario, Problem]) -> None:
    _, problem = town
    assert drawn_of(draw_future(problem, None, 0)) == []
    decree = models.Future(id="dear", decrees=[{"factor": 1.5, "projects": ["River"]}])  # type: ignore[list-item]
    ((what, of, factor),) = drawn_of(draw_future(problem, decree, 0))
    # 28 of 56 households are of that project.
    assert (what, of, factor) == ("fee_factor", "", 1.25)
    moves = models.Future(id="slow", later_moves=[{"months": 3}])  # type: ignore[list-item]
    assert [tuple(each) for each in drawn_of(draw_future(problem, moves, 0))] == [("move_delay", "", 0.0)]
