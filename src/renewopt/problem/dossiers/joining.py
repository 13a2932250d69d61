"""Reasons joined to one: what has the same cause is named together, and one reason follows the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from renewopt.wording import Names, Wording, words

__all__ = ["by_cause", "joined", "some_of"]

NAMED = 10
"""How many estates, programmes or offers one cause names."""


def by_cause(found: Iterable[tuple[str, Wording]]) -> Iterator[Wording]:
    """Name all that have one cause together, each once."""
    causes: dict[Wording, dict[str, None]] = {}
    for name, cause in found:
        causes.setdefault(cause, {})[name] = None
    for cause, names in causes.items():
        yield words("{names}: {cause}", names=some_of(list(names)), cause=cause)


def some_of(names: list[str]) -> Wording | Names:
    """Name the first of them, and count the rest."""
    shown = Names(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    return words("{names} and {count} more", names=shown, count=len(names) - NAMED)


def joined(pieces: Sequence[Wording]) -> Wording:
    """Put reasons, of which there is at least one, into one sentence."""
    text = pieces[0]
    for piece in pieces[1:]:
        text = words("{text}; {more}", text=text, more=piece)
    return text
