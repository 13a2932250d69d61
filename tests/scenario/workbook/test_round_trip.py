"""A scenario written as a workbook and read back is the same scenario, whatever its keys."""

from __future__ import annotations

import pickle
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.problem.conftest import base_scenario, rule_snippet, snippet

from renewopt import Scenario, load, write_workbook
from renewopt.errors import ScenarioError
from renewopt.problem import compile_problem
from renewopt.scenario.models import ObjectiveChoice
from renewopt.scenario.nodes import Mark, from_plain, plain
from renewopt.scenario.workbook.reading import read_book
from renewopt.scenario.workbook.writing import write_book
from renewopt.wording import LANGUAGES, Language

from .sections import SECTIONS, names, objectives, parameters, sections

SHAPES = (
    *range(1, 23),
    "Ground floor for the elderly",
    "Limits by span of months",
    "Carry-over and validity",
    "Quotes",
    "Fee curves",
)
"""Sections of docs/rules.md."""
often = settings(suppress_health_check=list(HealthCheck), max_examples=full_count(4, 300), deadline=None)
languages = st.sampled_from(LANGUAGES)


def back(stated: dict[str, Any], folder: Path, lang: Language) -> dict[str, Any]:
    """What is read of a workbook that was written from sections, whether or not they make a scenario."""
    root = from_plain(stated, Mark("<python>", None))
    book = read_book(write_book(root, {}, lang), "book.xlsx")  # type: ignore[arg-type]
    told = [str(finding) for finding in book.findings if " is missing" not in str(finding)]
    lacking = ("there is no sheet", "has no rows", "there is no row", "the cell is empty")
    assert [text for text in told if not any(word in text for word in lacking)] == []
    return plain(book.root)  # type: ignore[no-any-return]


def inflow(fund: Any) -> Any:
    """Inflow of a fund as steady rows and single months, however they were grouped."""
    stated = fund.inflow if isinstance(fund.inflow, list) else [fund.inflow]
    steady = [(each.monthly, each.since, each.until) for each in stated if each.monthly is not None]
    single = sorted((month.ordinal, amount) for each in stated for month, amount in each.by_month.items())
    return steady, single


def meaning(name: str, items: Any) -> list[Any]:
    made = [SECTIONS[name].model_validate(item) for item in items]
    if name == "funds":
        return [(fund.model_dump(exclude={"inflow"}), inflow(fund)) for fund in made]
    return [item.model_dump() for item in made]


@pytest.fixture
def minimal(repository: Path) -> Path:
    return repository / "scenarios" / "minimal.yaml"


@pytest.mark.parametrize("name", SECTIONS)
@often
@given(data=st.data(), lang=languages)
@pytest.mark.slow
def test_every_key_of_a_section_comes_back(name: str, data: st.DataObject, lang: Language, tmp_path: Path) -> None:
    stated = data.draw(sections(name))
    assert meaning(name, back({name: stated}, tmp_path, lang)[name]) == meaning(name, stated)


@often
@given(stated=objectives(), lang=languages)
def test_every_key_of_the_objective_comes_back(stated: dict[str, Any], lang: Language, tmp_path: Path) -> None:
    found = back({"objective": stated}, tmp_path, lang).get("objective", {})
    assert ObjectiveChoice.model_validate(found).model_dump() == ObjectiveChoice.model_validate(stated).model_dump()


@often
@given(st.dictionaries(names, st.dictionaries(names, parameters, max_size=3), max_size=3), languages)
def test_whatever_a_variant_states_comes_back(tmp_path: Path, stated: dict[str, Any], lang: Language) -> None:
    assert back({"variants": stated}, tmp_path, lang).get("variants", {}) == stated


def same(one: Scenario, other: Scenario) -> None:
    assert other.model_dump() == one.model_dump()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "lang"),
    [("minimal.yaml", "en"), ("minimal.yaml", "zh"), ("uncertain.yaml", "en"), ("district/district.yaml", "zh")],
)
def test_what_ships_comes_back_with_all_its_variants(
    repository: Path, tmp_path: Path, name: str, lang: Language
) -> None:
    source = repository / "scenarios" / name
    path = write_workbook(source, tmp_path / "book.xlsx", lang=lang)
    stated = load(source)
    for variant in (None, *stated.variants):
        same(load(source, variant=variant), load(path, variant=variant))
    assert load(path).variants == stated.variants


