"""The assumptions of a plan as a reader meets them: what the scenario states, section by section, in words.

Keys, units and kinds of values are those of the scenario's dictionary; what is as a key's default is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from renewopt.results.stated import TABLES_STATED, Stated
from renewopt.scenario.dictionary import Key, Shape, keys
from renewopt.scenario.models import Estate, Instalment, OverdueStep, Scenario
from renewopt.scenario.workbook.words import choice_word
from renewopt.wording import Language, Wording, in_place, words

__all__ = ["ITEMS_SHOWN", "Section", "sections"]

ITEMS_SHOWN = 40
"""Items of a section before the rest is only counted; all of them are in plan.json."""
COLUMNS_SHOWN = 6
"""Keys that have a column of their own."""
LONGEST_IN_COLUMN = 36
"""Letters of a value that stands in a column."""
MONTHS_SHOWN = 8
"""Amounts by month that are listed before they are put together."""
LISTS = {"en": ("; ", ", "), "zh": ("；", "，")}
"""Between the items of a list, and between the keys of an item."""


@dataclass(frozen=True)
class Section:
    """A section of the scenario.

    Attributes
    ----------
    title
        In words.
    items
        (label, what is stated of it, key by key).
    more
        Items that are not shown.
    """

    title: str
    items: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    more: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Keys that make a table of the items: short ones that at least half of them state; none for a single item."""
        if len(self.items) < 2:
            return ()
        stated = Counter(key for _, pairs in self.items for key, _ in pairs)
        long = {key for _, pairs in self.items for key, value in pairs if len(value) > LONGEST_IN_COLUMN}
        often = [key for key, count in stated.items() if 2 * count >= len(self.items) and key not in long]
        return tuple(often[:COLUMNS_SHOWN])

    def rows(self) -> list[tuple[str, list[str], list[tuple[str, str]]]]:
        """Of each item its label, what it states in `columns` ("" where as usual), and what it states besides."""
        columns = self.columns
        return [
            (
                label,
                [dict(pairs).get(key, "") for key in columns],
                [(key, value) for key, value in pairs if key not in columns],
            )
            for label, pairs in self.items
        ]


def sections(stated: Stated, lang: Language, model: type[BaseModel] = Scenario) -> list[Section]:
    """Tell all that is stated and not as usual; in the order of the scenario.

    Parameters
    ----------
    stated
        From `renewopt.results.stated.state`.
    lang
    model
        Whose sections they are.
    """
    say = _Telling(lang)
    found = []
    top = {**keys(model), "phases": keys(Estate)["phases"]}
    for name, items in stated.items():
        if name == TABLES_STATED:
            found.append(Section(words("Tables").said(lang), tuple(say.tables(items, top)), 0))
            continue
        key = top.get(name)
        of = None if key is None else key.listed or key.nested
        told = [(_label(label, item), tuple(say.keys(item, of))) for label, item in items.items()]
        told = [(label, pairs) for label, pairs in told if label or pairs]
        if told:
            title = name if key is None else in_place(lang, key.header(lang, unit=False), plain=True)
            shown = tuple(told[:ITEMS_SHOWN])
            found.append(Section(title[:1].upper() + title[1:], shown, len(told) - len(shown)))
    return found


def _label(identifier: str, item: Mapping[str, Any]) -> str:
    name = str(item.get("name", ""))
    return f"{identifier} {name}" if name and name != identifier else identifier


