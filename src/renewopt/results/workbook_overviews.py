"""Sheets that are reckoned from the tables: totals that tie out, years by use, months, and charts that Excel draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from renewopt.results.tying import Line, Tie, ties
from renewopt.results.workbook_cells import Formats, column_width, month_date
from renewopt.results.workbook_sums import Placed, Sum, Sums, formula_of, literal
from renewopt.results.workbook_tables import Names, on_paper
from renewopt.results.workbook_words import account_word, sheet_name, word_of
from renewopt.vocabulary import ENTRIES, USES, Entry
from renewopt.wording import Language
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["Book", "fill_charts", "fill_months", "fill_ties", "fill_years"]

FUNDS_SHOWN = 20
"""Funds whose years are told one by one."""
LONGEST_WORD = 200
"""Letters of an id in a formula, which takes 255."""
NOTHING = 0.005
"""Yuan: less is no difference."""


@dataclass(frozen=True)
class Book:
    """What overviews are written with: the plan, its tables in the workbook, formats, language, names of ids."""

    plan: PlanRecord
    placed: Mapping[str, Placed]
    formats: Formats
    lang: Language
    named: Names

    def write(self, sheet: Any, at: tuple[int, int], sums: Sums, form: Any, result: float) -> None:
        """Write sums as a formula with its result; as an amount where their tables are not in the workbook."""
        formula = formula_of(sums, self.placed, self.lang)
        if formula is None:
            sheet.write_number(*at, result, form)
        else:
            sheet.write_formula(*at, formula, form, result)


# --- totals that tie out --------------------------------------------------------------------------------------------


def fill_ties(sheet: Any, book: Book) -> None:
    """Write every tie: its lines, their sum, the ledger's total, and the difference, which is none."""
    formats, lang = book.formats, book.lang
    for place, wide in enumerate((58, 20, 20, 20)):
        sheet.set_column(place, place, wide)
    heads = [say(lang, f"book.tie.{name}") for name in ("line", "amount", "counted", "not_counted")]
    for place, title in enumerate(heads):
        sheet.write_string(0, place, title, formats.head if place == 0 else formats.head_of_numbers)
    row = 2
    checks: list[str] = []
    for tie in ties(book.plan):
        row = _tie(sheet, book, tie, row, checks) + 2
    sheet.write_string(1, 0, say(lang, "book.tie.open"), formats.strong)
    formula = "=" + ("+".join(f"IF(ABS({cell})<{NOTHING},0,1)" for cell in checks) or "0")
    sheet.write_formula(1, 1, formula, formats.totals["count"], 0)
    sheet.conditional_format(1, 1, 1, 1, {"type": "cell", "criteria": ">", "value": 0, "format": formats.wrong})
    sheet.freeze_panes(1, 1)
    on_paper(sheet, row, 3)
    sheet.set_portrait()


def _tie(sheet: Any, book: Book, tie: Tie, row: int, checks: list[str]) -> int:
    """Write one tie from a row on; return its last row."""
    formats, lang = book.formats, book.lang
    weighed = any(line.counted is not None for line in tie.lines)
    form, total_form = formats.kinds[tie.kind], formats.totals[tie.kind]
    row += 1
    sheet.write_string(row, 0, say(lang, f"book.tie.{tie.key}"), formats.strong)
    first = row + 1
    shown = [0.0, 0.0]
    for line in tie.lines:
        row += 1
        sheet.write_string(row, 0, _label(line, lang), formats.kinds["text"])
        amounts = line.amounts
        shown = [one + other for one, other in zip(shown, amounts, strict=True)]
        book.write(sheet, (row, 1), line.sums, form, amounts[0])
        if weighed:
            book.write(sheet, (row, 2), line.counted or line.sums, form, amounts[1])
            here = row + 1
            sheet.write_formula(row, 3, f"=ROUND(B{here}-C{here},2)", form, round(amounts[0] - amounts[1], 2))
    last = row + 1
    row += 1
    sheet.write_string(row, 0, say(lang, "book.tie.sum"), formats.totals["text"])
    sums = [round(shown[0], 2), round(shown[1], 2), round(shown[0] - shown[1], 2)]
    for column, value in zip("BCD" if weighed else "B", sums, strict=False):
        cells = f"{column}{first + 1}:{column}{last}"
        sheet.write_formula(row, "ABCD".index(column), f"=ROUND(SUM({cells}),2)", total_form, value)
    ours = f"{'C' if weighed else 'B'}{row + 1}"
    sheet.write_string(row + 1, 0, say(lang, "book.tie.ledger"), formats.kinds["text"])
    place = 2 if weighed else 1
    sheet.write_number(row + 1, place, tie.total, form)
    sheet.write_string(row + 2, 0, say(lang, "book.tie.difference"), formats.strong)
    theirs = f"{'C' if weighed else 'B'}{row + 2}"
    sheet.write_formula(row + 2, place, f"=ROUND({ours}-{theirs},2)", total_form, tie.difference)
    rule = {"type": "cell", "criteria": "!=", "value": 0, "format": formats.wrong}
    sheet.conditional_format(row + 2, place, row + 2, place, rule)
    checks.append(f"{'C' if weighed else 'B'}{row + 3}")
    return row + 2


