"""What a figure of plotly is made of, put together as plain dicts.

plotly's own figures look at every property as it is set, which takes longer than all else in a report. Here nothing is
looked at: pages take the dicts as they are, and who asks for a figure (`Drawing.figure`) gets one whose every property
plotly has then seen.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["Drawing"]


class Drawing:
    """Traces and layout of a figure, in the words of plotly.

    Attributes
    ----------
    data
        Traces.
    layout
        Of the figure, but for the template, which is none.
    """

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {"xaxis": {}, "yaxis": {}}

    @classmethod
    def panels(
        cls,
        titles: Sequence[str],
        *,
        spacing: float,
        heights: Sequence[float] | None = None,
        shared_xaxes: bool = False,
    ) -> Drawing:
        """Begin with panels one below the other, each with axes and a title flush left.

        Parameters
        ----------
        titles
            From the top.
        spacing
            Between panels, as a share of the height.
        heights
            Of the panels, in proportion; all alike if none are given.
        shared_xaxes
            Whether all have one axis, written below the last.
        """
        drawing, rows = cls(), len(titles)
        parts = np.asarray(heights if heights is not None else [1.0] * rows, dtype=np.float64)
        parts = parts / parts.sum() * (1.0 - spacing * (rows - 1))
        below = [float(parts[row + 1 :].sum() + spacing * (rows - 1 - row)) for row in range(rows)]
        drawing.layout["annotations"] = []
        for row, (title, bottom, part) in enumerate(zip(titles, below, parts.tolist(), strict=True), start=1):
            x, y = _axes(row)
            top = min(bottom + part, 1.0)
            drawing.layout[x] = {"anchor": y.replace("axis", ""), "domain": [0.0, 1.0]}
            drawing.layout[y] = {"anchor": x.replace("axis", ""), "domain": [bottom, top]}
            if shared_xaxes and row < rows:
                drawing.layout[x] |= {"matches": _axes(rows)[0].replace("axis", ""), "showticklabels": False}
            drawing.add_annotation(
                x=0.0,
                y=top,
                xref="paper",
                yref="paper",
                xanchor="left",
                yanchor="bottom",
                text=title,
                font={"size": 13},
            )
        return drawing

    def add_bar(self, *, row: int = 0, **trace: Any) -> None:
        """Add bars, to a panel if there are several."""
        self._add("bar", row, trace)

    def add_scatter(self, *, row: int = 0, **trace: Any) -> None:
        """Add points or a line, to a panel if there are several."""
        self._add("scatter", row, trace)

    def add_box(self, *, row: int = 0, **trace: Any) -> None:
        """Add a box, to a panel if there are several."""
        self._add("box", row, trace)

    def add_sankey(self, **trace: Any) -> None:
        """Add a flow."""
        self._add("sankey", 0, trace)

    def _add(self, kind: str, row: int, trace: Mapping[str, Any]) -> None:
        on = (
            dict(zip(("xaxis", "yaxis"), (name.replace("axis", "") for name in _axes(row)), strict=True)) if row else {}
        )
        self.data.append({"type": kind, **trace, **on})

    def add_annotation(self, *, row: int = 0, **annotation: Any) -> None:
        """Write a text without an arrow, in the coordinates of a panel if there are several."""
        on = {"xref": _axes(row)[0].replace("axis", "")} if row else {}
        self.layout.setdefault("annotations", []).append({"showarrow": False, **on, **annotation})

    def add_vline(self, x: Any, *, row: int, line: Mapping[str, Any]) -> None:
        """Draw a line from the bottom of a panel to its top."""
        across, up = (name.replace("axis", "") for name in _axes(row))
        shape = {
            "type": "line",
            "x0": x,
            "x1": x,
            "y0": 0,
            "y1": 1,
            "xref": across,
            "yref": f"{up} domain",
            "line": line,
        }
        self.layout.setdefault("shapes", []).append(shape)

    def update_layout(self, **layout: Any) -> None:
        """Set what is given of the layout, and leave the rest."""
        _merge(self.layout, layout)

    def update_xaxes(self, *, row: int = 0, **axis: Any) -> None:
        """Set what is given of the horizontal axes: of a panel's, or of all."""
        self._update("xaxis", row, axis)

    def update_yaxes(self, *, row: int = 0, **axis: Any) -> None:
        """Set what is given of the vertical axes: of a panel's, or of all."""
        self._update("yaxis", row, axis)

    def _update(self, kind: str, row: int, axis: Mapping[str, Any]) -> None:
        names = [_axes(row)[kind == "yaxis"]] if row else [name for name in self.layout if name.startswith(kind)]
        for name in names:
            _merge(self.layout[name], axis)

    def without_annotations(self) -> Drawing:
        """Copy it without what is written in it."""
        other = Drawing()
        other.data = self.data
        other.layout = {name: value for name, value in self.layout.items() if name != "annotations"}
        return other

    def kinds(self) -> set[str]:
        """Kinds of its traces."""
        return {str(trace["type"]) for trace in self.data}

    def to_json(self) -> str:
        """Write it as plotly's script reads it."""
        plain = _plain({"data": self.data, "layout": _upright(self.layout)})
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def figure(self) -> go.Figure:
        """Make a figure of plotly, which looks at every property."""
        import plotly.graph_objects as go

        return go.Figure({"data": copy.deepcopy(self.data), "layout": {"template": "none", **_upright(self.layout)}})


UPRIGHT = 56
"""Pixels beside a vertical axis that its title needs where it stands above the axis."""


def _upright(layout: Mapping[str, Any]) -> dict[str, Any]:
    """Put Chinese titles of vertical axes above them: characters are not laid on their side."""
    stood: dict[str, Any] = dict(layout)
    for name in [name for name in layout if name.startswith("yaxis")]:
        title = layout[name].get("title") or {}
        text = str(title.get("text") or "")
        if not any("一" <= sign <= "鿿" for sign in text):
            continue
        above = {
            "x": 0.0,
            "y": layout[name].get("domain", (0.0, 1.0))[1],
            "xref": "paper",
            "yref": "paper",
            "xanchor": "right",
            "yanchor": "bottom",
            "xshift": -4,
            "yshift": 2,
            "showarrow": False,
            "text": text,
            "font": title.get("font", {}),
        }
        stood[name] = {**layout[name], "title": {"text": ""}}
        stood["annotations"] = [*stood.get("annotations", ()), above]
        margin = stood.get("margin", {})
        stood["margin"] = {**margin, "l": max(margin.get("l", 0), UPRIGHT), "t": max(margin.get("t", 0), UPRIGHT // 2)}
    return stood


def _axes(row: int) -> tuple[str, str]:
    """Names of the axes of a panel in the layout."""
    number = "" if row < 2 else str(row)
    return f"xaxis{number}", f"yaxis{number}"


def _merge(into: dict[str, Any], given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if isinstance(value, Mapping):
            kept = into.get(name)
            into[name] = dict(kept) if isinstance(kept, Mapping) else {}
            _merge(into[name], value)
        else:
            into[name] = value


def _plain(value: Any) -> Any:
    """Values that JSON has: lists for arrays and columns, none for what is no number."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | pd.Series):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, list | tuple | range):
        return list(_each(value))
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _each(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        yield value if isinstance(value, str | int) else _plain(value)
