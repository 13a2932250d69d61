"""The data of an explanation, which everything that tells of it or writes it reads."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from renewopt.optimiser.reduced_costs.reduced import PARTS
from renewopt.wording import HERE, Place

__all__ = [
    "ALTERNATIVES",
    "BULK",
    "CHOSEN",
    "NEXT",
    "Change",
    "ExplanationRecord",
    "NextRecord",
    "Proof",
    "Reason",
    "made",
]

_OFFER = {"route": "text", "pool": "text", "month": "text", "housed": "text", "fee_stops": "text"}
_MONEY = {"fees": "money", "price": "money", "household_pays": "money"}
CHOSEN: dict[str, str] = {"part": "text", "count": "count", **_OFFER, **_MONEY, "rise": "money"}
"""Columns of what the plan gives, and how they are written: text, count, money (yuan, two decimals)."""
ALTERNATIVES: dict[str, str] = {
    "part": "text",
    **_OFFER,
    **_MONEY,
    "rise": "money",
    "against_plan": "money",
    **dict.fromkeys(PARTS, "money"),
    "resolved": "money",
    "resolved_least": "money",
}
"""Columns of what else it could be given."""
BULK: dict[str, str] = {
    "household": "text",
    "part": "text",
    "count": "count",
    "plan_route": "text",
    "plan_pool": "text",
    "plan_month": "text",
    "rank": "count",
    "route": "text",
    "pool": "text",
    "month": "text",
    "housed": "text",
    "fees": "money",
    "rise": "money",
    "against_plan": "money",
}
"""Columns of the next-best offers of all households."""


NEXT: dict[str, str] = {
    "household": "text",
    "part": "text",
    "plan_route": "text",
    "plan_pool": "text",
    "plan_month": "text",
    "route": "text",
    "pool": "text",
    "month": "text",
    "housed": "text",
    "saved": "money",
    "cash": "money",
}
"""Columns of who comes next."""


def made(rows: Sequence[Mapping[str, object]], kinds: Mapping[str, str]) -> pd.DataFrame:
    """Make a table of its rows; what a row does not say is empty."""
    types = {"text": object, "count": np.int64, "money": np.float64}
    empty: dict[str, object] = {"text": "", "count": 0, "money": np.nan}
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name, empty[kind]) for row in rows], dtype=types[kind])
            for name, kind in kinds.items()
        },
        columns=list(kinds),
    )


@dataclass(frozen=True)
class Proof:
    """What the figures rest on; yuan.

    Attributes
    ----------
    objective_name, objective
        What is minimised, and what the plan comes to.
    bound
        What every plan comes to at the least: as the plan's search has proven it, or as these prices do.
    stored
        Whether the prices are those that the search had kept.
    """

    objective_name: str
    objective: float
    bound: float
    stored: bool

    @property
    def gap(self) -> float:
        """By how much the plan may be above the best one."""
        return max(self.objective - self.bound, 0.0)


@dataclass(frozen=True)
class Reason:
    """What stands in the way of an alternative.

    Attributes
    ----------
    alternative
        Row of the table of alternatives; −1: what the plan gives, sooner.
    kind
        Ending of the phrase that tells it (``explain.reason.KIND``).
    worth
        Yuan that it weighs at the plan's prices.
    values
        What is filled in: ids, months, counts and yuan.
    """

    alternative: int
    kind: str
    worth: float
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What would have to change for an alternative to come first, at the plan's prices; attributes as of `Reason`."""

    alternative: int
    kind: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class ExplanationRecord:
    """Why a household is settled as it is. Amounts are yuan.

    Attributes
    ----------
    household, project
        Ids.
    count
        Households of that id: more than one of a cohort.
    plan
        Name of the scenario that was planned.
    chosen
        What the plan gives: a row for each part × offer × month, columns in `CHOSEN`. `rise` is what a plan that gives
        a household just this is proven to come to above `proof.bound`, at the least.
    alternatives
        What else it could be given, the cheapest for the district first; columns in `ALTERNATIVES`:

        - `fees`: its transition fees until they stop (all that the curve gives, where it waits to the end);
        - `rise`: every plan that gives one household just this comes to `proof.bound` + `rise` at the least;
        - `against_plan`: the same less the plan's gap: so much dearer than this plan, at the least. Below 0: nothing
          is proven against the plan;
        - `own`, `funds`, `stock`, `limits`: by how much it differs from what the plan gives at the prices of money,
          homes and limits; estimates that add up to the difference of both values;
        - `resolved`, `resolved_least`: by how much the best plan that was found with it is above this plan, and how
          much every one is at the least; empty where it was not asked for; infinite where no plan has it.
    reasons, changes
        What stands in the way, the weightiest first; what would have to change.
    proof
        What the figures rest on.
    names
        Names that the planner gave, by kind and id.
    place
        Whose currency and words are used.
    """

    household: str
    project: str
    count: int
    plan: str
    chosen: pd.DataFrame = field(repr=False)
    alternatives: pd.DataFrame = field(repr=False)
    reasons: tuple[Reason, ...] = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)
    proof: Proof
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    place: Place = HERE


@dataclass(frozen=True, eq=False)
class NextRecord:
    """Who should have one thing more. Amounts are yuan.

    Attributes
    ----------
    pool, fund
        One of them: of what there is more.
    month
        ``YYYY-MM`` from which it is there.
    amount
        Homes, or yuan.
    households
        Who comes first, and what each would take instead; columns in `NEXT`. `saved` is what its own change saves at
        the plan's prices, what it frees included.
    worth
        By how much the bound falls: what it is worth to the district at the plan's prices.
    most
        What it saves against this plan, at the most: proven.
    saved, saved_most
        What the best plan that was found with it saves against this plan, and the most that any can; NaN where it was
        not asked for.
    proof
        What the figures rest on.
    names
        Names that the planner gave, by kind and id.
    place
        Whose currency and words are used.
    """

    pool: str
    fund: str
    month: str
    amount: float
    households: pd.DataFrame = field(repr=False)
    worth: float
    most: float
    proof: Proof
    saved: float = math.nan
    saved_most: float = math.nan
    names: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    place: Place = HERE
