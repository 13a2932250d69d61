"""Many plans as they are handed over to what tells of them: a sweep, a frontier, alternatives to a plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from renewopt.tradeoffs.axes import Axis
from renewopt.tradeoffs.record import Asked
from renewopt.wording import Place

SAME = 1e-4
"""Share by which a goal may lie above the least that there can be, as that of a tier."""

__all__ = ["AlternativesRecord", "FrontierRecord", "SweepRecord"]


@dataclass(frozen=True, eq=False)
class SweepRecord:
    """Plans of a district at several values of something that it states.

    Attributes
    ----------
    asked
        Of which scenario.
    axes
        What was set to which values.
    points
        A row for each point: its number, its values (a column for each address), the figures of its plan.
    phases
        Month in which each phase is handed over in each point; "" where it never is.
    routes
        Households by route.
    changes
        Where the answer changes in kind from one point to the next: a phase is built or not, a route is used or not,
        there is a plan or none, a month from which nobody is overdue or none.
    timings
        Seconds of the processor.
    """

    asked: Asked
    axes: tuple[Axis, ...]
    points: pd.DataFrame
    phases: pd.DataFrame
    routes: pd.DataFrame
    changes: pd.DataFrame
    timings: pd.DataFrame

    @property
    def place(self) -> Place:
        """Whose currency and words are used."""
        return self.asked.place


@dataclass(frozen=True, eq=False)
class FrontierRecord:
    """Plans of a district of which none is better than another in both of two goals.

    Attributes
    ----------
    asked
        Of which scenario; its objective is `y`.
    x
        The goal that is limited.
    points
        A row for each plan, by rising ``x``: the limit that it was found under (infinite: none), ``x`` and ``y`` (yuan;
        months, or disutility in its own unit), ``rate``: what one more of x saves of y on the way from the plan before;
        and its figures. Its bound: no plan under that limit has a smaller y.
    phases
        Month in which each phase is handed over in each plan; "" where it never is.
    routes
        Households by route.
    left_out
        Limits without a plan (its status), and plans than which another one is better in both (``dominated``).
    timings
        Seconds of the processor.
    seconds
        Of all searches, those that are left out too.
    x_bound
        Proven, in x's unit: no plan has a smaller x. NaN: nothing is proven.
    """

    asked: Asked
    x: str
    points: pd.DataFrame
    phases: pd.DataFrame
    routes: pd.DataFrame
    left_out: pd.DataFrame
    timings: pd.DataFrame
    seconds: float
    x_bound: float = math.nan

    @property
    def place(self) -> Place:
        """Whose currency and words are used."""
        return self.asked.place


@dataclass(frozen=True, eq=False)
class AlternativesRecord:
    """Plans nearly as good as one, and what all of them have to do.

    Attributes
    ----------
    asked
        Of which scenario.
    within
        Share by which an alternative may lie above the plan.
    points
        The plan itself (point 1) and its alternatives: ``distance`` from the nearest one before (share of phases that
        only one of both builds, and of households on another route), ``above``: share above the plan, and figures.
    phases
        Month in which each phase is handed over in each; "" where it never is.
    routes
        Households by route.
    parts
        Each phase that the plan builds and each route that it takes: ``verdict`` (``must``: every plan without it is
        proven to be more than `within` above the plan, or there is none; ``spared``: a plan without it is within;
        ``open``: neither is proven nor found; ``new``: of an alternative alone), ``least``: yuan by which every plan
        without it is proven to lie above the plan (of a must: when its search ended), ``found``: the same of the plan
        that was found, NaN if none was; ``plans``: of those shown, how many have it.
    timings
        Seconds of the processor.
    seconds
        Of all searches.
    """

    asked: Asked
    within: float
    points: pd.DataFrame
    phases: pd.DataFrame
    routes: pd.DataFrame
    parts: pd.DataFrame
    timings: pd.DataFrame
    seconds: float

    @property
    def place(self) -> Place:
        """Whose currency and words are used."""
        return self.asked.place
