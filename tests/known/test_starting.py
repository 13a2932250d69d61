"""On instances with known optima nothing is worse than a rule of thumb, however short the search."""

from pathlib import Path

import pytest
from tests.conftest import full_count
from tests.known.test_money import INSTANCES, tardy
from tests.optimiser.test_starting import in_order, no_worse, searched

import renewopt
from renewopt.problem import compile_problem
from renewopt.stopping import Limit, StoppingRule


@pytest.mark.parametrize(
    ("number", "jobs"),
    [(21, 4), *(pytest.param(number, 8, marks=pytest.mark.slow) for number in INSTANCES[:: full_count(10, 1)])],
)
def test_never_above_a_rule_on_weighted_tardiness(known_optima: Path, tmp_path: Path, number: int, jobs: int) -> None:
    problem = compile_problem(renewopt.load(tardy(known_optima, number, jobs).write(tmp_path)))
    starts = in_order(problem)
    assert starts
    rule = StoppingRule(branch_and_cut=Limit(0, 0))
    no_worse(problem, searched(problem, starts, rule=rule, method="exact"), starts)
