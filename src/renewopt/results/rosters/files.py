"""A home roster on disk: what can be posted, what the office keeps, and how both are known again as ours."""

from __future__ import annotations

import json
from pathlib import Path

from renewopt._version import __version__
from renewopt.disk import Kind, claimed, digest, put_folder, read_plain, refuse
from renewopt.results.rosters.posting import posted_page
from renewopt.results.rosters.record import COLUMNS, OFFICE, OPEN, RosterRecord
from renewopt.results.spreadsheets import table_bytes
from renewopt.wording import Language

__all__ = ["refuse_roster", "write_roster"]

RECORD, PAGE = "roster.json", "roster.html"
FILES = frozenset({RECORD, PAGE, "roster.csv", "office.csv", "open.csv", "left.csv"})
MADE_BY = "renewopt roster"
LONGEST = 1_000_000
"""Bytes of ``roster.json`` that are read."""
LEFT = {"estate": "text", "type": "text", "home": "text"}


def _written(folder: Path) -> dict[str, list[str]] | None:
    """Digests of what was written with a roster; None where there is none."""
    try:
        content = read_plain(folder / RECORD, LONGEST)
        record = json.loads(content)
        if record["made_by"] != MADE_BY:
            return None
        return {**{name: [str(known)] for name, known in record["files"].items()}, RECORD: [digest(content)]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


KIND = Kind(FILES, RECORD, _written)


def refuse_roster(folder: Path, *, force: bool) -> None:
    """Raise if a roster may not be written into a folder; see `renewopt.disk.refuse`."""
    refuse(folder, KIND, force=force)


def write_roster(roster: RosterRecord, folder: Path, *, force: bool = False, lang: Language = "en") -> Path:
    """Write a roster; see `Roster.write`."""
    files = {
        "roster.csv": table_bytes(roster.table, COLUMNS),
        "office.csv": table_bytes(roster.table, OFFICE),
        "open.csv": table_bytes(roster.open, OPEN),
        "left.csv": table_bytes(roster.left, LEFT),
        PAGE: posted_page(roster, lang).encode(),
    }
    record = {
        "made_by": MADE_BY,
        "version": __version__,
        "name": roster.name,
        "mode": roster.mode,
        "seed": roster.seed,
        "scenario_sha256": roster.scenario_sha256,
        "homes": len(roster.table),
        "open": len(roster.open),
        "files": {name: digest(content) for name, content in sorted(files.items())},
    }
    files[RECORD] = (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()
    with claimed(folder, KIND, roster.scenario_files) as claim:
        put_folder(claim, KIND, files, force=force, reads=roster.scenario_files)
    return folder
