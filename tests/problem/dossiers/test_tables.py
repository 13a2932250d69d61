"""The dossier of a small scenario, by hand."""

from pathlib import Path

import pytest
from tests.problem.dossiers.stating import stated

import renewopt
from renewopt.problem.dossiers import CLAIM_COLUMNS, OFFER_COLUMNS, dossier

CHANGE = """
fee_policies: [{id: p, rate: 10, term: 18, overdue: [{multiplier: 2}, {after: 6, multiplier: 3}]}]
home_policies:
  - {id: h, basis: person, per_basis: 30, above: [{yuan_per_m2: 4000}], refund: 1000, into: f, choice_above: 30,
     pays_up_to: 200000}
projects: [{id: P, home_policy: h}, {id: Q, moved_out: 2021-01, routes: [cash]}]
households:
  - {id: H10, project: Q, area: 50, persons: 2, count: 7}
  - {id: H9, project: Q, area: 40.5, persons: 1}
  - {id: A, persons: 2}
estates:
  - id: E
    projects: [P]
    housed_after: 1
    units: [{type: a, area: 60, on_hand: 1}, {type: b, area: 80, arrivals: {2024-08: 2}, price: 300000}]
vouchers: [{id: V, price: 5000, start: 2024-02, months: 3, bonus: [{months: 2, share: 10%}]}]
cash: [{id: C, price: 6000, projects: [Q], area_below: 45}]
"""


@pytest.fixture
def scenario(tmp_path: Path) -> renewopt.Scenario:
    return stated(CHANGE, tmp_path)


def test_by_hand(scenario: renewopt.Scenario) -> None:
    table = dossier(scenario)
    assert list(table.columns) == [*CLAIM_COLUMNS, *OFFER_COLUMNS]
    # In the order of the table, not of the ids: A is loaded first, as the base states it first.
    assert table["household"].tolist() == ["A", "A", "A", "H10", "H9"]
    # A: 60 m² × 10; 18 months from 2023-01: overdue from 2024-07; in 2025-01, overdue month 7, ×3. It moves in within
    # the year, but as long as it waits this is its fee.
    first, second, voucher, cohort, last = table.to_dict("records")
    assert {name: first[name] for name in CLAIM_COLUMNS} == {
        "household": "A",
        "part": "",
        "project": "P",
        "count": 1,
        "fee_now": 600.0,
        "multiplier": 1.0,
        "overdue_from": "2024-07",
        "fee_in_a_year": 1800.0,
        "entitled_m2": 60.0,
        "reckoned": "2 × 30 m² a person = 60 m²",
    }
    assert {name: second[name] for name in CLAIM_COLUMNS} == {name: first[name] for name in CLAIM_COLUMNS}
    assert {name: first[name] for name in OFFER_COLUMNS} == {
        "route": "own_unit",
        "pool": "E/a",
        "given_m2": 60.0,
        "household_pays": 0.0,
        "price": 0.0,
        "first": "2024-01",
        "last": "2024-12",
        "housed_from": "2024-02",
        "remark": "",
    }
    # 20 m² above at 4,000, to which it consents; the office pays 300,000 for the home.
    assert {name: second[name] for name in OFFER_COLUMNS} == {
        "route": "own_unit",
        "pool": "E/b",
        "given_m2": 80.0,
        "household_pays": 80_000.0,
        "price": 300_000.0,
        "first": "2024-01",
        "last": "2024-12",
        "housed_from": "2024-08",
        "remark": "",
    }
    # 60 m² × 5,000 + 10 % in its first month.
    assert voucher["given_m2"] != voucher["given_m2"]
    assert {name: voucher[name] for name in ("route", "pool", "household_pays", "price", "first", "last")} == {
        "route": "voucher",
        "pool": "V",
        "household_pays": 0.0,
        "price": 330_000.0,
        "first": "2024-02",
        "last": "2024-04",
    }
    # H10 moved out in 2021-01: overdue from 2022-07, ×3 by now and for good.
    assert (cohort["count"], cohort["fee_now"], cohort["multiplier"], cohort["overdue_from"]) == (7, 1500, 3, "2022-07")
    assert (cohort["reckoned"], cohort["route"]) == ("50 m² given up", "")
    assert cohort["remark"] == (
        "no offer, because it accepts only cash; C: is only for households with less than 45 m²"
    )
    assert (last["route"], last["price"], last["fee_now"]) == ("cash", 243_000.0, 1215.0)


def test_a_home_below_is_refunded(tmp_path: Path) -> None:
    change = CHANGE.replace("{id: A, persons: 2}", "{id: A, persons: 2, unit_types: [a], entitlement: 75}")
    assert dossier(stated(change, tmp_path))["household_pays"].tolist()[0] == -15_000


def test_a_fee_a_year_from_now_lies_beyond_the_planned_months(tmp_path: Path) -> None:
    scenario = stated(CHANGE + "months: 3\nobjective: {after_horizon_months: 0}\n", tmp_path)
    assert dossier(scenario)["fee_in_a_year"].tolist()[0] == 1800


def test_quotes_in_yuan_by_month_are_their_price(tmp_path: Path) -> None:
    change = "quotes: [{household: A, route: cash, instalments: '0:800;3:200'}]"
    (row,) = dossier(stated(change, tmp_path)).to_dict("records")
    assert (row["route"], row["pool"], row["price"], row["household_pays"]) == ("cash", "cash", 1000, 0)


def test_a_path_a_variant_and_a_language(repository: Path, tmp_path: Path) -> None:
    assert dossier(repository / "scenarios" / "minimal.yaml")["household"].nunique() == 5
    scenario = stated(CHANGE, tmp_path)
    base = dossier(scenario.path, lang="zh")
    assert base["remark"].tolist() == [
        "没有可选的安置，原因：没有属于项目 P 或对其开放的小区；没有对项目 P 开放的购房凭证或货币补偿"
    ]
    assert len(dossier(scenario.path, variant="case")) == len(dossier(scenario)) == 5
    assert renewopt.dossier is dossier


@pytest.mark.parametrize(
    "wrong", [{"lang": "fr"}, {"variant": 3}, {"allow_outside": "yes"}, {"scenario": 5}, {"variant": "rich"}]
)
def test_what_was_not_asked_for_is_refused(wrong: dict[str, object], scenario: renewopt.Scenario) -> None:
    with pytest.raises((TypeError, ValueError, renewopt.ScenarioError)):
        dossier(**{"scenario": scenario, **wrong})  # type: ignore[arg-type]
