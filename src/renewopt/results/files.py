"""A plan on disk: ``plan.json`` and the tables, written all at once or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from renewopt import stopping
from renewopt.disk import (
    Claim,
    IncompleteOutputError,
    OutputError,
    OutputLostError,
    OutputMovedError,
    claimed,
    put_folder,
    reason_of,
    refuse,
    spare_folders,
    try_out,
)
from renewopt.disk import reserved as on_disk
from renewopt.errors import RenewoptError
from renewopt.results.contents import FILES, KIND, Contents, render, with_report
from renewopt.results.record import PlanRecord
from renewopt.results.tables import MOST_STATED
from renewopt.scenario import Scenario
from renewopt.wording import Language, Wording, worded

__all__ = ["FILES", "cause_of", "refuse_existing", "reserved", "reserved_by", "save_plan", "write_plan", "write_report"]

BYTES = 8_000_000
"""A report with its charts, documents and the tables of a small district, about."""
BYTES_OF_HOUSEHOLD = 500
BYTES_OF_STATEMENT = 1_500
"""For each household, in the workbook too."""
BYTES_OF_MONTH = 500
"""In each table by month, for each project."""


def refuse_existing(folder: Path, *, force: bool) -> None:
    """Raise if a plan may not be written into `folder`.

    Raises
    ------
    OutputExistsError
        If it exists and is not empty, and overwriting was not asked for; if it holds what we did not write, or what was
        changed since; or if it is not a folder.
    """
    refuse(folder, KIND, force=force)


def write_plan(
    plan: PlanRecord, folder: Path, *, force: bool = False, report: bool = True, lang: Language = "en"
) -> Path:
    """Write a plan; see `Plan.write`."""
    refuse(folder, KIND, force=force, reads=plan.scenario_files)
    contents = render(plan, lang, report=report)
    with claimed(folder, KIND, plan.scenario_files) as claim:
        put_folder(claim, KIND, contents.within(folder), force=force, reads=plan.scenario_files)
    if (incomplete := _incomplete(contents, folder)) is not None:
        raise incomplete
    return folder


def write_report(plan: PlanRecord, folder: Path, report: str) -> None:
    """Put another report in the place of the one in a plan's folder, all else as it lies there.

    Raises
    ------
    OutputExistsError
        If it holds what we did not write, or what was changed since.
    OutputBusyError
        If another process writes there.
    """
    refuse(folder, KIND, force=True, reads=plan.scenario_files)
    with claimed(folder, KIND, plan.scenario_files) as claim:
        put_folder(claim, KIND, with_report(folder, report), force=True, reads=plan.scenario_files)


@contextmanager
def reserved(folder: Path, scenario: Scenario, *, force: bool) -> Iterator[Claim]:
    """Keep a folder for a plan that is yet to be made; whether it can be written is tried first.

    Parameters
    ----------
    scenario
        What is planned: nothing that it reads is overwritten, and its size says how much will be written.

    Raises
    ------
    OutputExistsError
        If the plan may not be written there.
    OutputBusyError
        If another process is about to write there.
    OutputUnwritableError
        If it cannot be written there.
    """
    size = _size(len(scenario.households), scenario.months, len(scenario.projects))
    with _kept(folder, size, scenario.read_paths, force=force) as claim:
        yield claim


@contextmanager
def reserved_by(folder: Path, plan: PlanRecord, reads: tuple[Path, ...], *, force: bool) -> Iterator[Claim]:
    """Keep a folder for a plan that is to come of another one; see `reserved`.

    Parameters
    ----------
    reads
        Files that are not overwritten.
    """
    size = _size(len(plan.allocation), plan.months, plan.allocation["project"].nunique())
    with _kept(folder, size, tuple(path.resolve() for path in reads), force=force) as claim:
        yield claim


def _size(households: int, months: int, projects: int) -> int:
    return (
        BYTES
        + BYTES_OF_HOUSEHOLD * households
        + BYTES_OF_STATEMENT * min(households, MOST_STATED)
        + BYTES_OF_MONTH * months * projects
    )


@contextmanager
def _kept(folder: Path, size: int, reads: tuple[Path, ...], *, force: bool) -> Iterator[Claim]:
    with on_disk(folder, KIND, size, reads) as claim:
        with stopping.tended():
            refuse(folder, KIND, force=force, reads=reads)
            try_out(claim, KIND, size)
        yield claim


def save_plan(plan: PlanRecord, claim: Claim, *, force: bool, lang: Language) -> RenewoptError | None:
    """Write a plan into the folder that is kept for it, or, if that fails, somewhere else.

    Returns
    -------
    RenewoptError or None
        What there is to complain of once the plan has been told: it lies somewhere else (OutputMovedError), it could
        not be written anywhere (OutputLostError), or a file that only tells of it could not be made
        (IncompleteOutputError).
    """
    contents = render(plan, lang)
    try:
        put_folder(claim, KIND, contents.within(claim.folder), force=force, reads=plan.scenario_files)
    except (OSError, OutputError) as error:
        why = cause_of(error)
    else:
        return _incomplete(contents, claim.folder)
    for spare in spare_folders(claim.folder):
        try:
            with claimed(spare, KIND) as other:
                put_folder(other, KIND, contents.within(spare))
        except (OSError, OutputError):
            continue
        return OutputMovedError(claim.folder, spare, why)
    return OutputLostError(claim.folder, why)


def cause_of(error: OSError | OutputError) -> Wording:
    """Why a folder could not be written or put right, in words."""
    return reason_of(error) if isinstance(error, OSError) else worded(error)


def _incomplete(contents: Contents, folder: Path) -> IncompleteOutputError | None:
    for name, error in contents.failures.items():
        return IncompleteOutputError(folder, name, error)
    return None
