"""The district that ships: its table of households, and what each variant states."""

from pathlib import Path

import pandas as pd
import pytest
from tests.conftest import full_count
from tests.waiting import UNHURRIED

import renewopt
from renewopt.problem import compile_problem
from renewopt.problem.offers import Route
from renewopt.scenario import Scenario, load
from renewopt.synth import synthesise

VARIANTS = ("compliant", "low-funds", "late-delivery", "zhejiang-rules", "zero-overdue", "runs-short")


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "scenarios" / "district"


@pytest.fixture(scope="module")
def scenario(folder: Path) -> Scenario:
    return load(folder / "district.yaml")


def test_the_households_are_those_of_the_generator(folder: Path) -> None:
    assert (folder / "households.csv").read_bytes() == synthesise(3_200, seed=2024).csv().encode()


def test_it_is_the_only_scenario_of_its_folder(folder: Path) -> None:
    assert [file.name for file in folder.glob("*.y*ml")] == ["district.yaml"]


def test_it_has_the_figures_of_its_comments(scenario: Scenario) -> None:
    households = scenario.households
    assert isinstance(households, pd.DataFrame)
    assert len(households) == 3_200
    assert households["area"].sum() == pytest.approx(413_600, abs=1)
    assert sum(debt.amount for developer in scenario.developers for debt in developer.debts) == 240_000_000
    homes = {
        estate.id: sum(sum(phase.delivers.values()) for phase in estate.phases)
        + sum(sum(unit.arrivals.values()) for unit in estate.units)
        for estate in scenario.estates
    }
    assert homes["E1"] == 900
    assert homes["E3"] == 385 + 180
    assert sum(unit.surplus or 0 for unit in scenario.estates[2].units) == 180


def test_phases_cost_what_their_homes_do(scenario: Scenario) -> None:
    for estate in scenario.estates:
        area = {unit.type: unit.area for unit in estate.units}
        for phase in estate.phases:
            built = sum(float(area[kind] or 0) * float(number) for kind, number in phase.delivers.items())
            assert float(phase.cost) == 3_000 * built, phase.id


def test_its_variants_are_those_promised(scenario: Scenario) -> None:
    assert scenario.variants == VARIANTS


@pytest.mark.parametrize("variant", [None, *VARIANTS])
def test_it_loads_and_compiles_without_findings(folder: Path, variant: str | None) -> None:
    scenario = load(folder / "district.yaml", variant=variant)
    assert scenario.warnings == ()
    problem = compile_problem(scenario)
    assert problem.calendar.months == 60
    assert int(problem.claims.count.sum()) == 3_200


def test_the_fee_bill_of_the_first_month(scenario: Scenario) -> None:
    problem = compile_problem(scenario)
    fees = problem.fees.fen(slice(None), slice(0, 1))[:, 0]
    assert int(fees @ problem.claims.count) == 641_295_028  # fen, as the comment in the file says


def test_the_compliant_variant_borrows_moves_and_owes_nothing(folder: Path) -> None:
    scenario = load(folder, variant="compliant")
    assert [fund.id for fund in scenario.funds if fund.borrow and fund.borrow.label == "advance"] == []
    assert scenario.owing == []
    assert scenario.moves == []


def test_the_short_variant_cannot_pay_its_first_bills(folder: Path) -> None:
    """No home is ready and no voucher ends a fee before month 5; cash saves less of it than it costs."""
    problem = compile_problem(load(folder, variant="runs-short"))
    stops = problem.offers.fee_stops_after() + problem.offers.first
    first_home = int(problem.phases.earliest.min())
    voucher = problem.offers.route == Route.voucher
    assert first_home >= 5
    assert int(stops[voucher].min()) == 5
    bills = (problem.fees.fen(slice(None), slice(0, 5)) * problem.claims.count[:, None]).sum(axis=0)
    may_pay = problem.needs.payable_by[problem.needs.use == "fees"].any(axis=0)
    money = problem.funds.opening[may_pay].sum() + problem.funds.inflow[may_pay, :5].sum()
    own = problem.projects[problem.claims.project] == "P8"
    account = problem.funds.opening[problem.funds.id == "p8_account"].sum()
    of_p8 = (problem.fees.fen(own, slice(0, 5)) * problem.claims.count[own, None]).sum()
    assert bills.sum() - of_p8 > money - account


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("variant", ["runs-short"][: full_count(0, 1)])
def test_the_short_variant_says_what_is_short(folder: Path, variant: str) -> None:
    scenario = load(folder, variant=variant)
    plan = renewopt.plan(scenario, time_limit=UNHURRIED)
    assert plan.status == "infeasible"
    assert plan.shortfall is not None
    assert plan.shortfall_bound is not None
    assert 8_000_000 < plan.shortfall_bound < plan.shortfall < 50_000_000
    assert {violation.code for violation in renewopt.audit(scenario, plan)} == {"need.shortfall"}
    assert plan.objective is None
    assert {shortage.what for shortage in plan.shortages} == {"money"}
    assert min(shortage.month for shortage in plan.shortages) <= "2024-03"
    assert sum(shortage.amount or 0 for shortage in plan.shortages) > 1_000_000


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.xdist_group("planned district")
def test_the_district_is_planned_whole_and_proven_within_one_per_cent(
    scenario: Scenario, planned_district: renewopt.Plan
) -> None:
    plan = planned_district
    assert plan.status in {"feasible", "optimal"}
    assert plan.gap is not None
    assert plan.gap <= 0.01
    assert renewopt.audit(scenario, plan) == []
    assert not plan.findings
    assert int(plan.allocation["count"].sum()) == 3200
