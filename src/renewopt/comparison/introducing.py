"""What is compared, a sentence for each: what a future does to the scenario, and what a policy does."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from renewopt.charts.labels import Locale
from renewopt.futures import AS_PLANNED
from renewopt.policies import SHIPPED, Policy
from renewopt.results.futures_told import call_future, names_of, tell_changes
from renewopt.scenario import Scenario, models
from renewopt.vocabulary import PERFECT
from renewopt.wording import Language

__all__ = ["Compared", "PolicyTold", "introduce", "tell_future", "tell_policy", "words_of"]

Place = tuple[str, str]


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
        {place: names_of(scenario) for place, scenario in scenarios.items()},
    )


def words_of(compared: Compared, lang: Language) -> Locale:
    """Give the locale of a comparison, which calls futures by their names, or by what they are about."""
    say, called = Locale(lang), dict[str, set[str]]()
    for futures in compared.futures.values():
        named = Locale(lang, {"future": {future.id: future.name for future in futures.values()}})
        for name, future in futures.items():
            given = future.name not in {"", name}
            called.setdefault(name, set()).add(named.label("future", name) if given else call_future(future, say))
    # Variants may state it otherwise.
    return Locale(lang, {"future": {name: told.pop() for name, told in called.items() if len(told) == 1}})


def _told(policy: Any) -> PolicyTold:
    kind: Any = type(policy)
    shipped = next((name for name, made in SHIPPED.items() if made is kind), "")
    if not shipped:
        lines = (inspect.getdoc(kind) or "").strip().splitlines()
        # A dataclass without a docstring has its signature for one.
        signature = str(kind.__doc__).startswith(f"{kind.__name__}(") and is_dataclass(kind)
        own = bool(kind.__doc__) and not signature
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
    if future is None:
        return say("future.does.nothing")
    return tell_changes(future, lambda kind, identifier: compared.calls(place, kind, identifier), say)
