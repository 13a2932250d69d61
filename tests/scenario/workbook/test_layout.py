"""Sheets and columns follow from the models, and all of them have Chinese words."""

import re

from renewopt.scenario.models import Scenario
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.workbook.layout import DEEP, MORE, layout
from renewopt.scenario.workbook.words import (
    CHOICES,
    NOTES,
    PARENTS,
    SHEETS,
    choice_word,
    header,
    meaning,
    note,
    parent_header,
    said_choice,
)

CHINESE = re.compile("[一-鿿]")


def test_every_section_has_a_sheet_or_is_told_to_be_deep() -> None:
    homes = {sheet.path[0] for sheet in layout().values() if sheet.path}
    singles = {column.key[0] for column in layout()["settings"].columns}
    assert homes | singles | set(DEEP) == set(Scenario.model_fields)


def test_every_sheet_and_column_has_words_in_both_languages() -> None:
    for name, sheet in layout().items():
        assert CHINESE.search(SHEETS[name][0])
        assert CHINESE.search(SHEETS[name][1])
        assert sheet.words
        for column in sheet.columns:
            assert CHINESE.search(header("zh", column)), (name, column.key)
            assert CHINESE.search(note("zh", column)), (name, column.key)
            assert note("en", column), (name, column.key)
            assert meaning(column).said("zh") == note("zh", column)
    assert set(SHEETS) == {*layout(), MORE, "guide"}
    assert {sheet.parent for sheet in layout().values()} == {*PARENTS, ""}


def test_no_word_is_left_over() -> None:
    used = {(column.model, column.key[-1]) for sheet in layout().values() for column in sheet.columns}
    used |= {("Programme", key) for model, key in used if model in {"Voucher", "Cash"}}
    used |= {("", "id"), ("", "name")}
    assert set(NOTES) - used == set()


def test_headers_of_a_sheet_are_unlike_each_other() -> None:
    for name, sheet in layout().items():
        for lang in ("en", "zh"):
            words = [header(lang, column) for column in sheet.columns]
            words += [parent_header(lang, sheet)] if sheet.parent else []
            assert len(set(words)) == len(words), (name, words)


def test_choices_of_a_column_are_told_apart_and_fit_a_drop_down() -> None:
    for sheet in layout().values():
        for column in sheet.columns:
            for lang in ("en", "zh"):
                words = [choice_word(lang, choice) for choice in column.choices]
                assert [said_choice(word, column.choices) for word in words] == list(column.choices)
                assert len(",".join(words)) <= 255
            assert all(choice in CHOICES for choice in column.choices)


def test_titles_are_titles_of_sheets() -> None:
    for name in SHEETS:
        for title in (name, SHEETS[name][0]):
            assert len(title) <= 31
            assert not re.search(r"[\[\]:*?/\\']", title)


def test_tables_have_their_own_columns() -> None:
    for name, specs in TABLES.items():
        assert [column.key[0] for column in layout()[name].columns] == list(specs)
        assert all(spec.description for spec in specs.values())
