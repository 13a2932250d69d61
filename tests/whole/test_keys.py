"""The random scenarios state every key of the schema, but for futures', listed homes' and contracts'."""

from collections.abc import Iterator
from typing import Any

from tests.whole.writing import stated, written

from renewopt.scenario.schema import json_schema

SEEDS = 200
NO_PLAN = {
    # Futures.
    "Decree", "Delay", "Distribution", "Future", "InflowChange", "LaterMove", "Switching", "TakeUp", "Withdrawal",
    "LateStart", "LateClearing", "LandChange",
    # Which home to whom, after a plan.
    "homes", "homes_row", "home_wishes", "home_wishes_row",
    # What happened after a plan; contracts have random tests of their own: `tests/problem/test_pins.py`.
    "actuals", "actuals_row", "pins", "pins_row",
    # What may start, and what follows from it, is drawn in `tests/scheduling`.
    "Crew", "Land", "Precedence", "Signing", "Stage", "StartCount", "StartWindow", "Work", "works", "crews",
    "precedence", "starts", "start_only_if_housed", "moves_after",
}  # fmt: skip
STARTING = {
    *(("Project", key) for key in (
        "choices_from", "no_overdue", "own_clock", "kind", "start", "signing", "cost", "stages", "clearing", "land",
        "delay_cost", "urgency",
    )),
    *(("TierGoal", key) for key in ("items", "kinds", "by")),
    *(("Commitment", key) for key in ("uses", "kind", "project", "counts")),
    ("Phase", "land"), ("Phase", "build_months"), ("Fund", "kinds"),
}  # fmt: skip
"""Keys of other sections that say what may start, or what the start makes of it; drawn there, too."""
"""Sections, tables and keys that decide no plan, or are drawn elsewhere."""
Key = tuple[str, str]
"""Section or table (as the schema calls it), and key."""


def keys(schema: dict[str, Any]) -> set[Key]:
    """Every key that the schema knows."""
    sections = {"": schema, **schema["$defs"]}
    return {(name, key) for name, section in sections.items() for key in section.get("properties", {})}


def used(value: Any, node: dict[str, Any], schema: dict[str, Any], name: str = "") -> Iterator[Key]:
    """Keys of the schema that a tree states."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        node = schema["$defs"][name]
    for choice in node.get("anyOf", []):
        yield from used(value, choice, schema, name)
    if isinstance(value, list):
        for each in value:
            yield from used(each, node.get("items", {}), schema, name)
    elif isinstance(value, dict):
        for key, each in value.items():
            inner = node.get("properties", {}).get(key)
            if inner is not None:
                yield name, key
                yield from used(each, inner, schema, name)


def test_every_key_that_decides_a_plan_is_drawn() -> None:
    schema = json_schema()
    drawn: set[Key] = set()
    for seed in range(SEEDS):
        for tree in (stated(seed)[0], written(seed)[0]):
            drawn.update(used(tree, schema, schema))
    missing = keys(schema) - drawn
    assert sorted(key for key in missing - STARTING if not NO_PLAN.intersection(key)) == []
