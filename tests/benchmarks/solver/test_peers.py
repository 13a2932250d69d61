"""The peers are given the same linear model and agree on its optimum; what is read off their logs is a bound."""

import importlib.util
import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from benchmarks.solver.paths import OURS, PATHS
from benchmarks.solver.relaxation import Sides
from benchmarks.solver.task import Ask, Task
from benchmarks.solver.telling import Teller
from tests.waiting import UNHURRIED

from benchmarks.solver import highs_peers
from renewopt import load
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import add_up
from renewopt.problem import Problem, compile_problem

PEERS = [name for name, path in PATHS.items() if not path.ours]


@pytest.fixture(scope="module")
def problem(repository: Path) -> Problem:
    return compile_problem(load(repository / "scenarios" / "minimal.yaml"))


@pytest.fixture(scope="module")
def optimum(problem: Problem) -> float:
    """Value of the relaxation in yuan, needs not merged, solved by simplex."""
    raw = Engine(formulate(problem, relaxed=True)[1]).run()
    assert raw.status == "optimal"
    return raw.objective * 10_000


def told(path: str, problem: Problem, gap: float = 1e-4) -> list[dict]:
    for module in PATHS[path].needs:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    reason = PATHS[path].unavailable()
    if reason:
        pytest.skip(reason)
    file = StringIO()
    tell = Teller(file)
    tell.begin()
    PATHS[path].run(Task(problem, Ask(gap, UNHURRIED, 1), tell))
    return [json.loads(line) for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("path", PEERS)
def test_every_peer_finds_the_optimum_within_its_tolerance(path: str, problem: Problem, optimum: float) -> None:
    events = told(path, problem)
    end = events[-1]["end"]
    assert end["status"] == "solved"
    assert end["objective"] == pytest.approx(optimum, rel=1e-3 if path == "pdlp" else 2e-4)
    assert end["bound"] <= end["objective"] * (1 + 1e-9)
    assert end["bound"] == pytest.approx(optimum, rel=1e-3 if path == "pdlp" else 2e-4)
    assert [event["step"] for event in events if "step" in event] == ["build", "hand_over", "solve"]
    (shape,) = (event["shape"] for event in events if "shape" in event)
    assert min(shape) > 0


def test_ours_tells_plan_and_bound(problem: Problem, optimum: float) -> None:
    events = told("exact", problem, gap=1e-9)
    end = events[-1]["end"]
    assert end["status"] == "solved"
    assert end["objective"] >= end["bound"] >= optimum * (1 - 1e-6)
    last = [event for event in events if "best" in event][-1]
    assert (last["best"], last["bound"]) == (pytest.approx(end["objective"]), pytest.approx(end["bound"]))
    assert end["seconds"]["solve"] > 0


def test_ours_is_among_the_paths() -> None:
    assert PATHS[OURS].ours
    assert all(name == path.name for name, path in PATHS.items())


@pytest.mark.parametrize(
    ("solver", "line", "bound"),
    [
        ("simplex", "      13649     4.2037525832e+02 Pr: 348(3547.73); Du: 0(3.023e-07) 6.2s", 420.37525832),
        ("simplex", "          0    -5.2315072544e+00 Ph1: 432(3155.84); Du: 72(5.23151) 1.2s", None),
        ("simplex", "      14659     4.2081172575e+02 Pr: 12(5); Du: 3(0.1) 6.8s", None),
        ("ipx", "   36   4.30597774e+02   4.13931960e+02   6.66e-11   9.03e-15  3.94e-02       3.7", 413.931960),
        ("ipx", "    0   -4.32050949e+02  -2.18537845e+06   2.81e-01   8.36e-01  2.00e+00       0.9", None),
        ("ipx", "    Number of variables:                                35330", None),
        ("hipo", "   36   4.30597774e+02   4.13931960e+02   6.66e-11   9.03e-15  3.94e-02       3.7", None),
    ],
)
def test_a_bound_is_read_off_the_log_only_where_it_is_one(solver: str, line: str, bound: float | None) -> None:
    assert highs_peers.bound_in_log(line, solver) == bound


def test_interior_point_is_asked_for_the_gap_and_simplex_for_none() -> None:
    ask = Ask(1e-3, UNHURRIED, 2)
    assert highs_peers.options("ipx", ask)["ipm_optimality_tolerance"] == 1e-3
    assert highs_peers.options("ipx", ask)["run_crossover"] == "off"
    assert "ipm_optimality_tolerance" not in highs_peers.options("simplex", ask)


def test_the_value_of_prices_is_the_optimum_at_the_optimal_ones(problem: Problem) -> None:
    model = formulate(problem, relaxed=True)[1]
    raw = Engine(model).run()
    assert raw.row_dual is not None
    assert raw.column_dual is not None
    sides = Sides(model)
    assert sides.dual_value(raw.row_dual, raw.column_dual) == pytest.approx(raw.objective, rel=1e-9)
    # Any other prices give less: the reduced costs that belong to them, within the columns' bounds.
    other = raw.row_dual * 0.5
    reduced = model.cost - add_up(model.index, model.value * other[model.entry_rows()], model.cost.size)
    assert sides.dual_value(other, reduced) <= raw.objective + 1e-9
    assert np.isfinite(sides.dual_value(other, raw.column_dual))
