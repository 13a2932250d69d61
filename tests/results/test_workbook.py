"""plan.xlsx: what is in the tables stands in the sheets, typed, and comes back equal."""

import datetime as dt
import html
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.conftest import full_count

from renewopt import read_tables
from renewopt.results import tables, workbook, workbook_tables
from renewopt.results.failures import PlanFileError
from renewopt.results.planned import Plan
from renewopt.results.record import Remark, Savings, Shortage
from renewopt.results.workbook import write_workbook
from renewopt.results.workbook_tables import TOTALLED
from renewopt.results.workbook_words import (
    CODES,
    CODES_OF_ACCOUNT,
    OVERVIEWS,
    SHEETS,
    code_of,
    header,
    word_of,
)
from renewopt.wording import LANGUAGES, Language
from renewopt.wording.phrases import say

from .made import frame, random_plan, tiny

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="￾￿"), max_size=12) | st.sampled_from(
    ["=1+1", "@SUM(A1)", "-1", "http://example.org", "001", "1e5", "TRUE", "_x0041_", "\r\n", " a ", "2024-05", "#N/A"]
)
languages = st.sampled_from(LANGUAGES)
finite = st.floats(allow_infinity=False)


def priced(plan: Plan, prices: list[tuple[str, str, float]]) -> Plan:
    table = pd.DataFrame(
        {
            "kind": pd.Series([kind for kind, _, _ in prices], dtype=object),
            "id": pd.Series([name for _, name, _ in prices], dtype=object),
            "month": pd.Series(["2024-05"] * len(prices), dtype=object),
            "price_yuan": pd.Series([price for _, _, price in prices], dtype=np.float64),
        }
    )
    return replace(plan, prices=table if prices else pd.DataFrame())


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    plan = random_plan(draw(st.integers(0, 60)))
    names = draw(st.lists(texts, min_size=1, max_size=4))
    households = [names[row % len(names)] for row in range(len(plan.allocation))]
    renamed = plan.allocation.assign(household=pd.Series(households, dtype=object))
    kinds = st.sampled_from(CODES["kind"])
    return priced(replace(plan, allocation=renamed), draw(st.lists(st.tuples(kinds, texts, finite), max_size=3)))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=full_count(20, 1_000),
)
@given(plans(), languages)
@pytest.mark.slow
def test_what_is_written_is_read(tmp_path: Path, plan: Plan, lang: Language) -> None:
    found = read_tables(write_workbook(plan, tmp_path / "plan.xlsx", lang))
    assert set(found) >= {"allocation", "funds", "construction", "fees"}
    assert ("claims" in found) == bool(plan.claims["part"].ne("").any())
    assert ("prices" in found) == (not plan.prices.empty)
    for name, table in found.items():
        pd.testing.assert_frame_equal(table, getattr(plan, name))


def sheets_of(path: Path) -> dict[str, list[list[object]]]:
    with CalamineWorkbook.from_path(str(path)) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def xml(path: Path) -> str:
    with zipfile.ZipFile(path) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cells_are_typed_headers_frozen_and_filtered(tmp_path: Path, lang: Language) -> None:
    plan = random_plan(3)
    sheets = sheets_of(write_workbook(plan, tmp_path / "plan.xlsx", lang))
    place = LANGUAGES.index(lang)
    assert list(sheets)[: len(OVERVIEWS) + 1] == [SHEETS[name][place] for name in (*OVERVIEWS, "allocation")]
    roster = sheets[SHEETS["allocation"][place]]
    assert roster[0] == [header(lang, "allocation", column) for column in tables.COLUMNS["allocation"]]
    assert roster.pop()[0] == say(lang, "book.total")
    chosen = next(row for row in roster[1:] if row[4] != "")
    assert chosen[4] == dt.date.fromisoformat(plan.allocation["month"][roster.index(chosen) - 1] + "-01")
    assert all(isinstance(row[5], float) and row[5].is_integer() for row in roster[1:])
    text = xml(tmp_path / "plan.xlsx")
    # All but the charts; months and all tables of the plan are tables of the spreadsheet, each with its filters.
    assert text.count('state="frozen"') == len(sheets) - 1
    assert text.count("<autoFilter") == text.count("<tablePart ") == len(sheets) - len(OVERVIEWS) + 1
    assert "yyyy-mm" in text
    assert "#,##0.00" in text


FUNCTIONS = {"ABS", "DATE", "IF", "ROUND", "SUBTOTAL", "SUM", "SUMIFS"}
"""All that the formulas of a workbook call."""


