"""Units of the planner: calendar months, money, shares; and exact rounding.

Money is **yuan** in everything a planner reads or writes and whole **fen** (分, 1/100 yuan) in the tables and the
ledger. Shares and multipliers are parts per million (ppm) there, fees at multiplier 1 are micro-yuan, and stock
is counted in hundredths of its measure (a home, a m², a person), so that every account is exact in whole numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from renewopt.wording import words

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
_MONEY = re.compile(r"([+-]?[0-9][0-9,_]*(?:\.[0-9]+)?|[+-]?\.[0-9]+)\s*(亿元|万元|元|亿|万|yuan|wan)?", re.IGNORECASE)
_MONEY_UNITS = {
    None: 1,
    "元": 1,
    "yuan": 1,
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


def _plausible(text: str) -> None:
    """Refuse an amount of more digits than any has; reckoning with them takes time with their square."""
    if len(text) > MAX_DIGITS:
        raise ValueError(words("a number of {count} digits is not plausible", count=len(text)))


def parse_money(value: object) -> Decimal:
    """Read an amount of money in yuan: a number of yuan, or text such as ``800万元`` or ``5亿元``.

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
        return number
    text = str(value).strip()
    _plausible(text)
    match = _MONEY.fullmatch(text)
    if match is None:
        raise ValueError(
            words("{text!r} is not an amount of money; expected yuan, or text such as 800万元 or 5亿元", text=text)
        )
    unit = match[2].lower() if match[2] else None
    return Decimal(re.sub("[,_]", "", match[1])) * _MONEY_UNITS[unit]


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


def fraction(value: float) -> Fraction:
    """Read a float as the decimal that it prints as: 0.03 is three hundredths, not its nearest binary neighbour."""
    return Fraction(repr(float(value)))


def format_yuan(fen: int) -> str:
    """Fen as yuan with two decimals, for tables (``-12.05``)."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
