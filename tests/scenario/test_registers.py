"""Tables as offices keep them: nothing is read wrongly, and nothing left out, in silence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from renewopt import load
from renewopt.errors import ScenarioError
from renewopt.scenario.columns import check_table
from renewopt.scenario.csv_files import read_csv
from renewopt.scenario.models import Scenario
from renewopt.scenario.registers import NEEDLESS, UNITS, header_unit
from renewopt.scenario.table_specs import TABLES
from renewopt.units import chinese_number, parse_money

SCENARIO = """
name: n
start: 2024-01
months: 12
fee_policies: [{id: F, rate: 10, term: 24}]
projects: [{id: P, moved_out: 2021-06}, {id: Q, moved_out: 2023-03}]
households: {file: %s}
cash: [{id: C, price: 5000}]
funds: [{id: b, opening: 5000万元}]
"""


def read(
    folder: Path, table: str | bytes, *, quotes: str = "", curves: str = "", suffix: str = ".csv", more: str = ""
) -> Scenario:
    text = SCENARIO % f"h{suffix}{more}"
    (folder / f"h{suffix}").write_bytes(table.encode() if isinstance(table, str) else table)
    for name, rows in (("quotes", quotes), ("fee_curves", curves)):
        if rows:
            (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
            text += f"{name}: {{file: {name}.csv}}\n"
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    return load(folder / "s.yaml")


def refused(folder: Path, *arguments: str, **tables: str) -> str:
    with pytest.raises(ScenarioError) as raised:
        read(folder, *arguments, **tables)
    return str(raised.value)


def noticed(scenario: Scenario) -> str:
    return "\n".join(str(warning) for warning in scenario.warnings if "no household belongs" not in str(warning))


# --- units


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("元", 1), ("万元", 1e4), ("万", 1e4), ("千元", 1e3), ("亿元", 1e8), ("yuan", 1)],
)
def test_money_in_the_unit_of_its_header(tmp_path: Path, unit: str, factor: float) -> None:
    scenario = read(
        tmp_path, "户号,项目,面积\nH1,P,110\n", quotes=f"户号,安置方式,总价（{unit}）\nH1,cash,40\nH1,cash,30万\n"
    )
    assert scenario.quotes is not None
    assert scenario.quotes["price"].tolist() == [40 * factor, 300_000]


@pytest.mark.parametrize(("unit", "fee"), [("元/月", 3300), ("元/季", 1100), ("元/年", 275), ("元/半年", 550)])
def test_fees_by_the_time_of_their_header(tmp_path: Path, unit: str, fee: float) -> None:
    scenario = read(tmp_path, "户号,项目,面积\nH1,P,110\n", curves=f"户号,过渡费({unit})\nH1,3300\n")
    assert scenario.fee_curves is not None
    assert scenario.fee_curves["fee"].tolist() == [pytest.approx(fee)]


def test_years_of_a_term(tmp_path: Path) -> None:
    scenario = read(tmp_path, "户号,项目,面积,约定期限（年）\nH1,P,110,2\nH2,P,90,1.5\n")
    assert scenario.households["term"].tolist() == [24, 18]
    assert "not a whole number" in refused(tmp_path, "户号,项目,面积,约定期限（年）\nH1,P,110,1.3\n")


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("面积（亩）", "亩"),
        ("面积（元）", "元"),
        ("人口（户）", "户"),
        ("约定期限（天）", "天"),
        ("权重（元）", "元"),
        ("应安置套数（㎡）", "m2"),
    ],
)
def test_a_unit_that_contradicts_the_column_is_refused(tmp_path: Path, header: str, unit: str) -> None:
    cells = "" if header.startswith("面积") else "面积,"
    values = "" if header.startswith("面积") else "100,"
    said = refused(tmp_path, f"户号,项目,{cells}{header}\nH1,P,{values}2\n")
    assert f"the header says {unit}" in said


def test_a_price_by_area_is_no_price(tmp_path: Path) -> None:
    said = refused(tmp_path, "户号,项目,面积\nH1,P,110\n", quotes="户号,安置方式,价格（元/㎡）\nH1,cash,40\n")
    assert "the header says 元/m2, but 'price' is in yuan" in said


def test_a_remark_in_a_header_is_told(tmp_path: Path) -> None:
    scenario = read(tmp_path, "户号（新编）,项目,面积（含公摊）\nH1,P,110\n")
    assert noticed(scenario).count("is not read as a unit") == 1


def test_every_number_has_a_unit_that_is_known() -> None:
    for columns in TABLES.values():
        for column in columns.values():
            if column.kind in {"number", "money", "count", "months", "share"}:
                assert column.unit in UNITS
                for word in UNITS[column.unit]:
                    assert header_unit(f"{column.name} ({word})", column)[1] is None


# --- totals


@pytest.mark.parametrize(
    "word", ["小计", "合计", "总计", "P小计", "河东合计：", "Total", "Subtotal", "Total P", "grand total"]
)
def test_a_total_is_no_household(tmp_path: Path, word: str) -> None:
    for table in (
        f"户号,项目,面积\nH1,P,110\nH2,P,90\n{word},P,200\nH3,Q,80\n",
        f"序号,户号,项目,面积\n1,H1,P,110\n2,H2,P,90\n{word},,,200\n3,H3,Q,80\n",
    ):
        scenario = read(tmp_path, table)
        assert scenario.households["id"].tolist() == ["H1", "H2", "H3"]
        assert noticed(scenario).count(f"not counted ({word})") == 1
        assert "h.csv:4" in noticed(scenario)


def test_a_row_without_an_id_is_a_total_only_if_it_adds_up(tmp_path: Path) -> None:
    scenario = read(tmp_path, "户号,项目,面积,人口\nH1,P,110,3\nH2,P,90,2\nH3,Q,80,1\n,,280,6\n")
    assert len(scenario.households) == 3
    assert "adds up others" in noticed(scenario)
    for last in (",,281,6", ",,280,7", ",P,280,"):
        said = (
            refused(tmp_path, f"户号,项目,面积,人口\nH1,P,110,3\nH2,P,90,2\nH3,Q,80,1\n{last}\n")
            if last != ",P,280,"
            else ""
        )
        assert last == ",P,280," or "the cell is empty" in said


def test_a_household_whose_numbers_are_a_sum_is_warned_of(tmp_path: Path) -> None:
    scenario = read(tmp_path, "户号,项目,面积,人口\nH1,P,110,3\nH2,P,90,2\nH3,Q,80,1\nH4,Q,280,6\nH5,Q,280,5\n")
    assert len(scenario.households) == 5
    assert noticed(scenario).count("its numbers are the sum of rows above") == 1
    assert "h.csv:5" in noticed(scenario)


@given(st.lists(st.tuples(st.integers(20, 300), st.integers(1, 8)), min_size=3, max_size=12), st.integers(0, 3))
def test_totals_of_groups_are_found_whatever_stands_in_them(rows: list[tuple[int, int]], group: int) -> None:
    size = max(group, 1) + 2
    lines, kept, begin = ["户号,项目,面积,人口"], [], 0
    for number, (area, persons) in enumerate(rows):
        lines.append(f"H{number},P,{area},{persons}")
        kept.append(f"H{number}")
        if (number + 1) % size == 0:
            part = rows[begin : number + 1]
            lines.append(f",,{sum(a for a, _ in part)},{sum(p for _, p in part)}")
            begin = number + 1
    table = read_csv("\n".join(lines).encode(), "h.csv", "households")
    assert check_table(table, TABLES["households"]).frame["id"].tolist() == kept


def test_a_large_register_has_no_row_to_doubt() -> None:
    rng = np.random.default_rng(0)
    areas, persons = rng.integers(40, 200, 20_000), rng.integers(1, 7, 20_000)
    lines = [f"H{n},P,{a},{p}" for n, (a, p) in enumerate(zip(areas, persons, strict=True))]
    checked = check_table(
        read_csv(("id,project,area,persons\n" + "\n".join(lines)).encode(), "h.csv", "households"), TABLES["households"]
    )
    assert len(checked.frame) == 20_000
    assert len(checked.findings) <= 5


# --- headers


@pytest.mark.parametrize(
    "table",
    [
        "某某片区征收户登记表,,\n户号,项目,面积\nH1,P,110\n",
        "某某片区征收户登记表,,\n单位：㎡,,2024年1月\n户号,项目,面积\nH1,P,110\n",
        "基本情况,,房屋\n户号,项目,面积\nH1,P,110\n",
        "户号,项目,房屋,\n,,面积,人口\nH1,P,110,3\n",
    ],
)
def test_headers_below_titles_are_found_and_told(tmp_path: Path, table: str) -> None:
    scenario = read(tmp_path, table)
    assert scenario.households["id"].tolist() == ["H1"]
    assert scenario.households["area"].tolist() == [110]
    assert "the headers were found in row" in noticed(scenario)


def test_a_row_is_not_taken_for_headers(tmp_path: Path) -> None:
    scenario = read(tmp_path, "户号,项目,面积,标签\nH1,P,110,项目\n户数,P,90,面积\n")
    assert scenario.households["id"].tolist() == ["H1", "户数"]
    assert noticed(scenario) == ""


def test_places_are_those_of_the_file_below_titles_and_totals(tmp_path: Path) -> None:
    said = refused(tmp_path, "登记表,,\n户号,项目,面积\nH1,P,110\nH2,P,90\n合计,,200\nH3,X,80\n")
    assert "h.csv:6" in said


def test_columns_that_no_plan_needs_are_told_once(tmp_path: Path) -> None:
    words = sorted(NEEDLESS)[:12]
    scenario = read(tmp_path, f"户号,项目,面积,{','.join(words)}\nH1,P,110,{','.join('x' for _ in words)}\n")
    assert noticed(scenario).count("no plan needs") == 1
    assert "x" not in scenario.households.to_string()
    assert "unknown column '面秘'" in refused(tmp_path, "户号,项目,面积,面秘\nH1,P,110,3\n")


# --- cells


@pytest.mark.parametrize("word", ["—", "无", "待定", "/", "N/A"])
def test_a_placeholder_is_an_empty_cell(tmp_path: Path, word: str) -> None:
    scenario = read(tmp_path, f"户号,项目,面积,人口,截止月份,安置政策\nH1,P,110,{word},{word},{word}\n")
    row = scenario.households.iloc[0]
    assert (row["persons"], row["deadline"], row["home_policy"]) == (-1, -1, "")
    assert "the cell is empty" in refused(tmp_path, "户号,项目,面积\nH1,,110\n")


@pytest.mark.parametrize(
    ("word", "route"), [("房票", "voucher"), ("货币补偿", "cash"), ("调安", "transfer"), ("Own unit", "own_unit")]
)
def test_routes_in_the_words_of_offices(tmp_path: Path, word: str, route: str) -> None:
    scenario = read(tmp_path, f"户号,项目,面积,安置方式\nH1,P,110,{word}；货币补偿\n")
    assert scenario.households["routes"].tolist() == [tuple(dict.fromkeys((route, "cash")))]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("¥1,020.00", 1020), ("40 万", 400_000), ("四十万元", 400_000), ("1,234.50元", 1234.5), ("400 000", 400_000),
     ("人民币40万元", 400_000), ("1.2亿", 1.2e8), ("400000元整", 400_000), ("３千元", 3_000),
     ("壹佰贰拾万元整", 1_200_000)],
)  # fmt: skip
def test_money_as_it_is_written(tmp_path: Path, text: str, yuan: float) -> None:
    scenario = read(tmp_path, "户号,项目,面积\nH1,P,110\n", quotes=f'户号,安置方式,总价\nH1,cash,"{text}"\n')
    assert scenario.quotes is not None
    assert scenario.quotes["price"].tolist() == [yuan]


@pytest.mark.parametrize("text", ["1,02", "1,0200", "4,00,000", "一百二元", "一万二元", "百元整整", "四十", "1_00"])
def test_money_that_may_be_another_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"money|number"):
        parse_money(text)


@given(st.integers(0, 10**12))
def test_chinese_numerals_are_read_as_they_are_built(number: int) -> None:
    digits, tens = "零一二三四五六七八九", ["", "十", "百", "千"]

    def below_myriad(value: int) -> str:
        text, gap = "", False
        for place in (3, 2, 1, 0):
            digit = value // 10**place % 10
            if digit:
                text += ("零" if gap and text else "") + digits[digit] + tens[place]
                gap = False
            else:
                gap = True
        return text

    def written(value: int) -> str:
        if value == 0:
            return "零"
        text, parts = "", [value // 10**12, value // 10**8 % 10**4, value // 10**4 % 10**4, value % 10**4]
        for part, name in zip(parts, ("万亿", "亿", "万", ""), strict=True):
            if part:
                text += ("零" if text and part < 1000 else "") + below_myriad(part) + name
        return text

    if number < 10**12:
        assert chinese_number(written(number)) == number


# --- workbooks


def book(
    folder: Path,
    rows: list[list[object]],
    merged: list[tuple[int, int, int, int, object]] | None = None,
    hidden: tuple[int, ...] = (),
) -> bytes:
    path = folder / "made.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("households")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for number in hidden:
            sheet.set_row(number, None, None, {"hidden": True})
        for merge in merged or ():
            sheet.merge_range(*merge)
    return path.read_bytes()


def test_merged_cells_are_filled_down_and_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["户号", "项目", "面积"],
        ["H1", "P", 110],
        ["H2", "", 90],
        ["H3", "", 80],
        ["H4", "Q", 70],
    ]
    scenario = read(tmp_path, book(tmp_path, rows, [(1, 1, 3, 1, "P")]), suffix=".xlsx")
    assert scenario.households["project"].tolist() == ["P", "P", "P", "Q"]
    assert noticed(scenario).count("merged cells are filled down, from row 2 on") == 1


def test_a_number_in_merged_cells_is_refused(tmp_path: Path) -> None:
    rows: list[list[object]] = [["户号", "项目", "面积"], ["H1", "P", ""], ["H2", "P", ""]]
    data = book(tmp_path, rows, [(1, 2, 2, 2, 110)])
    with pytest.raises(ScenarioError, match="a number stands in merged cells") as raised:
        read(tmp_path, data, suffix=".xlsx")
    assert "row 2" in str(raised.value)


@pytest.mark.slow
def test_cells_that_merge_sideways_or_beyond_the_sheet_are_let_be(tmp_path: Path) -> None:
    rows: list[list[object]] = [["户号", "项目", "面积"], ["H1", "P", 110], ["H2", "P", 90]]
    scenario = read(tmp_path, book(tmp_path, rows, [(0, 3, 0, 5, ""), (2, 3, 900_000, 3, "")]), suffix=".xlsx")
    assert len(scenario.households) == 2
    assert noticed(scenario) == ""


def test_a_checked_table_is_read_again_as_it_is(tmp_path: Path) -> None:
    scenario = read(tmp_path, "户号,项目,面积,人口\nH1,P,110,3\nH2,P,90,2\nH3,Q,80,1\n合计,,280,6\n")
    assert len(scenario.households) == 3
    again = Scenario.from_tables(
        **{
            name: getattr(scenario, name)
            for name in ("name", "start", "months", "projects", "fee_policies", "funds", "cash", "households")
        }
    )
    assert again.households.equals(scenario.households)


# --- without effect


def warned(folder: Path, more: str) -> str:
    (folder / "h.csv").write_text("户号,项目,面积\nH1,P,110\nH2,Q,90\n", encoding="utf-8")
    (folder / "s.yaml").write_text(SCENARIO % "h.csv" + more, encoding="utf-8")
    return noticed(load(folder / "s.yaml"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("home_policies: [{id: swap}]\n", "home_policies.swap: warning: nothing names this home policy"),
        ("developers: [{id: D, homes: {on_hand: 3}}]\n", "developers.D: warning: nothing names this developer"),
        ("variants: {lean: {funds: [{id: reserve, opening: 1}]}}\n", ""),
        ("variants: {lean: {cash: [{id: second, price: 4000}]}}\n", ""),
        ("variants: {lean: {projects: [{id: P, term: 12}]}}\n", ""),
    ],
)
def test_what_has_no_effect_is_told_by_name(tmp_path: Path, more: str, said: str) -> None:
    found = warned(tmp_path, more)
    assert said in found
    assert bool(found) is bool(said)


def test_an_item_that_a_variant_adds_by_a_slip_is_told(tmp_path: Path) -> None:
    more = (
        "vouchers: [{id: ticket, price: 6000}]\n"
        "variants: {lean: {vouchers: [{id: tickets, price: 5000}]}, full: {vouchers: [{id: ticket, price: 5000}]}}\n"
    )
    found = warned(tmp_path, more)
    assert found.count("the variant adds 'tickets'; did you mean 'ticket'?") == 1


def test_what_is_named_somewhere_is_not_told(tmp_path: Path) -> None:
    more = (
        "developers: [{id: D}, {id: G}]\nvouchers: [{id: V, price: 1000, developers: [{developer: D}]}]\n"
        "estates: [{id: E, projects: [P], developer: G, units: [{type: A, on_hand: 1}]}]\n"
    )
    assert warned(tmp_path, more) == ""


@pytest.mark.parametrize(
    ("begin", "free"), [("2023-01", False), ("2024-01", False), ("2024-02", True), ("2030-01", True)]
)
def test_months_before_the_first_rate_are_told(tmp_path: Path, begin: str, free: bool) -> None:
    (tmp_path / "h.csv").write_text("户号,项目,面积\nH1,P,110\nH2,Q,90\n", encoding="utf-8")
    text = (SCENARIO % "h.csv").replace("rate: 10", f"rate: [{{from: {begin}, yuan: 10}}]")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    assert ("begins later than its fees" in noticed(load(tmp_path / "s.yaml"))) is free


REGISTER: list[list[object]] = [["户号", "项目", "面积"], *([f"H{n}", "P", 100 + n] for n in range(1, 25))]


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ((3,), "4"),
        ((2, 3, 4), "3-5"),
        ((1, 5, 6, 11), "2, 6-7, 12"),
        (tuple(range(1, 24, 2)), "2, 4, 6, 8, 10, 12, 14, 16, 18, 20 …"),
    ],
)
def test_hidden_rows_are_read_and_told_by_their_numbers(tmp_path: Path, hidden: tuple[int, ...], said: str) -> None:
    scenario = read(tmp_path, book(tmp_path, REGISTER, hidden=hidden), suffix=".xlsx")
    assert len(scenario.households) == 24
    told = noticed(scenario)
    assert f"h.xlsx sheet households row {hidden[0] + 1}" in told
    assert f"hidden rows are read like all others: {said};" in told


def test_a_hidden_row_of_nothing_is_not_told(tmp_path: Path) -> None:
    scenario = read(tmp_path, book(tmp_path, REGISTER, hidden=(30, 40)), suffix=".xlsx")
    assert noticed(scenario) == ""


def saved(data: bytes, old: str, new: str) -> bytes:
    """The workbook with a change in the XML of its sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as one, zipfile.ZipFile(out, "w") as other:
        for name in one.namelist():
            content = one.read(name)
            if name.endswith("sheet1.xml"):
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            other.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="D3"><f>B9*2</f></c>',
        '<c r="D3"><f>B9*2</f><v></v></c>',
        '<c r="D3" t="str"><f>B9&amp;"x"</f></c>',
        '<c r="D3"><f t="shared" si="0"/></c>',
    ],
)
@pytest.mark.parametrize("titles", [0, 1, 3])
def test_a_formula_without_a_value_is_told_where_it_stands(tmp_path: Path, titles: int, cell: str) -> None:
    # An empty column stands before the one of the formula, and titles above the headers.
    rows: list[list[object]] = [["登记表"] for _ in range(titles)]
    rows += [["户号", "项目", "", "面积"], ["H1", "P", "", 110], ["H2", "P", "", 4321]]
    where = f"D{titles + 3}"
    data = saved(book(tmp_path, rows), f'<c r="{where}"><v>4321</v></c>', cell.replace("D3", where))
    said = refused_book(tmp_path, data)
    assert f"h.xlsx sheet households row {titles + 3} column 面积: the formula has no value yet" in said


