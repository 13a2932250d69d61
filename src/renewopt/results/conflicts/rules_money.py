"""Rules about money: what the funds have and may pay, loans, owing, moves, what is bound already, the reserve."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from math import ceil, floor
from typing import Any

import numpy as np

from renewopt.problem import Problem
from renewopt.results.conflicts.naming import called, named
from renewopt.results.conflicts.stated_rule import (
    Item,
    StatedRule,
    Way,
    added,
    in_months,
    money,
    stepped,
)
from renewopt.scenario import Scenario
from renewopt.scenario.models import (
    Arrears,
    Commitment,
    Fund,
    Inflow,
    Move,
    OpeningLoan,
    Owing,
    Release,
)
from renewopt.units import FEN_PER_YUAN, PPM, Month
from renewopt.vocabulary import USES
from renewopt.wording import Names, Wording, words

__all__ = ["money_rules"]

LATER = 60
"""Months by which the repayment of a loan may be put off, at most."""
LONG = 600
"""Months after the start until which money that lapses is taken to arrive, or for which it is valid at most."""


def money_rules(scenario: Scenario, problem: Problem) -> Iterator[StatedRule]:
    """Rules about money, in the order of the scenario's keys."""
    ample, end = _ample(problem), scenario.start + (scenario.months - 1)
    for place, fund in enumerate(scenario.funds):
        item = Item("funds", place)
        yield _money(item, fund, scenario.start, ample)
        yield from _strings(scenario, item, fund, ample)
        yield from _limits(item, fund.id, fund, ample)
        yield from _loan(item, fund, scenario.start, end, ample)
    for place, move in enumerate(scenario.moves):
        yield from _limits(Item("moves", place), f"{move.source} → {move.target}", move, ample)
    for place, loan in enumerate(scenario.opening_loans):
        yield _opening_loan(Item("opening_loans", place), loan)
    for place, owing in enumerate(scenario.owing):
        yield from _owing(Item("owing", place), owing, scenario.months, ample)
    for place, arrears in enumerate(scenario.arrears):
        yield _arrears(Item("arrears", place), arrears)
    for place, commitment in enumerate(scenario.commitments):
        yield from _commitment(Item("commitments", place), commitment, scenario)
    if scenario.objective.reserve_months > 0:
        yield _reserve(scenario.objective.reserve_months)


def _ample(problem: Problem) -> int:
    """Yuan with which everything could be paid at any time."""
    claims, offers, needs = problem.claims, problem.offers, problem.needs
    dearest = np.zeros(len(claims))
    factor = offers.series_ppm.max(initial=PPM) / PPM
    lines = np.bincount(offers.lines.row, weights=np.abs(offers.lines["fen"]), minlength=len(offers))
    np.maximum.at(dearest, offers.claim, offers.price * factor + lines)
    fees = problem.fees.fen(slice(None), slice(None)).sum(axis=1)
    total = float(((dearest + 2.0 * fees) * claims.count).sum())
    total += float(needs.fixed.sum() + needs.opening_arrears.sum() + problem.phases.cost.sum())
    return ceil(2.0 * total * (2.0 + problem.objective.reserve_months) / FEN_PER_YUAN) + 1


def _money(item: Item, fund: Fund, start: Month, ample: int) -> StatedRule:
    carried = fund.carry_over == "always" and fund.valid_months is None and fund.valid_years is None

    def arriving(s: Scenario, added_inflow: Inflow) -> Scenario:
        now = item.get(s).inflow
        return item.put(s, inflow=[*(now if isinstance(now, list) else [now]), added_inflow])

    def more(s: Scenario, level: int) -> Scenario:
        if carried:
            return item.put(s, opening=item.get(s).opening + level)
        return arriving(s, Inflow(monthly=Decimal(level), until=start + LONG))

    def by(s: Scenario, level: int, month: int) -> Scenario:
        return arriving(s, Inflow(by_month={start + month: Decimal(level)}))

    def said(level: int) -> Wording:
        if carried:
            return words("{amount} more at the start", amount=money(level))
        return words("{amount} more each month", amount=money(level))

    return StatedRule(
        f"funds.{fund.id}",
        words("the fund {id} has no more money than stated", id=called(fund)),
        lambda s: more(s, ample),
        (
            Way(
                ample,
                more,
                said,
                in_yuan=True,
                arriving=by if carried else None,
                said_by=lambda level, month: words("{amount} more by {month}", amount=money(level), month=month),
            ),
        ),
        words("more money"),
    )


