"""A plan on disk: ``plan.json`` and the tables, written all at once or not at all."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from renewopt.problem.decisions import Decisions
from renewopt.results import tables
from renewopt.results.failures import OutputExistsError, PlanFileError
from renewopt.results.planned import (
    STATUSES,
    Conflict,
    ConflictingRule,
    Plan,
    Remark,
    Savings,
    Shortage,
    TierResult,
)
from renewopt.results.spreadsheets import read_table, write_table
from renewopt.results.texts import Language
from renewopt.results.workbook import FILE as WORKBOOK
from renewopt.results.workbook import open_kinds, write_workbook
from renewopt.wording import Names, words

__all__ = ["FILES", "read_plan", "refuse_existing", "write_plan"]

RECORD = "plan.json"
FORMAT = 1
"""Raised when a reader of today could not read the files of tomorrow."""

DECISIONS = {
    "table": "text",
    "item": "count",
    "other": "count",
    "month": "count",
    "amount": "count",
}
"""Columns of decisions.csv: every table of `renewopt.problem.Decisions`, rows of the problem's tables by number."""

REPORT = "report.html"
SUMMARIES = ("work-summary.md", "work-summary.docx")
LEARNT = "warm-start.npz"
TABLES = tuple(f"{name}.csv" for name in (*tables.COLUMNS, "prices", "decisions"))

FILES = (RECORD, REPORT, WORKBOOK, LEARNT, *SUMMARIES, *TABLES)
"""Every file that a plan's folder may hold of ours."""

_RECORDED = (
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


def refuse_existing(folder: Path, *, force: bool) -> None:
    """Raise if a plan may not be written into `folder`.

    Raises
    ------
    OutputExistsError
        If it exists and is not empty, and overwriting was not asked for; or if it is not a folder.
    """
    if folder.is_dir():
        if not force and any(folder.iterdir()):
            raise OutputExistsError(folder)
    elif folder.exists():
        raise OutputExistsError(folder)


def write_plan(plan: Plan, folder: Path, *, force: bool = False, report: bool = True, lang: Language = "en") -> Path:
    """Write a plan; see `Plan.write`."""
    refuse_existing(folder, force=force)
    folder.parent.mkdir(parents=True, exist_ok=True)
    parts = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_parts(plan, parts, folder, lang)
        if folder.exists():
            _replace(parts, folder)
        else:
            parts.chmod(0o777 & ~_umask())
            parts.rename(folder)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    if report:
        # Last and by itself: whatever happens to the report, the plan is on disk.
        _write_report(plan, folder / REPORT, lang)
    return folder


def _write_report(plan: Plan, path: Path, lang: Language) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(plan.report(lang), encoding="utf-8", newline="")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    """Read the umask, which takes setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _replace(parts: Path, folder: Path) -> None:
    """Put our files into a folder that exists; other files stay. Without plan.json it is no plan while we do so."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    written = sorted(parts.iterdir(), key=lambda path: path.name == RECORD)
    for path in written:
        path.replace(folder / path.name)


def _write_parts(plan: Plan, parts: Path, folder: Path, lang: Language) -> None:
    record: dict[str, Any] = {"format": FORMAT, **{name: getattr(plan, name) for name in _RECORDED}}
    record["scenario"] = _relative(plan.scenario_path, folder)
    record["options"] = dict(plan.options)
    record["seconds"] = dict(plan.seconds)
    record["tiers"] = [asdict(tier) for tier in plan.tiers]
    record["savings"] = None if plan.savings is None else asdict(plan.savings)
    record["shortfalls"] = [asdict(shortage) for shortage in plan.shortages]
    record["conflicts"] = [asdict(conflict) for conflict in plan.conflicts]
    record["findings"] = [asdict(remark) for remark in plan.findings]
    record["stated"] = plan.stated
    record["price_columns"] = open_kinds(plan.prices) if plan.feasible else {}
    text = json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)
    if plan.feasible:
        for name, kinds in tables.COLUMNS.items():
            write_table(getattr(plan, name), kinds, parts / f"{name}.csv")
        if record["price_columns"]:
            write_table(plan.prices, record["price_columns"], parts / "prices.csv")
        write_workbook(plan, parts / WORKBOOK, lang)
        _write_work_summary(plan, parts, lang)
        if plan.decisions is not None:
            write_table(_decisions_frame(plan.decisions), DECISIONS, parts / "decisions.csv")
        if plan.warm is not None:
            plan.warm.write(parts / LEARNT)
    (parts / RECORD).write_text(text + "\n", encoding="utf-8")


def _write_work_summary(plan: Plan, parts: Path, lang: Language) -> None:
    from renewopt.results.work_summary.blocks import as_markdown
    from renewopt.results.work_summary.telling import tell_work
    from renewopt.results.work_summary.word import as_word

    blocks = tell_work(plan, lang)
    text, word = SUMMARIES
    (parts / text).write_text(as_markdown(blocks), encoding="utf-8", newline="\n")
    (parts / word).write_bytes(as_word(blocks, lang))


