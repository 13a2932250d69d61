"""Help in both languages: what a command does, examples that work, and its options."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import click

from renewopt.cli.speaking import language_of, painted
from renewopt.wording import NOTHING, Language, Wording, as_is, width, words
from renewopt.wording.wrapping import wrapped

__all__ = ["Example", "SpokenCommand", "SpokenOption", "write_help"]

Example = tuple[str, Wording]
"""A command line, and what it does."""
WIDEST = 100
COLUMN = 24
"""Columns of an option's name before its meaning begins on a line of its own."""


class SpokenOption(click.Option):
    """An option whose help knows both languages.

    Parameters
    ----------
    help : Wording
    shown : bool
        Whether help tells the default.
    """

    def __init__(self, names: Sequence[str], *, help: Wording, shown: bool = False, **options: Any) -> None:  # noqa: A002
        super().__init__(names, **{**options, "help": str(help)})
        self.sentence = help
        self.shown = shown

    def meaning(self, language: Language) -> str:
        """What the option means, with its default."""
        text = self.sentence.said(language)
        if self.required:
            text += words(" [required]").said(language)
        elif self.shown:
            default = self.default
            if self.secondary_opts:
                default = (self.opts if default else self.secondary_opts)[0].lstrip("-")
            shown = f"{default:g}" if isinstance(default, float) else str(default)
            text += words(" [default: {value}]", value=shown).said(language)
        return text


class SpokenCommand(click.Command):
    """A command whose help knows both languages.

    Parameters
    ----------
    sentence : Wording
        What it does.
    more : sequence of Wording
        Paragraphs that follow.
    examples : sequence of Example
    """

    def __init__(
        self,
        *arguments: Any,
        sentence: Wording = NOTHING,
        more: Sequence[Wording] = (),
        examples: Sequence[Example] = (),
        **options: Any,
    ) -> None:
        sentence = sentence or as_is((options.get("help") or "").partition("\n\n")[0])
        super().__init__(*arguments, **{**options, "help": "\n\n".join([sentence, *more])})
        self.sentence = sentence
        self.more = more
        self.examples = examples

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        write_help(self, ctx, formatter, [self.sentence, *self.more], self.examples)


def write_help(
    command: click.Command,
    ctx: click.Context,
    formatter: click.HelpFormatter,
    paragraphs: Sequence[Wording],
    examples: Sequence[Example],
    commands: Sequence[tuple[str, Wording]] = (),
) -> None:
    """Write usage, paragraphs, examples, commands and options."""
    language = language_of(ctx)
    columns = min(shutil.get_terminal_size().columns, WIDEST)
    pieces = [_piece(piece, language) for piece in command.collect_usage_pieces(ctx)]
    usage = f"{ctx.command_path} {' '.join(pieces)}"
    lines = [f"{_head(words('Usage'), language)} {usage}", ""]
    for paragraph in paragraphs:
        lines += [*_indented(paragraph.said(language), columns, 2), ""]
    if examples:
        lines.append(_head(words("Examples"), language))
        for line, meaning in examples:
            lines += [f"  {line}", *_indented(meaning.said(language), columns, 6)]
        lines.append("")
    if commands:
        lines.append(_head(words("Commands"), language))
        lines += [*_table([(name, meaning.said(language)) for name, meaning in commands], columns, 12), ""]
    lines.append(_head(words("Options"), language))
    lines += _table(list(_options(command, ctx, language)), columns, COLUMN)
    formatter.write("\n".join(lines) + "\n")


def _head(title: Wording, language: Language) -> str:
    return painted(words("{title}:", title=title).said(language), bold=True)


def _piece(piece: str, language: Language) -> str:
    """Say a piece of the usage line."""
    known = {"[OPTIONS]": words("[OPTIONS]"), "COMMAND [ARGS]...": words("COMMAND [ARGS]...")}
    return known[piece].said(language) if piece in known else piece


def _options(command: click.Command, ctx: click.Context, language: Language) -> Iterator[tuple[str, str]]:
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is None or isinstance(parameter, click.Argument):
            continue
        if isinstance(parameter, SpokenOption):
            yield record[0], parameter.meaning(language)
        elif "--help" in parameter.opts:
            yield record[0], words("Show this help.").said(language)
        else:
            yield record


def _indented(text: str, columns: int, by: int) -> list[str]:
    return [" " * by + line for line in wrapped(text, columns - by)]


def _table(rows: Sequence[tuple[str, str]], columns: int, start: int) -> list[str]:
    """Two columns; what is too long for the first one has a line of its own."""
    lines: list[str] = []
    for name, meaning in rows:
        first, *rest = wrapped(meaning, columns - start - 2) or [""]
        if width(name) > start - 2:
            lines += [f"  {name}", f"{'':{start + 2}}{first}"]
        else:
            lines.append(f"  {name}{' ' * (start - width(name))}{first}")
        lines += [f"{'':{start + 2}}{line}" for line in rest]
    return lines
