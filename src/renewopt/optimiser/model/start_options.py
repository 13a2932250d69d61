"""What a programme adds to a problem: activities, the months in which each may start, and what a start causes.

The problem beside it holds a *copy* of the claims of an activity for each month in which it may start; a copy is there
only if its start is chosen (programme page, "One way to see it"). All else that a start causes moves along with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, steps
from renewopt.problem import Ragged

NO_ROW = -1
CLOSED = 1_000_000
"""First month of a window in which there is none."""


@dataclass(frozen=True, eq=False)
class StartOptions:
    """A activities (projects with a start window, works); n options: activity × month of its window. Fen.

    Attributes
    ----------
    id
        (A,) object.
    first, last
        (A,) window: months from month 0, both included; `CLOSED` and the month before it where it can start in none.
    must
        (A,) bool: it has to start; else it may be left out.
    lasts
        (A,) months in which its crews are busy, from the start on.
    clears
        (A,) months from the start until its land is cleared; −1: it frees none.
    cost
        (n,) what a start adds to both objectives: delay costs and land penalties.
    idle
        (A,) the same where it is never started.
    fiscal
        (n,) float: what a start adds to the fiscal cost besides what is paid: discounted land revenue, negative.
    given
        The same of what has begun already, whatever starts.
    due
        Ragged (A): ``need``, ``after`` months from the start, ``fen``: staged costs, payments to households.
    inflow
        Ragged (A): ``fund``, ``after``, ``fen``: land revenue.
    surplus
        Ragged (A): ``pool``, ``amount`` in hundredths that its households' reservation takes from what is open.
    claim_option
        (H,) option that a claim of the problem exists in; −1: it exists whatever is started.
    crew
        (C,) object: crews, by name.
    crews
        (A, C) how many of each crew an activity keeps busy.
    capacity
        (C, M) how many of each crew there are in each month; −1: any number.
    before, after, gap
        (P,) precedence: `after` starts at least `gap` months after `before` has started, and only if that starts.
    land_phase, land_activity, land_build
        (L,) a phase that needs the cleared land of an activity: nothing is paid for it before, and it is complete at
        least so many months later.
    counted
        (K, A) bool: activities that a rule on numbers counts.
    by, least, most
        (K,) of these at least and at most so many start up to a month; −1: no limit.
    """

    id: np.ndarray
    first: IntArray
    last: IntArray
    must: BoolArray
    lasts: IntArray
    clears: IntArray
    cost: IntArray
    idle: IntArray
    fiscal: FloatArray
    given: float
    due: Ragged
    inflow: Ragged
    surplus: Ragged
    claim_option: IntArray
    crew: np.ndarray
    crews: IntArray
    capacity: IntArray
    before: IntArray
    after: IntArray
    gap: IntArray
    land_phase: IntArray
    land_activity: IntArray
    land_build: IntArray
    counted: BoolArray
    by: IntArray
    least: IntArray
    most: IntArray

    def __len__(self) -> int:
        return int(self.first.size)

    @cached_property
    def begin(self) -> IntArray:
        """(A + 1,) first option of each activity."""
        return np.concatenate([[0], np.cumsum(self.last - self.first + 1)]).astype(np.int64)

    @cached_property
    def activity(self) -> IntArray:
        """(n,) activity of each option."""
        return np.repeat(np.arange(len(self)), np.diff(self.begin))

    @cached_property
    def month(self) -> IntArray:
        """(n,) month of each option."""
        return steps(np.diff(self.begin)) + self.first[self.activity]

    def by_then(self, activity: IntArray, month: IntArray) -> IntArray:
        """(k,) option by which activity i has started in month i at the latest; −1: it cannot have started by then."""
        at = self.begin[activity] + np.minimum(month, self.last[activity]) - self.first[activity]
        return np.where(month < self.first[activity], NO_ROW, at)

    def tied(self) -> BoolArray:
        """(H,) claims that exist only if an activity starts."""
        return self.claim_option >= 0

    def caused(self, table: str, target: str) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """(option, need or fund, month, fen) of all that starts cause, from ``due`` or ``inflow``."""
        ragged: Ragged = getattr(self, table)
        size = np.diff(self.begin)[ragged.row]
        entry = np.repeat(np.arange(ragged.row.size), size)
        option = self.begin[ragged.row[entry]] + steps(size)
        return option, ragged[target][entry], self.month[option] + ragged["after"][entry], ragged["fen"][entry]
