"""Amounts and months as planners of each language write them, in the currency of the place that is spoken of.

Locale data of a library (CLDR) writes no 万元 below 10,000 yuan and turns to 亿 by itself; offices do neither.
"""

from renewopt.wording.places import place
from renewopt.wording.sentences import Language

__all__ = ["decimals", "in_report", "in_table", "month", "of_household", "yuan"]


def yuan(lang: Language, amount: float) -> str:
    """Write an amount as a director reads it: full yuan in English, 万元 in Chinese.

    Examples
    --------
    >>> yuan("en", 1234567.8), yuan("zh", 1234567.8)
    ('1,234,568 yuan', '123.46万元')
    """
    if lang == "zh" and place().currency.myriads:
        return _chinese(amount / 1e4, 2, "万")
    return _chinese(amount, 0) if lang == "zh" else place().currency.written(f"{amount:,.0f}")


def _chinese(amount: float, digits: int, grouped: str = "") -> str:
    return f"{amount:,.{digits}f}{grouped}{place().currency.chinese}"


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
    written = f"{amount:,.{decimals()}f}".removesuffix(".00")
    currency = place().currency
    return f"{written}{currency.chinese}" if lang == "zh" else currency.written(written)


def in_report(lang: Language, amount: float) -> str:
    """Write an amount as work summaries do: 亿元 from one 亿 on, else 万元; millions in English.

    Examples
    --------
    >>> in_report("zh", 123_456_789.0), in_report("zh", 1_234_567.0)
    ('1.23亿元', '123.46万元')
    >>> in_report("en", 1_234_567.0), in_report("en", 4_500.0)
    ('1.23 million yuan', '4,500 yuan')
    """
    currency = place().currency
    if lang == "zh" and currency.myriads and abs(amount) >= 1e8:
        return _chinese(amount / 1e8, 2, "亿")
    return (
        currency.written(f"{amount / 1e6:,.2f} million") if lang == "en" and abs(amount) >= 1e6 else yuan(lang, amount)
    )


def in_table(lang: Language, amount: float) -> str:
    """Write an amount below a head that says its unit: 万元 in Chinese, yuan in English."""
    return f"{amount / 1e4:,.2f}" if lang == "zh" and place().currency.myriads else f"{amount:,.0f}"


def month(lang: Language, text: str) -> str:
    """Write a month ``YYYY-MM``.

    Examples
    --------
    >>> month("zh", "2024-06")
    '2024年6月'
    """
    return f"{text[:4]}年{int(text[5:])}月" if lang == "zh" else text
