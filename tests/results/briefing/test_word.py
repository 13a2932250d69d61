"""The brief as a Word document: on one page, the same to the byte, and filled into an office's own template."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.office.libreoffice import NO_WRITER, converted, found
from tests.results.made import frame, random_plan, tiny

import renewopt
from renewopt import Plan
from renewopt.results.briefing.telling import Brief, Section, tell_brief
from renewopt.results.briefing.template import LAYOUTS, brief_template, written
from renewopt.results.briefing.word import brief_document, fits
from renewopt.results.failures import TemplateFileError
from renewopt.results.reporting.page import Table
from renewopt.wording import LANGUAGES, Language


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def template(tmp_path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    path = tmp_path / "template.docx"
    document.save(str(path))
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_says_what_the_brief_says(minimal: Plan, lang: Language) -> None:
    brief, document = tell_brief(minimal, lang), opened(brief_document(minimal, lang))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == brief.title
    assert [brief.head(section) + brief.text(section) for section in brief.sections] == [
        text for text in texts if re.match(r"[1-9]\. |[一二三四五六七八九]、", text)
    ]
    assert brief.table is not None
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [brief.table.head, *brief.table.rows]
    placeholders = {"en": ["To: (addressee)", "(issuing office)", "(date)"], "zh": ["（主送机关）：", "（成文日期）"]}
    assert all(each in texts for each in placeholders[lang])
    assert not any("{" in text for text in texts)


def test_the_form_is_that_of_official_documents(minimal: Plan) -> None:
    document = opened(brief_document(minimal, "zh"))
    page = document.sections[0]
    assert [round(length.mm) for length in (page.page_width, page.page_height)] == [210, 297]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(length.mm) for length in margins] == [37, 35, 28, 26]
    fonts = document.styles.element.xml
    assert all(f'w:eastAsia="{name}"' in fonts for name in ("方正小标宋简体", "仿宋_GB2312", "黑体"))


def test_it_tells_nothing_of_its_maker(minimal: Plan) -> None:
    properties = opened(brief_document(minimal, "en")).core_properties
    assert properties.author == properties.last_modified_by == properties.comments == ""
    assert properties.created is None
    assert properties.title == tell_brief(minimal, "en").title


@settings(max_examples=full_count(4, 200), deadline=None)
@given(st.integers(0, 60), st.sampled_from(LANGUAGES))
def test_the_same_plan_is_the_same_to_the_byte(seed: int, lang: Language) -> None:
    plan = random_plan(seed)
    assert brief_document(plan, lang) == brief_document(replace(plan), lang)


def test_signs_that_no_document_may_hold_are_taken_out() -> None:
    plan = replace(random_plan(2), name="a\x07<b>{{ x }}&")
    assert "a�<b>{{ x }}&" in opened(brief_document(plan, "en")).paragraphs[0].text


def test_a_plan_without_tables_has_a_page_too() -> None:
    plan = frame(tiny(1), status="infeasible", shortfall_bound=5_000.0)
    document = opened(brief_document(plan, "en"))
    assert document.tables == []
    assert any("5,000 yuan" in paragraph.text for paragraph in document.paragraphs)


def pages(content: bytes, folder: Path) -> int:
    (folder / "brief.docx").write_bytes(content)
    return len(re.findall(rb"/Type\s*/Page\b", converted(folder / "brief.docx", "pdf", folder).read_bytes()))


@pytest.mark.slow
@pytest.mark.skipif(found("writer") is None, reason=NO_WRITER)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("sections", [4, 9])
def test_what_is_said_to_fit_takes_one_page(lang: Language, sections: int, tmp_path: Path) -> None:
    # As much text as is said to fit, with columns as full as they come.
    sentence = {
        "en": "With E2-1 of 新桥村 3 months late, 247 households wait, 14.33 million yuan is missing. ",
        "zh": "E2-1延期交付3个月，247户推迟入住，过渡费增加198.27万元，自2026年1月起出现资金缺口1433.32万元。",
    }[lang]
    head = ["fund", *(f"2024 Q{number}" for number in range(1, 5)), "2025", "2026", "2027–2028", "later", "total"]
    table = Table("Money", head, [["special_loan 专项借款", *["17,975.6"] * 9] for _ in range(9)], range(1, 10))
    keys = ("decided", "money", *(f"part{number}" for number in range(sections - 2)))
    size = LAYOUTS[lang].sizes[-3]

    def brief(count: int) -> Brief:
        told = (Section(key, f"Section {key}", () if key == "money" else (sentence,) * count) for key in keys)
        return Brief(lang, "Title", "", tuple(told), table)

    count = max(count for count in range(1, 60) if fits(brief(count), size))
    assert count > 1
    assert pages(written(brief(count), size), tmp_path) == 1


def test_smaller_letters_hold_more(minimal: Plan) -> None:
    brief = tell_brief(minimal, "en")
    long = replace(brief, sections=tuple(replace(each, sentences=each.sentences * 6) for each in brief.sections))
    assert fits(brief, 12)
    assert not fits(long, 12)
    assert [fits(long, size) for size in (12, 9, 7.5)] == sorted(fits(long, size) for size in (12, 9, 7.5))


def test_an_offices_own_template_is_filled_by_its_placeholders(minimal: Plan, tmp_path: Path) -> None:
    path = template(
        tmp_path, "District office, {{ title }}", "{{ decided }}", "{{ doubts }}|{{ money }}|", "{{ table.rows[0][0] }}"
    )
    brief = tell_brief(minimal, "en")
    texts = [paragraph.text for paragraph in opened(brief_document(minimal, "en", path)).paragraphs]
    (decided,) = [section for section in brief.sections if section.key == "decided"]
    assert texts == [f"District office, {brief.title}", brief.text(decided), "||", "budget"]


def looks(document: docx.document.Document) -> tuple[list[object], list[object]]:
    """Text, styles and alignment of every paragraph; text and alignment of every cell."""
    paragraphs = [
        (part.text, part.style.name, part.alignment, part.runs[0].style.name)
        for part in document.paragraphs
        if part.runs
    ]
    cells = [
        (cell.text, cell.paragraphs[0].alignment)
        for table in document.tables
        for row in table.rows
        for cell in row.cells
    ]
    return paragraphs, cells


@pytest.mark.parametrize("lang", LANGUAGES)
def test_our_own_template_can_be_taken_for_ones_own(minimal: Plan, lang: Language, tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    path.write_bytes(brief_template(lang))
    own, ours = opened(brief_document(minimal, lang, path)), opened(brief_document(minimal, lang))
    assert looks(own) == looks(ours)


def test_all_unknown_placeholders_are_told_at_once(minimal: Plan, tmp_path: Path) -> None:
    path = template(tmp_path, "{{ titel }} {{ decided }}", "{{ sum }}")
    with pytest.raises(
        TemplateFileError, match="unknown placeholders sum, titel; a brief has breaks, decided"
    ) as raised:
        brief_document(minimal, "en", path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("slip", ["{{ title", "{% for %}", "{{ table.nothing.more }}", "{{ 1 / 0 }}", "{{ title.x }}"])
def test_a_slip_in_a_template_is_told(minimal: Plan, slip: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateFileError, match="cannot be filled"):
        brief_document(minimal, "en", template(tmp_path, slip))


@pytest.mark.parametrize(
    "attack",
    ["{{ title.__class__.__mro__ }}", "{{ sections.__init__.__globals__ }}", "{{ ''.__class__.__subclasses__() }}"],
)
def test_a_template_reaches_nothing_but_the_brief(minimal: Plan, attack: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateFileError):
        brief_document(minimal, "en", template(tmp_path, attack))


def test_what_is_no_template_is_refused(minimal: Plan, tmp_path: Path) -> None:
    text, zipped = tmp_path / "a.docx", tmp_path / "b.docx"
    text.write_text("no zip")
    with zipfile.ZipFile(zipped, "w") as parts:
        parts.writestr("word/other.xml", "<a/>")
    for path in (text, zipped, tmp_path, tmp_path / "absent.docx"):
        with pytest.raises(TemplateFileError, match="no Word template"):
            brief_document(minimal, "en", path)
