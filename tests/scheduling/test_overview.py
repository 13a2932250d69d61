"""What a programme asks for: kinds and their money, the critical path, what nothing urges to start."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML
from tests.scheduling.scenarios import programme, sections

from renewopt.cli.main import main
from renewopt.scheduling import compile_programme, first_starts, look_over
from renewopt.wording import LANGUAGES


def test_kinds_and_their_money_by_hand() -> None:
    scenario = programme()
    overview = look_over(scenario, compile_programme(scenario))
    # The budget has a million and 200,000 in each of twelve months, the bond half a million for back streets.
    assert overview.kinds.values.tolist() == [
        ["urban_village", 1, 0, 1, 6, 150_000.0, 3_400_000.0],
        ["back_street", 0, 1, 0, 40, 300_000.0, 3_900_000.0],
        ["supporting", 0, 1, 0, 0, 0.0, 0.0],
    ]


def test_the_critical_path_by_hand() -> None:
    """Lane starts a month after New and takes three; Pipe takes no time after it. New alone takes three."""
    scenario = programme()
    overview = look_over(scenario, compile_programme(scenario))
    assert (overview.path, overview.months) == (("New", "Lane", "Pipe"), 4)
    longer = programme(projects__1__clearing=9)
    assert look_over(longer, compile_programme(longer)).path == ()
    assert look_over(longer, compile_programme(longer)).months == 11


def test_what_nothing_urges_to_start() -> None:
    scenario = programme()
    assert look_over(scenario, compile_programme(scenario)).idle == ("Pipe",)
    # What must start urges all that comes before it.
    urged = programme(works__0__delay_cost=0, works__1__start={"must": True})
    assert look_over(urged, compile_programme(urged)).idle == ()
    idle = programme(works__0__delay_cost=0)
    assert look_over(idle, compile_programme(idle)).idle == ("Lane", "Pipe")


def test_first_starts_by_hand() -> None:
    scenario = programme()
    # New from 2024-02 on; Lane a month after it, from 2024-03 on; Pipe when Lane is done.
    assert first_starts(scenario, compile_programme(scenario)).tolist() == [1, 2, 5]
    late = programme(works__1__start={"to": "2024-05"})
    assert first_starts(late, compile_programme(late)).tolist() == [1, 2, -1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_check_tells_the_programme(lang: str, tmp_path: Path) -> None:
    with (tmp_path / "programme.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(sections(), file)
    told = CliRunner().invoke(main, ["check", str(tmp_path / "programme.yaml"), "--lang", lang, "--quiet"])
    assert told.exit_code == 0, told.output
    assert (
        "Critical path: New → Lane → Pipe, 4 months" if lang == "en" else "关键路径：New → Lane → Pipe"
    ) in told.stdout
    assert ("a plan that may leave them out does so" if lang == "en" else "方案不会启动：Pipe") in told.stdout
