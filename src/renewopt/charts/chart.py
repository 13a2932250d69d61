"""A chart: a figure with what it must never go without, its title, unit and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renewopt.charts.drawing import Drawing
from renewopt.charts.palette import INK

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["FONTS", "Chart", "dressed", "legend_above", "time_axis"]

FONTS = (
    "'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', 'Hiragino Sans GB', 'Noto Sans CJK SC', "
    "'Noto Sans SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', SimHei, sans-serif"
)
"""Latin letters by the first that is there, Chinese ones by those of Mac, Windows and Linux."""
GRID = "#e3e6e8"
TICKS = 9
TITLE_HEIGHT = 96
"""Pixels of the three lines above a figure that stands by itself."""


@dataclass(frozen=True)
class Chart:
    """A chart in one language.

    Attributes
    ----------
    key
        Short name, for anchors and tests.
    title, unit, source
        In words; none of them may be empty.
    drawing
        The figure without them: a page writes them as text around it.
    note
        What a reader should know, "" if nothing.
    """

    key: str
    title: str
    unit: str
    source: str
    drawing: Drawing
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "unit", "source"):
            if not getattr(self, name):
                raise ValueError(f"chart {self.key!r} has no {name}")

    @property
    def body(self) -> go.Figure:
        """The figure without title, unit and source."""
        return self.drawing.figure()

    def figure(self) -> go.Figure:
        """The figure by itself, with title, unit and source in it."""
        alone = self.body
        margin = alone.layout.margin
        small = "<br><span style='font-size:12px;color:#555555'>"
        alone.update_layout(
            title={
                "text": f"<b>{self.title}</b>{small}{self.unit}</span>{small}{self.source}</span>",
                "font": {"size": 16},
                "x": 0.0,
                "xref": "container",
                "pad": {"l": 12, "t": 22},
                "y": 1.0,
                "yref": "container",
                "yanchor": "top",
            },
            margin={"l": margin.l, "r": margin.r, "t": (margin.t or 0) + TITLE_HEIGHT, "b": margin.b},
            height=(alone.layout.height or 420) + TITLE_HEIGHT,
        )
        return alone


def dressed(figure: Drawing, *, height: int, **layout: Any) -> Drawing:
    """Give a figure the look of the house: fonts, margins, grid."""
    figure.update_layout(
        height=height,
        autosize=True,
        font={"family": FONTS, "size": 13, "color": INK},
        margin={"l": 8, "r": 36, "t": 8, "b": 8},
        modebar={"orientation": "v", "bgcolor": "rgba(255,255,255,0)"},
        paper_bgcolor="white",
        plot_bgcolor="white",
        separators=".,",
        hoverlabel={"font": {"family": FONTS, "size": 13}, "namelength": -1},
    )
    figure.update_layout(**layout)
    figure.update_xaxes(automargin=True, gridcolor=GRID, linecolor="#888888", zeroline=False)
    figure.update_yaxes(automargin=True, gridcolor=GRID, zerolinecolor="#888888", title={"font": {"size": 12}})
    return figure


def legend_above() -> dict[str, Any]:
    """Put the legend above the plot, where it never meets an axis and wraps in narrow windows."""
    return {
        "orientation": "h",
        "x": 0.0,
        "xanchor": "left",
        "y": 1.02,
        "yanchor": "bottom",
        "font": {"size": 12},
        "itemsizing": "constant",
    }


def time_axis(tick: str, months: Iterable[str] = ()) -> dict[str, Any]:
    """Say how an axis of months is written.

    Parameters
    ----------
    tick
        As plotly takes it, ``%Y-%m`` or ``%Y``.
    months
        That are drawn: where there are few, each has one tick and no more.
    """
    axis = {"type": "date", "tickformat": tick, "hoverformat": tick, "nticks": TICKS}
    known = sorted({month for month in months if month})
    if known and tick == "%Y-%m":
        first, last = ([int(part) for part in month.split("-")] for month in (known[0], known[-1]))
        if (last[0] - first[0]) * 12 + last[1] - first[1] < TICKS:
            axis |= {"dtick": "M1", "tick0": f"{known[0]}-01"}
    return axis
