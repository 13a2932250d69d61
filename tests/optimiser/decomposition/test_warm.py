"""A warm start shortens the way and proves nothing: bounds hold, the unknown is no obstacle, a file keeps it all."""

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.ledger import audit_decisions
from renewopt.optimiser import Solution, optimise
from renewopt.optimiser.decomposition import warm as warmth
from renewopt.optimiser.decomposition.household_rounding import Held, HouseholdRounding, Shares
from renewopt.optimiser.decomposition.relaxation import Relaxation, RelaxationFactory, SolvedRelaxation
from renewopt.optimiser.decomposition.root import RootRelaxation
from renewopt.optimiser.model.linear import BoolArray
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem, compile_problem
from renewopt.problem.subsets import subset
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write
from renewopt.testing.tiny import tiny_problem


def search(problem: Problem, warm: WarmStart | None = None, gap: float = 0.05) -> Solution:
    return optimise(
        problem,
        gap=gap,
        time_limit=math.inf,
        method="structured",
        check=lambda decisions: not audit_decisions(problem, decisions),
        warm=warm,
        describe=False,
    )


def with_money(problem: Problem, share: float) -> Problem:
    inflow = np.rint(problem.funds.inflow * share).astype(problem.funds.inflow.dtype)
    return replace(problem, funds=replace(problem.funds, inflow=inflow))


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    return compile_problem(load(write(tmp_path_factory.mktemp("d"), synthesise(60, seed=2, months=24))))


@pytest.fixture(scope="module")
def first(district: Problem) -> Solution:
    found = search(district)
    assert found.warm is not None
    return found


