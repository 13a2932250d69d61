"""A rule of a scenario that can be left out or loosened: what conflicts are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.spans import EVER, spans
from renewopt.scenario import Scenario
from renewopt.scenario.fields import Section
from renewopt.units import Month, Span
from renewopt.wording import Wording, words

__all__ = [
    "LEAVE_OUT",
    "Edit",
    "Item",
    "Rows",
    "StatedRule",
    "Way",
    "added",
    "in_groups",
    "in_months",
    "money",
    "one",
    "stepped",
]

Rows = NDArray[np.int64]
ONE_BY_ONE = 12
"""Rows of a table up to which each is a rule of its own; more are one rule for those that are alike."""

Edit = Callable[[Scenario], Scenario]
LEAVE_OUT = words("leave it out")


class Stepped(Protocol):
    """The scenario with a rule loosened by a level."""

    def __call__(self, scenario: Scenario, /, level: int) -> Scenario: ...


class Arriving(Protocol):
    """The same, where what is added arrives so many months after the start only."""

    def __call__(self, scenario: Scenario, /, level: int, month: int) -> Scenario: ...


@dataclass(frozen=True, eq=False)
class Way:
    """One way to loosen a rule.

    Attributes
    ----------
    most
        Levels, 1 the least change.
    at
        The scenario with the rule loosened by a level; more of it never forbids what less of it allows.
    said
        What to do, for a level.
    in_yuan
        A level is a yuan.
    arriving, said_by
        The same where it only comes after so many months, and what to do then; None where it has no date.
    """

    most: int
    at: Stepped = field(repr=False)
    said: Callable[[int], Wording] = field(repr=False)
    in_yuan: bool = False
    arriving: Arriving | None = field(default=None, repr=False)
    said_by: Callable[[int, Month], Wording] | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class StatedRule:
    """One rule, or one scarce thing (money of a fund, homes of a type), as the planner states it.

    Attributes
    ----------
    key
        Where it stands in the scenario, such as ``objective.reserve_months``.
    text
        What it says.
    without
        The scenario without it.
    ways
        To loosen it, the likeliest first.
    dropped
        What to do where none of them is enough.
    projects
        Of a rule about rows of households: theirs. Empty: it may be about anybody.
    """

    key: str
    text: Wording
    without: Edit = field(repr=False)
    ways: tuple[Way, ...] = ()
    dropped: Wording = LEAVE_OUT
    projects: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Item:
    """Place of an item: in a list of the scenario, or in a list inside such an item; or a span of its limits."""

    section: str
    place: int
    inner: str = ""
    number: int = 0
    span: Span | None = None

    def get(self, scenario: Scenario) -> Any:
        """Return the item as it stands now."""
        outer = getattr(scenario, self.section)[self.place]
        return getattr(outer, self.inner)[self.number] if self.inner else outer

    def put(self, scenario: Scenario, **values: Any) -> Scenario:
        """Return the scenario with other values in the item; of a limit by span, in its span alone (None: none)."""
        if self.span is not None:
            stated = self.get(scenario)
            values = {key: _respanned(getattr(stated, key), self.span, value) for key, value in values.items()}
        outer = getattr(scenario, self.section)
        if self.inner:
            inner = _replaced(getattr(outer[self.place], self.inner), self.number, values)
            values = {self.inner: inner}
        return scenario.model_copy(update={self.section: _replaced(outer, self.place, values)})

    def without(self, key: str, empty: object = None) -> Edit:
        """Leave a key of the item empty."""
        return lambda scenario: self.put(scenario, **{key: empty})

    def by_span(self, limit: Any, key: str, text: Callable[[Any], Wording]) -> Iterator[tuple[Item, str, Any, Wording]]:
        """Yield (item, key, limit, what it says) of a limit, or of that of each span."""
        for span, amount in spans(limit):
            if span == EVER:
                yield self, key, amount, text(amount)
            else:
                said = words("{rule}, in {span}", rule=text(amount), span=str(span))
                yield replace(self, span=span), f"{key}.{span}", amount, said


def _respanned(limits: dict[Span, Any], span: Span, value: Any) -> dict[Span, Any]:
    others = {each: limit for each, limit in limits.items() if each != span}
    return others if value is None else {**others, span: value}


def _replaced(items: Iterable[Section], place: int, values: dict[str, Any]) -> list[Section]:
    result = list(items)
    result[place] = result[place].model_copy(update=values)
    return result


def stepped(
    item: Item,
    key: str,
    most: int,
    value: Callable[[int], Any],
    said: Callable[[Any], Wording],
    *,
    in_yuan: bool = False,
) -> Way:
    """Return the way of stating another value of a key: `value` for a level, told by `said`."""
    return Way(
        max(most, 0),
        lambda scenario, level: item.put(scenario, **{key: value(level)}),
        lambda level: said(value(level)),
        in_yuan=in_yuan,
    )


def one(said: Wording, edit: Edit) -> Way:
    """Return a way of a single level."""
    return Way(1, lambda scenario, level: edit(scenario) if level else scenario, lambda _: said)


def added(
    item: Item, key: str, stated: Iterable[str], more: Iterable[str], said: Callable[[str], Wording]
) -> list[Way]:
    """Return the ways of naming one more in a list, for each that is not named yet."""
    listed = list(stated)

    def way(name: str) -> Way:
        return one(said(name), lambda scenario: item.put(scenario, **{key: [*listed, name]}))

    return [way(name) for name in more if name not in listed]


def in_groups(rows: Rows, alike: list[str]) -> Iterator[Rows]:
    """Rows one by one where they are few, else those together that are alike."""
    if rows.size <= ONE_BY_ONE:
        yield from rows.reshape(-1, 1)
        return
    by = np.array(alike, dtype=object)[rows]
    yield from (rows[by == value] for value in dict.fromkeys(by.tolist()))


def money(yuan: Any) -> Wording:
    """Write an amount of yuan."""
    return words("{yuan:,.12g} yuan", yuan=float(yuan))


def in_months(number: Any) -> Wording:
    """Write a number of months."""
    return words("one month") if number == 1 else words("{number} months", number=number)
