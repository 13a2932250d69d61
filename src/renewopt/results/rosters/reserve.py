"""Homes kept back, so that whoever chooses first leaves everybody else a home that will do.

Not which home is kept for whom, but how many homes of each class for each profile: a flow in a graph of a few nodes,
however many choosers there are. It is raised and led round by augmenting paths (Ford and Fulkerson 1956).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Reserve"]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Reserve:
    """Homes kept for choosers.

    Parameters
    ----------
    eligible
        (P, Q) whether homes of a class do for a profile.
    homes
        (Q,) homes of each class.
    """

    def __init__(self, eligible: Bools, homes: Ints) -> None:
        self._eligible = eligible
        self._kept = np.zeros(eligible.shape, dtype=np.int64)
        self._free = homes.astype(np.int64).copy()
        self._refused = np.zeros(eligible.shape, dtype=np.bool_)

    def may_have(self, profile: int) -> Bools:
        """(Q,) classes of which a home was not refused to the profile: what is refused once stays so."""
        result: Bools = self._eligible[profile] & ~self._refused[profile]
        return result

    def keep(self, profile: int) -> bool:
        """Keep one home more for a profile, if all that is kept can be; others may be led to other homes."""
        return self._lead_round([profile]) is not None

    def take(self, profile: int, of: int) -> bool:
        """Let a chooser for whom a home is kept have one of a class, if everybody else's can still be kept."""
        kept = self._kept[profile]
        if kept[of]:
            kept[of] -= 1
            return True
        other = int(np.flatnonzero(kept)[0])
        kept[other] -= 1
        self._free[other] += 1
        if self._free[of]:
            self._free[of] -= 1
            return True
        led = self._lead_round(np.flatnonzero(self._kept[:, of]).tolist())
        if led is None:
            kept[other] += 1
            self._free[other] -= 1
            self._refused[profile, of] = True
            return False
        self._kept[led, of] -= 1
        return True

    def _lead_round(self, profiles: Iterable[int]) -> int | None:
        """Keep one home more for one of some profiles; None where that cannot be."""
        via: dict[int, tuple[int, int] | None] = dict.fromkeys(profiles)
        waiting = deque(via)
        seen = np.zeros(self._free.size, dtype=np.bool_)
        while waiting:
            profile = waiting.popleft()
            classes = self._eligible[profile] & ~seen
            ends = np.flatnonzero(classes & (self._free > 0))
            if ends.size:
                return self._shift(via, profile, int(ends[0]))
            seen |= classes
            for of in np.flatnonzero(classes).tolist():
                for holder in np.flatnonzero(self._kept[:, of]).tolist():
                    if holder not in via:
                        via[holder] = (profile, of)
                        waiting.append(holder)
        return None

    def _shift(self, via: dict[int, tuple[int, int] | None], profile: int, of: int) -> int:
        self._kept[profile, of] += 1
        self._free[of] -= 1
        while (step := via[profile]) is not None:
            before, held = step
            self._kept[profile, held] -= 1
            self._kept[before, held] += 1
            profile = before
        return profile
