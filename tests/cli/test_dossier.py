"""`check --households`, and what `check` lists of the households."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.problem.dossiers.stating import stated

import renewopt
from renewopt.cli import dossier as showing
from renewopt.cli.main import main
from renewopt.results.dossier_files import KINDS
from renewopt.wording import width

Run = Callable[..., Result]

CHANGE = """
projects:
  - {id: P, home_policy: h}
  - {id: Q, moved_out: 2021-01, routes: [cash]}
home_policies: [{id: h, above: [{yuan_per_m2: 4000}], refund: 1000, into: f, choice_above: 40, pays_up_to: 200000}]
households:
  - {id: A}
  - {id: 王五, project: P, area: 250.5, homes: 2}
  - {id: Z, project: Q, area: 44, count: 3}
estates:
  - id: E
    projects: [P]
    units: [{type: a, area: 60, on_hand: 1}, {type: 大, area: 90, arrivals: {2024-12: 2}}]
vouchers: [{id: V, price: 5000, take_up: 10%}]
fee_policies: [{id: p, rate: 10, term: 24, overdue: [{multiplier: 1.5}]}]
"""


@pytest.fixture
def run() -> Run:
    def go(*arguments: object) -> Result:
        return CliRunner().invoke(main, [*map(str, arguments), "--quiet"], prog_name="renewopt")

    return go


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = stated(CHANGE, tmp_path).path
    assert path is not None
    return path


def shown(run: Run, case: Path, *arguments: object) -> str:
    result = run("check", case, "--variant", "case", "--households", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_block_for_each_household_those_without_an_offer_first(run: Run, case: Path) -> None:
    lines = shown(run, case).splitlines()
    assert lines[:17] == [
        "Households: 5 · offers: 7 · households without an offer: 1",
        "",
        "Z · Q · 3 households",
        "  fee 660 yuan a month now (×1.5), 660 yuan in a year · overdue from 2023-01",
        "  due 44 m²: 44 m² given up",
        "  no offer, because it accepts only cash; no cash programme is open to project Q",
        "",
        "A · P",
        "  fee 600 yuan a month now (×1), 900 yuan in a year · overdue from 2025-01",
        "  due 60 m²: 60 m² given up",
        "  own estate  E/a   60 m²",
        "    chosen 2024-01 to 2024-12  housed from 2024-01",
        "  own estate  E/大  90 m²  household pays 120,000 yuan",
        "    chosen 2024-01 to 2024-12  housed from 2024-12",
        "  voucher     V            price 300,000 yuan",
        "    chosen 2024-01 to 2024-12",
        "      never: a limit on settlements leaves no room for it",
    ]
    assert "household is paid 35,250 yuan" in "\n".join(lines[-8:])


def test_the_same_in_chinese(run: Run, case: Path) -> None:
    lines = shown(run, case, "--lang", "zh").splitlines()
    assert lines[0] == "共5户，7个安置选项；没有可选安置的：1户"
    assert lines[2:6] == [
        "Z · Q · 3户",
        "  当前过渡费每月660元（×1.5），一年后660元 · 2023年1月起超期",
        "  应安置 44㎡：被征收面积 44㎡",
        "  没有可选的安置，原因：该户只接受货币补偿；没有对项目 Q 开放的货币补偿",
    ]
    offers = [line for line in lines if line.startswith("  原项目安置房")][:2]
    assert "住户缴款120,000元" in offers[1]
    # Columns below each other, however wide the signs are.
    assert {width(line.split("住户缴款")[0]) for line in offers[1:]} == {33}
    assert {width(line.split("E/")[0]) for line in offers} == {16}
    assert not re.search("[a-z]{4}", "".join(lines))


def test_offers_that_can_never_be_had_say_so(run: Run, case: Path) -> None:
    text = shown(run, case)
    assert text.count("    never: a limit on settlements leaves no room for it\n") == 3
    assert "王五 · P · home 1 of" not in text
    assert "王五 · P · home 1\n" in text


def test_as_a_table(run: Run, case: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert shown(run, case, "--csv", file) == f"8 rows written to {file}\n"
    assert file.read_text("utf-8-sig").split("\n")[0].strip() == ",".join(KINDS)
    again = run("check", case, "--variant", "case", "--households", "--csv", file)
    assert (again.exit_code, again.stdout) == (5, "")
    assert "exists already" in again.stderr
    assert "8 行" in shown(run, case, "--csv", file, "--force", "--lang", "zh")
    shown(run, case, "--csv", tmp_path / "out.xlsx")
    assert list(renewopt.read_tables(tmp_path / "out.xlsx")) == ["dossier"]


def test_nothing_is_compiled_for_a_file_that_may_not_be_written(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("renewopt.problem.compile_problem", None)
    assert run("check", case, "--households", "--csv", case).exit_code == 5


def test_a_table_of_what(run: Run, case: Path, tmp_path: Path) -> None:
    result = run("check", case, "--csv", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert "--csv goes with --households" in result.stderr


def test_a_long_dossier_is_cut_short(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "SHOWN", 1)
    lines = shown(run, case).splitlines()
    assert lines[2].startswith("Z · Q")
    assert lines[-1] == "... and 3 more; --csv FILE writes all of them"


def test_as_wide_as_the_terminal(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    text = [line for line in _blocks(case, "en") if "chosen" not in line]
    assert max(map(width, text)) <= 60
    assert "  no offer, because it accepts only cash; no cash programme" in text


def _blocks(case: Path, lang: Any) -> list[str]:
    from renewopt.problem import compile_problem
    from renewopt.problem.dossiers import open_dossier

    scenario = renewopt.load(case, variant="case")
    dossier = open_dossier(scenario, compile_problem(scenario), lang)
    return [line for claim in range(len(dossier)) for line in showing._block(dossier, claim, lang)]


def test_check_names_whom_to_look_at(run: Run, case: Path) -> None:
    result = run("check", case, "--variant", "case")
    assert result.exit_code == 0
    assert f"No error in {case}; what to look at stands below the tables" in result.stdout
    noticed = result.stdout.split("To be looked at\n")[1].splitlines()
    reason = "it accepts only cash; no cash programme is open to project Q"
    assert noticed == [
        f"  warning: Z: no offer, because {reason} (3 of 5 households)",
        "  warning: 王五: the largest home to be had is smaller than the area due (1 of 5 households)",
        "  warning: 王五: housed only in the last 2 of the 12 planned months, from 2024-11 on (1 of 5 households)",
        f"  `renewopt check {case} --households` shows each household",
    ]


def test_check_in_chinese(run: Run, case: Path) -> None:
    result = run("check", case, "--variant", "case", "--lang", "zh")
    assert f"{case} 没有错误；需要注意的列在各表之后" in result.stdout
    noticed = result.stdout.split("需要注意\n")[1].splitlines()
    assert (
        noticed[0] == "  提醒：Z：没有可选的安置，原因：该户只接受货币补偿；没有对项目 Q 开放的货币补偿（5户中的3户）"
    )


def test_check_of_what_is_all_right(run: Run, repository: Path) -> None:
    result = run("check", repository / "scenarios" / "minimal.yaml")
    assert result.stdout.startswith("No problem found in")
    assert "To be looked at" not in result.stdout


def test_names_and_reasons_are_cut_short(run: Run, tmp_path: Path) -> None:
    rows = ", ".join(f"{{id: H{n}, project: P, area: 10, routes: [cash]}}" for n in range(13))
    projects = ", ".join(f"{{id: R{n}, moved_out: 2023-01, routes: [cash]}}" for n in range(7))
    others = ", ".join(f"{{id: K{n}, project: R{n}, area: 10}}" for n in range(7))
    scenario = stated(f"projects: [{projects}]\nhouseholds: [{{id: A, routes: [cash]}}, {rows}, {others}]", tmp_path)
    text = run("check", scenario.path, "--variant", "case").stdout
    assert "warning: A, H0, H1, H2, H3, H4, H5, H6, H7, H8 and 4 more: no offer, because" in text
    assert "(14 of 21 households)" in text
    assert "warning: ... and 3 more households, for 3 more reasons" in text
