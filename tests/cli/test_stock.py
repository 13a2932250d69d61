"""The stock-taking on the screen."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click import unstyle

import renewopt
from renewopt.cli import stock
from renewopt.problem import compile_problem, take_stock


@pytest.fixture(scope="module")
def taken(repository: Path):
    scenario = renewopt.load(repository / "scenarios" / "minimal.yaml")
    return take_stock(compile_problem(scenario), scenario)


def test_tables_on_a_terminal(taken, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stock.show_stock(taken, "en")
    piped = capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    stock.show_stock(taken, "en")
    shown = capsys.readouterr().out
    assert unstyle(shown) == piped
    assert "still to be paid (yuan)" in shown
    assert "900,000" in shown
    assert "The money for fees lasts" in shown


def test_the_stock_taking_in_chinese(taken, capsys: pytest.CaptureFixture[str]) -> None:
    stock.show_stock(taken, "zh")
    shown = capsys.readouterr().out
    assert "  Garden    flat  套 " in shown
    assert "待付建设资金（万元）" in shown
    assert "90.00" in shown
    assert "homes" not in shown
    assert "yuan" not in shown


def test_the_month_in_which_money_runs_out_is_shown(taken, capsys: pytest.CaptureFixture[str]) -> None:
    series = taken.series.assign(short=[0.0] * 6 + [1_234.0, 0.0])
    stock.show_stock(replace(taken, series=series, money_runs_out="2024-07"), "en")
    shown = capsys.readouterr().out
    assert "The money runs out in 2024-07: of that month's fees 1,234 yuan cannot be paid" in shown
    assert "tied to other projects" in shown
    assert [line.split()[0] for line in shown.splitlines() if line.startswith("  2024-0")][-2:] == [
        "2024-07",
        "2024-08",
    ]
    stock.show_stock(replace(taken, series=series.assign(left=0.0), money_runs_out="2024-07"), "en")
    assert "tied" not in capsys.readouterr().out


def test_long_tables_are_cut_short(capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.DataFrame({"project": [f"P{n}" for n in range(70)], "progress": 0.25, "surplus": float("nan")})
    stock._show_table("Phases", table, set(), "en")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "  ... and 10 more"
    assert lines[2].split() == ["P0", "25%"]
