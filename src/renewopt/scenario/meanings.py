"""What a key of a scenario means, said once, in both languages, where the key is declared.

A key's `Meaning` is its pydantic description, so that the JSON Schema has it too. Errors, the reference page, the
workbook's headers, notes and sheets, and the assumptions of a report all read it; `renewopt.scenario.dictionary`
joins it with the key's types.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from renewopt.wording import Language, Wording, in_place

__all__ = ["UNITS", "USUAL", "WORDS", "Kind", "Meaning"]

UNITS = {"yuan": "元", "yuan/m²": "元/㎡", "yuan a month": "元/月", "m²": "㎡", "months": "月"}
"""Units of keys, in English and Chinese."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a single value is; stands among the annotations of its type.

    Parameters
    ----------
    word
        In the reference page.
    cell
        How a cell of a workbook is read.
    unit
        Of a key that states none.
    """

    word: str
    cell: str = ""
    unit: str = ""

    @property
    def reading(self) -> str:
        """How a cell is read."""
        return self.cell or self.word


@dataclass(frozen=True, slots=True)
class _Said:
    english: str
    header: str
    chinese: str
    label: str = ""
    unit: str = ""
    refers: str = ""
    one: str = ""
    column: str = ""
    unique: bool = False
    by_name: bool = False
    usual: str = ""
    within: str = ""
    sheet: str = ""
    sheet_header: str = ""
    sheet_note: str = ""


WORDS = tuple(each.name for each in fields(_Said))[3:]
"""Names of the further words of a `Meaning`."""


class Meaning(Wording):
    """What a key means.

    Parameters
    ----------
    english, chinese
        What is to be stated.
    header
        Chinese name of the key, without unit; the key is its English name.
    label
        English name, where the key is no good one.
    unit
        One of `UNITS`; default: that of its type.
    refers
        Section whose ids are stated.
    one
        What an item of the section is called, in English; in Chinese as the section.
    column
        What a column is called that names an item of the section; default: `one`.
    unique
        Whether the key is the name of its item, which no two items of a list may share.
    by_name
        Whether an item of the section acts only where another key names it.
    usual
        What an amount of yuan is, in a sentence of its own, where one outside of the usual is warned of.
    within
        ``end``: a month after the last one planned is warned of. ``plan``: one before the start is refused, too.
    sheet
        Sheet of a workbook that holds its items, where each is a row; default: called after its section and key.
    sheet_header, sheet_note
        Chinese name of that sheet and what it holds, where the key is a column as well.
    """

    __slots__ = ("of",)
    of: _Said

    def __new__(cls, english: str, header: str, chinese: str, **more: Any) -> Meaning:
        """Take the texts as they are."""
        self = cast(Meaning, super().__new__(cls, "{text}", {"text": english}))
        self.of = _Said(english, header, chinese, **more)
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]:
        return (), asdict(self.of)

    def said(self, language: Language) -> str:
        """Say it in a language."""
        return in_place(language, self.of.chinese if language == "zh" else self.of.english, plain=True)


USUAL = {
    "id": Meaning(
        "the planner's own name for it, by which it is referred to elsewhere",
        "编号",
        "自定的编号或名称，其他表用它引用",
    ),
    "name": Meaning("shown beside the id", "名称", "与编号一同显示"),
}
"""Keys that mean the same everywhere."""
