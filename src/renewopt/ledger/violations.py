"""Violations: what an audit found, apart from the words in which it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from renewopt.ledger.messages import ENGLISH, TITLES
from renewopt.units import STOCK_SCALE, format_yuan

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
        Key of the message in `renewopt.ledger.messages`.
    where
        Names and values of the place, such as ``(("fund", "tax"), ("month", "2024-06"))``.
    expected, found
        In `unit`: whole fen, hundredths of a stock's measure, households; a month as ``YYYY-MM``; or text.
    unit
        What `expected` and `found` are counted in.
    kind
        ``broken_rule``: the decisions are wrong. ``finding``: something about the district (a shortfall, a missed
        deadline, a missed offset target).

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

    @property
    def place(self) -> dict[str, str]:
        """`where` as a mapping."""
        return dict(self.where)

    def message(self, templates: Mapping[str, str] = ENGLISH) -> str:
        """Say what was found and expected, in the words of `templates`."""
        values = self.place | {
            "expected": _in_unit(self.expected, self.unit),
            "found": _in_unit(self.found, self.unit),
        }
        return templates[self.code].format_map(values)

    def __str__(self) -> str:
        return f"{TITLES[self.kind]} ({self.rule}): {self.message()}"


def _in_unit(value: int | str, unit: Unit) -> str:
    """Write a value without its unit's name, which is part of the message."""
    if isinstance(value, str) or unit in {"households", "month", "text"}:
        return str(value)
    if unit == "fen":
        return format_yuan(value)
    whole, rest = divmod(abs(value), STOCK_SCALE)
    return f"{'-' if value < 0 else ''}{whole}" + (f".{rest:02d}" if rest else "")
