"""Exit codes, and which error leads to which."""

from __future__ import annotations

import click

from renewopt.errors import RenewoptError, ScenarioError
from renewopt.results.failures import (
    AuditError,
    InterruptedPlanError,
    NoPlanInTimeError,
    OutputExistsError,
)
from renewopt.results.texts import Language, say
from renewopt.wording import told

__all__ = ["BAD_INPUT", "DONE", "FAULT", "INFEASIBLE", "INTERRUPTED", "NO_PLAN", "OUTPUT_EXISTS", "Commands"]

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
        (OutputExistsError, OUTPUT_EXISTS),
        (InterruptedPlanError, INTERRUPTED),
        (AuditError, FAULT),
    ):
        if isinstance(error, kind):
            return code
    return BAD_INPUT


def complain(error: Exception, language: Language) -> None:
    """Say on stderr what went wrong."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        text = f"{where}{error.strerror or error}"
    else:
        text = told(error, language)
    # A scenario's findings stand on lines of their own, ready to be clicked in an editor.
    click.echo(text if isinstance(error, ScenarioError) else say(language, "error", text=text), err=True)


class Commands(click.Group):
    """A group whose commands end with the exit codes of the contract instead of tracebacks."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (RenewoptError, ValueError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            complain(error, _language(ctx))
            ctx.exit(exit_code(error))
        except KeyboardInterrupt:
            complain(InterruptedPlanError(), _language(ctx))
            ctx.exit(INTERRUPTED)


def _language(ctx: click.Context) -> Language:
    """Return the language that the command was told to speak."""
    meta = ctx.meta.get("renewopt.language", "en")
    return "zh" if meta == "zh" else "en"
