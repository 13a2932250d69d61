"""Rules about homes: stock, reservations, estates, phases, programmes, developers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import floor
from typing import Any

from renewopt.problem import Problem
from renewopt.results.conflicts.stated_rule import Item, StatedRule, Way, added, in_months, money, stepped
from renewopt.scenario import Scenario
from renewopt.scenario.models import Developer, Estate, MoneyRoute, OffsetTarget, Phase, UnitType
from renewopt.units import STOCK_SCALE, Month
from renewopt.vocabulary import CountedIn
from renewopt.wording import Names, Wording, words

__all__ = ["home_rules"]


def home_rules(scenario: Scenario, problem: Problem) -> Iterator[StatedRule]:
    """Rules about homes, in the order of the scenario's keys."""
    ample, pool = _ample(problem), 0
    projects = [project.id for project in scenario.projects]
    for place, estate in enumerate(scenario.estates):
        item = Item("estates", place)
        if estate.open_to != "all":
            yield _open_to(item, f"estates.{estate.id}.open_to", estate, projects)
        if estate.housed_after:
            yield _housed_after(item, f"estates.{estate.id}.housed_after", estate.id, estate.housed_after)
        for number, unit in enumerate(estate.units):
            inside = Item("estates", place, "units", number)
            yield _stock(inside, estate, unit, ample)
            surplus = int(problem.pools.surplus[pool])
            if surplus >= 0:
                yield _reservation(inside, estate, unit, Decimal(surplus) / STOCK_SCALE, ample)
            pool += 1
        for number, phase in enumerate(estate.phases):
            yield from _phase(Item("estates", place, "phases", number), estate.id, phase, scenario.start)
    yield from _wishes(scenario)
    for section in ("vouchers", "cash"):
        for place, programme in enumerate(getattr(scenario, section)):
            yield from _programme(scenario, Item(section, place), programme, projects)
    for place, developer in enumerate(scenario.developers):
        if developer.homes is not None:
            yield _homes_for_sale(Item("developers", place), developer, ample)
        for number, target in enumerate(developer.offset_targets):
            end = scenario.start + (scenario.months - 1)
            yield _target(Item("developers", place, "offset_targets", number), developer.id, target, end)


def _wishes(scenario: Scenario) -> Iterator[StatedRule]:
    """Homes other than which a group is not offered any."""
    for place, wish in enumerate(scenario.wishes):
        if wish.only:
            groups, homes = Names(wish.groups), Names([*wish.types, *wish.tags])
            yield StatedRule(
                f"wishes.{wish.id}",
                words("{groups}: homes of {homes} only", groups=groups, homes=homes),
                Item("wishes", place).without("only", False),
                dropped=words("offer them other homes, too"),
            )


