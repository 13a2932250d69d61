"""What a sweep, a frontier and alternatives have in common: they are told, shown as a page, and written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from renewopt.asked import a_language, a_path
from renewopt.comparison.folder import Layout
from renewopt.tradeoffs.files import contents_of, write_tradeoff
from renewopt.tradeoffs.record import Asked

if TYPE_CHECKING:
    import os

    import pandas as pd

    from renewopt.charts.chart import Chart
    from renewopt.tradeoffs.telling import Told
    from renewopt.wording import Language

__all__ = ["Plots", "Tradeoff", "layout_of"]


def layout_of(name: str, tables: tuple[str, ...]) -> Layout:
    """Lay out the folder of a command: its stored question, a page and these tables."""
    return Layout(
        f"{name}.json", f"renewopt {name}", 1, frozenset({"report.html", *(f"{table}.csv" for table in tables)})
    )


class Plots(Protocol):
    """Figures of a page."""

    def __call__(self, lang: Language) -> Plots:
        """Give them in a language."""

    def all(self) -> list[Chart]:
        """Return all of them."""


class Tradeoff(ABC):
    """Many plans of one district, laid side by side.

    Attributes
    ----------
    asked
        Of which scenario.
    layout
        The folder that they are written to.
    """

    asked: Asked
    layout: ClassVar[Layout]

    @abstractmethod
    def _told(self, lang: Language) -> Told:
        """What is told of them."""

    @property
    @abstractmethod
    def plot(self) -> Plots:
        """Figures by plotly."""

    @abstractmethod
    def _tables(self) -> Mapping[str, tuple[pd.DataFrame, dict[str, str]]]:
        """Their tables by name, each with the kinds of its columns."""

    def summary(self, lang: Language = "en") -> str:
        """Tell them on a page of plain text, in ``en`` or ``zh``."""
        from renewopt.tradeoffs.telling import summarise

        a_language(lang)
        with self.asked.place.spoken():
            return summarise(self._told(lang), lang)

    def report(self, lang: Language = "en") -> str:
        """Write the page as one HTML file that opens offline and prints to A4, in ``en`` or ``zh``."""
        from renewopt.tradeoffs.telling import page_of

        a_language(lang)
        with self.asked.place.spoken():
            return page_of(self._told(lang), self.plot(lang).all(), lang)

    def contents(self, lang: Language = "en") -> tuple[dict[str, bytes], Exception | None]:
        """Make the files that `write` writes, by name; and why there is no page among them, if there is none."""
        return contents_of(self._tables(), lambda: self.report(lang))

    def write(self, folder: str | os.PathLike[str], *, lang: Language = "en") -> Path:
        """Write the tables as CSV and ``report.html``, all at once or not at all.

        Parameters
        ----------
        folder
            Made if it is not there; else empty, or one of the same command.
        lang : {'en', 'zh'}
            Language of the page; tables are English.

        Raises
        ------
        OutputExistsError
            If the folder holds something that this command did not write, or that was changed since, or what the
            scenario reads.
        OutputBusyError
            If the command is at work in it.
        IncompleteOutputError
            If the page could not be made; the tables are written.
        OSError
            If it cannot be written; what was there before is there still.
        """
        a_path("folder", folder)
        a_language(lang)
        return write_tradeoff(Path(folder), self.layout, self.contents(lang), self.asked.reads)

    def __str__(self) -> str:
        return self.summary()
