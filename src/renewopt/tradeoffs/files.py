"""Tables and page of many plans, as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from renewopt.comparison.compared import table_text
from renewopt.comparison.folder import Layout, kept, write_tables
from renewopt.disk import IncompleteOutputError

__all__ = ["PAGE", "contents_of", "write_tradeoff"]

PAGE = "report.html"


def contents_of(
    tables: Mapping[str, tuple[pd.DataFrame, dict[str, str]]], page: Callable[[], str]
) -> tuple[dict[str, bytes], Exception | None]:
    """Files by name; and why there is no page among them, if there is none.

    Parameters
    ----------
    tables
        With the kinds of their columns.
    page
        Makes the page.
    """
    files = {f"{name}.csv": table_text(frame, kinds).encode() for name, (frame, kinds) in tables.items()}
    try:
        files[PAGE] = page().encode()
    except Exception as error:  # noqa: BLE001 - whatever happens to the page, the tables are kept
        return files, error
    return files, None


def write_tradeoff(
    folder: Path, layout: Layout, contents: tuple[dict[str, bytes], Exception | None], reads: Iterable[Path]
) -> Path:
    """Write tables and page into a folder, all at once or not at all.

    Raises
    ------
    OutputError, OSError
        As told by `renewopt.tradeoffs.tradeoff.Tradeoff.write`.
    """
    files, failure = contents
    with kept(folder, 0, reads, layout) as claim:
        write_tables(claim, files, layout)
    if failure is not None:
        raise IncompleteOutputError(folder, PAGE, failure)
    return folder
