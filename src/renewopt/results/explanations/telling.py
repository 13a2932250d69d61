"""An explanation in plain text: what is given, what else there is, what stands in the way, how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from renewopt.results.aligning import align
from renewopt.results.explanations.record import ExplanationRecord, Proof, Reason
from renewopt.results.reporting.page import words_for
from renewopt.units import Month
from renewopt.vocabulary import NOT_STARTED, WAITING
from renewopt.wording import Language, of_its_place, visible
from renewopt.wording.amounts import of_household, yuan
from renewopt.wording.phrases import say, word

__all__ = [
    "against_told",
    "at_least",
    "changes_told",
    "offer_told",
    "plan_told",
    "reasons_told",
    "subject",
    "summarise",
]

A_YUAN = 0.5


@of_its_place
def summarise(explanation: ExplanationRecord, lang: Language) -> str:
    """Tell an explanation.

    Parameters
    ----------
    explanation
    lang : {'en', 'zh'}
    """
    return visible("\n".join(_lines(explanation, lang)))


def _lines(explanation: ExplanationRecord, lang: Language) -> Iterator[str]:
    yield say(lang, "explain.title", household=explanation.household)
    yield " · ".join(subject(explanation, lang))
    yield from plan_told(explanation, lang)
    rows = records(explanation.alternatives)
    if (explanation.chosen["route"] == NOT_STARTED).any():
        yield from (f"  {line}" for line in reasons_told(explanation, lang))
        return
    if not rows:
        yield ""
        yield say(lang, "explain.none")
        return
    yield ""
    yield say(lang, "head.explain.alternatives")
    yield from _table(rows, lang)
    yield ""
    yield say(lang, "head.explain.reasons")
    yield from (f"  {line}" for line in reasons_told(explanation, lang))
    if explanation.changes:
        yield ""
        yield say(lang, "head.explain.changes")
        yield from (f"  {line}" for line in changes_told(explanation, lang))
    yield ""
    yield say(lang, "head.explain.proof")
    yield from (f"  {line}" for line in proof_told(explanation.proof, lang))
    if any(not math.isnan(row["resolved_least"]) for row in rows):
        yield f"  {say(lang, 'explain.proof.exact')}"


def records(frame: Any) -> list[dict[str, Any]]:
    """Rows of a table."""
    rows: list[dict[str, Any]] = frame.to_dict("records")
    return rows


def subject(explanation: ExplanationRecord, lang: Language) -> list[str]:
    """Whom it is about: project, and households where there are several."""
    project = words_for(lang).label("project", explanation.project)
    name = explanation.names.get("project", {}).get(explanation.project, "")
    told = [say(lang, "explain.of", project=f"{project} {name}".strip())]
    if explanation.count > 1:
        told.append(say(lang, "explain.count", count=f"{explanation.count:,}"))
    return told


def offer_told(row: Mapping[str, Any], lang: Language) -> str:
    """Route and pool of an offer in words."""
    if row["route"] == WAITING:
        return say(lang, "explain.waits")
    pool, route = str(row["pool"]), str(row["route"])
    # A programme's pool repeats its route: voucher/D3.
    pool = "" if pool == route else pool.removeprefix(f"{route}/")
    key = "explain.offer" if pool else "explain.offer.named"
    return say(lang, key, route=word(lang, "route", route), pool=pool)


def plan_told(explanation: ExplanationRecord, lang: Language) -> list[str]:
    """What the plan gives, a line for each part."""
    return [row_told(row, lang, several=explanation.count > 1) for row in records(explanation.chosen)]


def row_told(row: Mapping[str, Any], lang: Language, *, several: bool) -> str:
    """What the plan gives one household: a row of what is chosen, or of the plan's claims.

    Parameters
    ----------
    several
        Whether it is told how many households the row is about.
    """
    fees = of_household(lang, row["fees"])
    if row["route"] == NOT_STARTED:
        line = say(lang, "explain.plan.not_started")
    elif row["route"] == WAITING or not row["housed"]:
        line = say(lang, "explain.plan.waits", fees=fees)
    else:
        key = "explain.plan" if row["fees"] else "explain.plan.free"
        last = str(Month.parse(row["fee_stops"]) + (-1))
        line = say(
            lang, key, offer=offer_told(row, lang), month=row["month"], housed=row["housed"], fees=fees, last=last
        )
    before = [say(lang, "explain.part", part=row["part"])] if row["part"] else []
    if several:
        before.append(say(lang, "explain.count", count=f"{row['count']:,}"))
    return " · ".join([*before, line])


def _table(rows: Sequence[Mapping[str, Any]], lang: Language) -> list[str]:
    names = ["number", "offer", "month", "housed", "fees", "rise", "against"]
    exact = any(not math.isnan(row["resolved_least"]) for row in rows)
    head = [say(lang, f"explain.column.{name}") for name in [*names, *(["resolved"] if exact else [])]]
    cells = []
    for number, row in enumerate(rows, 1):
        part = f"{row['part']} · " if row["part"] else ""
        line = [
            str(number),
            part + offer_told(row, lang),
            str(row["month"]),
            str(row["housed"]),
            of_household(lang, row["fees"]),
            at_least(lang, row["rise"]),
            against_told(row, lang),
        ]
        cells.append([*line, *([_exact(row, lang)] if exact else [])])
    return align(head, cells, numbers=(4, 5, 6, 7)[: len(head) - 4])


def against_told(row: Mapping[str, Any], lang: Language) -> str:
    """What is proven against the plan itself."""
    if row["against_plan"] <= A_YUAN:
        return say(lang, "explain.within")
    return say(lang, "explain.dearer", amount=at_least(lang, row["against_plan"]))


def at_least(lang: Language, amount: float) -> str:
    """Write a proven least amount: full yuan, never rounded up."""
    return of_household(lang, math.floor(amount))


def _exact(row: Mapping[str, Any], lang: Language) -> str:
    least, most = row["resolved_least"], row["resolved"]
    if math.isinf(most):
        return say(lang, "explain.impossible")
    if math.isnan(most):
        return say(lang, "explain.unsolved")
    if most - least <= A_YUAN:
        return say(lang, "explain.resolved.one", amount=yuan(lang, most))
    return say(lang, "explain.resolved.range", least=yuan(lang, least), most=yuan(lang, most))


def reasons_told(explanation: ExplanationRecord, lang: Language) -> list[str]:
    """What stands in the way of each alternative, a line each."""
    own = [reason for reason in explanation.reasons if reason.alternative < 0]
    lines = [_reason(reason, lang) for reason in own]
    for number, row in enumerate(records(explanation.alternatives)):
        mine = [reason for reason in explanation.reasons if reason.alternative == number]
        told = list(dict.fromkeys(_reason(reason, lang) for reason in mine))
        told = told or [say(lang, "explain.reason.none")]
        key = "explain.reason.waits" if row["route"] == WAITING else "explain.reason"
        lines.append(
            say(
                lang,
                key,
                number=number + 1,
                offer=offer_told(row, lang),
                month=row["month"],
                reasons=say(lang, "explain.reason.join").join(told),
            )
        )
    return lines


def _reason(reason: Reason, lang: Language) -> str:
    values = _filled(reason.values, lang)
    if "uses" in reason.values:
        uses: Any = reason.values["uses"]
        told = [say(lang, "explain.use", use=word(lang, "use", use), amount=yuan(lang, amount)) for use, amount in uses]
        values["uses"] = say(lang, "explain.use.join").join(told) or say(lang, "explain.use.none")
    return say(lang, f"explain.reason.{reason.kind}", **values)


def _filled(values: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    money = {name: yuan(lang, values[name]) for name in ("amount", "cash") if name in values}
    return {**values, **money}


def changes_told(explanation: ExplanationRecord, lang: Language) -> list[str]:
    """What would have to change, a line for each alternative."""
    rows = records(explanation.alternatives)
    lines = []
    for number in sorted({change.alternative for change in explanation.changes}):
        mine = [change for change in explanation.changes if change.alternative == number]
        told = [say(lang, f"explain.change.{change.kind}", **_filled(change.values, lang)) for change in mine]
        lines.append(
            say(
                lang,
                "explain.reason",
                number=number + 1,
                offer=offer_told(rows[number], lang),
                month=rows[number]["month"],
                reasons=say(lang, "explain.reason.join").join(told),
            )
        )
    return lines


def proof_told(proof: Proof, lang: Language) -> list[str]:
    """What the figures rest on."""
    objective = word(lang, "objective", proof.objective_name)
    key = "explain.proof" if proof.gap > A_YUAN else "explain.proof.optimal"
    told = [say(lang, key, objective=objective, bound=yuan(lang, proof.bound), gap=yuan(lang, proof.gap))]
    return told if proof.stored else [*told, say(lang, "explain.proof.solved")]
