"""What a plan's folder holds: every file as bytes, and how they are known again as ours."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from renewopt.disk import Kind, digest, read_plain
from renewopt.problem.decisions import Decisions
from renewopt.results import tables
from renewopt.results.places import recorded
from renewopt.results.record import PlanRecord
from renewopt.results.replanned import PROMISES
from renewopt.results.replanning.template import ACTUALS, actuals_template
from renewopt.results.spreadsheets import table_bytes
from renewopt.results.workbook import FILE as WORKBOOK
from renewopt.results.workbook import open_kinds, workbook_bytes
from renewopt.wording import Language, of_its_place

if TYPE_CHECKING:
    from renewopt.results.briefing.telling import Brief
    from renewopt.results.work_summary.blocks import Block

__all__ = [
    "DECISIONS",
    "FILES",
    "FORMAT",
    "KIND",
    "LEARNT",
    "MAY_LACK",
    "OPTIONAL",
    "PROMISES_FILE",
    "RECORD",
    "RECORDED",
    "Contents",
    "columns_of",
    "render",
    "with_report",
]

RECORD = "plan.json"
FORMAT = 1
"""Raised when a reader of today could not read the files of tomorrow."""
LONGEST = 100_000_000
"""Bytes of ``plan.json`` that are read."""

DECISIONS = {
    "table": "text",
    "item": "count",
    "other": "count",
    "month": "count",
    "amount": "count",
}
"""Columns of decisions.csv: every table of `renewopt.problem.Decisions`, rows of the problem's tables by number."""

REPORT, BRIEF = "report.html", "brief.docx"
SUMMARIES = ("work-summary.md", "work-summary.docx")
LEARNT = "warm-start.npz"
UNWRITTEN = ("statement", "account", "left_out")
"""Tables that are not written where they are empty, as the statement of very many households is."""
MAY_LACK = (*UNWRITTEN, "programme")
"""Tables that plans of earlier versions do not have."""
ACTUALS_FILE, PROMISES_FILE = "actuals.csv", "promises.csv"
TABLES = (*(f"{name}.csv" for name in (*tables.COLUMNS, "prices", "decisions")), ACTUALS_FILE, PROMISES_FILE)

FILES = (RECORD, REPORT, BRIEF, WORKBOOK, LEARNT, *SUMMARIES, *TABLES)
"""Every file that a plan's folder may hold of ours."""

RECORDED = (
    "name",
    "scenario_sha256",
    "variant",
    "policy",
    "version",
    "start",
    "months",
    "status",
    "objective_name",
    "objective",
    "bound",
    "gap",
    "transition_fees",
    "fiscal_cost",
    "households",
    "settled",
    "clear_month",
    "all_settled_month",
)
OPTIONAL = ("waiting_cost", "promise_cost", "shortfall", "shortfall_bound", "programme_delay", "not_started")
"""Figures that are recorded only of plans that have them."""


@dataclass(frozen=True)
class Contents:
    """The files of a plan but for ``plan.json``, which depends on where they go.

    Attributes
    ----------
    files
        Content by name.
    failures
        Why a file that only tells of the plan could not be made, by name: the plan is not lost for it.
    """

    plan: PlanRecord
    files: Mapping[str, bytes]
    failures: Mapping[str, Exception]

    def within(self, folder: Path) -> dict[str, bytes]:
        """All files as they are to lie in a folder, with ``plan.json``, which knows every other one again."""
        record = _record(self.plan, folder)
        digests = {name: digest(content) for name, content in sorted(self.files.items())}
        digests[RECORD] = _digest_of(record)
        return {**self.files, RECORD: _text({**record, "files": digests}).encode()}


@of_its_place
def render(plan: PlanRecord, lang: Language, *, report: bool = True) -> Contents:
    """Make the files of a plan."""
    files: dict[str, bytes] = {}
    failures: dict[str, Exception] = {}

    def tell(name: str, make: Callable[[], bytes]) -> None:
        try:
            files[name] = make()
        except Exception as error:  # noqa: BLE001 - whatever happens to what only tells of a plan, the plan is kept
            failures[name] = error

    if plan.has_tables:
        for name, kinds in tables.COLUMNS.items():
            frame: pd.DataFrame = getattr(plan, name)
            if name not in UNWRITTEN or not frame.empty:
                files[f"{name}.csv"] = table_bytes(frame, kinds)
        if not plan.prices.empty:
            files["prices.csv"] = table_bytes(plan.prices, open_kinds(plan.prices))
        if plan.decisions is not None:
            files["decisions.csv"] = table_bytes(_decisions_frame(plan.decisions), DECISIONS)
            files[ACTUALS_FILE] = table_bytes(actuals_template(plan), ACTUALS)
        if plan.replanned is not None:
            files[PROMISES_FILE] = table_bytes(plan.promises, PROMISES)
        if plan.warm is not None:
            learnt = io.BytesIO()
            plan.warm.write(learnt)
            files[LEARNT] = learnt.getvalue()
        tell(WORKBOOK, lambda: workbook_bytes(plan, lang))
        text, word = SUMMARIES
        work = cache(lambda: _work(plan, lang))
        tell(text, lambda: _work_summary(work()).encode())
        tell(word, lambda: _word_summary(work(), lang))
    brief = cache(lambda: _told(plan, lang))
    tell(BRIEF, lambda: _brief(plan, lang, brief()))
    if report:
        tell(REPORT, lambda: _report(plan, lang, brief()).encode())
    return Contents(plan, files, failures)