def _relative(path: Path | None, folder: Path) -> str | None:
    if path is None:
        return None
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # pragma: no cover - another drive of Windows
        return path.resolve().as_posix()


def _decisions_frame(decisions: Decisions) -> pd.DataFrame:
    blocks = []
    for f in fields(Decisions):
        rows = getattr(decisions, f.name)
        block = pd.DataFrame(0, index=range(len(rows)), columns=list(DECISIONS), dtype=np.int64)
        block["table"] = f.name
        for column, name in enumerate(_columns(f.name)):
            block[name] = rows[:, column]
        blocks.append(block)
    frame = pd.concat(blocks, ignore_index=True)
    return frame.astype({name: np.int64 for name, kind in DECISIONS.items() if kind == "count"})


def _columns(table: str) -> tuple[str, ...]:
    """Columns of decisions.csv that hold those of a table of decisions, in its order."""
    if table == "complete":
        return ("item", "month")
    return ("item", "other", "month", "amount") if table == "pay" else ("item", "month", "amount")


def _decisions(frame: pd.DataFrame) -> Decisions:
    return Decisions(
        **{
            f.name: frame.loc[frame["table"] == f.name, list(_columns(f.name))].to_numpy(dtype=np.int64)
            for f in fields(Decisions)
        }
    )


def read_plan(path: str | os.PathLike[str]) -> Plan:
    """Read a plan that was written with ``renewopt plan --out`` or `Plan.write`.

    Parameters
    ----------
    path
        The folder, or its ``plan.json``.

    Raises
    ------
    PlanFileError
        If there is no plan, or it was changed so that it cannot be read.
    """
    record_path = Path(path)
    if record_path.is_dir() or record_path.name != RECORD:
        record_path /= RECORD
    folder = record_path.parent
    try:
        record = json.loads(record_path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise PlanFileError(
            words(
                "{folder} holds no {record}; expected a folder written by renewopt plan --out",
                folder=folder,
                record=RECORD,
            )
        ) from None
    except ValueError as error:
        raise PlanFileError(
            words("{path}: not readable ({error}); write the plan anew", path=record_path, error=error)
        ) from None
    try:
        return _plan(record, folder)
    except (KeyError, TypeError, AttributeError) as error:
        raise PlanFileError(
            words(
                "{path}: incomplete or changed ({error!r}); write the plan anew",
                path=record_path,
                error=error,
            )
        ) from None


def _plan(record: dict[str, Any], folder: Path) -> Plan:
    if record["format"] != FORMAT:
        raise PlanFileError(
            words(
                "{path}: format {found!r}, but this version of renewopt reads {known}; "
                "read it with the version that wrote it, or write the plan anew",
                path=folder / RECORD,
                found=record["format"],
                known=FORMAT,
            )
        )
    if record["status"] not in STATUSES:
        raise PlanFileError(
            words(
                "{path}: unknown status {status!r}; expected {names}",
                path=folder / RECORD,
                status=record["status"],
                names=Names(STATUSES),
            )
        )
    frames: dict[str, Any] = {}
    if record["status"] != "infeasible":
        frames = {name: read_table(folder / f"{name}.csv", kinds) for name, kinds in tables.COLUMNS.items()}
        if record["price_columns"]:
            frames["prices"] = read_table(folder / "prices.csv", record["price_columns"])
        if (folder / "decisions.csv").exists():
            frames["decisions"] = _decisions(read_table(folder / "decisions.csv", DECISIONS))
        if (folder / LEARNT).exists():
            from renewopt.optimiser.structured import WarmStart

            frames["warm"] = WarmStart.read(folder / LEARNT)
    stated = record["scenario"]
    return Plan(
        **{name: record[name] for name in _RECORDED},
        scenario_path=None if stated is None else (folder / stated).resolve(),
        options=record["options"],
        seconds=record["seconds"],
        tiers=tuple(TierResult(**tier) for tier in record["tiers"]),
        savings=None if record["savings"] is None else Savings(**record["savings"]),
        shortages=tuple(Shortage(**shortage) for shortage in record["shortfalls"]),
        conflicts=tuple(_conflict(conflict) for conflict in record.get("conflicts", [])),
        findings=tuple(Remark(**remark) for remark in record["findings"]),
        stated=record["stated"],
        **frames,
    )


def _conflict(record: dict[str, Any]) -> Conflict:
    return Conflict(tuple(ConflictingRule(**rule) for rule in record["rules"]), record["proven"])


def finite(value: float | None) -> float | None:
    """None in place of what JSON has no number for."""
    return value if value is not None and math.isfinite(value) else None
