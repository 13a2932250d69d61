"""Sheets and columns follow from the models, and all of them have words in both languages."""

import re

from renewopt.scenario.models import Scenario
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.workbook.layout import DEEP, GUIDE, MORE, layout, named_sheet
from renewopt.scenario.workbook.words import CHOICES, choice_word, said_choice

CHINESE = re.compile("[一-鿿]")


def test_every_section_has_a_sheet_or_is_told_to_be_deep() -> None:
    homes = {sheet.path[0] for sheet in layout().values() if sheet.path}
    singles = {column.key[0] for column in layout()["settings"].columns}
    assert homes | singles | set(DEEP) == set(Scenario.model_fields)


def test_every_sheet_and_column_has_words_in_both_languages() -> None:
    for name in (*layout(), GUIDE, MORE):
        sheet = named_sheet(name)
        assert CHINESE.search(sheet.title)
        assert CHINESE.search(sheet.words.said("zh"))
        assert sheet.words.said("en")
        for column in (*sheet.columns, *([sheet.parent] if sheet.parent else [])):
            assert CHINESE.search(column.said("zh")), (name, column.key)
            assert CHINESE.search(column.meaning.said("zh")), (name, column.key)
            assert column.said("en"), (name, column.key)
            assert column.meaning.said("en"), (name, column.key)


def test_headers_of_a_sheet_are_unlike_each_other() -> None:
    for name, sheet in layout().items():
        for lang in ("en", "zh"):
            words = [column.said(lang) for column in sheet.columns]
            words += [sheet.parent.said(lang)] if sheet.parent else []
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
    for name in (*layout(), GUIDE, MORE):
        for title in (name, named_sheet(name).title):
            assert len(title) <= 31
            assert not re.search(r"[\[\]:*?/\\']", title)
    titles = [named_sheet(name).title for name in (*layout(), GUIDE, MORE)]
    assert len(set(titles)) == len(titles)


def test_tables_have_their_own_columns() -> None:
    for name, specs in TABLES.items():
        assert [column.key[0] for column in layout()[name].columns] == list(specs)
        assert all(spec.description for spec in specs.values())
