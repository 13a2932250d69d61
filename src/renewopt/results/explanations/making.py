"""From a plan and a household to an explanation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from renewopt.asked import a_text, yes_or_no
from renewopt.ledger import audit_decisions
from renewopt.optimiser.reduced_costs.forced import forced, resolve
from renewopt.optimiser.reduced_costs.reduced import tier_bounds_of
from renewopt.problem import Decisions, Problem
from renewopt.results.explanations.alternatives import Alternative, given_most, list_alternatives, rise_of, told
from renewopt.results.explanations.explanation import Explanation
from renewopt.results.explanations.grounds import Grounds
from renewopt.results.explanations.not_started import explain_not_started
from renewopt.results.explanations.reasons import changes_for, reasons_against, worths
from renewopt.results.explanations.record import ALTERNATIVES, CHOSEN, Change, Reason, made
from renewopt.results.programme import Started
from renewopt.results.reporting.facts import names
from renewopt.scenario.suggestions import did_you_mean
from renewopt.vocabulary import EXACT
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.optimiser.progress import Progress
    from renewopt.optimiser.reduced_costs.forced import Resolved

__all__ = ["MOST", "explain_household", "solve_changed", "unknown"]

MOST = 5
"""Alternatives of each part of a household."""
EXACT_SECONDS = 600.0
"""Of each alternative that is re-solved, at the most."""


def explain_household(
    grounds: Grounds,
    household: str,
    *,
    top: int = MOST,
    exact: bool = False,
    gap: float | None = None,
    time_limit: float = EXACT_SECONDS,
    progress: Callable[[Progress], None] | None = None,
    begun: Started | None = None,
) -> Explanation:
    """Explain one household; see `renewopt.results.planned.Plan.explain`.

    Parameters
    ----------
    begun
        The programme with the plan's starts, for households of a project that is left out.

    Raises
    ------
    ValueError
        If the plan knows no such household.
    """
    a_text("household", household, words("a household's id"), none=False)
    yes_or_no(EXACT, exact)
    if top < 1:
        raise ValueError(words("top {value!r}: expected a whole number from {least}", value=top, least=1))
    claims = grounds.claims_of.get(household.strip())
    if claims is None:
        waits = explain_not_started(grounds, household.strip(), begun)
        if waits is None:
            raise unknown("household", household, grounds.claims_of)
        return waits
    problem = grounds.problem
    chosen: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    reasons: list[Reason] = []
    changes: list[Change] = []
    for claim in claims:
        chosen += [
            {**told(grounds, claim, choice), "count": count, "rise": _rise_of_plan(grounds, claim, row)}
            for choice, count, row in grounds.settled(claim)
        ]
        given = given_most(grounds, claim)
        first = int(problem.offers.first[given.offer]) if not given.waits else -1
        if first == given.month:
            reasons.append(Reason(-1, "first", 0.0, {"pool": grounds.pool(given), "first": grounds.label(first)}))
        alternatives = list_alternatives(grounds, claim, top)
        parts = grounds.costs.parts(claim, [given, *(each.choice for each in alternatives)])
        for place, alternative in enumerate(alternatives):
            number = len(rows)
            worth = worths(parts, 0, place + 1)
            rise, against = rise_of(grounds, claim, alternative.reduced)
            rows.append(
                {
                    **told(grounds, claim, alternative.choice),
                    "rise": rise,
                    "against_plan": against,
                    **worth,
                    **(_resolved(grounds, alternative, gap, time_limit, progress) if exact else {}),
                }
            )
            sooner = grounds.housed(alternative.choice) < grounds.housed(given)
            reasons += reasons_against(grounds, number, alternative, given, worth)
            if sooner:
                changes += changes_for(grounds, number, alternative, -worth["own"], worth)
    return Explanation(
        household=household.strip(),
        project=str(problem.projects[problem.claims.project[claims[0]]]),
        count=int(problem.claims.households[claims].sum()),
        plan=grounds.plan.name,
        chosen=made(chosen, CHOSEN),
        alternatives=made(rows, ALTERNATIVES),
        reasons=tuple(reasons),
        changes=tuple(changes),
        proof=grounds.proof,
        names=names(grounds.plan.stated),
        place=grounds.plan.place,
    )


def unknown(kind: str, name: str, known: Iterable[str]) -> ValueError:
    """Say that the plan knows no household, fund or home of that name, and which one is near it."""
    near = did_you_mean(name, known)
    sentences = {
        "household": words("the plan knows no household {name!r}", name=name),
        "fund": words("the plan knows no fund {name!r}", name=name),
        "home": words("the plan knows no homes {name!r}; expected estate and type, such as E1/90", name=name),
    }
    return ValueError(words("{what}; {near}", what=sentences[kind], near=near) if near else sentences[kind])


def _rise_of_plan(grounds: Grounds, claim: int, row: int) -> float:
    """What a plan is proven to come to above the bound that gives a household what this plan gives it."""
    value = float(grounds.costs.never[claim] if row < 0 else grounds.costs.chosen[row])
    return rise_of(grounds, claim, value - float(grounds.costs.best[claim]))[0]


def _resolved(
    grounds: Grounds,
    alternative: Alternative,
    gap: float | None,
    time_limit: float,
    progress: Callable[[Progress], None] | None,
) -> dict[str, object]:
    """What an alternative costs: the best plan that has it, beside this one."""
    found = solve_changed(
        grounds, forced(grounds.problem, alternative.claim, alternative.choice), gap, time_limit, progress
    )
    if found.status == "infeasible":
        return {"resolved": math.inf, "resolved_least": math.inf}
    reached = math.nan if found.value is None else found.value - grounds.proof.objective
    return {"resolved": reached, "resolved_least": max(found.bound, grounds.proof.bound) - grounds.proof.objective}


def solve_changed(
    grounds: Grounds,
    problem: Problem,
    gap: float | None,
    time_limit: float,
    progress: Callable[[Progress], None] | None,
) -> Resolved:
    """Find the best plan of a changed problem, its strict goals held to what this plan reached; audited."""

    def check(decisions: Decisions) -> bool:
        return not audit_decisions(problem, decisions)

    reached = [tier.value for tier in grounds.plan.tiers[: len(problem.objective.tiers)]]
    objective = grounds.proof.objective
    own = grounds.proof.gap / max(abs(objective), 1.0)
    return resolve(
        problem,
        tier_bounds=tier_bounds_of(problem, reached),
        gap=max(own, 0.0) if gap is None else gap,
        time_limit=time_limit,
        warm=grounds.plan.warm,
        check=check,
        progress=progress,
    )
