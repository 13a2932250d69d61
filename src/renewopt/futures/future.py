"""A future: how the district turns out, and what of it is known in each month."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property

from renewopt.futures.changes import Change, Done, Refusals
from renewopt.problem import Problem

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
        for change, shown in zip(self.changes, news, strict=True):
            problem = change.shown(problem, shown)
        return problem
