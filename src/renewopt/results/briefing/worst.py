"""Which of the delays that were tried are told: those that break most."""

from __future__ import annotations

from collections.abc import Iterable

from renewopt.results.record import Delayed

__all__ = ["worst_delays"]


def worst_delays(delayed: Iterable[Delayed], most: int) -> list[Delayed]:
    """Choose the worst delays, one for each phase, and what all phases together do.

    Parameters
    ----------
    delayed
        Of a plan.
    most
        Phases that are told.

    Returns
    -------
    list of Delayed
        Of each phase the shortest delay after which money is missing, else the longest that was tried; first where
        most is missing, then where fees rise most. All phases together (``phase`` "") come last.
    """
    by_phase: dict[str, list[Delayed]] = {}
    for tried in delayed:
        by_phase.setdefault(tried.phase, []).append(tried)
    told = {
        phase: next((late for late in sorted(tries, key=lambda late: late.months) if late.first_short), tries[-1])
        for phase, tries in by_phase.items()
    }
    together = [told.pop("")] if "" in told else []
    return [*sorted(told.values(), key=lambda late: (-late.missing, -late.fees))[:most], *together]
