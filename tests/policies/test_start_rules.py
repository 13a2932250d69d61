"""Rules of starts: their orders, and the account of money that the last one keeps."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import full_count

from renewopt.policies.money_for_starts import Account
from renewopt.policies.start_rules import order_by, starts_by
from renewopt.scenario import Scenario
from renewopt.scheduling import Programme, compile_programme, faults
from renewopt.testing.tiny_programmes import tiny_programme
from renewopt.vocabulary import WAYS_TO_START, StartBy

WORKS: list[dict[str, Any]] = [
    {"id": "A", "duration": 1, "cost": 100_000, "delay_cost": 1_000, "households_helped": 10},
    {"id": "B", "duration": 1, "cost": 400_000, "delay_cost": 3_000, "households_helped": 500, "hazards": 1},
    {"id": "C", "duration": 1, "cost": 100_000, "delay_cost": 2_000, "households_helped": 5},
    {"id": "D", "duration": 1, "cost": 200_000, "delay_cost": 2_000, "households_helped": 6, "urgency": 1},
]


def scenario(works: list[dict[str, Any]] = WORKS, **more: Any) -> Scenario:
    funds = [{"id": "F", "opening": 5_000_000}]
    return Scenario.from_tables(
        **{"name": "Works", "start": "2024-01", "months": 8, "works": works, "funds": funds, **more}
    )


def names(order: list[int], programme: Programme) -> str:
    return "".join(str(programme.activities.id[row]) for row in order)


def test_the_most_urgent_is_as_stated_then_by_hazards_then_by_delay() -> None:
    programme = compile_programme(scenario())
    assert names(order_by(StartBy.URGENCY, programme), programme) == "DBCA"
    assert order_by(StartBy.MONEY, programme) == order_by(StartBy.URGENCY, programme)


def test_benefit_is_what_a_start_saves_by_its_stages() -> None:
    programme = compile_programme(scenario())
    # Saved by a start at once, of 20 months: C 38,000/100,000, A 19,000/100,000 like D, B 57,000/400,000.
    assert names(order_by(StartBy.BENEFIT, programme), programme) == "CADB"
    free = compile_programme(scenario([*WORKS, {"id": "E", "duration": 1}]))
    assert names(order_by(StartBy.BENEFIT, free), free) == "ECADB"


def test_land_that_is_due_comes_first_the_least_slack_before() -> None:
    project: dict[str, Any] = {"start": {}, "delay_cost": 1}
    projects = [
        {**project, "id": "late", "land": {"deadline": "2024-07", "penalty": 1}},
        {**project, "id": "soon", "land": {"deadline": "2024-06", "penalty": 1}},
        {**project, "id": "tight", "land": {"deadline": "2024-06", "penalty": 1}, "clearing": 3},
        {**project, "id": "none", "delay_cost": 9_000},
    ]
    programme = compile_programme(
        scenario(
            [],
            projects=projects,
            fee_policies=[{"id": "f", "rate": 1, "term": 1}],
            households=[{"id": p["id"], "project": p["id"], "area": 50} for p in projects],
        )
    )
    order = order_by(StartBy.LAND_DEADLINE, programme)
    assert [str(programme.activities.id[row]) for row in order] == ["tight", "soon", "late", "none"]


def test_money_is_waited_for() -> None:
    poor = scenario(funds=[{"id": "F", "opening": 200_000, "inflow": {"monthly": 100_000}}])
    programme = compile_programme(poor)
    # 300,000 at once: D; the 400,000 of B three months later, then C and A, a month each.
    assert programme.named(starts_by(StartBy.MONEY, poor, programme)) == {"A": 5, "B": 3, "C": 4, "D": 0}
    assert set(programme.named(starts_by(StartBy.URGENCY, poor, programme)).values()) == {0}


def test_what_is_earmarked_pays_nothing_else() -> None:
    kinds = [{**WORKS[0], "kind": "street"}, {**WORKS[2], "kind": "pipe"}]
    funds = [{"id": "S", "opening": 500_000, "kinds": ["street"]}, {"id": "all", "inflow": {"monthly": 50_000}}]
    earmarked = scenario(kinds, funds=funds)
    programme = compile_programme(earmarked)
    # The pipe waits for the money that is anybody's; the street has its own.
    assert programme.named(starts_by(StartBy.MONEY, earmarked, programme)) == {"A": 0, "C": 1}


def test_what_must_start_and_has_no_money_starts_in_its_last_month() -> None:
    must = scenario([{**WORKS[0], "start": {"to": "2024-05", "must": True}}, WORKS[2]], funds=[{"id": "F"}])
    programme = compile_programme(must)
    assert programme.named(starts_by(StartBy.MONEY, must, programme)) == {"A": 4, "C": None}


def test_fees_to_the_end_of_the_term_and_land_count_in_the_account() -> None:
    told: dict[str, Any] = {
        "projects": [
            {"id": "P", "start": {}, "land": {"revenue": 300_000, "into": "F"}, "clearing": 1, "delay_cost": 1}
        ],
        "households": [{"id": "P1", "project": "P", "area": 100, "count": 10}],
        "fee_policies": [{"id": "f", "rate": 50, "term": 2, "overdue": [{"after": 0, "multiplier": 2}]}],
        "works": [],
    }
    # 50,000 a month for two months, and not the overdue ones after.
    for opening, month in ((100_000, 0), (50_000, 0), (49_999, None)):
        town = scenario(**told, funds=[{"id": "F", "opening": opening}])
        programme = compile_programme(town)
        assert programme.named(starts_by(StartBy.MONEY, town, programme)) == {"P": month}
    # Without the land the second month is not paid for.
    told["projects"][0]["land"] = {}
    town = scenario(**told, funds=[{"id": "F", "opening": 99_999}])
    programme = compile_programme(town)
    # In the last month the second fee lies beyond the plan.
    assert programme.named(starts_by(StartBy.MONEY, town, programme)) == {"P": 7}


def test_stages_are_paid_after_the_plan_too() -> None:
    late = [{"id": "A", "duration": 1, "stages": [{"after": 0, "amount": 10_000}, {"after": 6, "amount": 90_000}]}]
    for opening, month in ((20_000, 1), (10_000, None)):
        town = scenario(late, funds=[{"id": "F", "opening": opening, "inflow": {"monthly": 10_000}}])
        programme = compile_programme(town)
        assert programme.named(starts_by(StartBy.MONEY, town, programme)) == {"A": month}


@pytest.mark.parametrize("seed", range(full_count(20, 500)))
def test_every_rule_keeps_the_rules_of_the_programme(seed: int, tmp_path: Path) -> None:
    drawn = tiny_programme(seed, tmp_path)
    programme = compile_programme(drawn)
    for rule in WAYS_TO_START[2:]:
        starts = starts_by(rule, drawn, programme)
        if starts is not None:
            assert not faults(programme, programme.named(starts))


@pytest.mark.parametrize("seed", range(full_count(20, 500)))
def test_the_account_falls_by_what_is_committed(seed: int, tmp_path: Path) -> None:
    drawn = tiny_programme(seed, tmp_path)
    programme = compile_programme(drawn)
    each = programme.activities
    row = len(each) - 1
    account = Account(drawn, programme)
    before = account._left.copy()
    account.commit(row, int(each.first[row]))
    inside = np.flatnonzero(each.stages.row == row)
    spent = before[:, -1] - account._left[:, -1]
    if each.is_work[row]:
        # Of all funds together, as many fen as its stages.
        assert spent.max() == each.stages["fen"][inside].sum()
