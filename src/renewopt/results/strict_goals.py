"""What a plan's strict goals came to, and what is proven of each: a sentence for one."""

from __future__ import annotations

from renewopt.results.record import PlanRecord, TierResult
from renewopt.vocabulary import GOALS, IN_MONTHS, STARTS_GOALS, UNMONEYED, Goal
from renewopt.wording import Language
from renewopt.wording.amounts import yuan
from renewopt.wording.phrases import say, word

__all__ = ["tell_strict_goals"]

NOTHING = 0.005
"""Of what is no money: figures that differ by less look alike."""


def tell_strict_goals(plan: PlanRecord, lang: Language) -> list[str]:
    """Say of each strict goal, in their order, what it came to."""
    return [_told(tier, lang) for tier in plan.tiers if tier.goal in (*GOALS, *STARTS_GOALS, Goal.CHANGES)]


def _told(tier: TierResult, lang: Language) -> str:
    if tier.goal == Goal.CHANGES:
        name, goal = say(lang, "strict.changes.name"), say(lang, "strict.changes")
    else:
        name, goal = tier.name, word(lang, "objective", tier.goal)
    parts = {"name": name, "goal": goal, "value": _amount(tier, tier.value, lang)}
    if tier.bound is None:
        return say(lang, "strict.unproven", **parts)
    if tier.value - tier.bound <= (NOTHING if tier.goal in UNMONEYED else 1.0):
        return say(lang, "strict.least", **parts)
    return say(lang, "strict", **parts, bound=_amount(tier, tier.bound, lang))


def _amount(tier: TierResult, value: float, lang: Language) -> str:
    if tier.goal in IN_MONTHS:
        return say(lang, "strict.months", months=_figure(value))
    return _figure(value) if tier.goal in UNMONEYED else yuan(lang, value)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value - round(value)) < NOTHING else f"{value:,.2f}"
