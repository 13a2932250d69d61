"""A comparison: its runs, and what it tells and writes when it is asked to."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from renewopt.comparison import statistics
from renewopt.comparison.folder import kept, write_tables
from renewopt.comparison.runs import DRAWN_FIGURES, KINDS, PAIRS, RANKING, SETTLED, TIMINGS, WAITS, Runs
from renewopt.disk import IncompleteOutputError, write_whole
from renewopt.results.spreadsheets import defuse
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.comparison.plots import ComparisonPlots
    from renewopt.wording import Language

__all__ = ["Comparison", "check_parquet", "table_text"]


class Comparison(Runs):
    """Runs of policies in worlds, and what they teach; tables and statistics are those of `Runs`."""

    def report(self, lang: Language = "en", measure: str = "objective") -> str:
        """Write the report as one HTML file that opens offline and prints to A4.

        Parameters
        ----------
        lang : {'en', 'zh'}
        measure
            Column of `runs` that is ranked by; less is better.

        Returns
        -------
        str
            The file's text.
        """
        from renewopt.comparison.report import comparison_report

        return comparison_report(self, lang, measure)

    @property
    def plot(self) -> ComparisonPlots:
        """Figures by plotly: ``comparison.plot.ranking()``, ``.fees_and_clear_month()``, ``.regret()`` and others."""
        from renewopt.comparison.plots import ComparisonPlots

        return ComparisonPlots(self)

    def write(
        self, folder: str | Path, *, lang: Language = "en", measure: str = "objective", parquet: bool = False
    ) -> Path:
        """Write the tables as CSV, ``ranking.csv`` and ``pairs.csv`` with them, and ``report.html``; all or nothing.

        Parameters
        ----------
        folder
            Made if it is not there; else empty, or that of a comparison.
        lang : {'en', 'zh'}
            Language of the report; tables are English.
        measure
            What the report ranks by.
        parquet
            Write ``runs.parquet``, too.

        Raises
        ------
        OutputExistsError
            If the folder holds something that no comparison made, or tables that were changed since.
        OutputBusyError
            If a comparison is at work in it.
        IncompleteOutputError
            If the report could not be made; the tables are written.
        OSError
            If it cannot be written; the old tables are as they were then.
        """
        target = Path(folder)
        files, failure = self.contents(lang, measure, parquet=parquet)
        with kept(target, 0) as claim:
            write_tables(claim, files)
        if failure is not None:
            raise IncompleteOutputError(target, "report.html", failure)
        return target

    def contents(
        self, lang: Language = "en", measure: str = "objective", *, parquet: bool = False
    ) -> tuple[dict[str, bytes], Exception | None]:
        """Make the files that `write` writes, by name; and why there is no report among them, if there is none."""
        tables = {
            "runs": (self.runs, KINDS),
            "waits": (self.waits, WAITS),
            "settled": (self.settled, SETTLED),
            "timings": (self.timings, TIMINGS),
            "futures": (self.drawn, DRAWN_FIGURES),
            "ranking": (self.ranking(measure), RANKING),
            "pairs": (self.pairs(measure), PAIRS),
        }
        files = {f"{name}.csv": table_text(frame, kinds).encode() for name, (frame, kinds) in tables.items()}
        if parquet:
            files["runs.parquet"] = self._parquet()
        try:
            files["report.html"] = self.report(lang, measure).encode()
        except Exception as error:  # noqa: BLE001 - whatever happens to the report, the tables are kept
            return files, error
        return files, None

    def to_parquet(self, path: str | Path) -> None:
        """Write the runs as Parquet.

        Raises
        ------
        ValueError
            If pyarrow is not installed.
        """
        write_whole(path, self._parquet())

    def _parquet(self) -> bytes:
        check_parquet()
        content = io.BytesIO()
        self.runs.to_parquet(content, index=False)
        return content.getvalue()

    def _repr_html_(self) -> str:
        """Show the ranking of each setting, for notebooks; `plot` has the charts."""
        from renewopt.comparison.report import show_comparison

        return show_comparison(self)

    def __repr__(self) -> str:
        worlds = len(self.runs[statistics.WORLD].drop_duplicates())
        policies = self.runs["policy"].nunique()
        return f"<Comparison of {policies} policies in {worlds} worlds: {len(self.runs)} runs>"


def check_parquet() -> None:
    """Raise where Parquet cannot be written.

    Raises
    ------
    ValueError
        If pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise ValueError(words("Parquet needs pyarrow: pip install 'renewopt[parquet]'"))


def table_text(frame: pd.DataFrame, kinds: dict[str, str]) -> str:
    """Write a table as CSV that a spreadsheet opens as it is."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(kinds)
    columns: list[Iterable[str]] = [[_cell(value, kind) for value in frame[name]] for name, kind in kinds.items()]
    writer.writerows(zip(*columns, strict=True))
    return "\ufeff" + target.getvalue()


def _cell(value: Any, kind: str) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if kind == "money":
        return f"{float(value):.2f}"
    if kind == "count":
        return str(int(value))
    if kind == "yes":
        return "yes" if value else "no"
    return defuse(str(value)) if kind == "text" else repr(float(value))
