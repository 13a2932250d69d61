"""Figures of docs/district.md and docs/zh.md are those of plans, and all of them have names."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from tests.conftest import full_count
from tests.waiting import UNHURRIED

import renewopt


@pytest.fixture(scope="module")
def script(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_district", repository / "docs" / "make_district.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_figures_are_written_where_they_are_named(script: ModuleType) -> None:
    found = {"fees": "118.9", "saved": "82.2"}
    assert script.page("**1.0<!--fees-->** and 0.10<!--yi.saved-->, 3", found) == (
        "**118.9<!--fees-->** and 0.82<!--yi.saved-->, 3"
    )
    with pytest.raises(KeyError, match="unheard"):
        script.page("1<!--unheard-->", found)


@pytest.mark.slow
def test_the_first_month_is_that_of_the_stock_taking(script: ModuleType, repository: Path) -> None:
    plan = renewopt.plan(repository / "scenarios" / "district" / "district.yaml", policy="voucher-first")
    plan = replace(plan, gap=0.0)
    found = script.figures(plan, plan)
    assert found["first_month"] == "6.41"
    assert found["waiting.accrued"] == "192.0"
    # Every figure that a page names is one.
    for page in script.PAGES:
        script.page(page.read_text(encoding="utf-8"), found)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.xdist_group("planned district")
@pytest.mark.parametrize(("variant", "before"), [(None, ""), ("compliant", "compliant.")][: full_count(1, 2)])
def test_the_pages_are_up_to_date(
    script: ModuleType, repository: Path, variant: str | None, before: str, request: pytest.FixtureRequest
) -> None:
    if variant is None:
        plan = request.getfixturevalue("planned_district")
    else:
        path = repository / "scenarios" / "district" / "district.yaml"
        plan = renewopt.plan(path, variant=variant, gap=0.01, time_limit=UNHURRIED)
    found = script.figures_of(plan, before)
    told = [match for page in script.PAGES for match in script.FIGURE.findall(page.read_text(encoding="utf-8"))]
    wrong = [
        (name, text, found[name.removeprefix("yi.")])
        for text, name in told
        if name.removeprefix("yi.") in found and script.written(name, found) != text
    ]
    assert wrong == [], "run: python docs/make_district.py"
