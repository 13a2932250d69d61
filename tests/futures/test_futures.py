"""Futures: drawn alike for everybody, shown little by little, and never known before."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
from tests.problem.invariants import check_tables

from renewopt import Scenario
from renewopt.futures import draw_future, is_random
from renewopt.futures.changes import LaterMoves
from renewopt.futures.distributions import hashed, quantile, uniform
from renewopt.ledger import audit_decisions
from renewopt.policies import RULES, Optimal, Rolling, simulate
from renewopt.problem import Problem, compile_problem
from renewopt.scenario.models import Distribution
from renewopt.scenario.models import Future as Statement

FUTURE = {
    "id": "rough",
    "delays": [{"months": {"distribution": "triangular", "low": 0, "mode": 2, "high": 6}, "probability": 0.8}],
    "inflows": [
        {"share": {"distribution": "normal", "mean": 0.9, "spread": 0.2, "high": 1.2}, "late": 1, "probability": 0.5}
    ],
    "take_up": [{"share": 0.6}],
    "withdrawals": [{"after": {"distribution": "uniform", "low": 2, "high": 10}, "probability": 0.5}],
    "decrees": [{"factor": {"distribution": "discrete", "values": [0.8, 1.25]}, "after": 6, "announced": 2}],
    "later_moves": [{"months": {"distribution": "exponential", "mean": 2}, "probability": 0.7}],
}


PROJECTS = [{"id": "P", "moved_out": "2023-01"}, {"id": "Q", "moved_out": "2023-01"}]


def district(**changes: object) -> Problem:
    """Two projects, three estates' phases, vouchers at two developers, households that move out during the plan."""
    households = [
        {
            "id": f"H{n}",
            "project": "P" if n % 2 else "Q",
            "area": 50 + 7 * (n % 6),
            "moved_out": ["2022-01", "2023-06", "2024-03", "2024-06"][n % 4],
        }
        for n in range(24)
    ]
    households.append({"id": "village", "project": "Q", "area": 60, "count": 6, "moved_out": "2023-01"})
    sections: dict[str, object] = {
        "name": "by hand",
        "start": "2024-01",
        "months": 18,
        "fee_policies": [{"id": "fees", "rate": 10, "term": 18, "overdue": [{"multiplier": 2}], "tail": 1}],
        "projects": PROJECTS,
        "households": households,
        "estates": [
            {
                "id": "E",
                "projects": ["P"],
                "units": [{"type": "flat", "on_hand": 1, "arrivals": {"2024-05": 2}, "surplus": 2}],
                "phases": [
                    {"id": "E-1", "cost": 60_000, "delivers": {"flat": 4}, "earliest": "2024-04"},
                    {"id": "E-2", "cost": 50_000, "delivers": {"flat": 4}, "handover_lag": 2},
                ],
            }
        ],
        "vouchers": [
            {
                "id": "V",
                "price": 500,
                "developers": [{"developer": "D1"}, {"developer": "D2"}],
                "instalments": [{"after": 0, "share": 0.5}, {"after": 3, "share": 0.5}],
            }
        ],
        "developers": [
            {"id": "D1", "debts": [{"due": "2024-04", "amount": 60_000}], "homes": {"on_hand": 5}},
            {"id": "D2"},
        ],
        "funds": [
            {"id": "budget", "opening": 60_000, "inflow": {"monthly": 45_000, "until": "2026-12"}},
            {"id": "bond", "inflow": {"by_month": {"2024-02": 60_000, "2025-03": 50_000}}, "uses": ["construction"]},
        ],
    }
    return compile_problem(Scenario.from_tables(**{**sections, **changes}))


def same(one: object, other: object) -> bool:
    """Whether two tables say the same."""
    if is_dataclass(one) and is_dataclass(other):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    return bool(one == other)


