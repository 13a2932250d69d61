"""Rows on whole phases: no whole plan breaks one, and each of their terms is needed."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from tests.conftest import full_count
from tests.ledger.builder import Builder

from renewopt.optimiser.decomposition.separation import PhaseCapacity, group_claims, rounded_up, separate
from renewopt.optimiser.model.phase_cuts import EFFECTIVE, RESIDUAL, PhaseCut
from renewopt.problem import Problem, Route
from renewopt.testing.brute import Enumeration
from renewopt.testing.tiny import tiny_problem

SEEDS = full_count(60, 400)
PLANS = 3_000
"""Whole plans of a problem that are looked at, at the most."""


def some_cuts(problem: Problem, seed: int) -> list[PhaseCut]:
    """Rows that points at random violate, whether or not the relaxation reaches these points."""
    group = group_claims(problem)
    span = problem.calendar.books + int(problem.offers.housed_after.max(initial=0))
    capacity = PhaseCapacity.of(problem, group, span)
    rng = np.random.Generator(np.random.PCG64(seed))
    cuts: dict[PhaseCut, None] = {}
    for _ in range(6):
        state = np.maximum.accumulate(rng.random((len(problem.phases), problem.calendar.months)), axis=1)
        share = np.maximum.accumulate(rng.random(capacity.shape), axis=2)
        cuts.update(dict.fromkeys(separate(capacity, capacity.most[:, :, None] * share, state)))
    return list(cuts)


def whole_plans(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(G, P, S) homes that each group has taken up to each month, and (E, T) state of the phases, of whole plans."""
    group, offers = group_claims(problem), problem.offers
    span = problem.calendar.books + int(offers.housed_after.max(initial=0))
    for chosen, handover in Enumeration(problem).with_homes():
        taken = np.zeros((int(group.max(initial=-1)) + 1, len(problem.pools), span))
        for claim, options in enumerate(chosen):
            for offer, month in (option for option in options if option is not None):
                own = slice(offers.stock.start[offer], offers.stock.start[offer + 1])
                housed = month + offers.housed_after[offer]
                for pool, amount in zip(offers.stock["pool"][own], offers.stock["amount"][own], strict=True):
                    taken[group[claim], pool, housed:] += amount / 100.0
        state = np.zeros((len(handover), problem.calendar.months))
        for phase, by_then in enumerate(handover):
            if by_then is not None:
                state[phase, by_then:] = 1.0
        yield taken, state


def excess(cut: PhaseCut, taken: np.ndarray, state: np.ndarray) -> float:
    """By how much a plan breaks a row."""
    by_then = min(cut.month, state.shape[1] - 1)
    used = taken[list(cut.groups), cut.pool, cut.month].sum()
    return float(used - cut.upper - np.array(cut.served) @ state[list(cut.phases), by_then])


def mutants(cut: PhaseCut) -> Iterator[tuple[str, PhaseCut]]:
    """Rows with a term less, or one month, group or home wrong."""
    for k in range(len(cut.phases)):
        if cut.served[k] > 0:
            yield "phase", replace(cut, phases=cut.phases[:k] + cut.phases[k + 1 :], served=cut.served[:k] + cut.served[k + 1 :])
    yield "upper", replace(cut, upper=cut.upper - 1.0)
    if cut.month:
        yield "later homes", replace(cut, served=tuple(0.9 * each for each in cut.served))


def test_no_whole_plan_breaks_a_row_and_a_row_without_one_of_its_terms_is_broken() -> None:
    held, broken, kinds, plans = 0, dict.fromkeys(("phase", "upper", "later homes"), 0), set(), 0
    for seed in range(SEEDS):
        problem = tiny_problem(seed)
        if not len(problem.phases):
            continue
        cuts = some_cuts(problem, seed)
        wrong = [(name, mutant) for cut in cuts for name, mutant in mutants(cut)]
        for taken, state in islice(whole_plans(problem), PLANS):
            plans += 1
            for cut in cuts:
                assert excess(cut, taken, state) <= 1e-9, (seed, cut)
                held += 1
            for name, mutant in wrong:
                broken[name] += excess(mutant, taken, state) > 1e-9
        kinds |= {cut.kind for cut in cuts}
    assert plans >= 1_000
    assert held >= 10_000
    assert kinds == {EFFECTIVE, RESIDUAL}
    assert all(broken.values()), broken
