"""The report of a comparison: what it says, also of runs that failed."""

import re
import tempfile
from functools import lru_cache
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest

import renewopt
from renewopt import Comparison
from renewopt.charts.labels import LANGUAGES, Language
from renewopt.comparison.runs import KINDS, SETTLED, TIMINGS, WAITS

FUTURES = """
futures:
  - id: late
    delays: [{months: 2}]
"""


@lru_cache(maxsize=1)
def compared() -> Comparison:
    text = (Path(__file__).resolve().parents[2] / "scenarios" / "minimal.yaml").read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.yaml"
        path.write_text(text + FUTURES, "utf-8")
        return renewopt.compare(path, policies=["optimal", "first-come", "voucher-first"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_message_is_its_head(lang: Language) -> None:
    page = compared().report(lang)
    assert f'lang="{"en" if lang == "en" else "zh-Hans"}"' in page
    head = page[page.index('id="headline.compare"') :]
    for sentence in compared().tell(lang):
        assert f"<li>{sentence}</li>" in head
    does = {"en": "each phase: handed over 2 months late.", "zh": "各期推迟2个月交付。"}[lang]
    assert does in page
    for title in ("Who does best", "How far from the best") if lang == "en" else ("排名", "与已证明下界的差距"):
        assert title in page
    assert page.count('class="chart"') == 3 + 2 * 2


@pytest.mark.parametrize("name", ["ranking", "fees_and_clear_month", "waits", "settled", "regret"])
def test_each_chart_is_a_figure(name: str) -> None:
    figure = getattr(compared().plot("zh"), name)()
    assert isinstance(figure, go.Figure)
    assert "单位：" in figure.layout.title.text
    assert "来源：" in figure.layout.title.text
    assert compared().plot.ranking("fiscal_cost").layout.title.text.startswith("<b>Policies ranked: fiscal cost")


def test_what_cannot_be_ranked_by_is_refused() -> None:
    for ask in (compared().plot.ranking, compared().ranking, lambda name: compared().report("en", name)):
        with pytest.raises(ValueError, match=r"'status' is no figure of runs\.csv"):
            ask("status")
    with pytest.raises(ValueError, match="'colour' is no figure"):
        renewopt.compare("nowhere.yaml", measure="colour")


def test_it_is_written_beside_the_tables(tmp_path: Path) -> None:
    folder = compared().write(tmp_path / "out", lang="zh", measure="fiscal_cost")
    text = (folder / "report.html").read_text("utf-8")
    assert text == compared().report("zh", "fiscal_cost")
    assert "决策方式排名：财政支出" in text
    assert not list(folder.glob(".*"))


def spoilt(**figures: object) -> Comparison:
    evil = "<script>alert(1)</script>"
    keys = {"scenario": evil, "variant": evil, "future": evil, "seed": 0, "policy": evil}
    row = {name: "" if kind == "text" else float("nan") for name, kind in KINDS.items()}
    runs = pd.DataFrame(
        [{**row, **keys, "clean": False, "status": "failed", "reason": f"ValueError: {evil}", **figures}]
    )
    empty = [pd.DataFrame(columns=list(names)) for names in (WAITS, SETTLED, TIMINGS)]
    return Comparison(runs, *empty)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_comparison_in_which_all_failed_lists_the_reasons_as_text(lang: Language) -> None:
    page = spoilt().report(lang)
    assert "ValueError: &lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert ("failed" if lang == "en" else "失败") in page
    assert page.count('class="chart"') == 1  # the ranking, with nothing to draw


def test_runs_with_a_shortfall_are_marked() -> None:
    page = spoilt(status="infeasible", reason="", shortfall=2_500_000.0, objective=1.0, transition_fees=1.0).report()
    assert "2.50" in page
    assert "is in order in no future tried besides the plan (1)" in page


def test_it_shows_itself_in_a_notebook() -> None:
    page = compared()._repr_html_()
    assert "policies" in page
    assert "first-come" in page
    assert "<table" in page
    assert not re.search(r">\d{7,}", page)
    assert "<script>" not in spoilt()._repr_html_()
