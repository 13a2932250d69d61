"""Branch and cut beside a plan at hand: ended by it, or helped by it, once it has not done better in time.

A search that soon finds as good a plan by itself is left alone: with a start it goes another way, and to another plan
within the same gap.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.decoding import encode
from renewopt.optimiser.payments.paying import Paid
from renewopt.optimiser.progress import Clock
from renewopt.stopping import Limit, Spent

NO_VALUE = 1e29
"""What HiGHS reports beyond this is no value yet."""
SOON = 4e5
"""Nonzeros × steps of branch and cut in which a search is to do without a start."""
LONG = 4e6
"""The same after which it begins anew with the start, if it has found no plan that is less than `BEHIND` worse."""
BEHIND = 0.01


def run_beside(
    engine: Engine,
    f: Formulation,
    clock: Clock,
    work: Spent,
    *,
    known: bool,
    start: Paid | None,
    gap: float,
    in_parts: bool = False,
    kept: float = 0.0,
) -> Raw:
    """Run a whole-number search; it ends early where a plan at hand is proven to be within the gap.

    Also where every plan is proven to be dearer than one is asked for, if that takes longer than `SOON`.

    Parameters
    ----------
    work
        Work that is booked, and its limit. Where there is one, the search is not helped: with a plan that it was given
        it would end as if it had found it.
    known
        Whether a plan was found before.
    in_parts
        Whether households may be split, so that what is found is no plan yet: only what is proven is told.
    kept
        Seconds that are left for what follows.
    """
    value = math.inf if start is None else start.value
    beside = _Beside(value, gap, clock.is_dearer, helped=work.limit != Limit())

    def report(best: float, low: float, _: float) -> None:
        beside.best, beside.low = min(beside.best, best), max(beside.low, low)
        told = best if best < NO_VALUE and not in_parts else None
        clock.report("search", told, low if low > -NO_VALUE else None)

    def enough(step: int, plan: bool) -> bool:
        return work.spend(step, plan=plan or known) or beside.spend(step)

    raw = engine.run(time_limit=clock.left - kept, report=report, enough=enough)
    if start is None or not beside.behind or raw.status != "time_limit" or clock.is_dearer(raw.bound):
        return raw
    # A month that the model leaves out cannot be told to it.
    with suppress(ValueError):
        x = encode(f, start.decisions)
        whole = np.concatenate([f["settle"].index, f["complete"].index])
        engine.start_from(whole, x[whole])
    beside.helped = True
    again = engine.run(time_limit=clock.left - kept, report=report, enough=enough)
    return replace(again, bound=max(again.bound, raw.bound))


@dataclass(eq=False)
class _Beside:
    """How a search stands beside a plan of this value, and beside what is asked for; before `SOON` it is left alone."""

    value: float
    gap: float
    is_dearer: Callable[[float], bool]
    helped: bool
    best: float = math.inf
    low: float = -math.inf
    work: float = 0.0

    @property
    def proven(self) -> bool:
        """Whether the plan is within the gap, and no plan that was found is better."""
        return self.best > self.value and self.low >= self.value - self.gap * abs(self.value)

    @property
    def behind(self) -> bool:
        """Whether the search is to be helped."""
        return self.work >= LONG and not self.helped and self.best > self.value + BEHIND * abs(self.value)

    def spend(self, step: int) -> bool:
        """Book a step; whether the run is to end."""
        self.work += step
        if self.work < SOON:
            return False
        return self.is_dearer(self.low) or (math.isfinite(self.value) and (self.proven or self.behind))