def refused_book(folder: Path, data: bytes, more: str = "") -> str:
    with pytest.raises(ScenarioError) as raised:
        read(folder, data, suffix=".xlsx", more=more)
    return str(raised.value)


@pytest.mark.parametrize(("place", "where"), [(5, "F2"), (25, "Z2"), (27, "AB2")])
def test_a_formula_beside_the_table_is_named_by_its_cell(tmp_path: Path, place: int, where: str) -> None:
    rows: list[list[object]] = [["户号", "项目", "面积"], ["H1", "P", 110, *[""] * (place - 3), 4321]]
    data = saved(
        book(tmp_path, rows), f'<c r="{where}"><v>4321</v></c>', f'<c r="{where}" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    )
    assert f"row 2  cell {where}: #DIV/0! is the error of a formula" in refused_book(tmp_path, data)


def test_a_formula_that_gives_no_text_is_an_empty_cell(tmp_path: Path) -> None:
    rows: list[list[object]] = [["户号", "项目", "面积", "标签"], ["H1", "P", 110, 4321]]
    data = saved(book(tmp_path, rows), '<c r="D2"><v>4321</v></c>', '<c r="D2" t="str"><f>""</f><v></v></c>')
    assert read(tmp_path, data, suffix=".xlsx").households["tags"].tolist() == [()]


# --- the row of the headers, as stated

BELOW = "房屋征收补偿,,\n2024 年度,面积,\n" + "\n" * 9 + "户号,项目,面积\nH1,P,110\n"


def test_headers_that_are_not_found_are_stated(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        read(tmp_path, BELOW)
    scenario = read(tmp_path, BELOW, more=", header_row: 12")
    assert scenario.households["area"].tolist() == [110]
    assert noticed(scenario) == ""


def test_the_row_that_is_stated_is_taken_though_another_looks_like_it(tmp_path: Path) -> None:
    table = "户号,项目,人口\n户号,项目,面积\nH1,P,90\n"
    assert read(tmp_path, table, more=", header_row: 2").households["area"].tolist() == [90]


def test_a_stated_row_of_a_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [["登记表"], [], *REGISTER]
    scenario = read(tmp_path, book(tmp_path, rows), suffix=".xlsx", more=", header_row: 3")
    assert len(scenario.households) == 24
    assert noticed(scenario) == ""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("4", "row 4, but there are 3 rows; correct `header_row`"),
        ("0", "1 or more was expected"),
        ("two", "a whole number"),
    ],
)
def test_a_row_that_there_is_not_is_refused(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        read(tmp_path, "登记表,,\n户号,项目,面积\nH1,P,110\n", more=f", header_row: {row}")
    assert said in str(raised.value)


@pytest.mark.parametrize("number", ["1e999", "9" * 400, "1e308", "-1e300"])
def test_numbers_that_no_register_has_are_refused_and_summed_up_nowhere(tmp_path: Path, number: str) -> None:
    rows = "".join(f"H{row},P,{number}\n" for row in range(5))
    with pytest.raises(ScenarioError):
        read(tmp_path, f"户号,项目,面积\n{rows}")
