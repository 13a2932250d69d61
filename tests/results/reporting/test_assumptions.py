"""Assumptions in words: each key by the section it stands in, and only what is not as usual."""

import re
from pathlib import Path

import pytest

from renewopt import load
from renewopt.results.reporting.assumptions import ITEMS_SHOWN, sections
from renewopt.results.stated import state
from renewopt.wording import LANGUAGES, Language


def told(section: str, item: dict[str, object], lang: Language = "en") -> str:
    found = sections({section: {"X": item}}, lang)
    ((_, keys),) = found[0].items
    return " · ".join(f"{key} {value}" for key, value in keys)


@pytest.mark.parametrize(
    ("section", "item", "english", "chinese"),
    [
        (
            "fee_policies",
            {"rate": "10", "tail": 3},
            "rate (yuan a month) 10 · tail (months) 3",
            "费率（元/月） 10 · 装修过渡（月） 3",
        ),
        (
            "fee_policies",
            {"rate": [{"yuan": "8"}, {"from": "2025-01", "yuan": "10"}], "term": {"low_rise": 24}},
            (
                "rate (yuan a month) rate (yuan a month) 8; from 2025-01, rate (yuan a month) 10"
                " · term (months) low_rise: 24"
            ),
            "费率（元/月） 费率（元/月） 8；起始月份 2025-01，费率（元/月） 10 · 约定过渡期（月） low_rise: 24",
        ),
        (
            "vouchers",
            {"price": "5500", "area_below": "60"},
            "price (yuan/m²) 5,500 · area below (m²) 60",
            "单价（元/㎡） 5,500 · 面积小于（㎡） 60",
        ),
        (
            "estates",
            {"units": [{"type": "A", "price": "300000"}]},
            "units type A, price (yuan) 300,000",
            "户型房源 户型 A，购房单价（元） 300,000",
        ),
        ("estates", {"release": True}, "release yes", "释放房源 是"),
        (
            "funds",
            {"release": {"estates": ["E", "F"], "total": None, "upfront": "0"}},
            "release estates E; F",
            "按进度拨付 小区 E；F",
        ),
        (
            "funds",
            {"borrow": {"limit": "600000000", "rate": "0.03", "term": 24, "revolving": False, "label": "bond"}},
            "borrow limit (yuan) 600,000,000, interest a year 3 %, term (months) 24, label bond",
            "借款 上限（元） 600,000,000，年利率 3 %，期限（月） 24，称谓 债券",
        ),
        (
            "opening_loans",
            {"amount": "5", "rate": "0.05", "months_left": 3},
            "amount (yuan) 5 · interest a year 5 % · months left 3",
            "未还余额（元） 5 · 年利率 5 % · 剩余月数 3",
        ),
        (
            "phases",
            {"estate": "E1", "cost": "1", "progress": "0.8"},
            "estate E1 · cost (yuan) 1 · progress 80 %",
            "安置小区 E1 · 总造价（元） 1 · 进度 80 %",
        ),
        ("phases", {"delivers": {"60": "48", "90": "75.5"}}, "delivers 60: 48, 90: 75.5", "交付 60: 48，90: 75.5"),
        (
            "funds",
            {"projects": ["P1", "P2"], "uses": ["fees", "cash"]},
            "projects P1; P2 · uses fees; cash",
            "适用项目 P1；P2 · 用途 过渡费；货币补偿",
        ),
        (
            "fee_policies",
            {"overdue": [{"after": 0, "multiplier": "1.5"}, {"after": 12, "multiplier": "2"}]},
            "overdue ×1.5 from overdue month 1; ×2 from overdue month 13",
            "超期倍数 超期第 1 个月起 ×1.5；超期第 13 个月起 ×2",
        ),
        (
            "cash",
            {"instalments": [{"after": 0, "share": "0.3"}, {"after": 6, "share": "0.7"}]},
            "instalments 30 % at once; 70 % after 6 months",
            "分期 当即 30 %；6 个月后 70 %",
        ),
        (
            "objective",
            {"minimise": "fiscal_cost", "discount_rate": "0.03"},
            "minimise fiscal cost · discount rate a year 3 %",
            "目标 财政支出 · 年折现率 3 %",
        ),
        ("projects", {"later_key": "0.5"}, "later_key 0.5", "later_key 0.5"),
        ("later_section", {"later_key": "0.5"}, "later_key 0.5", "later_key 0.5"),
    ],
)
def test_a_key_means_what_it_means_in_its_section(
    section: str, item: dict[str, object], english: str, chinese: str
) -> None:
    assert told(section, item) == english
    assert told(section, item, "zh") == chinese


def test_what_is_as_usual_is_left_out(repository: Path) -> None:
    usual = {
        "turnover": [{"after": 0, "multiplier": "1"}],
        "frequency": "monthly",
        "tail": 0,
        "tail_multiplier": "in_force",
        "paid_by": "government",
        "overdue": [],
        "moving_fee": None,
        "household_minimum": None,
        "basis": "area",
    }
    assert told("fee_policies", {"rate": "10", **usual}) == "rate (yuan a month) 10"
    assert sections({"objective": {"": {"minimise": "transition_fees", "offset_value": "1.0"}}}, "en") == []
    # What nobody states in the smallest scenario is not told of it: the rest stands in its file, key by key.
    text = (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    said = {
        key
        for section in sections(state(load(repository / "scenarios" / "minimal.yaml")), "en")
        for _, keys in section.items
        for key, _ in keys
    }
    stated = {word.replace("_", " ") for word in re.findall(r"^[ -]*(\w+):", text, re.MULTILINE)}
    assert {re.sub(r" \(.*\)", "", key) for key in said} - {"households", "rows", "estate"} <= stated


def test_many_months_are_put_together() -> None:
    by_month = {f"2024-{n:02d}": "1000000" for n in range(1, 13)}
    said = told("commitments", {"by_month": by_month})
    assert said == "by month 12 months, 2024-01 to 2024-12, 12,000,000.00 in all"


def test_many_items_are_counted() -> None:
    (found,) = sections({"projects": {f"P{n}": {"weight": "2"} for n in range(100)}}, "en")
    assert (len(found.items), found.more) == (ITEMS_SHOWN, 100 - ITEMS_SHOWN)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scenario", ["district/district.yaml", "uncertain.yaml", "minimal.yaml"])
def test_every_key_of_the_shipped_scenarios_has_a_word(repository: Path, scenario: str, lang: Language) -> None:
    stated = state(load(repository / "scenarios" / scenario))
    for section in sections(stated, lang):
        assert re.search("[一-鿿]" if lang == "zh" else "^[A-Z]", section.title), section.title
        for _, keys in section.items:
            for key, _ in keys:
                assert re.search("[一-鿿]" if lang == "zh" else "[a-z]", key), key
                assert "_" not in key


def test_items_alike_are_a_table_and_what_few_state_stands_besides() -> None:
    funds = {
        "F": {"opening": "5", "uses": ["fees"]},
        "G": {"opening": "7", "uses": ["voucher"], "projects": ["P"]},
        "H": {"opening": "9"},
    }
    (section,) = sections({"funds": funds}, "en")
    opening, uses = section.columns
    assert section.rows() == [
        ("F", ["5", "fees"], []),
        ("G", ["7", "voucher"], [("projects", "P")]),
        ("H", ["9", ""], []),
    ]
    assert (opening.split(" ")[0], uses) == ("opening", "uses")
    (single,) = sections({"funds": {"F": funds["F"]}}, "en")
    assert single.columns == ()
