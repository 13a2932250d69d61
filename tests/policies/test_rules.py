"""Rules of thumb: within the rules whatever the problem, the past repeated, and each in its own order."""

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from renewopt import Scenario
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import RULES, PriorityRule, settling
from renewopt.policies.state import SimulationState
from renewopt.problem import Decisions, Problem, Route, compile_problem
from renewopt.testing import tiny

SEEDS = range(2000, 2040)
FINDINGS = ("reserve",)


@cache
def tiny_problem(seed: int) -> Problem:
    return tiny.tiny_problem(seed, in_time=seed % 2 == 1)


def broken(problem: Problem, decisions: Decisions) -> list[str]:
    """Rules broken; a reserve that cannot be held is told of the district."""
    found = audit_decisions(problem, decisions)
    return [str(v) for v in found if v.kind == "broken_rule" and v.rule not in FINDINGS]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_accounts_is_kept(rule: str) -> None:
    for seed in SEEDS:
        problem = tiny_problem(seed)
        assert broken(problem, RULES[rule]().decide(problem)) == [], seed


@pytest.mark.parametrize("rule", RULES)
def test_what_is_past_is_repeated_and_changes_nothing(rule: str) -> None:
    for seed in SEEDS[:15]:
        problem = tiny_problem(seed)
        whole = RULES[rule]().decide(problem)
        for now in range(1, problem.calendar.months):
            later = replace(problem, calendar=replace(problem.calendar, now=now), past=whole.before(now))
            again = RULES[rule]().decide(later)
            assert broken(later, again) == []
            for f in fields(Decisions):
                assert sorted(getattr(again, f.name).tolist()) == sorted(getattr(whole, f.name).tolist())


@pytest.mark.parametrize(
    "change", [{"shares": "front"}, {"shares": "households"}, {"hold_months": 0}, {"set_off": False}]
)
def test_parameters_keep_the_rules_too(change: dict[str, object]) -> None:
    for seed in SEEDS:
        problem = tiny_problem(seed)
        for rule in ("first-come", "units-first"):
            assert broken(problem, replace(RULES[rule](), **change).decide(problem)) == [], seed


def district(**changes: object) -> Problem:
    """Three households of one project, vouchers at 1,000 a m², 60,000 a month."""
    sections: dict[str, object] = {
        "name": "by hand",
        "start": "2024-01",
        "months": 8,
        "fee_policies": [{"id": "fees", "rate": 10, "term": 24}],
        "projects": [{"id": "P", "moved_out": "2023-01"}],
        "households": [
            {"id": "late", "project": "P", "area": 50, "moved_out": "2023-06"},
            {"id": "early", "project": "P", "area": 60, "moved_out": "2022-01"},
            {"id": "dear", "project": "P", "area": 100},
        ],
        "vouchers": [{"id": "V", "price": 1000}],
        "funds": [{"id": "budget", "opening": 1_000, "inflow": {"monthly": 60_000}, "uses": ["voucher", "fees"]}],
    }
    return compile_problem(Scenario.from_tables(**{**sections, **changes}))


def served(problem: Problem, rule: PriorityRule) -> list[tuple[str, int]]:
    """Who was served when, in that order."""
    decisions = rule.decide(problem)
    assert broken(problem, decisions) == []
    claim = problem.offers.claim[decisions.settle[:, 0]]
    rows = zip(decisions.settle[:, 1].tolist(), problem.claims.household[claim].tolist(), strict=True)
    return [(name, month) for month, name in sorted(rows, key=lambda row: row[0])]


def test_who_is_out_longest_comes_first() -> None:
    # Money is saved up for dear, whose voucher costs twice as much as late's.
    order = [name for name, _ in served(district(), RULES["first-come"]())]
    assert order == ["early", "dear", "late"]


def test_the_dearest_for_its_price_comes_first() -> None:
    # Overdue from 2024-01 on, early costs twice as much per m², and so per yuan of its voucher.
    policies = [{"id": "fees", "rate": 10, "term": 24, "overdue": [{"multiplier": 2}]}]
    households = [
        {"id": "early", "project": "P", "area": 60, "moved_out": "2022-01"},
        {"id": "sick", "project": "P", "area": 60, "moved_out": "2023-06", "groups": ["ill"]},
        {"id": "plain", "project": "P", "area": 60, "moved_out": "2021-12", "turnover": True},
    ]
    policies[0]["uplifts"] = [{"group": "ill", "percent": "100%"}]
    problem = district(fee_policies=policies, households=households)
    fee = problem.fees.fen(np.arange(3), np.array([0]))[:, 0].tolist()
    order = [name for name, _ in served(problem, RULES["costliest-first"]())]
    ranked = sorted(range(3), key=lambda h: (-fee[h], problem.fees.moved_out[problem.fees.clock[h]]))
    assert order == [str(problem.claims.household[h]) for h in ranked]


