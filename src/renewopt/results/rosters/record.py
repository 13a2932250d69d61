"""The data of a home roster, which everything that tells of it or writes it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from renewopt.vocabulary import ROSTER_MODES
from renewopt.wording import HERE, Place

__all__ = ["COLUMNS", "FIT", "LOTTERY", "OFFICE", "OPEN", "SIGNING", "RosterRecord"]

SIGNING, LOTTERY, FIT = ROSTER_MODES

COLUMNS: Mapping[str, str] = {
    "household": "text",
    "part": "text",
    "number": "text",
    "estate": "text",
    "type": "text",
    "home": "text",
    "building": "text",
    "floor": "text",
    "area_m2": "number",
    "orientation": "text",
    "moves_in": "text",
    "place": "text",
    "lot": "text",
}
"""What may be posted: no needs, no wishes, no money. ``place``: in the order; ``lot``: what was drawn."""
OFFICE: Mapping[str, str] = {**COLUMNS, "misfit_m2": "number", "unmet": "text"}
"""The office's own: what each home lacks of what was wished."""
OPEN: Mapping[str, str] = {
    "household": "text",
    "part": "text",
    "number": "text",
    "estate": "text",
    "type": "text",
    "moves_in": "text",
    "needs": "text",
    "why": "text",
}
"""Who has no home: ``why`` is ``needs`` (no home that has what it needs is left) or ``homes`` (none is ready)."""


@dataclass(frozen=True, eq=False)
class RosterRecord:
    """Homes of the plan's households, one by one.

    Attributes
    ----------
    name, start, scenario_sha256
        Of the plan.
    mode, seed
        How homes were given, and with which seed.
    table
        One row for each home that is given, with the columns of `OFFICE`.
    open
        One row for each home that is due by the plan and could not be given, with the columns of `OPEN`.
    left
        Homes that nobody has: estate, type, home.
    unlisted
        Homes that the plan gives in estates and types of which none is listed.
    warnings
        What was noticed in the tables, by language.
    place
        Whose words are used.
    """

    name: str
    start: str
    scenario_sha256: str
    mode: str
    seed: int | None
    table: pd.DataFrame = field(repr=False)
    open: pd.DataFrame = field(repr=False)
    left: pd.DataFrame = field(repr=False)
    unlisted: int = 0
    warnings: tuple[Mapping[str, str], ...] = ()
    place: Place = HERE
    scenario_files: tuple[Path, ...] = field(default=(), repr=False)

    @property
    def complete(self) -> bool:
        """Whether everybody of the listed estates and types has a home."""
        return self.open.empty
