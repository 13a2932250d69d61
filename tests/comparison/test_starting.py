"""Programmes compared: policies with their rules of starts beside the optimiser that decides them."""

from pathlib import Path
from typing import Any

import pytest
from tests.results.test_starting import OPEN

import renewopt
from renewopt.results import starting
from renewopt.scenario import Scenario
from renewopt.testing.tiny_programmes import written

POLICIES = [
    {"id": "old way", "policy": "wait-for-build", "starts": "start-all"},
    {"id": "careful", "policy": "costliest-first", "starts": "as-soon-as-money-allows"},
]
RICH = OPEN | {
    "policies": POLICIES,
    "funds": [{"id": "F", "opening": 400_000, "inflow": {"monthly": 20_000}}],
    "futures": [{"id": "lean", "inflows": [{"share": 0.5}]}],
}


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return written(RICH, tmp_path)


def test_rules_of_starts_stand_beside_the_optimiser_and_its_bound(scenario: Scenario, tmp_path: Path) -> None:
    found = renewopt.compare(
        scenario, policies=["optimal", "old way", "careful"], futures=[], gap=0.0, out=tmp_path / "out"
    )
    runs = found.runs.set_index("policy")
    made = renewopt.plan(scenario, gap=0.0)
    best = runs.loc["optimal"]
    assert best["objective"] == pytest.approx(made.objective, abs=0.01)
    assert best["programme_delay"] == made.programme_delay
    assert (best["started"], best["not_started"]) == (2, 3)
    assert runs.loc["perfect", "bound"] == pytest.approx(made.objective, abs=1.0)
    by_rule = {name: renewopt.plan(scenario, policy=name) for name in ("old way", "careful")}
    for name, plan in by_rule.items():
        assert runs.loc[name, "objective"] == pytest.approx(plan.objective, abs=0.01)
        assert runs.loc[name, "programme_delay"] == plan.programme_delay
        assert runs.loc[name, "fiscal_cost"] == pytest.approx(plan.fiscal_cost, abs=0.01)
        assert runs.loc[name, "objective"] >= runs.loc[name, "bound"] - 0.01
    assert runs.loc["old way", "started"] == 3
    assert runs.loc["careful", "starts"] == "as-soon-as-money-allows"
    assert runs.loc["optimal", "starts"] == runs.loc["perfect", "starts"] == "optimal"
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "careful (as soon as money allows)" in page
    assert runs.loc["old way", "not_started"] == 0
    assert runs.loc["old way", "overdue_peak"] > best["overdue_peak"]
    assert "programme_delay" in (tmp_path / "out" / "runs.csv").read_text("utf-8-sig").splitlines()[0]


def test_a_bound_over_all_starts_is_none_of_a_future(scenario: Scenario) -> None:
    runs = renewopt.compare(scenario, policies=["careful"], gap=0.0).runs
    assert set(runs.loc[runs["policy"] == "perfect", "future"]) == {"as-planned"}
    assert runs.loc[runs["future"] == "lean", "bound"].isna().all()


def test_the_optimum_of_a_large_programme_is_compared_where_it_is_asked_for(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = renewopt.plan(scenario, gap=0.0)
    monkeypatch.setattr("renewopt.optimiser.starts.asking.WHOLE_CHOICES", -1)
    monkeypatch.setattr("renewopt.optimiser.starts.choosing.MOST_CHOICES", -1)
    runs = renewopt.compare(scenario, policies=["optimal", "careful"], futures=[], gap=0.0).runs.set_index("policy")
    assert runs.loc["optimal", "objective"] == pytest.approx(best.objective, abs=0.02)
    assert runs.loc["perfect", "bound"] == pytest.approx(best.objective, abs=1.0)
    # A search of minutes is not made for the bound alone.
    runs = renewopt.compare(scenario, policies=["careful"], futures=[]).runs
    assert set(runs["policy"]) == {"careful", "wait-for-build"}


def test_what_is_decided_is_decided_once(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[Any] = []
    searched = starting.started_by_search
    monkeypatch.setattr(
        "renewopt.comparison.starting.started_by_search",
        lambda *given, **asked: times.append(given) or searched(*given, **asked),
    )
    renewopt.compare(scenario, policies=["optimal"], futures=[], gap=0.0)
    assert len(times) == 1
