"""Opening a workbook that somebody else made: looked through first, then read by python-calamine.

What was looked at is what is read: the parts are unzipped here, within bounds, and handed on in a zip of our own, so
that no second reader can find other parts in the same bytes, or other sizes.
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.limits import MAX_CELLS, MAX_FINDINGS, MAX_PART_BYTES, MAX_PARTS, MAX_RATIO, RATIO_FROM
from renewopt.scenario.sheet_xml import FailedCell, Scan, TooMuchError, look
from renewopt.scenario.tables import Table, key_of
from renewopt.wording import NOTHING, Wording, words

__all__ = ["Workbook", "open_workbook"]

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an .xls begins."""
_CHUNK = 1 << 16
SHOWN_RUNS = 10
"""Runs of hidden rows that are told one by one."""
_ANEW = words("save it anew as .xlsx, or as CSV")


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that can be read.

    Parameters
    ----------
    file : str
        Its name in findings.
    titles : tuple of str
        Of its sheets, in their order.
    parts : dict of str to bytes
        The parts of the zip that were looked at, unzipped; none for an .xls.
    scans : dict of str to Scan
        What was seen of each part.
    grids : dict of str to list of list
        Cells of a sheet that was read.
    merged : dict of str to (list of int, list of int)
        Of a sheet that was read: rows in which merged cells begin that were filled down, and those that hold a number.
    """

    file: str
    titles: tuple[str, ...]
    book: Any
    parts: dict[str, bytes] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)
    grids: dict[str, list[list[Any]]] = field(default_factory=dict)
    merged: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)

    def rows(self, title: str) -> list[list[Any]]:
        """Cells of a sheet, from its first row and column on.

        Raises
        ------
        ScenarioError
            If it cannot be read.
        """
        rows: list[list[Any]]
        rows, merged = _read(lambda: _cells(self.book.get_sheet_by_name(title)), self.file)
        self.merged[title] = fill_down(rows, merged)
        self.grids[title] = rows
        return rows

    def failures(self, table: Table) -> Iterator[Finding]:
        """Report cells of a sheet in which a formula has failed, which the reader gives as empty, and hidden rows.

        Parameters
        ----------
        table : Table
            What the sheet holds.
        """
        title = table.locate(-1, "").sheet
        filled, numbers = self.merged.get(title, ((), ()))
        if filled:
            message = words("merged cells are filled down, from row {row} on", row=filled[0])
            yield Finding("warning", self.file, None, "", message, NOTHING, title)
        for row in numbers[:MAX_FINDINGS]:
            message = words("a number stands in merged cells; whose it is cannot be told")
            yield Finding("error", self.file, row, "", message, words("write it in each row that it is true of"), title)
        part = next((part for name, part in _sheets(self.parts) if name == title), "")
        scan = self.scans.get(part, Scan([]))
        if scan.hidden:
            message = words("hidden rows are read like all others: {rows}", rows=_runs(scan.hidden))
            mend = words("show them and look; delete those that are not meant")
            yield Finding("warning", self.file, scan.hidden[0], "", message, mend, title)
        for cell in scan.failed[:MAX_FINDINGS]:
            key = self._key(table, cell)
            if cell.error:
                message = words("{text} is the error of a formula", text=cell.error)
                mend = words("mend the formula in the spreadsheet and save again")
            else:
                message = words("the formula has no value yet")
                mend = words("open the file in a spreadsheet, let it reckon, and save it")
            yield Finding("error", self.file, cell.row, key, message, mend, title)

    def _key(self, table: Table, cell: FailedCell) -> str:
        """Name the column of a cell, or the cell itself where it has no header that is read."""
        place = table.locate(-1, "")
        grid, line = self.grids.get(place.sheet, []), place.line or 1
        for row in (line, line - 1):
            cells = grid[row - 1] if 0 < row <= len(grid) else []
            header = str(cells[cell.column]).strip() if cell.column < len(cells) else ""
            known = next((word for word in (header, header.rstrip(" *＊")) if word and word in table.columns), "")
            if known:
                return key_of(known)
        return f"cell {_letters(cell.column)}{cell.row}"


def _letters(column: int) -> str:
    """Name a column, counted from 0, as a spreadsheet does."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def _runs(rows: list[int]) -> str:
    """Write rows shortly: 5, 7-9."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    told = [f"{first}-{last}" if last > first else str(first) for first, last in runs]
    return ", ".join(told[:SHOWN_RUNS]) + (" …" if len(told) > SHOWN_RUNS else "")


def _cells(sheet: Any) -> tuple[list[list[Any]], Iterable[tuple[tuple[int, int], tuple[int, int]]]]:
    # The old formats do not tell which cells are merged.
    return sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ()


def fill_down(
    rows: list[list[Any]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> tuple[list[int], list[int]]:
    """Write what stands in merged cells into each of their rows, in place, where it is a text or a date.

    Returns
    -------
    (list of int, list of int)
        Rows, from 1, in which cells begin that were filled down, and those that hold a number.
    """
    filled: list[int] = []
    numbers: list[int] = []
    left = sum(map(len, rows))  # cells that merge into one another are no reason to write without end
    for (first, column), (last, _) in merged:
        stop = min(last + 1, len(rows))
        if stop - first < 2 or column >= len(rows[first]) or rows[first][column] == "" or left <= 0:
            continue
        value = rows[first][column]
        if isinstance(value, int | float) and not isinstance(value, bool):
            numbers.append(first + 1)
            continue
        filled.append(first + 1)
        for row in rows[first + 1 : stop]:
            row[column] = value
        left -= stop - first
    return sorted(filled), sorted(numbers)


def _sheets(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Sheets of a workbook and the parts of the file that hold them."""
    try:
        book = ET.fromstring(parts["xl/workbook.xml"])
        links = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])
    except (KeyError, ET.ParseError):
        return
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in parts:
                yield str(element.get("name")), part


