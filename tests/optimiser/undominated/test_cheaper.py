"""Nobody costs more than a home needs that stays free: small scenarios, and random problems by brute force."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.undominated.idle_problems import idle_problem
from tests.optimiser.undominated.test_improving import in_order, planned
from tests.seeds import seeds

import renewopt
from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.optimiser.payments.paying import Paid, pay_for
from renewopt.optimiser.payments.settled import assess, whole_goal
from renewopt.optimiser.undominated.improving import undominated
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.problem.decisions import IntTable
from renewopt.units import FEN_PER_WAN, FEN_PER_YUAN
from renewopt.vocabulary import COSTLESS, Goal

CASE = """
name: Case
start: 2024-01
months: 12
fee_policies: [{id: p, rate: 10, term: 24, overdue: [{multiplier: 2}]}]
home_policies:
  - {id: q, bounds: [{minimum: 45}], above: [{yuan_per_m2: 15000}], into: f}
projects: [{id: P, moved_out: 2021-01, home_policy: q}]
households:
  - {id: LowIncome, project: P, area: 32, persons: 2}
  - {id: Big, project: P, area: 150, persons: 3, routes: [voucher]}
estates:
  - {id: E, projects: [P], units: [{type: "45", area: 45, on_hand: 1}]}
  - {id: Far, open_to: all, units: [{type: "60", area: 60, on_hand: 1}]}
