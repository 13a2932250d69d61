"""The work summary: every figure is one of the plan's tables, in both languages, as Markdown and as a Word document."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.results.made import frame, random_plan, tiny
from tests.results.test_programme import FIXED
from tests.scheduling.scenarios import programme

import renewopt
from renewopt.results.planned import Plan
from renewopt.results.work_summary.blocks import Heading, Paragraph, Table, as_markdown
from renewopt.results.work_summary.figures import figures_of, years_of
from renewopt.results.work_summary.telling import tell_work
from renewopt.results.work_summary.word import as_word
from renewopt.units import Month
from renewopt.wording import LANGUAGES, Language
from renewopt.wording.amounts import in_report

seeds = st.integers(0, 60)


@pytest.fixture(scope="module")
def uncertain(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "uncertain.yaml", policy="costliest-first")


@settings(max_examples=full_count(15, 500), deadline=None)
@given(seeds)
def test_spans_that_follow_each_other_add_up(seed: int) -> None:
    plan = random_plan(seed)
    last = max(plan.fees["month"].max(), plan.funds["month"].max())
    whole = figures_of(plan, plan.start, last)
    middle = str(Month.parse(plan.start) + 1)
    parts = [figures_of(plan, plan.start, plan.start), figures_of(plan, middle, last)]
    assert whole.total("housed") == sum(part.total("housed") for part in parts)
    assert whole.total("fees") == pytest.approx(sum(part.total("fees") for part in parts), abs=0.01)
    assert whole.paid == pytest.approx(sum(part.paid for part in parts), abs=0.01)
    assert whole.offset == pytest.approx(sum(part.offset for part in parts))
    for use, spent in whole.spent.items():
        assert spent == pytest.approx(sum(part.spent.get(use, 0) for part in parts), abs=0.01)
    assert whole.handed_over == tuple(phase for part in parts for phase in part.handed_over)
    assert parts[1].total("involved") == parts[0].total("waiting")


@settings(max_examples=full_count(15, 500), deadline=None)
@given(seeds)
def test_figures_are_those_of_the_tables(seed: int) -> None:
    plan = random_plan(seed)
    last = max(plan.fees["month"].max(), plan.funds["month"].max())
    whole = figures_of(plan, plan.start, last)
    rows = plan.allocation
    assert whole.total("involved") == plan.households == rows["count"].sum()
    assert whole.done == rows.loc[(rows["housed"] != "") & (rows["housed"] <= last), "count"].sum()
    assert whole.total("ordinary") == pytest.approx(plan.fees["ordinary"].sum())
    assert whole.total("extra") == pytest.approx(plan.fees["overdue"].sum())
    out = plan.funds[(plan.funds["amount"] < 0) & ~plan.funds["use"].isin(["moved_out", "lapsed"])]
    assert sum(whole.spent.values()) == pytest.approx(-out["amount"].sum(), abs=0.01)
    end = figures_of(plan, plan.start, years_of(plan)[-1][1])
    assert end.done == plan.settled


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*", text)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tables_add_up_to_their_last_row(uncertain: Plan, lang: Language) -> None:
    tables = [block for block in tell_work(uncertain, lang) if isinstance(block, Table)]
    assert len(tables) == len(years_of(uncertain)) + 1
    for table in tables:
        grid = np.array([[float(cell.replace(",", "")) for cell in row[1:]] for row in table.rows])
        flows = range(grid.shape[1]) if table is not tables[-1] else [1, *range(5, grid.shape[1])]
        for column in flows:
            assert grid[:-1, column].sum() == pytest.approx(grid[-1, column], abs=0.02 * len(grid))


def test_the_paragraph_says_what_offices_report(uncertain: Plan) -> None:
    text = uncertain.work_summary("zh", year=2024)
    figures = figures_of(uncertain, "2024-01", "2024-12")
    housed = int(figures.total("housed"))
    assert f"涉及2个项目56户，完成安置{housed}户" in text
    assert "一是推进住户安置。按安置方式分，" in text
    assert f"过渡费支出约{in_report('zh', figures.total('fees'))}" in text
    assert figures.saved is not None
    assert in_report("zh", abs(figures.saved)) in text
    assert "# 2025年" not in text
    whole = uncertain.work_summary("zh")
    assert "## 2024年" in whole
    assert "## 2025年" in whole
    assert "规划期内（2024年1月至2025年12月）" in whole
    assert uncertain.savings is not None
    assert in_report("zh", abs(uncertain.savings.against_waiting)) in whole
    assert in_report("zh", uncertain.savings.office_convention) in whole


@settings(max_examples=full_count(15, 500), deadline=None)
@given(seeds, st.sampled_from(LANGUAGES))
def test_any_plan_can_be_told(seed: int, lang: Language) -> None:
    plan = random_plan(seed)
    text = plan.work_summary(lang)
    assert text.startswith("# ")
    assert "nan" not in text
    assert text == replace(plan).work_summary(lang)


def test_each_year_but_the_last_says_what_the_next_is_to_bring(uncertain: Plan) -> None:
    following = figures_of(uncertain, "2025-01", "2025-12")
    for text in (uncertain.work_summary("zh"), uncertain.work_summary("zh", year=2024)):
        plans = next(line for line in text.splitlines() if line.startswith("2025年工作计划"))
        assert f"计划安置{int(following.total('housed'))}户" in plans
        assert in_report("zh", following.total("fees")) in plans
        assert in_report("zh", following.spent["construction"]) in plans
    assert "工作计划" not in uncertain.work_summary("zh", year=2025)
    assert "2026年工作计划" not in uncertain.work_summary("zh")


@settings(max_examples=full_count(25, 500), deadline=None)
@given(seeds)
def test_points_are_numbered_one_after_the_other_and_nothing_is_about_nothing(seed: int) -> None:
    text = random_plan(seed).work_summary("zh")
    for line in text.splitlines():
        numbers = re.findall("([一二三四五六])是", line)
        assert "".join(numbers) == "一二三四五六"[: len(numbers)]
    assert not re.search(r"(?<![\d.,])0(\.0+)?(万元|亿元|元|期|个|条)", re.sub(r"^\|.*", "", text, flags=re.MULTILINE))
    assert "，。" not in text
    assert "。。" not in text


def test_years_in_which_nothing_happens_are_left_out() -> None:
    plan = next(plan for plan in map(random_plan, range(60)) if plan.settled == plan.households)
    longer = replace(plan, months=60)
    assert len(years_of(longer)) > len(years_of(plan))
    spans = [figures_of(longer, first, last) for first, last in years_of(longer)]
    told = [str(figures.year) for figures in spans if not figures.empty]
    assert len(told) < len(spans)
    text = longer.work_summary("zh")
    busy = [str(figures.year) for figures in spans if not figures.quiet]
    assert re.findall(r"^## (\d+)年", text, flags=re.MULTILINE) == busy
    table = text.split("分年度情况")[-1] if "分年度情况" in text else ""
    assert not set(re.findall(r"^\| (\d+)年", table, flags=re.MULTILINE)) - set(told)


def test_a_plan_of_one_year_is_told_once() -> None:
    plan = next(plan for plan in map(random_plan, range(60)) if len(years_of(plan)) == 1)
    text = plan.work_summary("zh")
    if "期后" not in text:
        assert "规划期合计" not in text


def test_what_starts_is_told_by_kind_as_the_programme_has_it() -> None:
    plan = renewopt.plan(programme(**FIXED), gap=0.0)
    figures = figures_of(plan, "2024-01", "2024-12")
    assert sum(of.items for of in figures.begun) == (plan.programme["start"] != "").sum()
    assert sum(of.cost for of in figures.begun) == plan.programme["cost"].sum()
    text = plan.work_summary("zh", year=2024)
    assert "启动城中村改造项目1个6户，计划投资15万元；背街小巷改造1条，惠及40户，计划投资30万元" in text
    assert "完工2个工程" in text
    assert "完成净地1个项目" in text
    assert "urban_village" not in text


def test_a_programme_of_several_years_is_told_over_all_of_them() -> None:
    plan = renewopt.plan(programme(**FIXED), gap=0.0)
    later = plan.programme.assign(start=["2024-03", "2025-08", "2025-11"], finish=["2024-05", "2025-11", "2025-11"])
    plan = replace(plan, programme=later, months=24)
    text = plan.work_summary("zh")
    assert "2024—2025年，谋划实施更新改造项目和工程3个，计划投资45万元，其中：城中村改造项目1个6户" in text
    assert "2025年工作计划：一是计划启动背街小巷改造1条" in text
    table = next(block for block in tell_work(plan, "zh") if isinstance(block, Table) and "启动安排" in block.title)
    assert table.head[-2:] == ("2024年启动", "2025年启动")
    assert [row[-2:] for row in table.rows] == [("1", "0"), ("0", "1"), ("0", "1"), ("1", "2")]
    assert table.rows[-1][1:4] == ("3", "46", "45.00")


def test_debt_that_is_set_off_is_told() -> None:
    plan = next(plan for plan in map(random_plan, range(60)) if plan.decisions is not None)
    start = Month.parse(plan.start)
    assert plan.decisions is not None
    offset = np.array([[0, 0, 123_456_700], [0, 500, 100]])
    plan = replace(plan, decisions=replace(plan.decisions, offset=offset))
    assert figures_of(plan, plan.start, plan.start).offset == 1_234_567
    assert figures_of(plan, str(start + 1), str(start + 1)).offset == 0
    assert "冲抵开发企业欠款123.46万元" in plan.work_summary("zh")


def test_part_years_are_named_by_their_months() -> None:
    plan = random_plan(1)
    plan = replace(plan, start="2024-05", months=10)
    assert years_of(plan) == [("2024-05", "2024-12"), ("2025-01", "2025-02")]
    assert "（2024年5月至2024年12月）" in plan.work_summary("zh", year=2024)


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(ValueError, match="no year 1999; it runs from"):
        random_plan(1).work_summary(year=1999)
    with pytest.raises(ValueError, match="infeasible"):
        frame(tiny(1), status="infeasible").work_summary()


def test_what_a_planner_wrote_is_shown_and_not_run() -> None:
    plan = random_plan(2, name="A|B <b>*x*</b>\n# [y](z)")
    text = plan.work_summary()
    assert "A\\|B \\<b\\>\\*x\\*\\</b\\> \\# \\[y\\](z)" in text
    assert len([line for line in text.splitlines() if line.startswith("# ")]) == 1


def test_markdown_tables_are_whole() -> None:
    table = Table("t", ("a", "b"), (("x", "1"), ("y|z", "2")))
    lines = as_markdown([Heading(2, "h"), Paragraph("p"), Paragraph("q", quiet=True), table]).splitlines()
    assert lines[0] == "## h"
    assert "> q" in lines
    assert lines[-1] == "| y\\|z | 2 |"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_word_document_holds_the_same(uncertain: Plan, lang: Language) -> None:
    blocks = tell_work(uncertain, lang)
    document = docx.Document(io.BytesIO(as_word(blocks, lang)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for block in blocks:
        if not isinstance(block, Table):
            assert block.text in texts
    tables = [block for block in blocks if isinstance(block, Table)]
    assert len(document.tables) == len(tables)
    for table, written in zip(tables, document.tables, strict=True):
        found = [tuple(cell.text for cell in row.cells) for row in written.rows]
        assert found == [table.head, *table.rows]


def test_the_word_document_tells_nothing_of_its_maker_and_has_fonts_for_chinese() -> None:
    content = as_word([Heading(1, "总结\x07"), Heading(2, "a"), Paragraph("文")], "zh")
    document = docx.Document(io.BytesIO(content))
    properties = document.core_properties
    assert properties.author == properties.last_modified_by == properties.comments == ""
    assert properties.created is None
    assert properties.modified is None
    assert properties.title == "总结�"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles = parts.read("word/styles.xml").decode()
    for style in ("Normal", "Heading2", "Title"):
        block = styles.split(f'w:styleId="{style}"')[1].split("</w:style>")[0]
        assert re.search(r'w:eastAsia="(宋体|黑体)"', block)
        assert "eastAsiaTheme" not in block


def test_both_files_lie_in_the_folder(uncertain: Plan, tmp_path: Path) -> None:
    folder = uncertain.write(tmp_path / "plan", lang="zh", report=False)
    assert (folder / "work-summary.md").read_text("utf-8") == uncertain.work_summary("zh")
    assert docx.Document(str(folder / "work-summary.docx")).paragraphs[0].text.endswith("安置工作总结")


def test_a_plan_without_a_comparison_tells_no_saving() -> None:
    plan = random_plan(4)
    bare = replace(plan, savings=None, baseline=pd.DataFrame(columns=list(plan.baseline.columns)))
    assert "节约" not in bare.work_summary("zh")
