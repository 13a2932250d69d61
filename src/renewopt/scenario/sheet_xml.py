"""A look at the XML of a workbook's sheets before they are laid out: how far they reach, and how much they hold.

A sheet is laid out from its first cell to its last, so that a single cell at its far end takes all the room in between,
and a text that many cells name is written out for each of them. Both can be told from the XML as it passes by, without
keeping it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from renewopt.scenario.limits import MAX_CELL_TEXT, MAX_CELLS, MAX_DEPTH, MAX_FINDINGS, MAX_TEXTS
from renewopt.wording import words

__all__ = ["FailedCell", "Scan", "TooMuchError", "look"]

ROWS, COLUMNS = 1_048_576, 16_384
"""What a sheet has room for."""
_SPARSE = 1_000_000
"""Cells of a sheet, empty ones among them, that may be nearly all empty."""
_FILLED = 100
"""One cell in so many holds something, in a sheet that is larger."""
_TEXT = 50_000_000
"""Signs in all cells of a sheet ..."""
_TEXT_PER_BYTE = 5
"""... or so many for each byte of its XML, if that is more."""
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_LAG = 16_000_000
"""Bytes that one tag may have."""


class TooMuchError(Exception):
    """A part that is not laid out: its first argument says why, its second how to mend it."""


@dataclass(frozen=True, slots=True)
class FailedCell:
    """A cell whose formula gave an error, or nothing yet ("")."""

    column: int
    """From 0."""
    row: int
    """From 1."""
    error: str


@dataclass(slots=True)
class Scan:
    """What a part of a workbook holds.

    Parameters
    ----------
    shared : list of int
        Length of each text that cells share, for the sheets that are looked at later.
    """

    shared: list[int]
    rows: int = 0
    columns: int = 0
    filled: int = 0
    text: int = 0
    failed: list[FailedCell] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    """Rows, from 1, that are not shown and hold something."""


def look(content: Iterable[bytes], shared: list[int]) -> Scan:
    """Look at a part's XML.

    Parameters
    ----------
    content : iterable of bytes
        Piece by piece, so that it is unzipped no further than it is looked at.
    shared : list of int
        Takes the lengths of the texts that cells share, if this is the part that holds them.

    Raises
    ------
    TooMuchError
        If it reaches further, or holds more, than is laid out; if it is no XML, or XML with definitions of its own.
    """
    scan = Scan(shared)
    reader = _Reader(scan)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _no_definitions
    size = 0
    try:
        for piece in content:
            parser.Parse(piece, False)
            size += len(piece)
            if size - parser.CurrentByteIndex > _LAG:
                raise TooMuchError(words("a tag of it never ends"), _ANEW)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise TooMuchError(words("its XML is broken on line {line}", line=error.lineno), _ANEW) from None
    except (LookupError, ValueError):  # an encoding that Python does not know, or not here
        raise TooMuchError(words("its XML is broken on line {line}", line=1), _ANEW) from None
    reader.close()
    if scan.filled > max(_SPARSE, size // 4):
        raise TooMuchError(words("its cells are repeated {count:,} {count:time|times}", count=scan.filled), _ANEW)
    if scan.text > max(_TEXT, _TEXT_PER_BYTE * size):
        raise TooMuchError(
            words("its cells repeat {count:,} {count:character|characters} of text", count=scan.text), _SHORTER
        )
    return scan


_ANEW = words("save it anew as .xlsx")
_SHORTER = words("shorten the texts")


def _no_definitions(*_: object) -> None:
    raise TooMuchError(words("it defines entities of its own"), _ANEW)


class _Reader:
    """Follows the elements of sheets, of shared texts, and of tables of an OpenDocument."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.depth = self.met = 0
        self.row = self.column = 0
        """Of the cell that is read, from 1; of the next one, where none is."""
        self.kind = self.error = ""
        self.counted = self.formula = self.valued = self.inside = self.hidden = self.given = False
        self.length = 0
        self.letters: dict[str, int] = {}
        self.across = self.down = 1
        """How often an OpenDocument repeats the cell and the row that are read."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooMuchError(words("its elements are nested more than {most} deep", most=MAX_DEPTH), _ANEW)
        _, _, name = name.rpartition(":")
        begin = _BEGIN.get(name)
        if begin is not None:
            begin(self, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        self.depth -= 1
        _, _, name = name.rpartition(":")
        end = _END.get(name)
        if end is not None:
            end(self)

    def characters(self, text: str) -> None:
        """Text stands in an element."""
        if not self.inside:
            return
        self.length += len(text)
        if self.length > MAX_CELL_TEXT:
            message = words("a cell holds more than {most:,} {most:character|characters}", most=MAX_CELL_TEXT)
            raise TooMuchError(message, _SHORTER)
        if self.valued:
            self.error = text

    # --- sheets

    def _row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r")
        self.row = self.row + 1 if stated is None else _number(stated, ROWS)
        self.column = 0
        self.hidden = attributes.get("hidden") in {"1", "true"}
        self.met += 1
        if max(self.row, self.met) > ROWS:
            raise TooMuchError(words("it has more than {most:,} {most:row|rows}", most=ROWS), _ANEW)

    def _cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            letters = place.rstrip("0123456789")
            column = self.letters.get(letters)
            if column is None:
                column = self.letters[letters] = _column(place)
            self.column = column
            digits = place[len(letters) :]
            if digits != str(self.row):
                self.row = _number(digits, ROWS)
        if self.column > COLUMNS:
            raise TooMuchError(words("it has more than {most:,} {most:column|columns}", most=COLUMNS), _ANEW)
        self.kind = attributes.get("t", "")
        self.inside = True
        self.counted = self.formula = self.valued = self.given = False
        self.error, self.length = "", 0

    def _value(self, _: dict[str, str]) -> None:
        self.valued, self.given, self.length = True, True, 0
        self._count()

    def _texts(self, _: dict[str, str]) -> None:
        self._count()

    def _formula(self, _: dict[str, str]) -> None:
        self.formula, self.length = True, 0

    def _count(self) -> None:
        """Count a cell that holds something."""
        if self.counted:
            return
        self.counted = True
        scan = self.scan
        scan.filled += 1
        if self.hidden and (not scan.hidden or scan.hidden[-1] != self.row):
            scan.hidden.append(self.row)
        if self.row > scan.rows or self.column > scan.columns:
            scan.rows, scan.columns = max(self.row, scan.rows), max(self.column, scan.columns)

    def _cell_ends(self) -> None:
        scan = self.scan
        if self.kind == "s" and self.error.isdigit() and len(self.error) < 9:
            index = int(self.error)
            scan.text += scan.shared[index] if index < len(scan.shared) else 0
        else:
            scan.text += self.length
        if len(scan.failed) > MAX_FINDINGS:
            pass
        elif self.kind == "e":
            scan.failed.append(FailedCell(self.column - 1, self.row, self.error or "#N/A"))
        elif self.formula and not self.error and not (self.kind == "str" and self.given):
            scan.failed.append(FailedCell(self.column - 1, self.row, ""))
        self.valued = self.inside = False

    # --- shared texts

    def _shared(self, _: dict[str, str]) -> None:
        self.inside, self.length = True, 0

    def _shared_ends(self) -> None:
        self.scan.shared.append(self.length)
        if len(self.scan.shared) > MAX_TEXTS:
            raise TooMuchError(words("it has more than {most:,} {most:text|texts}", most=MAX_TEXTS), _ANEW)
        self.inside = False

    # --- OpenDocument

    def _table(self, _: dict[str, str]) -> None:
        self.close()
        self.row = self.column = 0

    def _open_row(self, attributes: dict[str, str]) -> None:
        self.down = _number(attributes.get("table:number-rows-repeated", "1"), ROWS)
        self.column = 0

    def _open_row_ends(self) -> None:
        self.row += self.down
        if self.counted:
            self.scan.rows = max(self.scan.rows, self.row)
        self.counted = False

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self.across = _number(attributes.get("table:number-columns-repeated", "1"), COLUMNS)
        self.inside, self.length = True, 0
        if any(name.startswith("office:") for name in attributes):
            self._open_text(attributes)

    def _open_text(self, _: dict[str, str]) -> None:
        scan = self.scan
        self.counted = True
        scan.columns = max(scan.columns, self.column + self.across)
        scan.filled += self.across * self.down

    def _open_cell_ends(self) -> None:
        self.column += self.across
        self.scan.text += self.length * self.across * self.down
        self.inside, self.length = False, 0

    def close(self) -> None:
        """Hold what a sheet has come to against what is laid out."""
        scan = self.scan
        cells = scan.rows * scan.columns
        if cells > MAX_CELLS:
            message = words(
                (
                    "it reaches over {rows:,} {rows:row|rows} and {columns:,} {columns:column|columns}; at most "
                    "{most:,} {most:cell|cells} {most:is|are} read"
                ),
                rows=scan.rows,
                columns=scan.columns,
                most=MAX_CELLS,
            )
            raise TooMuchError(message, _STRAY)
        if cells > _SPARSE and scan.filled * _FILLED < cells:
            message = words(
                (
                    "it reaches over {rows:,} {rows:row|rows} and {columns:,} {columns:column|columns}, and only "
                    "{filled:,} {filled:cell holds|cells hold} something"
                ),
                rows=scan.rows,
                columns=scan.columns,
                filled=scan.filled,
            )
            raise TooMuchError(message, _STRAY)


_STRAY = words("delete what stands far below or to the right of the table")


def _number(text: str, most: int) -> int:
    """Read a number of rows or columns.

    Raises
    ------
    TooMuchError
        If it is none from 1 to `most`.
    """
    if text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most:
        return int(text)
    raise TooMuchError(words("it names a place {text!r} that no sheet has", text=text), _ANEW)


def _column(place: str) -> int:
    """Read the column of a cell's place, from 1.

    Raises
    ------
    TooMuchError
        If no sheet has it.
    """
    match = _PLACE.fullmatch(place)
    if match is None:
        raise TooMuchError(words("it names a place {text!r} that no sheet has", text=place), _ANEW)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return column


_BEGIN = {
    "row": _Reader._row,
    "c": _Reader._cell,
    "v": _Reader._value,
    "is": _Reader._texts,
    "f": _Reader._formula,
    "si": _Reader._shared,
    "table": _Reader._table,
    "table-row": _Reader._open_row,
    "table-cell": _Reader._open_cell,
    "covered-table-cell": _Reader._open_cell,
    "p": _Reader._open_text,
}
_END = {
    "c": _Reader._cell_ends,
    "si": _Reader._shared_ends,
    "table-row": _Reader._open_row_ends,
    "table-cell": _Reader._open_cell_ends,
    "covered-table-cell": _Reader._open_cell_ends,
}
