"""Files that are small to send and large to read: each of a kind, made anew in a folder.

A bomb is a function from a folder to the path of a scenario in it. What a city may have, however large, is none of
these: it stands in `LARGE`, and is read.
"""

# The sections below are read as they are written, however long their lines.
# ruff: noqa: E501

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

__all__ = ["BOMBS", "DUDS", "Bomb", "book", "district"]

Bomb = Callable[[Path], Path]
BOMBS: dict[str, Bomb] = {}
DUDS = (
    "a dimension that lies",
    "merged cells without end",
    "a part that nobody reads",
    "a workbook within a workbook",
    "many attributes",
    "a product of funds and months",
    "many sheets",
)
"""Bombs of which nothing is read that goes off: they may be read."""

HEAD = "name: n\nstart: 2024-01\nmonths: 12\n"
PROJECTS = "projects: [{id: P, moved_out: 2020-01}]\n"
FEES = "fee_policies: [{id: F, rate: 10, term: 24}]\n"
ROWS = "households: [{id: H, project: P, area: 80}]\n"
ESTATES = "estates: [{id: E, projects: [P], units: [{type: A, on_hand: 1}]}]\n"
FUNDS = "funds: [{id: B, opening: 100}]\n"
PARTS = {"head": HEAD, "projects": PROJECTS, "fees": FEES, "rows": ROWS, "estates": ESTATES, "funds": FUNDS}


def district(**changed: str) -> str:
    """Return a sound scenario of one household, sections of it replaced or added by name."""
    return "".join({**PARTS, **changed}.values())


def bomb(into: dict[str, Bomb], name: str) -> Callable[[Bomb], Bomb]:
    def keep(make: Bomb) -> Bomb:
        into[name] = make
        return make

    return keep


def text(into: dict[str, Bomb], name: str, make: Callable[[], str]) -> None:
    def write(folder: Path) -> Path:
        path = folder / "scenario.yaml"
        path.write_text(make(), encoding="utf-8")
        return path

    into[name] = write


def table(
    into: dict[str, Bomb],
    name: str,
    make: Callable[[], bytes | Iterable[bytes]],
    file: str = "rows.csv",
    sections: Callable[[], dict[str, str]] = dict,
) -> None:
    def write(folder: Path) -> Path:
        path = folder / "scenario.yaml"
        path.write_text(district(rows=f"households: {{file: {file}}}\n", **sections()), encoding="utf-8")
        made = make()
        with (folder / file).open("wb") as out:
            for part in (made,) if isinstance(made, bytes) else made:
                out.write(part)
        return path

    into[name] = write


# --- YAML that is refused -------------------------------------------------------------------------------------------