def _told(plan: PlanRecord, lang: Language) -> Brief:
    from renewopt.results.briefing.telling import tell_brief

    return tell_brief(plan, lang)


def _brief(plan: PlanRecord, lang: Language, brief: Brief) -> bytes:
    from renewopt.results.briefing.word import brief_document

    return brief_document(plan, lang, brief=brief)


def _report(plan: PlanRecord, lang: Language, brief: Brief) -> str:
    from renewopt.results.reporting.plan_report import plan_report

    return plan_report(plan, lang, brief=brief)


def _work(plan: PlanRecord, lang: Language) -> list[Block]:
    from renewopt.results.work_summary.telling import tell_work

    return tell_work(plan, lang)


def _work_summary(blocks: Sequence[Block]) -> str:
    from renewopt.results.work_summary.blocks import as_markdown

    return as_markdown(blocks)


def _word_summary(blocks: Sequence[Block], lang: Language) -> bytes:
    from renewopt.results.work_summary.word import as_word

    return as_word(blocks, lang)


def _record(plan: PlanRecord, folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = {"format": FORMAT, **{name: getattr(plan, name) for name in RECORDED}}
    for name in OPTIONAL:
        if (value := getattr(plan, name)) is not None:
            record[name] = value
    record |= recorded(plan.place)
    record["scenario"] = _relative(plan.scenario_path, folder)
    record["scenario_files"] = [_relative(path, folder) for path in plan.scenario_files]
    record["options"] = dict(plan.options)
    record["seconds"] = dict(plan.seconds)
    record["tiers"] = [asdict(tier) for tier in plan.tiers]
    record["savings"] = None if plan.savings is None else asdict(plan.savings)
    record["shortfalls"] = [asdict(shortage) for shortage in plan.shortages]
    record["conflicts"] = [asdict(conflict) for conflict in plan.conflicts]
    record["findings"] = [asdict(remark) for remark in plan.findings]
    if plan.delayed:
        record["delayed"] = [asdict(delayed) for delayed in plan.delayed]
    if plan.tried:
        record["tried"] = [asdict(tried) for tried in plan.tried]
    if plan.without is not None:
        record["without"] = asdict(plan.without)
    record["stated"] = plan.stated
    if plan.starts:
        record["starts"] = dict(plan.starts)
    if plan.replanned is not None:
        record["replanned"] = asdict(plan.replanned)
    record["price_columns"] = open_kinds(plan.prices) if plan.has_tables else {}
    return record


def _relative(path: Path | None, folder: Path) -> str | None:
    if path is None:
        return None
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # pragma: no cover - another drive of Windows
        return path.resolve().as_posix()


def _text(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _digest_of(record: Mapping[str, Any]) -> str:
    """Digest of ``plan.json`` but for what it knows of the files, and for seconds: all else is the same each time."""
    return digest(_text({**record, "seconds": {}}).encode())


def with_report(folder: Path, report: str) -> dict[str, bytes]:
    """All files of a plan's folder as they lie there, with another report.

    Raises
    ------
    OSError
        If one of them cannot be read.
    """
    record = json.loads(read_plain(folder / RECORD, LONGEST))
    digests = record.pop("files")
    files = {name: read_plain(folder / name) for name in digests if name not in (RECORD, REPORT)}
    files[REPORT] = report.encode()
    known = {**digests, REPORT: digest(files[REPORT])}
    return {**files, RECORD: _text({**record, "files": dict(sorted(known.items()))}).encode()}


def _written(folder: Path) -> dict[str, list[str]] | None:
    """Digests of what was written with a plan; None where there is none, or ``plan.json`` itself was changed."""
    try:
        content = read_plain(folder / RECORD, LONGEST)
        record = json.loads(content)
        files = record.pop("files")
        if files.pop(RECORD) != _digest_of(record):
            return None
        return {**{name: [str(known)] for name, known in files.items()}, RECORD: [digest(content)]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


KIND = Kind(frozenset(FILES), RECORD, _written)
"""A plan's folder."""


def _decisions_frame(decisions: Decisions) -> pd.DataFrame:
    others = [name for name in DECISIONS if name != "table"]
    tables, blocks = [], []
    for f in fields(Decisions):
        rows, columns = getattr(decisions, f.name), columns_of(f.name)
        block = np.zeros((len(rows), len(others)), dtype=np.int64)
        block[:, [others.index(name) for name in columns]] = rows[:, : len(columns)]
        tables += [f.name] * len(rows)
        blocks.append(block)
    numbers = np.concatenate(blocks)
    return pd.DataFrame({"table": tables, **{name: numbers[:, place] for place, name in enumerate(others)}})


def columns_of(table: str) -> tuple[str, ...]:
    """Columns of decisions.csv that hold those of a table of decisions, in its order."""
    first, *others = Decisions.COLUMNS[table]
    known = {first: "item", "month": "month", "households": "amount", "fen": "amount"}
    return tuple(known.get(name, "other") for name in (first, *others))
