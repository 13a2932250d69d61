"""Signed contracts: every plan keeps them, by either path; those that contradict each other are refused together."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML
from tests.conftest import REPOSITORY, full_count
from tests.whole.writing import stated

import renewopt
from renewopt.errors import ScenarioError
from renewopt.ledger import audit_decisions
from renewopt.problem import Pins, Route, compile_problem
from renewopt.problem.decisions import Decisions
from renewopt.units import Month

MINIMAL = REPOSITORY / "scenarios" / "minimal.yaml"
SEEDS = full_count(12, 600)
Pin = Mapping[str, Any]


@cache
def minimal() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(MINIMAL)
    return found


def with_pins(*pins: Pin) -> renewopt.Scenario:
    return renewopt.Scenario.from_tables(**minimal(), **({"pins": list(pins)} if pins else {}))


def told(*pins: Pin) -> str:
    """All that is wrong with contracts of the smallest scenario."""
    with pytest.raises(ScenarioError) as refused:
        compile_problem(with_pins(*pins))
    return str(refused.value)


@pytest.mark.parametrize("method", ["exact", "structured"])
def test_who_has_signed_gets_what_was_signed_when_it_was_signed(method: str) -> None:
    """The voucher for N1 costs more and comes later than the one for N2, which the best plan gives: 18,700 yuan."""
    scenario = with_pins({"household": "N1", "route": "voucher"}, {"phase": "Meadow-1", "month": "2024-07"})
    plan = renewopt.plan(scenario, gap=0, method=method)
    assert plan.status == "optimal"
    assert renewopt.audit(scenario, plan) == []
    rows = plan.allocation.set_index("household")
    assert rows.loc["N1", "route"] == "voucher"
    assert rows.loc["S1", "month"] == "2024-07"
    # N1: 3 x 2,000 until 2024-04; N2 6 x 1,600; S1 3 x 900 + 3 x 1,800; S2 3 x 600 + 3 x 1,200.
    assert plan.transition_fees == 6_000 + 9_600 + 8_100 + 5_400


def test_a_pool_may_be_named_by_its_estate_alone() -> None:
    plan = renewopt.plan(with_pins({"household": "N1", "pool": "Meadow"}), gap=0)
    assert plan.allocation.set_index("household").loc["N1", "pool"] == "Meadow/flat"


def test_not_before_forces_nobody() -> None:
    scenario = with_pins({"household": "N3", "not_before": "2024-08"})
    problem = compile_problem(scenario)
    mine = problem.offers.claim == problem.claims.household.tolist().index("N3")
    assert set(problem.offers.first[mine].tolist()) == {7}
    assert problem.claims.deadline.max() == -1
    assert not problem.pins.must.any()


def test_all_that_contradicts_is_told_at_once_with_its_place() -> None:
    text = told(
        {"household": "N1", "route": "voucher", "month": "2024-03"},
        {"household": "N1", "route": "transfer"},
        {"household": "N1", "month": "2024-05"},
        {"phase": "Meadow-2", "month": "2024-05"},
        {"household": "S1", "not_before": "2024-05", "not_after": "2024-03"},
        {"household": "S2"},
        {"household": "S2", "phase": "Meadow-1", "month": "2024-05"},
        {"household": "S2", "pool": "Medow/flat"},
        {"household": "S2", "month": "2025-05"},
    )
    for expected in (
        "N1 is pinned to transfer, on line 1 to voucher",
        "N1 has no month left that line 1 leaves it, too",
        "unknown phase 'Meadow-2'; did you mean",
        "not before 2024-05, and not after 2024-03",
        "nothing is pinned",
        "a contract is of a household or of a phase",
        "there is no 'Medow/flat'; did you mean",
        "2025-05 lies outside of the months planned, 2024-01 to 2024-08",
    ):
        assert expected in text, text


def test_what_no_plan_can_keep_is_told_at_once() -> None:
    text = told(
        {"household": "S1", "pool": "Garden/flat"},
        {"household": "N1", "route": "own_unit", "month": "2024-02"},
        {"phase": "Meadow-1", "not_after": "2024-01"},
    )
    assert "S1 has signed for Garden/flat" in text
    assert "phase Meadow-1 can be handed over in 2024-02 at the earliest, its contract says by 2024-01" in text
    assert "2 problems" in text
    homes = told({"household": "N1", "pool": "Garden/flat"}, {"household": "N2", "pool": "Garden/flat"})
    assert "contracts take 2 of Garden/flat by 2024-08, and there are 1 at the most: N1, N2" in homes


def test_a_table_of_contracts_may_lie_beside_the_scenario_and_a_variant_may_replace_it(tmp_path: Path) -> None:
    (tmp_path / "合同.csv").write_text("户号,安置方式,不早于\nN1,购房凭证,2024-05\n", encoding="utf-8")
    text = MINIMAL.read_text(encoding="utf-8")
    variants = "variants:\n  free:\n    pins: !remove\n"
    (tmp_path / "scenario.yaml").write_text(f"{text}\npins: {{file: 合同.csv}}\n{variants}", encoding="utf-8")
    plan = renewopt.plan(tmp_path / "scenario.yaml", gap=0)
    row = plan.allocation.set_index("household").loc["N1"]
    assert (row["route"], row["month"] >= "2024-05") == ("voucher", True)
    assert renewopt.plan(tmp_path / "scenario.yaml", variant="free", gap=0).objective == 18_700


def test_the_ledger_reads_contracts_for_itself() -> None:
    """A plan that was made without them is told what it breaks of them."""
    problem = compile_problem(with_pins())
    plan = renewopt.plan(with_pins(), gap=0)
    assert plan.decisions is not None
    claim = problem.claims.household.tolist().index("N2")
    pins = Pins(
        np.array([claim, claim]),
        np.array([int(Route.transfer), -1]),
        np.array(["", "voucher"], dtype=object),
        np.array([0, 3]),
        np.array([7, 7]),
        np.array([True, False]),
    )
    found = audit_decisions(replace(problem, pins=pins), plan.decisions)
    assert [each.code for each in found] == ["pins.offer", "pins.month"]
    assert found[0].message() == "N2 takes voucher voucher in 2024-03; it has signed for transfer"
    left = audit_decisions(replace(problem, pins=pins), Decisions())
    assert [each.code for each in left if each.rule == "pins"] == ["pins.left"]
    phases = replace(problem.phases, latest=np.array([3], dtype=np.int32))
    late = audit_decisions(replace(problem, phases=phases), plan.decisions)
    assert [each.code for each in late] == ["construction.pinned"]


def random_pins(random: Random, scenario: renewopt.Scenario) -> list[dict[str, Any]]:
    """Contracts for offers that there are, in months in which they are open; now and then together impossible."""
    problem = compile_problem(scenario)
    pins = []
    for offer in random.sample(range(len(problem.offers)), k=min(2, len(problem.offers))):
        month = random.randint(problem.offers.first[offer], problem.offers.last[offer])
        pin: dict[str, Any] = {"household": problem.claims.household[problem.offers.claim[offer]]}
        if random.random() < 0.7:
            pin["route"] = Route(int(problem.offers.route[offer])).name
        key = random.choice(["month", "not_before", "not_after", ""])
        if key:
            pin[key] = str(Month(scenario.start.ordinal + month))
        if len(pin) > 1:
            pins.append(pin)
    return pins


def broken_of(pins: list[dict[str, Any]], plan: renewopt.Plan) -> list[Any]:
    """What a plan breaks of contracts, by its table of claims alone."""
    faults = []
    for pin in pins:
        for row in plan.claims[plan.claims["household"] == pin["household"]].to_dict("records"):
            settled = row["month"] != ""
            if not settled and row["route"] != "ended" and set(pin) & {"route", "month", "not_after"}:
                faults.append((pin, row))
            if settled and (
                row["route"] != pin.get("route", row["route"])
                or row["month"] != pin.get("month", row["month"])
                or not pin.get("not_before", "") <= row["month"] <= pin.get("not_after", "9999-12")
            ):
                faults.append((pin, row))
    return faults


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.slow
def test_no_plan_breaks_a_contract(seed: int) -> None:
    random = Random(f"pins {seed}")
    tree = stated(seed)[0]
    try:
        free = renewopt.Scenario.from_tables(**tree)
        pins = random_pins(random, free)
        pinned = renewopt.Scenario.from_tables(**tree, pins=pins) if pins else free
        plan = renewopt.plan(pinned, gap=0, method=random.choice(["exact", "structured"]))
    except (ScenarioError, renewopt.NoPlanInTimeError):
        return
    if plan.status != "optimal" or free.objective.tiers:
        return
    assert broken_of(pins, plan) == []
    assert renewopt.audit(pinned, plan) == []
    bound = renewopt.plan(free, gap=0).bound
    assert bound is not None
    assert plan.objective is not None
    assert plan.objective >= bound - 1.0
