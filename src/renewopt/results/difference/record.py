"""The data of a difference of two plans, which everything that tells of it or writes it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from renewopt.results.record import PlanRecord
from renewopt.results.stated import Stated
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import Status
from renewopt.wording import HERE, Place

__all__ = ["COLUMNS", "SIDES", "DifferenceRecord", "Side", "made"]

SIDES = ("a", "b")


def _of_both(*names: str, kind: str) -> dict[str, str]:
    return {f"{name}_{side}": kind for name in names for side in SIDES}


COLUMNS: dict[str, dict[str, str]] = {
    "figures": {"figure": "text", "a": "text", "b": "text", "difference": "text"},
    "account": {"total": "text", "part": "text", "project": "text", "a": "money", "b": "money", "difference": "money"},
    "causes": {
        "project": "text",
        "cause": "text",
        "households": "count",
        "until_housed": "money",
        "tail": "money",
        "valued": "money",
        "surcharges": "money",
        "total": "money",
        "price": "money",
        "household_pays": "money",
    },
    "projects": {
        "project": "text",
        **_of_both("households", kind="count"),
        "better": "count",
        "worse": "count",
        "as_before": "count",
        **_of_both("fees", kind="money"),
        "difference": "money",
    },
    "households": {
        "household": "text",
        "project": "text",
        "count": "count",
        "cause": "text",
        "effect": "text",
        **_of_both("route", "pool", "month", "housed", kind="text"),
        **_of_both("fees", "price", "household_pays", kind="money"),
        "fees_change": "money",
    },
    "phases": {
        "phase": "text",
        "estate": "text",
        "change": "text",
        **_of_both("begun", "completed", kind="text"),
        **_of_both("amount", kind="money"),
        "difference": "money",
    },
    "money": {
        "quarter": "text",
        "fund": "text",
        **{f"{name}_{which}": "money" for name in ("inflow", "outflow", "balance") for which in (*SIDES, "difference")},
    },
    "stated": {"section": "text", "item": "text", "key": "text", "a": "text", "b": "text"},
    "alone": {"kind": "text", "id": "text", "plan": "text", "households": "count"},
}
"""Columns of each table, and how they are written: text, count, money (yuan, two decimals)."""


def made(table: str, columns: Mapping[str, object]) -> pd.DataFrame:
    """Make a table of its columns and types; money is given in fen."""
    kinds = {"text": object, "count": np.int64, "money": np.int64}
    found = {}
    for name, kind in COLUMNS[table].items():
        values = np.asarray(columns[name], dtype=kinds[kind])
        found[name] = pd.Series(values / FEN_PER_YUAN if kind == "money" else values)
    return pd.DataFrame(found, columns=list(COLUMNS[table]))


@dataclass(frozen=True)
class Side:
    """One of the two plans.

    Attributes
    ----------
    label
        By which it is told apart: its folder, variant or policy.
    name, variant, policy, start, months, scenario_sha256
        What was planned, and by what; as in `renewopt.results.record.PlanRecord`, as are the figures that follow.
    """

    label: str
    name: str
    variant: str | None
    policy: str
    start: str
    months: int
    scenario_sha256: str
    status: Status
    objective_name: str
    objective: float | None
    bound: float | None
    gap: float | None
    transition_fees: float
    fiscal_cost: float
    waiting_cost: float | None
    shortfall: float | None
    households: int
    settled: int
    clear_month: str | None
    all_settled_month: str | None

    @classmethod
    def of(cls, plan: PlanRecord, label: str) -> Side:
        """Take it from a plan with tables."""
        return cls(label, **{name: getattr(plan, name) for name in cls.__annotations__ if name != "label"})


@dataclass(frozen=True, eq=False)
class DifferenceRecord:
    """What changed from plan `a` to plan `b`; less is cheaper, below 0 is saved. Amounts are yuan.

    Tables have rows for what differs alone; columns in `COLUMNS`.

    Attributes
    ----------
    a, b
        The plans.
    figures
        Status, totals, months: of both, as text.
    account
        Total × part × project: what both totals are made of. The differences of a total add up to its own.
    causes
        Project × cause: what became of how many households, and by how much that changes the transition fees; the rows
        add up to their difference. `price` and `household_pays` are what falls due for these households besides.
    projects
        Households better and worse off, and fees, by project.
    households
        Those to whom anything happened, before and after.
    phases
        Begun or completed in another month, dropped, added, paid otherwise.
    money
        Quarter × fund: what comes in (the opening balance aside), goes out, and is left at the end.
    stated
        What the scenarios state otherwise, their tables aside.
    alone
        Households, projects, estates, phases and funds that only one of the plans knows.
    as_before
        Households of both plans that fare as before, those included to whom nothing happened.
    names
        Names that the planner gave, by kind and id.
    stated_by
        What is in `stated`, as each scenario states it.
    place
        Whose currency and words are used.
    reads
        Files of the plans and their scenarios: none of them is ever overwritten.
    """

    a: Side
    b: Side
    figures: pd.DataFrame = field(repr=False)
    account: pd.DataFrame = field(repr=False)
    causes: pd.DataFrame = field(repr=False)
    projects: pd.DataFrame = field(repr=False)
    households: pd.DataFrame = field(repr=False)
    phases: pd.DataFrame = field(repr=False)
    money: pd.DataFrame = field(repr=False)
    stated: pd.DataFrame = field(repr=False)
    alone: pd.DataFrame = field(repr=False)
    as_before: int = 0
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    stated_by: tuple[Stated, Stated] = field(default=({}, {}), repr=False)
    place: Place = HERE
    reads: tuple[Path, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any(len(getattr(self, name)) for name in COLUMNS)

    @property
    def same_problem(self) -> bool:
        """Whether both plans are of one scenario, in one variant, with one objective."""
        return all(
            getattr(self.a, name) == getattr(self.b, name) for name in ("scenario_sha256", "variant", "objective_name")
        )

    def change(self, total: str) -> float:
        """By how much a total changes, ``transition_fees`` or ``fiscal_cost``; yuan, to the fen."""
        fen = [round(float(getattr(side, total)) * FEN_PER_YUAN) for side in (self.a, self.b)]
        return (fen[1] - fen[0]) / FEN_PER_YUAN

    def parts(self, total: str) -> pd.DataFrame:
        """Parts of a total over all projects, in their order: ``part``, ``a``, ``b``, ``difference``."""
        mine = self.account[self.account["total"] == total]
        return mine.groupby("part", sort=False, as_index=False)[["a", "b", "difference"]].sum().round(2)

    def by_cause(self) -> pd.DataFrame:
        """Causes over all projects, in their order; as `causes` without the project."""
        table = self.causes.drop(columns="project").groupby("cause", sort=False, as_index=False).sum().round(2)
        order = {cause: place for place, cause in enumerate(CAUSES)}
        return table.sort_values("cause", key=lambda causes: causes.map(order), ignore_index=True)


CAUSES = (
    "newly_housed", "no_longer_housed", "route", "home", "earlier", "later", "terms", "only_b", "only_a", "surcharges",
)  # fmt: skip
"""What may become of a household, each of one kind; surcharges are of none."""


class Cause:
    """The causes by name."""

    (
        NEWLY_HOUSED, NO_LONGER_HOUSED, ROUTE, HOME, EARLIER, LATER, TERMS, ONLY_B, ONLY_A, SURCHARGES,
    ) = CAUSES  # fmt: skip


CHANGES = ("added", "dropped", "earlier", "later", "money", "only_b", "only_a")
"""What may become of a phase."""


class Change:
    """The changes by name."""

    ADDED, DROPPED, EARLIER, LATER, MONEY, ONLY_B, ONLY_A = CHANGES


EFFECTS = ("better", "worse", "as_before")
"""How a household fares."""


class Effect:
    """The effects by name."""

    BETTER, WORSE, AS_BEFORE = EFFECTS
