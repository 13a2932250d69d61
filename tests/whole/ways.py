"""Ways of stating a scenario: laid over another as a variant, in another currency, with what changes no plan."""

from __future__ import annotations

import re
from fractions import Fraction
from random import Random
from typing import Any

from ruamel.yaml.comments import TaggedScalar
from tests.whole.stating import Tree

VARIANT = "as drawn"
DECOYS: dict[str, Tree] = {
    "fee_policies": {"rate": 3, "term": 1, "tail": 7, "household_minimum": "9,000元"},
    "projects": {"obligation": 1, "weight": 7, "deadline": "2024-12"},
    "estates": {"units": [{"type": "9", "on_hand": 4}], "housed_after": 3, "tags": ["lift"]},
    "vouchers": {"price": 99, "bonus": [{"months": 1, "share": "90%"}], "take_up": "1%"},
    "cash": {"price": 99, "area_below": 3},
    "funds": {"opening": 1, "monthly_limit": 5, "inflow": {"monthly": 1}},
}
"""What another scenario may state in its place."""
DEFAULTS: dict[str, Tree] = {
    "fee_policies": {
        "frequency": "monthly",
        "period_from": "calendar",
        "paid_by": "government",
        "first_month": "whole",
    },
    "estates": {"open_to": "all", "measure": "homes", "release": False},
    "vouchers": {"projects": "all", "base": "area", "settled_when_paid": False},
    "cash": {"projects": "all", "base": "area"},
    "funds": {"uses": "all", "projects": "all", "estates": "all", "carry_over": "always"},
    "commitments": {"funds": "all"},
    "throughput": {"projects": "all", "routes": "all"},
    "owing": {"projects": "all"},
    "arrears": {"use": "fees"},
    "objective": {"minimise": "transition_fees", "after_horizon_months": 12, "offset_value": 1},
}
MONEY = re.compile(r"([¥]?)([\d,.]+)(万元|万|元)?")


def as_variant(random: Random, tree: Tree) -> None:
    """Let a scenario state something else, and a variant of it what was drawn."""
    variant: Tree = {}
    for section in random.sample(sorted(set(DECOYS) & set(tree)), k=random.choice([1, 2])):
        item = random.choice(tree[section])
        change: Tree = {"id": item["id"]}
        for key in random.sample(sorted(DECOYS[section]), k=random.choice([1, 2])):
            change[key] = item.get(key, TaggedScalar(value="", tag="!remove"))
            item[key] = DECOYS[section][key]
        variant[section] = [change]
    if random.random() < 0.5:
        tree.setdefault("cash", []).append({"id": "Z", "price": 1})
        variant.setdefault("cash", []).append(TaggedScalar(value="Z", tag="!remove"))
    if tree["objective"] and random.random() < 0.5:
        key = random.choice(sorted(tree["objective"]))
        variant["objective"] = {key: tree["objective"].pop(key)}
        if key == "minimise":
            tree["objective"][key] = "transition_fees"
    tree["variants"] = {VARIANT: variant}


def say_defaults(random: Random, tree: Tree) -> None:
    """Say now and then what holds without a word, too."""
    for section, defaults in DEFAULTS.items():
        stated = tree.get(section, [])
        for item in [stated] if isinstance(stated, dict) else stated:
            for key, value in defaults.items():
                if key not in item and random.random() < 0.1:
                    item[key] = value


def in_pounds(random: Random, tree: Tree) -> Tree:
    """The same amounts in another currency, as they are written there."""
    currency: Tree = {"name": "pounds", "one": "pound", "symbol": "£", "code": "GBP"}
    for key, value in (("chinese", "英镑"), ("digits", 2), ("large", random.choice(["thousands", "myriads"]))):
        currency.update({key: value} if random.random() < 0.5 else {})
    result: Tree = _exchanged(random, tree)
    return result | {"currency": currency}


def _exchanged(random: Random, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _exchanged(random, each) for key, each in value.items()}
    if isinstance(value, list):
        return [_exchanged(random, each) for each in value]
    match = MONEY.fullmatch(value) if isinstance(value, str) else None
    if match is None or not (match[1] or match[3]):
        return value
    amount = Fraction(match[2].replace(",", "")) * (10_000 if "万" in (match[3] or "") else 1)
    text = f"{amount.numerator:,}" if amount.denominator == 1 else f"{float(amount):,.2f}"
    return random.choice([f"£{text}", f"{text} GBP", text.replace(",", "")])


def without_effect(random: Random) -> Tree:
    """Sections that change no plan of the scenario as it is stated."""
    future: Tree = {"id": "rough", "name": "Rough"}
    future["delays"] = [{"months": {"distribution": "uniform", "low": 0, "high": 4}, "probability": "50%"}]
    future["inflows"] = [{"share": random.choice([0.8, {"distribution": "discrete", "values": [0.5, 1]}])}]
    future["later_moves"] = [{"months": 2, "probability": 0.5}]
    words = {"term": "household", "one": "tenant", "several": "tenants", "chinese": "租户"}
    policy = {"id": "mine", "policy": "costliest-first", "parameters": {"lookahead": 6}}
    return {"futures": [future], "words": [words], "policies": [policy]}