@dataclass(frozen=True)
class _Telling:
    """Says keys and values in a language."""

    lang: Language

    def tables(self, tables: Mapping[str, Mapping[str, Any]], top: Mapping[str, Key]) -> Iterator[Any]:
        """Count what the tables hold."""
        for name, counts in tables.items():
            label = in_place(self.lang, top[name].header(self.lang), plain=True) if name in top else name
            rows, count = words("rows").said(self.lang), words("households").said(self.lang)
            said = [(word, f"{counts[of]:,}") for of, word in (("rows", rows), ("count", count)) if of in counts]
            yield label, tuple(said)

    def keys(self, item: Mapping[str, Any], model: type[BaseModel] | None) -> Iterator[tuple[str, str]]:
        """Say the keys of an item that are not as usual."""
        known = {} if model is None else keys(model)
        for name, value in item.items():
            key = known.get(name)
            if name == "estate" and key is None:
                yield keys(Scenario)["estates"].one().said(self.lang), str(value)
            elif key is None:
                yield name, str(value)
            elif name != "name" and not _usual(value, key, model):
                yield in_place(self.lang, key.header(self.lang), plain=True), self.value(value, key.shapes)

    def value(self, value: Any, shapes: tuple[Shape, ...]) -> str:
        """Say a value that is of one of some types."""
        outer, inner = LISTS[self.lang]
        if isinstance(value, list):
            items = next((shape.items for shape in shapes if shape.items), ())
            return outer.join(self.value(part, items) for part in value)
        if isinstance(value, Mapping):
            model = next((shape.model for shape in shapes if shape.model), None)
            if model in STEPS:
                return STEPS[model](value).said(self.lang)
            if model is not None:
                return inner.join(f"{header} {said}" for header, said in self.keys(value, model))
            return self.pairs(value, next(shape.pairs for shape in shapes if shape.pairs))
        if any(value in shape.choices for shape in shapes):
            return in_place(self.lang, choice_word(self.lang, value).replace("_", " "), plain=True)
        if isinstance(value, bool):
            return words("yes").said(self.lang) if value else words("no").said(self.lang)
        kinds = {shape.kind.word for shape in shapes if shape.kind}
        number = None if kinds & {"id", "text", "month"} else _number(value)
        if number is None:
            return str(value)
        return _share(number) if kinds & {"share", "rate"} else _digits(number)

    def pairs(self, value: Mapping[str, Any], shapes: tuple[Shape, Shape]) -> str:
        """Say the pairs of a mapping; many months are put together."""
        of, to = shapes
        if of.kind is not None and of.kind.word == "month" and len(value) > MONTHS_SHOWN:
            total = sum((Decimal(str(amount)) for amount in value.values()), Decimal(0))
            return words(
                "{count} {count:month|months}, {first} to {last}, {total:,.2f} in all",
                count=len(value),
                first=min(value),
                last=max(value),
                total=total,
            ).said(self.lang)
        return LISTS[self.lang][1].join(
            f"{self.value(key, (of,))}: {self.value(part, (to,))}" for key, part in value.items()
        )


def _usual(value: Any, key: Key, model: type[BaseModel] | None) -> bool:
    """Whether a value is what the key means without being stated."""
    if value in (None, "", [], {}):
        return True
    if key.required or model is None:
        return False
    usual = to_jsonable_python(model.model_fields[key.attribute].get_default(call_default_factory=True), by_alias=True)
    number = _number(value)
    return bool(value == usual or (number is not None and number == _number(usual)))


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _digits(number: Decimal) -> str:
    """Write a number with all its digits and no more."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _share(number: Decimal) -> str:
    return f"{_digits(number * 100)} %"


def _overdue(step: Mapping[str, Any]) -> Wording:
    multiplier = _digits(Decimal(step["multiplier"]))
    return words("×{multiplier} from overdue month {month}", multiplier=multiplier, month=int(step["after"]) + 1)


def _instalment(part: Mapping[str, Any]) -> Wording:
    share, months = _share(Decimal(part["share"])), int(part["after"])
    return (
        words("{share} after {months} {months:month|months}", share=share, months=months)
        if months
        else words("{share} at once", share=share)
    )


STEPS: Mapping[Any, Callable[[Mapping[str, Any]], Wording]] = {OverdueStep: _overdue, Instalment: _instalment}
"""Sections that are said in a phrase."""
