"""Bills of the month: what is paid first, from where, what is left owing and what is lacking."""

from __future__ import annotations

import numpy as np

from renewopt.ledger.exact import IntArray
from renewopt.policies.cash import Reserves
from renewopt.policies.state import SimulationState
from renewopt.units import fraction
from renewopt.vocabulary import Use

__all__ = ["open_bills", "pay_bills", "repay_arrears", "reserve_of"]

ORDER: tuple[str, ...] = (
    Use.INTEREST, Use.PRINCIPAL, Use.COMMITMENTS, Use.FEES, Use.UNITS, Use.MOVING, Use.CASH, Use.VOUCHER,
)  # fmt: skip
"""Uses of money in the order in which bills are paid."""
RANK = {use: place for place, use in enumerate(ORDER)}


def reserve_of(state: SimulationState) -> Reserves:
    """What the funds which may pay fees must hold together at the close of the month (rule 13)."""
    months = fraction(state.problem.objective.reserve_months)
    if not months:
        return [(state.fee_funds, 0)]
    return [(state.fee_funds, int(-(-months * int(state.due_now()[state.fee_needs].sum()) // 1)))]


def open_bills(state: SimulationState, dues: IntArray) -> list[int]:
    """Needs with a bill or arrears, in the order in which they are paid; what was built is paid by itself.

    Parameters
    ----------
    dues
        (N,) fen that falls due in this month.
    """
    needs = state.problem.needs
    some = [
        need for need in ((dues > 0) | (state.arrears > 0)).nonzero()[0].tolist() if needs.use[need] != Use.CONSTRUCTION
    ]
    return sorted(some, key=lambda need: (RANK[str(needs.use[need])], int(needs.payable_by[need].sum()), need))


def pay_bills(state: SimulationState, *, set_off: bool = False) -> Reserves:
    """Pay what falls due in the month, and arrears whose time is up; returns the reserve that has to be kept.

    Parameters
    ----------
    set_off
        Set bills of developers off against their debts before anything is paid.
    """
    dues = state.due_now()
    reserve = reserve_of(state)
    for need in open_bills(state, dues):
        surcharge, repaid = state.surcharge(need), state.overdue_arrears(need)
        missing = int(dues[need]) + surcharge + repaid
        offset = state.offset(need, int(dues[need]) + repaid) if set_off else 0
        missing -= offset
        missing -= state.pay(need, missing, reserve)
        if missing:
            missing -= state.borrow_for(need, missing)
        if missing:
            missing -= state.owe(need, min(missing, int(dues[need]) + repaid - offset), dues)
        if missing:
            state.lack(need, missing)
        state.clear(need, repaid)
    return reserve


def repay_arrears(state: SimulationState, reserves: Reserves) -> None:
    """Repay arrears with what is left of the money."""
    if not state.arrears.any():
        return
    newly = state.owed_by[:, state.month + 1] - state.owed_by[:, state.month]
    for need in np.flatnonzero((state.arrears > 0) & (newly == 0)).tolist():
        state.clear(need, state.pay(need, int(state.arrears[need]), reserves))
