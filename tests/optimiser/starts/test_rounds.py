"""Rounds: the bound rises, the best schedule gets better, and they end when they meet."""

import math
from pathlib import Path

import numpy as np
import pytest
from tests.optimiser.starts.mid_programme import mid_programme
from tests.optimiser.starts.test_outline import of_copies, opened

from renewopt.optimiser.starts import rounds
from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.first_schedules import first_schedules
from renewopt.optimiser.starts.rounds import Rounds
from renewopt.scheduling import compile_programme, faults
from renewopt.testing.tiny_programmes import written
from renewopt.units import YUAN_PER_WAN


@pytest.mark.slow
@pytest.mark.parametrize("joint", [True, False])
def test_bound_and_best_schedule_close_in_on_each_other(
    joint: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = written(mid_programme(1, projects=6, works=4, months=24, size=4, cohorts=1), tmp_path)
    programme, problem, goal = compile_programme(scenario), opened(scenario), scenario.objective.minimise
    if not joint:
        monkeypatch.setattr(rounds, "SECONDS_OF_CHOICE", math.inf)
    search = Rounds(problem, Aim(goal), 1e6)
    assert search.begin(1e6) == joint
    for starts in first_schedules(programme, problem.options):
        search.look_at(starts)
    bounds, values = [search.bound], [search.least]
    while not search.ended and len(bounds) < 30:
        search.go_on(0.005, 1e6)
        bounds.append(search.bound)
        values.append(search.least)
    assert bounds == sorted(bounds)
    assert values == sorted(values, reverse=True)
    assert search.possible
    assert search.least - search.bound <= 0.005 * search.least
    assert search.bound >= of_copies(problem, goal)[1].objective * YUAN_PER_WAN * (1 - 1e-4), "whole starts cost more"
    for starts in search.values:
        assert not faults(programme, programme.named(np.array(starts)))