def _label(line: Line, lang: Language) -> str:
    if isinstance(line.key, str):
        return say(lang, f"book.tie.{line.key}")
    kind, code = line.key
    return account_word(lang, code) if kind == "account" else word(lang, kind, code)


# --- years ----------------------------------------------------------------------------------------------------------


def fill_years(sheet: Any, book: Book) -> tuple[int, list[tuple[str, int]]]:
    """Write what comes and goes by use and year: of all funds, of each, and what is left at the end of each year.

    Returns
    -------
    tuple
        How many years, and of all funds the uses that money is paid for with their rows: for a chart.
    """
    funds, formats, lang = book.plan.funds, book.formats, book.lang
    years = sorted({int(month[:4]) for month in funds["month"]})
    flows: dict[str | None, dict[tuple[str, int], int]] = {None: {}}
    for fund, use, month, amount in zip(funds["fund"], funds["use"], funds["month"], _fen(book.plan), strict=True):
        for of in (flows[None], flows.setdefault(fund, {})):
            of[use, int(month[:-3])] = of.get((use, int(month[:-3])), 0) + amount
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, len(years) + 1, 18)
    sheet.write_string(0, 0, say(lang, "book.years.head"), formats.head)
    for place, year in enumerate(years, 1):
        sheet.write_number(0, place, year, formats.head_of_numbers)
    sheet.write_string(0, len(years) + 1, say(lang, "book.total"), formats.head_of_numbers)
    drawn: list[tuple[str, int]] = []
    row = 1
    shown = [*flows][: 1 + FUNDS_SHOWN] if len(flows) > 2 else [None]
    for whose in shown:
        row = _years_of(sheet, book, flows[whose], whose, years, row, drawn) + 2
    sheet.freeze_panes(1, 1)
    on_paper(sheet, row, len(years) + 1)
    return len(years), drawn


def _fen(plan: PlanRecord) -> list[int]:
    """What each row of the funds' table brings or takes, in whole fen."""
    fen: list[int] = (plan.funds["amount"] * 100).round().astype("int64").tolist()
    return fen


def _years_of(
    sheet: Any,
    book: Book,
    by_use: Mapping[tuple[str, int], int],
    fund: str | None,
    years: list[int],
    row: int,
    drawn: list[tuple[str, int]],
) -> int:
    """Write fen by use and year of a fund, or of all; return the last row."""
    from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

    formats, lang, placed = book.formats, book.lang, book.placed.get("funds")
    title = say(lang, "book.years.all")
    if fund is not None:
        name = book.named.get("fund", {}).get(fund, "")
        title = f"{fund} {name}" if name and name != fund else fund
    sheet.write_string(row, 0, title[:LONGEST_WORD], formats.strong)
    of_fund = []
    formulas = placed is not None and placed.dated and len(fund or "") <= LONGEST_WORD
    if placed is not None and fund is not None:
        of_fund = [placed.cells("fund"), literal(fund)]
    used: dict[str, int] = {}
    by_year = dict.fromkeys(years, 0)
    for (use, year), amount in by_use.items():
        used[use] = used.get(use, 0) + amount
        by_year[year] += amount
    first = row + 1
    for use in (each for each in (*ENTRIES, *USES) if each in used):
        row += 1
        sheet.write_string(row, 0, word(lang, "use", use), formats.kinds["text"])
        for place, year in enumerate(years, 1):
            value = by_use.get((use, year), 0) / 100
            if formulas and placed is not None:
                criteria = [
                    placed.cells("amount"), placed.cells("use"), literal(word_of(lang, "use", use)), *of_fund,
                    placed.cells("month"), f'">="&DATE({year},1,1)', placed.cells("month"), f'"<"&DATE({year + 1},1,1)',
                ]  # fmt: skip
                sheet.write_formula(
                    row, place, f"=ROUND(SUMIFS({','.join(criteria)}),2)", formats.kinds["money"], value
                )
            else:
                sheet.write_number(row, place, value, formats.kinds["money"])
        total = used[use] / 100
        cells = f"{xl_rowcol_to_cell(row, 1)}:{xl_rowcol_to_cell(row, len(years))}"
        sheet.write_formula(row, len(years) + 1, f"=ROUND(SUM({cells}),2)", formats.totals["money"], total)
        if fund is None and use in USES:
            drawn.append((use, row))
    row += 1
    sheet.write_string(row, 0, say(lang, "book.years.change"), formats.totals["text"])
    sheet.write_string(row + 1, 0, say(lang, "book.years.left"), formats.totals["text"])
    left = 0
    for place, year in enumerate([*years, 0], 1):
        letter = xl_col_to_name(place)
        change = sum(by_year.values()) if year == 0 else by_year[year]
        formula = f"=ROUND(SUM({letter}{first + 1}:{letter}{row}),2)"
        sheet.write_formula(row, place, formula, formats.totals["money"], change / 100)
        if year:
            left += change
            before = f"{xl_col_to_name(place - 1)}{row + 2}+" if place > 1 else ""
            sheet.write_formula(
                row + 1, place, f"=ROUND({before}{letter}{row + 1},2)", formats.totals["money"], left / 100
            )
    return row + 1


