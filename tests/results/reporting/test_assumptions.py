"""Assumptions in words."""

import re
from pathlib import Path

import pytest

from renewopt import load
from renewopt.charts.labels import LANGUAGES, Language
from renewopt.results.reporting.assumptions import ITEMS_SHOWN, sections
from renewopt.results.reporting.page import words_for
from renewopt.results.stated import state


def told(section: str, item: dict[str, object], lang: Language = "en") -> str:
    (found,) = sections({section: {"X": item}}, words_for(lang))
    ((_, keys),) = found.items
    return " · ".join(f"{key} {value}" for key, value in keys)


@pytest.mark.parametrize(
    ("item", "english", "chinese"),
    [
        ({"rate": "10", "tail": 3}, "rate 10 · months paid on 3", "标准 10 · 延付月数 3"),
        ({"progress": "0.8", "disutility": "0"}, "progress 80 %", "进度 80 %"),
        (
            {"borrow": {"limit": "600000000", "rate": "0.03", "revolving": False}},
            "borrowing limit (yuan) 600,000,000, rate 3 %, revolving no",
            "借款 额度（元） 600,000,000，标准 3 %，循环 否",
        ),
        ({"term": {"low_rise": 24}}, "agreed term low-rise 24", "约定期（月） 多层 24"),
        ({"delivers": {"60": "48", "90": "75.5"}}, "delivers 60: 48, 90: 75.5", "交付 60: 48，90: 75.5"),
        ({"projects": ["P1", "P2"], "uses": "all"}, "projects P1; P2 · uses all", "项目 P1；P2 · 用途 全部"),
        (
            {"overdue": [{"after": 0, "multiplier": "1.5"}, {"after": 12, "multiplier": "2"}]},
            "when overdue ×1.5 from overdue month 1; ×2 from overdue month 13",
            "超期倍数 超期第 1 个月起 ×1.5；超期第 13 个月起 ×2",
        ),
        (
            {"instalments": [{"after": 0, "share": "0.3"}, {"after": 6, "share": "0.7"}]},
            "instalments 30 % at once; 70 % after 6 months",
            "分期付款 当即 30 %；6 个月后 70 %",
        ),
        ({"turnover": None, "tags": [], "later_key": "0.5"}, "later_key 0.5", "later_key 0.5"),
    ],
)
def test_values_are_written_as_a_reader_would(item: dict[str, object], english: str, chinese: str) -> None:
    assert told("phases", item) == english
    assert told("phases", item, "zh") == chinese


def test_many_months_are_put_together() -> None:
    by_month = {f"2024-{n:02d}": "1000000" for n in range(1, 13)}
    assert told("funds", {"by_month": by_month}).endswith("12 months, 2024-01 to 2024-12, 12,000,000.00 in all")


def test_many_items_are_counted() -> None:
    (found,) = sections({"projects": {f"P{n}": {"weight": "1"} for n in range(100)}}, words_for("en"))
    assert (len(found.items), found.more) == (ITEMS_SHOWN, 100 - ITEMS_SHOWN)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scenario", ["district/district.yaml", "uncertain.yaml", "minimal.yaml"])
def test_every_key_of_the_shipped_scenarios_has_a_word(repository: Path, scenario: str, lang: Language) -> None:
    stated = state(load(repository / "scenarios" / scenario))
    for section in sections(stated, words_for(lang)):
        for _, keys in section.items:
            for key, _ in keys:
                assert re.search("[一-鿿×]" if lang == "zh" else "[a-z×]", key), key
                assert "_" not in key
