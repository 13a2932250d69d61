"""Months before a colon are written as months after it: every form of a register, each month once."""

from pathlib import Path

import pytest

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario import Scenario, load
from renewopt.scenario.reading import read_text
from renewopt.scenario.workbook.writing import write_book
from renewopt.units import Month, Span
from renewopt.wording import LANGUAGES, Language

BASE = """
name: Case
start: 2024-01
months: 12
fee_policies: [{id: p, rate: 20, term: 36}]
projects: [{id: P, moved_out: 2023-12}]
households: [{id: A, project: P, area: 50}]
estates: [{id: E, projects: [P], units: [{type: s, arrivals: {ARRIVALS}}]}]
developers: [{id: D, homes: {arrivals: {HOMES}}}]
vouchers: [{id: v, price: 1000, developers: [{developer: D}]}]
commitments: [{id: c, by_month: {COMMITTED}}]
funds: [{id: f, opening: 100万元, monthly_limit: {LIMIT}, inflow: {by_month: {INFLOW}}}]
"""
CANONICAL = {
    "ARRIVALS": "2024-06: 3",
    "HOMES": "2024-07: 4",
    "COMMITTED": "2024-08: 1万元",
    "LIMIT": "2024-03..2024-06: 90万元, 2024-11: 80万元",
    "INFLOW": "2024-10: 5万元, 2024-11: 6万元",
}
AS_KEPT = [
    {"ARRIVALS": "2024/6: 3", "HOMES": "2024年7月: 4", "COMMITTED": "202408: 1万元"},
    {"ARRIVALS": "2024.6: 3", "HOMES": "2024-07-15: 4", "COMMITTED": "2024/8/1: 1万元"},
    {"LIMIT": "2024/3..2024/6: 90万元, 2024/11: 80万元", "INFLOW": "2024/10: 5万元, 2024年11月: 6万元"},
    {"LIMIT": "2024年3月至2024年6月: 90万元, 202411: 80万元", "INFLOW": "'2024.10': 5万元, 2024-11: 6万元"},
]


def text_of(**stated: str) -> str:
    text = BASE
    for name, keys in (CANONICAL | stated).items():
        text = text.replace(name + "}", keys + "}")
    return text


def read(folder: Path, **stated: str) -> Scenario:
    path = folder / "case.yaml"
    path.write_text(text_of(**stated), encoding="utf-8")
    return load(path)


def refused(folder: Path, **stated: str) -> Finding:
    with pytest.raises(ScenarioError) as error:
        read(folder, **stated)
    (finding,) = error.value.findings
    return finding


def sections(scenario: Scenario) -> tuple[object, ...]:
    return scenario.estates, scenario.developers, scenario.commitments, scenario.funds


@pytest.mark.parametrize("stated", AS_KEPT)
def test_months_before_a_colon_are_read_as_they_are_kept(stated: dict[str, str], tmp_path: Path) -> None:
    assert sections(read(tmp_path, **stated)) == sections(read(tmp_path))


def test_they_are_the_months_meant(tmp_path: Path) -> None:
    scenario = read(tmp_path, ARRIVALS="2024/6: 3", LIMIT="2024/3..: 90万元")
    assert scenario.estates[0].units[0].arrivals == {Month.parse("2024-06"): 3}
    assert scenario.funds[0].monthly_limit == {Span.parse("2024-03.."): 900_000}


@pytest.mark.parametrize("name", ["ARRIVALS", "HOMES", "COMMITTED", "INFLOW", "LIMIT"])
@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("2024.1", "'2024.1' may be January or October; write 2024-01 or 2024-10"),
        ("45444", "'45444' is not a month; if 2024-06 is meant, write that"),
        ("2024-13", "'2024-13' has no month 13; months run from 01 to 12"),
        ("June", "'June' is not a month; YYYY-MM such as 2024-06 was expected"),
    ],
)
def test_what_is_no_month_or_may_be_two_is_refused_at_its_key(name: str, key: str, says: str, tmp_path: Path) -> None:
    finding = refused(tmp_path, **{name: f"{key}: 1"})
    assert str(finding.message) in says or says in str(finding)
    assert finding.key.endswith(f".{key}")


@pytest.mark.parametrize("name", ["ARRIVALS", "HOMES", "COMMITTED", "INFLOW", "LIMIT"])
@pytest.mark.parametrize(("one", "other"), [("2024-06", "2024/6"), ("2024年6月", "202406"), ("2024/6/1", "2024/6/30")])
def test_a_month_is_stated_once_however_it_is_written(name: str, one: str, other: str, tmp_path: Path) -> None:
    finding = refused(tmp_path, **{name: f"{one}: 1, {other}: 2"})
    assert f"'{one}' and '{other}' both mean 2024-06; state it once" in str(finding)


def test_what_is_wrong_in_a_limit_by_span_is_told_at_its_span(tmp_path: Path) -> None:
    finding = refused(tmp_path, LIMIT="2024-03..2024-06: -5")
    assert "funds.f.monthly_limit.2024-03..2024-06: -5 is negative" in str(finding)
    assert "both mean 2024-03..2024-06" in str(refused(tmp_path, LIMIT="2024-03..2024-06: 1, 2024/3~2024/6: 2"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("stated", AS_KEPT)
def test_a_workbook_holds_the_same_months(stated: dict[str, str], lang: Language, tmp_path: Path) -> None:
    scenario = read(tmp_path, **stated)
    book = tmp_path / "case.xlsx"
    root = read_text(text_of(**stated), "case.yaml")
    book.write_bytes(write_book(root, {"households": scenario.households}, lang))
    assert sections(load(book)) == sections(scenario)


QUOTED = """
quotes:
  - {household: A, route: cash, price_by_month: '2024-06:4万元;2024-10:3万元'}
"""


@pytest.mark.parametrize(
    "cell",
    [
        "2024/6:4万元;2024/10:3万元",
        "2024年6月：4万元；2024年10月：3万元",
        "202406:4万元;2024.10:3万元",
        "2024-06-15:4万元;2024/10/1:3万元",
    ],
)
def test_months_within_a_cell_are_read_as_they_are_kept(cell: str, tmp_path: Path) -> None:
    tables = []
    for quoted in (QUOTED, QUOTED.replace("2024-06:4万元;2024-10:3万元", cell)):
        path = tmp_path / "case.yaml"
        path.write_text(text_of() + quoted, encoding="utf-8")
        quotes = load(path).quotes
        assert quotes is not None
        tables.append(quotes["price_by_month"].tolist())
    assert tables[0] == tables[1] == [(("2024-06", "4万元"), ("2024-10", "3万元"))]


def test_a_month_stands_once_within_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text_of() + QUOTED.replace("2024-10", "2024年6月"), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(path)
    (finding,) = error.value.findings
    assert finding.key == "quotes.0.price_by_month"
    assert "'2024-06' and '2024年6月' both mean 2024-06; state it once" in str(finding)
