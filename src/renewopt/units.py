"""Units of the planner: calendar months, money, shares; and exact rounding.

Money is **yuan** (or the main unit of the place's currency) in everything a planner reads or writes and whole **fen**
(分, 1/100) in the tables and the ledger. Shares and multipliers are parts per million (ppm) there, fees at multiplier 1
are micro-yuan, and stock is counted in hundredths of its measure (a home, a m², a person), so that every account is
exact in whole numbers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from renewopt.wording import YUAN, Currency, place, words

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
"""Fen in 1 万元 (10,000 yuan), the unit inside the solver."""
YUAN_PER_WAN = 10_000
PPM = 1_000_000
MICRO_YUAN_PER_FEN = 10_000
STOCK_SCALE = 100
"""Stock is held in hundredths of a home, of a m² or of a person."""

MAX_DIGITS = 300
"""Signs of a number."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:[,_ ][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|[+-]?\.[0-9]+"
MONEY = (
    r"(?:¥|￥|人民币|RMB|CNY)?\s*"
    rf"({_NUMBER})\s*"
    r"(亿元|万元|千元|百元|元|圆|亿|万|yuan|wan)?整?"
)
"""How an amount is written; commas stand where they group."""
_MONEY = re.compile(MONEY, re.IGNORECASE)
_CHINESE_MONEY = re.compile("(?:人民币)?([零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億]+)[元圆]整?")
_MONEY_UNITS = {
    None: 1,
    "元": 1,
    "圆": 1,
    "yuan": 1,
    "百元": 100,
    "千元": 1_000,
    "万": 10_000,
    "万元": 10_000,
    "wan": 10_000,
    "亿": 100_000_000,
    "亿元": 100_000_000,
}
_SHARE = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*[%％]")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; ``Month.parse("2024-06") + 3 == Month.parse("2024-09")``.

    Parameters
    ----------
    ordinal
        Months since January of year 0.
    """

    ordinal: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM``; anything else raises `ValueError` with the expected form."""
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            raise ValueError(words("{text!r} is not a month; expected YYYY-MM, such as 2024-06", text=text))
        year, month = int(match[1]), int(match[2])
        if not 1 <= month <= 12:
            raise ValueError(
                words("{text!r} has no month {month:02d}; months run from 01 to 12", text=text, month=month)
            )
        if not 1900 <= year <= 2400:
            raise ValueError(words("{text!r}: the year must lie between 1900 and 2400", text=text))
        return cls(year * 12 + month - 1)

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.ordinal // 12

    @property
    def month(self) -> int:
        """Month of the year, 1 to 12."""
        return self.ordinal % 12 + 1

    def __add__(self, months: int) -> Month:
        return Month(self.ordinal + months)

    def __sub__(self, other: Month) -> int:
        """Months from `other` to this one."""
        return self.ordinal - other.ordinal

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A month, or a span of months that may be open at either end: ``2024-03``, ``2024-01..2024-06``, ``2024-07..``.

    Parameters
    ----------
    first, last
        First and last month; None: without a beginning, or without an end.
    """

    first: Month | None
    last: Month | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it as `str` writes it, so that no two texts mean the same span."""
        begin, dots, end = text.partition("..")
        if not (begin or end):
            raise ValueError(
                words("{text!r} is no span of months; expected 2024-03, 2024-01..2024-06 or 2024-07..", text=text)
            )
        first, last = (Month.parse(each) if each else None for each in (begin, end if dots else begin))
        if first is not None and last is not None and last < first:
            raise ValueError(words("{text!r} ends before it begins; exchange the two months", text=text))
        span = cls(first, last)
        if str(span) != text:
            raise ValueError(words("{text!r} was expected as {span}", text=text, span=str(span)))
        return span

    def overlaps(self, other: Span) -> bool:
        """Whether some month lies in both."""
        return not any(
            a.last is not None and b.first is not None and a.last < b.first for a, b in ((self, other), (other, self))
        )

    def within(self, start: Month, months: int) -> slice:
        """Which of so many months from a start lie in it."""
        first = 0 if self.first is None else self.first - start
        end = months if self.last is None else self.last - start + 1
        return slice(min(max(first, 0), months), min(max(end, 0), months))

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        return f"{self.first or ''}..{self.last or ''}"