def open_workbook(data: bytes, file: str) -> Workbook:
    """Open a workbook (XLSX, XLSM, XLSB, XLS, ODS).

    Parameters
    ----------
    data : bytes
    file : str
        Name of the file in findings.

    Raises
    ------
    ScenarioError
        If it is none, if it takes more room than is given to it, or if it is not what it says to be.
    """
    from python_calamine import CalamineWorkbook

    parts: dict[str, bytes] = {}
    scans: dict[str, Scan] = {}
    try:
        if zipfile.is_zipfile(io.BytesIO(data)):
            parts, scans = _unzipped(data)
            data = _zipped(parts)
        elif not data.startswith(_OLD):
            raise TooMuchError(words("it is no workbook"), _ANEW)
        if not any(name in parts for name in ("xl/workbook.xml", "content.xml")):
            _try_apart(data)
    except TooMuchError as error:
        message, mend = error.args
        raise _refused(file, message, mend) from None
    book = _read(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)), file)
    return Workbook(file, tuple(book.sheet_names), book, parts, scans)


def _refused(file: str, reason: Wording, mend: Wording = NOTHING) -> ScenarioError:
    message = words("the file cannot be read as a workbook ({reason})", reason=reason)
    return ScenarioError([Finding("error", file, None, "", message, mend or _ANEW)])


def _read(read: Any, file: str) -> Any:
    """Read something of a workbook, a reader's error and its failure told alike.

    Raises
    ------
    ScenarioError
    """
    from python_calamine import CalamineError

    try:
        return read()
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError) as error:
        raise _refused(file, words("{reason}", reason=str(error)[:80])) from None
    except BaseException as error:
        # Rust's failures are no Exception of Python.
        if type(error).__name__ != "PanicException":
            raise
        raise _refused(file, words("its content is damaged")) from None


# --- unzipping -----------------------------------------------------------------------------------------------------


