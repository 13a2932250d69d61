"""Which language a command speaks, and how it looks on a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise

import click

from renewopt.wording import LANGUAGES, Language, visible, words
from renewopt.wording.wrapping import fitted

__all__ = ["chosen_language", "language_of", "painted", "remember_language", "tell"]

VARIABLE = "RENEWOPT_LANG"
"""Sets the language once for all commands."""
_KEY = "renewopt.language"


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Choose the language: by ``--lang``, else by ``RENEWOPT_LANG``, else Chinese where the system speaks Chinese.

    Parameters
    ----------
    arguments : sequence of str
        What stands behind the command's name; looked at before it is parsed, since faults in it are told too.
    environment : mapping
        ``os.environ``.

    Raises
    ------
    ValueError
        If ``RENEWOPT_LANG`` is neither of the two.

    Examples
    --------
    >>> chosen_language(["plan", "--lang", "zh"], {})
    'zh'
    >>> chosen_language(["plan"], {"LANG": "zh_CN.UTF-8"}), chosen_language(["plan"], {"LANG": "de_DE.UTF-8"})
    ('zh', 'en')
    """
    named = [after for before, after in pairwise(arguments) if before == "--lang"]
    named += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    for language in LANGUAGES:
        if language in named:
            return language
    stated = environment.get(VARIABLE, "")
    if stated:
        for language in LANGUAGES:
            if stated.lower().replace("_", "-").split("-")[0] == language:
                return language
        raise ValueError(words("RENEWOPT_LANG {stated!r}: expected en or zh", stated=stated))
    system = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if system.lower().startswith("zh") else "en"


def remember_language(ctx: click.Context, language: Language) -> None:
    """Keep the language for this command and all below it."""
    ctx.meta[_KEY] = language


def language_of(ctx: click.Context) -> Language:
    """Return the language that a command speaks."""
    return "zh" if ctx.meta.get(_KEY) == "zh" else "en"


def painted(text: str, **style: object) -> str:
    """Give a text a colour or weight, unless ``NO_COLOR`` is set; `click.echo` leaves both out in a pipe."""
    return text if os.environ.get("NO_COLOR") else click.style(text, **style)  # type: ignore[arg-type]


def tell(text: str = "", *, err: bool = False, fit: bool = True, **style: object) -> None:
    """Write a text to the terminal: the one place where anything leaves for it.

    Whatever a file holds (names, cells, keys, reasons) may be part of the text; characters that a terminal would obey,
    or that a reader would not see, are written out.

    Parameters
    ----------
    text
    err
        To stderr.
    fit
        Break lines that are wider than the terminal, at words; a pipe receives them whole.
    **style
        As of `painted`.
    """
    seen = visible(text, keep="\n\t")
    if fit and (sys.stderr if err else sys.stdout).isatty():
        seen = fitted(seen, shutil.get_terminal_size().columns)
    click.echo(painted(seen, **style) if style else seen, err=err)
