"""Prices: duals against what one unit more or less really changes in the relaxation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.builder import Builder
from tests.optimiser.compact_problem import compact_problem

import renewopt
from renewopt.optimiser import optimise
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.prices import COLUMNS, Prices, prices_from_duals, relaxation_prices
from renewopt.problem import Problem
from renewopt.testing.tiny import tiny_problem
from renewopt.units import FEN_PER_WAN, YUAN_PER_WAN

STEP_FEN = 1_000
TOLERANCE = 1e-6


def relaxed(problem: Problem) -> float | None:
    raw = Engine(formulate(problem)[1], integer=False).run()
    return raw.objective if raw.status == "optimal" else None


def find_prices(problem: Problem) -> Prices | None:
    return relaxation_prices(*formulate(problem), time_limit=60.0)


def with_money(problem: Problem, fund: int, month: int, fen: int) -> Problem:
    inflow = problem.funds.inflow.copy()
    inflow[fund, month] += fen
    return replace(problem, funds=replace(problem.funds, inflow=inflow))


@settings(max_examples=15)
@given(st.integers(0, 5_000))
def test_a_yuan_more_saves_at_most_its_price_and_a_yuan_less_costs_at_least(seed: int) -> None:
    problem = tiny_problem(seed)
    value, prices = relaxed(problem), find_prices(problem)
    assert (value is None) == (prices is None)
    if value is None or prices is None:
        return
    money = prices.table().query("kind == 'money'")
    for _, row in money.nlargest(3, "price_yuan").iterrows():
        fund = problem.funds.id.tolist().index(row["id"])
        month = [problem.calendar.label(t) for t in range(problem.calendar.books)].index(row["month"])
        step = STEP_FEN / FEN_PER_WAN
        more, less = (relaxed(with_money(problem, fund, month, sign * STEP_FEN)) for sign in (1, -1))
        assert more is not None
        assert (value - more) / step <= row["price_yuan"] + 1e-3
        assert less is None or (less - value) / step >= row["price_yuan"] - 1e-3


def one_home_short(homes: int = 1) -> Problem:
    """Three households of 100 yuan a month, one home, enough money: the relaxation is what it seems."""
    build = Builder(months=3, books=3)
    build.fund(opening=10**8)
    build.need("fees")
    build.bill()
    build.pool(arrivals=[(0, 100 * homes), (2, 100)])
    for _ in range(3):
        build.claim(fee=10_000)
    for claim in range(3):
        build.offer(claim, stock=[(0, 100)])
    return build.build()


def test_a_home_is_worth_the_fees_that_it_ends() -> None:
    prices = find_prices(one_home_short())
    assert prices is not None
    table = prices.table()
    assert list(table.columns) == list(COLUMNS)
    homes = table[table["kind"] == "homes"].set_index("month")["price_yuan"]
    assert homes["2024-01"] == pytest.approx(300.0)
    assert 200.0 - TOLERANCE <= homes["2024-02"] <= 300.0 + TOLERANCE  # none arrives then: between its two neighbours
    assert homes["2024-03"] == pytest.approx(100.0)
    assert (table.loc[table["kind"] == "money", "price_yuan"] == 0).all()
    fewer, more = relaxed(one_home_short(1)), relaxed(one_home_short(2))
    assert fewer is not None
    assert more is not None
    assert (fewer - more) * YUAN_PER_WAN == pytest.approx(300.0)


def test_limits_and_reservations_have_prices() -> None:
    build = Builder(months=2, books=2)
    build.fund(opening=10**8)
    build.need("fees")
    build.bill()
    for _ in range(2):
        build.claim(fee=10_000)
        build.offer(len(build.rows["claim"]) - 1)
    build.limit(1, [0, 1])
    build.limit(5, [0, 1], monthly=False)
    prices = find_prices(build.build())
    assert prices is not None
    table = prices.table()
    limits = table[table["kind"] == "limit"]
    assert limits["price_yuan"].round(6).tolist() == [100.0, 0.0, 0.0]
    assert limits["month"].tolist() == ["2024-01", "2024-02", ""]
    kinds = find_prices(compact_problem())
    assert kinds is not None
    assert set(kinds.kind) == {"money", "homes", "transfer", "limit"}
    assert len(kinds) == len(kinds.table())


def test_merged_needs_give_the_same_prices() -> None:
    problem = one_home_short()
    merged, _ = merge_needs(problem)
    f, model = formulate(merged)
    raw = Engine(model, integer=False).run()
    assert raw.row_dual is not None
    ours = find_prices(problem)
    assert ours is not None
    assert np.allclose(prices_from_duals(f.problem, model, raw.row_dual).yuan, ours.yuan, atol=TOLERANCE)


def test_nothing_scarce_has_no_prices() -> None:
    empty = Builder(months=1, books=1)
    empty.need("fees")
    empty.bill()
    empty.claim(fee=0)
    prices = find_prices(empty.build())
    assert prices is not None
    assert len(prices.table()) == 0


def test_a_plan_carries_the_prices(repository) -> None:
    for solver in ("highs", "pulp:highs"):
        solution = optimise(one_home_short(), gap=0, solver=solver)
        assert solution.prices is not None
        assert solution.prices.yuan.max() == pytest.approx(300.0)
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    assert list(plan.prices.columns) == list(COLUMNS)
    assert plan.prices["price_yuan"].max() > 0
    assert (plan.prices["price_yuan"] >= 0).all()


def test_no_plan_has_no_prices() -> None:
    problem = one_home_short()
    claims = replace(problem.claims, deadline=np.zeros(3, dtype=np.int32))
    impossible = replace(problem, claims=claims)
    assert find_prices(impossible) is None
    assert optimise(impossible).prices is None
