"""Names that a shell completes: those of the files on the line, whatever these hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from renewopt.cli.main import main
from renewopt.cli.naming import names_in

SCENARIO = """\
name: D
funds:
  - id: budget
    inflow: {monthly: 1}
    moves: [{id: no fund}]
  - {id: bond, uses: [fees]}
  - id: $(touch gone)
  - id: -dash
estates: [{id: E1, units: [{type: a}]}, {id: 大院}]
variants:
  base-line:
    funds: [{id: other}]
  compliant: {months: 3}
futures:
  - id: slow
policies:
  - id: mine
"""
PLAN = {
    "allocation.csv": "\ufeffhousehold,route\nN1,transfer\nN2,voucher\n",
    "claims.csv": "\ufeffhousehold,pool\nN1,Meadow/flat\nN2,voucher\n",
    "funds.csv": "\ufeffmonth,fund\n2024-01,budget\n2024-02,budget\n2024-02,bond\n",
}


@pytest.fixture(name="here", autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.yaml").write_text(SCENARIO, "utf-8")
    (tmp_path / "plan").mkdir()
    for name, content in PLAN.items():
        (tmp_path / "plan" / name).write_text(content, "utf-8")
    return tmp_path


def completed(typed: str) -> set[str]:
    words = typed.split(" ")
    environment = {
        "_RENEWOPT_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
    }
    result = CliRunner(env=environment).invoke(main, [], prog_name="renewopt")
    assert result.exit_code == 0
    assert result.stderr == ""
    return {line.partition(",")[2] for line in result.stdout.splitlines() if line}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("plan d.yaml --variant ", {"base-line", "compliant"}),
        ("check . --variant c", {"compliant"}),
        ("plan d.yaml --policy m", {"mine"}),
        ("plan d.yaml --policy wait", {"wait-for-build"}),
        ("compare d.yaml --variants base-line,c", {"base-line,compliant"}),
        ("compare d.yaml --futures s", {"slow"}),
        ("compare d.yaml --policies optimal,mi", {"optimal,mine"}),
        ("sweep d.yaml --set funds.b", {"funds.budget.", "funds.bond."}),
        ("sweep d.yaml --set estates.", {"estates.E1.", "estates.大院."}),
        ("explain plan N", {"N1", "N2"}),
        ("explain plan --home M", {"Meadow/flat"}),
        ("explain plan --fund ", {"budget", "bond"}),
        ("plan missing.yaml --variant ", set()),
        ("plan --variant ", set()),
        ("explain missing ", set()),
    ],
)
def test_names_of_the_files_on_the_line(typed: str, offered: set[str]) -> None:
    assert completed(f"renewopt {typed}") == offered


def test_what_a_shell_would_run_or_take_apart_is_not_offered() -> None:
    assert completed("renewopt sweep d.yaml --set funds.") == {"funds.budget.", "funds.bond.", "funds.-dash."}
    (Path("d.yaml")).write_text("variants: {'a b': {}, '`x`': {}, 'a;b': {}, 'ok': {}, '': {}, '-v': {}}", "utf-8")
    assert completed("renewopt plan d.yaml --variant ") == {"ok"}


@pytest.mark.parametrize(
    "text",
    [
        "variants: [",
        "\x00",
        "- 1",
        "",
        "variants: {? [a]: 1}",
        "&a [*a, *a]",
        "variants: &x {a: *x}\nfunds: !!python/object/apply:os.system ['touch gone']",
    ],
)
def test_files_that_are_no_scenario_offer_nothing_and_run_nothing(text: str) -> None:
    Path("d.yaml").write_text(text, "utf-8")
    assert completed("renewopt plan d.yaml --variant ") <= {"a", "1"}
    assert not Path("gone").exists()


def test_every_name_of_the_shipped_district(repository: Path) -> None:
    named = list(names_in(repository / "scenarios" / "district" / "district.yaml"))
    assert ("variants", "runs-short") in named
    assert {name for section, name in named if section == "estates"} == {f"E{n}" for n in range(1, 9)}


def test_a_shell_does_not_wait_for_what_plans_need(here: Path) -> None:
    program = (
        "import sys; from renewopt.cli.main import main; print([m for m in ('pandas', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout == "[]\n"
