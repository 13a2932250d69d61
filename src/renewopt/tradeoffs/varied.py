"""Alternatives to a plan, and what they tell and write when they are asked to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from renewopt.tradeoffs.record import FIGURES, PHASES, ROUTES, TIMINGS
from renewopt.tradeoffs.records import AlternativesRecord
from renewopt.tradeoffs.tradeoff import Tradeoff, layout_of

if TYPE_CHECKING:
    import pandas as pd

    from renewopt.tradeoffs.plots_alternatives import AlternativesPlots
    from renewopt.tradeoffs.telling import Told
    from renewopt.wording import Language

__all__ = ["LAYOUT", "PARTS", "Alternatives"]

KINDS = {"point": "count", "distance": "number", "above": "number", **FIGURES}
PARTS = {"kind": "text", "item": "text", "verdict": "text", "least": "money", "found": "money", "plans": "count"}
LAYOUT = layout_of("alternatives", ("points", "phases", "routes", "parts", "timings"))
"""The folder of alternatives."""


class Alternatives(Tradeoff, AlternativesRecord):
    """Plans nearly as good as one, and what all of them have to do.

    Its tables are those of `renewopt.tradeoffs.records.AlternativesRecord`.
    """

    layout = LAYOUT

    def _told(self, lang: Language) -> Told:
        from renewopt.tradeoffs.telling_alternatives import told_of_alternatives

        return told_of_alternatives(self, lang)

    @property
    def plot(self) -> AlternativesPlots:
        """Figures by plotly: ``alternatives.plot.routes()``, ``.phases()``."""
        from renewopt.tradeoffs.plots_alternatives import AlternativesPlots

        return AlternativesPlots(self)

    def _tables(self) -> Mapping[str, tuple[pd.DataFrame, dict[str, str]]]:
        return {
            "points": (self.points, KINDS),
            "phases": (self.phases, PHASES),
            "routes": (self.routes, ROUTES),
            "parts": (self.parts, PARTS),
            "timings": (self.timings, TIMINGS),
        }

    def __repr__(self) -> str:
        return f"<Alternatives to a plan of {self.asked.name!r}: {len(self.points) - 1}>"
