"""Workbooks, mutated as zips, as XML and as cells."""

# Pieces of XML are read as they are written, however long their lines.
# ruff: noqa: E501

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from tests.fuzz.bombs import book, ods
from tests.fuzz.seeds import TABLE, books, texts
from tests.fuzz.values import SIGNS, any_value

__all__ = ["mutated_book", "write_book", "write_sheet"]

CELL = re.compile(rb"<c\b[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
PLACES = (b"A0", b"A1", b"A-1", b"XFD1", b"XFE1", b"A1048576", b"A1048577", b"XFD1048576", b"a1", b"1A", b"A", b"1", b"", b"AAAA1",
          b"A99999999999", b"B2:C3", b"$A$1", b"R1C1", "Ａ１".encode(), b"A1 ", b"&#65;1")  # fmt: skip
KINDS = (b"s", b"n", b"b", b"e", b"str", b"inlineStr", b"d", b"x", b"")
ERRORS = ("#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#SPILL!", "#ODD!", "", "x" * 500)
NUMBERS = ("0", "-1", "1e309", "-0", "NaN", "INF", "1e-400", "45444", "-45444", "1e10", "2958466", "0.1", "9" * 400, "x", "", " ", "1 2",
           "true", "2024-06-01", "2024-06-01T00:00:00", "٣")  # fmt: skip


def _clean(text: str) -> str:
    """Leave most texts such that XML may hold them."""
    return "".join(sign for sign in text if sign in "\t\n\r" or sign >= " ")


def _cells(rng: Random, content: bytes) -> bytes:
    """Change a few cells: what they hold, what they say that they are, and where they say that they stand."""
    for _ in range(rng.choice((1, 1, 2, 6))):
        found = list(CELL.finditer(content))
        if not found:
            return content
        match, other = rng.choice(found), rng.choice(found)
        cell = match[0]
        place = PLACE.search(cell)
        at = place[1] + place[2] if place else b"A1"
        change = rng.randrange(12)
        if change <= 3:
            text = _clean(any_value(rng))
            text = escape(text) if rng.random() < 0.95 else text
            made = b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (at, text.encode("utf-8", "surrogatepass"))
        elif change == 4:
            made = b'<c r="%s"><v>%s</v></c>' % (at, rng.choice(NUMBERS).encode())
        elif change == 5:
            made = b'<c r="%s" t="e"><v>%s</v></c>' % (at, rng.choice(ERRORS).encode())
        elif change == 6:
            formula = escape(_clean(any_value(rng))).encode("utf-8", "surrogatepass")
            value = rng.choice((b"", b"<v/>", b"<v></v>", b"<v>5</v>", b"<v>x</v>"))
            made = b'<c r="%s"%s><f>%s</f>%s</c>' % (at, rng.choice((b"", b' t="str"')), formula, value)
        elif change == 7:
            made = PLACE.sub(b'r="%s"' % rng.choice(PLACES), cell) if rng.random() < 0.7 else PLACE.sub(b"", cell)
        elif change == 8:
            made = (
                re.sub(rb'\bt="\w*"', b't="%s"' % rng.choice(KINDS), cell)
                if b' t="' in cell
                else cell[:2] + b' t="%s"' % rng.choice(KINDS) + cell[2:]
            )
        elif change == 9:
            made = re.sub(
                rb"<v>[^<]*",
                b"<v>%s" % rng.choice((b"-1", b"99999999", b"1e3", b"0.5", b"", b"x", b"4294967296")),
                cell,
            )
        elif change == 10:
            made = re.sub(rb'\bs="\d*"', b's="%s"' % rng.choice((b"0", b"1", b"9999", b"-1", b"x", b"")), cell)
        else:
            made = cell + other[0] if rng.random() < 0.5 else other[0]
        content = content[: match.start()] + made + content[match.end() :]
    return content


def _xml(rng: Random, content: bytes) -> bytes:  # noqa: PLR0911 - one for each way to break XML
    """Change the XML of a part, sound or not."""
    tags = list(re.finditer(rb"<[^>]*>", content))
    if not tags:
        return content
    match = rng.choice(tags)
    change = rng.randrange(9)
    if change == 0:
        return content[: match.start()] + content[match.end() :]
    if change == 1:
        return content[: match.end()] + match[0] + content[match.end() :]
    if change == 2:
        names = rb'="[^"]*"'
        return (
            content[: match.start()]
            + re.sub(
                names,
                b'="%s"' % escape(_clean(any_value(rng)), {'"': ""}).encode("utf-8", "replace"),
                match[0],
                count=1,
            )
            + content[match.end() :]
        )
    if change == 3:
        piece = rng.choice(
            (
                b"<!-- x -->",
                b"<![CDATA[x]]>",
                b"<?x y?>",
                b"&lt;",
                b"&#1;",
                b"&#x110000;",
                b"&z;",
                b"\0",
                b"<",
                b">",
                b"</c>",
                b"<c/>",
                b"<row/>",
                b'<row r="0"/>',
                b'<row r="99999999999"/>',
                b'<mergeCell ref="A1:XFD1048576"/>',
                b"\xff",
                "户".encode(),
            )
        )
        return content[: match.end()] + piece + content[match.end() :]
    if change == 4:
        return content[: rng.randrange(len(content))]
    if change == 5:
        return re.sub(
            rb"<\?xml.*?\?>",
            b'<?xml version="1.0" encoding="%s"?>' % rng.choice((b"UTF-16", b"latin-1", b"utf-7", b"x", b"GBK")),
            content,
        )
    if change == 6:
        doctype = rng.choice(
            (b"<!DOCTYPE x>", b'<!DOCTYPE x [<!ENTITY z "zz">]>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd">')
        )
        return re.sub(rb"(<\?xml.*?\?>)?", lambda found: found[0] + doctype, content, count=1)
    if change == 7:
        return content.decode("utf-8", "replace").encode(
            rng.choice(("utf-16", "utf-8-sig", "gb18030", "latin-1")), "replace"
        )
    changed = bytearray(content)
    for _ in range(rng.choice((1, 5))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _zipped(rng: Random, parts: dict[str, bytes], *, odd: bool) -> bytes:
    out = io.BytesIO()
    names = list(parts)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name in names:
            made.writestr(
                name,
                parts[name],
                rng.choice((zipfile.ZIP_DEFLATED,) * 4 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
                if odd
                else None,
            )
        if odd:
            import warnings

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of names that stand twice, which is what we are after
                for name in rng.sample(names, rng.randrange(3)):
                    made.writestr(
                        rng.choice((name, name.upper(), "../" + name, "/" + name, name.replace("/", "\\"))), b"x"
                    )
    return out.getvalue()


def _unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def _zip(rng: Random, data: bytes) -> bytes:
    """Change the zip itself: headers that lie, parts that are gone, bytes that are cut off."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        members = parts.infolist()
        central = parts.start_dir
    member = rng.choice(members)
    change = rng.randrange(7)
    if change == 0:
        return data[: rng.randrange(len(data))]
    if change == 1:
        for _ in range(rng.choice((1, 4, 40))):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    elif change == 2:
        field = rng.choice((14, 18, 22, 26, 28, 8, 6, 4))
        struct.pack_into("<H", changed, member.header_offset + field, rng.randrange(65536))
    elif change == 3:
        at = central + rng.randrange(len(data) - central)
        changed[at] = rng.randrange(256)
    elif change == 4:
        return rng.choice((b"x" * 40, b"PK\3\4" * 10, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))) + data
    elif change == 5:
        return data + rng.choice((b"x" * 40, data, b"PK\5\6" + bytes(18)))
    else:
        at = data.index(member.filename.encode(), central) - 46
        struct.pack_into(
            "<I", changed, at + rng.choice((16, 20, 24, 42)), rng.choice((0, 1, 2**31, 2**32 - 1, rng.randrange(2**20)))
        )
    return bytes(changed)


def mutated_book(rng: Random, data: bytes) -> bytes:
    """Return a workbook that was changed as cells, as XML, or as a zip."""
    chance = rng.random()
    if chance < 0.2:
        return _zip(rng, data)
    parts = _unzipped(data)
    sheets = [name for name in parts if "worksheets/sheet" in name]
    odd = False
    if chance < 0.65 and sheets:
        name = rng.choice(sheets)
        parts[name] = _cells(rng, parts[name])
    elif chance < 0.9:
        name = rng.choice([*sheets, *parts])
        parts[name] = _xml(rng, parts[name])
    elif chance < 0.95:
        del parts[rng.choice(list(parts))]
    else:
        odd = True
    return _zipped(rng, parts, odd=odd)


def write_book(rng: Random, folder: Path) -> Path:
    """Write a scenario's workbook that was changed."""
    path = folder / rng.choice(
        ("scenario.xlsx",) * 6 + ("scenario.xls", "scenario.ods", "scenario.xlsb", "scenario.xlsm")
    )
    path.write_bytes(mutated_book(rng, rng.choice(books())))
    return path


def _row(number: int, cells: list[str]) -> str:
    made = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}">{made}</row>'


def _sheets() -> list[Callable[[], bytes]]:
    rows = [line.split(",") for line in TABLE.decode("utf-8-sig").splitlines()]
    flat = "".join(_row(number, row) for number, row in enumerate(rows, start=1))
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return [
        lambda: book(flat),
        lambda: book(flat, sheets=2),
        lambda: ods(f'<table:table table:name="s">{cells}</table:table>'),
    ]


SHEETS: list[bytes] = []


def write_sheet(rng: Random, folder: Path) -> Path:
    """Write a scenario whose households stand in a sheet that was changed."""
    if not SHEETS:
        SHEETS.extend(make() for make in _sheets())
    data = rng.choice(SHEETS)
    if b"content.xml" in data and rng.random() < 0.7:
        parts = _unzipped(data)
        repeat = f' table:number-{rng.choice(("rows", "columns"))}-repeated="{rng.choice(("0", "2", "-1", "1048576", "99999999999", "x"))}"'
        content = parts["content.xml"].decode()
        tag = "<table:table-row" if "rows" in repeat else "<table:table-cell"
        places = [match.end() for match in re.finditer(tag, content)]
        at = rng.choice(places)
        parts["content.xml"] = (content[:at] + repeat + content[at:]).encode()
        made = _zipped(rng, parts, odd=False)
    else:
        made = mutated_book(rng, data)
    name = rng.choice(("rows.xlsx",) * 4 + ("rows.ods", "rows.xls"))
    (folder / name).write_bytes(made)
    path = folder / "scenario.yaml"
    sign = rng.choice(SIGNS) if rng.random() < 0.05 else ""
    sheet = f', sheet: "s{rng.randrange(4)}{sign if sign.isprintable() else ""}"' if rng.random() < 0.3 else ""
    stated = f"households: {{file: {name}{sheet}}}"
    path.write_text(texts()[0].replace("households: {file: households.csv}", stated), encoding="utf-8")
    return path
