"""What is short, in the planner's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING

from renewopt.results.record import Shortage
from renewopt.units import FEN_PER_YUAN
from renewopt.wording import LANGUAGES
from renewopt.wording.amounts import yuan
from renewopt.wording.phrases import purpose, say

if TYPE_CHECKING:
    from renewopt.ledger import Violation
    from renewopt.optimiser.infeasibility.shortage import DeadlineShort, LeastShortage

__all__ = ["describe_shortage", "shortfalls"]

SURE = 1e-6
"""Households below which a fraction is taken for rounding."""
SHOWN = 12
"""Households and homes that are named before the rest is only counted."""


def _in_words(key: str, **values: object) -> dict[str, str]:
    return {lang: say(lang, key, **values) for lang in LANGUAGES}


def _money(need: str, by_month: list[tuple[str, float]], *, figure: str = "") -> Shortage:
    total = sum(amount for _, amount in by_month)
    worst_month, worst = max(by_month, key=lambda item: (item[1], item[0]))
    key = f"short.money{'.once' if len(by_month) == 1 else ''}{figure}"
    text = {
        str(lang): say(
            lang,
            key,
            need=purpose(lang, need),
            amount=yuan(lang, total),
            month=by_month[0][0],
            last=by_month[-1][0],
            worst=yuan(lang, worst),
            worst_month=worst_month,
        )
        for lang in LANGUAGES
    }
    months = {month: round(amount, 2) for month, amount in by_month}
    return Shortage("money", need, by_month[0][0], round(total, 2), text, months)


def describe_shortage(found: LeastShortage | None) -> tuple[Shortage, ...]:
    """Say what the optimiser found short: homes first, then debt that cannot be set off, then money."""
    return () if found is None else tuple(_describe(found))


def _describe(found: LeastShortage) -> Iterator[Shortage]:
    figure = ".about" if found.merged else "" if found.whole else ".least"
    yield from _late(found.deadlines, figure)
    yield from _late(found.unfunded, f".unfunded{figure}")
    if found.bottleneck is not None:
        neck = found.bottleneck
        text = _in_words(
            "short.homes" if neck.pools else "short.homes.none",
            count=f"{neck.count:,}",
            available=f"{neck.available:,}",
            pools=_listed(neck.pools),
            households=_listed(neck.households),
        )
        yield Shortage("homes", ";".join(neck.pools), "", float(neck.count - neck.available), text)
    for target in found.targets:
        place = {"developer": target.developer, "month": target.month}
        text = {str(lang): say(lang, "short.target", amount=yuan(lang, target.yuan), **place) for lang in LANGUAGES}
        yield Shortage("offset", target.developer, target.month, target.yuan, text)
    for money in found.money:
        yield _money(money.need, list(money.by_month), figure=figure)
    if not (found.deadlines or found.targets or found.money):
        yield Shortage("rule", "", "", None, _in_words("short.unknown" if found.measured else "short.unmeasured"))


def _late(deadlines: Sequence[DeadlineShort], kind: str) -> Iterator[Shortage]:
    """Say who is late; only how many in all, where some of one project can be housed in place of some of another."""
    if not all(late.certain for late in deadlines):
        yield _late_in_all(deadlines, kind)
        return
    for late in deadlines:
        # Of the relaxation, which may house parts of households, the whole number above it is certain.
        count = f"{ceil(late.households - SURE):,}"
        text = _in_words(f"short.deadline{kind}", project=late.project, month=late.deadline, count=count)
        yield Shortage("households", late.project, late.deadline, late.households, text)


def _late_in_all(deadlines: Sequence[DeadlineShort], kind: str) -> Shortage:
    households = sum(late.households for late in deadlines)
    projects = tuple(dict.fromkeys(late.project for late in deadlines))
    text = _in_words(f"short.deadlines{kind}", count=f"{ceil(households - SURE):,}", projects=_listed(projects))
    first = min(late.deadline for late in deadlines)
    return Shortage("households", ";".join(projects), first, households, text)


def shortfalls(violations: Iterable[Violation]) -> tuple[Shortage, ...]:
    """List the shortfalls that a rule of thumb ran into, need by need."""
    by_need: dict[str, list[tuple[str, float]]] = {}
    for violation in violations:
        if violation.code == "need.shortfall":
            month, amount = violation.place["month"], int(violation.found) / FEN_PER_YUAN
            by_need.setdefault(violation.place["need"], []).append((month, amount))
    return tuple(_money(need, sorted(months)) for need, months in by_need.items())


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown}, … ({len(names)})" if len(names) > SHOWN else shown
