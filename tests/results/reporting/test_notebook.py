"""A plan in a notebook."""

from dataclasses import replace
from pathlib import Path

import pytest

import renewopt
from renewopt import Plan
from renewopt.results.record import Shortage
from renewopt.results.reporting.notebook import show_plan


@pytest.fixture(scope="module")
def plan(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)


def test_it_shows_headline_and_projects_and_no_household(plan: Plan) -> None:
    page = plan._repr_html_()
    assert "68,800 yuan" in page
    assert "<td" in page
    assert "North" in page
    assert "N1" not in page
    assert "<script" not in page
    assert len(page) < 20_000
    assert "6.88万元" in show_plan(plan, "zh")


def test_names_are_text(plan: Plan) -> None:
    people = plan.people.replace({"North": "<script>"})
    page = replace(plan, name="<script>", people=people)._repr_html_()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 2


def test_an_infeasible_plan_shows_what_is_short(plan: Plan) -> None:
    short = Shortage("money", "fees/P", "2024-01", 5.0, {"en": "5 yuan short", "zh": "缺 5 元"})
    page = replace(plan, status="infeasible", shortages=(short,))._repr_html_()
    assert "5 yuan short" in page
    assert "<details open>" in page
