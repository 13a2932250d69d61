"""The plan in the futures that its scenario states: against the same runs of a comparison, and what the page says."""

from dataclasses import replace
from pathlib import Path

import pytest

import renewopt
from renewopt import Plan
from renewopt.charts.labels import LANGUAGES, Language

FUTURES = """
commitments: [{id: road, by_month: {2024-08: 40万元}}]
futures:
  - id: lean
    name: 收入大减
    inflows: [{funds: [budget], share: 10%}]
  - id: later
    delays: [{months: 2}]
  - id: rough
    inflows: [{funds: [budget], share: {distribution: uniform, low: 0, high: 1}, each: once}]
"""


@pytest.fixture(scope="module")
def scenario(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("futures") / "town.yaml"
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8") + FUTURES
    path.write_text(text.replace("uses: [fees, voucher]", "uses: [fees, voucher, commitments]"), "utf-8")
    return path


@pytest.fixture(scope="module")
def plan(scenario: Path) -> Plan:
    return renewopt.plan(scenario, gap=0)


def test_it_is_what_a_comparison_finds(scenario: Path, plan: Plan) -> None:
    runs = renewopt.compare(scenario, policies=["optimal"], seeds=5, gap=0, perfect=False).runs
    runs = runs[runs["policy"] == "optimal"]
    planned = runs.loc[runs["future"] == "as-planned", "transition_fees"].iloc[0]
    assert [each.future for each in plan.tried] == ["lean", "later", "rough"]
    for tried in plan.tried:
        mine = runs[runs["future"] == tried.future]
        short = mine.loc[mine["shortfall"] > 0, "shortfall"]
        assert (tried.draws, tried.short) == (len(mine), len(short))
        assert tried.fees == pytest.approx((mine["transition_fees"] - planned).mean(), abs=0.01)
        if len(short):
            assert (tried.least, tried.most) == pytest.approx((short.min(), short.max()))
    assert plan.tried[0].short == 1
    assert plan.tried[1].short == 0


def test_it_is_kept_with_the_plan(plan: Plan, tmp_path: Path) -> None:
    read = renewopt.read_plan(plan.write(tmp_path / "plan"))
    assert read.tried == plan.tried
    assert read.brief() == plan.brief()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_breaks_the_plan_by_how_much_and_when(plan: Plan, lang: Language) -> None:
    page, lean = plan.brief(lang), plan.tried[0]
    if lang == "en":
        amount = f"{lean.most:,.0f} yuan is missing from {lean.first_short} on"
        assert f"收入大减 (budget: 10% of the stated inflow comes), even with repairs, {amount}" in page
        assert "With repairs the plan holds in later (each phase: handed over 2 months late) (draws: 1)." in page
    else:
        assert f"“收入大减”情景（budget到位10%）下，采取补救措施后自2024年{int(lean.first_short[5:])}月起仍缺" in page


def test_deadlines_alone_are_told_too_and_nothing_where_nothing_is_stated(repository: Path, plan: Plan) -> None:
    unkept = replace(plan, tried=(replace(plan.tried[2], short=0, late=2),))
    assert "In 2 of 5 draws of the future rough" in unkept.brief()
    assert renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0).tried == ()


@pytest.mark.parametrize(
    ("lang", "clause", "apart", "more"),
    [
        ("en", "each phase: handed over 6 months late", "; ", ", and more)"),
        ("zh", "各期推迟6个月交付", "；", "等）"),
    ],
)
def test_of_a_future_that_does_much_the_first_is_told(
    plan: Plan, lang: Language, clause: str, apart: str, more: str
) -> None:
    rough = replace(plan.tried[0], name="", does={lang: apart.join([clause] * 12)})
    page = replace(plan, tried=(rough,)).brief(lang)
    assert clause in page
    assert more in page
    assert apart.join([clause] * 12) not in page
