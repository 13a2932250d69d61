"""Which values go into the cells of sheets, and which into paths and values."""

from renewopt.scenario.nodes import Mark, from_plain
from renewopt.scenario.workbook.flattening import PARENT, Flat, flatten
from renewopt.scenario.workbook.paths import write_path


def flat(**stated: object) -> Flat:
    return flatten(from_plain(stated, Mark("<python>", None)), "en")  # type: ignore[arg-type]


def more(of: Flat) -> dict[str, object]:
    return {write_path(path): value for path, value in of.more}


def test_a_step_names_what_it_belongs_to() -> None:
    found = flat(fee_policies=[{"id": "f", "rate": [{"yuan": 1}, {"from": "2024-05", "yuan": 2}], "term": 24}])
    assert [row[PARENT] for row in found.rows["fee_rates"]] == ["f", "f"]
    assert found.rows["fee_policies"] == [{("id",): "f", ("term",): 24}]
    assert found.more == []


def test_inflow_has_a_sheet_for_what_is_steady_and_one_for_single_months() -> None:
    found = flat(funds=[{"id": "a", "inflow": [{"monthly": 5}, {"by_month": {"2024-05": 7}}]}])
    assert [row[("monthly",)] for row in found.rows["inflows"]] == [5]
    assert [row[("amount",)] for row in found.rows["inflow_months"]] == [7]
    assert found.more == []


def test_inflow_that_means_nothing_or_varies_as_a_list_stays_a_path() -> None:
    odd = flat(funds=[{"id": "a", "inflow": {"from": "2024-05", "by_month": {"2024-05": 7}}}])
    assert odd.rows["inflows"] == odd.rows["inflow_months"] == []
    assert more(odd) == {"funds[a].inflow.from": "2024-05", "funds[a].inflow.by_month.2024-05": 7}
    listed = {"id": "a", "inflow": [{"monthly": 5}]}
    varied = flat(funds=[listed], variants={"v": {"funds": [{"id": "a", "inflow": {"monthly": 6}}]}})
    assert more(varied) == {"funds[a].inflow[1].monthly": 5, "variants.v.funds[a].inflow.monthly": 6}


def test_months_that_are_none_stay_paths() -> None:
    found = flat(commitments=[{"id": "c", "by_month": {"soon": 7}}])
    assert found.rows["commitment_months"] == []
    assert more(found) == {"commitments[c].by_month.soon": 7}


def test_a_section_whose_ids_no_cell_can_hold_stays_together() -> None:
    found = flat(funds=[{"id": "a", "opening": 1}, {"id": " b", "opening": 2}])
    assert found.rows["funds"] == []
    assert more(found) == {"funds[a].opening": 1, 'funds[" b"].opening': 2}
    twice = flat(funds=[{"id": "a"}, {"id": "a", "opening": 2}])
    assert twice.rows["funds"] == []


def test_what_is_empty_on_purpose_is_said() -> None:
    found = flat(estates=[{"id": "e", "open_to": [], "phases": [], "units": [{"type": "t"}], "name": None}])
    assert found.rows["estates"] == [{("id",): "e", ("open_to",): "none"}]
    assert more(found) == {"estates[e].phases": "[]"}
    stock = flat(developers=[{"id": "d", "homes": {}}])
    assert more(stock) == {"developers[d].homes": "{}"}


def test_tiers_that_have_no_cell_stay_paths() -> None:
    found = flat(objective={"tiers": [{"name": " "}]})
    assert found.rows["tiers"] == []
    assert more(found) == {"objective.tiers[1].name": '" "'}
