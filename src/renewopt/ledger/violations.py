"""Violations: what an audit found, apart from the words in which it is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from renewopt.units import STOCK_SCALE, format_yuan
from renewopt.wording import Language, Place
from renewopt.wording import place as here
from renewopt.wording.phrases import say

Kind = Literal["broken_rule", "finding"]
Unit = Literal["fen", "hundredths", "households", "month", "text"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where decisions break a rule, or where the district falls short.

    Attributes
    ----------
    rule
        Block of the accounts: ``household``, ``stock``, ``fund`` …
    code
        Key of its phrase in `renewopt.wording.phrases.findings`.
    where
        Names and values of the place, such as ``(("fund", "tax"), ("month", "2024-06"))``.
    expected, found
        In `unit`: whole fen, hundredths of a stock's measure, households; a month as ``YYYY-MM``; or text.
    unit
        What `expected` and `found` are counted in.
    kind
        ``broken_rule``: the decisions are wrong. ``finding``: something about the district (a shortfall, a missed
        deadline, a missed offset target).
    spoken_of
        The place whose currency and words the message uses.

    Examples
    --------
    >>> print(Violation("fund", "fund.balance", (("fund", "tax"), ("month", "2024-06")), 0, -1))
    broken rule (fund): fund tax closes 2024-06 with -0.01 yuan; expected at least 0.00 yuan
    """

    rule: str
    code: str
    where: tuple[tuple[str, str], ...]
    expected: int | str
    found: int | str
    unit: Unit = "fen"
    kind: Kind = "broken_rule"
    spoken_of: Place = field(default_factory=here, compare=False, repr=False)

    @property
    def place(self) -> dict[str, str]:
        """`where` as a mapping."""
        return dict(self.where)

    def message(self, language: Language = "en") -> str:
        """Say what was found and expected."""
        with self.spoken_of.spoken():
            expected, found = (_in_unit(value, self.unit) for value in (self.expected, self.found))
            return say(language, self.code, **self.place, expected=expected, found=found)

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} ({self.rule}): {self.message()}"


def _in_unit(value: int | str, unit: Unit) -> str:
    """Write a value without its unit's name, which is part of the message."""
    if isinstance(value, str) or unit in {"households", "month", "text"}:
        return str(value)
    if unit == "fen":
        return format_yuan(value)
    whole, rest = divmod(abs(value), STOCK_SCALE)
    return f"{'-' if value < 0 else ''}{whole}" + (f".{rest:02d}" if rest else "")
