"""One cell of a scenario's workbook: the node that it means, and the cell that a node becomes."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from renewopt.scenario import cells
from renewopt.scenario.nodes import Entry, Mapping, Mark, Node, Scalar, Sequence, plain
from renewopt.scenario.rows import text_of
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.scenario.workbook.layout import Column
from renewopt.scenario.workbook.words import NONE_WORDS, choice_word, said_choice
from renewopt.units import parse_money, parse_share
from renewopt.wording import Language, Wording, words

__all__ = ["Cell", "CellError", "NotFlatError", "month_cell", "parse_cell", "render_cell", "unknown_choice"]

Cell = str | int | float | bool | dt.date
_BOOLEANS = {"en": ("no", "yes"), "zh": ("否", "是")}
_SPOILT = re.compile(r"\d(\.\d+)?E\+\d{2,}")
_PLAIN = re.compile(r"[+-]?[\d.,\s]+([eE][+-]?\d+)?")
LONGEST = 32_000


class CellError(ValueError):
    """A cell that cannot be read, with a hint of how to mend it."""

    def __init__(self, message: Wording, mend: Wording) -> None:
        super().__init__(message)
        self.mend = mend


class NotFlatError(ValueError):
    """A value has no cell that means the same; it goes into the sheet ``more``."""


def parse_cell(text: str, column: Column, mark: Mark, lang: Language = "en") -> Node:
    """Return the node that a cell means.

    Parameters
    ----------
    text : str
        Not empty.
    column : Column
    mark : Mark
    lang : {'en', 'zh'}
        Of the sheet; the words that it suggests are of that language.

    Raises
    ------
    ValueError
        If it cannot be taken apart, or is of another kind than the only one that the column holds; of several kinds,
        it stays as it is, for the checks that follow to complain of.
    """
    if cells.spreadsheet_error(text):
        raise CellError(
            words("{text} is the error of a formula", text=text),
            words("mend the formula in the spreadsheet and save again"),
        )
    if column.pairs is not None and (not column.kinds or ":" in unicodedata.normalize("NFKC", text)):
        return _pairs(text, column, mark, lang)
    if column.several:
        if text.casefold() in NONE_WORDS:
            return Sequence(mark)
        if "all" in column.choices and said_choice(text, ("all",)):
            return Scalar(mark, "all", "all", quoted=True)
        parts = cells.parse_ids(text)
        return Sequence(mark, tuple(_single(part, column.kinds, column.choices, mark, lang) for part in parts))
    return _single(text, column.kinds, column.choices, mark, lang)


def _pairs(text: str, column: Column, mark: Mark, lang: Language) -> Mapping:
    """Take pairs apart, such as ``flat:5;villa:2``."""
    assert column.pairs is not None
    of, to = column.pairs
    entries = {}
    for key, value in cells.parse_terms(text):
        name = _single(key, (of,), column.pair_choices, mark, lang)
        if str(name.value) in entries:
            raise ValueError(words("{text!r} states one of its keys twice", text=text))
        entries[str(name.value)] = Entry(mark, _single(value, (to,), (), mark, lang))
    return Mapping(mark, entries)


def _single(text: str, kinds: tuple[str, ...], choices: tuple[str, ...], mark: Mark, lang: Language) -> Scalar:
    """Read a single value."""
    choice = said_choice(text, choices) if "choice" in kinds else None
    if choice is not None:
        return Scalar(mark, choice, choice, quoted=True)
    if kinds == ("choice",):
        raise unknown_choice(text, choices, lang)
    for kind in kinds:
        try:
            if kind in _READ:
                return Scalar(mark, _READ[kind](text), text)
        except ValueError:
            if len(kinds) == 1:
                raise
    if "id" in kinds or "text" in kinds:
        if "id" in kinds and _SPOILT.fullmatch(text):
            raise ValueError(
                words("{text!r} is a number that a spreadsheet has shortened, an id was expected", text=text)
            )
        return Scalar(mark, text, text, quoted=True)
    return Scalar(mark, unicodedata.normalize("NFKC", text).strip(), text)


def unknown_choice(text: str, choices: tuple[str, ...], lang: Language) -> CellError:
    """Return the error of a word that is none of the fixed choices, which are listed in the language of the sheet."""
    known = [choice_word(lang, choice) for choice in choices]
    mend = did_you_mean(text, known) or words("one of {names}", names=listed(known))
    return CellError(words("unknown value {word!r}", word=text), mend)


def _number(text: str) -> int | float:
    number = cells.parse_number(text)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _amount(text: str) -> int | float | str:
    """Read a number of yuan, or an amount with its unit, such as 800万元."""
    return _number_or(text, parse_money)


def _share(text: str) -> int | float | str:
    """Read a fraction or a percentage."""
    return _number_or(text, parse_share)


def _number_or(text: str, parse: Callable[[str], object]) -> int | float | str:
    try:
        return _number(text)
    except ValueError:
        plain_text = unicodedata.normalize("NFKC", text).strip()
        parse(plain_text)
        return plain_text


_READ: dict[str, Callable[[str], Any]] = {
    "number": _number,
    "count": _number,
    "months": _number,
    "money": _amount,
    "share": _share,
    "month": lambda text: str(cells.parse_cell_month(text)),
    "span": cells.parse_cell_span,
    "boolean": cells.parse_boolean,
}


def month_cell(text: str) -> Cell:
    """First day of a month, as a spreadsheet holds it; months before 1901 stay text."""
    month = cells.parse_cell_month(text)
    return str(month) if month.year < 1901 else dt.date(month.year, month.month, 1)


def render_cell(node: Node, column: Column, lang: Language) -> Cell:
    """Return the cell that means a node.

    Raises
    ------
    NotFlatError
        If there is none.
    """
    try:
        cell = _rendered(node, column, lang)
        text = text_of(cell).strip()
        if not text or len(text) > LONGEST:
            raise NotFlatError
        back = parse_cell(text, column, node.mark)
    except NotFlatError:
        raise
    except ValueError as fault:
        raise NotFlatError from fault
    if _meaning(back, column) != _meaning(node, column):
        raise NotFlatError
    return cell


def _rendered(node: Node, column: Column, lang: Language) -> Cell:
    match node:
        case Mapping() if column.pairs is not None and node.entries:
            of, to = column.pairs
            parts = []
            for key, entry in node.entries.items():
                word = choice_word(lang, key) if of == "choice" else _key(key, of)
                parts.append(f"{word}:{text_of(_rendered_single(entry.node, (to,), (), lang))}")
            return ";".join(parts)
        case Sequence() if column.several:
            if not node.items:
                return NONE_WORDS[lang == "zh"]
            return ";".join(text_of(_rendered_single(item, column.kinds, column.choices, lang)) for item in node.items)
        case Scalar() if not column.several or node.value == "all":
            return _rendered_single(node, column.kinds, column.choices, lang)
    raise NotFlatError


def _rendered_single(node: Node, kinds: tuple[str, ...], choices: tuple[str, ...], lang: Language) -> Cell:
    if not isinstance(node, Scalar) or node.value is None:
        raise NotFlatError
    value = node.value
    if "choice" in kinds and value in choices:
        return choice_word(lang, str(value))
    for kind in kinds:
        match kind:
            case "boolean" if isinstance(value, bool):
                return _BOOLEANS[lang][value]
            case "month" if isinstance(value, str):
                return month_cell(value)
            case "money" | "share" | "number" | "count" | "months" if not isinstance(value, bool):
                parse = {"money": parse_money, "share": parse_share}.get(kind, _decimal)
                number = parse(value)
                exact = Decimal(repr(float(number))) == number and float(f"{float(number):.16G}") == float(number)
                return (int(number) if number == int(number) else float(number)) if exact else str(number)
            case "id" | "text":
                return node.text
    raise NotFlatError


def _decimal(value: object) -> Decimal:
    if isinstance(value, str):
        raise NotFlatError
    return Decimal(str(value))


def _meaning(node: Node, column: Column) -> Any:
    """What a cell's node means, however it is written."""
    if column.pairs is None or not isinstance(node, Mapping):
        return _canonical(plain(node), column.kinds)
    of, to = column.pairs
    return {_key(key, of): value for key, value in _canonical(plain(node), (to,)).items()}


def _key(text: str, kind: str) -> str:
    """A key of a mapping; months and spans as a file writes them, so that two texts of one are the same."""
    return str(_READ[kind](text)) if kind in ("month", "span") else text


def _canonical(value: Any, kinds: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(item, kinds) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item, kinds) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    for kind, parse in (("money", parse_money), ("share", parse_share)):
        if kind in kinds:
            return parse(value)
    if "id" in kinds or "text" in kinds:
        return str(value)
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else value