@pytest.mark.parametrize(
    ("stated", "values"),
    [
        ({"distribution": "fixed", "value": 3}, [3, 3, 3]),
        ({"distribution": "uniform", "low": 2, "high": 6}, [3, 4, 5]),
        ({"distribution": "triangular", "low": 0, "mode": 2, "high": 4}, [2**0.5, 2, 4 - 2**0.5]),
        ({"distribution": "normal", "mean": 10, "spread": 1}, [9.3255, 10, 10.6745]),
        ({"distribution": "exponential", "mean": 2}, [0.57536, 1.38629, 2.77259]),
        ({"distribution": "discrete", "values": [1, 5], "weights": [3, 1]}, [1, 1, 5]),
        ({"distribution": "normal", "mean": 1, "spread": 9, "high": 2}, [0, 1, 2]),
    ],
)
def test_quantiles(stated: dict[str, object], values: list[float]) -> None:
    found = quantile(Distribution.model_validate(stated), np.array([0.25, 0.5, 0.75]))
    assert found == pytest.approx(values, abs=1e-4)


def test_means_are_those_stated() -> None:
    u = (np.arange(20_000) + 0.5) / 20_000
    for stated in ({"distribution": "lognormal", "mean": 4, "spread": 0.5}, {"distribution": "exponential", "mean": 4}):
        assert quantile(Distribution.model_validate(stated), u).mean() == pytest.approx(4, rel=1e-3)


def test_numbers_hang_on_seed_purpose_and_name_alone() -> None:
    names = ["H1", "H2", "户3", "a much longer name than the others"]
    drawn = uniform(3, "a", hashed(names))
    assert (uniform(3, "a", hashed(names[:2])) == drawn[:2]).all()
    assert (uniform(3, "a", hashed(reversed(names))) == drawn[::-1]).all()
    assert (uniform(4, "a", hashed(names)) != drawn).all()
    assert (uniform(3, "b", hashed(names)) != drawn).all()
    assert uniform(3, "a", hashed([])).size == 0


def test_numbers_are_even_and_have_nothing_to_do_with_each_other() -> None:
    names = hashed(f"H{number}" for number in range(50_000))
    purposes = ["take_up/0/household", "take_up/1/household", "move/0", "move/0?"]
    drawn = np.array([uniform(seed, what, names) for seed in (0, 1, 2, 1_000_000) for what in purposes])
    for row in drawn:
        cells = np.histogram(row, bins=100, range=(0, 1))[0]
        # Chi-square with 99 degrees of freedom: above 160 once in ten thousand times.
        assert ((cells - 500) ** 2 / 500).sum() < 160
        assert abs(np.corrcoef(row[:-1], row[1:])[0, 1]) < 0.02
    among = np.corrcoef(drawn) - np.eye(len(drawn))
    assert np.abs(among).max() < 0.02
    # Nor do the seeds of one household go together.
    seeds = np.array([uniform(seed, "move/0", names[:2]) for seed in range(5_000)])
    assert abs(np.corrcoef(seeds.T)[0, 1]) < 0.06
    assert seeds.mean(axis=0) == pytest.approx(0.5, abs=0.02)


def fates(problem: Problem) -> dict[str, tuple[int, int]]:
    """Months by which each household moves out later, and how many of it take a voucher."""
    stated = {"id": "s", "take_up": [{"share": 0.5}], "later_moves": [FUTURE["later_moves"][0]]}
    future = draw_future(problem, Statement.model_validate(stated), 3)
    (moves,) = (change for change in future.changes if isinstance(change, LaterMoves))
    assert future.answers is not None
    taken = np.zeros(len(problem.claims), dtype=int)
    asked = future.answers.kind >= 0
    taken[problem.offers.claim[asked]] = future.answers.willing[future.answers.kind[asked]]
    rows = zip(problem.claims.household, moves.months.tolist(), taken.tolist(), strict=True)
    return {household: (months, takers) for household, months, takers in rows}


def test_a_household_meets_the_same_future_whoever_else_is_planned_for_and_however_files_are_sorted() -> None:
    households = [
        {"id": f"H{n}", "project": "P" if n % 2 else "Q", "area": 60, "count": 1 + n % 3, "moved_out": "2024-03"}
        for n in range(40)
    ]
    all_of_them = fates(district(households=households))
    assert fates(district(households=households[::-1], projects=PROJECTS[::-1])) == all_of_them
    without = fates(district(households=households[1::2], projects=PROJECTS[:1]))
    assert without == {household: all_of_them[household] for household in without}
    assert len(without) == 20
    assert len(set(all_of_them.values())) > 5


