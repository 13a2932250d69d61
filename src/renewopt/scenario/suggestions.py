"""Did you mean: the name closest to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["did_you_mean", "listed"]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the closest known name, or an empty text.

    Examples
    --------
    >>> did_you_mean("fee", ["fees", "vouchers"])
    "did you mean 'fees'?"
    >>> did_you_mean("xyz", ["fees"])
    ''
    """
    names = {name.casefold(): name for name in known}
    folded = word.strip().casefold()
    exact = names.get(folded.replace("-", "_").replace(" ", "_"))
    close = [exact] if exact else [names[name] for name in difflib.get_close_matches(folded, names, 1, 0.6)]
    return f"did you mean {close[0]!r}?" if close else ""


def listed(known: Iterable[str], most: int = 12) -> str:
    """Return known names as a short list for a message.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    names = list(known)
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return ", ".join(names) or "none"
