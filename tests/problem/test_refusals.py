"""What the tables cannot express, or what a rule lacks, is refused by name and all together."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from renewopt import Scenario, ScenarioError
from renewopt.problem import Problem, compile_problem
from renewopt.problem.compiling.households import table
from renewopt.problem.compiling.refusals import Refusals

Build = Callable[[int | str], Problem]
BARE: dict[str, Any] = {
    "name": "bare",
    "start": "2024-01",
    "months": 6,
    "projects": [{"id": "P"}],
    "households": [{"id": "H", "project": "P"}],
    "funds": [{"id": "treasury"}],
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "home_policies: [{id: city, within_price: 10}]\nprojects: [{id: P1, home_policy: city}]",
            "home_policies.city.into: households pay for homes, and no fund is named that receives it; name a fund",
        ),
        (
            (
                "home_policies: [{id: city}]\nprojects: [{id: P1, home_policy: city}]\n"
                "estates: [{id: E1, units: [{type: a, on_hand: 1}, {type: b, on_hand: 1}]}]"
            ),
            "estates.E1.units: a, b: no area is stated, by which the home policy city matches homes",
        ),
        (
            (
                "home_policies: [{id: city, basis: person, per_basis: 40}]\n"
                "projects: [{id: P1, home_policy: city}]\nhouseholds: [{id: X, project: P1, area: 9}]"
            ),
            "X: no persons stated, which the home policy city needs",
        ),
        (
            (
                "home_policies: [{id: city, bounds: [{persons_to: 9, minimum: 10}]}]\n"
                "projects: [{id: P1, home_policy: city}]\nhouseholds: [{id: X, project: P1, area: 9}]"
            ),
            "X: no persons are stated, by which the home policy city sets bounds",
        ),
        (
            (
                "estates: [{id: E2, measure: persons, units: [{type: a, on_hand: 9}]}]\n"
                "households: [{id: X, project: P1, area: 9}]"
            ),
            "X: no persons are stated, and the estate E2 counts its stock in persons",
        ),
        (
            (
                "fee_policies: [{id: standard, basis: household}]\n"
                "estates: [{id: E2, measure: m2, units: [{type: a, on_hand: 9}]}]\n"
                "households: [{id: X, project: P1}]"
            ),
            "X: neither area nor entitlement is stated, and the estate E2 counts its stock in m²",
        ),
        (
            (
                "fee_policies: [{id: standard, basis: household}]\n"
                "cash: [{id: C, price: 10}]\nhouseholds: [{id: X, project: P1}]"
            ),
            "X: no area is stated, by which C is priced",
        ),
        (
            (
                "{fee_policies: [{id: standard, basis: person, moving_fee: {per_m2: 1}}],"
                "households: [{id: X, project: P1, persons: 1}]}"
            ),
            "X: no area is stated, which the moving fee of standard needs",
        ),
        (
            "fee_policies: [{id: standard, overdue: [{multiplier: 1.2345}]}]",
            "fee_policies.standard.overdue: the multiplier 1.2345 is finer than thousandths",
        ),
        (
            "fee_policies: [{id: standard, paid_by: {developer: D1, advance: 1}}]\ndevelopers: [{id: D1}]",
            "fee_policies.standard.paid_by.into: the advance is recovered, and no fund is named that receives it",
        ),
        (
            "owing: [{id: a, share: 10%}, {id: b, uses: [voucher, fees], projects: [P2], share: 5%}]",
            "owing.b: fees of project P2 may be owed by a already",
        ),
        (
            (
                "{households: [{id: H1, homes: 2}],"
                "fee_curves: [{household: H1, fee: 5}, {household: H1, claim: '2', fee: 5}]}"
            ),
            "fee_curves: H1: two steps begin in one month; state one of them",
        ),
        (
            "fee_curves: [{household: H1, claim: '2', fee: 5}]",
            "fee_curves.claim: H1 has no claim '2'; claims are numbered 1, 2, …",
        ),
    ],
)
def test_refused_by_name(compiled: Build, change: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        compiled(change)
    assert message in str(caught.value)


def test_all_refusals_together(compiled: Build) -> None:
    change = """
        owing: [{id: a, uses: [interest], share: 10%}]
        home_policies: [{id: city, within_price: 10}]
        projects: [{id: P1, home_policy: city}]
    """
    with pytest.raises(ScenarioError) as caught:
        compiled(change)
    assert len(caught.value.errors) == 2


def test_only_a_few_households_are_named() -> None:
    refusals = Refusals("a.yaml")
    names = pd.Series([f"H{n}" for n in range(9)]).to_numpy(dtype=object)
    refusals.refuse_rows(names, names != "H3", "households.area", "no area", "add it")
    with pytest.raises(ScenarioError, match="H0, H1, H2, H4, H5 and 3 more: no area; add it"):
        refusals.stop()
    Refusals("a.yaml").stop()


def test_fiscal_cost_needs_an_obligation_or_a_deadline(compiled: Build) -> None:
    objective = "objective: {minimise: fiscal_cost, discount_rate: 3%, tiers: [{name: t, projects: [P2]}]}"
    safe = "projects: [{id: P1, obligation: 5000}, {id: P2, deadline: 2024-12}]"
    problem = compiled(f"{objective}\n{safe}\nhouseholds: [{{id: H3, project: P1, area: 1, obligation: 77.5}}]")
    assert problem.claims.obligation.tolist() == [50_000_000, 0, 7750]
    assert problem.objective.name == "fiscal_cost"
    assert problem.objective.tiers[0].claims.tolist() == [False, True, False]
    # A deadline after the horizon forces nobody, so that it does not stand in for an obligation.
    late = "projects: [{id: P1, obligation: 5000}, {id: P2, deadline: 2026-12}]"
    with pytest.raises(ScenarioError, match="cheapest plan would then leave them without a home"):
        compiled(f"{objective}\n{late}")


def test_tiers_by_tag(compiled: Build) -> None:
    problem = compiled(
        """
        households: [{id: H1, tags: [petition]}, {id: H3, project: P2, area: 1, tags: [petition, old]}]
        objective: {tiers: [{name: t, tags: [petition]}, {name: u, goal: overdue_fees, projects: [P2], tags: [old, x]}]}
    """.replace(", x]", "]")
    )
    assert [tier.claims.tolist() for tier in problem.objective.tiers] == [[True, False, True], [False, False, True]]
    assert [tier.goal for tier in problem.objective.tiers] == ["transition_fees", "overdue_fees"]


def test_a_district_without_rules_or_homes() -> None:
    problem = compile_problem(Scenario.model_validate(BARE))
    assert len(problem.offers) == len(problem.pools) == len(problem.phases) == 0
    assert problem.fees.fen(slice(None), slice(None)).sum() == 0
    assert problem.calendar.books == 6


def test_unloaded_tables_are_refused() -> None:
    with pytest.raises(TypeError, match="not loaded"):
        table([{"id": "H"}])


def test_stock_of_developers_by_m2_and_persons(compiled: Build) -> None:
    problem = compiled("""
        developers:
          - {id: D1, homes: {measure: m2, on_hand: 500, arrivals: {2024-03: 10}}}
          - {id: D2, homes: {measure: persons, on_hand: 7}}
        vouchers: [{id: V, price: 10, developers: [{developer: D1}, {developer: D2}]}]
    """)
    mine = np.flatnonzero(problem.offers.stock.row < 3)  # of H1: own home, D1, D2
    assert problem.offers.stock["pool"][mine].tolist() == [0, 1, 2]
    assert problem.offers.stock["amount"][mine].tolist() == [100, 10_000, 300]
    assert problem.pools.arrivals["amount"].tolist() == [300, 50_000, 1000, 700]


def test_homes_of_a_size_in_an_estate_counted_in_m2(compiled: Build) -> None:
    problem = compiled("""
        home_policies: [{id: city}]
        projects: [{id: P1, home_policy: city}]
        estates: [{id: E1, measure: m2, units: [{type: a, area: 110, on_hand: 300}, {type: any, on_hand: 300}]}]
    """)
    mine = problem.offers.claim[problem.offers.stock.row] == 0
    assert problem.offers.stock["amount"][mine].tolist() == [10_000, 11_000]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("households: [{id: H1, area: 900000000000}]", "a fee by standard is too large"),
        ("{households: [{id: H1, area: 1000000000}], cash: [{id: C, price: 100000}]}", "an area × price is too large"),
        ("quotes: [{household: H1, route: cash, price: 900000000000}]", "the price of an offer is too large"),
        ("fee_curves: [{household: H1, fee: 900000000000}]", "a fee of one household and month is too large"),
    ],
)
def test_amounts_beyond_exact_whole_numbers_are_refused(compiled: Build, change: str, what: str) -> None:
    with pytest.raises(ScenarioError, match=f"{what} to be reckoned exactly in fen; check areas and amounts"):
        compiled(change)
