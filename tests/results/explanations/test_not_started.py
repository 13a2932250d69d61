"""Households of a project that the plan does not start."""

from pathlib import Path

import pytest
from tests.results.test_starting import OPEN

import renewopt
from renewopt.testing.tiny_programmes import written


def explained(tmp_path: Path, **changes: object) -> renewopt.Explanation:  # type: ignore[name-defined]
    scenario = written(OPEN | changes, tmp_path)
    return renewopt.plan(scenario, gap=0.0).explain("Q1", scenario=scenario)


def test_it_is_told_that_its_project_is_not_begun_and_what_that_would_take(tmp_path: Path) -> None:
    found = explained(tmp_path)
    told = found.summary()
    assert "By the plan its project is not begun" in told
    assert "between 2024-01 and 2024-03" in told
    assert "3 households would have to be housed" in told
    assert found.count == 3
    assert "所属项目未启动" in found.summary("zh")
    assert "2024年1月" in found.summary("zh")
    page = found.page("zh")
    assert "所属项目未启动" in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"starts": [{"kind": "urban_village", "by": "2024-06", "most": 1}]}, "so many of its kind may be begun"),
        (
            {
                "crews": [{"id": "team", "per_month": 1}],
                "projects": [
                    OPEN["projects"][0] | {"crews": {"team": 1}, "clearing": 5},
                    OPEN["projects"][1] | {"crews": {"team": 1}, "clearing": 1},
                ],
            },
            "its crews are busy elsewhere",
        ),
        ({"precedence": [{"before": "W", "after": "Q", "lag": 2}]}, "something that has to come before it"),
    ],
)
def test_the_rule_that_keeps_it_is_told(changes: dict[str, object], told: str, tmp_path: Path) -> None:
    assert told in explained(tmp_path, **changes).summary()


def test_without_the_scenario_only_that_it_is_not_begun_is_told(tmp_path: Path) -> None:
    made = renewopt.plan(renewopt.Scenario.from_tables(**OPEN), gap=0.0)
    told = made.explain("Q1").summary()
    assert "not begun" in told
    assert "households would have to be housed" not in told


def test_a_household_that_is_nobodys_is_unknown(tmp_path: Path) -> None:
    scenario = written(OPEN, tmp_path)
    with pytest.raises(ValueError, match="knows no household 'Q2'"):
        renewopt.plan(scenario, gap=0.0).explain("Q2", scenario=scenario)
