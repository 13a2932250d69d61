"""Policies: ways to decide. A rule of thumb decides month by month; the optimiser is one more policy.

A rule policy turns a problem into decisions (`Policy.decide`); the ledger replays and audits them like any others. It
may come to a shortfall or miss a deadline: both are findings about the district, not faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from renewopt.policies.candidates import Candidates, Works
from renewopt.policies.execution import MadeOnce, PlanExecution
from renewopt.policies.optimising import PROOF, FirstPlan, Hedged, NoPlanError, Optimal, Rolling, best_plan
from renewopt.policies.priority import PriorityRule
from renewopt.policies.protocol import Certain, Controller, MonthlyPolicy, Policy, World, simulate
from renewopt.policies.registry import SHIPPED, make_policy, policy_names, register
from renewopt.policies.waiting import WaitForBuild

__all__ = [
    "OPTIMAL",
    "POLICIES",
    "PROOF",
    "RULES",
    "SHIPPED",
    "Candidates",
    "Certain",
    "Controller",
    "FirstPlan",
    "Hedged",
    "MadeOnce",
    "MonthlyPolicy",
    "NoPlanError",
    "Optimal",
    "PlanExecution",
    "Policy",
    "PriorityRule",
    "Rolling",
    "WaitForBuild",
    "Works",
    "World",
    "best_plan",
    "make_policy",
    "policy_names",
    "register",
    "simulate",
]

OPTIMAL = Optimal.name
"""The optimiser: alone among the policies, its plan comes with a proven bound."""

POLICIES = tuple(SHIPPED)
"""Names of the policies that ship."""

RULES: Mapping[str, Callable[..., Policy]] = {
    name: policy for name, policy in SHIPPED.items() if isinstance(policy, type) and issubclass(policy, PriorityRule)
}
"""Rules of thumb that ship, by name."""
