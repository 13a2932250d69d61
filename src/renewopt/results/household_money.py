"""What each household pays and is paid, for the rosters and the household statement of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.charges import FEES, ITEM, Charges, Rows, gather, total_fees
from renewopt.ledger.exact import totals
from renewopt.ledger.people import UNDECIDED
from renewopt.ledger.statement import PAYER, WHAT_FOR, Pieces, list_statement, pay_prices
from renewopt.results.cells import labels, string, yuan
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import ITEMS, PAYERS, Item, Payer

if TYPE_CHECKING:
    from renewopt.ledger.books import Books

__all__ = ["roster_columns", "statement_columns"]

AREA = 10_000
"""Parts of a m² that areas are counted in."""


def roster_columns(books: Books) -> dict[str, NDArray[np.generic]]:
    """Area and money of the settling decisions, and then of those with no choice, claim by claim.

    Returns
    -------
    dict of str to numpy.ndarray
        By name of the column; amounts are for all households of a row.
    """
    problem, choices = books.problem, books.choices
    rows, priced, received, pieces = pay_prices(books)
    size = len(rows)
    given = np.full(size, -1, dtype=np.int64)
    given[: choices.offer.size] = problem.offers.given[choices.offer]
    back = priced.item == ITEM[Item.REFUND]
    price = priced.item == ITEM[Item.PRICE]
    fees, tail = total_fees(problem, choices, rows)
    paid = (pieces.row >= 0) & (pieces.payer != PAYER[Payer.OWED]) & ~np.isin(pieces.item, FEES)
    (row, month), fen = gather((priced.row[price], priced.month[price]), priced.fen[price])
    amounts = np.char.add(":", np.char.mod("%.2f", fen / FEN_PER_YUAN)).astype(object)
    return {
        "entitled_m2": _square_metres(problem.claims.due[rows.claim], rows.households),
        "given_m2": _square_metres(given, rows.households),
        "household_pays": yuan(
            totals(size, received.row, received.fen) - totals(size, priced.row[back], priced.fen[back])
        ),
        "price": yuan(totals(size, priced.row[price], priced.fen[price])),
        "paid": yuan(-totals(size, pieces.row[paid], pieces.fen[paid])),
        "instalments": string(size, row, labels(problem, month) + amounts),
        "funds": _funds(books, size, received, pieces, paid),
        "fees": yuan(fees),
        "fees_tail": yuan(tail),
        "fees_valued": yuan(_valued(books, rows)),
    }


def _valued(books: Books, rows: Rows) -> NDArray[np.int64]:
    """Fees after the horizon of who has no choice: the rows that follow the decisions, one for each such claim."""
    chosen = np.arange(len(rows)) < books.choices.offer.size
    return np.where(chosen, 0, books.fees.valued[rows.claim])


def _square_metres(parts: NDArray[np.int64], households: NDArray[np.int64]) -> NDArray[np.float64]:
    """Area of all households of a row; nan where it is not known."""
    return np.where(parts < 0, np.nan, parts * households / AREA)


def _funds(books: Books, size: int, received: Charges, pieces: Pieces, paid: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Funds that pay or receive anything but fees, and developers whose debt is set off, row by row."""
    funds, developers = books.problem.funds.id, books.problem.developers.id
    names = np.concatenate([funds, np.array([f"{Payer.SET_OFF}:{name}" for name in developers], dtype=object)])
    set_off = pieces.payer == PAYER[Payer.SET_OFF]
    known = paid & (set_off | (pieces.payer == PAYER[Payer.FUND]))
    row = np.concatenate([received.row, pieces.row[known]])
    name = np.concatenate([received.need, (pieces.party + np.where(set_off, funds.size, 0))[known]])
    (row, name), _ = gather((row, name), np.ones_like(row))
    return string(size, row, names[name])


def statement_columns(books: Books) -> dict[str, NDArray[np.generic]]:
    """Columns of the household statement."""
    problem, rows = books.problem, list_statement(books)
    claims, funds = problem.claims, problem.funds.id
    month, due, need, party, other = (rows[name] for name in ("month", "due", "need", "party", "other"))
    paid = month >= 0
    set_off, by_fund = (rows["payer"] == PAYER[name] for name in (Payer.SET_OFF, Payer.FUND))
    return {
        "household": _names(claims.household, rows["claim"]),
        "part": _names(claims.part, rows["claim"]),
        "item": np.array(ITEMS, dtype=object)[rows["item"]],
        "month": labels(problem, np.where(paid, month, UNDECIDED)),
        "until": labels(problem, np.where(paid, month + rows["months"] - 1, UNDECIDED)),
        "due": labels(problem, np.where(due >= 0, due, UNDECIDED)),
        "paid_by": np.array(PAYERS, dtype=object)[rows["payer"]],
        "fund": _names(
            np.concatenate([problem.developers.id, funds]),
            np.select([set_off, by_fund], [party, party + problem.developers.id.size], -1),
        ),
        "use": np.array(WHAT_FOR, dtype=object)[rows["use"]],
        "purpose": _names(
            np.concatenate([problem.needs.id, funds]),
            np.where(need >= 0, need, np.where(other >= 0, other + len(problem.needs), -1)),
        ),
        "monthly": yuan(rows["fen"]),
        "amount": yuan(rows["fen"] * rows["months"]),
    }


def _names(names: NDArray[np.object_], number: NDArray[np.int64]) -> NDArray[np.object_]:
    """Names by number, "" for −1."""
    return np.append(names, "")[number]
