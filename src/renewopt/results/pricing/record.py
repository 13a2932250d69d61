"""Prices of a plan: the data that page, summary and files tell of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from renewopt.wording import HERE, Place

__all__ = ["COLUMNS", "DIFFERENCES", "PriceRecord"]

_SIDE = {"price": "number", "holds_for": "number", "ends": "text", "unit": "money", "impossible": "number"}
COLUMNS = {
    "kind": "text",
    "id": "text",
    "month": "text",
    **{f"{side}_{name}": kind for side in ("more", "less") for name, kind in _SIDE.items()},
    "whole": "money",
    "whole_least": "money",
    "whole_most": "money",
    "whole_status": "text",
    "whole_gap": "number",
    "whole_seconds": "number",
}
"""Columns of ``prices.csv``, and how they are written."""
DIFFERENCES = {"kind": "text", "id": "text", "use": "text", "saved": "money"}
"""Columns of ``differences.csv``."""


@dataclass(frozen=True, eq=False)
class PriceRecord:
    """What is scarce in a plan, and what a little more or less of it is worth. Amounts are yuan.

    Attributes
    ----------
    name, variant, scenario_sha256, start
        Of the plan.
    objective_name, objective, bound, gap
        What is minimised, what the plan reaches, what is proven of it.
    relaxation
        Optimum of the relaxation, in which parts of households and of phases may be decided.
    classes, choices
        Classes of households and choices of these over which it was solved; None: over all households and choices.
    prices
        One row for each price, the dearest first. ``kind``: ``money`` (a million yuan in a fund), ``homes`` (a home,
        m² or person in a pool), ``transfer`` (one of its homes opened for transfer), ``limit`` (a household more that a
        limit lets through) or ``debt`` (a million of a developer's debt that falls due); ``id``; ``month``, empty where
        it is no matter of a month. For ``more`` and ``less``: ``price`` (yuan for each unit: saved by more, cost of
        less), ``holds_for`` (units up to which that is proven), ``ends`` (``yes``: beyond it is another one), ``unit``
        (yuan for one whole unit), ``impossible`` (units from which on no plan keeps every rule). ``whole``: yuan that
        the plan for whole households saves with one unit more; ``whole_least`` and ``whole_most``: what is proven of
        it; ``whole_status``, ``whole_gap`` and ``whole_seconds`` of that search. Empty where it was not asked for.
    differences
        Changes that come whole or not at all. ``kind``: ``sooner`` (a phase a month sooner), ``permitted`` (a fund that
        may pay a use), ``term`` (agreed terms a month longer), ``opens`` and ``stays`` (a voucher or cash programme
        that may be chosen a month sooner, or longer) or ``starts`` (a project or work a month sooner than planned);
        ``id``, ``use``; ``saved`` (yuan, of the relaxation; empty where it has no solution).
    names
        Names that the planner gave, by kind and id.
    measures
        How each pool is counted: ``homes``, ``m2`` or ``persons``.
    monthly
        Whether each limit holds for each month.
    asked
        Months that were asked for; empty: of each thing the month in which it is dearest.
    place
        Whose currency and words are used.
    reads
        Files of the plan and its scenario: none of them is ever overwritten.
    """

    name: str
    variant: str | None
    scenario_sha256: str
    start: str
    objective_name: str
    objective: float | None
    bound: float | None
    gap: float | None
    relaxation: float
    classes: int | None
    choices: int | None
    prices: pd.DataFrame = field(repr=False)
    differences: pd.DataFrame = field(repr=False)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    measures: Mapping[str, str] = field(default_factory=dict, repr=False)
    monthly: Mapping[str, bool] = field(default_factory=dict, repr=False)
    asked: tuple[str, ...] = ()
    place: Place = HERE
    reads: tuple[Path, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.prices)