@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("number", "rule"), list(enumerate(SHAPES)))
def test_every_rule_shape_comes_back(tmp_path: Path, number: int, rule: int | str, turn: int) -> None:
    change = rule_snippet(rule) if isinstance(rule, int) else snippet(rule)
    source = tmp_path / "rules.yaml"
    variants = "variants:\n  rule:\n" + textwrap.indent(textwrap.dedent(change), "    ")
    source.write_text(base_scenario() + variants, encoding="utf-8")
    stated = load(source, variant="rule")
    # Laid over in the workbook by its sheet `more`, and merged beforehand into the other sheets: each in a language.
    one, other = LANGUAGES[:: 1 if (number + turn) % 2 else -1]
    same(stated, load(write_workbook(source, tmp_path / "laid-over.xlsx", lang=one), variant="rule"))
    merged = load(write_workbook(stated, tmp_path / "merged.xlsx", lang=other))
    assert pickle.dumps(compile_problem(merged)) == pickle.dumps(compile_problem(stated))


def test_a_variant_changes_rows_of_a_sheet_by_id(minimal: Path, tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    variant = "variants:\n  more:\n    households:\n      - id: N1\n        area: 120\n      - !remove S2\n"
    source.write_text(minimal.read_text("utf-8") + variant, "utf-8")
    path = write_workbook(source, tmp_path / "a.xlsx", lang="zh")
    changed = load(path, variant="more")
    assert dict(zip(changed.households["id"], changed.households["area"], strict=True)) == {
        "N1": 120, "N2": 80, "N3": 120, "S1": 90
    }  # fmt: skip
    same(load(source), load(path))


def test_a_variant_that_replaces_a_file_of_rows_is_refused(minimal: Path, tmp_path: Path) -> None:
    source, rows = tmp_path / "a.yaml", "id,project,area\nN1,North,100\nS1,South,90\n"
    (tmp_path / "h.csv").write_text(rows, "utf-8")
    (tmp_path / "i.csv").write_text(rows.replace("100", "70"), "utf-8")
    text = minimal.read_text("utf-8")
    start, end = text.index("households:"), text.index("estates:")
    base = text[:start] + "households: {file: h.csv}\n" + text[end:]
    source.write_text(base + "variants:\n  v:\n    households:\n      - {id: N1, project: North, area: 1}\n", "utf-8")
    with pytest.raises(ScenarioError, match="replaces the file of households"):
        write_workbook(source, tmp_path / "a.xlsx")
    assert not list(tmp_path.glob("*.xlsx"))
    source.write_text(base + "variants:\n  v:\n    households: {file: i.csv}\n", "utf-8")
    path = write_workbook(source, tmp_path / "elsewhere" / "a.xlsx")
    (tmp_path / "elsewhere").rename(tmp_path / "beside")
    same(load(source, variant="v"), load(tmp_path / "beside" / path.name, variant="v"))


def test_a_table_longer_than_a_sheet_is_refused_in_words(
    minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("renewopt.scenario.workbook.converting.LAST_ROW", 4)
    with pytest.raises(ScenarioError, match="5 rows are more than the 4 that a sheet holds"):
        write_workbook(minimal, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_scenario_built_in_python_becomes_a_workbook(tmp_path: Path) -> None:
    scenario = Scenario.from_tables(
        name="built", start="2024-01", months=6,
        projects=[{"id": "P", "moved_out": "2023-01"}],
        households=pd.DataFrame({"id": ["001", "2"], "project": ["P", "P"], "area": [80.5, 6], "routes": ["cash", ""]}),
        fee_policies=[{"id": "f", "rate": 10, "term": 12}],
        cash=[{"id": "c", "price": "5000"}],
        funds=[{"id": "b", "opening": "1亿元"}],
    )  # fmt: skip
    again = load(write_workbook(scenario, tmp_path / "a.xlsx", lang="zh"))
    assert again.households.equals(scenario.households)
    same(scenario, again)


def test_a_plan_is_the_same_from_either(minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import renewopt

    path = write_workbook(minimal, tmp_path / "minimal.xlsx", lang="zh")
    plan = renewopt.plan(path, gap=0)
    assert plan.objective == 18_700
    assert plan.allocation.equals(renewopt.plan(minimal, gap=0).allocation)
    assert renewopt.audit(load(path), plan) == []
