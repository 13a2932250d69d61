"""Deals: money left over settles households earlier, and who loses less by waiting makes room for who loses more."""

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.undominated.idle_problems import idle_problem
from tests.seeds import seeds

from renewopt.ledger import Books, audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.optimiser.payments.paying import Paid, pay_for
from renewopt.optimiser.undominated.improving import undominated
from renewopt.problem import Decisions, Problem, Route, compile_problem
from renewopt.scenario import load
from renewopt.testing.tiny import tiny_problem

CASE = """
name: Case
start: 2024-01
months: 12
fee_policies:
  - {{id: p, rate: 20, tail: 0, term: 36}}
projects: [{{id: P, moved_out: 2023-12, obligation: 500}}]
households:
  - {{id: A, project: P, area: 50, routes: [voucher]}}
  - {{id: B, project: P, area: 50, routes: [voucher], weight: 2}}
vouchers:
  - id: v
    price: 1000
    developers: [{{developer: D}}]
    housed_after: 0
developers: [{{id: D, homes: {{on_hand: 5}}}}]
funds: [{{id: f, opening: {opening}, inflow: {{monthly: {monthly}}}}}]
objective: {objective}
"""
"""A voucher costs 50,000 yuan, and who waits 1,000 yuan a month; under the fiscal cost, 25,000 more in the end."""


def in_order(problem: Problem, decisions: Decisions) -> bool:
    return not audit_decisions(problem, decisions)


def case(
    folder: Path, months: dict[str, int], *, opening: int, monthly: int, objective: str = "transition_fees"
) -> tuple[Problem, Paid]:
    """A plan in which the households take their vouchers in these months."""
    path = folder / "case.yaml"
    stated = "{minimise: " + objective + "}"
    path.write_text(CASE.format(opening=opening, monthly=monthly, objective=stated), encoding="utf-8")
    problem = compile_problem(load(path))
    rows = [
        (offer, months[str(problem.claims.household[claim])], 1)
        for offer, claim in enumerate(problem.offers.claim.tolist())
        if problem.offers.route[offer] == Route.voucher and problem.claims.household[claim] in months
    ]
    settle = np.array(rows, dtype=np.int64).reshape(-1, 3)
    paid = pay_for(problem, settle, np.zeros((0, 2), dtype=np.int64), goal=problem.objective.name)
    assert paid is not None
    return problem, paid


def improved(problem: Problem, paid: Paid) -> tuple[dict[str, int], Books]:
    """Months in which households settle in the improved plan, and its books."""
    better = undominated(
        problem, paid, goal=problem.objective.name, check=lambda decisions: in_order(problem, decisions)
    )
    settle = better.decisions.settle
    names = problem.claims.household[problem.offers.claim[settle[:, 0]]]
    return dict(zip(names.tolist(), settle[:, 1].tolist(), strict=True)), replay(problem, better.decisions)


def test_who_loses_more_by_waiting_takes_the_place_of_who_loses_less(tmp_path: Path) -> None:
    # 27,000 yuan a month, less the fees: the first voucher can be paid in the second month, the other two months later.
    problem, paid = case(tmp_path, {"A": 1, "B": 3}, opening=0, monthly=27_000)
    assert improved(problem, paid)[0] == {"A": 3, "B": 1}


def test_places_stay_where_nobody_would_save_by_an_exchange(tmp_path: Path) -> None:
    problem, paid = case(tmp_path, {"A": 3, "B": 1}, opening=0, monthly=27_000)
    assert undominated(problem, paid, goal=problem.objective.name) is paid


def test_money_left_over_settles_households_as_early_as_it_is_there(tmp_path: Path) -> None:
    problem, paid = case(tmp_path, {"A": 9, "B": 0}, opening=60_000, monthly=14_000)
    # After B's voucher 24,000 yuan are left in the first month, and 13,000 more come in each month that A waits.
    assert improved(problem, paid)[0] == {"A": 2, "B": 0}