def _ample(problem: Problem) -> int:
    """More of any pool's measure than all households could take."""
    largest = int(problem.offers.stock["amount"].max(initial=STOCK_SCALE))
    return int(problem.claims.count.sum()) * -(-largest // STOCK_SCALE)


def _more(measure: str, number: int) -> Wording:
    match measure:
        case CountedIn.M2:
            return words("{number:,} m² more at the start", number=number)
        case CountedIn.PERSONS:
            return words("room for {number:,} more at the start", number=number)
    if number == 1:
        return words("one home more at the start")
    return words("{number:,} {number:home|homes} more at the start", number=number)


def _counted(measure: str, number: Decimal) -> Wording:
    match measure:
        case CountedIn.M2:
            return words("{number:,.10g} m²", number=float(number))
        case CountedIn.PERSONS:
            return words("room for {number:,.10g}", number=float(number))
    return words("{number:,.10g} of the homes", number=float(number))


def _open_to(item: Item, key: str, estate: Estate, projects: list[str]) -> StatedRule:
    open_to = list(estate.open_to)
    others = [project for project in projects if project not in estate.projects]
    return StatedRule(
        key,
        words("{estate} is open to transfers from {projects} only", estate=estate.id, projects=Names(open_to))
        if open_to
        else words("{estate} is open to no transfers", estate=estate.id),
        item.without("open_to", "all"),
        tuple(added(item, "open_to", open_to, others, lambda name: words("open it to {project}", project=name))),
        words("open it to others"),
    )


def _housed_after(item: Item, key: str, name: str, months: int) -> StatedRule:
    return StatedRule(
        key,
        words("{name}: housed {months} after the choice", name=name, months=in_months(months)),
        item.without("housed_after", 0),
        (
            stepped(
                item,
                "housed_after",
                months,
                lambda level: months - level,
                lambda fewer: words("{months} after it", months=in_months(fewer)),
            ),
        ),
    )


def _stock(item: Item, estate: Estate, unit: UnitType, ample: int) -> StatedRule:
    def more(s: Scenario, level: int) -> Scenario:
        return item.put(s, on_hand=item.get(s).on_hand + level)

    return StatedRule(
        f"estates.{estate.id}.units.{unit.type}",
        words("there are no more homes of {pool} than stated", pool=f"{estate.id}/{unit.type}"),
        lambda s: more(s, ample),
        (Way(ample, more, lambda level: _more(estate.measure, level)),),
        words("more homes"),
    )


def _reservation(item: Item, estate: Estate, unit: UnitType, surplus: Decimal, ample: int) -> StatedRule:
    pool = f"{estate.id}/{unit.type}"
    return StatedRule(
        f"estates.{estate.id}.units.{unit.type}.surplus",
        words("of {pool}, {amount} are open to transfers", pool=pool, amount=_counted(estate.measure, surplus))
        if unit.surplus is not None
        else words(
            "of {pool}, all but {amount} are kept for its own households",
            pool=pool,
            amount=_counted(estate.measure, surplus),
        ),
        item.without("surplus", surplus + ample),
        (
            stepped(
                item,
                "surplus",
                ample,
                lambda level: surplus + level,
                lambda number: words("{amount} open to transfers", amount=_counted(estate.measure, number)),
            ),
        ),
        words("open all of them to transfers"),
    )


def _phase(item: Item, estate: str, phase: Phase, start: Month) -> Iterator[StatedRule]:
    key, earliest, lag = f"estates.{estate}.phases.{phase.id}", phase.earliest, phase.handover_lag
    if earliest is not None and earliest > start:
        yield StatedRule(
            f"{key}.earliest",
            words("phase {id} is handed over in {month} at the earliest", id=phase.id, month=earliest),
            item.without("earliest"),
            (
                stepped(
                    item,
                    "earliest",
                    earliest - start,
                    lambda level: Month(earliest.ordinal - level),
                    lambda month: words("in {month}", month=month),
                ),
            ),
        )
    if lag:
        yield StatedRule(
            f"{key}.handover_lag",
            words("phase {id} is handed over {months} after its last payment", id=phase.id, months=in_months(lag)),
            item.without("handover_lag", 0),
            (
                stepped(
                    item,
                    "handover_lag",
                    lag,
                    lambda level: lag - level,
                    lambda months: words("{months} after it", months=in_months(months)),
                ),
            ),
        )
    for of, place, limit, text in item.by_span(
        phase.monthly_limit,
        f"{key}.monthly_limit",
        lambda amount: words("at most {amount} a month are spent on phase {id}", amount=money(amount), id=phase.id),
    ):
        yield StatedRule(place, text, of.without("monthly_limit"), (_faster(of, phase, limit),))


def _faster(item: Item, phase: Phase, limit: Decimal) -> Way:
    return stepped(
        item,
        "monthly_limit",
        int(phase.cost - limit),
        lambda level: limit + level,
        lambda amount: words("{amount} a month", amount=money(amount)),
        in_yuan=True,
    )


def _programme(scenario: Scenario, item: Item, programme: MoneyRoute, projects: list[str]) -> Iterator[StatedRule]:
    key, name, months = f"{item.section}.{programme.id}", programme.id, programme.months
    if programme.start is not None and programme.start > scenario.start:
        yield _opens(item, key, programme.start, scenario.start, name)
    if months is not None:
        yield StatedRule(
            f"{key}.months",
            words("{name} can be chosen for {months}", name=name, months=in_months(months)),
            item.without("months"),
            (
                stepped(
                    item,
                    "months",
                    scenario.months,
                    lambda level: months + level,
                    lambda longer: words("for {months}", months=in_months(longer)),
                ),
            ),
        )
    if programme.projects != "all":
        listed = list(programme.projects)
        yield StatedRule(
            f"{key}.projects",
            words("{name} is for households of {projects} only", name=name, projects=Names(listed)),
            item.without("projects", "all"),
            tuple(added(item, "projects", listed, projects, lambda more: words("open it to {project}", project=more))),
            words("open it to others"),
        )
    if programme.area_below is not None:
        yield StatedRule(
            f"{key}.area_below",
            words("{name} is for households with less than {area} m² only", name=name, area=programme.area_below),
            item.without("area_below"),
        )
    if programme.housed_after:
        yield _housed_after(item, f"{key}.housed_after", name, programme.housed_after)
    if programme.settled_when_paid:
        yield StatedRule(
            f"{key}.settled_when_paid",
            words("{name}: housed only with the last instalment", name=name),
            item.without("settled_when_paid", empty=False),
        )
    if programme.take_up is not None and programme.take_up < 1:
        yield _take_up(item, f"{key}.take_up", name, programme.take_up)


def _opens(item: Item, key: str, opens: Month, start: Month, name: str) -> StatedRule:
    def earlier(s: Scenario, level: int) -> Scenario:
        open_for = item.get(s).months
        # Its last month stays where it is.
        longer = None if open_for is None else open_for + level
        return item.put(s, start=Month(opens.ordinal - level), months=longer)

    return StatedRule(
        f"{key}.start",
        words("{name} can be chosen from {month} on", name=name, month=opens),
        lambda s: earlier(s, opens - start),
        (Way(opens - start, earlier, lambda level: words("from {month} on", month=Month(opens.ordinal - level))),),
        words("open it sooner"),
    )


def _take_up(item: Item, key: str, name: str, share: Decimal) -> StatedRule:
    percent, stated = floor(share * 100), f"{float(share * 100):g}"
    return StatedRule(
        key,
        words("{name} goes to at most {percent} % of a project's households", name=name, percent=stated),
        item.without("take_up"),
        (
            stepped(
                item,
                "take_up",
                100 - percent,
                lambda level: Decimal(percent + level) / 100,
                lambda share: words("to {percent} %", percent=int(share * 100)),
            ),
        ),
    )


def _homes_for_sale(item: Item, developer: Developer, ample: int) -> StatedRule:
    def more(s: Scenario, level: int) -> Scenario:
        homes = item.get(s).homes
        return item.put(s, homes=homes.model_copy(update={"on_hand": homes.on_hand + level}))

    measure = developer.homes.measure if developer.homes is not None else CountedIn.HOMES
    return StatedRule(
        f"developers.{developer.id}.homes",
        words("{developer} has no more homes for vouchers than stated", developer=developer.id),
        lambda s: more(s, ample),
        (Way(ample, more, lambda level: _more(measure, level)),),
        words("more homes"),
    )


def _target(item: Item, developer: str, target: OffsetTarget, end: Month) -> StatedRule:
    def less(level: int) -> Any:
        return target.amount - level

    return StatedRule(
        f"developers.{developer}.offset_targets",
        words(
            "{amount} of {developer}'s debt are set off by {month}",
            amount=money(target.amount),
            developer=developer,
            month=target.by,
        ),
        item.without("amount", Decimal(0)),
        (
            stepped(
                item,
                "by",
                end - target.by,
                lambda level: target.by + level,
                lambda month: words("by {month} instead", month=month),
            ),
            stepped(
                item,
                "amount",
                int(target.amount),
                less,
                lambda amount: words("a target of {amount} instead", amount=money(amount)),
                in_yuan=True,
            ),
        ),
    )
