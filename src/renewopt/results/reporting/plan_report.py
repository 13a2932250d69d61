"""The report of a plan: from its record and tables alone, so that a plan read back from disk tells the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from renewopt.charts.scales import Scale, money_scale
from renewopt.charts.words import Language, Words
from renewopt.results.reporting.assumptions import sections
from renewopt.results.reporting.facts import last_month
from renewopt.results.reporting.page import page, words_for
from renewopt.results.reporting.plots import PlanPlots
from renewopt.results.reporting.risks import phases, risks
from renewopt.results.texts import yuan
from renewopt.units import Month

if TYPE_CHECKING:
    from renewopt.results.planned import Plan

__all__ = ["plan_report"]

PROJECTS_SHOWN = 60
PHASES_SHOWN = 60
PRICES_SHOWN = 3
"""Sentences for each kind of price."""


@dataclass(frozen=True)
class Card:
    """One figure of the headline."""

    title: str
    value: str
    note: str


@dataclass(frozen=True)
class Table:
    """A table of a page: the first column is text, `numbers` are set flush right."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numbers: range
    total: list[str] | None = None
    more: str = ""


def plan_report(plan: Plan, lang: Language = "en") -> str:
    """Write the report of a plan as one HTML file.

    Parameters
    ----------
    plan
        Any; of an infeasible one the report tells what is short.
    lang
        ``en`` or ``zh``.
    """
    words = words_for(lang, plan.stated)
    common = {
        "title": words("plan.title", name=plan.name),
        "subtitle": _subtitle(plan, words),
        "status": _status(plan, words),
        "made": _made(plan, words),
        "stated": sections(plan.stated, words),
    }
    if not plan.feasible:
        rows = [
            [words.word("short.kind", shortage.what), shortage.text[lang], shortage.month]
            for shortage in plan.shortages
        ]
        head = [words(f"short.column.{name}") for name in ("kind", "what", "month")]
        return page("infeasible.html.j2", words, [], **common, shortages=Table("", head, rows, range(0)))
    plots = PlanPlots(plan, lang)
    charts = [chart for chart in plots.all() if chart is not None]
    return page(
        "plan.html.j2",
        words,
        charts,
        **common,
        cards=_cards(plan, words),
        projects=_projects(plan, words),
        phases=_phases(plan, words),
        funds=_funds(plan, words),
        prices=_prices(plan, words),
        risks=risks(plan, words) or [words("risk.none")],
    )


def _last(plan: Plan) -> str:
    return last_month(plan.start, plan.months)


def _subtitle(plan: Plan, words: Words) -> list[str]:
    parts = [words("plan.variant", variant=plan.variant)] if plan.variant is not None else []
    parts.append(words("plan.months", first=plan.start, last=_last(plan)))
    return [*parts, words("plan.policy", policy=words.word("policy", plan.policy))]


def _status(plan: Plan, words: Words) -> str:
    if plan.status == "feasible" and plan.gap is None:
        return words("status.rule", policy=words.word("policy", plan.policy))
    gap = words("status.unproven") if plan.gap is None else f"{max(plan.gap, 0.0):.2%}"
    return words(f"status.{plan.status}", gap=gap)


