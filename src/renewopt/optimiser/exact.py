"""The exact path: the whole model as one mixed-integer programme."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import numpy as np

from renewopt.optimiser.beside import run_beside
from renewopt.optimiser.highs import Engine, Raw, SolverError
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.decoding import whole_complete, whole_settle
from renewopt.optimiser.model.formulation import TierBound, formulate
from renewopt.optimiser.model.linear import FloatArray, LinearModel
from renewopt.optimiser.model.margins import loosened, tightened
from renewopt.optimiser.model.objective_steps import lifted
from renewopt.optimiser.payments.paying import Check, Paid, pay_for
from renewopt.optimiser.phases_first import counts_of_cohorts, run_phases_first
from renewopt.optimiser.presolve.cuts import add_money_in_time
from renewopt.optimiser.presolve.whole_phases import violated_rows
from renewopt.optimiser.prices import Prices, relaxation_prices
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem, Tier
from renewopt.stopping import Spent
from renewopt.vocabulary import DEARER
from renewopt.wording import words

INTEGRALITY = 1e-9
TIGHTER_FEN = (None, 0, 100, 10_000)
"""Margins in the limits of money, tried in turn: first loosened by all roundings (its bound is the proof), then, as
long as no payments in whole fen can be found for the answer, tighter."""
OTHER_ANSWERS = 6
"""Solutions tried with one model: each one for which no payments can be found is ruled out of the next."""


@dataclass(frozen=True, eq=False)
class Found:
    """The end of one search.

    Attributes
    ----------
    status
        ``optimal``, ``feasible``, ``time_limit``, ``interrupted`` or ``infeasible``; ``dearer``: see `Clock.enough`.
    paid
        Best answer; None if there is none.
    bound
        Proven bound in 万元.
    prices
        Prices of the relaxation; None if it was not solved.
    warm
        What the structured search has learnt, for a similar problem; None from the others.
    """

    status: str
    paid: Paid | None
    bound: float
    prices: Prices | None = None
    warm: WarmStart | None = None


Search = Callable[..., Found]
"""A search for the best plan under one goal, such as `search`."""


def search(
    problem: Problem,
    *,
    goal: str | Tier,
    tier_bounds: tuple[TierBound, ...],
    gap: float,
    clock: Clock,
    check: Check | None,
    start: Paid | None = None,
) -> Found:
    """Solve the problem as one mixed-integer programme.

    Parameters
    ----------
    start
        A plan at hand. What is found may be worse: whoever gives it keeps it.
    """
    since = time.perf_counter()
    bound = -math.inf
    prices = None
    known, work = math.isfinite(clock.best), Spent(clock.rule.branch_and_cut)
    for margin in TIGHTER_FEN:
        model_of = loosened(problem) if margin is None else tightened(problem, margin)
        f, model = formulate(model_of, goal=goal, tier_bounds=tier_bounds)
        engine = _engine(model, gap)
        add_money_in_time(engine, f)
        run = _way(engine, f, clock)
        since = clock.spend("build", since)
        for attempt in range(OTHER_ANSWERS):
            raw = run(engine, f, clock, work, known=known, start=start, gap=gap)
            since = clock.spend("solve", since)
            if raw.status == "infeasible" and attempt:
                break
            if raw.status == "infeasible":
                status = _confirmed(engine, clock)
                if status != "infeasible" or not margin:
                    return Found(status, None, bound)
                break
            if margin is None and not attempt:
                bound = lifted(raw.bound, model)
                if raw.status == "time_limit" and clock.is_dearer(bound):
                    return Found(DEARER, None, bound)
                if isinstance(goal, str) and raw.status != "interrupted":
                    # Where the solver gives up, there is a plan without prices.
                    with suppress(SolverError):
                        prices = relaxation_prices(f, model, time_limit=clock.left)
                    since = clock.spend("prices", since)
            if raw.x is None:
                return Found(raw.status, None, bound, prices)
            settle, complete = whole_settle(f, raw.x), whole_complete(f, raw.x)
            paid = pay_for(
                problem, settle, complete, goal=goal, tier_bounds=tier_bounds, check=check,
                time_limit=clock.left,
            )  # fmt: skip
            since = clock.spend("decode", since)
            if paid is not None:
                clock.report("search", paid.value, bound)
                return Found(raw.status, paid, bound, prices)
            if raw.status != "optimal":
                break
            _rule_out(engine, raw.x)
    return Found("time_limit", None, bound, prices)


def _confirmed(engine: Engine, clock: Clock) -> str:
    """``infeasible`` where that is certain (and not unbounded); otherwise what kept it from being decided.

    Raises
    ------
    SolverError
        If nothing did.
    """
    if engine.infeasible_for_certain(clock.left):
        return "infeasible"
    if engine.interrupted:
        return "interrupted"
    if clock.left <= 0:
        return "time_limit"
    raise SolverError(words("HiGHS cannot tell an infeasible problem from an unbounded one"))


def _engine(model: LinearModel, gap: float) -> Engine:
    engine = Engine(model)
    engine.set("mip_rel_gap", max(gap, 0.0))
    engine.set("mip_abs_gap", 2e-5)
    engine.set("mip_feasibility_tolerance", INTEGRALITY)
    engine.set("primal_feasibility_tolerance", INTEGRALITY)
    return engine


def _way(engine: Engine, f: Formulation, clock: Clock) -> Callable[..., Raw]:
    """How the engine is run: phases first, where cohorts are counted, and then with rows on whole phases."""
    counts = counts_of_cohorts(f)
    if not counts.size:
        return run_beside
    for row in violated_rows(f, engine.model, lambda: clock.left):
        engine.add_row(row.columns, row.values, -math.inf, row.upper)
    return partial(run_phases_first, counts=counts)


def _rule_out(engine: Engine, x: FloatArray) -> None:
    """Ask for another whole answer: one that differs in a column that now stands at one of its bounds.

    That may rule out more than this answer, which costs quality only: the bound was proven before.
    """
    model = engine.model
    whole = np.flatnonzero(model.integer & (model.lower < model.upper))
    value = np.rint(x[whole])
    low, high = value <= model.lower[whole], value >= model.upper[whole]
    columns = np.concatenate([whole[low], whole[high]])
    sign = np.concatenate([np.ones(int(low.sum())), -np.ones(int(high.sum()))])
    at_bounds = model.lower[whole[low]].sum() - model.upper[whole[high]].sum()
    engine.add_row(columns, sign, float(at_bounds) + 1.0, np.inf)
