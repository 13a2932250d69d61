"""The glossary decides: one term for one thing, in every Chinese sentence and on every Chinese page."""

import re
from pathlib import Path

import pytest

import renewopt
from renewopt.results.workbook_words import HEADERS, SHEETS
from renewopt.scenario.dictionary import reach
from renewopt.scenario.models import Scenario
from renewopt.scenario.table_specs import TABLES
from renewopt.vocabulary import OBJECTIVES, ROUTES, TERMS, USES
from renewopt.wording.chinese import CHINESE
from renewopt.wording.phrases import PHRASES

DOCS = Path(__file__).parent.parent / "docs"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (DOCS / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| English", "| ---"))
]
TERMS_SETTLED = {term: row[0] for row in ROWS for term in row[1].split("、")}
NOT_USED = {synonym: row[1] for row in ROWS for synonym in row[2].split("、") if synonym}


def chinese_texts() -> dict[str, str]:
    """Every Chinese text of errors, helps and all that is told of plans, of the Chinese page and of the starter."""
    found = {f"sentence: {english}": chinese for english, chinese in CHINESE.items()}
    found |= {f"phrase: {key}": chinese for key, (_, chinese) in PHRASES.items()}
    found |= {f"header: {table} {column}": chinese for (table, column), chinese in HEADERS.items()}
    found |= {f"sheet: {table}": chinese for table, (_, chinese) in SHEETS.items()}
    for path, key in reach(Scenario):
        for said in (key.meaning.of.header, key.meaning.of.chinese, key.meaning.of.sheet_note):
            found[f"key: {'.'.join(path)}: {said}"] = said
    for table, columns in TABLES.items():
        found |= {f"column: {table} {name}": column.chinese for name, column in columns.items()}
    starter = Path(renewopt.__file__).parent / "cli" / "starter" / "district.zh.yaml"
    for page in (DOCS / "zh.md", *sorted((DOCS / "zh").glob("*.md")), starter):
        for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
            found[f"{page.name}:{number}"] = line
    return found


TEXTS = chinese_texts()

WRITTEN_BY_PLANNERS = {"存量贷款", "预留月数"}
"""Sheets and headers by which a scenario's workbook is read: those that planners have must stay readable."""


def test_the_glossary_is_read() -> None:
    assert len(ROWS) > 60
    assert all(len(row) == 5 for row in ROWS)
    assert len(TEXTS) > 1_000


@pytest.mark.parametrize("synonym", NOT_USED)
def test_one_thing_is_called_by_one_term(synonym: str) -> None:
    wrong = {place: text for place, text in TEXTS.items() if synonym in text and text not in WRITTEN_BY_PLANNERS}
    assert wrong == {}, f"the glossary says {NOT_USED[synonym]}"


def test_no_term_is_refused_elsewhere() -> None:
    assert {(synonym, term) for synonym in NOT_USED for term in TERMS_SETTLED if synonym in term} == set()


@pytest.mark.parametrize(("kind", "words"), [("route", ROUTES), ("use", USES), ("objective", OBJECTIVES)])
def test_words_of_the_vocabularies_are_terms_of_the_glossary(kind: str, words: tuple[str, ...]) -> None:
    assert {word for word in words if TERMS[kind][word].chinese not in TERMS_SETTLED} == set()


def test_every_term_has_both_languages() -> None:
    assert all(row[0].isascii() and re.search("[一-鿿]", row[1]) for row in ROWS)
