"""Wishes of groups in plans: who gets the ground floor, and what a plan lacks where it has to."""

from pathlib import Path

import pytest

from renewopt import Scenario, audit, load, plan

DISTRICT = """
name: Wishes
start: 2024-01
months: 6
fee_policies: [{id: s, rate: 10, term: 12}]
projects: [{id: P1, moved_out: 2023-06}]
households:
  - {id: H1, project: P1, area: 100, persons: 3}
  - {id: H2, project: P1, area: 90, persons: 2, groups: [elderly], deadline: 2024-03}
estates:
  - id: E1
    projects: [P1]
    units:
      - {type: A, on_hand: 1}
      - {type: B, arrivals: {2024-02: 1}, tags: [ground_floor]}
wishes: [{id: low, groups: [elderly], tags: [ground_floor], WISH}]
objective: {disutility_weight: 1000}
funds: [{id: treasury, opening: 100万元}]
"""


def loaded(folder: Path, wish: str, *edits: tuple[str, str]) -> Scenario:
    text = DISTRICT.replace("WISH", wish)
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = folder / "wishes.yaml"
    path.write_text(text, "utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("wish", "pools"),
    [
        # H1 pays 1,000 yuan a month, H2 900: H1 takes the home that is there.
        ("disutility: 1", {"H1": "E1/A", "H2": "E1/B"}),
        ("only: true", {"H1": "E1/A", "H2": "E1/B"}),
    ],
)
@pytest.mark.parametrize("method", ["exact", "structured"])
def test_the_elderly_live_on_the_ground_floor(tmp_path: Path, wish: str, pools: dict[str, str], method: str) -> None:
    scenario = loaded(tmp_path, wish)
    made = plan(scenario, gap=0, method=method)
    assert dict(zip(made.allocation["household"], made.allocation["pool"], strict=True)) == pools
    assert audit(scenario, made) == []


@pytest.mark.parametrize(("weight", "pool"), [(0.1, "E1/A"), (3, "E1/B")])
def test_a_wish_is_weighed_against_a_month_of_fees(tmp_path: Path, weight: float, pool: str) -> None:
    # With the area of H1 at 50 m², H2 is dearer: 400 yuan are saved if H2 takes the home that is there.
    made = plan(loaded(tmp_path, f"disutility: {weight}", ("area: 100", "area: 50")), gap=0)
    assert dict(zip(made.allocation["household"], made.allocation["pool"], strict=True))["H2"] == pool


def test_a_group_that_no_home_suits_in_time_is_named(tmp_path: Path) -> None:
    made = plan(loaded(tmp_path, "only: true", ("2024-02: 1", "2024-05: 1")))
    assert made.status == "infeasible"
    rules = {rule.key: rule.text["en"] for conflict in made.conflicts for rule in conflict.rules}
    assert rules["wishes.low"] == "elderly: homes of ground_floor only"
