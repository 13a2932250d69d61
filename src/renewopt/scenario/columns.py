"""Typed columns from a table of text, checked column by column (a million rows in seconds).

Every distinct text of a column is parsed once; what cannot be parsed becomes a finding at the rows that hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding
from renewopt.scenario import cells
from renewopt.scenario.headers import canonical
from renewopt.scenario.limits import MAX_CELL_TEXT
from renewopt.scenario.registers import PLACEHOLDERS, header_unit, needless, without_totals
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.scenario.table_specs import Column
from renewopt.scenario.tables import SHOWN_ROWS, Place, Table
from renewopt.scenario.workbook.words import said_choice
from renewopt.units import Month
from renewopt.wording import NOTHING, Wording, worded, words

__all__ = ["Checked", "check_table", "row_findings"]

_PARSERS: dict[str, Callable[[str], Any]] = {
    "id": cells.parse_identity,
    "text": cells.parse_text,
    "count": cells.parse_whole,
    "months": cells.parse_whole,
    "number": cells.parse_number,
    "money": cells.parse_cell_money,
    "share": cells.parse_cell_share,
    "month": cells.parse_cell_month,
    "boolean": cells.parse_boolean,
    "ids": cells.parse_ids,
    "terms": cells.parse_terms,
    "dated_terms": cells.parse_dated_terms,
}

UNTOLD: tuple[Wording, Wording, bool] = (NOTHING, NOTHING, False)
"""What is wrong with a text of which only the number is told."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A table whose columns are typed.

    Parameters
    ----------
    frame : DataFrame
        One column for each stated column, in the order of the specification.
    locate : callable
        ``(row, column)`` to the :class:`Place` of a cell.
    findings : list of Finding
    """

    frame: pd.DataFrame
    locate: Callable[[int, str], Place]
    findings: list[Finding] = field(default_factory=list)

    def rows(
        self,
        bad: NDArray[np.bool_],
        column: str,
        message: Callable[[int], tuple[Wording, Wording]],
        *,
        warning: bool = False,
    ) -> list[Finding]:
        """Return findings for the first rows where `bad` holds; the last one says how many more there are."""
        return row_findings(np.flatnonzero(bad), self.locate, column, message, warning=warning)


def row_findings(
    rows: NDArray[np.intp],
    locate: Callable[[int, str], Place],
    column: str,
    message: Callable[[int], tuple[Wording, Wording]],
    *,
    warning: bool = False,
) -> list[Finding]:
    """Return findings for the first of some rows, the last one telling how many more there are.

    Parameters
    ----------
    rows : (N,) ndarray of int
    locate : callable
        ``(row, column)`` to a place.
    column : str
    message : callable
        Row to (message, how to mend it).
    warning : bool
    """
    findings = []
    for shown, row in enumerate(rows[:SHOWN_ROWS].tolist(), start=1):
        text, mend = message(row)
        if shown == SHOWN_ROWS and len(rows) > SHOWN_ROWS:
            text = words(
                "{message} (and {count:,} more {count:row|rows} like this)", message=text, count=len(rows) - SHOWN_ROWS
            )
        findings.append(locate(row, column).finding(text, mend, warning=warning))
    return findings


def check_table(table: Table, columns: Mapping[str, Column]) -> Checked:
    """Type and check a table's columns.

    Parameters
    ----------
    table : Table
    columns : mapping of str to Column
        By name.

    Returns
    -------
    Checked
        Its findings hold those of reading the table too.
    """
    if table.foreign and not _ours(table, columns):
        return _no_table_of_ours(table, columns)
    findings: list[Finding] = []
    header_of, unknown = _headers(table, columns, findings)
    if not table.checked:
        table = without_totals(table, header_of, columns)
    findings = [*table.findings, *findings]

    def locate(row: int, column: str) -> Place:
        return table.locate(row, header_of.get(column, column if row >= 0 else ""))

    typed: dict[str, Any] = {}
    length = len(table)
    if not length:
        findings.append(
            table.locate(-1, "").finding(words("the table has no rows"), words("write a row, or delete the table"))
        )
    for name, column in columns.items():
        header = header_of.get(name)
        if header is not None:
            factor, fault, refused = header_unit(header, column)
            if fault is not None:
                findings.append(table.locate(-1, header).finding(*fault, warning=not refused))
            typed[name] = _column(table.columns[header], column, locate, findings, factor)
            continue
        if column.required and length:
            close = [did_you_mean(name, [header]) for header in unknown]
            place = table.locate(-1, "")
            mend = next(
                (words("rename {header!r}", header=header) for header, hit in zip(unknown, close, strict=True) if hit),
                words("add it (headers understood: {headers})", headers=listed((name, *column.headers), 4)),
            )
            findings.append(place.finding(words("the column {name!r} is missing", name=name), mend))
        typed[name] = _gather(np.zeros(length, dtype=np.intp), [None], column)
    for name, column in columns.items():
        if column.day_of in header_of:
            typed[name] = np.where(typed[name] < 0, _days(table.columns[header_of[column.day_of]]), typed[name])
    # In the order of the columns at once, and without a copy: of a million rows each column takes 8 MB.
    ordered = {name: pd.Series(typed[name], dtype=typed[name].dtype, copy=False) for name in columns}
    return Checked(pd.DataFrame(ordered, copy=False), locate, findings)


def _ours(table: Table, columns: Mapping[str, Column]) -> bool:
    """Whether any header is one of ours, or nearly so."""
    every = [word for column in columns.values() for word in (column.name, *column.headers)]
    return any(canonical(header, columns) is not None or did_you_mean(header, every) for header in table.columns)


def _no_table_of_ours(table: Table, columns: Mapping[str, Column]) -> Checked:
    """Refuse a file that holds something else, without a word of what that is: it may be anybody's."""
    message = words("this is no table of {section}: none of its headers is one that belongs there", section=table.name)
    mend = words("name the right file; the columns are {names}", names=listed(columns, 30))
    finding = replace(table.locate(-1, "").finding(message, mend), key="")
    empty = {name: _gather(np.zeros(0, dtype=np.intp), [None], column) for name, column in columns.items()}
    frame = pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in empty.items()})
    return Checked(frame, table.locate, [finding])


