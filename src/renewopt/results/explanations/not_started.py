"""A household whose project the plan does not start: why nothing is planned for it, and what a start would take."""

from __future__ import annotations

import numpy as np

from renewopt.results.explanations.explanation import Explanation
from renewopt.results.explanations.grounds import Grounds
from renewopt.results.explanations.record import ALTERNATIVES, CHOSEN, Reason, made
from renewopt.results.programme import Started
from renewopt.results.reporting.facts import names
from renewopt.scheduling import NEVER_STARTS, delay_fen, faults
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import NOT_STARTED

__all__ = ["explain_not_started"]


def explain_not_started(grounds: Grounds, household: str, begun: Started | None) -> Explanation | None:
    """Explain a household of a project that is left out; None where the plan knows none of that id.

    Parameters
    ----------
    begun
        The programme with the plan's starts; None: what a start would take is not told.
    """
    plan = grounds.plan
    rows = plan.allocation[(plan.allocation["route"] == NOT_STARTED) & (plan.allocation["household"] == household)]
    if rows.empty:
        return None
    project = str(rows["project"].iloc[0])
    count = int(rows["count"].sum())
    reasons = [Reason(-1, "not_started", 0.0, {"project": project})]
    if begun is not None:
        reasons += _what_it_takes(begun, project)
    return Explanation(
        household=household,
        project=project,
        count=count,
        plan=plan.name,
        chosen=made([{"route": NOT_STARTED, "count": count}], CHOSEN),
        alternatives=made([], ALTERNATIVES),
        reasons=tuple(reasons),
        changes=(),
        proof=grounds.proof,
        names=names(plan.stated),
        place=plan.place,
    )


def _what_it_takes(begun: Started, project: str) -> list[Reason]:
    """Months in which it could start beside all that the plan starts, or the rules that keep it; cost, delay, land."""
    programme, each, start = begun.programme, begun.programme.activities, begun.stated.start
    row = programme.rows[project]
    free, broken = [], dict[str, None]()
    for month in range(int(each.first[row]), int(each.last[row]) + 1):
        starts = begun.starts.copy()
        starts[row] = month
        found = {fault.rule for fault in faults(programme, programme.named(starts))}
        free += [] if found else [month]
        broken |= dict.fromkeys(sorted(found))
    if free:
        values: dict[str, object] = {"first": str(start + free[0]), "last": str(start + free[-1])}
        reasons = [Reason(-1, "could_start", 0.0, values)]
    else:
        reasons = [Reason(-1, f"cannot_start.{rule}", 0.0, {}) for rule in broken or {"window": None}]
    stages = float(each.stages["fen"][each.stages.row == row].sum()) / FEN_PER_YUAN
    count = f"{int(each.households[row]):,}"
    told = {"cash": stages, "count": count} if stages else {"count": count}
    reasons.append(Reason(-1, "start_costs" if stages else "start_houses", 0.0, told))
    never = np.full(len(programme), NEVER_STARTS, dtype=np.int64)
    delay = float(delay_fen(programme, never)[row]) / FEN_PER_YUAN
    if delay:
        reasons.append(Reason(-1, "start_saves", 0.0, {"amount": delay}))
    if each.revenue[row]:
        reasons.append(Reason(-1, "start_brings", 0.0, {"amount": float(each.revenue[row]) / FEN_PER_YUAN}))
    return reasons
