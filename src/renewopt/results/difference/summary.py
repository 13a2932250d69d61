"""Tell the difference of two plans on one page of plain text, the same on a terminal, in a pipe and in a notebook."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from renewopt.charts.labels import Locale
from renewopt.results.aligning import align
from renewopt.results.difference.telling import (
    fees_table,
    figures_table,
    in_short,
    money_table,
    parts_table,
    phases_table,
    projects_table,
    sources,
    stated_table,
)
from renewopt.vocabulary import Goal
from renewopt.wording import Language, of_its_place, visible

if TYPE_CHECKING:
    from renewopt.results.difference.record import DifferenceRecord
    from renewopt.results.reporting.page import Table

__all__ = ["summarise"]

SHOWN = 20
"""Rows of a table before the rest is only counted."""


@of_its_place
def summarise(difference: DifferenceRecord, lang: Language) -> str:
    """Tell a difference.

    Parameters
    ----------
    difference : DifferenceRecord
    lang : {'en', 'zh'}
    """
    say = Locale(lang, difference.names)
    a, b = difference.a, difference.b
    blocks = [[say("diff.title", a=a.label, b=b.label), *sources(difference, say)], in_short(difference, say)]
    if difference:
        blocks.append(_block("head.diff.figures", figures_table(difference, say), say))
        if len(difference.causes):
            blocks.append(_block("head.diff.fees", fees_table(difference, say, brief=True), say))
        for key, total in (("head.diff.parts", Goal.FEES), ("head.diff.cost", Goal.FISCAL)):
            if len(difference.parts(total)):
                blocks.append(_block(key, parts_table(difference, total, say), say))
        for key, rows, make in (
            ("head.diff.people", difference.projects, partial(projects_table, brief=True)),
            ("head.diff.phases", difference.phases, phases_table),
            ("head.diff.money", difference.money, money_table),
        ):
            if len(rows):
                blocks.append(_block(key, make(difference, SHOWN, say), say))
        if len(difference.stated):
            table = stated_table(difference, SHOWN, say)
            # In a line each: what a scenario states may be long.
            lines = [f"  {' · '.join(filter(None, row[:3]))}: {row[3]} → {row[4]}" for row in table.rows]
            blocks.append([say("head.diff.stated"), *lines, *([f"  {table.more}"] if table.more else [])])
    return visible("\n\n".join("\n".join(block) for block in blocks))


def _block(key: str, table: Table, say: Locale) -> list[str]:
    rows = [*table.rows, *([table.total] if table.total else [])]
    lines = [
        say(key),
        *([f"  {table.caption}"] if table.caption else []),
        *align(table.head, rows, numbers=table.numbers),
    ]
    return [*lines, f"  {table.more}"] if table.more else lines
