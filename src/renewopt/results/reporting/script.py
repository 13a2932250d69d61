"""The script that draws charts: our part of plotly's, a third of the whole, or the whole."""

from __future__ import annotations

import functools
from importlib import resources

__all__ = ["DRAWN", "drawing_script"]

PACKAGE = "renewopt.results.reporting"
DRAWN = frozenset({"bar", "box", "sankey", "scatter"})
"""Kinds of traces that our part of plotly's script draws, a third of the whole; made by ``.ci/charts``."""


@functools.cache
def drawing_script(*, ours: bool) -> str:
    """Return the script that draws: our part of plotly's, or the whole for kinds of traces that it lacks."""
    if ours:
        # Text files are opened with their ends of lines changed, which takes a copy.
        text = resources.files(PACKAGE).joinpath("plotly", "plotly.min.js").read_bytes().decode()
    else:
        from plotly.offline import get_plotlyjs

        text = get_plotlyjs()
    # A parser of HTML takes CRLF for LF: the hash is over what it sees.
    return text.replace("\r\n", "\n").replace("\r", "\n")
