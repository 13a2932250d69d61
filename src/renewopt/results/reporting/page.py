"""One HTML file out of words, tables and charts: it opens offline, and nothing in it can reach a network.

Text is escaped by Jinja everywhere. Scripts are allowed by their hash alone: even text that slipped through as a tag
would not run.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renewopt._version import __version__
from renewopt.charts.chart import FONTS, Chart
from renewopt.charts.labels import Language, Locale
from renewopt.results.reporting.script import DRAWN, drawing_script
from renewopt.results.stated import Stated

if TYPE_CHECKING:
    import jinja2

    from renewopt.results.reporting.figures import PlanFigure

__all__ = ["Table", "fragment", "in_script", "page", "shown", "words_for"]

TEMPLATES = "renewopt.results.reporting"
OPTIONS: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
"""What becomes of a template depends on."""


@dataclass(frozen=True)
class Table:
    """A table of a page: the first column is text, `numbers` are set flush right."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numbers: range
    total: list[str] | None = None
    more: str = ""


def words_for(lang: Language, stated: Stated | None = None) -> Locale:
    """Locale of charts and reports, with the names that the planner gave."""
    from renewopt.results.reporting.facts import names

    return Locale(lang, names(stated or {}))


def shown(chart: Chart) -> PlanFigure:
    """Make the figure of a chart, which shows itself in a notebook."""
    from renewopt.results.reporting.figures import PlanFigure

    return PlanFigure(chart.figure())


def page(template: str, say: Locale, charts: Sequence[Chart], **context: Any) -> str:
    """Fill a template into a page.

    Parameters
    ----------
    template
        Name of a file in ``templates``.
    say
        Language.
    charts
        All charts of the page; the template places them by their key.
    **context
        What the template tells.
    """
    script = _file("page.js")
    plotly = drawing_script(ours=all(chart.drawing.kinds() <= DRAWN for chart in charts))
    hashes = " ".join(f"'sha256-{_sha256(text)}'" for text in (plotly, script))
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'"
    )
    return (
        _environment()
        .get_template(template)
        .render(
            words=say,
            html_lang="zh-Hans" if say.lang == "zh" else "en",
            charts={chart.key: chart for chart in charts},
            figures={chart.key: _json(chart) for chart in charts},
            policy=policy,
            script=script,
            plotly=plotly,
            style=_file("page.css").replace("FONTS", FONTS),
            version=__version__,
            **context,
        )
    )


def fragment(template: str, say: Locale, **context: Any) -> str:
    """Fill a template that stands in somebody else's page: no script, no style sheet."""
    return _environment().get_template(template).render(words=say, **context)


def _json(chart: Chart) -> str:
    return in_script(chart.drawing.to_json())


def in_script(text: str) -> str:
    """Write JSON so that it can stand in a script element, whatever its texts say."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def _file(name: str) -> str:
    return resources.files(TEMPLATES).joinpath("templates", name).read_text("utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    from renewopt.results.reporting.compiled import KeptBytecode

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_file),
        bytecode_cache=KeptBytecode(Path(__file__).with_name("templates"), str(OPTIONS)),
        undefined=jinja2.StrictUndefined,
        **OPTIONS,
    )
