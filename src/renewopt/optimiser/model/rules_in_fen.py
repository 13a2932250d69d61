"""What the ledger rounds, as rules of the model: for payments that are whole fen from the start."""

from __future__ import annotations

from renewopt.optimiser.model.columns import Formulation, lookup
from renewopt.optimiser.model.rules import charged_arrears, interest_bearing
from renewopt.units import FEN_PER_WAN

HALF_OPEN = 1e-3
"""Fen by which an exact amount stays short of being rounded up: half a fen itself is."""


def rounded(f: Formulation) -> None:
    """Surcharges, interest and parts of level repayments: whole fen, half a fen or less from the exact amount."""
    problem = f.problem
    least, most = (HALF_OPEN - 0.5) / FEN_PER_WAN, 0.5 / FEN_PER_WAN
    rate, (n, t, column) = charged_arrears(f)
    at = rate > 0
    rows = f.builder.add_rows("surcharge", "nt", (n[at], t[at]), lower=least, upper=most)
    f.builder.add_entries(rows.index, f["surcharge"].index, 1.0)
    f.builder.add_entries(rows.index, column[at], -rate[at])
    rate, (loan, t, column) = interest_bearing(f)
    rows = f.builder.add_rows("interest", "lt", (loan, t), lower=least, upper=most)
    f.builder.add_entries(rows.index, f["interest"].index, 1.0)
    f.builder.add_entries(rows.index, column, -rate)
    block = f["repaid_part"]
    loan, t, j = block.keys
    rows = f.builder.add_rows("repaid_part", "ltj", block.keys, lower=least, upper=most)
    f.builder.add_entries(rows.index, block.index, 1.0)
    borrow = lookup(f["borrow"], (len(problem.loans), problem.calendar.books))
    share = j / (problem.loans.term[loan] - problem.loans.grace[loan])
    f.builder.add_entries(rows.index, borrow[loan, t], -share)
