"""Policies by name: those that ship, those of packages, and one's own."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from importlib.metadata import entry_points
from typing import Any, TypeVar

from renewopt.policies import rules
from renewopt.policies.optimising import Hedged, Optimal, Rolling
from renewopt.policies.protocol import Policy
from renewopt.policies.waiting import WaitForBuild
from renewopt.wording import Names, worded, words

__all__ = ["ENTRY_POINTS", "PERFECT", "SHIPPED", "make_policy", "policy_names", "register"]

ENTRY_POINTS = "renewopt.policies"
"""Group in which a package announces its policies: ``name = "module:Class"``."""

Factory = Callable[..., Policy]
Registered = TypeVar("Registered", bound=Factory)

SHIPPED: dict[str, Factory] = {
    policy.name: policy
    for policy in (
        Optimal,
        Rolling,
        Hedged,
        WaitForBuild,
        rules.FirstCome,
        rules.UrgentFirst,
        rules.CostliestFirst,
        rules.VoucherFirst,
        rules.UnitsFirst,
        rules.FinishNearest,
        rules.ProjectByProject,
        rules.EqualShares,
    )
}
"""Policies that ship, by name."""

PERFECT = "perfect"
"""How comparisons call the optimiser that knows the future; no policy may be called so."""

_own: dict[str, Factory] = {}


def register(policy: Registered, *, name: str | None = None) -> Registered:
    """Make a policy known by its name: a class decorator, or called with a class or function that makes a policy.

    Parameters
    ----------
    name
        As it is called; default: its attribute `name`.

    Raises
    ------
    ValueError
        If it has no name, or the name is taken: by a policy that ships, or by ``perfect`` in comparisons.
    """
    called = name or getattr(policy, "name", "")
    if not isinstance(called, str) or not called:
        raise ValueError(words("{policy!r} has no name; state `name = ...` in the class", policy=policy))
    if called in SHIPPED:
        raise ValueError(words("{called!r} is a policy that ships; choose another name", called=called))
    if called == PERFECT:
        raise ValueError(words("{called!r} is the optimiser that knows the future; choose another name", called=called))
    _own[called] = policy
    return policy


def policy_names() -> list[str]:
    """Names of all policies that are known: shipped, registered, announced by packages."""
    announced = [point.name for point in entry_points(group=ENTRY_POINTS)]
    return list(dict.fromkeys([*SHIPPED, *_own, *announced]))


def make_policy(name: str, parameters: Mapping[str, Any] | None = None) -> Policy:
    """Make a policy by its name, or by ``module:Name``.

    Parameters
    ----------
    parameters
        Its parameters, as a scenario states them.

    Raises
    ------
    ValueError
        If there is no such policy, or a parameter is unknown or not as it may be; all of them are named.
    """
    factory = _factory(name)
    given = dict(parameters or {})
    if not (isinstance(factory, type) and is_dataclass(factory)):
        try:
            return factory(**given)
        except TypeError as error:
            raise ValueError(words("policy {name!r}: {error}", name=name, error=worded(error))) from None
    known = {f.name for f in fields(factory) if f.init and f.name != "futures"}
    unknown = sorted(set(given) - known)
    if unknown:
        listed = Names(sorted(known)) if known else words("none")
        raise ValueError(
            words(
                "policy {name!r} has no parameter {names}; it has {known}",
                name=name,
                names=Names(map(repr, unknown)),
                known=listed,
            )
        )
    return _validated(name, factory, given)


def _validated(name: str, factory: type, given: dict[str, Any]) -> Policy:
    from typing import get_type_hints

    from pydantic import ConfigDict, TypeAdapter, ValidationError

    from renewopt.scenario.faults import expectation

    hints = get_type_hints(factory)
    values, wrong = {}, []
    for key, value in given.items():
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(hints[key], config=ConfigDict(arbitrary_types_allowed=True))
            values[key] = adapter.validate_python(value)
        except ValidationError as error:
            fault = expectation(error.errors()[0])
            wrong.append(words("{key} {value!r}: {expected}", key=key, value=value, expected=fault))
    try:
        # What is of the wrong kind already is left out, so that all that is wrong can be told together.
        made: Policy = factory(**values)
    except (TypeError, ValueError) as error:
        wrong.append(worded(error))
    if wrong:
        raise ValueError(words("policy {name!r}: {error}", name=name, error=Names(wrong)))
    return made


def _factory(name: str) -> Factory:
    if name in SHIPPED:
        return SHIPPED[name]
    if name in _own:
        return _own[name]
    for point in entry_points(group=ENTRY_POINTS):
        if point.name == name:
            loaded: Factory = point.load()
            return loaded
    module, colon, attribute = name.partition(":")
    if colon:
        try:
            found: Factory = getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise ValueError(
                words("policy {name!r} cannot be loaded: {error}", name=name, error=worded(error))
            ) from None
        return found
    from renewopt.scenario.suggestions import did_you_mean

    names = policy_names()
    hint = did_you_mean(name, names)
    raise ValueError(
        words("unknown policy {name!r}; expected one of {names}; {hint}", name=name, names=Names(names), hint=hint)
        if hint
        else words("unknown policy {name!r}; expected one of {names}", name=name, names=Names(names))
    )
