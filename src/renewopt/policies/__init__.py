"""Policies: ways to decide. A rule of thumb decides month by month; the optimiser is one more policy.

A rule policy turns a problem into decisions (`Policy.decide`); the ledger replays and audits them like any others. It
may come to a shortfall or miss a deadline: both are findings about the district, not faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from renewopt.policies.waiting import WaitForBuild
from renewopt.problem import Decisions, Problem

__all__ = ["OPTIMAL", "POLICIES", "RULES", "Policy", "WaitForBuild"]


class Policy(Protocol):
    """A rule of thumb."""

    @property
    def name(self) -> str:
        """As it is called on the command line and in tables."""
        ...

    def decide(self, problem: Problem) -> Decisions:
        """Decide all months; what was decided before ``calendar.now`` is repeated."""
        ...


OPTIMAL = "optimal"
"""The optimiser, which is not in `RULES`: it also yields a bound."""

RULES: Mapping[str, Callable[[], Policy]] = {WaitForBuild.name: WaitForBuild}
"""Rule policies by name."""

POLICIES = (OPTIMAL, *RULES)
"""Names of all policies."""
