"""Nobody waits while a home open to them stands empty: on random problems, by brute force, and in small scenarios."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.undominated.idle_problems import idle_problem
from tests.seeds import seeds

import renewopt
from renewopt.ledger import audit_decisions, idle_homes, replay
from renewopt.optimiser import optimise
from renewopt.optimiser.payments.paying import Paid, pay_for
from renewopt.optimiser.undominated.improving import undominated
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.units import FEN_PER_WAN


def moves_that_cost_nothing(problem: Problem, decisions: Decisions) -> Iterator[tuple[int, int]]:
    """Every single move out of waiting that the ledger finds in order with all payments as they are, and no dearer."""
    books = replay(problem, decisions)
    for offer, claim in enumerate(problem.offers.claim.tolist()):
        unit = int(problem.claims.count[claim]) if problem.claims.indivisible[claim] else 1
        if books.people.unsettled[claim] < unit or problem.offers.price[offer]:
            continue
        for month in range(int(problem.offers.first[offer]), int(problem.offers.last[offer]) + 1):
            settle = np.concatenate([decisions.settle, [[offer, month, unit]]])
            moved = replace(decisions, settle=settle)
            if audit_decisions(problem, moved):
                continue
            after = replay(problem, moved)
            goals = zip(after.totals.tiers, books.totals.tiers, strict=True)
            if after.objective() <= books.objective() and all(then <= now for then, now in goals):
                yield offer, month


def in_order(problem: Problem, decisions: Decisions) -> bool:
    return not audit_decisions(problem, decisions)


@pytest.mark.parametrize("seed", seeds(range(full_count(60, 500)), fast=15))
def test_no_plan_of_the_optimiser_is_dominated(seed: int) -> None:
    problem = idle_problem(seed)
    solution = optimise(problem, gap=0.0, check=lambda decisions: in_order(problem, decisions))
    if solution.decisions is None:
        return
    assert in_order(problem, solution.decisions)
    assert not list(moves_that_cost_nothing(problem, solution.decisions))
    assert not list(idle_homes(replay(problem, solution.decisions)))


def poor_plan(seed: int) -> tuple[Problem, Paid | None]:
    """The best plan, less some of its choices: whoever made them waits now, with fees or without."""
    problem = idle_problem(seed)
    solution = optimise(problem, gap=0.0, check=lambda decisions: in_order(problem, decisions))
    if solution.decisions is None:
        return problem, None
    settle = solution.decisions.settle
    kept = settle[np.random.default_rng(seed).random(len(settle)) < 0.4]
    return problem, pay_for(
        problem,
        kept,
        solution.decisions.complete,
        goal=problem.objective.name,
        check=lambda decisions: in_order(problem, decisions),
    )


@pytest.mark.parametrize("seed", seeds(range(full_count(60, 500)), fast=15))
def test_a_poor_plan_is_improved_and_never_made_dearer(seed: int) -> None:
    problem, poor = poor_plan(seed)
    if poor is None:
        return
    better = undominated(
        problem, poor, goal=problem.objective.name, check=lambda decisions: in_order(problem, decisions)
    )
    before, after = replay(problem, poor.decisions), replay(problem, better.decisions)
    assert in_order(problem, better.decisions)
    assert after.objective() <= before.objective() + 1e-6  # of a fen
    assert after.people.unsettled.sum() <= before.people.unsettled.sum()
    assert better.value * FEN_PER_WAN == pytest.approx(float(after.objective()), abs=10)
    assert not list(idle_homes(after))
    assert not list(moves_that_cost_nothing(problem, better.decisions))


def test_poor_plans_are_improved_with_fees_and_without() -> None:
    """So that the tests above look at something: fees end, and others who cost nothing are housed."""
    for seed, cheaper in ((1, True), (61, True), (27, False), (134, False)):
        problem, poor = poor_plan(seed)
        assert poor is not None
        before = replay(problem, poor.decisions)
        after = replay(problem, undominated(problem, poor, goal=problem.objective.name).decisions)
        assert (after.objective() < before.objective()) == cheaper
        assert after.people.unsettled.sum() < before.people.unsettled.sum()
        assert list(idle_homes(before))


def test_a_plan_with_nothing_to_improve_is_returned_as_it_is() -> None:
    problem = idle_problem(12)
    solution = optimise(problem, gap=0.0)
    assert solution.decisions is not None
    paid = Paid(solution.decisions, 1.0, 0)
    assert undominated(problem, paid, goal=problem.objective.name) is paid


def test_a_plan_stands_where_the_ledger_refuses_every_other() -> None:
    problem, poor = poor_plan(27)
    assert poor is not None
    assert undominated(problem, poor, goal=problem.objective.name, check=lambda _: False) is poor


def test_the_best_plan_so_far_stands_when_time_is_up() -> None:
    problem, poor = poor_plan(27)
    assert poor is not None
    assert undominated(problem, poor, goal=problem.objective.name, left=lambda: 0.0) is poor
    for looks in range(1, 8):
        left = iter([60.0] * looks)
        better = undominated(problem, poor, goal=problem.objective.name, left=lambda left=left: next(left, 0.0))
        before, after = replay(problem, poor.decisions), replay(problem, better.decisions)
        assert after.objective() <= before.objective()
        assert after.people.unsettled.sum() <= before.people.unsettled.sum()


CASE = """
name: Case
start: 2024-01
months: 6
fee_policies:
  - {id: p, rate: 10, term: 36, tail: 3}
