"""Scenarios built in Python: the same checks, the same findings, the place `<python>` instead of a file."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from renewopt.errors import Finding
from renewopt.scenario.assembling import Model, assemble
from renewopt.scenario.checks import check_meaning
from renewopt.scenario.columns import Checked, check_table
from renewopt.scenario.contents import Contents
from renewopt.scenario.frames import is_absent
from renewopt.scenario.nodes import Mapping, Mark, Sequence, from_plain
from renewopt.scenario.placing import place_told
from renewopt.scenario.references import check_references
from renewopt.scenario.rows import read_frame, read_nodes
from renewopt.scenario.source import Source
from renewopt.scenario.stated_frames import items_of
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.tables import Place
from renewopt.wording import words

__all__ = ["build", "check_built"]

PYTHON = "<python>"


def build(
    model: type[Model], sections: AbstractMapping[str, Any], change: Callable[[Mapping], Mapping] | None = None
) -> Model:
    """Build a scenario from sections: model objects, plain dicts and lists, and DataFrames for the tables.

    Parameters
    ----------
    model : type
        What it is to be.
    sections : mapping
        Keys as in the YAML file.
    change
        Returns the tree of all but the tables that is checked, where it is to be another one.

    Raises
    ------
    ScenarioError
        With every finding, if there is any error.
    """
    sections = {name: value for name, value in sections.items() if not is_absent(value)}
    plain = {name: _dumped(value, name) for name, value in sections.items()}
    with place_told(plain).spoken():
        return _built(model, sections, plain, change)


def _built(
    model: type[Model],
    sections: AbstractMapping[str, Any],
    plain: dict[str, Any],
    change: Callable[[Mapping], Mapping] | None,
) -> Model:
    mark = Mark(PYTHON, None)
    tables: dict[str, Checked] = {}
    findings: list[Finding] = []
    for name, value in sections.items():
        if name in TABLES and value is not None:
            rows = from_plain(plain[name], mark)
            if isinstance(value, pd.DataFrame):
                tables[name] = check_table(read_frame(value, name), TABLES[name])
            elif isinstance(rows, Sequence):
                tables[name] = check_table(read_nodes(rows, name, name), TABLES[name])
            else:
                place = Place(PYTHON, None, name)
                findings.append(place.finding(words("a DataFrame or a list of rows was expected")))
    for table in tables.values():
        findings += table.findings
    root = from_plain(plain, mark)
    assert isinstance(root, Mapping)
    return assemble(model, root if change is None else change(root), tables, findings, Source())


def _dumped(value: Any, name: str = "") -> Any:
    """Return a section as dicts and lists; a table of its own is left out of it."""
    match value:
        case BaseModel():
            return value.model_dump(by_alias=True, exclude_unset=True, warnings=False)
        case list() | tuple():
            return [_dumped(item) for item in value]
        case dict():
            return {key: _dumped(item) for key, item in value.items()}
        case pd.DataFrame():
            return [] if name in TABLES else [_dumped(item) for item in items_of(value)]
        case np.bool_() | np.integer() | np.floating():
            return value.item()
        case _:
            return value


def check_built(scenario: Contents) -> list[Finding]:
    """Check what a scenario refers to and means, where it was built as an object; its columns are checked already."""
    plain = scenario.model_dump(by_alias=True, exclude_unset=True, exclude=set(TABLES))
    root = from_plain(plain, Mark(PYTHON, None))
    assert isinstance(root, Mapping)
    frames = {name: getattr(scenario, name) for name in TABLES}
    tables = {name: _located(frame, name) for name, frame in frames.items() if frame is not None}
    findings = check_references(root, tables)
    if any(finding.severity == "error" for finding in findings):
        return findings
    return findings + check_meaning(scenario, root, tables)


def _located(frame: pd.DataFrame, name: str) -> Checked:
    return Checked(frame, lambda row, column: Place(f"{name} DataFrame", row, f"column {column}"))
