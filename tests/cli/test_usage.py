"""Faults in a command line, in both languages; help and its examples; completion."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess

import click
import pytest
from click.testing import CliRunner

from renewopt.cli.completion import SHELLS
from renewopt.cli.helping import SpokenCommand, SpokenOption
from renewopt.cli.main import main

FAULTS = [
    ("pln", "there is no command pln; did you mean 'plan'?"),
    ("xyz", "there is no command xyz; the commands are check, plan"),
    ("--bogus", "there is no option --bogus"),
    ("plan x.yaml --out o --gapp 2", "there is no option --gapp; did you mean --gap?"),
    ("plan x.yaml", "the option --out is missing"),
    ("plan", "SCENARIO is missing"),
    ("plan x.yaml --out", "the option --out needs a value"),
    ("plan x.yaml --out o --gap 1", "--gap '1': expected a fraction from 0 to less than 1"),
    ("plan x.yaml --out o --gap few", "--gap 'few': expected a fraction"),
    ("plan x.yaml --out o --gap nan", "--gap 'nan': expected a fraction"),
    ("plan x.yaml --out o --time-limit 0", "--time-limit '0': expected a number of seconds above 0"),
    ("plan x.yaml --out o --method best", "--method 'best': expected one of auto, exact, structured"),
    ("plan x.yaml --out o --lang fr", "--lang 'fr': expected one of en, zh"),
    ("compare x.yaml --out o --jobs 0", "--jobs '0': expected a whole number from 1"),
    ("compare x.yaml --out o --seeds 1.5", "--seeds '1.5': expected a whole number from 1"),
    ("compare x.yaml --out o --measure colour", "--measure 'colour' is no figure of runs.csv"),
    ("check my district.yaml", "district.yaml is too much; put names with spaces in quotes"),
    ("completion tcsh", "SHELL 'tcsh': expected one of bash, zsh, fish"),
]


@pytest.mark.parametrize(("line", "says"), FAULTS)
def test_faults(line: str, says: str) -> None:
    english = CliRunner().invoke(main, line.split())
    assert english.exit_code == 2
    assert english.stderr.startswith(f"error: {says}"), english.stderr
    chinese = CliRunner(env={"RENEWOPT_LANG": "zh"}).invoke(main, line.split())
    assert chinese.exit_code == 2
    assert chinese.stderr.startswith("错误：")
    assert not re.search(r"[a-z]{2,} [a-z]{2,}", re.sub("`[^`]*`", "", chinese.stderr)), chinese.stderr


def commands() -> list[tuple[str, click.Command]]:
    return list(main.commands.items())


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_has_examples_that_parse(name: str, command: click.Command) -> None:
    assert isinstance(command, SpokenCommand)
    assert command.examples, f"{name} has no example"
    for line, meaning in command.examples:
        if "$(" in line:
            line = line.split("$(")[1].rstrip(')"')  # noqa: PLW2901
        program, called, *arguments = shlex.split(line.partition(" > ")[0])
        assert (program, called) == ("renewopt", name)
        command.make_context(name, arguments, parent=click.Context(main, info_name="renewopt"))
        assert meaning.said("zh") != meaning


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["", *main.commands])
def test_help_in_both_languages(name: str, language: str) -> None:
    result = CliRunner(env={"RENEWOPT_LANG": language, "COLUMNS": "80"}).invoke(main, [*name.split(), "--help"])
    assert result.exit_code == 0
    chinese = any("一" <= sign <= "鿿" for sign in result.stdout.replace("征收安置规划", "").replace("两个底数", ""))
    assert chinese == (language == "zh" or name == "init")  # its example is a Chinese folder
    command = main.commands[name] if name else main
    for option in command.params:
        if isinstance(option, SpokenOption):
            assert option.opts[-1] in result.stdout


def test_a_command_of_ones_own_without_sentences_is_helped_too() -> None:
    @click.command(cls=SpokenCommand)
    @click.option("--depth", help="How deep.")
    def dig(depth: str) -> None:
        """Dig a hole.

        Deep.
        """

    shown = CliRunner().invoke(dig, ["--help"]).stdout
    assert "Dig a hole." in shown
    assert "How deep." in shown


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_scripts(shell: str) -> None:
    script = CliRunner().invoke(main, ["completion", shell]).stdout
    assert "_RENEWOPT_COMPLETE" in script
    by_login = CliRunner(env={"SHELL": f"/usr/bin/{shell}"}).invoke(main, ["completion"]).stdout
    assert by_login == script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("renewopt pl", {"plan"}),
        ("renewopt plan --me", {"--method"}),
        ("renewopt plan --method s", {"structured"}),
        ("renewopt plan --policy w", {"wait-for-build"}),
        ("renewopt compare --objective t", {"transition_fees"}),
    ],
)
def test_what_is_completed(typed: str, offered: set[str]) -> None:
    environment = {"_RENEWOPT_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    result = CliRunner(env=environment).invoke(main, [], prog_name="renewopt")
    assert {line.partition(",")[2] for line in result.stdout.splitlines()} == offered
