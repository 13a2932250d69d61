"""From a scenario, of a YAML file or built in Python, to its workbook."""

from __future__ import annotations

import os
from collections.abc import Mapping as Mapping_
from pathlib import Path
from typing import Any

import pandas as pd

from renewopt.asked import a_language, a_path
from renewopt.disk import OutputExistsError, parents_made, write_whole
from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.contents import MAY_BE_ABSENT
from renewopt.scenario.frames import is_absent
from renewopt.scenario.loading import load, scenario_tree
from renewopt.scenario.models import Scenario
from renewopt.scenario.nodes import Entry, Mapping, Mark, Scalar, from_plain
from renewopt.scenario.outside import MEND, place_of
from renewopt.scenario.reading import read_bytes
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.workbook.writing import LAST_ROW, write_book
from renewopt.wording import Language, words

__all__ = ["book_of", "write_workbook"]


def write_workbook(
    scenario: Scenario | str | os.PathLike[str],
    path: str | os.PathLike[str],
    *,
    lang: Language = "en",
    allow_outside: bool = False,
) -> Path:
    """Write a scenario as a workbook that `load` and the commands read in its place.

    Parameters
    ----------
    scenario
        The path of a scenario file, whose variants are written too; or a `Scenario`, written as it is.
    path
        The workbook, ``.xlsx``; written whole or not at all.
    lang : {'en', 'zh'}
        Of sheets, headers, notes and drop-downs.
    allow_outside
        Whether tables of the scenario file may lie outside of its folder.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    ScenarioError
        If the scenario is not right, a variant of it cannot be kept, or a table is longer than a sheet.
    OutputExistsError
        If the scenario reads what lies at `path`.
    OSError
        If it cannot be written; what lay at `path` lies there still.

    Examples
    --------
    >>> renewopt.write_workbook("scenarios/minimal.yaml", "minimal.xlsx", lang="zh")  # doctest: +SKIP
    """
    if not isinstance(scenario, Scenario):
        a_path("scenario", scenario)
    a_path("path", path)
    a_language(lang)
    target = Path(path)
    content, copies, loaded = book_of(scenario, target, lang, allow_outside=allow_outside)
    if any(target.exists() and target.samefile(each) for each in loaded.read_paths):
        raise OutputExistsError(target, words("{path} is what the scenario is read from; choose another", path=target))
    with parents_made(target.parent):
        for name, table in copies.items():
            write_whole(target.parent / name, table)
        write_whole(target, content)
    return target


def book_of(
    scenario: Scenario | str | os.PathLike[str], target: Path, lang: Language, *, allow_outside: bool = False
) -> tuple[bytes, dict[str, bytes], Scenario]:
    """Make a scenario's workbook, as the content of a file that is to lie at `target`, and of tables beside it."""
    if isinstance(scenario, Scenario):
        root, loaded, copies = _tree(scenario), scenario, dict[str, bytes]()
    else:
        loaded = load(Path(scenario), allow_outside=allow_outside)
        root, copies = _portable(scenario_tree(Path(scenario)), Path(scenario), target, allow_outside=allow_outside)
    tables: dict[str, pd.DataFrame] = {
        name: frame for name in TABLES if (frame := getattr(loaded, name)) is not None and not is_absent(frame)
    }
    _refuse_long(tables, target)
    with loaded.place.spoken():
        return write_book(root, tables, lang), copies, loaded


def _refuse_long(tables: Mapping_[str, pd.DataFrame], target: Path) -> None:
    """Refuse a table that no sheet can hold.

    Raises
    ------
    ScenarioError
        If one is longer than a sheet.
    """
    mend = words("keep the scenario in YAML, or its table in a CSV file beside the workbook (docs/workbook.md)")
    findings = [
        Finding(
            "error",
            target.name,
            None,
            name,
            words(
                "{rows:,} {rows:row|rows} {rows:is|are} more than the {most:,} that a sheet holds",
                rows=len(frame),
                most=LAST_ROW,
            ),
            mend,
        )
        for name, frame in tables.items()
        if len(frame) > LAST_ROW
    ]
    if findings:
        raise ScenarioError(findings)


