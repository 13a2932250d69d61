"""Values that are set by their address: where they go, and what leads nowhere."""

from pathlib import Path

import pytest

from renewopt.errors import ScenarioError
from renewopt.problem import compile_problem
from renewopt.scenario import Scenario, load
from renewopt.scenario.changing import Setting, changed
from renewopt.units import Month


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Scenario:
    return load(repository / "scenarios" / "minimal.yaml")


def built(scenario: Scenario) -> Scenario:
    return Scenario.from_tables(**{name: getattr(scenario, name) for name in scenario.model_fields_set})


@pytest.mark.parametrize("in_python", [False, True])
def test_a_value_goes_where_its_address_leads(minimal: Scenario, in_python: bool) -> None:
    scenario = built(minimal) if in_python else minimal
    found = changed(
        scenario,
        [
            Setting("funds.bond.inflow.monthly", "20万元"),
            Setting("funds.bond.inflow.until", "2024-06"),
            Setting("objective.reserve_months", "2"),
            Setting("fee_policies.standard.overdue.0.multiplier", "3"),
        ],
    )
    bond = found.funds[1]
    assert (bond.inflow.monthly, bond.inflow.until) == (200_000, Month.parse("2024-06"))
    assert found.objective.reserve_months == 2
    assert found.fee_policies[0].overdue[0].multiplier == 3
    # What was not set stays; the files are the same ones, and what was given is as it was.
    assert found.funds[0] == scenario.funds[0]
    assert found.sha256 == scenario.sha256
    assert scenario.funds[1].inflow.monthly == 250_000
    assert compile_problem(found).funds.inflow[1, 0] == 200_000_00


def test_an_id_with_dots_is_found(minimal: Scenario) -> None:
    funds = [fund.model_copy(update={"id": "bond.2"}) if fund.id == "bond" else fund for fund in minimal.funds]
    scenario = built(minimal.model_copy(update={"funds": funds}))
    assert changed(scenario, [Setting("funds.bond.2.opening", "5万元")]).funds[1].opening == 50_000


@pytest.mark.parametrize(
    ("address", "value", "told"),
    [
        ("funds.bnd.opening", "10000", "there is no 'bnd' in this list; did you mean 'bond'?"),
        ("funds.bond.inflow", "10000", "go on to one of monthly, until"),
        ("funds.bond.inflw.monthly", "10000", "unknown key 'inflw'; did you mean 'inflow'?"),
        ("funds.bond.opening", "-5", "-5 is negative"),
        ("funds.bond.opening", "plenty", "'plenty' is not an amount of money"),
        ("funds.bond.inflow.monthly.x", "1", "'25万元' stands there; it has no 'x'"),
        ("households.N1.area", "3", "households is a table, whose cells have no address"),
        ("variants.slow", "1", "`variants` cannot be set"),
        ("name", "x", "`name` cannot be set"),
        ("funds..opening", "1", "it is no address"),
        ("funds.bond.opening", ".inf", ".inf is not a number that can be planned with"),
    ],
)
def test_what_leads_nowhere_is_told(minimal: Scenario, address: str, value: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        changed(minimal, [Setting(address, value)])
    assert told in str(caught.value)
    assert f"--set {address}={value}" in str(caught.value)


def test_all_that_leads_nowhere_is_told_together(minimal: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        changed(minimal, [Setting("funds.bnd.opening", "1"), Setting("fund", "1"), Setting("a..b", "1")])
    # `fund` is refused where the whole is validated, once the others lead somewhere.
    assert {finding.key for finding in caught.value.findings} == {"funds.bnd.opening", "a..b"}
