"""Conflicts: the planted rule is named, every change that is told is enough, and nothing smaller is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from benchmarks.causes import PLANTED, district
from tests.conftest import full_count

from renewopt import Plan, Scenario, plan, read_plan
from renewopt.optimiser import optimise
from renewopt.optimiser.decomposition.relaxation import RelaxationResult
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster
from renewopt.optimiser.infeasibility import feasibility
from renewopt.optimiser.infeasibility.feasibility import Effort, Feasibility, can_be_kept
from renewopt.problem import Problem, compile_problem
from renewopt.results.conflicts import finding
from renewopt.results.conflicts.finding import FoundConflict, search_conflicts, stated_rules
from renewopt.scenario.models import DeveloperStock, Throughput
from renewopt.units import Span
from renewopt.vocabulary import ROUTES, USES
from renewopt.wording import LANGUAGES
from renewopt.wording.phrases import say

from .planted import KINDS, base, planted

SEEDS = 4
"""Of each kind, at night; in CI the first of them."""
OFTEN = (
    "phase monthly limit",
    "surplus",
    "throughput",
    "take-up 0",
    "developer without homes",
    "voucher housed after",
    "home policy",
    "household deadline",
)
"""Kinds of which one is looked at in every run of the tests; the others are for the slow ones."""

IN_DISTRICT = ("take-up", "throughput alone", "deadline")


def possible(scenario: Scenario) -> bool:
    """Whether the optimiser finds a plan, by its own way."""
    found = optimise(compile_problem(scenario), objective="transition_fees", gap=0.5, describe=False)
    assert found.status != "interrupted"
    return found.decisions is not None


def alone(scenario: Scenario, conflict: FoundConflict) -> Scenario:
    """The scenario with every rule left out that has no part in the conflict."""
    named = [(one.rule.key, str(one.rule.text)) for one in conflict.rules]
    for rule in stated_rules(scenario, compile_problem(scenario)):
        if (rule.key, str(rule.text)) not in named:
            scenario = rule.without(scenario)
    return scenario


def conflicts_of(scenario: Scenario) -> list[FoundConflict]:
    return search_conflicts(scenario, compile_problem(scenario))


def test_the_corpus_is_large_enough() -> None:
    assert len(KINDS) * SEEDS >= 150
    assert set(OFTEN) <= set(KINDS)


@pytest.mark.parametrize("name", OFTEN)
def test_the_planted_rule_is_named(name: str) -> None:
    for seed in range(full_count(1, SEEDS)):
        named_and_true(name, seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in KINDS if name not in OFTEN])
def test_of_every_kind_the_planted_rule_is_named_and_no_sentence_is_false(name: str) -> None:
    for seed in range(full_count(1, SEEDS)):
        named_and_true(name, seed)


def named_and_true(name: str, seed: int) -> None:
    without, scenario = planted(name, seed)
    assert possible(without), "a plan is possible before the rule is planted"
    assert not possible(scenario)
    found = conflicts_of(scenario)
    assert found
    for conflict in found:
        assert conflict.proven
        assert any(one.rule.key.startswith(KINDS[name].key) for one in conflict.rules)
        assert not possible(alone(scenario, conflict)), "these rules cannot hold, whatever the others"
        for one in conflict.rules:
            assert one.said is not None
            if one.change is not None:
                assert possible(one.change(conflict.context)), (one.rule.key, one.said)
            if one.less is not None:
                assert not possible(one.less(conflict.context)), (one.rule.key, one.said)


def test_consent_is_a_rule_only_where_it_keeps_somebody_from_a_home() -> None:
    _, scenario = planted("consent", 0)
    alone_in_its_estate = scenario.model_copy(update={"estates": scenario.estates[:1]})
    for stated, kept in ((scenario, True), (alone_in_its_estate, False)):
        keys = [rule.key for rule in stated_rules(stated, compile_problem(stated))]
        assert ("home_policies.due.pays_up_to" in keys) is kept


def test_a_scenario_that_can_be_planned_has_no_conflict() -> None:
    scenario, _ = planted("money", 0)
    assert conflicts_of(scenario) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_DISTRICT[: full_count(1, len(IN_DISTRICT))])
def test_in_a_district_the_planted_rule_is_named(name: str, repository: Path) -> None:
    planted_in = PLANTED[name]
    named_with_changes(district(planted_in, repository), planted_in.key)


def named_with_changes(scenario: Scenario, key: str) -> None:
    """What is told of a large problem: certain, and true as far as that can be found out without whole households."""
    found = conflicts_of(scenario)
    assert any(one.rule.key.startswith(key) for conflict in found for one in conflict.rules)
    for conflict in found:
        assert conflict.certain
        left = can_be_kept(compile_problem(alone(scenario, conflict)), Effort(1e12))
        assert (left.kept, left.proven) == (False, True), "these rules cannot hold, whatever the others"
        for one in conflict.rules:
            assert one.said is not None
            for change, kept in ((one.change, True), (one.less, False)):
                if change is not None:
                    assert can_be_kept(compile_problem(change(conflict.context)), Effort(1e12)).kept is kept


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["surplus", "throughput", "developer without homes", "household deadline", "money", "reserve_months"]
)
def test_by_classes_too_the_planted_rule_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, scenario = planted(name, 0)
    monkeypatch.setattr(feasibility, "RELAXED", -1)
    named_with_changes(scenario, KINDS[name].key)


def test_by_classes_a_first_question_that_takes_many_iterations_is_decided_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, scenario = planted("project deadline", 0)
    solve, refused = RestrictedMaster.solve, list[int]()

    def hurried(self: RestrictedMaster, time_limit: float, *, iterations: int) -> RelaxationResult:
        if not refused:
            refused.append(iterations)
            return RelaxationResult("time_limit")
        return solve(self, time_limit, iterations=iterations)

    monkeypatch.setattr(feasibility, "RELAXED", -1)
    monkeypatch.setattr(RestrictedMaster, "solve", hurried)
    answer = feasibility.can_be_kept(compile_problem(scenario), Effort(1e12))
    assert refused == [feasibility.PATIENCE]
    assert (answer.kept, answer.proven) == (False, True)


def test_by_classes_a_list_is_about_one_of_the_pools_that_are_scarce(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two households wait for homes of two kinds, both late: either would do for a list, both would be too many."""
    sections = base(Random(0))
    estate = sections["estates"][0]
    estate["units"] = [{"type": name, "area": 80, "surplus": 0} for name in ("flat", "house")]
    estate["phases"][0].update(delivers={"flat": 9, "house": 9}, earliest="2024-12")
    for row, name in zip(sections["households"][:2], ("flat", "house"), strict=True):
        row["unit_types"] = name
    monkeypatch.setattr(feasibility, "RELAXED", -1)
    (conflict,) = conflicts_of(Scenario.from_tables(**sections))
    assert conflict.needed
    keys = {one.rule.key for one in conflict.rules}
    assert keys >= {"projects.P.deadline", "estates.E.phases.E1.earliest"}
    assert len(keys & {"estates.E.units.flat", "estates.E.units.house"}) == 1