@pytest.mark.parametrize(("opening", "month"), [(95_000, 0), (94_999, 1)])
def test_a_yuan_that_is_missing_is_missing(tmp_path: Path, opening: int, month: int) -> None:
    problem, paid = case(tmp_path, {"A": 9, "B": 0}, opening=opening, monthly=5_000)
    assert improved(problem, paid)[0] == {"A": month, "B": 0}


def test_who_waits_to_the_end_is_settled_with_what_is_left_over(tmp_path: Path) -> None:
    problem, paid = case(tmp_path, {"B": 0}, opening=100_000, monthly=5_000)
    months, books = improved(problem, paid)
    assert months == {"A": 0, "B": 0}
    assert float(books.totals.transition_fees) == 0.0


def test_under_the_fiscal_cost_nobody_is_settled_who_costs_more_than_waiting(tmp_path: Path) -> None:
    problem, paid = case(tmp_path, {"B": 0}, opening=200_000, monthly=5_000, objective="fiscal_cost")
    assert improved(problem, paid)[0] == {"B": 0}


def test_under_the_fiscal_cost_fees_that_end_earlier_are_saved(tmp_path: Path) -> None:
    problem, paid = case(tmp_path, {"A": 9, "B": 0}, opening=200_000, monthly=5_000, objective="fiscal_cost")
    before = replay(problem, paid.decisions)
    months, books = improved(problem, paid)
    assert months == {"A": 0, "B": 0}
    assert books.objective() < before.objective()


def late_plan(seed: int, problem: Problem) -> Paid | None:
    """The best plan with some of its choices left out or put off as far as they may be."""
    solution = optimise(problem, gap=0.0, check=lambda decisions: in_order(problem, decisions))
    if solution.decisions is None:
        return None
    random = np.random.default_rng(seed)
    settle = solution.decisions.settle[random.random(len(solution.decisions.settle)) < 0.7].copy()
    last = problem.offers.last[settle[:, 0]]
    deadline = problem.claims.deadline[problem.offers.claim[settle[:, 0]]]
    latest = np.where(deadline < 0, last, np.minimum(last, deadline - problem.offers.housed_after[settle[:, 0]]))
    later = random.integers(settle[:, 1], np.maximum(latest, settle[:, 1]), endpoint=True)
    settle[:, 1] = np.where(random.random(len(settle)) < 0.5, later, settle[:, 1])
    keys, row = np.unique(settle[:, :2], axis=0, return_inverse=True)
    households = np.bincount(row.reshape(-1), weights=settle[:, 2], minlength=len(keys)).astype(np.int64)
    return pay_for(
        problem,
        np.column_stack([keys, households]),
        solution.decisions.complete,
        goal=problem.objective.name,
        check=lambda decisions: in_order(problem, decisions),
    )


def gained(seed: int) -> float | None:
    """Fen that the late plan of a random problem is improved by; all rules kept, no tier worse. None: no such plan."""
    problem = (idle_problem if seed % 2 else tiny_problem)(seed)
    late = late_plan(seed, problem)
    if late is None:
        return None
    better = undominated(
        problem, late, goal=problem.objective.name, check=lambda decisions: in_order(problem, decisions)
    )
    before, after = replay(problem, late.decisions), replay(problem, better.decisions)
    assert in_order(problem, better.decisions)
    assert after.objective() <= before.objective() + 1e-6  # of a fen
    assert after.people.unsettled.sum() <= before.people.unsettled.sum()
    return before.objective() - after.objective()


@pytest.mark.parametrize("seed", seeds(range(full_count(60, 500)), fast=12))
def test_a_late_plan_is_never_made_dearer_and_breaks_no_rule(seed: int) -> None:
    gained(seed)


def test_late_plans_gain_something() -> None:
    """So that the test above looks at something."""
    gains = [gained(seed) for seed in range(12)]
    assert sum(gain is not None and gain > 0 for gain in gains) >= 3
