"""Amounts and months as planners of each language write them, in the currency of the place that is spoken of.

How a number is grouped, and when it is 万, 亿 or a million, is the locale's (CLDR, by Babel). What is decided here is
how exact an amount is where, that a half is rounded up (四舍五入), so that a text and a table say the same of it, and
that none is written so coarsely that it reads as nothing.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING, Literal

from renewopt.wording.filling import chinese_month
from renewopt.wording.places import place
from renewopt.wording.sentences import Language

if TYPE_CHECKING:
    from babel.core import Locale

__all__ = ["decimals", "in_report", "in_table", "month", "of_household", "yuan"]

LONGEST = 400
"""Digits that any amount can be written with, however absurd it is."""
MYRIAD, MILLION, HUNDRED_MILLION, BILLION = 10_000, 1_000_000, 100_000_000, 1_000_000_000


@cache
def _locale(lang: Language) -> Locale:
    """Locale data of a language, loaded when its first amount is written."""
    from babel.core import Locale

    return Locale.parse(lang)


def _grouped(lang: Language, amount: float, digits: int = 0) -> str:
    """Write all digits before the point and so many after it, and no minus before a nothing."""
    from babel.numbers import format_decimal

    form = f"#,##0{'.' if digits else ''}{'0' * digits}"
    with localcontext(prec=LONGEST):
        return format_decimal(_rounded(amount, digits), format=form, locale=_locale(lang))


def _rounded(amount: float, digits: int) -> Decimal:
    """Round to so many digits after the point, a half away from 0; fewer than none: to tens, hundreds, ...

    Examples
    --------
    >>> [str(_rounded(amount, digits)) for amount, digits in ((2.845, 2), (-1234.5, 0), (-0.3, 0))]
    ['2.85', '-1235', '0']
    >>> int(_rounded(28_450.0, -2))
    28500
    """
    with localcontext(prec=LONGEST):
        # What stands behind the point is as it is written, not as it is kept: 2.845, and not a trifle less. No -0.
        return Decimal(repr(float(amount))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def _compact(lang: Language, amount: Decimal, digits: int) -> str:
    """Write an amount in its largest unit: 123.46万, 2.01亿; 1.23 million."""
    from babel.numbers import format_compact_decimal

    form: Literal["short", "long"] = "short" if lang == "zh" else "long"
    with localcontext(prec=LONGEST):
        return format_compact_decimal(amount, format_type=form, locale=_locale(lang), fraction_digits=digits)


def yuan(lang: Language, amount: float) -> str:
    """Write an amount to be compared with others: full yuan in English; 万元 or 亿元, to at least 1万元, in Chinese.

    Examples
    --------
    >>> yuan("en", 1234567.8), yuan("zh", 1234567.8), yuan("zh", 123_456_789), yuan("zh", 3303.2)
    ('1,234,568 yuan', '123.46万元', '1.2346亿元', '3303元')
    """
    if lang == "zh" and place().currency.myriads:
        return _chinese(amount, 4)
    return _whole(lang, amount)


def _whole(lang: Language, amount: float) -> str:
    number = _grouped(lang, amount)
    return f"{number}{place().currency.chinese}" if lang == "zh" else place().currency.written(number)


def _chinese(amount: float, digits: int) -> str:
    """Write 元 below 1万, then 万元 with two digits, and 亿元 with so many."""
    # Rounded first, so that an amount goes to the next unit as soon as it is written as one.
    rounded = _rounded(amount, 0 if abs(amount) < MYRIAD else -2)
    if abs(rounded) >= HUNDRED_MILLION:
        return f"{_compact('zh', _rounded(amount, digits - 8), digits)}{place().currency.chinese}"
    return f"{_compact('zh', rounded, 2)}{place().currency.chinese}"


def decimals() -> int:
    """Digits after the point of an amount that is written in full."""
    return place().currency.digits


def of_household(lang: Language, amount: float) -> str:
    """Write an amount as a household reads it: in yuan, with fen where there are any.

    Examples
    --------
    >>> of_household("en", 1234.5), of_household("zh", 225_000.0)
    ('1,234.50 yuan', '225,000元')
    """
    written = _grouped(lang, amount, decimals()).removesuffix(".00")
    currency = place().currency
    return f"{written}{currency.chinese}" if lang == "zh" else currency.written(written)


def in_report(lang: Language, amount: float) -> str:
    """Write an amount as work summaries do: 亿元 from one 亿 on, 万元 from one 万 on; millions and billions in English.

    Examples
    --------
    >>> in_report("zh", 201_456_789.0), in_report("zh", 1_234_567.0), in_report("zh", 20.0)
    ('2.01亿元', '123.46万元', '20元')
    >>> in_report("en", 1_234_567.0), in_report("en", 4_500.0)
    ('1.23 million yuan', '4,500 yuan')
    >>> in_report("en", 1_168_345_678.0)
    '1.168 billion yuan'
    """
    currency = place().currency
    if lang == "zh" and currency.myriads:
        return _chinese(amount, 2)
    if lang == "en" and abs(amount) >= MILLION:
        digits, unit = (2, 6) if abs(amount) < BILLION else (3, 9)
        return currency.written(_compact("en", _rounded(amount, digits - unit), digits))
    return _whole(lang, amount)


def in_table(lang: Language, amount: float) -> str:
    """Write an amount below a head that says its unit: 万元 in Chinese, yuan in English."""
    if lang == "zh" and place().currency.myriads:
        return _grouped("zh", amount / MYRIAD, 2)
    return _grouped(lang, amount)


def month(lang: Language, text: str) -> str:
    """Write a month ``YYYY-MM``.

    Examples
    --------
    >>> month("zh", "2024-06")
    '2024年6月'
    """
    return chinese_month(text) if lang == "zh" else text
