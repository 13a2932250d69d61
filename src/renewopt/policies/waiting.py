"""Everybody waits for the own estate: what happens if the office carries on as it does (等待原项目安置房)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from renewopt.policies.priority import PriorityRule
from renewopt.vocabulary import OWN_UNIT, PolicyName, RouteName

__all__ = ["WaitForBuild"]


@dataclass(frozen=True)
class WaitForBuild(PriorityRule):
    """Everybody waits for the own estate: the old way (重征轻安), and the base line of what is saved.

    Own households take homes of their own estates as these are handed over, those out longest first. No vouchers, no
    transfers, no cash; nothing is set off, no money is moved between funds. Money left after the bills builds the own
    estates, the phase with the least left to pay first. It loses wherever a voucher or another estate's surplus home
    costs less than the years of waiting; it is hard to beat where estates are nearly finished and money is scarce.
    """

    name: ClassVar[str] = PolicyName.WAIT_FOR_BUILD

    routes: tuple[tuple[RouteName, ...], ...] = ((OWN_UNIT,),)
    hold_months: int | None = 12
    prudent: bool = False
    set_off: bool = False
    own_only: bool = True
