"""Languages, colours and lines of a terminal."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from renewopt.cli.main import main
from renewopt.cli.speaking import chosen_language, painted
from renewopt.wording import width
from renewopt.wording.wrapping import wrapped


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        (["plan", "--lang=zh"], {"RENEWOPT_LANG": "en"}, "zh"),
        (["plan", "--lang", "en"], {"RENEWOPT_LANG": "zh"}, "en"),
        (["plan"], {"RENEWOPT_LANG": "zh_CN", "LANG": "C"}, "zh"),
        (["plan"], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        (["plan"], {"LC_ALL": "", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh"),
        (["plan", "--lang", "fr"], {"LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_language(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert chosen_language(arguments, environment) == language


def test_a_language_that_is_not_spoken_is_refused() -> None:
    result = CliRunner(env={"RENEWOPT_LANG": "fr"}).invoke(main, ["--help"])
    assert result.exit_code == 2
    assert "RENEWOPT_LANG 'fr': expected en or zh" in result.stderr


def test_set_once_it_holds_for_findings_usage_and_help() -> None:
    chinese = CliRunner(env={"RENEWOPT_LANG": "zh"})
    assert "文件不存在" in chinese.invoke(main, ["check", "nowhere.yaml"]).stderr
    assert chinese.invoke(main, ["plan", "--gap", "5", "x", "--out", "o"]).stderr.startswith("错误：--gap “5”")
    assert "用法：" in chinese.invoke(main, ["plan", "--help"]).stdout
    assert "no such file" in chinese.invoke(main, ["check", "nowhere.yaml", "--lang", "en"]).stderr
    assert "文件不存在" in CliRunner().invoke(main, ["--lang", "zh", "check", "nowhere.yaml"]).stderr


def test_colours_only_on_terminals_and_never_with_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" not in CliRunner().invoke(main, ["check", "nowhere.yaml"]).stderr
    assert "\x1b[31" in CliRunner().invoke(main, ["check", "nowhere.yaml"], color=True).stderr
    assert painted("a", fg="red") != "a"
    monkeypatch.setenv("NO_COLOR", "1")
    assert painted("a", fg="red") == "a"
    for command in (["check", "nowhere.yaml"], ["--help"], ["plan", "--gap", "x"]):
        result = CliRunner().invoke(main, command, color=True)
        assert "\x1b[" not in result.stderr + result.stdout


@given(st.text(alphabet="ab 安置，（）。", max_size=60), st.integers(min_value=6, max_value=30))
def test_lines_hold_all_the_text_and_are_no_wider(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        # What cannot be parted (a word, or signs held together) may stand out.
        assert width(line) <= columns or " " not in line.strip()
    for line in wrapped("，".join(text.replace(" ", "").split("，")), columns)[1:]:
        assert line[0] not in "，）。"
