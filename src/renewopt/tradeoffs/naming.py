"""What points are about, in the reader's words: parts of a plan, and goals with what they may come to."""

from __future__ import annotations

from renewopt.charts.labels import Locale
from renewopt.vocabulary import IN_MONTHS, UNMONEYED
from renewopt.wording.amounts import yuan

__all__ = ["amount_of_goal", "goal_word", "is_money", "part_word"]


def part_word(kind: str, item: str, say: Locale) -> str:
    """Name a part of a plan: a ``phase`` with the name that the planner gave, or the word for a ``route``."""
    return say.label("phase", item) if kind == "phase" else say.word("route", item)


def goal_word(goal: str, say: Locale) -> str:
    """Find the word for a goal."""
    return say.word("objective", goal)


def is_money(goal: str) -> bool:
    """Whether a goal counts money."""
    return goal not in UNMONEYED


def amount_of_goal(value: float, goal: str, say: Locale) -> str:
    """Write what a goal comes to, with its unit: yuan, months, or none."""
    if is_money(goal):
        return yuan(say.lang, value)
    return say("frontier.in_months", months=f"{value:,.4g}") if goal in IN_MONTHS else f"{value:,.4g}"
