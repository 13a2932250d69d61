"""The dictionary: every key says all of itself, and one that is added is everywhere at once."""

import importlib.util
import pickle
import re
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel

from renewopt.errors import ScenarioError
from renewopt.results.reporting.assumptions import sections
from renewopt.scenario import load
from renewopt.scenario.contents import TableFile
from renewopt.scenario.dictionary import keys, reach
from renewopt.scenario.faults import translate
from renewopt.scenario.fields import Id, Money, Month, Months, Section, Share, key
from renewopt.scenario.meanings import UNITS, Meaning
from renewopt.scenario.models import Scenario
from renewopt.scenario.reading import read_text
from renewopt.scenario.schema import json_schema
from renewopt.scenario.workbook.layout import layout
from renewopt.wording import told

CHINESE = re.compile("[一-鿿]")
KINDS = {
    "[table](#tables)", "any", "count", "id", "money", "month", "months", "multiplier", "number", "rate", "share",
    "text", "yes/no",
}  # fmt: skip


@pytest.mark.parametrize("model", [Scenario, TableFile])
def test_every_key_has_kinds_and_words_in_both_languages(model: type[BaseModel]) -> None:
    for path, found in reach(model):
        assert found.meaning or found.listed or found.nested, path
        assert CHINESE.search(found.header("zh")), path
        assert CHINESE.search(found.meaning.said("zh")), path
        assert found.unit in {"", *UNITS}
        for shape in found.shapes:
            singles = [shape, *shape.items, *(shape.pairs or ())]
            assert {each.kind.word for each in singles if each.kind} <= KINDS, path


def test_no_two_keys_of_a_section_are_called_alike() -> None:
    models = {Scenario} | {model for _, found in reach(Scenario) for model in (found.nested, found.listed) if model}
    for model in models:
        for lang in ("en", "zh"):
            headers = [found.header(lang) for found in keys(model).values()]
            assert len(set(headers)) == len(headers), (model, headers)


def test_a_unit_that_the_name_says_is_not_said_again() -> None:
    assert keys(Scenario)["months"].header("en") == "months"
    assert keys(Scenario)["months"].header("zh") == "规划月数"
    fund = keys(keys(Scenario)["funds"].listed or Scenario)
    assert fund["monthly_limit"].header("zh") == "每月限额（元）"
    assert fund["monthly_limit"].header("zh", unit=False) == "每月限额"


def test_a_meaning_survives_a_worker() -> None:
    meaning = keys(Scenario)["funds"].meaning
    again = pickle.loads(pickle.dumps(meaning))
    assert (again, again.said("zh"), again.of) == (meaning, meaning.said("zh"), meaning.of)


class Lift(Section):
    """A lift that somebody promised."""

    id: Id
    fund: Id = key(..., "fund that pays for it", "出资", "由哪项资金支付", refers="funds")
    cost: Money = key(..., "yuan for one lift", "电梯造价", "一部电梯多少元")
    share: Share = key(0, "share that households pay", "居民比例", "居民承担的比例")
    delay: Months = key(6, "months until it runs", "等待", "多少个月后运行")
    kind: Literal["loan", "bond"] = key("loan", "how it is paid", "付款", "如何支付")
    by_month: dict[Month, Money] = key({}, "yuan in single months", "按月", "某月的金额")


class WithLifts(Scenario):
    """A scenario with a section that renewopt does not know."""

    lifts: list[Lift] = key([], "lifts that were promised", "加装电梯", "承诺加装的电梯", one="lift")


def test_an_invented_section_is_in_the_schema() -> None:
    schema = json_schema(WithLifts)
    assert schema["properties"]["lifts"]["description"] == "lifts that were promised"
    assert schema["$defs"]["Lift"]["properties"]["cost"]["description"] == "yuan for one lift"
    assert schema["$defs"]["Lift"]["required"] == ["id", "fund", "cost"]


def test_an_invented_section_is_on_the_page(repository: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_reference", repository / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = script.page(WithLifts)
    assert "| `lifts` | list of [Lift](#lift) |  | lifts that were promised |" in page
    assert "| `delay` | months | `6` | months until it runs |" in page
    assert "| `kind` | `loan` · `bond` | `loan` | how it is paid |" in page


def test_an_invented_section_is_a_sheet() -> None:
    sheet = layout(WithLifts)["lifts"]
    assert (sheet.title, sheet.words.said("zh")) == ("加装电梯", "承诺加装的电梯")
    assert [column.said("zh") for column in sheet.columns] == [
        "编号", "出资", "电梯造价（元）", "居民比例", "等待（月）", "付款",
    ]  # fmt: skip
    assert [column.kinds for column in sheet.columns] == [
        ("id",), ("id",), ("money",), ("share",), ("months",), ("choice",),
    ]  # fmt: skip
    assert sheet.columns[1].refers == "funds"
    months = layout(WithLifts)["lift_by_month"]
    assert (months.title, months.by_month) == ("加装电梯按月", True)
    assert months.parent is not None
    assert [column.said("zh") for column in (months.parent, *months.columns)] == ["加装电梯", "月份", "金额（元）"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "fund B · cost (yuan) 30,000 · share 20 %"), ("zh", "出资 B · 电梯造价（元） 30,000 · 居民比例 20 %")],
)
def test_an_invented_section_is_in_the_report(lang: Literal["en", "zh"], said: str) -> None:
    item = {"fund": "B", "cost": "30000", "share": "0.2", "delay": 6, "kind": "loan"}
    (found,) = sections({"lifts": {"L": item}}, lang, WithLifts)
    assert found.title == {"en": "Lifts", "zh": "加装电梯"}[lang]
    ((label, pairs),) = found.items
    assert label == "L"
    assert " · ".join(f"{name} {value}" for name, value in pairs) == said


def test_an_invented_key_that_is_missing_is_explained_in_both_languages() -> None:
    root = read_text("lifts: [{id: L, fund: B}]", "a.yaml")
    error = {"type": "missing", "loc": ("lifts", 0, "cost"), "msg": "", "input": None}
    findings = translate([error], root, WithLifts)  # type: ignore[list-item]
    assert "add it: yuan for one lift" in str(findings[0])
    assert "请补上：一部电梯多少元" in told(ScenarioError(findings), "zh")


def test_references_are_those_that_keys_state(tmp_path: Path) -> None:
    # One reference of each key that refers, to something that is not there: each is told at its own place.
    from renewopt.scenario.references import REFERENCES

    assert len(REFERENCES) >= 27
    assert {section for _, section in REFERENCES} <= set(keys(Scenario))
    text = (
        "name: n\nstart: 2024-01\nmonths: 12\nprojects: [{id: P, moved_out: 2020-01}]\n"
        "fee_policies: [{id: F, rate: 10, term: 24, paid_by: {developer: X1, into: X2}}]\n"
        "households: [{id: H, project: P, area: 80}]\ncash: [{id: C, price: 1, projects: [X3]}]\n"
        "vouchers: [{id: V, price: 1, developers: [{developer: X4}]}]\nfunds: [{id: B, opening: 100, estates: [X5]}]\n"
        "futures: [{id: A, take_up: [{vouchers: [X6], share: 0.5}]}]\n"
    )
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        load(tmp_path / "a.yaml")
    for number in range(1, 7):
        assert f"'X{number}'" in str(raised.value)


def test_a_meaning_is_its_english() -> None:
    assert Meaning("yuan {a}", "元", "元 {a}") == "yuan {a}"
    assert Meaning("yuan {a}", "元", "元 {a}").said("zh") == "元 {a}"
