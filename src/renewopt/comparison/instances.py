"""Which scenarios are compared, in which variants, and what the tables call them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from renewopt.asked import one_of
from renewopt.comparison.importing import NO_MODULES, OwnModules
from renewopt.comparison.running import Instance
from renewopt.scenario import Scenario, load
from renewopt.scenario.given import as_it_is, in_variant
from renewopt.vocabulary import OBJECTIVES
from renewopt.wording import Names, words

__all__ = ["instances_of", "once"]

BASE = "base"
"""Stands for the scenario without a variant."""

Given = Scenario | str | os.PathLike[str]


def instances_of(
    scenarios: Sequence[Given],
    variants: Sequence[str | None] | None,
    objective: str | None,
    modules: OwnModules = NO_MODULES,
    *,
    allow_outside: bool = False,
) -> list[tuple[Instance, Scenario]]:
    """Load scenarios in their variants; each has a name of its own in the tables.

    Parameters
    ----------
    variants
        None: each scenario as it is given.
    modules
        Of policies of the caller's own, for whoever carries them out there.
    allow_outside
        Whether tables of the files may lie outside of their folders; remembered for who reads them again.

    Raises
    ------
    ScenarioError
        If a scenario is not right.
    ValueError
        If one cannot take a variant, or the same stands twice.
    """
    if objective is not None:
        one_of("objective", objective, OBJECTIVES)
    asked = None if variants is None else [None if name == BASE else name for name in variants]
    once([name or BASE for name in asked or []])
    found = [scenario for one in scenarios for scenario in _in_variants(one, asked, allow_outside)]
    names = _names([scenario.path.resolve() for scenario in found if scenario.path is not None])
    instances = [_instance(scenario, names, objective, modules) for scenario in found]
    times = Counter((instance.name, instance.variant) for instance in instances)
    twice = [instance.name for instance in instances if times[instance.name, instance.variant] > 1]
    if twice:
        raise ValueError(
            words(
                "{names}: more than one scenario by this name; state each file once, and give a scenario that was built"
                " or changed in Python a name of its own",
                names=Names(map(repr, dict.fromkeys(twice))),
            )
        )
    return list(zip(instances, found, strict=True))


def once(names: Iterable[str]) -> None:
    """Refuse what is named more than once: it could not be told apart.

    Raises
    ------
    ValueError
    """
    twice = [name for name, number in Counter(names).items() if number > 1]
    if twice:
        raise ValueError(words("{names}: named more than once", names=Names(map(repr, twice))))


def _in_variants(given: Given, variants: Sequence[str | None] | None, allow_outside: bool) -> list[Scenario]:
    if not isinstance(given, Scenario):
        return [load(Path(given), variant=name, allow_outside=allow_outside) for name in variants or [None]]
    scenario = as_it_is(given)
    return [scenario if variants is None else in_variant(scenario, name) for name in variants or [None]]


def _instance(scenario: Scenario, names: dict[Path, str], objective: str | None, modules: OwnModules) -> Instance:
    if scenario.path is None:
        return Instance(scenario.name, None, scenario.variant, objective, scenario.sha256, scenario, modules)
    path = scenario.path.resolve()
    return Instance(
        names[path], str(path), scenario.variant, objective, scenario.sha256, None, modules, scenario.allow_outside
    )


def _names(paths: Iterable[Path]) -> dict[Path, str]:
    """Name files by as much of the end of their paths as tells them apart.

    Examples
    --------
    >>> list(_names([Path("/a/x/town.yaml"), Path("/a/y/town.yaml"), Path("/a/hill.yaml")]).values())
    ['x/town', 'y/town', 'hill']
    >>> list(_names([Path("/a/town.yaml"), Path("/a/town.xlsx")]).values())
    ['town.yaml', 'town.xlsx']
    """
    distinct = list(dict.fromkeys(paths))
    return {path: _name(path, [other for other in distinct if other != path]) for path in distinct}


def _name(path: Path, others: Sequence[Path]) -> str:
    ends = ((parts, suffix) for parts in range(1, len(path.parts) + 1) for suffix in (False, True))
    return next(
        _end(path, *shown) for shown in ends if all(_end(path, *shown) != _end(other, *shown) for other in others)
    )


def _end(path: Path, parts: int, suffix: bool) -> str:
    return Path(*(path if suffix else path.with_suffix("")).parts[-parts:]).as_posix()
