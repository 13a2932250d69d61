"""Starts written in: the scenario that a planner would have stated had they known the dates, to the fen."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from random import Random
from typing import Any

import numpy as np
import pytest
from tests.conftest import full_count
from tests.scheduling.scenarios import programme

from renewopt import audit, plan
from renewopt.errors import ScenarioError
from renewopt.problem import Problem, compile_problem
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme, dated, programme_delay
from renewopt.units import Month

START = Month.parse("2024-01")


def month(number: int) -> str:
    return str(START + number)


def drawn(number: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, int]]:
    """A random programme with windows of one month, the same with dates written in, and the starts.

    The dates are reckoned here, from the text of the rules alone.
    """
    random = Random(number)
    months = random.choice([4, 5, 6])
    term = random.choice([0, 1, 2, 4])
    starts = {name: random.randrange(months) for name in ("New", "Far", "Lane", "Pipe")}
    clearing = {"New": random.choice([0, 1, 2]), "Far": random.choice([0, 3])}
    moves = {f"H{k}": random.choice([0, 0, 1, 2, 5]) for k in range(4)}
    owner = {name: random.choice(["New", "Far"]) for name in moves}
    counts = {name: random.choice([1, 1, 2, 3]) for name in moves}
    areas = {name: random.choice([40, 55.5, 60, 80]) for name in moves}
    old = {"id": "Old", "moved_out": random.choice(["2023-06", "2024-02"])}
    switch = random.random() < 0.2
    needs_land = random.sample(["New", "Far"], random.choice([0, 1, 2]))
    build = random.choice([0, 1, 2])
    limit = random.choice([None, 150_000])
    stages = {name: [(random.randrange(4), random.choice([3_000, 7_000.55])) for _ in range(2)] for name in starts}
    stage_use = {name: random.choice(["commitments", "cash", "construction"]) for name in starts}
    revenue = {name: random.choice([0, 90_000, 250_000]) for name in ("New", "Far")}
    into = {name: random.choice(["budget", "bond"]) for name in ("New", "Far")}
    later = {name: random.choice([0, 1, 3]) for name in ("New", "Far")}

    def shared(
        projects: list[dict[str, Any]], households: list[dict[str, Any]], phase: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "name": "Drawn",
            "start": "2024-01",
            "months": months,
            "fee_policies": [
                {"id": "standard", "rate": 10, "term": term, "overdue": [{"after": 0, "multiplier": 2}], "tail": 1}
            ],
            "projects": [old, *projects],
            "households": [{"id": "O1", "project": "Old", "area": 70}, *households],
            "estates": [
                {"id": "Garden", "projects": ["New"], "units": [{"type": "flat", "on_hand": 1}], "phases": [phase]},
            ],
            "vouchers": [{"id": "voucher", "price": 3000}],
        }

    funds = [
        {
            "id": "budget",
            "opening": random.choice([100_000, 400_000]),
            "inflow": {"monthly": random.choice([60_000, 150_000])},
        },
        {
            "id": "bond",
            "opening": 200_000,
            "uses": ["construction", "commitments", "cash"],
            "kinds": ["street", "town"],
        },
    ]
    objective = {
        "after_horizon_months": random.choice([0, 3, 12]),
        "minimise": random.choice(["transition_fees", "fiscal_cost"]),
    }
    phase = {"id": "G1", "cost": 240_000, "delivers": {"flat": 3}, "handover_lag": random.choice([0, 1])}
    if limit is not None:
        phase["monthly_limit"] = limit
    obligation = {"obligation": 3500}
    old |= obligation

    stated = shared(
        [
            {
                "id": name,
                "kind": "town",
                "start": {"from": month(starts[name]), "to": month(starts[name]), "must": True},
                "clearing": clearing[name],
                "stages": [{"after": after, "amount": yuan, "use": stage_use[name]} for after, yuan in stages[name]],
                "land": {"revenue": revenue[name], "after": later[name], "into": into[name]} if revenue[name] else None,
                "delay_cost": 100,
                **obligation,
            }
            for name in ("New", "Far")
        ],
        [
            {"id": name, "project": owner[name], "area": areas[name], "count": counts[name], "moves_after": moves[name]}
            for name in moves
        ],
        {**phase, "land": needs_land, "build_months": build},
    ) | {
        "funds": funds,
        "objective": {**objective, "start_only_if_housed": switch},
        "works": [
            {
                "id": name,
                "kind": kind,
                "start": {"from": month(starts[name]), "to": month(starts[name]), "must": True},
                "duration": 2,
                "uses": [stage_use[name]],
                "stages": [{"after": after, "amount": yuan} for after, yuan in stages[name]],
                "delay_cost": 70,
            }
            for name, kind in (("Lane", "street"), ("Pipe", "water"))
        ],
    }
    # --- the same, with dates
    cleared = {
        name: starts[name] + max([moves[h] for h in moves if owner[h] == name], default=0) + clearing[name]
        for name in ("New", "Far")
    }
    ready = max((cleared[name] for name in needs_land), default=0)
    plain_phase = dict(phase)
    if needs_land or build:
        plain_phase["earliest"] = month(ready + build)
    if ready > 0:
        spans = {f"..{month(ready - 1)}": 0}
        if limit is not None:
            spans[f"{month(ready)}.."] = limit
        plain_phase["monthly_limit"] = spans

    def by_month(amounts: list[tuple[int, float]]) -> dict[str, float]:
        result: dict[str, float] = {}
        for after, yuan in amounts:
            result[month(after)] = round(result.get(month(after), 0) + yuan, 2)
        return result

    plain = shared(
        [
            {
                "id": name,
                "kind": "town",
                "choices_from": month(starts[name]),
                "own_clock": True,
                "no_overdue": switch,
                **obligation,
            }
            for name in ("New", "Far")
        ],
        [
            {
                "id": name,
                "project": owner[name],
                "area": areas[name],
                "count": counts[name],
                "moved_out": month(starts[owner[name]] + moves[name]),
            }
            for name in moves
        ],
        plain_phase,
    ) | {
        "funds": [
            {
                **fund,
                "inflow": [
                    fund.get("inflow", {"monthly": 0}),
                    *(
                        {"by_month": {month(cleared[name] + later[name]): revenue[name]}}
                        for name in ("New", "Far")
                        if revenue[name] and into[name] == fund["id"]
                    ),
                ],
            }
            for fund in funds
        ],
        "objective": objective,
        "commitments": [
            {
                "id": name,
                "uses": [stage_use[name]],
                "kind": {"Lane": "street", "Pipe": "water"}.get(name, "town"),
                "counts": True,
                "by_month": by_month([(starts[name] + after, yuan) for after, yuan in stages[name]]),
                **({"project": name} if name in ("New", "Far") else {}),
            }
            for name in ("New", "Far", "Lane", "Pipe")
        ],
    }
    return stated, plain, starts


def same(ours: Any, theirs: Any, place: str = "problem") -> None:
    if is_dataclass(ours):
        for field in fields(ours):
            same(getattr(ours, field.name), getattr(theirs, field.name), f"{place}.{field.name}")
    elif isinstance(ours, np.ndarray):
        assert ours.shape == theirs.shape, place
        assert ours.tolist() == theirs.tolist(), place
    elif isinstance(ours, dict):
        assert list(ours) == list(theirs), place
        for name in ours:
            same(ours[name], theirs[name], f"{place}.{name}")
    elif isinstance(ours, tuple):
        assert len(ours) == len(theirs), place
        for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            same(mine, other, f"{place}.{number}")
    else:
        assert ours == theirs, place


def compiled(number: int) -> tuple[Scenario, Scenario, dict[str, int], Problem]:
    stated, plain, starts = drawn(number)
    ours = Scenario.from_tables(**stated)
    theirs = Scenario.from_tables(**plain)
    return ours, theirs, starts, compile_problem(dated(ours, starts))


@pytest.mark.parametrize("number", range(full_count(60, 2000)))
def test_windows_of_one_month_are_the_dates_written_in(number: int) -> None:
    _, theirs, _, problem = compiled(number)
    same(problem, compile_problem(theirs))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(full_count(50, 300)))
def test_their_plans_agree_to_the_fen(number: int) -> None:
    ours, theirs, starts, _ = compiled(number)
    found, plain = plan(ours, gap=0.0), plan(theirs, gap=0.0)
    assert found.status == plain.status
    assert found.programme_delay == programme_delay(compile_programme(ours), starts) / 100
    if found.objective is None or plain.objective is None:
        return
    assert found.fiscal_cost is not None
    assert found.programme_delay is not None
    assert plain.fiscal_cost is not None
    each, vector = compile_programme(ours).activities, compile_programme(ours).vector(starts)
    land = sum(fen for fen, start in zip(each.revenue.tolist(), vector.tolist(), strict=True) if start >= 0) / 100
    beside = found.programme_delay - (land if found.objective_name == "fiscal_cost" else 0.0)
    assert round((found.objective - beside - plain.objective) * 100) == 0
    assert found.transition_fees == plain.transition_fees
    assert round((found.fiscal_cost + land - plain.fiscal_cost) * 100) == 0
    total = found.account.groupby("total")["amount"].sum().get("fiscal_cost", 0.0)
    assert round((total - found.fiscal_cost) * 100) == 0
    assert audit(ours, found) == []


def test_dates_by_hand() -> None:
    scenario = programme()
    written = dated(scenario, {"New": 2, "Lane": 7})
    rows = written.households[["id", "count", "moved_out"]].to_dict("records")
    assert [
        (row["id"], row["count"], str(Month(row["moved_out"])) if row["moved_out"] >= 0 else "") for row in rows
    ] == [
        ("O1", 1, ""),
        ("N1", 1, "2024-04"),  # start 2024-03 and a month
        ("N2@0", 3, "2024-03"),  # half of five, rounded half-up
        ("N2@2", 2, "2024-05"),
    ]
    # The last moves in 2024-05, a month of clearing: 2024-06. Revenue two months later.
    assert [str(m) for m in written.funds[0].inflow[1].by_month] == ["2024-08"]  # type: ignore[index, union-attr]
    phase = written.estates[0].phases[0]
    assert str(phase.earliest) == "2024-08"
    assert isinstance(phase.monthly_limit, dict)
    assert {str(span): float(limit) for span, limit in phase.monthly_limit.items()} == {"..2024-05": 0}
    stages = {c.id: {str(m): float(yuan) for m, yuan in c.by_month.items()} for c in written.commitments}
    assert stages == {
        "New/cash": {"2024-03": 100_000},
        "New/commitments": {"2024-06": 50_000},
        "Lane": {"2024-08": 150_000, "2024-11": 150_000},
    }
    assert written.works == []
    assert written.projects[1].start is None


def test_what_is_not_started_is_left_out() -> None:
    written = dated(programme(), {})
    assert written.households["id"].tolist() == ["O1"]
    assert written.commitments == []
    assert written.estates[0].phases == []
    assert written.funds[0].inflow == programme().funds[0].inflow


def test_a_scenario_without_a_programme_is_as_it_is() -> None:
    plain = dated(programme(), {})
    assert dated(plain, {}) is plain


def test_undated_scenarios_are_refused_by_name() -> None:
    with pytest.raises(ScenarioError, match=r"projects\.New\.start.*its dates are not written in yet"):
        compile_problem(programme())


def test_who_moves_out_late_is_counted_from_their_own_clock() -> None:
    """Started in the last month of 12, moved out a month later, term 4, two months counted after it: 4 × 1 + 2 × 2."""
    changes = {"projects__1__start": {"from": "2024-12", "to": "2024-12", "must": True}, "months": 12}
    scenario = programme(
        **changes,
        households=[{"id": "N1", "project": "New", "area": 100, "moves_after": 1}],
        objective={"after_horizon_months": 2},
        estates=[],
    )
    problem = compile_problem(dated(scenario, {"New": 11}))
    fees, overdue = problem.fees.valued(slice(None), problem.calendar)
    assert fees.sum(axis=1).tolist() == [4 * 100_000 + 2 * 200_000]
    assert overdue.sum(axis=1).tolist() == [2 * 200_000]
