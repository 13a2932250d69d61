"""What is known before a search is told before it, and what it proves as soon as it has."""

from pathlib import Path

import pytest

import renewopt
from renewopt.optimiser.progress import Progress
from renewopt.problem import compile_problem, take_stock
from renewopt.problem.stocktaking import first_shortage


@pytest.fixture(name="short")
def short_scenario(repository: Path, tmp_path: Path) -> Path:
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text = text.replace("monthly: 10.5万元", "monthly: 0.3万元").replace("opening: 10万元", "opening: 0")
    path = tmp_path / "short.yaml"
    path.write_text(text, "utf-8")
    return path


def test_when_money_runs_out_is_told_before_the_search(short: Path) -> None:
    told: list[Progress] = []
    plan = renewopt.plan(short, progress=told.append)
    assert plan.status == "infeasible"
    said = [place for place, progress in enumerate(told) if progress.said]
    first, before = told[said[0]], {progress.step for progress in told[: said[0]]}
    assert before <= {"loading", "compiling"}
    assert first.said["en"].startswith(
        "If nothing is done, the money for fees runs out in 2024-01: of that month's fees 4,500 yuan cannot be paid."
    )
    assert "到2024年1月不足：当月过渡费有 4500元 无法支付" in first.said["zh"]
    assert "2024-01" in told[said[-1]].said["en"]


def test_a_policy_of_rules_is_told_too(short: Path) -> None:
    told: list[Progress] = []
    renewopt.plan(short, policy="wait-for-build", progress=told.append)
    assert [progress.step for progress in told if progress.said][:1] == ["deciding"]


def test_what_is_proven_is_told_once_it_is(short: Path) -> None:
    told: list[Progress] = []
    plan = renewopt.plan(short, method="structured", progress=told.append)
    (proven,) = [progress for progress in told if "every plan lacks at least" in progress.said.get("en", "")]
    assert plan.shortfall_bound is not None
    steps = [progress.step for progress in told]
    assert steps.index("what is short") < steps.index("rules that cannot hold together")
    assert proven.step == "what is short"


def test_nothing_is_told_where_money_lasts(repository: Path) -> None:
    told: list[Progress] = []
    renewopt.plan(repository / "scenarios" / "minimal.yaml", progress=told.append)
    assert not any(progress.said for progress in told)


def test_the_first_shortage_is_that_of_the_stock_taking(short: Path) -> None:
    scenario = renewopt.load(short)
    problem = compile_problem(scenario)
    stock, found = take_stock(problem, scenario), first_shortage(problem)
    assert found is not None
    assert problem.calendar.label(found[0]) == stock.money_runs_out
    assert found[1] / 100 == stock.series["short"].iloc[found[0]]
