"""What a report reads from the scenario as it is kept."""

from pathlib import Path

from renewopt import load
from renewopt.results.reporting import facts
from renewopt.results.stated import state


def test_names_deliveries_and_arrivals_of_the_district(repository: Path) -> None:
    stated = state(load(repository / "scenarios" / "district" / "district.yaml"))
    assert facts.names(stated)["fund"]["revenue"] == "财政资金"
    delivered = facts.deliveries(stated)
    assert sum(delivered["E1-1"].pools.values()) == 500
    assert facts.pools_of_phase(delivered["E2-1"]) == {f"E2/{kind}" for kind in ("60", "75", "90", "120")}
    assert facts.arrivals(stated) == {"E6": {"2025-09": 376.0, "2026-11": 374.0}}


def test_of_a_plan_without_them_nothing_is_known() -> None:
    assert facts.arrivals({}) == {}
    assert facts.deliveries({}) == {}
    assert facts.names({})["project"] == {}
