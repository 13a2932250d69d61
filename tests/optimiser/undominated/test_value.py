"""The objective in fen is the ledger's own figure."""

import pytest

from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.optimiser.payments.settled import assess
from renewopt.optimiser.undominated.value import reached_in_fen
from renewopt.testing.tiny import tiny_problem
from renewopt.vocabulary import OBJECTIVES


@pytest.mark.parametrize("seed", range(12))
def test_it_is_what_the_ledger_counts(seed: int) -> None:
    problem = tiny_problem(seed)
    solution = optimise(problem, gap=0.0, check=lambda decisions: not audit_decisions(problem, decisions))
    if solution.decisions is None:
        return
    books, whole = replay(problem, solution.decisions), assess(problem, solution.decisions.settle)
    for name in OBJECTIVES:
        reached = reached_in_fen(problem, whole, solution.decisions, name)
        assert reached == pytest.approx(float(books.objective(name)), abs=1e-3)