def _plausible(text: str) -> None:
    """Refuse an amount of more digits than any has; reckoning with them takes time with their square."""
    if len(text) > MAX_DIGITS:
        raise ValueError(words("a number of {count} {count:digit|digits} is not plausible", count=len(text)))


def parse_money(value: object) -> Decimal:
    """Read an amount of money in yuan: a number of yuan, or text such as ``800万元`` or ``5亿元``.

    Of a place with another currency, a number of its main unit, or text such as ``£1,200`` or ``1200 GBP``.

    Raises
    ------
    ValueError
        If the value is a boolean, not finite or not an amount.
    """
    if isinstance(value, bool) or value is None:
        raise ValueError(
            words("{value!r} is not an amount of money; expected yuan, or text such as 800万元", value=value)
        )
    if isinstance(value, Decimal | int | float):
        try:
            number = Decimal(str(value))
        except InvalidOperation:  # pragma: no cover - str() of a number always parses
            raise ValueError(words("{value!r} is not an amount of money", value=value)) from None
        if not number.is_finite():
            raise ValueError(words("{value!r} is not a finite amount of money", value=value))
        return _in_digits(number, value)
    text = str(value).strip()
    _plausible(text)
    if place().currency != YUAN:
        return _in_digits(_foreign_money(text, place().currency), text)
    match, chinese = _MONEY.fullmatch(text), _CHINESE_MONEY.fullmatch(text)
    if chinese is not None:
        return Decimal(chinese_number(chinese[1]))
    if match is None:
        raise ValueError(
            words("{text!r} is not an amount of money; expected yuan, or text such as 800万元 or 5亿元", text=text)
        )
    unit = match[2].lower() if match[2] else None
    return Decimal(re.sub("[,_ ]", "", match[1])) * _MONEY_UNITS[unit]


def _in_digits(number: Decimal, stated: object) -> Decimal:
    """Refuse a part of a unit where the currency has none."""
    if not place().currency.digits and number != number.to_integral_value():
        raise ValueError(words("{stated} has a part of a yuan; whole amounts were expected", stated=str(stated)))
    return number


def _foreign_money(text: str, currency: Currency) -> Decimal:
    """Read an amount in another currency than yuan: with its sign, code or name, before or after the number."""
    match = _money_in(currency).fullmatch(unicodedata.normalize("NFKC", text))
    if match is not None and not (match["before"] and match["after"]):
        grouped = {"万": 10_000, "亿": 100_000_000}.get(match["grouped"] or "", 1)
        return Decimal(re.sub("[,_ ]", "", match["number"])) * grouped
    if _MONEY.fullmatch(text) or _CHINESE_MONEY.fullmatch(text):
        raise ValueError(words("{text!r} is in renminbi; expected yuan, or text such as 800万元 or 5亿元", text=text))
    raise ValueError(
        words("{text!r} is not an amount of money; expected yuan, or text such as 800万元 or 5亿元", text=text)
    )


@cache
def _money_in(currency: Currency) -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in sorted(units_of(currency), key=len, reverse=True))
    grouped = "(?P<grouped>[万亿])?" if currency.myriads else "(?P<grouped>(?!))?"
    return re.compile(rf"(?P<before>{units})?\s*(?P<number>{_NUMBER})\s*{grouped}\s*(?P<after>{units})?", re.IGNORECASE)


def units_of(currency: Currency) -> list[str]:
    """What the main unit of a currency is called."""
    said = (currency.name, currency.one, currency.chinese, currency.symbol, currency.code)
    return list(dict.fromkeys(unicodedata.normalize("NFKC", word) for word in said if word))


