"""The report of a plan: from its record and tables alone, so that a plan read back from disk tells the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from math import isnan, nan
from typing import TYPE_CHECKING, Any

import pandas as pd

from renewopt.charts.labels import Language, Locale
from renewopt.charts.lacking import missing_money
from renewopt.charts.scales import Scale, money_scale
from renewopt.results.briefing.printing import printed
from renewopt.results.briefing.telling import Brief
from renewopt.results.explanations.lookup import look_up
from renewopt.results.pricing.report import priced_section
from renewopt.results.replanning.telling import changed_promises, tell_replanning
from renewopt.results.reporting.assumptions import sections
from renewopt.results.reporting.facts import last_month
from renewopt.results.reporting.households import clear_on, longest_waits, routes_table
from renewopt.results.reporting.left_out import left_out_table
from renewopt.results.reporting.missing import missing_by_month
from renewopt.results.reporting.page import Table, page, words_for
from renewopt.results.reporting.plots import PlanPlots
from renewopt.results.reporting.programme import programme_table
from renewopt.results.reporting.risks import not_built, phases, risks
from renewopt.results.strict_goals import tell_strict_goals
from renewopt.results.summary import lacking
from renewopt.units import Month
from renewopt.vocabulary import ENTRIES, PRICES, STOPPED, USES
from renewopt.wording import of_its_place
from renewopt.wording.amounts import in_report, yuan

if TYPE_CHECKING:
    from renewopt.results.pricing.record import PriceRecord
    from renewopt.results.record import Conflict, PlanRecord

__all__ = ["headline", "plan_report", "projects_table", "years_table"]

PROJECTS_SHOWN = 60
PHASES_SHOWN = 60
MANY_UNITS = 10_000
"""Units of the largest amount from which years are told in whole ones."""
LEAST = 0.005
"""Yuan: less is nothing."""
PRICES_SHOWN = 3
"""Sentences for each kind of price."""


@dataclass(frozen=True)
class Card:
    """One figure of the headline."""

    title: str
    value: str
    note: str


@of_its_place
def plan_report(
    plan: PlanRecord, lang: Language = "en", prices: PriceRecord | None = None, *, brief: Brief | None = None
) -> str:
    """Write the report of a plan as one HTML file.

    Parameters
    ----------
    plan
        Any; of an infeasible one the report tells what is short.
    lang
        ``en`` or ``zh``.
    prices
        What a little more or less is worth in this plan, where that was asked for; default: the prices of its search.
    brief
        Of the plan, where it has been told already.
    """
    say = words_for(lang, plan.stated)
    rows = [[say.word("short.kind", shortage.what), shortage.text[lang], shortage.month] for shortage in plan.shortages]
    head = [say(f"short.column.{name}") for name in ("kind", "what", "month")]
    first = printed(plan, lang, brief)
    table = first.brief.table
    common = {
        "printed": first,
        # Its heading stands above it already.
        "brief_table": None if table is None else replace(table, caption=""),
        **headline(plan, say, named=True),
        "made": _made(plan, say),
        "stated": sections(plan.stated, say.lang),
        "shortages": Table("", head, rows, range(0)) if rows else None,
        "conflicts": [_conflict(conflict, say, lang) for conflict in plan.conflicts],
    }
    file = "statement.csv" if plan.has_tables and plan.shortfall is not None else "plan.json"
    missing = missing_money(missing_by_month(plan), say, file)
    lacking = [] if missing is None else [missing]
    if not plan.has_tables:
        return page("infeasible.html.j2", say, lacking, **common)
    plots = PlanPlots(plan, lang)
    charts = [*lacking, *(chart for chart in plots.all() if chart is not None)]
    saved, priced = (None, None) if prices is None else priced_section(prices, say)
    charts += [] if saved is None else [saved]
    return page(
        "plan.html.j2",
        say,
        charts,
        **common,
        replanned=tell_replanning(plan, lang),
        promises=_promises(plan, say),
        strict=tell_strict_goals(plan, lang),
        projects=projects_table(plan, say),
        routes=routes_table(plan, say),
        waits=longest_waits(plan, say),
        years=years_table(plan, say),
        programme=programme_table(plan, say),
        left_out=left_out_table(plan, say, prices),
        phases=_phases(plan, say),
        funds=_funds(plan, say),
        prices=_prices(plan, say),
        priced=priced,
        lookup=look_up(plan, say),
        risks=risks(plan, say) or [say("risk.none")],
    )


def _conflict(conflict: Conflict, say: Locale, lang: Language) -> Table:
    """Rules that cannot hold together, and the change of each that would do."""
    rows = [[rule.text[lang], "" if rule.change is None else rule.change[lang], rule.key] for rule in conflict.rules]
    if conflict.more:
        rows.append([say("conflict.more", count=conflict.more), "", ""])
    title = say(f"conflict.title{conflict.doubt}")
    return Table(title, [say(f"conflict.column.{name}") for name in ("rule", "change", "key")], rows, range(0))


def _promises(plan: PlanRecord, say: Locale) -> Table | None:
    """Households to whom something else is due than was announced."""
    head, rows, last = changed_promises(plan, say.lang)
    caption = f"{say('replan.table')} {last}".strip()
    return Table(caption, head, rows, range(0)) if rows else None


def headline(plan: PlanRecord, say: Locale, *, named: bool = False) -> dict[str, Any]:
    """Title, what it was made with, status, and the cards of a plan with tables; households by number if `named`."""
    return {
        "title": say("plan.title", name=plan.name),
        "subtitle": _subtitle(plan, say),
        "status": _status(plan, say),
        "cards": _cards(plan, say, named=named) if plan.has_tables else [],
    }


def _last(plan: PlanRecord) -> str:
    return last_month(plan.start, plan.months)


def _subtitle(plan: PlanRecord, say: Locale) -> list[str]:
    parts = [say("plan.variant", variant=plan.variant)] if plan.variant is not None else []
    parts.append(say("plan.months", first=plan.start, last=_last(plan)))
    return [*parts, say("plan.policy", policy=say.word("policy", plan.policy))]


def _status(plan: PlanRecord, say: Locale) -> str:
    if not plan.feasible:
        return (" " if say.lang == "en" else "").join([say("assume.none"), *lacking(plan, say.lang)])
    if plan.status == "feasible" and plan.gap is None:
        return say("status.rule", policy=say.word("policy", plan.policy))
    if plan.gap is None and plan.status in STOPPED:
        return say("status.unproven")
    return say(f"status.{plan.status}", gap="" if plan.gap is None else f"{max(plan.gap, 0.0):.2%}")


def _cards(plan: PlanRecord, say: Locale, *, named: bool) -> list[Card]:
    lang, cards = say.lang, []
    savings = plan.savings
    if savings is not None:
        saved = savings.against_waiting
        share = f"{abs(saved) / savings.waiting_fees:.0%}" if savings.waiting_fees else "–"
        short = ".short" if savings.waiting_shortfall > 0 else ".note"
        note = say(
            f"card.saved{short}",
            share=share,
            waiting=in_report(lang, savings.waiting_fees),
            short=in_report(lang, savings.waiting_shortfall),
        )
        if savings.saved_valued:
            sign = 1 if saved >= 0 else -1
            accrued, valued = saved - savings.saved_valued, savings.saved_valued
            note = say(
                "card.saved.valued",
                note=note,
                accrued=in_report(lang, sign * accrued),
                valued=in_report(lang, sign * valued),
                last=_last(plan),
            )
        cards.append(Card(say("card.saved" if saved >= 0 else "card.more"), in_report(lang, abs(saved)), note))
        office = in_report(lang, savings.office_convention)
        cards.append(Card(say("card.office"), office, say("card.office.note")))
    left = plan.households - (plan.settled or 0)
    note = say("card.clear.left", count=f"{left:,}")
    if plan.all_settled_month is not None:
        note = say("card.clear.note", month=plan.all_settled_month)
    note = (". " if lang == "en" else "；").join(filter(None, (note, clear_on(plan, say) if named else "")))
    cards.append(Card(say("card.clear"), plan.clear_month or say("card.clear.never"), note))
    of_all = say("card.settled.note", households=f"{plan.households:,}")
    if plan.ended:
        of_all = say("card.settled.ended", households=f"{plan.households:,}", count=f"{plan.ended:,}")
    cards.append(Card(say("card.settled", last=_last(plan)), f"{plan.settled or 0:,}", of_all))
    split = say(
        "card.fees.note",
        ordinary=in_report(lang, float(plan.fees["ordinary"].sum())),
        overdue=in_report(lang, float(plan.fees["overdue"].sum())),
    )
    cards.append(Card(say("card.fees"), in_report(lang, plan.transition_fees or 0.0), split))
    if plan.shortfall is not None:
        cards.append(Card(say("card.shortfall"), in_report(lang, plan.shortfall), _status(plan, say)))
        return cards
    proof = "card.proof.none" if plan.gap is None else "card.proof.gap"
    proof = "card.proof.optimal" if plan.status == "optimal" else proof
    gap = "" if plan.gap is None else f"{max(plan.gap, 0.0):.2%}"
    cards.append(Card(say("card.proof"), say(proof, gap=gap), _status(plan, say)))
    return cards


def _signed(scale: Scale, amount: float, digits: int) -> str:
    """Write an amount with its sign, which what is rounded to nothing has not."""
    written = f"{amount / scale.yuan:,.{digits}f}"
    return written.replace("-", "−" if any(digit in written for digit in "123456789") else "")


def projects_table(plan: PlanRecord, say: Locale) -> Table:
    """Households and fees of each project."""
    last = _last(plan)
    inside = plan.people[plan.people["month"] <= last]
    people = inside.groupby("project", sort=False)[["housed", "overdue"]].sum()
    waiting = _by_project(plan.people[plan.people["month"] == last], ["waiting"])
    late = inside[inside["overdue"] > 0].groupby("project")["month"].max().to_dict()
    kinds = ["ordinary", "overdue"]
    fees = _by_project(plan.fees[plan.fees["project"] != ""], kinds)
    baseline, none = _by_project(plan.baseline, kinds), [0.0, 0.0]
    table = pd.DataFrame(
        [
            [
                housed,
                *waiting.get(name, [0]),
                overdue,
                sum(fees.get(name, none)),
                fees.get(name, none)[1],
                sum(baseline.get(name, [nan])),
            ]
            for name, (housed, overdue) in zip(people.index, people.to_numpy().tolist(), strict=True)
        ],
        people.index,
        ["settled", "waiting", "overdue", "fees", "fees.overdue", "fees.waiting"],
    )
    scale = money_scale(float(table[["fees", "fees.waiting"]].max().max()), say)

    def cells(settled: float, waiting: float, overdue: float, *fees: float) -> list[str]:
        counts = [settled + waiting, settled, waiting, overdue]
        money = ["–" if isnan(amount) else scale.written(amount) for amount in fees]
        return [*(f"{int(count):,}" for count in counts), *money]

    rows = []
    for name, row in zip(table.index[:PROJECTS_SHOWN], table.to_numpy().tolist(), strict=False):
        month = late.get(name)
        clear = "–" if month is None else say("card.clear.never") if month >= last else str(Month.parse(month) + 1)
        rows.append([say.label("project", str(name)), *cells(*row)[:4], clear, *cells(*row)[4:]])
    # What is not known of any project is not known of all; of no project all is nothing.
    total = cells(*table.sum(min_count=min(len(table), 1)))
    head = ["project", "households", "settled", "waiting", "overdue", "last.overdue", *table.columns[3:]]
    hidden = len(table) - len(rows)
    return Table(
        say("projects.caption", last=last, unit=scale.unit),
        [say(f"column.{name}") for name in head],
        rows,
        range(1, len(head)),
        [say("column.total"), *total[:4], plan.clear_month or "", *total[4:]],
        say("page.more", count=hidden, file="people.csv, fees.csv") if hidden else "",
    )


def _by_project(rows: pd.DataFrame, columns: list[str]) -> dict[str, list[float]]:
    """Sums of columns by project."""
    sums = rows.groupby("project", sort=False)[columns].sum()
    return dict(zip(sums.index, sums.to_numpy().tolist(), strict=True))


def _phases(plan: PlanRecord, say: Locale) -> Table | None:
    table, idle = phases(plan), not_built(plan)
    if table.empty and idle.empty:
        return None
    scale = money_scale(
        max(table["amount"].max() if len(table) else 0.0, idle["cost"].max() if len(idle) else 0.0), say
    )

    def count(value: float) -> str:
        return "–" if value != value else f"{value:,.10g}"  # noqa: PLR0124 - NaN

    rows = [
        [
            say.label("phase", str(row["phase"])),
            say.label("estate", str(row["estate"])),
            scale.written(row["amount"]),
            row["first"] or "–",
            row["last"] or "–",
            row["handover"] or say("never"),
            count(row["spare"]),
            count(row["homes"]),
            # Households of phases of one month and kind are told once.
            say("phases.beside", phase=row["beside"]) if row["beside"] else count(row["housed"]),
        ]
        for row in table.head(PHASES_SHOWN).to_dict("records")
    ]
    rows += [
        [say.label("phase", row["phase"]), say.label("estate", row["estate"]), "–", "–", "–",
         say("phases.idle", cost=scale.written(row["cost"])), "–", count(row["homes"]), "–"]
        for row in idle.head(PHASES_SHOWN).to_dict("records")
    ]  # fmt: skip
    head = ["phase", "estate", "paid", "paid.first", "paid.last", "handover", "spare", "homes", "housed.then"]
    hidden = len(table) + len(idle) - len(rows)
    return Table(
        say("phases.caption", unit=scale.unit),
        [say(f"column.{name}") for name in head],
        rows,
        range(2, len(head)),
        more=say("page.more", count=hidden, file="construction.csv") if hidden else "",
    )


def _funds(plan: PlanRecord, say: Locale) -> Table | None:
    if plan.funds.empty:
        return None
    coming: dict[str, float] = {}
    paid: dict[str, dict[str, float]] = {}
    closing: dict[str, float] = {}
    columns = (plan.funds[name].tolist() for name in ("fund", "use", "amount", "balance"))
    for fund, use, amount, balance in zip(*columns, strict=True):
        coming[fund] = coming.get(fund, 0.0) + max(amount, 0.0)
        uses = paid.setdefault(fund, {})
        if amount < 0:
            uses[use] = uses.get(use, 0.0) - amount
        closing[fund] = balance
    going = {fund: sum(uses.values()) for fund, uses in paid.items()}
    scale = money_scale(max(*coming.values(), *going.values()), say)
    rows = []
    for fund in [*coming][:PROJECTS_SHOWN]:
        dearest = sorted(paid[fund].items(), key=lambda item: -item[1])
        told = say.apart(f"{say.word('use', use)} {scale.written(amount)}" for use, amount in dearest)
        figures = [scale.written(part[fund]) for part in (coming, going, closing)]
        rows.append([say.label("fund", fund), *figures, told])
    head = [say(f"column.{name}") for name in ("fund", "in", "out", "closing", "for")]
    hidden = len(coming) - len(rows)
    more = say("page.more", count=hidden, file="funds.csv") if hidden else ""
    return Table(say("funds.caption", unit=scale.unit), head, rows, range(1, 4), more=more)


def years_table(plan: PlanRecord, say: Locale) -> Table | None:
    """What all funds take in and pay, by use and year, and what is left at the end of each year."""
    funds = plan.funds
    if funds.empty:
        return None
    years = sorted({month[:-3] for month in funds["month"]})
    flows: dict[str, dict[str, float]] = {}
    for use, month, amount in zip(funds["use"], funds["month"], funds["amount"].tolist(), strict=True):
        by_year = flows.setdefault(use, dict.fromkeys(years, 0.0))
        by_year[month[:-3]] += amount
    table = {use: [*flows[use].values()] for use in (*ENTRIES, *USES) if use in flows}
    largest = max(abs(amount) for row in table.values() for amount in row)
    scale = money_scale(largest, say)
    # A dozen years of amounts in full would not go on a page.
    digits = 0 if scale.yuan == 1 or largest >= MANY_UNITS * scale.yuan else 2

    def cells(*row: float) -> list[str]:
        return [_signed(scale, amount, digits) if abs(amount) >= LEAST else "–" for amount in row]

    change = [sum(of_year) for of_year in zip(*table.values(), strict=True)]
    rows = [[say.word("use", use), *cells(*row, sum(row))] for use, row in table.items()]
    rows.append([say("years.change"), *cells(*change, sum(change))])
    left = [say("years.left"), *cells(*accumulate(change)), ""]
    head = [say("column.use"), *years, say("column.total")]
    return Table(say("years.caption", unit=scale.unit), head, rows, range(1, len(head)), left)


def _prices(plan: PlanRecord, say: Locale) -> list[str]:
    if plan.prices.empty:
        return [say("scarce.none")]
    told = []
    dear = plan.prices[plan.prices["price_yuan"] > 0].sort_values("price_yuan", ascending=False, kind="stable")
    for kind in PRICES:
        mine = dear[dear["kind"] == kind].drop_duplicates("id").head(PRICES_SHOWN)
        for row in mine.itertuples(index=False):
            key = f"scarce.{kind}" if row.month else "scarce.limit.all"
            name = say.label("fund", str(row.id)) if kind == "money" else str(row.id)
            told.append(say(key, id=name, month=row.month, price=f"{row.price_yuan:,.2f}"))
    return told or [say("scarce.nothing")]


def _made(plan: PlanRecord, say: Locale) -> list[tuple[str, str]]:
    path = say("assume.python") if plan.scenario_path is None else plan.scenario_path.name
    rows = [
        ("scenario", say.headed(plan.name, str(path))),
        ("variant", plan.variant or say("assume.base")),
        ("policy", say.word("policy", plan.policy)),
        ("objective", say.word("objective", plan.objective_name)),
        ("status", _status(plan, say)),
    ]
    if plan.objective is not None and plan.bound is not None:
        both = {"reached": yuan(say.lang, plan.objective), "bound": yuan(say.lang, plan.bound)}
        rows.append(("reached", say("assume.reached.value", **both)))
    if plan.fiscal_cost is not None:
        rows.append(("fiscal", yuan(say.lang, plan.fiscal_cost)))
    if plan.waiting_cost is not None:
        rows.append(("waiting", yuan(say.lang, plan.waiting_cost)))
    if plan.programme_delay is not None:
        rows.append(("delay", yuan(say.lang, plan.programme_delay)))
    if plan.promise_cost is not None:
        rows.append(("promises", yuan(say.lang, plan.promise_cost)))
    horizon = say("assume.horizon.value", months=plan.months, first=plan.start, last=_last(plan))
    rows += [("horizon", horizon), ("version", plan.version), ("sha", plan.scenario_sha256)]
    told = [(say(f"assume.{key}"), value) for key, value in rows]
    for key, value in plan.options.items():
        if value is not None:
            told.append(
                (
                    say.word("option", key).removeprefix("option."),
                    f"{value:g}" if isinstance(value, float) else str(value),
                )
            )
    return told