N = 100_000
DIGITS = "9" * N
text(BOMBS, "list items where none belong", lambda: district(x="quotes: [" + "1, " * N + "]\n"))
text(BOMBS, "list items of a section", lambda: district(funds="funds:\n" + "- 1\n" * N))
text(BOMBS, "items without an id", lambda: district(funds="funds:\n" + "- {}\n" * N))
text(
    BOMBS,
    "references that lead nowhere",
    lambda: district(
        estates=f"estates: [{{id: E, projects: [{', '.join(f'Q{i}' for i in range(N))}], units: [{{type: A}}]}}]\n"
    ),
)
text(BOMBS, "ids all alike", lambda: district(funds="funds:\n" + "- {id: B, opening: 1}\n" * N))
text(BOMBS, "unknown keys", lambda: district(x="".join(f"key{i}: 1\n" for i in range(N))))
text(BOMBS, "the same key again and again", lambda: district(x="moves: []\n" * N))
text(
    BOMBS,
    "overdue steps",
    lambda: district(
        fees="fee_policies:\n- id: F\n  rate: 10\n  term: 24\n  overdue:\n"
        + "".join(f"  - {{after: {i % 3000}, multiplier: 1}}\n" for i in range(N))
    ),
)
text(
    BOMBS,
    "steps of a rate",
    lambda: district(
        fees="fee_policies:\n- id: F\n  term: 24\n  rate:\n  - {yuan: 1}\n" + "  - {from: 2024-01, yuan: 10}\n" * N
    ),
)
text(
    BOMBS,
    "uplifts",
    lambda: district(
        fees="fee_policies:\n- id: F\n  term: 24\n  rate: 1\n  uplifts:\n"
        + "".join(f"  - {{group: g{i % 50_000}, percent: 1%}}\n" for i in range(N))
    ),
)
text(
    BOMBS,
    "instalments",
    lambda: district(
        x="vouchers:\n- id: V\n  price: 1\n  instalments:\n"
        + "".join(f"  - {{after: {i % 3000}, share: 0}}\n" for i in range(N))
    ),
)
text(
    BOMBS,
    "developers of a voucher",
    lambda: district(
        x="vouchers:\n- id: V\n  price: 1\n  developers:\n" + "".join(f"  - {{developer: D{i}}}\n" for i in range(N))
    ),
)
text(
    BOMBS,
    "bounds of entitlement",
    lambda: district(
        x="home_policies:\n- id: C\n  bounds:\n"
        + "".join(f"  - {{persons_from: {i}, persons_to: {i}}}\n" for i in range(N))
        + "  - {persons_from: 5, persons_to: 4}\n"
    ),
)
text(
    BOMBS,
    "variants",
    lambda: district(
        x="variants:\n" + "".join(f"  v{i}: {{months: {i}, funds: [{{id: B, opening: {i}}}]}}\n" for i in range(2_000))
    ),
)
text(
    BOMBS,
    "variants of many funds",
    lambda: district(
        funds="funds:\n" + "".join(f"- {{id: B{i}, opening: 1}}\n" for i in range(1000)),
        x="variants:\n" + "".join(f"  v{i}: {{funds: [{{id: B{i % 1000}, opening: 2}}]}}\n" for i in range(1_000)),
    ),
)
text(BOMBS, "nesting", lambda: district(x="x: " + "[" * N))
text(BOMBS, "nesting of mappings", lambda: district(x="x: " + "{a: " * N))
text(BOMBS, "nesting by indent", lambda: district(x="".join(" " * i + "a:\n" for i in range(3_000))))
text(BOMBS, "nesting of items", lambda: district(x="x: " + "- " * N + "\n"))
text(BOMBS, "a long key", lambda: district(x="k" * 5_000_000 + ": 1\n"))
text(BOMBS, "a long name", lambda: district(projects="projects: [{id: " + "P" * 5_000_000 + "}]\n"))
text(BOMBS, "a long value where a word belongs", lambda: district(x="objective: {minimise: " + "m" * 5_000_000 + "}\n"))
text(BOMBS, "a long quoted text", lambda: district(x='objective: {minimise: "' + "m" * 5_000_000 + '"}\n'))
text(BOMBS, "a long block of text", lambda: district(x="objective:\n  minimise: |\n" + "    word\n" * 500_000))
text(BOMBS, "a long folded text", lambda: district(x="objective:\n  minimise: >\n" + "    word\n\n" * 300_000))
text(BOMBS, "a text over many lines", lambda: district(x="objective:\n  minimise:\n" + "    word\n" * 500_000))
text(BOMBS, "a quote that never ends", lambda: district(x='objective: "' + "word\n" * 1_000_000))
text(BOMBS, "escapes", lambda: district(x='objective: "' + "\\u0041" * 500_000 + '"\n'))
text(BOMBS, "aliases", lambda: district(x="x: &a [1]\ny: [" + "*a, " * N + "]\n"))
text(
    BOMBS,
    "billion laughs",
    lambda: district(
        x="a: &a [x]\n"
        + "".join(f"a{i}: &a{i} [{', '.join(['*a' + (str(i - 1) if i else '')] * 10)}]\n" for i in range(10))
    ),
)
text(BOMBS, "anchors", lambda: district(x="x:\n" + "".join(f"- &a{i} 1\n" for i in range(N))))
text(BOMBS, "tags", lambda: district(x="x:\n" + "- !!str 1\n" * N))
text(BOMBS, "documents", lambda: district() + "---\na: 1\n" * N)
text(BOMBS, "comments", lambda: "#" * 19_000_000 + "\n" + district(funds="funds: []\n"))
text(BOMBS, "empty lines", lambda: district(funds="funds: []\n") + "\n" * 15_000_000)
text(BOMBS, "spaces", lambda: district(funds="funds: []\n") + " " * 15_000_000)
text(BOMBS, "tabs", lambda: district(funds="funds: []\n") + "\t" * 15_000_000)
text(BOMBS, "a directive", lambda: "%" + "A" * 10_000_000 + "\n---\n" + district())
text(BOMBS, "directives", lambda: "# a\n" * 2_000_000 + "%YAML 1.1\n---\n" + district())
text(BOMBS, "blanks before a directive", lambda: " " * 200_000 + "\n" + " " * 200_000 + "%YAML 1.1\n---\n" + district())
text(BOMBS, "question marks", lambda: district(x="? " * N + "\n"))
text(BOMBS, "colons", lambda: district(x="a" + ": " * N + "\n"))
text(BOMBS, "commas", lambda: district(x="x: [" + "," * N + "]\n"))
text(BOMBS, "open and close", lambda: district(x="x: [" + "[]," * N + "]\n"))
for where, shape in {
    "months": "months: {}\n", "money": "moves: [{{from: B, to: B, total_limit: {}}}]\n",
    "a share": "owing: [{{id: o, share: {}}}]\n", "a count": "throughput: [{{id: t, per_month: {}}}]\n",
    "a number": "objective: {{disutility_weight: {}}}\n", "a multiplier": "objective: {{offset_value: {}}}\n",
    "an amount": "futures: [{{id: f, take_up: [{{share: {}}}]}}]\n",
    "a month": "cash: [{{id: c, price: 1, start: {}}}]\n", "a key of months": "commitments: [{{id: c, by_month: {{{}: 1}}}}]\n",
    "a true or false": "home_policies: [{{id: h, round_up: {}}}]\n", "a name": "developers: [{{id: d, name: 1, homes: {}}}]\n",
    "a parameter": "policies: [{{id: p, policy: costliest-first, parameters: {{a: {}}}}}]\n",
}.items():  # fmt: skip
    for what, value in {
        "of many digits": DIGITS, "of many digits in quotes": f'"{DIGITS}"', "with a huge exponent": "1e999999",
        "with a huge exponent in quotes": '"1e999999999"', "with a tiny exponent in quotes": '"1e-999999999"',
        "with many decimals": "0." + "1" * N, "with many decimals in quotes": '"0.' + "1" * N + '"',
        "of many units": f'"{DIGITS}亿元"', "of many percent": f'"{DIGITS}%"', "in hexadecimal": "0x" + "f" * N,
        "of a million years": "1000000-01", "in Indian digits": '"' + "९" * N + '"',
    }.items():  # fmt: skip
        head = "name: n\nstart: 2024-01\n" + shape.format(value) if where == "months" else HEAD + shape.format(value)
        text(BOMBS, f"{where} {what}", lambda head=head: district(head=head) + "unknown: 1\n")
