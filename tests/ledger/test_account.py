"""The account takes both totals apart, and its parts add up to them to the fen."""

import numpy as np
import pytest
from tests.conftest import full_count
from tests.results.made import random_books

from renewopt.ledger.account import TOTALS, list_account, whole
from renewopt.ledger.charges import FEES, list_fees, list_rows
from renewopt.ledger.exact import totals
from renewopt.vocabulary import ACCOUNTS, Entry, Item, Reckoned

SEEDS = range(full_count(60, 1500))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_of_a_total_add_up_to_it(seed: int) -> None:
    books = random_books(seed)
    account = list_account(books)
    assert not (account["fen"] == 0).any()
    for number, name in enumerate(TOTALS):
        total = books.totals.transition_fees if name == "transition_fees" else books.totals.fiscal_cost
        assert account["fen"][account["total"] == number].sum() == round(total)


@pytest.mark.parametrize("seed", SEEDS)
def test_fees_stand_under_the_items_of_households(seed: int) -> None:
    books = random_books(seed)
    problem, account = books.problem, list_account(books)
    rows = list_rows(problem, books.choices, books.people.unsettled)
    charges = list_fees(problem, books.choices, rows, np.ones(len(rows), dtype=np.bool_))
    project = problem.claims.project[rows.claim[charges.row]]
    for item, name in zip(FEES, (Item.FEE, Item.FEE_OVERDUE, Item.FEE_TAIL), strict=True):
        mine = charges.item == item
        expected = totals(problem.projects.size, project[mine], charges.fen[mine])
        told = account[(account["total"] == 0) & (account["part"] == ACCOUNTS.index(name))]
        assert totals(problem.projects.size, told["project"], told["fen"]).tolist() == expected.tolist()


def test_random_books_have_every_part_that_is_hard_to_tell() -> None:
    seen = {ACCOUNTS[row["part"]] for seed in SEEDS for row in list_account(random_books(seed))}
    assert {Item.FEE_TAIL, Item.SURCHARGE, Entry.RECOVERED, Reckoned.VALUED, Reckoned.OBLIGATION} <= seen


@pytest.mark.parametrize("seed", range(full_count(30, 300)))
def test_rounded_amounts_keep_their_total(seed: int) -> None:
    random = np.random.default_rng(seed)
    amounts = random.normal(0, 1000, random.integers(1, 30))
    total = round(amounts.sum())
    fen = whole(amounts, total)
    assert fen.sum() == total
    assert np.abs(fen - amounts).max() <= 1
    assert whole(-amounts, -total).tolist() == (-fen).tolist()
