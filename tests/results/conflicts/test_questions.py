"""Questions about rules: what a rule of thumb is tried on, and what work it is taken for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from renewopt import Scenario
from renewopt.optimiser.infeasibility import feasibility
from renewopt.optimiser.infeasibility.feasibility import Effort
from renewopt.problem import compile_problem
from renewopt.results.conflicts.finding import stated_rules
from renewopt.results.conflicts.questions import FREE, LIMITED, Questions
from renewopt.scenario.models import Throughput

from .planted import planted

WORK = 1e9


def by_month(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"throughput": [Throughput(id="desk", per_month=1)]})


def in_all(scenario: Scenario) -> Scenario:
    voucher = scenario.vouchers[0].model_copy(update={"take_up": Decimal("0.5")})
    return scenario.model_copy(update={"vouchers": [voucher]})


def asked_of(scenario: Scenario) -> Questions:
    return Questions(scenario, stated_rules(scenario, compile_problem(scenario)), Effort(WORK), large=True)


@pytest.fixture(autouse=True)
def all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasibility, "RELAXED", -1)


def test_limits_by_month_make_a_rule_of_thumb_take_more_work_and_those_in_all_do_not() -> None:
    possible, _ = planted("money", 0)
    for scenario, if_limited, each in (
        (possible, False, FREE),
        (in_all(possible), False, FREE),
        (by_month(possible), False, 0.0),
        (by_month(possible), True, LIMITED),
    ):
        questions, problem = asked_of(scenario), compile_problem(scenario)
        questions.shown(questions.every, if_limited=if_limited)
        assert WORK - questions.effort.left == pytest.approx(len(problem.offers) * problem.calendar.months * each)


def test_what_a_rule_of_thumb_did_not_show_is_not_tried_again() -> None:
    _, scenario = planted("money", 0)
    questions = asked_of(scenario)
    assert not questions.shown(questions.every)
    left = questions.effort.left
    assert left < WORK
    assert not questions.shown(questions.every)
    assert questions.effort.left == left
