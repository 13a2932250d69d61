"""What the scenario states, kept with the plan: so that a report can tell its assumptions without the scenario's files.

Tables (households, quotes, fee curves) are only counted: they may hold a hundred thousand rows, and they hold people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renewopt.scenario import Scenario
from renewopt.scenario.placing import PLACE
from renewopt.scenario.table_specs import TABLES

__all__ = ["TABLES_STATED", "Stated", "state"]

Stated = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Section, id, key: value as JSON has it. Phases are a section of their own; `objective` has the one id ""."""

TABLES_STATED = "tables"
"""Section of the counts of tables."""
_TABLES = tuple(TABLES)
_APART = {*_TABLES, *PLACE, "name", "start", "months", "futures", "policies"}
"""Sections that are counted, told elsewhere, or not part of a plan."""


def state(scenario: Scenario) -> Stated:
    """Write down all that a scenario states, but for its tables, which are counted.

    Parameters
    ----------
    scenario
        A checked one.

    Returns
    -------
    Stated
        Sections in the scenario's order; what is empty is left out, defaults that act are kept.
    """
    dumped = scenario.model_dump(mode="json", by_alias=True, exclude=_APART, warnings=False)
    stated: dict[str, dict[str, dict[str, Any]]] = {}
    for section, value in dumped.items():
        items = _items(value)
        if section == "estates":
            phases: dict[str, dict[str, Any]] = {}
            for estate, keys in items.items():
                for phase, of_phase in _items(keys.pop("phases", [])).items():
                    phases[phase] = {"estate": estate, **of_phase}
            stated[section] = items
            stated["phases"] = phases
        else:
            stated[section] = items
    counts = {name: {"rows": len(table)} for name in _TABLES if (table := getattr(scenario, name)) is not None}
    counts["households"]["count"] = int(scenario.households["count"].sum())
    stated[TABLES_STATED] = counts
    return {section: items for section, items in stated.items() if items}


def _items(value: Any) -> dict[str, dict[str, Any]]:
    """Items of a section by id: a list's by id or name, else by place; a section of one by ""."""
    if isinstance(value, dict):
        return {"": _kept(value)}
    found = {}
    for place, item in enumerate(value, start=1):
        name = str(item.get("id") or item.get("name") or place)
        found[name if name not in found else f"{name} ({place})"] = _kept(item)
    return found


def _kept(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "id" and value not in (None, "", [], {})}
