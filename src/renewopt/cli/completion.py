"""Shell completion: click's own scripts, printed for the shell that asks."""

from __future__ import annotations

import os
from pathlib import PurePath

import click
from click.shell_completion import get_completion_class

from renewopt.wording import words

__all__ = ["SHELLS", "completion_script"]

SHELLS = ("bash", "zsh", "fish")


def completion_script(shell: str | None, command: click.Command) -> str:
    """Return the script that teaches a shell to complete renewopt's commands.

    Parameters
    ----------
    shell : {'bash', 'zsh', 'fish'} or None
        None: the one that the user logs in to.
    command : Command

    Raises
    ------
    ValueError
        If no shell is named and the user's is none of them.
    """
    named = shell or PurePath(os.environ.get("SHELL", "")).name
    kind = get_completion_class(named) if named in SHELLS else None
    if kind is None:
        raise ValueError(words("which shell? name one of bash, zsh, fish"))
    return kind(command, {}, "renewopt", "_RENEWOPT_COMPLETE").source()
