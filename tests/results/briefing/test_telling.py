"""The brief in sentences: any plan can be told, in both languages, with figures and nothing that is empty."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.results.made import frame, random_plan, tiny

import renewopt
from renewopt import Plan
from renewopt.results.briefing.periods import quarters_of
from renewopt.results.briefing.table import NOTHING
from renewopt.results.briefing.telling import Brief, tell_brief
from renewopt.results.conflicts.changes import NOT_ENOUGH
from renewopt.results.record import Conflict, ConflictingRule, Shortage
from renewopt.wording import LANGUAGES, Language


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)


@pytest.fixture(scope="module")
def uncertain(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "uncertain.yaml", policy="costliest-first")


def sentences(brief: Brief) -> list[str]:
    return [sentence for section in brief.sections for sentence in section.sentences]


@settings(max_examples=full_count(12, 1000), deadline=None)
@given(st.integers(0, 60), st.sampled_from(LANGUAGES))
def test_any_plan_can_be_told_and_no_sentence_is_without_its_figure(seed: int, lang: Language) -> None:
    brief = tell_brief(random_plan(seed), lang)
    for sentence in sentences(brief):
        assert re.search(r"\d", sentence), sentence
        assert "nan" not in sentence
        assert sentence.endswith("。" if lang == "zh" else "."), sentence
    assert all(section.sentences for section in brief.sections if section.key != "money")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_five_sentences_say_what_is_decided(minimal: Plan, lang: Language) -> None:
    (decided,) = [section for section in tell_brief(minimal, lang).sections if section.key == "decided"]
    assert len(decided.sentences) == 5
    text = " ".join(decided.sentences)
    told = {
        "en": ["5 of 5 households", "3 homes", "2024-05", "18,700 yuan", "68,800 yuan less", "it is proven"],
        "zh": ["5户中安置5户", "3套", "2024年5月", "1.87万元", "节约6.88万元", "经证明"],
    }
    assert all(each in text for each in told[lang])


def test_what_does_not_apply_is_left_out(minimal: Plan) -> None:
    keys = [section.key for section in tell_brief(minimal, "en").sections]
    assert keys == ["decided", "money", "given_up", "waits", "breaks", "signing"]
    calm = replace(minimal, delayed=(), funds=minimal.funds[minimal.funds["use"] == "construction"].assign(balance=0.0))
    assert "breaks" not in [section.key for section in tell_brief(calm, "en").sections]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_shows_the_figures_that_add_up(uncertain: Plan, lang: Language) -> None:
    table, found = tell_brief(uncertain, lang).table, quarters_of(uncertain)
    assert table is not None
    assert len(table.head) == len(found.periods) + 2
    unit = 1e4 if lang == "zh" else 1e6
    exact = [*found.paid.values(), found.total, found.homes, found.housed]
    assert len(table.rows) == len(exact)
    for row, figures in zip(table.rows, exact, strict=True):
        assert figures is not None
        scale = unit if figures not in (found.homes, found.housed) else 1.0
        for cell, figure in zip(row[1:], figures, strict=True):
            shown = 0.0 if cell == NOTHING else float(cell.replace(",", ""))
            assert shown == pytest.approx(figure / scale, abs=0.051)


def test_fewer_sentences_of_a_kind_where_fewer_are_asked_for(uncertain: Plan) -> None:
    whole, short = (tell_brief(uncertain, "en", most) for most in (3, 1))
    assert len(sentences(short)) < len(sentences(whole))


def test_weighted_fees_are_called_so(minimal: Plan) -> None:
    assert "weights" not in minimal.brief()
    weighted = replace(minimal, objective=20_000.0, bound=19_000.0, gap=0.05, status="feasible")
    assert "reaches 20,000 yuan of weighted transition fees" in weighted.brief()
    assert "no plan reaches less than 19,000 yuan (5.00% below)" in weighted.brief()
    assert "加权过渡费为2万元" in weighted.brief("zh")


def test_who_is_still_overdue_at_the_end(uncertain: Plan) -> None:
    assert "Still overdue at 2025-12: 13 of Mill." in uncertain.brief()
    assert (
        "13 households of Mill still wait at 2025-12: of their own estate Millbank-1 is not built." in uncertain.brief()
    )
    assert "A rule (costliest-first) decides" in uncertain.brief()


def words(text: str) -> dict[str, str]:
    return {"en": text, "zh": f"中{text}"}


def test_a_plan_that_runs_short_tells_what_is_lacking_and_what_would_do() -> None:
    enough = ConflictingRule("funds.b", words("the fund b has 5 yuan"), words("9 yuan"))
    vain = ConflictingRule("funds.c", words("c pays 1 thing"), {lang: NOT_ENOUGH.said(lang) for lang in LANGUAGES})
    unknown = ConflictingRule("funds.d", words("d"), None)
    short = (
        Shortage("money", "fees/P", "2024-01", 500.0, words("x"), {"2024-01": 200.0, "2024-03": 300.0}),
        Shortage("money", "voucher/Q", "2024-02", 9_000.0, words("y"), {"2024-02": 9_000.0}),
        Shortage("money", "cash/Q", "2024-02", 0.1, words("z"), {"2024-02": 0.1}),
        Shortage("homes", "E/90", "", 3.0, words("3 homes are short.")),
    )
    conflicts = tuple(Conflict((enough, vain, unknown), proven=proven, certain=True) for proven in (True, True))
    plan = frame(tiny(1), status="infeasible", shortages=short, conflicts=conflicts)
    brief = tell_brief(plan, "en")
    assert [section.key for section in brief.sections] == ["lacking", "remedies"]
    lacking, remedies = brief.sections
    assert lacking.sentences == (
        "9,000 yuan is missing for vouchers (Q), 2024-02.",
        "500 yuan is missing for transition fees (P), 2024-01 to 2024-03.",
        "3 homes are short.",
    )
    assert remedies.sentences == ("Instead of “the fund b has 5 yuan”, enough is: 9 yuan.",)
    assert brief.table is None
    unproven = replace(plan, conflicts=tuple(replace(each, proven=False) for each in conflicts))
    (remedy,) = tell_brief(unproven, "en").sections[1].sentences
    assert remedy == "Instead of “the fund b has 5 yuan”, what may be enough: 9 yuan."
    assert "Q购房凭证缺9000元（2024年2月）" in plan.brief("zh")


def test_names_are_those_of_the_planner_and_never_too_long(minimal: Plan) -> None:
    stated = {**minimal.stated, "projects": {"South": {"name": "南" * 60}, "North": {"name": "北区"}}}
    named = replace(minimal, stated=stated)
    assert "北区（1户）" in named.brief("zh")
    assert "North 北区" in named.brief()
    assert "南" * 25 not in named.brief("zh")