def test_several_homes_of_a_household_have_one_fate() -> None:
    households = [{"id": f"H{n}", "project": "P", "area": 120, "homes": 2, "moved_out": "2024-03"} for n in range(20)]
    problem = district(households=households)
    assert len(problem.claims) == 40
    stated = Statement.model_validate({"id": "s", "later_moves": FUTURE["later_moves"]})
    (moves,) = draw_future(problem, stated, 3).changes
    assert isinstance(moves, LaterMoves)
    assert len(set(zip(problem.claims.household, moves.months, strict=True))) == 20


def test_money_of_a_year_is_the_same_whenever_the_plan_starts() -> None:
    stated = {"id": "s", "inflows": [{"funds": ["budget"], "share": {"distribution": "uniform", "low": 0, "high": 1}}]}
    early, late = (
        draw_future(district(start=start), Statement.model_validate(stated), 3).truth.funds.inflow[0]
        for start in ("2023-07", "2024-01")
    )
    assert early[6:18].tolist() == late[:12].tolist()
    assert early[5] != early[6]


def test_stress_cases_are_not_random() -> None:
    assert is_random(Statement.model_validate(FUTURE))
    fixed = {"id": "late", "delays": [{"months": 6}], "inflows": [{"share": 0.7, "months": 12}]}
    assert not is_random(Statement.model_validate(fixed))