vouchers: [{id: V, price: 5000}]
funds: [{id: f, opening: 60万元}]
"""


def taken(plan: renewopt.Plan, household: str = "LowIncome") -> dict[tuple[str, str], int]:
    """Households by pool and month of being housed."""
    rows = plan.allocation[plan.allocation["household"] == household]
    return {
        (pool, housed): int(count)
        for pool, housed, count in zip(rows["pool"], rows["housed"], rows["count"], strict=True)
    }


@pytest.mark.parametrize("options", [{}, {"method": "structured"}, {"solver": "pulp:HiGHS"}])
def test_no_voucher_is_paid_past_a_free_home(tmp_path: Path, options: dict[str, str]) -> None:
    plan = planned(tmp_path, CASE, **options)
    assert taken(plan) == {("E/45", "2024-01"): 1}
    assert taken(plan, "Big") == {("", ""): 1}
    assert (plan.objective, plan.bound, plan.fiscal_cost) == (72_000.0, 72_000.0, 72_000.0)
    assert renewopt.audit(tmp_path / "case.yaml", plan) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # Some of a cohort fit, and the others keep their vouchers.
        (
            (
                "area: 32, persons: 2}",
                "count: 3, area: 32, entitlement: 45}",
                "on_hand: 1}]}\n  - {id: Far",
                "on_hand: 2}]}\n  - {id: Far",
            ),
            {("E/45", "2024-01"): 2, ("V", "2024-01"): 1},
        ),
        # Kept together, they all fit, or nobody moves.
        (
            (
                "area: 32, persons: 2}",
                "count: 3, area: 32, entitlement: 45, indivisible: true}",
                "on_hand: 1}]}\n  - {id: Far",
                "on_hand: 2}]}\n  - {id: Far",
            ),
            {("V", "2024-01"): 3},
        ),
        (
            (
                "area: 32, persons: 2}",
                "count: 3, area: 32, entitlement: 45, indivisible: true}",
                "on_hand: 1}]}\n  - {id: Far",
                "on_hand: 3}]}\n  - {id: Far",
            ),
            {("E/45", "2024-01"): 3},
        ),
        # A home that the office buys, and one that is there.
        (
            (
                'units: [{type: "60", area: 60, on_hand: 1}]',
                'units: [{type: "45", area: 45, on_hand: 1, price: 5000}]',
                "area: 32, persons: 2}",
                "area: 32, persons: 2, routes: [own_unit, transfer]}",
            ),
            {("E/45", "2024-01"): 1},
        ),
        # The home comes later, or the fee goes on in its tail.
        (("area: 45, on_hand: 1", "area: 45, arrivals: {2024-02: 1}"), {("V", "2024-01"): 1}),
        (("term: 24,", "term: 24, tail: {own_unit: 3},"), {("V", "2024-01"): 1}),
        # Money instead of a home.
        (("vouchers: [{id: V, price: 5000}]", "cash: [{id: C, price: 4000}]"), {("E/45", "2024-01"): 1}),
        # One household a month: its own place in that month is enough.
        (("funds:", "throughput: [{id: t, per_month: 1}]\nfunds:"), {("E/45", "2024-01"): 1}),
    ],
)
def test_within_all_limits(tmp_path: Path, change: tuple[str, ...], expected: dict[tuple[str, str], int]) -> None:
    text = CASE
    for old, new in zip(change[::2], change[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    plan = planned(tmp_path, text)
    assert taken(plan) == expected
    assert renewopt.audit(tmp_path / "case.yaml", plan) == []


@pytest.mark.parametrize(
    "change",
    [
        ("", ""),
        ('units: [{type: "60", area: 60, on_hand: 1}]', 'units: [{type: "45", area: 45, on_hand: 1, price: 5000}]'),
        ("area: 32, persons: 2}", "area: 32, count: 3, entitlement: 45, indivisible: true}"),
        ("vouchers:", "cash: [{id: C, price: 4000}]\nvouchers:"),
    ],
)
def test_whatever_a_household_has_been_given_it_takes_the_free_home(tmp_path: Path, change: tuple[str, str]) -> None:
    assert change[0] in CASE
    text = CASE.replace(*change).replace('type: "45", area: 45, on_hand: 1}', 'type: "45", area: 45, on_hand: 3}')
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    problem = compile_problem(renewopt.load(tmp_path / "case.yaml"))
    goal, offers = problem.objective.name, problem.offers
    (claim,) = np.flatnonzero(problem.claims.household == "LowIncome")
    count = int(problem.claims.count[claim])
    (own,) = np.flatnonzero((offers.claim == claim) & (offers.label == "E/45"))
    dear = np.flatnonzero((offers.claim == claim) & (offers.price > 0)).tolist()
    assert dear
    for offer in dear:
        paid = pay_for(problem, np.array([[offer, 0, count]]), Decisions().complete, goal=goal)
        assert paid is not None
        assert paid.decisions.pay.size
        better = undominated(problem, paid, goal=goal, check=lambda decisions: in_order(problem, decisions))
        assert better.decisions.settle.tolist() == [[own, 0, count]]


PLACES = ("household", "deadline", "stock", "reservation", "limits", "past")
"""Rules that payments have no part in."""


def moves_that_cost_less(problem: Problem, decisions: Decisions) -> Iterator[tuple[int, int]]:
    """Every single move to another offer, housed no later, by which nothing rises that falls due, and the cost falls.

    No fee changes, no fund receives less, and the home is free beside the one that is left.
    """

    def misplaced(settle: IntTable) -> list[str]:
        return [v.rule for v in audit_decisions(problem, replace(decisions, settle=settle)) if v.rule in PLACES]

    assert not misplaced(decisions.settle)
    offers, before = problem.offers, assess(problem, decisions.settle)
    costly = ~np.isin(problem.needs.use, COSTLESS)
    for row, (old, chosen, households) in enumerate(decisions.settle.tolist()):
        claim = int(offers.claim[old])
        unit = int(problem.claims.count[claim]) if problem.claims.indivisible[claim] else 1
        costs = offers.price_fen(np.array([old]), np.array([chosen]))[0] > 0 or old in offers.lines.row
        if chosen < problem.calendar.now or not costs:
            continue
        for offer in np.flatnonzero(offers.claim == claim).tolist():
            latest = chosen + int(offers.housed_after[old] - offers.housed_after[offer])
            for month in range(int(offers.first[offer]), min(int(offers.last[offer]), latest) + 1):
                both = np.concatenate([decisions.settle, [[offer, month, unit]]])
                settle = both.copy()
                settle[row, 2] = households - unit
                settle = settle[settle[:, 2] > 0]
                if offer == old or month < problem.calendar.now or "stock" in misplaced(both) or misplaced(settle):
                    continue
                after = assess(problem, settle)
                due = after.due - before.due
                if (due > 0).any() or (after.received < before.received).any() or (after.fees != before.fees).any():
                    continue
                goals = [goal for goal in problem.objective.tiers if goal.goal != Goal.FISCAL]
                if any(
                    whole_goal(problem, after, goal) > whole_goal(problem, before, goal)
                    for goal in (problem.objective.name, *goals)
                    if goal != Goal.FISCAL
                ):
                    continue
                paid = float((due[costly].sum(axis=0) * problem.objective.discount(np.arange(due.shape[1]))).sum())
                if paid - (after.discounted_receipts - before.discounted_receipts) >= -FEN_PER_YUAN:
                    continue
                # What falls due may be wanted: targets of set-off are reached by it, and a share of it may be owed.
                moved = pay_for(problem, settle, decisions.complete, goal=problem.objective.name)
                if moved is not None and in_order(problem, moved.decisions):
                    books, then = replay(problem, decisions), replay(problem, moved.decisions)
                    if then.objective() <= books.objective() and then.objective("fiscal_cost") < books.objective(
                        "fiscal_cost"
                    ):
                        yield offer, month


def dear_plan(seed: int) -> tuple[Problem, Paid | None]:
    """The best plan of a random problem, its households in the dearest offers that it can pay for at the same goal."""
    problem = with_money_to_spare(seed)
    goal = problem.objective.name
    solution = optimise(problem, gap=0.0, check=lambda decisions: in_order(problem, decisions))
    if solution.decisions is None:
        return problem, None
    decisions = solution.decisions
    paid = pay_for(problem, decisions.settle, decisions.complete, goal=goal)
    random = np.random.default_rng(seed)
    for row in range(len(decisions.settle)):
        offers = np.flatnonzero(problem.offers.claim == problem.offers.claim[decisions.settle[row, 0]])
        for offer in random.permutation(offers).tolist():
            settle = decisions.settle.copy()
            settle[row, 0] = offer
            dearer = pay_for(
                problem, settle, decisions.complete, goal=goal, check=lambda decisions: in_order(problem, decisions)
            )
            if paid is not None and dearer is not None:
                paid = dearer
                decisions = dearer.decisions
                break
    return problem, paid


def with_money_to_spare(seed: int) -> Problem:
    """A tiny problem, and enough in the first fund to pay dear offers."""
    problem = idle_problem(seed)
    opening = problem.funds.opening.copy()
    opening[0] += 100 * FEN_PER_WAN
    return replace(problem, funds=replace(problem.funds, opening=opening))


@pytest.mark.parametrize("seed", seeds(range(full_count(40, 300)), fast=12))
def test_no_plan_of_the_optimiser_costs_more_than_it_need(seed: int) -> None:
    problem = with_money_to_spare(seed)
    solution = optimise(problem, gap=0.0, check=lambda decisions: in_order(problem, decisions))
    if solution.decisions is not None:
        assert in_order(problem, solution.decisions)
        assert not list(moves_that_cost_less(problem, solution.decisions))


@pytest.mark.parametrize("seed", seeds(range(full_count(40, 300)), fast=12))
def test_a_dear_plan_is_made_cheaper_and_no_goal_worse(seed: int) -> None:
    problem, dear = dear_plan(seed)
    if dear is None:
        return
    better = undominated(
        problem, dear, goal=problem.objective.name, check=lambda decisions: in_order(problem, decisions)
    )
    before, after = replay(problem, dear.decisions), replay(problem, better.decisions)
    assert in_order(problem, better.decisions)
    assert after.objective() <= before.objective() + 1e-6  # of a fen
    assert not list(moves_that_cost_less(problem, better.decisions))
    if after.people.unsettled.sum() == before.people.unsettled.sum():
        assert after.objective("fiscal_cost") <= before.objective("fiscal_cost") + 1e-6
    assert better.value * FEN_PER_WAN == pytest.approx(float(after.objective()), abs=10)


def test_dear_plans_are_made_cheaper() -> None:
    """So that the tests above look at something."""
    for seed in (15, 25, 80, 89):
        problem, dear = dear_plan(seed)
        assert dear is not None
        assert list(moves_that_cost_less(problem, dear.decisions))
        better = undominated(problem, dear, goal=problem.objective.name)
        costs = [replay(problem, plan.decisions).objective("fiscal_cost") for plan in (better, dear)]
        assert costs[0] < costs[1]