text(BOMBS, "months: a thousand million", lambda: district(head="name: n\nstart: 2024-01\nmonths: 1000000000\n"))
text(BOMBS, "a cohort of 10^12", lambda: district(rows="households: [{id: H, project: P, count: 1000000000000}]\n"))
text(
    BOMBS,
    "a household of 10^12 homes",
    lambda: district(rows="households: [{id: H, project: P, area: 80, homes: 1000000000000}]\n"),
)
text(
    BOMBS,
    "households of many homes",
    lambda: district(
        rows="households:\n" + "".join(f"- {{id: H{i}, project: P, area: 80, homes: 1000000}}\n" for i in range(100))
    ),
)
text(
    BOMBS,
    "tails and terms without end",
    lambda: district(fees="fee_policies: [{id: F, rate: 10, term: 3000, tail: 3000, x: 1}]\n"),
)


def people(count: int, more: str = "", projects: int = 1, cycle: int = 10**9) -> bytes:
    """Return a table of many households, `more` being further cells with ``%d`` for the household's number."""
    head = "id,project,area" + ("," + more.partition("=")[0] if more else "")
    cell = "," + more.partition("=")[2] if more else ""
    rows = (
        f"H{i},P{i % projects if projects > 1 else ''},80{cell % (i % cycle) if '%' in cell else cell}\n"
        for i in range(count)
    )
    return (head + "\n" + "".join(rows)).encode()


