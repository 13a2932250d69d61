"""What a month of waiting counts as: by brute force, by both paths and PuLP, in the ledger, by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.seeds import seeds

import renewopt
from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.problem import Problem
from renewopt.testing.brute import brute_force
from renewopt.testing.tiny import tiny_problem
from renewopt.vocabulary import Goal

COSTS = (50.5, 500.0, 5_000.0, 20_000.0)
"""Yuan a month: below the fees and far above them."""


def waiting_problem(seed: int) -> Problem:
    problem = tiny_problem(seed)
    cost = float(np.random.default_rng(seed).choice(COSTS))
    tiers = tuple(tier for tier in problem.objective.tiers if tier.goal != Goal.FISCAL)
    return replace(problem, objective=replace(problem.objective, waiting_cost=cost, tiers=tiers))


@pytest.mark.parametrize("seed", seeds(range(full_count(40, 100)), fast=8))
def test_all_ways_come_to_the_optimum(seed: int) -> None:
    problem = waiting_problem(seed)
    best = brute_force(problem)
    for way in ({"method": "exact"}, {"method": "structured"}, {"solver": "pulp:HiGHS"}):
        found = optimise(problem, gap=0.0, check=lambda decisions: not audit_decisions(problem, decisions), **way)
        assert (found.decisions is None) == (best is None), way
        if best is None or found.decisions is None:
            continue
        assert found.objective == pytest.approx(best.objective, abs=1.0, rel=1e-9), way
        assert found.bound is not None
        assert found.bound <= best.objective + 1.0
        assert float(replay(problem, found.decisions).objective()) / 100 == pytest.approx(found.objective, abs=1.0), way


def test_it_leaves_fees_alone_and_is_counted_by_itself() -> None:
    for problem in map(waiting_problem, range(20)):
        free = replace(problem, objective=replace(problem.objective, waiting_cost=0.0))
        settle = np.array([[0, int(problem.offers.first[0]), 1]])
        books, before = (replay(p, replace(p.past, settle=settle)) for p in (problem, free))
        assert books.totals.transition_fees == before.totals.transition_fees
        assert books.totals.fiscal_cost == before.totals.fiscal_cost
        assert books.totals.tiers == before.totals.tiers
        assert before.totals.waiting_cost == 0
        for name in (Goal.FEES, Goal.FISCAL):
            more = float(books.objective(name)) - float(before.objective(name))
            assert more == pytest.approx(float(books.totals.waiting_cost), abs=1e-3)


CASE = """
name: Waiting
start: 2024-01
months: 6
fee_policies:
  - {id: p, rate: 10, term: 36}
projects: [{id: P, moved_out: 2023-12}, {id: Q, moved_out: 2024-03, weight: 3}]
households:
  - {id: A, project: P, count: 2, area: 50, turnover: true}
  - {id: B, project: Q, area: 50, turnover: true}
estates:
  - id: E
    projects: [P, Q]
    units: [{type: s, arrivals: {2024-05: 2}}]
funds: [{id: f, opening: 100万元}]
objective: {waiting_cost: 200, after_horizon_months: 2}
"""
"""Two homes come in month 4. B, who counts three times, waits for months 2 and 3; one of A does for 0 to 3, the other
to the end and two months more."""


@pytest.mark.parametrize("objective", ["transition_fees", "fiscal_cost"])
def test_a_case_by_hand(tmp_path: Path, objective: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        CASE.replace("weight: 3}", "weight: 3, obligation: 0}").replace("2023-12}", "2023-12, obligation: 0}")
    )
    plan = renewopt.plan(path, gap=0.0, objective=objective)
    assert plan.status == "optimal"
    assert plan.waiting_cost == plan.objective == 200 * (3 * 2 + 4 + 8)
    assert plan.transition_fees == plan.fiscal_cost == 0.0
    assert plan.settled == 2
    assert "3,600" in plan.summary()
    assert "等待计价（计入目标，不计入过渡费）：3600元" in plan.summary("zh")
    folder = plan.write(tmp_path / "out", report=False)
    assert renewopt.read_plan(folder).waiting_cost == 3_600
    assert renewopt.audit(path, plan) == []


def test_a_rule_of_thumb_takes_it_into_account(tmp_path: Path) -> None:
    """Without it those come first who moved out first, both of A; with it B, who counts three times."""
    path = tmp_path / "case.yaml"
    for cost, expected in (("0", {"A": 2}), ("200", {"A": 1, "B": 1})):
        path.write_text(CASE.replace("waiting_cost: 200", f"waiting_cost: {cost}"))
        rows = renewopt.plan(path, policy="costliest-first").allocation
        housed = rows[rows["route"] == "own_unit"]
        assert dict(zip(housed["household"], housed["count"].tolist(), strict=True)) == expected


@pytest.mark.parametrize(("homes", "months"), [(2, 1), (1, 5)])
@pytest.mark.parametrize("policy", ["optimal", "costliest-first"])
def test_only_who_is_there_waits(tmp_path: Path, homes: int, months: int, policy: str) -> None:
    """A waits for months 0 to 2, in which there is an A; C from then on, till it is housed in month 4 or to the end."""
    path = tmp_path / "case.yaml"
    text = CASE.replace("count: 2, area: 50, turnover: true", "area: 50, turnover: true, ends: 2024-04")
    text = text.replace("estates:", "  - {id: C, project: P, area: 50, turnover: true, split_from: A}\nestates:")
    path.write_text(text.replace("2024-05: 2", f"2024-05: {homes}"))
    plan = renewopt.plan(path, policy=policy) if policy != "optimal" else renewopt.plan(path, gap=0.0)
    assert plan.waiting_cost == plan.objective == 200 * (3 * 2 + 3 + months)
    assert renewopt.audit(path, plan) == []
