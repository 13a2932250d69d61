"""A home roster: its data, and what it tells and writes when it is asked to."""

from __future__ import annotations

import os
from pathlib import Path

from renewopt.asked import a_language, a_path, yes_or_no
from renewopt.results.rosters.record import COLUMNS, RosterRecord
from renewopt.wording import Language

__all__ = ["Roster"]


class Roster(RosterRecord):
    """Homes of a plan's households, one by one; its data is that of `renewopt.results.rosters.record.RosterRecord`."""

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
