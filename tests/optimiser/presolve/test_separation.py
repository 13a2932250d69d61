"""Rows on whole phases: no whole plan breaks one, and each of their terms is needed."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.decomposition.made_cuts import estate, some_cuts, some_points
from tests.optimiser.decomposition.test_lagrangian import supply_and_money

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.decomposition.lagrangian import admissible, carry_over, linking_rows
from renewopt.optimiser.decomposition.pricing import HouseholdPricing, RowPrices
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster, every_choice
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.model.phase_cuts import EFFECTIVE, RESIDUAL, PhaseCut, with_cuts
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.presolve.pool_sets import PoolSet
from renewopt.optimiser.presolve.separation import VIOLATED, group_claims, separate
from renewopt.problem import Problem
from renewopt.testing.brute import Enumeration
from renewopt.testing.tiny import tiny_problem
from renewopt.units import YUAN_PER_WAN

ROUNDS = 12
SEEDS = full_count(30, 400)
PLANS = 3_000
"""Whole plans of a problem that are looked at, at the most."""


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
    used = np.array(cut.weights) @ taken[np.ix_(cut.groups, cut.pools, (cut.month,))].sum(axis=(0, 2))
    return float(used - cut.upper - np.array(cut.served) @ state[list(cut.phases), by_then])


def mutants(cut: PhaseCut) -> Iterator[tuple[str, PhaseCut]]:
    """Rows without a phase, with a phase that serves a little less, or with a home less from the start."""
    for k in range(len(cut.phases)):
        if cut.served[k] > 0:
            for name, less in (("phase", 0.0), ("served", cut.served[k] - 0.01)):
                yield name, replace(cut, served=(*cut.served[:k], less, *cut.served[k + 1 :]))
    yield "upper", replace(cut, upper=cut.upper - 1.0)


@pytest.mark.parametrize(("drawn", "most_pools"), [(tiny_problem, 1), (estate, 3)], ids=["tiny", "estate"])
def test_no_whole_plan_breaks_a_row_and_a_row_without_one_of_its_terms_is_broken(
    drawn: Callable[[int], Problem], most_pools: int
) -> None:
    held, broken, kinds, plans, pools = 0, dict.fromkeys(("phase", "served", "upper"), 0), set(), 0, set()
    for seed in range(SEEDS):
        problem = drawn(seed)
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
        pools |= {len(cut.pools) for cut in cuts}
    assert plans >= 1_000
    assert held >= 10_000
    assert kinds == {EFFECTIVE, RESIDUAL}
    assert pools == set(range(1, most_pools + 1))
    assert all(broken.values()), broken


def test_every_row_is_violated_by_the_point_that_it_was_found_for() -> None:
    found = 0
    for seed in range(SEEDS):
        problem = estate(seed) if seed % 2 else tiny_problem(seed)
        for capacity, taken, state in some_points(problem, seed) if len(problem.phases) else ():
            for cut in separate(capacity, taken, state, within=1):
                pools = capacity.sets.index(PoolSet(cut.pools, cut.weights))
                most = capacity.most[list(cut.groups), pools].sum() / 100.0
                used = taken[list(cut.groups), pools, cut.month].sum() / 100.0
                by_then = state[list(cut.phases), min(cut.month, state.shape[1] - 1)]
                violation = used - cut.upper - np.array(cut.served) @ by_then
                assert violation >= VIOLATED * most * (1.0 - 1e-9), (seed, cut)
                found += 1
    assert found >= 100


def relaxed(problem: Problem) -> tuple[float, float, float, int] | None:
    """The relaxation, the same with rows on whole phases, what its duals prove, and the number of rows."""
    factory = RelaxationFactory(merge_needs(loosened(problem))[0], problem.objective.name, (), 1.0, idle=0.0)
    values = []
    for _ in range(ROUNDS):
        relaxation = factory.relax(np.arange(len(problem.claims)))
        answer = RestrictedMaster(relaxation, every_choice(relaxation), elastic=False).solve(math.inf)
        solved = factory.evaluate(relaxation, answer)
        if solved is None:
            return None
        values.append(solved.value)
        if not factory.strengthen(relaxation, solved.x):
            break
    return values[0], values[-1], solved.bound, len(factory.cuts)


@pytest.mark.slow
def test_relaxation_cuts_bound_optimum_and_plan_stand_in_their_order() -> None:
    stronger = 0
    for seed in range(full_count(40, 240)):
        problem = tiny_problem(seed)
        if problem.objective.tiers or not len(problem.phases):
            continue
        how = {"gap": 0.0, "check": lambda d, p=problem: not audit_decisions(p, d), "describe": False}
        best = optimise(problem, method="exact", **how)
        found = relaxed(problem)
        if best.objective is None or found is None:
            continue
        optimum = best.objective / YUAN_PER_WAN
        slack = 1e-4 + 1e-6 * abs(optimum)
        before, after, bound, rows = found
        assert before <= after + slack, seed
        assert after <= optimum + slack, seed
        assert bound <= after + slack, seed
        stronger += rows > 0 and after > before + slack
    assert stronger >= 5


def test_prices_carried_over_to_further_rows_prove_as_much() -> None:
    """A home taken before a new row's month, and after the last one's, costs its group what it cost before."""
    looked_at = 0
    for seed in range(full_count(30, 240)):
        problem = tiny_problem(seed)
        cuts = some_cuts(problem, seed) if len(problem.phases) else []
        if len(cuts) < 4 or problem.objective.tiers:
            continue
        f, plain = formulate(problem, relaxed=True)
        group = group_claims(problem)
        few, all_ = (with_cuts(f.layout(), plain, group, some) for some in (cuts[1::2], cuts))
        raw = Engine(few).run()
        if raw.row_dual is None:
            continue
        y = admissible(np.where(linking_rows(few), raw.row_dual, 0.0), few)
        carried = admissible(carry_over(y, few.rows, all_), all_)
        pricing = HouseholdPricing(problem, problem.objective.name, ())
        own, same = (
            pricing.total(pricing.respond(RowPrices.of(problem, model, prices, 0)))
            for model, prices in ((few, y), (all_, carried))
        )
        assert same == pytest.approx(own, rel=1e-9, abs=1e-9), seed
        small = supply_and_money(few, y)
        slack = 1e-6 * (1.0 + abs(small))
        assert supply_and_money(all_, carried) >= small - slack, seed
        assert small + own == pytest.approx(raw.objective, rel=1e-6, abs=1e-6), seed
        looked_at += 1
    assert looked_at >= 10
