"""Draw docs/architecture.svg from the import rules in pyproject.toml and the first line of each room's docstring.

Run it when a room is added or moved: ``python docs/make_pictures.py``. A test compares.
"""

from __future__ import annotations

import ast
import re
import tomllib
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PICTURE = HERE / "architecture.svg"

WIDTH, ROW, GAP, MARGIN = 900, 58, 24, 16
FILL = {
    "scenario": "#e6f0f8",
    "problem": "#e6f0f8",
    "decisions": "#e6f0f8",
    "optimiser": "#fdf0d5",
    "ledger": "#e2f0e4",
}
PLAIN = "#f4f4f2"


def layers() -> list[list[str]]:
    """Rooms from top to bottom; those of one row do not import each other."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in configuration["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            rows = [
                [room for room in re.findall(r"\w+", layer) if place(room).exists()] for layer in contract["layers"]
            ]
            return [row for row in rows if row]
    raise LookupError("pyproject.toml states no layers")


def place(room: str) -> Path:
    """File that says what a room is for."""
    folder = ROOT / "src" / "renewopt" / room
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def meaning(room: str) -> str:
    """First line of a room's docstring, without what follows a colon or semicolon."""
    text = ast.get_docstring(ast.parse(place(room).read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].rstrip(".").replace("`", "")


def broken(text: str, columns: int) -> list[str]:
    """Break a text into at most two lines."""
    lines: list[str] = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > columns:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) <= 2 else [lines[0], lines[1].rstrip(",;:") + " …"]


def draw() -> str:
    """Return the picture."""
    rows = layers()
    height = 2 * MARGIN + len(rows) * (ROW + GAP) - GAP
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            ' font-family="Helvetica, Arial, sans-serif" role="img">'
        ),
        "<title>The rooms of renewopt; imports point downwards only</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        (
            '<defs><marker id="down" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            'orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="#777777"/></marker></defs>'
        ),
    ]
    for number, rooms in enumerate(rows):
        top = MARGIN + number * (ROW + GAP)
        each = (WIDTH - 2 * MARGIN - GAP * (len(rooms) - 1)) / len(rooms)
        for position, room in enumerate(rooms):
            left = MARGIN + position * (each + GAP)
            parts.append(
                f'<rect x="{left:.0f}" y="{top}" width="{each:.0f}" height="{ROW}" rx="6" '
                f'fill="{FILL.get(room, PLAIN)}" stroke="#555555"/>'
            )
            middle = top + ROW / 2
            parts.append(
                f'<text x="{left + 14:.0f}" y="{middle + 5:.0f}" font-size="16" font-weight="bold">{room}</text>'
            )
            lines = broken(meaning(room), int((each - 145) / 6.3))
            start = middle + 4 - 8 * (len(lines) - 1)
            for line, text in enumerate(lines):
                parts.append(
                    f'<text x="{left + 132:.0f}" y="{start + 16 * line:.0f}" font-size="12.5" fill="#333333">'
                    f"{escape(text)}</text>"
                )
        if number + 1 < len(rows):
            below = top + ROW
            parts.append(
                f'<path d="M{WIDTH / 2:.0f} {below + 2} V{below + GAP - 2}" stroke="#777777" stroke-width="1.5" '
                'marker-end="url(#down)"/>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
