"""Totals that tie out: whatever the district and whatever is decided, no difference is left without a name."""

from dataclasses import replace

import pytest
from tests.conftest import full_count

from renewopt.results.tying import ties
from renewopt.results.workbook_sums import Placed, Sum, amount_of, formula_of

from .made import random_plan


@pytest.mark.parametrize("seed", range(full_count(30, 1_500)))
def test_every_total_ties_out(seed: int) -> None:
    plan = random_plan(seed)
    found = ties(plan)
    assert {tie.key: tie.difference for tie in found if tie.difference} == {}
    assert {"households", "fees.roster", "fees.months", "fees.paid", "cost", "funds"} <= {tie.key for tie in found}
    for line in (line for tie in found for line in tie.lines):
        assert any(line.amounts)
        assert line.amounts[0] == amount_of(line.sums, plan)


def test_a_fen_that_is_missing_is_a_difference() -> None:
    plan = random_plan(5)
    fees = plan.fees.copy()
    fees.loc[0, "ordinary"] += 0.01
    changed = replace(plan, fees=fees)
    assert {tie.key: tie.difference for tie in ties(changed) if tie.difference} == {
        "fees.months": 0.01,
        "fees.paid": 0.01,
    }


def test_what_was_owed_and_surcharges_have_lines_of_their_own() -> None:
    seen = {line.key for seed in range(30) for tie in ties(random_plan(seed)) for line in tie.lines}
    assert {("item", "arrears"), ("item", "surcharge"), "before", "developer", "owed", "valued"} <= seen


def test_a_sum_is_an_amount_and_a_formula() -> None:
    plan = random_plan(5)
    sums = (Sum("funds", "amount", (("use", ("inflow", "opening")),)), Sum("fees", "paid", sign=-1))
    frame = plan.funds[plan.funds["use"].isin(["inflow", "opening"])]
    assert amount_of(sums, plan) == pytest.approx(frame["amount"].sum() - plan.fees["paid"].sum(), abs=0.005)
    placed = {
        "funds": Placed("funds", {"use": "C", "amount": "E"}, 9, dated=True),
        "fees": Placed("it's", {"paid": "D"}, 4, dated=True),
    }
    of_funds = "'funds'!$E$2:$E$9,'funds'!$C$2:$C$9"
    assert formula_of(sums, placed, "en") == (
        f"=ROUND(SUMIFS({of_funds},\"=inflow\")+SUMIFS({of_funds},\"=opening\")-SUM('it''s'!$D$2:$D$4),2)"
    )
    assert formula_of(sums, {"funds": placed["funds"]}, "en") is None