def called(formula: str) -> set[str]:
    """Functions and names of a formula, what stands between quotes left out."""
    bare = re.sub(r"'(?:[^']|'')*'!|\"(?:[^\"]|\"\")*\"|\[(?:[^]']|'.)*\]", "", formula)
    return set(re.findall(r"[A-Za-z_][A-Za-z_.]*(?=\()|[^-+*/(),:&<>=$.0-9A-Z\s]+", bare))


def test_nothing_of_a_planner_runs_and_nothing_links(tmp_path: Path) -> None:
    plan = random_plan(3, name="=HYPERLINK(1)", variant="http://example.org")
    bad = ["=1+1", "{=1+1}", "http://example.org", "internal:A1", "+1", '")+WEBSERVICE("x', "*", "?~*", "户" * 300]
    named = plan.allocation.assign(
        household=pd.Series([bad[row % len(bad)] for row in range(len(plan.allocation))], dtype=object)
    )
    funds = plan.funds.assign(fund=pd.Series([bad[row % len(bad)] for row in range(len(plan.funds))], dtype=object))
    text = xml(write_workbook(replace(plan, allocation=named, funds=funds), tmp_path / "plan.xlsx"))
    formulas = [html.unescape(formula) for formula in re.findall("<f>(.*?)</f>", text)]
    assert len(formulas) > 60
    tables_of_book = {f"t_{name}" for name in SHEETS}
    assert {name for formula in formulas for name in called(formula)} <= FUNCTIONS | tables_of_book
    assert "<hyperlink" not in text


@pytest.mark.parametrize("seed", [0, 5, 12])
def test_totals_below_a_table_are_those_of_its_columns(tmp_path: Path, seed: int) -> None:
    plan = random_plan(seed)
    sheets = sheets_of(write_workbook(plan, tmp_path / "plan.xlsx"))
    for name, columns in TOTALLED.items():
        if name not in SHEETS or SHEETS[name][0] not in sheets or getattr(plan, name).empty:
            continue
        rows = sheets[SHEETS[name][0]]
        for column in columns:
            total = rows[-1][rows[0].index(column)]
            assert total == pytest.approx(getattr(plan, name)[column].sum(), abs=0.005)


def test_names_stand_beside_ids(tmp_path: Path) -> None:
    plan = random_plan(3)
    project, pool = plan.allocation["project"][0], next(pool for pool in plan.allocation["pool"] if pool)
    estate = pool.split(";")[0].rpartition("/")[0]
    stated = {"projects": {project: {"name": "=Old town"}}, "estates": {estate: {"name": "Meadow"}}}
    path = write_workbook(replace(plan, stated=stated), tmp_path / "plan.xlsx")
    head, first, *_ = roster = sheets_of(path)["roster"]
    assert first[head.index("project_name")] == "=Old town"
    place = head.index("pool_name")
    assert any("Meadow" in str(row[place]) for row in roster[1:])
    assert read_tables(path)["allocation"].equals(plan.allocation)


def test_a_total_is_told_from_a_household_of_that_name(tmp_path: Path) -> None:
    plan = random_plan(3)
    names = ["total"] * len(plan.allocation)
    plan = replace(plan, allocation=plan.allocation.assign(household=pd.Series(names, dtype=object)))
    assert read_tables(write_workbook(plan, tmp_path / "plan.xlsx"))["allocation"].equals(plan.allocation)


def test_a_text_too_long_for_a_cell_goes_on_in_the_next(tmp_path: Path) -> None:
    plan = random_plan(3)
    pools = ["户" * 40_000, *plan.allocation["pool"][1:]]
    plan = replace(plan, allocation=plan.allocation.assign(pool=pd.Series(pools, dtype=object)))
    path = write_workbook(plan, tmp_path / "plan.xlsx", "zh")
    assert [title for title in sheets_of(path)["安置名册"][0] if str(title).startswith("房源")] == [
        "房源", "房源 …2", "房源 …3"
    ]  # fmt: skip
    assert read_tables(path)["allocation"].equals(plan.allocation)


@pytest.mark.parametrize(("lang", "words"), [("en", "more than the 2"), ("zh", "全部内容见 allocation.csv")])
def test_a_table_too_long_stays_in_its_file_and_the_workbook_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: Language, words: str
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    plan = random_plan(3)
    assert len(plan.allocation) > 2
    path = write_workbook(plan, tmp_path / "plan.xlsx", lang)
    assert "allocation" not in (read_tables(path) if len(sheets_of(path)) > 1 else {})
    summary = sheets_of(path)[SHEETS["summary"][LANGUAGES.index(lang)]]
    assert any(words in str(cell) for row in summary for cell in row)


