"""Contracts as rules: what each says, and the scenario without it."""

from random import Random
from typing import Any

from tests.results.conflicts.planted import base

from renewopt import Scenario
from renewopt.results.conflicts.rules_pins import pin_rules
from renewopt.wording import told


def signed(*pins: dict[str, Any], households: int = 3) -> Scenario:
    sections = base(Random(0))
    sections["households"] = [{"id": f"Q{n}", "project": "Q", "area": 60} for n in range(households)]
    return Scenario.from_tables(**sections, **({"pins": list(pins)} if pins else {}))


def test_each_of_few_contracts_is_a_rule_with_its_terms() -> None:
    scenario = signed(
        {"household": "Q0", "route": "voucher", "pool": "V", "month": "2024-03"},
        {"household": "Q1", "not_before": "2024-02", "not_after": "2024-05"},
        {"phase": "E1", "not_after": "2024-06"},
    )
    rules = list(pin_rules(scenario))
    assert [told(rule.text, "en") for rule in rules] == [
        "the contract of Q0: voucher, V, 2024-03",
        "the contract of Q1: 2024-02…2024-05",
        "the contract of phase E1: …2024-06",
    ]
    assert told(rules[0].text, "zh") == "Q0 的合同：购房凭证、V、2024年3月"
    assert [rule.projects for rule in rules] == [{"Q"}, {"Q"}, frozenset()]
    left = rules[1].without(scenario).pins
    assert left is not None
    assert left["household"].tolist() == ["Q0", ""]
    assert scenario.pins is not None
    assert len(scenario.pins) == 3
    for rule in rules:
        scenario = rule.without(scenario)
    assert scenario.pins is not None
    assert scenario.pins.empty


def test_many_contracts_are_two_rules_at_the_most() -> None:
    scenario = signed(*({"household": f"Q{n}", "route": "voucher"} for n in range(20)),
                      {"phase": "E1", "not_after": "2024-06"}, households=20)  # fmt: skip
    homes, phases = pin_rules(scenario)
    assert told(homes.text, "en") == "20 households are settled as their contracts say"
    assert told(homes.dropped, "en") == "dissolve some of these contracts"
    assert told(phases.dropped, "en") == "dissolve the contract"
    left = homes.without(scenario).pins
    assert left is not None
    assert left["phase"].tolist() == ["E1"]


def test_without_contracts_there_is_no_rule() -> None:
    assert list(pin_rules(signed())) == []