projects: [{id: P, moved_out: 2023-12}]
households:
  - {id: A, project: P, count: 20, area: 50, turnover: true}
estates:
  - id: E
    projects: [P]
    units: [{type: s, on_hand: 20}]
funds: [{id: f, opening: 100万元}]
"""
"""Turnover housing within its term: there is no fee, and no reason in fees to house anybody."""


def planned(folder: Path, text: str, **options: object) -> renewopt.Plan:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return renewopt.plan(path, gap=0.0, **options)  # type: ignore[arg-type]


def housed(plan: renewopt.Plan) -> dict[tuple[str, str], int]:
    """Households by id and month of being housed."""
    rows = plan.allocation[plan.allocation["route"] != "waiting"]
    return {
        (row.household, row.housed): int(row.count_) for row in rows.rename(columns={"count": "count_"}).itertuples()
    }


@pytest.mark.parametrize("options", [{}, {"method": "structured"}, {"solver": "pulp:HiGHS"}])
def test_households_without_a_fee_are_housed_at_once(tmp_path: Path, options: dict[str, str]) -> None:
    plan = planned(tmp_path, CASE, **options)
    assert (plan.status, plan.objective, plan.bound, plan.gap) == ("optimal", 0.0, 0.0, 0.0)
    assert housed(plan) == {("A", "2024-01"): 20}
    assert not plan.findings


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # As many as may be settled in a month, from the first month on.
        (("funds:", "throughput: [{id: t, per_month: 3}]\nfunds:"), {("A", f"2024-0{m}"): 3 for m in range(1, 7)}),
        # Homes arrive later; seven of them never do.
        (("on_hand: 20", "on_hand: 5, arrivals: {2024-04: 8}"), {("A", "2024-01"): 5, ("A", "2024-04"): 8}),
        # The village is kept together: there is room for all of it, or for nobody.
        (("turnover: true", "turnover: true, indivisible: true"), {("A", "2024-01"): 20}),
        (("count: 20, area: 50,", "count: 21, area: 50, indivisible: true,"), {}),
        # The heavier of two goes first.
        (
            (
                "count: 20, area: 50, turnover: true}\nestates",
                (
                    "count: 19, area: 50, turnover: true, weight: 2}\n"
                    "  - {id: B, project: P, count: 19, area: 50, turnover: true, weight: 3}\nestates"
                ),
            ),
            {("A", "2024-01"): 1, ("B", "2024-01"): 19},
        ),
        # A tail carries on no fee that does not run.
        (("tail: 3", "tail: 3, tail_multiplier: 1"), {("A", "2024-01"): 20}),
        # Nothing weighs nothing: the fee goes on in the objective of nobody, but homes are free.
        (("turnover: true", "weight: 0"), {("A", "2024-01"): 20}),
    ],
)
def test_within_all_limits(tmp_path: Path, change: tuple[str, str], expected: dict[tuple[str, str], int]) -> None:
    assert change[0] in CASE
    assert housed(planned(tmp_path, CASE.replace(*change))) == expected


@pytest.mark.parametrize(("tail", "expected"), [(3, {}), (0, {("A", "2024-06"): 20})])
def test_nobody_is_housed_for_a_fee_in_the_tail(
    tmp_path: Path, tail: int, expected: dict[tuple[str, str], int]
) -> None:
    """It is paid after the horizon, when who waits is paid none."""
    text = CASE.replace("turnover: true", "weight: 0").replace("on_hand: 20", "arrivals: {2024-06: 20}")
    assert housed(planned(tmp_path, text.replace("tail: 3", f"tail: {tail}"))) == expected


def test_as_many_as_possible_and_not_one_by_one(tmp_path: Path) -> None:
    """A, the more urgent, takes either home, B only one of them: both are housed."""
    text = CASE.replace(
        "{id: A, project: P, count: 20, area: 50, turnover: true}",
        "{id: A, project: P, area: 50, turnover: true}\n"
        "  - {id: B, project: P, area: 50, turnover: true, weight: 0.5, unit_types: [s]}",
    ).replace("[{type: s, on_hand: 20}]", "[{type: s, on_hand: 1}, {type: u, on_hand: 1}]")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    problem = compile_problem(renewopt.load(tmp_path / "case.yaml"))
    nobody = pay_for(problem, Decisions().settle, Decisions().complete, goal=problem.objective.name)
    assert nobody is not None
    better = undominated(problem, nobody, goal=problem.objective.name)
    assert problem.offers.claim[better.decisions.settle[:, 0]].tolist() == [0, 1]
    assert in_order(problem, better.decisions)


PHASE = CASE.replace(
    "[{type: s, on_hand: 20}]",
    "[{type: s}]\n    phases: [{id: one, cost: 30万元, handover_lag: 1, monthly_limit: 20万元, delivers: {s: 12}}]",
).replace(
    "{id: f, opening: 100万元}", "{id: f, opening: 25万元, uses: [construction], inflow: {by_month: {2024-03: 10万元}}}"
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # 20 and 5 by February, the rest in March: handed over in April.
        (("", ""), {("A", "2024-04"): 12}),
        (("inflow: {by_month: {2024-03: 10万元}}", "inflow: {by_month: {2024-06: 10万元}}"), {}),
        (("inflow: {by_month: {2024-03: 10万元}}", "inflow: {by_month: {2024-03: 4万元}}"), {}),
        (("opening: 25万元", "opening: 25万元, monthly_limit: 5万元"), {}),
        (("opening: 25万元", "opening: 25万元, monthly_limit: 8万元"), {("A", "2024-05"): 12}),
        (("opening: 25万元", "opening: 25万元, total_limit: 29万元"), {}),
    ],
)
def test_a_phase_is_finished_with_money_that_can_do_nothing_else(
    tmp_path: Path, change: tuple[str, str], expected: dict[tuple[str, str], int]
) -> None:
    assert change[0] in PHASE
    plan = planned(tmp_path, PHASE.replace(*change))
    assert housed(plan) == expected
    assert plan.objective == plan.bound == 0.0
    assert renewopt.audit(tmp_path / "case.yaml", plan) == []
    assert len(plan.construction) == 0 if not expected else plan.construction["amount"].sum() == 300_000


def test_no_phase_is_finished_where_that_costs_something(tmp_path: Path) -> None:
    text = PHASE.replace("{id: P, moved_out: 2023-12}", "{id: P, moved_out: 2023-12, obligation: 0}")
    assert housed(planned(tmp_path, text, objective="fiscal_cost")) == {}


def test_a_rule_of_thumb_is_told_what_it_leaves_empty(tmp_path: Path) -> None:
    other = CASE.replace("projects: [P]\n", "projects: []\n    open_to: [P]\n").replace("turnover: true", "count: 12")
    other = other.replace("count: 20, area: 50, count: 12", "count: 12, area: 50")
    plan = planned(tmp_path, other, policy="wait-for-build")
    (remark,) = plan.findings
    assert remark.code == "idle.homes"
    assert remark.text["en"] == "12 households of P wait while 12 homes open to them are free (E/s: 12); expected 0"
    assert remark.text["zh"] == "P 有 12 户仍在等待，而可供其选择的 12 套房源空置（E/s: 12）；应为 0 户"
    assert not planned(tmp_path, other).findings
