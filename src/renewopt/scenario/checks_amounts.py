"""Checks of amounts: slips of 1,000 or 10,000 times, such as yuan written where 万元 was meant."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from renewopt.scenario.contents import Contents
from renewopt.scenario.dictionary import Key, Path, values
from renewopt.scenario.notes import Notes
from renewopt.wording import YUAN, Wording, words

__all__ = ["check_amounts"]

Band = tuple[int, int]

PER_M2: Band = (100, 200_000)
"""Usual prices of a m², yuan."""
SUM: Band = (5_000, 200_000_000_000)
"""Usual sums of a fund, a loan, a debt or a phase, yuan."""
RATES: dict[str, tuple[Decimal, Decimal]] = {
    "area": (Decimal("0.5"), Decimal(300)),
    "person": (Decimal(20), Decimal(30_000)),
    "household": (Decimal(50), Decimal(100_000)),
}
"""Usual transition fees a month, yuan, by basis; sourced rules lie between 4 yuan/m² and 1,500 yuan a person."""
BASES = {"area": words("area"), "person": words("person"), "household": words("household")}
"""How a fee is reckoned, in words."""


def check_amounts(scenario: Contents, notes: Notes) -> None:
    """Warn of amounts outside of the usual, which are most often slips of the unit.

    Parameters
    ----------
    scenario : Contents
    notes : Notes
        Takes the findings.
    """
    if scenario.place.currency != YUAN:
        # What is usual elsewhere is not known, and 万元 is no slip there.
        return
    for path, amount, key in _amounts(scenario):
        low, high = PER_M2 if key.unit == "yuan/m²" else SUM
        if amount and not low <= amount <= high:
            notes.warn(
                path,
                words(
                    "{amount} is unusual for {what} ({low:,} to {high:,} is usual)",
                    amount=_shown(amount),
                    what=Wording(key.meaning.of.usual, {}),
                    low=low,
                    high=high,
                ),
                _slip(amount, low),
            )
    for number, policy in enumerate(scenario.fee_policies):
        lowest, highest = RATES[policy.basis]
        steps = policy.rate if isinstance(policy.rate, list) else [None]
        for position, step in enumerate(steps):
            rate = policy.rate if step is None else step.yuan
            place: Path = ("fee_policies", number, "rate")
            place = place if step is None else (*place, position, "yuan")
            if isinstance(rate, Decimal) and rate and not lowest <= rate <= highest:
                message = words(
                    "{amount} is unusual for a fee a month by {basis} ({lowest} to {highest} is usual)",
                    amount=_shown(rate),
                    basis=BASES[policy.basis],
                    lowest=lowest,
                    highest=highest,
                )
                notes.warn(place, message, words("rates are yuan a month; check basis and unit"))


def _shown(amount: Decimal) -> Wording:
    return words("{amount:,f} yuan", amount=amount.normalize())


def _slip(amount: Decimal, low: int) -> Wording:
    """Guess the slip: 万元 without its unit, or a unit too many."""
    if amount < low:
        return words("if {amount:f} 万元 was meant, write {amount:f}万元", amount=amount.normalize())
    return words("check whether 元 was meant where 万元 or 亿元 stands")


def _amounts(scenario: Contents) -> Iterator[tuple[Path, Decimal, Key]]:
    """Every amount whose key says what is usual."""
    for path, key, _, value in values(scenario):
        if key.meaning.of.usual and isinstance(value, dict):
            yield from (((*path, str(month)), amount, key) for month, amount in value.items())
        elif key.meaning.of.usual:
            yield path, value, key
