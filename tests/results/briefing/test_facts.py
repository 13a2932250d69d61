"""Figures of the brief, against the tables that they come from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.results.made import random_plan
from tests.results.test_starting import OPEN

import renewopt
from renewopt import Plan
from renewopt.results.briefing import facts
from renewopt.results.briefing.given_up import doubtful, idle, tightest, unbuilt, undrawn, unfinished
from renewopt.results.briefing.telling import tell_brief
from renewopt.results.briefing.worst import worst_delays
from renewopt.results.record import Delayed
from renewopt.results.reporting.facts import last_month
from renewopt.results.tables import COLUMNS
from renewopt.testing.tiny_programmes import written

seeds = st.integers(0, 60)


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)


@pytest.fixture(scope="module")
def uncertain(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "uncertain.yaml", policy="costliest-first")


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(seeds)
def test_routes_add_up_to_the_households_housed(seed: int) -> None:
    plan = random_plan(seed)
    taken = facts.routes_taken(plan)
    assert sum(each.households for each in taken) == plan.settled
    assert all(each.first <= each.last for each in taken)


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(seeds)
def test_the_clear_month_hangs_on_those_overdue_before_it(seed: int) -> None:
    plan = random_plan(seed)
    found = facts.clearing(plan)
    if found is None:
        return
    people = plan.people.groupby("month")["overdue"].sum()
    # A clear month speaks of the months of the plan: who is left at the end may fall overdue after it.
    people = people[people.index <= last_month(plan.start, plan.months)]
    assert people[people.index >= found.month].sum() == 0
    assert sum(found.households.values()) == people[people.index < found.month].iloc[-1] > 0


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(seeds)
def test_the_last_of_each_project_are_the_last(seed: int) -> None:
    plan = random_plan(seed)
    for wait in facts.longest_waits(plan):
        rows = plan.claims[plan.claims["project"] == wait.project]
        if wait.month:
            assert wait.month == rows["housed"].max()
            assert (rows["housed"] != "").all()
        else:
            assert wait.route == "waiting"


def test_what_starts_and_what_does_not_is_told_and_nobody_waits_who_is_not_asked_to(tmp_path: Path) -> None:
    # P and W start, Q is left out: its three households stay where they are.
    plan = renewopt.plan(written(OPEN, tmp_path), gap=0)
    assert [(each.kind, each.begun, each.stated, each.left_out) for each in facts.starts_by_kind(plan)] == [
        ("urban_village", 1, 2, ("Q",)),
        ("back_street", 1, 1, ()),
    ]
    assert {wait.project for wait in facts.longest_waits(plan)} <= {"P"}
    decided, _, given_up, *_ = tell_brief(plan, "en").sections
    assert decided.sentences[0] == (
        "2 of 3 projects and works start: urban villages 1 of 2 (2024-01), back streets 1 of 1 (2024-02)."
    )
    assert given_up.sentences[0] == "Not started, projects and works (1): Q. 3 households stay where they are."
    told = tell_brief(plan, "zh").sections
    assert told[0].sentences[0] == (
        "启动项目和工程2项（共3项）：城中村改造1项（共2项，2024年1月）、背街小巷改造1项（共1项，2024年2月）。"
    )
    # What starts in the first month is signed in it.
    assert facts.signing(plan).started == ("P",)
    assert "Projects and works that start (1): P." in plan.brief()
    assert told[2].sentences[0] == "未启动1项：Q，涉及的3户暂不搬离。"
    page = plan.report()
    assert "not started" in page


def test_the_smallest_scenario(minimal: Plan) -> None:
    built = facts.building(minimal)
    assert built is not None
    assert (built.handed, built.count, built.stated, built.homes) == ({"2024-05": ("Meadow-1",)}, 1, 1, 3)
    assert (built.begun, built.paid_up, built.amount) == ("2024-04", "2024-04", 900_000)
    clear = facts.clearing(minimal)
    assert clear is not None
    assert (clear.month, clear.households) == ("2024-05", {"South": 2, "North": 1})
    south, north = facts.longest_waits(minimal)
    assert (south.project, south.households, south.month, south.ready) == ("South", 2, "2024-05", "Meadow-1")
    assert (north.project, north.route, north.source) == ("North", "transfer", "Meadow")
    longest = facts.longest_out([south, north], "2024-08")
    assert longest is not None
    assert (longest.project, longest.months_out("2024-08")) == ("North", 52)
    signed = facts.signing(minimal)
    assert (signed.month, signed.routes, signed.phases, signed.owed) == ("2024-01", {"own_unit": 1}, {}, 0.0)
    assert (
        signed.paid
        == -minimal.funds.loc[(minimal.funds["month"] == "2024-01") & (minimal.funds["amount"] < 0), "amount"].sum()
    )


@settings(max_examples=full_count(20, 500), deadline=None)
@given(st.integers(0, 60))
def test_why_somebody_waits_at_the_end_is_what_is_not_built_or_who_has_the_homes(seed: int) -> None:
    plan = random_plan(seed)
    handed = set(plan.construction.loc[plan.construction["handed_over"] == "yes", "phase"])
    for wait in facts.longest_waits(plan):
        if wait.month:
            assert (wait.unbuilt, wait.homes, wait.given) == ((), 0.0, 0)
        else:
            assert handed.isdisjoint(wait.unbuilt)
            assert 0 <= wait.given <= wait.homes


def test_what_begins_in_the_first_month_is_signed(uncertain: Plan) -> None:
    signed = facts.signing(uncertain)
    first = uncertain.construction[uncertain.construction["month"] == "2024-01"]
    assert signed.phases == dict(zip(first["phase"], first["amount"], strict=True)) != {}
    assert signed.routes == {"voucher": 12}


def test_money_idle_is_never_needed(minimal: Plan) -> None:
    budget, bond = idle(minimal)
    assert (bond.fund, bond.amount, bond.uses, bond.since) == ("bond", 100_000, ("construction",), "2024-01")
    assert bond.share == pytest.approx(0.1)
    for each in (budget, bond):
        rows = minimal.funds[minimal.funds["fund"] == each.fund]
        closing = rows.drop_duplicates("month", keep="last").set_index("month")["balance"]
        assert closing[closing.index >= each.since].min() == pytest.approx(each.amount)
        assert not (closing[closing.index < each.since] >= each.amount - 0.001).iloc[-1:].any()


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(seeds)
def test_money_idle_could_be_taken_away(seed: int) -> None:
    plan = random_plan(seed)
    for each in idle(plan):
        rows = plan.funds[plan.funds["fund"] == each.fund]
        closing = rows.drop_duplicates("month", keep="last").set_index("month")["balance"]
        assert closing[closing.index >= each.since].min() >= each.amount - 0.01
        assert 0 < each.share <= 1.001


def rows(table: str, *given: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(given, columns=list(COLUMNS[table]))


def test_phases_that_are_not_built_and_why(uncertain: Plan) -> None:
    stated = {
        **uncertain.stated,
        "phases": {
            **uncertain.stated["phases"],
            "New-1": {"estate": "New", "cost": "1000000", "progress": "0.25", "delivers": {"90": "7", "60": "3"}},
        },
        "estates": {**uncertain.stated["estates"], "New": {"projects": ["Mill"]}},
    }
    prices = pd.DataFrame(
        [("homes", "New/90", "2024-01", 100.0), ("homes", "New/60", "2024-02", 9.0), ("money", "bond", "2024-01", 0.1)],
        columns=["kind", "id", "month", "price_yuan"],
    )
    plan = replace(uncertain, stated=stated, prices=prices)
    (found,) = [phase for phase in unbuilt(plan) if phase.phase == "New-1"]
    assert (found.homes, found.cost, found.saved, found.waiting) == (10, 750_000, 700.0, 13)
    assert found.idle == sum(each.amount for each in idle(plan, least=0.0) if "construction" in each.uses)
    (bare,) = [phase for phase in unbuilt(replace(plan, prices=prices.iloc[:0])) if phase.phase == "New-1"]
    assert bare.saved is None
    brief = plan.brief()
    assert "New-1 with 10 homes, 750,000 yuan to build, is never begun" in brief
    assert "13 households of its project wait at the end" in brief


def test_money_on_a_phase_that_is_not_completed(uncertain: Plan) -> None:
    construction = uncertain.construction.assign(handed_over="")
    plan = replace(uncertain, construction=construction)
    paid = construction.groupby("phase")["amount"].sum()
    assert unfinished(plan) == {phase: amount for phase, amount in paid.items() if amount > 0}
    assert "and not completed by 2025-12" in plan.brief()
    assert "至2025年12月未建成" in plan.brief("zh")


def test_loans_that_are_not_drawn_and_sources_in_doubt(minimal: Plan) -> None:
    loan = {"limit": "1000", "label": "advance", "rate": "0.03"}
    stated = {**minimal.stated, "funds": {"agency": {"name": "平台", "borrow": loan}, "budget": {}}}
    funds = rows(
        "funds",
        ("2024-01", "agency", "borrowed", "", 400.0, 400.0),
        ("2024-01", "agency", "fees", "fees/North", -100.0, 300.0),
        ("2024-02", "budget", "inflow", "", 500.0, 500.0),
        ("2024-02", "budget", "moved_out", "agency", -200.0, 300.0),
        ("2024-02", "agency", "moved_in", "budget", 200.0, 500.0),
    )
    fees = minimal.fees.assign(owed=[70.0 if place == 0 else 0.0 for place in range(len(minimal.fees))])
    plan = replace(minimal, stated=stated, funds=funds, fees=fees)
    (left,) = undrawn(plan)
    assert (left.fund, left.limit, left.drawn, left.left) == ("agency", 1000, 400, 600)
    assert undrawn(replace(plan, stated={"funds": {"agency": {"borrow": {**loan, "revolving": True}}}})) == []
    found = {each.kind: each for each in doubtful(plan)}
    assert set(found) == {"advance", "moves", "owing"}
    assert (found["advance"].amount, found["advance"].share) == (400, 4.0)
    assert (found["moves"].fund, found["moves"].other, found["moves"].amount) == ("budget", "agency", 200)
    assert (found["owing"].amount, found["owing"].month) == (70, "2024-01")
    (kept,) = [each for each in idle(plan) if each.fund == "agency"]
    assert (kept.amount, kept.interest) == (500, 12.0)
    told, chinese = plan.brief(), plan.brief("zh")
    assert "Of the 1,000 yuan that agency 平台 may borrow, 600 yuan are not drawn." in told
    assert "400 yuan (400.0% of all that is paid) is lent by agency 平台" in told
    assert "200 yuan (200.0%) is moved from budget to agency 平台" in told
    assert "预算法第三十五条" in chinese
    lawful = {**stated, "funds": {"agency": {"borrow": {**loan, "label": "loan"}}, "budget": {}}}
    assert {each.kind for each in doubtful(replace(plan, stated=lawful))} == {"moves", "owing"}


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(seeds)
def test_the_tightest_month_is_that_in_which_least_is_left_while_fees_are_paid(seed: int) -> None:
    plan = random_plan(seed)
    last = last_month(plan.start, plan.months)
    stated = plan.stated.get("funds", {})
    paying = [name for name, item in stated.items() if item.get("uses", "all") == "all" or "fees" in item["uses"]]
    rows = plan.funds[plan.funds["fund"].isin(paying) & (plan.funds["month"] <= last)]
    left = {
        month: sum(
            before["balance"].iloc[-1]
            for name in paying
            if len(before := rows[(rows["fund"] == name) & (rows["month"] <= month)])
        )
        for month in rows.loc[(rows["use"] == "fees") & (rows["amount"] < 0), "month"].unique()
    }
    found = tightest(plan)
    assert (found is None) == (not left)
    if found is not None:
        assert found.left == pytest.approx(min(left.values()), abs=0.005)
        assert found.month == min(month for month, amount in left.items() if amount == min(left.values()))


def test_the_narrowest_month(minimal: Plan) -> None:
    found = tightest(minimal)
    assert found is not None
    assert (found.month, found.left, found.paid) == ("2024-03", 1300.0, 403_500.0)
    assert tightest(replace(minimal, funds=minimal.funds[minimal.funds["use"] != "fees"])) is None


def late(phase: str, months: int, missing: float, fees: float = 1.0) -> Delayed:
    return Delayed(phase, months, 1, fees, 0.0, missing, "2024-01" if missing else "", "")


def test_the_worst_delays_come_first_and_all_phases_last() -> None:
    tried = [
        *(late("A", months, 0.0, fees=months) for months in (3, 6, 12)),
        *(late("B", months, missing) for months, missing in ((3, 0.0), (6, 5.0), (12, 9.0))),
        *(late("C", months, 7.0) for months in (3, 6, 12)),
        late("", 3, 1.0),
    ]
    assert [(each.phase, each.months) for each in worst_delays(tried, 3)] == [("C", 3), ("B", 6), ("A", 12), ("", 3)]
    assert [each.phase for each in worst_delays(tried, 1)] == ["C", ""]
    assert worst_delays([], 3) == []