def listed(name: str, count: int, item: str) -> str:
    """Return a section of many items, ``%d`` being the item's number."""
    return f"{name}:\n" + "".join("- " + item.replace("%d", str(i)) + "\n" for i in range(count))


LONG = "name: n\nstart: 2024-01\nmonths: 3000\n"
MANY = {"projects": listed("projects", 2_000, "{id: P%d, moved_out: 2020-01}")}
table(
    BOMBS,
    "a product of estates and projects",
    lambda: people(100_000, projects=2_000),
    sections=lambda: {**MANY, "estates": listed("estates", 2_000, "{id: E%d, units: [{type: A, on_hand: 9}]}")},
)
table(
    BOMBS,
    "a product of estates and choosy households",
    lambda: people(100_000, "asks_for=t", 2_000),
    sections=lambda: {
        **MANY,
        "estates": listed("estates", 1_500, "{id: E%d, tags: [t], units: [{type: A, on_hand: 9}]}"),
    },
)
table(
    BOMBS,
    "a product of pairs of homes",
    lambda: people(10_000),
    sections=lambda: {
        "projects": "projects: [{id: P, moved_out: 2020-01, home_policy: C}]\n",
        "estates": "estates:\n- id: E\n  units:\n"
        + "".join(f"  - {{type: A{i}, area: {30 + i / 10}, on_hand: 9}}\n" for i in range(3_000)),
        "x": "home_policies: [{id: C, max_homes: 2, round_up: false}]\n",
    },
)
table(
    BOMBS,
    "a product of vouchers and developers",
    lambda: people(50_000),
    sections=lambda: {
        "x": listed("developers", 1_000, "{id: D%d}")
        + listed(
            "vouchers",
            3,
            "{id: V%d, price: 1, developers: [" + ", ".join(f"{{developer: D{i}}}" for i in range(1_000)) + "]}",
        )
    },
)
table(
    BOMBS,
    "a product of funds and months",
    lambda: people(10),
    sections=lambda: {
        "head": LONG,
        "fees": "fee_policies: [{id: F, rate: 10, term: 24, tail: 3000}]\n",
        "x": "opening_loans: [{id: l, amount: 1000000, months_left: 3000}]\nowing: [{id: o, share: 10%, latest: 3000}]\n",
        "funds": listed("funds", 1_000, "{id: B%d, opening: 100000, borrow: {limit: 100000, term: 3000}}"),
    },
)
table(
    BOMBS,
    "a product of clocks and months",
    lambda: people(60_000, "term=%d", cycle=2_999),
    sections=lambda: {
        "head": LONG,
        "fees": "fee_policies: [{id: F, rate: 10, term: 24, tail: 3000, overdue: [{after: 0, multiplier: 2}]}]\n",
        "projects": "projects: [{id: P, moved_out: 2020-01}]\n",
    },
)
table(
    BOMBS,
    "a product of commitments and months",
    lambda: people(10),
    sections=lambda: {"head": LONG, "x": listed("commitments", 9_000, "{id: c%d, monthly: 1}")},
)
table(
    BOMBS,
    "a product of opening loans and months",
    lambda: people(10),
    sections=lambda: {"x": listed("opening_loans", 9_000, "{id: c%d, amount: 100000, rate: 3.33%, months_left: 3000}")},
)
table(
    BOMBS,
    "a product of rates and households",
    lambda: people(200_000),
    sections=lambda: {
        "head": LONG,
        "fees": "fee_policies:\n- id: F\n  term: 24\n  rate:\n  - {yuan: 1}\n"
        + "".join(f"  - {{from: {2024 + i // 12}-{i % 12 + 1:02d}, yuan: {i + 2}}}\n" for i in range(2_000)),
    },
)
table(
    BOMBS,
    "a product of limits and households",
    lambda: people(100_000),
    sections=lambda: {"x": listed("throughput", 9_000, "{id: t%d, per_month: 3}") + "cash: [{id: c, price: 1}]\n"},
)
table(
    BOMBS,
    "a product of tiers and households",
    lambda: people(100_000),
    sections=lambda: {"x": "objective:\n  tiers:\n" + "".join(f"  - {{name: t{i}}}\n" for i in range(9_000))},
)

