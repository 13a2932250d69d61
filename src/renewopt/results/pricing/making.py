"""From a plan's folder to prices: read again, price the relaxation, solve the dearest for whole households too."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from renewopt import stopping
from renewopt.asked import a_call, a_path
from renewopt.ledger import audit_decisions
from renewopt.policies import OPTIMAL
from renewopt.policies.starting import plans_of_rules
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.results.choosing import with_objective
from renewopt.results.failures import PlanFileError
from renewopt.results.planned import Plan
from renewopt.results.pricing.asking import check_numbers, files_of, months_of
from renewopt.results.pricing.price_list import PriceList
from renewopt.results.pricing.record import COLUMNS, DIFFERENCES
from renewopt.results.pricing.windows import starts_later, starts_sooner, windows_wider
from renewopt.results.programme import Started, as_planned, with_dates
from renewopt.results.reading import read_plan
from renewopt.results.reopening import stated_of
from renewopt.results.reporting.facts import names
from renewopt.scenario import Scenario
from renewopt.vocabulary import AUTO, METHODS, Goal
from renewopt.wording import words

if TYPE_CHECKING:
    from pathlib import Path

    from renewopt.optimiser.marginal.values import MarginalValue, Side, Valuation
    from renewopt.optimiser.model.formulation import TierBound
    from renewopt.optimiser.progress import Progress

__all__ = ["prices"]

Telling = Callable[["Progress"], None] | None


def prices(
    plan: Plan | str | os.PathLike[str],
    *,
    top: int = 20,
    months: Iterable[str] | None = None,
    whole: int = 3,
    differences: bool = True,
    time_limit: float = 120.0,
    scenario: Scenario | str | os.PathLike[str] | None = None,
    allow_outside: bool = False,
    progress: Telling = None,
) -> PriceList:
    """Tell what a little more or less of what is scarce is worth: money, homes, settlements, debt; the plan stays.

    Parameters
    ----------
    plan
        From `plan` or `read_plan`, or the folder of one.
    top
        Prices, the dearest first.
    months
        Months (``YYYY-MM``) in which money, homes and debt may come; default: of each fund, pool and developer the
        month in which it is dearest.
    whole
        Of how many of them, the dearest first, whole households are planned anew with one unit more. Of none where a
        rule of thumb decided the plan: the optimum with one more is no measure of what one more is worth to the rule.
    differences
        Whether changes that come whole or not at all (a phase or a start a month sooner, a use permitted, a term
        or a window a month longer)
        are solved for.
    time_limit
        Seconds of each search for whole households.
    scenario
        What the plan was made from; default: the file that the plan names.
    allow_outside
        Whether tables of a scenario file may lie outside of its folder.
    progress
        As of `renewopt.plan`.

    Returns
    -------
    PriceList

    Raises
    ------
    ValueError
        If the scenario is not the one that the plan was made from, or an argument is not one of the above.
    PlanFileError
        If there is no plan, or it is infeasible, or keeps constraints that were added in Python.
    """
    check_numbers(top, whole, time_limit, differences, allow_outside)
    a_call("progress", progress)
    given = plan
    if not isinstance(plan, Plan):
        a_path("plan", plan)
        plan = read_plan(plan)
    if not plan.feasible:
        raise PlanFileError(words("the plan is infeasible: nothing has a price; its report tells what is short"))
    if plan.options.get("own_constraints"):
        raise PlanFileError(
            words("the plan keeps constraints that were added in Python, which its folder does not hold: no prices")
        )
    begun = as_planned(stated_of(plan, scenario, allow_outside), plan) if plan.starts else None
    written = stated_of(plan, scenario, allow_outside) if begun is None else begun.written
    stated = with_objective(written, plan.objective_name)
    with plan.place.spoken():
        tell = _Told(progress)
        tell("compiling")
        problem = compile_problem(stated)
        asked = months_of(problem, months)
        tell("prices")
        return _Pricing(with_dates(plan), stated, problem, tell, begun).priced(
            top, asked, whole, differences=differences, time_limit=float(time_limit), reads=files_of(given, plan)
        )


class _Told:
    """Says which step begins."""

    def __init__(self, progress: Telling) -> None:
        self.progress, self._began = progress, time.perf_counter()

    def __call__(self, step: str) -> None:
        stopping.raise_if_asked()
        if self.progress is not None:
            from renewopt.optimiser.progress import Progress

            self.progress(Progress(step, None, None, None, time.perf_counter() - self._began, 0.0))


@dataclass
class _Pricing:
    plan: Plan
    stated: Scenario
    problem: Problem
    tell: _Told
    begun: Started | None = None

    def priced(
        self,
        top: int,
        months: Sequence[int] | None,
        whole: int,
        *,
        differences: bool,
        time_limit: float,
        reads: tuple[Path, ...],
    ) -> PriceList:
        """Price all that was asked for."""
        from renewopt.optimiser.marginal.values import Valuation, dearest

        plan, problem = self.plan, self.problem
        method = str(plan.options.get("method") or AUTO)
        valuation = Valuation(
            problem,
            plan.objective_name,
            self._tier_bounds(),
            method=method if method in METHODS else AUTO,
            warm=plan.warm,
        )
        found = dearest(valuation, top, months)
        whole = whole if plan.policy == OPTIMAL else 0
        rows = [
            {**_row(value, problem), **(self._resolved(value, time_limit) if place < whole else {})}
            for place, value in enumerate(found)
        ]
        changes = self._differences(valuation) if differences else []
        relaxation = valuation.relaxation
        return PriceList(
            name=plan.name,
            variant=plan.variant,
            scenario_sha256=plan.scenario_sha256,
            start=plan.start,
            objective_name=plan.objective_name,
            objective=plan.objective,
            bound=plan.bound,
            gap=plan.gap,
            relaxation=valuation.value,
            classes=relaxation.classes,
            choices=relaxation.choices,
            prices=_table(rows, COLUMNS),
            differences=_table(changes, DIFFERENCES),
            names=names(plan.stated),
            measures=dict(zip(map(str, problem.pools.id), map(str, problem.pools.measure), strict=True)),
            monthly=dict(zip(map(str, problem.limits.id), map(bool, problem.limits.monthly), strict=True)),
            asked=() if months is None else tuple(problem.calendar.label(t) for t in months),
            place=plan.place,
            reads=reads,
        )

    def _tier_bounds(self) -> tuple[TierBound, ...]:
        """Strict goals as they were reached, with the room that the search gave them."""
        from renewopt.optimiser.solving import most_of_tier, units_of_tier

        tiers = self.problem.objective.tiers
        # Of what was announced before a plan was made anew, its scenario knows nothing.
        told = [reached for reached in self.plan.tiers if reached.goal != Goal.CHANGES]
        return tuple(
            (tier, most_of_tier(reached.value / units_of_tier(tier)))
            for tier, reached in zip(tiers, told, strict=False)
        )

    def _resolved(self, value: MarginalValue, time_limit: float) -> dict[str, object]:
        """Plan whole households with one unit more; the plan at hand is one to begin with."""
        from renewopt.optimiser import optimise

        self.tell("whole households")
        plan, resource = self.plan, value.resource
        if plan.objective is None or plan.decisions is None:
            return {}
        changed = resource.changed(self.problem, 1.0)
        began = time.perf_counter()

        def starts(time_up: Callable[[], bool]) -> Iterable[Decisions]:
            assert plan.decisions is not None
            yield plan.decisions
            yield from plans_of_rules(changed, time_up)

        options = plan.options
        gap, method = options.get("gap"), options.get("method")
        solution = optimise(
            changed,
            objective=plan.objective_name,
            gap=float(gap) if isinstance(gap, int | float) else 1e-3,
            time_limit=time_limit,
            method=str(method) if method in METHODS else AUTO,
            progress=self.tell.progress,
            check=lambda decisions: not audit_decisions(changed, decisions),
            warm=plan.warm,
            starts=starts,
            describe=False,
        )
        seconds = round(time.perf_counter() - began, 1)
        if solution.status == "interrupted":
            raise KeyboardInterrupt
        if solution.objective is None:
            return {"whole_status": solution.status, "whole_seconds": seconds}
        # Bounds given other values of strict goals cannot be set against each other.
        alike = not self.problem.objective.tiers
        least = plan.bound - solution.objective if alike and plan.bound is not None else None
        most = plan.objective - solution.bound if alike and solution.bound is not None else None
        return {
            "whole": plan.objective - solution.objective,
            "whole_least": least,
            "whole_most": most,
            "whole_status": solution.status,
            "whole_gap": solution.gap,
            "whole_seconds": seconds,
        }

    def _differences(self, valuation: Valuation) -> list[dict[str, object]]:
        """Changes that come whole or not at all, those that save most first."""
        from renewopt.optimiser.marginal.changes import PhaseSooner, UsePermitted, changes_of

        problem = self.problem
        rows: list[dict[str, object]] = []
        for change in changes_of(problem):
            self.tell("differences")
            saved = valuation.saved(change)
            if isinstance(change, PhaseSooner):
                rows.append({"kind": "sooner", "id": str(problem.phases.id[change.phase]), "use": "", "saved": saved})
            elif isinstance(change, UsePermitted):
                fund = str(problem.funds.id[change.fund])
                rows.append({"kind": "permitted", "id": fund, "use": change.use, "saved": saved})
        for policy in self.stated.fee_policies:
            self.tell("differences")
            saved = valuation.saved_by(compile_problem(_term_longer(self.stated, policy.id)))
            rows.append({"kind": "term", "id": policy.id, "use": "", "saved": saved})
        for wider in windows_wider(self.stated):
            self.tell("differences")
            saved = valuation.saved_by(wider.problem)
            rows.append({"kind": wider.kind, "id": wider.id, "use": wider.use, "saved": saved})
        rows += self._starts(valuation)
        return sorted(rows, key=lambda row: -np.inf if row["saved"] is None else -abs(float(str(row["saved"]))))

    def _starts(self, valuation: Valuation) -> Iterable[dict[str, object]]:
        """What starts a month sooner, or in the month after its window: a wider window, which nobody need use."""
        if self.begun is None:
            return
        asked = (self.begun, self.problem, self.plan.objective_name)
        for moved in (*starts_sooner(*asked), *starts_later(*asked)):
            month, since = self.plan.starts.get(moved.id), self.plan.replanned
            if month is not None and since is not None and month < since.month:
                continue
            self.tell("differences")
            saved = valuation.saved_by(moved.problem)
            total = None if saved is None else saved + moved.saves
            if moved.kind == "window":
                total = max(total or 0.0, 0.0)
            yield {"kind": moved.kind, "id": moved.id, "use": "", "saved": total}


def _term_longer(scenario: Scenario, policy: str) -> Scenario:
    """The scenario with the agreed terms of a fee policy a month longer; projects with terms of their own keep them."""

    def longer(section: object) -> object:
        term = section.term  # type: ignore[attr-defined]
        more = {name: months + 1 for name, months in term.items()} if isinstance(term, dict) else term + 1
        return section.model_copy(update={"term": more})  # type: ignore[attr-defined]

    policies = [longer(each) if each.id == policy else each for each in scenario.fee_policies]
    source = replace(scenario.source, sha256=scenario.sha256)
    return scenario.model_copy(update={"fee_policies": policies}).with_source(source)


def _row(value: MarginalValue, problem: Problem) -> dict[str, object]:
    resource = value.resource
    month = "" if resource.month < 0 else problem.calendar.label(resource.month)
    row: dict[str, object] = {"kind": resource.kind, "id": resource.name(problem), "month": month}
    for name, side in (("more", value.more), ("less", value.less)):
        if side is not None:
            row |= {f"{name}_{key}": told for key, told in _side(side).items()}
    return row


def _side(side: Side) -> dict[str, object]:
    return {
        "price": round(side.price, 2),
        "holds_for": float(f"{side.reach:.6g}"),
        "ends": "yes" if side.ends else "no",
        "unit": side.unit,
        "impossible": side.impossible,
    }


def _table(rows: Sequence[dict[str, object]], kinds: dict[str, str]) -> pd.DataFrame:
    columns = {}
    for name, kind in kinds.items():
        found = [row.get(name) for row in rows]
        if kind == "text":
            columns[name] = pd.Series(["" if each is None else each for each in found], dtype=object)
        else:
            columns[name] = pd.Series([np.nan if each is None else each for each in found], dtype=np.float64)
    return pd.DataFrame(columns)
