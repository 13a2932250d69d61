"""The price of doing without money that is in doubt by law: the plan is searched for anew without its sources."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from renewopt.asked import is_number
from renewopt.results.briefing.given_up import doubtful
from renewopt.results.planning import plan as make_plan
from renewopt.results.record import Without
from renewopt.results.reopening import stated_of
from renewopt.vocabulary import AUTO, Doubt
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress
    from renewopt.results.planned import Plan
    from renewopt.scenario import Scenario

__all__ = ["without_doubtful"]


def without_doubtful(
    plan: Plan,
    *,
    time_limit: float = 120.0,
    gap: float | None = None,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    allow_outside: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Reckon what it costs to do without the money that is in doubt by law: plan anew without any of its sources.

    Those are loans with the label ``advance``, moves between funds, and bills left owing. None of them may be used, be
    it in use in the plan or not: else one would take the place of another.

    Parameters
    ----------
    plan
        From `renewopt.plan` or `renewopt.read_plan`.
    time_limit
        Seconds of the search.
    gap
        Proven gap at which it stops; default: that of the plan.
    scenario
        What the plan was made from; default: where it was then.
    allow_outside
        Whether tables of a scenario file may lie outside of its folder.
    progress
        As of `renewopt.plan`.

    Returns
    -------
    Plan
        The plan itself, its `without` filled in, of which its brief tells; unchanged where it uses no such money.

    Raises
    ------
    ValueError
        If the plan has no tables or was made anew, or its scenario is another one or not known.
    NoPlanInTimeError, InterruptedPlanError
        As of `renewopt.plan`.
    """
    if not is_number(time_limit) or not 0 < time_limit < float("inf"):
        raise ValueError(
            words("time_limit {time_limit!r}: expected a number of seconds above 0", time_limit=time_limit)
        )
    if not plan.has_tables or not plan.feasible or plan.replanned is not None:
        raise ValueError(
            words("what doing without money costs is reckoned for plans that keep every rule and were not made anew")
        )
    stated = stated_of(plan, scenario, allow_outside)
    if not doubtful(plan):
        return plan
    options = plan.options
    found = make_plan(
        _without(stated),
        policy=plan.policy,
        objective=plan.objective_name,
        gap=float(options.get("gap") or 0.0) if gap is None else gap,
        time_limit=time_limit,
        method=str(options.get("method") or AUTO),
        progress=progress,
    )
    amounts = [each.amount for each in found.shortages if each.what == "money" and each.amount is not None]
    without = Without(
        transition_fees=found.transition_fees if found.feasible else None,
        objective=found.objective,
        bound=found.bound,
        shortfall=None if found.feasible else found.shortfall,
        shortfall_bound=None if found.feasible else found.shortfall_bound,
        missing=float(sum(amounts)) if amounts else None,
    )
    return replace(plan, without=without)


def _without(scenario: Scenario) -> Scenario:
    """Take away what is in doubt: an advance is not lent, nothing is moved, and every bill is paid in its month."""

    def kept(fund: object) -> object:
        borrow = getattr(fund, "borrow", None)
        lent = borrow is not None and borrow.label == Doubt.ADVANCE
        return fund.model_copy(update={"borrow": None}) if lent else fund  # type: ignore[attr-defined]

    owing = [rule.model_copy(update={"share": 0}) for rule in scenario.owing]
    funds = [kept(fund) for fund in scenario.funds]
    # What futures would do to that plan is told by none of its figures.
    return scenario.model_copy(update={"funds": funds, "moves": [], "owing": owing, "futures": []})
