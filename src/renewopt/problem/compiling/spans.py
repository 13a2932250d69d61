"""Limits that hold in every month, or another one in each span of months."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from renewopt.units import Month, Span, to_fen

__all__ = ["EVER", "fen_by_month", "spans"]

Stated = TypeVar("Stated", int, Decimal)

EVER = Span(None, None)
"""All months."""


def spans(limit: Stated | dict[Span, Stated] | None) -> list[tuple[Span, Stated]]:
    """List a limit with the months in which it holds; nothing where none is stated."""
    if limit is None:
        return []
    return list(limit.items()) if isinstance(limit, dict) else [(EVER, limit)]


def fen_by_month(limit: Decimal | dict[Span, Decimal] | None, start: Month, months: int) -> list[int]:
    """Fen of a limit in each month; −1 where there is none."""
    result = [-1] * months
    for span, amount in spans(limit):
        here = span.within(start, months)
        result[here] = [to_fen(amount)] * (here.stop - here.start)
    return result
