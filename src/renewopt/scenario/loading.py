"""From a planner's files to a checked scenario, every finding reported together."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from renewopt.asked import a_path, a_text, yes_or_no
from renewopt.errors import Finding, ScenarioError
from renewopt.scenario.assembling import Resolve, assemble, frames_of, is_stated, validate
from renewopt.scenario.columns import Checked, check_table
from renewopt.scenario.contents import TableFile
from renewopt.scenario.csv_files import read_csv
from renewopt.scenario.faults import translate
from renewopt.scenario.limits import MAX_BOOK_BYTES, MAX_FINDINGS, MAX_TABLE_BYTES, MAX_TEXT_BYTES, MAX_VARIANT_VALUES
from renewopt.scenario.models import Scenario
from renewopt.scenario.nodes import Entry, Mapping, Node, Sequence, count_values, find, plain
from renewopt.scenario.notes import first_of
from renewopt.scenario.outside import MEND, place_of
from renewopt.scenario.placing import place_in
from renewopt.scenario.reading import decode, read_bytes, read_text
from renewopt.scenario.references import check_references
from renewopt.scenario.rows import read_nodes
from renewopt.scenario.source import Source, hash_files
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.tables import Table
from renewopt.scenario.variants import added_by_slip, apply_variant, variant_names
from renewopt.scenario.workbooks import WORKBOOKS, read_workbook
from renewopt.wording import words

__all__ = ["load", "load_changed", "scenario_tree"]


def load(path: str | Path, *, variant: str | None = None, allow_outside: bool = False) -> Scenario:
    """Read, merge and check a scenario.

    Parameters
    ----------
    path : str or Path
        The YAML file or the workbook, or a folder that holds just one.
    variant : str, optional
        Name of one of its variants.
    allow_outside : bool
        Whether tables that it names may lie outside of its folder.

    Returns
    -------
    Scenario
        With ``warnings``, ``sha256`` and ``files``.

    Raises
    ------
    ScenarioError
        With every finding, if there is any error.
    """
    a_path("path", path)
    a_text("variant", variant, words("the name of a variant, or None"))
    yes_or_no("allow_outside", allow_outside)
    return _read(_scenario_file(Path(path)), variant, allow_outside, None)


def load_changed(
    path: Path, change: Callable[[Mapping], Mapping], *, variant: str | None, allow_outside: bool
) -> Scenario:
    """Read and check a scenario whose tree was changed after its variant was merged; its hash is that of the files.

    Parameters
    ----------
    path, variant, allow_outside
        As of `load`.
    change
        Returns the tree that is checked.

    Raises
    ------
    ScenarioError
        With every finding, if there is any error.
    """
    return _read(_scenario_file(path), variant, allow_outside, change)


def _read(
    file: Path, variant: str | None, allow_outside: bool, change: Callable[[Mapping], Mapping] | None
) -> Scenario:
    if file.suffix.lower() in WORKBOOKS:
        from renewopt.scenario.workbook.reading import read_book

        data = read_bytes(file, MAX_BOOK_BYTES)
        book = read_book(data, file.name)
        try:
            sheets = _Sheets(book.findings, book.tables, book.resolve)
            with place_in(book.root).spoken():
                return _loaded(file, data, book.root, variant, allow_outside, sheets, change)
        except ScenarioError as error:
            raise ScenarioError(book.resolve(error.findings)) from None
    data = read_bytes(file, MAX_TEXT_BYTES)
    root = read_text(decode(data, file.name), file.name)
    with place_in(root).spoken():
        return _loaded(file, data, root, variant, allow_outside, change=change)


def scenario_tree(path: Path) -> Mapping:
    """Read a scenario file, YAML or workbook, into its tree: variants not merged, nothing checked.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    file = _scenario_file(path)
    if file.suffix.lower() in WORKBOOKS:
        from renewopt.scenario.workbook.reading import read_book

        return read_book(read_bytes(file, MAX_BOOK_BYTES), file.name).root
    return read_text(decode(read_bytes(file, MAX_TEXT_BYTES), file.name), file.name)


@dataclass(frozen=True)
class _Sheets:
    """What a workbook holds besides its tree; nothing, of a YAML file."""

    noticed: AbstractSequence[Finding] = ()
    tables: AbstractMapping[str, Table] = field(default_factory=dict)
    resolve: Resolve = list


@dataclass(frozen=True)
class _Beside:
    """The folder of a scenario, the files read in it so far, and whether others may be."""

    folder: Path
    files: dict[str, bytes]
    allow_outside: bool


_NO_SHEETS = _Sheets()


def _loaded(
    file: Path,
    data: bytes,
    root: Mapping,
    variant: str | None,
    allow_outside: bool,
    sheets: _Sheets = _NO_SHEETS,
    change: Callable[[Mapping], Mapping] | None = None,
) -> Scenario:
    """Merge and check the tree of a scenario file, its tables read from beside it or from its sheets."""
    files = {file.name: data}
    merged = apply_variant(root, variant)
    if change is not None:
        merged = change(merged)
    findings = list(sheets.noticed)
    beside = _Beside(file.parent, files, allow_outside)
    tables = _read_tables(merged, beside, findings, sheets.tables)
    findings += [finding for name in variant_names(root) for finding in added_by_slip(root, name)]
    if change is None:
        findings += _check_variants(root, [name for name in variant_names(root) if name != variant], tables)
    source = Source(
        file, variant, tuple(variant_names(root)), tuple(files), hash_files(files), allow_outside=allow_outside
    )
    return assemble(Scenario, merged, tables, findings, source, sheets.resolve)


