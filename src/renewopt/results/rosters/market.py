"""Who chooses among which homes: one estate and type, what each chooser must have, and how far each home is from it.

A chooser's *misfit* of a home, in m²: how far the home's area is from the area that it is due, plus, for each of its
wishes that the home does not meet, the m² that it states for it. It would rather have a home of a smaller misfit.
Misfits are whole hundredths of a m², so that two of them are equal or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.scenario.home_words import has_word

__all__ = ["NO_FLOOR", "Chooser", "Market", "make_market"]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
NO_FLOOR = -1
"""Of who can live on any floor."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """A home that is due by the plan, and what it should be like.

    Attributes
    ----------
    household, part
        As in the plan's claims.
    number
        From 1, of a cohort or of alike homes; 0 where there is one.
    estate, type
        Where and of which type.
    housed
        Ordinal of the month of moving in.
    due
        Area due, in hundredths of a m²; −1: not known.
    signed
        Place in the order of signing; 0: not known.
    needs, max_floor
        What the home must have; the highest floor, or `NO_FLOOR`.
    wishes
        Words, and the hundredths of a m² that each counts as.
    """

    household: str
    part: str
    number: int
    estate: str
    type: str
    housed: int
    due: int
    signed: int = 0
    needs: tuple[str, ...] = ()
    max_floor: int = NO_FLOOR
    wishes: tuple[tuple[str, int], ...] = ()

    @property
    def name(self) -> str:
        """By which its lot is drawn: the household's id, with its part and number where it has any.

        Examples
        --------
        >>> Chooser("N1", "", 0, "E", "a", 0, 0).name, Chooser("N1", "2", 3, "E", "a", 0, 0).name
        ('N1', 'N1/2#3')
        """
        return self.household + (f"/{self.part}" if self.part else "") + (f"#{self.number}" if self.number else "")

    @property
    def needy(self) -> bool:
        """Whether not every home will do."""
        return bool(self.needs) or self.max_floor != NO_FLOOR


@dataclass(frozen=True, eq=False)
class Market:
    """Choosers of one estate and type, and its homes.

    Choosers of the same needs and month are a *profile*; homes that do for the same profiles are a *class*.

    Attributes
    ----------
    choosers
        N of them, in the order of their ids.
    homes
        Rows of the checked table of homes, X of them, in the order of their ids.
    area
        (X,) hundredths of a m²; −1: not known.
    profile, home_class
        (N,) and (X,) numbers.
    eligible
        (P, Q) whether homes of a class do for a profile.
    """

    choosers: tuple[Chooser, ...]
    homes: pd.DataFrame
    area: Ints
    profile: Ints
    home_class: Ints
    eligible: Bools

    @cached_property
    def _lacking(self) -> dict[str, Ints]:
        words = {word for chooser in self.choosers for word, _ in chooser.wishes}
        return {word: (~has_word(self.homes, word)).astype(np.int64) for word in sorted(words)}

    def misfit(self, chooser: int) -> Ints:
        """(X,) misfit of each home for a chooser, hundredths of a m²."""
        of = self.choosers[chooser]
        total = (
            np.abs(self.area - of.due) * (self.area >= 0) if of.due >= 0 else np.zeros(self.area.size, dtype=np.int64)
        )
        for word, metres in of.wishes:
            total = total + metres * self._lacking[word]
        return total

    def does(self, chooser: int) -> Bools:
        """(X,) whether each home is ready in time for a chooser and has what it needs."""
        result: Bools = self.eligible[self.profile[chooser]][self.home_class]
        return result

    @cached_property
    def needy(self) -> Bools:
        """(N,) whether not every home will do."""
        return np.array([chooser.needy for chooser in self.choosers], dtype=np.bool_)


def make_market(choosers: Sequence[Chooser], homes: pd.DataFrame, available: Ints, area: Ints) -> Market:
    """Find out which homes do for whom.

    Parameters
    ----------
    choosers, homes
        Of one estate and type, both in order.
    available
        (X,) ordinal of the month from which each home can be lived in.
    area
        (X,) hundredths of a m²; −1: not known.
    """
    wants = [(chooser.housed, chooser.needs, chooser.max_floor) for chooser in choosers]
    profiles = list(dict.fromkeys(wants))
    number = {profile: row for row, profile in enumerate(profiles)}
    floor = homes["floor"].to_numpy(dtype=np.int64)
    known = {word: has_word(homes, word) for word in sorted({word for _, needs, _ in profiles for word in needs})}
    does = np.zeros((len(profiles), len(homes)), dtype=np.bool_)
    for row, (housed, needs, most) in enumerate(profiles):
        does[row] = _all([available <= housed, *(known[word] for word in needs)])
        if most != NO_FLOOR:
            does[row] &= (floor >= 1) & (floor <= most)
    classes, home_class = np.unique(does, axis=1, return_inverse=True)
    return Market(
        tuple(choosers),
        homes,
        area,
        np.array([number[want] for want in wants], dtype=np.int64),
        np.asarray(home_class, dtype=np.int64).reshape(-1),
        classes,
    )


def _all(conditions: Iterable[Bools]) -> Bools:
    result: Bools = np.logical_and.reduce(list(conditions))
    return result
