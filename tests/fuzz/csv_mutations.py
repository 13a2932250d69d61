"""Tables in CSV, mutated cell by cell, line by line and byte by byte."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.fuzz.seeds import FILES, TABLE, texts
from tests.fuzz.values import SIGNS, any_value

__all__ = ["mutated_table", "write_table"]


def _cell(rng: Random, rows: list[list[str]]) -> None:
    row = rng.choice(rows)
    known = [cell for each in rows for cell in each]
    value = any_value(rng, known)
    if rng.random() < 0.3:
        value = '"' + value.replace('"', rng.choice(('"', '""'))) + '"'
    row[rng.randrange(len(row))] = value


def _column(rng: Random, rows: list[list[str]]) -> None:
    at, value = rng.randrange(len(rows[0])), any_value(rng)
    for row in rows[rng.randrange(2) :]:
        if at < len(row):
            row[at] = value


def _ragged(rng: Random, rows: list[list[str]]) -> None:
    row = rng.choice(rows)
    if rng.random() < 0.5:
        row += [any_value(rng)] * rng.choice((1, 2, 30, 600))
    else:
        del row[rng.randrange(len(row)) :]
        row += [] if row else [""]


def _rows(rng: Random, rows: list[list[str]]) -> None:
    at = rng.randrange(len(rows))
    chance = rng.randrange(4)
    if chance == 0:
        rows.insert(rng.randrange(len(rows) + 1), list(rows[at]))
    elif chance == 1 and len(rows) > 1:
        del rows[at]
    elif chance == 2:
        rows.insert(at, [""] * rng.randrange(1, 5))
    else:
        other = rng.randrange(len(rows))
        rows[at], rows[other] = rows[other], rows[at]


def _headers(rng: Random, rows: list[list[str]]) -> None:
    head = rows[0]
    at, other = rng.randrange(len(head)), rng.randrange(len(head))
    if rng.random() < 0.5:
        head[at] = rng.choice((head[other], any_value(rng), head[at].upper(), "count", "户数", "id", ""))
    else:
        head[at], head[other] = head[other], head[at]


CHANGES = (_cell, _cell, _cell, _column, _ragged, _rows, _headers)


def mutated_table(rng: Random, data: bytes) -> bytes:
    """Return a table that was changed in a few places."""
    rows = [line.split(",") for line in data.decode("utf-8-sig").splitlines()]
    for _ in range(rng.choice((1, 1, 2, 5))):
        rng.choice(CHANGES)(rng, rows)
    mark = rng.choice((",",) * 12 + (";", "\t", "，", "|", ", "))
    end = rng.choice(("\n",) * 6 + ("\r\n", "\r", "\n\n", "\x85", "\u2028"))
    made = end.join(mark.join(row) for row in rows).encode("utf-8", "surrogatepass")
    chance = rng.random()
    if chance < 0.3:
        changed = bytearray(made)
        for _ in range(rng.choice((1, 1, 3, 30))):
            at = rng.randrange(len(changed) + 1)
            kind = rng.randrange(3)
            piece = rng.choice((*SIGNS, '"', '"', ",", "\n")).encode("utf-8", "surrogatepass")
            changed[at : at + (kind > 0)] = piece if kind != 1 else bytes([rng.randrange(256)])
        made = bytes(changed)
    elif chance < 0.4:
        made = made.decode("utf-8", "replace").encode(
            rng.choice(("utf-16", "gb18030", "utf-8-sig", "big5", "latin-1")), "replace"
        )
    elif chance < 0.45:
        made = made[: rng.randrange(len(made) + 1)]
    return made


def write_table(rng: Random, folder: Path) -> Path:
    """Write a scenario one of whose tables was changed."""
    section = rng.choice(list(FILES))
    text = texts()[0]
    (folder / "households.csv").write_bytes(TABLE)
    if section != "households":
        # The rows of the section that stand in the text give way to the file.
        lines = text.splitlines()
        begin = lines.index(f"{section}:")
        end = next((at for at in range(begin + 1, len(lines)) if not lines[at].startswith(" ")), len(lines))
        lines[begin:end] = [f"{section}: {{file: {section}.csv}}"]
        text = "\n".join(lines) + "\n"
    (folder / f"{section}.csv").write_bytes(mutated_table(rng, FILES[section]))
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path
