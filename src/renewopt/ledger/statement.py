"""Household statements: who pays whom what, so that every movement of a fund is the sum of its rows.

A need pools what is due to many households, and several funds may pay it. Both are laid side by side: what falls due,
first due first paid, households in their order; and the payments, month by month, set-off before the funds in theirs
and the surcharge, which is due in cash, paid by the last of them. So every fen has one payer, few households have two,
and nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.books import Books
from renewopt.ledger.charges import (
    ITEM,
    NONE,
    Charges,
    Rows,
    bill_charges,
    gather,
    join,
    list_fees,
    list_prices,
    list_rows,
    some,
)
from renewopt.ledger.exact import IntArray, table, totals
from renewopt.vocabulary import ENTRIES, PAYERS, USES, Entry, Item, Payer

BATCH_CELLS = 1 << 23
"""Households × months whose fees are worked on at once, needs kept whole."""

PAYER = {name: number for number, name in enumerate(PAYERS)}
"""Payers by number."""
WHAT_FOR = (*USES, *ENTRIES)
"""Uses of needs and movements of funds, by number."""

STATEMENT = np.dtype(
    [
        (name, np.int64)
        for name in ("claim", "item", "month", "months", "due", "payer", "party", "use", "need", "other", "fen")
    ]
)


@dataclass(frozen=True, eq=False)
class Pieces:
    """Amounts with their payers, columns of one length.

    Attributes
    ----------
    row, item, need, due
        As in `Charges`; `need` −1: received from a household.
    month
        In which it is paid; −1: never.
    payer
        Number in `renewopt.vocabulary.PAYERS`.
    party
        Fund, or developer whose debt is set off; −1: none.
    fen
        Paid into a fund > 0, paid < 0.
    """

    row: IntArray
    item: IntArray
    need: IntArray
    due: IntArray
    month: IntArray
    payer: IntArray
    party: IntArray
    fen: IntArray


@dataclass(frozen=True, eq=False)
class _Paid:
    """Payments of needs, in the order in which they are laid beside what is due."""

    need: IntArray
    month: IntArray
    payer: IntArray
    party: IntArray
    fen: IntArray


def list_statement(books: Books) -> NDArray[np.void]:
    """Household statements, and what else moves in the funds.

    Returns
    -------
    numpy.ndarray
        Structured; a row for equal amounts in months that follow one another: ``claim`` (−1: of no household),
        ``item``, ``month`` of payment (−1: never paid), ``months`` from it on, ``due`` month of the first (−1: before
        the start), ``payer``, ``party`` (fund or developer), ``use`` (in `WHAT_FOR`), ``need``, ``other`` (fund at the
        other end of a move) and ``fen`` a month, into a fund > 0. By household and month; of no household last.
    """
    rows = list_rows(books.problem, books.choices, books.people.unsettled)
    priced, received = list_prices(books.problem, books.choices)
    parts = [_runs(books, rows, _received(received)), _other_movements(books)]
    for needs, whose in _batches(books, rows):
        parts.append(_runs(books, rows, _pay(books, rows, priced, needs, whose)))
    table_of_all = np.concatenate(parts)
    order = np.lexsort(
        [table_of_all[name] for name in ("need", "party", "payer", "due", "item")]
        + [table_of_all[name].astype(np.uint64) for name in ("month", "claim")]
    )
    return table_of_all[order]


def pay_prices(books: Books) -> tuple[Rows, Charges, Charges, Pieces]:
    """Who paid what is not a fee.

    Returns
    -------
    Rows, Charges, Charges, Pieces
        Whose the amounts are; what is due to or for them; what they pay, on the funds; and who paid the former.
    """
    rows = list_rows(books.problem, books.choices, books.people.unsettled)
    priced, received = list_prices(books.problem, books.choices)
    needs = np.zeros(len(books.problem.needs), dtype=np.bool_)
    needs[priced.need[priced.need >= 0]] = True
    of_fees = books.problem.bills.need[books.problem.claims.bill[rows.claim]]
    return rows, priced, received, _pay(books, rows, priced, needs, needs[of_fees])


def _batches(books: Books, rows: Rows) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Cut the needs up, so that the fees of no batch are too many: needs, and whose fees are paid on them."""
    problem = books.problem
    of_fees = problem.bills.need[problem.claims.bill[rows.claim]].astype(np.int64)
    cells = totals(len(problem.needs), of_fees, np.full(len(rows), problem.fees.months))
    batch = np.cumsum(cells) // BATCH_CELLS
    return [(batch == number, (batch == number)[of_fees]) for number in np.unique(batch).tolist()]


