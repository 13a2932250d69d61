"""The posted roster in a real browser: silent, offline, as wide as the window, and A4 on paper."""

import re
from pathlib import Path

import pytest
from tests.browser.chromium import Browser
from tests.results.rosters.riverside import HOMES, WISHES, loaded, planned, write

import renewopt
from renewopt.charts.labels import LANGUAGES, Language

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    folder = write(tmp_path_factory.mktemp("roster"), homes=HOMES, wishes=WISHES)
    tables = {"homes": folder / "homes.csv", "wishes": folder / "wishes.csv"}
    roster = renewopt.roster(planned(folder), mode="lottery", seed=20240618, scenario=loaded(folder), **tables)
    return {lang: roster.write(folder / lang, lang=lang) / "roster.html" for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [400, 1400])
def test_the_page_is_silent_offline_and_fits(
    browser: Browser, pages: dict[Language, Path], lang: Language, width: int
) -> None:
    browser.open(pages[lang], width=width)
    assert browser.told() == []
    assert browser.requested() == [pages[lang].resolve().as_uri()]
    assert browser.run("return document.documentElement.scrollWidth <= window.innerWidth")
    assert browser.run("return document.querySelectorAll('tbody tr').length") == 5
    assert pages[lang].stat().st_size < 100_000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_prints_to_one_sheet(browser: Browser, pages: dict[Language, Path], lang: Language) -> None:
    browser.open(pages[lang])
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", browser.pdf())
    assert len(boxes) == 1
    assert tuple(map(float, boxes[0])) == pytest.approx((595.3, 841.9), abs=1.5)
