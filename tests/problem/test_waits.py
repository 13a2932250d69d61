"""A limit on the longest wait: what is left open is what keeps it, and nothing else is closed."""

from dataclasses import replace

import numpy as np
import pytest
from tests.conftest import full_count

from renewopt.optimiser.model.choices import list_choices
from renewopt.problem import Problem, Tier
from renewopt.problem.waits import least_longest_wait, within_waits
from renewopt.testing.tiny import tiny_problem
from renewopt.vocabulary import Goal


def moved_out_earlier(seed: int) -> Problem:
    problem = tiny_problem(seed)
    rng = np.random.Generator(np.random.PCG64(seed))
    out = rng.integers(-6, 2, problem.fees.moved_out.size).astype(np.int32)
    return replace(problem, fees=replace(problem.fees, moved_out=out))


@pytest.mark.parametrize("seed", range(full_count(30, 300)))
def test_what_stays_open_is_what_keeps_the_limit(seed: int) -> None:
    problem = moved_out_earlier(seed)
    who = np.arange(len(problem.claims)) % 3 != 1
    most = 1 + seed % 7
    narrowed, left = within_waits(problem, [(Tier("longest", Goal.LONGEST_WAIT, who), most + 0.4)])
    assert left == ()
    before, after = list_choices(problem), list_choices(narrowed)
    waits = problem.months_out(before.claim, before.housed)
    keeps = ~who[before.claim] | (waits <= most)
    assert list(zip(after.offer, after.month, strict=True)) == list(
        zip(before.offer[keeps], before.month[keeps], strict=True)
    )
    every = np.arange(len(who))
    never = problem.months_out(every, problem.never_housed(every))
    assert ((narrowed.claims.deadline >= 0) == ((problem.claims.deadline >= 0) | (who & (never > most)))).all()


@pytest.mark.parametrize("seed", range(full_count(30, 300)))
def test_nobody_waits_for_less_than_the_least(seed: int) -> None:
    problem = moved_out_earlier(seed)
    least = least_longest_wait(problem)
    if not least:
        return
    narrowed, _ = within_waits(
        problem, [(Tier("all", Goal.LONGEST_WAIT, np.ones(len(problem.claims), bool)), least - 1)]
    )
    open_to = np.bincount(list_choices(narrowed).claim, minlength=len(problem.claims))
    assert ((narrowed.claims.deadline >= 0) & (open_to == 0)).any()


def test_other_goals_stay_as_they_are() -> None:
    problem = tiny_problem(1)
    fees = Tier("fees", Goal.FEES, np.ones(len(problem.claims), dtype=np.bool_))
    same, left = within_waits(problem, [(fees, 3.0)])
    assert same is problem
    assert left == ((fees, 3.0),)
