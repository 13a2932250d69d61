"""Exit codes, and which error leads to which."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from renewopt.cli import interrupting
from renewopt.cli.helping import Example, SpokenCommand, write_help
from renewopt.cli.speaking import chosen_language, language_of, remember_language, tell
from renewopt.cli.usage import unknown_command, usage_fault
from renewopt.disk import IncompleteOutputError, reason_of
from renewopt.errors import RenewoptError, ScenarioError
from renewopt.results.failures import (
    AuditError,
    InterruptedPlanError,
    NoPlanInTimeError,
    OutputError,
)
from renewopt.wording import Language, Wording, told, words
from renewopt.wording.phrases import say

__all__ = ["BAD_INPUT", "DONE", "FAULT", "INFEASIBLE", "INTERRUPTED", "NO_PLAN", "OUTPUT_EXISTS", "Commands", "code_of"]

DONE = 0
FAULT = 1
BAD_INPUT = 2
INFEASIBLE = 3
NO_PLAN = 4
OUTPUT_EXISTS = 5
INTERRUPTED = 130


def exit_code(error: Exception) -> int:
    """Exit code for an error that a command ended with."""
    for kind, code in (
        (NoPlanInTimeError, NO_PLAN),
        (OutputError, OUTPUT_EXISTS),
        (InterruptedPlanError, INTERRUPTED),
        (AuditError, FAULT),
        (IncompleteOutputError, FAULT),
    ):
        if isinstance(error, kind):
            return code
    return BAD_INPUT


def complain(error: Exception, language: Language) -> None:
    """Say on stderr what went wrong."""
    if isinstance(error, ScenarioError):
        # A scenario's findings stand on lines of their own, ready to be clicked in an editor.
        head, _, findings = told(error, language).partition("\n")
        tell(head, err=True, fg="red", bold=True)
        tell(findings, err=True)
        return
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        text = f"{where}{reason_of(error).said(language)}"
    else:
        text = told(error, language)
    tell(say(language, "error", text=text), err=True, fg="red")


def refuse_usage(error: click.UsageError, language: Language) -> NoReturn:
    """Say on stderr what is wrong with the command line, and end."""
    fault = usage_fault(error).said(language)
    tell(say(language, "error", text=fault), err=True, fg="red")
    path = "renewopt" if error.ctx is None else error.ctx.command_path
    tell(words("`{path} --help` shows how it is used", path=path).said(language), err=True)
    raise click.exceptions.Exit(BAD_INPUT)


def code_of(status: str) -> int:
    """Exit code of a plan by its status, or of the signal that ended the search."""
    return interrupting.ended_by() or {"infeasible": INFEASIBLE, "interrupted": INTERRUPTED}.get(status, DONE)


class Commands(click.Group):
    """A group whose commands end with the exit codes of the contract instead of tracebacks.

    Parameters
    ----------
    sentence, more, examples
        As in `SpokenCommand`.
    """

    command_class = SpokenCommand

    def __init__(
        self,
        *arguments: Any,
        sentence: Wording,
        more: Sequence[Wording] = (),
        examples: Sequence[Example] = (),
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **{**options, "help": "\n\n".join([sentence, *more])})
        self.sentence = sentence
        self.more = more
        self.examples = examples

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        """Names of the commands, in the order in which they are met."""
        return list(self.commands)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        commands = [(name, each.sentence) for name, each in self.commands.items() if isinstance(each, SpokenCommand)]
        write_help(self, ctx, formatter, [self.sentence, *self.more], self.examples, commands)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse what stands before a command's name; a fault in it is told in the language that is asked for."""
        try:
            language = chosen_language(args, os.environ)
        except ValueError as error:
            complain(error, "en")
            raise click.exceptions.Exit(BAD_INPUT) from None
        if os.environ.get("NO_COLOR"):
            extra.setdefault("color", False)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            if _shows_help(error):
                raise
            refuse_usage(error, language)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the language before anything is parsed."""
        remember_language(ctx, chosen_language(args, os.environ))
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is named."""
        if args and args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(unknown_command(args[0], list(self.commands)), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        with interrupting.listening():
            interrupting.speak(words("interrupted; nothing was written").said(language_of(ctx)))
            return self._invoke(ctx)

    def _invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if _shows_help(error):
                raise
            refuse_usage(error, language_of(ctx))
        except (RenewoptError, ValueError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            complain(error, language_of(ctx))
            ctx.exit(interrupting.ended_by() or exit_code(error))
        except KeyboardInterrupt:
            complain(InterruptedPlanError(), language_of(ctx))
            ctx.exit(interrupting.ended_by() or INTERRUPTED)


def _shows_help(error: click.UsageError) -> bool:
    """Whether an error is click's way to show the help where nothing was asked."""
    return type(error).__name__ == "NoArgsIsHelpError"
