"""Starts that are still to come, decided anew beside what has happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renewopt.problem import Problem
from renewopt.problem.subsets import subset
from renewopt.results.planned import Plan
from renewopt.results.programme import Started, with_starts
from renewopt.results.replanning.freezing import with_inflow
from renewopt.results.replanning.happening import Past
from renewopt.results.starting import StartsAim, decide, is_decided
from renewopt.scheduling import NEVER_STARTS, compile_programme, under_way
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import AUTO

__all__ = ["better", "left_open", "starts_anew"]

SAME = 0.5 / FEN_PER_YUAN
"""Yuan (or households) within which two plans are alike."""


def left_open(begun: Started, now: int) -> NDArray[np.bool_]:
    """(n,) what can still be decided to start, or not to."""
    each = under_way(compile_programme(begun.stated), begun.starts, now).activities
    open_still = (each.first < each.last) | ((each.first == each.last) & ~each.must)
    result: NDArray[np.bool_] = open_still & ~((begun.starts != NEVER_STARTS) & (begun.starts < now))
    return result


def starts_anew(begun: Started, stated: Problem, past: Past, now: int, options: Mapping[str, Any]) -> Started | None:
    """Decide what starts from a month on together with a plan, as a new plan would; who has chosen has chosen.

    What was paid in months that are over is left open here: so the starts that are found are a proposal, which is to be
    planned for, and to be weighed against those that were announced.

    Parameters
    ----------
    begun
        Dated with what has begun, and with what was still to begin; its objective is that of the plan.
    stated
        The problem of that, as its scenario states it.
    past
        What happened.
    now
        First month that is not over.
    options
        ``gap``, ``time_limit`` and ``method``, as of a plan.

    Returns
    -------
    Started or None
        None: nothing is left open, the programme is too large for its strict goals, no plan was found in time, or what
        was announced is proposed.
    """
    if not left_open(begun, now).any():
        return None
    scenario = begun.stated
    programme = under_way(compile_programme(scenario), begun.starts, now)
    if not is_decided(scenario, programme):
        return None
    happened = _Happened.of(stated, past, now)
    chosen = decide(
        scenario,
        programme,
        StartsAim(happened.within, (begun.starts,)),
        gap=float(options.get("gap") or 0.0),
        time_limit=float(options.get("time_limit") or 600.0),
        method=str(options.get("method") or AUTO),
    )
    if chosen.starts is None or chosen.objective is None:
        return None
    starts = programme.vector(chosen.starts)
    if (starts == begun.starts).all():
        return None
    return with_starts(scenario, under_way(compile_programme(scenario), starts, now), starts)


def better(one: Plan, other: Plan) -> bool:
    """Whether one plan is better: it is in order, or better in the first goal in which both differ."""
    if one.feasible != other.feasible or not one.feasible:
        return one.feasible
    for mine, its in zip(one.tiers, other.tiers, strict=True):
        if abs(mine.value - its.value) > SAME:
            return mine.value < its.value
    return False


@dataclass(frozen=True, eq=False)
class _Happened:
    """What is known of the past, by names that the tables of all dates share."""

    chosen: Mapping[tuple[str, str], list[tuple[int, str, int, int]]]
    complete: Mapping[str, int]
    expected: Mapping[str, tuple[int, int]]
    more: Mapping[tuple[int, int], int]
    now: int

    @classmethod
    def of(cls, stated: Problem, past: Past, now: int) -> _Happened:
        known, done = past.problem, past.lived.past
        claims, offers, phases = known.claims, known.offers, known.phases
        chosen: dict[tuple[str, str], list[tuple[int, str, int, int]]] = {}
        for offer, month, households in done.settle.tolist():
            claim = int(offers.claim[offer])
            key = (str(claims.household[claim]), str(claims.part[claim]))
            chosen.setdefault(key, []).append((int(offers.route[offer]), str(offers.label[offer]), month, households))
        more = known.funds.inflow - stated.funds.inflow
        otherwise = np.flatnonzero(phases.earliest != stated.phases.earliest).tolist()
        return cls(
            chosen,
            {str(phases.id[phase]): month for phase, month in done.complete.tolist()},
            {str(phases.id[e]): (int(stated.phases.earliest[e]), int(phases.earliest[e])) for e in otherwise},
            {(f, m): int(more[f, m]) for f, m in np.argwhere(more != 0).tolist()},
            now,
        )

    def within(self, problem: Problem) -> Problem:
        """A problem of some dates, in which those who have chosen have, and nobody else did before now."""
        claims, offers = problem.claims, problem.offers
        first, last = offers.first.copy(), offers.last.copy()
        allowed = np.ones(len(offers), dtype=np.bool_)
        for offer, claim in enumerate(offers.claim.tolist()):
            told = self.chosen.get((str(claims.household[claim]), str(claims.part[claim])), [])
            if not told:
                first[offer] = max(first[offer], self.now)
            elif len(told) == 1 and told[0][3] == claims.count[claim]:
                route, label, month, _ = told[0]
                same = offers.route[offer] == route and offers.label[offer] == label
                allowed[offer] = same and first[offer] <= month <= last[offer]
                first[offer] = last[offer] = month
        allowed &= first <= last
        changed = replace(
            problem,
            offers=replace(offers, first=first, last=last),
            phases=replace(problem.phases, earliest=self._earliest(problem)),
        )
        return subset(with_inflow(changed, self.more), np.arange(len(claims)), allowed)[0]

    def _earliest(self, problem: Problem) -> NDArray[np.int32]:
        earliest = problem.phases.earliest.copy()
        for row, name in enumerate(map(str, problem.phases.id)):
            if name in self.complete:
                earliest[row] = self.complete[name]
                continue
            stated, expected = self.expected.get(name, (int(earliest[row]), int(earliest[row])))
            earliest[row] = max(expected if stated == earliest[row] else max(expected, earliest[row]), self.now)
        return earliest
