"""What is wrong with a command line, in words of our own and in both languages."""

from __future__ import annotations

import re

import click

from renewopt.wording import NOTHING, Names, Wording, as_is, words

__all__ = ["unknown_command", "usage_fault"]


def usage_fault(error: click.UsageError) -> Wording:
    """Say what is wrong with a command line, and how to mend it."""
    match error:
        case click.NoSuchOption():
            return _unknown(words("there is no option {name}", name=error.option_name), error.possibilities)
        case click.MissingParameter():
            name = _named(error)
            argument = isinstance(error.param, click.Argument)
            return (
                words("{name} is missing", name=name) if argument else words("the option {name} is missing", name=name)
            )
        case click.BadParameter():
            message = error.message if isinstance(error.message, Wording) else as_is(error.message)
            name = _named(error)
            return words("{name} {message}", name=name, message=message) if name else message
        case click.BadOptionUsage():
            return words("the option {name} needs a value", name=error.option_name)
    if isinstance(error.message, Wording):
        return error.message
    extra = re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message)
    if extra is not None:
        return words("{arguments} is too much; put names with spaces in quotes", arguments=extra[1])
    return as_is(error.format_message())


def unknown_command(name: str, known: list[str]) -> Wording:
    """Say that there is no such command."""
    from renewopt.scenario.suggestions import did_you_mean

    mend = did_you_mean(name, known) or words("the commands are {names}", names=Names(known))
    return words("{message}; {mend}", message=words("there is no command {name}", name=name), mend=mend)


def _unknown(message: Wording, possibilities: object) -> Wording:
    close = Names(sorted(possibilities)) if isinstance(possibilities, (list, tuple, set)) else NOTHING
    return (
        words("{message}; {mend}", message=message, mend=words("did you mean {names}?", names=close))
        if close
        else message
    )


def _named(error: click.BadParameter) -> str:
    """Name of the option or argument that is wrong."""
    if isinstance(error.param_hint, str):
        return error.param_hint
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    if error.param is not None:
        return (error.param.metavar or error.param.human_readable_name).strip("[].").upper()
    return ""
