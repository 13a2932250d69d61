"""What was to start comes late: households move out later; stages, land, its revenue and what waits for it follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renewopt.futures.changes import ALWAYS, Done, LaterMoves, limited
from renewopt.problem import Problem

__all__ = ["Begun", "LateStarts"]

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
News = tuple[bytes, bytes, bytes]


@dataclass(frozen=True, eq=False)
class Begun:
    """What starts when, and where in the tables of a problem stands what that causes; n activities.

    Attributes
    ----------
    id, kind
        (n,) object.
    start
        (n,) month; −1: it is left out.
    project
        (n,) row among the problem's projects; −1: a work.
    ready
        (n,) months from the start until a project is cleared or a work is finished.
    stages
        (k, 4): activity, need, month, fen.
    revenue
        (k, 4): activity, fund, month, fen.
    phases
        (k, 3): phase, activity whose land it needs, months of building.
    arcs
        (k, 4): activity before, activity after, months from the start of the first to that of the other, whether it
        waits for cleared land (1) or not (0).
    """

    id: NDArray[np.object_]
    kind: NDArray[np.object_]
    start: Ints
    project: Ints
    ready: Ints
    stages: Ints
    revenue: Ints
    phases: Ints
    arcs: Ints


@dataclass(frozen=True, eq=False)
class LateStarts:
    """Starts, clearing and land revenue come late; each shows in the month in which it should have come.

    What comes after a late start or a late clearing waits for it. Crews are taken to be there when it comes.

    Attributes
    ----------
    begun
        As decided.
    months, clearing
        (n,) months by which each starts late by itself, and takes longer to be cleared.
    land_late, land_share
        (n,) months by which land revenue comes late, and the share of it that comes.
    """

    begun: Begun
    months: Ints
    clearing: Ints
    land_late: Ints
    land_share: NDArray[np.float64]

    def late(self, known: Bools | None = None, cleared: Bools | None = None) -> Ints:
        """(n,) months by which each starts late, by itself and by what it waits for.

        Parameters
        ----------
        known, cleared
            (n,) whose own late start, and late clearing, are known; default: all.
        """
        begun = self.begun
        own = self.months if known is None else np.where(known, self.months, 0)
        longer = self.clearing if cleared is None else np.where(cleared, self.clearing, 0)
        starts = begun.start + own
        before, after, wait, land = begun.arcs.T
        both = (begun.start[before] >= 0) & (begun.start[after] >= 0)
        before, after, wait, land = before[both], after[both], wait[both], land[both]
        for _ in range(begun.start.size):
            earlier = starts.copy()
            np.maximum.at(starts, after, starts[before] + wait + land * longer[before])
            if (earlier == starts).all():
                break
        result: Ints = np.where(begun.start >= 0, starts - begun.start, 0)
        return result

    @cached_property
    def _shows(self) -> tuple[Ints, Ints, Ints]:
        """(n,) months in which a late start, a late clearing and late revenue show."""
        begun = self.begun
        never = np.where(begun.start >= 0, 0, ALWAYS)
        cleared = begun.start + self.late() + begun.ready
        comes = np.full(begun.start.size, ALWAYS, dtype=np.int64)
        comes[begun.revenue[:, 0]] = begun.revenue[:, 2]
        return begun.start + never, cleared + never, np.maximum(comes, cleared + never)

    def news(self, planned: Problem, month: int, done: Done) -> News:  # noqa: ARG002
        """Whose start, clearing and revenue should have come by now."""
        start, cleared, comes = (shows <= month for shows in self._shows)
        return start.tobytes(), cleared.tobytes(), comes.tobytes()

    def all_news(self) -> News:
        """All of them."""
        every = np.ones(self.begun.start.size, dtype=np.bool_).tobytes()
        return every, every, every

    def shown(self, problem: Problem, news: News) -> Problem:
        """Clocks, offers, stages, land revenue and phases, each by so much later."""
        start, cleared, comes = (np.frombuffer(part, dtype=np.bool_) for part in news)
        late = self.late(start, cleared)
        longer = late + np.where(cleared, self.clearing, 0)
        if not (longer.any() or self.land_late[comes].any() or (self.land_share[comes] != 1).any()):
            return problem
        problem = self._moved(problem, late)
        problem = self._paid(problem, late)
        problem = self._received(problem, longer, comes)
        return self._built(problem, longer)

    def _moved(self, problem: Problem, late: Ints) -> Problem:
        """Households move out later, choose nothing before, and are overdue later."""
        of_project = np.zeros(len(problem.projects), dtype=np.int64)
        start = np.zeros(len(problem.projects), dtype=np.int64)
        mine = (self.begun.project >= 0) & (late > 0)
        of_project[self.begun.project[mine]] = late[mine]
        start[self.begun.project[mine]] = (self.begun.start + late)[mine]
        claims, offers = problem.claims, problem.offers
        later = of_project[claims.project]
        if not later.any():
            return problem
        overdue = problem.fees.overdue_from[problem.fees.clock]
        ruled = (claims.deadline >= 0) & (claims.deadline == overdue) & (later > 0)
        deadline = np.where(ruled, claims.deadline + later, claims.deadline)
        deadline = np.where(deadline >= problem.calendar.months, -1, deadline).astype(claims.deadline.dtype)
        moved = LaterMoves(np.zeros(len(claims), dtype=np.int64), later).shown(problem, ALWAYS)
        fees = moved.fees
        if fees.valued_until is not None:
            until = np.minimum(fees.valued_until + later, fees.months).astype(fees.valued_until.dtype)
            fees = replace(fees, valued_until=until)
        first = np.maximum(offers.first, start[claims.project[offers.claim]])
        closed = np.flatnonzero(first > offers.last)
        first = np.minimum(first, offers.last).astype(offers.first.dtype)
        changed = replace(
            moved, fees=fees, claims=replace(claims, deadline=deadline), offers=replace(offers, first=first)
        )
        return limited(changed, "late", [closed], [0])

    def _paid(self, problem: Problem, late: Ints) -> Problem:
        """Stages fall due later; what would after the books does so in their last month."""
        activity, need, month, fen = self.begun.stages.T
        at = np.flatnonzero(late[activity] > 0)
        if not at.size:
            return problem
        fixed = problem.needs.fixed.copy()
        np.subtract.at(fixed, (need[at], month[at]), fen[at])
        then = np.minimum(month[at] + late[activity[at]], fixed.shape[1] - 1)
        np.add.at(fixed, (need[at], then), fen[at])
        return replace(problem, needs=replace(problem.needs, fixed=fixed))

    def _received(self, problem: Problem, longer: Ints, comes: Bools) -> Problem:
        """Land revenue comes later, or less of it; of a month whose inflow is cut already, as much less is there."""
        activity, fund, month, fen = self.begun.revenue.T
        inflow = problem.funds.inflow.copy()
        if not inflow.size:
            return problem
        for j, into, at, amount in zip(activity, fund, month, fen, strict=True):
            later = int(longer[j]) + (int(self.land_late[j]) if comes[j] else 0)
            share = float(self.land_share[j]) if comes[j] else 1.0
            if at >= inflow.shape[1] or (later == 0 and share == 1.0):
                continue
            there = min(int(amount), int(inflow[into, at]))
            inflow[into, at] -= there
            if at + later < inflow.shape[1]:
                inflow[into, at + later] += int(np.floor(there * share + 0.5))
        return replace(problem, funds=replace(problem.funds, inflow=inflow))

    def _built(self, problem: Problem, longer: Ints) -> Problem:
        """A phase is paid once its land is cleared, and complete its months of building later."""
        phase, activity, build = self.begun.phases.T
        at = np.flatnonzero(longer[activity] > 0)
        if not at.size:
            return problem
        earliest, limit = problem.phases.earliest.copy(), problem.phases.monthly_limit.copy()
        cleared = (self.begun.start + longer + self.begun.ready)[activity]
        for row in at.tolist():
            earliest[phase[row]] = max(int(earliest[phase[row]]), int(cleared[row] + build[row]))
            limit[phase[row], : cleared[row]] = 0
        phases = replace(problem.phases, earliest=earliest, monthly_limit=limit)
        return replace(problem, phases=phases)
