"""What every plan lacks at the least, and a plan that lacks little."""

from dataclasses import replace
from random import Random

import pytest
from tests.conftest import full_count
from tests.ledger.builder import Builder

from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise, plan_with_shortfall, shortfall, solving
from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.infeasibility import least_shortfall as least
from renewopt.optimiser.infeasibility.bottleneck import homes_run_short
from renewopt.optimiser.infeasibility.least_shortfall import lacking_at_once, least_shortfall
from renewopt.optimiser.model.margins import roundings
from renewopt.problem import Decisions, Problem
from renewopt.testing.tiny import tiny_problem

SEEDS = full_count(16, 400)


def short_of_money(seed: int) -> Problem:
    """A tiny problem with some of its money taken away."""
    problem, random = tiny_problem(seed), Random(seed)
    share = random.choice([0, 0, 2, 5, 8])
    funds = problem.funds
    return replace(
        problem, funds=replace(funds, opening=funds.opening * share // 10, inflow=funds.inflow * share // 10)
    )


def but_for_money(problem: Problem, decisions: Decisions) -> bool:
    return all(each.code == "need.shortfall" for each in audit_decisions(problem, decisions))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_lacking_at_the_least_is_lacking_in_every_plan(seed: int) -> None:
    problem = short_of_money(seed)
    months = problem.calendar.months
    proven = [least_shortfall(problem, until) for until in (0, months // 2, months)]
    found = optimise(problem, gap=0.0, method="exact", describe=False)
    if homes_run_short(problem):
        assert found.status == "infeasible"
    if found.status != "infeasible":
        assert max(proven) == 0.0
        return
    least = plan_with_shortfall(
        problem, gap=0.0, method="exact", check=lambda decisions: but_for_money(problem, decisions)
    )
    if least.decisions is None:
        # Deadlines or targets that no money can keep.
        return
    lacking = replay(problem, least.decisions).totals.shortfall / 100
    assert max(proven) <= lacking + 1.0
    assert least.bound <= lacking + 1.0
    assert least.bound >= max(proven) - 1.0 - roundings(problem) * problem.calendar.books / 100


def waiting(*, opening: int, inflow: int = 0, homes: int = 0, deadline: int = -1) -> Problem:
    """Three households with a fee of 100 yuan a month for a year, and a home each from month 6 on if there are any."""
    build = Builder(months=12, books=12)
    build.fund(opening=opening, inflow=inflow)
    build.need("fees")
    build.bill()
    pool = build.pool(arrivals=[(6, 100 * homes)])
    for _ in range(3):
        build.offer(build.claim(fee=10_000, deadline=deadline), stock=[(pool, 100)])
    return build.build()


def begun(*_: object, **__: object) -> None:
    raise AssertionError("a search was begun")


def test_no_search_is_begun_where_money_cannot_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fees of 1,800 yuan before there is any home, and 1,000 yuan for them."""
    monkeypatch.setattr(solving.decomposition, "search", begun)
    problem = waiting(opening=100_000, homes=3)
    found = optimise(problem, method="structured")
    assert (found.status, found.decisions) == ("infeasible", None)
    assert found.lacking == pytest.approx(800.0, abs=0.1)
    assert found.shortage is not None
    assert sum(money.yuan for money in found.shortage.money) == pytest.approx(800.0)


def test_no_search_is_begun_where_homes_come_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving.decomposition, "search", begun)
    found = optimise(waiting(opening=10**7, homes=3, deadline=5), method="structured")
    assert (found.status, found.lacking) == ("infeasible", 0.0)
    assert found.shortage is not None
    assert sum(late.households for late in found.shortage.deadlines) == 3.0


@pytest.mark.parametrize(("opening", "homes"), [(180_000, 3), (360_000, 0)])
def test_a_search_is_begun_where_money_may_suffice(opening: int, homes: int) -> None:
    problem = waiting(opening=opening, homes=homes)
    assert lacking_at_once(problem) == 0.0
    found = optimise(problem, method="structured")
    assert (found.status, found.lacking) == ("optimal", 0.0)


@pytest.mark.parametrize("method", ["exact", "structured"])
def test_the_plan_with_a_shortfall_lacks_no_more_than_must_be(method: str) -> None:
    problem = waiting(opening=100_000, homes=3)
    found = plan_with_shortfall(problem, method=method, check=lambda decisions: but_for_money(problem, decisions))
    assert found.decisions is not None
    assert replay(problem, found.decisions).totals.shortfall == 80_000
    assert found.bound == pytest.approx(800.0, abs=0.1)


def test_a_deadline_before_any_home_leaves_no_plan_whatever_the_money() -> None:
    assert plan_with_shortfall(waiting(opening=0, homes=3, deadline=5)).decisions is None


def test_where_the_solver_fails_what_is_known_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise SolverError("HiGHS stopped")

    problem = waiting(opening=100_000, homes=3)
    monkeypatch.setattr(shortfall, "optimise", fails)
    found = plan_with_shortfall(problem, bound=800.0)
    assert (found.decisions, found.bound) == (None, 800.0)
    monkeypatch.setattr(least, "RestrictedMaster", fails)
    assert lacking_at_once(problem) == 0.0
