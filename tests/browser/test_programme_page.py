"""The programme in the report, in a real browser: four panels over the same months, on the screen and on paper."""

from pathlib import Path

import pytest
from tests.browser.chromium import MARKS, Browser
from tests.results.programmes import MAY, planned
from tests.scheduling.scenarios import programme

from renewopt.charts.labels import LANGUAGES, Language

pytestmark = pytest.mark.xdist_group("browser")

PANELS = """
const drawn = document.querySelector("#chart-programme .plot")._fullLayout;
return ["xaxis", "xaxis2", "xaxis3", "xaxis4"].map(name => {
  const axis = drawn[name];
  return [Math.round(axis._offset), Math.round(axis._length), ...axis.range.map(month => month.slice(0, 7))];
});
"""
PAPER = 695
"""Pixels of a page of A4 less its margins."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    """New starts, Lane and what waits for it do not."""
    plan = planned(programme(**MAY), {"New": 2})
    folder = tmp_path_factory.mktemp("programme")
    for lang in LANGUAGES:
        (folder / f"{lang}.html").write_text(plan.report(lang), "utf-8")
    return {lang: folder / f"{lang}.html" for lang in LANGUAGES}


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_panels_have_one_axis(browser: Browser, pages: dict[Language, Path], lang: Language, width: int) -> None:
    browser.open(pages[lang], width=width)
    assert browser.told() == []
    assert browser.run(MARKS)["programme"] > 0
    panels = browser.run(PANELS)
    assert panels == panels[:1] * 4
    assert panels[0][2:] == ["2024-01", "2025-01"]
    assert panels[0][1] > width / 3
    assert browser.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_not_started_is_a_row(browser: Browser, pages: dict[Language, Path], lang: Language) -> None:
    browser.open(pages[lang])
    rows = browser.run("return Array.from(document.querySelectorAll('#left-out tbody th')).map(row => row.textContent)")
    assert rows == ["Lane", "Pipe"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_fits_on_paper_however_many_years_there_are(
    browser: Browser, pages: dict[Language, Path], lang: Language
) -> None:
    browser.open(pages[lang], width=PAPER)
    browser.run(
        """
        const rows = Array.from(document.querySelectorAll("#money > .table tr"));
        for (const row of rows) {
          for (let more = row.children.length; more < 15; more += 1) row.append(row.children[1].cloneNode(true));
          for (const cell of Array.from(row.children).slice(1)) cell.textContent = "12,345.67";
        }
        """
    )
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.run("return document.documentElement.scrollWidth") <= PAPER
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
