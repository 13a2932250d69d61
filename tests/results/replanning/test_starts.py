"""Plans of programmes made anew: what has begun is a fact, what has not waits for it, and all is dated anew."""

from __future__ import annotations

import filecmp
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML
from tests.conftest import REPOSITORY, full_count
from tests.scheduling.scenarios import programme, sections
from tests.test_snippets import fenced

import renewopt
from renewopt.errors import ScenarioError
from renewopt.problem import compile_problem
from renewopt.results.replanning.promises import promises_table
from renewopt.results.replanning.template import actuals_template
from renewopt.scenario import Scenario
from renewopt.scheduling import dated
from renewopt.units import Month
from renewopt.vocabulary import LANGUAGES

SEEDS = full_count(6, 400)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """New starts, Lane comes after it, Pipe after Lane; all must start."""
    return programme(
        works__0__start={"from": "2024-03", "to": "2024-09", "must": True},
        works__1__start={"from": "2024-12", "to": "2024-12", "must": True},
    )


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> renewopt.Plan:
    return renewopt.plan(scenario, gap=0.0)


def began(**months: str) -> pd.DataFrame:
    return pd.DataFrame([{"what": "started", "item": name, "month": month} for name, month in months.items()])


def test_the_template_holds_the_starts(plan: renewopt.Plan, scenario: Scenario) -> None:
    rows = actuals_template(plan)
    assert plan.starts == {"New": "2024-04", "Lane": "2024-07", "Pipe": "2024-12"}
    assert rows.loc[rows["what"] == "started", ["month", "item"]].values.tolist() == [
        ["2024-04", "New"], ["2024-07", "Lane"], ["2024-12", "Pipe"]]  # fmt: skip
    for month in ("2024-02", "2024-05", "2024-09"):
        assert renewopt.replan(plan, scenario=scenario, actuals=rows, month=month) is plan
        assert renewopt.replan(plan, scenario=scenario, month=month) is plan