@pytest.mark.slow
@pytest.mark.xdist_group("warm")
@pytest.mark.parametrize("share", [1.0, 1.1])
def test_a_changed_district_is_planned_from_an_earlier_search(
    district: Problem, first: Solution, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved: list[object] = []
    solve_root = RootRelaxation.solve

    def counted(self: RootRelaxation, relaxation: Relaxation) -> tuple[SolvedRelaxation | None, BoolArray]:
        solved.append(relaxation)
        return solve_root(self, relaxation)

    monkeypatch.setattr(RootRelaxation, "solve", counted)
    changed = with_money(district, share)
    cold = search(changed)
    assert len(solved) == 1
    warm = search(changed, first.warm)
    for one, other in ((cold, warm), (warm, cold)):
        assert one.bound is not None
        assert other.objective is not None
        assert one.bound <= other.objective
    assert warm.gap is not None
    assert warm.gap <= 0.05
    # The relaxation with every choice, the longest step of a cold search, is not solved again.
    assert len(solved) == 1


@pytest.mark.slow
@pytest.mark.xdist_group("warm")
def test_a_file_keeps_what_was_learnt(first: Solution, tmp_path: Path) -> None:
    ours = first.warm
    assert ours is not None
    ours.write(tmp_path / "learnt.npz")
    theirs = WarmStart.read(tmp_path / "learnt.npz")
    assert theirs.goal == ours.goal
    assert theirs.prices == ours.prices
    assert theirs.schedule == ours.schedule
    assert theirs.household.tolist() == ours.household.tolist()
    assert theirs.part.tolist() == ours.part.tolist()
    assert np.array_equal(theirs.of_claim, ours.of_claim)
    assert np.array_equal(theirs.taken, ours.taken)
    assert theirs.opened.keys() == ours.opened.keys()
    assert all(np.array_equal(theirs.opened[key], ours.opened[key]) for key in ours.opened)


def held(problem: Problem, warm: WarmStart) -> Held | None:
    """What a search of the problem takes over of the plan of then."""
    relaxing = RelaxationFactory(problem, problem.objective.name, (), 100.0)
    of_claim, then = warmth.classes_of(warm, problem)
    return warmth.held_of(warm, relaxing.relax(of_claim), problem, then)


def choices_of(solution: Solution, problem: Problem) -> dict[str, tuple[str, int]]:
    """Label and month of what all households of each claim choose."""
    assert solution.decisions is not None
    offers, claims = problem.offers, problem.claims
    return {
        str(claims.household[offers.claim[offer]]): (str(offers.label[offer]), int(month))
        for offer, month, count in solution.decisions.settle.tolist()
        if count == claims.count[offers.claim[offer]]
    }


def chosen(problem: Problem, found: Held) -> dict[str, tuple[str, int]]:
    at = np.flatnonzero(found.offer >= 0)
    labels, months = problem.offers.label[found.offer[at]], found.month[at]
    return {
        str(name): (str(label), int(month))
        for name, label, month in zip(problem.claims.household[at], labels, months, strict=True)
    }


@pytest.mark.slow
@pytest.mark.xdist_group("warm")
def test_who_is_still_there_keeps_what_it_had(district: Problem, first: Solution) -> None:
    assert first.warm is not None
    planned = choices_of(first, district)
    found = held(district, first.warm)
    assert found is not None
    assert len(chosen(district, found)) > len(planned) / 2
    assert chosen(district, found).items() <= planned.items()
    # The same households in another order, some of them gone, and some under other names.
    order = np.random.Generator(np.random.PCG64(1)).permutation(len(district.claims))[:40]
    fewer, _ = subset(district, np.sort(order), np.ones(len(district.offers), dtype=np.bool_))
    names = fewer.claims.household.copy()
    names[:5] = "somebody new"
    fewer = replace(fewer, claims=replace(fewer.claims, household=names))
    found = held(fewer, first.warm)
    assert found is not None
    kept = chosen(fewer, found)
    assert kept
    assert "somebody new" not in kept
    assert kept.items() <= planned.items()


@pytest.mark.slow
@pytest.mark.xdist_group("warm")
def test_no_choice_is_kept_by_more_than_its_class_wants(district: Problem, first: Solution) -> None:
    assert first.warm is not None
    of_claim, then = warmth.classes_of(first.warm, district)
    relaxation = RelaxationFactory(district, district.objective.name, (), 100.0).relax(of_claim)
    found = warmth.held_of(first.warm, relaxation, district, then)
    assert found is not None
    classes, rng = relaxation.classes, np.random.Generator(np.random.PCG64(3))
    count = classes.problem.claims.count
    flow = np.zeros((len(classes.problem.offers), district.calendar.months))
    at = np.flatnonzero(found.offer >= 0)
    np.add.at(flow, (classes.of_offer[found.offer[at]], found.month[at]), district.claims.count[at])
    wanted = flow * rng.choice([1.0, 1.0, 0.4], flow.shape)
    rounding = HouseholdRounding(district, district.objective.name, (), 1e-3)
    table, left = rounding._keep(Shares(classes.of_claim, classes.first_offer, wanted, count), found)
    kept = np.zeros_like(flow)
    np.add.at(kept, (classes.of_offer[table[:, 0]], table[:, 1]), table[:, 2])
    assert table.size
    assert (kept <= wanted + 1e-6).all()
    assert not np.isin(district.offers.claim[table[:, 0]], left).any()
    assert table.shape[0] + left.size == len(district.claims)


@cache
def searched(seed: int, money: float = 1.0) -> Solution:
    """A search of a tiny problem from nothing, which several tests begin with."""
    return search(with_money(tiny_problem(seed), money), gap=0.0)


@pytest.mark.parametrize("seed", seeds(range(12), fast=1))
@pytest.mark.slow
def test_bounds_hold_whatever_the_search_begins_with(seed: int) -> None:
    problem = tiny_problem(seed)
    best = optimise(problem, gap=0.0, method="exact", check=lambda d: not audit_decisions(problem, d))
    if best.objective is None or problem.objective.tiers:
        pytest.skip("no optimum of one objective")
    for other in (searched(seed), searched(seed, 1.5), searched(seed + 1)):
        found = search(problem, other.warm, gap=0.0)
        assert found.bound is not None
        assert found.objective is not None
        slack = max(1.0, 1e-6 * abs(best.objective))
        assert found.bound <= best.objective + slack
        assert found.objective >= best.objective - slack
