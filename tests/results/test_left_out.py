"""What a plan does not start, and what that would take: by hand, and against a plain reading of rules and tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.results.programmes import MAY, planned
from tests.scheduling.scenarios import programme

import renewopt
from renewopt.results.briefing.facts import left_out
from renewopt.results.briefing.given_up import unbuilt
from renewopt.results.pricing.record import DIFFERENCES
from renewopt.results.reporting.left_out import left_out_table
from renewopt.results.reporting.page import words_for
from renewopt.results.reporting.programme import others_paid, stages_paid, waiting_for
from renewopt.results.workbook import write_workbook
from renewopt.results.workbook_reading import read_tables
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme, faults
from renewopt.wording import LANGUAGES, Language


def rows(plan: renewopt.Plan) -> dict[str, dict[str, Any]]:
    return {row["item"]: row for row in plan.left_out.to_dict("records")}


def test_where_all_starts_nothing_is_listed() -> None:
    plan = planned(programme(), {"New": 2, "Lane": 8, "Pipe": 11})
    assert plan.left_out.empty
    assert "Not started:" not in plan.report()


def test_what_each_would_take() -> None:
    found = rows(planned(programme(**MAY), {}))
    new, lane, pipe = found["New"], found["Lane"], found["Pipe"]
    assert (new["kind"], new["households"], new["cost"]) == ("urban_village", 6, 150_000.0)
    assert new["uses"] == "cash:100000.00;commitments:50000.00"
    assert (new["funds"], lane["funds"]) == ("budget", "budget;bond")
    assert (new["first"], new["last"], new["keeps"]) == ("2024-02", "2024-06", "")
    assert (new["start"], new["idle"], new["lacking"]) == ("2024-02", 150_000.0, 0.0)
    assert (new["land_revenue"], new["phases"], new["deadline"]) == (5_000_000.0, "G1", "2024-12")
    assert new["homes"] == 2, "on hand, and nobody takes them"
    assert (lane["keeps"], lane["waits_for"], lane["first"]) == ("precedence", "New", "")
    assert pd.isna(lane["homes"])
    assert (pipe["keeps"], pipe["waits_for"], pipe["uses"], pipe["funds"]) == ("precedence", "Lane", "", "")


def test_crews_windows_and_numbers_that_keep_it_out() -> None:
    # New starts in 2024-03 (month 2): Lane may begin from 2024-04 on, and there is but one builder.
    few = programme(crews__1__per_month=1)
    lane = rows(planned(few, {"New": 2}))["Lane"]
    assert (lane["keeps"], lane["crews"], lane["first"]) == ("crews", "builders:1", "")
    late = programme(works__0__start={"from": "2024-03", "to": "2024-03"}, crews__1__per_month=2)
    assert rows(planned(late, {"New": 2}))["Lane"]["keeps"] == "precedence"
    none = programme(starts=[{"kind": "back_street", "by": "2024-12", "most": 0}])
    assert rows(planned(none, {"New": 2}))["Lane"]["keeps"] == "number"


@pytest.mark.parametrize(
    ("inflow", "start", "idle", "lacking"),
    [
        # Half is due in the month of the start, half three months later: 150,000 each.
        ({"2024-09": 200_000}, "2024-09", 200_000.0, 100_000.0),
        ({"2024-08": 300_000}, "2024-08", 300_000.0, 0.0),
        ({"2024-09": 150_000, "2024-11": 150_000}, "2024-09", 300_000.0, 0.0),
    ],
)
def test_money_of_the_funds_that_may_pay(inflow: dict[str, int], start: str, idle: float, lacking: float) -> None:
    bond = {"id": "bond", "uses": ["commitments"], "inflow": {"by_month": inflow}}
    budget = {"id": "budget", "opening": 150_000, "uses": ["cash", "commitments"], "projects": ["New"]}
    scenario = programme(funds=[bond, budget], projects__1__land=..., vouchers=[])
    lane = rows(planned(scenario, {"New": 2}))["Lane"]
    assert (lane["funds"], lane["start"], lane["idle"], lane["lacking"]) == ("bond", start, idle, lacking)


TOLD = {
    "en": (
        "could start 2024-02 to 2024-06",
        "waits for New, not started either",
        "land for G1",
        "100,000 yuan as cash compensation, 50,000 yuan as commitments",
        "land to be cleared by 2024-12",
        "begun in 2024-02, it could be paid for out of what lies idle in budget",
    ),
    "zh": (
        "2024年2月至2024年6月可启动",
        "须待New，该项也未启动",
        "为G1供地",
        "货币补偿10万元、既定支出5万元",
        "净地期限2024年12月",
        "2024年2月启动可全部由budget的闲置资金支付",
    ),
}


def test_the_report_and_the_first_page_tell_it(tmp_path: Path) -> None:
    plan = planned(programme(**MAY), {})
    for lang in LANGUAGES:
        page = plan.report(lang)
        assert [page.count(said) for said in TOLD[lang]] == [1] * len(TOLD[lang])
    told = {lang: plan.brief(lang) for lang in LANGUAGES}
    assert (
        "Taken one by one: 2 wait for what is not started either; 1 could start by the rules and pay its" in told["en"]
    )
    assert (
        "逐项看：2项须待同样未启动的项目；1项按规则可启动，闲置资金可支付其投资（未计6户过渡费和安置支出）"
        in told["zh"]
    )
    again = renewopt.read_plan(plan.write(tmp_path / "plan", report=False))
    assert again.left_out.equals(plan.left_out)
    assert again.brief("zh") == told["zh"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_has_a_sheet_of_it(lang: Language, tmp_path: Path) -> None:
    named = programme(**MAY, projects__1__name="新桥村", crews__1__per_month=1)
    plan = planned(named, {})
    book = write_workbook(plan, tmp_path / "plan.xlsx", lang)
    assert read_tables(book)["left_out"].equals(plan.left_out)
    sheet = pd.read_excel(book, {"en": "not started", "zh": "未启动项目"}[lang], engine="calamine")
    assert sheet[{"en": "item_name", "zh": "项目或工程名称"}[lang]].iloc[0] == "新桥村"
    assert (
        sheet[{"en": "kind_name", "zh": "类别名称"}[lang]].iloc[0] == {"en": "urban villages", "zh": "城中村改造"}[lang]
    )
    told = {"en": "precedence;crews", "zh": "前后次序;队伍"}[lang]
    assert told in sheet[{"en": "keeps", "zh": "不能启动的原因"}[lang]].tolist()


def test_the_first_page_sorts_it_by_what_keeps_it_out() -> None:
    found = left_out(planned(programme(**MAY), {}))
    assert (found.waits, found.rules, found.money, found.free, found.households) == (2, 0, {}, 1, 6)
    assert found.delay == 500 * 24 + 1000 * 13
    few = left_out(planned(programme(crews__1__per_month=1), {"New": 2}))
    assert (few.waits, few.rules, few.free) == (1, 1, 0)
    poor = left_out(planned(programme(**MAY, funds__0__opening=0, funds__0__inflow=[]), {}))
    assert (poor.money, poor.free) == ({"New": 150_000.0}, 0)


def test_phases_on_its_land_are_told_with_it() -> None:
    plan = planned(programme(**MAY), {})
    assert unbuilt(plan) == []
    assert [phase.phase for phase in unbuilt(replace(plan, left_out=plan.left_out.iloc[1:]))] == ["G1"]


def test_what_must_be_housed_in_time_is_told() -> None:
    scenario = programme(**MAY, objective={"start_only_if_housed": True})
    assert planned(scenario, {}).report().count("all its households would have to be housed within their term") == 1


def test_a_window_that_would_be_longer_is_told_where_it_was_reckoned() -> None:
    plan = planned(programme(**MAY), {})
    told = pd.DataFrame(
        [("window", "New", "", 1234.0), ("window", "Lane", "", 0.0), ("starts", "Pipe", "", 9.0)],
        columns=[*DIFFERENCES],
    )
    saved = left_out_table(plan, words_for("en", plan.stated), SimpleNamespace(differences=told))  # type: ignore[arg-type]
    assert saved is not None
    later = [row[-1].rpartition("; ")[2] for row in saved.rows]
    assert later[0] == "a start in the month after its window would save 1,234 yuan, by the relaxation"
    assert not any("would save" in row[-1] for row in saved.rows[1:])


def test_a_plan_of_an_earlier_version_lists_nothing(tmp_path: Path) -> None:
    plan = planned(programme(**MAY), {})
    earlier = replace(plan, left_out=plan.left_out.iloc[:0])
    folder = earlier.write(tmp_path / "plan", report=False)
    assert not (folder / "left_out.csv").exists()
    assert "Not started:" not in renewopt.read_plan(folder).report()


seeds = st.integers(0, 10**6)


def drawn(seed: int) -> tuple[Scenario, dict[str, int | None]]:
    """The small programme with other money, crews, windows and numbers; and starts that keep its rules."""
    random = Random(seed)

    def yuan() -> int:
        return 10_000 * random.randint(0, 40)

    first = random.randint(1, 6)
    changes = {
        "funds__0__opening": yuan(),
        "funds__0__inflow__monthly": 10_000 * random.randint(0, 5),
        "funds__1__opening": yuan(),
        "crews__1__per_month": random.randint(1, 3),
        "works__0__start": {"from": f"2024-{first:02}", "to": f"2024-{random.randint(max(first, 4), 12):02}"},
        "starts__0__most": random.choice((0, 1, 1)),
        "precedence__0__lag": random.randint(0, 3),
        "commitments": [{"id": "road", "by_month": {f"2024-{random.randint(1, 12):02}": 1 + yuan()}}],
    }
    scenario = programme(**MAY, **changes)
    compiled = compile_programme(scenario)
    starts: dict[str, int | None] = {}
    for name, month in {"New": random.randint(1, 5), "Lane": random.randint(0, 11), "Pipe": 11}.items():
        if random.random() < 0.6 and not faults(compiled, {**starts, name: month}):
            starts[name] = month
    return scenario, starts


def lacking(plan: renewopt.Plan, funds: list[str], due: list[tuple[int, int]]) -> int:
    """Yuan that funds miss if they pay some bills besides, out of what the table of funds says is never needed."""
    months = pd.period_range(plan.start, periods=60, freq="M").strftime("%Y-%m").tolist()
    left = {}
    for fund in funds:
        closing = plan.funds[plan.funds["fund"] == fund].drop_duplicates("month", keep="last").set_index("month")
        left[fund] = closing["balance"].reindex(months).ffill().fillna(0.0).round(2).tolist()
    missing = 0
    for month, amount in due:
        unpaid = amount
        for balance in left.values():
            free = min(max(min(balance[month:]), 0), unpaid)
            balance[month:] = [there - free for there in balance[month:]]
            unpaid -= free
        missing += unpaid
    return missing


@settings(max_examples=full_count(8, 2_000), deadline=None)
@given(seeds)
def test_it_agrees_with_a_plain_reading_of_rules_and_tables(seed: int) -> None:
    scenario, starts = drawn(seed)
    compiled, plan = compile_programme(scenario), planned(scenario, starts)
    assert plan.left_out["item"].tolist() == [item for item in ("New", "Lane", "Pipe") if item not in starts]
    bills = {"New": ([(0, 100_000), (3, 50_000)], ["budget"]), "Pipe": ([], []),
             "Lane": ([(0, 150_000), (3, 150_000)], ["budget", "bond"])}  # fmt: skip
    for item, row in rows(plan).items():
        at = compiled.rows[item]
        window = range(int(compiled.activities.first[at]), int(compiled.activities.last[at]) + 1)
        broken = {month: {fault.rule for fault in faults(compiled, {**starts, item: month})} for month in window}
        free = [month for month in window if not broken[month]]
        told = [str(scenario.start + month) for month in free]
        assert (row["first"], row["last"]) == ((told[0], told[-1]) if told else ("", ""))
        assert bool(row["keeps"]) == (not free)
        for rule in filter(None, row["keeps"].split(";")):
            assert rule == "window" or any(rule in rules for rules in broken.values())
        stages, funds = bills[item]
        least = min(
            (lacking(plan, funds, [(month + after, yuan) for after, yuan in stages]), month) for month in free or window
        )
        assert (row["lacking"], row["start"]) == (pytest.approx(least[0]), str(scenario.start + least[1]))
        assert row["idle"] + row["lacking"] == pytest.approx(row["cost"])


@settings(max_examples=full_count(6, 1_000), deadline=None)
@given(seeds)
def test_the_picture_shows_the_books(seed: int) -> None:
    scenario, starts = drawn(seed)
    plan = planned(scenario, starts)
    stages, others = stages_paid(plan), others_paid(plan)
    # Whatever funds pay is drawn once, but for what was committed before.
    paid = -plan.funds.loc[plan.funds["amount"] < 0].groupby("purpose")["amount"].sum()
    road = float(paid.get("commitments/road", 0.0))
    assert stages["amount"].sum() + others["amount"].sum() == pytest.approx(paid.sum() - road)
    for item, amount in stages.groupby("item")["amount"].sum().items():
        of_item = {"New": "/New/New", "Lane": "/Lane"}[str(item)]
        assert amount == pytest.approx(sum(fen for purpose, fen in paid.items() if of_item in str(purpose)))
    assert set(stages["item"]) <= set(starts)
    waiting = waiting_for(plan).groupby("month")[["waiting", "overdue"]].sum()
    begun = plan.people[(plan.people["project"] != "New") | (plan.people["month"] >= str(plan.starts["New"] or "2999"))]
    assert waiting.equals(begun.groupby("month")[["waiting", "overdue"]].sum().reindex(waiting.index))
    assert waiting["overdue"].sum() == plan.people["overdue"].sum()
