"""Prices in the report of their plan: put there by request, with nothing else in the folder touched."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import renewopt
from renewopt.cli.main import main
from renewopt.disk import OutputExistsError
from renewopt.results.files import write_report
from renewopt.vocabulary import LANGUAGES


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    folder = tmp_path_factory.mktemp("in report")
    shutil.copy(repository / "scenarios" / "minimal.yaml", folder)
    renewopt.plan(folder / "minimal.yaml", gap=0).write(folder / "plan", lang="zh")
    return folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "copy")) / "plan"


def test_the_report_tells_them_in_both_languages(folder: Path) -> None:
    plan = renewopt.read_plan(folder)
    prices = renewopt.prices(folder, whole=1)
    for lang, told in zip(LANGUAGES, ("one more saves", "增加一份节约"), strict=True):
        before, after = plan.report(lang), plan.report(lang, prices=prices)
        assert told not in before
        assert told in after
        assert 'id="saved"' in after or "data-saved" in after
        assert prices.summary(lang).splitlines()[3] in after


def test_prices_of_another_plan_are_refused(folder: Path) -> None:
    prices = renewopt.prices(folder, whole=0, differences=False)
    other = renewopt.plan(folder.parent / "minimal.yaml", policy="first-come")
    with pytest.raises(ValueError, match="prices of another plan"):
        other.report(prices=prices)


def test_the_command_renews_the_report_and_nothing_else(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run("prices", folder, "--into-report", "--whole", 0, "--quiet", "--lang", "zh")
    assert done.exit_code == 0, done.output
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {"report.html", "plan.json"}
    assert set(after) == set(before)
    assert "增加一份节约" in (folder / "report.html").read_text(encoding="utf-8")
    # What lies there is known as ours: it can be renewed again, and replaced.
    again = run("prices", folder, "--into-report", "--whole", 0, "--quiet", "--lang", "zh")
    assert again.exit_code == 0, again.output
    renewopt.read_plan(folder).write(folder, force=True)


def test_a_folder_that_was_changed_is_left_alone(folder: Path) -> None:
    (folder / "work-summary.md").write_text("mine", encoding="utf-8")
    kept = (folder / "report.html").read_bytes()
    done = run("prices", folder, "--into-report", "--whole", 0, "--quiet")
    assert done.exit_code == 5
    assert (folder / "report.html").read_bytes() == kept


def test_a_file_of_somebody_else_stands_in_the_way(folder: Path) -> None:
    plan = renewopt.read_plan(folder)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExistsError, match=r"notes\.txt"):
        write_report(plan, folder, plan.report())
