"""What a home roster is: who has which home, who has none, and how it was found."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from renewopt.asked import a_language, a_path, yes_or_no
from renewopt.vocabulary import ROSTER_MODES
from renewopt.wording import HERE, Language, Place

__all__ = ["COLUMNS", "FIT", "LOTTERY", "OFFICE", "OPEN", "SIGNING", "Roster"]

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
class Roster:
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

    def summary(self, lang: Language = "en") -> str:
        """Tell who has a home, and who has none and why, for the office: it names needs.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.rosters.telling import summarise

        a_language(lang)
        return summarise(self, lang)

    def page(self, lang: Language = "en") -> str:
        """Write the page that can be posted: one HTML file that opens offline and prints to A4.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.rosters.posting import posted_page

        a_language(lang)
        return posted_page(self, lang)

    def write(self, folder: str | os.PathLike[str], *, force: bool = False, lang: Language = "en") -> Path:
        """Write ``roster.csv`` and ``roster.html``, which can be posted, and ``office.csv``, ``open.csv``, which not.

        Parameters
        ----------
        folder
            Made if it does not exist.
        force
            Put it in the place of a roster that lies there as it was written; nothing else is overwritten.
        lang : {'en', 'zh'}
            Of the page; CSV files are English whatever it is.

        Raises
        ------
        OutputExistsError
            If the folder exists, is not empty, and `force` is not given; or if it holds what we did not write.
        OutputBusyError
            If another process writes there.
        """
        from renewopt.results.rosters.files import write_roster

        a_path("folder", folder)
        yes_or_no("force", force)
        a_language(lang)
        return write_roster(self, Path(folder), force=force, lang=lang)

    def _repr_html_(self) -> str:
        return self.table[list(COLUMNS)]._repr_html_()  # type: ignore[no-any-return,operator]