# --- months ---------------------------------------------------------------------------------------------------------


def fill_months(sheet: Any, book: Book) -> int:
    """Write households, fees and money month by month; return how many months there are."""
    plan, formats, lang = book.plan, book.formats, book.lang
    months = sorted({*plan.people["month"], *plan.fees["month"], *plan.funds["month"]})
    dated = all(month_date(month) for month in months) and all(
        book.placed[name].dated for name in ("people", "fees", "funds") if name in book.placed
    )
    titles = [say(lang, f"book.months.{name}") for name in ("month", *_MONTHLY)]
    kinds = ["month", *(kind for kind, _ in _MONTHLY.values())]
    sheet.write_row(0, 0, titles)
    values = {name: sums for name, (_, sums) in _MONTHLY.items()}
    of_table = cache(lambda name: getattr(plan, name).groupby("month").sum(numeric_only=True))
    by_month = {name: [_monthly(each, plan, of_table) for each in sums] for name, sums in values.items()}
    flows: dict[str, int] = {}
    for month, fen in zip(plan.funds["month"], _fen(plan), strict=True):
        flows[month] = flows.get(month, 0) + fen
    left = 0
    for row, month in enumerate(months, 1):
        date = month_date(month)
        if date is None:
            sheet.write_string(row, 0, month, formats.kinds["text"])
        else:
            sheet.write_datetime(row, 0, date, formats.kinds["month"])
        for place, (name, (kind, sums)) in enumerate(_MONTHLY.items(), 1):
            value = round(sum(float(each.get(month, 0.0)) for each in by_month[name]), 2)
            formula = _of_month(book, sums, row + 1) if dated else None
            if formula is None:
                sheet.write_number(row, place, value, formats.kinds[kind])
            else:
                sheet.write_formula(row, place, formula, formats.kinds[kind], value)
        left += flows.get(month, 0)
        here, above = row + 1, f"+L{row}" if row > 1 else ""
        sheet.write_formula(row, 11, f"=ROUND(J{here}+K{here}{above},2)", formats.kinds["money"], left / 100)
    titles.append(say(lang, "book.months.balance"))
    kinds.append("money")
    for place, (title, kind) in enumerate(zip(titles, kinds, strict=True)):
        sheet.set_column(place, place, column_width(title, kind, []) if kind != "money" else 15)
    options = [
        {"header": title, "header_format": formats.heading(kind)} for title, kind in zip(titles, kinds, strict=True)
    ]
    last = max(len(months), 1)
    sheet.add_table(0, 0, last, 11, {"name": "t_months", "style": "Table Style Light 1", "columns": options})
    for place in (4, 6, 8):
        rule = {"type": "cell", "criteria": ">", "value": 0, "format": formats.overdue}
        sheet.conditional_format(1, place, last, place, rule)
    sheet.freeze_panes(1, 1)
    on_paper(sheet, last, 11)
    return len(months)


def _people(column: str, sign: int = 1) -> Sum:
    return Sum("people", column, sign=sign)