# --- files that are none ---------------------------------------------------------------------------------------------


@bomb(BOMBS, "a device without end")
def zero(folder: Path) -> Path:
    path = folder / "scenario.yaml"
    path.symlink_to("/dev/zero")
    return path


@bomb(BOMBS, "a device without end as a workbook")
def zero_book(folder: Path) -> Path:
    path = folder / "scenario.xlsx"
    path.symlink_to("/dev/zero")
    return path


@bomb(BOMBS, "a pipe that nobody writes")
def fifo(folder: Path) -> Path:
    path = folder / "scenario.yaml"
    os.mkfifo(path)
    return path


@bomb(BOMBS, "a socket")
def unix_socket(folder: Path) -> Path:
    before = Path.cwd()
    os.chdir(folder)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("scenario.yaml")
    finally:
        os.chdir(before)
    return folder / "scenario.yaml"


def _named(name: str, target: str | None, file: str) -> None:
    @bomb(BOMBS, name)
    def write(folder: Path) -> Path:
        path = folder / "scenario.yaml"
        path.write_text(district(rows=f"households: {{file: {file}}}\n"), encoding="utf-8")
        if target is None:
            os.mkfifo(folder / file)
        else:
            (folder / file).symlink_to(target)
        return path


_named("a table that is a device without end", "/dev/zero", "rows.csv")
_named("a table that is a workbook of a device", "/dev/zero", "rows.xlsx")
_named("a table that is random without end", "/dev/urandom", "rows.csv")
_named("a table that is a pipe", None, "rows.csv")
_named("a table that is a workbook of a pipe", None, "rows.xlsx")
_named("a table that is of the system", "/proc/self/environ", "rows.csv")
_named("a table that is memory of the system", "/proc/kcore", "rows.csv")
_named("a table that is the terminal", "/dev/stdin", "rows.csv")


@bomb(BOMBS, "a file with a hole of terabytes")
def sparse(folder: Path) -> Path:
    path = folder / "scenario.yaml"
    with path.open("wb") as out:
        out.truncate(2**42)
    return path


def _sparse_table(name: str, file: str, size: int) -> None:
    @bomb(BOMBS, name)
    def write(folder: Path) -> Path:
        path = folder / "scenario.yaml"
        path.write_text(district(rows=f"households: {{file: {file}}}\n"), encoding="utf-8")
        with (folder / file).open("wb") as out:
            out.write(b'id,project,area\nH,P,"')
            out.truncate(size)
        return path


_sparse_table("a table with a hole of terabytes", "rows.csv", 2**42)
_sparse_table("a workbook with a hole of terabytes", "rows.xlsx", 2**42)
_sparse_table("a quote that never closes over a gigabyte", "rows.csv", 2**30)

# --- CSV ---------------------------------------------------------------------------------------------------------------

