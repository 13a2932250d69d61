"""The difference of two plans as a workbook: every table, and both totals taken apart to the fen."""

import io

import pytest
from python_calamine import CalamineWorkbook
from tests.conftest import full_count

import renewopt
from renewopt.results.difference.record import COLUMNS
from renewopt.results.difference.workbook import difference_workbook
from renewopt.vocabulary import Goal
from renewopt.wording import LANGUAGES, Language
from renewopt.wording.phrases import say

from .test_difference import pair


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("seed", range(full_count(12, 300)))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_totals_are_taken_apart_and_every_table_is_there(seed: int, lang: Language) -> None:
    difference = renewopt.diff(*pair(seed))
    found = sheets(difference_workbook(difference, lang))
    rows = found[say(lang, "diff.sheet.totals")]
    changes = [row[1] for row in rows if row[0] == say(lang, "diff.sheet.change")]
    fees, cost = (difference.change(total) for total in (Goal.FEES, Goal.FISCAL))
    assert changes == [fees, fees, cost]
    assert [row[1] for row in rows if row[0] == say(lang, "book.tie.sum")] == [fees, fees, cost]
    assert [row[1] for row in rows if row[0] == say(lang, "book.tie.difference")] == [0, 0, 0]
    for name, kinds in COLUMNS.items():
        frame = getattr(difference, name)
        sheet = found.get(say(lang, f"diff.sheet.{name}"))
        assert (sheet is None) == frame.empty
        if sheet is not None:
            titles = [str(title).lower() for title in sheet[0]]
            assert len(set(titles)) == len(titles) >= len(kinds)
            assert len(sheet) - 1 in (len(frame), len(frame) + 1)


def test_plans_that_are_alike_have_nothing_to_tell() -> None:
    plan, _ = pair(0)
    found = sheets(difference_workbook(renewopt.diff(plan, plan)))
    assert list(found) == ["totals"]
