"""Goals of fairness (accounts 17): how long who waits longest waits, and how far mean waits of projects lie apart.

A bound on the longest wait closes choices. The spread of mean waits is linear: a column above all means, and one below.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import FloatArray, IntArray, Owner, Role, Unit
from renewopt.problem import Problem, Tier
from renewopt.problem.waits import TierBound, longest_allowed
from renewopt.vocabulary import Goal

__all__ = ["close_longer_waits", "fairness_of", "means", "waits_of_projects"]


def close_longer_waits(f: Formulation, tier_bounds: Sequence[TierBound]) -> None:
    """Close the choices in which a household waits for longer than the bounds let it."""
    allowed = longest_allowed(f.problem, tier_bounds)
    if (allowed < 0).all():
        return
    claim = f.choices.claim
    longer = (allowed[claim] >= 0) & (f.problem.months_out(claim, f.choices.housed) > allowed[claim])
    f.builder.fix(f["settle"].index[longer], np.zeros(int(longer.sum())))
    claim, month = f["waiting"].keys
    never = f.problem.months_out(claim, f.problem.never_housed(claim))
    longer = (month == f.problem.calendar.months - 1) & (allowed[claim] >= 0) & (never > allowed[claim])
    f.builder.fix(f["waiting"].index[longer], np.zeros(int(longer.sum())))


def means(f: Formulation, tiers: Sequence[Tier]) -> None:
    r"""Say of each goal of equal waits what mean waits of projects lie between: a column above all, and one below.

    .. math::
        \mathit{households}_j \, \mathit{mean\_least}_k \le \sum_{h \in j} \Bigl( \sum_{t} \mathit{waits}_{h,t} \,
        \mathit{waiting}_{h,t} + \sum_{o \in O(h),\, t} \mathit{until}_{o,t} \, \mathit{settle}_{o,t} \Bigr)
        \le \mathit{households}_j \, \mathit{mean\_most}_k

    The wait is counted from month 0 on, what lies before it is known; ``until`` are the months from the choice until
    they are housed. The spread is ``mean_most`` less ``mean_least``.
    """
    spreads = [tier for tier in tiers if tier.goal == Goal.WAIT_SPREAD]
    if not spreads:
        return
    problem = f.problem
    parts = [_of_project(problem, tier) for tier in spreads]
    k = np.arange(len(spreads))
    # Where no household counts nothing holds the two together.
    counts = np.array([project.size > 0 for project, _, _ in parts])
    longest = float(problem.calendar.books + max(-int(problem.fees.moved_out.min(initial=0)), 0))
    for name, meaning in (
        ("mean_most", "months that no project's households wait longer than in the mean"),
        ("mean_least", "months that every project's households wait at the least in the mean"),
    ):
        f.builder.add_columns(
            name, "k", (k,), meaning, role=Role.GOAL, unit=Unit.MONTHS, owner=Owner.SUPPLY, upper=longest * counts
        )
    f.spreads.update({tier.name: number for number, tier in enumerate(spreads)})
    keys = np.concatenate([np.full(len(project), number) for number, (project, _, _) in enumerate(parts)])
    project, households, known = (np.concatenate(each) for each in zip(*parts, strict=True))
    claim, column, months = _waits(f)
    for name, bound in (("mean_most", {"upper": -known}), ("mean_least", {"lower": -known})):
        rows = f.builder.add_rows(name, "kj", (keys, project), **bound)
        f.builder.add_entries(rows.index, f[name].index[keys], -households)
        for number, tier in enumerate(spreads):
            at = np.flatnonzero(tier.claims[claim] & (months != 0))
            row = rows.find(np.full(at.size, number), problem.claims.project[claim[at]].astype(np.int64))
            f.builder.add_entries(row, column[at], months[at])


def _of_project(problem: Problem, tier: Tier) -> tuple[IntArray, IntArray, IntArray]:
    """Projects with households that count, how many, and the months that these have waited before month 0."""
    households, waited = np.zeros((2, len(problem.projects)), dtype=np.int64)
    if tier.others is not None:
        households, waited = tier.others.copy()
    mine = np.flatnonzero(tier.claims)
    count, project = problem.claims.count[mine], problem.claims.project[mine]
    np.add.at(households, project, count)
    np.add.at(waited, project, count * problem.months_out(mine, 0))
    some = np.flatnonzero(households)
    return some, households[some], waited[some]


def _waits(f: Formulation) -> tuple[IntArray, IntArray, FloatArray]:
    """Claim, column and months that a unit of it adds to the wait."""
    problem = f.problem
    claim, month = f["waiting"].keys
    last = month == problem.calendar.months - 1
    until = np.where(last, problem.never_housed(claim), month + 1)
    waiting = problem.months_out(claim, until) - problem.months_out(claim, month)
    chosen = f.choices.claim
    after = problem.months_out(chosen, f.choices.housed) - problem.months_out(chosen, f.choices.month)
    return (
        np.concatenate([claim, chosen]),
        np.concatenate([f["waiting"].index, f["settle"].index]),
        np.concatenate([waiting, after * f.choices.unit]).astype(np.float64),
    )


def fairness_of(
    problem: Problem, claim: IntArray, households: IntArray, housed: IntArray, still: IntArray, tier: Tier
) -> float:
    """What a goal of fairness comes to, in months, for whole choices.

    Parameters
    ----------
    claim, households, housed
        (n,) of each choice.
    still
        (H,) households with no choice.
    """
    if tier.goal == Goal.LONGEST_WAIT:
        _, count, months = _counted(problem, claim, households, housed, still, tier)
        return float(months[count > 0].max(initial=0))
    total, waited = waits_of_projects(problem, claim, households, housed, still, tier)
    some = np.flatnonzero(total)
    return float(np.ptp(waited[some] / total[some])) if some.size else 0.0


def waits_of_projects(
    problem: Problem, claim: IntArray, households: IntArray, housed: IntArray, still: IntArray, tier: Tier
) -> IntArray:
    """(2, J) households that count, and the months that they wait in all; as of `fairness_of`."""
    result = np.zeros((2, len(problem.projects)), dtype=np.int64) if tier.others is None else tier.others.copy()
    mine, count, months = _counted(problem, claim, households, housed, still, tier)
    project = problem.claims.project[mine]
    np.add.at(result[0], project, count)
    np.add.at(result[1], project, count * months)
    return result


def _counted(
    problem: Problem, claim: IntArray, households: IntArray, housed: IntArray, still: IntArray, tier: Tier
) -> tuple[IntArray, IntArray, IntArray]:
    """Claim, households and months of who counts, those with no choice after the others."""
    left = np.flatnonzero(still)
    claim = np.concatenate([claim, left])
    count = np.concatenate([households, still[left]])
    months = problem.months_out(claim, np.concatenate([housed, problem.never_housed(left)]))
    mine = tier.claims[claim]
    return claim[mine], count[mine], months[mine]