def test_by_classes_what_stands_in_the_way_as_well_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A phase is late and nobody may be settled: either alone makes the deadline impossible, which alone is enough."""
    sections = base(Random(0))
    sections["estates"][0]["phases"][0]["earliest"] = "2024-12"
    sections["throughput"] = [{"id": "desk", "per_month": 0, "routes": ["own_unit"]}]
    sections["vouchers"][0]["projects"] = ["Q"]
    monkeypatch.setattr(feasibility, "RELAXED", -1)
    found = conflicts_of(Scenario.from_tables(**sections))
    keys = [{one.rule.key for one in conflict.rules} for conflict in found]
    assert all("projects.P.deadline" in some for some in keys)
    for key in ("estates.E.phases.E1.earliest", "throughput.desk"):
        assert any(key in some for some in keys), key


@pytest.mark.parametrize("decided", [0, 1])
def test_what_prices_do_not_decide_is_named_as_unproven(decided: int, monkeypatch: pytest.MonkeyPatch) -> None:
    by_classes, asked = feasibility._kept_by_classes, list[int]()

    def only_at_first(problem: Problem, effort: Effort, *, known_proofs: bool) -> Feasibility | None:
        asked.append(effort.rounds)
        return by_classes(problem, effort, known_proofs=known_proofs) if len(asked) <= decided else None

    monkeypatch.setattr(feasibility, "RELAXED", -1)
    monkeypatch.setattr(feasibility, "_kept_by_classes", only_at_first)
    _, scenario = planted("throughput", 0)
    found = conflicts_of(scenario)
    assert any(one.rule.key.startswith(KINDS["throughput"].key) for conflict in found for one in conflict.rules)
    for conflict in found:
        assert not conflict.proven
        assert conflict.certain == bool(decided), "what is not proven shortens no list that is"
    assert (len(asked) > 1) == bool(decided), "where the first question is not decided by prices, none is tried"


@pytest.mark.parametrize("name", ["throughput", "reserve_months"])
def test_of_many_rules_those_are_told_that_are_enough_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, scenario = planted(name, 0)
    monkeypatch.setattr(feasibility, "RELAXED", -1)
    monkeypatch.setattr(finding, "LISTED", 0)
    # Nothing is left for the search for a smallest set, nor for another one.
    monkeypatch.setattr(finding, "AFTER_SET", 1.0)
    monkeypatch.setattr(finding, "FOR_CHANGES", 1.0)
    (conflict,) = conflicts_of(scenario)
    assert conflict.certain
    assert not conflict.proven
    assert conflict.more > 0
    assert any(one.rule.key.startswith(KINDS[name].key) for one in conflict.rules)
    for one in conflict.rules:
        left_out = one.rule.without(conflict.context)
        assert can_be_kept(compile_problem(left_out), Effort(1e12)).kept, "it is enough alone"


def test_two_conflicts_that_have_nothing_in_common_are_both_told() -> None:
    _, scenario = planted("take-up 0", 0)
    phases = scenario.estates[0].phases
    late = phases[0].model_copy(update={"earliest": scenario.start + 11})
    estate = scenario.estates[0].model_copy(update={"phases": [late]})
    found = conflicts_of(scenario.model_copy(update={"estates": [estate]}))
    keys = [{one.rule.key for one in conflict.rules} for conflict in found]
    assert any("vouchers.V.take_up" in some for some in keys)
    assert any("estates.E.phases.E1.earliest" in some for some in keys)
    for conflict in found:
        assert conflict.proven
        for one in conflict.rules:
            assert one.change is None or possible(one.change(conflict.context))


def test_without_effort_nothing_is_claimed() -> None:
    _, scenario = planted("money", 0)
    assert search_conflicts(scenario, compile_problem(scenario), effort=0.0) == []


@pytest.fixture(scope="module")
def infeasible() -> Plan:
    """A plan of a scenario that cannot be planned for its reserve."""
    made = plan(planted("reserve_months", 0)[1])
    assert made.status == "infeasible"
    return made


@pytest.mark.slow
def test_a_conflict_is_told_in_both_languages_and_read_again(infeasible: Plan, tmp_path: Path) -> None:
    made = infeasible
    rules = [rule for conflict in made.conflicts for rule in conflict.rules]
    reserve = next(rule for rule in rules if rule.key == "objective.reserve_months")
    assert reserve.change is not None
    for lang in LANGUAGES:
        assert reserve.text[lang] in made.summary(lang)
        assert reserve.change[lang] in made.summary(lang)
        assert reserve.text[lang] in made.report(lang)
    assert read_plan(made.write(tmp_path / "plan")).conflicts == made.conflicts


@pytest.mark.slow
def test_how_many_rules_are_not_listed_is_told_in_both_languages(infeasible: Plan, tmp_path: Path) -> None:
    some = replace(infeasible.conflicts[0], certain=True, proven=False, more=4321)
    made = replace(infeasible, conflicts=(some,))
    for lang in LANGUAGES:
        told = say(lang, "conflict.more", count=4321)
        assert told in made.summary(lang)
        assert told in made.report(lang)
    assert read_plan(made.write(tmp_path / "plan")).conflicts == (some,)


def closed_twice(scenario: Scenario) -> Scenario:
    """Vouchers by two rules, each of which is enough to close them."""
    voucher = scenario.vouchers[0].model_copy(update={"take_up": Decimal(0)})
    developer = scenario.developers[0].model_copy(update={"homes": DeveloperStock(on_hand=Decimal(0))})
    return scenario.model_copy(update={"vouchers": [voucher], "developers": [developer]})


def late_twice(scenario: Scenario) -> Scenario:
    estate = scenario.estates[0]
    phase = estate.phases[0].model_copy(update={"earliest": scenario.start + 10, "handover_lag": 10})
    return scenario.model_copy(update={"estates": [estate.model_copy(update={"phases": [phase]})]})


def limited_twice(scenario: Scenario) -> Scenario:
    desks = [Throughput(id=name, per_month=0, routes=["voucher"]) for name in ("a", "b")]
    return scenario.model_copy(update={"throughput": desks})


def test_a_limit_by_span_is_told_by_its_span() -> None:
    scenario = planted("money", 0)[0]
    desk = Throughput(id="a", per_month={Span.parse("..2024-03"): 3, Span.parse("2024-04.."): 0})
    scenario = scenario.model_copy(update={"throughput": [desk]})
    rules = {rule.key: rule for rule in stated_rules(scenario, compile_problem(scenario))}
    late = rules["throughput.a.2024-04.."]
    assert str(late.text) == "at most 0 settlements a month (a), in 2024-04.."
    total = int(compile_problem(scenario).claims.count.sum())
    assert late.ways[0].at(scenario, 2).throughput[0].per_month == {
        Span.parse("..2024-03"): 3,
        Span.parse("2024-04.."): 2,
    }
    both = rules["throughput.a...2024-03"].without(late.without(scenario)).throughput[0].per_month
    assert both == {Span.parse("..2024-03"): total, Span.parse("2024-04.."): total}


def test_limits_of_money_by_span_are_told_by_their_span() -> None:
    scenario = planted("money", 0)[0]
    span, later = Span.parse("2024-01..2024-06"), Span.parse("2024-07..")
    fund = scenario.funds[0].model_copy(update={"monthly_limit": {span: Decimal(100), later: Decimal(200)}})
    scenario = scenario.model_copy(update={"funds": [fund, *scenario.funds[1:]]})
    rules = {rule.key: rule for rule in stated_rules(scenario, compile_problem(scenario))}
    rule = rules[f"funds.{fund.id}.monthly_limit.2024-07.."]
    assert str(rule.text) == f"{fund.id}: at most 200 yuan a month, in 2024-07.."
    assert rule.without(scenario).funds[0].monthly_limit == {span: Decimal(100)}
    assert rule.ways[0].at(scenario, 50).funds[0].monthly_limit == {span: Decimal(100), later: Decimal(250)}


@pytest.mark.parametrize("twice", [closed_twice, late_twice, limited_twice])
def test_two_rules_each_of_which_closes_the_same_are_told_with_what_they_close(
    twice: Callable[[Scenario], Scenario],
) -> None:
    scenario = twice(planted("money", 0)[0])
    assert not possible(scenario)
    found = conflicts_of(scenario)
    assert found
    for conflict in found:
        assert conflict.proven
        assert not possible(alone(scenario, conflict))
        for one in conflict.rules:
            assert one.change is None or possible(one.change(conflict.context))
    keys = {one.rule.key for conflict in found for one in conflict.rules}
    closing = (
        {"vouchers.V.take_up", "developers.D.homes"},
        {"throughput.a", "throughput.b"},
        {"estates.E.phases.E1.earliest", "estates.E.phases.E1.handover_lag"},
    )
    assert any(both <= keys for both in closing)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("vouchers.V.take_up", {"take_up": "33.3%"}, "V goes to at most 33.3 % of a project's households"),
        ("vouchers.V.take_up", {"take_up": "0.5%"}, "V goes to at most 0.5 % of a project's households"),
        ("vouchers.V.housed_after", {"housed_after": 1}, "V: housed 1 month after the choice"),
        ("vouchers.V.months", {"months": 3}, "V can be chosen for 3 months"),
    ],
)
def test_what_is_stated_is_quoted_as_it_is(key: str, value: dict[str, object], text: str) -> None:
    sections = base(Random(1))
    sections["vouchers"][0].update(value)
    scenario = Scenario.from_tables(**sections)
    rules = {rule.key: str(rule.text) for rule in stated_rules(scenario, compile_problem(scenario))}
    assert rules[key] == text


def test_a_surplus_is_told_in_what_the_estate_counts() -> None:
    sections = base(Random(1))
    sections["estates"][0]["measure"] = "m2"
    sections["estates"][0]["units"][0]["surplus"] = 90.5
    scenario = Scenario.from_tables(**sections)
    rules = {rule.key: str(rule.text) for rule in stated_rules(scenario, compile_problem(scenario))}
    assert rules["estates.E.units.flat.surplus"] == "of E/flat, 90.5 m² are open to transfers"


def test_under_fiscal_cost_a_deadline_is_left_out_with_an_obligation() -> None:
    sections = base(Random(1)) | {"objective": {"minimise": "fiscal_cost"}}
    scenario = Scenario.from_tables(**sections)
    rules = {rule.key: rule for rule in stated_rules(scenario, compile_problem(scenario))}
    assert str(rules["projects.Q.deadline"].dropped) == "leave it out, and state an obligation"


@pytest.mark.parametrize("seed", range(3))
def test_chinese_calls_things_by_their_names_and_words(seed: int) -> None:
    scenario = Scenario.from_tables(**base(Random(seed)))
    named: dict[str, list[object]] = {}
    for section in ("projects", "estates", "funds", "vouchers", "developers"):
        named[section] = [
            item.model_copy(update={"name": f"名{number}{section}"})
            for number, item in enumerate(getattr(scenario, section))
        ]
    scenario = scenario.model_copy(update=named)
    called = finding._calling(scenario)
    ids = {item.id for section in named for item in getattr(scenario, section)}
    codes = {*ROUTES, *USES}
    rules = stated_rules(scenario, compile_problem(scenario))
    told = {rule.key: finding._in_words(rule.text, called)["zh"] for rule in rules}
    told |= {f"{rule.key} +": finding._in_words(way.said(1), called)["zh"] for rule in rules for way in rule.ways}
    of_households = {rule.key for rule in rules if rule.key.startswith(("households", "pins", "quotes"))}
    wrong = {
        key: text
        for key, text in told.items()
        if key.removesuffix(" +") not in of_households and (ids | codes) & set(re.findall(r"[A-Za-z_]+\w*", text))
    }
    assert wrong == {}
    assert any("名" in text for text in told.values())
