"""A scenario's tree becomes rows of sheets; what fits no sheet becomes paths and values."""

from __future__ import annotations

from dataclasses import dataclass, field

from renewopt.scenario.nodes import Mapping, Node, Remove, Scalar, Sequence
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.workbook.cell_values import Cell, NotFlatError, render_cell
from renewopt.scenario.workbook.layout import PARENT, SETTINGS, Sheet, layout
from renewopt.scenario.workbook.paths import Item, Path, Position, leaves
from renewopt.wording import Language

__all__ = ["Flat", "flatten"]

Row = dict[tuple[str, ...], Cell]


@dataclass
class Flat:
    """Rows by sheet, each a mapping of a column's key to its cell; and the paths and values of ``more``."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    more: list[tuple[Path, str | int | float]] = field(default_factory=list)


def flatten(root: Mapping, lang: Language) -> Flat:
    """Flatten a scenario, its variants included and its tables left out.

    Parameters
    ----------
    root : Mapping
        The whole document.
    lang : {'en', 'zh'}
        Of the fixed choices.
    """
    flat = _Flattener(root, lang)
    flat.all(root)
    return flat.flat


class _Flattener:
    def __init__(self, root: Mapping, lang: Language) -> None:
        self.lang = lang
        self.flat = Flat({name: [] for name in layout()})
        self.by_path = {(sheet.path, sheet.by_month): sheet for sheet in layout().values()}
        self.inflow_varies = "inflow" in _keys(root.get("variants"))

    def all(self, root: Mapping) -> None:
        """Flatten every section."""
        settings: Row = {}
        for name, entry in root.entries.items():
            node, sheet = entry.node, self.by_path.get(((name,), False))
            if name in TABLES or _nothing(node):
                continue
            if layout()[SETTINGS].under((name,)) and isinstance(node, Mapping) and node.entries:
                self.fill(settings, node, layout()[SETTINGS], (name,), (name,), "")
            elif sheet is not None and isinstance(node, Sequence) and node.items:
                self.section(node, sheet)
            else:
                self.single(settings, node, layout()[SETTINGS], (name,), (name,))
        self.flat.rows[SETTINGS].append(settings)

    def section(self, node: Sequence, sheet: Sheet) -> None:
        """Flatten the items of a section; all of it goes into ``more`` where an item has no cell to be known by."""
        rows, more = {name: list(stated) for name, stated in self.flat.rows.items()}, list(self.flat.more)
        owners: list[str] = []
        for number, item in enumerate(node.items, start=1):
            row: Row = {}
            if isinstance(item, Mapping):
                named = item.get("id")
                owner = named.text if sheet.named and isinstance(named, Scalar) else ""
                owners += [owner] if sheet.named else []
                step = Item(owner) if owner else Position(number)
                self.flat.rows[sheet.name].append(row)
                self.fill(row, item, sheet, (), (*sheet.path, step), owner)
            if not row or (sheet.named and (("id",) not in row or len(set(owners)) < len(owners))):
                self.flat.rows, self.flat.more = rows, more
                self.flat.more += leaves(node, sheet.path)
                return

    def fill(self, row: Row, item: Mapping, sheet: Sheet, prefix: tuple[str, ...], path: Path, owner: str) -> None:
        """Put the keys of an item into its row, or into the sheets below it."""
        for key, entry in item.entries.items():
            node, inside = entry.node, (*prefix, key)
            below = self.by_path.get(((*sheet.path, *inside), False))
            months = self.by_path.get(((*sheet.path, *prefix), True)) if key == "by_month" else None
            if _nothing(node):
                continue
            if months is not None and isinstance(node, Mapping) and self.months(node, months, owner):
                continue
            if below is not None and (below.path, True) in self.by_path:
                if not self.inflow(node, below, owner):
                    self.flat.more += leaves(node, (*path, key))
                continue
            if below is not None and self.many(node, below, (*path, key), owner):
                continue
            if sheet.under(inside) and isinstance(node, Mapping) and not _hollow(node):
                self.fill(row, node, sheet, inside, (*path, key), owner)
            else:
                self.single(row, node, sheet, inside, (*path, key))

    def single(self, row: Row, node: Node, sheet: Sheet, key: tuple[str, ...], path: Path) -> None:
        """Put a value into its cell, or into ``more``."""
        column = next((column for column in sheet.columns if column.key == key), None)
        try:
            if column is None:
                raise NotFlatError
            row[key] = render_cell(node, column, self.lang)
        except NotFlatError:
            self.flat.more += leaves(node, path)

    def many(self, node: Node, sheet: Sheet, path: Path, owner: str) -> bool:
        """Put the items of a list into a sheet of their own; say whether that could be done."""
        if not isinstance(node, Sequence) or not node.items:
            return False
        if not all(isinstance(item, Mapping) and not _hollow(item) for item in node.items):
            return False
        before, more = list(self.flat.rows[sheet.name]), list(self.flat.more)
        for number, item in enumerate(node.items, start=1):
            assert isinstance(item, Mapping)
            row: Row = {PARENT: owner} if sheet.parent else {}
            self.flat.rows[sheet.name].append(row)
            self.fill(row, item, sheet, (), (*path, Position(number)), owner)
            if not row:
                self.flat.rows[sheet.name], self.flat.more = before, more
                return False
        return True

    def months(self, node: Mapping, sheet: Sheet, owner: str) -> bool:
        """Put the amounts of single months into their sheet; say whether that could be done."""
        month, amount = sheet.columns
        rows: list[Row] = []
        try:
            for key, entry in node.entries.items():
                stated = render_cell(Scalar(entry.key_mark, key, key, quoted=True), month, self.lang)
                rows.append({PARENT: owner, month.key: stated, amount.key: render_cell(entry.node, amount, self.lang)})
        except NotFlatError:
            return False
        self.flat.rows[sheet.name] += rows
        return bool(rows)

    def inflow(self, node: Node, sheet: Sheet, owner: str) -> bool:
        """Put inflow into its two sheets, the steady one and that of single months; say whether that could be done.

        Reading them gives one mapping where there is at most one steady inflow. A list of one is therefore not put
        there where a variant changes the inflow, since mappings merge and lists do not.
        """
        items = node.items if isinstance(node, Sequence) else (node,)
        if not items or (isinstance(node, Sequence) and self.inflow_varies):
            return False
        months = self.by_path[sheet.path, True]
        before = {name: list(self.flat.rows[name]) for name in (sheet.name, months.name)}
        more = list(self.flat.more)
        for item in items:
            steady = item.without("by_month") if isinstance(item, Mapping) else None
            if not isinstance(item, Mapping) or steady is None or not self._steady(steady, sheet, owner):
                break
            by_month = item.get("by_month")
            if (
                by_month is not None
                and not _nothing(by_month)
                and not (isinstance(by_month, Mapping) and self.months(by_month, months, owner))
            ):
                break
        else:
            if len(self.flat.more) == len(more):
                return True
        self.flat.rows.update(before)
        self.flat.more = more
        return False

    def _steady(self, item: Mapping, sheet: Sheet, owner: str) -> bool:
        if _hollow(item):
            return True
        row: Row = {PARENT: owner}
        self.fill(row, item, sheet, (), (), owner)
        self.flat.rows[sheet.name].append(row)
        return ("monthly",) in row


def _nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _hollow(node: Mapping) -> bool:
    """Whether a mapping states nothing."""
    return all(_nothing(entry.node) for entry in node.entries.values())


def _keys(node: Node | None) -> set[str]:
    """Every key below a node."""
    match node:
        case Mapping():
            return set(node.entries).union(*(_keys(entry.node) for entry in node.entries.values()))
        case Sequence():
            return set().union(*map(_keys, node.items))
        case Scalar() | Remove() | None:
            return set()
