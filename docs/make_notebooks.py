"""Run the notebooks of the guide and keep their outputs: ``python docs/make_notebooks.py [NAME ...]``.

Their sources are plain Python beside them (``# %%`` begins a cell, ``# %% [markdown]`` one of text), as editors and
jupytext know it. A cell is run as a notebook would, but without a kernel, so that nothing of this machine or this day
comes into the file. Figures are kept as pictures, drawn by the distribution's Chromium: code hosts show no scripts.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import linecache
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import plotly.graph_objects as go
from nbformat import v4
from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NOTEBOOKS = HERE / "notebooks"
WIDTH = 900
SCALE = 1.5
"""Pixels of a picture for each of the page: sharp enough to read, small enough to keep."""
DRAW = """
const [figure, width, height, scale, done] = [JSON.parse(arguments[0]), ...Array.from(arguments).slice(1)];
Plotly.toImage(figure, {format: 'png', width, height, scale}).then(done, error => done('error ' + error));
"""


def names() -> list[str]:
    """Every notebook, without its ending."""
    return sorted(path.stem for path in NOTEBOOKS.glob("*.py"))


def cells(name: str) -> list[tuple[str, str]]:
    """Cells of a source: kind (``markdown`` or ``code``) and text."""
    text = (NOTEBOOKS / f"{name}.py").read_text(encoding="utf-8")
    found = []
    for part in re.split(r"(?m)^# %%", text)[1:]:
        head, _, body = part.partition("\n")
        if head.strip() == "[markdown]":
            found.append(("markdown", re.sub(r"(?m)^# ?", "", body.strip())))
        else:
            found.append(("code", body.strip()))
    return found


def run(name: str) -> Iterator[list[Any]]:
    """Run the code cells one after the other; give what each printed (as text) and what its last line gave."""
    space: dict[str, Any] = {"__name__": "__main__"}
    with _beside_scenarios(), pd.option_context("display.width", 110, "display.max_columns", 20):
        for number, (kind, source) in enumerate(cells(name)):
            if kind == "code":
                yield _run_cell(source, space, f"<{name}, cell {number}>")


@contextlib.contextmanager
def _beside_scenarios() -> Iterator[None]:
    """A folder that lies to the scenarios as the notebooks do, for what they write."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "docs", "notebooks")
        folder.mkdir(parents=True)
        Path(scratch, "scenarios").symlink_to(ROOT / "scenarios", target_is_directory=True)
        with contextlib.chdir(folder):
            yield


def _run_cell(source: str, space: dict[str, Any], file: str) -> list[Any]:
    # Errors show the line, and a class finds its own source, as in a notebook.
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, file, "exec"), space)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), file, "eval"), space)
    return [*([printed.getvalue()] if printed.getvalue() else []), *([] if value is None else [_Shown(value)])]


class _Shown:
    """The value of a cell: as text, and as a page or a picture where it has one."""

    def __init__(self, value: Any) -> None:
        self.figure = value if isinstance(value, go.Figure) else None
        self.text = _described(value) if isinstance(value, go.Figure) else repr(value)
        shows = None if self.figure is not None else getattr(value, "_repr_html_", None)
        self.page: str | None = shows() if shows else None


def _described(figure: go.Figure) -> str:
    """Title, unit and source of a figure, and what is drawn: for whoever does not see it."""
    title = [re.sub(r"<[^>]+>", "", line) for line in str(figure.layout.title.text).split("<br>")]
    drawn = dict.fromkeys(trace.name for trace in figure.data if trace.name)
    return "\n".join([*title, *(["Drawn: " + ", ".join(drawn)] if drawn else [])])


def texts(name: str) -> list[list[str]]:
    """What is shown under each code cell, as text."""
    return [[part if isinstance(part, str) else part.text for part in shown] for shown in run(name)]


def make(name: str, browser: Any) -> Path:
    """Run a notebook and write it."""
    ran, made, count = run(name), [], 0
    for number, (kind, source) in enumerate(cells(name), start=1):
        if kind == "markdown":
            cell = v4.new_markdown_cell(source)
        else:
            count += 1
            outputs = [_output(part, count, browser) for part in next(ran)]
            cell = v4.new_code_cell(source, execution_count=count, outputs=outputs)
        cell["id"] = f"cell-{number:02}"
        made.append(cell)
    ran.close()
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(cells=made, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    nbformat.validate(notebook)
    path = NOTEBOOKS / f"{name}.ipynb"
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return path


def _output(part: Any, count: int, browser: Any) -> Any:
    if isinstance(part, str):
        return v4.new_output("stream", name="stdout", text=part)
    data = {"text/plain": part.text}
    if part.page is not None:
        data["text/html"] = part.page
    if part.figure is not None:
        data["image/png"] = _picture(part.figure, browser)
    return v4.new_output("execute_result", data=data, execution_count=count)


def _picture(figure: go.Figure, browser: Any) -> str:
    drawn = browser.driver.execute_async_script(DRAW, figure.to_json(), WIDTH, figure.layout.height or 450, SCALE)
    head, _, picture = drawn.partition(",")
    if head != "data:image/png;base64":
        raise RuntimeError(drawn)
    small = io.BytesIO()
    # Charts have few colours: a palette halves the file.
    Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB").quantize(256, Image.Quantize.FASTOCTREE).save(
        small, "PNG", optimize=True
    )
    return base64.b64encode(small.getvalue()).decode("ascii")


def main(chosen: list[str]) -> None:
    """Make them all, or those that are named."""
    from plotly.offline import get_plotlyjs

    sys.path.insert(0, str(ROOT))
    from tests.browser.chromium import chromium

    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        page = Path(scratch, "page.html")
        page.write_text(f"<!doctype html><meta charset=utf-8><script>{get_plotlyjs()}</script>", encoding="utf-8")
        browser.driver.get(page.as_uri())
        for name in chosen or names():
            path = make(name, browser)
            sys.stderr.write(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
