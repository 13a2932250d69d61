"""Checks of amounts: slips of 1,000 or 10,000 times, such as yuan written where 万元 was meant."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from renewopt.scenario.contents import Contents
from renewopt.scenario.notes import Notes
from renewopt.scenario.sections import Inflow
from renewopt.wording import Wording, words

__all__ = ["check_amounts"]

Path = tuple[str | int, ...]
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
    for path, amount, (low, high), what in (*_prices(scenario), *_sums(scenario), *_debts(scenario)):
        if amount and not low <= amount <= high:
            notes.warn(
                path,
                words(
                    "{amount} is unusual for {what} ({low:,} to {high:,} is usual)",
                    amount=_shown(amount),
                    what=what,
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


def _prices(scenario: Contents) -> Iterator[tuple[Path, Decimal, Band, Wording]]:
    """Every price of a m²."""
    what = words("a price of a m²")
    for section, programmes in (("vouchers", scenario.vouchers), ("cash", scenario.cash)):
        for number, programme in enumerate(programmes):
            yield (section, number, "price"), programme.price, PER_M2, what
    for number, policy in enumerate(scenario.home_policies):
        yield ("home_policies", number, "within_price"), policy.within_price, PER_M2, what
        yield ("home_policies", number, "refund"), policy.refund, PER_M2, what
        for position, band in enumerate(policy.above):
            yield ("home_policies", number, "above", position, "yuan_per_m2"), band.yuan_per_m2, PER_M2, what
    for number, project in enumerate(scenario.projects):
        if project.obligation is not None:
            yield ("projects", number, "obligation"), project.obligation, PER_M2, words("an obligation by m²")


def _sums(scenario: Contents) -> Iterator[tuple[Path, Decimal, Band, Wording]]:
    """Every sum of a fund."""
    for number, fund in enumerate(scenario.funds):
        place: Path = ("funds", number)
        yield (*place, "opening"), fund.opening, SUM, words("the opening balance of a fund")
        listed = isinstance(fund.inflow, list)
        for position, inflow in enumerate(fund.inflow if isinstance(fund.inflow, list) else [fund.inflow]):
            yield from _inflow((*place, "inflow", position) if listed else (*place, "inflow"), inflow)
        for key in ("monthly_limit", "total_limit"):
            yield (*place, key), getattr(fund, key) or Decimal(0), SUM, words("a limit of a fund")
        if fund.borrow is not None:
            yield (*place, "borrow", "limit"), fund.borrow.limit, SUM, words("the limit of a loan")


def _debts(scenario: Contents) -> Iterator[tuple[Path, Decimal, Band, Wording]]:
    """Every sum that is owed or to be spent."""
    for number, loan in enumerate(scenario.opening_loans):
        yield ("opening_loans", number, "amount"), loan.amount, SUM, words("a loan")
    for number, arrears in enumerate(scenario.arrears):
        yield ("arrears", number, "amount"), arrears.amount, SUM, words("arrears")
    for number, commitment in enumerate(scenario.commitments):
        if commitment.monthly is not None:
            yield ("commitments", number, "monthly"), commitment.monthly, SUM, words("a commitment")
    for number, developer in enumerate(scenario.developers):
        for position, debt in enumerate(developer.debts):
            yield ("developers", number, "debts", position, "amount"), debt.amount, SUM, words("a developer's debt")
    for number, estate in enumerate(scenario.estates):
        for position, phase in enumerate(estate.phases):
            yield ("estates", number, "phases", position, "cost"), phase.cost, SUM, words("the cost of a phase")


def _inflow(path: Path, inflow: Inflow) -> Iterator[tuple[Path, Decimal, Band, Wording]]:
    if inflow.monthly is not None:
        yield (*path, "monthly"), inflow.monthly, SUM, words("the inflow of a fund")
    for month, amount in inflow.by_month.items():
        yield (*path, "by_month", str(month)), amount, SUM, words("the inflow of a fund")
