"""The commands: what they print, what they write, how they end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import renewopt
from renewopt.cli.main import main
from renewopt.results.failures import AuditError, InterruptedPlanError, NoPlanInTimeError

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def minimal(repository: Path) -> Path:
    return repository / "scenarios" / "minimal.yaml"


def in_process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from renewopt.cli.main import main; main()", *map(str, arguments)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False, **options
    )


def quick(minimal: Path, out: Path, *more: object) -> list[object]:
    return ["plan", minimal, "--policy", "wait-for-build", "--out", out, *more]


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom renewopt.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'pandas', 'numpy', 'pulp', 'highspy', 'networkx', 'pydantic', 'rich', 'plotly', 'jinja2'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("check", "plan", "compare", "roster", "init", "schema", "completion"):
        assert f"\n  {command} " in done.stdout


def test_version(run: Run) -> None:
    assert run("--version").output == f"renewopt, version {renewopt.__version__}\n"


def test_plan_prints_the_summary_and_writes_the_plan(run: Run, minimal: Path, tmp_path: Path) -> None:
    result = run("plan", minimal, "--gap", 0, "--out", tmp_path / "plan")
    assert result.exit_code == 0, result.output
    plan = renewopt.read_plan(tmp_path / "plan")
    assert plan.objective == 18_700
    assert result.stdout == f"{plan.summary()}\n\nWritten to {tmp_path / 'plan'}; begin with its report.html\n"
    assert "so far" in result.stderr


def test_plan_writes_its_report_in_the_language_asked_for(run: Run, minimal: Path, tmp_path: Path) -> None:
    for lang, title in (("en", "Resettlement plan: Minimal"), ("zh", "安置方案报告：Minimal")):
        result = run(*quick(minimal, tmp_path / lang, "--lang", lang))
        assert result.exit_code == 0
        assert f"<h1>{title}</h1>" in (tmp_path / lang / "report.html").read_text("utf-8")


def test_plan_in_chinese_keeps_the_tables_english(run: Run, minimal: Path, tmp_path: Path) -> None:
    result = run(*quick(minimal, tmp_path / "plan", "--lang", "zh"))
    assert result.exit_code == 0
    assert "安置方案：Minimal" in result.stdout
    assert (tmp_path / "plan" / "fees.csv").read_text("utf-8-sig").startswith("month,project,ordinary")
    record = json.loads((tmp_path / "plan" / "plan.json").read_text("utf-8"))
    assert Path(tmp_path / "plan" / record["scenario"]).resolve() == minimal.resolve()


@pytest.mark.parametrize(
    "solver", ["pulp:cbc", *(pytest.param(way, marks=pytest.mark.slow) for way in ("highs", "pulp:HiGHS"))]
)
def test_nothing_but_results_on_stdout(minimal: Path, tmp_path: Path, solver: str) -> None:
    done = in_process("plan", minimal, "--out", tmp_path / "plan", "--solver", solver)
    assert done.returncode == 0
    told = f"Written to {tmp_path / 'plan'}; begin with its report.html\n"
    assert done.stdout == f"{renewopt.read_plan(tmp_path / 'plan').summary()}\n\n{told}"


def test_quiet_says_nothing_while_it_works(minimal: Path, tmp_path: Path) -> None:
    quiet = in_process("plan", minimal, "--out", tmp_path / "quiet", "--quiet")
    assert quiet.stderr == ""


def test_an_existing_folder_needs_force(run: Run, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    assert run(*quick(minimal, out)).exit_code == 0
    again = run(*quick(minimal, out))
    assert again.exit_code == 5
    assert "exists already" in again.stderr
    assert again.stdout == ""
    assert run(*quick(minimal, out, "--force")).exit_code == 0


def test_bad_input_is_told_in_one_go(run: Run, minimal: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = minimal.read_text("utf-8").replace("months: 8", "months: -8").replace("rate: 10", "raet: 10")
    bad.write_text(text, "utf-8")
    for command in (["check", bad], ["plan", bad, "--out", tmp_path / "plan"]):
        result = run(*command)
        assert result.exit_code == 2
        assert "bad.yaml:" in result.stderr
        assert "did you mean" in result.stderr
        assert result.stdout == ""
        assert "Traceback" not in result.output
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan"],
        ["plan", "{minimal}"],
        ["plan", "{minimal}", "--out", "{out}", "--gap", "2"],
        ["plan", "{minimal}", "--out", "{out}", "--gap", "nan"],
        ["plan", "{minimal}", "--out", "{out}", "--time-limit", "0"],
        ["plan", "{minimal}", "--out", "{out}", "--policy", "guess"],
        ["plan", "{minimal}", "--out", "{out}", "--objective", "joy"],
        ["plan", "{minimal}", "--out", "{out}", "--method", "magic"],
        ["plan", "{minimal}", "--out", "{out}", "--solver", "abacus"],
        ["plan", "{minimal}", "--out", "{out}", "--variant", "rich"],
        ["plan", "{minimal}", "--out", "{out}", "--lang", "fr"],
        ["plan", "nowhere.yaml", "--out", "{out}"],
        ["check", "nowhere.yaml"],
        ["check"],
        ["compare", "{minimal}"],
        ["init"],
        ["--colour"],
    ],
)
def test_wrong_commands_end_with_2(run: Run, minimal: Path, tmp_path: Path, arguments: list[str]) -> None:
    result = run(*(argument.format(minimal=minimal, out=tmp_path / "plan") for argument in arguments))
    assert result.exit_code == 2, result.output
    assert result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "plan").exists()


def test_a_folder_that_cannot_be_written(run: Run, minimal: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = run(*quick(minimal, tmp_path / "file" / "plan"))
    assert result.exit_code == 2
    assert "file" in result.stderr


@pytest.fixture
def poor(minimal: Path, tmp_path: Path) -> Path:
    path = tmp_path / "poor.yaml"
    text = minimal.read_text("utf-8").replace("10.5万元", "100").replace("opening: 10万元", "opening: 1万元")
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("policy", ["optimal", "wait-for-build"])
def test_infeasible_is_described(run: Run, poor: Path, tmp_path: Path, policy: str) -> None:
    result = run("plan", poor, "--out", tmp_path / "plan", "--policy", policy)
    assert result.exit_code == 3, result.output
    assert "fees/" in result.stdout
    record = json.loads((tmp_path / "plan" / "plan.json").read_text("utf-8"))
    assert record["objective"] is None
    assert record["shortfalls"]
    files = {path.name for path in (tmp_path / "plan").iterdir()}
    if policy == "optimal":
        assert {"allocation.csv", "funds.csv", "plan.xlsx", "report.html"} < files
        assert 0 < record["shortfall_bound"] <= record["shortfall"]
        assert f"{record['shortfall']:,.0f} yuan of money from outside" in result.stdout
    else:
        assert files == {"brief.docx", "plan.json", "report.html"}
        assert "shortfall" not in record


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (NoPlanInTimeError(5), 4, "no plan was found within 5 s"),
        (InterruptedPlanError(), 130, "interrupted before"),
        (KeyboardInterrupt(), 130, "interrupted before"),
        (AuditError(["broken"]), 1, "internal error"),
    ],
)
def test_why_there_is_no_plan(
    run: Run,
    minimal: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    says: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("renewopt.results.planning.plan", fail)
    result = run(*quick(minimal, tmp_path / "plan"))
    assert result.exit_code == code
    assert says in result.stderr
    assert not (tmp_path / "plan").exists()


def test_an_interrupted_plan_is_written(
    run: Run, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = renewopt.plan(minimal, gap=0)
    monkeypatch.setattr("renewopt.results.planning.plan", lambda *_, **__: replace(found, status="interrupted"))
    result = run("plan", minimal, "--out", tmp_path / "plan")
    assert result.exit_code == 130
    assert renewopt.read_plan(tmp_path / "plan").status == "interrupted"
    assert "Interrupted" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_while_loading_ends_with_130(minimal: Path, tmp_path: Path) -> None:
    code = (
        "import os, signal, renewopt.results.planning as room\n"
        # What is started in the background ignores Ctrl-C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "room._compile = lambda scenario: os.kill(os.getpid(), signal.SIGINT)\n"
        "from renewopt.cli.main import main; main()\n"
    )
    command = [sys.executable, "-c", code, "plan", str(minimal), "--out", str(tmp_path / "plan")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert "interrupted" in done.stderr
    assert "Traceback" not in done.stderr
    assert signal.SIGINT == 2


@pytest.mark.parametrize(
    ("lang", "variant"),
    [
        ("en", None),
        pytest.param("zh", "low-funds", marks=pytest.mark.slow),
        pytest.param("en", "low-funds", marks=pytest.mark.slow),
        pytest.param("zh", None, marks=pytest.mark.slow),
    ],
)
def test_the_starter_scenario_runs(run: Run, tmp_path: Path, lang: str, variant: str | None) -> None:
    folder = tmp_path / "district"
    made = run("init", folder, "--lang", lang)
    assert made.exit_code == 0
    assert "district.yaml" in made.stdout
    scenario = folder / "district.yaml"
    assert scenario.read_text("utf-8").count("#") > 30
    checked = run("check", scenario, "--lang", lang)
    assert (checked.exit_code, checked.stderr) == (0, "")
    out = tmp_path / "plan"
    chosen = [] if variant is None else ["--variant", variant]
    result = run("plan", scenario, "--out", out, "--gap", 0.01, "--lang", lang, *chosen)
    assert result.exit_code == 0, result.output
    assert renewopt.audit(renewopt.load(scenario, variant=variant), renewopt.read_plan(out)) == []
    assert run("init", folder).exit_code == 5
    assert run("init", folder, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Homes", "Meadow-1", "25 months and more", "first month, yuan", " 7,500\n", "lasts to the end"]),
        ("zh", ["房源底数", "待安置户底数", "首月过渡费（万元）", " 0.75\n", "期内资金足以"]),
    ],
)
def test_check_takes_stock(run: Run, minimal: Path, lang: str, words: list[str]) -> None:
    result = run("check", minimal, "--lang", lang)
    assert result.exit_code == 0
    for word in words:
        assert word in result.stdout


def test_check_tells_when_the_money_runs_out(run: Run, poor: Path) -> None:
    result = run("check", poor)
    assert "The money runs out in 2024-02" in result.stdout


def test_warnings_go_to_stderr_unless_quiet(run: Run, minimal: Path, tmp_path: Path) -> None:
    slip = tmp_path / "slip.yaml"
    slip.write_text(minimal.read_text("utf-8").replace("cost: 90万元", "cost: 90"), "utf-8")
    result = run("check", slip)
    assert result.exit_code == 0
    assert "slip.yaml:" in result.stderr
    assert "warning" in result.stderr
    assert run("check", slip, "--quiet").stderr == ""


def test_schema_is_json_schema(run: Run) -> None:
    schema = json.loads(run("schema").stdout)
    assert "households" in schema["properties"]


def test_help_keeps_its_lines(run: Run) -> None:
    shown = run("--help").output
    assert "\n  renewopt init my-district\n" in shown