def _cards(plan: Plan, words: Words) -> list[Card]:
    lang, cards = words.lang, []
    savings = plan.savings
    if savings is not None:
        saved = savings.against_waiting
        share = f"{abs(saved) / savings.waiting_fees:.0%}" if savings.waiting_fees else "–"
        short = ".short" if savings.waiting_shortfall > 0 else ".note"
        note = words(
            f"card.saved{short}",
            share=share,
            waiting=yuan(lang, savings.waiting_fees),
            short=yuan(lang, savings.waiting_shortfall),
        )
        cards.append(Card(words("card.saved" if saved >= 0 else "card.more"), yuan(lang, abs(saved)), note))
        office = yuan(lang, savings.office_convention)
        cards.append(Card(words("card.office"), office, words("card.office.note")))
    left = plan.households - (plan.settled or 0)
    note = words("card.clear.left", count=f"{left:,}")
    if plan.all_settled_month is not None:
        note = words("card.clear.note", month=plan.all_settled_month)
    cards.append(Card(words("card.clear"), plan.clear_month or words("card.clear.never"), note))
    of_all = words("card.settled.note", households=f"{plan.households:,}")
    cards.append(Card(words("card.settled", last=_last(plan)), f"{plan.settled or 0:,}", of_all))
    split = words(
        "card.fees.note",
        ordinary=yuan(lang, float(plan.fees["ordinary"].sum())),
        overdue=yuan(lang, float(plan.fees["overdue"].sum())),
    )
    cards.append(Card(words("card.fees"), yuan(lang, plan.transition_fees or 0.0), split))
    proof = "card.proof.none" if plan.gap is None else "card.proof.gap"
    proof = "card.proof.optimal" if plan.status == "optimal" else proof
    gap = "" if plan.gap is None else f"{max(plan.gap, 0.0):.2%}"
    cards.append(Card(words("card.proof"), words(proof, gap=gap), _status(plan, words)))
    return cards


def _money(scale: Scale, amount: float) -> str:
    return f"{amount / scale.yuan:,.2f}" if scale.yuan > 1 else f"{amount:,.0f}"


def _projects(plan: Plan, words: Words) -> Table:
    last = _last(plan)
    inside = plan.people[plan.people["month"] <= last]
    housed = inside.groupby("project", sort=False)["housed"].sum()
    end = plan.people[plan.people["month"] == last].set_index("project")
    overdue = inside.groupby("project", sort=False)["overdue"].sum()
    late = inside[inside["overdue"] > 0].groupby("project")["month"].max()
    fees = plan.fees[plan.fees["project"] != ""].groupby("project", sort=False)[["ordinary", "overdue"]].sum()
    baseline = plan.baseline.groupby("project", sort=False)[["ordinary", "overdue"]].sum().sum(axis=1)
    table = pd.DataFrame(
        {
            "settled": housed,
            "waiting": end["waiting"].reindex(housed.index).fillna(0),
            "overdue": overdue,
            "fees": fees.sum(axis=1).reindex(housed.index).fillna(0.0),
            "fees.overdue": fees["overdue"].reindex(housed.index).fillna(0.0),
            "fees.waiting": baseline.reindex(housed.index),
        }
    )
    scale = money_scale(float(table[["fees", "fees.waiting"]].max().max()), words)

    def cells(row: pd.Series) -> list[str]:
        counts = [row["settled"] + row["waiting"], row["settled"], row["waiting"], row["overdue"]]
        money = ["–" if row[name] != row[name] else _money(scale, row[name]) for name in table.columns[3:]]
        return [*(f"{int(count):,}" for count in counts), *money]

    rows = []
    for name, row in table.head(PROJECTS_SHOWN).iterrows():
        month = late.get(name)
        clear = "–" if month is None else words("card.clear.never") if month >= last else str(Month.parse(month) + 1)
        rows.append([words.label("project", str(name)), *cells(row)[:4], clear, *cells(row)[4:]])
    total = cells(table.sum(min_count=1))
    head = ["project", "households", "settled", "waiting", "overdue", "last.overdue", *table.columns[3:]]
    hidden = len(table) - len(rows)
    return Table(
        words("projects.caption", last=last, unit=scale.unit),
        [words(f"column.{name}") for name in head],
        rows,
        range(1, len(head)),
        [words("column.total"), *total[:4], plan.clear_month or "", *total[4:]],
        words("page.more", count=hidden, file="people.csv, fees.csv") if hidden else "",
    )


