"""Figures that offices answer for, end to end: tails, the convention of savings, deadlines, the years of a summary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import renewopt
from renewopt import Plan, Scenario
from renewopt.problem import compile_problem
from renewopt.results.work_summary.blocks import Table
from renewopt.results.work_summary.figures import figures_of, years_of
from renewopt.results.work_summary.telling import tell_work
from renewopt.testing.brute import brute_force

FLAT = {"id": "E", "projects": ["P"], "units": [{"type": "flat", "on_hand": 1}]}
CASH = {"id": "C", "price": 100}


def scenario(**stated: Any) -> Scenario:
    """One household of 100 m², 1,000 yuan a month, in P, which moved out in 2023-01; twelve months from 2024-01."""
    rest: dict[str, Any] = {
        "name": "figures",
        "start": "2024-01",
        "months": 12,
        "fee_policies": [{"id": "f", "rate": 10, "term": 24}],
        "projects": [{"id": "P", "moved_out": "2023-01"}],
        "households": [{"id": "A", "project": "P", "area": 100}],
        "funds": [{"id": "F", "opening": 1_000_000}],
    }
    return Scenario.from_tables(**rest | stated)


def best(stated: Scenario) -> Plan:
    """The proven optimum, which the exhaustive search finds as well."""
    plan = renewopt.plan(stated, gap=0)
    found = brute_force(compile_problem(stated))
    assert found is not None
    assert plan.objective == pytest.approx(found.objective, abs=0.005)
    assert renewopt.audit(stated, plan) == []
    return plan


def fees(plan: Plan) -> tuple[float, float]:
    """Ordinary and overdue fees in the books."""
    return float(plan.fees["ordinary"].sum()), float(plan.fees["overdue"].sum())


# --- tails --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "programme", "expected"),
    [
        ({"tail_multiplier": 1}, {}, (6000, 0)),
        ({"tail_multiplier": 0.5}, {}, (3000, 0)),
        ({"tail_multiplier": 1.5}, {}, (0, 9000)),
        ({"tail_multiplier": "in_force"}, {}, (0, 12000)),
        ({"tail_multiplier": "in_force"}, {"tail_multiplier": 1}, (6000, 0)),
        ({"tail_multiplier": 1}, {"tail": 2, "tail_multiplier": "in_force"}, (0, 4000)),
    ],
)
def test_a_tail_at_the_ordinary_rate_is_not_overdue(
    policy: dict[str, Any], programme: dict[str, Any], expected: tuple[float, float]
) -> None:
    plan = best(
        scenario(
            months=2,
            fee_policies=[{"id": "f", "rate": 10, "term": 24, "tail": 6, "overdue": [{"multiplier": 2}], **policy}],
            projects=[{"id": "P", "moved_out": "2021-01"}],
            # 24,000 yuan and more would be valued after the horizon: A is housed at once.
            cash=[{**CASH, **programme}],
        )
    )
    assert fees(plan) == expected


@pytest.mark.parametrize("multiplier", [1, 1.5, "in_force"])
@pytest.mark.parametrize(
    ("household", "project", "more"),
    [
        ({"turnover": True}, {}, {}),
        ({"turnover": True}, {}, {"estates": [FLAT], "cash": []}),
        ({"deadline": "2024-01"}, {"moved_out": "2024-05"}, {}),
        ({"deadline": "2024-01"}, {"moved_out": "2024-02"}, {}),
        ({"moved_out": "2024-03", "deadline": "2024-02"}, {}, {}),
        # A curve, or a rate, that begins later is no fee that runs either.
        ({"deadline": "2024-01"}, {}, {"fee_curves": [{"household": "A", "from": "2024-02", "fee": 1000}]}),
    ],
)
def test_who_has_no_fee_when_housed_gets_no_tail(
    household: dict[str, Any], project: dict[str, Any], more: dict[str, Any], multiplier: object
) -> None:
    policy = {"id": "f", "rate": 10, "term": 24, "tail": 3, "tail_multiplier": multiplier}
    stated = scenario(
        months=3,
        fee_policies=[{**policy, "overdue": [{"multiplier": 2}]}],
        projects=[{"id": "P", "moved_out": "2023-01", **project}],
        households=[{"id": "A", "project": "P", "area": 100, **household}],
        **{"cash": [CASH], **more},
    )
    assert fees(best(stated)) == (0, 0)


def test_a_turnover_household_whose_fee_runs_has_a_tail() -> None:
    policy = {"id": "f", "rate": 10, "term": 12, "tail": 2, "overdue": [{"multiplier": 2}]}
    household = {"id": "A", "project": "P", "area": 100, "turnover": True}
    stated = scenario(months=2, fee_policies=[policy], households=[household], cash=[CASH])
    assert fees(best(stated)) == (0, 2000)  # ×1 in turnover housing once overdue, in force when housed


# --- the office's convention ----------------------------------------------------------------------------------------

COMING = {"id": "E", "projects": ["P"], "units": [{"type": "flat"}], "phases": [
    {"id": "E-1", "cost": 100_000, "earliest": "2024-07", "delivers": {"flat": 3}}]}  # fmt: skip
THREE = [
    {"id": "A", "project": "P", "area": 100},
    {"id": "B", "project": "P", "area": 100, "routes": ["cash"]},
    {"id": "C", "project": "P", "area": 100, "routes": ["voucher", "cash"]},
]


@pytest.mark.parametrize(
    ("households", "estates", "saved"),
    [
        (THREE, [COMING], 3 * 6 * 1000),
        (THREE[1:], [COMING], 2 * 6 * 1000),
        # The own estate stands finished, and has room for one only.
        (THREE[1:], [FLAT], 0),
        # One of two own estates stands finished, the other is to come.
        (THREE[1:], [FLAT, {**COMING, "id": "G"}], 2 * 6 * 1000),
        # No own estate: those of others do not count.
        (THREE[1:], [], 2 * 36 * 1000),
        (THREE[1:], [{**COMING, "projects": ["Q"]}], 2 * 36 * 1000),
        # A phase to come for which no month is stated, and one that is built and paid for.
        (THREE[1:], [{**COMING, "phases": [{"id": "E-1", "cost": 1e5, "delivers": {"flat": 3}}]}], 2 * 36 * 1000),
        (THREE[1:], [{**COMING, "phases": [{"id": "E-1", "cost": 1e5, "progress": 1, "delivers": {"flat": 3}}]}], 0),
        (THREE[1:], [{**FLAT, "units": [{"type": "flat", "on_hand": 1, "arrivals": {"2024-03": 1}}]}], 2 * 2 * 1000),
    ],
)
def test_the_convention_takes_the_project_s_own_estate(
    households: list[dict[str, Any]], estates: list[dict[str, Any]], saved: float
) -> None:
    plan = renewopt.plan(
        scenario(
            projects=[{"id": "P", "moved_out": "2023-01"}, {"id": "Q", "moved_out": "2023-01"}],
            households=[*households, {"id": "Z", "project": "Q", "area": 100, "routes": ["own_unit"]}],
            estates=estates,
            cash=[CASH],
        ),
        gap=0,
    )
    assert plan.savings is not None
    assert (plan.allocation["route"] == "cash").sum() == len(households)
    assert plan.savings.office_convention == saved


def test_the_saving_says_what_is_only_valued() -> None:
    plan = best(scenario(cash=[CASH], objective={"after_horizon_months": 5}))
    assert plan.savings is not None
    assert (plan.savings.waiting_fees, plan.savings.waiting_valued) == (17_000, 5_000)
    assert (plan.savings.against_waiting, plan.savings.saved_valued) == (17_000, 5_000)


# --- deadlines ------------------------------------------------------------------------------------------------------


def test_a_household_s_own_deadline_counts() -> None:
    stated = scenario(
        months=4,
        projects=[{"id": "P", "moved_out": "2023-01", "deadline": "2024-02"}],
        households=[{"id": "A", "project": "P", "area": 100, "deadline": "2024-09"}],
        cash=[{**CASH, "start": "2024-03"}],
    )
    assert best(stated).all_settled_month == "2024-03"


# --- years ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("months", [14, 24, 30])
@pytest.mark.parametrize("arrives", ["2025-01", "2025-11", "2026-06"])
def test_what_a_finished_project_still_saves_stands_in_its_row(months: int, arrives: str) -> None:
    """A and the others of P are housed at once; had they waited for their estate, they would cost fees until then."""
    plan = renewopt.plan(
        scenario(
            months=months,
            projects=[{"id": "P", "moved_out": "2023-01"}, {"id": "Q", "moved_out": "2023-01"}],
            households=[
                {"id": "A", "project": "P", "area": 100},
                {"id": "B", "project": "Q", "area": 50, "routes": ["own_unit"]},
            ],
            estates=[
                {"id": name, "projects": [name], "units": [{"type": "flat", "arrivals": {arrives: 1}}]} for name in "PQ"
            ],
            cash=[CASH],
        ),
        gap=0,
    )
    assert figures_of(plan, *years_of(plan)[0]).saved == 12_000
    *projects, years = [block for block in tell_work(plan, "en") if isinstance(block, Table)]
    for table in projects:
        grid = np.array([[float(cell.replace(",", "")) for cell in row[1:]] for row in table.rows])
        assert grid[:-1].sum(axis=0).tolist() == grid[-1].tolist()
    saved = [float(row[-1].replace(",", "")) for row in years.rows]
    assert sum(saved[:-1]) == saved[-1]
    assert saved[1] == min(10 if arrives == "2025-11" else 0 if arrives == "2025-01" else 12, months - 12) * 1000
