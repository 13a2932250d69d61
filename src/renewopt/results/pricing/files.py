"""Prices on disk: tables, a record and a page, written all at once or not at all, and known again as ours."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from renewopt._version import __version__
from renewopt.disk import Kind, claimed, digest, put_folder, read_plain, refuse
from renewopt.results.pricing.record import COLUMNS, DIFFERENCES, PriceRecord
from renewopt.results.pricing.report import price_report
from renewopt.results.spreadsheets import table_bytes
from renewopt.wording import Language

__all__ = ["FILES", "refuse_existing", "write_prices"]

RECORD, REPORT = "price_list.json", "report.html"
FILES = frozenset({RECORD, REPORT, "prices.csv", "differences.csv"})
"""Every file that the folder of prices may hold of ours."""
MADE_BY = "renewopt prices"
LONGEST = 1_000_000
"""Bytes of a record that are read."""


def _written(folder: Path) -> dict[str, list[str]] | None:
    """Digests of what was written with prices; None where there are none."""
    try:
        content = read_plain(folder / RECORD, LONGEST)
        record = json.loads(content)
        if record["made_by"] != MADE_BY:
            return None
        return {**{name: [str(known)] for name, known in record["files"].items()}, RECORD: [digest(content)]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


KIND = Kind(FILES, RECORD, _written)


def refuse_existing(folder: Path, reads: Iterable[Path] = (), *, force: bool) -> None:
    """Raise if prices may not be written into a folder; see `renewopt.disk.refuse`."""
    refuse(folder, KIND, force=force, reads=reads)


def write_prices(prices: PriceRecord, folder: Path, *, force: bool = False, lang: Language = "en") -> Path:
    """Write prices; see `PriceList.write`."""
    refuse(folder, KIND, force=force, reads=prices.reads)
    files = {
        "prices.csv": table_bytes(prices.prices, COLUMNS),
        "differences.csv": table_bytes(prices.differences, DIFFERENCES),
        REPORT: price_report(prices, lang).encode(),
    }
    record = {
        "made_by": MADE_BY,
        "version": __version__,
        "name": prices.name,
        "variant": prices.variant,
        "scenario_sha256": prices.scenario_sha256,
        "objective_name": prices.objective_name,
        "objective": prices.objective,
        "bound": prices.bound,
        "relaxation": prices.relaxation,
        "classes": prices.classes,
        "choices": prices.choices,
        "months": list(prices.asked),
        "files": {name: digest(content) for name, content in sorted(files.items())},
    }
    files[RECORD] = (json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
    with claimed(folder, KIND, prices.reads) as claim:
        put_folder(claim, KIND, files, force=force, reads=prices.reads)
    return folder
