"""Payments in whole fen: margins, rounding, and answers for which there are none."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.optimiser.compact_problem import compact_problem

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.highs import Engine, Raw, Report
from renewopt.optimiser.model.margins import loosened, roundings, tightened
from renewopt.optimiser.payments import paying, whole_fen
from renewopt.optimiser.payments.paying import Paid, pay_for
from renewopt.optimiser.payments.rounding import monthly_interest
from renewopt.problem import Decisions, Problem
from renewopt.testing.brute import brute_force
from renewopt.testing.tiny import tiny_problem

WITHOUT_PLAN = (7, 36)
"""Seeds below 40 of problems that have no plan at all."""


def table(rows: object, width: int) -> np.ndarray:
    return np.array(rows, dtype=np.int64).reshape(-1, width)


@pytest.mark.parametrize("seed", [635, *range(150, 158)])
def test_the_optimum_is_found_though_a_fen_is_in_the_way(seed: int) -> None:
    """Of 635, one optimal handover cannot be paid for without drawing a fen more than is released: another can."""
    problem = tiny_problem(seed)
    expected = brute_force(problem)
    found = optimise(problem, gap=0, check=lambda decisions: not audit_decisions(problem, decisions))
    if expected is None:
        assert found.status == "infeasible"
        return
    assert found.objective == pytest.approx(expected.objective, abs=1.0)


def audited_payments(seed: int, **more: Any) -> Paid | None:
    """Payments, passed by the ledger, for what brute force decides; at the optimum's value."""
    problem = tiny_problem(seed)
    optimum = brute_force(problem)
    assert optimum is not None
    paid = pay_for(
        problem,
        table(optimum.settle, 3),
        table(optimum.complete, 2),
        goal=problem.objective.name,
        check=lambda decisions: not audit_decisions(problem, decisions),
        **more,
    )
    if paid is not None:
        assert paid.value * 10_000 == pytest.approx(optimum.objective, abs=1.0)
    return paid


@pytest.mark.parametrize("seed", [262, *(seed for seed in range(40) if seed not in WITHOUT_PLAN)])
def test_whole_fen_are_found_without_any_rounding(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paying, "round_payments", lambda *_: None)
    assert audited_payments(seed) is not None


@pytest.mark.parametrize("seed", [77, 83])
def test_where_rounding_draws_a_fen_too_much_whole_fen_are_searched_for(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = audited_payments(seed)
    assert paid is not None
    assert paid.margin_fen == 0
    monkeypatch.setattr(paying, "MARGINS_FEN", (0,))
    monkeypatch.setattr(whole_fen, "LARGEST", 0)
    assert audited_payments(seed) is None


def test_a_margin_is_not_taken_where_whole_fen_cost_less() -> None:
    """Of 561 no rounding passes without a margin, and that of 20 fen would cost 1.67 yuan."""
    paid = audited_payments(561)
    assert paid is not None
    assert paid.margin_fen == 0


def test_whole_fen_are_the_last_resort_of_a_larger_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paying, "round_payments", lambda *_: None)
    monkeypatch.setattr(paying, "QUICK", 0)
    assert audited_payments(3) is not None
    assert audited_payments(3, in_fen_up_to=0) is None


@pytest.mark.parametrize("seed", range(40, 50))
@pytest.mark.parametrize("with_x", [False, True])
def test_where_the_simplex_method_gets_nowhere_another_method_finds_the_payments(
    seed: int, monkeypatch: pytest.MonkeyPatch, *, with_x: bool
) -> None:
    if brute_force(tiny_problem(seed)) is None:
        pytest.skip("no plan")
    solvers: dict[int, Any] = {}
    told: list[tuple[Any, str]] = []
    choose, run = Engine.set, Engine.run

    def chosen(self: Engine, option: str, value: Any) -> None:
        if option == "solver":
            solvers[id(self)] = value
        choose(self, option, value)

    def stalled(self: Engine, **how: Any) -> Raw:
        """No linear programme is solved by the simplex method, though it may come to a solution on its way."""
        raw, solver = run(self, **how), solvers.get(id(self))
        told.append((solver, raw.status))
        if self.mip or solver != "simplex":
            return raw
        return replace(raw, status="unknown", x=raw.x if with_x else None)

    monkeypatch.setattr(Engine, "set", chosen)
    monkeypatch.setattr(Engine, "run", stalled)
    assert audited_payments(seed) is not None
    assert ("ipm", "optimal") in told


