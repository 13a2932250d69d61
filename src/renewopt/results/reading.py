"""A plan read back from its folder: data that anybody may have written, taken for what it should be or refused."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from renewopt.asked import a_path
from renewopt.disk import OutputError, settle_cut_off
from renewopt.problem.decisions import Decisions
from renewopt.results import tables
from renewopt.results.contents import (
    DECISIONS,
    FORMAT,
    KIND,
    LEARNT,
    MAY_LACK,
    OPTIONAL,
    PROMISES_FILE,
    RECORD,
    RECORDED,
    columns_of,
)
from renewopt.results.failures import PlanFileError
from renewopt.results.files import cause_of
from renewopt.results.places import place_recorded
from renewopt.results.planned import Plan
from renewopt.results.record import (
    Conflict,
    ConflictingRule,
    Delayed,
    Remark,
    Savings,
    Shortage,
    TierResult,
    Tried,
    Without,
)
from renewopt.results.replanned import PROMISES, Replanned
from renewopt.results.spreadsheets import read_table
from renewopt.stored import StoredError
from renewopt.vocabulary import STATUSES
from renewopt.wording import Names, Wording, as_is, worded, words

__all__ = ["read_plan"]

MOST = 100_000_000
"""Bytes of plan.json that are read: what a scenario of a thousand estates states takes a few."""
SHOWN = 60
"""Signs of what was found that are shown."""

Number = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=0, le=10**12)]
YearMonth = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Tier(_Part):
    name: str
    value: Number
    bound: Number | None
    gap: Number | None
    goal: str = ""
    starts: Number | None = 0.0


class _Savings(_Part):
    waiting_fees: Number
    waiting_shortfall: Number
    against_waiting: Number
    office_convention: Number
    waiting_valued: Number = 0.0
    saved_valued: Number = 0.0


class _Shortage(_Part):
    what: str
    where: str
    month: str
    amount: Number | None
    text: dict[Literal["en", "zh"], str]
    by_month: dict[YearMonth, Number] = {}


class _ConflictingRule(_Part):
    key: str
    text: dict[Literal["en", "zh"], str]
    change: dict[Literal["en", "zh"], str] | None


class _Conflict(_Part):
    rules: list[_ConflictingRule]
    proven: bool
    certain: bool = False
    more: int = 0
    needed: bool = False


class _Remark(_Part):
    code: str
    text: dict[Literal["en", "zh"], str]


class _Delayed(_Part):
    phase: str
    months: Whole
    households: Whole
    fees: Number
    held_back: Number
    missing: Number
    first_short: str
    clear_month: str


class _Tried(_Part):
    future: str
    name: str
    does: dict[Literal["en", "zh"], str]
    draws: Whole
    short: Whole
    least: Number
    most: Number
    first_short: str
    late: Whole
    fees: Number


class _Without(_Part):
    transition_fees: Number | None
    objective: Number | None
    bound: Number | None
    shortfall: Number | None
    shortfall_bound: Number | None
    missing: Number | None = None


class _Replanned(_Part):
    month: YearMonth
    inflow: dict[str, dict[YearMonth, Number]]
    expected: dict[str, YearMonth]
    starts_before: dict[str, YearMonth | None] = {}
    opening_objective: Number
    promise_price: Number
    promises: Whole
    feasible: Whole
    kept: Whole
    promise_cost: Number
    keeping: Number | None
    keepable: Whole | None
    keeping_gap: Number | None


class _Record(BaseModel):
    """What ``plan.json`` holds; keys of later versions are passed over."""

    model_config = ConfigDict(strict=True)

    name: str
    scenario_sha256: str
    variant: str | None
    policy: str
    version: str
    start: YearMonth
    months: Annotated[int, Field(ge=1, le=3000)]
    objective_name: str
    objective: Number | None
    bound: Number | None
    gap: Number | None
    transition_fees: Number | None
    fiscal_cost: Number | None
    waiting_cost: Number | None = None
    promise_cost: Number | None = None
    programme_delay: Number | None = None
    not_started: Whole | None = None
    starts: dict[str, YearMonth | None] = {}
    replanned: _Replanned | None = None
    shortfall: Number | None = None
    shortfall_bound: Number | None = None
    households: Whole
    settled: Whole | None
    clear_month: YearMonth | None
    all_settled_month: YearMonth | None
    scenario: str | None
    options: dict[str, str | Number | bool | None]
    seconds: dict[str, Number]
    tiers: list[_Tier]
    savings: _Savings | None
    shortfalls: list[_Shortage]
    conflicts: list[_Conflict] = []
    findings: list[_Remark]
    delayed: list[_Delayed] = []
    tried: list[_Tried] = []
    without: _Without | None = None
    stated: dict[str, dict[str, dict[str, Any]]]
    scenario_files: list[str] = []
    currency: dict[str, Any] | None = None
    words: list[dict[str, Any]] = []
    price_columns: dict[str, Literal["text", "count", "money", "number"]]


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
    a_path("path", path)
    given = Path(path)
    file = given / RECORD if given.is_dir() or given.name != RECORD else given
    _settle(file.parent)
    record = _checked(_json(file), file)
    tabled = record["status"] != "infeasible" or record.get("shortfall") is not None
    frames = _frames(record, file.parent) if tabled else {}
    optional: dict[str, Any] = {name: record.get(name) for name in OPTIONAL}
    try:
        return Plan(
            **{name: record[name] for name in RECORDED},
            **optional,
            place=record["place"],
            scenario_path=None if record["scenario"] is None else (file.parent / record["scenario"]).resolve(),
            scenario_files=tuple((file.parent / name).resolve() for name in record.get("scenario_files", [])),
            options=record["options"],
            starts=record.get("starts", {}),
            seconds=record["seconds"],
            tiers=tuple(TierResult(**tier) for tier in record["tiers"]),
            savings=None if record["savings"] is None else Savings(**record["savings"]),
            shortages=tuple(Shortage(**shortage) for shortage in record["shortfalls"]),
            conflicts=tuple(
                Conflict(
                    tuple(ConflictingRule(**rule) for rule in conflict["rules"]),
                    conflict["proven"],
                    conflict.get("certain", conflict["proven"]),
                    conflict.get("more", 0),
                    conflict.get("needed", conflict["proven"]),
                )
                for conflict in record.get("conflicts", [])
            ),
            findings=tuple(Remark(**remark) for remark in record["findings"]),
            delayed=tuple(Delayed(**delayed) for delayed in record.get("delayed", [])),
            tried=tuple(Tried(**tried) for tried in record.get("tried", [])),
            without=None if record.get("without") is None else Without(**record["without"]),
            stated=record["stated"],
            replanned=None if record.get("replanned") is None else Replanned(**record["replanned"]),
            **frames,
        )
    except (ValueError, RuntimeError, OSError):  # a path that no system can have, or that leads in circles
        raise _changed(file, "scenario") from None


def _settle(folder: Path) -> None:
    """Put right what a writer left that was killed.

    Raises
    ------
    PlanFileError
        If somebody is writing at this moment, or it cannot be put right.
    """
    try:
        settle_cut_off(folder, KIND)
    except (OSError, OutputError) as error:
        raise PlanFileError(
            words("{folder}: the writing of it was cut off ({reason})", folder=folder, reason=cause_of(error))
        ) from None


def _json(file: Path) -> Any:
    try:
        if file.exists() and not file.is_file():
            raise PlanFileError(_not_readable(file, words("it is no plain file")))
        if file.exists() and file.stat().st_size > MOST:
            raise PlanFileError(
                _not_readable(file, words("the file is larger than {megabytes} MB", megabytes=MOST // 10**6))
            )
        return json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise PlanFileError(
            words(
                "{folder} holds no {record}; expected a folder written by renewopt plan --out",
                folder=file.parent,
                record=RECORD,
            )
        ) from None
    except ValueError as error:
        raise PlanFileError(_not_readable(file, as_is(error))) from None
    except OSError as error:
        raise PlanFileError(_not_readable(file, as_is(error.strerror or error))) from None
    except RecursionError:
        raise PlanFileError(_not_readable(file, words("it is nested too deeply"))) from None


def _not_readable(path: Path, error: Wording) -> Wording:
    return words("{path}: not readable ({error}); write the plan anew", path=path, error=error)


def _changed(path: Path, key: str) -> PlanFileError:
    return PlanFileError(words("{path}: incomplete or changed ({key}); write the plan anew", path=path, key=key))


def _checked(record: Any, file: Path) -> dict[str, Any]:
    """Refuse a record that is not of the form that is written; what it holds is quoted only where it is short."""
    if not isinstance(record, dict) or "format" not in record or "status" not in record:
        raise _changed(file, "format")
    if record["format"] != FORMAT:
        raise PlanFileError(
            words(
                "{path}: format {found}, but this version of renewopt reads {known}; "
                "read it with the version that wrote it, or write the plan anew",
                path=file,
                found=repr(record["format"])[:SHOWN],
                known=FORMAT,
            )
        )
    if record["status"] not in STATUSES:
        raise PlanFileError(
            words(
                "{path}: unknown status {status}; expected {names}",
                path=file,
                status=repr(record["status"])[:SHOWN],
                names=Names(STATUSES),
            )
        )
    try:
        _Record.model_validate(record)
        spoken_of = place_recorded(record)
    except ValidationError as error:
        place = error.errors(include_input=False, include_url=False)[0]["loc"]
        raise _changed(file, ".".join(map(str, place))[:SHOWN]) from None
    return {**record, "place": spoken_of}


def _frames(record: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Read the tables, the decisions and what the search has learnt."""
    frames: dict[str, Any] = {
        name: read_table(folder / f"{name}.csv", kinds, tables.LATER.get(name, ()))
        for name, kinds in tables.COLUMNS.items()
        if name not in MAY_LACK or (folder / f"{name}.csv").exists()
    }
    if record["price_columns"]:
        frames["prices"] = read_table(folder / "prices.csv", record["price_columns"])
    if (folder / "decisions.csv").exists():
        frames["decisions"] = _decisions(read_table(folder / "decisions.csv", DECISIONS))
    if (folder / PROMISES_FILE).exists() and record.get("replanned") is not None:
        frames["promises"] = read_table(folder / PROMISES_FILE, PROMISES)
    learnt = folder / LEARNT
    if learnt.exists():
        from renewopt.optimiser.warm_start import WarmStart

        try:
            frames["warm"] = WarmStart.read(learnt, len(frames["claims"]))
        except (StoredError, OSError) as error:
            raise PlanFileError(
                words(
                    "{path}: not what a search has learnt ({error}); delete it, or write the plan anew",
                    path=learnt,
                    error=worded(error),
                )
            ) from None
    return frames


def _decisions(frame: pd.DataFrame) -> Decisions:
    return Decisions(
        **{
            f.name: frame.loc[frame["table"] == f.name, list(columns_of(f.name))].to_numpy(dtype=np.int64)
            for f in fields(Decisions)
        }
    )
