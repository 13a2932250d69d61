"""Charges: whose they are, and that nothing is lost when fees become bills."""

import numpy as np
import pytest
from tests.results.made import random_books

from renewopt.ledger import replay
from renewopt.ledger.charges import FEES, ITEM, bill_charges, gather, list_fees, list_prices, list_rows, total_fees
from renewopt.ledger.exact import totals
from renewopt.ledger.people import UNDECIDED
from renewopt.ledger.statement import PAYER, pay_prices

from .builder import Builder, decide


def test_entries_of_one_key_are_added_and_nothing_else() -> None:
    (one, other), fen = gather((np.array([1, 0, 1, 1]), np.array([5, 5, 4, 5])), np.array([3, 2, 7, -3]))
    assert (one.tolist(), other.tolist(), fen.tolist()) == ([0, 1], [5, 4], [2, 7])
    (none,), fen = gather((np.zeros(0, dtype=np.int64),), np.zeros(0, dtype=np.int64))
    assert none.size == fen.size == 0


def town() -> Builder:
    build = Builder(months=4, books=9)
    build.clock(overdue_from=2, late=3000)
    build.fund(10**6)
    build.need("fees")
    build.need("cash")
    build.bill()
    build.claim(100, count=4)
    build.claim(10)
    build.offer(0, housed_after=1, tail=2, tail_multiplier=1000, price=50, price_need=1)
    build.offer(1, housed_after=2, stream=[7, 6, 5, 4])
    return build


def test_rows_are_decisions_and_then_who_waits() -> None:
    books = replay(town().build(), decide(settle=[(1, 0, 1), (0, 2, 1), (0, 1, 2)]))
    rows = list_rows(books.problem, books.choices, books.people.unsettled)
    assert rows.claim.tolist() == [1, 0, 0, 0]
    assert rows.households.tolist() == [1, 1, 2, 1]
    assert rows.housed.tolist() == [2, 3, 2, UNDECIDED]
    assert rows.stop.tolist() == [0, 3, 2, 4]
    assert rows.rank.tolist() == [3, 1, 0, 2]


def test_fees_of_each_row_to_its_end_and_in_the_tail() -> None:
    books = replay(town().build(), decide(settle=[(1, 0, 1), (0, 2, 1), (0, 1, 2)]))
    rows = list_rows(books.problem, books.choices, books.people.unsettled)
    fees, tail = total_fees(books.problem, books.choices, rows)
    # Stated; 100 + 100 + 300 and a tail of 2 × 100; two of 100 + 100 and the tail; 100 + 100 + 300 + 300.
    assert fees.tolist() == [7 + 6 + 5 + 4, 700, 2 * 400, 800]
    assert tail.tolist() == [5 + 4, 200, 2 * 200, 0]


@pytest.mark.parametrize("seed", range(30))
def test_fees_are_those_of_the_ledger(seed: int) -> None:
    books = random_books(seed)
    problem, choices = books.problem, books.choices
    rows = list_rows(problem, choices, books.people.unsettled)
    everybody = np.ones(len(rows), dtype=np.bool_)
    fees = list_fees(problem, choices, rows, everybody)
    assert (totals(len(problem.claims), rows.claim[fees.row], fees.fen) == books.fees.claim).all()
    assert (totals(len(rows), fees.row, fees.fen) == total_fees(problem, choices, rows)[0]).all()
    government, developers = bill_charges(problem, rows, fees)
    both = government.fen.sum() + developers.fen.sum()
    assert both == fees.fen.sum() == books.dues.billed.sum()
    assert government.fen.sum() == books.dues.government.sum()
    late = fees.item == FEES[1]
    assert fees.fen[late].sum() <= books.fees.claim_overdue.sum()
    priced, received = list_prices(problem, choices)
    assert received.fen.sum() == books.dues.received.sum()
    assert not np.isin(priced.item, FEES).any()


@pytest.mark.parametrize("seed", range(30))
def test_prices_are_paid_as_the_statement_says(seed: int) -> None:
    books = random_books(seed)
    rows, priced, _, pieces = pay_prices(books)
    own = (pieces.row >= 0) & ~np.isin(pieces.item, FEES)
    stated = priced.need >= 0
    assert (totals(len(rows), pieces.row[own], -pieces.fen[own])
            == totals(len(rows), priced.row[stated], priced.fen[stated])).all()  # fmt: skip
    assert (pieces.month[pieces.payer == PAYER["owed"]] < 0).all()
    assert (pieces.item[pieces.row < 0] >= ITEM["arrears"]).all()
