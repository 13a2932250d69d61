"""Who should have one thing more: the bound holds against the district solved anew with it."""

import numpy as np
import pytest

from renewopt.optimiser.reduced_costs.forced import with_homes, with_money
from renewopt.results.explanations.making import solve_changed
from renewopt.results.planned import Plan
from renewopt.wording import LANGUAGES

YUAN = 1.5


def test_one_more_home_saves_no_more_than_is_proven(minimal: Plan) -> None:
    found = minimal.next_for_home("Garden/flat", exact=True)
    assert found.saved > 1_000
    assert found.saved <= found.saved_most + YUAN
    assert found.saved_most <= found.most + YUAN
    # It goes to a household that takes a home there, and has none there yet.
    assert len(found.households)
    assert (found.households["pool"] == "Garden/flat").all()
    assert (found.households["plan_pool"] != "Garden/flat").all()
    assert found.households["saved"].is_monotonic_decreasing


def test_a_home_that_comes_later_is_worth_no_more(minimal: Plan) -> None:
    sooner, later = minimal.next_for_home("Meadow/flat"), minimal.next_for_home("Meadow/flat", "2024-04")
    assert later.worth <= sooner.worth + YUAN
    assert (later.households["housed"] >= "2024-04").all()


def test_more_money_saves_no_more_than_is_proven(minimal: Plan) -> None:
    found = minimal.next_for_money(500_000, "2024-01", "budget", exact=True)
    assert found.saved > 1_000
    assert found.saved <= found.saved_most + YUAN
    assert found.saved_most <= found.most + YUAN
    assert found.households["household"].is_unique
    assert found.households["cash"].sum() <= 500_000


@pytest.mark.slow
def test_bounds_hold_on_a_district(kept: Plan) -> None:
    grounds = kept.opened()
    pool, fund = 0, str(grounds.problem.funds.id[0])
    home = kept.next_for_home(str(grounds.problem.pools.id[pool]))
    money = kept.next_for_money(1e6, None, fund)
    assert kept.objective is not None
    for found, changed in (
        (home, with_homes(grounds.problem, pool, 0, 100)),
        (money, with_money(grounds.problem, 0, 0, 100_000_000)),
    ):
        solved = solve_changed(grounds, changed, 0.02, 60.0, None)
        assert solved.value is not None
        assert kept.objective - solved.value <= found.most + YUAN
        assert found.worth <= found.most + YUAN


def test_the_fund_is_the_one_where_money_is_worth_the_most(kept: Plan) -> None:
    prices = kept.prices
    first = prices[(prices["kind"] == "money") & (prices["month"] == kept.start)]
    found = kept.next_for_money(1e6)
    best = first.loc[first["id"] == found.fund, "price_yuan"].max()
    assert best == first["price_yuan"].max()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_told_in_both_languages(minimal: Plan, lang: str) -> None:
    home = minimal.next_for_home("Garden/flat", exact=True).summary(lang)  # type: ignore[arg-type]
    money = minimal.next_for_money(400_000, "2024-02").summary(lang)  # type: ignore[arg-type]
    assert "Garden/flat" in home
    assert ("Re-solved" in home) if lang == "en" else ("重新求解" in home)
    assert ("400,000 yuan" in money) if lang == "en" else ("40万元" in money)


def test_what_cannot_be_asked_is_refused(minimal: Plan) -> None:
    with pytest.raises(ValueError, match=r"no homes 'Garden/flats'; expected .*; did you mean 'Garden/flat'"):
        minimal.next_for_home("Garden/flats")
    with pytest.raises(ValueError, match="month 2031-01: expected 2024-01 to"):
        minimal.next_for_home("Garden/flat", "2031-01")
    with pytest.raises(ValueError, match="no fund 'budgets'"):
        minimal.next_for_money(1.0, None, "budgets")
    for amount in (0, -1.0, np.nan, True):
        with pytest.raises(ValueError, match="expected yuan above 0"):
            minimal.next_for_money(amount)