def _unzipped(data: bytes) -> tuple[dict[str, bytes], dict[str, Scan]]:
    """Unzip the parts that are read, looking at them on the way, and none further than its bound.

    Returns
    -------
    parts : dict of str to bytes
    scans : dict of str to Scan
        What was seen of each.

    Raises
    ------
    TooMuchError
        If there are too many, or they are too large, or other than the zip says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            members = book.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        raise TooMuchError(_DAMAGED, _ANEW) from None
    if len(members) > MAX_PARTS:
        message = words(
            "it has {count:,} {count:part|parts}; at most {most:,} are read", count=len(members), most=MAX_PARTS
        )
        raise TooMuchError(message, _ANEW)
    if len({member.filename for member in members}) < len(members):
        raise TooMuchError(words("two of its parts have one name"), _ANEW)
    wanted = [member for member in members if _is_read(member.filename)]
    total = sum(member.file_size for member in wanted)
    if total > MAX_PART_BYTES:
        raise TooMuchError(_too_large(total), _ANEW)
    if total > RATIO_FROM and total > MAX_RATIO * sum(member.compress_size for member in wanted):
        raise TooMuchError(_too_large(total), _ANEW)
    for member in wanted:
        if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * member.compress_size:
            raise TooMuchError(_too_large(member.file_size), _ANEW)
    view = memoryview(data)
    parts: dict[str, bytes] = {}
    scans: dict[str, Scan] = {}
    shared: list[int] = []
    # The texts that cells share come before the sheets that name them.
    for member in sorted(wanted, key=lambda member: "sharedstrings" not in member.filename.lower()):
        pieces: list[bytes] = []
        passing = _passing(_inflated(view, member), pieces)
        if member.filename.lower().endswith((".xml", ".rels")):
            try:
                scans[member.filename] = look(passing, shared)
            except TooMuchError as error:
                reason, mend = error.args
                raise TooMuchError(words("{part}: {reason}", part=member.filename, reason=reason), mend) from None
        else:
            deque(passing, maxlen=0)
        parts[member.filename] = b"".join(pieces)
    return {member.filename: parts[member.filename] for member in wanted}, scans


def _passing(content: Iterable[bytes], into: list[bytes]) -> Iterator[bytes]:
    """Keep what passes by."""
    for piece in content:
        into.append(piece)
        yield piece


def _too_large(size: int) -> Wording:
    return words("unzipped it takes {megabytes:,} MB", megabytes=size // 1_000_000)


def _is_read(name: str) -> bool:
    """Whether a reader of sheets needs a part: no pictures, drawings or whatever else lies in it."""
    lower = name.lower()
    aside = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/embeddings/", "xl/comments", "customxml/", "docprops/")
    return (lower.endswith((".xml", ".rels", ".bin")) and not lower.startswith(aside)) or lower == "mimetype"


def _inflated(data: memoryview, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Inflate one part, piece by piece, as far as it is said to go.

    Raises
    ------
    TooMuchError
        If its size or checksum is another one.
    """
    header = bytes(data[member.header_offset : member.header_offset + 30])
    if len(header) < 30 or header[:4] != b"PK\x03\x04" or member.flag_bits & 1:
        raise TooMuchError(_DAMAGED, _ANEW)
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise TooMuchError(words("it is zipped in a way that is not known"), _ANEW)
    begin = (
        member.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    )
    packed = bytes(data[begin : begin + member.compress_size])
    pieces = _stored(packed) if member.compress_type == zipfile.ZIP_STORED else _deflated(packed)
    size = checksum = 0
    for piece in pieces:
        size, checksum = size + len(piece), zlib.crc32(piece, checksum)
        if size > member.file_size:
            break
        yield piece
    if size != member.file_size:
        raise TooMuchError(words("a part of it is not as large as its zip says"), _ANEW)
    if checksum != member.CRC:
        raise TooMuchError(_DAMAGED, _ANEW)


_DAMAGED = words("its zip is damaged, or has a password")


def _stored(packed: bytes) -> Iterator[bytes]:
    for begin in range(0, len(packed), _CHUNK):
        yield packed[begin : begin + _CHUNK]


def _deflated(packed: bytes) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflater.eof:
            piece = inflater.decompress(packed, _CHUNK)
            packed = inflater.unconsumed_tail
            if not piece and not packed:
                break
            yield piece
        yield inflater.flush()
    except zlib.error:
        raise TooMuchError(_DAMAGED, _ANEW) from None


def _zipped(parts: dict[str, bytes]) -> bytes:
    """Put parts into a zip, as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


# --- formats that cannot be looked through --------------------------------------------------------------------------

_SECONDS, _ROOM = 60, 1_500_000_000
"""Processor seconds and bytes that reading a workbook of an old format may take."""
_TRIAL = f"""
import io, sys
try:
    import resource
except ImportError:
    pass
else:
    for what, most in ((resource.RLIMIT_CPU, {_SECONDS}), (resource.RLIMIT_AS, {_ROOM}), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            pass
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
for title in book.sheet_names:
    end = book.get_sheet_by_name(title).end
    if end and (end[0] + 1) * (end[1] + 1) > {MAX_CELLS}:
        sys.exit(3)
"""


def _try_apart(data: bytes) -> None:
    """Read a workbook of binary parts (XLS, XLSB) in a process of its own first, which it may end.

    Raises
    ------
    TooMuchError
        If that process ran out of memory or time, or died.
    """
    command: Iterable[str] = [sys.executable, "-P", "-c", _TRIAL]
    done = subprocess.run(list(command), input=data, capture_output=True, check=False)
    if done.returncode:
        raise TooMuchError(words("its content is damaged, or takes too much room"), _ANEW)
