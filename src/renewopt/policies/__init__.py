"""Policies: ways to decide. A rule of thumb decides month by month; the optimiser is one more policy.

A rule policy turns a problem into decisions (`Policy.decide`); the ledger replays and audits them like any others. It
may come to a shortfall or miss a deadline: both are findings about the district, not faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from renewopt.policies import rules
from renewopt.policies.candidates import Candidates, Works
from renewopt.policies.priority import PriorityRule
from renewopt.policies.protocol import MonthlyPolicy, Policy, Steering, World, carry_out
from renewopt.policies.waiting import WaitForBuild

__all__ = [
    "OPTIMAL",
    "POLICIES",
    "RULES",
    "Candidates",
    "MonthlyPolicy",
    "Policy",
    "PriorityRule",
    "Steering",
    "WaitForBuild",
    "Works",
    "World",
    "carry_out",
]

OPTIMAL = "optimal"
"""The optimiser, which is not in `RULES`: it also yields a bound."""

RULES: Mapping[str, Callable[[], Policy]] = {
    rule.name: rule
    for rule in (
        WaitForBuild,
        rules.FirstCome,
        rules.UrgentFirst,
        rules.CostliestFirst,
        rules.VoucherFirst,
        rules.UnitsFirst,
        rules.FinishNearest,
        rules.ProjectByProject,
        rules.EqualShares,
    )
}
"""Rule policies by name."""

POLICIES = (OPTIMAL, *RULES)
"""Names of all policies."""
