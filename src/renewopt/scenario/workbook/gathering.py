"""Rows of sheets become the tree that a YAML file would have given, every node knowing its cell."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass

from renewopt.errors import Finding
from renewopt.scenario.cells import parse_cell_month
from renewopt.scenario.contents import MAY_BE_ABSENT
from renewopt.scenario.headers import folded
from renewopt.scenario.nodes import Mapping, Mark, Node, Remove, Scalar, Sequence
from renewopt.scenario.placing import place_in
from renewopt.scenario.references import kind_of
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.tables import Table
from renewopt.scenario.workbook.branches import Branch, Items, Part, frozen, items_at, lay
from renewopt.scenario.workbook.cell_values import parse_cell
from renewopt.scenario.workbook.layout import MORE, PARENT, SETTINGS, Column, Sheet, layout
from renewopt.scenario.workbook.paths import parse_path, parse_value
from renewopt.scenario.workbook.places import Places
from renewopt.wording import NOTHING, Language, Wording, worded, words

__all__ = ["gather"]

LANGUAGES: tuple[Language, ...] = ("en", "zh")
ITEM, VALUE = ("item", "项目"), ("value", "填写")
PATH, CONTENT = ("path", "路径"), ("value", "值")


@dataclass(slots=True)
class _Row:
    """A row of a sheet: its cells by column, where they stand, and what it belongs to."""

    sheet: Sheet
    number: int
    branch: Branch
    cells: dict[tuple[str, ...], tuple[str, str]]
    parent: str = ""


def gather(tables: AbstractMapping[str, Table], places: Places, findings: list[Finding]) -> Mapping:
    """Put the rows of sheets together.

    Parameters
    ----------
    tables : mapping of str to Table
        Cells of each sheet, by the sheet's English name.
    places : Places
        Takes the places of the nodes.
    findings : list of Finding
        Takes what is wrong with the sheets themselves.

    Returns
    -------
    Mapping
        The tree; its tables are empty lists.
    """
    return _Gatherer(tables, places, findings).all()


class _Gatherer:
    def __init__(self, tables: AbstractMapping[str, Table], places: Places, findings: list[Finding]) -> None:
        self.tables = tables
        self.places = places
        self.findings = findings
        self.root = Branch(places.told("", 1))
        self.owners: dict[tuple[str, str], Branch] = {}
        self.stated: list[_Row] = []
        self.headers: dict[str, dict[tuple[str, ...], str]] = {}
        self.steady: dict[str, list[Branch]] = {}

    def report(self, mark: Mark, message: Wording, mend: Wording = NOTHING) -> None:
        """Note an error at a mark."""
        self.findings.append(self.places.finding(mark, message, mend))

    def all(self) -> Mapping:
        """Go through the sheets: what has rows of its own first, then what belongs to these rows."""
        self.settings()
        sheets = layout().values()
        # The settings say what amounts are in.
        settled = frozen(self.root)
        assert isinstance(settled, Mapping)
        with place_in(settled).spoken():
            return self.beside_settings(sheets)

    def beside_settings(self, sheets: Iterable[Sheet]) -> Mapping:
        """Go through the other sheets."""
        for sheet in sheets:
            if sheet.name in TABLES and len(self.tables.get(sheet.name, ())):
                mark = self.places.mark(self.title(sheet.name), 1)
                self.root.entries[sheet.name] = (mark, Sequence(mark))
            elif not sheet.parent and sheet.name not in {SETTINGS, *TABLES}:
                self.rows(sheet)
        for sheet in sheets:
            if sheet.parent:
                self.rows(sheet)
        self.inflows()
        for row in self.stated:
            self.complete(row)
        self.more()
        self.needed()
        root = frozen(self.root)
        assert isinstance(root, Mapping)
        return root

    def title(self, name: str) -> str:
        """Name of a sheet as it stands in the workbook."""
        return self.tables[name].locate(-1, "").sheet if name in self.tables else name

    def line(self, name: str, row: int) -> int:
        """Row of a sheet, from 1; −1 asks for that of the headers."""
        return self.tables[name].locate(row, "").line or 1

    # --- rows of sections

    def rows(self, sheet: Sheet) -> None:
        """Gather the rows of a sheet."""
        table = self.tables.get(sheet.name)
        if table is None or not len(table):
            return
        columns = self.columns(sheet, table)
        if columns is None:
            return
        self.headers[sheet.name] = {key: word for word, key in columns.items()}
        for number in range(len(table)):
            cells = {key: (word, table.columns[word][number]) for word, key in columns.items()}
            filled = {key: cell for key, cell in cells.items() if cell[1]}
            line = self.line(sheet.name, number)
            row = _Row(sheet, line, Branch(self.places.mark(self.title(sheet.name), line)), filled)
            self.put_row(row)

    def columns(self, sheet: Sheet, table: Table) -> dict[str, tuple[str, ...]] | None:
        """Headers of a sheet to the keys that they name; None where the column of the parent is missing."""
        known = _known(sheet)
        found: dict[str, tuple[str, ...]] = {}
        title, line = self.title(sheet.name), self.line(sheet.name, -1)
        for word in table.columns:
            key = known.get(folded(word))
            if word.startswith("#"):
                continue
            if key is None:
                every = [column.said(lang) for column in sheet.columns for lang in LANGUAGES]
                mend = did_you_mean(word, every) or words(
                    "the columns are {names}; begin the header with # if it is for yourself",
                    names=listed(_titles(sheet, _language(title)), 30),
                )
                mark = self.places.mark(title, line, word)
                self.report(mark, words("unknown column {header!r}", header=word), mend)
            elif key in found.values():
                mark = self.places.mark(title, line, word)
                self.report(mark, words("the column {name!r} stands twice", name=word), words("delete one of the two"))
            else:
                found[word] = key
        missing = [column for column in sheet.columns if _needed(column) and column.key not in found.values()]
        for column in missing:
            self.report(
                self.places.mark(title, line),
                words("the column {name!r} is missing", name=column.said(_language(title))),
                words("add it: {meaning}", meaning=column.meaning),
            )
        if sheet.parent and ("",) not in found.values():
            self.report(
                self.places.mark(title, line),
                words("the column {name!r} is missing", name=sheet.parent.said(_language(title))),
                words("add it: it names what each row belongs to"),
            )
            return None
        return found

    def put_row(self, row: _Row) -> None:
        """Put a row where it belongs."""
        sheet = row.sheet
        owner = self.root if not sheet.parent else self.owner(row)
        for key, (word, text) in row.cells.items():
            column = next((column for column in sheet.columns if column.key == key), None)
            if column is not None and not sheet.by_month:
                self.put(row.branch, key, self.places.mark(self.title(sheet.name), row.number, word), text, column)
        if owner is None:
            return
        if sheet.by_month:
            self.put_month(row, owner)
            return
        self.stated.append(row)
        if sheet.parent and (sheet.path, True) in _PATHS:
            self.steady.setdefault(row.parent, []).append(row.branch)
            return
        inside = sheet.path[1:] if sheet.parent else sheet.path
        items = items_at(owner, inside, row.branch.mark)
        if items is None:
            message = words("{name!r} is stated already", name=" ".join(inside))
            self.report(row.branch.mark, message, words("state each thing in one place"))
            return
        items.items.append(row.branch)
        name = row.cells.get(("id",))
        if sheet.named and name is not None:
            self.owners.setdefault((sheet.name, name[1]), row.branch)

    def owner(self, row: _Row) -> Branch | None:
        """Find what a row belongs to."""
        sheet, section = row.sheet, row.sheet.path[0]
        title = self.title(sheet.name)
        if PARENT not in row.cells:
            word = self.headers[sheet.name].get(PARENT, section)
            mark = self.places.mark(title, row.number, word)
            self.report(mark, EMPTY, words("name what this row belongs to"))
            return None
        word, name = row.cells[PARENT]
        row.parent = name
        found = self.owners.get((section, name))
        if found is None:
            known = [stated for of, stated in self.owners if of == section]
            mend = did_you_mean(name, known) or words("known: {names}", names=listed(known))
            mark = self.places.mark(title, row.number, word)
            self.report(mark, words("there is no {kind} {text!r}", kind=kind_of(section), text=name), mend)
        return found

    def put(self, branch: Branch, key: tuple[str, ...], mark: Mark, text: str, column: Column) -> None:
        """Put a cell under its keys."""
        try:
            node: Node = parse_cell(text, column, mark, self.places.language(mark))
        except ValueError as fault:
            self.report(mark, worded(fault), getattr(fault, "mend", NOTHING))
            mark = self.places.told_at(mark)
            node = Scalar(mark, None)
        for step in key[:-1]:
            inner = branch.entries.setdefault(step, (mark, Branch(mark)))[1]
            assert isinstance(inner, Branch)
            branch = inner
        branch.entries[key[-1]] = (mark, node)

    def put_month(self, row: _Row, owner: Branch) -> None:
        """Put the amount of a single month under ``by_month``."""
        month, amount = row.sheet.columns
        title = self.title(row.sheet.name)
        for column in (month, amount):
            if column.key not in row.cells and column.key in self.headers[row.sheet.name]:
                mark = self.places.mark(title, row.number, self.headers[row.sheet.name][column.key])
                self.report(mark, EMPTY, column.meaning)
        if not (month.key in row.cells and amount.key in row.cells):
            return
        (word, text), (amount_word, stated) = row.cells[month.key], row.cells[amount.key]
        mark = self.places.mark(title, row.number, word)
        try:
            key = str(parse_cell_month(text))
        except ValueError as fault:
            self.report(mark, worded(fault))
            return
        of_amount = self.places.mark(title, row.number, amount_word)
        if len(row.sheet.path) == 1:
            inner = owner.entries.setdefault("by_month", (mark, Branch(mark)))[1]
            assert isinstance(inner, Branch)
            if key in inner.entries:
                message = words("{month} stands twice for {name!r}", month=key, name=row.parent)
                self.report(mark, message, words("add the two up"))
                return
        else:
            inner = self._month_of(row.parent, key, mark)
        self.put(inner, (key,), of_amount, stated, amount)

    def _month_of(self, fund: str, month: str, mark: Mark) -> Branch:
        """Branch of the first inflow of single months that does not state this month yet."""
        for branch in self.steady.setdefault(fund, []):
            by_month = branch.entries.get("by_month")
            if by_month is not None and isinstance(by_month[1], Branch) and month not in by_month[1].entries:
                return by_month[1]
        inner = Branch(mark)
        self.steady[fund].append(Branch(mark, {"by_month": (mark, inner)}))
        return inner

    def inflows(self) -> None:
        """Put the inflow of each fund together: one mapping, or a list where several are steady."""
        for fund, branches in self.steady.items():
            owner = self.owners[("funds", fund)]
            steady = [branch for branch in branches if "by_month" not in branch.entries]
            single = [branch for branch in branches if "by_month" in branch.entries]
            if len(steady) == 1 and len(single) == 1:
                steady[0].entries.update(single.pop().entries)
            together = [*steady, *single]
            mark = together[0].mark
            owner.entries["inflow"] = (mark, together[0] if len(together) == 1 else Items(mark, list(together)))

    def complete(self, row: _Row) -> None:
        """Mark the cells of a row that are empty although a value is needed."""
        title, headers = self.title(row.sheet.name), self.headers[row.sheet.name]
        for column in row.sheet.columns:
            branch: Part | None = row.branch
            for step in column.key[:-1]:
                found = branch.entries.get(step) if isinstance(branch, Branch) else None
                branch = None if found is None else found[1]
            if column.required and isinstance(branch, Branch) and column.key[-1] not in branch.entries:
                word = headers.get(column.key)
                if word is None:
                    mark = self.places.told(title, row.number)
                else:
                    mark = self.places.empty(title, row.number, word, column.meaning)
                branch.entries[column.key[-1]] = (mark, Scalar(mark, None))

    def needed(self) -> None:
        """Report sheets that need a row and have none."""
        # Works may stand without projects, households and funds.
        alone = set(MAY_BE_ABSENT) if "works" in self.root.entries else set()
        for sheet in layout().values():
            if not sheet.required or sheet.name in {SETTINGS, *TABLES, *alone}:
                continue
            if not sheet.parent:
                if sheet.name not in self.root.entries:
                    self._lacking(sheet, self.root, self.title(sheet.name), 1)
                continue
            for row in self.stated:
                if row.sheet.name == sheet.path[0] and sheet.path[1] not in row.branch.entries:
                    self._lacking(sheet, row.branch, self.title(row.sheet.name), row.number)
        for name in TABLES:
            if layout()[name].required and name not in {*self.root.entries, *alone}:
                self._lacking(layout()[name], self.root, name, 1)

    def _lacking(self, sheet: Sheet, branch: Branch, title: str, row: int) -> None:
        """Report a sheet in which something has no row."""
        chinese = sheet.title
        mark = self.places.mark(title if sheet.parent or sheet.name in self.tables else "", row)
        if sheet.parent:
            name = branch.entries.get("id", (None, Scalar(mark, "")))[1]
            which = name.text if isinstance(name, Scalar) else ""
            message = words(
                "no row of the sheet {sheet} ({chinese}) belongs to {name!r}",
                sheet=sheet.name,
                chinese=chinese,
                name=which,
            )
        else:
            message = (
                words("the sheet {sheet} ({chinese}) has no rows", sheet=sheet.name, chinese=chinese)
                if sheet.name in self.tables
                else words("there is no sheet {sheet} ({chinese})", sheet=sheet.name, chinese=chinese)
            )
        branch.entries[sheet.path[-1]] = (told := self.places.told(title, row), Scalar(told, None))
        self.report(mark, message, words("add it: {meaning}", meaning=sheet.words))

    # --- settings and more

    def settings(self) -> None:
        """Gather the sheet of single values."""
        sheet, table = layout()[SETTINGS], self.tables.get(SETTINGS)
        # The first of two by a name is the one that it means: the name is the district's, not the currency's.
        named = {folded(word): column for column in reversed(sheet.columns) for word in reversed(_labels(column))}
        stated: set[tuple[str, ...]] = set()
        title = self.title(SETTINGS)
        cells = [] if table is None else self.pairs(SETTINGS, table, ITEM, VALUE)
        self.root.mark = self.places.mark(title, 1)
        for line, label, word, text in cells:
            column = named.get(folded(label))
            mark = self.places.mark(title, line, word)
            if column is None:
                every = [word for column in sheet.columns for word in _labels(column)]
                mend = did_you_mean(label, every) or words("delete the row")
                self.report(mark, words("unknown item {label!r}", label=label), mend)
            elif column.key in stated:
                message = words("{label!r} stands twice", label=label)
                self.report(mark, message, words("delete one of the two rows"))
            else:
                stated.add(column.key)
                if text:
                    self.put(self.root, column.key, mark, text, column)
                elif column.required:
                    empty = self.places.empty(title, line, word, column.meaning)
                    self.root.entries[column.key[-1]] = (empty, Scalar(empty, None))
        for column in sheet.columns:
            if column.required and column.key not in stated:
                told = self.places.told(title, 1)
                self.root.entries[column.key[-1]] = (told, Scalar(told, None))
                message = words("there is no row {name} ({chinese})", name=column.key[-1], chinese=column.said("zh"))
                self.report(self.places.mark(title, 1), message, words("add it: {meaning}", meaning=column.meaning))

    def pairs(
        self, name: str, table: Table, first: tuple[str, str], second: tuple[str, str]
    ) -> list[tuple[int, str, str, str]]:
        """Rows of a sheet of two columns: row, label, header of the value, value."""
        stated = {folded(word): word for word in table.columns}
        found = [next((stated[word] for word in map(folded, pair) if word in stated), None)
                 for pair in (first, second)]  # fmt: skip
        label, value = found
        if label is None or value is None:
            mark = self.places.mark(self.title(name), self.line(name, -1))
            missing = first if label is None else second
            self.report(
                mark,
                words("the column {name!r} is missing", name=missing[0]),
                words("add it (headers understood: {headers})", headers=listed(missing)),
            )
            return []
        rows = zip(table.columns[label], table.columns[value], strict=True)
        return [(self.line(name, row), key, value, text) for row, (key, text) in enumerate(rows) if key or text]

    def more(self) -> None:
        """Lay the paths and values of ``more`` over what is there."""
        table = self.tables.get(MORE)
        title = self.title(MORE)
        if table is None or not len(table):
            return
        for line, text, word, value in self.pairs(MORE, table, PATH, CONTENT):
            mark = self.places.mark(title, line, word)
            try:
                path = parse_path(text)
            except ValueError as fault:
                self.report(self.places.mark(title, line, next(iter(table.columns))), worded(fault))
                continue
            try:
                node = parse_value(value, mark)
            except ValueError as fault:
                self.report(mark, worded(fault))
                continue
            if isinstance(node, Remove) and path[0] != "variants":
                self.report(mark, words("`!remove` is only allowed inside `variants`"), words("delete the row"))
                continue
            if in_the_way := lay(self.root, path, node, mark):
                self.report(mark, in_the_way, words("state each thing in one place"))


EMPTY = words("the cell is empty, a value was expected")
_PATHS = {(sheet.path, sheet.by_month) for sheet in layout().values()}


def _needed(column: Column) -> bool:
    """Whether a sheet cannot do without a column."""
    return column.required and len(column.key) == 1 and column.key != ("rate",)


def _labels(column: Column) -> tuple[str, ...]:
    return (column.key[-1], ".".join(column.key), column.said("en"), column.said("zh"))


def _titles(sheet: Sheet, lang: Language) -> list[str]:
    first = [sheet.parent.said(lang)] if sheet.parent else []
    return [*first, *(column.said(lang) for column in sheet.columns)]


def _language(title: str) -> Language:
    """Language of a sheet, by its name."""
    return "en" if title.isascii() else "zh"


def _known(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Every header understood for a sheet, folded, to the key that it names."""
    known: dict[str, tuple[str, ...]] = {}
    if sheet.parent:
        known |= {folded(sheet.parent.said(lang)): PARENT for lang in LANGUAGES}
    for column in sheet.columns:
        for word in (column.said("en"), column.said("zh"), "_".join(column.key), ".".join(column.key)):
            known.setdefault(folded(word), column.key)
    return known