FIRST = b"id,project,area\n"
table(BOMBS, "a million columns", lambda: FIRST + b"," * 1_000_000 + b"\n")
table(
    BOMBS,
    "a million columns in every row",
    lambda: b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n" + (b"," * 1_000_000 + b"\n") * 5,
)
table(
    BOMBS,
    "499 columns of many rows",
    lambda: b",".join(b"c%d" % i for i in range(499)) + b"\n" + (b"," * 498 + b"\n") * 20_000,
)
table(
    BOMBS,
    "a wide row among many",
    lambda: FIRST + b"H,P,80\n" * 10 + b"H,P,80" + b"," * 490 + b"\n" + b"a\n" * 1_000_000,
)
table(BOMBS, "NUL bytes", lambda: FIRST + b"\0" * 50_000_000)
table(BOMBS, "one long line", lambda: FIRST + b"x" * 20_000_000)
table(BOMBS, "one long id", lambda: FIRST + b"x" * 20_000_000 + b",P,80\n")
table(BOMBS, "one long quoted cell", lambda: FIRST + b'"' + b"x\n" * 10_000_000 + b'",P,80\n')
table(BOMBS, "a quote that never ends in a table", lambda: FIRST + b'H,P,"' + b"x\n" * 20_000_000)
table(BOMBS, "quotes alone", lambda: FIRST + b'""' * 10_000_000)
table(BOMBS, "quotes in unusual places", lambda: FIRST + b'H"1""a,P,8"0"\n' * 300_000)
table(BOMBS, "line ends alone", lambda: FIRST + b"\r" * 20_000_000)
table(BOMBS, "blank rows before one", lambda: FIRST + b"\n" * 2_000_000 + b"H,Q,80\n")
table(BOMBS, "numbers of many digits", lambda: FIRST + b"H,P," + b"9" * 10_000_000 + b"\n")
table(BOMBS, "numbers with thousands", lambda: FIRST + b'H,P,"1' + b",000" * 1_000_000 + b'x"\n')
table(BOMBS, "shares of many digits", lambda: b"id,project,weight\nH,P,1e999999999\n")
table(BOMBS, "many wrong cells", lambda: FIRST + b"".join(b"H%d,P,x%d\n" % (i, i) for i in range(300_000)))
table(BOMBS, "many wrong projects", lambda: FIRST + b"".join(b"H%d,Q%d,80\n" % (i, i) for i in range(300_000)))
table(BOMBS, "many ids twice", lambda: FIRST + b"".join(b"H%d,P,80\n" % (i // 2) for i in range(300_000)))
table(
    BOMBS,
    "many estates in a cell",
    lambda: b"id,project,estates\nH,P," + b";".join(b"E%d" % i for i in range(1_000_000)) + b"\n",
)
table(
    BOMBS,
    "many columns unknown",
    lambda: b"id,project," + b",".join(b"column_%d" % i for i in range(490)) + b"\nH,P" + b"," * 490 + b"\n",
)
table(BOMBS, "headers without end", lambda: b"id,project,area" + b"x" * 10_000_000 + b"\nH,P,80\n")
table(BOMBS, "not UTF-8 and not GBK", lambda: FIRST + b"\xff" * 50_000_000)
table(BOMBS, "GBK", lambda: FIRST + "户".encode("gb18030") * 20_000_000)
table(BOMBS, "spaces of all kinds", lambda: FIRST + ("\u3000" * 10_000_000).encode() + b",P,80\n")
table(BOMBS, "a stream of fees", lambda: FIRST + b"H,P,80\n" + b"\x85" * 10)

# --- workbooks ----------------------------------------------------------------------------------------------------------

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
OF_BOOK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SOUND = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>project</t></is></c>'
    '<c r="C1" t="inlineStr"><is><t>area</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>H</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>P</t></is></c><c r="C2"><v>80</v></c></row>'
)


def book(
    rows: str | Iterable[bytes] = SOUND,
    *,
    before: str = "",
    after: str = "",
    head: str = '<?xml version="1.0"?>',
    shared: str | Iterable[bytes] | None = None,
    sheets: int = 1,
    extra: dict[str, bytes | Iterable[bytes]] | None = None,
    level: int = 1,
) -> bytes:
    """Return the bytes of a workbook whose sheets hold the same rows, as they stand in the XML."""
    out = io.BytesIO()
    names = range(1, sheets + 1)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as parts:
        parts.writestr("[Content_Types].xml", TYPES)
        parts.writestr("_rels/.rels", RELATIONS)
        listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in names)
        parts.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OF_BOOK}"><sheets>{listed}</sheets></workbook>'
        )
        links = "".join(
            f'<Relationship Id="r{n}" Type="{OF_BOOK}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in names
        )
        if shared is not None:
            links += f'<Relationship Id="rs" Type="{OF_BOOK}/sharedStrings" Target="sharedStrings.xml"/>'
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>',
        )
        for n in names:
            with parts.open(f"xl/worksheets/sheet{n}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{head}<worksheet xmlns="{MAIN}">{before}<sheetData>'.encode())
                for piece in (rows.encode(),) if isinstance(rows, str) else rows:
                    sheet.write(piece)
                sheet.write(f"</sheetData>{after}</worksheet>".encode())
        if shared is not None:
            with parts.open("xl/sharedStrings.xml", "w", force_zip64=True) as strings:
                for piece in (shared.encode(),) if isinstance(shared, str) else shared:
                    strings.write(piece)
        for name, content in (extra or {}).items():
            with parts.open(name, "w", force_zip64=True) as part:
                for piece in (content,) if isinstance(content, bytes) else content:
                    part.write(piece)
    return out.getvalue()


def lying(data: bytes, name: str, size: int) -> bytes:
    """Let a member of a zip say that it is of another size, in both of its headers."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        start = parts.getinfo(name).header_offset
        central = parts.start_dir
    struct.pack_into("<I", changed, start + 22, size)
    at = changed.index(name.encode(), central) - 46
    struct.pack_into("<I", changed, at + 24, size)
    return bytes(changed)


def sheet(name: str, make: Callable[[], bytes], into: dict[str, Bomb] = BOMBS) -> None:
    table(into, f"{name}, in a table", make, "rows.xlsx")

    def whole(folder: Path) -> Path:
        path = folder / "scenario.xlsx"
        path.write_bytes(make())
        return path

    into[f"{name}, as the scenario"] = whole


def far(place: str) -> str:
    return f'{SOUND}<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{place}"><v>1</v></c></row>'


def many(piece: bytes, megabytes: int) -> Iterable[bytes]:
    block = piece * (1_000_000 // len(piece))
    return (block for _ in range(megabytes))


GIGABYTES = 300
"""Megabytes that stand for gigabytes: refused by the same bound, and made in a third of the time."""
sheet("a cell at the far end", lambda: book(far("XFD1048576")))
sheet("a cell in the last column", lambda: book(far("XFD2")))
sheet("a cell in the last row", lambda: book(far("A1048576")))
sheet("a cell far down and right", lambda: book(far("ZZ1000000")))
sheet("a cell beyond the sheet", lambda: book(far("XFE1048577")))
sheet("a cell beyond all numbers", lambda: book(far("A99999999999999999999")))
sheet("a cell of letters without end", lambda: book(far("Z" * 1_000_000 + "1")))
sheet("a cell of row 0", lambda: book(far("A0")))
sheet("a row at the end without cells' places", lambda: book(SOUND + '<row r="1048576"><c><v>1</v></c></row>'))
sheet("a row of many cells without places", lambda: book(SOUND + "<row>" + "<c><v>1</v></c>" * 300_000 + "</row>"))
sheet("a dimension that lies", lambda: book(SOUND, before='<dimension ref="A1:XFD1048576"/>'))
sheet(
    "merged cells without end",
    lambda: book(SOUND, after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 1000 + "</mergeCells>"),
)
sheet("a sheet that unzips to gigabytes", lambda: book(many(b'<row r="3"><c r="A3"><v>1</v></c></row>', GIGABYTES)))
sheet("blanks that unzip to gigabytes", lambda: book(many(b" ", GIGABYTES)))
sheet("shared strings that unzip to gigabytes", lambda: book(shared=many(b"<si><t>x</t></si>", GIGABYTES)))
sheet("one string of gigabytes", lambda: book(shared=[b"<sst><si><t>", *many(b"x", GIGABYTES), b"</t></si></sst>"]))
sheet(
    "many short shared strings",
    lambda: book(shared=[f'<sst xmlns="{MAIN}">'.encode(), *many(b"<si/>", 150), b"</sst>"]),
)
sheet(
    "a string named again and again",
    lambda: book(
        SOUND + "".join(f'<row r="{r}"><c r="D{r}" t="s"><v>0</v></c></row>' for r in range(3, 3000)),
        shared=f'<sst xmlns="{MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>',
    ),
)
sheet(
    "many rich runs",
    lambda: book(shared=[f'<sst xmlns="{MAIN}"><si>'.encode(), *many(b"<r><t>x</t></r>", 100), b"</si></sst>"]),
)
sheet("a part that nobody reads", lambda: book(extra={"xl/media/image1.png": many(b"\0", GIGABYTES)}))
sheet("styles that unzip to gigabytes", lambda: book(extra={"xl/styles.xml": many(b" ", GIGABYTES)}))
sheet("a size that lies low", lambda: lying(book(many(b" ", 300)), "xl/worksheets/sheet1.xml", 1000))
sheet("a size that lies high", lambda: lying(book(), "xl/worksheets/sheet1.xml", 0xFFFFFFF0))
sheet("many members", lambda: book(extra={f"xl/x{i}.xml": b"" for i in range(60_000)}))
sheet("many sheets", lambda: book(sheets=3_000))
sheet("a workbook within a workbook", lambda: book(extra={"xl/embeddings/a.xlsx": book(many(b" ", GIGABYTES))}))
sheet("deep elements", lambda: book(SOUND + "<row>" * 1_000_000))
sheet("many attributes", lambda: book(SOUND + "<row " + " ".join(f'a{i}="1"' for i in range(100_000)) + "/>"))
sheet("a long attribute", lambda: book(SOUND + '<row spans="' + "1" * 20_000_000 + '"/>'))
sheet("a long value", lambda: book(SOUND + '<row r="3"><c r="A3"><v>' + "1" * 20_000_000 + "</v></c></row>"))
sheet("a long formula", lambda: book(SOUND + '<row r="3"><c r="A3"><f>' + "1+" * 10_000_000 + "</f></c></row>"))
sheet(
    "an error of a formula in every cell",
    lambda: book(
        SOUND + "".join(f'<row r="{r}"><c r="C{r}" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>' for r in range(3, 300_000))
    ),
)
sheet("cells that open and never close", lambda: book(SOUND + '<c r="A1">' * 500_000))
sheet(
    "entities that explode",
    lambda: book(
        SOUND + '<row r="3"><c r="A3" t="inlineStr"><is><t>&z;</t></is></c></row>',
        head='<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(25))
        + "]>",
    ),
)
sheet(
    "an entity from a file",
    lambda: book(
        SOUND + '<row r="3"><c r="A3" t="inlineStr"><is><t>&z;</t></is></c></row>',
        head='<?xml version="1.0"?><!DOCTYPE w [<!ENTITY z SYSTEM "file:///etc/passwd">]>',
    ),
)
sheet(
    "an ods with repeated rows",
    lambda: ods("""<table:table table:name="s1"><table:table-row table:number-rows-repeated="1048576">
<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row></table:table>"""),
)
sheet(
    "an ods with a sound row repeated",
    lambda: ods(
        '<table:table table:name="s1"><table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16" office:value-type="float" office:value="1"/>'
        "</table:table-row></table:table>"
    ),
)
sheet(
    "an ods with rows repeated without end",
    lambda: ods("""<table:table table:name="s1"><table:table-row table:number-rows-repeated="18446744073709551615">
<table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>"""),
)
sheet("an xls that is none", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 10_000_000)
sheet(
    "an xls of chains",
    lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 0xFFFFFFF0, 0, 0, 4096, 0, 0xFFFFFFF0, 0, 0xFFFFFFF0)
        + bytes(436)
        + bytes(100_000)
    ),
)


def ods(body: str) -> bytes:
    """Return an OpenDocument sheet."""
    out = io.BytesIO()
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()
