"""A sweep: its points, and what it tells and writes when it is asked to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from renewopt.tradeoffs.changing import CHANGES
from renewopt.tradeoffs.record import FIGURES, PHASES, ROUTES, TIMINGS
from renewopt.tradeoffs.records import SweepRecord
from renewopt.tradeoffs.tradeoff import Tradeoff, layout_of

if TYPE_CHECKING:
    import pandas as pd

    from renewopt.tradeoffs.plots import SweepPlots
    from renewopt.tradeoffs.telling import Told
    from renewopt.wording import Language

__all__ = ["LAYOUT", "Sweep"]

LAYOUT = layout_of("sweep", ("points", "phases", "routes", "changes", "timings"))
"""The folder of a sweep."""


class Sweep(Tradeoff, SweepRecord):
    """Plans of a district at several values of something that it states.

    Its tables are those of `renewopt.tradeoffs.records.SweepRecord`.
    """

    layout = LAYOUT

    def _told(self, lang: Language) -> Told:
        from renewopt.tradeoffs.telling_sweep import told_of_sweep

        return told_of_sweep(self, lang)

    @property
    def plot(self) -> SweepPlots:
        """Figures by plotly: ``sweep.plot.objective()``, ``.months()``, ``.phases()``."""
        from renewopt.tradeoffs.plots import SweepPlots

        return SweepPlots(self)

    def _tables(self) -> Mapping[str, tuple[pd.DataFrame, dict[str, str]]]:
        kinds = {"point": "count", **dict.fromkeys((axis.address for axis in self.axes), "text"), **FIGURES}
        return {
            "points": (self.points, kinds),
            "phases": (self.phases, PHASES),
            "routes": (self.routes, ROUTES),
            "changes": (self.changes, CHANGES),
            "timings": (self.timings, TIMINGS),
        }

    def __repr__(self) -> str:
        values = " × ".join(f"{axis.address} ({len(axis.values)})" for axis in self.axes)
        return f"<Sweep of {self.asked.name!r}: {values}>"
