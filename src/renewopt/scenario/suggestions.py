"""Did you mean: the name closest to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from renewopt.wording import NOTHING, Names, Wording, words

__all__ = ["did_you_mean", "listed"]

MOST, LONGEST = 2_000, 100
"""Names that are compared with a word, and its signs: comparing takes time with the product."""


def did_you_mean(word: str, known: Iterable[str]) -> Wording:
    """Return ``did you mean 'x'?`` for the closest known name, or an empty text.

    Examples
    --------
    >>> did_you_mean("fee", ["fees", "vouchers"])
    "did you mean 'fees'?"
    >>> did_you_mean("xyz", ["fees"])
    ''
    """
    names = {name.casefold(): name for name in islice(known, MOST)}
    folded = word.strip().casefold()
    if len(folded) > LONGEST:
        return NOTHING
    exact = names.get(folded.replace("-", "_").replace(" ", "_"))
    if exact:
        return words("did you mean {name!r}?", name=exact)
    from difflib import get_close_matches

    close = [names[name] for name in get_close_matches(folded, names, 1, 0.6)]
    return words("did you mean {name!r}?", name=close[0]) if close else NOTHING


def listed(known: Iterable[str], most: int = 12) -> Wording:
    """Return known names as a short list for a message.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    names = [name for name in known if name]
    if len(names) > most:
        return words("{names} and {count} more", names=Names(names[:most]), count=len(names) - most)
    return words("{names}", names=Names(names)) if names else words("none")
