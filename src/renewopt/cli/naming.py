"""Names that stand in the files of a command line, for a shell that completes them.

Nothing is loaded, checked or run: a scenario is read as a stream of YAML events, a plan by the first column of a table.
Whatever goes wrong, nothing is offered and nothing is told. Only names are offered that a shell takes as they are.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

__all__ = [
    "Completer",
    "addresses",
    "funds_of_plan",
    "homes_of_plan",
    "households_of_plan",
    "names_in",
    "names_of",
    "several",
]

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

LONGEST = 2_000_000
"""Bytes of a file that are read."""
OFFERED = 200
"""Names that are offered at once."""
PLAIN = frozenset("-_./+:@%")
"""Signs besides letters and digits that no shell takes for its own."""


def names_in(path: Path) -> Iterator[tuple[str, str]]:
    """Yield section and name of what a scenario file states: keys of sections, ids of their items.

    Parameters
    ----------
    path
        YAML file, or a folder that holds one.
    """
    from ruamel.yaml import YAML

    file = path if path.is_file() else next(iter(sorted(path.glob("*.y*ml"))))
    with file.open("rb") as content:
        text = content.read(LONGEST).decode("utf-8-sig")
    yield from _named(YAML(typ="safe", pure=True).parse(text))


def _named(events: Iterator[Any]) -> Iterator[tuple[str, str]]:
    """Read events; `path` holds, for each level, the key that is read, or None in a list and before a key."""
    from ruamel.yaml.events import (
        CollectionEndEvent,
        CollectionStartEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceStartEvent,
    )

    path: list[str | None] = []
    kinds: list[type] = []
    for event in events:
        if isinstance(event, CollectionEndEvent):
            path.pop()
            kinds.pop()
        elif isinstance(event, ScalarEvent) and kinds and kinds[-1] is MappingStartEvent and path[-1] is None:
            path[-1] = event.value
            if kinds == [MappingStartEvent, MappingStartEvent]:
                yield str(path[0]), event.value
            continue
        elif isinstance(event, ScalarEvent):
            if kinds == [MappingStartEvent, SequenceStartEvent, MappingStartEvent] and path[2] == "id":
                yield str(path[0]), event.value
        elif isinstance(event, CollectionStartEvent):
            path.append(None)
            kinds.append(type(event))
            continue
        # What stood behind a key is over.
        if kinds and kinds[-1] is MappingStartEvent:
            path[-1] = None


def names_of(section: str, *, known: Sequence[str] = ()) -> Completer:
    """Complete one name of a section, such as ``variants``, of the scenarios that stand on the line.

    Parameters
    ----------
    section
    known
        Names besides.
    """

    def complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _offered([*known, *(name for of, name in _stated(ctx) if of == section)], incomplete)

    return complete


def addresses(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the beginning of an address in the scenario: ``funds.budget.``."""
    return _offered([f"{section}.{name}." for section, name in _stated(ctx)], incomplete)


def _stated(ctx: click.Context) -> list[tuple[str, str]]:
    """Sections and names of the scenarios that stand on the line, as far as they can be read."""
    found: list[tuple[str, str]] = []
    with suppress(Exception):
        for path in _paths(ctx, "scenario", "scenarios"):
            found += names_in(path)
    return found


def _paths(ctx: click.Context, *arguments: str) -> list[Path]:
    """Values of arguments; while an option still lacks its value, click only tells what else stands on the line."""
    for name in arguments:
        value = ctx.params.get(name)
        if value:
            return [value] if isinstance(value, Path) else list(value)
    return [Path(text) for text in ctx.args if not text.startswith("-")]


def several(one: Completer) -> Completer:
    """Complete the last of several names that commas part."""

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, last = incomplete.rpartition(",")
        return [CompletionItem(f"{before}{comma}{item.value}") for item in one(ctx, parameter, last)]

    return complete


def funds_of_plan(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a fund of the plan in the folder that stands on the line."""
    return _offered(_column(ctx, "funds.csv", "fund"), incomplete)


def households_of_plan(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a household of the plan in the folder that stands on the line."""
    return _offered(_column(ctx, "allocation.csv", "household"), incomplete)


def homes_of_plan(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete an estate and type of homes that the plan in the folder gives somebody."""
    pools = (pool for pool in _column(ctx, "claims.csv", "pool") if "/" in pool)
    return _offered(pools, incomplete)


def _column(ctx: click.Context, table: str, name: str) -> Iterator[str]:
    with suppress(Exception):
        folder = _paths(ctx, "folder")[0]
        with (folder / table).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file.read(LONGEST).splitlines())
            place = next(rows).index(name)
            yield from (row[place] for row in rows if len(row) > place)


def _offered(names: Sequence[str] | Iterator[str], incomplete: str) -> list[CompletionItem]:
    fitting = (name for name in dict.fromkeys(names) if name.startswith(incomplete) and _plain(name))
    return [CompletionItem(name) for name in islice(fitting, OFFERED)]


def _plain(name: str) -> bool:
    return bool(name) and name[0] not in "-%" and all(sign.isalnum() or sign in PLAIN for sign in name)
