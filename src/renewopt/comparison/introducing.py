"""What is compared, a sentence for each: what a future does to the scenario, and what a policy does."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from typing import Any

from renewopt.charts.labels import Locale
from renewopt.futures import AS_PLANNED
from renewopt.futures.distributions import is_fixed
from renewopt.policies import SHIPPED, Policy
from renewopt.scenario import Scenario, models
from renewopt.vocabulary import PERFECT

__all__ = ["Compared", "PolicyTold", "introduce", "tell_future", "tell_policy"]

Stated = int | Decimal | models.Distribution
Place = tuple[str, str]
NAMED = 4
"""Names in a sentence; of more, how many there are."""
_KINDS = {"funds": "fund", "estates": "estate", "projects": "project", "developers": "developer"}


@dataclass(frozen=True)
class PolicyTold:
    """What is known of a policy.

    Attributes
    ----------
    kind
        Name of the policy that ships which it is, or is with other parameters; "": one of the caller's own.
    parameters
        That differ from those that it has by default.
    said
        First sentence of the docstring of one of the caller's own; "": it has none.
    """

    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""


@dataclass(frozen=True)
class Compared:
    """What futures and policies of a comparison are.

    Attributes
    ----------
    futures
        By scenario and variant, and by id.
    policies
        By the name that tables use.
    names
        By scenario and variant, by kind (``fund``, ``estate``, ``project``, ``developer``, ``phase``, ``future``): what
        the planner calls an id.
    """

    futures: Mapping[Place, Mapping[str, models.Future]] = field(default_factory=dict)
    policies: Mapping[str, PolicyTold] = field(default_factory=dict)
    names: Mapping[Place, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def calls(self, place: Place, kind: str, identifier: str) -> str:
        """Name that the planner gave, else the id."""
        return self.names.get(place, {}).get(kind, {}).get(identifier) or identifier


def introduce(scenarios: Mapping[Place, Scenario], policies: Mapping[str, Policy]) -> Compared:
    """Keep what futures and policies are.

    Parameters
    ----------
    scenarios
        By the scenario's name in the tables, and the variant.
    policies
        By their names in the tables.
    """
    return Compared(
        {place: {future.id: future for future in scenario.futures} for place, scenario in scenarios.items()},
        {name: _told(policy) for name, policy in policies.items()},
        {place: _names(scenario) for place, scenario in scenarios.items()},
    )


def _names(scenario: Scenario) -> dict[str, dict[str, str]]:
    found = {kind: {item.id: item.name for item in getattr(scenario, section)} for section, kind in _KINDS.items()}
    phases = [phase for estate in scenario.estates for phase in estate.phases]
    found["phase"] = {phase.id: phase.name for phase in phases}
    found["future"] = {future.id: future.name for future in scenario.futures}
    return found


def _told(policy: Policy) -> PolicyTold:
    kind = type(policy)
    shipped = next((name for name, made in SHIPPED.items() if made is kind), "")
    if not shipped:
        lines = (inspect.getdoc(kind) or "").strip().splitlines()
        own = bool(kind.__doc__) and not (is_dataclass(kind) and str(kind.__doc__).startswith(f"{kind.__name__}("))
        return PolicyTold("", said=lines[0].rstrip(".。 ") if own and lines else "")
    given = {each.name: getattr(policy, each.name) for each in fields(policy)} if is_dataclass(policy) else {}
    default = {each.name: each.default for each in fields(kind)} if is_dataclass(kind) else {}
    shown = {name: value for name, value in given.items() if name not in _UNTOLD and value != default.get(name)}
    return PolicyTold(shipped, shown)


_UNTOLD = frozenset({"futures", "first", "gap", "method"})
"""Fields of policies that no planner chooses it by."""


def tell_policy(name: str, told: PolicyTold | None, say: Locale) -> str:
    """Say what a policy does."""
    if name == PERFECT or told is None:
        return say(f"policy.does.{name}") if name == PERFECT or name in SHIPPED else say("policy.does.own")
    if not told.kind:
        return say("policy.does.said", said=told.said) if told.said else say("policy.does.own")
    does = say(f"policy.does.{told.kind}")
    if not told.parameters:
        return does
    parameters = say("brief.join").join(f"{key}: {_plain(value)}" for key, value in told.parameters.items())
    return say("policy.does.with", does=does, parameters=parameters)


def _plain(value: Any) -> str:
    return str(value) if not isinstance(value, tuple) else "[" + ", ".join(map(_plain, value)) + "]"


def tell_future(compared: Compared, place: Place, name: str, say: Locale) -> str:
    """Say what a future does to the scenario."""
    if name == AS_PLANNED:
        return say("future.does.as-planned")
    future = compared.futures.get(place, {}).get(name)
    clauses = [] if future is None else list(_clauses(future, lambda kind, id_: compared.calls(place, kind, id_), say))
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
