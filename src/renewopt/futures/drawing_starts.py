"""Late starts, late clearing, and land that brings less or later: drawn from what a scenario states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from renewopt.futures.distributions import hashed, quantile, uniform, whole_months
from renewopt.futures.late_starts import Begun, LateStarts
from renewopt.scenario import models

__all__ = ["draw_starts"]

_Entry = models.LateStart | models.LateClearing | models.LandChange


def draw_starts(begun: Begun, stated: models.Future, seed: int) -> LateStarts | None:
    """Draw what becomes of the starts of a plan; None where the future says nothing of them."""
    if not (stated.starts or stated.clearing or stated.land):
        return None
    names = hashed(begun.id.tolist())
    size = begun.id.size

    def hit(entry: _Entry, key: str, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = among & (uniform(seed, f"{key}?", names) < float(entry.probability))
        return result

    def months(entries: Sequence[_Entry], what: str) -> NDArray[np.int64]:
        late = np.zeros(size, dtype=np.int64)
        for number, entry in enumerate(entries):
            key = f"{what}/{number}"
            drawn = whole_months(quantile(entry.months, uniform(seed, key, names)))
            late += np.where(hit(entry, key, _among(begun, entry)), drawn, 0)
        return late

    share = np.ones(size)
    for number, entry in enumerate(stated.land):
        key = f"land/{number}"
        part = quantile(entry.share, uniform(seed, f"{key}/share", names))
        share *= np.where(hit(entry, key, _among(begun, entry)), part, 1.0)
    return LateStarts(
        begun, months(stated.starts, "start"), months(stated.clearing, "clearing"), months(stated.land, "land"), share
    )


def _among(begun: Begun, entry: _Entry) -> NDArray[np.bool_]:
    """(n,) which activities an entry means; of clearing and land, projects alone."""
    named = np.ones(begun.id.size, dtype=np.bool_)
    if entry.items != "all":
        named &= np.isin(begun.id.astype(str), list(entry.items))
    if entry.kinds != "all":
        named &= np.isin(begun.kind.astype(str), list(entry.kinds))
    return named if isinstance(entry, models.LateStart) else named & (begun.project >= 0)