def _headers(table: Table, columns: Mapping[str, Column], findings: list[Finding]) -> tuple[dict[str, str], list[str]]:
    """Match headers to columns; report unknown ones and two for the same column."""
    header_of: dict[str, str] = {}
    unknown: list[str] = []
    passed = [header for header in table.columns if needless(header) and canonical(header, columns) is None]
    if passed:
        message = words("columns that no plan needs are not read: {names}", names=listed(passed, 30))
        findings.append(table.locate(-1, "").finding(message, NOTHING, warning=True))
    for header in table.columns:
        name = canonical(header, columns)
        if header in passed:
            continue
        if name is None:
            unknown.append(header)
            every = [word for column in columns.values() for word in (column.name, *column.headers)]
            mend = did_you_mean(header, every) or words("the columns are {names}", names=listed(columns, 30))
            findings.append(table.locate(-1, header).finding(words("unknown column {header!r}", header=header), mend))
        elif name in header_of:
            message = words(
                "{header!r} and {other!r} both name the column {name!r}",
                header=header,
                other=header_of[name],
                name=name,
            )
            findings.append(table.locate(-1, header).finding(message, words("delete one of the two")))
        else:
            header_of[name] = header
    return header_of, unknown


def _column(
    texts: NDArray[np.object_],
    column: Column,
    locate: Callable[[int, str], Place],
    findings: list[Finding],
    factor: float = 1.0,
) -> Any:
    """Type one column; put its default where a cell is empty or wrong.

    `factor` is what one of the header's unit is in the column's own.
    """
    name = column.name
    codes, uniques = pd.factorize(texts)
    values, wrong = _parse(_stated(uniques.tolist(), column), column, factor)
    _report(codes, wrong, name, locate, findings)
    if column.required:
        empty = np.flatnonzero(texts == "")
        findings += row_findings(
            empty, locate, name, lambda _: (words("the cell is empty, a value was expected"), NOTHING)
        )
    if column.unique and len(uniques) < len(codes):
        _duplicates(texts, name, locate, findings)
    return _gather(codes, values, column)


def _days(texts: NDArray[np.object_]) -> NDArray[np.int64]:
    """Days of the dates in a column of months; −1 where there is none."""
    codes, uniques = pd.factorize(texts)
    days = [cells.parse_cell_day(text) if text else None for text in uniques.tolist()]
    return np.array([-1 if day is None else day for day in days] + [-1], dtype=np.int64)[codes]


def _stated(texts: list[str], column: Column) -> list[str]:
    """Empty the cells that hold a placeholder."""
    if column.kind in {"boolean", "ids"} or column.required:
        return texts
    return ["" if text.casefold() in PLACEHOLDERS else text for text in texts]


def _parse(
    texts: list[str], column: Column, factor: float
) -> tuple[list[Any], dict[int, tuple[Wording, Wording, bool]]]:
    """Parse distinct texts; return their values (None: empty or wrong) and, by position, what is wrong or unlikely."""
    wrong: dict[int, tuple[Wording, Wording, bool]] = {}
    if max(map(len, texts), default=0) > MAX_CELL_TEXT:
        long = words("a cell holds more than {most:,} {most:character|characters}", most=MAX_CELL_TEXT)
        wrong = {
            code: (long, words("shorten the texts"), False)
            for code, text in enumerate(texts)
            if len(text) > MAX_CELL_TEXT
        }
        texts = ["" if code in wrong else text for code, text in enumerate(texts)]
    if column.kind in {"id", "text"} and not column.choices and cells.harmless(texts):
        return [text or None for text in texts], wrong
    values: list[Any] = [None] * len(texts)
    refused = 0
    for code, text in enumerate(texts):
        if not text:
            continue
        try:
            values[code] = _value(text, column, factor)
        except ValueError as fault:
            # Texts come in the order of their rows: of those that no shown row holds it is enough that they are wrong.
            refused += 1
            told = refused <= SHOWN_ROWS
            wrong[code] = (worded(fault), getattr(fault, "mend", NOTHING), False) if told else UNTOLD
            continue
        unlikely = _unlikely(text, values[code], column)
        if unlikely:
            wrong[code] = (*unlikely, True)
    return values, wrong


