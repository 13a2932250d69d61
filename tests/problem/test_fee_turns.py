"""Further turns of the fee rules against a slow reading of them: one household, one month, one part at a time."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.problem.invariants import check_tables

from renewopt import Scenario
from renewopt.problem import compile_problem
from renewopt.units import Month

START = Month.parse("2024-02")
MONTHS = 10
PERIODS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Of 2024; that of February alone differs, which is left out in other years."""


@st.composite
def policies(draw: st.DrawFn, name: str) -> dict[str, Any]:
    policy: dict[str, Any] = {
        "id": name,
        "rate": draw(st.integers(100, 3000)) / 100,
        "term": draw(st.integers(0, 20)),
        "overdue": [{"after": draw(st.integers(0, 5)), "multiplier": draw(st.integers(50, 300)) / 100}],
        "first_month": draw(st.sampled_from(["whole", "half", "next", "by_day"])),
    }
    if draw(st.booleans()):
        policy["household_maximum"] = draw(st.integers(500, 2000))
    if draw(st.booleans()):
        growth: dict[str, Any] = {
            "by": draw(st.sampled_from([0.05, 0.1, 0.5])),
            "every": draw(st.integers(1, 8)),
            "compound": draw(st.booleans()),
            "clock": draw(st.sampled_from(["calendar", "moving_out"])),
        }
        if growth["clock"] == "calendar":
            growth["from"] = str(START + draw(st.integers(-12, 6)))
        if draw(st.booleans()):
            growth["at_most"] = policy["rate"] + draw(st.integers(0, 500)) / 100
        if "household_maximum" in policy:
            growth["amounts"] = draw(st.sampled_from([["rate"], ["household_maximum"], ["rate", "household_maximum"]]))
        policy["growth"] = growth
    return policy


@st.composite
def districts(draw: st.DrawFn) -> dict[str, Any]:
    payment = {
        "frequency": draw(st.sampled_from(list(PERIODS))),
        "period_from": draw(st.sampled_from(["calendar", "moving_out"])),
        "in_advance": draw(st.booleans()),
    }
    rows, parts = [], []
    for number in range(draw(st.integers(1, 4))):
        row: dict[str, Any] = {
            "id": f"H{number}",
            "project": "P",
            "fee_policy": draw(st.sampled_from(["F", "G"])),
            "area": draw(st.integers(1000, 20_000)) / 100,
            # In 2023 days matter only from March on, since a period has twelve months at most.
            "moved_out": str(START + draw(st.integers(-11, 11))),
            "moved_out_day": draw(st.integers(1, 28)),
            "count": draw(st.integers(1, 3)),
        }
        if draw(st.booleans()):
            row["ends"] = str(START + draw(st.integers(11, 14)))
        if draw(st.booleans()):
            row["prepaid"] = draw(st.integers(1, 1_000_000)) / 100
        rows.append(row)
        for _ in range(draw(st.integers(0, 2))):
            part: dict[str, Any] = {
                "household": row["id"],
                "fee_policy": draw(st.sampled_from(["F", "G"])),
                "area": draw(st.integers(1000, 9_000)) / 100,
            }
            if draw(st.booleans()):
                part |= {"moved_out": str(START + draw(st.integers(-11, 11))), "moved_out_day": 15}
            if draw(st.booleans()):
                part["term"] = draw(st.integers(0, 20))
            parts.append(part)
    district: dict[str, Any] = {
        "name": "drawn",
        "start": str(START),
        "months": MONTHS,
        "projects": [{"id": "P"}],
        "fee_policies": [draw(policies("F")) | payment, draw(policies("G")) | payment],
        "households": rows,
        "funds": [{"id": "treasury"}],
        "objective": {"after_horizon_months": 3},
    }
    return district | ({"fee_parts": parts} if parts else {})


def offset(text: str) -> int:
    return Month.parse(text) - START


def grown(policy: dict[str, Any], what: str, begins: int, t: int) -> Fraction:
    """Rate or maximum in a month."""
    amount = Fraction(str(policy[what]))
    growth = policy.get("growth")
    if growth is None or what not in growth.get("amounts", ["rate"]):
        return amount
    rise = offset(growth["from"]) if growth["clock"] == "calendar" else begins + growth["every"]
    by, now, rises = Fraction(str(growth["by"])), amount, 0
    while rise <= t:
        rises += 1
        now = now * (1 + by) if growth["compound"] else amount * (1 + rises * by)
        rise += growth["every"]
    return min(now, Fraction(str(growth["at_most"]))) if what == "rate" and "at_most" in growth else now