_IN = (*(name for name in ENTRIES if name not in (Entry.MOVED_IN, Entry.MOVED_OUT, Entry.LAPSED)),)
_OUT = (*USES, Entry.LAPSED, Entry.MOVED_IN, Entry.MOVED_OUT)
_MONTHLY: Mapping[str, tuple[str, Sums]] = {
    "housed": ("count", (_people("housed"),)),
    "waiting": ("count", (_people("waiting"),)),
    "term": ("count", (_people("waiting"), _people("overdue", -1))),
    "overdue": ("count", (_people("overdue"),)),
    "fees.ordinary": ("money", (Sum("fees", "ordinary"),)),
    "fees.overdue": ("money", (Sum("fees", "overdue"),)),
    "fees.paid": ("money", (Sum("fees", "paid"),)),
    "fees.owed": ("money", (Sum("fees", "owed"),)),
    "in": ("money", (Sum("funds", "amount", (("use", _IN),)),)),
    "out": ("money", (Sum("funds", "amount", (("use", _OUT),)),)),
}
"""Columns of the months: kind, and what they are the sum of. What funds move among themselves stands among what goes
out, where it comes to nothing."""


def _monthly(each: Sum, plan: PlanRecord, of_table: Callable[[str], pd.DataFrame]) -> dict[str, float]:
    """Reckon a sum month by month; of whole tables `of_table` has reckoned it."""
    if each.where:
        frame: pd.DataFrame = getattr(plan, each.table)
        for column, codes in each.where:
            frame = frame[frame[column].isin(codes)]
        sums = frame.groupby("month")[each.column].sum()
    else:
        sums = of_table(each.table)[each.column]
    return dict(zip(sums.index, (each.sign * sums).tolist(), strict=True))


def _of_month(book: Book, sums: Sequence[Sum], row: int) -> str | None:
    """Write sums of the month in column A as a formula."""
    written = []
    for each in sums:
        here = book.placed.get(each.table)
        if here is None:
            return None
        written.append(formula_of((each,), book.placed, book.lang, here.cells("month"), f"$A{row}"))
    parts = [part.removeprefix("=") for part in written if part]
    return "=" + "+".join(parts)


# --- charts ---------------------------------------------------------------------------------------------------------


def fill_charts(
    sheet: Any, make: Callable[[str], Any], book: Book, months: int, years: int, drawn: list[tuple[str, int]]
) -> None:
    """Draw, with Excel's own charts, who waits, fees, money by month and payments by year.

    Parameters
    ----------
    make
        Makes a chart of a kind, stacked where it is a column.
    months, years, drawn
        What `fill_months` and `fill_years` have written.
    """
    lang = book.lang
    of_months, of_years = sheet_name(lang, "months"), sheet_name(lang, "years")

    def monthly(column: int, colour: str) -> dict[str, Any]:
        return {
            "name": [of_months, 0, column],
            "categories": [of_months, 1, 0, months, 0],
            "values": [of_months, 1, column, months, column],
            "fill": {"color": colour},
            "line": {"color": colour, "width": 1.75},
            "gap": 20,
        }

    place = 0
    for key, kind, series in (
        ("waiting", "column", [(4, "#D55E00"), (3, "#A6CEE4")]),
        ("fees", "column", [(5, "#56B4E9"), (6, "#D55E00")]),
        ("balance", "line", [(11, "#0072B2")]),
    ):
        chart = make(kind)
        for column, colour in series:
            chart.add_series(monthly(column, colour))
        chart.set_x_axis({"num_format": "yyyy-mm", "date_axis": True, "num_font": {"rotation": -45}})
        place = _put(sheet, chart, key, place, book)
    if drawn:
        from renewopt.vocabulary import colour_of

        chart = make("column")
        for use, row in drawn:
            chart.add_series(
                {
                    "name": [of_years, row, 0],
                    "categories": [of_years, 0, 1, 0, years],
                    "values": [of_years, row, 1, row, years],
                    "fill": {"color": colour_of("use", use, "#8c8c8c")},
                    "gap": 60,
                }
            )
        # What is paid is below 0, and drawn upwards: years stand below the bars where the axis has its greatest value.
        chart.set_x_axis({"label_position": "high"})
        _put(sheet, chart, "uses", place, book)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def _put(sheet: Any, chart: Any, key: str, place: int, book: Book) -> int:
    """Write title and axes of a chart and put it into its place; return the next. What is paid is drawn upwards."""
    chart.set_title({"name": say(book.lang, f"book.chart.{key}"), "name_font": {"size": 12}, "overlay": False})
    chart.set_y_axis(
        {
            "name": say(book.lang, "unit.households" if key == "waiting" else "unit.yuan"),
            **({"num_format": "#,##0;#,##0", "reverse": True} if key == "uses" else {"num_format": "#,##0"}),
            "major_gridlines": {"visible": True, "line": {"color": "#E3E6E8"}},
        }
    )
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 620, "height": 330})
    sheet.insert_chart(17 * (place // 2), 10 * (place % 2), chart)
    return place + 1
