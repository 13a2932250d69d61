"""Alternatives: what a plan cannot do without, and plans nearly as good that do without something of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from renewopt.asked import a_path, is_number
from renewopt.charts.labels import Locale
from renewopt.comparison.agenda import Step
from renewopt.comparison.instances import instances_of
from renewopt.comparison.running import Instance
from renewopt.ledger import replay
from renewopt.problem import compile_problem
from renewopt.results.choosing import with_objective
from renewopt.results.failures import PlanFileError
from renewopt.results.planned import Plan
from renewopt.results.programme import Started, as_planned, started, with_dates
from renewopt.results.reading import read_plan
from renewopt.results.reopening import stated_of
from renewopt.results.starting import is_decided
from renewopt.scenario import Scenario
from renewopt.tradeoffs.doing import Point, do
from renewopt.tradeoffs.naming import part_word
from renewopt.tradeoffs.record import Asked, points_table, tables_of
from renewopt.tradeoffs.solving import Answer, PointTask, answer_of
from renewopt.tradeoffs.store import PointStore
from renewopt.tradeoffs.sweeping import BYTES_OF_POINT, a_count, basis, check_search, finish, key_of_point
from renewopt.tradeoffs.telling import locale_of
from renewopt.tradeoffs.varied import LAYOUT, PARTS, Alternatives
from renewopt.units import parse_share
from renewopt.vocabulary import AUTO, DEARER, ROUTES
from renewopt.wording import Language, words

__all__ = ["alternatives", "distance"]

Part = tuple[str, str]
"""``phase`` or ``route``, and its name."""
MOST_SHARE = 0.5


def alternatives(  # noqa: PLR0913 - each is an option of its own
    plan: Plan | str | os.PathLike[str],
    *,
    within: float | str = 0.01,
    count: int = 5,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    gap: float = 5e-3,
    time_limit: float = 600.0,
    method: str = AUTO,
    jobs: int = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    lang: Language = "en",
    progress: Callable[[Step], None] | None = None,
    allow_outside: bool = False,
) -> Alternatives:
    """Find what a plan has to do in any case, and plans nearly as good that differ from it as much as can be.

    Each phase that the plan builds and each route that it takes is left out in turn, and the best plan without it is
    searched for. What is proven to cost more than `within` is a *must*, and its search ends there. What can be spared
    is then left out together, one after the other, as long as a plan is within. Of all plans found, those that lie
    farthest apart are shown (modelling to generate alternatives: Brill, Chang and Hopkins, 1982). What starts when is
    decided anew in each of them.

    Parameters
    ----------
    plan
        From `plan` or `read_plan`, or the folder of a plan.
    within
        Share of what is minimised by which an alternative may lie above the plan: 0.01 or ``"1%"``.
    count
        Alternatives that are shown, at the most.
    scenario
        What the plan was made from; default: the file that the plan names.
    gap, time_limit, method, jobs, cluster, lang, progress, allow_outside
        As of `renewopt.sweep`.
    out
        Folder in which each search is saved when it is done; a second call does only what is missing.

    Returns
    -------
    Alternatives

    Raises
    ------
    ScenarioError
        If the scenario is not right.
    ValueError
        If the scenario is not the one that the plan was made from, or an argument is not one of the above.
    PlanFileError
        If there is no plan, or no decisions in it.
    OutputExistsError, OutputBusyError, OutputUnwritableError, OutputError
        As of `renewopt.sweep`.
    """
    check_search(gap, time_limit, method, jobs, cluster, progress, lang, allow_outside)
    share = _share(within)
    a_count("count", count)
    if out is not None:
        a_path("out", out)
    if not isinstance(plan, Plan):
        a_path("plan", plan)
        plan = read_plan(plan)
    if plan.decisions is None or plan.objective is None:
        raise PlanFileError(words("there is no plan to begin with: it is infeasible, or has no decisions.csv"))
    stated = stated_of(plan, scenario, allow_outside)
    ((instance, loaded),) = instances_of([stated], None, plan.objective_name, allow_outside=allow_outside)
    begun = _begun(with_objective(loaded, instance.objective), plan)
    if not begun.programme.fixed and not is_decided(begun.stated, begun.programme):
        # What starts when is as planned in all of them.
        instance = replace(instance, starts=tuple(begun.programme.named(begun.starts).items()))
    problem = compile_problem(begun.written)
    row = {"status": plan.status, "reason": ""}
    base = answer_of(replay(problem, plan.decisions), row, with_dates(plan).bound, begun)
    asked = Asked.of(instance, loaded, float(gap))
    most = base.row["objective"] + share * abs(base.row["objective"])
    with PointStore(
        LAYOUT, None if out is None else Path(out), size=4 * BYTES_OF_POINT, reads=loaded.read_paths
    ) as store:
        say = locale_of(asked, lang)
        search = _Search(
            instance, plan, float(gap), float(time_limit), method, most, store, jobs, cluster, progress, say
        )
        alone = search.each(_parts(base))
        together = search.together(alone, count)
        found = _varied(asked, share, most, base, alone, together, count)
        if store.written is not None:
            finish(store, found.contents(lang), Path(str(out)))
    return found


def _begun(scenario: Scenario, plan: Plan) -> Started:
    return as_planned(scenario, plan) if plan.starts else started(scenario)


def _share(within: float | str) -> float:
    share = float(parse_share(within)) if isinstance(within, str) or is_number(within) else -1.0
    if not 0 < share <= MOST_SHARE:
        raise ValueError(
            words("within {within!r}: expected a share above 0 and up to 50 %, such as 1% or 0.01", within=within)
        )
    return share


def _parts(answer: Answer) -> list[Part]:
    """Phases that are built, and routes that are taken."""
    phases = [("phase", name) for name, month in answer.phases.items() if month]
    return [*phases, *(("route", name) for name, number in answer.routes.items() if number)]


@dataclass(frozen=True)
class _Search:
    """Searches without some parts of a plan."""

    instance: Instance
    plan: Plan
    gap: float
    time_limit: float
    method: str
    most: float
    store: PointStore
    jobs: int
    cluster: str | None
    progress: Callable[[Step], None] | None
    say: Locale

    def each(self, parts: Sequence[Part]) -> list[tuple[Part, Answer]]:
        """The best plan without each part."""
        points = [self._point((part,), None) for part in parts]
        answers = do(points, self.store, self.jobs, self.cluster, self.progress)
        return list(zip(parts, answers, strict=True))

    def together(self, alone: Sequence[tuple[Part, Answer]], count: int) -> list[Answer]:
        """Plans without more and more of what can be spared, the cheapest to spare first; so many at the most."""
        spared = sorted((each for each in alone if self.is_within(each[1])), key=lambda each: each[1].row["objective"])
        if not spared:
            return []
        (part, reached), *more = spared
        left_out, last, found = [part], self._point((part,), None), list[Answer]()
        for part, answer in more:
            if len(found) >= count:
                break
            # What is dearer to do without has moved more: from there the way to a plan without all of it is shorter.
            dearer = answer.row["objective"] > reached.row["objective"]
            point = self._point((*left_out, part), (self._point((part,), None) if dearer else last).key)
            (without,) = do([point], self.store, self.jobs, self.cluster, self.progress)
            if self.is_within(without):
                found.append(without)
                left_out.append(part)
                last, reached = point, without
        return found

    def is_within(self, answer: Answer) -> bool:
        """Whether a plan is nearly as good."""
        value = answer.row.get("objective")
        return value is not None and value <= self.most

    def _point(self, left_out: tuple[Part, ...], first: str | None) -> Point:
        shared = basis(self.instance, self.gap, self.time_limit, self.method)
        begun = first or f"plan {self.plan.objective} {self.plan.bound} {self.plan.version}"
        key = key_of_point(shared, (), None, begun, left_out, self.most)
        task = PointTask(
            self.instance, (), None, self.gap, self.time_limit, self.method, self.plan.warm, left_out, self.most
        )
        return Point(key, " · ".join(part_word(*part, self.say) for part in left_out), task, first)


def distance(a: Answer, b: Answer) -> float:
    """How far two plans lie apart: share of the phases that only one builds, and of households on another route."""
    phases = a.phases.keys() | b.phases.keys()
    apart = sum(bool(a.phases.get(name)) != bool(b.phases.get(name)) for name in phases) / max(len(phases), 1)
    totals = [max(sum(each.routes.values()), 1) for each in (a, b)]
    shares = [
        np.array([each.routes.get(name, 0) for name in ROUTES]) / n for each, n in zip((a, b), totals, strict=True)
    ]
    return apart + 0.5 * float(np.abs(shares[0] - shares[1]).sum())


def _varied(
    asked: Asked,
    share: float,
    most: float,
    base: Answer,
    alone: Sequence[tuple[Part, Answer]],
    together: Sequence[Answer],
    count: int,
) -> Alternatives:
    """The plans that lie farthest apart, and what becomes of each part."""
    left = [each for _, each in alone if (each.row.get("objective") or np.inf) <= most]
    left += together
    shown = [base]
    apart = [0.0]
    while left and len(shown) <= count:
        nearest = [min(distance(each, other) for other in shown) for each in left]
        best = int(np.argmax(nearest))
        if nearest[best] <= 0:
            break
        shown.append(left.pop(best))
        apart.append(nearest[best])
    rows = []
    of_base = base.row["objective"]
    for (kind, name), answer in alone:
        value, bound = answer.row.get("objective"), answer.row.get("bound")
        infeasible = answer.row["status"] == "infeasible"
        verdict = "spared" if value is not None and value <= most else "open"
        if infeasible or answer.row["status"] == DEARER or (bound is not None and bound > most):
            verdict = "must"
        least = np.nan if bound is None or infeasible else max(bound - of_base, 0.0)
        found = np.nan if value is None else value - of_base
        holding = sum((kind, name) in _parts(each) for each in shown)
        rows.append((kind, name, verdict, least, found, holding))
    known = {part for part, _ in alone}
    new = dict.fromkeys(part for each in shown[1:] for part in _parts(each) if part not in known)
    rows += [(*part, "new", np.nan, np.nan, sum(part in _parts(each) for each in shown)) for part in new]
    phases, routes, timings = tables_of(shown)
    above = [each.row["objective"] / of_base - 1.0 if of_base else 0.0 for each in shown]
    table = points_table(shown, {"distance": apart, "above": above})
    seconds = sum(answer.seconds for _, answer in alone) + sum(answer.seconds for answer in together)
    return Alternatives(asked, share, table, phases, routes, pd.DataFrame(rows, columns=list(PARTS)), timings, seconds)
