"""Related households in plans: one estate for all of them, by every way of planning; and what a plan lacks for it."""

from pathlib import Path

import pytest

from renewopt import Plan, Scenario, audit, load, plan
from renewopt.policies import RULES

DISTRICT = """
name: Related
start: 2024-01
months: 6
fee_policies: [{id: s, rate: 10, term: 12}]
projects: [{id: P1, moved_out: 2023-06}, {id: P2, moved_out: 2023-06}]
households:
  - {id: H1, project: P1, area: 100, related: Li}
  - {id: H2, project: P2, area: 90, related: Li}
  - {id: H3, project: P2, area: 80, routes: [transfer]}
estates:
  - {id: E1, projects: [P1], open_to: [], units: [{type: A, on_hand: 1}]}
  - {id: E2, projects: [P2], open_to: [P1], units: [{type: A, on_hand: 1, arrivals: {2024-03: 1}, surplus: 1}]}
  - {id: E3, units: [{type: A, on_hand: 1, arrivals: {2024-05: 1}}]}
funds: [{id: treasury, opening: 100万元}]
"""
METHODS = ({"method": "exact"}, {"method": "structured"}, {"solver": "pulp:cbc"})


def loaded(folder: Path, *edits: tuple[str, str]) -> Scenario:
    text = DISTRICT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = folder / "related.yaml"
    path.write_text(text, "utf-8")
    return load(path)


def housed(made: Plan) -> dict[str, tuple[str, str]]:
    return {row.household: (row.pool, row.month) for row in made.allocation.itertuples()}


@pytest.mark.parametrize("how", METHODS)
def test_they_live_in_one_estate_each_from_its_own_month_on(tmp_path: Path, how: dict[str, str]) -> None:
    scenario = loaded(tmp_path)
    made = plan(scenario, gap=0, **how)  # type: ignore[arg-type]
    # In E2 there is a home at once, and another in 2024-03. In E3 H3 takes the home that is there: both there would
    # wait until 2024-05 for the other one, or H3 would.
    assert housed(made) == {"H1": ("E2/A", "2024-01"), "H2": ("E2/A", "2024-03"), "H3": ("E3/A", "2024-01")}
    assert made.transition_fees == 1_800
    assert made.bound == pytest.approx(1_800, abs=1)
    assert audit(scenario, made) == []


def test_without_the_wish_each_has_its_own_home_at_once(tmp_path: Path) -> None:
    made = plan(loaded(tmp_path, (", related: Li", "")), gap=0)
    assert housed(made) == {"H1": ("E1/A", "2024-01"), "H2": ("E2/A", "2024-01"), "H3": ("E3/A", "2024-01")}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rules_of_thumb_do_not_part_them(tmp_path: Path, rule: str) -> None:
    scenario = loaded(tmp_path)
    made = plan(scenario, policy=rule)
    assert [violation for violation in audit(scenario, made) if violation.kind == "broken_rule"] == []
    pools = {housed(made)[name][0] for name in ("H1", "H2")}
    assert len(pools - {""}) <= 1


def test_who_takes_money_binds_nobody(tmp_path: Path) -> None:
    cash = ("funds:", "cash: [{id: C, price: 10, projects: [P2]}]\nfunds:")
    made = plan(loaded(tmp_path, cash, ("on_hand: 1, arrivals: {2024-03: 1}", "arrivals: {2024-03: 2}")), gap=0)
    # E2 is there in 2024-03 only, E1 cannot take both: H2 is cheaper in cash at once.
    assert housed(made)["H2"] == ("C", "2024-01")
    assert housed(made)["H1"] == ("E2/A", "2024-03")


def test_a_wish_for_which_there_is_no_plan_is_named(tmp_path: Path) -> None:
    late = ("area: 80, routes: [transfer]", "area: 80, estates: [E2], deadline: 2024-03")
    both = ("related: Li}", "related: Li, deadline: 2024-03}")
    made = plan(loaded(tmp_path, late, both))
    assert made.status == "infeasible"
    rules = {rule.key: rule for conflict in made.conflicts for rule in conflict.rules}
    assert rules["households.related"].text["en"] == "H1, H2: homes in one estate only"
    assert rules["households.related"].change == {"en": "settle each of them for itself", "zh": "各户分别安置"}
