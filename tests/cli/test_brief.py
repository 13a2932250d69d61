"""The command `brief`: text on the terminal, a Word document, an office's own template, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

import renewopt
from renewopt.cli.main import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["brief", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    return plan.write(tmp_path_factory.mktemp("brief") / "plan", report=False)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_told_on_the_terminal(folder: Path, lang: str) -> None:
    result = run(folder, "--lang", lang)
    assert result.exit_code == 0
    assert result.stdout == renewopt.read_plan(folder).brief("zh" if lang == "zh" else "en") + "\n"


def test_it_is_the_plans_own_document_in_a_file_of_ones_own(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "brief.docx"
    result = run(folder, "--out", out)
    assert (result.exit_code, result.stdout) == (0, f"The brief is written to {out}\n")
    ours, plans = docx.Document(str(out)), docx.Document(str(folder / "brief.docx"))
    assert ours.element.xml == plans.element.xml
    assert run(folder, "--out", out).exit_code == 5
    assert run(folder, "--out", out, "--force", "--lang", "zh").exit_code == 0
    assert docx.Document(str(out)).paragraphs[0].text == "关于Minimal安置方案的情况报告"


def test_the_template_is_written_changed_and_filled(folder: Path, tmp_path: Path) -> None:
    template, out = tmp_path / "template.docx", tmp_path / "brief.docx"
    assert run(folder, "--blank", "--out", template).exit_code == 0
    document = docx.Document(str(template))
    assert document.paragraphs[0].text == "{{ title }}"
    document.paragraphs[0].insert_paragraph_before("District office")
    document.save(str(template))
    assert run(folder, "--template", template, "--out", out).exit_code == 0
    texts = [paragraph.text for paragraph in docx.Document(str(out)).paragraphs]
    assert texts[:2] == ["District office", "Resettlement plan for decision: Minimal"]


def test_files_of_others_are_kept(folder: Path, tmp_path: Path) -> None:
    foreign, template = tmp_path / "letter.docx", tmp_path / "template.docx"
    docx.Document().save(str(foreign))
    docx.Document().save(str(template))
    for out in (foreign, template, tmp_path):
        result = run(folder, "--template", template, "--out", out, "--force")
        assert result.exit_code == 5, out
    assert "it is read for the brief" in run(folder, "--template", template, "--out", template, "--force").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--template", "t.docx"], "--template, --blank and --force go with --out"),
        (["--force"], "--template, --blank and --force go with --out"),
        (["--blank", "--template", "t.docx", "--out", "o.docx"], "--blank goes without --template"),
        (["--template", "absent.docx", "--out", "o.docx"], "no Word template (it is no plain file)"),
    ],
)
def test_bad_usage_is_told(
    folder: Path, arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(folder, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
