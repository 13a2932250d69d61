"""Decisions that cannot be read are refused in words; those that merely break rules are not."""

import numpy as np
import pytest

from renewopt.ledger import replay
from renewopt.problem import Decisions

from .builder import Builder, decide


@pytest.fixture
def problem():
    build = Builder(months=3, books=5)
    build.fund(1000)
    build.need("fees")
    build.bill()
    build.claim()
    build.offer()
    return build.build()


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        (decide(settle=[(1, 0, 1)]), r"settle row 0: offer 1 is outside 0 … 0"),
        (decide(settle=[(0, 3, 1)]), r"settle row 0: month 3 is outside 0 … 2"),
        (decide(pay=[(0, 0, 0, 1), (0, 0, 5, 1)]), r"pay row 1: month 5 is outside 0 … 4"),
        (decide(pay=[(0, -1, 0, 1)]), r"pay row 0: need -1 is outside"),
        (decide(borrow=[(0, 0, 1)]), r"borrow row 0: loan 0 is outside 0 … -1"),
        (decide(complete=[(0, 0)]), r"complete row 0: phase 0"),
        (decide(move=[(0, 0, 1)]), r"move row 0: move 0"),
        (Decisions(owe=np.zeros((1, 2), dtype=np.int64)), r"owe: expected whole numbers in 3 columns"),
        (Decisions(owe=np.zeros(3, dtype=np.int64)), r"found int64 in shape \(3,\)"),
        (Decisions(owe=np.zeros((1, 3))), r"found float64"),
    ],
)
def test_unreadable_decisions(problem, decisions, message):
    with pytest.raises(ValueError, match=message):
        replay(problem, decisions)


def test_only_the_first_few_are_told(problem):
    with pytest.raises(ValueError, match=r"offset row 4: need 9 .*; and 1 more$"):
        replay(problem, decide(offset=[(9, 0, 1)] * 5, owe=[(9, 0, 1)]))
