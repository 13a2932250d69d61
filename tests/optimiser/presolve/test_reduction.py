"""What cannot matter is left out: the optimum stays, and decisions are told in the whole problem's offers."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.ledger import audit_decisions
from renewopt.optimiser import exact, optimise
from renewopt.optimiser.presolve.reduction import presolve
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.solving import decide
from renewopt.problem import Decisions, Limits, Problem, Ragged
from renewopt.testing.tiny import tiny_problem

SEEDS = range(40)


def limited(problem: Problem, seed: int) -> Problem:
    """Close some offers by a limit of 0, and add limits that cannot bind."""
    generator = np.random.default_rng(seed)
    limits, offers = problem.limits, problem.offers
    closed = np.flatnonzero(generator.random(len(offers)) < 0.3)
    loose = np.arange(len(offers))
    size = len(limits)
    row = np.concatenate([limits.offers.row, np.full(closed.size, size), np.full(2 * loose.size, size + 1)])
    row[limits.offers.row.size + closed.size + loose.size :] = size + 2
    everybody = int(problem.claims.count.sum())
    return replace(
        problem,
        limits=Limits(
            id=np.concatenate([limits.id, np.array(["closed", "loose", "loose-monthly"], dtype=object)]),
            monthly=np.concatenate([limits.monthly, np.array([False, False, True])]),
            first=np.concatenate([limits.first, np.zeros(3, dtype=np.int32)]),
            last=np.concatenate([limits.last, np.full(3, problem.calendar.months - 1, dtype=np.int32)]),
            cap=np.concatenate([limits.cap, np.array([0, everybody, everybody])]),
            offers=Ragged.build(size + 3, row, offer=np.concatenate([limits.offers["offer"], closed, loose, loose])),
        ),
    )


@pytest.mark.parametrize("seed", seeds(SEEDS, fast=20))
def test_the_optimum_stays(seed: int) -> None:
    problem = limited(tiny_problem(seed), seed)
    audited: Callable[[object], bool] = lambda decisions: not audit_decisions(problem, decisions)  # type: ignore[arg-type] # noqa: E731
    whole = decide(
        problem,
        exact.search,
        name=problem.objective.name,
        gap=0.0,
        clock=Clock(math.inf),
        check=audited,
        describe=False,
    )
    found = optimise(problem, gap=0.0, time_limit=math.inf, method="exact", check=audited, describe=False)
    assert found.status == whole.status
    if whole.objective is None:
        return
    assert found.objective == pytest.approx(whole.objective, abs=1.0)
    assert found.decisions is not None
    assert not audit_decisions(problem, found.decisions)


@pytest.mark.parametrize("seed", seeds(SEEDS, fast=20))
def test_what_is_left_out_is_what_cannot_matter(seed: int) -> None:
    tiny = tiny_problem(seed)
    problem = limited(tiny, seed)
    presolved = presolve(problem)
    left = set(presolved.problem.limits.id.tolist())
    assert left <= set(tiny.limits.id.tolist())
    closed = problem.limits.offers["offer"][problem.limits.cap[problem.limits.offers.row] == 0]
    assert sorted({*presolved.offer.tolist(), *closed.tolist()}) == list(range(len(problem.offers)))
    assert not set(presolved.offer.tolist()) & set(closed.tolist())
    assert np.array_equal(presolved.problem.offers.claim, problem.offers.claim[presolved.offer])


@pytest.mark.parametrize("seed", range(6))
def test_a_limit_of_as_many_as_there_are_stays_where_fewer_are_meant(seed: int) -> None:
    problem = tiny_problem(seed)
    one = np.flatnonzero(problem.claims.count == problem.claims.count.max())[:1]
    offers = np.flatnonzero(problem.offers.claim == one[0])
    limits = Limits(
        id=np.array(["enough", "short"], dtype=object),
        monthly=np.zeros(2, dtype=np.bool_),
        first=np.zeros(2, dtype=np.int32),
        last=np.full(2, problem.calendar.months - 1, dtype=np.int32),
        cap=np.array([problem.claims.count[one[0]], problem.claims.count[one[0]] - 1]),
        offers=Ragged.build(2, np.repeat([0, 1], offers.size), offer=np.concatenate([offers, offers])),
    )
    kept = presolve(replace(problem, limits=limits)).problem.limits.id.tolist()
    assert kept == (["short"] if problem.claims.count[one[0]] > 1 else [])


@pytest.mark.parametrize("seed", range(6))
def test_decisions_about_the_whole_are_told_in_what_is_left(seed: int) -> None:
    problem = limited(tiny_problem(seed), seed)
    presolved = presolve(problem)
    for offer in range(len(problem.offers)):
        decisions = Decisions(settle=np.array([[offer, 0, 1]]))
        told = presolved.restated(decisions)
        assert (told is None) is (offer not in presolved.offer)
        if told is not None:
            assert presolved.postsolve(told).settle.tolist() == decisions.settle.tolist()
    nobody = presolved.restated(Decisions())
    assert nobody is not None
    assert nobody.settle.shape == (0, 3)
