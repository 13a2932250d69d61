"""Tables as CSV that a spreadsheet opens as they are, and that are read back to the same tables.

UTF-8 with a byte order mark (Excel takes the file for a local encoding without it), English headers, money with two
decimals. Text that a spreadsheet would run as a formula is defused with a leading apostrophe, taken away on reading.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Container, Iterable, Mapping
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.results.failures import PlanFileError
from renewopt.wording import Names, worded, words

__all__ = ["ENCODING", "arm", "defuse", "joined", "read_table", "table_bytes"]

ENCODING = "utf-8-sig"

# Half- and full-width signs: spreadsheets of East Asian locales run both. Text that begins with apostrophes before
# such a sign is marked as well, so that reading can take exactly one away.
_RUN = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")

_QUOTED = frozenset(',"\r\n')


def defuse(text: str) -> str:
    """Mark text so that a spreadsheet leaves it alone.

    Examples
    --------
    >>> print(defuse("=SUM(A1:A9)"), defuse("P-1"))
    '=SUM(A1:A9) P-1
    """
    return "'" + text if _RUN.match(text) else text


def arm(text: str) -> str:
    """Return what `defuse` was given.

    Examples
    --------
    >>> print(arm("'-1 号楼"), arm("'quoted'"))
    -1 号楼 'quoted'
    """
    return text[1:] if text.startswith("'") and _RUN.match(text) else text


def _each(change: Mapping[str, str], values: pd.Series) -> pd.Series:
    return values.map(change) if any(new != old for old, new in change.items()) else values


def table_bytes(frame: pd.DataFrame, kinds: Mapping[str, str]) -> bytes:
    """Write a table, as the content of a file.

    Parameters
    ----------
    frame
        With the columns of `kinds`.
    kinds
        ``text``, ``count``, ``money`` or ``number`` (as many digits as it takes) for each column.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(kinds)
    rows.writerows(zip(*(_written(frame[name].to_numpy(), kind) for name, kind in kinds.items()), strict=True))
    return text.getvalue().encode(ENCODING)


def _written(values: NDArray[Any], kind: str) -> list[Any]:
    """Write the values of a column."""
    if kind == "text":
        changed = {text: defuse(text) for text in set(values)}
        return [changed[text] for text in values]
    if kind == "money":
        return ["" if isnan(amount) else f"{amount:.2f}" for amount in values.astype(np.float64).tolist()]
    if kind == "number":
        return ["" if isnan(number) else repr(number) for number in values.astype(np.float64).tolist()]
    return list(values.tolist())


def joined(columns: dict[str, NDArray[Any]], kinds: dict[str, str], rows: slice) -> list[str]:
    """Cells of each row with commas between them, as CSV writes them.

    Parameters
    ----------
    columns, kinds
        Columns by name, and how each is written: ``text``, ``count``, ``money`` or ``number``.
    rows
        Of the columns.
    """
    cells = [_WRITERS[kind](columns[name][rows]) for name, kind in kinds.items()]
    return list(map(",".join, zip(*cells, strict=True)))


def _distinct(write: Callable[[Any], str]) -> Callable[[NDArray[Any]], list[str]]:
    """Write each distinct cell once."""

    def written(values: NDArray[Any]) -> list[str]:
        codes, distinct = pd.factorize(values)
        texts = np.empty(distinct.size + 1, dtype=object)
        texts[:] = [*map(write, distinct.tolist()), ""]  # −1, a figure that is not known, takes the last
        cells: list[str] = texts[codes].tolist()
        return cells

    return written


def _text(cell: str) -> str:
    safe = defuse(cell)
    return '"' + safe.replace('"', '""') + '"' if not _QUOTED.isdisjoint(safe) else safe


_WRITERS: dict[str, Callable[[NDArray[Any]], list[str]]] = {
    "text": _distinct(_text),
    "count": _distinct(str),
    "money": _distinct("{:.2f}".format),
    "number": _distinct("{:.10g}".format),
}


def _reason(error: Exception) -> str:
    """What a system says of a file, without its path; what a reader says, without what it read."""
    return str(error.strerror or error) if isinstance(error, OSError) else str(error)[:100]


def read_table(path: Path, kinds: Mapping[str, str], may_lack: Iterable[Container[str]] = ()) -> pd.DataFrame:
    """Read a table that `table_bytes` wrote.

    Parameters
    ----------
    path, kinds
        As they were given then.
    may_lack
        Columns that tables of earlier versions do not have, version by version; they are read as empty.

    Raises
    ------
    PlanFileError
        If it is missing, has other columns, or a figure is not one.
    """
    if path.exists() and not path.is_file():
        raise PlanFileError(
            words(
                "{path}: not a table written by renewopt ({error}); write the plan anew",
                path=path,
                error=words("it is no plain file"),
            )
        )
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=ENCODING)
    except FileNotFoundError:
        raise PlanFileError(
            words("{name} is missing in {parent}; write the plan anew", name=path.name, parent=path.parent)
        ) from None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise PlanFileError(
            words(
                "{path}: not a table written by renewopt ({error}); write the plan anew",
                path=path,
                error=_reason(error),
            )
        ) from None
    if not isinstance(frame.index, pd.RangeIndex):  # pandas takes surplus cells for an index
        raise PlanFileError(
            words("{path}: not a table written by renewopt (surplus cells); write the plan anew", path=path)
        )
    if any(list(frame.columns) == [name for name in kinds if name not in lacking] for lacking in may_lack):
        frame = frame.reindex(columns=list(kinds), fill_value="")
    if list(frame.columns) != list(kinds):
        raise PlanFileError(
            words(
                "{path}: expected the columns {expected}, found {found}",
                path=path,
                expected=Names(kinds),
                # Another file's content is nobody's business: of its headers only ours are told.
                found=Names([name for name in kinds if name in frame.columns]) or words("none of them"),
            )
        )
    columns = {}
    for name, kind in kinds.items():
        values = frame[name].astype(object)
        try:
            if kind == "text":
                columns[name] = _each({text: arm(text) for text in values.unique()}, values).astype(object)
            elif kind == "count":
                columns[name] = values.astype(np.int64)
            else:
                columns[name] = values.replace("", "nan").astype(np.float64)
                if np.isinf(columns[name]).any():
                    raise ValueError(words("an amount is not finite"))
        except (ValueError, OverflowError) as error:
            raise PlanFileError(
                words("{path} column {name}: {error}", path=path, name=name, error=worded(error))
            ) from None
    return pd.DataFrame(columns, columns=list(kinds))
