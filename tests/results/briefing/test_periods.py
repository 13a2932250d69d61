"""Money and homes by quarter: every month is in one column, and rows and columns add up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.results.made import random_plan

import renewopt
from renewopt import Plan
from renewopt.results.briefing import periods
from renewopt.results.briefing.periods import missing, periods_of, quarters_of
from renewopt.results.briefing.telling import tell_brief
from renewopt.results.reporting.missing import missing_by_month
from renewopt.units import Month


@pytest.fixture(scope="module")
def uncertain(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "uncertain.yaml", policy="costliest-first")


@settings(max_examples=full_count(100, 2000), deadline=None)
@given(st.integers(2020 * 12, 2030 * 12), st.integers(1, 400))
def test_every_month_is_in_one_period(start: int, months: int) -> None:
    first = Month(start)
    found = periods_of(str(first), months)
    every = pd.Series([str(first + month) for month in range(months)])
    assert (np.sum([period.holds(every).to_numpy() for period in found], axis=0) == 1).all()
    assert len(found) <= 7
    assert [period.quarter > 0 for period in found] == sorted((period.quarter > 0 for period in found), reverse=True)


def test_periods_are_quarters_and_then_years() -> None:
    found = periods_of("2024-05", 60)
    assert [(period.first, period.last) for period in found] == [
        ("2024-05", "2024-06"),
        ("2024-07", "2024-09"),
        ("2024-10", "2024-12"),
        ("2025-01", "2025-03"),
        ("2025-04", "2025-12"),
        ("2026-01", "2026-12"),
        ("2027-01", "2029-04"),
    ]


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(st.integers(0, 60))
def test_the_table_adds_up_to_the_funds(seed: int) -> None:
    plan = random_plan(seed)
    found = quarters_of(plan)
    out = plan.funds[(plan.funds["amount"] < 0) & ~plan.funds["use"].isin(["moved_out", "lapsed"])]
    if found.paid:
        assert found.total[-1] == pytest.approx(-out["amount"].sum(), abs=0.01)
    for row in (*found.paid.values(), *([found.total] if found.paid else []), found.housed):
        assert len(row) == len(found.periods) + 1
        assert sum(row[:-1]) == pytest.approx(row[-1], abs=0.01)
    for fund, row in found.paid.items():
        assert row[-1] == pytest.approx(-out.loc[out["fund"] == fund, "amount"].sum(), abs=0.01)
    assert found.housed[-1] == plan.people["housed"].sum()


def test_small_funds_are_told_together(uncertain: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = quarters_of(uncertain)
    monkeypatch.setattr(periods, "FUNDS", 1)
    together = quarters_of(uncertain)
    assert list(whole.paid) == ["budget", "bond"]
    assert list(together.paid) == [""]
    assert together.paid[""] == whole.total


def test_homes_come_when_phases_are_handed_over_and_by_themselves(uncertain: Plan) -> None:
    homes = quarters_of(uncertain).homes
    assert homes is not None
    assert homes[-1] == 18
    assert homes[4] == 18


def test_what_comes_from_outside_stands_in_its_quarter_and_is_told_by_purpose(repository: Path, tmp_path: Path) -> None:
    poor = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    for rich, less in {"monthly: 10.5万元": "monthly: 0.3万元", "opening: 10万元": "opening: 0"}.items():
        assert rich in poor
        poor = poor.replace(rich, less)
    path = tmp_path / "poor.yaml"
    path.write_text(poor, "utf-8")
    plan = renewopt.plan(path, gap=0)
    assert plan.shortfall
    found = quarters_of(plan)
    assert found.outside is not None
    assert found.outside[-1] == pytest.approx(plan.shortfall, abs=0.01)
    assert sum(found.outside[:-1]) == pytest.approx(found.outside[-1], abs=0.01)
    rows = missing(plan)
    assert -rows["amount"].sum() == pytest.approx(plan.shortfall, abs=0.01)
    assert not rows.duplicated(["month", "purpose"]).any()
    # The chart of the report draws the same.
    drawn = missing_by_month(plan)
    assert drawn["amount"].min() > 0
    assert drawn["amount"].sum() == pytest.approx(plan.shortfall, abs=0.01)
    # Each sentence tells of a purpose, and all of them of all that is missing.
    _, *told = tell_brief(plan, "en").sections[0].sentences
    amounts = [float(sentence.split(" yuan")[0].replace(",", "")) for sentence in told]
    assert sum(amounts) == pytest.approx(plan.shortfall, abs=len(amounts))
    assert "missing, from elsewhere" in plan.brief()
    assert "须另筹资金" in plan.brief("zh")
