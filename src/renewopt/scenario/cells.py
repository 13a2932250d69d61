"""What the text of one cell means: numbers, months, money, shares, booleans.

Each parser takes a text that is not empty and returns a value, or raises `ValueError` with a message that says what
was expected. Sheets are typed by people, so full-width digits, thousands separators and units are understood.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable

from renewopt.units import Month, Span, chinese_number, parse_money, parse_share
from renewopt.wording import YUAN, all_seen, place, words

__all__ = [
    "harmless",
    "parse_boolean",
    "parse_cell_day",
    "parse_cell_money",
    "parse_cell_month",
    "parse_cell_share",
    "parse_cell_span",
    "parse_dated_terms",
    "parse_identity",
    "parse_ids",
    "parse_number",
    "parse_terms",
    "parse_text",
    "parse_whole",
    "refuse_months_twice",
    "spreadsheet_error",
]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_UNIT = re.compile(r"\s*(㎡|m²|m2|平方米|平米|平|个月|月|人|户|套|元)$", re.IGNORECASE)
_MONTH = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*月)?(?:(?<=月)\s*(\d{1,2})\s*日|\s*[-/.]\s*(\d{1,2})\s*日?)?|(\d{2})(\d{2})?)"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_TO = re.compile(r"(.*?)(\.\.|~|至|到|$)(.*)")
_JANUARY_OR_OCTOBER = re.compile(r"\d{4}\.1")
_DAY_NUMBER = re.compile(r"[2-6]\d{4}(\.0*)?")
_SHORT_YEAR = re.compile(r"(\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?")
_ENGLISH_MONTH = re.compile(r"([A-Za-z]{3})[a-z]*[-. ]*(\d{2}|\d{4})")
_CHINESE_MONTH = re.compile("([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月.*")
_ENGLISH = "janfebmaraprmayjunjulaugsepoctnovdec"
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d{2,}")
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")
_SEPARATORS = re.compile("[;；、，,|]")
_TRUE = frozenset({"true", "yes", "1", "是", "有", "y", "√"})
_FALSE = frozenset({"false", "no", "0", "否", "无", "n", "×"})


def spreadsheet_error(text: str) -> bool:
    """Whether a cell holds the error of a formula, such as ``#REF!``."""
    return text.startswith("#") and text.upper() in _ERRORS


def harmless(texts: list[str]) -> bool:
    """Whether no text of many can be a formula's error, a spoilt number or hold an invisible character."""
    joined = "".join(texts)
    return joined.isprintable() and all_seen(joined) and "#" not in joined and "E+" not in joined


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def parse_number(text: str) -> float:
    """Read a finite number; thousands separators and a unit such as ㎡ are understood."""
    plain = _bare(text) if text[-1] not in "0123456789" else text
    if not _NUMBER.fullmatch(plain):
        plain = _bare(_narrow(text))
        if _THOUSANDS.fullmatch(plain):
            plain = plain.replace(",", "")
        if not _NUMBER.fullmatch(plain):
            raise ValueError(words("{text!r} is not a number", text=text))
    number = float(plain)
    if not math.isfinite(number):
        raise ValueError(words("{text!r} is not a finite number", text=text))
    return number


def _bare(text: str) -> str:
    """Take away a unit; 元 only where amounts are yuan."""
    return text if text.endswith("元") and place().currency != YUAN else _UNIT.sub("", text)


def parse_whole(text: str) -> int:
    """Read a whole number."""
    number = parse_number(text)
    if not number.is_integer():
        raise ValueError(words("{text!r} is not a whole number", text=text))
    if abs(number) > 1e12:
        raise ValueError(words("{text!r} is not a plausible count", text=text))
    return int(number)


def parse_cell_month(text: str) -> Month:
    """Read a month as registers have it: 2024-06, 2024/6, 2024.6, 2024年6月, 202406; a day or a time is passed over.

    Raises
    ------
    ValueError
        If it is none, or may be two: 2024.1 is January, or an October whose last digit a spreadsheet has dropped.
    """
    return _read_date(text)[0]


def parse_cell_day(text: str) -> int | None:
    """Read the day of a date as registers have it, such as 2024-06-15; None where only a month is stated, or none."""
    try:
        return _read_date(text)[1]
    except ValueError:
        return None


def _read_date(text: str) -> tuple[Month, int | None]:
    plain = _narrow(text)
    if _JANUARY_OR_OCTOBER.fullmatch(plain):
        year = plain[:4]
        raise ValueError(
            words(
                "{text!r} may be January or October; write {one} or {other}",
                text=text,
                one=f"{year}-01",
                other=f"{year}-10",
            )
        )
    match = _MONTH.fullmatch(plain)
    day = match and (match[3] or match[4] or match[6])
    if match is None or (day and not 1 <= int(day) <= 31):
        meant = _meant(plain)
        if meant:
            raise ValueError(words("{text!r} is not a month; if {month} is meant, write that", text=text, month=meant))
        raise ValueError(words("{text!r} is not a month; YYYY-MM such as 2024-06 was expected", text=text))
    return Month.parse(f"{match[1]}-{int(match[2] or match[5]):02d}"), int(day) if day else None


