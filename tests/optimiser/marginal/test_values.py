"""Prices against the relaxation of the changed problem, solved from nothing."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.conftest import full_count
from tests.ledger.builder import Builder

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.marginal.changes import PhaseSooner, UsePermitted, changes_of
from renewopt.optimiser.marginal.relaxed import NoRelaxationError
from renewopt.optimiser.marginal.values import LEAST, MarginalValue, Side, Valuation, dearest
from renewopt.optimiser.model.formulation import formulate
from renewopt.problem import Problem
from renewopt.testing.tiny import tiny_problem
from renewopt.units import YUAN_PER_WAN
from renewopt.vocabulary import EXACT, STRUCTURED

EQUAL = 1e-6
"""Of the objective's scale, or a yuan a unit where that is more."""
PRICED = 5


def relaxed(problem: Problem) -> float | None:
    """Optimum of the relaxation in yuan, by no code of what is tested."""
    engine = Engine(formulate(problem, goal=problem.objective.name, relaxed=True)[1], integer=False)
    for side in ("primal", "dual"):
        engine.set(f"{side}_feasibility_tolerance", 1e-9)
    raw = engine.run()
    return raw.objective * YUAN_PER_WAN if raw.status == "optimal" else None


@cache
def valued(seed: int) -> tuple[Problem, Valuation, tuple[MarginalValue, ...]] | None:
    problem = tiny_problem(seed)
    try:
        valuation = Valuation(problem, problem.objective.name)
    except NoRelaxationError:
        return None
    return problem, valuation, tuple(dearest(valuation, PRICED))


def amounts(side: Side, least: float) -> list[float]:
    """Amounts within the range of a price that can be stated to the fen, hundredth or household."""
    whole = [math.floor(share * side.reach / least) * least for share in (1.0, 0.4)]
    return [amount for amount in whole if amount > 0]


def check(problem: Problem, value: float, found: MarginalValue) -> int:
    """A price is the change of the optimum within its range, and beyond is another one; how many were seen."""
    scale, resource, seen = max(YUAN_PER_WAN, abs(value)), found.resource, 0
    for sign, side in ((1.0, found.more), (-1.0, found.less)):
        if side is None or math.isnan(side.price):
            if side is not None and side.impossible is not None and resource.least <= side.impossible:
                assert relaxed(resource.changed(problem, sign * max(side.impossible, resource.least))) is None
            continue
        for amount in amounts(side, resource.least):
            then = relaxed(resource.changed(problem, sign * amount))
            assert then is not None, (resource, sign, amount)
            assert abs(sign * (value - then) - side.price * amount) <= EQUAL * scale + amount, (resource, sign, amount)
            seen += 1
        past = math.ceil(1.5 * side.reach / resource.least) * resource.least
        if side.ends and side.reach > 0 and past <= min(10.0, resource.most_less(problem) if sign < 0 else 10.0):
            then = relaxed(resource.changed(problem, sign * past))
            # Less helps than the price says, and what is taken costs more: the optimum is convex.
            assert then is None or then - value >= -sign * side.price * past - EQUAL * scale - past
        if side.unit is not None:
            then = relaxed(resource.changed(problem, sign))
            assert then is not None
            assert abs(sign * (value - then) - side.unit) <= EQUAL * scale + 1.0, (resource, sign)
    return seen


@pytest.mark.parametrize("seed", range(full_count(15, 100)))
def test_a_price_is_the_change_of_the_relaxation_within_its_range_and_claimed_for_no_more(seed: int) -> None:
    found = valued(seed)
    problem = tiny_problem(seed)
    value = relaxed(problem)
    assert (found is None) == (value is None)
    if found is None or value is None:
        return
    _, valuation, prices = found
    assert valuation.value == pytest.approx(value, rel=1e-7, abs=1.0)
    for each in prices:
        check(problem, value, each)


def test_what_is_checked_is_not_nothing() -> None:
    seen = [check(found[0], found[1].value, each) for seed in range(6) if (found := valued(seed)) for each in found[2]]
    assert sum(seen) > 10


@pytest.mark.parametrize("seed", range(full_count(4, 40)))
def test_nothing_that_is_left_out_is_dearer(seed: int) -> None:
    found = valued(seed)
    if found is None:
        return
    _, valuation, prices = found
    every = dearest(valuation, 10_000)
    assert [each.saved for each in every[:PRICED]] == pytest.approx([each.saved for each in prices])
    assert all(each.saved <= valuation.at_most(each.resource) + 2.0 for each in every)


@pytest.mark.parametrize("seed", range(full_count(4, 60)))
def test_classes_with_every_choice_open_give_the_same_prices(seed: int) -> None:
    found = valued(seed)
    if found is None:
        return
    problem, valuation, prices = found
    classes = Valuation(problem, problem.objective.name, method=STRUCTURED)
    assert classes.relaxation.classes == len(problem.claims)
    assert classes.value == pytest.approx(valuation.value, rel=1e-6, abs=1.0)
    for each in prices:
        other = classes.of(each.resource)
        for ours, theirs in ((each.more, other.more), (each.less, other.less)):
            if ours is None or theirs is None:
                assert ours is theirs
            elif ours.unit is not None and theirs.unit is not None:
                assert theirs.unit == pytest.approx(ours.unit, rel=1e-4, abs=2.0 + 1e-6 * abs(valuation.value))


@pytest.mark.parametrize("seed", range(full_count(4, 40)))
def test_a_difference_is_that_of_two_relaxations(seed: int) -> None:
    found = valued(seed)
    if found is None:
        return
    problem, valuation, _ = found
    for change in changes_of(problem)[:4]:
        then = relaxed(change.changed(problem))
        saved = valuation.saved(change)
        assert (then is None) == (saved is None)
        if then is not None and saved is not None:
            assert saved == pytest.approx(valuation.value - then, abs=2.0 + 1e-6 * abs(valuation.value))
            # A phase that may come sooner and a use that is permitted as well take nothing away.
            assert saved >= 0.0


def test_what_can_change_is_listed_and_nothing_else() -> None:
    problem = tiny_problem(3)
    listed = changes_of(problem)
    sooner = {change.phase for change in listed if isinstance(change, PhaseSooner)}
    assert sooner == set(np.flatnonzero((problem.phases.earliest > 0) | (problem.phases.lag > 0)).tolist())
    for change in listed:
        if isinstance(change, UsePermitted):
            assert not problem.needs.payable_by[problem.needs.use == change.use, change.fund].any()
            assert change.changed(problem).needs.payable_by[problem.needs.use == change.use, change.fund].all()


def test_no_plan_has_no_prices() -> None:
    build = Builder(months=2, books=2)
    build.fund(opening=10**8)
    build.need("fees")
    build.bill()
    build.pool(arrivals=[(0, 100)])
    for claim in range(2):
        build.claim(fee=10_000)
        build.offer(claim, stock=[(0, 100)])
    problem = build.build()
    assert Valuation(problem, problem.objective.name).value > 0
    impossible = replace(problem, claims=replace(problem.claims, deadline=np.zeros(2, dtype=np.int32)))
    for method in (EXACT, STRUCTURED):
        with pytest.raises(NoRelaxationError, match="nothing has a price"):
            Valuation(impossible, problem.objective.name, method=method)


def test_prices_below_a_yuan_for_a_unit_are_none() -> None:
    found = valued(0)
    assert found is not None
    assert all(each.more.price == 0.0 or each.more.price >= 1.0 for each in found[2])
    assert LEAST < 1e-4