def test_a_fixed_stress_case_means_what_it_says() -> None:
    problem = district()
    stated = {"id": "s", "delays": [{"months": 6}], "inflows": [{"funds": ["budget"], "share": "70%", "months": 12}]}
    truth = draw_future(problem, Statement.model_validate(stated), 5).truth
    assert (truth.phases.earliest == problem.phases.earliest + 6).all()
    assert (truth.phases.lag == problem.phases.lag + 6).all()
    assert truth.pools.arrivals["month"].tolist() == [
        month + 6 if month else 0 for month in problem.pools.arrivals["month"].tolist()
    ]
    assert truth.funds.inflow[0, :13].tolist() == [45_000_00 * 7 // 10] * 12 + [45_000_00]
    assert (truth.funds.inflow[1] == problem.funds.inflow[1]).all()


def test_late_money_comes_later_and_once() -> None:
    problem = district()
    stated = {"id": "s", "inflows": [{"funds": ["bond"], "late": 2}]}
    truth = draw_future(problem, Statement.model_validate(stated), 0).truth
    assert np.flatnonzero(truth.funds.inflow[1]).tolist() == [3, 16]


def test_decrees_and_later_moves_change_the_fees() -> None:
    problem = district()
    everybody = np.arange(len(problem.claims))
    stated = {"id": "s", "decrees": [{"factor": 1.5, "after": 6, "projects": ["P"]}], "later_moves": [{"months": 3}]}
    truth = draw_future(problem, Statement.model_validate(stated), 0).truth
    before, after = (p.fees.fen(everybody, slice(0, 18)) for p in (problem, truth))
    planned = problem.fees.moved_out[problem.fees.clock]
    for h in everybody.tolist():
        shift = 3 if planned[h] > 0 else 0
        factor = np.where((np.arange(18) >= 6) & (problem.claims.project[h] == 0), 3, 2)
        moved = np.concatenate([np.zeros(shift, dtype=int), before[h, : 18 - shift]])
        assert (after[h] == moved * factor // 2).all()


def test_declined_offers_and_withdrawn_developers_cannot_be_taken() -> None:
    problem = district()
    stated = {"id": "s", "take_up": [{"share": 0.5}], "withdrawals": [{"developers": ["D1"], "after": 4}]}
    future = draw_future(problem, Statement.model_validate(stated), 1)
    check_tables(future.truth)
    vouchers = problem.offers.route == 2
    at_d1 = vouchers & (problem.offers.label == "V/D1")
    assert at_d1.any()
    assert (future.truth.offers.last[at_d1] == 3).all()
    answers = future.answers
    assert answers is not None
    households = problem.claims.count[:24].sum()
    assert 0.2 * households < answers.willing[:24].sum() < 0.8 * households
    assert set(future.truth.limits.id) == {"declined"}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rule", ["first-come", "units-first", "wait-for-build"])
def test_every_rule_is_kept_in_every_future(rule: str, seed: int) -> None:
    future = draw_future(district(), Statement.model_validate(FUTURE), seed)
    check_tables(future.truth)
    decisions = simulate(RULES[rule](), future)
    assert [str(v) for v in audit_decisions(future.truth, decisions) if v.kind == "broken_rule"] == []


@pytest.mark.parametrize("rule", list(RULES))
def test_what_comes_after_a_month_changes_nothing_before_it(rule: str) -> None:
    """Two futures that agree up to month t: the first one, and one in which nothing more goes wrong after t."""
    problem = district()
    future = draw_future(problem, Statement.model_validate(FUTURE), 3)
    whole = simulate(RULES[rule](), future)
    differing = 0
    for month in range(0, 18, 3):
        altered = replace(future, changes=tuple(cut(change, month, problem) for change in future.changes), _known={})
        changed = simulate(RULES[rule](), altered)
        for f in fields(whole):
            before, after = (sorted(getattr(d.before(month + 1), f.name).tolist()) for d in (whole, changed))
            assert before == after, (month, f.name)
        differing += not same(whole, changed)
    assert differing >= 2


def cut(change, month: int, problem: Problem):
    """The same change, with all that would show after a month as planned."""
    match type(change).__name__:
        case "InflowChanges":
            # What has shown by then keeps its date; what is stated for later comes as stated.
            kept = change.month <= month
            return type(change)(*(getattr(change, f.name)[kept] for f in fields(change)))
        case "LaterMoves":
            return replace(change, months=np.where(change.planned_month <= month, change.months, 0))
        case "Decrees":
            kept = change.announced <= month
            return type(change)(*(getattr(change, f.name)[kept] for f in fields(change)))
        case "Withdrawals":
            kept = change.month <= month
            return type(change)(tuple(o for o, k in zip(change.offers, kept, strict=True) if k), change.month[kept])
        case "Delays":
            # A phase whose planned month lies later turns out to be on time.
            soon = problem.phases.earliest <= month
            lots = problem.pools.arrivals["month"] <= month
            return replace(change, phase=np.where(soon, change.phase, 0), arrival=np.where(lots, change.arrival, 0))
        case _:
            return change


def test_nothing_new_gives_the_same_tables() -> None:
    future = draw_future(district(), None, 9)
    assert future.truth is future.planned
    decisions = simulate(RULES["first-come"](), future)
    assert same(decisions, RULES["first-come"]().decide(district()))


@pytest.mark.parametrize("policy", [Optimal(gap=0.05), Rolling(every=6, gap=0.05)])
def test_plans_and_their_repairs_see_no_further_either(policy: Optimal | Rolling) -> None:
    few = [
        {"id": f"H{n}", "project": "PQ"[n % 2], "area": 50 + 9 * n, "moved_out": ["2022-01", "2024-04"][n // 6]}
        for n in range(9)
    ]
    problem = district(months=10, households=few)
    future = draw_future(problem, Statement.model_validate(FUTURE), 3)
    whole = simulate(policy, future)
    assert [str(v) for v in audit_decisions(future.truth, whole) if v.kind == "broken_rule"] == []
    differing = 0
    for month in (0, 1, 4):
        altered = replace(future, changes=tuple(cut(change, month, problem) for change in future.changes), _known={})
        changed = simulate(policy, altered)
        for f in fields(whole):
            before, after = (sorted(getattr(d.before(month + 1), f.name).tolist()) for d in (whole, changed))
            assert before == after, (month, f.name)
        differing += not same(whole, changed)
    assert differing > 0
