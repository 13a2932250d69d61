"""Decisions that break rules are replayed all the same, and the books of whatever is decided add up."""

from dataclasses import fields
from functools import cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renewopt.ledger import audit_decisions, replay
from renewopt.problem import Decisions, Problem
from renewopt.testing.tiny import tiny_problem

tiny = cache(tiny_problem)


def random_decisions(problem: Problem, seed: int) -> Decisions:
    """Rows that can be read, and keep no other rule."""
    random = np.random.default_rng(seed)
    calendar = problem.calendar
    sizes = {
        "offer": len(problem.offers),
        "phase": len(problem.phases),
        "fund": len(problem.funds),
        "need": len(problem.needs),
        "move": len(problem.moves),
        "loan": len(problem.loans),
    }
    tables = {}
    for name, columns in Decisions.COLUMNS.items():
        rows = int(random.integers(0, 6))
        limits = {
            **sizes,
            "month": calendar.months if name == "settle" else calendar.books,
            "households": 5,
            "fen": 10**7,
        }
        if all(limits[column] for column in columns):
            low = [-2 if column in {"households", "fen"} else 0 for column in columns]
            high = [limits[column] for column in columns]
            tables[name] = random.integers(low, high, (rows, len(columns)))
    return Decisions(**tables)


@given(st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_the_books_of_anything_add_up(which, seed):
    problem = tiny(which)
    decisions = random_decisions(problem, seed)
    books = replay(problem, decisions)
    for violation in audit_decisions(problem, decisions, books):
        assert str(violation)
        assert violation.message("zh")

    rows = books.fund_rows()
    for fund in range(len(problem.funds)):
        assert rows["amount"][rows["fund"] == fund].sum() == books.funds.closing[fund, -1]
        for month in range(problem.calendar.books):
            seen = rows[(rows["fund"] == fund) & (rows["month"] <= month)]
            assert (seen["balance"][-1] if seen.size else 0) == books.funds.closing[fund, month]

    payments = books.payments
    met = payments.paid + payments.offset + payments.shortfall
    asked = books.dues.due - payments.owed + payments.surcharge + payments.repaid + payments.imbalance
    assert (met == asked).all()
    assert books.fees.claim.sum() == books.fees.ordinary.sum() + books.fees.overdue.sum()
    assert books.dues.billed.sum() == books.fees.claim.sum()
    assert (
        books.loans.borrowed.sum(axis=1) - books.loans.principal.sum(axis=1) == books.loans.outstanding[:, -1]
    ).all()
    assert books.people.housed.sum() + books.people.waiting[:, -1].sum() == books.households


@given(st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_rows_may_stand_in_any_order(which, seed):
    problem = tiny(which)
    decisions = random_decisions(problem, seed)
    turned = Decisions(**{field.name: getattr(decisions, field.name)[::-1] for field in fields(Decisions)})
    one, other = replay(problem, decisions), replay(problem, turned)
    assert one.objective("transition_fees") == other.objective("transition_fees")
    assert one.objective("fiscal_cost") == other.objective("fiscal_cost")
    assert one.fund_rows().tolist() == other.fund_rows().tolist()
    assert one.fee_rows().tolist() == other.fee_rows().tolist()
