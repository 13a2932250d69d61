"""What is aimed at: goals of starts as columns, limits that a relaxation may exceed, and what counts as the same."""

import math
from pathlib import Path
from random import Random

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.starts.test_outline import opened
from tests.optimiser.starts.test_strict import with_goals

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.starts.aim import Aim, StartCost, floor_of, slack_of, unit_of
from renewopt.problem import Tier
from renewopt.scheduling import NEVER_STARTS, StartGoal, compile_programme, goal_value
from renewopt.testing.tiny_programmes import every_schedule, tiny_programme
from renewopt.vocabulary import Goal, StartsGoal


@pytest.mark.parametrize("seed", range(full_count(8, 200)))
def test_a_goal_of_starts_comes_to_what_the_programme_says(seed: int, tmp_path: Path) -> None:
    scenario, random = with_goals(seed, tmp_path), Random(seed)
    programme, options = compile_programme(scenario), opened(scenario).options
    every = (programme.vector(each) for each in every_schedule(programme))
    possible = [
        starts
        for starts in every
        if ((starts == NEVER_STARTS) | ((options.first <= starts) & (starts <= options.last))).all()
    ]
    for goal in (goal for goal in programme.goals if goal is not None):
        cost = StartCost.of(options, programme, goal)
        for starts in random.sample(possible, min(len(possible), 10)):
            assert cost.value(options, starts) * unit_of(goal) == pytest.approx(goal_value(programme, goal, starts))
            value = cost.value(options, starts)
            assert Aim("transition_fees", held=((cost, value),)).is_kept(options, starts)
            assert not Aim("transition_fees", held=((cost, value - 0.001),)).is_kept(options, starts)


def test_a_relaxation_may_exceed_a_limit_at_a_price(tmp_path: Path) -> None:
    """No plan has negative fees: held below nothing, what is too much is paid for."""
    scenario = tiny_programme(53, tmp_path)
    programme, problem = compile_programme(scenario), opened(scenario)
    everybody = Tier("fees", Goal.FEES, problem.problem.claims.count > 0)
    limited, aim = Aim.of(problem, programme, "transition_fees", [(everybody, -2.0)])
    assert aim.limits(limited.problem) == ((everybody, -2.0),)
    strict = aim.formulate(limited.problem, limited.options)[1]
    assert Engine(strict, integer=False).run().status == "infeasible"
    given_way = aim.formulate(limited.problem, limited.options, elastic=True)[1]
    assert given_way.cost.size == strict.cost.size + 1
    raw = Engine(given_way, integer=False).run()
    assert raw.status == "optimal"
    assert raw.x is not None
    assert raw.x[-1] >= 2.0
    assert raw.objective >= 2.0 * given_way.cost[-1]


def test_what_is_limited_stands_before_what_is_minimised(tmp_path: Path) -> None:
    scenario = tiny_programme(53, tmp_path)
    programme, problem = compile_programme(scenario), opened(scenario)
    everybody = problem.problem.claims.count > 0
    first, then = Tier("a", Goal.OVERDUE, everybody), Tier("b", Goal.FEES, everybody)
    limited, aim = Aim.of(problem, programme, then, [(first, 1.0)])
    assert limited.problem.objective.tiers == (first, then)
    assert aim.of_households(limited.problem) is then
    begun = StartGoal("s", StartsGoal.NOT_BEGUN, np.ones(len(programme), dtype=np.bool_), by=0)
    limited, aim = Aim.of(problem, programme, begun, [(first, 1.0)])
    assert limited.problem.objective.tiers == (first,)
    assert aim.of_households(limited.problem) == ""


def test_fees_delay_and_numbers_are_never_below_nothing_and_costs_may_be() -> None:
    nobody, nothing = np.zeros(0, dtype=np.bool_), StartGoal("s", StartsGoal.DELAY, np.zeros(0, dtype=np.bool_))
    assert floor_of(nothing) == floor_of(Tier("a", Goal.OVERDUE, nobody)) == 0.0
    assert floor_of(Tier("a", Goal.FISCAL, nobody)) == floor_of("transition_fees") == -math.inf
    assert slack_of("transition_fees", 5.0) == 0.0
    assert 0.0 < slack_of(nothing, 1e9) < 0.01
    assert slack_of(Tier("a", Goal.FEES, nobody), 1e9) > 1.0
