"""The fee engine against a slow reading of the same rules, one household and one month at a time."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.problem.invariants import check_tables

from renewopt import Scenario
from renewopt.problem import Problem, compile_problem
from renewopt.units import Month

START = Month.parse("2024-01")
MONTHS = 10
GROUPS = ("a", "b", "c")


def cents(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda n: Decimal(n) / 100)


def month(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda n: str(START + n))


@st.composite
def steps(draw: st.DrawFn) -> list[dict[str, Any]]:
    after = sorted(draw(st.sets(st.integers(0, 14), max_size=3)))
    return [{"after": a, "multiplier": draw(st.integers(0, 300)) / 100} for a in after]


@st.composite
def policies(draw: st.DrawFn, name: str) -> dict[str, Any]:
    rates = sorted(draw(st.sets(st.integers(-3, 8), min_size=1, max_size=3)))
    rate: list[dict[str, Any]] = [{"from": str(START + m), "yuan": draw(cents(0, 3000))} for m in rates]
    if draw(st.booleans()):
        del rate[0]["from"]
    uplifts = [
        {"group": g, "category": draw(st.sampled_from("xy")), **draw(st.sampled_from(kinds))}
        for g in draw(st.sets(st.sampled_from(GROUPS)))
        for kinds in [[{"percent": 0.2}, {"monthly": 123.45}, {"percent": 0.05, "monthly": 50}]]
    ]
    optional = {
        "household_minimum": draw(st.none() | cents(0, 200_000)),
        "area_floor": draw(st.none() | cents(0, 12_000)),
    }
    return {
        "id": name,
        "basis": draw(st.sampled_from(["area", "person", "household"])),
        "rate": rate,
        "term": draw(st.integers(0, 30)),
        "overdue": draw(steps()),
        "turnover": draw(steps()),
        "uplifts": uplifts,
        **{key: value for key, value in optional.items() if value is not None},
    }


@st.composite
def households(draw: st.DrawFn, name: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": name,
        "project": "P",
        "area": draw(cents(1000, 20_000)),
        "persons": draw(st.integers(1, 6)),
        "moved_out": draw(month(-40, 12)),
        "fee_policy": draw(st.sampled_from(["F", "G"])),
        "turnover": draw(st.booleans()),
        "groups": ";".join(sorted(draw(st.sets(st.sampled_from(GROUPS))))),
        "homes": draw(st.integers(1, 3)),
        "term": draw(st.none() | st.integers(0, 30)),
    }
    if draw(st.booleans()):
        row["part_month"] = draw(month(-2, 12))
        row["part_area"] = draw(cents(1, 1000))
    return row


@st.composite
def districts(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "name": "drawn",
        "start": str(START),
        "months": MONTHS,
        "projects": [{"id": "P"}],
        "fee_policies": [draw(policies("F")), draw(policies("G"))],
        "households": [draw(households(f"H{n}")) for n in range(draw(st.integers(1, 6)))],
        "funds": [{"id": "treasury"}],
        "objective": {"after_horizon_months": 3},
    }


def offset(text: str) -> int:
    return Month.parse(text) - START


def rate_in(policy: dict[str, Any], t: int) -> Fraction:
    rate = Fraction(0)
    for step in policy["rate"]:
        if "from" not in step or offset(step["from"]) <= t:
            rate = Fraction(step["yuan"])
    return rate


def whole_fee(policy: dict[str, Any], row: dict[str, Any], t: int) -> Fraction:
    """Yuan a month for the household at multiplier 1."""
    if policy["basis"] == "area":
        area = Fraction(row["area"])
        if "part_month" in row and offset(row["part_month"]) <= t:
            base = max(area - Fraction(row["part_area"]), Fraction(0))
        else:
            base = max(area, Fraction(policy.get("area_floor", 0)))
    else:
        base = Fraction(row["persons"] if policy["basis"] == "person" else 1)
    fee = max(base * rate_in(policy, t), Fraction(policy.get("household_minimum", 0)))
    best: dict[str, Fraction] = {}
    for uplift in policy["uplifts"]:
        if uplift["group"] in row["groups"].split(";"):
            value = fee * Fraction(str(uplift.get("percent", 0))) + Fraction(str(uplift.get("monthly", 0)))
            best[uplift["category"]] = max(best.get(uplift["category"], Fraction(0)), value)
    return fee + sum(best.values())


def multiplier(policy: dict[str, Any], row: dict[str, Any], t: int) -> tuple[Fraction, bool]:
    """Multiplier in month t, and whether it is overdue."""
    since = t - offset(row["moved_out"])
    term = policy["term"] if row["term"] is None else row["term"]
    if since < 0:
        return Fraction(0), False
    overdue_month = since - term + 1
    found = Fraction(0 if row["turnover"] else 1)
    for step in policy["turnover" if row["turnover"] else "overdue"]:
        if overdue_month >= step["after"] + 1:
            found = Fraction(str(step["multiplier"]))
    return found, overdue_month >= 1


def half_up(value: Fraction) -> int:
    return int((value + Fraction(1, 2)) // 1)


def compile_drawn(district: dict[str, Any]) -> Problem:
    problem = compile_problem(Scenario.model_validate(district))
    check_tables(problem)
    return problem


@settings(max_examples=full_count(50, 2_000))
@given(districts())
def test_fee_curves_agree_with_the_rules_read_one_by_one(district: dict[str, Any]) -> None:
    problem = compile_drawn(district)
    named = {policy["id"]: policy for policy in district["fee_policies"]}
    months = problem.calendar.curve_months
    fees = problem.fees.fen(slice(None), slice(None))
    claim = 0
    for row in district["households"]:
        policy = named[row["fee_policy"]]
        for part in range(row["homes"]):
            assert problem.claims.household[claim] == row["id"]
            for t in range(months):
                micro = whole_fee(policy, row, t) * 1_000_000
                assert micro.denominator == 1
                share = micro.numerator * (part + 1) // row["homes"] - micro.numerator * part // row["homes"]
                times, late = multiplier(policy, row, t)
                assert fees[claim, t] == half_up(share * times / 10_000), (row["id"], part, t)
                assert problem.fees.overdue[problem.fees.clock[claim], t] == late
            claim += 1
    assert claim == len(problem.claims)


@settings(max_examples=full_count(20, 200), deadline=None)
@given(districts())
def test_steps_make_up_the_curves(district: dict[str, Any]) -> None:
    fees = compile_drawn(district).fees
    curve = fees.fen(slice(None), slice(None))
    summed = np.zeros_like(curve)
    steps = fees.steps
    for claim, month, fen in zip(steps.row, steps["month"], steps["fen"], strict=True):
        assert fen
        summed[claim, month:] += fen
    assert (summed == curve).all()


@settings(max_examples=full_count(12, 500))
@given(districts(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(district: dict[str, Any], random: Any) -> None:
    order = list(range(len(district["households"])))
    random.shuffle(order)
    shuffled = {**district, "households": [district["households"][n] for n in order]}
    one, other = compile_drawn(district), compile_drawn(shuffled)
    for name in one.claims.household:
        mine, theirs = (np.flatnonzero(problem.claims.household == name) for problem in (one, other))
        left, right = one.fees.fen(mine, slice(None)), other.fees.fen(theirs, slice(None))
        assert (left == right).all()


@settings(max_examples=full_count(20, 1_000))
@given(st.lists(st.tuples(st.integers(-5, 12), st.integers(0, 10**7), st.booleans()), min_size=1, max_size=5))
def test_direct_curves_hold_from_each_step_on(given_steps: list[tuple[int, int, bool]]) -> None:
    by_month = {t: (fen, late) for t, fen, late in given_steps}
    district = {
        "name": "direct",
        "start": str(START),
        "months": MONTHS,
        "projects": [{"id": "P"}],
        "households": [{"id": "A", "project": "P"}, {"id": "B", "project": "P", "homes": 2}],
        "fee_curves": [
            {"household": name, "from": str(START + t), "fee": f"{Decimal(fen) / 100}", "overdue": late}
            for name in ("B", "A")
            for t, (fen, late) in by_month.items()
        ],
        "funds": [{"id": "treasury"}],
    }
    problem = compile_drawn(district)
    fees = problem.fees.fen(slice(None), slice(None))
    for t in range(problem.calendar.curve_months):
        past = [m for m in by_month if m <= t]
        fen, late = by_month[max(past)] if past else (0, False)
        assert fees[0, t] == fen
        assert abs(int(fees[1, t]) - int(fees[2, t])) <= 1
        assert abs(int(fees[1:, t].sum()) - fen) <= 1
        assert problem.fees.overdue[problem.fees.clock, t].tolist() == [late] * 3
