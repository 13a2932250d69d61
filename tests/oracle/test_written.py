"""Scenarios written as files."""

from pathlib import Path

from renewopt.scenario import load
from renewopt.testing.written import Written, month, number, wan, yuan


def test_figures_are_written_without_exponents() -> None:
    assert [number(value) for value in (0, 1, 10.0, 0.5, 1e-7, 123456.78901)] == [
        "0", "1", "10", "0.5", "0.0000001", "123456.78901",
    ]  # fmt: skip
    assert (wan(1.5), yuan(0.00005), month(13)) == ("1.5万元", "0.5", "2026-02")


def test_what_is_written_loads(tmp_path: Path) -> None:
    written = Written(
        months=3,
        minimise="transition_fees",
        households=[{"id": "H0", "project": "P1"}],
        quotes=[{"household": "H0", "route": "voucher", "price": yuan(2)}],
        curves=[{"household": "H0", "from": month(0), "fee": yuan(1)}],
        sections="funds:\n  - id: ample\n    opening: 5万元\n",
    )
    scenario = load(written.write(tmp_path))
    assert (scenario.months, len(scenario.households), scenario.projects[0].routes) == (3, 1, [])
    assert scenario.objective.after_horizon_months == 0
