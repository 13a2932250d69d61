"""The report of a plan as text: what it says, what it never says, and that nothing in it can run or be sent."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from tests.results.made import random_plan

import renewopt
from renewopt import Plan
from renewopt.charts.labels import LANGUAGES, Language
from renewopt.results.record import Savings, Shortage

EVIL = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


@lru_cache(maxsize=1)
def minimal() -> Plan:
    return renewopt.plan(Path(__file__).resolve().parents[3] / "scenarios" / "minimal.yaml", gap=0)


class Page(HTMLParser):
    """Elements, and the text that is seen."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts: list[tuple[str, str]] = []
        self.seen = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._inside = tag
        if tag == "script":
            self.scripts.append((dict(attrs).get("type") or "", ""))

    def handle_endtag(self, _: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            kind, text = self.scripts[-1]
            self.scripts[-1] = kind, text + data
        elif self._inside != "style":
            self.seen += data


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_tells_the_headline(lang: Language) -> None:
    seen = Page(minimal().report(lang)).seen
    told = {
        "en": [
            "68,800 yuan",
            "79% of the 87,500 yuan that fees would come to",
            "48,000 yuan in fees valued after 2024-08",
            "2024-05",
            "18,700 yuan",
            "proven optimal",
        ],
        "zh": [
            "6.88万元",
            "过渡费为 8.75万元，节约 79%",
            "2024年8月之后的折算 4.8万元",
            "2024-05",
            "1.87万元",
            "已证明最优",
        ],
    }
    assert all(text in seen for text in told[lang])
    assert minimal().scenario_sha256 in seen
    assert ("Assumptions" if lang == "en" else "全部前提") in seen


def test_every_word_is_of_the_language() -> None:
    page = Page(minimal().report("zh"))
    names = {"Minimal", "North", "South", "Garden", "Meadow", "Meadow-1", "flat", "budget", "bond", "voucher"}
    known = names | {"renewopt", "SHA-256", "minimal.yaml", "plan.json", "JavaScript", "highs", "auto", "standard"}
    rest = page.seen
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = re.sub(r"[\w.]+\.csv|[0-9a-f]{64}", "", rest)
    assert re.findall(r"[A-Za-z]{2,}", rest) == []
    assert "[一-鿿]" not in rest
    assert not re.search("[一-鿿]", Page(minimal().report("en")).seen)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_user_text_is_escaped_everywhere(lang: Language) -> None:
    plan = minimal()
    stated = json.loads(json.dumps(plan.stated).replace("North", "EVIL").replace("standard", "EVIL"))
    stated = json.loads(json.dumps(stated).replace('"EVIL"', json.dumps(EVIL)))
    text = {"North": EVIL, "Meadow-1": EVIL, "budget": EVIL, "Garden/flat": EVIL}

    def spoilt(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.replace(text)

    tables = ("allocation", "claims", "construction", "funds", "fees", "people", "baseline", "prices")
    plan = replace(
        plan,
        name=EVIL,
        variant=EVIL,
        policy=EVIL,
        version=EVIL,
        options={EVIL: EVIL},
        stated=stated,
        **{name: spoilt(getattr(plan, name)) for name in tables},
    )
    clean, page = Page(minimal().report(lang)), Page(plan.report(lang))
    assert page.tags.count("script") == clean.tags.count("script")
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "alert('x')" in page.seen  # shown as it is
    for kind, script in page.scripts:
        if kind == "application/json":
            json.loads(script)
            assert "<" not in script


def test_only_its_own_scripts_may_run_and_nothing_leaves_the_page() -> None:
    page = Page(minimal().report())
    policy = next(value for name, value in page.attributes if name == "content" and value and "default-src" in value)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["connect-src"] == rules["form-action"] == rules["base-uri"] == "'none'"
    scripts = [text for kind, text in page.scripts if kind != "application/json"]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts]
    assert rules["script-src"].split() == hashes
    links = [value for name, value in page.attributes if name in ("href", "src") and value]
    assert all(link.startswith(("#", "data:")) for link in links)
    assert not {"form", "iframe", "object", "base"} & set(page.tags)


def test_no_button_sends_a_chart_to_a_cloud() -> None:
    ours = Page(minimal().report()).scripts[-1][1]
    assert "showSendToCloud: false" in ours
    assert "displaylogo: false" in ours


def test_every_chart_has_unit_and_source() -> None:
    text = minimal().report()
    figures = re.findall(r'<figure class="chart".*?</figure>', text, flags=re.DOTALL)
    assert len(figures) == 7
    for figure in figures:
        assert re.search(r'<p class="unit">Unit: \w', figure)
        assert re.search(r"<figcaption>Source: \w", figure)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_infeasible_plan_tells_what_is_short(lang: Language) -> None:
    short = Shortage("money", "fees/P", "2024-01", 5.0, {"en": "5 yuan short", "zh": "缺 5 元"})
    base = minimal()
    empty = Plan(
        **{name: getattr(base, name) for name in ("name", "scenario_path", "scenario_sha256", "variant", "policy")},
        **{name: getattr(base, name) for name in ("options", "version", "start", "months", "objective_name", "stated")},
        status="infeasible",
        shortages=(short,),
    )
    page = Page(empty.report(lang))
    assert short.text[lang] in page.seen
    assert ("Assumptions" if lang == "en" else "全部前提") in page.seen
    assert len(page.scripts) == 1  # no charts, no plotly


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_has_no_gap(lang: Language) -> None:
    plan = renewopt.plan(minimal().scenario_path, policy="wait-for-build")  # type: ignore[arg-type]
    seen = Page(plan.report(lang)).seen
    assert ("not computed" if lang == "en" else "未计算") in seen
    assert ("No prices" if lang == "en" else "无价格") in seen
    dearer = replace(minimal(), savings=Savings(100.0, 7.0, -50.0, 0.0))
    seen = Page(dearer.report(lang)).seen
    assert ("above those of waiting" if lang == "en" else "过渡费高于等待原项目安置房") in seen


def test_a_plan_read_back_reports_the_same(tmp_path: Path) -> None:
    folder = minimal().write(tmp_path / "plan")
    again = renewopt.read_plan(folder)
    assert again.report("zh") == minimal().report("zh")
    assert (folder / "report.html").read_text("utf-8") == minimal().report("en")


@pytest.mark.parametrize("seed", range(12))
def test_any_plan_has_a_report(seed: int) -> None:
    """Plans of random districts under random choices: nobody settled, nothing built, no fund …"""
    page = Page(random_plan(seed).report("zh" if seed % 2 else "en"))
    assert page.tags.count("h2") >= 10
