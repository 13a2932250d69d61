"""What parameters of policies may be, so that a wrong one is told when a policy is made, and not run by run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from numbers import Integral, Real

from renewopt.asked import GAP, is_gap
from renewopt.wording import Names, Wording, words

__all__ = ["Allowed", "fraction", "gap", "one_of", "positive", "refuse_wrong", "whole"]

Allowed = tuple[bool, Wording]
"""Whether a value is as it should be, and what was expected."""


def whole(value: object, least: int) -> Allowed:
    """Whole numbers from `least` on."""
    right = isinstance(value, Integral) and int(value) >= least
    return right, words("expected a whole number from {least}", least=least)


def positive(value: object) -> Allowed:
    """Numbers above 0."""
    right = isinstance(value, Real) and 0 < float(value) < float("inf")
    return right, words("expected a number above 0")


def fraction(value: object, *, below_one: bool = False) -> Allowed:
    """Numbers from 0 to 1."""
    right = isinstance(value, Real) and 0 <= float(value) <= 1 and not (below_one and value == 1)
    if below_one:
        return right, words("expected a fraction from 0 to less than 1")
    return right, words("expected a fraction from 0 to 1")


def gap(value: object) -> Allowed:
    """Gaps at which a search may stop."""
    return is_gap(value), words("expected {expected}", expected=GAP)


def one_of(value: object, known: Collection[str]) -> Allowed:
    """Words of a list."""
    return value in known, words("expected one of {names}", names=Names(known))


def refuse_wrong(policy: object, allowed: Mapping[str, Allowed]) -> None:
    """Refuse a policy with all of its parameters that are wrong.

    Parameters
    ----------
    allowed
        By the name of the parameter.

    Raises
    ------
    ValueError
        If there are any.
    """
    wrong = [
        words("{key} {value!r}: {expected}", key=key, value=getattr(policy, key), expected=expected)
        for key, (right, expected) in allowed.items()
        if not right
    ]
    if wrong:
        raise ValueError(words("{faults}", faults=Names(wrong)))
