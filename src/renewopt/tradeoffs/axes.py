"""The values that are tried, as a file has them: ``400万元..1200万元`` in some points, or ``2024-06,2024-12``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from renewopt.scenario.changing import Setting
from renewopt.units import Month
from renewopt.wording import worded, words

__all__ = ["MONTH", "MOST_POINTS", "Axis", "Index", "axes_of", "grid"]

MOST_POINTS = 1_000
MONTH = "month"
TO = ".."
PLACES = 6
"""Digits after the point of a value between two ends."""
_AMOUNT = re.compile(r"([^0-9+\-.]*)([+-]?(?:[0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|[+-]?\.[0-9]+)([^0-9]*)")
"""What stands before a number, the number, its unit."""


@dataclass(frozen=True)
class Axis:
    """One address and the values that are tried there.

    Attributes
    ----------
    address
        As of `renewopt.scenario.changing.Setting`.
    values
        As they are written.
    numbers
        The same as numbers where all are numbers of one unit; months since the year 0 where all are months; else None.
    unit
        Of the numbers; ``month``; else "".
    """

    address: str
    values: tuple[str, ...]
    numbers: tuple[float, ...] | None
    unit: str = ""

    @property
    def name(self) -> str:
        """The address, with the unit of its numbers."""
        return self.address if self.unit in ("", MONTH) else f"{self.address} ({self.unit})"


def axes_of(stated: Iterable[str], points: int) -> list[Axis]:
    """Read what is to be set.

    Parameters
    ----------
    stated
        ``ADDRESS=VALUES`` each.
    points
        Values of each range, its ends among them.

    Raises
    ------
    ValueError
        With all that is wrong, a line each.
    """
    axes: list[Axis] = []
    wrong = []
    for each in stated:
        address, sign, text = each.partition("=")
        try:
            if not sign or not address.strip() or not text.strip():
                raise ValueError(
                    words("expected ADDRESS=VALUES, such as funds.revenue.inflow.monthly=400万元..1200万元")
                )
            if address.strip() in {axis.address for axis in axes}:
                raise ValueError(words("stated twice"))
            axes.append(_axis(address.strip(), text.strip(), points))
        except ValueError as error:
            wrong.append(words("--set {text}: {fault}", text=each, fault=worded(error)))
    if not axes and not wrong:
        wrong.append(words("nothing is to be set: --set ADDRESS=VALUES"))
    count = 1
    for axis in axes:
        count *= len(axis.values)
    if not wrong and count > MOST_POINTS:
        wrong.append(words("{count:,} {count:point|points}; at most {most:,} are tried", count=count, most=MOST_POINTS))
    if wrong:
        lines = wrong[0]
        for one in wrong[1:]:
            lines = words("{one}\n{other}", one=lines, other=one)
        raise ValueError(lines)
    return axes


def _axis(address: str, text: str, points: int) -> Axis:
    if TO in text:
        first, _, last = (part.strip() for part in text.partition(TO))
        if "," in text and not all(_AMOUNT.fullmatch(end) for end in (first, last)):
            raise ValueError(words("write a range (A..B) or a list (A,B,C), not both"))
        return _range(address, first, last, points)
    values = tuple(value.strip() for value in text.split(","))
    if not all(values):
        raise ValueError(words("a value between two commas is missing"))
    if len(set(values)) < len(values):
        raise ValueError(words("a value is stated twice"))
    return Axis(address, values, *_as_numbers(values))


def _as_numbers(values: Sequence[str]) -> tuple[tuple[float, ...] | None, str]:
    """Numbers of one unit, or months, and which; None where they are neither."""
    months = [_month(value) for value in values]
    if all(month is not None for month in months):
        return tuple(float(month.ordinal) for month in months if month is not None), MONTH
    parts = [_AMOUNT.fullmatch(value) for value in values]
    found = [part for part in parts if part is not None]
    if len(found) == len(values) and len({(part[1], part[3]) for part in found}) == 1:
        return tuple(float(_number(part[2])) for part in found), (found[0][1] + found[0][3]).strip()
    return None, ""


def _range(address: str, first: str, last: str, points: int) -> Axis:
    if points < 2:
        raise ValueError(words("a range has two points at least: --points 2"))
    months = _month(first), _month(last)
    if months[0] is not None and months[1] is not None:
        low, high = months[0].ordinal, months[1].ordinal
        ordinals = dict.fromkeys(round(low + (high - low) * k / (points - 1)) for k in range(points))
        values = tuple(str(Month(ordinal)) for ordinal in ordinals)
    else:
        ends = _AMOUNT.fullmatch(first), _AMOUNT.fullmatch(last)
        if ends[0] is None or ends[1] is None or (ends[0][1], ends[0][3]) != (ends[1][1], ends[1][3]):
            raise ValueError(
                words("the ends of a range are two months, or two numbers with the same unit: 400万元..1200万元")
            )
        before, unit = ends[0][1], ends[0][3]
        low_number, high_number = _number(ends[0][2]), _number(ends[1][2])
        steps = (low_number + (high_number - low_number) * k / (points - 1) for k in range(points))
        values = tuple(dict.fromkeys(f"{before}{_written(step)}{unit}" for step in steps))
    if len(values) < 2:
        raise ValueError(words("both ends of the range are the same"))
    return Axis(address, values, *_as_numbers(values))


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("_", ""))


def _written(number: Decimal) -> str:
    rounded = round(number, PLACES)
    return f"{rounded.normalize():f}" if rounded else "0"


Index = tuple[int, ...]
"""Which value of each axis."""


def grid(axes: Sequence[Axis]) -> dict[Index, tuple[tuple[Setting, ...], Index | None]]:
    """All points: what is set in each, and the neighbour that it begins with, which stands before it.

    The point in the middle begins with none. Every other one is a step further from it along one axis than the one that
    it begins with, so that no way is longer than it has to be, and several can be done at a time.
    """
    middle = tuple((len(axis.values) - 1) // 2 for axis in axes)
    places = product(*(range(len(axis.values)) for axis in axes))
    ordered = sorted(places, key=lambda place: sum(abs(n - m) for n, m in zip(place, middle, strict=True)))
    found: dict[Index, tuple[tuple[Setting, ...], Index | None]] = {}
    for place in ordered:
        settings = tuple(Setting(axis.address, axis.values[n]) for axis, n in zip(axes, place, strict=True))
        found[place] = settings, _nearer(place, middle)
    return found


def _nearer(place: Index, middle: Index) -> Index | None:
    for k in reversed(range(len(place))):
        step = (place[k] < middle[k]) - (place[k] > middle[k])
        if step:
            return (*place[:k], place[k] + step, *place[k + 1 :])
    return None
