"""Voucher and cash programmes: face value, bonus, instalments, take-up (rules 12, 13)."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from renewopt.problem.compiling.access import programme_claims, tails, window
from renewopt.problem.compiling.book import Block
from renewopt.problem.compiling.estates import Compiling
from renewopt.problem.compiling.exact import Ints, price_of, square_metres
from renewopt.problem.offers import Route
from renewopt.scenario.models import Cash, ListedDeveloper, MoneyRoute, Scenario, Voucher
from renewopt.units import PPM, STOCK_SCALE, scaled
from renewopt.vocabulary import CountedIn
from renewopt.wording import words


def programmes(scenario: Scenario) -> list[MoneyRoute]:
    """Vouchers, then cash: the order by which offers name their programme."""
    return [*scenario.vouchers, *scenario.cash]


def add_programmes(work: Compiling) -> None:
    """Add the offers of every voucher and cash programme."""
    for number, programme in enumerate(programmes(work.scenario)):
        route = Route.cash if isinstance(programme, Cash) else Route.voucher
        claims = programme_claims(work.scenario, work.households, programme)
        claims = claims[work.access.first[claims, route] < work.scenario.months]
        if not claims.size or not _check(work, programme, claims):
            continue
        listed: list[ListedDeveloper | None] = [None]
        if isinstance(programme, Voucher) and programme.developers:
            listed = list(programme.developers)
        for developer in listed:
            _add(work, programme, number, route, claims, developer)


def _check(work: Compiling, programme: MoneyRoute, claims: Ints) -> bool:
    """Refuse a programme whose price cannot be told for all its households."""
    before = len(work.refusals.findings)
    if programme.price > 0:
        word = words("area") if programme.base == "area" else words("area or entitlement")
        work.refusals.refuse_rows(
            work.households.id[claims],
            _base(work, programme, claims) < 0,
            "households.area",
            words("no {word} is stated, by which {id} is priced", word=word, id=programme.id),
            words("add {word}", word=word),
        )
    return len(work.refusals.findings) == before


def _base(work: Compiling, programme: MoneyRoute, claims: Ints) -> Ints:
    """Return the m² that are paid for: area given up or entitlement, each claim its part; −1: unknown."""
    if programme.base == "area":
        return work.households.share(work.households.area)[claims]
    return work.due[claims]


def _add(
    work: Compiling, programme: MoneyRoute, number: int, route: Route, claims: Ints, listed: ListedDeveloper | None
) -> None:
    """Offers of a programme at one developer (vouchers), or at large."""
    scenario, households = work.scenario, work.households
    first, last = open_months(programme, scenario)
    schedule = _schedule(programme)
    housed_after = months_until_housed(programme)
    developer = -1 if listed is None else work.developers[listed.developer]
    base = _base(work, programme, claims)
    starts, ends = window(work.access, claims, route, first, last, housed_after)
    tail, multiplier = tails(scenario, households, claims, route, programme)
    label = programme.id if listed is None else f"{programme.id}/{listed.developer}"
    projects = households.project[claims]
    work.book.add(
        Block(
            claim=claims,
            route=route,
            label=label,
            first=starts,
            last=ends,
            housed_after=housed_after,
            tail=tail,
            tail_multiplier=multiplier,
            price=price_of(np.maximum(base, 0), programme.price),
            price_series=work.book.series.row(_bonus(programme, scenario, None if listed is None else listed.bonus)),
            price_need=work.needs.by_project(route.name, projects, developer, prompt=programme.settled_when_paid),
            schedule=work.book.schedules.row(schedule),
            stock=_stock(work, claims, developer, base),
            disutility=float(programme.disutility),
            programme=number,
        )
    )


def open_months(programme: MoneyRoute, scenario: Scenario) -> tuple[int, int]:
    """First and last month of choice, counted from the scenario's start."""
    first = _start(programme, scenario)
    last = scenario.months - 1 if programme.months is None else first + programme.months - 1
    return first, last


def months_until_housed(programme: MoneyRoute) -> int:
    """Months from the choice until housed: those stated, or until the last instalment where only that settles."""
    if not programme.settled_when_paid:
        return programme.housed_after
    return max(programme.housed_after, _schedule(programme)[-1][0])


def _start(programme: MoneyRoute, scenario: Scenario) -> int:
    return 0 if programme.start is None else programme.start - scenario.start


def _bonus(programme: MoneyRoute, scenario: Scenario, stated: Decimal | None) -> tuple[int, ...]:
    """Price factor by month of choice: 1 + bonus, stepped by months since the programme's start (rule 12)."""
    steps = sorted((step.months, scaled(step.share, PPM)) for step in programme.bonus)
    first = _start(programme, scenario)

    def factor(month: int) -> int:
        if stated is not None:
            return PPM + scaled(stated, PPM)
        since = month - first + 1
        return PPM + next((share for months, share in steps if since <= months), 0)

    return tuple(factor(month) for month in range(scenario.months))


def _schedule(programme: MoneyRoute) -> tuple[tuple[int, int], ...]:
    """(months since the choice, share due by then in parts per million), the last 1e6 (rule 13)."""
    shares: dict[int, Decimal] = {}
    for part in programme.instalments:
        shares[part.after] = shares.get(part.after, Decimal(0)) + part.share
    due = Decimal(0)
    result: list[tuple[int, int]] = []
    for after in sorted(shares):
        due += shares[after]
        result.append((after, scaled(due, PPM)))
    return tuple(result) or ((0, PPM),)


def _stock(work: Compiling, claims: Ints, developer: int, base: Ints) -> list[tuple[Ints | int, Ints | int]]:
    """List what a choice takes from the developer's homes for sale: a home, the m² paid for, or the persons."""
    if developer < 0:
        return []
    homes = work.scenario.developers[developer].homes
    if homes is None:
        return []
    pool = work.pools.row(work.scenario.developers[developer].id)
    if homes.measure == CountedIn.HOMES:
        return [(pool, STOCK_SCALE)]
    if homes.measure == CountedIn.M2:
        return [(pool, square_metres(np.maximum(base, 0)))]
    persons = np.maximum(work.households.persons, 0) * STOCK_SCALE
    return [(pool, work.households.share(persons)[claims])]
