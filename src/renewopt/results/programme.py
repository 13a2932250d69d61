"""A plan's programme: which starts were decided, and what they add to the plan with these dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError
from renewopt.futures import Begun, Future, LateStarts
from renewopt.ledger import replay
from renewopt.ledger.account import whole
from renewopt.problem import Objective, Problem
from renewopt.results import tables
from renewopt.results.left_out import list_left_out
from renewopt.results.record import PlanRecord, TierResult
from renewopt.scenario import Scenario
from renewopt.scheduling import (
    NEVER_STARTS,
    Programme,
    compile_programme,
    dated,
    delay_fen,
    faults,
    goal_value,
    revenues,
    under_way,
)
from renewopt.scheduling.activities import Ints
from renewopt.scheduling.begun import begun_tables, turned_out
from renewopt.units import FEN_PER_YUAN, Month
from renewopt.vocabulary import NOT_STARTED, Goal, Reckoned
from renewopt.wording import words

__all__ = ["Started", "as_planned", "started", "with_dates", "with_starts"]

Record = TypeVar("Record", bound=PlanRecord)


@dataclass(frozen=True, eq=False)
class Started:
    """A scenario whose starts are decided.

    Attributes
    ----------
    stated
        As the planner states it.
    programme
        Its programme.
    starts
        Month of each activity.
    written
        The scenario with these dates, which is compiled, solved and audited.
    least
        Proven of each strict goal of starts, in its own unit; empty: each is as small as it can be.
    """

    stated: Scenario
    programme: Programme
    starts: Ints
    written: Scenario
    least: tuple[float, ...] = ()

    @property
    def delay(self) -> float:
        """Yuan of delay costs and land penalties."""
        return float(delay_fen(self.programme, self.starts).sum()) / FEN_PER_YUAN

    def land(self, objective: Objective) -> float:
        """Yuan that land revenue adds to the fiscal cost, discounted; below 0."""
        return self._land_fen(objective) / FEN_PER_YUAN

    def _land_fen(self, objective: Objective) -> float:
        came = revenues(self.programme, self.starts)
        return -sum(fen * float(objective.discount(np.array(month))) for _, month, fen in came)

    @property
    def not_started(self) -> int:
        """Households whose project is left out."""
        each = self.programme.activities
        return int(each.households[(self.starts == NEVER_STARTS) & ~each.is_work].sum())

    def adds(self, objective: Objective, name: str) -> float:
        """Yuan that the programme adds to an objective: delay, and for the fiscal cost less the land revenue."""
        return self.delay + (self.land(objective) if name == Goal.FISCAL else 0.0)

    def tables(self, problem: Problem) -> Begun | None:
        """Where in the tables of the written scenario stands what starts cause; None: nothing may start."""
        return begun_tables(self.programme, self.starts, problem) if len(self.programme) else None

    def in_future(self, future: Future) -> Started:
        """What starts when, as it turns out in a future."""
        late = next((change for change in future.changes if isinstance(change, LateStarts)), None)
        if late is None:
            return self
        programme, starts = turned_out(self.programme, late)
        return replace(self, programme=programme, starts=starts)

    def told(self, plan: Record, problem: Problem) -> Record:
        """Tell the plan of the written scenario as that of the stated one: its starts, and all that they add."""
        label = self.stated.start
        starts = {
            name: None if month is None else str(label + month)
            for name, month in self.programme.named(self.starts).items()
        }
        if not len(self.programme):
            return plan
        plan = replace(plan, starts=starts, programme_delay=self.delay, not_started=self.not_started)
        if not plan.has_tables:
            return plan
        more, name = self.adds(problem.objective, plan.objective_name), plan.objective_name
        objective = None if plan.objective is None else plan.objective + more
        bound = None if plan.bound is None else plan.bound + more
        gap = None if bound is None or objective is None else (objective - bound) / max(abs(objective), 1.0)
        tiers = self._tiers(plan, problem.objective)
        if plan.tiers and objective is not None:
            tiers = (*tiers, TierResult(name, objective, bound, gap))
        land = self._land_fen(problem.objective)
        return replace(
            plan,
            objective=objective,
            bound=bound,
            gap=gap,
            fiscal_cost=None if plan.fiscal_cost is None else plan.fiscal_cost + land / FEN_PER_YUAN,
            tiers=tiers,
            programme=self.table(),
            left_out=self._left_out(plan, problem),
            allocation=_with_rows(plan.allocation, self._waiting(plan.allocation)),
            claims=_with_rows(plan.claims, self._waiting(plan.claims)),
            account=_with_rows(plan.account, self._account(plan, land)),
        )

    def _tiers(self, plan: PlanRecord, objective: Objective) -> tuple[TierResult, ...]:
        """The strict goals of the stated scenario: those of the plan with what starts add, and those of starts."""
        own, result, least = list(plan.tiers[:-1]), [], list(self.least)
        if not plan.tiers:
            return ()
        for goal, stated in zip(self.programme.goals, self.stated.objective.tiers, strict=True):
            if goal is not None:
                value = goal_value(self.programme, goal, self.starts)
                proven = min(least.pop(0), value) if least else value
                short = (value - proven) / max(abs(value), 1.0)
                result.append(TierResult(goal.name, value, proven, short, goal.goal, None))
                continue
            tier = own.pop(0)
            if stated.goal == Goal.FISCAL:
                value, more = tier.value, self.land(objective)
                bound = None if tier.bound is None else tier.bound + more
                gap = None if bound is None else (value + more - bound) / max(abs(value + more), 1.0)
                tier = TierResult(tier.name, value + more, bound, gap, tier.goal, more)
            result.append(tier)
        return tuple(result)

    def table(self) -> pd.DataFrame:
        """One row for each project with a start window and each work: when it starts, and what it costs."""
        each, start = self.programme.activities, self.stated.start
        begun = self.starts != NEVER_STARTS
        cost = np.zeros(len(each), dtype=np.int64)
        np.add.at(cost, each.stages.row, each.stages["fen"])

        def months(after: Ints, shown: NDArray[np.bool_]) -> list[str]:
            return [
                str(Month(start.ordinal + int(month))) if show else ""
                for month, show in zip((self.starts + after).tolist(), (begun & shown).tolist(), strict=True)
            ]

        every = np.ones(len(each), dtype=bool)
        return tables.framed(
            "programme",
            {
                "item": each.id,
                "kind": each.kind,
                "start": months(np.zeros_like(each.finish), every),
                "finish": months(each.finish, every),
                "cleared": months(each.ready, ~each.is_work),
                "cost": np.where(begun, cost, 0) / FEN_PER_YUAN,
                "delay_cost": delay_fen(self.programme, self.starts) / FEN_PER_YUAN,
            },
        )

    def _left_out(self, plan: PlanRecord, problem: Problem) -> pd.DataFrame:
        """What the plan does not start, and what it would take."""
        if plan.decisions is None or (self.starts != NEVER_STARTS).all():
            return tables.empty("left_out")
        return list_left_out(self.programme, self.starts, self.stated, replay(problem, plan.decisions))

    def _waiting(self, like: pd.DataFrame) -> pd.DataFrame:
        """Rows of the households whose project is left out: they owe nothing, and nothing is owed to them."""
        frame, moves = self.stated.households, self.programme.moves
        rows = np.unique(moves.row[self.starts[moves.activity] == NEVER_STARTS])
        count = frame["count"].to_numpy(dtype=np.int64)[rows]
        filled = {
            "household": frame["id"].to_numpy(dtype=object)[rows],
            "project": frame["project"].to_numpy(dtype=object)[rows],
            "route": np.full(rows.size, NOT_STARTED, dtype=object),
            "count": count,
        }
        kinds = tables.COLUMNS["allocation"]
        filled |= {name: np.zeros(rows.size) for name, kind in kinds.items() if kind == "money"}
        blank = {"f": np.nan, "i": 0}
        return pd.DataFrame(
            {
                column: filled.get(str(column), np.full(rows.size, blank.get(kind.kind, ""), dtype=kind))
                for column, kind in like.dtypes.items()
            }
        ).astype(like.dtypes.to_dict())

    def _account(self, plan: PlanRecord, land: float) -> pd.DataFrame:
        """The land revenue as a part of the fiscal cost, in whole fen that keep the parts adding up to it."""
        total = plan.fiscal_cost or 0.0
        before = round(total * FEN_PER_YUAN)
        fen = int(whole(np.array([land]), round(before + land) - before)[0])
        if not fen:
            return plan.account.iloc[:0]
        row = {"total": Goal.FISCAL, "part": Reckoned.LAND, "project": "", "amount": fen / FEN_PER_YUAN}
        return pd.DataFrame([row]).astype(plan.account.dtypes.to_dict())


def _with_rows(frame: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    return frame if more.empty else more.copy() if frame.empty else pd.concat([frame, more], ignore_index=True)


def started(scenario: Scenario) -> Started:
    """Write the dates into a scenario in which nothing is left to decide: each must start, in a window of one month.

    Raises
    ------
    ScenarioError
        If something is left to decide, or the starts break a rule.
    """
    programme = compile_programme(scenario)
    if not programme.fixed:
        raise ScenarioError([_undecided(scenario, programme)])
    return with_starts(scenario, programme, programme.activities.first)


def with_starts(scenario: Scenario, programme: Programme, starts: Ints) -> Started:
    """Write starts into a scenario, once they are found to be in order.

    Raises
    ------
    ScenarioError
        If they break a rule of the programme.
    """
    named = programme.named(starts)
    broken = faults(programme, named, scenario.start)
    if broken:
        place = str(scenario.path.name) if scenario.path is not None else scenario.name
        raise ScenarioError(
            [Finding("error", place, None, fault.activity or fault.rule, fault.message) for fault in broken]
        )
    written = dated(scenario, named, programme)
    if written is not scenario:
        # It is told as the stated one: hash, files and variant are those of its file.
        written = written.with_source(replace(scenario.source, sha256=scenario.sha256))
    return Started(scenario, programme, starts, written)


def with_dates(plan: Record) -> Record:
    """The plan as one of the scenario with its dates written in: objective and bound without what the programme adds.

    What is searched and reckoned beside a plan knows dates alone; its figures are to be set against these.
    """
    if not plan.starts or plan.objective is None:
        return plan
    land = plan.account.loc[plan.account["part"] == Reckoned.LAND, "amount"].sum()
    adds = (plan.programme_delay or 0.0) + (float(land) if plan.objective_name == Goal.FISCAL else 0.0)
    bound = None if plan.bound is None else plan.bound - adds
    objective = plan.objective - adds
    last = [replace(tier, value=objective, bound=bound) for tier in plan.tiers[-1:]]
    own = [_of_dates(tier, tier.starts) for tier in plan.tiers[:-1] if tier.starts is not None]
    return replace(plan, objective=objective, bound=bound, tiers=(*own, *last))


def _of_dates(tier: TierResult, added: float) -> TierResult:
    bound = None if tier.bound is None else tier.bound - added
    return replace(tier, value=tier.value - added, bound=bound, starts=0.0)


def as_planned(scenario: Scenario, plan: PlanRecord) -> Started:
    """Write the starts of a plan into its scenario; of one that was replanned, those of its past are facts."""
    programme = compile_programme(scenario)
    starts = programme.vector(
        {name: None if month is None else Month.parse(month) - scenario.start for name, month in plan.starts.items()}
    )
    if plan.replanned is not None:
        programme = under_way(programme, starts, Month.parse(plan.replanned.month) - scenario.start)
    return with_starts(scenario, programme, starts)


def _undecided(scenario: Scenario, programme: Programme) -> Finding:
    each = programme.activities
    row = int(np.flatnonzero(~each.must | (each.first != each.last))[0])
    place = str(scenario.path.name) if scenario.path is not None else scenario.name
    return Finding(
        "error",
        place,
        None,
        f"{'works' if each.is_work[row] else 'projects'}.{each.id[row]}.start",
        words("when it starts, and whether, is still to be decided"),
        words("make a plan, which decides it; or write a window of one month, with `must: true`"),
    )
