"""Values of options: numbers within limits and words of a list, refused in words of our own."""

from __future__ import annotations

import math
from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem

from renewopt.asked import GAP, is_gap
from renewopt.wording import Names, words

__all__ = ["FRACTION", "SECONDS", "OneOf", "Suggested", "Whole"]


class OneOf(click.Choice):  # type: ignore[type-arg, unused-ignore]
    """One word of a list."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the word, or say which ones there are."""
        if value not in self.choices:
            self.fail(words("{value!r}: expected one of {names}", value=value, names=Names(self.choices)), param, ctx)
        return str(value)


class Whole(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A whole number from `least` on."""

    name = "integer"

    def __init__(self, least: int) -> None:
        self.least = least

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Take the number."""
        try:
            number = int(str(value))
        except ValueError:
            number = self.least - 1
        if number < self.least:
            self.fail(
                words("{value!r}: expected a whole number from {least}", value=value, least=self.least), param, ctx
            )
        return number


class _Number(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A number within limits."""

    name = "float"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Take the number."""
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if not self.holds(number):
            self.refuse(value, param, ctx)
        return number

    def holds(self, number: float) -> bool:
        """Whether a number is within the limits."""
        raise NotImplementedError

    def refuse(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> None:
        """Say what was expected."""
        raise NotImplementedError


class _Fraction(_Number):
    """A fraction from 0 to less than 1."""

    def holds(self, number: float) -> bool:
        """Whether it is one."""
        return is_gap(number)

    def refuse(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> None:
        """Say what was expected."""
        self.fail(words("{value!r}: expected {expected}", value=value, expected=GAP), param, ctx)


class _Seconds(_Number):
    """Seconds above 0."""

    def holds(self, number: float) -> bool:
        """Whether there are any."""
        return number > 0

    def refuse(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> None:
        """Say what was expected."""
        self.fail(words("{value!r}: expected a number of seconds above 0", value=value), param, ctx)


FRACTION = _Fraction()
SECONDS = _Seconds()


class Suggested(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A text; a shell that completes it suggests some."""

    name = "text"

    def __init__(self, suggestions: Sequence[str]) -> None:
        self.suggestions = suggestions

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click passes it
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Suggest what begins like it."""
        return [CompletionItem(word) for word in self.suggestions if word.startswith(incomplete)]
