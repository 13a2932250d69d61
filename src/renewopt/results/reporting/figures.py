"""Charts as figures of plotly that show themselves in a notebook, and in whatever it is turned into."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from renewopt.results.reporting.script import DRAWN, drawing_script

__all__ = ["PlanFigure"]

JSON, HTML = "application/vnd.plotly.v1+json", "text/html"


class PlanFigure(go.Figure):  # type: ignore[misc]
    """A figure of plotly that is kept in a notebook as data and as a piece of HTML that draws itself, offline.

    Notebooks that know plotly draw the data; pages that are made of notebooks (nbconvert) take the HTML, which plotly
    itself leaves out in Jupyter.
    """

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {JSON: self.to_plotly_json(), HTML: self._repr_html_()}

    def _repr_html_(self) -> str:
        ours = {str(trace.type) for trace in self.data} <= DRAWN
        # Pieces of one page share the script; each has it, so that any cell may be run, kept or taken out.
        script = f"<script>if (!window.Plotly) {{\n{drawing_script(ours=ours)}\n}}</script>"
        return script + str(self.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False}))

    def _ipython_display_(self) -> None:
        from IPython import get_ipython

        shell = get_ipython()
        if type(shell).__name__ != "ZMQInteractiveShell":
            super()._ipython_display_()
            return
        from IPython.display import display

        display({**self._repr_mimebundle_(), "text/plain": repr(self)}, raw=True)  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        title = str(self.layout.title.text or "").partition("</b>")[0].removeprefix("<b>")
        return f"<Figure {title!r}: {len(self.data)} traces>"