@pytest.mark.parametrize(("lang", "words"), [("en", "first 2 rows"), ("zh", "仅打印前2行")])
def test_of_a_table_that_nobody_reads_on_paper_a_page_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: Language, words: str
) -> None:
    plan = random_plan(3)
    longest = max(len(getattr(plan, name)) for name in tables.COLUMNS)
    monkeypatch.setattr(workbook_tables, "LONG", longest - 1)
    monkeypatch.setattr(workbook_tables, "FIRST", 2)
    path = write_workbook(plan, tmp_path / "plan.xlsx", lang)
    with zipfile.ZipFile(path) as parts:
        areas = re.findall(r"Print_Area[^>]*>[^<]*\$(\d+)</", parts.read("xl/workbook.xml").decode())
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    # Row 1 holds the titles; shorter tables are printed in full.
    assert areas.count("3") >= 1
    assert max(map(int, areas)) <= max(longest + 2, 200)
    assert sum(words in sheet for sheet in sheets) >= 1
    assert not any(words in sheet for sheet in sheets if len(re.findall("<row ", sheet)) < longest)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_years_stand_below_what_is_paid_in_them(tmp_path: Path, lang: Language) -> None:
    path = write_workbook(random_plan(5), tmp_path / "plan.xlsx", lang)
    with zipfile.ZipFile(path) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    upside_down = [chart for chart in charts if 'orientation val="maxMin"' in chart]
    assert len(upside_down) == 1
    assert 'tickLblPos val="high"' in upside_down[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_holds_the_figures(tmp_path: Path, lang: Language) -> None:
    plan = random_plan(
        5,
        variant="lean",
        bound=1.5,
        gap=0.25,
        savings=Savings(3.0, 0.0, 2.0, 1.0),
        shortages=(Shortage("money", "fees/P", "2024-01", 5.0, {"en": "5 yuan short", "zh": "缺5元"}),),
        findings=(Remark("x", {"en": "a finding", "zh": "一项提示"}),),
    )
    path = write_workbook(plan, tmp_path / "plan.xlsx", lang)
    rows = sheets_of(path)[SHEETS["summary"][LANGUAGES.index(lang)]]
    cells = [cell for row in rows for cell in row]
    # The fiscal cost is discounted: its formula comes to whole fen, as its parts do.
    for figure in (
        plan.transition_fees,
        round(plan.fiscal_cost or 0, 2),
        plan.bound,
        plan.gap,
        float(plan.households),
        3.0,
        2.0,
    ):
        assert any(isinstance(cell, float) and cell == figure for cell in cells), figure
    assert plan.findings[0].text[lang] in cells
    assert plan.shortages[0].text[lang] in cells


def test_an_infeasible_plan_has_none(tmp_path: Path) -> None:
    folder = frame(tiny(1), status="infeasible").write(tmp_path / "plan")
    assert not (folder / "plan.xlsx").exists()


def test_what_is_no_workbook_of_a_plan_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match="there is no"):
        read_tables(tmp_path / "none.xlsx")
    (tmp_path / "bad.xlsx").write_text("no workbook")
    with pytest.raises(PlanFileError, match="cannot be read"):
        read_tables(tmp_path / "bad.xlsx")


def test_the_words_lead_back() -> None:
    for column, codes in CODES.items():
        assert len({word_of("zh", column, code) for code in codes}) == len(codes)
        for code in codes:
            assert re.search("[一-鿿]", word_of("zh", column, code))
            assert code_of(column, word_of("zh", column, code)) == code
    for use in CODES["use"]:
        assert re.search("[一-鿿]", word_of("zh", "purpose", f"{use}/P1"))
        assert code_of("purpose", word_of("zh", "purpose", f"{use}/P1/x")) == f"{use}/P1/x"
    assert code_of("purpose", word_of("zh", "purpose", "fees")) == "fees"
    for column, codes in CODES_OF_ACCOUNT.items():
        assert len({word_of("zh", column, code, "account") for code in codes}) == len(codes)
        assert all(code_of(column, word_of("zh", column, code, "account"), "account") == code for code in codes)
    for table, kinds in tables.COLUMNS.items():
        if table in SHEETS:
            words = [header("zh", table, column) for column in kinds]
            assert len(set(words)) == len(words)
            assert all(re.search("[一-鿿]", word) for word in words)


def test_the_folder_holds_it(tmp_path: Path) -> None:
    plan = random_plan(2)
    folder = plan.write(tmp_path / "plan", lang="zh")
    assert read_tables(folder)["fees"].equals(plan.fees)
    assert "概要" in sheets_of(folder / "plan.xlsx")
