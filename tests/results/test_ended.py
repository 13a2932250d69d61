"""Households that end before they are housed: none of those to be housed, and told apart, wherever they are counted."""

from pathlib import Path

import pandas as pd
import pytest

import renewopt
from renewopt.charts.labels import Locale
from renewopt.comparison.measures import measure
from renewopt.ledger import replay
from renewopt.problem import compile_problem
from renewopt.problem.dossiers import notice_households
from renewopt.problem.stocktaking import take_stock
from renewopt.results.reporting.plan_report import projects_table
from renewopt.results.work_summary.figures import figures_of
from renewopt.scenario import load

CASE = """
name: Case
start: 2024-01
months: 24
fee_policies: [{id: p, rate: 20, tail: 0, term: 36}]
projects: [{id: P, moved_out: 2023-12}]
households:
  - {id: A, project: P, area: 50, count: 3, ends: 2024-05}
  - {id: B, project: P, area: 50, homes: 2, ends: 2025-02}
  - {id: C, project: P, area: 50, routes: [cash]}
  - {id: D, project: P, area: 50, ends: 2026-05, routes: [cash]}
cash: [{id: v, price: 1000, housed_after: 0}]
estates:
  - {id: E, projects: [P], units: [{type: s, arrivals: {2025-06: 9}}]}
funds: [{id: f, opening: 100万元}]
"""
"""A and B accept an own home, which comes when they are no more; D ends after the horizon."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ended") / "case.yaml"
    text = CASE.replace("count: 3,", "count: 3, routes: [own_unit],").replace(
        "homes: 2,", "homes: 2, routes: [own_unit],"
    )
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def plan(path: Path) -> renewopt.Plan:
    return renewopt.plan(path, gap=0.0)


def test_who_has_ended_is_none_of_those_to_be_housed(plan: renewopt.Plan) -> None:
    assert (plan.households, plan.settled, plan.ended) == (2, 2, 4)
    assert plan.all_settled_month == "2025-02"  # that in which the last of those who wait is no more
    assert repr(plan).endswith("settled 2 of 2>")


def test_the_tables_tell_them_apart(plan: renewopt.Plan, tmp_path: Path) -> None:
    rows = plan.allocation.set_index("household")
    assert rows["route"].to_dict() == {"A": "ended", "B": "ended", "C": "cash", "D": "cash"}
    assert rows["fee_stops"].to_dict() | {"C": "", "D": ""} == {"A": "2024-05", "B": "2025-02", "C": "", "D": ""}
    assert (rows.loc[["A", "B"], ["pool", "month", "housed"]] == "").all(axis=None)
    assert plan.claims.loc[plan.claims["household"] == "B", "route"].tolist() == ["ended", "ended"]
    waiting = plan.people.set_index("month")["waiting"]
    assert (waiting["2024-04"], waiting["2024-05"], waiting["2025-01"], waiting["2025-02"]) == (4, 1, 1, 0)
    plan.write(tmp_path / "out")
    assert renewopt.read_plan(tmp_path / "out") == plan
    figures = pd.read_excel(tmp_path / "out" / "plan.xlsx", sheet_name=0, header=None, engine="calamine")
    told = dict(zip(figures[0], figures[1], strict=True))
    assert (told["households"], told["ended before being housed, not among them"]) == (2, 4)


def test_summaries_and_reports_say_how_many(plan: renewopt.Plan) -> None:
    text = plan.summary()
    assert "2 of 2 households are housed by 2025-12" in text
    assert "4 more end before they are housed, and count no longer" in text
    assert "4 户在安置前终止" in plan.summary(lang="zh")
    (by_year,) = (line.split() for line in text.splitlines() if line.split()[:1] == ["P"] and len(line.split()) == 4)
    assert by_year == ["P", "2", "2", "2"]
    (row,) = projects_table(plan, Locale("en")).rows
    assert row[1:4] == ["2", "2", "0"]


@pytest.mark.parametrize(
    ("first", "last", "involved", "waiting"),
    [
        ("2024-01", "2024-04", 6, 4),
        ("2024-01", "2024-12", 6, 1),
        ("2025-01", "2025-01", 1, 1),
        ("2025-03", "2025-12", 0, 0),
    ],
)
def test_a_work_summary_counts_them_as_long_as_they_are(
    plan: renewopt.Plan, first: str, last: str, involved: int, waiting: int
) -> None:
    figures = figures_of(plan, first, last)
    assert (figures.households, figures.done) == (2, 2)
    assert (figures.total("involved"), figures.total("waiting")) == (involved, waiting)


def test_comparisons_and_waits_count_them_until_they_end(path: Path, plan: renewopt.Plan) -> None:
    problem = compile_problem(load(path))
    assert plan.decisions is not None
    books = replay(problem, plan.decisions)
    figures = measure(books, [])
    assert (figures["households"], figures["settled"]) == (2, 2)
    waits = books.waits()
    months = dict(zip(problem.claims.household[waits["claim"]], waits["months"].tolist(), strict=True))
    assert (months["A"], months["B"]) == (5, 14)


def test_check_asks_for_no_home_for_them(path: Path) -> None:
    scenario = load(path)
    problem = compile_problem(scenario)
    assert not [notice for notice in notice_households(problem, scenario) if {"A", "B"} & set(notice.households)]
    assert take_stock(problem, scenario).waiting["total"].tolist() == [6]


def test_the_stock_counts_those_who_are_at_the_start(path: Path, tmp_path: Path) -> None:
    split = tmp_path / "split.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "{id: C,", "{id: A2, split_from: A, project: P, area: 20}\n  - {id: C,"
    )
    split.write_text(text.replace("ends: 2026-05", "ends: 2024-01"), encoding="utf-8")
    scenario = load(split)
    assert take_stock(compile_problem(scenario), scenario).waiting["total"].tolist() == [5]
