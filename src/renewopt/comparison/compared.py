"""A comparison: one tidy table of runs, with the questions that are asked of it, and its files."""

from __future__ import annotations

import csv
import html
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from renewopt.comparison import statistics
from renewopt.comparison.folder import kept, write_tables
from renewopt.disk import IncompleteOutputError, write_whole
from renewopt.results.spreadsheets import defuse
from renewopt.wording import words

if TYPE_CHECKING:
    from renewopt.comparison.plots import ComparisonPlots
    from renewopt.wording import Language

__all__ = ["KEYS", "KINDS", "Comparison", "check_measure", "check_parquet"]

KEYS = {"scenario": "text", "variant": "text", "policy": "text", "future": "text", "seed": "count"}
KINDS = {
    **KEYS,
    "status": "text",
    "clean": "yes",
    "objective": "money",
    "bound": "money",
    "regret": "money",
    "transition_fees": "money",
    "ordinary_fees": "money",
    "overdue_fees": "money",
    "fees_after_horizon": "money",
    "surcharges": "money",
    "fiscal_cost": "money",
    "saved_against_waiting": "money",
    "saved_office": "money",
    "shortfall": "money",
    "missed_deadlines": "count",
    "missed_targets": "count",
    "reserve_months_short": "count",
    "households": "count",
    "settled": "count",
    "clear_month": "text",
    "all_settled_month": "text",
    "wait_mean": "number",
    "wait_p90": "count",
    "wait_longest": "count",
    "wait_spread_of_projects": "number",
    "arrears_peak": "money",
    "idle_mean": "money",
    "idle_peak": "money",
    "phases": "count",
    "reason": "text",
}
"""Columns of runs.csv."""
WAITS = {
    **KEYS,
    "kind": "text",
    "group": "text",
    "households": "count",
    "wait_mean": "number",
    "wait_p90": "count",
    "wait_longest": "count",
}
SETTLED = {**KEYS, "month": "text", "settled": "count"}
TIMINGS = {**KEYS, "what": "text", "seconds": "number"}
PLACES = {name: KEYS[name] for name in ("scenario", "variant", "future")}
RANKING = {
    **PLACES,
    "rank": "count",
    "policy": "text",
    "runs": "count",
    "clean": "number",
    "mean": "money",
    "low": "money",
    "high": "money",
    "regret": "money",
    "against_waiting": "money",
    "against_low": "money",
    "against_high": "money",
    "p": "number",
    "wins": "number",
    "all_runs": "count",
    "all_clean": "number",
    "all_mean": "money",
}
PAIRS = {
    **PLACES,
    "policy": "text",
    "other": "text",
    "runs": "count",
    "difference": "money",
    "low": "money",
    "high": "money",
    "p": "number",
    "wins": "number",
}


def check_measure(measure: str) -> None:
    """Refuse what cannot be ranked by.

    Raises
    ------
    ValueError
        If it is no figure of the runs.
    """
    if KINDS.get(measure) not in {"money", "number", "count"}:
        raise ValueError(words("{value!r} is no figure of runs.csv", value=measure))


@dataclass(frozen=True, eq=False)
class Comparison:
    """Runs of policies in worlds, and what they teach.

    Attributes
    ----------
    runs
        One row for each scenario × variant × policy × future × seed, columns as of runs.csv; missing figures NaN.
        Policy ``perfect`` is the optimiser that knows the future: its proven bound stands in column ``bound`` of
        every run in the same world.
    waits
        Waits of each run by project, urgency weight and strict goal.
    settled
        Households housed up to each month, run by run.
    timings
        Seconds of the processor for each run, and for each plan (column ``what``).
    """

    runs: pd.DataFrame
    waits: pd.DataFrame
    settled: pd.DataFrame
    timings: pd.DataFrame

    def ranking(self, measure: str = "objective") -> pd.DataFrame:
        """Rank the policies of each setting: see `renewopt.comparison.statistics.rank`."""
        check_measure(measure)
        return statistics.rank(self.runs, measure)

    def pairs(self, measure: str = "objective") -> pd.DataFrame:
        """Set every policy against every other one: see `renewopt.comparison.statistics.pairs`."""
        check_measure(measure)
        return statistics.pairs(self.runs, measure)

    def paired(self, policy: str, other: str, measure: str = "objective", **where: object) -> statistics.Interval:
        """Mean difference of two policies in the same worlds.

        Parameters
        ----------
        **where
            Columns that are to have a value, such as ``future="rough"``.
        """
        one, two = self._common(policy, other, measure, where)
        return statistics.paired(one, two)

    def tail(self, policy: str, other: str, level: float = 0.9, **where: object) -> statistics.Interval:
        """CVaR of a policy's objective less that of another in the same worlds; below 0: the first is better."""
        one, two = self._common(policy, other, "objective", where)
        return statistics.tail_difference(one, two, level)

    def _common(self, policy: str, other: str, measure: str, where: dict[str, object]) -> tuple[Any, Any]:
        chosen = self.runs
        for column, value in where.items():
            chosen = chosen[chosen[column] == value]
        for name in (policy, other):
            if name not in set(chosen["policy"]):
                raise ValueError(words("there is no run of policy {name!r} in this part of the comparison", name=name))
        one, two = (
            chosen[chosen["policy"] == name].set_index(statistics.WORLD)[measure].astype(float)
            for name in (policy, other)
        )
        worlds = one.index.intersection(two.index)
        return one.loc[worlds].to_numpy(dtype=np.float64), two.loc[worlds].to_numpy(dtype=np.float64)

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
            "ranking": (self.ranking(measure), RANKING),
            "pairs": (self.pairs(measure), PAIRS),
        }
        files = {f"{name}.csv": _text(frame, kinds).encode() for name, (frame, kinds) in tables.items()}
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
        """Show the ranking, for notebooks; `plot` has the charts."""
        table = self.ranking()
        return f"<p>{html.escape(repr(self))}</p>{table.to_html(index=False, float_format='{:,.4g}'.format, na_rep='')}"

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


def _text(frame: pd.DataFrame, kinds: dict[str, str]) -> str:
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
