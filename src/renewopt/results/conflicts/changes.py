"""The smallest change of a rule after which all others of a conflict can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import isqrt

from renewopt.results.conflicts.questions import Questions
from renewopt.results.conflicts.stated_rule import Edit, StatedRule, Way
from renewopt.scenario import Scenario
from renewopt.wording import Wording, words

__all__ = ["Changes", "FoundRule"]

ROUGH = 0.02
"""Amounts are found to this fraction where not all is proven, or the problem is large."""
FAR = 8
"""Amounts that are so many times apart are halved by their ratio, nearer ones by their difference."""
NOT_ENOUGH = words("leaving it out alone would not be enough")


@dataclass(frozen=True, eq=False)
class FoundRule:
    """A rule of a conflict.

    Attributes
    ----------
    said
        Its smallest change, in words; None where it was not found out.
    change
        The same on a scenario; None where no change of it alone is enough, or it was not found out.
    less
        A smaller change, the next one if all is proven, which was found not to be enough; None where there is none.
    """

    rule: StatedRule
    said: Wording | None = None
    change: Edit | None = None
    less: Edit | None = None


class Changes:
    """Smallest changes of rules.

    Parameters
    ----------
    missing
        Yuan that are lacking at about, 0 if that is not known: where the search for an amount begins.
    exact
        Whether amounts of money are found to the yuan, else to a share of what they are.
    """

    def __init__(self, questions: Questions, missing: float, *, exact: bool) -> None:
        self._questions = questions
        self._missing = missing
        self._rough = 0.0 if exact else ROUGH

    def steps(self, number: int) -> tuple[int, int]:
        """Rank by the questions that a smallest change takes: months and counts, then amounts, then dated amounts."""
        ways = self._questions.rules[number].ways
        return sum(way.in_yuan for way in ways) + sum(way.arriving is not None for way in ways), number

    def smallest(self, number: int, context: frozenset[int], *, certain: bool) -> FoundRule:
        """Find the smallest change of a rule after which all others of these can be kept."""
        rule, scenario = self._questions.rules[number], self._questions.without(self._questions.every - context)
        outright = self._questions.answer(context - {number})
        if outright.kept is None:
            return FoundRule(rule)
        if not outright.kept:
            # Beside what is proven nothing is claimed that is not.
            return FoundRule(rule, NOT_ENOUGH if outright.proven or not certain else None)
        for way in rule.ways:
            found = self._level(way, scenario)
            if found is None:
                continue
            level, too_low = found
            less = partial(way.at, level=too_low) if too_low else None
            month = self._latest(way, level, scenario)
            if month is None or way.arriving is None or way.said_by is None:
                return FoundRule(rule, way.said(level), partial(way.at, level=level), less)
            said = way.said_by(level, scenario.start + month)
            return FoundRule(rule, said, partial(way.arriving, level=level, month=month), less)
        return FoundRule(rule, rule.dropped, rule.without)

    def _level(self, way: Way, scenario: Scenario) -> tuple[int, int] | None:
        """Least level of a way that is enough, and one that is not; None: not even the greatest is, or not found out.

        Where the work ends a greater number of months or homes may be the least one found.
        """
        low, high = 0, way.most
        if high < 1:
            return None
        guess = int(self._missing) if way.in_yuan else 0
        near = max(1, int(guess * self._rough))
        if near < guess < high - near:
            # As a rule it is just that amount.
            low = guess + near
            if self._questions.possible(way.at(scenario, low)):
                low, high = 0 if self._questions.possible(way.at(scenario, guess - near)) else guess - near, low
        if high == way.most and not self._questions.possible(way.at(scenario, high)):
            return None
        while high - low > max(1, int(high * self._rough) if way.in_yuan else 0):
            middle = isqrt(low * high) if way.in_yuan and 0 < FAR * low < high else (low + high) // 2
            answer = self._questions.possible(way.at(scenario, middle))
            if answer is None:
                # What was found by then is enough, if not the least; an amount may still be far too much.
                return (high, low) if self._questions.effort.left <= 0 and not way.in_yuan else None
            low, high = (low, middle) if answer else (middle, high)
        return high, low

    def _latest(self, way: Way, level: int, scenario: Scenario) -> int | None:
        """Find the latest month in which an amount is still enough; None where the way has no date."""
        if way.arriving is None:
            return None
        low, high = 0, scenario.months
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (
                (middle, high) if self._questions.possible(way.arriving(scenario, level, middle)) else (low, middle)
            )
        return low
