"""Charts of a difference: each step begins where the one before ended, and what is not listed is alike."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.charts.differing import balances, fared, moved, waterfall
from renewopt.charts.labels import Locale

SAY = Locale("en")


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 2)), min_size=1, max_size=12))
def test_steps_lead_from_nothing_to_the_whole(amounts: list[float]) -> None:
    chart = waterfall("fees", [("the same", amount) for amount in amounts], "causes.csv", SAY)
    bars = chart.body.data
    assert len({bar.y[0] for bar in bars}) == len(amounts) + 1
    assert bars[-1].y[0] == "in all"
    unit = {"million yuan": 1e6, "thousand yuan": 1e3, "yuan": 1.0}[chart.unit.removeprefix("Unit: ").split(";")[0]]
    reached = 0.0
    for bar, amount in zip(bars, [*amounts, sum(amounts)], strict=True):
        start = 0.0 if bar is bars[-1] else reached
        ends = sorted([start, start + amount])
        assert bar.base[0] * unit == pytest.approx(ends[0], rel=1e-6, abs=100)
        assert bar.x[0] * unit == pytest.approx(ends[1] - ends[0], rel=1e-6, abs=100)
        assert bar.text[0][0] == ("−" if amount < 0 else "+") or abs(amount) <= 0.005 * unit or bar.text[0] == "0"
        reached += amount


def test_a_quarter_that_is_not_listed_is_alike() -> None:
    money = pd.DataFrame(
        [("2024-Q4", "F", 2e6), ("2025-Q2", "F", -1e6), ("2025-Q3", "G", 0.0)],
        columns=["quarter", "fund", "balance_difference"],
    )
    chart = balances(money, SAY)
    assert chart is not None
    (line,) = chart.body.data
    assert list(line.x) == ["2024 Q4", "2025 Q1", "2025 Q2", "2025 Q3"]
    assert list(line.y) == [2.0, 0.0, -1.0, 0.0]
    assert balances(money.assign(balance_difference=0.0), SAY) is None


def test_a_phase_has_the_marks_of_the_plans_that_hand_it_over() -> None:
    phases = pd.DataFrame(
        [("A", "2024-01", "2024-03"), ("B", "2024-05", ""), ("C", "2024-02", "2024-02")],
        columns=["phase", "completed_a", "completed_b"],
    )
    chart = moved(phases, ("old", "new"), SAY)
    assert chart is not None
    line, before, after = chart.body.data
    assert (list(before.y), list(after.y)) == (["A", "B"], ["A"])
    assert [month for month in line.x if month] == ["2024-01", "2024-03"]
    assert moved(phases.tail(1), ("old", "new"), SAY) is None


def test_projects_in_which_most_moves_come_first() -> None:
    projects = pd.DataFrame(
        [("P", 1, 5, 0), ("Q", 2, 0, 3), ("", 0, 0, 0)], columns=["project", "better", "as_before", "worse"]
    )
    chart = fared(projects, SAY)
    assert [list(bar.x) for bar in chart.body.data] == [[2, 1], [0, 5], [3, 0]]
    assert list(chart.body.data[0].y) == ["Q", "P"]
