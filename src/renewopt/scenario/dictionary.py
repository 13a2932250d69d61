"""The dictionary of a scenario: every key of a section with its types, its default and its meaning.

It is read from the sections themselves, where a key is declared; nothing about a key is written anywhere else. The
reference page, the workbook, the report's assumptions, references and errors go through it.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from renewopt.scenario.meanings import UNITS, USUAL, Kind, Meaning
from renewopt.wording import Language, Wording, in_currency

__all__ = ["Key", "Path", "Shape", "keys", "reach", "values"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the types that a value may have; exactly one of its attributes is set.

    Attributes
    ----------
    kind
        A single value.
    choices
        One of these words.
    model
        A section.
    items
        A list of values of these types.
    pairs
        Keys and values of a mapping by names of the planner's, or by month.
    """

    kind: Kind | None = None
    choices: tuple[str, ...] = ()
    model: type[BaseModel] | None = None
    items: tuple[Shape, ...] = ()
    pairs: tuple[Shape, Shape] | None = None

    @property
    def single(self) -> bool:
        """Whether it is a single value."""
        return self.kind is not None or bool(self.choices)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a section.

    Attributes
    ----------
    name
        As written in a file.
    attribute
        As named in Python.
    shapes
        Types that its value may have.
    meaning
        Empty where it has none of its own.
    required
    default
        None where there is none, or where it is made anew each time.
    """

    name: str
    attribute: str
    shapes: tuple[Shape, ...]
    meaning: Meaning
    required: bool
    default: Any

    @property
    def listed(self) -> type[BaseModel] | None:
        """Section of the items, if its value may be a list of them."""
        return next((item.model for shape in self.shapes for item in shape.items if item.model), None)

    @property
    def nested(self) -> type[BaseModel] | None:
        """Section that its value may be."""
        return next((shape.model for shape in self.shapes if shape.model), None)

    @property
    def unit(self) -> str:
        """Unit of its numbers, in English; empty where they have none."""
        usual = (shape.kind.unit for shape in self.shapes if shape.kind is not None)
        return self.meaning.of.unit or next(filter(None, usual), "")

    def header(self, lang: Language, *, unit: bool = True) -> str:
        """Name it, with its unit unless the name says it."""
        return in_currency(lang, self.header_in_yuan(lang, unit=unit))

    def header_in_yuan(self, lang: Language, *, unit: bool = True) -> str:
        """Name it as `header` does, whatever the place."""
        if lang == "en":
            word = self.meaning.of.label or self.name.replace("_", " ")
            return (
                f"{word} ({self.unit})"
                if unit and self.unit and not ("month" in self.unit and "month" in word)
                else word
            )
        word, sign = self.meaning.of.header, UNITS.get(self.unit, "")
        return f"{word}（{sign}）" if unit and sign and not (sign == "月" and sign in word) else word

    @property
    def by_month(self) -> bool:
        """Whether its value has months for keys."""
        return self._keyed_by("month")

    @property
    def by_span(self) -> bool:
        """Whether its value may have spans of months for keys."""
        return self._keyed_by("span")

    def _keyed_by(self, kind: str) -> bool:
        of = [shape.pairs[0].kind for shape in self.shapes if shape.pairs]
        return any(each is not None and each.reading == kind for each in of)

    def one(self, column: bool = False) -> Wording:
        """What an item of this section is called; or the column that names it."""
        said = self.meaning.of
        return Meaning((column and said.column) or said.one, "", said.header)


@cache
def keys(model: type[BaseModel]) -> Mapping[str, Key]:
    """Return the keys of a section by name, in its order."""
    found = {}
    for attribute, field in model.model_fields.items():
        name = field.alias or attribute
        said = field.description or USUAL.get(name) or ""
        meaning = said if isinstance(said, Meaning) else Meaning(said, "", said)
        shapes = tuple(_shapes(field.annotation, tuple(field.metadata)))
        found[name] = Key(name, attribute, shapes, meaning, field.is_required(), _default(field))
    return types.MappingProxyType(found)


def reach(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Key]]:
    """Yield every key at and below a section, with its path; ``*`` stands for the items of a list."""
    for name, key in keys(model).items():
        yield (*path, name), key
        for shape in key.shapes:
            if shape.model is not None:
                yield from reach(shape.model, (*path, name))
            for item in shape.items:
                if item.model is not None:
                    yield from reach(item.model, (*path, name, "*"))


def values(section: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Key, BaseModel, Any]]:
    """Yield every value at and below a section that is stated, with its place, its key and the section it stands in."""
    for name, key in keys(type(section)).items():
        value = getattr(section, key.attribute)
        if value is None:
            continue
        yield (*path, name), key, section, value
        if isinstance(value, BaseModel):
            yield from values(value, (*path, name))
        for number, item in enumerate(value if key.listed is not None and isinstance(value, list) else ()):
            yield from values(item, (*path, name, number))


def _default(field: FieldInfo) -> Any:
    return None if field.is_required() or field.default_factory is not None else field.default


def _shapes(annotation: Any, metadata: tuple[Any, ...] = ()) -> Iterator[Shape]:
    """Take a type apart: a union into its members, each with the notes that stand beside it."""
    origin = get_origin(annotation)
    kind = next((note for note in metadata if isinstance(note, Kind)), None)
    if origin is Annotated:
        inner, *notes = get_args(annotation)
        yield from _shapes(inner, (*metadata, *notes))
    elif origin in {Union, types.UnionType}:
        for member in get_args(annotation):
            yield from _shapes(member, metadata)
    elif kind is not None:
        yield Shape(kind=kind)
    elif origin is Literal:
        yield Shape(choices=get_args(annotation))
    elif origin is list:
        yield Shape(items=tuple(_shapes(get_args(annotation)[0])))
    elif origin is dict:
        of, to = (next(_shapes(part)) for part in get_args(annotation))
        yield Shape(pairs=(of, to))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield Shape(model=annotation)
    elif annotation is not type(None):
        yield Shape(kind=Kind("text" if annotation is str else getattr(annotation, "__name__", "any")))
