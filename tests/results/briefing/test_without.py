"""The price of doing without money in doubt by law: against plans of the scenario from which it was struck by hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import renewopt
from renewopt import Plan
from renewopt.cli.main import main
from renewopt.results.record import Without

DOUBTFUL = """
variants:
  honest: {}
  moved:
    moves: [{from: bond, to: budget}]
  poor:
    moves: [{from: bond, to: budget}]
    commitments: [{id: road, by_month: {2024-02: 45万元}}]
"""


@pytest.fixture(scope="module")
def scenario(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("doubt") / "town.yaml"
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text = text.partition("\nvariants:")[0].replace("uses: [fees, voucher]", "uses: [fees, voucher, commitments]")
    path.write_text(text + DOUBTFUL, "utf-8")
    return path


@pytest.fixture(scope="module")
def moved(scenario: Path) -> Plan:
    return renewopt.plan(scenario, variant="moved", gap=0)


def test_the_price_is_the_difference_to_the_plan_without(scenario: Path, moved: Plan) -> None:
    honest = renewopt.plan(scenario, variant="honest", gap=0)
    found = renewopt.without_doubtful(moved, gap=0)
    assert found.without is not None
    assert found.without.objective == honest.objective
    assert found.without.transition_fees == honest.transition_fees
    assert moved.objective is not None
    assert honest.objective is not None
    assert honest.objective > moved.objective
    more = honest.objective - moved.objective
    assert f"{more:,.0f} yuan ({more / moved.objective:.1%}) more" in found.brief()
    assert "全部不用上述资金时" in found.brief("zh")
    assert "Without any of this money" not in moved.brief()


def test_it_is_kept_with_the_plan(moved: Plan, tmp_path: Path) -> None:
    found = renewopt.without_doubtful(moved, gap=0)
    read = renewopt.read_plan(found.write(tmp_path / "plan"))
    assert read.without == found.without
    assert read.brief() == found.brief()


def test_a_plan_that_needs_no_such_money_is_given_back(scenario: Path, moved: Plan) -> None:
    honest = renewopt.plan(scenario, variant="honest", gap=0)
    assert renewopt.without_doubtful(honest) is honest
    with pytest.raises(ValueError, match="seconds above 0"):
        renewopt.without_doubtful(moved, time_limit=0)


def test_where_nothing_does_without_it_says_how_much_is_needed(scenario: Path) -> None:
    found = renewopt.without_doubtful(renewopt.plan(scenario, variant="poor", gap=0), gap=0)
    assert found.without is not None
    assert found.without.objective is None
    # 100,000 and two months of 105,000 yuan, less two months of 5,100 for fees; 450,000 are due.
    assert found.without.missing == 450_000 - 310_000 + 2 * 5_100
    assert "Without any of this money no plan keeps every rule: 150,200 yuan is missing." in found.brief()


@pytest.mark.parametrize(
    ("without", "told"),
    [
        (Without(1e6, 1e6, 9e5, None, None), "more; that it costs"),
        (Without(100.0, 100.0, 100.0, None, None), "less than this one: search for this one again"),
        (
            Without(None, None, None, 2e6, 1e6),
            "1 million yuan from elsewhere is needed at the least, and 2 million",
        ),
        (Without(None, None, None, 2e6, None), "with 2 million yuan from elsewhere one was found"),
        (Without(None, None, None, None, None), "no plan keeps every rule."),
    ],
)
def test_what_is_proven_and_what_was_merely_found_are_told_apart(moved: Plan, without: Without, told: str) -> None:
    told_of = replace(moved, without=without)
    assert told in told_of.brief()
    assert "上述资金" in told_of.brief("zh")


def test_the_command_tells_it_and_writes_it(moved: Plan, tmp_path: Path) -> None:
    folder = str(moved.write(tmp_path / "plan"))
    done = CliRunner().invoke(main, ["brief", folder, "--without-doubtful", "--quiet"])
    assert done.exit_code == 0, done.output
    assert "Without any of this money the plan reaches" in done.stdout
    assert done.stderr == ""
    out = tmp_path / "brief.docx"
    done = CliRunner().invoke(main, ["brief", folder, "--without-doubtful", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.exists()
    assert CliRunner().invoke(main, ["brief", folder, "--time-limit", "5"]).exit_code == 2
