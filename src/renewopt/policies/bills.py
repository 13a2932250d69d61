"""Bills of the month: what is paid first, from where, what is left owing and what is lacking."""

from __future__ import annotations

import numpy as np

from renewopt.ledger.exact import IntArray, fraction
from renewopt.policies.account import Account
from renewopt.policies.till import Keeps

__all__ = ["open_bills", "pay_bills", "repay_arrears", "reserve_of"]

ORDER = ("interest", "principal", "commitments", "fees", "units", "moving", "cash", "voucher")
"""Uses of money in the order in which bills are paid."""


def reserve_of(account: Account) -> Keeps:
    """What the funds which may pay fees must hold together at the close of the month (rule 13)."""
    months = fraction(account.problem.objective.reserve_months)
    dues = account.dues()[account.fee_needs, account.month]
    return [(account.fee_funds, int(-(-months * int(dues.sum()) // 1)))]


def open_bills(account: Account, dues: IntArray) -> list[int]:
    """Needs with a bill or arrears, in the order in which they are paid; what was built is paid by itself.

    Parameters
    ----------
    dues
        (N,) fen that falls due in this month.
    """
    needs = account.problem.needs
    rank = {use: place for place, use in enumerate(ORDER)}
    some = np.flatnonzero(((dues > 0) | (account.arrears > 0)) & (needs.use != "construction")).tolist()
    return sorted(some, key=lambda need: (rank[str(needs.use[need])], int(needs.payable_by[need].sum()), need))


def pay_bills(account: Account, *, set_off: bool = False) -> Keeps:
    """Pay what falls due in the month, and arrears whose time is up; returns the reserve that has to be kept.

    Parameters
    ----------
    set_off
        Set bills of developers off against their debts before anything is paid.
    """
    dues = account.dues()[:, account.month]
    reserve = reserve_of(account)
    for need in open_bills(account, dues):
        surcharge, repaid = account.surcharge(need), account.overdue_arrears(need)
        missing = int(dues[need]) + surcharge + repaid
        offset = account.offset(need, int(dues[need]) + repaid) if set_off else 0
        missing -= offset
        missing -= account.pay(need, missing, reserve)
        if missing:
            missing -= account.borrow_for(need, missing)
        if missing:
            missing -= account.owe(need, min(missing, int(dues[need]) + repaid - offset), dues)
        if missing:
            account.lack(need, missing)
        account.clear(need, repaid)
    return reserve


def repay_arrears(account: Account, keeps: Keeps) -> None:
    """Repay arrears with what is left of the money."""
    newly = account.owed_by[:, account.month + 1] - account.owed_by[:, account.month]
    for need in np.flatnonzero((account.arrears > 0) & (newly == 0)).tolist():
        account.clear(need, account.pay(need, int(account.arrears[need]), keeps))
