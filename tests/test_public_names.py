"""The names that scripts and people rely on: functions, their arguments, a plan's attributes, exit codes."""

import dataclasses
import importlib
import inspect
import re
from pathlib import Path

import click
import pytest

import renewopt
from renewopt.cli import exits
from renewopt.cli.main import main

KEYWORDS = {
    "load": {"variant": None, "allow_outside": False},
    "plan": {
        "variant": None,
        "policy": "optimal",
        "objective": None,
        "gap": 1e-3,
        "time_limit": 600.0,
        "solver": "highs",
        "method": "auto",
        "progress": None,
        "warm": None,
        "policy_modules": None,
        "allow_outside": False,
    },
    "audit": {"allow_outside": False},
    "dossier": {"variant": None, "lang": "en", "allow_outside": False},
    "roster": {
        "mode": "signing",
        "seed": None,
        "homes": None,
        "wishes": None,
        "scenario": None,
        "allow_outside": False,
    },
    "statement": {"allow_outside": False},
    "read_plan": {},
    "diff": {},
}
POSITIONAL = {
    "load": ["path"],
    "plan": ["scenario"],
    "audit": ["scenario", "plan"],
    "statement": ["scenario", "plan"],
    "dossier": ["scenario"],
    "roster": ["plan"],
    "read_plan": ["path"],
    "diff": ["a", "b"],
}
OPTIONS = {
    "check": {"--variant", "--households", "--csv", "--force", "--allow-outside", "--lang", "--quiet"},
    "plan": {
        "--out",
        "--variant",
        "--policy",
        "--policy-module",
        "--allow-outside",
        "--objective",
        "--gap",
        "--time-limit",
        "--solver",
        "--method",
        "--lang",
        "--force",
        "--warm",
        "--quiet",
    },
    "roster": {
        "--out",
        "--mode",
        "--seed",
        "--homes",
        "--wishes",
        "--scenario",
        "--force",
        "--allow-outside",
        "--lang",
        "--quiet",
    },
    "compare": {
        "--out",
        "--policies",
        "--policy-module",
        "--allow-outside",
        "--variants",
        "--futures",
        "--seeds",
        "--optimising-seeds",
        "--jobs",
        "--cluster",
        "--objective",
        "--gap",
        "--perfect",
        "--measure",
        "--lang",
        "--parquet",
        "--quiet",
    },
    "diff": {"--out", "--lang", "--force", "--quiet"},
    "init": {"--lang", "--force", "--excel", "--from", "--allow-outside"},
    "schema": set(),
}
CODES = {
    exits.DONE: 0,
    exits.BAD_INPUT: 2,
    exits.INFEASIBLE: 3,
    exits.NO_PLAN: 4,
    exits.OUTPUT_EXISTS: 5,
    exits.INTERRUPTED: 130,
}


@pytest.mark.parametrize("name", KEYWORDS)
def test_functions_and_their_arguments(name: str) -> None:
    parameters = inspect.signature(getattr(renewopt, name)).parameters.values()
    stated = {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY}
    assert stated == KEYWORDS[name]
    leading = [each.name for each in parameters if each.kind is not each.KEYWORD_ONLY]
    assert leading == POSITIONAL[name]


def test_every_public_name_can_be_had_and_is_described() -> None:
    for name in renewopt.__all__:
        value = getattr(renewopt, name)
        if not isinstance(value, str):
            assert inspect.getdoc(value), name


def test_attributes_of_a_plan() -> None:
    fields = {field.name for field in dataclasses.fields(renewopt.Plan)}
    assert {"allocation", "construction", "funds", "fees", "prices", "statement"} <= fields
    assert {"status", "objective", "bound", "gap", "transition_fees", "fiscal_cost", "seconds", "tiers"} <= fields
    assert callable(renewopt.Plan.summary)
    assert callable(renewopt.Plan.write)


@pytest.mark.parametrize("command", OPTIONS)
def test_commands_and_their_options(command: str) -> None:
    assert isinstance(main, click.Group)
    given = {
        name
        for parameter in main.commands[command].params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    }
    assert given == OPTIONS[command]


def test_exit_codes_keep_their_numbers() -> None:
    assert list(CODES) == list(CODES.values())


def test_exit_codes_are_documented_in_the_readme(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    table = readme.split("| exit code | meaning |")[1].split("\n\n")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == set(CODES)


def test_exit_codes_are_documented_in_the_help_and_the_guide(repository: Path) -> None:
    guide = (repository / "docs" / "plans.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^Exit codes: .*?\n\n", guide, re.MULTILINE | re.DOTALL)
    for text in (main.help or "", listed):
        assert {int(code) for code in re.findall(r"(?<![\w.])(\d+)\s+[a-z]", text)} >= set(CODES)


@pytest.mark.parametrize("name", ["optimiser", "ledger", "problem", "scenario"])
def test_rooms_say_what_they_are_for(name: str) -> None:
    assert importlib.import_module(f"renewopt.{name}").__doc__