def _strings(scenario: Scenario, item: Item, fund: Fund, ample: int) -> Iterator[StatedRule]:
    everything = {
        "uses": USES,
        "projects": tuple(project.id for project in scenario.projects),
        "estates": tuple(estate.id for estate in scenario.estates if estate.phases),
    }
    for key, every in everything.items():
        stated = getattr(fund, key)
        if stated == "all":
            continue
        names = named(scenario, key, stated)
        text = {
            "uses": words("{id} pays {names} only", id=called(fund), names=names),
            "projects": words("{id} pays for the projects {names} only", id=called(fund), names=names),
            "estates": words("{id} pays for building {names} only", id=called(fund), names=names),
        }[key]
        ways = added(item, key, stated, every, partial(_let_pay, scenario, key))
        yield StatedRule(
            f"funds.{fund.id}.{key}",
            text,
            item.without(key, "all"),
            tuple(ways),
            words("let it pay other things, too"),
        )
    if fund.carry_over != "always":
        yield _carry_over(item, fund, ample)
    for key, number, once in (("valid_months", fund.valid_months, 1), ("valid_years", fund.valid_years, 12)):
        if number is not None:
            yield _validity(item, fund.id, key, number, once)
    if fund.release is not None:
        yield _release(item, fund.id, fund.release)


def _let_pay(scenario: Scenario, key: str, name: str) -> Wording:
    return words("let it pay {name}, too", name=named(scenario, key, [name]))


def _carry_over(item: Item, fund: Fund, ample: int) -> StatedRule:
    limit = fund.carry_over_limit
    if limit:
        said = (
            words("{id} carries over at most {amount} a month", id=called(fund), amount=money(limit))
            if fund.carry_over == "month"
            else words("{id} carries over at most {amount} a year", id=called(fund), amount=money(limit))
        )
    elif fund.carry_over == "month":
        said = words("what {id} does not spend lapses each month", id=called(fund))
    else:
        said = words("what {id} does not spend lapses each year", id=called(fund))
    more = stepped(
        item,
        "carry_over_limit",
        ample,
        lambda level: limit + level,
        lambda amount: words("{amount} at most", amount=money(amount)),
        in_yuan=True,
    )
    return StatedRule(
        f"funds.{fund.id}.carry_over",
        said,
        item.without("carry_over", "always"),
        (more,) if limit else (),
        words("carry it over"),
    )


