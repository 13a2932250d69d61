"""Charges: what falls due for each household, item by item (rules 2, 3 and 7 of the accounts)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renewopt.ledger.dues import instalments
from renewopt.ledger.exact import IntArray, share_of, totals
from renewopt.ledger.fees import BLOCK_CELLS, curve_stops, fees_after_choice
from renewopt.ledger.people import UNDECIDED, Choices
from renewopt.problem import LineKind, Problem
from renewopt.units import PPM
from renewopt.vocabulary import ITEMS, Item

NONE = -1
ITEM = {name: number for number, name in enumerate(ITEMS)}
"""Items by number."""
FEES = tuple(ITEM[name] for name in (Item.FEE, Item.FEE_OVERDUE, Item.FEE_TAIL))

_OF_LINE = {
    LineKind.top_up: Item.TOP_UP,
    LineKind.refund: Item.REFUND,
    LineKind.moving: Item.MOVING_FEE,
    LineKind.lump_sum: Item.LUMP_SUM,
    LineKind.instalment: Item.PRICE,
}
_ITEM_OF_LINE = np.array([ITEM[_OF_LINE[kind]] for kind in sorted(LineKind)], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Rows:
    """Whose the amounts are: each settling decision as decided, then what is left of each claim; R rows.

    Attributes
    ----------
    claim
        (R,) int64.
    households
        (R,) int64.
    stop
        (R,) int64: first month in which the fee curve is paid no more.
    housed
        (R,) int64: month of being housed; `UNDECIDED` where nothing is chosen.
    rank
        (R,) int64: place in the order in which they are paid, by claim and then by month.
    """

    claim: IntArray
    households: IntArray
    stop: IntArray
    housed: IntArray
    rank: IntArray

    def __len__(self) -> int:
        return int(self.claim.size)


def list_rows(problem: Problem, choices: Choices, unsettled: IntArray) -> Rows:
    """List whose the amounts are.

    Parameters
    ----------
    unsettled
        (H,) households with no choice.
    """
    left = np.flatnonzero(unsettled)
    claim = np.concatenate([choices.claim, left])
    housed = np.concatenate([choices.housed, np.full(left.size, UNDECIDED)])
    month = np.concatenate([choices.month, np.full(left.size, UNDECIDED)])
    rank = np.empty(claim.size, dtype=np.int64)
    rank[np.lexsort((housed, month, claim))] = np.arange(claim.size)
    return Rows(
        claim,
        np.concatenate([choices.households, unsettled[left]]),
        np.concatenate([curve_stops(problem, choices), np.full(left.size, problem.calendar.months)]),
        housed,
        rank,
    )


def gather(keys: Sequence[NDArray[np.integer]], fen: IntArray) -> tuple[list[IntArray], IntArray]:
    """Sum `fen` of entries that agree in all keys, sorted by the first key, then the second …; empty sums left out."""
    order = np.lexsort(keys[::-1])
    sorted_keys = [np.asarray(key, dtype=np.int64)[order] for key in keys]
    fresh = np.zeros(order.size, dtype=np.bool_)
    fresh[:1] = True
    for key in sorted_keys:
        fresh[1:] |= key[1:] != key[:-1]
    begin = np.flatnonzero(fresh)
    sums = np.add.reduceat(fen[order], begin) if begin.size else fen
    kept = sums != 0
    return [key[begin][kept] for key in sorted_keys], sums[kept]


@dataclass(frozen=True, eq=False)
class Charges:
    """Amounts one by one, columns of one length.

    Attributes
    ----------
    row
        Row of `Rows`; −1: of no household.
    item
        Number in `renewopt.vocabulary.ITEMS`.
    need
        Need that it falls due on.
    month
        In which it falls due; −1: before the start.
    fen
        More than 0.
    """

    row: IntArray
    item: IntArray
    need: IntArray
    month: IntArray
    fen: IntArray


def join(parts: Sequence[Charges]) -> Charges:
    """Several as one."""
    return Charges(*(np.concatenate([getattr(part, name) for part in parts]) for name in Charges.__annotations__))


def list_prices(problem: Problem, choices: Choices) -> tuple[Charges, Charges]:
    """Instalments of prices and amounts paid, on their needs; and what households pay, on the funds that receive it."""
    offers, last = problem.offers, problem.calendar.books - 1
    row, month, fen = instalments(offers, choices.offer, choices.month)
    priced = Charges(
        row,
        np.full(row.size, ITEM[Item.PRICE]),
        offers.price_need[choices.offer[row]].astype(np.int64),
        np.minimum(month, last),
        fen * choices.households[row],
    )
    lines = offers.lines.take(choices.offer)
    row, paid = lines.row, lines["fen"] > 0
    fixed = Charges(
        row,
        np.where(paid, _ITEM_OF_LINE[lines["kind"]], ITEM[Item.TOP_UP]),
        np.where(paid, lines["need"], lines["fund"]),
        np.minimum(choices.month[row] + lines["after"], last),
        np.abs(lines["fen"]) * choices.households[row],
    )
    return join([some(priced, priced.fen != 0), some(fixed, paid)]), some(fixed, ~paid)


def some(charges: Charges, which: NDArray[np.bool_] | IntArray) -> Charges:
    """Take some of them, or all in another order."""
    return Charges(*(getattr(charges, name)[which] for name in Charges.__annotations__))


def list_fees(problem: Problem, choices: Choices, rows: Rows, wanted: NDArray[np.bool_]) -> Charges:
    """Fees by the month in which they accrue; `Charges.need` is the bill, the month that of the curve.

    Parameters
    ----------
    wanted
        (R,) whose.
    """
    return join(list(_fee_parts(problem, choices, rows, wanted)))


def total_fees(problem: Problem, choices: Choices, rows: Rows) -> tuple[IntArray, IntArray]:
    """(R,) fees accrued, tails included; and of them, in the tail."""
    fees, tail = (np.zeros(len(rows), dtype=np.int64) for _ in range(2))
    for part in _fee_parts(problem, choices, rows, np.ones(len(rows), dtype=np.bool_)):
        fees += totals(len(rows), part.row, part.fen)
        in_tail = part.item == FEES[2]
        tail += totals(len(rows), part.row[in_tail], part.fen[in_tail])
    return fees, tail


def _fee_parts(problem: Problem, choices: Choices, rows: Rows, wanted: NDArray[np.bool_]) -> Iterator[Charges]:
    """Fees in blocks: those of the curves, those after the choice."""
    months = problem.fees.months
    for block in _blocks(np.flatnonzero(wanted), months):
        yield _curve_fees(problem, rows, block)
    for entries in fees_after_choice(problem, choices):
        mine = wanted[entries.row] & (entries.fen != 0)
        row, month = entries.row[mine], entries.month[mine]
        late = np.where(entries.overdue[mine], FEES[1], FEES[0])
        item = np.where(month >= choices.housed[row], FEES[2], late)
        bill = problem.claims.bill[entries.claim[mine]].astype(np.int64)
        yield Charges(row, item, bill, np.minimum(month, months - 1), entries.fen[mine])


def _blocks(rows: IntArray, months: int) -> list[IntArray]:
    step = max(1, BLOCK_CELLS // months)
    return [rows[start : start + step] for start in range(0, rows.size, step)]


def _curve_fees(problem: Problem, rows: Rows, block: IntArray) -> Charges:
    claim, months = rows.claim[block], np.arange(problem.fees.months)
    fen = problem.fees.fen(claim, slice(None)) * rows.households[block][:, None]
    at, month = np.nonzero((fen != 0) & (months < rows.stop[block][:, None]))
    late = problem.fees.overdue[problem.fees.clock[claim[at]], month]
    bill = problem.claims.bill[claim[at]].astype(np.int64)
    return Charges(block[at], np.where(late, FEES[1], FEES[0]), bill, month, fen[at, month])


def bill_charges(problem: Problem, rows: Rows, fees: Charges) -> tuple[Charges, Charges]:
    """Fees by the month in which they fall due: the government's part, on its needs, and the developers' own part.

    The government's part of a bill is rounded as a whole; of what each household's fees come to, everybody bears the
    same share to the fen, in the order of the rows.
    """
    bills, last = problem.bills, problem.calendar.books - 1
    due = np.minimum(bills.due[fees.need, fees.month], last)
    (bill, month, rank, item), fen = gather((fees.need, due, rows.rank[fees.row], fees.item), fees.fen)
    row = np.argsort(rows.rank)[rank]
    running = np.cumsum(fen)
    fresh = (np.diff(bill, prepend=-1) != 0) | (np.diff(month, prepend=-1) != 0)
    begin = np.flatnonzero(fresh)
    running -= np.repeat((running - fen)[begin], np.diff(begin, append=fen.size))
    ppm = bills.paid_ppm[bill]
    paid = share_of(running, ppm, PPM) - share_of(running - fen, ppm, PPM)
    need = bills.need[bill].astype(np.int64)
    both = [Charges(row, item, need, month, amount) for amount in (paid, fen - paid)]
    government, developers = (some(charges, charges.fen != 0) for charges in both)
    return government, developers