def test_a_move_of_all_that_is_left_is_cut_by_the_fen_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 262 the relaxation moves every balance to the last fen, beside a fund with a monthly limit."""
    monkeypatch.setattr(whole_fen, "LARGEST", 0)
    assert audited_payments(262) is not None


def test_payments_of_whole_choices_pass_the_audit() -> None:
    problem = compact_problem()
    refused: list[Decisions] = []

    def check(decisions: Decisions) -> bool:
        if audit_decisions(problem, decisions):
            refused.append(decisions)
        return decisions is not None and not refused

    paid = pay_for(
        problem, table([(1, 0, 1), (1, 1, 1), (2, 1, 2)], 3), table([], 2), goal="transition_fees", check=check
    )
    assert paid is not None
    assert refused == []
    assert paid.value * 10_000 == pytest.approx(8025)
    assert paid.margin_fen == 0


def test_choices_without_money_or_against_a_tier_have_no_payments() -> None:
    problem = compact_problem()
    nobody = pay_for(problem, table([], 3), table([], 2), goal="transition_fees")
    assert nobody is None  # the target of set-off cannot be met without a voucher
    everyone = table([(1, 0, 1), (1, 1, 1), (2, 1, 2)], 3)
    assert pay_for(problem, everyone, table([], 2), goal="transition_fees", check=lambda _: False) is None
    from renewopt.problem import Tier

    tier = Tier("all", "transition_fees", np.ones(2, dtype=np.bool_))
    assert pay_for(problem, everyone, table([], 2), goal="fiscal_cost", tier_bounds=((tier, 0.1),)) is None
    assert pay_for(problem, everyone, table([], 2), goal="fiscal_cost", tier_bounds=((tier, 9.0),)) is not None


def test_margins_loosen_for_every_rounding_and_tighten_by_so_many_fen() -> None:
    problem = compact_problem()
    assert roundings(problem) == 5  # the bill's two parts, two surcharges, interest
    wide = loosened(problem)
    assert (wide.funds.inflow >= problem.funds.inflow + 5).all()
    assert wide.owing.stock_limit[0] > problem.owing.stock_limit[0]
    assert tightened(problem, 0) is problem
    tight = tightened(problem, 100)
    assert tight.funds.total_limit[0] == problem.funds.total_limit[0] - 100
    limit = problem.funds.monthly_limit
    assert tight.funds.monthly_limit.tolist() == np.where(limit < 0, -1, limit - 100).tolist()
    assert tight.moves.total_limit.tolist() == (problem.moves.total_limit - 100).tolist()
    money = problem.funds.inflow.sum() + problem.funds.opening.sum()
    assert money - 300 <= tight.funds.inflow.sum() + tight.funds.opening.sum() < money


def test_a_problem_without_roundings_needs_no_margin() -> None:
    def plain(seed: int) -> Problem:
        return tiny_problem(seed)

    seed = next(s for s in range(50) if roundings(plain(s)) == 0)
    problem = plain(seed)
    assert loosened(problem) is problem


def test_interest_is_rounded_half_up() -> None:
    assert monthly_interest(0.06, 100) == 1  # 0.5 fen
    assert monthly_interest(0.06, 99) == 0
    assert monthly_interest(0.0, 10**9) == 0
    assert monthly_interest(0.036, 500) == 2  # 1.5 fen, which in binary fractions is a little less


def test_sums_too_large_for_nine_decimals_are_paid_at_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that calls an answer optimal, but not feasible to nine decimals, is asked again for fewer."""
    problem = tiny_problem(0)
    best = optimise(problem, gap=0.0, method="exact", check=lambda d: not audit_decisions(problem, d))
    assert best.decisions is not None
    asked: list[float] = []
    set_option, run = Engine.set, Engine.run

    def watched(self: Engine, option: str, value: bool | float | str) -> None:
        if option == "primal_feasibility_tolerance":
            asked.append(float(value))
        set_option(self, option, value)

    def short_of_decimals(self: Engine, **options: Any) -> Raw:
        raw = run(self, **options)
        return replace(raw, x=None) if asked and asked[-1] < 1e-7 else raw

    monkeypatch.setattr(Engine, "set", watched)
    monkeypatch.setattr(Engine, "run", short_of_decimals)
    paid = pay_for(problem, best.decisions.settle, best.decisions.complete, goal=problem.objective.name)
    assert paid is not None
    assert asked[:3] == [1e-9, 1e-8, 1e-7]
    assert not audit_decisions(problem, paid.decisions)


def test_a_search_of_whole_fen_ends_by_its_work_and_not_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    class Watched(Engine):
        def run(self, *, time_limit: float = math.inf, report: Report | None = None) -> Raw:
            limits.append((time_limit, self._highs.getOptionValue("mip_max_nodes")[1]))
            return super().run(time_limit=time_limit, report=report)

    monkeypatch.setattr(whole_fen, "Engine", Watched)
    monkeypatch.setattr(paying, "round_payments", lambda *_: None)
    assert audited_payments(3) is not None
    assert limits
    assert all(seconds == math.inf and nodes <= whole_fen.MOST_NODES for seconds, nodes in limits)
