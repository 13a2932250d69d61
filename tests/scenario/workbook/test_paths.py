"""Paths and values of the sheet `more`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.scenario.nodes import Mark, Remove, from_plain, plain
from renewopt.scenario.workbook.paths import Item, Path, Position, leaves, parse_path, parse_value, write_path

from .sections import names, parameters

MARK = Mark("book.xlsx", 1)
steps = st.lists(names | names.map(Item) | st.integers(1, 99).map(Position), max_size=4)


@given(names, steps)
def test_a_path_is_read_as_written(first: str, others: list[object]) -> None:
    path: Path = (first, *others)  # type: ignore[assignment]
    assert parse_path(write_path(path)) == path


@pytest.mark.parametrize("text", ["", ".", "a.", "a..b", "[x]", "a[", "a[]", "a]b", 'a."b', "a b[c]d", "a[b]c"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        parse_path(text)


@given(parameters)
def test_a_value_is_read_as_written(value: object) -> None:
    for path, cell in leaves(from_plain(value, MARK), ("a",)):
        assert path[0] == "a"
        text = cell if isinstance(cell, str) else repr(cell)
        parse_value(text, MARK)
    if not isinstance(value, dict | list) or not value:
        ((_, cell),) = leaves(from_plain(value, MARK), ("a",))
        assert plain(parse_value(cell if isinstance(cell, str) else repr(cell), MARK)) == value


def test_values_are_those_of_yaml() -> None:
    assert plain(parse_value("[fees, cash]", MARK)) == ["fees", "cash"]
    assert plain(parse_value("{a: 1, b: 9万元}", MARK)) == {"a": 1, "b": "9万元"}
    assert plain(parse_value('"001"', MARK)) == "001"
    assert parse_value("!remove", MARK) == Remove(MARK)
    assert parse_value("", MARK).value is None  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["a: b: c", "[a", "*x", "&x 1", "!!int 3", "1\nother: 2"])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the parser's own words
        parse_value(text, MARK)
