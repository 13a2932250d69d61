"""The difference of two plans in sentences and tables, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

import pandas as pd

from renewopt.charts.labels import Locale, quarter_told
from renewopt.charts.scales import Scale, money_scale
from renewopt.results.difference.record import CHANGES, SIDES, DifferenceRecord, Effect, Side
from renewopt.results.reporting.assumptions import sections
from renewopt.results.reporting.page import Table
from renewopt.results.stated import Stated
from renewopt.results.summary import percent
from renewopt.vocabulary import OBJECTIVES
from renewopt.wording.amounts import yuan

__all__ = [
    "fees_table",
    "figures_table",
    "in_short",
    "money_table",
    "part_word",
    "parts_table",
    "phases_table",
    "projects_table",
    "proof",
    "sources",
    "stated_table",
]

MONEY = ("objective", "bound", *OBJECTIVES, "waiting_cost", "shortfall")
CLOSE = 1.0
"""Yuan that are not worth a word."""
MONTHS = ("clear_month", "all_settled_month")
FIGURES = (
    "status",
    "objective",
    "bound",
    "gap",
    *OBJECTIVES,
    "waiting_cost",
    "shortfall",
    "households",
    "settled",
    *MONTHS,
)
_FREE = ("waiting_cost", "shortfall")
"""Figures that are told only where one of the plans has them."""


def part_word(part: str, say: Locale) -> str:
    """Word for a part of a total: an item, a use of money or a movement, a payer, or what is only reckoned."""
    words = (say.word(kind, part) for kind in ("reckoned", "item", "use", "paid_by"))
    return next((word for word in words if word != part), part)


# --- sentences ------------------------------------------------------------------------------------------------------


def sources(difference: DifferenceRecord, say: Locale) -> list[str]:
    """What the two plans are."""
    return [
        say(
            "diff.of",
            label=side.label,
            name=side.name,
            variant=say("diff.base") if side.variant is None else say("diff.variant", variant=side.variant),
            policy=say.word("policy", side.policy),
        )
        for side in (difference.a, difference.b)
    ]


def in_short(difference: DifferenceRecord, say: Locale) -> list[str]:
    """What a director should know, a sentence each."""
    if not difference:
        return [say("diff.none")]
    a, b = difference.a, difference.b
    told = [_total(difference, total, say) for total in OBJECTIVES]
    if (most := _most(difference, say)) is not None:
        told.append(most)
    told.append(_fared(difference, say))
    if (a.settled, a.households) != (b.settled, b.households):
        counts = {"after": b.settled, "before": a.settled, "households": b.households, "others": a.households}
        told.append(say("diff.housed", **{name: f"{count:,}" for name, count in counts.items()}))
    for key, name in (("diff.clear", MONTHS[0]), ("diff.settled", MONTHS[1])):
        months = [getattr(side, name) or say("diff.never") for side in (a, b)]
        if months[0] != months[1]:
            told.append(say(key, before=months[0], after=months[1]))
    changes = difference.phases["change"].value_counts()
    if len(changes):
        counted = [
            say("diff.count", change=say(f"diff.change.{change}"), count=int(changes[change]))
            for change in CHANGES
            if change in changes
        ]
        told.append(say("diff.phases", changes=say("diff.count.join").join(counted)))
    return [*told, *proof(difference, say), *_otherwise(difference, say)]


def _total(difference: DifferenceRecord, total: str, say: Locale) -> str:
    change = difference.change(total)
    key = "diff.total.less" if change < 0 else "diff.total.more" if change > 0 else "diff.total.same"
    before, after = (yuan(say.lang, getattr(side, total)) for side in (difference.a, difference.b))
    name = say.word("objective", total)
    name = name[:1].upper() + name[1:]
    return say(key, total=name, before=before, after=after, change=yuan(say.lang, abs(change)))


def _most(difference: DifferenceRecord, say: Locale) -> str | None:
    causes = difference.by_cause()
    causes = causes[causes["total"] != 0]
    if causes.empty:
        return None
    row = causes.sort_values("total", key=abs, ascending=False, kind="stable").to_dict("records")[0]
    key = "diff.most" if row["households"] else "diff.most.none"
    cause = say(f"diff.cause.{row['cause']}")
    return say(key, cause=cause, change=_signed(say, float(row["total"])), households=f"{row['households']:,}")


def _signed(say: Locale, amount: float) -> str:
    return ("+" if amount > 0 else "−" if amount < 0 else "") + yuan(say.lang, abs(amount))


def _fared(difference: DifferenceRecord, say: Locale) -> str:
    counts = difference.households.groupby("effect")["count"].sum()
    better, worse = (int(counts.get(effect, 0)) for effect in (Effect.BETTER, Effect.WORSE))
    return say("diff.fared", better=f"{better:,}", worse=f"{worse:,}", same=f"{difference.as_before:,}")


def _otherwise(difference: DifferenceRecord, say: Locale) -> list[str]:
    a, b = difference.a, difference.b
    told = []
    if a.name != b.name:
        told.append(say("diff.other.scenario", a=a.name, b=b.name))
    if len(difference.stated):
        told.append(say("diff.other.stated"))
    elif a.scenario_sha256 != b.scenario_sha256:
        told.append(say("diff.other.tables"))
    for side, plan in zip(SIDES, (a, b), strict=True):
        mine = difference.alone[difference.alone["plan"] == side]
        if len(mine):
            sizes = mine["households"].where(mine["kind"] == "household", 1).groupby(mine["kind"], sort=False).sum()
            what = [say(f"diff.alone.{kind}", count=f"{count:,}") for kind, count in sizes.items()]
            told.append(say("diff.alone", plan=plan.label, what=say("diff.count.join").join(what)))
    return told


def proof(difference: DifferenceRecord, say: Locale) -> list[str]:
    """How much of the difference in what is minimised the two searches prove."""
    a, b = difference.a, difference.b
    if a.objective_name != b.objective_name:
        goals = {name: say.word("objective", side.objective_name) for name, side in (("a", a), ("b", b))}
        return [say("diff.proof.goals", **goals)]
    if a.objective is None or b.objective is None:
        return []
    change = b.objective - a.objective
    if difference.same_problem:
        return _of_one(a, b, change, say)
    unknown = [side.label for side in (a, b) if side.bound is None]
    if a.bound is None or b.bound is None:
        return [say("diff.proof.unknown", plan=label) for label in unknown]
    low, high = b.bound - a.objective, b.objective - a.bound
    if change == 0:
        return []
    exact = high - low < CLOSE
    key = "proven" if exact else "within" if low <= 0 <= high else "beyond"
    limits = {"low": _signed(say, low), "high": _signed(say, high)}
    return [say(f"diff.proof.{key}", change=_signed(say, change), **limits)]


def _of_one(a: Side, b: Side, change: float, say: Locale) -> list[str]:
    """Of two plans of one problem the higher bound holds for both."""
    if a.objective is None or b.objective is None or (a.bound is None and b.bound is None):
        return [say("diff.proof.unknown", plan=side.label) for side in (a, b)]
    bound = max(side.bound for side in (a, b) if side.bound is not None)
    above = [max(value - bound, 0.0) for value in (a.objective, b.objective)]
    key = "diff.proof.one.within" if 0 < abs(change) <= min(above) else "diff.proof.one"
    amounts = {"bound": bound, "above_a": above[0], "above_b": above[1]}
    return [
        say(
            key,
            a=a.label,
            b=b.label,
            change=_signed(say, change),
            **{name: yuan(say.lang, amount) for name, amount in amounts.items()},
        )
    ]


# --- tables ---------------------------------------------------------------------------------------------------------


def figures_table(difference: DifferenceRecord, say: Locale) -> Table:
    """The main figures of both plans, and what changes."""
    a, b = difference.a, difference.b
    amounts = [abs(value) for name in MONEY for side in (a, b) if (value := getattr(side, name)) is not None]
    scale = money_scale(max(amounts, default=0.0), say)
    rows = []
    for name in FIGURES:
        ours, theirs = getattr(a, name), getattr(b, name)
        if name in _FREE and ours is None and theirs is None:
            continue
        change = ""
        if name in MONEY or name in ("households", "settled"):
            comparable = name not in ("objective", "bound") or a.objective_name == b.objective_name
            if ours is not None and theirs is not None and comparable:
                change = (
                    money(theirs - ours, scale, sign=True) if name in MONEY else f"{theirs - ours:+,}".replace("-", "−")
                )
        label = say.word("objective", name) if name in OBJECTIVES else say(f"diff.figure.{name}")
        rows.append([label, _cell(a, name, scale, say), _cell(b, name, scale, say), _nothing(change)])
    head = [say("diff.column.figure"), a.label, b.label, say("diff.column.difference")]
    return Table(say("diff.unit.both", unit=scale.unit), head, rows, range(1, 4))


def _cell(side: Side, name: str, scale: Scale, say: Locale) -> str:
    value = getattr(side, name)
    if name == "status":
        return say("diff.status.rule" if value == "feasible" and side.gap is None else f"diff.status.{value}")
    if value is None:
        return say("diff.never") if name in MONTHS else "–"
    if name == "gap":
        return percent(value)
    return money(value, scale) if name in MONEY else f"{value:,}" if isinstance(value, int) else str(value)


def money(amount: float, scale: Scale, *, sign: bool = False) -> str:
    """Write an amount in a unit, to two digits where it is a large one."""
    written = (
        f"{amount / scale.yuan:{'+' if sign else ''},.2f}" if scale.yuan > 1 else f"{amount:{'+' if sign else ''},.0f}"
    )
    return "0" if not any(digit in written for digit in "123456789") else written.replace("-", "−")


def _nothing(change: str) -> str:
    return "" if change in ("+0", "0") else change


def fees_table(difference: DifferenceRecord, say: Locale, *, brief: bool = False) -> Table:
    """Differences of fees by what became of the households.

    Parameters
    ----------
    brief
        Without what the fees are made of, for narrow windows.
    """
    table = difference.by_cause()
    # Surcharges, of no household, have a row and no column.
    names = [name for name in ("until_housed", "tail", "valued") if not brief and table[name].any()]
    names += ["total", *(name for name in ("price", "household_pays") if table[name].any())]
    scale = _scale(table, names, say)
    rows = [
        [
            say(f"diff.cause.{row['cause']}"),
            f"{row['households']:,}" if row["households"] else "",
            *(money(float(row[name]), scale, sign=True) for name in names),
        ]
        for row in table.to_dict("records")
    ]
    sums = [money(float(table[name].sum()), scale, sign=True) for name in names]
    total = [say("column.total"), f"{table['households'].sum():,}", *sums]
    head = [say("diff.column.cause"), say("column.households"), *(say(f"diff.column.{name}") for name in names)]
    return Table(say("diff.unit", unit=scale.unit), head, rows, range(1, len(head)), total)


def parts_table(difference: DifferenceRecord, total: str, say: Locale) -> Table:
    """Parts of a total that differ."""
    table = difference.parts(total)
    scale = _scale(table, ["a", "b", "difference"], say)
    rows = [
        [
            part_word(str(row["part"]), say),
            *(money(float(row[side]), scale) for side in SIDES),
            money(float(row["difference"]), scale, sign=True),
        ]
        for row in table.to_dict("records")
    ]
    sums = ["", "", money(difference.change(total), scale, sign=True)]
    head = [say("diff.column.part"), difference.a.label, difference.b.label, say("diff.column.difference")]
    return Table(say("diff.unit.parts", unit=scale.unit), head, rows, range(1, 4), [say("column.total"), *sums])


def _scale(table: pd.DataFrame, names: list[str], say: Locale) -> Scale:
    largest = table[names].abs().max().max() if len(table) else 0.0
    return money_scale(float(largest), say)


def phases_table(difference: DifferenceRecord, most: int, say: Locale) -> Table:
    """Phases that are begun, completed or paid for otherwise."""
    table = difference.phases
    scale = _scale(table, ["amount_a", "amount_b"], say)

    def both(row: Mapping[Hashable, object], name: str, write: Callable[[object], str]) -> str:
        cells = [write(row[f"{name}_{side}"]) for side in SIDES]
        return cells[0] if cells[0] == cells[1] else f"{cells[0]} → {cells[1]}"

    def month(value: object) -> str:
        return str(value) or "–"

    rows = [
        [
            say.label("phase", str(row["phase"])),
            say(f"diff.change.{row['change']}"),
            both(row, "begun", month),
            both(row, "completed", month),
            both(row, "amount", lambda value: money(float(str(value)), scale)),
        ]
        for row in table.head(most).to_dict("records")
    ]
    head = [
        say("column.phase"),
        say("diff.column.change"),
        say("diff.column.begun"),
        say("column.handover"),
        say("diff.column.paid"),
    ]
    return Table(
        say("diff.unit.both", unit=scale.unit),
        head,
        rows,
        range(4, 5),
        more=_more(len(table) - len(rows), "phases", say),
    )


def projects_table(difference: DifferenceRecord, most: int, say: Locale, *, brief: bool = False) -> Table:
    """Households better and worse off, and fees, by project.

    Parameters
    ----------
    brief
        Of fees the difference alone, for narrow windows.
    """
    table = difference.projects
    money_names = ["difference"] if brief else ["fees_a", "fees_b", "difference"]
    scale = _scale(table, money_names, say)
    counts = ["better", "worse", "as_before"]

    def cells(row: pd.Series) -> list[str]:
        fees = [money(float(row[name]), scale, sign=name == "difference") for name in money_names]
        return [*(f"{int(row[name]):,}" for name in counts), *fees]

    rows = [
        [say.label("project", str(row["project"])) or say("diff.cause.surcharges"), *cells(row)]
        for _, row in table.head(most).iterrows()
    ]
    fees = [] if brief else [f"{say('column.fees')}, {side.label}" for side in (difference.a, difference.b)]
    head = [
        say("column.project"),
        *(say(f"diff.effect.{name}") for name in counts),
        *fees,
        say("column.fees") if brief else say("diff.column.difference"),
    ]
    total = [say("column.total"), *cells(table.drop(columns="project").sum())]
    more = _more(len(table) - len(rows), "projects", say)
    return Table(say("diff.unit.people", unit=scale.unit), head, rows, range(1, len(head)), total, more)


def money_table(difference: DifferenceRecord, most: int, say: Locale) -> Table:
    """Differences of money by quarter and fund."""
    names = [f"{name}_difference" for name in ("inflow", "outflow", "balance")]
    # Where nothing moves otherwise, what is left differs by what did before.
    table = difference.money[difference.money[names[:2]].any(axis=1)]
    scale = _scale(table, names, say)
    rows = [
        [
            quarter_told(str(row["quarter"]), say),
            say.label("fund", str(row["fund"])),
            *(money(float(row[name]), scale, sign=True) for name in names),
        ]
        for row in table.head(most).to_dict("records")
    ]
    head = [
        say("diff.column.quarter"),
        say("column.fund"),
        *(say(f"diff.column.{name}") for name in ("inflow", "outflow", "balance")),
    ]
    more = _more(len(difference.money) - len(rows), "money", say)
    return Table(say("diff.unit.money", unit=scale.unit), head, rows, range(2, 5), more=more)


def stated_table(difference: DifferenceRecord, most: int, say: Locale) -> Table:
    """What the scenarios state otherwise, in their words."""
    sides = [_told(stated, say) for stated in difference.stated_by]
    places = list(dict.fromkeys([*sides[0], *sides[1]]))
    usual = say("diff.stated.usual")
    rows = [
        [section, item, key, *(side.get((section, item, key), usual) for side in sides)]
        for section, item, key in places
    ]
    rows = [row for row in rows if row[3] != row[4]]
    names = [say(f"diff.column.{name}") for name in ("section", "item", "key")]
    hidden = len(rows) - most
    return Table(
        "", [*names, difference.a.label, difference.b.label], rows[:most], range(0), more=_more(hidden, "stated", say)
    )


def _told(stated: Stated, say: Locale) -> dict[tuple[str, str, str], str]:
    return {
        (section.title, label, key): value
        for section in sections(stated, say.lang)
        for label, keys in section.items
        for key, value in keys
    }


def _more(count: int, file: str, say: Locale) -> str:
    return say("page.more", count=f"{count:,}", file=f"{file}.csv") if count > 0 else ""
