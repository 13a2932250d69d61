"""Ids: where they are stated, where they are referred to, and references that lead nowhere.

Works on the tree of nodes, so that dangling ids are found together with every other fault of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence

import numpy as np
import pandas as pd

from renewopt.errors import Finding
from renewopt.scenario.columns import Checked
from renewopt.scenario.contents import Contents
from renewopt.scenario.dictionary import keys, reach
from renewopt.scenario.nodes import Mapping, Mark, Node, Scalar, Sequence, dotted
from renewopt.scenario.notes import first_of
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.scenario.table_specs import TABLES
from renewopt.wording import Wording, as_is, words

__all__ = ["check_references", "check_table_references", "kind_of", "stated_ids"]

SECTIONS = keys(Contents)
IDS = tuple(name for name, key in SECTIONS.items() if key.listed is not None and "id" in keys(key.listed))
"""Sections whose items have ids."""
EVERY = tuple((path, key) for path, key in reach(Contents))
NAMES = tuple(path for path, key in EVERY if "*" in path and (path[-1] == "id" or key.meaning.of.unique))
"""Names of items, which are unique within their own list."""
REFERENCES = tuple(
    ((*path, "*") if any(shape.items for shape in key.shapes) else path, key.meaning.of.refers)
    for path, key in EVERY
    if key.meaning.of.refers
)
"""Where ids are referred to, and the section that states them."""
TAGGED = (("estates", "*", "tags", "*"), ("estates", "*", "units", "*", "tags", "*"))
"""Where tags are given."""
TAG = words("tag of an estate or a home")
GROUPED = (("fee_policies", "*", "uplifts", "*", "group"), ("wishes", "*", "groups", "*"))
"""Where groups of households matter."""

OF_HOUSEHOLDS = ("quotes", "fee_curves", "fee_parts", "home_wishes", "pins", "actuals")
"""Tables whose rows are of a household."""

Path = tuple[str | int, ...]


def walk(node: Node, pattern: AbstractSequence[str], path: Path = ()) -> Iterator[tuple[Path, Scalar, Mark]]:
    """Yield the scalars at a pattern such as ``('funds', '*', 'projects', '*')``, with their paths and marks."""
    if not pattern:
        if isinstance(node, Scalar) and node.value is not None:
            yield path, node, node.mark
        return
    step, rest = pattern[0], pattern[1:]
    if step == "*":
        if isinstance(node, Sequence):
            for position, item in enumerate(node.items):
                yield from walk(item, rest, (*path, position))
    elif isinstance(node, Mapping) and step in node.entries:
        yield from walk(node.entries[step].node, rest, (*path, step))


def kind_of(section: str) -> Wording:
    """Return what an item of a section is called."""
    return SECTIONS[section].one()


def stated_ids(root: Mapping, section: str) -> list[str]:
    """Return the ids that a section states, in its order."""
    return [scalar.text for _, scalar, _ in walk(root, (section, "*", "id"))]


def check_references(root: Mapping, tables: AbstractMapping[str, Checked]) -> list[Finding]:
    """Report duplicate ids and references that lead nowhere, in the file and in its tables.

    Parameters
    ----------
    root : Mapping
        The scenario, its variant merged.
    tables : mapping of str to Checked
        The tables that could be read.
    """
    known = {section: dict.fromkeys(stated_ids(root, section)) for section in IDS}
    findings = first_of(_duplicates(root), root)
    for pattern, section in REFERENCES:
        dangling = (
            _dangling(root, path, mark, scalar.text, section, known[section])
            for path, scalar, mark in walk(root, pattern)
            if scalar.text not in known[section]
        )
        findings += first_of(dangling, root)
    findings += first_of(_idle(root, tables), root)
    findings += first_of(_delivered_units(root), root)
    if "households" in tables:
        findings += first_of(_tier_tags(root, tables["households"]), root)
    units = [scalar.text for _, scalar, _ in walk(root, ("estates", "*", "units", "*", "type"))]
    tags = [scalar.text for at in TAGGED for _, scalar, _ in walk(root, at)]
    for name, known_words, kind in (("types", units, words("unit type")), ("tags", tags, TAG)):
        findings += first_of(_wished(root, name, known_words, kind), root)
    for table, checked in tables.items():
        for column in TABLES[table].values():
            if column.refers:
                findings += _column(checked, column.name, known[column.refers], kind_of(column.refers))
    if "households" in tables:
        findings += _column(tables["households"], "unit_types", units, words("unit type"))
        findings += _column(tables["households"], "asks_for", tags, TAG)
        members = sorted({group for cell in set(tables["households"].frame["groups"]) for group in cell})
        findings += first_of(_wished(root, "groups", members, words("household of the group")), root)
        groups = [scalar.text for at in GROUPED for _, scalar, _ in walk(root, at)]
        findings += _column(tables["households"], "groups", groups, words("group of an uplift"), warning=True)
        ids = tables["households"].frame["id"].tolist()
        findings += _column(tables["households"], "split_from", ids, words("household"))
        for table in OF_HOUSEHOLDS:
            if table in tables:
                findings += _column(tables[table], "household", ids, words("household"))
    if "quotes" in tables:
        findings += _quoted_stock(root, tables["quotes"])
    return findings


def check_table_references(scenario: Contents, name: str, table: Checked) -> list[Finding]:
    """Report references that lead nowhere in a table that is handed over apart from its scenario, which is sound."""
    findings = []
    for column in TABLES[name].values():
        if column.refers:
            ids = [item.id for item in getattr(scenario, column.refers)]
            findings += _column(table, column.name, ids, kind_of(column.refers))
    if name in OF_HOUSEHOLDS:
        findings += _column(table, "household", scenario.households["id"].tolist(), words("household"))
    return findings


def _duplicates(root: Mapping) -> Iterator[Finding]:
    """Report ids stated twice in one list."""
    for pattern in NAMES:
        first: dict[tuple[Path, str], Mark] = {}
        for path, scalar, mark in walk(root, pattern):
            place = (path[:-2], scalar.text)
            if place in first:
                message = words(
                    "the {what} {text!r} stands on line {line} already",
                    what=as_is(pattern[-1]),
                    text=scalar.text,
                    line=first[place].line,
                )
                yield Finding("error", mark.file, mark.line, dotted(root, path), message, words("give each its own"))
            first.setdefault(place, mark)


def _idle(root: Mapping, tables: AbstractMapping[str, Checked]) -> Iterator[Finding]:
    """Warn of items that act only where they are named, and are named nowhere."""
    for section, key in SECTIONS.items():
        if not key.meaning.of.by_name:
            continue
        named = {scalar.text for pattern, to in REFERENCES if to == section for _, scalar, _ in walk(root, pattern)}
        for table, checked in tables.items():
            for column in TABLES[table].values():
                if column.refers == section and column.name in checked.frame:
                    named.update(checked.frame[column.name])
        if section == "developers" and "quotes" in tables:
            named.update(pool for cell in tables["quotes"].frame["stock"] for pool, _ in cell)
        for path, scalar, mark in walk(root, (section, "*", "id")):
            if scalar.text not in named:
                message = words("nothing names this {kind}: it has no effect", kind=kind_of(section))
                mend = words("name it where it is to act, or delete it")
                yield Finding("warning", mark.file, mark.line, dotted(root, path[:-1]), message, mend)


def _unknown(text: str, kind: Wording, known: Iterable[str]) -> tuple[Wording, Wording]:
    """Message and mend for an id that is not stated."""
    return words("there is no {kind} {text!r}", kind=kind, text=text), did_you_mean(text, known) or words(
        "known: {names}", names=listed(known)
    )


def _dangling(root: Mapping, path: Path, mark: Mark, text: str, section: str, known: Iterable[str]) -> Finding:
    message, mend = _unknown(text, kind_of(section), known)
    return Finding("error", mark.file, mark.line, dotted(root, path), message, mend)


def _delivered_units(root: Mapping) -> Iterator[Finding]:
    """Report phases that deliver a unit type their estate does not list."""
    estates = root.get("estates")
    for number, estate in enumerate(estates.items if isinstance(estates, Sequence) else ()):
        types = dict.fromkeys(scalar.text for _, scalar, _ in walk(estate, ("units", "*", "type")))
        phases = estate.get("phases") if isinstance(estate, Mapping) else None
        for position, phase in enumerate(phases.items if isinstance(phases, Sequence) else ()):
            delivers = phase.get("delivers") if isinstance(phase, Mapping) else None
            for name, entry in delivers.entries.items() if isinstance(delivers, Mapping) else ():
                if name not in types:
                    key = dotted(root, ["estates", number, "phases", position, "delivers", name])
                    message, mend = _unknown(name, words("unit type of this estate"), types)
                    yield Finding("error", entry.key_mark.file, entry.key_mark.line, key, message, mend)


def _tier_tags(root: Mapping, households: Checked) -> Iterator[Finding]:
    """Report tiers for a tag that no household bears."""
    tags = dict.fromkeys(sorted({tag for cell in set(households.frame["tags"]) for tag in cell}))
    for path, scalar, mark in walk(root, ("objective", "tiers", "*", "tags", "*")):
        if scalar.text not in tags:
            message, mend = _unknown(scalar.text, words("household with the tag"), tags)
            yield Finding("error", mark.file, mark.line, dotted(root, path), message, mend)


def _wished(root: Mapping, key: str, known: Iterable[str], kind: Wording) -> Iterator[Finding]:
    """Report wishes for what no home has, or of groups that have no household."""
    known = dict.fromkeys(known)
    for path, scalar, mark in walk(root, ("wishes", "*", key, "*")):
        if scalar.text not in known:
            message, mend = _unknown(scalar.text, kind, known)
            yield Finding("error", mark.file, mark.line, dotted(root, path), message, mend)


def _column(
    table: Checked, column: str, known: Iterable[str], kind: Wording, *, warning: bool = False
) -> list[Finding]:
    """Report cells of a column that refer to an id which is not stated."""
    names = set(known)
    return _cells(
        table,
        column,
        lambda cell: next((w for w in (cell if isinstance(cell, tuple) else (cell,)) if w and w not in names), ""),
        lambda word: _unknown(word, kind, known),
        warning=warning,
    )


def _cells(
    table: Checked,
    column: str,
    wrong: Callable[[object], str],
    message: Callable[[str], tuple[Wording, Wording]],
    *,
    warning: bool = False,
) -> list[Finding]:
    """Report cells in which `wrong` finds a word, each distinct cell being looked at once."""
    codes, uniques = pd.factorize(table.frame[column].to_numpy(dtype=object))
    words = [wrong(cell) for cell in uniques]
    bad = np.array([bool(word) for word in words], dtype=bool)
    if not bad.any():
        return []
    return table.rows(bad[codes], column, lambda row: message(words[int(codes[row])]), warning=warning)


def _quoted_stock(root: Mapping, quotes: Checked) -> list[Finding]:
    """Report quotes for homes that no estate or developer lists: ``estate/type``, or a developer's id."""
    pools = stated_ids(root, "developers")
    estates = root.get("estates")
    for estate in estates.items if isinstance(estates, Sequence) else ():
        for _, name, _ in walk(estate, ("id",)):
            pools += [f"{name.text}/{unit.text}" for _, unit, _ in walk(estate, ("units", "*", "type"))]
    names = set(pools)
    return _cells(
        quotes,
        "stock",
        lambda cell: next((key for key, _ in cell if key not in names), ""),  # type: ignore[attr-defined]
        lambda word: _unknown(word, words("stock"), pools),
    )