def _validity(item: Item, fund: str, key: str, number: int, months: int) -> StatedRule:
    """Money that lapses so many months, or years, after it came in."""
    return StatedRule(
        f"funds.{fund}.{key}",
        words("what {id} receives lapses after {months}", id=fund, months=in_months(number))
        if months == 1
        else words("what {id} receives lapses at the end of year {number}", id=fund, number=number),
        item.without(key),
        (
            stepped(
                item,
                key,
                -(-LONG // months) - number,
                lambda level: number + level,
                lambda value: words("valid for {months}", months=in_months(value * months)),
            ),
        ),
    )


def _release(item: Item, fund: str, release: Release) -> StatedRule:
    upfront = ceil(release.upfront * 100)
    return StatedRule(
        f"funds.{fund}.release",
        words("{id} is released with the progress of {names}", id=fund, names=Names(release.estates)),
        item.without("release"),
        (
            stepped(
                item,
                "release",
                100 - upfront,
                lambda level: release.model_copy(update={"upfront": Decimal(upfront + level) / 100}),
                lambda other: words("{percent} % of it without progress", percent=int(other.upfront * 100)),
            ),
        ),
        words("release it sooner"),
    )


def _limits(item: Item, name: str, stated: Fund | Move, ample: int) -> Iterator[StatedRule]:
    for of, key, limit, text in item.by_span(
        stated.monthly_limit,
        f"{item.section}.{name}.monthly_limit",
        lambda amount: words("{id}: at most {amount} a month", id=name, amount=money(amount)),
    ):
        yield _limit(of, key, "monthly_limit", limit, text, ample)
    if stated.total_limit is not None:
        text = words("{id}: at most {amount} in all", id=name, amount=money(stated.total_limit))
        yield _limit(item, f"{item.section}.{name}.total_limit", "total_limit", stated.total_limit, text, ample)


def _limit(item: Item, place: str, key: str, limit: Decimal, text: Wording, ample: int) -> StatedRule:
    return StatedRule(
        place,
        text,
        item.without(key),
        (
            stepped(
                item,
                key,
                ample,
                lambda level: limit + level,
                lambda amount: words("{amount} at most", amount=money(amount)),
                in_yuan=True,
            ),
        ),
    )


def _loan(item: Item, fund: Fund, start: Month, end: Month, ample: int) -> Iterator[StatedRule]:
    loan = fund.borrow
    if loan is None:
        return

    def put(s: Scenario, **values: Any) -> Scenario:
        return item.put(s, borrow=item.get(s).borrow.model_copy(update=values))

    def more(s: Scenario, level: int) -> Scenario:
        return put(s, limit=loan.limit + level)

    yield StatedRule(
        f"funds.{fund.id}.borrow.limit",
        words("{id} borrows at most {amount}", id=called(fund), amount=money(loan.limit)),
        lambda s: more(s, ample),
        (Way(ample, more, lambda level: words("{amount} at most", amount=money(loan.limit + level)), in_yuan=True),),
        words("borrow more"),
    )
    since, until = loan.since, loan.until
    if since is not None and since > start:

        def sooner(s: Scenario, level: int) -> Scenario:
            return put(s, since=Month(since.ordinal - level))

        yield StatedRule(
            f"funds.{fund.id}.borrow.from",
            words("{id} borrows from {month} on", id=called(fund), month=since),
            partial(put, since=None),
            (Way(since - start, sooner, lambda level: words("from {month} on", month=Month(since.ordinal - level))),),
        )
    if until is not None and until < end:

        def longer(s: Scenario, level: int) -> Scenario:
            return put(s, until=until + level)

        yield StatedRule(
            f"funds.{fund.id}.borrow.until",
            words("{id} borrows until {month}", id=called(fund), month=until),
            partial(put, until=None),
            (Way(end - until, longer, lambda level: words("until {month}", month=until + level)),),
        )


def _owing(item: Item, owing: Owing, months: int, ample: int) -> Iterator[StatedRule]:
    key, percent, stock, latest = f"owing.{owing.id}", floor(owing.share * 100), owing.stock_limit, owing.latest
    stated = f"{float(owing.share * 100):g}"
    if percent < 100:
        yield StatedRule(
            f"{key}.share",
            words("at most {percent} % of a month's bill are owed ({id})", percent=stated, id=owing.id),
            item.without("share", Decimal(1)),
            (
                stepped(
                    item,
                    "share",
                    100 - percent,
                    lambda level: Decimal(percent + level) / 100,
                    lambda share: words("{percent} %", percent=int(share * 100)),
                ),
            ),
            words("owe more"),
        )
    if stock is not None:
        yield StatedRule(
            f"{key}.stock_limit",
            words("at most {amount} are owed at a month's close ({id})", amount=money(stock), id=owing.id),
            item.without("stock_limit"),
            (
                stepped(
                    item,
                    "stock_limit",
                    ample,
                    lambda level: stock + level,
                    lambda amount: words("{amount} at most", amount=money(amount)),
                    in_yuan=True,
                ),
            ),
        )
    if latest is not None:
        yield StatedRule(
            f"{key}.latest",
            words("what is owed is paid within {months} ({id})", months=in_months(latest), id=owing.id),
            item.without("latest"),
            (
                stepped(
                    item,
                    "latest",
                    months,
                    lambda level: latest + level,
                    lambda more: words("within {months}", months=in_months(more)),
                ),
            ),
        )


def _opening_loan(item: Item, loan: OpeningLoan) -> StatedRule:
    return StatedRule(
        f"opening_loans.{loan.id}",
        words("the loan {id} of before the start is repaid as agreed", id=loan.id),
        item.without("amount", Decimal(0)),
        (
            stepped(
                item,
                "months_left",
                LATER,
                lambda level: loan.months_left + level,
                lambda months: words("over {months}", months=in_months(months)),
            ),
        ),
        words("repay it out of other money"),
    )


def _arrears(item: Item, arrears: Arrears) -> StatedRule:
    return StatedRule(
        f"arrears.{arrears.project}",
        words(
            "{amount} of {use} are owed to {project} at the start",
            amount=money(arrears.amount),
            use=arrears.use,
            project=arrears.project,
        ),
        item.without("amount", Decimal(0)),
        dropped=words("pay them out of other money"),
    )


def _commitment(item: Item, commitment: Commitment, scenario: Scenario) -> Iterator[StatedRule]:
    first, last = commitment.since or scenario.start, commitment.until or scenario.start + (scenario.months - 1)

    def later(s: Scenario, level: int) -> Scenario:
        dated = {month + level: amount for month, amount in commitment.by_month.items()}
        return item.put(s, since=first + level, until=last + level, by_month=dated)

    begins = min([*([first] if commitment.monthly else []), *commitment.by_month], default=first)
    yield StatedRule(
        f"commitments.{commitment.id}",
        words("the commitment {id} is paid, from {month} on", id=commitment.id, month=begins),
        lambda s: item.put(s, monthly=None, by_month={}),
        (Way(scenario.months, later, lambda level: words("{months} later", months=in_months(level))),),
    )
    if commitment.funds != "all":
        funds = [fund.id for fund in scenario.funds]
        yield StatedRule(
            f"commitments.{commitment.id}.funds",
            words("{id} is paid by {funds} only", id=commitment.id, funds=Names(commitment.funds)),
            item.without("funds", "all"),
            tuple(
                added(item, "funds", commitment.funds, funds, lambda name: words("let {fund} pay it, too", fund=name))
            ),
            words("let other funds pay it, too"),
        )


def _reserve(stated: Decimal) -> StatedRule:
    def at(s: Scenario, months: Decimal) -> Scenario:
        return s.model_copy(update={"objective": s.objective.model_copy(update={"reserve_months": months})})

    def less(level: int) -> Decimal:
        return max(Decimal(ceil(stated * 10) - level) / 10, Decimal(0))

    def lowered(s: Scenario, level: int) -> Scenario:
        return at(s, less(level))

    return StatedRule(
        "objective.reserve_months",
        words("a reserve of {months} of fees is kept", months=in_months(stated)),
        lambda s: at(s, Decimal(0)),
        (Way(ceil(stated * 10), lowered, lambda level: words("at most {months}", months=in_months(less(level)))),),
    )
