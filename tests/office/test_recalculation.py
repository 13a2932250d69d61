"""plan.xlsx reckoned anew by LibreOffice: every formula comes to what the ledger has, and no total is left open."""

import math
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from tests.office.libreoffice import MISSING, converted, found, without_results
from tests.results.made import random_plan

from renewopt import Plan, diff, load, plan
from renewopt.results.difference.workbook import difference_workbook
from renewopt.results.tying import ties
from renewopt.results.workbook import write_workbook
from renewopt.results.workbook_words import SHEETS
from renewopt.wording import LANGUAGES, Language
from renewopt.wording.phrases import say

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(found() is None, reason=MISSING),
    pytest.mark.xdist_group("office"),
]
Cells = dict[str, list[list[object]]]


def cells_of(path: Path) -> Cells:
    with CalamineWorkbook.from_path(str(path)) as book:
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def numbers(cells: Cells) -> Iterator[tuple[str, int, int, float]]:
    for name, rows in cells.items():
        for row, line in enumerate(rows):
            for column, cell in enumerate(line):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    yield name, row, column, float(cell)


def differences(before: Cells, after: Cells) -> list[tuple[str, int, int, object, object]]:
    """Numbers of one workbook that the other has not, or otherwise."""
    found = []
    for name, row, column, value in numbers(before):
        lines = after[name]
        cell = lines[row][column] if row < len(lines) and column < len(lines[row]) else None
        if not isinstance(cell, int | float) or not math.isclose(value, cell, rel_tol=1e-12, abs_tol=1e-6):
            found.append((name, row + 1, column + 1, value, cell))
    return found


def made(seed: int) -> Plan:
    if seed >= 0:
        return random_plan(seed)
    return plan(load(Path(__file__).parents[2] / "scenarios" / "minimal.yaml"))


@pytest.mark.parametrize(("seed", "lang"), [(-1, "en"), (-1, "zh"), (0, "zh"), (5, "en"), (12, "zh"), (26, "en")])
def test_every_formula_comes_to_what_the_ledger_has(tmp_path: Path, seed: int, lang: Language) -> None:
    written = made(seed)
    path = write_workbook(written, tmp_path / "plan.xlsx", lang)
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    count = sum(len(re.findall("<f>", sheet)) for sheet in sheets)
    assert without_results(path, tmp_path / "bare.xlsx") == count > 60
    told = cells_of(path)
    reckoned = cells_of(converted(tmp_path / "bare.xlsx", "xlsx", tmp_path / "out"))
    assert differences(told, reckoned) == []
    rows = reckoned[SHEETS["ties"][LANGUAGES.index(lang)]]
    assert rows[1][1] == 0
    open_ones = [row for row in rows if row[0] == say(lang, "book.tie.difference")]
    assert len(open_ones) == len(ties(written)) > 5
    assert all([cell for cell in row[1:] if cell != ""] == [0] for row in open_ones)


@pytest.mark.parametrize(("seed", "lang"), [(1, "en"), (4, "zh")])
def test_a_difference_comes_to_what_the_plans_have(tmp_path: Path, seed: int, lang: Language) -> None:
    difference = diff(random_plan(seed), random_plan(seed + 30))
    path = tmp_path / "difference.xlsx"
    path.write_bytes(difference_workbook(difference, lang))
    assert without_results(path, tmp_path / "bare.xlsx") > 10
    told = cells_of(path)
    reckoned = cells_of(converted(tmp_path / "bare.xlsx", "xlsx", tmp_path / "out"))
    assert differences(told, reckoned) == []
    rows = reckoned[say(lang, "diff.sheet.totals")]
    assert [row[1] for row in rows if row[0] == say(lang, "book.tie.difference")] == [0, 0, 0]


def test_what_was_changed_is_seen(tmp_path: Path) -> None:
    """An amount that is changed by hand leaves a difference: the formulas do reckon with the tables."""
    written = random_plan(5)
    path = write_workbook(written, tmp_path / "plan.xlsx")
    changed = tmp_path / "changed.xlsx"
    sheet = next(iter(SHEETS["fees"]))
    first = next(value for value in written.fees["ordinary"] if value)
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(changed, "w") as copy:
        names = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
        number = names.index(sheet) + 1
        for name in parts.namelist():
            content = parts.read(name)
            if name == f"xl/worksheets/sheet{number}.xml":
                content = content.replace(f"<v>{first!r}</v>".encode(), f"<v>{first + 100!r}</v>".encode(), 1)
            copy.writestr(name, content)
    rows = cells_of(converted(changed, "xlsx", tmp_path / "out"))["reconciliation"]
    assert rows[1][1] == 2.0
