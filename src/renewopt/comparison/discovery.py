"""When a plan breaks: which figures of the futures tell those in which it does from the others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from renewopt.charts.labels import Locale
from renewopt.comparison.introducing import Compared
from renewopt.comparison.peeling import find_boxes
from renewopt.futures import AS_PLANNED
from renewopt.vocabulary import DrawnKind
from renewopt.wording.amounts import in_report

__all__ = ["Breaks", "Condition", "Discovery", "discover", "tell_discovery"]

FUTURES_NEEDED = 20
"""Futures below which nothing is looked for."""
OF_EACH_NEEDED = 5
"""Futures of both kinds, those in which it breaks and the others."""
PLANNED = {
    DrawnKind.DELAY: 0.0,
    DrawnKind.DELAYS: 0.0,
    DrawnKind.ARRIVALS: 0.0,
    DrawnKind.INFLOW: 1.0,
    DrawnKind.TAKE_UP: 1.0,
    DrawnKind.WITHDRAWN: 0.0,
    DrawnKind.FEE_FACTOR: 1.0,
    DrawnKind.LATER_MOVES: 0.0,
    DrawnKind.LATE_START: 0.0,
    DrawnKind.LATE_CLEARING: 0.0,
    DrawnKind.LATE_LAND: 0.0,
    DrawnKind.LAND: 1.0,
}
"""What a figure is where a future says nothing of it."""
SHARES = (DrawnKind.INFLOW, DrawnKind.TAKE_UP, DrawnKind.SWITCHING, DrawnKind.LAND)
OF = {
    DrawnKind.DELAY: "phase",
    DrawnKind.ARRIVALS: "estate",
    DrawnKind.INFLOW: "fund",
    DrawnKind.LATE_START: "activity",
    DrawnKind.LATE_CLEARING: "activity",
    DrawnKind.LATE_LAND: "activity",
    DrawnKind.LAND: "activity",
}
"""What a figure is of, where it is of something."""


@dataclass(frozen=True)
class Condition:
    """A limit of a figure of the futures.

    Attributes
    ----------
    what, of
        Kind of figure, and what it is of, as `renewopt.futures.Drawn` says.
    side
        ``above``: at least `value`; ``below``: at the most.
    value
        Months, a share, a factor or a number.
    quasi_p
        Chance of so many breaks without this condition.
    """

    what: str
    of: str
    side: str
    value: float
    quasi_p: float


@dataclass(frozen=True)
class Breaks:
    """Futures within some conditions, in which the plan breaks more often than in others.

    Attributes
    ----------
    conditions
        All of them hold.
    within
        Futures in which they do.
    broken
        Those of them in which the plan breaks.
    density, coverage
        Shares: of the futures within that break, and of all breaks that are within.
    """

    conditions: tuple[Condition, ...]
    within: int
    broken: int
    density: float
    coverage: float


@dataclass(frozen=True)
class Discovery:
    """When a policy breaks in one scenario and variant.

    Attributes
    ----------
    scenario, variant, policy
        Whose runs were looked at.
    futures, broken
        Runs in other futures than that as planned, and those of them that are not in order (or cost more than
        `cost_above`).
    cost_above
        Yuan of cost above which a run counts as broken; None: runs that are not in order do.
    breaks
        One to three; none where nothing tells the futures apart, or there are too few.
    """

    scenario: str
    variant: str
    policy: str
    futures: int
    broken: int
    cost_above: float | None = None
    breaks: tuple[Breaks, ...] = ()
    _compared: Compared = field(default_factory=Compared, repr=False, compare=False)

    @property
    def enough(self) -> bool:
        """Whether there are futures enough to say anything."""
        return self.futures >= FUTURES_NEEDED and min(self.broken, self.futures - self.broken) >= OF_EACH_NEEDED


def discover(
    runs: pd.DataFrame, drawn: pd.DataFrame, compared: Compared, policy: str, cost_above: float | None = None
) -> Discovery:
    """Find when a policy breaks.

    Parameters
    ----------
    runs
        Of one scenario and variant, as of `renewopt.comparison.Comparison`.
    drawn
        Figures of the futures: of the same.
    compared
        Names.
    policy
        Whose runs.
    cost_above
        Yuan; None: what is not in order breaks.
    """
    mine = runs[(runs["policy"] == policy) & (runs["future"] != AS_PLANNED) & (runs["status"] != "failed")]
    broken = ~mine["clean"].astype(bool) if cost_above is None else ~(mine["cost"] <= cost_above)
    scenario, variant = (str(runs[name].iloc[0]) for name in ("scenario", "variant"))
    found = Discovery(scenario, variant, policy, len(mine), int(broken.sum()), cost_above, (), compared)
    if not found.enough:
        return found
    figures = _figures(mine, drawn)
    if not figures.shape[1]:
        return found
    boxes, columns = [], [(str(column[0]), str(column[1])) for column in figures.columns.to_list()]
    for box in find_boxes(figures.to_numpy(dtype=np.float64), broken.to_numpy(dtype=np.bool_)):
        conditions = []
        for (column, side), chance in box.quasi_p.items():
            what, of = columns[column]
            end = getattr(box, side)[column]
            beyond = figures.iloc[:, column]
            beyond = beyond[beyond < end] if side == "low" else beyond[beyond > end]
            value = _round(float(end), beyond.max() if side == "low" else beyond.min(), share=what in SHARES)
            conditions.append(Condition(what, of, "above" if side == "low" else "below", value, chance))
        ordered = tuple(sorted(conditions, key=lambda each: each.quasi_p))
        boxes.append(Breaks(ordered, box.within, box.inside, box.density, box.coverage))
    return replace(found, breaks=tuple(boxes))


def _figures(mine: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """A row for each run, a column for each figure that is not the same in all futures."""
    world = ["future", "seed"]
    wide = drawn.pivot_table(index=world, columns=["what", "of"], values="value", aggfunc="first")
    # A future without a change has no figures at all.
    wide = wide.reindex(pd.MultiIndex.from_frame(mine[world]))
    planned = pd.Series({column: PLANNED.get(column[0], math.nan) for column in wide.columns}, dtype=float)
    wide = wide.fillna(planned).fillna(wide.mean())
    return wide.loc[:, (wide != wide.iloc[0]).any()]


def _round(end: float, beyond: float, *, share: bool) -> float:
    """Write a limit with as few digits as tell the last value inside from the first one outside."""
    unit = 100.0 if share else 1.0
    for digits in range(7):
        step = 10.0**digits * unit
        rounded = (math.floor(end * step + 1e-9) if beyond < end else math.ceil(end * step - 1e-9)) / step
        if (beyond < rounded <= end + 1e-9) if beyond < end else (end - 1e-9 <= rounded < beyond):
            return rounded
    return end


def tell_discovery(found: Discovery, cost: str, say: Locale) -> Iterator[str]:
    """Tell it in sentences, or why nothing can be told.

    Parameters
    ----------
    cost
        What is minimised, as `renewopt.comparison.message.cost_name` calls it.
    """
    policy = say.word("policy", found.policy)
    values = {"policy": policy, "count": found.futures, "broken": found.broken}
    if found.futures < FUTURES_NEEDED:
        yield say("breaks.few", policy=policy, count=found.futures, needed=FUTURES_NEEDED)
    elif not found.enough:
        yield say("breaks.few.sides", **values, needed=OF_EACH_NEEDED)
    elif not found.breaks:
        yield say("breaks.none", **values)
    for each in found.breaks:
        values = {
            "policy": policy,
            "share": f"{each.density:.0%}",
            "conditions": say("breaks.and").join(_condition(found, one, say) for one in each.conditions),
            "inside": each.broken,
            "within": each.within,
            "coverage": f"{each.coverage:.0%}",
        }
        if found.cost_above is None:
            yield say("breaks.box", **values)
        else:
            with say.place.spoken():
                amount = in_report(say.lang, found.cost_above)
            yield say("breaks.box.above", **values, cost=cost, amount=amount)


def _condition(found: Discovery, condition: Condition, say: Locale) -> str:
    value = f"{condition.value * 100:,.6g}%" if condition.what in SHARES else f"{condition.value:,.6g}"
    key = f"breaks.{condition.what}.{condition.side}"
    if not condition.of:
        return say(key, value=value)
    place = (found.scenario, found.variant)
    identifier, _, year = condition.of.partition("/") if condition.what == DrawnKind.INFLOW else (condition.of, "", "")
    name = found._compared.calls(place, OF[condition.what], identifier)
    if year:
        name = say("breaks.inflow.year", fund=name, year=year)
    return say(key, of=name, value=value)
