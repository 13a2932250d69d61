"""The page of prices in a real browser: it draws, says nothing, asks for nothing, fits and prints."""

import re
from pathlib import Path

import pytest
from tests.browser.chromium import MARKS, Browser

import renewopt
from renewopt.charts.labels import LANGUAGES, Language

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def pages(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    folder = tmp_path_factory.mktemp("prices")
    found = renewopt.prices(renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0), whole=2)
    return {lang: found.write(folder / lang, lang=lang) / "report.html" for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chart_is_drawn_in_silence_and_offline(
    browser: Browser, pages: dict[Language, Path], lang: Language
) -> None:
    browser.open(pages[lang])
    assert browser.told() == []
    assert browser.requested() == [pages[lang].resolve().as_uri()]
    marks = browser.run(MARKS)
    assert set(marks) == {"saved"}
    assert marks["saved"] > 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [400, 1400])
def test_it_fits_the_window(browser: Browser, pages: dict[Language, Path], lang: Language, width: int) -> None:
    browser.open(pages[lang], width=width)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    right = browser.run("return document.querySelector('.plot .main-svg').getBoundingClientRect().right")
    assert right <= width


def test_it_prints_on_a4(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["zh"])
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", browser.pdf())
    assert 1 <= len(boxes) <= 4
