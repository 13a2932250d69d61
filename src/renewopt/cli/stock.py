"""The stock-taking on the screen: tables on a terminal, plain text in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renewopt.cli.speaking import tell
from renewopt.results.aligning import align
from renewopt.wording import Language, visible
from renewopt.wording.amounts import in_table, yuan
from renewopt.wording.phrases import purpose, say, word

if TYPE_CHECKING:
    import pandas as pd

    from renewopt.problem.stocktaking import Inventory
    from renewopt.scheduling import Overview

__all__ = ["show_programme", "show_stock"]

MONEY = {"ordinary", "overdue", "owed", "cost_left", "growth", "due", "left", "short"}
SHARES = {"progress"}
WORDED = {"measure": "measure", "kind": "work_kind"}
"""Columns of codes, and the vocabulary that they are words of."""
IDLE = 12
"""Projects and works that are named in one line."""
SHOWN = 60
"""Rows of a table before the rest is only counted."""


def show_stock(stock: Inventory, lang: Language) -> None:
    """Print the stock-taking: homes, phases, households, arrears, fees, money."""
    for head, table, money in (
        ("stock.homes", stock.homes, set[str]()),
        ("stock.phases", stock.phases, set[str]()),
        ("stock.waiting", stock.waiting, set[str]()),
        (
            "stock.arrears",
            stock.arrears.assign(need=[purpose(lang, need) for need in stock.arrears["need"]]),
            set[str](),
        ),
        ("stock.bill", _with_total(stock.bill, lang), {"total"}),
        ("stock.series", _sampled(stock.series, stock.money_runs_out), {"total"}),
    ):
        if len(table):
            _show_table(say(lang, head), table, MONEY | money, lang)
    tell("\n".join(_how_long_money_lasts(stock, lang)))


def show_programme(overview: Overview, lang: Language) -> None:
    """Print what the programme asks for: by kind, the critical path, and what nothing urges to start."""
    tell()
    _show_table(say(lang, "stock.programme"), overview.kinds, {"cost", "earmarked"}, lang)
    if overview.path:
        path = " → ".join(visible(name, keep="") for name in overview.path)
        tell(say(lang, "stock.critical_path", path=path, months=overview.months))
    if overview.idle:
        names = [visible(name, keep="") for name in overview.idle[:IDLE]]
        more = len(overview.idle) - len(names)
        listed = ", ".join(names) if lang == "en" else "、".join(names)
        if more:
            listed = say(lang, "notice.names", names=listed, count=more)
        tell(say(lang, "stock.not_urged", names=listed))


def _with_total(bill: pd.DataFrame, lang: Language) -> pd.DataFrame:
    """Add a line for all projects."""
    import pandas as pd

    total = bill.sum(numeric_only=True).to_dict()
    return pd.concat([bill, pd.DataFrame([{"project": say(lang, "all"), **total}])], ignore_index=True)


def _sampled(series: pd.DataFrame, out: str | None) -> pd.DataFrame:
    """Choose the first months, then each January, the month in which money runs out, and the last month."""
    chosen = (series.index < 6) | series["month"].str.endswith("-01") | (series.index == len(series) - 1)
    return series[chosen | (series["month"] == out)]


def _how_long_money_lasts(stock: Inventory, lang: Language) -> list[str]:
    if stock.money_runs_out is None:
        return [say(lang, "stock.money_lasts")]
    month = stock.series[stock.series["month"] == stock.money_runs_out].iloc[0]
    short, left = yuan(lang, float(month["short"])), yuan(lang, float(month["left"]))
    lines = [say(lang, "stock.money_runs_out", month=stock.money_runs_out, short=short)]
    return [*lines, say(lang, "stock.money_tied", left=left)] if month["left"] > 0 else lines


def _show_table(head: str, table: pd.DataFrame, money: set[str], lang: Language) -> None:
    columns = [str(name) for name in table.columns]
    titles = [word(lang, "stock.column", name) for name in columns]
    shown = table.head(SHOWN).to_numpy(dtype=object)
    cells = [[_cell(value, name, money, lang) for value, name in zip(row, columns, strict=True)] for row in shown]
    numbers = [place for place, name in enumerate(columns) if table[name].dtype.kind in "iuf"]
    tell(head, bold=True)
    tell("\n".join(align(titles, cells, numbers=numbers)))
    if len(table) > SHOWN:
        tell("  " + say(lang, "more", count=len(table) - SHOWN))
    tell()


def _cell(value: object, name: str, money: set[str], lang: Language) -> str:
    if isinstance(value, str):
        kind = WORDED.get(name)
        return visible(word(lang, kind, value) if kind else value, keep="")
    number = float(value)  # type: ignore[arg-type]
    if number != number:  # noqa: PLR0124 - NaN: not stated
        return ""
    if name in money:
        return in_table(lang, number)
    return f"{number:.0%}" if name in SHARES else f"{number:,.10g}"
