"""A family's page in a real browser: silent, offline, and one sheet of A4."""

import re
from pathlib import Path

import pytest
from tests.browser.chromium import Browser

import renewopt
from renewopt.charts.labels import LANGUAGES, Language

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_one_sheet(browser: Browser, repository: Path, tmp_path: Path, lang: Language) -> None:
    plan = renewopt.plan(repository / "scenarios" / "rules" / "zhejiang.yaml", gap=0.2)
    household = plan.claims["household"].iloc[0]
    page = tmp_path / "family.html"
    page.write_text(plan.explain(household, top=6).page(lang), "utf-8")
    browser.open(page)
    assert browser.told() == []
    assert browser.requested() == [page.resolve().as_uri()]
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", browser.pdf())
    assert [tuple(map(float, box)) for box in boxes] == [pytest.approx((595.3, 841.9), abs=1.5)]
    assert household in browser.run("return document.body.innerText")