def test_nothing_new_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    with (tmp_path / "programme.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(sections(), file)
    folder = renewopt.plan(tmp_path / "programme.yaml", gap=0.0).write(tmp_path / "plan")
    other = renewopt.replan(folder, actuals=folder / "actuals.csv", month="2024-05").write(tmp_path / "again")
    names = sorted(path.name for path in folder.iterdir())
    assert filecmp.cmpfiles(folder, other, names, shallow=False) == (names, [], [])


def test_what_starts_two_months_late_is_dated_anew(plan: renewopt.Plan, scenario: Scenario, tmp_path: Path) -> None:
    anew = renewopt.replan(plan, scenario=scenario, actuals=began(New="2024-06"), month="2024-07")
    assert anew.starts == {"New": "2024-06", "Lane": "2024-07", "Pipe": "2024-12"}
    assert renewopt.audit(scenario, anew) == []
    row = anew.programme.set_index("item").loc["New"]
    assert (row["start"], row["finish"], row["cleared"]) == ("2024-06", "2024-08", "2024-09")
    told = anew.replanned
    assert told is not None
    assert told.starts_before == {"New": "2024-04"}
    # Two months more of 500 yuan; and the three who moved out in June, for whom nothing is told of that month, have
    # July's home or voucher at the earliest: a month of 80 m2 x 10 yuan.
    assert (plan.programme_delay, anew.programme_delay) == (21_000.0, 22_000.0)
    assert anew.objective == pytest.approx((plan.objective or 0.0) + 1_000 + 3 * 800)
    assert told.opening_objective == pytest.approx(plan.objective)
    assert anew.findings == ()
    for lang in LANGUAGES:
        assert {"en": "2024-04", "zh": "2024年4月"}[lang] in anew.summary(lang)
    again = renewopt.read_plan(anew.write(tmp_path / "anew"))
    assert again == anew
    assert renewopt.audit(scenario, again) == []


def test_what_waits_for_what_is_late_waits(plan: renewopt.Plan, scenario: Scenario) -> None:
    """Lane may start a month after New does. That is a fact outside of its own window, and is told."""
    anew = renewopt.replan(plan, scenario=scenario, actuals=began(New="2024-08"), month="2024-09")
    assert anew.starts == {"New": "2024-08", "Lane": "2024-09", "Pipe": "2024-12"}
    assert anew.replanned is not None
    assert anew.replanned.starts_before == {"New": "2024-04", "Lane": "2024-07"}
    assert {each.code for each in anew.findings} == {"starts.window"}
    assert "outside of its window 2024-02 to 2024-06" in anew.findings[0].text["en"]
    assert renewopt.audit(scenario, anew) == []


def test_what_never_started_starts_now_or_is_left_out(plan: renewopt.Plan, scenario: Scenario) -> None:
    """All that must start does, however late; what need not is left out once its window is over."""
    late = renewopt.replan(plan, scenario=scenario, actuals=began(New="2024-04", Lane="2024-11"), month="2024-11")
    assert late.starts["Lane"] == "2024-11"
    assert late.starts["New"] == "2024-04"
    assert late.starts["Pipe"] is None
    assert {each.code for each in late.findings} == {"starts.window", "starts.must"}
    free = programme(works__0__start={"from": "2024-03", "to": "2024-09"})
    chosen = renewopt.plan(free, gap=0.0)
    assert chosen.starts["Lane"] == "2024-07"
    left = renewopt.replan(chosen, scenario=free, actuals=began(New="2024-04"), month="2024-11")
    assert left.starts == {"New": "2024-04", "Lane": None, "Pipe": None}
    assert left.findings == ()
    assert left.replanned is not None
    assert left.replanned.starts_before == {"Lane": "2024-07"}
    assert renewopt.audit(free, left) == []
    assert "does not start any more" in left.summary("en")
    assert "不再启动" in left.summary("zh")


def test_a_fact_is_never_refused(plan: renewopt.Plan, scenario: Scenario) -> None:
    """Lane began before New, on which it waits, with crews that were not there, and nobody planned Pipe."""
    anew = renewopt.replan(
        plan, scenario=scenario, actuals=began(New="2024-04", Lane="2024-01", Pipe="2024-01"), month="2024-05"
    )
    assert anew.starts == {"New": "2024-04", "Lane": "2024-01", "Pipe": "2024-01"}
    assert {each.code for each in anew.findings} >= {"starts.precedence", "starts.crews"}
    assert renewopt.audit(scenario, anew) == []


def test_planned_anew_twice(plan: renewopt.Plan, scenario: Scenario, tmp_path: Path) -> None:
    first = renewopt.replan(plan, scenario=scenario, actuals=began(New="2024-06"), month="2024-07")
    first = renewopt.read_plan(first.write(tmp_path / "first"))
    assert renewopt.replan(first, scenario=scenario, month="2024-10") is first
    rows = actuals_template(first)
    rows.loc[rows["item"] == "Lane", "month"] = "2024-09"
    second = renewopt.replan(first, scenario=scenario, actuals=rows[rows["what"] == "started"], month="2024-10")
    assert second.starts == {"New": "2024-06", "Lane": "2024-09", "Pipe": "2024-12"}
    assert second.replanned is not None
    assert second.replanned.starts_before == {"Lane": "2024-07"}
    assert renewopt.audit(scenario, second) == []


def test_what_cannot_be_is_told_at_once(plan: renewopt.Plan, scenario: Scenario) -> None:
    rows = [
        {"what": "started", "item": "New", "month": "2024-03"},
        {"what": "started", "item": "New", "month": "2024-04"},
        {"what": "started", "item": "Nev", "month": "2024-04"},
        {"what": "started", "item": "", "month": "2024-04"},
        {"what": "started", "item": "Lane", "month": "2023-12"},
        {"what": "handed_over", "phase": "G9", "month": "2024-04"},
    ]
    with pytest.raises(ScenarioError) as caught:
        renewopt.replan(plan, scenario=scenario, actuals=pd.DataFrame(rows), month="2024-05")
    text = str(caught.value)
    for says in ("New has started twice", "did you mean 'New'", "neither a project nor a work is named",
                 "lies before the start", "unknown phase 'G9'"):  # fmt: skip
        assert says in text


def test_what_was_announced_for_sooner_than_the_start_is_told(scenario: Scenario) -> None:
    """Homes were announced for June; the project starts in July, and nobody can choose before."""
    stated = programme(projects__1__start={"from": "2024-03", "to": "2024-12", "must": True})
    plan = renewopt.plan(stated, gap=0.0)
    later = plan.claims[(plan.claims["project"] == "New") & (plan.claims["month"] > plan.starts["New"])]
    month = str(Month.parse(str(plan.starts["New"])) + 1)
    anew = renewopt.replan(plan, scenario=stated, actuals=began(Lane="2024-12"), month=month)
    assert anew.starts["New"] == month
    assert len(later)
    assert renewopt.audit(stated, anew) == []


def _happened(random: Random, plan: renewopt.Plan, now: Month) -> pd.DataFrame:
    """Each start of a plan comes as planned, some months later or sooner, or not at all."""
    rows: list[dict[str, Any]] = [{"what": "started", "item": next(iter(plan.starts)), "month": str(now)}]
    start = Month.parse(plan.start)
    for name, month in plan.starts.items():
        if random.random() < 0.3:
            continue
        planned = start + random.randrange(plan.months) if month is None else Month.parse(month)
        moved = max(planned.ordinal + random.choice((0, 0, 1, 2, -1)), start.ordinal)
        if moved < now.ordinal:
            rows.append({"what": "started", "item": name, "month": str(Month(moved))})
    return pd.DataFrame(rows)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_has_begun_there_is_a_plan_and_it_is_in_order(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    stated = programme(
        projects__1__start={"from": "2024-02", "to": f"2024-{random.randint(3, 6):02d}", "must": random.random() < 0.5},
        works__0__start={"from": "2024-03", "to": f"2024-{random.randint(7, 12):02d}", "must": random.random() < 0.5},
        works__0__delay_cost=random.choice((0, 2_000)),
        works__1__delay_cost=random.choice((0, 900)),
        projects__1__delay_cost=random.choice((0, 30_000)),
    )
    plan = renewopt.plan(stated, gap=0.0)
    now = Month.parse("2024-01") + random.randint(1, 10)
    table = _happened(random, plan, now)
    price = random.choice((0, 700))
    try:
        anew = renewopt.replan(plan, scenario=stated, actuals=table, month=str(now), promise_price=price)
    except ScenarioError as refused:
        # What began sooner than planned has bills, for which nothing is told to have come in.
        if "missing for" in str(refused) or "less than nothing" in str(refused):
            return
        raise
    facts = {str(row["item"]): str(row["month"]) for row in table.to_dict("records") if row["month"] < str(now)}
    assert {name: month for name, month in anew.starts.items() if month is not None and month < str(now)} == facts
    if not anew.feasible:
        return
    assert renewopt.audit(stated, anew) == []
    again = renewopt.read_plan(anew.write(tmp_path / "anew"))
    assert again == anew
    assert renewopt.audit(stated, again) == []
    if anew is not plan:
        assert anew.replanned is not None
        changed = {name: month for name, month in plan.starts.items() if month != anew.starts[name]}
        assert anew.replanned.starts_before == changed
        assert anew.summary("zh")


@pytest.fixture(scope="module")
def poor() -> Scenario:
    """Two works that wait for money alone: 300,000 yuan for the first, 100,000 for the other, 50,000 a month."""
    return Scenario.from_tables(
        name="Works", start="2024-01", months=12,
        works=[
            {"id": "Drain", "kind": "supporting", "start": {"from": "2024-01", "to": "2024-12"}, "duration": 1,
             "cost": 300_000, "delay_cost": 9_000},
            {"id": "Path", "kind": "back_street", "start": {"from": "2024-01", "to": "2024-12"}, "duration": 1,
             "cost": 100_000, "delay_cost": 4_000},
        ],
        funds=[{"id": "budget", "inflow": {"monthly": 50_000}}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("came", "drain", "path"),
    [
        # The path waits for two months of money at 4,000, the drain for eight at 9,000: less than the other way round.
        (50_000, "2024-08", "2024-02"),
        # 150,000 more: now the drain comes first, 3 x 9,000 + 5 x 4,000 against 2 x 4,000 + 5 x 9,000.
        (200_000, "2024-03", "2024-05"),
        # A plan that kept its starts would be short of money; both wait a month.
        (0, "2024-09", "2024-03"),
    ],
)
@pytest.mark.parametrize("way", ["to a proof", "by the outline"])
def test_what_is_still_to_start_is_decided_anew(
    poor: Scenario, came: float, drain: str, path: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand: money decides alone which comes first."""
    plan = renewopt.plan(poor, gap=0.0)
    if way == "by the outline":
        monkeypatch.setattr("renewopt.optimiser.starts.asking.WHOLE_CHOICES", -1)
        monkeypatch.setattr("renewopt.optimiser.starts.choosing.MOST_CHOICES", -1)
    happened = [{"what": "received", "fund": "budget", "month": "2024-01", "amount": came}]
    anew = renewopt.replan(plan, scenario=poor, actuals=pd.DataFrame(happened), month="2024-02")
    assert plan.starts == {"Drain": "2024-08", "Path": "2024-02"}
    assert (anew is plan) == (came == 50_000)
    if came == 200_000:
        assert fenced(REPOSITORY / "docs" / "replan.md", "text")[-1].rstrip("\n") in anew.summary()
    assert anew.feasible
    assert renewopt.audit(poor, anew) == []
    assert anew.starts == {"Drain": drain, "Path": path}


def test_what_a_cohort_has_chosen_already_takes_no_promises_place() -> None:
    """Three of five chose in April; the two who were announced May get June."""
    stated = programme()
    problem = compile_problem(dated(stated, {"New": 1}))
    problem = replace(problem, calendar=replace(problem.calendar, now=4))
    claim = int(np.flatnonzero(problem.claims.household == "N2@0")[0])
    offer = int(np.flatnonzero(problem.offers.claim == claim)[0])
    announced, none = np.array([[offer, 4, 2]]), np.zeros(1, dtype=np.int64)
    table = promises_table(problem, announced, none, none, np.array([[offer, 3, 3], [offer, 5, 2]]))
    assert table[["count", "month_before", "month"]].values.tolist() == [[2, "2024-05", "2024-06"]]
