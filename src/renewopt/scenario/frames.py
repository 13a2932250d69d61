"""The tables of a scenario as a field type: a DataFrame that has passed the checks of its columns."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema

from renewopt.errors import ScenarioError
from renewopt.scenario.columns import check_table
from renewopt.scenario.meanings import Kind
from renewopt.scenario.rows import read_frame
from renewopt.scenario.table_specs import TABLES
from renewopt.wording import words

__all__ = ["CHECKED", "Table", "empty_table", "is_absent", "records"]

ABSENT = "absent"
CHECKED = "checked"
"""Key of the validation context that says that tables and references were checked already."""


def _checked(value: Any, info: ValidationInfo) -> Any:
    """Check a DataFrame or a list of mappings, unless the loader has done so."""
    if (info.context or {}).get(CHECKED) or is_absent(value):
        return value
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        value = pd.DataFrame(value, dtype=object)
    if not isinstance(value, pd.DataFrame):
        raise ValueError(words("a DataFrame or a list of rows was expected"))
    name = str(info.field_name)
    checked = check_table(read_frame(value, name), TABLES[name])
    if any(finding.severity == "error" for finding in checked.findings):
        raise ScenarioError(checked.findings)
    return checked.frame


def empty_table(name: str) -> pd.DataFrame:
    """Return a checked table without a row, which need not be stated."""
    frame = check_table(read_frame(pd.DataFrame(columns=list(TABLES[name]), dtype=object), name), TABLES[name]).frame
    frame.attrs[ABSENT] = True
    return frame


def is_absent(value: Any) -> bool:
    """Whether it is a table that need not be stated, and was not."""
    return isinstance(value, pd.DataFrame) and bool(value.attrs.get(ABSENT)) and value.empty


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """Return a checked table as rows of text, empty cells and those that say no left out."""
    name = next((name for name, columns in TABLES.items() if list(columns) == list(frame.columns)), "rows")
    columns = read_frame(frame, name).columns
    rows = ({header: cells[row] for header, cells in columns.items()} for row in range(len(frame)))
    return [{header: cell for header, cell in row.items() if cell not in {"", "false"}} for row in rows]


Table = Annotated[
    pd.DataFrame,
    Kind("[table](#tables)"),
    BeforeValidator(_checked),
    PlainSerializer(records),
    WithJsonSchema({"type": "array"}),
]
"""Rows in the scenario itself, or in a CSV or XLSX file beside it; once loaded, a DataFrame (see `table_specs`)."""
