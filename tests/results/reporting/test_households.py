"""Households in the report: routes by project, the longest waits, and on whom the clear month hangs."""

from dataclasses import replace

import pytest
from tests.results.made import random_plan

from renewopt.results.reporting.households import clear_on, longest_waits, routes_table
from renewopt.results.reporting.page import words_for
from renewopt.results.reporting.plan_report import years_table
from renewopt.results.reporting.risks import not_built, phases
from renewopt.wording import LANGUAGES, Language

from .test_risks import BASE, STATED, frame

ROSTER = frame(
    "allocation",
    ("A", "P", "own_unit", "E/60", "2024-02", 1, "2024-06", "2024-06"),
    ("B", "P", "own_unit", "E/60", "2024-02", 30, "2024-06", "2024-06"),
    ("C", "P", "voucher", "V", "2024-02", 1, "2024-03", "2024-03"),
    ("D", "Q", "waiting", "", "", 2, "", ""),
    ("G", "Q", "ended", "", "", 1, "", "2024-05"),
)
PLAN = replace(BASE, allocation=ROSTER, stated={"projects": {"P": {"name": "Old town", "moved_out": "2020-01"}}})


def test_routes_add_up_to_all_households() -> None:
    table = routes_table(PLAN, words_for("en", PLAN.stated))
    assert table is not None
    assert table.head == ["project", "own estate", "voucher", "waiting", "ended", "total"]
    assert table.rows == [["P Old town", "31", "1", "–", "–", "32"], ["Q", "–", "–", "2", "1", "3"]]
    assert table.total == ["total", "31", "1", "2", "1", "35"]


@pytest.mark.parametrize("seed", range(12))
def test_routes_and_years_of_any_plan_add_up(seed: int) -> None:
    plan = random_plan(seed)
    say = words_for("en")
    table, years = routes_table(plan, say), years_table(plan, say)
    assert table is not None
    assert table.total is not None

    def number(text: str) -> float:
        return 0.0 if text == "–" else float(text.replace(",", "").replace("−", "-"))

    assert number(table.total[-1]) == plan.allocation["count"].sum()
    for row in (*table.rows, table.total):
        assert sum(map(number, row[1:-1])) == number(row[-1])
    if years is None:
        assert plan.funds.empty
        return
    *uses, change = [list(map(number, row[1:])) for row in years.rows]
    for column, total in enumerate(change):
        assert sum(row[column] for row in uses) == pytest.approx(total, abs=0.02 * len(uses))
    assert years.total is not None
    assert number(years.total[-2]) == pytest.approx(change[-1], abs=0.01)


def test_who_waits_longest_comes_first_with_numbers() -> None:
    table = longest_waits(PLAN, words_for("en", PLAN.stated))
    assert table is not None
    assert table.rows == [
        ["Q", "not within the horizon", "≥ 12", "waiting", "2", "D × 2"],
        ["P Old town", "2024-06", "53", "own estate", "31", "A, B × 30"],
        ["P Old town", "2024-03", "50", "voucher", "1", "C"],
    ]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "in 2024-05: P Old town, 31 (A, B × 30)."), ("zh", "31 户（A、B × 30）")]
)
def test_the_clear_month_hangs_on_who_is_still_overdue(lang: Language, words: str) -> None:
    people = frame("people", ("2024-05", "P", 0, 31, 31), ("2024-05", "Q", 0, 2, 0))
    plan = replace(PLAN, clear_month="2024-06", people=people)
    assert words in clear_on(plan, words_for(lang, plan.stated))
    # Not all who are housed then were overdue: nobody is named.
    some = replace(plan, people=people.assign(overdue=[20, 0]))
    assert "A" not in clear_on(some, words_for(lang, plan.stated))
    assert "20" in clear_on(some, words_for(lang, plan.stated))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_said_where_nobody_was_overdue(lang: Language) -> None:
    assert clear_on(PLAN, words_for(lang)) == ""
    assert clear_on(replace(PLAN, clear_month="2024-01"), words_for(lang)) == ""


def test_households_of_phases_of_one_month_and_kind_are_counted_once() -> None:
    stated = {"phases": {f"E-{n}": {"estate": "E", "cost": "70", "delivers": {"60": "4"}} for n in (1, 2, 3)}}
    built = frame("construction", *(("2024-06", "E", f"E-{n}", 70.0, 0.0, "yes") for n in (1, 2)))
    claims = frame("claims", ("A", "", "P", "own_unit", "E/60", "2024-02", 8, "2024-06", "2024-06"))
    plan = replace(PLAN, stated=stated, construction=built, claims=claims)
    table = phases(plan).set_index("phase")
    assert table["beside"].to_dict() == {"E-1": "", "E-2": "E-1"}
    assert table.loc["E-1", "housed"] == 8
    idle = not_built(plan).to_dict("records")
    assert idle == [{"phase": "E-3", "estate": "E", "cost": 70.0, "homes": 4.0}]
    assert len(not_built(replace(PLAN, stated=STATED))) == 2
