"""What the ledger rounds, as rules of the model: for payments that are whole fen from the start."""

from __future__ import annotations

from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.rules import charged_arrears, interest_bearing
from renewopt.units import FEN_PER_WAN

HALF_OPEN = 1e-3
"""Fen by which an exact amount stays short of being rounded up: half a fen itself is."""


def rounded(f: Formulation) -> None:
    """Surcharges, interest and parts of level repayments: whole fen, half a fen or less from the exact amount."""
    rate, (_, _, arrears) = charged_arrears(f)
    monthly, (_, _, outstanding) = interest_bearing(f)
    loan, t, j = f["repaid_part"].keys
    share = j / (f.problem.loans.term[loan] - f.problem.loans.grace[loan])
    for name, column, factor in (
        ("surcharge", arrears[rate > 0], rate[rate > 0]),
        ("interest", outstanding, monthly),
        ("repaid_part", f["borrow"].find(loan, t), share),
    ):
        block = f[name]
        rows = f.builder.add_rows(
            name, block.key_names, block.keys, lower=(HALF_OPEN - 0.5) / FEN_PER_WAN, upper=0.5 / FEN_PER_WAN
        )
        f.builder.add_entries(rows.index, block.index, 1.0)
        f.builder.add_entries(rows.index, column, -factor)
