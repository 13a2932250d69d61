"""What was promised has a price: a plan pays it for what it changes, and for nothing else."""

import numpy as np
import pytest
from tests.conftest import full_count

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.problem import Problem
from renewopt.problem.promises import with_promises
from renewopt.testing.tiny import tiny_problem
from renewopt.vocabulary import Goal

SEEDS = full_count(25, 1000)
PRICE = 1_000.0


def best(problem: Problem, method: str = "exact") -> tuple[float, np.ndarray] | None:
    found = optimise(problem, gap=0.0, method=method, check=lambda decisions: not audit_decisions(problem, decisions))
    if found.decisions is None:
        return None
    assert found.status == "optimal"
    assert found.objective is not None
    return found.objective, found.decisions.settle


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.slow
def test_the_price_is_paid_for_each_household_that_gets_something_else(seed: int) -> None:
    problem = tiny_problem(seed)
    first = best(problem)
    if first is None or not len(first[1]) or any(tier.goal == Goal.DISUTILITY for tier in problem.objective.tiers):
        return
    value, settle = first
    promised = with_promises(problem, settle, PRICE)
    assert promised.problem.claims.count.sum() == problem.claims.count.sum()
    assert promised.taken(promised.as_promised(settle)) == promised.promises == settle[:, 2].sum()
    for method in ("exact", "structured"):
        again = best(promised.problem, method)
        assert again is not None
        # What was promised is the best there is: nothing is gained by changing it.
        assert again[0] + PRICE * promised.promises == pytest.approx(value, abs=2.0)
    strict = best(with_promises(problem, settle, 0.0, strict=True).problem)
    assert strict is not None
    assert strict[0] == pytest.approx(value, abs=2.0)


def test_of_a_cohort_no_more_are_worth_it_than_were_promised() -> None:
    """Households of a cohort that were promised different things are apart, and are put together again."""
    seen = 0
    for seed in range(15):
        problem = tiny_problem(seed)
        first = best(problem)
        if first is None or not len(first[1]):
            continue
        row = int(first[1][:, 2].argmax())
        offer, month, households = first[1][row].tolist()
        if households < 2 or problem.claims.indivisible[problem.offers.claim[offer]]:
            continue
        seen += 1
        promised = with_promises(problem, np.array([[offer, month, 1]]), PRICE)
        assert promised.promises == 1
        settle = promised.as_promised(first[1])
        assert promised.taken(settle) == 1
        assert sorted(promised.stated(settle).tolist()) == sorted(first[1].tolist())
    assert seen > 0


def test_without_a_price_disutility_stays_what_it_was() -> None:
    seen = 0
    for seed in range(30):
        problem = tiny_problem(seed)
        if not problem.offers.disutility.any() or problem.objective.disutility_weight:
            continue
        offer = int(problem.offers.disutility.argmax())
        announced = np.array([[offer, problem.offers.first[offer], 1]], dtype=np.int64)
        promised = with_promises(problem, announced, 0.0)
        assert promised.problem.offers.disutility.tolist() == problem.offers.disutility[promised.offer].tolist()
        assert promised.problem.objective.disutility_weight == 0
        assert promised.problem.offers.kept is not None
        assert promised.problem.offers.kept.tolist() == promised.kept.tolist()
        seen += 1
    assert seen > 3
