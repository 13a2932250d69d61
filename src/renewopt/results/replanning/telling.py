"""What a replanned plan tells of the plan before: sentences, and the households to whom something else is due."""

from __future__ import annotations

from renewopt.results.record import PlanRecord
from renewopt.results.replanned import Replanned
from renewopt.units import FEN_PER_YUAN
from renewopt.wording import Language
from renewopt.wording.amounts import yuan
from renewopt.wording.phrases import say, word

__all__ = ["changed_promises", "tell_replanning"]

SHOWN = 15
"""Rows of the table before the rest is only counted."""


def tell_replanning(plan: PlanRecord, lang: Language) -> list[str]:
    """Say what happened, what it costs, and what becomes of what was announced; a sentence each."""
    replanned = plan.replanned
    if replanned is None:
        return []
    lines = [say(lang, "replan.month", month=replanned.month)]
    lines += [say(lang, "replan.expected", phase=name, month=month) for name, month in replanned.expected.items()]
    for fund, months in replanned.inflow.items():
        for month, amount in months.items():
            key = "replan.inflow.more" if amount > 0 else "replan.inflow.less"
            lines.append(say(lang, key, fund=fund, month=month, amount=yuan(lang, abs(amount))))
    lines += _starts(plan, replanned, lang)
    lines += _cost(plan, replanned, lang)
    lines.append(
        say(lang, "replan.promises", month=replanned.month, promises=f"{replanned.promises:,}",
            feasible=f"{replanned.feasible:,}")
    )  # fmt: skip
    if replanned.feasible:
        share = f"{replanned.changed / replanned.feasible:.1%}"
        lines.append(
            say(lang, "replan.kept", kept=f"{replanned.kept:,}", feasible=f"{replanned.feasible:,}",
                changed=f"{replanned.changed:,}", share=share)
        )  # fmt: skip
    if replanned.promise_price:
        price, cost = yuan(lang, replanned.promise_price), yuan(lang, replanned.promise_cost)
        lines.append(say(lang, "replan.price", price=price, cost=cost))
    return [*lines, *_keeping(replanned, lang)]


def _starts(plan: PlanRecord, replanned: Replanned, lang: Language) -> list[str]:
    """What begins in another month than in the plan before, in order of months; what is left out now comes last."""
    lines = []
    moved = [(plan.starts.get(name), name, before) for name, before in replanned.starts_before.items()]
    for now, name, before in sorted(moved, key=lambda each: (each[0] is None, each[0] or "", each[1])):
        if now is None:
            key = "replan.start.out"
        elif now < replanned.month:
            key = "replan.start.unplanned" if before is None else "replan.start.fact"
        elif before is None:
            key = "replan.start.added"
        else:
            key = "replan.start.not_yet" if before < replanned.month else "replan.start.moved"
        lines.append(say(lang, key, item=name, now=now or "", before=before or ""))
    return [*lines, say(lang, "replan.start.proof")] if plan.starts else lines


def _cost(plan: PlanRecord, replanned: Replanned, lang: Language) -> list[str]:
    if plan.objective is None:
        return []
    own = plan.objective - replanned.promise_cost
    more = round((own - replanned.opening_objective) * FEN_PER_YUAN) / FEN_PER_YUAN
    key = "more" if more > 0 else "less" if more < 0 else "none"
    return [
        say(
            lang,
            f"replan.surprise.{key}",
            amount=yuan(lang, abs(more)),
            before=yuan(lang, replanned.opening_objective),
            now=yuan(lang, own),
            goal=say(lang, f"objective.{plan.objective_name}"),
        )
    ]


def _keeping(replanned: Replanned, lang: Language) -> list[str]:
    if not replanned.feasible:
        return []
    gap = "" if replanned.keeping_gap is None else f"{replanned.keeping_gap:.2%}"
    if replanned.keeping is None:
        return [say(lang, "replan.keeping.impossible")]
    if replanned.changed == 0:
        return [say(lang, "replan.keeping.none")]
    key = "more" if replanned.keeping > 0 else "less"
    most = f"{replanned.keepable or 0:,}"
    return [
        say(
            lang,
            f"replan.keeping.{key}",
            amount=yuan(lang, replanned.keeping),
            most=most,
            promises=f"{replanned.promises:,}",
            gap=gap,
        )
    ]


def changed_promises(plan: PlanRecord, lang: Language) -> tuple[list[str], list[list[str]], str]:
    """Head, rows and last line of the table of changed promises, in the order of what was announced."""
    names = ("household", "before", "now", "cause")
    rows = []
    for row in plan.promises.head(SHOWN).to_dict("records"):
        then, now = (
            " ".join(filter(None, [word(lang, "route", row[f"route{side}"]), row[f"pool{side}"], row[f"month{side}"]]))
            for side in ("_before", "")
        )
        name = f"{row['household']} {row['part']}".strip()
        rows.append(
            [
                name if row["count"] == 1 else f"{name} × {row['count']:,}",
                then,
                now,
                say(lang, f"replan.cause.{row['cause']}"),
            ]
        )
    left = len(plan.promises) - len(rows)
    last = say(lang, "replan.more", count=f"{left:,}") if left else ""
    return [say(lang, f"replan.column.{name}") for name in names], rows, last
