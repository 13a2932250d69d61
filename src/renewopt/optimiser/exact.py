"""The exact path: the whole model in one search of whole numbers."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from renewopt.optimiser.decoding import whole_complete, whole_settle
from renewopt.optimiser.formulation import TierBound, formulate
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.margins import loosened, tightened
from renewopt.optimiser.payments import Check, Paid, pay_for
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem, Tier

INTEGRALITY = 1e-9
TIGHTER_FEN = (None, 0, 100, 10_000)
"""Margins in the limits of money, tried in turn: first loosened by all roundings (its bound is the proof), then, as
long as no payments in whole fen can be found for the answer, tighter."""


@dataclass(frozen=True, eq=False)
class Found:
    """The end of one search.

    Attributes
    ----------
    status
        ``optimal``, ``feasible``, ``time_limit``, ``interrupted`` or ``infeasible``.
    paid
        Best answer; None if there is none.
    bound
        Proven bound in 万元.
    """

    status: str
    paid: Paid | None
    bound: float


def search(
    problem: Problem,
    *,
    goal: str | Tier,
    tier_bounds: tuple[TierBound, ...],
    gap: float,
    clock: Clock,
    check: Check | None,
) -> Found:
    """Solve the problem as one mixed-integer programme."""
    since = time.perf_counter()
    tier = goal if isinstance(goal, Tier) else None
    name = None if isinstance(goal, Tier) else goal
    bound = -math.inf
    for margin in TIGHTER_FEN:
        model_of = loosened(problem) if margin is None else tightened(problem, margin)
        f, model = formulate(model_of, objective=name, goal=tier, tier_bounds=tier_bounds)
        since = clock.spend("build", since)
        engine = Engine(model)
        engine.set("mip_rel_gap", max(gap, 0.0))
        engine.set("mip_abs_gap", 2e-5)
        engine.set("mip_feasibility_tolerance", INTEGRALITY)
        engine.set("primal_feasibility_tolerance", INTEGRALITY)
        raw = engine.run(
            time_limit=clock.left,
            report=lambda best, low, _: clock.tell(
                "search", best if best < 1e29 else None, low if low > -1e29 else None
            ),
        )
        since = clock.spend("solve", since)
        if raw.status == "infeasible":
            if not engine.infeasible_for_certain(clock.left):
                raise SolverError("HiGHS cannot tell an infeasible problem from an unbounded one")
            return Found("infeasible", None, bound)
        if margin is None:
            bound = raw.bound
        status = raw.status
        if raw.x is None:
            return Found(status, None, bound)
        paid = pay_for(
            problem, whole_settle(f, raw.x), whole_complete(f, raw.x), goal=goal, tier_bounds=tier_bounds, check=check
        )
        since = clock.spend("decode", since)
        if paid is not None:
            clock.tell("search", paid.value, bound)
            return Found(status, paid, bound)
    return Found("time_limit", None, bound)
