"""Numbers drawn: quantiles of the distributions that a scenario may state, and one number for each name."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from renewopt.scenario.models import Distribution

__all__ = ["hashed", "is_fixed", "quantile", "uniform", "whole_months"]

Floats = NDArray[np.float64]
Hashes = NDArray[np.uint64]
Stated = int | Decimal | Distribution


def hashed(names: Iterable[str]) -> Hashes:
    """Hash names for `uniform`: a number for each that hangs on the name alone, in every process."""
    return np.frombuffer(b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names), dtype="<u8")


def uniform(seed: int, what: str, names: Hashes) -> Floats:
    """Draw a number from 0 to 1 for each hashed name: the same for the same seed, purpose and name.

    It hangs neither on the place of a name nor on the other names, so that whoever is added, left out or sorted
    elsewhere changes nothing for the rest.

    Examples
    --------
    >>> both = uniform(7, "move/0", hashed(["A", "B"]))
    >>> both[1:] == uniform(7, "move/0", hashed(["B"]))
    array([ True])
    """
    # The last step of SplitMix64: every bit of the seed, the purpose and the name tells on every bit of the number.
    mixed = names ^ hashed([f"{seed}/{what}"])
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def is_fixed(stated: Stated) -> bool:
    """Whether a stated value is the same whatever is drawn."""
    return not isinstance(stated, Distribution) or stated.distribution == "fixed"


def quantile(stated: Stated, u: Floats) -> Floats:
    """Values of a number or distribution at the quantiles `u`.

    Examples
    --------
    >>> quantile(Distribution(distribution="uniform", low=2, high=6), np.array([0.0, 0.5]))
    array([2., 4.])
    """
    if not isinstance(stated, Distribution):
        return np.full(u.shape, float(stated))
    values = _inverse(stated, u)
    low = -np.inf if stated.low is None else float(stated.low)
    high = np.inf if stated.high is None else float(stated.high)
    clipped: Floats = np.clip(values, max(low, 0.0), high)
    return clipped


def _inverse(stated: Distribution, u: Floats) -> Floats:
    low, high, mode, mean, spread = (
        0.0 if number is None else float(number)
        for number in (stated.low, stated.high, stated.mode, stated.mean, stated.spread)
    )
    match stated.distribution:
        case "fixed":
            return np.full(u.shape, float(stated.value or 0))
        case "uniform":
            return low + (high - low) * u
        case "triangular":
            if high == low:
                return np.full(u.shape, low)
            at_mode = (mode - low) / (high - low)
            rising = low + np.sqrt(u * (high - low) * (mode - low))
            falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
            both: Floats = np.where(u < at_mode, rising, falling)
            return both
        case "normal":
            return mean + spread * _normal(u)
        case "lognormal":
            # The mean is that of the values, not of their logarithm.
            values: Floats = np.exp(np.log(mean) - spread**2 / 2 + spread * _normal(u))
            return values
        case "exponential":
            return -mean * np.log1p(-u)
        case _:
            listed = np.array([float(value) for value in stated.values or ()])
            weights = np.array([float(weight) for weight in stated.weights]) if stated.weights else np.ones(listed.size)
            place = np.searchsorted(np.cumsum(weights) / weights.sum(), u, side="right")
            chosen: Floats = listed[np.minimum(place, listed.size - 1)]
            return chosen


def _normal(u: Floats) -> Floats:
    inverse = NormalDist().inv_cdf
    inside = np.clip(u, 1e-12, 1 - 1e-12)
    return np.array([inverse(x) for x in inside.ravel().tolist()]).reshape(u.shape)


def whole_months(values: Floats) -> NDArray[np.int64]:
    """Round to whole months, half up."""
    return np.floor(values + 0.5).astype(np.int64)
