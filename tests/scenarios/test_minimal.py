"""The scenario to read first: its best plan is the one worked out in its comment."""

from pathlib import Path

import pytest

import renewopt


@pytest.fixture(scope="module")
def path(repository: Path) -> Path:
    return repository / "scenarios" / "minimal.yaml"


def test_the_best_plan_is_the_one_of_the_comment(path: Path) -> None:
    scenario = renewopt.load(path)
    plan = renewopt.plan(scenario, gap=0)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(18_700, abs=0.005)
    assert plan.bound == pytest.approx(18_700, abs=1)
    rows = plan.allocation.set_index("household")
    assert rows["route"].to_dict() == {
        "N1": "transfer",
        "N2": "voucher",
        "N3": "own_unit",
        "S1": "own_unit",
        "S2": "own_unit",
    }
    assert {home: str(month) for home, month in rows["month"].items()} == {
        "N1": "2024-05",
        "N2": "2024-03",
        "N3": "2024-01",
        "S1": "2024-05",
        "S2": "2024-05",
    }
    assert renewopt.audit(scenario, plan) == []
    assert not plan.findings


def test_the_file_is_hand_written_block_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "18,700 yuan" in text
    assert "{" not in text
