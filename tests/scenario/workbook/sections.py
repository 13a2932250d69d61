"""Random sections of a scenario, drawn from the models themselves: every key, in every form that it may have."""

from __future__ import annotations

import types
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from renewopt.scenario import models
from renewopt.scenario.models import Distribution, Scenario
from renewopt.units import Month, Span, parse_money, parse_share
from renewopt.vocabulary import PLACE_TERMS

texts = st.text(st.sampled_from("abZ19甲房- ._[]\"';:；：,、#&*!%={}"), min_size=1, max_size=6)
names = texts.filter(str.strip) | st.sampled_from(
    ["P1", "河东", "001", "12", "1e5", "all", "none", "无", "全部", "true", "null", "#N/A", "=1+1", "2024-06", "-", "~",
     "!remove", "http://a.b", " a", "1.5E+12", "own_unit", "调安", "_x0041_"]
)  # fmt: skip
months = st.builds(lambda year, month: f"{year}-{month:02d}", st.integers(1900, 2400), st.integers(1, 12))
money = st.integers(0, 10**12) | st.sampled_from(
    ["800万元", "5亿元", "1,200元", 0.01, 1234567.89, "0.1万元", 1e12 + 0.5]
)
shares = st.sampled_from([0, 1, 0.25, "20%", "12.5%", "100%", 1 / 3, 0.1])
numbers = st.integers(0, 1000) | st.floats(0, 1e6, allow_nan=False) | st.sampled_from([0.1 + 0.2, 1e-7, 1 / 3])
distributions = st.sampled_from(
    [
        {"distribution": "fixed", "value": 3},
        {"distribution": "triangular", "low": 0, "mode": 2, "high": 12},
        {"distribution": "discrete", "values": [0, 3, 6], "weights": [6, 3, 1]},
    ]
)
parameters = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)


def limits(metadata: tuple[Any, ...]) -> tuple[float, float]:
    """Least and largest value that annotations allow."""
    low, high = 0.0, 12.0
    for note in metadata:
        for inner in (note, *getattr(note, "metadata", ())):
            low = max(low, float(getattr(inner, "ge", None) or 0), float(getattr(inner, "gt", None) or 0))
            high = min(high, float(getattr(inner, "le", None) or high))
    return low, high


def _above(metadata: tuple[Any, ...]) -> bool:
    """Whether the least value itself is not allowed."""
    notes = [inner for note in metadata for inner in (note, *getattr(note, "metadata", ()))]
    return any(getattr(note, "gt", None) is not None for note in notes)


def of_type(annotation: Any, metadata: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *notes = get_args(annotation)
        return of_type(inner, (*metadata, *notes))
    if origin in {Union, types.UnionType}:
        return st.one_of([of_type(member, metadata) for member in get_args(annotation) if member is not type(None)])
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    if origin is list:
        return st.lists(of_type(get_args(annotation)[0]), min_size=1, max_size=3)
    if origin is dict:
        key, value = get_args(annotation)
        return st.dictionaries(of_type(key), of_type(value), min_size=1, max_size=3)
    if annotation is Any:
        return parameters
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return distributions if annotation is Distribution else of_model(annotation)
    return single(annotation, metadata)


def single(annotation: Any, metadata: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    low, high = limits(metadata)
    if annotation is Month:
        return months
    if annotation is Span:
        return months | st.tuples(months, months).filter(lambda ends: ends[0] < ends[1]).map("..".join)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(int(low), int(high))
    if annotation is str:
        return names
    assert annotation is Decimal, annotation
    parsers = {getattr(note, "func", None) for note in metadata}
    if parse_money in parsers:
        return money
    if parse_share in parsers:
        drawn = shares if high >= 1 else st.sampled_from([0, 0.03, "3%", 0.5])
        return drawn.filter(lambda share: share != 0) if _above(metadata) else drawn
    return numbers.filter(lambda number: low < number <= 1e6) if high > 10 else st.sampled_from([0, 1, 1.5, 2])


def of_model(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    required, optional = {}, {}
    for name, info in model.model_fields.items():
        drawn = of_type(info.annotation, tuple(info.metadata))
        (required if info.is_required() else optional)[info.alias or name] = drawn
    return st.fixed_dictionaries(required, optional=optional)


def with_ids(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ids that are unlike each other."""
    return [{**item, "id": f"{item['id']}{'' if number == 0 else number}"} if "id" in item else item
            for number, item in enumerate(items)]  # fmt: skip


SECTIONS = {
    name: get_args(info.annotation)[0]
    for name, info in Scenario.model_fields.items()
    if get_origin(info.annotation) is list
}
"""Sections that are lists of a model."""


place_words = st.lists(
    st.fixed_dictionaries(
        {
            "term": st.sampled_from(list(PLACE_TERMS)),
            "one": st.sampled_from(["rent", "tenant's home", "co-op", "Miete"]),
        },
        optional={"several": st.sampled_from(["rents", "co-ops"]), "chinese": st.sampled_from(["租金", "住客"])},
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda word: str(word["term"]),
)
"""Each term at most once, and what is called by no word of letters is refused."""


def sections(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    if name == "words":
        return place_words
    return st.lists(of_model(SECTIONS[name]), min_size=1, max_size=3).map(with_ids)


def objectives() -> st.SearchStrategy[dict[str, Any]]:
    return of_model(models.ObjectiveChoice)
