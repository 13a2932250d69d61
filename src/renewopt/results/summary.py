"""Tell the plan on one page, for a director: plain text, the same on a terminal, in a pipe and in a notebook.

Everything is told from the plan's record and tables, so that a plan read back from disk tells the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from renewopt.results.aligning import align
from renewopt.results.replanning.telling import changed_promises, tell_replanning
from renewopt.results.strict_goals import tell_strict_goals
from renewopt.vocabulary import ENDED, NOT_STARTED, STOPPED, Goal
from renewopt.wording import Language, of_its_place, visible
from renewopt.wording.amounts import in_table, yuan
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["lacking", "summarise"]

YUAN_SHOWN = 0.5
"""Amounts that differ by less look alike."""
SHOWN = 30
"""Rows of a table, and findings, before the rest is only counted."""


@of_its_place
def summarise(plan: PlanRecord, lang: Language) -> str:
    """Tell a plan.

    Parameters
    ----------
    plan : PlanRecord
    lang : {'en', 'zh'}
    """
    blocks = [_head(plan, lang)]
    if plan.has_tables:
        blocks += [
            _replanned(plan, lang),
            _strict(plan, lang),
            _fees(plan, lang),
            _programme(plan, lang),
            _settled(plan, lang),
            _construction(plan, lang),
            _funds(plan, lang),
        ]
    blocks.append(_findings(plan, lang))
    return visible("\n\n".join("\n".join(block) for block in blocks if block))


def percent(gap: float) -> str:
    """Write a fraction as a percentage."""
    return f"{max(gap, 0.0):.2%}"


def _head(plan: PlanRecord, lang: Language) -> list[str]:
    title = "title" if plan.variant is None else "title.variant"
    lines = [say(lang, title, name=plan.name, variant=plan.variant)]
    if plan.has_tables:
        first, last = _first_and_last(plan)
        lines.append(say(lang, "title.months", first=first, last=last, policy=word(lang, "policy", plan.policy)))
    if plan.status == "feasible" and plan.gap is None:
        return [*lines, say(lang, "status.rule", policy=word(lang, "policy", plan.policy))]
    if plan.status in STOPPED and plan.gap is None:
        return [*lines, say(lang, "status.unproven")]
    gap = "" if plan.gap is None else percent(plan.gap)
    return [*lines, say(lang, f"status.{plan.status}", gap=gap), *lacking(plan, lang)]


def lacking(plan: PlanRecord, lang: Language) -> list[str]:
    """Say how much money a plan with a shortfall lacks, and what every plan is proven to lack."""
    if plan.shortfall is None and plan.shortfall_bound is None:
        return []
    key = (
        "shortfall"
        if plan.shortfall_bound is None
        else "shortfall.none"
        if plan.shortfall is None
        else "shortfall.proven"
    )
    amounts = {"amount": plan.shortfall or 0.0, "bound": plan.shortfall_bound or 0.0}
    return [say(lang, key, **{name: yuan(lang, amount) for name, amount in amounts.items()})]


def _first_and_last(plan: PlanRecord) -> tuple[str, str]:
    from renewopt.units import Month

    return plan.start, str(Month.parse(plan.start) + (plan.months - 1))


def _fees(plan: PlanRecord, lang: Language) -> list[str]:
    lines = [say(lang, "head.fees")]
    if plan.objective is not None and plan.bound is not None:
        goal = say(lang, f"objective.{plan.objective_name}")
        reached, proven = yuan(lang, plan.objective), yuan(lang, plan.bound)
        total = plan.transition_fees if plan.objective_name == Goal.FEES else plan.fiscal_cost
        waits, changes, delay = plan.waiting_cost or 0.0, plan.promise_cost or 0.0, plan.programme_delay or 0.0
        key = "objective.promises" if changes else "objective.waiting" if waits else "objective"
        key = "objective.delay" if delay and key == "objective" else key
        if total is not None and abs(plan.objective - waits - changes - delay - total) >= YUAN_SHOWN:
            key = "objective.weighted"
        lines.append("  " + say(lang, key, goal=goal, amount=reached, bound=proven))
    if plan.transition_fees is not None:
        lines.append("  " + say(lang, "fees.total", amount=yuan(lang, plan.transition_fees)))
    fees = plan.fees
    lines.append(
        "  "
        + say(
            lang,
            "fees.overdue",
            ordinary=yuan(lang, float(fees["ordinary"].sum())),
            overdue=yuan(lang, float(fees["overdue"].sum())),
        )
    )
    owed = float(fees.loc[fees["month"] == fees["month"].max(), "owed"].sum())
    lines.append("  " + say(lang, "fees.paid", paid=yuan(lang, float(fees["paid"].sum())), owed=yuan(lang, owed)))
    if plan.fiscal_cost is not None:
        lines.append("  " + say(lang, "fees.fiscal", amount=yuan(lang, plan.fiscal_cost)))
    if plan.waiting_cost is not None:
        lines.append("  " + say(lang, "fees.waiting", amount=yuan(lang, plan.waiting_cost)))
    if plan.programme_delay is not None:
        lines.append("  " + say(lang, "fees.delay", amount=yuan(lang, plan.programme_delay)))
    if plan.promise_cost is not None:
        lines.append("  " + say(lang, "fees.promises", amount=yuan(lang, plan.promise_cost)))
    return [*lines, *_savings(plan, lang)]


def _replanned(plan: PlanRecord, lang: Language) -> list[str]:
    """What became of the plan before; nothing where there was none."""
    told = tell_replanning(plan, lang)
    if not told:
        return []
    lines = [say(lang, "head.replanned"), *(f"  {line}" for line in told)]
    head, rows, last = changed_promises(plan, lang)
    if rows:
        lines += ["", say(lang, "replan.table"), *align(head, rows), *([f"  {last}"] if last else [])]
    return lines


def _strict(plan: PlanRecord, lang: Language) -> list[str]:
    told = tell_strict_goals(plan, lang)
    return [say(lang, "head.strict"), *(f"  {line}" for line in told)] if told else []


def _savings(plan: PlanRecord, lang: Language) -> list[str]:
    savings = plan.savings
    if savings is None:
        return []
    key = "saved.waiting" if savings.against_waiting >= 0 else "saved.less"
    amount, waiting = yuan(lang, abs(savings.against_waiting)), yuan(lang, savings.waiting_fees)
    lines = ["  " + say(lang, key, amount=amount, waiting=waiting)]
    if savings.saved_valued:
        sign = 1 if savings.against_waiting >= 0 else -1
        accrued = yuan(lang, sign * (savings.against_waiting - savings.saved_valued))
        valued = yuan(lang, sign * savings.saved_valued)
        lines.append("  " + say(lang, "saved.valued", accrued=accrued, valued=valued, last=_first_and_last(plan)[1]))
    if savings.waiting_shortfall > 0:
        lines.append("  " + say(lang, "saved.shortfall", amount=yuan(lang, savings.waiting_shortfall)))
    lines.append("  " + say(lang, "saved.office", amount=yuan(lang, savings.office_convention)))
    return lines


def _settled(plan: PlanRecord, lang: Language) -> list[str]:
    _, last = _first_and_last(plan)
    lines = [
        say(lang, "head.settled"),
        "  " + say(lang, "settled.total", settled=f"{plan.settled:,}", households=f"{plan.households:,}", last=last),
    ]
    if plan.ended:
        lines.append("  " + say(lang, "settled.ended", count=f"{plan.ended:,}"))
    if plan.not_started:
        lines.append("  " + say(lang, "settled.not_started", count=f"{plan.not_started:,}"))
    if plan.all_settled_month is not None:
        lines.append("  " + say(lang, "settled.all", month=plan.all_settled_month))
    clear = "clear.never" if plan.clear_month is None else "clear"
    lines += ["  " + say(lang, clear, month=plan.clear_month), ""]
    lines += _by_route(plan, lang)
    return [*lines, "", *_by_year(plan, lang)]


def _called(plan: PlanRecord, lang: Language) -> Callable[[str, str], str]:
    """How things are called: in Chinese by the names that the planner gave, in English by their ids."""
    if lang == "en":
        return lambda _, identifier: identifier
    from renewopt.charts.labels import Locale
    from renewopt.results.reporting.facts import names

    return Locale(lang, names(plan.stated)).label


def _programme(plan: PlanRecord, lang: Language) -> list[str]:
    """What starts when, and what is left out; nothing where there is no programme."""
    table = plan.programme
    if table.empty:
        return []
    called = _called(plan, lang)
    rows = [
        [
            called("item", str(row["item"])),
            word(lang, "work_kind", str(row["kind"])) or "–",
            *(str(row[name]) or "–" for name in ("start", "finish", "cleared")),
        ]
        for row in table.head(SHOWN).to_dict("records")
    ]
    head = [say(lang, f"column.{name}") for name in ("item", "kind", "start", "finish", "cleared")]
    begun = int((table["start"] != "").sum())
    more = [f"  {say(lang, 'more', count=len(table) - SHOWN)}"] if len(table) > SHOWN else []
    lines = [say(lang, "head.programme"), "  " + say(lang, "programme.begun", begun=begun, all=len(table))]
    return [*lines, *align(head, rows), *more]


def _by_route(plan: PlanRecord, lang: Language) -> list[str]:
    rows = []
    for route, group in plan.allocation.groupby("route", sort=False):
        housed = group.loc[group["housed"] != "", "housed"]
        months = [housed.min(), housed.max()] if len(housed) else ["", ""]
        rows.append([word(lang, "route", str(route)).replace(";", "; "), f"{group['count'].sum():,}", *months])
    head = [say(lang, f"column.{column}") for column in ("route", "households", "first", "last")]
    return align(head, rows, numbers=(1,))


def _by_year(plan: PlanRecord, lang: Language) -> list[str]:
    """Households housed by the end of each year, by project."""
    table, (_, last) = plan.allocation, _first_and_last(plan)
    called = _called(plan, lang)
    ends = [f"{year}-12" for year in range(int(plan.start[:4]), int(last[:4]))] + [last]
    ends = ends if len(ends) <= 10 else [*ends[:: -(-len(ends) // 9)], last]
    rows = []
    for project, group in table[~table["route"].isin([ENDED, NOT_STARTED])].groupby("project", sort=True):
        done = [int(group.loc[(group["housed"] != "") & (group["housed"] <= end), "count"].sum()) for end in ends]
        rows.append([called("project", str(project)), f"{group['count'].sum():,}", *(f"{count:,}" for count in done)])
    if len(rows) > SHOWN:
        rows = [*rows[:SHOWN], ["…", *[""] * (len(ends) + 1)]]
    by = say(lang, "column.year")
    head = [say(lang, "column.project"), say(lang, "column.households"), *(f"{by} {end}" for end in ends)]
    return align(head, rows, numbers=range(1, len(head)))


def _construction(plan: PlanRecord, lang: Language) -> list[str]:
    table = plan.construction
    if table.empty:
        return []
    called, rows = _called(plan, lang), []
    for phase, group in table.groupby("phase", sort=True):
        handed = group.loc[group["handed_over"] == "yes", "month"]
        month = str(handed.iloc[0]) if len(handed) else say(lang, "never")
        rows.append([called("phase", str(phase)), month, in_table(lang, float(group["amount"].sum()))])
    head = [say(lang, f"column.{column}") for column in ("phase", "handover", "spent")]
    return [say(lang, "head.construction"), *align(head, rows, numbers=(2,))]


def _funds(plan: PlanRecord, lang: Language) -> list[str]:
    if plan.funds.empty:
        return []
    called, rows = _called(plan, lang), []
    for fund, group in plan.funds.groupby("fund", sort=False):
        out = group[group["amount"] < 0].groupby("use", sort=False)["amount"].sum().abs().sort_values(ascending=False)
        income = float(group.loc[group["amount"] > 0, "amount"].sum())
        sums = (income, float(out.sum()), _closing(group))
        rows.append([called("fund", str(fund)), "", *(in_table(lang, amount) for amount in sums)])
        # What it is paid for stands below each fund: many uses in one cell would take many lines.
        rows += [["", word(lang, "use", str(use)), "", in_table(lang, amount), ""] for use, amount in out.items()]
    head = [say(lang, f"column.{column}") for column in ("fund", "for", "in", "out", "closing")]
    return [say(lang, "head.funds"), *align(head, rows, numbers=(2, 3, 4))]


def _closing(rows: pd.DataFrame) -> float:
    return float(rows["balance"].iloc[-1])


def _findings(plan: PlanRecord, lang: Language) -> list[str]:
    lines = [say(lang, "head.shortfalls")] * bool(plan.shortages)
    lines += [f"  {shortage.text[lang]}" for shortage in plan.shortages]
    for conflict in plan.conflicts:
        several = ".several" if len(plan.conflicts) > 1 else ""
        lines.append(say(lang, f"head.conflict{several if conflict.proven else conflict.doubt}"))
        for rule in conflict.rules:
            lines.append("  - " + say(lang, "head.unit", head=rule.text[lang], unit=rule.key))
            if rule.change is not None:
                lines.append("      → " + rule.change[lang])
        if conflict.more:
            lines.append("  - " + say(lang, "conflict.more", count=conflict.more))
    if plan.findings:
        lines.append(say(lang, "head.findings"))
        lines += [f"  {remark.text[lang]}" for remark in plan.findings[:SHOWN]]
        if len(plan.findings) > SHOWN:
            lines.append("  " + say(lang, "more", count=len(plan.findings) - SHOWN))
    return lines
