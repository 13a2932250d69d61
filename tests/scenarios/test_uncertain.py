"""The uncertain town: plans in seconds, futures that hurt, and policies that keep the rules in all of them."""

from pathlib import Path

import pytest

import renewopt
from renewopt.futures import draw_future, is_random
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import RULES, simulate
from renewopt.problem import compile_problem


@pytest.fixture(scope="module")
def town(repository: Path) -> renewopt.Scenario:
    return renewopt.load(repository / "scenarios" / "uncertain.yaml")


def test_it_loads_without_a_warning_and_states_three_futures(town: renewopt.Scenario) -> None:
    assert town.warnings == ()
    assert {future.id: is_random(future) for future in town.futures} == {"rough": True, "late": False, "lean": False}


def test_the_plan_is_in_order(town: renewopt.Scenario) -> None:
    plan = renewopt.plan(town, gap=0.03)
    assert renewopt.audit(town, plan) == []
    assert plan.settled == plan.households == 56
    assert plan.gap <= 0.03


@pytest.mark.parametrize("rule", list(RULES))
def test_rules_are_kept_in_rough_futures(town: renewopt.Scenario, rule: str) -> None:
    problem = compile_problem(town)
    rough = town.futures[0]
    planned = replay(problem, RULES[rule]().decide(problem)).totals.transition_fees
    worse = 0
    for seed in range(6):
        future = draw_future(problem, rough, seed)
        decisions = simulate(RULES[rule](), future)
        broken = [str(v) for v in audit_decisions(future.truth, decisions) if v.kind == "broken_rule"]
        assert broken == []
        worse += replay(future.truth, decisions).totals.transition_fees > planned
    assert worse >= 5
