"""The report of a comparison in a real browser."""

import re
from pathlib import Path

import pytest
from tests.browser.chromium import MARKS, Browser

import renewopt
from renewopt.charts.labels import LANGUAGES, Language

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def pages(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    scenario = repository / "scenarios" / "uncertain.yaml"
    policies = ["first-come", "finish-nearest"]
    found = renewopt.compare(scenario, policies=policies, seeds=3, optimising_seeds=1, perfect=False)
    # A bound, so that regret is drawn; to prove one takes a while.
    runs = found.runs.assign(bound=500_000.0)
    runs = runs.assign(regret=(runs["objective"] - runs["bound"]).where(runs["clean"]))
    tables = (found.waits, found.settled, found.timings)
    found = renewopt.Comparison(runs, *tables, drawn=found.drawn, stated=found.stated)
    folder = tmp_path_factory.mktemp("compared")
    return {lang: found.write(folder / lang, lang=lang) / "report.html" for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.slow
def test_every_chart_is_drawn_in_silence_and_offline(
    browser: Browser, pages: dict[Language, Path], lang: Language
) -> None:
    browser.open(pages[lang])
    assert browser.told() == []
    assert browser.requested() == [pages[lang].resolve().as_uri()]
    marks = browser.run(MARKS)
    shown = {"scatter", "waits", "regret", *(f"{name}-{n}" for name in ("ranking", "settled") for n in range(4))}
    assert set(marks) == shown
    assert all(count > 0 for count in marks.values()), marks


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.slow
def test_it_fits_the_window(browser: Browser, pages: dict[Language, Path], lang: Language, width: int) -> None:
    browser.open(pages[lang], width=width)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    rights = browser.run(
        "return Array.from(document.querySelectorAll('.plot .main-svg')).map(svg => svg.getBoundingClientRect().right)"
    )
    assert max(rights) <= width
    # Legends have the room that they need.
    assert browser.run("return document.querySelectorAll('.legend .scrollbar[height]:not([height=\"0\"])').length") == 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.slow
def test_it_begins_with_what_it_says_and_futures_are_on_one_scale(
    browser: Browser, pages: dict[Language, Path], lang: Language, width: int
) -> None:
    browser.open(pages[lang], width=width)
    first = browser.run("return document.querySelector('main section li').innerText")
    assert first.startswith({"en": "finish-nearest is in order in ", "zh": "在按计划的情形之外试算的"}[lang])
    shown = browser.run("return document.querySelector('main section').innerText")
    assert ("Instead: " if lang == "en" else "可改用") in shown
    breaks = browser.run("return document.getElementById('breaks').innerText")
    assert "20" in breaks
    ranges = browser.run(
        "return ['ranking-0', 'ranking-1', 'ranking-2', 'ranking-3'].map("
        "name => document.querySelector(`[data-chart='${name}'] .js-plotly-plot, [data-chart='${name}']`)"
        "._fullLayout.xaxis.range.join(' '))"
    )
    assert len(set(ranges)) == 1


def test_it_prints_on_a4(browser: Browser, pages: dict[Language, Path]) -> None:
    browser.open(pages["zh"])
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", browser.pdf())
    assert 5 <= len(boxes) <= 16
    assert all(tuple(map(float, box)) == pytest.approx((595.3, 841.9), abs=1.5) for box in boxes)
