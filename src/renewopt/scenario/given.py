"""A scenario that was handed over in Python: whether it is still what its file says, and in which variants it is."""

from __future__ import annotations

import hashlib

from renewopt.errors import ScenarioError
from renewopt.scenario.loading import load
from renewopt.scenario.models import Scenario
from renewopt.scenario.source import Source
from renewopt.wording import words

__all__ = ["as_it_is", "checked_anew", "in_variant"]


def checked_anew(scenario: Scenario) -> Scenario:
    """Check a scenario that was changed in Python (a table in place, `model_copy`): it is as if built there.

    Raises
    ------
    ScenarioError
        If it is not right any more.
    """
    if not scenario.changed:
        return scenario
    sections = {name: getattr(scenario, name) for name in type(scenario).model_fields}
    stated = {name: value for name, value in sections.items() if name in scenario.model_fields_set}
    built = Scenario.from_tables(**stated)
    return built.with_source(Source(variant=scenario.variant, warnings=built.warnings))


def as_it_is(scenario: Scenario) -> Scenario:
    """Tell a scenario that is no longer what its file says: it is as if built in Python.

    Raises
    ------
    ScenarioError
        If it was changed in Python, and is not right any more.
    """
    scenario = checked_anew(scenario)
    if scenario.path is None:
        return scenario
    try:
        fresh = load(scenario.path, variant=scenario.variant, allow_outside=scenario.allow_outside)
    except (ScenarioError, OSError):
        fresh = None
    content = _content(scenario)
    if fresh is not None and _content(fresh) == content:
        return fresh
    digest = hashlib.sha256(content.encode()).hexdigest()
    return scenario.with_source(Source(variant=scenario.variant, warnings=scenario.warnings, sha256=digest))


def in_variant(scenario: Scenario, variant: str | None) -> Scenario:
    """Take another variant from the file of a scenario, which is as its file says (`as_it_is`).

    Raises
    ------
    ValueError
        If the scenario was built or changed in Python: it has no variants then.
    """
    if variant == scenario.variant:
        return scenario
    if scenario.path is not None:
        return load(scenario.path, variant=variant, allow_outside=scenario.allow_outside)
    if variant is None:
        return scenario
    raise ValueError(
        words("the scenario cannot take variant {variant!r}: it was built or changed in Python", variant=variant)
    )


def _content(scenario: Scenario) -> str:
    # `model_copy` checks no types: a whole number for a decimal one is no reason to warn of.
    return scenario.model_dump_json(by_alias=True, warnings=False)
