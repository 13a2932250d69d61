"""Limits that change from month to month, and money that lapses in part, in plans worked out by hand."""

from pathlib import Path

import pytest

from renewopt import Plan, Scenario, audit, load, plan
from renewopt.policies import RULES

DISTRICT = """
name: Spans
start: 2024-01
months: 12
fee_policies: [{id: s, rate: 10, term: 3, overdue: [{after: 0, multiplier: 2}]}]
projects: [{id: P1, moved_out: 2023-01}]
households: [{id: H1, project: P1, area: 100, persons: 3, count: 20}]
estates:
  - id: E1
    projects: [P1]
    units: [{type: "90", area: 90, on_hand: 10}]
    phases: [{id: A, cost: 100万元, monthly_limit: {..2024-03: 10万元, 2024-04..: 40万元}, delivers: {"90": 10}}]
throughput: [{id: desk, per_month: {2024-01..2024-02: 1, 2024-03: 2, 2024-05..: 5}}]
funds: [{id: treasury, opening: 500万元, monthly_limit: {2024-02: 10万元}}]
"""


def loaded(folder: Path, *edits: tuple[str, str]) -> Scenario:
    text = DISTRICT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = folder / "spans.yaml"
    path.write_text(text, "utf-8")
    return load(path)


def housed(made: Plan) -> dict[str, int]:
    return dict(zip(made.allocation["month"], made.allocation["count"], strict=True))


@pytest.mark.parametrize("method", [{"method": "exact"}, {"method": "structured"}, {"solver": "pulp:highs"}])
def test_each_span_has_its_limit(tmp_path: Path, method: dict[str, str]) -> None:
    scenario = loaded(tmp_path)
    made = plan(scenario, gap=0, **method)  # type: ignore[arg-type]
    # 1, 1 and 2 by the desk, in April the six homes that are left; 100,000 yuan in each of three months and 400,000 in
    # two build phase A by May. A household costs 2,000 yuan a month: 20 + 19 + 18 + 16 = 73, less one each month.
    assert housed(made) == {"2024-01": 1, "2024-02": 1, "2024-03": 2, "2024-04": 6, "2024-05": 5, "2024-06": 5}
    assert made.transition_fees == 2_000 * (19 + 18 + 16 + 10 + 5)
    february = made.funds[(made.funds["month"] == "2024-02") & (made.funds["amount"] < 0)]["amount"].sum()
    assert february >= -100_000
    assert audit(scenario, made) == []


@pytest.mark.parametrize("policy", sorted(RULES))
def test_rules_of_thumb_keep_them(tmp_path: Path, policy: str) -> None:
    scenario = loaded(tmp_path)
    made = plan(scenario, policy=policy)
    assert audit(scenario, made) == []
    assert all(housed(made).get(f"2024-0{month}", 0) <= most for month, most in ((1, 1), (2, 1), (3, 2), (5, 5)))


def test_the_span_that_allows_no_plan_is_named(tmp_path: Path) -> None:
    scenario = loaded(
        tmp_path, ("moved_out: 2023-01", "moved_out: 2023-01, deadline: 2024-03"), ("on_hand: 10", "on_hand: 20")
    )
    made = plan(scenario)
    assert made.status == "infeasible"
    named = {rule.key for conflict in made.conflicts for rule in conflict.rules}
    assert named & {"throughput.desk.2024-01..2024-02", "throughput.desk.2024-03"}


GRANT = """
name: Grant
start: 2024-01
months: 6
fee_policies: [{id: s, rate: 10, term: 3, overdue: [{after: 0, multiplier: 2}]}]
projects: [{id: P1, moved_out: 2023-01}]
households: [{id: H1, project: P1, area: 100, persons: 3, count: 4}]
cash: [{id: C, price: 500}]
funds:
  - {id: fees, opening: 100万元, uses: [fees]}
  - {id: grant, inflow: {monthly: 2万元, until: 2024-04}, uses: [cash]}
"""


@pytest.mark.parametrize(
    ("stated", "months"),
    [
        # A household takes 50,000 yuan, three months' money: 20,000, 40,000, 60,000 − 50,000, and 30,000 in April.
        ("", ["2024-03"]),
        ("valid_months: 3", ["2024-03"]),
        # No more than 40,000 yuan are ever there, or 49,900.
        ("valid_months: 2", []),
        ("carry_over: month, carry_over_limit: 3万元", ["2024-03"]),
        ("carry_over: month, carry_over_limit: 2.99万元", []),
    ],
)
@pytest.mark.parametrize("method", [{"method": "exact"}, {"method": "structured"}, {"solver": "pulp:highs"}])
def test_money_that_lapses_in_part(tmp_path: Path, stated: str, months: list[str], method: dict[str, str]) -> None:
    text = GRANT.replace("uses: [cash]", f"uses: [cash], {stated}" if stated else "uses: [cash]")
    path = tmp_path / "grant.yaml"
    path.write_text(text, "utf-8")
    scenario = load(path)
    made = plan(scenario, gap=0, **method)  # type: ignore[arg-type]
    settled = made.allocation[made.allocation["route"] != "waiting"]
    assert settled["month"].tolist() == months
    assert audit(scenario, made) == []
