"""Figures as plain dicts: the same as plotly makes, and JSON that a page can read."""

import json

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from renewopt.charts.drawing import Drawing


def test_panels_are_those_of_plotly() -> None:
    ours = Drawing.panels(["one", "two", "three"], spacing=0.1, heights=[3, 1, 2], shared_xaxes=True)
    theirs = make_subplots(
        rows=3, cols=1, vertical_spacing=0.1, row_heights=[3, 1, 2], shared_xaxes=True,
        subplot_titles=["one", "two", "three"],
    )  # fmt: skip
    for row in (1, 2, 3):
        ours.add_bar(row=row, x=[1], y=[2])
        theirs.add_bar(row=row, col=1, x=[1], y=[2])
    made = ours.figure()
    for name in ("xaxis", "xaxis2", "xaxis3", "yaxis", "yaxis2", "yaxis3"):
        expected = theirs.layout[name].to_plotly_json()
        np.testing.assert_allclose(made.layout[name].domain, expected.pop("domain"), atol=1e-9)
        rest = {key: value for key, value in made.layout[name].to_plotly_json().items() if key != "domain"}
        assert rest == expected
    assert [trace.yaxis for trace in made.data] == [trace.yaxis for trace in theirs.data]
    tops = [(note.text, round(note.y, 9)) for note in made.layout.annotations]
    assert tops == [(note.text, round(note.y, 9)) for note in theirs.layout.annotations]


def test_what_is_set_later_leaves_the_rest() -> None:
    drawing = Drawing()
    drawing.update_layout(yaxis={"title": {"text": "yuan"}, "nticks": 5}, legend={"x": 0.0})
    drawing.update_yaxes(title={"font": {"size": 12}})
    drawing.update_layout(legend={"y": 1.0})
    assert drawing.layout["yaxis"] == {"title": {"text": "yuan", "font": {"size": 12}}, "nticks": 5}
    assert drawing.layout["legend"] == {"x": 0.0, "y": 1.0}
    assert drawing.figure().layout.yaxis.title.text == "yuan"


def test_json_holds_what_json_has() -> None:
    drawing = Drawing()
    drawing.add_scatter(x=np.array([1, 2]), y=(float("nan"), np.float64(1.5)), marker={"color": "#000000"})
    drawing.add_sankey(node={"label": ["a"]})
    told = json.loads(drawing.to_json())
    assert told["data"][0] == {"type": "scatter", "x": [1, 2], "y": [None, 1.5], "marker": {"color": "#000000"}}
    assert drawing.kinds() == {"scatter", "sankey"}
    assert isinstance(drawing.figure(), go.Figure)