def _pay(books: Books, rows: Rows, priced: Charges, needs: NDArray[np.bool_], whose: NDArray[np.bool_]) -> Pieces:
    """Lay what is due on some needs and what is paid of it side by side."""
    government, developers = bill_charges(books.problem, rows, list_fees(books.problem, books.choices, rows, whose))
    charges = join([government, some(priced, (priced.need >= 0) & needs[priced.need])])
    charges = join([_of_no_household(books, needs, charges), charges])
    rank = np.append(rows.rank, NONE)[charges.row]
    charges = some(charges, np.lexsort((charges.item, rank, charges.month, charges.need)))
    paid, surcharges = _less_surcharges(books, _payments(books, needs))
    charge, payment, fen = _side_by_side(len(books.problem.needs), charges, paid)
    met, due = payment >= 0, charge >= 0
    met_month = np.append(paid.month, NONE)[payment]
    return Pieces(
        np.concatenate([np.append(charges.row, NONE)[charge], np.full(surcharges.fen.size, NONE), developers.row]),
        np.concatenate(
            [
                np.where(due, np.append(charges.item, NONE)[charge], ITEM[Item.OTHER]),
                np.full(surcharges.fen.size, ITEM[Item.SURCHARGE]),
                developers.item,
            ]
        ),
        np.concatenate(
            [
                np.where(due, np.append(charges.need, NONE)[charge], np.append(paid.need, NONE)[payment]),
                surcharges.need,
                developers.need,
            ]
        ),
        np.concatenate(
            [np.where(due, np.append(charges.month, NONE)[charge], met_month), surcharges.month, developers.month]
        ),
        np.concatenate([met_month, surcharges.month, developers.month]),
        np.concatenate(
            [
                np.where(met, np.append(paid.payer, NONE)[payment], PAYER[Payer.OWED]),
                surcharges.payer,
                np.full(developers.fen.size, PAYER[Payer.DEVELOPER]),
            ]
        ),
        np.concatenate([np.append(paid.party, NONE)[payment], surcharges.party, np.full(developers.fen.size, NONE)]),
        -np.concatenate([fen, surcharges.fen, developers.fen]),
    )


def _of_no_household(books: Books, needs: NDArray[np.bool_], charges: Charges) -> Charges:
    """What is due on needs besides: arrears at the start, and what is built, served or committed."""
    problem = books.problem
    rest = np.where(needs[:, None], books.dues.due, 0)
    np.subtract.at(rest, (charges.need, charges.month), charges.fen)
    owed = np.where(needs, problem.needs.opening_arrears, 0)
    at_once = problem.needs.owing < 0
    rest[:, 0] -= np.where(at_once, owed, 0)
    late = np.flatnonzero(owed)
    need, month = np.nonzero(rest)
    size = late.size + need.size
    return Charges(
        np.full(size, NONE),
        np.repeat([ITEM[Item.ARREARS], ITEM[Item.OTHER]], [late.size, need.size]),
        np.concatenate([late, need]),
        np.concatenate([np.where(at_once[late], 0, NONE), month]),
        np.concatenate([owed[late], rest[need, month]]),
    )


def _payments(books: Books, needs: NDArray[np.bool_]) -> _Paid:
    """Payments of some needs by need and month: set off, by each fund, from outside."""
    problem, payments, pay = books.problem, books.payments, books.decisions.pay
    pay = pay[needs[pay[:, 1]]]
    parts = []
    for name, amounts, parties in (
        (Payer.SET_OFF, payments.offset, problem.needs.developer),
        (Payer.OUTSIDE, payments.shortfall, np.full(len(problem.needs), NONE)),
    ):
        row, column = np.nonzero(np.where(needs[:, None], amounts, 0))
        parts.append((row, column, np.full(row.size, PAYER[name]), parties[row], amounts[row, column]))
    parts.append((pay[:, 1], pay[:, 2], np.full(len(pay), PAYER[Payer.FUND]), pay[:, 0], pay[:, 3]))
    *keys, fen = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    (need, month, payer, party), fen = gather(keys, fen)
    return _Paid(need, month, payer, party, fen)


