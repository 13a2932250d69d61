"""Prices of a plan: what they say, write and refuse."""

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import renewopt
from renewopt.results.failures import PlanFileError
from renewopt.results.pricing.files import FILES
from renewopt.results.pricing.price_list import PriceList
from renewopt.results.pricing.record import COLUMNS, DIFFERENCES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    folder = tmp_path_factory.mktemp("prices")
    shutil.copy(repository / "scenarios" / "minimal.yaml", folder)
    renewopt.plan(folder / "minimal.yaml", gap=0).write(folder / "plan", report=False)
    return folder


@pytest.fixture(scope="module")
def made(folder: Path) -> PriceList:
    return renewopt.prices(folder / "plan", whole=2)


def test_prices_fall_and_the_first_are_planned_anew_for_whole_households(made: PriceList) -> None:
    table = made.prices
    assert list(table.columns) == list(COLUMNS)
    assert list(made.differences.columns) == list(DIFFERENCES)
    saved = table["more_unit"].to_numpy()
    assert (np.diff(saved) <= 0).all()
    assert (table["more_price"] >= saved - 1.0).all()
    assert table["whole_status"].tolist() == ["optimal", "optimal", *[""] * (len(table) - 2)]
    first = table.iloc[0]
    assert (first["kind"], first["id"], first["month"]) == ("money", "budget", "2024-01")
    assert made.relaxation <= made.bound <= made.objective
    assert first["whole"] == first["whole_least"] == first["whole_most"]


def test_the_whole_figure_is_that_of_a_plan_of_the_changed_scenario(folder: Path, made: PriceList) -> None:
    row = made.prices.iloc[0]
    scenario = renewopt.load(folder / "minimal.yaml")
    funds = [
        fund.model_copy(update={"opening": fund.opening + 1_000_000}) if fund.id == row["id"] else fund
        for fund in scenario.funds
    ]
    source = replace(scenario.source, sha256=scenario.sha256)
    changed = scenario.model_copy(update={"funds": funds}).with_source(source)
    richer = renewopt.plan(changed, gap=0)
    assert made.objective - richer.objective == pytest.approx(row["whole"], abs=0.01)


def test_differences_are_told_apart_from_prices(made: PriceList) -> None:
    kinds = made.differences["kind"].tolist()
    assert set(kinds) == {"sooner", "permitted", "term"}
    assert (made.differences["saved"].abs().diff().dropna() <= 0).all()
    told = made.summary()
    assert "Differences: what comes whole or not at all" in told
    assert "Meadow-1 a month sooner" in told
    assert renewopt.prices(_plan(made), differences=False, whole=0).differences.empty


def _plan(made: PriceList) -> Path:
    return made.reads[-1].parent


def test_months_that_are_asked_for_are_priced(folder: Path) -> None:
    asked = renewopt.prices(folder / "plan", months=["2024-03", "2024-05"], whole=0, differences=False)
    assert set(asked.prices["month"]) <= {"", "2024-03", "2024-05"}
    assert {"2024-03"} <= set(asked.prices["month"])
    assert asked.asked == ("2024-03", "2024-05")
    few = renewopt.prices(folder / "plan", top=1, whole=0, differences=False)
    assert len(few) == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_summary_and_page_tell_the_same(made: PriceList, lang: str) -> None:
    told, page = made.summary(lang), made.report(lang)
    assert ("6,660 yuan" if lang == "en" else "6660元") in told
    for text in ("Meadow/flat", "14.20" if lang == "en" else "1.42"):
        assert text in told
        assert text in page
    body = page.split("<body>")[1].split("<script>")[0]
    assert 'data-chart="saved"' in body
    if lang == "zh":
        assert not any(word in body for word in ("yuan", "saves", "plan"))


def test_what_is_written_can_be_read_and_is_known_as_ours(made: PriceList, tmp_path: Path) -> None:
    made.write(tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    table = pd.read_csv(tmp_path / "out" / "prices.csv")
    assert table["more_unit"].tolist() == pytest.approx(made.prices["more_unit"].tolist(), abs=0.01)
    record = json.loads((tmp_path / "out" / "price_list.json").read_text(encoding="utf-8"))
    assert record["relaxation"] == made.relaxation
    with pytest.raises(renewopt.OutputExistsError):
        made.write(tmp_path / "out")
    made.write(tmp_path / "out", force=True)
    (tmp_path / "out" / "prices.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(renewopt.OutputExistsError):
        made.write(tmp_path / "out", force=True)


def test_a_scenario_that_was_changed_is_refused_and_one_that_was_moved_is_named(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "there")
    scenario, plan = tmp_path / "there" / "minimal.yaml", tmp_path / "there" / "plan"
    moved = tmp_path / "elsewhere" / "minimal.yaml"
    moved.parent.mkdir()
    scenario.rename(moved)
    found = renewopt.prices(plan, scenario=moved, top=1, whole=0, differences=False)
    assert len(found) == 1
    moved.write_text(moved.read_text(encoding="utf-8").replace("name: Minimal", "name: Other"), encoding="utf-8")
    with pytest.raises(ValueError, match="not the scenario that the plan was made from"):
        renewopt.prices(plan, scenario=moved)


def test_questions_that_cannot_be_answered_are_refused(folder: Path) -> None:
    plan = renewopt.read_plan(folder / "plan")
    for wrong in ({"top": 0}, {"top": True}, {"whole": -1}, {"time_limit": 0}, {"months": ["2023-01"]}):
        with pytest.raises(ValueError, match="expected"):
            renewopt.prices(plan, **wrong)
    with pytest.raises(TypeError):
        renewopt.prices(plan, months=[5])
    with pytest.raises(PlanFileError, match="nothing has a price"):
        renewopt.prices(replace(plan, status="infeasible"))
    with pytest.raises(PlanFileError, match="added in Python"):
        renewopt.prices(replace(plan, options={**plan.options, "own_constraints": "promised"}))
    with pytest.raises(ValueError, match="hand over its scenario"):
        renewopt.prices(replace(plan, scenario_path=None))


def test_a_plan_by_a_rule_has_prices_too(folder: Path) -> None:
    plan = renewopt.plan(folder / "minimal.yaml", policy="costliest-first")
    found = renewopt.prices(plan, top=2, whole=2, differences=False)
    assert len(found) == 2
    assert found.bound is None
    assert found.prices["whole"].isna().all()
    assert "nothing is proven of it" in found.summary()


def test_a_table_without_prices_says_so(made: PriceList) -> None:
    empty = replace(made, prices=made.prices.iloc[:0], differences=made.differences.iloc[:0])
    assert "Nothing is scarce" in empty.summary()
    assert "Nothing is scarce" in empty.report()
    assert math.isfinite(empty.relaxation)


def test_strict_goals_stay_as_they_were_reached(repository: Path, tmp_path: Path) -> None:
    text = (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    tier = "objective:\n  tiers:\n    - name: treasury\n      goal: fiscal_cost\n"
    scenario = tmp_path / "minimal.yaml"
    scenario.write_text(f"{text}\n{tier}", encoding="utf-8")
    plan = renewopt.plan(scenario, gap=0)
    found = renewopt.prices(plan, top=3, whole=1, differences=False)
    assert plan.tiers[0].name == "treasury"
    assert found.relaxation <= plan.objective + 1.0
    free = renewopt.prices(renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0), whole=0, differences=False)
    assert found.relaxation > free.relaxation + 1.0
    first = found.prices.iloc[0]
    assert first["whole_status"] == "optimal"
    assert math.isnan(first["whole_least"])
    assert math.isnan(first["whole_most"])