def _report(
    codes: NDArray[np.intp],
    wrong: Mapping[int, tuple[Wording, Wording, bool]],
    name: str,
    locate: Callable[[int, str], Place],
    findings: list[Finding],
) -> None:
    """Report the rows that hold a wrong text, errors and implausible values apart."""
    for warning in (False, True):
        bad = np.zeros(int(codes.max(initial=-1)) + 1, dtype=bool)
        bad[[code for code, fault in wrong.items() if fault[2] is warning]] = True
        rows = np.flatnonzero(bad[codes])
        findings += row_findings(rows, locate, name, lambda row: wrong[int(codes[row])][:2], warning=warning)


def _duplicates(
    texts: NDArray[np.object_], name: str, locate: Callable[[int, str], Place], findings: list[Finding]
) -> None:
    """Report the second and later rows with the same value."""
    series = pd.Series(texts, dtype=object)
    again = np.flatnonzero(series.duplicated().to_numpy() & (texts != ""))
    wanted = set(series.iloc[again[:SHOWN_ROWS]])
    first = {text: row for row, text in reversed(list(enumerate(texts))) if text in wanted}

    def message(row: int) -> tuple[Wording, Wording]:
        place = locate(first[texts[row]], name)
        line = (
            words("row {line}", line=place.line)
            if place.sheet or place.file.endswith("DataFrame")
            else words("line {line}", line=place.line)
        )
        return words("{text!r} stands in {line} already", text=texts[row], line=line), words("give each row its own")

    findings += row_findings(again, locate, name, message)


class _CellError(ValueError):
    """A fault with a hint of how to mend it."""

    def __init__(self, message: Wording, mend: Wording) -> None:
        super().__init__(message)
        self.mend = mend


def _value(text: str, column: Column, factor: float) -> Any:
    """Parse one text and hold it against the column's bounds."""
    if cells.spreadsheet_error(text):
        raise _CellError(
            words("{text} is the error of a formula", text=text),
            words("mend the formula in the spreadsheet and save again"),
        )
    value: Any
    if factor != 1 and text[-1].isdigit():
        value = _scaled(cells.parse_number(text), factor, column)
    else:
        value = _PARSERS[column.kind](text) if column.kind in _PARSERS else text
    if column.choices:
        words_ = value if column.kind == "ids" else (value,)
        said = tuple(said_choice(word, column.choices) or word for word in words_)
        value = tuple(dict.fromkeys(said)) if column.kind == "ids" else said[0]
    for word in value if column.kind == "ids" else (value,):
        if column.choices and word not in column.choices:
            mend = did_you_mean(word, column.choices) or words("one of {names}", names=listed(column.choices))
            raise _CellError(words("unknown value {word!r}", word=word), mend)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < column.minimum:
            expected = (
                words("a number from 0")
                if column.minimum == 0
                else words("{minimum:g} or more", minimum=column.minimum)
            )
            raise _CellError(
                words(
                    "{text} is {wrong}; {expected} was expected",
                    text=text,
                    wrong=words("negative") if value < 0 else words("too small"),
                    expected=expected,
                ),
                NOTHING,
            )
        if value > column.maximum:
            raise _CellError(
                words("{text} is too large; {maximum:g} or less was expected", text=text, maximum=column.maximum),
                NOTHING,
            )
    return value


def _scaled(value: float, factor: float, column: Column) -> float:
    """Turn a number into the column's own unit."""
    scaled = round(value * factor, 9)
    if column.kind in {"count", "months"}:
        if not float(scaled).is_integer():
            raise ValueError(words("{text!r} is not a whole number", text=f"{scaled:g}"))
        return int(scaled)
    return scaled


def _unlikely(text: str, value: Any, column: Column) -> tuple[Wording, Wording] | None:
    """Message on a value outside of the plausible band."""
    if column.likely is None:
        return None
    low, high = column.likely
    if value and not low <= value <= high:
        return words("{text} is implausible ({low:,g} to {high:,g} is usual)", text=text, low=low, high=high), words(
            "check its unit"
        )
    return None


_EMPTY: dict[str, object] = {
    "number": np.nan, "money": np.nan, "share": np.nan, "count": -1, "months": -1, "month": -1, "boolean": False,
    "id": "", "text": "", "ids": (), "terms": (), "dated_terms": (),
}  # fmt: skip
_DTYPES: dict[str, Any] = {
    "number": np.float64, "money": np.float64, "share": np.float64, "count": np.int64, "months": np.int64,
    "month": np.int64, "boolean": np.bool_,
}  # fmt: skip


def _gather(codes: NDArray[np.intp], values: list[Any], column: Column) -> Any:
    """Spread the values of the distinct texts over the rows, the default where there is none."""
    default = _EMPTY[column.kind] if column.default is None else column.default
    table = np.empty(len(values), dtype=object)
    for code, value in enumerate(values):
        table[code] = default if value is None else value.ordinal if isinstance(value, Month) else value
    return table.astype(_DTYPES.get(column.kind, object))[codes]