_DIGITS = {
    sign: number for signs in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖") for number, sign in enumerate(signs)
}
_DIGITS["两"] = 2
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}


def chinese_number(text: str) -> int:
    """Read a whole number in Chinese numerals.

    Raises
    ------
    ValueError
        If its signs are none in an order that a number has.

    Examples
    --------
    >>> chinese_number("四十万"), chinese_number("壹佰贰拾叁"), chinese_number("一亿零五百")
    (400000, 123, 100000500)
    """
    total, section, digit, below, zero = 0, 0, -1, 10_000, False
    for sign in text:
        if sign in _DIGITS:
            if digit > 0:
                raise ValueError(words("{text!r} is no number", text=text))
            digit, zero = _DIGITS[sign], zero or not _DIGITS[sign]
        elif sign in _TENS:
            if digit == 0 or _TENS[sign] >= below or (digit < 0 and (section or _TENS[sign] > 10)):
                raise ValueError(words("{text!r} is no number", text=text))
            below = _TENS[sign]
            section, digit, zero = section + max(digit, 1) * below, -1, False
        else:
            section += max(digit, 0)
            if not section and not total:
                raise ValueError(words("{text!r} is no number", text=text))
            scale = _MYRIADS[sign]
            total = (total + section) * scale if scale > 10_000 else total + section * scale
            section, digit, below, zero = 0, -1, 10_000, False
    if digit > 0 and not zero and below > 10 and (total or section):
        # 一万二 is 12,000 in talk and 10,002 in books.
        raise ValueError(words("{text!r} may be two numbers; write it in digits", text=text))
    return total + section + max(digit, 0)


def parse_share(value: object) -> Decimal:
    """Read a share: ``0.2`` or ``20%``.

    Raises
    ------
    ValueError
        If the value is neither, or not finite.
    """
    if isinstance(value, bool) or value is None:
        raise ValueError(
            words("{value!r} is not a share; expected a fraction such as 0.2 or a percentage such as 20%", value=value)
        )
    if isinstance(value, str):
        _plausible(value)
        match = _SHARE.fullmatch(value.strip())
        if match is not None:
            return Decimal(match[1]) / 100
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(
            words("{value!r} is not a share; expected a fraction such as 0.2 or a percentage such as 20%", value=value)
        ) from None
    if not number.is_finite():
        raise ValueError(words("{value!r} is not a finite share", value=value))
    return number


def scaled(value: Decimal | float, scale: int) -> int:
    """`value` × `scale`, rounded half-up (away from zero) to a whole number."""
    return int((Decimal(str(value)) * scale).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_fen(yuan: Decimal | float) -> int:
    """Yuan to whole fen, half-up."""
    return scaled(yuan, FEN_PER_YUAN)


def quotient_half_up(numerator: Any, denominator: Any) -> Any:
    """Whole number nearest to a quotient, the upper one at ½; exact for ints of any size.

    The denominator is positive.
    """
    return (2 * numerator + denominator) // (2 * denominator)


def divide_half_up(numerator: NDArray[np.int64], divisor: int) -> NDArray[np.int64]:
    """`quotient_half_up` of each number, in 64 bits."""
    result: NDArray[np.int64] = quotient_half_up(np.asarray(numerator, dtype=np.int64), divisor)
    return result


@lru_cache(maxsize=1024)
def fraction(value: float) -> Fraction:
    """Read a float as the decimal that it prints as: 0.03 is three hundredths, not its nearest binary neighbour."""
    return Fraction(repr(float(value)))


def format_yuan(fen: int) -> str:
    """Fen as yuan with two decimals, for tables (``-12.05``); whole where the currency has no smaller unit."""
    if not place().currency.digits:
        return str(quotient_half_up(fen, FEN_PER_YUAN))
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