def _tree(scenario: Scenario) -> Mapping:
    """Tree of a scenario built in Python."""
    # Works may stand without projects and funds, which are not stated then.
    absent = {name for name in MAY_BE_ABSENT if name not in TABLES and not getattr(scenario, name)}
    stated: dict[str, Any] = scenario.model_dump(by_alias=True, exclude_unset=True, exclude={*TABLES, *absent})
    root = from_plain(stated, Mark("<python>", None))
    assert isinstance(root, Mapping)
    return root


def _portable(root: Mapping, source: Path, target: Path, *, allow_outside: bool) -> tuple[Mapping, dict[str, bytes]]:
    """Return a tree whose variants name their files as seen from the workbook, and files to be copied beside it.

    A file that would lie outside of the workbook's folder is copied into it.

    Raises
    ------
    ScenarioError
        If a variant changes rows of a table that lies in a file: in a workbook its rows would be merged by id; or if
        its file cannot be read, or copied.
    """
    variants = root.get("variants")
    findings: list[Finding] = []
    copies: dict[str, bytes] = {}
    changed: dict[str, Entry] = {}
    for name, entry in variants.entries.items() if isinstance(variants, Mapping) else ():
        changes = entry.node
        for table in TABLES:
            if not isinstance(changes, Mapping):
                continue
            stated, base = changes.get(table), root.get(table)
            if isinstance(stated, Mapping):
                file = stated.get("file")
                if isinstance(file, Scalar):
                    beside = source if source.is_dir() else source.parent
                    found = _seen_from(file, beside, target, findings, copies, allow_outside=allow_outside)
                    moved = Entry(file.mark, Scalar(file.mark, found, found, quoted=True))
                    stated = Mapping(stated.mark, {**stated.entries, "file": moved})
                    changes = Mapping(changes.mark, {**changes.entries, table: Entry(stated.mark, stated)})
            elif stated is not None and isinstance(base, Mapping):
                message = words(
                    "this variant replaces the file of {table}; in a workbook its rows would be merged by id",
                    table=table,
                )
                key = f"variants.{name}.{table}"
                mend = words("put them into a file of their own, `file: …`")
                findings.append(Finding("error", stated.mark.file, stated.mark.line, key, message, mend))
        changed[name] = Entry(entry.key_mark, changes)
    if findings:
        raise ScenarioError(findings)
    if not isinstance(variants, Mapping):
        return root, copies
    kept = Entry(root.entries["variants"].key_mark, Mapping(variants.mark, changed))
    return Mapping(root.mark, {**root.entries, "variants": kept}), copies


def _seen_from(
    file: Scalar,
    beside: Path,
    target: Path,
    findings: list[Finding],
    copies: dict[str, bytes],
    *,
    allow_outside: bool,
) -> str:
    """Name a table's file as seen from the workbook; one that does not lie there is noted to be copied."""
    relative, path, fault = place_of(file.text, beside, allow_outside=allow_outside)
    if fault is not None:
        findings.append(Finding("error", file.mark.file, file.mark.line, "file", fault, MEND))
        return file.text
    here = target.parent.resolve()
    if (beside / relative).resolve().is_relative_to(here):
        return (beside / relative).resolve().relative_to(here).as_posix()
    content, copy = read_bytes(path), here / relative.name
    itself = relative.name.casefold() == target.name.casefold()
    if itself or copies.get(relative.name, content) != content or (copy.exists() and read_bytes(copy) != content):
        message = words("another file {file!r} lies beside the workbook already", file=relative.name)
        mend = words("rename one of the two")
        findings.append(Finding("error", file.mark.file, file.mark.line, "file", message, mend))
    copies[relative.name] = content
    return relative.name