def _check_variants(root: Mapping, names: list[str], tables: AbstractMapping[str, Checked]) -> list[Finding]:
    """Check the sections of variants that are not asked for now; their tables are left for later.

    What a variant does not change is taken as it was validated in the scenario without variants, so that many variants
    take the time of what they change.
    """
    if not names:
        return []
    base = apply_variant(root, None)
    size = count_values(base.without(*TABLES))
    if size * len(names) > MAX_VARIANT_VALUES:
        entry = root.entries["variants"]
        message = words(
            (
                "{count:,} {count:variant|variants} of {size:,} {size:value|values}; at most {most:,} "
                "{most:variant|variants} of such a scenario are checked"
            ),
            count=len(names),
            size=size,
            most=max(MAX_VARIANT_VALUES // size, 1),
        )
        mend = words("keep some of them in a file of their own")
        return [Finding("error", entry.key_mark.file, entry.key_mark.line, "variants", message, mend)]
    stated, _ = validate(Scenario, base, frames_of(base, tables))
    items = _validated(base, stated)
    findings: list[Finding] = []
    for name in names:
        merged = apply_variant(root, name, checked=True)
        changes = root.entries["variants"].node
        changed = changes.get(name) if isinstance(changes, Mapping) else None
        keys = set(changed.entries) if isinstance(changed, Mapping) else set()
        known = (
            {}
            if stated is None
            else {
                key: _known(key, entry.node, keys, stated, items)
                for key, entry in merged.entries.items()
                if key in Scenario.model_fields and key not in TABLES
            }
        )
        _, errors = validate(Scenario, merged, frames_of(merged, tables), known)
        findings += [*errors, *check_references(merged, {})]
        if len(findings) > MAX_FINDINGS:
            return first_of(findings, root)
    return findings


def _validated(base: Mapping, stated: Scenario | None) -> dict[int, Any]:
    """Return the validated items of lists by the identity of their nodes."""
    items: dict[int, Any] = {}
    for key, entry in base.entries.items():
        values = getattr(stated, key, None) if key in Scenario.model_fields else None
        if isinstance(entry.node, Sequence) and isinstance(values, list):
            items |= {id(node): value for node, value in zip(entry.node.items, values, strict=True)}
    return items


def _known(key: str, node: Node, changed: AbstractSet[str], stated: Scenario, items: AbstractMapping[int, Any]) -> Any:
    """Return a section as far as it was validated: whole, or those of its items that a variant leaves as they are."""
    if key not in changed:
        return getattr(stated, key)
    if isinstance(node, Sequence):
        return [items[id(item)] if id(item) in items else plain(item) for item in node.items]
    return plain(node)


def _scenario_file(path: Path) -> Path:
    """Return the file that a path means: itself, or the only YAML file, else the only workbook, in a folder."""
    if not path.is_dir():
        return path
    inside = sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"})
    if len(inside) == 1:
        return inside[0]
    # A workbook that is open in a spreadsheet has a shadow whose name begins with ~$.
    books = [file for file in path.iterdir() if file.suffix.lower() in WORKBOOKS and not file.name.startswith("~$")]
    if not inside and len(books) == 1:
        return books[0]
    message = (
        words("the folder holds no YAML file")
        if not inside
        else words("the folder holds {count} YAML files", count=len(inside))
    )
    raise ScenarioError(
        [Finding("error", path.name or str(path), None, "", message, words("name the scenario's file"))]
    )


def _read_tables(
    root: Mapping,
    beside: _Beside,
    findings: list[Finding],
    sheets: AbstractMapping[str, Table],
) -> dict[str, Checked]:
    """Read and check each table that the scenario states, inline, in a sheet of its workbook or in a file."""
    tables: dict[str, Checked] = {}
    for name, columns in TABLES.items():
        entry = root.entries.get(name)
        if entry is None or not is_stated(root, name):
            continue
        try:
            if isinstance(entry.node, Sequence) and not entry.node.items and name in sheets:
                table = sheets[name]
            elif isinstance(entry.node, Sequence):
                table = read_nodes(entry.node, name, name)
            else:
                table = _read_file(entry, root, name, beside)
        except ScenarioError as error:
            findings += error.findings
            continue
        tables[name] = check_table(table, columns)
        findings += tables[name].findings
    return tables


def _read_file(entry: Entry, root: Mapping, name: str, beside: _Beside) -> Any:
    """Read a table from the file that the scenario names."""
    try:
        stated = TableFile.model_validate(plain(entry.node))
    except ValidationError as error:
        raise ScenarioError(translate(error.errors(), root, TableFile, (name,))) from None
    _, mark, _ = find(root, (name, "file"))
    relative, path, fault = place_of(stated.file, beside.folder, allow_outside=beside.allow_outside)
    if fault is not None:
        raise ScenarioError([Finding("error", mark.file, mark.line, f"{name}.file", fault, MEND)])
    if not path.is_file():
        names = sorted(file.name for file in beside.folder.iterdir() if file.suffix.lower() in {".csv", *WORKBOOKS})
        message = words("there is no file {file!r} beside the scenario", file=stated.file)
        mend = did_you_mean(relative.name, names) or words("tables beside it: {names}", names=listed(names))
        raise ScenarioError([Finding("error", mark.file, mark.line, f"{name}.file", message, mend)])
    data = read_bytes(path, MAX_BOOK_BYTES if path.suffix.lower() in WORKBOOKS else MAX_TABLE_BYTES)
    beside.files[str(relative)] = data
    if path.suffix.lower() in WORKBOOKS:
        return replace(read_workbook(data, str(relative), name, stated.sheet, stated.header_row), foreign=True)
    if stated.sheet is not None:
        message = words("a CSV file has no sheets ({sheet!r})", sheet=stated.sheet)
        raise ScenarioError([Finding("error", mark.file, mark.line, f"{name}.sheet", message, words("delete the key"))])
    return replace(read_csv(data, str(relative), name, stated.header_row), foreign=True)