def test_who_costs_nothing_yet_is_ranked_by_what_will_come() -> None:
    policies = [{"id": "fees", "rate": 10, "term": 24, "uplifts": [{"group": "ill", "percent": "100%"}]}]
    households = [
        {"id": "soon", "project": "P", "area": 50, "moved_out": "2024-03"},
        {"id": "dear", "project": "P", "area": 50, "moved_out": "2024-06", "groups": ["ill"]},
        {"id": "never", "project": "P", "area": 50, "moved_out": "2024-02", "turnover": True},
        {"id": "out", "project": "P", "area": 50, "moved_out": "2023-12"},
    ]
    problem = district(fee_policies=policies, households=households)
    order = {rule: [name for name, _ in served(problem, RULES[rule]())] for rule in RULES}
    assert order["costliest-first"] == ["out", "dear", "soon", "never"]
    # As long as much comes in until then, the dear one can wait.
    assert order["apparent-tardiness"] == ["out", "soon", "dear", "never"]
    patient = RULES["apparent-tardiness"](lookahead=100)
    assert [name for name, _ in served(problem, patient)] == ["dear", "out", "soon", "never"]


@pytest.mark.parametrize(("rule", "lookahead"), [("costliest-first", 1), ("apparent-tardiness", 100)])
def test_what_waiting_will_count_as_is_seen_coming_too(rule: str, lookahead: int) -> None:
    projects = [{"id": "P", "moved_out": "2024-03"}, {"id": "Q", "moved_out": "2024-06", "weight": 3}]
    households = [{"id": name, "project": name, "area": 50, "turnover": True} for name in "PQ"]
    problem = district(projects=projects, households=households, objective={"waiting_cost": 1_000})
    assert problem.fees.steps["fen"].size == 0
    assert [name for name, _ in served(problem, RULES[rule](lookahead=lookahead))] == ["Q", "P"]


def test_the_most_urgent_comes_first() -> None:
    projects = [{"id": "P", "moved_out": "2023-01"}, {"id": "Q", "moved_out": "2023-12", "weight": 5}]
    households = [
        {"id": "early", "project": "P", "area": 50, "moved_out": "2022-01"},
        {"id": "urgent", "project": "Q", "area": 50},
    ]
    problem = district(projects=projects, households=households)
    assert [name for name, _ in served(problem, RULES["urgent-first"]())] == ["urgent", "early"]
    assert [name for name, _ in served(problem, RULES["first-come"]())] == ["early", "urgent"]
    tiers = {"tiers": [{"name": "p", "projects": ["P"]}]}
    problem = district(projects=projects, households=households, objective=tiers)
    assert [name for name, _ in served(problem, RULES["urgent-first"]())] == ["early", "urgent"]


ESTATE = {
    "id": "E",
    "projects": ["P"],
    "units": [{"type": "flat"}],
    "phases": [
        {"id": "near", "cost": 100_000, "progress": "50%", "delivers": {"flat": 1}},
        {"id": "cheap", "cost": 60_000, "delivers": {"flat": 3}},
    ],
}


def first_built(rule: str) -> str:
    funds = [{"id": "all", "opening": 30_000, "inflow": {"monthly": 20_000}}]
    problem = district(estates=[ESTATE], funds=funds)
    decisions = RULES[rule]().decide(problem)
    assert broken(problem, decisions) == []
    return str(problem.phases.id[decisions.build[0, 0]])


def test_where_the_money_for_building_goes() -> None:
    assert first_built("finish-nearest") == "near"
    assert first_built("units-first") == "cheap"


def test_vouchers_or_homes_first() -> None:
    funds = [{"id": "all", "opening": 62_000, "inflow": {"monthly": 20_000}}]
    estate = {"id": "E", "projects": ["P"], "units": [{"type": "flat", "on_hand": 1}]}
    problem = district(estates=[estate], funds=funds)
    for rule, route in (("voucher-first", Route.voucher), ("units-first", Route.own_unit)):
        decisions = RULES[rule]().decide(problem)
        early = decisions.settle[problem.offers.claim[decisions.settle[:, 0]] == 1]
        assert problem.offers.route[early[0, 0]] == route, rule


def test_a_developer_s_debt_buys_vouchers() -> None:
    developers = [{"id": "D", "debts": [{"due": "2024-01", "amount": 160_000}]}]
    vouchers = [{"id": "V", "price": 1000, "developers": [{"developer": "D"}]}]
    funds = [{"id": "budget", "opening": 20_000, "uses": ["voucher", "fees"]}]
    problem = district(developers=developers, vouchers=vouchers, funds=funds)
    served_now = served(problem, RULES["costliest-first"]())
    assert len(served_now) == 2
    decisions = RULES["costliest-first"]().decide(problem)
    assert decisions.offset[:, 2].sum() == sum(problem.offers.price[decisions.settle[:, 0]])
    assert replay(problem, decisions).totals.shortfall == 0
    assert served(problem, replace(RULES["costliest-first"](), set_off=False)) == []


