"""Tables as CSV that a spreadsheet opens as they are, and that are read back to the same tables.

UTF-8 with a byte order mark (Excel takes the file for a local encoding without it), English headers, money with two
decimals. Text that a spreadsheet would run as a formula is defused with a leading apostrophe, taken away on reading.
"""

from __future__ import annotations

import io
import re
from collections.abc import Container, Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from renewopt.results.failures import PlanFileError
from renewopt.wording import Names, worded, words

__all__ = ["arm", "defuse", "read_table", "table_bytes"]

ENCODING = "utf-8-sig"

# Half- and full-width signs: spreadsheets of East Asian locales run both. Text that begins with apostrophes before
# such a sign is marked as well, so that reading can take exactly one away.
_RUN = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


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
    columns = {}
    for name, kind in kinds.items():
        values = frame[name]
        if kind == "text":
            columns[name] = _each({text: defuse(text) for text in values.unique()}, values)
        elif kind == "money":
            amounts = values.to_numpy(dtype=np.float64)
            written = np.where(np.isnan(amounts), "", np.char.mod("%.2f", amounts))
            columns[name] = pd.Series(written, index=values.index)
        elif kind == "number":
            columns[name] = pd.Series(
                ["" if number != number else repr(number) for number in values.astype(float).tolist()],  # noqa: PLR0124
                index=values.index,
                dtype=object,
            )
        else:
            columns[name] = values
    text = io.StringIO()
    pd.DataFrame(columns, columns=list(kinds)).to_csv(text, index=False, lineterminator="\r\n")
    return text.getvalue().encode(ENCODING)


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