def _phases(plan: Plan, words: Words) -> Table | None:
    table = phases(plan)
    if table.empty:
        return None
    scale = money_scale(float(table["amount"].max()), words)

    def count(value: float) -> str:
        return "–" if value != value else f"{value:,.10g}"  # noqa: PLR0124 - NaN

    rows = [
        [
            words.label("phase", str(row["phase"])),
            words.label("estate", str(row["estate"])),
            _money(scale, row["amount"]),
            row["first"] or "–",
            row["last"] or "–",
            row["handover"] or words("never"),
            count(row["spare"]),
            count(row["homes"]),
            count(row["housed"]),
        ]
        for row in table.head(PHASES_SHOWN).to_dict("records")
    ]
    head = ["phase", "estate", "paid", "paid.first", "paid.last", "handover", "spare", "homes", "housed.then"]
    hidden = len(table) - len(rows)
    return Table(
        words("phases.caption", unit=scale.unit),
        [words(f"column.{name}") for name in head],
        rows,
        range(2, len(head)),
        more=words("page.more", count=hidden, file="construction.csv") if hidden else "",
    )


def _funds(plan: Plan, words: Words) -> Table | None:
    if plan.funds.empty:
        return None
    amounts = plan.funds["amount"]
    coming = amounts.clip(lower=0).groupby(plan.funds["fund"], sort=False).sum()
    going = (-amounts.clip(upper=0)).groupby(plan.funds["fund"], sort=False).sum()
    closing = plan.funds.drop_duplicates("fund", keep="last").set_index("fund")["balance"]
    uses = plan.funds[amounts < 0].groupby(["fund", "use"], sort=False)["amount"].sum().abs()
    scale = money_scale(float(max(coming.max(), going.max())), words)
    rows = []
    for fund in coming.index[:PROJECTS_SHOWN]:
        paid = (
            uses[fund].sort_values(ascending=False)
            if fund in uses.index.get_level_values(0)
            else pd.Series(dtype=float)
        )
        told = "; ".join(f"{words.word('use', str(use))} {_money(scale, amount)}" for use, amount in paid.items())
        figures = [_money(scale, float(part[fund])) for part in (coming, going, closing)]
        rows.append([words.label("fund", str(fund)), *figures, told])
    head = [words(f"column.{name}") for name in ("fund", "in", "out", "closing", "for")]
    hidden = len(coming) - len(rows)
    more = words("page.more", count=hidden, file="funds.csv") if hidden else ""
    return Table(words("funds.caption", unit=scale.unit), head, rows, range(1, 4), more=more)


def _prices(plan: Plan, words: Words) -> list[str]:
    if plan.prices.empty:
        return [words("price.none")]
    told = []
    dear = plan.prices[plan.prices["price_yuan"] > 0].sort_values("price_yuan", ascending=False, kind="stable")
    for kind in ("money", "homes", "transfer", "limit"):
        mine = dear[dear["kind"] == kind].drop_duplicates("id").head(PRICES_SHOWN)
        for row in mine.itertuples(index=False):
            key = f"price.{kind}" if row.month else "price.limit.all"
            name = words.label("fund", str(row.id)) if kind == "money" else str(row.id)
            told.append(words(key, id=name, month=row.month, price=f"{row.price_yuan:,.2f}"))
    return told or [words("price.nothing")]


def _made(plan: Plan, words: Words) -> list[tuple[str, str]]:
    path = words("assume.python") if plan.scenario_path is None else plan.scenario_path.name
    rows = [
        ("scenario", f"{plan.name} ({path})"),
        ("variant", plan.variant or words("assume.base")),
        ("policy", words.word("policy", plan.policy)),
        ("objective", words.word("objective", plan.objective_name)),
        ("status", _status(plan, words)),
    ]
    if plan.objective is not None and plan.bound is not None:
        both = {"reached": yuan(words.lang, plan.objective), "bound": yuan(words.lang, plan.bound)}
        rows.append(("reached", words("assume.reached.value", **both)))
    if plan.fiscal_cost is not None:
        rows.append(("fiscal", yuan(words.lang, plan.fiscal_cost)))
    horizon = words("assume.horizon.value", months=plan.months, first=plan.start, last=_last(plan))
    rows += [("horizon", horizon), ("version", plan.version), ("sha", plan.scenario_sha256)]
    told = [(words(f"assume.{key}"), value) for key, value in rows]
    for key, value in plan.options.items():
        if value is not None:
            told.append(
                (
                    words.word("option", key).removeprefix("option."),
                    f"{value:g}" if isinstance(value, float) else str(value),
                )
            )
    return told