def test_equal_shares_wait_until_a_share_buys_something() -> None:
    projects = [{"id": "P", "moved_out": "2023-01"}, {"id": "Q", "moved_out": "2023-01"}]
    households = [
        {"id": "p", "project": "P", "area": 60},
        {"id": "q", "project": "Q", "area": 60},
    ]
    problem = district(projects=projects, households=households)
    together = served(problem, RULES["first-come"]())
    shared = served(problem, RULES["equal-shares"]())
    assert together[0][1] < shared[0][1]
    assert {name for name, _ in shared} == {"p", "q"}


def test_one_project_after_the_other() -> None:
    projects = [{"id": "P", "moved_out": "2023-01"}, {"id": "Q", "moved_out": "2022-06"}]
    households = [
        {"id": "p", "project": "P", "area": 40, "moved_out": "2022-08"},
        {"id": "p2", "project": "P", "area": 40},
        {"id": "q", "project": "Q", "area": 60},
        {"id": "q2", "project": "Q", "area": 60, "moved_out": "2023-02"},
    ]
    problem = district(projects=projects, households=households)
    order = [name for name, _ in served(problem, RULES["project-by-project"]())]
    assert order == ["q", "q2", "p", "p2"]


def test_an_own_rule_takes_a_few_lines() -> None:
    class LargestFirst(PriorityRule):
        """Who costs most is served first."""

        name = "largest-first"

        def order(self, candidates):
            return [-candidates.fee]

    order = [name for name, _ in served(district(), LargestFirst())]
    assert order == ["dear", "early", "late"]


def test_arrears_whose_time_comes_are_bills() -> None:
    """10,000 owed before the start are due in the sixth month: a voucher waits until they are paid for as well."""
    problem = district(
        months=12,
        fee_policies=[{"id": "fees", "rate": 1, "term": 60}],
        households=[{"id": "A", "project": "P", "area": 50}],
        vouchers=[{"id": "V", "price": 1200}],
        owing=[{"id": "o", "uses": ["fees"], "share": "100%", "latest": 6}],
        arrears=[{"use": "fees", "project": "P", "amount": 10_000}],
        funds=[
            {
                "id": "budget",
                "opening": 61_000,
                "inflow": {"by_month": {"2024-09": 30_000}},
                "uses": ["voucher", "fees"],
            }
        ],
    )
    assert served(problem, RULES["first-come"]()) == [("A", 8)]
    assert not len(RULES["first-come"]().decide(problem).shortfall)


def test_surcharges_of_arrears_are_bills() -> None:
    problem = district(
        households=[{"id": "A", "project": "P", "area": 50}],
        owing=[{"id": "o", "uses": ["fees"], "share": "100%", "surcharge": "12%", "latest": 3}],
        arrears=[{"use": "fees", "project": "P", "amount": 10_000}],
    )
    account = SimulationState(problem)
    account.open(0)
    ahead = account.arrears_ahead().sum(axis=0)
    (ppb,) = problem.owing.surcharge_ppb.tolist()
    part = round(10_000_00 * ppb / 1_000_000_000)
    assert part > 0
    # Owed in the month before the start: repaid by the third month after it.
    assert ahead[:4].tolist() == [part, part, part + 10_000_00, 0]


def test_each_fund_keeps_what_only_it_can_pay() -> None:
    """Fees may be paid from either fund, vouchers and building from one: it does not build with the next instalment."""
    problem = district(
        households=[{"id": "A", "project": "P", "area": 50}, {"id": "B", "project": "P", "area": 50}],
        vouchers=[
            {"id": "V", "price": 1000, "instalments": [{"after": 0, "share": "50%"}, {"after": 4, "share": "50%"}]}
        ],
        estates=[
            {
                "id": "E",
                "projects": ["P"],
                "units": [{"type": "flat"}],
                "phases": [{"id": "E-1", "cost": 500_000, "delivers": {"flat": 1}}],
            }
        ],
        funds=[
            {"id": "own", "opening": 70_000, "uses": ["voucher", "construction", "fees"]},
            {"id": "fees", "opening": 0, "inflow": {"monthly": 50_000}, "uses": ["fees"]},
        ],
    )
    decisions = RULES["voucher-first"]().decide(problem)
    assert broken(problem, decisions) == []
    assert len(decisions.settle) == 1
    assert decisions.build[:, 2].sum() > 0
    assert not len(decisions.shortfall)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in ("costliest-first", "wait-for-build")])
def test_households_in_bulk_are_served_as_if_one_by_one(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are looked at together; of the rules whose households have their offers together."""
    served_so: list[list[list[list[int]]]] = []
    for size in (1, 1000):
        monkeypatch.setattr(settling, "FIRST_BATCH", size)
        served_so += [[sorted(RULES[rule]().decide(tiny_problem(seed)).settle.tolist()) for seed in SEEDS]]
    assert served_so[0] == served_so[1]
