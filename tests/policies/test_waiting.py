"""Everybody waits for the own estate: by hand, and within the rules whatever the problem."""

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.ledger import audit_decisions, replay
from renewopt.policies import POLICIES, RULES, WaitForBuild
from renewopt.problem import Decisions, Problem, Route
from renewopt.testing import tiny

SEEDS = range(1000, 1060)


@cache
def tiny_problem(seed: int) -> Problem:
    return tiny.tiny_problem(seed)


def broken(problem: Problem, decisions: Decisions) -> list[str]:
    """Rules broken; a reserve that cannot be held is told of the district."""
    found = audit_decisions(problem, decisions)
    return [str(v) for v in found if v.kind == "broken_rule" and v.rule != "reserve"]


@pytest.mark.parametrize("seed", seeds(SEEDS, fast=30))
def test_every_rule_is_kept(seed: int) -> None:
    problem = tiny_problem(seed)
    decisions = WaitForBuild().decide(problem)
    assert broken(problem, decisions) == []
    assert (problem.offers.route[decisions.settle[:, 0]] == Route.own_unit).all()
    assert decisions.offset.size == decisions.move.size == 0


@pytest.mark.parametrize("seed", seeds(SEEDS, fast=30))
def test_what_is_past_is_repeated_and_changes_nothing(seed: int) -> None:
    problem = tiny_problem(seed)
    whole = WaitForBuild().decide(problem)
    for now in range(1, problem.calendar.months):
        later = replace(problem, calendar=replace(problem.calendar, now=now), past=whole.before(now))
        again = WaitForBuild().decide(later)
        assert broken(later, again) == []
        for f in fields(Decisions):
            assert sorted(getattr(again, f.name).tolist()) == sorted(getattr(whole, f.name).tolist())


def test_another_past_is_carried_on() -> None:
    """A past that the rule would not have chosen: vouchers and transfers given, money moved."""
    tried = 0
    for seed in SEEDS:
        problem = tiny_problem(seed)
        open_at_once = np.flatnonzero((problem.offers.first == 0) & (problem.offers.route == Route.cash))
        if not open_at_once.size or problem.calendar.months < 2:
            continue
        offer = int(open_at_once[0])
        claim = int(problem.offers.claim[offer])
        past = Decisions(settle=np.array([[offer, 0, problem.claims.count[claim]]], dtype=np.int64))
        later = replace(problem, calendar=replace(problem.calendar, now=1), past=past)
        decisions = WaitForBuild().decide(later)
        assert decisions.settle[0].tolist() == past.settle[0].tolist()
        assert replay(later, decisions).people.unsettled[claim] == 0
        tried += 1
    assert tried > 10


def scenario(**changes: object) -> Problem:
    """Two own households, one out longer; one home now, one in a phase; a budget and a bond."""
    from renewopt import Scenario
    from renewopt.problem import compile_problem

    sections: dict[str, object] = {
        "name": "by hand",
        "start": "2024-01",
        "months": 6,
        "fee_policies": [{"id": "fees", "rate": 10, "term": 24}],
        "projects": [{"id": "P", "moved_out": "2023-01"}],
        "households": [
            {"id": "late", "project": "P", "area": 100},
            {"id": "early", "project": "P", "area": 100, "moved_out": "2022-01"},
        ],
        "estates": [
            {
                "id": "E",
                "projects": ["P"],
                "units": [{"type": "flat", "on_hand": 1}],
                "phases": [{"id": "E-1", "cost": 5000, "delivers": {"flat": 1}}],
            }
        ],
        "funds": [
            {"id": "budget", "opening": 9000, "uses": ["fees", "construction"]},
            {"id": "bond", "opening": 1000, "uses": ["construction"]},
        ],
    }
    return compile_problem(Scenario.from_tables(**{**sections, **changes}))


def handovers(problem: Problem, policy: WaitForBuild | None = None) -> dict[str, int]:
    decisions = (policy or WaitForBuild()).decide(problem)
    assert broken(problem, decisions) == []
    return {str(problem.phases.id[phase]): month for phase, month in decisions.complete.tolist()}


def test_who_is_out_longest_takes_the_home_that_is_there() -> None:
    problem = scenario()
    decisions = WaitForBuild().decide(problem)
    takers = [(str(problem.claims.household[problem.offers.claim[o]]), t) for o, t, _ in decisions.settle.tolist()]
    assert takers[0] == ("early", 0)


def test_money_is_held_back_for_the_bills_of_a_year() -> None:
    # One waits on: 1,000 a month for six months, nothing comes in. Month 0 pays 1,000 and holds back 5,000: 4,000 of
    # the bond and the budget's 3,000 spare build 4,000; the phase is never paid in full before the fees are.
    problem = scenario()
    decisions = WaitForBuild().decide(problem)
    assert decisions.shortfall.size == 0
    spent = {month: fen / 100 for _, month, fen in decisions.build.tolist()}
    assert spent[0] == 4000
    assert handovers(problem) == {}


def test_without_holding_back_the_phase_comes_sooner_and_fees_may_lack() -> None:
    assert handovers(scenario(), WaitForBuild(hold_months=0)) == {"E-1": 1}


def test_borrowing_comes_last_and_is_repaid() -> None:
    funds = [
        {"id": "budget", "opening": 9000, "uses": ["fees", "construction", "principal", "interest"]},
        {
            "id": "loan",
            "uses": ["construction"],
            "borrow": {"limit": 10_000, "rate": 0.12, "repayment": "level", "term": 3},
        },
    ]
    problem = scenario(funds=funds)
    decisions = WaitForBuild().decide(problem)
    assert broken(problem, decisions) == []
    # 9,000 less this month's fee and five more to come: 3,000 of our own, 2,000 borrowed.
    assert decisions.borrow.tolist() == [[0, 0, 200_000]]
    assert handovers(problem) == {"E-1": 1}
    books = replay(problem, decisions)
    assert books.loans.outstanding[0, -1] == 0
    assert books.totals.shortfall == 0


def test_what_cannot_be_paid_is_owed_where_a_rule_permits_and_else_short() -> None:
    poor = [{"id": "budget", "opening": 2500, "uses": ["fees"]}]
    short = replay(p := scenario(funds=poor), WaitForBuild().decide(p))
    assert short.totals.shortfall == (6000 - 2500) * 100
    rule = [{"id": "owed", "uses": ["fees"], "share": 0.5}]
    owing = replay(p := scenario(funds=poor, owing=rule), WaitForBuild().decide(p))
    assert owing.payments.arrears[:, -1].sum() == (500 + 3 * 500) * 100
    assert owing.totals.shortfall + owing.payments.arrears[:, -1].sum() == short.totals.shortfall


def test_policies_are_known_by_name() -> None:
    assert {"optimal", "rolling", "wait-for-build", "first-come"} <= set(POLICIES)
    assert RULES["wait-for-build"]() == WaitForBuild()
