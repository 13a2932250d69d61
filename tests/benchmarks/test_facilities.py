"""Cohorts and phases with fixed costs, as the benchmark draws and reads them."""

from pathlib import Path

import pytest
from benchmarks.facilities import WAN, drawn, natural_optimum, read, stated_optima
from tests.waiting import UNHURRIED

import renewopt
from benchmarks import facilities


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("method", ["auto", "structured"])
def test_a_drawn_instance_is_planned_at_the_optimum_of_the_natural_model(seed: int, method: str) -> None:
    instance = drawn(4, 9, seed)
    plan = renewopt.plan(instance.scenario(), gap=0.0, time_limit=UNHURRIED, method=method)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(natural_optimum(instance) * WAN, abs=1.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", [f"cap{k}" for k in (61, 62, 63, 64, 71, 72, 73, 74)])
def test_split_facility_instances_are_read_as_they_are_stated(known_optima: Path, name: str) -> None:
    instance, stated = read(known_optima / "cap", name), stated_optima(known_optima / "cap")[name]
    assert natural_optimum(instance) == pytest.approx(stated, rel=1e-6)
    plan = renewopt.plan(instance.scenario(), gap=1e-6, time_limit=UNHURRIED)
    assert plan.objective == pytest.approx(stated * WAN, rel=2e-6)
    assert plan.bound == pytest.approx(stated * WAN, rel=2e-6)


def test_the_table_has_a_row_for_each_instance(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RENEWOPT_DATA", raising=False)
    facilities.main(["2x3", "3x4", "--gap", "0"])
    told = capsys.readouterr().out
    assert "left out" in told
    rows = [line.split("|")[1:-1] for line in told.splitlines() if line.startswith(("| 2x3", "| 3x4"))]
    assert len(rows) == 2
    for row in rows:
        assert row[1].strip() == "optimal"
        assert row[2] == row[3]
