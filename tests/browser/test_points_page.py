"""The pages of sweeps, frontiers and alternatives in a real browser: they draw, say nothing, fit and print."""

import re
from pathlib import Path

import pytest
from tests.browser.chromium import MARKS, Browser
from tests.test_snippets import fenced, laid_over

import renewopt
from renewopt.charts.labels import LANGUAGES, Language

pytestmark = pytest.mark.xdist_group("browser")

CHARTS = {
    "sweep": {"objective", "months", "phases"},
    "frontier": {"frontier", "months", "phases"},
    "alternatives": {"routes", "phases"},
}
KINDS = tuple(CHARTS)


@pytest.fixture(scope="module")
def pages(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, Language], Path]:
    folder = tmp_path_factory.mktemp("points")
    swept = renewopt.sweep(
        repository / "scenarios" / "minimal.yaml", {"funds.bond.inflow.monthly": "10万元..30万元"}, points=5, gap=0
    )
    base = folder / "uncertain.yaml"
    base.write_bytes((repository / "scenarios" / "uncertain.yaml").read_bytes())
    scenario = laid_over(base, fenced(repository / "docs" / "frontier.md", "yaml")[0])
    traced = renewopt.frontier(scenario, variant="owed", points=3, gap=0.02)
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    found = {"sweep": swept, "frontier": traced, "alternatives": renewopt.alternatives(plan, within=0.4, gap=0)}
    return {
        (kind, lang): made.write(folder / f"{kind}-{lang}", lang=lang) / "report.html"
        for kind, made in found.items()
        for lang in LANGUAGES
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_is_drawn_in_silence_and_offline(
    browser: Browser, pages: dict[tuple[str, Language], Path], kind: str, lang: Language
) -> None:
    page = pages[kind, lang]
    browser.open(page)
    assert browser.told() == []
    assert browser.requested() == [page.resolve().as_uri()]
    marks = browser.run(MARKS)
    assert set(marks) == CHARTS[kind]
    assert all(count > 0 for count in marks.values()), marks


@pytest.mark.slow
def test_a_point_is_drawn_for_each_value(browser: Browser, pages: dict[tuple[str, Language], Path]) -> None:
    browser.open(pages["sweep", "en"])
    script = "return document.querySelectorAll('[data-chart=\"{}\"] .scatterlayer .point').length"
    assert browser.run(script.format("objective")) == 5
    assert browser.run(script.format("phases")) == 5
    # Two points are clear within the horizon, and all are housed in both.
    assert browser.run(script.format("months")) == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_words_in_the_charts_are_of_the_language(
    browser: Browser, pages: dict[tuple[str, Language], Path], kind: str
) -> None:
    browser.open(pages[kind, "zh"])
    drawn = browser.run("return Array.from(document.querySelectorAll('.plot text')).map(text => text.textContent)")
    ours = {"Meadow-1", "Riverside-1", "Millbank-1", "funds.bond.inflow.monthly (万元)"}
    assert {text.strip() for text in drawn if re.search("[A-Za-z]", text)} - ours == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.slow
def test_it_fits_the_window(browser: Browser, pages: dict[tuple[str, Language], Path], kind: str, width: int) -> None:
    browser.open(pages[kind, "en"], width=width)
    assert browser.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", KINDS)
def test_it_prints(browser: Browser, pages: dict[tuple[str, Language], Path], kind: str) -> None:
    browser.open(pages[kind, "en"])
    assert browser.pdf().startswith(b"%PDF")
