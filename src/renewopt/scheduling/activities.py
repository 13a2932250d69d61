"""Tables of a programme: activities with their windows, and what binds their starts together.

An activity is a project with a start window, or a work. Months count from the scenario's start, money is fen. A vector
of starts is (n,) int64: month of each activity, `NEVER_STARTS` where it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.offers import Ragged
from renewopt.wording import words

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER_STARTS = -1
"""In a vector of starts: it is left out."""


@dataclass(frozen=True, eq=False)
class Activities:
    """n activities: the projects with a start window, in the scenario's order, then the works.

    Attributes
    ----------
    id, kind
        (n,) object; the planner's word for the kind, "" where none is stated.
    project
        (n,) int64: row among the scenario's projects; −1: a work.
    first, last
        (n,) int64: first and last month of starting, 0 ≤ first ≤ last ≤ T − 1; where ``last < first`` it can not start.
    must
        (n,) bool: it may not be left out.
    finish
        (n,) int64: months from the start until it is finished: a work's duration; of a project, until the last of its
        households moves out.
    ready
        (n,) int64: months from the start until its delay ends and its crews are free: a work is finished, a project
        cleared (last move + clearing).
    delay_cost
        (n,) int64 fen for each month until it is `ready`.
    stages
        Ragged (n): ``after`` months since the start, ``fen``, ``outlay`` (row of `Programme.outlays`).
    crews
        (n, C) int64: crews of each kind that it keeps busy in months start … start + ready − 1.
    revenue, revenue_after, revenue_fund
        (n,) int64: fen of land revenue, months after it is cleared, row among the scenario's funds (−1: none).
    deadline, penalty
        (n,) int64: last month in which its land may be cleared (−1: none), and fen for each month beyond it; −1: it is
        a rule.
    households
        (n,) int64: households of a project; of a work, those that it helps.
    hazards
        (n,) int64: hazards that a work removes.
    urgency
        (n,) float64: as stated; for rules that start things by it.
    """

    id: NDArray[np.object_]
    kind: NDArray[np.object_]
    project: Ints
    first: Ints
    last: Ints
    must: Bools
    finish: Ints
    ready: Ints
    delay_cost: Ints
    stages: Ragged
    crews: Ints
    revenue: Ints
    revenue_after: Ints
    revenue_fund: Ints
    deadline: Ints
    penalty: Ints
    households: Ints
    hazards: Ints
    urgency: NDArray[np.float64]

    def __len__(self) -> int:
        return int(self.id.size)

    @cached_property
    def is_work(self) -> Bools:
        """(n,) whether it is a work."""
        result: Bools = self.project < 0
        return result


@dataclass(frozen=True, eq=False)
class Outlays:
    """m outlays: stages of one activity that the same funds may pay; in `dated` each is a commitment of this id.

    Attributes
    ----------
    id
        (m,) object.
    activity
        (m,) int64.
    uses
        m tuples of uses: funds for one of these may pay it; its need is told as the first.
    payable_by
        (m, F) bool.
    """

    id: NDArray[np.object_]
    activity: Ints
    uses: tuple[tuple[str, ...], ...]
    payable_by: Bools

    def __len__(self) -> int:
        return int(self.id.size)


@dataclass(frozen=True, eq=False)
class Crews:
    """C crews.

    Attributes
    ----------
    id
        (C,) object.
    capacity
        (C, W) int64: how many can be busy in each month; W reaches the last month in which any activity can keep one;
        −1: no limit.
    """

    id: NDArray[np.object_]
    capacity: Ints

    def __len__(self) -> int:
        return int(self.id.size)


@dataclass(frozen=True, eq=False)
class Arcs:
    """Precedence: `after` starts only if `before` does, and not before start of `before` + `wait`.

    Attributes
    ----------
    before, after
        (k,) int64 activities.
    wait
        (k,) int64 months: until the start, the finish or the clearing of `before`, and the lag.
    event
        (k,) object: ``start``, ``finish`` or ``cleared``, for messages.
    """

    before: Ints
    after: Ints
    wait: Ints
    event: NDArray[np.object_]

    def __len__(self) -> int:
        return int(self.before.size)


@dataclass(frozen=True, eq=False)
class LandNeeds:
    """p phases that need cleared land, or so many months to be built.

    Attributes
    ----------
    phase
        (p,) int64: row among all phases of the scenario, in the order of `renewopt.problem.supply.Phases`.
    activities
        Ragged (p): ``activity`` whose land it needs: nothing is paid for it before all are cleared.
    cleared
        (p,) int64: month from which the land of projects without a window is cleared; 0 where there are none.
    build_months
        (p,) int64: complete not before cleared + so many months.
    """

    phase: Ints
    activities: Ragged
    cleared: Ints
    build_months: Ints

    def __len__(self) -> int:
        return int(self.phase.size)


@dataclass(frozen=True, eq=False)
class StartCounts:
    """q rules on how many are begun by the end of a month.

    Attributes
    ----------
    counted
        (q, n) bool: activities that count.
    by
        (q,) int64 month.
    least, most
        (q,) int64; −1: none.
    """

    counted: Bools
    by: Ints
    least: Ints
    most: Ints

    def __len__(self) -> int:
        return int(self.by.size)


@dataclass(frozen=True, eq=False)
class Moves:
    """Households of projects with a window, a row for each that moves out in one month.

    Attributes
    ----------
    row
        (r,) int64: row of the scenario's table of households, not decreasing. A row whose households move in several
        months stands here several times.
    activity, after, count
        (r,) int64: its project's activity, months from the start until it moves out, households.
    """

    row: Ints
    activity: Ints
    after: Ints
    count: Ints


@dataclass(frozen=True, eq=False)
class StartGoal:
    """A strict goal that starts alone decide; it is minimised.

    Attributes
    ----------
    name
        For reports.
    goal
        ``programme_delay`` (yuan of delay costs and land penalties), ``not_begun`` (how many are not begun by the end
        of a month) or ``not_helped`` (households whose works are not finished by then).
    counted
        (n,) activities that count.
    by
        The month; −1: none.
    """

    name: str
    goal: str
    counted: Bools
    by: int = -1


@dataclass(frozen=True, eq=False)
class Programme:
    """A programme: activities and all that binds their starts.

    Attributes
    ----------
    months, after_horizon_months
        T and A: no delay is counted from month T + A on.
    start_only_if_housed
        No household of a project with a window ever falls overdue.
    begun_revenue
        Fund, month and fen of the land revenue of projects without a window, which come in whatever is decided.
    goals
        For each strict goal of the scenario, in order, which activities count and by when; None: it is one of the plan.
    """

    months: int
    after_horizon_months: int
    activities: Activities
    outlays: Outlays
    crews: Crews
    arcs: Arcs
    land: LandNeeds
    counts: StartCounts
    moves: Moves
    start_only_if_housed: bool
    begun_revenue: tuple[tuple[int, int, int], ...] = ()
    goals: tuple[StartGoal | None, ...] = ()

    def __len__(self) -> int:
        return len(self.activities)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each activity by its id."""
        return {str(name): row for row, name in enumerate(self.activities.id.tolist())}

    @property
    def fixed(self) -> bool:
        """Whether nothing is left to decide: each must start, in the one month of its window."""
        each = self.activities
        return bool((each.must & (each.first == each.last)).all())

    def vector(self, starts: Mapping[str, int | None]) -> Ints:
        """(n,) starts by activity; what is not named is left out.

        Raises
        ------
        ValueError
            If a name is none of an activity.
        """
        result = np.full(len(self), NEVER_STARTS, dtype=np.int64)
        for name, month in starts.items():
            if name not in self.rows:
                raise ValueError(words("{name!r} is no project with a start window and no work", name=name))
            result[self.rows[name]] = NEVER_STARTS if month is None else month
        return result

    def named(self, starts: Ints) -> dict[str, int | None]:
        """Starts by the names of the activities; None: left out."""
        return {
            str(name): None if month == NEVER_STARTS else int(month)
            for name, month in zip(self.activities.id.tolist(), starts.tolist(), strict=True)
        }
