"""Rates: what a fee policy states for a month, and what it has grown to (rule 2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from renewopt.problem.compiling.exact import NEVER
from renewopt.scenario.models import FeePolicy, Growth, RateStep, Scenario
from renewopt.units import scaled

RATE_SCALE = 10_000
"""Rates are held in 1/10,000 yuan, so that area × rate is exact; so is what any amount has grown to."""
MICRO_YUAN = 1_000_000
_TO_MICRO = MICRO_YUAN // RATE_SCALE


@dataclass(frozen=True, slots=True)
class Rate:
    """What one household's fee is reckoned with in a month.

    Attributes
    ----------
    rate
        1/10,000 yuan by unit of the basis.
    least, most
        Micro-yuan a month; −1: none.
    """

    rate: int
    least: int
    most: int


@dataclass(frozen=True)
class Rates:
    """Rates of a policy for households whose fees begin in one month.

    Attributes
    ----------
    steps
        (month, yuan), increasing; a step without a month holds from before any other. 0 before the first.
    growth
        Growth of the policy, if any.
    first
        Month of the first rise; `NEVER` where there is none.
    policy
        Which states the limits.
    """

    steps: tuple[tuple[int, Decimal], ...]
    growth: Growth | None
    first: int
    policy: FeePolicy

    @classmethod
    def of(cls, policy: FeePolicy, scenario: Scenario, begins: int) -> Self:
        """Read a policy; `begins` is the first month with a fee."""
        stated = policy.rate if isinstance(policy.rate, list) else [RateStep(yuan=policy.rate)]
        steps = [(-NEVER if step.since is None else step.since - scenario.start, step.yuan) for step in stated]
        growth, first = policy.growth, NEVER
        if growth is not None and growth.clock == "moving_out":
            first = begins + growth.every
        elif growth is not None and growth.since is not None:
            first = growth.since - scenario.start
        return cls(tuple(sorted(steps, key=lambda step: step[0])), growth, first, policy)

    def changes(self, months: int) -> set[int]:
        """Months before the given one in which a rate is stated or rises; some may lie before the start."""
        rises = range(self.first, months, self.growth.every) if self.growth is not None else range(0)
        return {month for month, _ in self.steps} | set(rises)

    def at(self, month: int) -> Rate:
        """Rate and limits in a month."""
        since, yuan = next((step for step in reversed(self.steps) if step[0] <= month), (-NEVER, Decimal(0)))
        policy = self.policy
        rate = self._grown(yuan, "rate", since, month)
        if self.growth is not None and self.growth.at_most is not None:
            rate = min(rate, max(self.growth.at_most, yuan))
        least, most = policy.household_minimum, policy.household_maximum
        return Rate(
            scaled(rate, RATE_SCALE),
            -1 if least is None else _TO_MICRO * self._limit(least, "household_minimum", month),
            -1 if most is None else _TO_MICRO * self._limit(most, "household_maximum", month),
        )

    def _limit(self, yuan: Decimal, amount: str, month: int) -> int:
        return scaled(self._grown(yuan, amount, -NEVER, month), RATE_SCALE)

    def _grown(self, yuan: Decimal, amount: str, since: int, month: int) -> Decimal:
        """Return what an amount that holds since a month has grown to: it rises in later months only."""
        if self.growth is None or amount not in self.growth.amounts:
            return yuan
        rises = self._rises(month) - self._rises(since)
        return yuan * ((1 + self.growth.by) ** rises if self.growth.compound else 1 + rises * self.growth.by)

    def _rises(self, month: int) -> int:
        """Rises up to a month, which is one of them if it rises then."""
        every = 1 if self.growth is None else self.growth.every
        return max(0, (month - self.first) // every + 1)
