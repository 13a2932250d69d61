"""A future: how the district turns out, and what of it is known in each month."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property

from renewopt.futures.changes import Change, Decrees, Done, LaterMoves, Refusals
from renewopt.problem import FeeTable, Problem

__all__ = ["Future"]

KEPT = 4
"""Tables remembered, by what is known: those who walk through the months one after the other meet the same ones."""


@dataclass(eq=False)
class Future:
    """A way in which the district turns out; the same for every policy.

    Attributes
    ----------
    id, seed
        What it was drawn from.
    planned
        Tables as planned.
    changes
        What turns out otherwise.
    """

    id: str
    seed: int
    planned: Problem
    changes: tuple[Change, ...] = ()
    _known: dict[Hashable, Problem] = field(default_factory=dict, repr=False)
    _fees: dict[int, tuple[FeeTable, Hashable, FeeTable]] = field(default_factory=dict, repr=False)

    @cached_property
    def _of_fees(self) -> frozenset[int]:
        """Places of the changes that read and change the fees only."""
        return frozenset(n for n, change in enumerate(self.changes) if isinstance(change, Decrees | LaterMoves))

    @property
    def answers(self) -> Refusals | None:
        """What households will say when vouchers are put to them; None: everybody says yes."""
        return next((change for change in self.changes if isinstance(change, Refusals)), None)

    @property
    def certain(self) -> bool:
        """Whether all comes as planned, and everybody knows it."""
        return not self.changes

    def known(self, month: int, account: Done) -> Problem:
        """Tables as they are known in a month, given what was done so far."""
        news = tuple(change.news(self.planned, month, account) for change in self.changes)
        if news not in self._known:
            if len(self._known) >= KEPT:
                del self._known[next(iter(self._known))]
            self._known[news] = self._shown(news)
        return self._known[news]

    @cached_property
    def truth(self) -> Problem:
        """Tables as they turn out in the end."""
        return self._shown(tuple(change.all_news() for change in self.changes))

    def _shown(self, news: tuple[Hashable, ...]) -> Problem:
        problem = self.planned
        for place, (change, shown) in enumerate(zip(self.changes, news, strict=True)):
            if place not in self._of_fees:
                problem = change.shown(problem, shown)
                continue
            # Where neither the fees nor the news differ, it is the table of before.
            fees, said, changed = self._fees.get(place, (None, None, None))
            if fees is not problem.fees or said != shown or changed is None:
                changed = change.shown(problem, shown).fees
                self._fees[place] = problem.fees, shown, changed
            problem = replace(problem, fees=changed)
        return problem
