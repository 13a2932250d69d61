"""A frontier: its plans, and what it tells and writes when it is asked to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from renewopt.tradeoffs.record import FIGURES, PHASES, ROUTES, TIMINGS
from renewopt.tradeoffs.records import FrontierRecord
from renewopt.tradeoffs.tradeoff import Tradeoff, layout_of

if TYPE_CHECKING:
    import pandas as pd

    from renewopt.tradeoffs.plots_frontier import FrontierPlots
    from renewopt.tradeoffs.telling import Told
    from renewopt.wording import Language

__all__ = ["LAYOUT", "LEFT_OUT", "Frontier"]

KINDS = {"point": "count", "limit": "number", "x": "number", "y": "money", "rate": "number", **FIGURES}
LEFT_OUT = {"limit": "number", "why": "text", "x": "number", "y": "money"}
LAYOUT = layout_of("frontier", ("points", "phases", "routes", "left_out", "timings"))
"""The folder of a frontier."""


class Frontier(Tradeoff, FrontierRecord):
    """Plans of a district of which none is better than another in both of two goals.

    Its tables are those of `renewopt.tradeoffs.records.FrontierRecord`.
    """

    layout = LAYOUT

    def _told(self, lang: Language) -> Told:
        from renewopt.tradeoffs.telling_frontier import told_of_frontier

        return told_of_frontier(self, lang)

    @property
    def plot(self) -> FrontierPlots:
        """Figures by plotly: ``frontier.plot.frontier()``, ``.months()``, ``.phases()``."""
        from renewopt.tradeoffs.plots_frontier import FrontierPlots

        return FrontierPlots(self)

    def _tables(self) -> Mapping[str, tuple[pd.DataFrame, dict[str, str]]]:
        return {
            "points": (self.points, KINDS),
            "phases": (self.phases, PHASES),
            "routes": (self.routes, ROUTES),
            "left_out": (self.left_out, LEFT_OUT),
            "timings": (self.timings, TIMINGS),
        }

    def __repr__(self) -> str:
        return f"<Frontier of {self.asked.name!r}: {len(self.points)} plans, {self.x} against {self.asked.objective}>"
