"""Where commands write: never over what is not theirs, tried before the search, and somewhere else if it fails."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.disk.faults import Faults, tree

import renewopt
from renewopt.cli.main import main
from renewopt.disk import claimed
from renewopt.results import contents, files, planning
from renewopt.results.contents import KIND, Contents
from renewopt.results.planned import Plan

Run = Callable[..., Result]
QUICK = ("--policy", "wait-for-build", "--quiet")


@pytest.fixture
def run() -> Run:
    def call(*arguments: object) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return call


@pytest.fixture(scope="module")
def made(repository: Path) -> Plan:
    return renewopt.plan(repository / "scenarios" / "minimal.yaml", policy="wait-for-build")


@pytest.fixture(scope="module")
def rendered(made: Plan) -> Contents:
    return contents.render(made, "en", report=False)


@pytest.fixture
def no_search(made: Plan, rendered: Contents, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Plans are at hand, and how many were asked for."""
    asked: list[int] = []

    def at_hand(*_: object, **__: object) -> Plan:
        asked.append(1)
        return made

    monkeypatch.setattr(planning, "plan", at_hand)
    monkeypatch.setattr(files, "render", lambda *_, **__: rendered)
    return asked


@pytest.fixture
def district(repository: Path, tmp_path: Path) -> Path:
    """A folder with a scenario and the table that it reads."""
    folder = tmp_path / "district"
    shutil.copytree(repository / "scenarios" / "district", folder)
    return folder


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("out", [".", "../district", "..", "plan"])
def test_a_plan_never_goes_over_its_scenario(
    out: str,
    force: tuple[str, ...],
    run: Run,
    district: Path,
    no_search: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(district)
    if out == "plan":
        (district / "plan").symlink_to(".")
    before = tree(district.parent)
    result = run("plan", "district.yaml", "--out", out, *QUICK, *force)
    assert result.exit_code == 5
    assert result.stdout == ""
    assert tree(district.parent) == before
    assert no_search == []


def test_a_table_that_is_read_from_a_plan_is_not_overwritten(
    run: Run, repository: Path, tmp_path: Path, made: Plan, no_search: list[int]
) -> None:
    """The folder holds nothing but a plan of ours, and still the scenario reads from it."""
    folder = made.write(tmp_path / "plan", report=False)
    scenario = folder / "district.yaml"
    shutil.copy(repository / "scenarios" / "minimal.yaml", scenario)
    before = tree(folder)
    result = run("plan", scenario, "--out", folder, *QUICK, "--force")
    assert (result.exit_code, no_search) == (5, [])
    assert tree(folder) == before


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_folder_of_somebody_else_is_left_alone(
    force: tuple[str, ...], lang: str, run: Run, repository: Path, tmp_path: Path, no_search: list[int]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    minimal = repository / "scenarios" / "minimal.yaml"
    result = run("plan", minimal, "--out", tmp_path / "mine", *QUICK, *force, "--lang", lang)
    assert (result.exit_code, no_search) == (5, [])
    there, foreign = {"en": ("exists already", "did not write"), "zh": ("已存在", "不是 renewopt 写出的")}[lang]
    assert (foreign if force else there) in result.stderr
    assert tree(tmp_path / "mine") == {"letter.txt": b"dear"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", ["plan", "compare"])
@pytest.mark.parametrize(
    ("out", "reason"),
    [
        ("file/plan", {"en": "a file stands where a folder was expected", "zh": "此处是文件，应为文件夹"}),
        ("区" * 86, {"en": "the name or the path is too long", "zh": "名称或路径过长"}),
    ],
)
def test_where_nothing_can_be_written_is_known_before_the_search(
    out: str,
    reason: dict[str, str],
    command: str,
    lang: str,
    run: Run,
    repository: Path,
    tmp_path: Path,
    no_search: list[int],
) -> None:
    (tmp_path / "file").write_text("mine")
    more = QUICK if command == "plan" else ("--policies", "first-come", "--no-perfect", "--quiet")
    minimal = repository / "scenarios" / "minimal.yaml"
    result = run(command, minimal, "--out", tmp_path / out, *more, "--lang", lang)
    assert (result.exit_code, no_search, result.stdout) == (2, [], "")
    assert reason[lang] in result.stderr
    assert tree(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("call", ["open", "write", "mkdir"])
def test_a_full_disk_is_known_before_the_search(
    call: str, run: Run, repository: Path, tmp_path: Path, no_search: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    real = getattr(os, call)

    def full(*arguments: object, **options: object) -> object:
        if call == "write" or disk in Path(str(arguments[0])).parents:
            raise OSError(28, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(os, call, full)
    result = run("plan", repository / "scenarios" / "minimal.yaml", "--out", disk / "plan", *QUICK)
    assert (result.exit_code, no_search) == (2, [])
    assert "the disk is full (about 8 MB are needed)" in result.stderr
    assert list(disk.iterdir()) == []


def test_the_second_writer_is_told_before_the_search(
    run: Run, repository: Path, tmp_path: Path, no_search: list[int]
) -> None:
    with claimed(tmp_path / "plan", KIND):
        result = run("plan", repository / "scenarios" / "minimal.yaml", "--out", tmp_path / "plan", *QUICK)
    assert (result.exit_code, no_search) == (5, [])
    assert "another renewopt is writing" in result.stderr


@pytest.mark.parametrize("mode", ["full", "dead"])
def test_a_plan_that_cannot_be_written_is_told_where_it_is(
    mode: str,
    run: Run,
    repository: Path,
    tmp_path: Path,
    made: Plan,
    rendered: Contents,
    no_search: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    faults = Faults(monkeypatch, tmp_path / "disk")

    def fill(*_: object, **__: object) -> Contents:
        faults.at, faults.count, faults.mode = 7, 0, mode
        return rendered

    monkeypatch.setattr(files, "render", fill)
    result = run("plan", repository / "scenarios" / "minimal.yaml", "--out", tmp_path / "disk" / "plan", *QUICK)
    faults.at = None
    saved = tmp_path / "here" / "plan-saved"
    assert result.exit_code == 5
    assert f"all of it was saved in {saved} instead" in result.stderr
    assert result.stdout == made.summary() + "\n\n"
    assert renewopt.read_plan(saved) == made
    assert not (tmp_path / "disk" / "plan").exists()


def test_a_folder_that_is_taken_during_the_search_costs_no_plan(
    run: Run, repository: Path, tmp_path: Path, made: Plan, rendered: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "plan"

    def taken(*_: object, **__: object) -> Plan:
        out.mkdir()
        (out / "letter.txt").write_text("dear")
        return made

    monkeypatch.setattr(planning, "plan", taken)
    monkeypatch.setattr(files, "render", lambda *_, **__: rendered)
    result = run("plan", repository / "scenarios" / "minimal.yaml", "--out", out, *QUICK)
    assert result.exit_code == 5
    assert f"all of it was saved in {tmp_path / 'plan-saved'} instead" in result.stderr
    assert renewopt.read_plan(tmp_path / "plan-saved") == made
    assert tree(out) == {"letter.txt": b"dear"}


def test_a_plan_that_can_be_written_nowhere_is_told_all_the_same(
    run: Run, repository: Path, tmp_path: Path, made: Plan, no_search: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "put_folder", never)
    result = run("plan", repository / "scenarios" / "minimal.yaml", "--out", tmp_path / "plan", *QUICK)
    assert result.exit_code == 5
    assert "the disk reports a fault; no other folder could be written either, nothing was saved" in result.stderr
    assert result.stdout == made.summary() + "\n\n"
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_is_told_and_the_plan_is_kept(
    run: Run, repository: Path, tmp_path: Path, made: Plan, rendered: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Contents(made, rendered.files, {"report.html": RuntimeError("no report today")})
    monkeypatch.setattr(planning, "plan", lambda *_, **__: made)
    monkeypatch.setattr(files, "render", lambda *_, **__: broken)
    result = run("plan", repository / "scenarios" / "minimal.yaml", "--out", tmp_path / "plan", *QUICK)
    assert result.exit_code == 1
    assert "report.html could not be made (RuntimeError: no report today)" in result.stderr
    assert renewopt.read_plan(tmp_path / "plan") == made
