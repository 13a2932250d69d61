"""The relaxation of the plans for given starts, beside that of the scenario with these dates written in."""

from pathlib import Path

import pytest
from tests.optimiser.starts.mid_programme import mid_programme
from tests.optimiser.starts.test_outline import opened

from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.first_schedules import first_schedules
from renewopt.optimiser.starts.given import GivenStarts
from renewopt.optimiser.starts.local_search import relaxed_value
from renewopt.problem import compile_problem
from renewopt.scheduling import compile_programme, dated, programme_delay
from renewopt.testing.tiny_programmes import written
from renewopt.units import FEN_PER_YUAN, YUAN_PER_WAN


def test_given_starts_cost_what_the_dated_scenario_does(tmp_path: Path) -> None:
    scenario = written(mid_programme(1, projects=6, works=4, months=24, size=4, cohorts=2), tmp_path)
    programme, problem, goal = compile_programme(scenario), opened(scenario), scenario.objective.minimise
    starts = first_schedules(programme, problem.options)[0]
    plain = compile_problem(dated(scenario, programme.named(starts), programme))
    expected = relaxed_value(plain, goal, 60.0)[0] + programme_delay(programme, programme.named(starts)) / FEN_PER_YUAN
    relaxation = GivenStarts(problem, Aim(goal), starts)
    status, free = relaxation.solve(60.0)
    assert status == "optimal"
    assert free is not None
    assert free.value * YUAN_PER_WAN == pytest.approx(expected, rel=1e-6)
    nothing = relaxation.solve(60.0, 0.0 * problem.problem.phases.monthly_limit)[1]
    assert nothing is not None
    assert nothing.value > free.value, "homes that are never built house nobody"
    again = relaxation.solve(60.0)[1]
    assert again is not None
    assert again.value == pytest.approx(free.value, rel=1e-6)