def accrued(policy: dict[str, Any], part: dict[str, Any], ends: int, t: int) -> tuple[Fraction, Fraction]:
    """Fee at multiplier 1 and multiplier of a month, of one part; the first month is a part of one."""
    moved = offset(part["moved_out"])
    begins = moved + (policy["first_month"] == "next")
    if t < begins or t >= ends:
        return Fraction(0), Fraction(0)
    rate = Decimal(grown(policy, "rate", begins, t).numerator) / grown(policy, "rate", begins, t).denominator
    fee = Fraction(str(part["area"])) * Fraction(rate.quantize(Decimal("0.0001"), ROUND_HALF_UP))
    if "household_maximum" in policy:
        fee = min(fee, grown(policy, "household_maximum", begins, t))
    late = t - begins - part.get("term", policy["term"])
    step = policy["overdue"][0]
    times = Fraction(str(step["multiplier"])) if late >= step["after"] else Fraction(1)
    if t == moved and policy["first_month"] == "half":
        times /= 2
    if t == moved and policy["first_month"] == "by_day":
        days = DAYS[(START + t).month - 1] - ((START + t).month == 2 and t < 0)
        times *= Fraction(days - part["moved_out_day"] + 1, days)
    return fee, times


def paid(policy: dict[str, Any], part: dict[str, Any], anchor: int, ends: int, t: int) -> Fraction:
    """Fee of a part in a month; in advance that of a whole period of the household, at its first month's rate."""
    period = PERIODS[policy["frequency"]]
    if not policy["in_advance"] or period == 1:
        fee, times = accrued(policy, part, ends, t)
        return fee * times
    begins = offset(part["moved_out"]) + (policy["first_month"] == "next")
    if t < begins or not (t == begins or (t - anchor) % period == 0):
        return Fraction(0)
    last = t + period - 1 - (t - anchor) % period
    fee = accrued(policy, part, ends, t)[0]
    return fee * sum(accrued(policy, part, ends, month)[1] for month in range(t, last + 1))


@settings(max_examples=full_count(20, 3_000))
@given(districts())
def test_fees_agree_with_the_rules_read_one_by_one(district: dict[str, Any]) -> None:
    problem = compile_problem(Scenario.model_validate(district))
    check_tables(problem)
    policies = {policy["id"]: policy for policy in district["fee_policies"]}
    months = problem.calendar.curve_months
    fees = problem.fees.fen(slice(None), slice(None))
    before = np.zeros(problem.calendar.books)
    room = 0
    for claim, row in enumerate(district["households"]):
        own = policies[row["fee_policy"]]
        further = [row | part for part in district.get("fee_parts", []) if part["household"] == row["id"]]
        ends = offset(row["ends"]) if "ends" in row else 1000
        period = PERIODS[own["frequency"]]
        begins = offset(row["moved_out"]) + (own["first_month"] == "next")
        anchor = begins if own["period_from"] == "moving_out" else -START.ordinal
        running = 0 if own["in_advance"] else (0 - anchor) % period
        left = Fraction(str(row.get("prepaid", 0))) * 100
        for seen, t in enumerate(range(-running, months), start=1):
            fee = sum(paid(policies[part["fee_policy"]], part, anchor, ends, t) for part in (row, *further)) * 100
            used = min(left, fee)
            left -= used
            if t < 0:
                before[period - 1 - (0 - anchor) % period] += float(fee - used) * row["count"]
                room += row["count"]
            else:
                # Rounded to the fen; what was prepaid is used up in whole fen.
                assert abs(fees[claim, t] - (fee - used)) <= (seen if "prepaid" in row else 0.51), (row["id"], t)
    assert np.abs(problem.needs.fixed.sum(axis=0) - before).max() <= room + 1


def test_of_fees_in_advance_a_tail_knows_the_month_of_moving_out_alone() -> None:
    district = {
        "name": "x",
        "start": "2024-02",
        "months": 12,
        "projects": [{"id": "P1", "moved_out": "2024-04", "term": 2, "fee_policy": "ahead"}],
        "fee_policies": [
            {
                "id": "ahead",
                "term": 2,
                "rate": 10,
                "overdue": [{"after": 0, "multiplier": 1.5}],
                "first_month": "by_day",
                "frequency": "quarterly",
                "period_from": "moving_out",
                "in_advance": True,
                "tail": 2,
                "tail_multiplier": 2,
            }
        ],
        # From the 21st on 10 of 30 days are paid, of 100 m² at 10 yuan.
        "households": [{"id": "H1", "project": "P1", "area": 100, "persons": 3, "moved_out_day": 21}],
        "funds": [{"id": "revenue", "opening": 10_000_000}],
    }
    fees = compile_problem(Scenario.model_validate(district)).fees
    months = np.arange(7)
    # A third of April, May, and June at 1.5; then July to September, all overdue.
    due = [0, 0, 33_333 + 100_000 + 150_000, 0, 0, 3 * 150_000, 0]
    assert fees.fen(slice(None), months).tolist() == [due]
    assert fees.each_fen(np.zeros(7, dtype=np.int64), months).tolist() == due
    at, twice = np.zeros(2, dtype=np.int64), np.full(2, 2000)
    assert fees.tail_fen(at, np.array([2, 2]), np.array([2, 3]), twice).tolist() == [66_667, 200_000]
    assert fees.fen_at(2000, np.zeros(1, dtype=np.int64), slice(2, 4)).tolist() == [[66_667, 200_000]]
