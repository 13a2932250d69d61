"""Policies by name: those that ship, those of packages, and one's own.

A scenario is only read: it may name what ships, what the caller has registered, and what an installed package
announces. Code is imported at the caller's word alone: a module that the caller names, never one that a file names.
"""

from __future__ import annotations

import site
import sysconfig
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, TypeVar

from renewopt.policies import rules
from renewopt.policies.modules import of_module
from renewopt.policies.optimising import Hedged, Optimal, Rolling
from renewopt.policies.protocol import Policy
from renewopt.policies.waiting import WaitForBuild
from renewopt.vocabulary import PERFECT, POLICIES
from renewopt.wording import Names, Wording, worded, words

__all__ = [
    "ENTRY_POINTS",
    "INSTALLED",
    "SHIPPED",
    "check_policy",
    "make_policy",
    "policy_names",
    "register",
    "why_taken",
]

ENTRY_POINTS = "renewopt.policies"
"""Group in which a package announces its policies: ``name = "module:Class"``."""

Factory = Callable[..., Policy]
Registered = TypeVar("Registered", bound=Factory)

_CLASSES = (Optimal, Rolling, Hedged, WaitForBuild, *vars(rules).values())
_BY_NAME: dict[str, Factory] = {kind.name: kind for kind in _CLASSES if getattr(kind, "name", "") in POLICIES}
SHIPPED = {name: _BY_NAME[name] for name in POLICIES}
"""Policies that ship, by name."""

_NO_PARAMETERS = frozenset({"futures", "first"})
"""Fields of policies that ship which are given by who carries them out, never by a scenario."""

INSTALLED = {*site.getsitepackages(), site.getusersitepackages(), *sysconfig.get_paths().values()}
"""Where packages are installed."""

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
    if (taken := why_taken(called)) is not None:
        raise ValueError(taken)
    _own[called] = policy
    return policy


def why_taken(name: str) -> Wording | None:
    """Say why no policy of one's own may have a name: it is that of one that ships, or of the bound; None: it may."""
    if name == PERFECT:
        return words("{called!r} is the optimiser that knows the future; choose another name", called=name)
    if name in SHIPPED:
        return words("{called!r} is a policy that ships; choose another name", called=name)
    return None


def policy_names() -> list[str]:
    """Names of all policies that are known: shipped, registered, announced by packages."""
    return list(dict.fromkeys([*SHIPPED, *_own, *(point.name for point in _announced())]))


def _announced() -> list[EntryPoint]:
    """What installed packages announce; a folder that is only worked in is no installed package."""
    return [point for point in entry_points(group=ENTRY_POINTS) if not _lies_about(point)]


def _lies_about(point: EntryPoint) -> bool:
    """Whether a package is found only because Python looks into the folder that is worked in, as notebooks do."""
    if point.dist is None:
        return False
    folder, here = Path(str(point.dist.locate_file(""))).resolve(), Path.cwd().resolve()
    return folder == here and folder not in {Path(site).resolve() for site in INSTALLED}


def check_policy(name: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Refuse a policy that is not known, or one that ships with parameters that it cannot have.

    Nothing is imported and nothing of others is made: of a policy that a package announces, or that was registered,
    only the name is looked at.

    Raises
    ------
    ValueError
    """
    if name in SHIPPED:
        make_policy(name, parameters)
    elif name not in policy_names():
        raise _unknown(name)


def make_policy(name: str, parameters: Mapping[str, Any] | None = None, *, modules: Collection[str] = ()) -> Policy:
    """Make a policy by its name, or by ``module:Name`` out of a module that the caller has named.

    Parameters
    ----------
    parameters
        Its parameters, as a scenario states them.
    modules
        Modules of the caller, imported by `import_policy_modules`; no other is looked into.

    Raises
    ------
    ValueError
        If there is no such policy, or a parameter is unknown or not as it may be; all of them are named.
    """
    factory = _factory(name, modules)
    given = dict(parameters or {})
    if not (isinstance(factory, type) and is_dataclass(factory)):
        try:
            made = factory(**given)
        # Somebody else's code may raise anything, and even end the process.
        except (Exception, SystemExit) as error:
            raise ValueError(words("policy {name!r}: {error}", name=name, error=worded(error))) from error
        return _a_policy(name, made)
    known = {f.name for f in fields(factory) if f.init and f.name not in _NO_PARAMETERS}
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
    return _a_policy(name, _validated(name, factory, given))


def _a_policy(name: str, made: object) -> Policy:
    if not isinstance(made, Policy):
        raise ValueError(words("policy {name!r}: what was made is no policy (no name, decide and steer)", name=name))
    return made


def _validated(name: str, factory: type, given: dict[str, Any]) -> object:
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
        made = factory(**values)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code may raise anything
        wrong.append(worded(error))
    if wrong:
        raise ValueError(words("policy {name!r}: {error}", name=name, error=Names(wrong)))
    return made


def _factory(name: str, modules: Collection[str]) -> Factory:
    if name in SHIPPED:
        return SHIPPED[name]
    if name in _own:
        return _own[name]
    for point in _announced():
        if point.name == name:
            try:
                loaded: Factory = point.load()
            except (Exception, SystemExit) as error:
                raise ValueError(
                    words("policy {name!r} cannot be loaded: {error}", name=name, error=worded(error))
                ) from error
            return loaded
    module = name.partition(":")[0]
    if ":" in name and module in modules:
        return of_module(name)
    raise _unknown(name)


def _unknown(name: str) -> ValueError:
    """Say that a policy is not known, and how it would be."""
    module, colon, _ = name.partition(":")
    if colon:
        return ValueError(
            words(
                "policy {name!r} is code of a module that was not given, and no file can ask for it; if it is yours, "
                "give it yourself: renewopt plan or compare --policy-module {module}, policy_modules in Python",
                name=name,
                module=module,
            )
        )
    from renewopt.scenario.suggestions import did_you_mean

    names = policy_names()
    hint = did_you_mean(name, names)
    return ValueError(
        words("unknown policy {name!r}; expected one of {names}; {hint}", name=name, names=Names(names), hint=hint)
        if hint
        else words("unknown policy {name!r}; expected one of {names}", name=name, names=Names(names))
    )
