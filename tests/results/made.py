"""Plans made for tests: from random tiny problems under a rule of thumb, without a solver."""

from functools import lru_cache

import numpy as np

from renewopt.ledger import Books, replay
from renewopt.policies.waiting import WaitForBuild
from renewopt.problem import Decisions, Problem
from renewopt.results.planned import Plan
from renewopt.results.planning import _filled, _Stopwatch
from renewopt.testing.tiny import tiny_problem


@lru_cache(maxsize=256)
def tiny(seed: int) -> Problem:
    return tiny_problem(seed)


def random_decisions(problem: Problem, seed: int) -> Decisions:
    """Any choices at all on top of the rule's: the tables must tell them whether or not they keep the rules."""
    random = np.random.default_rng(seed)
    rows = []
    left = problem.claims.count.copy()
    for offer in random.permutation(len(problem.offers)).tolist():
        claim = problem.offers.claim[offer]
        taken = int(random.integers(0, left[claim] + 1))
        month = int(random.integers(problem.offers.first[offer], problem.offers.last[offer] + 1))
        if taken:
            rows.append((offer, month, taken))
            left[claim] -= taken
    settle = np.array(rows, dtype=np.int64).reshape(-1, 3)
    waiting = WaitForBuild().decide(problem)
    return Decisions(**{name: getattr(waiting, name) for name in ("complete", "build", "pay")}, settle=settle)


def random_books(seed: int) -> Books:
    problem = tiny(seed)
    return replay(problem, random_decisions(problem, seed))


def frame(problem: Problem, **figures: object) -> Plan:
    stated = {
        "name": "tiny",
        "scenario_path": None,
        "scenario_sha256": "0" * 64,
        "variant": None,
        "policy": "optimal",
        "options": {"gap": 0.001, "objective": None},
        "version": "0",
        "start": problem.calendar.label(0),
        "months": problem.calendar.months,
        "status": "feasible",
        "objective_name": problem.objective.name,
        "households": int(problem.claims.households.sum()),
    }
    return Plan(**{**stated, **figures})  # type: ignore[arg-type]


def random_plan(seed: int, **figures: object) -> Plan:
    books = random_books(seed)
    return _filled(frame(books.problem, **figures), books, _Stopwatch())
