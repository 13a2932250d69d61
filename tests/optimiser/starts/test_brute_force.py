"""Tiny programmes: every schedule listed and planned for by itself, against the model with open starts and `choose`."""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import full_count
from tests.optimiser.starts.binding import WITHOUT, binding

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model import formulation
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.starts.asking import OpenModel
from renewopt.optimiser.starts.choosing import choose
from renewopt.optimiser.starts.widening import leave_open, without_land
from renewopt.problem import Problem, compile_problem
from renewopt.scenario import Scenario
from renewopt.scheduling import Programme, compile_programme, dated, faults, programme_delay, revenues
from renewopt.testing.tiny_programmes import every_schedule, tiny_programme
from renewopt.units import FEN_PER_YUAN, YUAN_PER_WAN
from renewopt.vocabulary import Goal

YUAN = 2.0
"""Plans are whole fen, models are not: by so much they may differ."""


@dataclass(frozen=True)
class Listed:
    """The optimum over all schedules in order, and over those that break one rule alone."""

    value: float
    starts: dict[str, int | None] | None
    without: dict[str, float]


def planned(problem: Problem) -> float:
    """Yuan of the best plan for given starts."""
    engine = Engine(formulate(loosened(problem))[1])
    engine.set("mip_rel_gap", 0.0)
    engine.set("mip_abs_gap", 1e-7)
    raw = engine.run()
    return math.inf if raw.x is None else raw.objective * YUAN_PER_WAN


def added(scenario: Scenario, programme: Programme, problem: Problem, starts: dict[str, int | None]) -> float:
    """Yuan of delay and, in the fiscal cost, of land revenue."""
    yuan = programme_delay(programme, starts) / FEN_PER_YUAN
    if scenario.objective.minimise == Goal.FISCAL:
        for _, month, fen in revenues(programme, programme.vector(starts)):
            yuan -= fen * float(problem.objective.discount(month)) / FEN_PER_YUAN
    return yuan


def listed(scenario: Scenario, programme: Programme) -> Listed:
    value, best, without = math.inf, None, {}
    for starts in every_schedule(programme):
        broken = {fault.rule for fault in faults(programme, starts)}
        # What has to be cleared must start, too: left out it breaks both.
        broken -= {"must"} if "land" in broken else set()
        if len(broken) > 1:
            continue
        problem = compile_problem(dated(scenario, starts, programme))
        reached = planned(problem) + added(scenario, programme, problem, starts)
        for rule in broken:
            without[rule] = min(without.get(rule, math.inf), reached)
        if not broken and reached < value:
            value, best = reached, starts
    return Listed(value, best, without)


def modelled(scenario: Scenario, programme: Programme) -> float:
    """Yuan of the optimum of the model with open starts."""
    plain = without_land(scenario)
    opened = leave_open(programme, lambda starts: compile_problem(dated(plain, programme.named(starts))))
    model = OpenModel(opened, scenario.objective.minimise, 0.0)
    model.engine.set("mip_abs_gap", 1e-7)
    return model.ask(600.0)[1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(full_count(12, 500)))
def test_the_best_schedule_and_plan_are_those_of_all_that_are_listed(seed: int, tmp_path: Path) -> None:
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    expected = listed(scenario, programme)
    chosen = choose(scenario, programme, gap=0.0)
    if expected.value == math.inf:
        assert modelled(scenario, programme) == math.inf
        assert chosen.status == "infeasible"
        assert chosen.objective is None
        return
    assert modelled(scenario, programme) == pytest.approx(expected.value, abs=YUAN)
    assert chosen.status == "optimal"
    assert chosen.objective == pytest.approx(expected.value, abs=YUAN)
    assert chosen.starts is not None
    assert not faults(programme, chosen.starts)
    assert chosen.objective - chosen.bound <= max(1.0, 1e-9 * abs(chosen.objective))


CAUGHT = {"copies": 0, "crews": 1, "numbers": 10, "land": 2, "precedence": 23}
"""A tiny programme in which each of these blocks binds."""


@pytest.mark.parametrize(("block", "seed"), CAUGHT.items())
def test_a_rule_block_left_out_of_the_model_is_caught(
    block: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = tiny_programme(seed, tmp_path)
    programme = compile_programme(scenario)
    whole = modelled(scenario, programme)
    # A dict of its own: one that is mended again after the test would have another order.
    others = {name: rule for name, rule in formulation.START_BLOCKS.items() if name != block}
    monkeypatch.setattr(formulation, "START_BLOCKS", others)
    assert modelled(scenario, programme) < whole - YUAN


BINDS = {
    "window": 2, "must": 6, "precedence": 7, "crews": 1, "least number": 17, "greatest number": 10,
    "deadline of land": 3, "phases on land": 2, "earmarked money": 12, "money": 12, "start only if housed": 2,
}  # fmt: skip
"""A tiny programme in which each rule binds."""


def test_every_rule_binds_in_one_of_them() -> None:
    assert set(BINDS) == set(WITHOUT)


@pytest.mark.parametrize(("rule", "seed"), BINDS.items())
def test_without_a_rule_that_binds_there_would_be_a_better_plan(rule: str, seed: int, tmp_path: Path) -> None:
    assert list(binding(tiny_programme(seed, tmp_path), modelled, [rule])) == [rule]


@pytest.mark.skipif(not full_count(0, 1), reason="counted at night")
@pytest.mark.slow
@pytest.mark.long
def test_every_rule_binds_in_a_twentieth_of_them(tmp_path: Path) -> None:
    bound = Counter(rule for seed in range(500) for rule in binding(tiny_programme(seed, tmp_path), modelled))
    assert all(bound[rule] >= 25 for rule in WITHOUT), bound
