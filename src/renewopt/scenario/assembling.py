"""A scenario put together: its tree and tables validated, and checked for what they refer to and mean."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbstractMapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from renewopt.errors import Finding, ScenarioError, sort_findings
from renewopt.scenario.checks import check_meaning
from renewopt.scenario.columns import Checked
from renewopt.scenario.contents import Contents
from renewopt.scenario.faults import translate
from renewopt.scenario.frames import CHECKED, empty_table
from renewopt.scenario.nodes import Mapping, Scalar, find, plain
from renewopt.scenario.references import check_references
from renewopt.scenario.source import Source
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.tables import Place

__all__ = ["Resolve", "assemble", "frames_of", "is_stated", "validate"]

logger = logging.getLogger(__name__)

Model = TypeVar("Model", bound=Contents)
Resolve = Callable[[Iterable[Finding]], list[Finding]]
"""Turns findings on the nodes of a tree into findings at the places that the planner knows."""
NONE: AbstractMapping[str, Any] = MappingProxyType({})


def assemble(
    model: type[Model],
    root: Mapping,
    tables: AbstractMapping[str, Checked],
    findings: list[Finding],
    source: Source,
    resolve: Resolve = list,
) -> Model:
    """Validate a tree and its tables, check what they refer to and what they mean, and report all together.

    Parameters
    ----------
    model
        What it is to be.

    Raises
    ------
    ScenarioError
        If any finding is an error.
    """
    if "households" not in tables and is_stated(root, "works") and not is_stated(root, "households"):
        tables = {
            **tables,
            "households": Checked(empty_table("households"), lambda *_: Place(root.mark.file, None, "")),
        }
    scenario, errors = validate(model, root, frames_of(root, tables))
    found = [*findings, *errors, *check_references(root, tables)]
    if scenario is not None and not any(finding.severity == "error" for finding in found):
        found += check_meaning(scenario, root, tables)
    found = resolve(found)
    if any(finding.severity == "error" for finding in found):
        raise ScenarioError(found)
    warnings = tuple(sort_findings(found))
    for warning in warnings:
        logger.warning("%s", warning)
    assert scenario is not None
    return scenario.with_source(replace(source, warnings=warnings))


def frames_of(root: Mapping, tables: AbstractMapping[str, Checked]) -> dict[str, pd.DataFrame]:
    """Return the DataFrame of each table that is stated; an empty one for what could not be read."""
    return {
        name: tables[name].frame if name in tables else pd.DataFrame(columns=list(columns))
        for name, columns in TABLES.items()
        if is_stated(root, name)
    }


def validate(
    model: type[Model],
    root: Mapping,
    frames: AbstractMapping[str, pd.DataFrame],
    known: AbstractMapping[str, Any] = NONE,
) -> tuple[Model | None, list[Finding]]:
    """Validate the sections; numbers written where a text belongs (``id: 1.0``) are taken as text and tried again.

    `known` are sections that were validated already.
    """
    values = {**plain(root.without(*frames, *known)), **known, **frames}
    scenario, details = _attempt(model, values)
    turned = [_as_text(values, root, detail["loc"]) for detail in details if detail["type"] == "string_type"]
    if any(turned):
        scenario, details = _attempt(model, values)
    return scenario, translate(details, root, model)


def _attempt(model: type[Model], values: dict[str, Any]) -> tuple[Model | None, list[ErrorDetails]]:
    """Validate values whose tables were checked already."""
    try:
        return model.model_validate(values, context={CHECKED: True}), []
    except ValidationError as error:
        return None, error.errors(include_url=False, include_input=False)


def is_stated(root: Mapping, name: str) -> bool:
    """Whether a section is there and not empty."""
    node = root.get(name)
    return node is not None and not (isinstance(node, Scalar) and node.value is None)


def _as_text(values: Any, root: Mapping, location: tuple[int | str, ...]) -> bool:
    """Replace a plain number by its text; return whether there was one."""
    node, _, path = find(root, location)
    if not isinstance(node, Scalar) or node.quoted or isinstance(node.value, bool | str | None):
        return False
    for step in path[:-1]:
        values = values[step]
    values[path[-1]] = node.text
    return True
