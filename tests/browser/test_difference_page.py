"""The page of a difference in a real browser: it draws, says nothing, asks for nothing, fits and prints."""

import re
from pathlib import Path

import pytest
from tests.browser.chromium import MARKS, Browser
from tests.test_snippets import fenced, laid_over

import renewopt
from renewopt.charts.labels import LANGUAGES, Language

pytestmark = pytest.mark.xdist_group("browser")

CHARTS = ("fees", "cost", "people", "phases", "money")


@pytest.fixture(scope="module")
def pages(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    folder = tmp_path_factory.mktemp("difference")
    base = folder / "minimal.yaml"
    base.write_bytes((repository / "scenarios" / "minimal.yaml").read_bytes())
    scenario = laid_over(base, fenced(repository / "docs" / "diff.md", "yaml")[0])
    found = renewopt.diff(*(renewopt.plan(scenario, variant=variant, gap=0) for variant in (None, "slow")))
    return {lang: found.write(folder / lang, lang=lang) / "report.html" for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_is_drawn_in_silence_and_offline(
    browser: Browser, pages: dict[Language, Path], lang: Language
) -> None:
    browser.open(pages[lang])
    assert browser.told() == []
    assert browser.requested() == [pages[lang].resolve().as_uri()]
    marks = browser.run(MARKS)
    assert set(marks) == set(CHARTS)
    assert all(count > 0 for count in marks.values()), marks


def test_the_waterfall_ends_where_the_total_does(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["en"])
    script = (
        "return Array.from(document.querySelectorAll('[data-chart=\"{}\"] .bartext')).map(text => text.textContent)"
    )
    assert browser.run(script.format("fees")) == ["+1.20", "+7.60", "+8.80"]
    assert browser.run(script.format("cost")) == ["+8.80", "+300.00", "+308.80"]


def test_words_in_the_charts_are_of_the_language(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["zh"])
    drawn = browser.run("return Array.from(document.querySelectorAll('.plot text')).map(text => text.textContent)")
    ours = {"North", "South", "Meadow-1", "budget", "bond", "slow", "base"}
    assert {text.strip() for text in drawn if re.search("[A-Za-z]", text)} - ours == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [400, 1400])
def test_it_fits_the_window(browser: Browser, pages: dict[Language, Path], lang: Language, width: int) -> None:
    browser.open(pages[lang], width=width)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    rights = browser.run(
        "return Array.from(document.querySelectorAll('.plot .main-svg')).map(svg => svg.getBoundingClientRect().right)"
    )
    assert max(rights) <= width


def test_it_prints_on_a4(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["zh"])
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", browser.pdf())
    assert 2 <= len(boxes) <= 6
    assert all(tuple(map(float, box)) == pytest.approx((595.3, 841.9), abs=1.5) for box in boxes)