def _less_surcharges(books: Books, paid: _Paid) -> tuple[_Paid, _Paid]:
    """Take from the last payments of each need and month what they pay of the surcharge."""
    surcharge = books.payments.surcharge
    whole = table(surcharge.shape, paid.need, paid.month, paid.fen)
    running = np.cumsum(paid.fen)
    begin = np.flatnonzero((np.diff(paid.need, prepend=NONE) != 0) | (np.diff(paid.month, prepend=NONE) != 0))
    before = running - paid.fen
    before -= np.repeat(before[begin], np.diff(begin, append=paid.fen.size))
    room = (whole - np.minimum(whole, surcharge))[paid.need, paid.month] - before
    due = np.clip(room, 0, paid.fen)
    parts = []
    for fen in (due, paid.fen - due):
        some = fen != 0
        parts.append(_Paid(paid.need[some], paid.month[some], paid.payer[some], paid.party[some], fen[some]))
    return parts[0], parts[1]


def _side_by_side(needs: int, charges: Charges, paid: _Paid) -> tuple[IntArray, IntArray, IntArray]:
    """Charge and payment (−1: none) of each piece, and its fen: need by need, the first due is the first paid."""
    total = np.maximum(totals(needs, charges.need, charges.fen), totals(needs, paid.need, paid.fen))
    end = np.cumsum(total)
    ends = []
    for need, fen in ((charges.need, charges.fen), (paid.need, paid.fen)):
        running = np.cumsum(fen)
        begin = np.searchsorted(need, need)
        ends.append((end - total)[need] + running - (running - fen)[begin])
    cuts = np.unique(np.concatenate(ends))
    of_need = np.searchsorted(end, cuts)
    found = []
    for at, need in zip(ends, (charges.need, paid.need), strict=True):
        place = np.searchsorted(at, cuts)
        found.append(np.where(np.append(need, NONE)[place] == of_need, place, NONE))
    return found[0], found[1], np.diff(cuts, prepend=0)


def _received(received: Charges) -> Pieces:
    """What households pay into funds, in the month in which it is due."""
    kept = received.need >= 0
    size = int(kept.sum())
    return Pieces(
        received.row[kept],
        received.item[kept],
        np.full(size, NONE),
        received.month[kept],
        received.month[kept],
        np.full(size, PAYER[Payer.FUND]),
        received.need[kept],
        received.fen[kept],
    )


def _runs(books: Books, rows: Rows, pieces: Pieces) -> NDArray[np.void]:
    """Equal amounts of months that follow one another as one row."""
    claim = np.append(rows.claim, NONE)[pieces.row]
    uses = np.array([WHAT_FOR.index(use) for use in books.problem.needs.use] + [WHAT_FOR.index(Entry.RECEIVED)])
    late = pieces.month - pieces.due
    keys = (claim, pieces.item, pieces.need, pieces.payer, pieces.party, late, pieces.month, pieces.due)
    (claim, item, need, payer, party, late, month, due), fen = gather(keys, pieces.fen)
    follows = np.ones(fen.size, dtype=np.bool_)
    follows[:1] = False
    for key in (claim, item, need, payer, party, late, fen):
        follows[1:] &= key[1:] == key[:-1]
    follows[1:] &= month[1:] == month[:-1] + 1
    begin = np.flatnonzero(~follows)
    result = np.zeros(begin.size, dtype=STATEMENT)
    for name, column in (
        ("claim", claim),
        ("item", item),
        ("month", month),
        ("due", due),
        ("payer", payer),
        ("party", party),
        ("need", need),
        ("fen", fen),
    ):
        result[name] = column[begin]
    result["months"] = np.diff(begin, append=fen.size)
    result["use"] = uses[result["need"]]
    result["other"] = NONE
    return result


def _other_movements(books: Books) -> NDArray[np.void]:
    """Movements of funds that are neither payments of needs nor from households, one by one."""
    moved = books.fund_rows()
    moved = moved[(moved["need"] < 0) & (moved["use"] != Entry.RECEIVED)]
    result = np.zeros(moved.size, dtype=STATEMENT)
    result["claim"], result["item"], result["months"] = NONE, ITEM[Item.OTHER], 1
    result["month"] = result["due"] = moved["month"]
    result["payer"], result["party"], result["need"] = PAYER[Payer.FUND], moved["fund"], NONE
    result["use"] = [WHAT_FOR.index(use) for use in moved["use"].tolist()]
    result["other"], result["fen"] = moved["other"], moved["amount"]
    return result
