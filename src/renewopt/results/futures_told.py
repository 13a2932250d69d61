"""What a stated future does to the scenario, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from renewopt.charts.labels import Locale
from renewopt.futures.distributions import is_fixed
from renewopt.scenario import Scenario, models

__all__ = ["call_future", "names_of", "tell_changes"]

Stated = int | Decimal | models.Distribution
_Late = models.LateStart | models.LateClearing | models.LandChange
ABOUT = 2
"""Kinds of changes that a future without a name is called by."""
NAMED = 4
"""Names in a sentence; of more, how many there are."""
_KINDS = {"funds": "fund", "estates": "estate", "projects": "project", "developers": "developer"}


def names_of(scenario: Scenario) -> dict[str, dict[str, str]]:
    """Names that the planner gave, by kind and id.

    Kinds are ``fund``, ``estate``, ``project``, ``developer``, ``phase`` and ``activity`` (what may start).
    """
    found: dict[str, dict[str, str]] = {
        kind: {item.id: item.name for item in getattr(scenario, section)} for section, kind in _KINDS.items()
    }
    phases = [phase for estate in scenario.estates for phase in estate.phases]
    works = {work.id: work.name for work in scenario.works}
    return {
        **found,
        "phase": {phase.id: phase.name for phase in phases},
        "activity": {**found["project"], **works},
    }


def call_future(future: models.Future, say: Locale) -> str:
    """Call a future by its id and what it is about: for one to which the planner gave no name."""
    kinds = [name for name in type(future).model_fields if name not in {"id", "name"} and getattr(future, name)]
    about = say("brief.join").join(say(f"future.about.{kind}") for kind in kinds[:ABOUT])
    if len(kinds) > ABOUT:
        about = say("future.about.more", about=about)
    return say("future.called", future=future.id, about=about) if about else future.id


def tell_changes(future: models.Future, calls: Callable[[str, str], str], say: Locale) -> str:
    """Say what a future changes.

    Parameters
    ----------
    future
        As the scenario states it.
    calls
        What the planner calls something of a kind (as of `names_of`), by its id.
    say
        Language.
    """
    clauses = list(_clauses(future, calls, say))
    return say("future.does", clauses=say("brief.semicolon").join(clauses)) if clauses else say("future.does.nothing")


def _clauses(future: models.Future, calls: Callable[[str, str], str], say: Locale) -> Iterator[str]:
    def which(kind: str, ids: str | list[str]) -> str:
        if isinstance(ids, str):
            return say(f"future.all.{kind}")
        return _joined([calls(kind, one) for one in ids], say)

    for delay in future.delays:
        values = {"which": which("estate", delay.estates), "months": _spread(delay.months, say)}
        together = say("future.together") if delay.together and _draws(delay.probability, delay.months) else ""
        yield say("future.delay", **values) + together + _chance(delay.probability, say)
    for inflow in future.inflows:
        yield from _inflow(inflow, which("fund", inflow.funds), say)
    for take_up in future.take_up:
        yield say("future.take_up", share=_spread(take_up.share, say, share=True))
    for switching in future.switching:
        values = {"which": which("project", switching.projects), "share": _spread(switching.share, say, share=True)}
        yield say("future.switching", **values)
    for withdrawal in future.withdrawals:
        values = {"which": which("developer", withdrawal.developers), "months": _spread(withdrawal.after, say)}
        yield say("future.withdrawal", **values) + _chance(withdrawal.probability, say)
    for decree in future.decrees:
        values = {"which": which("project", decree.projects), "months": _spread(decree.after, say)}
        yield say("future.decree", **values, factor=_spread(decree.factor, say)) + _chance(decree.probability, say)
    for move in future.later_moves:
        values = {"which": which("project", move.projects), "months": _spread(move.months, say)}
        yield say("future.move", **values) + _chance(move.probability, say)
    late: tuple[_Late, ...] = (*future.starts, *future.clearing, *future.land)
    for part in late:
        yield from _late(part, which("activity", part.items), say)


def _late(part: _Late, which: str, say: Locale) -> Iterator[str]:
    """Say what a future makes of starts, of clearing, or of land revenue."""
    if not isinstance(part.kinds, str):
        which = say("future.of_kinds", which=which, kinds=say("brief.join").join(part.kinds))
    rest = _chance(part.probability, say)
    months = {"which": which, "months": _spread(part.months, say)}
    match part:
        case models.LateStart():
            yield say("future.start", **months) + rest
        case models.LateClearing():
            yield say("future.clearing", **months) + rest
        case models.LandChange():
            if isinstance(part.share, models.Distribution) or part.share != 1:
                yield say("future.land", which=which, share=_spread(part.share, say, share=True)) + rest
            if isinstance(part.months, models.Distribution) or part.months:
                yield say("future.land.late", **months) + rest


def _inflow(inflow: models.InflowChange, fund: str, say: Locale) -> Iterator[str]:
    rest = say("future.after", months=inflow.from_month) if inflow.from_month else ""
    rest += say("future.within", months=inflow.months) if inflow.months else ""
    if _draws(inflow.probability, inflow.share, inflow.late):
        rest += say(f"future.each.{inflow.each}")
    rest += _chance(inflow.probability, say)
    if isinstance(inflow.share, models.Distribution) or inflow.share != 1:
        yield say("future.inflow", which=fund, share=_spread(inflow.share, say, share=True)) + rest
    if isinstance(inflow.late, models.Distribution) or inflow.late:
        yield say("future.inflow.late", which=fund, months=_spread(inflow.late, say)) + rest


def _chance(probability: Any, say: Locale) -> str:
    return "" if probability >= 1 else say("future.chance", share=_percent(probability))


def _draws(probability: Any, *stated: Stated) -> bool:
    """Whether anything of it is drawn at random."""
    return bool(probability % 1) or not all(map(is_fixed, stated))


def _joined(names: Iterable[str], say: Locale) -> str:
    listed = list(names)
    more = say("brief.and_more", count=len(listed) - NAMED) if len(listed) > NAMED else ""
    return say("brief.join").join(listed[:NAMED]) + more


def _percent(share: Any) -> str:
    return f"{float(share) * 100:,.4g}%"


def _spread(stated: Stated, say: Locale, *, share: bool = False) -> str:
    """Write a number, or from where to where a distribution reaches."""

    def told(number: Any) -> str:
        return _percent(number or 0) if share else f"{float(number or 0):,.4g}"

    if not isinstance(stated, models.Distribution):
        return told(stated)
    low, high = stated.low, stated.high
    match stated.distribution:
        case "fixed":
            return told(stated.value)
        case "uniform":
            return say("spread.uniform", low=told(low), high=told(high))
        case "triangular":
            return say("spread.triangular", low=told(low), high=told(high), mode=told(stated.mode))
        case "discrete":
            return say("spread.discrete", values=say("spread.or").join(map(told, stated.values or ())))
        case _:
            return say("spread.mean", mean=told(stated.mean))
