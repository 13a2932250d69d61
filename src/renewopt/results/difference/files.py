"""A difference on disk: its tables, a record and a page, written all at once or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from renewopt._version import __version__
from renewopt.disk import IncompleteOutputError, Kind, claimed, digest, put_folder, read_plain, refuse
from renewopt.results.difference.record import COLUMNS
from renewopt.results.spreadsheets import table_bytes
from renewopt.wording import Language

if TYPE_CHECKING:
    from renewopt.results.difference.record import DifferenceRecord

__all__ = ["FILES", "KIND", "refuse_existing", "write_difference"]

RECORD = "difference.json"
REPORT = "report.html"
WORKBOOK = "difference.xlsx"
FORMAT = 1
MADE_BY = "renewopt diff"
FILES = (RECORD, REPORT, WORKBOOK, *(f"{name}.csv" for name in COLUMNS))
"""Every file that the folder of a difference may hold of ours."""
LONGEST = 1_000_000
"""Bytes of a record that are read."""


def _written(folder: Path) -> dict[str, list[str]] | None:
    """Digests of what was written with a difference; None where there is none, or its record was changed."""
    try:
        content = read_plain(folder / RECORD, LONGEST)
        record = json.loads(content)
        files = {str(name): [str(known)] for name, known in record.pop("files").items()}
        known = record.pop("digest")
        if record["made_by"] != MADE_BY or known != _digest({**record, "files": {n: d[0] for n, d in files.items()}}):
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return {**files, RECORD: [digest(content)]}


KIND = Kind(frozenset(FILES), RECORD, _written)
"""The folder of a difference."""


def refuse_existing(folder: Path, reads: Iterable[Path] = (), *, force: bool) -> None:
    """Raise if a difference may not be written into `folder`; see `renewopt.disk.refuse`."""
    refuse(folder, KIND, force=force, reads=reads)


def write_difference(difference: DifferenceRecord, folder: Path, *, force: bool = False, lang: Language = "en") -> Path:
    """Write a difference; see `Difference.write`."""
    refuse(folder, KIND, force=force, reads=difference.reads)
    files = {f"{name}.csv": table_bytes(getattr(difference, name), kinds) for name, kinds in COLUMNS.items()}
    failures: dict[str, Exception] = {}
    for name, make in ((REPORT, _report), (WORKBOOK, _workbook)):
        try:
            files[name] = make(difference, lang)
        except Exception as error:  # noqa: BLE001 - whatever happens to what only tells of it, the tables are kept
            failures[name] = error
    record = {
        "format": FORMAT,
        "made_by": MADE_BY,
        "version": __version__,
        "plans": {"a": asdict(difference.a), "b": asdict(difference.b)},
        "files": {name: digest(content) for name, content in sorted(files.items())},
    }
    files[RECORD] = _text({**record, "digest": _digest(record)}).encode()
    with claimed(folder, KIND, difference.reads) as claim:
        put_folder(claim, KIND, files, force=force, reads=difference.reads)
    for name, failure in failures.items():
        raise IncompleteOutputError(folder, name, failure)
    return folder


def _report(difference: DifferenceRecord, lang: Language) -> bytes:
    from renewopt.results.difference.report import difference_report

    return difference_report(difference, lang).encode()


def _workbook(difference: DifferenceRecord, lang: Language) -> bytes:
    from renewopt.results.difference.workbook import difference_workbook

    return difference_workbook(difference, lang)


def _digest(record: dict[str, object]) -> str:
    return digest(_text(record).encode())


def _text(record: dict[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