def parse_cell_span(text: str, *, strict: bool = False) -> str:
    """Read a month or a span of months, as a file writes it: 2024-01..2024-06; also 2024年1月至2024年6月, 2024-07~.

    Strictly, a span of one month is to be written as that month.
    """
    first, sign, last = (part.strip() for part in _TO.match(_narrow(text)).groups())  # type: ignore[union-attr]
    begin, end = (str(parse_cell_month(part)) if part else "" for part in (first, last))
    return str(Span.parse(begin if (begin == end and not strict) or not sign else f"{begin}..{end}"))


def refuse_months_twice(keys: Iterable[object]) -> None:
    """Refuse keys that are written differently and mean the same month or span; keys that mean none are passed over.

    Raises
    ------
    ValueError
    """
    said: dict[str, str] = {}
    for key in map(str, keys):
        try:
            means = parse_cell_span(key)
        except ValueError:  # is told at the key
            continue
        if means in said:
            raise ValueError(
                words("{one!r} and {other!r} both mean {month}; state it once", one=said[means], other=key, month=means)
            )
        said[means] = key


def _meant(plain: str) -> str:
    """Guess the month of a text that is not read as one; empty where there is no telling."""
    if _DAY_NUMBER.fullmatch(plain):
        # Spreadsheets count days from 1899-12-30.
        return f"{dt.date(1899, 12, 30) + dt.timedelta(days=int(float(plain))):%Y-%m}"
    if chinese := _CHINESE_MONTH.fullmatch(plain):
        year = "".join(str("零一二三四五六七八九".index(sign.replace("〇", "零"))) for sign in chinese[1])
        return f"{year}-{chinese_number(chinese[2]):02d}"
    if short := _SHORT_YEAR.fullmatch(plain):
        return f"20{short[1]}-{int(short[2]):02d}" if 1 <= int(short[2]) <= 12 else ""
    if english := _ENGLISH_MONTH.fullmatch(plain):
        place = _ENGLISH.find(english[1].lower())
        year = english[2] if len(english[2]) == 4 else f"20{english[2]}"
        return f"{year}-{place // 3 + 1:02d}" if place >= 0 and place % 3 == 0 else ""
    return ""


def parse_cell_money(text: str) -> float:
    """Read an amount in yuan, or with its unit: 800万元."""
    return float(parse_money(_narrow(text)))


def parse_cell_share(text: str) -> float:
    """Read a share: 0.2 or 20%."""
    return float(parse_share(_narrow(text)))


def parse_boolean(text: str) -> bool:
    """Read true or false, yes or no, 是 or 否."""
    word = _narrow(text).casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(words("{text!r} is neither true nor false (是 / 否)", text=text))


def parse_identity(text: str) -> str:
    """Read an id: any text, unless a spreadsheet has spoiled it."""
    if _SCIENTIFIC.fullmatch(text):
        raise ValueError(words("{text!r} is a number that a spreadsheet has shortened, an id was expected", text=text))
    if not (text.isprintable() and all_seen(text)):
        raise ValueError(words("{text!r} holds a line end or an invisible character", text=text))
    return text


def parse_ids(text: str) -> tuple[str, ...]:
    """Read several ids from one cell, separated by ``;`` (or ``；``, ``、``, ``，``, ``,``, ``|``), without repeats."""
    return tuple(dict.fromkeys(_seen(word) for word in map(str.strip, _SEPARATORS.split(text)) if word))


def parse_text(text: str) -> str:
    """Read a text of one line."""
    return _seen(text)


def _seen(text: str) -> str:
    if not all_seen(text):
        raise ValueError(words("{text!r} holds a line end or an invisible character", text=text))
    return text


def parse_terms(text: str) -> tuple[tuple[str, str], ...]:
    """Read pairs from one cell, such as ``0:30%;6:70%``.

    Raises
    ------
    ValueError
        If a part is no pair, or two parts have the same key.
    """
    pairs = []
    for word in map(str.strip, re.split("[;；]", text)):
        if not word:
            continue
        key, colon, value = word.replace("：", ":").rpartition(":")
        if not (colon and key.strip() and value.strip()):
            raise ValueError(words("{word!r} is not a pair; `key:value` such as 0:30% was expected", word=word))
        pairs.append((_seen(key.strip()), _seen(value.strip())))
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError(words("{text!r} states one of its keys twice", text=text))
    return tuple(pairs)


def parse_dated_terms(text: str) -> tuple[tuple[str, str], ...]:
    """Read pairs whose keys are months, such as ``2024-06:100;2024年7月:90``; months are returned as 2024-06.

    Raises
    ------
    ValueError
        If a part is no pair, a key no month, or two keys mean the same month.
    """
    terms = parse_terms(text)
    dated = tuple((str(parse_cell_month(key)), value) for key, value in terms)
    refuse_months_twice(key for key, _ in terms)
    return dated
