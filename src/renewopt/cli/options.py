"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import click

from renewopt.cli.helping import SpokenOption
from renewopt.cli.naming import names_of
from renewopt.cli.speaking import language_of, remember_language
from renewopt.cli.values import OneOf
from renewopt.vocabulary import OBJECTIVES
from renewopt.wording import LANGUAGES, Language, Wording, words

__all__ = [
    "a_path",
    "lang_option",
    "objective_option",
    "option",
    "out_option",
    "outside_option",
    "policy_module_option",
    "quiet_option",
    "variant_option",
]

Command = TypeVar("Command", bound="Callable[..., object]")


def option(*names: str, help: Wording, **settings: Any) -> Callable[[Command], Command]:  # noqa: A002
    """Add an option whose help knows both languages; `shown` tells the default."""
    return click.option(*names, cls=SpokenOption, help=help, **settings)


@cache
def a_path() -> click.Path:
    """Return the type of a file or folder."""
    return click.Path(path_type=Path)


def _spoken(ctx: click.Context, _: click.Parameter, value: Language | None) -> Language:
    if value is not None:
        remember_language(ctx, value)
    return language_of(ctx)


lang_option = option(
    "--lang",
    type=OneOf(LANGUAGES),
    is_eager=True,
    callback=_spoken,
    help=words(
        "Language of messages, summary and workbook (CSV files stay English); default: RENEWOPT_LANG, else Chinese "
        "where the system speaks it."
    ),
)
variant_option = option(
    "--variant", metavar="NAME", shell_complete=names_of("variants"), help=words("Variant of the scenario.")
)
quiet_option = option("--quiet", is_flag=True, help=words("No progress, no warnings."))
objective_option = option(
    "--objective",
    type=OneOf(OBJECTIVES),
    help=words("What is minimised; default: what the scenario says."),
)


policy_module_option = option(
    "--policy-module",
    "policy_modules",
    multiple=True,
    metavar="MODULE",
    help=words(
        "Import this Python module with policies of your own, such as my_rules for my_rules.py; may be repeated. A "
        "scenario alone never makes anything run."
    ),
)


outside_option = option(
    "--allow-outside",
    is_flag=True,
    help=words("Tables that the scenario names may lie outside of its folder."),
)


def out_option(meaning: Wording) -> Callable[[Command], Command]:
    """Add the folder that is written."""
    return option("--out", type=a_path(), required=True, metavar="DIR", help=meaning)
