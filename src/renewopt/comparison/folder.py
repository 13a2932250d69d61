"""The folder of a comparison: whose it is, what in it is ours, and where things go that cannot be written there.

A comparison's is the usual `Layout`; other work that is resumed run by run has one of its own.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from renewopt.comparison.stored import check_mark
from renewopt.disk import (
    INSIDE,
    PART,
    Claim,
    Kind,
    OutputError,
    OutputExistsError,
    OutputLostError,
    OutputMovedError,
    claimed,
    digest,
    foreign_files,
    put_folder,
    put_inside,
    read_plain,
    reason_of,
    refuse_foreign,
    refuse_inputs,
    reserved,
    spare_folders,
    try_out,
    write_whole,
)
from renewopt.wording import visible, worded, words

__all__ = ["COMPARISON", "PLANS", "RUNS", "Layout", "Written", "kept", "write_tables"]

LOG = logging.getLogger(__name__)
RUNS, PLANS = "runs", "plans"
LONGEST = 1_000_000
"""Bytes of a mark that are read."""
BYTES = 8_000_000
"""Report and tables of a small comparison, about."""


@dataclass(frozen=True)
class Layout:
    """What stands in a folder that is filled run by run.

    Attributes
    ----------
    mark
        File that says whose the folder is.
    made_by, format
        What it says.
    files
        All that may stand beside the runs, without the mark.
    """

    mark: str
    made_by: str
    format: int
    files: frozenset[str]

    @property
    def kind(self) -> Kind:
        """Of the folder, as `renewopt.disk` knows it."""
        return Kind(self.files | {self.mark}, self.mark, partial(_written, self))


COMPARISON = Layout(
    "comparison.json",
    "renewopt compare",
    2,
    frozenset(
        {
            "report.html",
            "runs.parquet",
            *(f"{name}.csv" for name in ("runs", "waits", "settled", "timings", "ranking", "pairs", "futures")),
        }
    ),
)


def _mark(layout: Layout, folder: Path) -> dict[str, object] | None:
    """What a comparison says of its folder; None if none made it."""
    try:
        found = json.loads(read_plain(folder / layout.mark, LONGEST))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("made_by") == layout.made_by else None


def _written(layout: Layout, folder: Path) -> dict[str, list[str]] | None:
    """Digests of the tables as they were written; those of the mark itself are what it is."""
    found = _mark(layout, folder)
    if found is None:
        return None
    files = found.get("files", {})
    listed = files if isinstance(files, dict) else {}
    try:
        mark = digest(read_plain(folder / layout.mark, LONGEST))
    except OSError:
        return None
    return {**{str(name): [str(known)] for name, known in listed.items()}, layout.mark: [mark]}


@contextmanager
def kept(folder: Path, size: int, reads: Iterable[Path] = (), layout: Layout = COMPARISON) -> Iterator[Claim]:
    """Keep a folder for a comparison; whether it can be written is tried.

    Raises
    ------
    OutputExistsError
        If it holds something that no comparison made, tables that were changed since, or what a scenario reads.
    OutputBusyError
        If somebody else has it.
    OutputUnwritableError
        If it cannot be written.
    PlanFileError
        If a comparison of another version made it.
    """
    listed = tuple(reads)
    _refuse(folder, listed)
    with reserved(folder, layout.kind, size + BYTES, listed) as claim:
        _refuse(folder, listed)
        if folder.is_dir() and any(name not in INSIDE for name in os.listdir(folder)):
            _refuse_others(layout, folder)
            _clear(claim.real)
        try_out(claim, layout.kind, size + BYTES, f"{RUNS}/{'0' * 64}.json")
        yield claim


def _refuse(folder: Path, reads: Iterable[Path]) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputExistsError(folder)
    refuse_inputs(folder, reads)


def _refuse_others(layout: Layout, folder: Path) -> None:
    """Refuse what no comparison of this version made, and tables that were changed."""
    if _mark(layout, folder) is None:
        raise OutputExistsError(folder)
    check_mark(folder / layout.mark, layout.format)
    within = [name for name in (RUNS, PLANS) if _is_foreign(folder / name)]
    kind = layout.kind
    refuse_foreign(folder, [*within, *(name for name in foreign_files(folder, kind) if name in kind.names)])


def _is_foreign(within: Path) -> bool:
    """Whether something stands where runs or plans go that is no folder; a link would lead out of the comparison."""
    return os.path.lexists(within) and (within.is_symlink() or not within.is_dir())


def _clear(real: Path) -> None:
    """Take away what a killed process had not written to its end."""
    for each in (real, real / RUNS, real / PLANS):
        for part in each.glob(f".{'[0-9a-f]' * 16}{PART}"):
            with suppress(OSError):
                part.unlink()


def write_tables(claim: Claim, contents: Mapping[str, bytes], layout: Layout = COMPARISON) -> None:
    """Write the tables of a comparison and its report, all at once or not at all.

    Raises
    ------
    OutputExistsError
        If one of that name lies there that is not ours.
    OSError
        If they cannot be written; the old ones are as they were then.
    """
    real, kind = claim.real, layout.kind
    mark = {
        "format": layout.format,
        "made_by": layout.made_by,
        "files": {name: digest(contents[name]) for name in sorted(contents)},
    }
    new = {**contents, layout.mark: (json.dumps(mark, indent=1) + "\n").encode()}
    if not real.is_dir() or not os.listdir(real):
        put_folder(claim, kind, new)
        return
    foreign = set(foreign_files(real, kind)) & kind.names
    refuse_foreign(claim.folder, sorted(foreign))
    put_inside(real, kind, new, [name for name in sorted(kind.names) if (real / name).exists()])


class Written:
    """What a comparison saves, run by run; what cannot be written where it belongs is saved elsewhere.

    Parameters
    ----------
    claim
        Of the comparison's folder.
    """

    def __init__(self, claim: Claim, layout: Layout = COMPARISON) -> None:
        self._claim, self._layout = claim, layout
        self._unsaved: dict[str, bytes] = {}
        self._spare: Path | None = None
        _begin(claim, layout)

    def save(self, name: str, content: bytes) -> None:
        """Save a run or a plan, and make sure that it is on disk."""
        try:
            write_whole(self._claim.real / name, content, follow=False)
        except OSError as error:
            told = (visible(str(each), keep="") for each in (name, self._claim.folder, error))
            LOG.warning("%s could not be written into %s: %s", *told)
            self._unsaved[name] = content
            with suppress(OSError, OutputError):
                write_whole(self._elsewhere() / name, content, follow=False)

    def finish(self, contents: Mapping[str, bytes]) -> OutputError | None:
        """Write the tables, and once more what could not be written before.

        Returns
        -------
        OutputError or None
            Where it lies, if it could not be written where it belongs.
        """
        try:
            for name in list(self._unsaved):
                write_whole(self._claim.real / name, self._unsaved[name], follow=False)
            write_tables(self._claim, contents, self._layout)
        except (OSError, OutputError) as error:
            why = reason_of(error) if isinstance(error, OSError) else worded(error)
        else:
            self._unneeded()
            return None
        try:
            spare = self._elsewhere()
            with claimed(spare, self._layout.kind) as other:
                write_tables(other, contents, self._layout)
        except (OSError, OutputError):
            return OutputLostError(self._claim.folder, why)
        return OutputMovedError(self._claim.folder, spare, why, in_part=True)

    def _elsewhere(self) -> Path:
        """Folder for what cannot be written where it belongs, in the same order."""
        if self._spare is not None:
            return self._spare
        for spare in spare_folders(self._claim.folder):
            with suppress(OSError, OutputError), claimed(spare, self._layout.kind) as claim:
                _begin(claim, self._layout)
                self._spare = spare
                return spare
        raise OutputLostError(self._claim.folder, words("the disk is full"))

    def _unneeded(self) -> None:
        if self._spare is not None:
            with suppress(OSError):
                for name in (*self._unsaved, self._layout.mark):
                    (self._spare / name).unlink(missing_ok=True)
                for each in (self._spare / RUNS, self._spare / PLANS, self._spare):
                    each.rmdir()
        self._unsaved.clear()


def _begin(claim: Claim, layout: Layout) -> None:
    """Make the folder of a comparison, if it is not one yet."""
    if not (claim.real / layout.mark).exists():
        mark = json.dumps({"format": layout.format, "made_by": layout.made_by}) + "\n"
        put_folder(claim, layout.kind, {layout.mark: mark.encode()})
    refuse_foreign(claim.folder, [name for name in (RUNS, PLANS) if _is_foreign(claim.real / name)])
    for name in (RUNS, PLANS):
        with suppress(FileExistsError):
            os.mkdir(claim.real / name)
