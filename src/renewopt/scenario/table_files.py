"""A table of a scenario that is handed over apart from it: a CSV file, a workbook, or a DataFrame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from renewopt.errors import ScenarioError
from renewopt.scenario.columns import Checked, check_table
from renewopt.scenario.csv_files import read_csv
from renewopt.scenario.limits import MAX_BOOK_BYTES, MAX_TABLE_BYTES
from renewopt.scenario.models import Scenario
from renewopt.scenario.reading import read_bytes
from renewopt.scenario.references import check_table_references
from renewopt.scenario.rows import read_frame
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.tables import Place
from renewopt.scenario.workbooks import WORKBOOKS, read_workbook

__all__ = ["listed_table"]


def listed_table(scenario: Scenario, name: str, given: Path | pd.DataFrame | None) -> Checked | None:
    """Read a table that a plan does not read, from where it is handed over, else from the scenario.

    Parameters
    ----------
    scenario
    name
        Section of the scenario that it stands for.
    given
        A file, of which a workbook may have a sheet called like the section, or a table.

    Returns
    -------
    Checked or None
        None where there is none. What it refers to is checked, and told in its findings.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    if given is None:
        frame = getattr(scenario, name)
        return None if frame is None else Checked(frame, lambda row, column: _place(name, row, column))
    if isinstance(given, pd.DataFrame):
        table = read_frame(given, name)
    elif given.suffix.lower() in WORKBOOKS:
        table = read_workbook(read_bytes(given, MAX_BOOK_BYTES), given.name, name)
    else:
        table = read_csv(read_bytes(given, MAX_TABLE_BYTES), given.name, name)
    checked = check_table(table, TABLES[name])
    if any(finding.severity == "error" for finding in checked.findings):
        raise ScenarioError(checked.findings)
    checked.findings.extend(check_table_references(scenario, name, checked))
    return checked


def _place(name: str, row: int, column: str) -> Place:
    return Place(f"{name} DataFrame", row, f"column {column}")
