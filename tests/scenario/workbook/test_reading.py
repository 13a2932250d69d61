"""What is wrong with a workbook is told all at once, with sheet, row and column, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from renewopt import ScenarioError, load
from renewopt.cli.starter import write_starter_workbook
from renewopt.results.failures import OutputExistsError
from renewopt.scenario.workbook.layout import named_sheet

Sheets = dict[str, list[list[Any]]]
Change = Callable[[Sheets], None]


@pytest.fixture(scope="module")
def starters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sheets]:
    """Cells of the template, by language."""
    found = {}
    for lang in ("en", "zh"):
        path = write_starter_workbook(tmp_path_factory.mktemp(lang), lang)  # type: ignore[arg-type]
        with CalamineWorkbook.from_path(str(path)) as book:
            found[lang] = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return found


@pytest.fixture
def changed(starters: dict[str, Sheets], tmp_path: Path) -> Callable[..., Path]:
    """Write the template with a change, as a planner would have saved it."""

    def write(change: Change, lang: str = "zh") -> Path:
        sheets = {name: [list(row) for row in rows] for name, rows in starters[lang].items()}
        change(sheets)
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": True}) as book:
            month = book.add_format({"num_format": "yyyy-mm"})
            for name, rows in sheets.items():
                page = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for place, cell in enumerate(row):
                        if isinstance(cell, dt.date):
                            page.write_datetime(number, place, cell, month)
                        elif isinstance(cell, tuple):
                            page.write_formula(number, place, cell[0], None, cell[1])
                        elif cell != "":
                            page.write(number, place, cell)
        return path

    return write


def put(sheet: str, row: int, header: str, value: Any) -> Change:
    """Change the cell of a row (from 1, as a spreadsheet counts) under a header."""

    def change(sheets: Sheets) -> None:
        rows = sheets[sheet]
        place = [str(cell).rstrip(" *") for cell in rows[0]].index(header)
        rows.extend([""] * len(rows[0]) for _ in range(row - len(rows)))
        rows[row - 1][place] = value

    return change


def more(path: str, value: Any) -> Change:
    """State something in the sheet of paths and values."""
    return lambda sheets: sheets["其他"].append([path, value])


def told(path: Path, lang: str = "zh") -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert "Error" not in str(caught.value)
    return caught.value.said(lang)  # type: ignore[arg-type]


CASES = [
    (put("过渡费标准", 2, "费率（元/月）", "十元"), "“过渡费标准”第 2 行 “费率（元/月）”列：“十元”不是数字"),
    (put("过渡费标准", 2, "计费依据", "按面积"), "“计费依据”列：无法识别的值“按面积”；是否应为“面积”？"),
    (put("过渡费标准", 2, "费率（元/月）", ""), "“费率（元/月）”列：单元格为空，此处必须填写；每月每㎡"),
    (put("过渡费标准", 2, "装修过渡（月）", "调安:3;调安:4"), "“过渡费标准”第 2 行 “装修过渡（月）”列"),
    (put("项目", 3, "搬离月份", "2022/13"), "“项目”第 3 行 “搬离月份”列"),
    (put("项目", 3, "过渡费标准", "standrd"), "“项目”第 3 行 “过渡费标准”列：没有名为“standrd”的过渡费标准；是否应为"),
    (put("项目", 3, "编号", "河东"), "“项目”第 3 行 “编号”列"),
    (put("项目", 2, "权重", -1), "“项目”第 2 行 “权重”列：-1 是负数"),
    (put("建设分期", 3, "安置小区", "老厂新局"), "没有名为“老厂新局”的安置小区；是否应为“老厂新居”？"),
    (put("建设分期", 3, "安置小区", ""), "“建设分期”第 3 行 “安置小区”列：单元格为空"),
    (put("建设分期", 3, "交付", "标准户型"), "“建设分期”第 3 行 “交付”列"),
    (put("建设分期", 3, "交付", "大户型:3"), "“建设分期”第 3 行 “交付”列"),
    (put("户型房源", 3, "户型", ""), "“户型房源”第 3 行 “户型”列：单元格为空"),
    (put("安置小区", 4, "编号", "新苑"), "“户型房源”表（units）中没有属于“新苑”的行"),
    (put("购房凭证兑付", 3, "比例", "60%"), "“购房凭证兑付”"),
    (put("购房凭证", 2, "付清方算安置", "也许"), "“购房凭证”第 2 行 “付清方算安置”列"),
    (put("资金", 2, "借款期限（月）", 12), "“资金”第 2 行 “借款上限（元）”列：单元格为空，此处必须填写；可借入的金额"),
    (put("资金", 3, "用途", "建设；过渡非"), "“资金”第 3 行 “用途”列：无法识别的值“过渡非”；是否应为“过渡费”？"),
    (put("资金", 1, "结转", "结转办法"), "“资金”第 1 行 “结转办法”列：无法识别的列“结转办法”；是否应为“结转”？"),
    (put("资金按月到位", 3, "月份", dt.date(2024, 3, 1)), ""),
    (put("支出按月", 3, "既定支出", "背街小巷改造"), "“支出按月”第 3 行 “月份”列：单元格为空"),
    (put("住户", 3, "面积", "大"), "“住户”第 3 行 “面积”列"),
    (put("住户", 5, "安置方式", "调安;货币补尝"), "“住户”第 5 行 “安置方式”列：无法识别的值“货币补尝”；是否应为"),
    (put("住户", 1, "户号", "号"), "“住户”第 1 行"),
    (put("总体设置", 4, "填写", "三年"), "“总体设置”第 4 行 “填写”列：“三年”不是数字"),
    (put("总体设置", 2, "填写", ""), "“总体设置”第 2 行 “填写”列：单元格为空，此处必须填写；显示在报告中"),
    (put("总体设置", 3, "项目", "启动"), "没有“起始月份”（start）这一行"),
    (put("其他", 3, "路径", "variants.x.funds[]"), "“其他”第 3 行 “路径”列：“variants.x.funds[]”不是路径"),
    (put("其他", 2, "值", "!remove"), ""),
    (put("户型房源", 2, "现房", ("=1/0", "#DIV/0!")), "“户型房源”第 2 行 “现房”列：#DIV/0!"),
    (put("户型房源", 2, "现房", ("=1+1", "")), "“户型房源”第 2 行 “现房”列：公式尚无结果"),
    (put("户型房源", 2, "现房", ("=1+1", 2)), ""),
    (lambda sheets: sheets["费率调整"].append(["standard", "", 12]), "“费率调整”第 2 行：“rate”已在别处填写"),
    (put("资金", 1, "名称", "id"), "“资金”第 1 行 “id”列：“id”列出现两次"),
    (put("建设分期", 1, "总造价（元）", "#造价"), "“建设分期”第 1 行：缺少“总造价（元）”列；请补上：整期"),
    (put("建设分期", 1, "安置小区", "#小区"), "“建设分期”第 1 行：缺少“安置小区”列；请添加：它写明每行属于哪一项"),
    (put("支出按月", 2, "月份", "三月"), "“支出按月”第 2 行 “月份”列"),
    (lambda sheets: sheets["支出按月"].append(sheets["支出按月"][1]), "的2024年9月填了两次；请合并为一行"),
    (lambda sheets: sheets["总体设置"].append(["片区明称", "x"]), "无法识别的项目“片区明称”；是否应为“片区名称”？"),
    (lambda sheets: sheets["总体设置"].append(["name", "x"]), "“name”填了两次"),
    (put("总体设置", 1, "填写", "内容"), "“总体设置”第 1 行：缺少“value”列"),
    (more("projects[河东]", "!remove"), "`!remove` 只能用在 `variants` 里"),
    (more("name", "x"), "“name”已在别处填写；同一内容只在一处填写"),
    (more("projects[河东].weight.x", 1), "路径在 x 处走不通"),
    (more("projects[河东]", "x"), "“河东”已在别处填写"),
    (more("projects[新]", 3), "“新”下有多个键；路径应指到其中一个键"),
    (more("projects[新]", "{moved_out: 2022-01}"), ""),
    (more("projects[1].weight", 3), "“weight”已在别处填写"),
    (more("projects[4].weight", 3), "没有第 4 项；下一项应为第 3 项"),
    (more("projects[1]", "{id: x}"), "第 1 项已在别处填写"),
    (more("variants.v.projects[河东].weight", "[1"), "“其他”第 3 行 “值”列"),
    (more("variants.v.nonsense", 3), "“其他”第 3 行 “值”列"),
    (lambda sheets: sheets.pop("资金"), "没有“资金”表（funds）"),
    (lambda sheets: sheets.pop("住户"), "没有“住户”表（households）"),
    (lambda sheets: sheets.update({"funds": sheets["资金"]}), "是同一张表"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), CASES)
@pytest.mark.slow
def test_a_fault_is_told_where_it_stands(changed: Callable[..., Path], change: Change, words: str) -> None:
    path = changed(change)
    if words:
        text = told(path)
        assert words in text
        assert "book.xlsx:" not in text
    else:
        load(path)


def test_all_faults_are_told_at_once(changed: Callable[..., Path]) -> None:
    # Sums and dates are looked at once the rest is right; a row of a cell that is changed twice says one thing.
    faults = [CASES[number] for number in (0, 1, 4, 5, 7, 8, 10, 15, 17, 20, 21, 22, 24, 27)]

    def all_of_them(sheets: Sheets) -> None:
        for change, _ in faults:
            change(sheets)

    text = told(changed(all_of_them))
    assert [words for _, words in faults if words not in text] == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.slow
def test_no_change_of_cells_gives_more_than_findings(changed: Callable[..., Path], data: st.DataObject) -> None:
    odd = [
        "", "x", "0", -1, 1e9, "2024-06", dt.date(2024, 6, 1), True, "全部", "无", "河东", "!remove", "a:1;b:2", ";",
        "#", "#REF!", "{a: 1}", ("=1/0", "#DIV/0!"), "编号", "单价（元/㎡）", "funds[财政资金].inflow",
    ]  # fmt: skip

    def change(sheets: Sheets) -> None:
        for _ in range(data.draw(st.integers(1, 6))):
            rows = sheets[data.draw(st.sampled_from(sorted(sheets)))]
            row = rows[data.draw(st.integers(0, len(rows) - 1))] if rows else []
            if row:
                row[data.draw(st.integers(0, len(row) - 1))] = data.draw(st.sampled_from(odd))

    path = changed(change)
    with suppress(ScenarioError):
        load(path)


def test_english_sheets_are_told_in_english(changed: Callable[..., Path]) -> None:
    text = told(changed(put("funds", 3, "uses", "constructoin"), "en"), "en")
    line = "book.xlsx sheet funds row 3 column uses: unknown value 'constructoin'; did you mean 'construction'?"
    assert line in text


@pytest.mark.parametrize(
    ("sheet", "header", "value", "read"),
    [
        ("项目", "搬离月份", "2021年1月", lambda s: str(s.projects[0].moved_out) == "2021-01"),
        ("项目", "搬离月份", dt.date(2021, 3, 1), lambda s: str(s.projects[0].moved_out) == "2021-03"),
        ("项目", "权重", "１．５", lambda s: float(s.projects[0].weight) == 1.5),
        ("项目", "权重", "2", lambda s: float(s.projects[0].weight) == 2),
        ("住户", "户号", "001", lambda s: s.households["id"][0] == "001"),
        ("住户", "面积", "１１０㎡", lambda s: s.households["area"][0] == 110),
        ("建设分期", "进度", "40％", lambda s: float(s.estates[0].phases[0].progress) == 0.4),
        ("建设分期", "总造价（元）", "300万元", lambda s: s.estates[0].phases[0].cost == 3_000_000),
        ("安置小区", "可调安项目", "全部", lambda s: s.estates[0].open_to == "all"),
        ("安置小区", "可调安项目", "无", lambda s: s.estates[0].open_to == []),
        ("安置小区", "释放房源", "是", lambda s: s.estates[0].release is True),
        ("购房凭证", "装修期倍数", "按入住时", lambda s: s.vouchers[0].tail_multiplier == "in_force"),
        ("购房凭证", "装修期倍数", 1.5, lambda s: float(s.vouchers[0].tail_multiplier) == 1.5),
    ],
)
def test_cells_are_understood_as_people_write_them(
    changed: Callable[..., Path], sheet: str, header: str, value: Any, read: Callable[[Any], bool]
) -> None:
    assert read(load(changed(put(sheet, 2, header, value))))


def test_rates_by_date_stand_in_a_sheet_of_their_own(changed: Callable[..., Path]) -> None:
    def change(sheets: Sheets) -> None:
        put("过渡费标准", 2, "费率（元/月）", "")(sheets)
        sheets["费率调整"] += [["standard", "", 10], ["standard", dt.date(2024, 7, 1), 12]]

    steps = load(changed(change)).fee_policies[0].rate
    assert [(str(step.since), float(step.yuan)) for step in steps] == [("None", 10.0), ("2024-07", 12.0)]  # type: ignore[union-attr]


def test_languages_may_be_mixed_and_own_sheets_and_columns_are_passed_over(changed: Callable[..., Path]) -> None:
    def change(sheets: Sheets) -> None:
        sheets["#备注"] = [["随便写"]]
        sheets["estates"] = sheets.pop("安置小区")
        sheets["estates"][0] = ["id", *sheets["estates"][0][1:-1], "#说明"]

    scenario = load(changed(change))
    assert scenario.warnings == ()
    assert len(scenario.estates) == 2


def test_an_unknown_sheet_is_warned_of(changed: Callable[..., Path]) -> None:
    (warning,) = load(changed(lambda sheets: sheets.update({"资金到": [["x"], [1]]}))).warnings
    assert "资金到位" in str(warning)
    assert warning.sheet == "资金到"


def test_a_title_may_stand_above_the_headers(changed: Callable[..., Path]) -> None:
    path = changed(lambda sheets: sheets.update({"项目": [[""], *sheets["项目"]]}))
    assert len(load(path).projects) == 2
    again = changed(lambda sheets: sheets.update({"项目": [[""], *sheets["项目"][:2], ["老厂", "", "没有"]]}))
    assert "“项目”第 4 行 “过渡费标准”列" in told(again)


def test_titles_above_the_headers_of_a_table_are_passed_over_and_told(changed: Callable[..., Path]) -> None:
    def title(sheets: Sheets) -> None:
        rows = sheets["住户"]
        sheets["住户"] = [["征收户登记表", *[""] * (len(rows[0]) - 1)], *rows]

    plain = load(changed(lambda _: None)).households
    titled = load(changed(title))
    assert titled.households.equals(plain)
    assert any("the headers were found in row 2" in str(warning) for warning in titled.warnings)


def test_a_table_may_stay_in_a_file_beside_the_workbook(changed: Callable[..., Path]) -> None:
    def change(sheets: Sheets) -> None:
        sheets["住户"] = sheets["住户"][:1]
        sheets["其他"] += [["households.file", "住户.csv"]]

    path = changed(change)
    assert "there is no file '住户.csv' beside the scenario" in told(path, "en")
    assert "“其他”第 3 行 “值”列" in told(path)
    path.with_name("住户.csv").write_text("户号,项目,面积\nA,河东,80\nB,老厂,60\n", "utf-8")
    assert load(path).households["id"].tolist() == ["A", "B"]
    assert load(path).files == ("book.xlsx", "住户.csv")
    assert "“住户”表（households）没有任何行" in told(
        changed(lambda sheets: sheets.update({"住户": sheets["住户"][:1]}))
    )


def test_what_is_no_workbook_or_no_scenario_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("no")
    assert "cannot be read as a workbook" in told(tmp_path / "a.xlsx", "en")
    with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as book:
        book.add_worksheet("Sheet1").write(0, 0, 1)
    assert "init DIR --excel" in told(tmp_path / "b.xlsx", "en")


def test_a_folder_with_one_workbook_is_that_scenario(tmp_path: Path) -> None:
    write_starter_workbook(tmp_path / "a", "en")
    (tmp_path / "a" / "~$district.xlsx").write_bytes(b"a shadow")
    assert load(tmp_path / "a").path == tmp_path / "a" / "district.xlsx"
    with pytest.raises(OutputExistsError):
        write_starter_workbook(tmp_path / "a", "en")


def test_the_template_is_the_starter_scenario(starters: dict[str, Sheets], tmp_path: Path) -> None:
    from renewopt.cli.starter import write_starter

    for lang in ("en", "zh"):
        yaml = load(write_starter(tmp_path / lang, lang))  # type: ignore[arg-type]
        book = load(write_starter_workbook(tmp_path / f"{lang}-book", lang))  # type: ignore[arg-type]
        assert book.model_dump() == yaml.model_dump()
        assert book.warnings == ()
        assert book.variants == yaml.variants
        assert next(iter(starters[lang])) == named_sheet("guide").said(lang)
