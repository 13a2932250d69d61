"""In what the brief is told: its plan, its language, and how names, months and amounts are written in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from renewopt.charts.labels import Locale, short
from renewopt.results.reporting.facts import last_month
from renewopt.vocabulary import Goal
from renewopt.wording import amounts
from renewopt.wording.amounts import in_report

if TYPE_CHECKING:
    from renewopt.results.record import PlanRecord

__all__ = ["LEAST", "LONGEST", "Voice", "count_told", "homes_told", "share_told"]

LEAST = 50.0
"""Yuan: less is nothing when it is written in 万元."""
LONGEST = 24
"""Signs of a name."""


class Voice:
    """What every part of the brief is told with.

    Parameters
    ----------
    plan
        What is told.
    say
        Language and names.
    most
        Sentences of a kind; names in one sentence are twice as many.
    """

    def __init__(self, plan: PlanRecord, say: Locale, most: int) -> None:
        self.plan, self.say, self.lang, self.most = plan, say, say.lang, most
        self.last = last_month(plan.start, plan.months)

    def first(self, sentences: Sequence[str], most: int | None = None) -> Iterator[str]:
        """Yield the first sentences, and say how many more there are."""
        most = most or self.most
        yield from sentences[:most]
        if len(sentences) > most:
            yield self.say("risk.more", count=len(sentences) - most)

    def joined(self, parts: Iterable[str], by: str = "brief.join", most: int | None = None) -> str:
        """Join parts, the first of them where there are many."""
        listed, most = list(parts), most or 2 * self.most
        more = self.say("brief.and_more", count=len(listed) - most) if len(listed) > most else ""
        return self.say(by).join(listed[:most]) + more

    def name(self, kind: str, identifier: str) -> str:
        """Call a thing as readers do: by its name; in English with its id, for names are often Chinese."""
        return short(self.say.label(kind, identifier), LONGEST)

    def month(self, text: str) -> str:
        """Write a month."""
        return amounts.month(self.lang, text)

    def span(self, first: str, last: str) -> str:
        """Write months from one to another."""
        if first == last:
            return self.month(first)
        return self.say("brief.months", first=self.month(first), last=self.month(last))

    def yuan(self, amount: float) -> str:
        """Write an amount."""
        return in_report(self.lang, amount)

    def goal(self) -> str:
        """What is minimised; where weights or other goals make it another figure than the total, that is said."""
        plan, goal = self.plan, self.say.word("objective", self.plan.objective_name)
        total = plan.fiscal_cost if plan.objective_name == Goal.FISCAL else plan.transition_fees
        same = plan.objective is None or total is None or abs(plan.objective - total) < LEAST
        return goal if same else self.say("brief.weighted", goal=goal)


def count_told(households: int) -> str:
    """Write a number of households."""
    return f"{households:,}"


def homes_told(homes: float) -> str:
    """Write a number of homes."""
    return f"{homes:,.10g}"


def share_told(share: float) -> str:
    """Write a share."""
    return f"{share:.1%}"
