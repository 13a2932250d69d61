"""What a director reads: who, when, how, at what cost, out of which money."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.seeds import seeds

import renewopt
from renewopt.results.aligning import align
from renewopt.results.planned import Plan
from renewopt.results.reading import read_plan
from renewopt.results.record import Remark, Savings, Shortage
from renewopt.vocabulary import STOPPED
from renewopt.wording import LANGUAGES, width

from .made import random_plan


@pytest.fixture(scope="module")
def best(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)


ENGLISH = """\
Plan for Minimal
2024-01 to 2024-08, policy optimal
Proven optimal: no plan costs less.

Fees and cost
  Minimised: transition fees, 18,700 yuan (proven: at least 18,700 yuan)
  Transition fees of the plan: 18,700 yuan
  of which accrued in the books: 4,500 yuan ordinary, 14,200 yuan overdue
  Paid on fees: 18,700 yuan; still owed when the books close: 0 yuan
  Fiscal cost (discounted): 1,318,700 yuan
  Saved against everybody waiting for the own estate: 68,800 yuan (waiting would cost 87,500 yuan)
    (of it 20,800 yuan in fees as they accrue, 48,000 yuan in fees valued after 2024-08: who would still wait)
  Saved by the office's convention (fee × months to the own estate's assumed handover): 0 yuan

Who is settled, by when, by which route
  5 of 5 households are housed by 2024-08
  All are housed by 2024-05
  First month with no overdue household: 2024-05

  route       households  first month  last month
  transfer             1  2024-05      2024-05
  voucher              1  2024-03      2024-03
  own estate           3  2024-01      2024-05

  project  households  housed by 2024-08
  North             3                  3
  South             2                  2

Construction
  phase     handed over  spent (yuan)
  Meadow-1  2024-05           900,000

What each fund did, yuan
  fund    paid for                in      out  at the end
  budget                     940,000  418,700     521,300
          vouchers                    400,000
          transition fees              18,700
  bond                     1,000,000  900,000     100,000
          construction                900,000"""


def test_the_summary_word_for_word(best: Plan) -> None:
    assert best.summary() == ENGLISH


def test_the_summary_in_chinese(best: Plan) -> None:
    text = best.summary("zh")
    for words in (
        "安置方案：Minimal",
        "已证明最优",
        "方案过渡费：1.87万元",
        "节约：6.88万元（全部等待需 8.75万元）",
        "至2024年8月安置 5 户，共 5 户",
        "首个无超期户的月份：2024年5月",
    ):
        assert words in text
    assert "yuan" not in text


@pytest.mark.parametrize("seed", seeds(range(25), fast=10))
@pytest.mark.slow
def test_a_plan_read_back_tells_the_same(seed: int, tmp_path: Path) -> None:
    plan = random_plan(seed)
    again = read_plan(plan.write(tmp_path / "plan"))
    for lang in LANGUAGES:
        assert again.summary(lang) == plan.summary(lang)


def savings(**figures: float) -> Savings:
    return Savings(
        **{
            **dict.fromkeys((each.name for each in fields(Savings)), 0.0),
            **figures,
        }
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"status": "time_limit", "gap": 0.0123}, "short of the asked gap: no plan can be better by more than 1.23%"),
        ({"status": "interrupted", "gap": None}, "Stopped before anything was proven"),
        ({"status": "feasible", "gap": 0.0005}, "asked gap: no plan can be better by more than 0.05%"),
        ({"objective": 9_000.0}, "transition fees, weighted as the scenario says, 9,000 yuan"),
        ({"objective": 18_800.0, "waiting_cost": 100.0}, "transition fees and the waiting cost, 18,800 yuan"),
        ({"objective_name": "fiscal_cost", "objective": 1_318_700.0}, "Minimised: fiscal cost, 1,318,700 yuan"),
        ({"variant": "low"}, "Plan for Minimal, variant low"),
        ({"clear_month": None}, "Overdue households remain to the end of the horizon"),
        (
            {"savings": savings(against_waiting=-5000, waiting_fees=1)},
            "More than everybody waiting for the own estate: 5,000",
        ),
        (
            {"savings": savings(against_waiting=9000, saved_valued=2000)},
            "(of it 7,000 yuan in fees as they accrue, 2,000 yuan in fees valued after 2024-08: who",
        ),
        (
            {"savings": savings(against_waiting=-5000, saved_valued=2000)},
            "(of it 7,000 yuan in fees as they accrue, -2,000 yuan in fees valued after",
        ),
        ({"savings": savings(waiting_shortfall=7000)}, "(waiting would also lack 7,000 yuan that no fund has)"),
        ({"findings": (Remark("deadline.missed", {"en": "late", "zh": "晚"}),) * 40}, "... and 10 more"),
        ({"construction": pd.DataFrame()}, "What each fund did"),
    ],
)
def test_what_else_may_be_said(best: Plan, change: dict[str, object], says: str) -> None:
    assert says in replace(best, **change).summary()  # type: ignore[arg-type]


def test_an_infeasible_plan_says_what_is_short(best: Plan) -> None:
    short = Shortage("money", "fees/North", "2024-03", 5.0, {"en": "fees lack", "zh": "过渡费缺"})
    plan = replace(best, status="infeasible", shortages=(short,))
    assert plan.summary().splitlines() == [
        "Plan for Minimal",
        "There is no plan that keeps every rule.",
        "",
        "What is short",
        "  fees lack",
    ]
    assert "过渡费缺" in plan.summary("zh")


def test_a_phase_that_is_not_finished(best: Plan) -> None:
    unfinished = replace(best, construction=best.construction.assign(handed_over=""))
    assert "not within the horizon" in unfinished.summary()


def test_many_projects_and_years_are_cut_short(best: Plan) -> None:
    rows = best.allocation.iloc[[0] * 50].assign(project=[f"P{number:02}" for number in range(50)])
    plan = replace(best, allocation=rows, months=12 * 250, households=50)
    text = plan.summary()
    assert "…" in text
    assert max(width(line) for line in text.splitlines()) < 300
    assert "housed by 2273-12" in text


def test_columns_are_aligned_whatever_the_script() -> None:
    lines = align(["途径", "n"], [["own", "1,000"], ["购房凭证", "2"]], numbers=[1])
    assert lines == ["  途径          n", "  own       1,000", "  购房凭证      2"]
    assert len({width(line) for line in lines}) == 1
    assert np.ptp([width(line) for line in lines]) == 0


@pytest.mark.parametrize("status", STOPPED)
def test_a_search_that_ended_without_a_bound_says_so_everywhere(status: str) -> None:
    plan = replace(random_plan(2), status=status, bound=None, gap=None)
    assert "Stopped before anything was proven" in plan.summary()
    assert "Stopped before anything was proven" in plan.report()
    assert "how far from the best is not proven" in plan.brief()
    assert "差距未经证明" in plan.summary("zh")
    for told in (plan.summary(), plan.report(), plan.brief()):
        assert "rule (" not in told
