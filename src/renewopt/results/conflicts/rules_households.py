"""Rules about households: deadlines, what they accept, what they are entitled to, how many can be served."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from renewopt.problem import Problem, compile_problem
from renewopt.results.conflicts.naming import Codes
from renewopt.results.conflicts.stated_rule import (
    LEAVE_OUT,
    Item,
    Rows,
    StatedRule,
    Way,
    added,
    in_groups,
    in_months,
    money,
    one,
    stepped,
)
from renewopt.scenario import Scenario
from renewopt.scenario.models import HomePolicy, Project, SwitchRight, Throughput
from renewopt.units import Month, parse_money
from renewopt.vocabulary import ROUTES, Goal
from renewopt.wording import Names, Wording, words

__all__ = ["household_rules"]

NONE = -1
MOST_HOMES = 4
MOST_YUAN = Decimal(10**8)
"""More than any household pays for a home."""
FAR = Month.parse("2400-12").ordinal
"""A deadline that forces nobody; without one of its own a household would keep to its project's."""
WIDER = 500
"""m² above the entitlement up to which a home may be larger, at most."""


def household_rules(scenario: Scenario, problem: Problem) -> Iterator[StatedRule]:
    """Rules about households, in the order of the scenario's keys."""
    end = scenario.start + (scenario.months - 1)
    # Under fiscal_cost a household without a deadline must say what it costs unsettled.
    with_cost = words("leave it out, and state an obligation")
    without = with_cost if scenario.objective.minimise == Goal.FISCAL else LEAVE_OUT
    for place, project in enumerate(scenario.projects):
        yield from _of_project(Item("projects", place), project, end, without)
    yield from _deadlines_of_rows(scenario, end, without)
    for column in ("routes", "estates", "asks_for", "unit_types", "indivisible"):
        yield from _of_rows(scenario, column)
    yield from _related(scenario, problem)
    for place, policy in enumerate(scenario.home_policies):
        yield _home_policy(Item("home_policies", place), policy)
        if policy.within_price or any(band.yuan_per_m2 for band in policy.above):
            consent = _consent(Item("home_policies", place), policy)
            # Only where it keeps anybody from a home is it a rule that could be in the way.
            if len(compile_problem(consent.without(scenario)).offers) > len(problem.offers):
                yield consent
    yield from _quotes(scenario)
    total = int(scenario.households["count"].sum())
    for place, limit in enumerate(scenario.throughput):
        yield from _throughput(Item("throughput", place), limit, total)
    if scenario.objective.no_overdue_from is not None:
        yield _no_overdue(scenario.objective.no_overdue_from, end, without)


def _by(month: Month) -> Wording:
    return words("by {month} instead", month=month)


def _of_project(item: Item, project: Project, end: Month, without: Wording) -> Iterator[StatedRule]:
    by, routes = project.deadline, project.routes
    if by is not None:
        yield StatedRule(
            f"projects.{project.id}.deadline",
            words("all households of {project} are housed by {month}", project=project.id, month=by),
            item.without("deadline"),
            (stepped(item, "deadline", end - by, lambda level: by + level, _by),),
            without,
        )
    for number, right in enumerate(project.switch_rights):
        if right.after_overdue or right.switch_share < 1:
            yield _switch_right(Item("projects", item.place, "switch_rights", number), project.id, right)
    if routes is not None:
        yield StatedRule(
            f"projects.{project.id}.routes",
            words("households of {project} accept {routes} only", project=project.id, routes=Codes("route", routes))
            if routes
            else words("households of {project} accept no route but their quotes", project=project.id),
            item.without("routes"),
            tuple(
                added(
                    item,
                    "routes",
                    routes,
                    ROUTES,
                    lambda name: words("accept {route}, too", route=Codes("route", [name])),
                )
            ),
            words("accept other routes, too"),
        )


def _switch_right(item: Item, project: str, right: SwitchRight) -> StatedRule:
    sooner = stepped(
        item,
        "after_overdue",
        right.after_overdue,
        lambda level: right.after_overdue - level,
        lambda months: words("after {months}", months=in_months(months)),
    )
    oftener = one(words("all who have the right use it"), item.without("switch_share", Decimal(1)))
    return StatedRule(
        f"projects.{project}.switch_rights",
        words(
            "{routes} open to households of {project} after {months} overdue, and {share:.0%} of them switch",
            routes=Codes("route", right.routes),
            project=project,
            months=in_months(right.after_overdue),
            share=right.switch_share,
        ),
        lambda scenario: item.put(scenario, after_overdue=0, switch_share=Decimal(1)),
        ((sooner,) if right.after_overdue else ()) + ((oftener,) if right.switch_share < 1 else ()),
    )


def _with_cells(scenario: Scenario, rows: Rows, table: str = "households", **cells: Any) -> Scenario:
    """Return the scenario with other cells in some rows of a table."""
    frame = getattr(scenario, table).copy()
    for column, cell in cells.items():
        values = frame[column].to_numpy().copy()
        if values.dtype == object:
            for row in rows:
                values[row] = cell
        else:
            values[rows] = cell
        frame[column] = values
    return scenario.model_copy(update={table: frame})


def _who(scenario: Scenario, rows: Rows) -> Wording:
    frame = scenario.households
    if rows.size == 1:
        return words("{household}", household=frame["id"].iloc[rows[0]])
    return words("{count} rows of households of {project}", count=rows.size, project=frame["project"].iloc[rows[0]])


def _deadlines_of_rows(scenario: Scenario, end: Month, without: Wording) -> Iterator[StatedRule]:
    frame = scenario.households
    deadline = frame["deadline"].to_numpy()
    alike = [f"{project} {month}" for project, month in zip(frame["project"], deadline, strict=True)]
    for rows in in_groups(np.flatnonzero(deadline >= 0), alike):
        yield _deadline_of(scenario, rows, Month(int(deadline[rows[0]])), end, without)


def _deadline_of(scenario: Scenario, rows: Rows, by: Month, end: Month, without: Wording) -> StatedRule:
    def at(s: Scenario, level: int) -> Scenario:
        return _with_cells(s, rows, deadline=by.ordinal + level)

    return StatedRule(
        "households.deadline",
        words("{who}: housed by {month}", who=_who(scenario, rows), month=by),
        partial(_with_cells, rows=rows, deadline=FAR),
        (Way(max(end - by, 0), at, lambda level: _by(by + level)),),
        without,
        _projects(scenario, rows),
    )


def _projects(scenario: Scenario, rows: Rows) -> frozenset[str]:
    return frozenset(scenario.households["project"].iloc[rows])


def _of_rows(scenario: Scenario, column: str) -> Iterator[StatedRule]:
    frame = scenario.households
    stated = np.flatnonzero(np.array([bool(cell) for cell in frame[column]], dtype=bool))
    alike = [f"{project} {cell}" for project, cell in zip(frame["project"], frame[column], strict=True)]
    for rows in in_groups(stated, alike):
        together = column == "indivisible"
        names = () if together else tuple(dict.fromkeys(name for row in rows for name in frame[column].iloc[row]))
        # Without routes of its own a row takes its project's, which may be fewer still.
        anything = ROUTES if column == "routes" else ()
        empty: dict[str, Any] = {column: False if together else anything}
        yield StatedRule(
            f"households.{column}",
            _accepting(column, _who(scenario, rows), Codes("route", names) if column == "routes" else Names(names)),
            partial(_with_cells, rows=rows, **empty),
            _more_routes(rows, names) if column == "routes" else (),
            words("let it be settled in parts") if together else words("accept others, too"),
            _projects(scenario, rows),
        )


def _related(scenario: Scenario, problem: Problem) -> Iterator[StatedRule]:
    word = scenario.households["related"].to_numpy(dtype=object)
    for group in dict.fromkeys(problem.claims.related[problem.claims.related != ""].tolist()):
        rows = np.flatnonzero(word == group)
        yield StatedRule(
            "households.related",
            words("{names}: homes in one estate only", names=Names(scenario.households["id"].iloc[rows])),
            partial(_with_cells, rows=rows, related=""),
            dropped=words("settle each of them for itself"),
        )


def _more_routes(rows: Rows, accepted: tuple[str, ...]) -> tuple[Way, ...]:
    def way(route: str) -> Way:
        return one(
            words("accept {route}, too", route=route),
            lambda scenario: _with_cells(scenario, rows, routes=(*accepted, route)),
        )

    return tuple(way(route) for route in ROUTES if route not in accepted)


def _accepting(column: str, who: Wording, names: Names) -> Wording:
    match column:
        case "routes":
            return words("{who}: accepts the routes {names} only", who=who, names=names)
        case "estates":
            return words("{who}: accepts the estates {names} only", who=who, names=names)
        case "asks_for":
            return words("{who}: asks for an estate with {names}", who=who, names=names)
        case "unit_types":
            return words("{who}: accepts homes of type {names} only", who=who, names=names)
    return words("{who}: settled together, in one month and by one offer", who=who)


def _home_policy(item: Item, policy: HomePolicy) -> StatedRule:
    def without(s: Scenario) -> Scenario:
        for place, project in enumerate(s.projects):
            if project.home_policy == policy.id:
                s = Item("projects", place).put(s, home_policy=None)
        named = np.flatnonzero(s.households["home_policy"].to_numpy() == policy.id)
        return _with_cells(s, named, home_policy="") if named.size else s

    ways = []
    if policy.max_homes == 1:
        ways.append(one(words("allow two homes"), item.without("max_homes", 2)))
    elif policy.max_homes < MOST_HOMES:
        more = words("allow {number} homes", number=policy.max_homes + 1)
        ways.append(one(more, item.without("max_homes", policy.max_homes + 1)))
    if policy.maximum_above is not None:
        above = int(policy.maximum_above)
        ways.append(
            stepped(
                item,
                "maximum_above",
                WIDER,
                lambda level: above + level,
                lambda area: words("up to {area} m² above the entitlement", area=area),
            )
        )
    if policy.maximum_below is None:
        ways.append(
            one(words("allow every home up to the entitlement, too"), item.without("maximum_below", Decimal(10**6)))
        )
    return StatedRule(
        f"home_policies.{policy.id}",
        words("homes are matched to the area due by the home policy {id}", id=policy.id),
        without,
        tuple(ways),
        words("offer homes of other sizes"),
    )


def _consent(item: Item, policy: HomePolicy) -> StatedRule:
    stated = policy.pays_up_to or Decimal(0)

    def up_to(scenario: Scenario, level: int) -> Scenario:
        own = scenario.households["pays_up_to"].to_numpy()
        given = item.put(scenario, pays_up_to=stated + level)
        return _with_cells(given, np.flatnonzero(own < float(stated + level)), pays_up_to=np.nan) if level else scenario

    def all_of_them(scenario: Scenario) -> Scenario:
        anybody = _with_cells(scenario, np.arange(len(scenario.households)), pays_up_to=np.nan, consent_share=1.0)
        return item.put(anybody, pays_up_to=MOST_YUAN)

    return StatedRule(
        f"home_policies.{policy.id}.pays_up_to",
        words("by the home policy {id} nobody pays more than for the cheapest home, unless it consents", id=policy.id),
        all_of_them,
        (
            Way(
                int(MOST_YUAN),
                up_to,
                lambda level: words("households consent to pay up to {amount}", amount=money(stated + level)),
                in_yuan=True,
            ),
        ),
        words("let households pay for dearer homes"),
    )


def _quotes(scenario: Scenario) -> Iterator[StatedRule]:
    frame = scenario.quotes
    if frame is None:
        return
    dated = (frame["first"].to_numpy() >= 0) | (frame["last"].to_numpy() >= 0)
    dated |= np.array([bool(cell) for cell in frame["price_by_month"]], dtype=bool)
    for rows in in_groups(np.flatnonzero(dated), [""] * len(frame)):
        household = frame["household"].iloc[rows[0]]
        yield StatedRule(
            "quotes.first, last",
            words("{household}: its quote is open only in the months stated", household=household)
            if rows.size == 1
            else words("quotes are open only in the months stated"),
            partial(_always_open, rows=rows),
            dropped=words("open it in other months, too"),
        )
    for rows in in_groups(np.flatnonzero(frame["housed_after"].to_numpy() > 0), [""] * len(frame)):
        household = frame["household"].iloc[rows[0]]
        yield StatedRule(
            "quotes.housed_after",
            words("{household}: housed by its quote only months after the choice", household=household)
            if rows.size == 1
            else words("households are housed by quotes only months after the choice"),
            partial(_with_cells, rows=rows, table="quotes", housed_after=0),
            dropped=words("house it sooner"),
        )


def _always_open(scenario: Scenario, rows: Rows) -> Scenario:
    """Return the scenario with quotes open in every month, at the highest of the prices stated by month."""
    frame = scenario.quotes
    assert frame is not None
    for row in rows:
        by_month = frame["price_by_month"].iloc[row]
        if by_month:
            price = float(max(parse_money(amount) for _, amount in by_month))
            scenario = _with_cells(scenario, np.array([row]), "quotes", price_by_month=(), price=price)
    return _with_cells(scenario, rows, "quotes", first=NONE, last=NONE)


def _throughput(item: Item, limit: Throughput, total: int) -> Iterator[StatedRule]:
    def text(number: int) -> Wording:
        if number == 1:
            return words("at most one settlement a month ({id})", id=limit.id)
        return words("at most {number} settlements a month ({id})", number=number, id=limit.id)

    for of, key, most, said in item.by_span(limit.per_month, f"throughput.{limit.id}", text):
        yield StatedRule(key, said, of.without("per_month", max(total, most)), (_more_a_month(of, most, total),))


def _more_a_month(item: Item, most: int, total: int) -> Way:
    return stepped(
        item,
        "per_month",
        total - most,
        lambda level: most + level,
        lambda number: words("{number} a month", number=number),
    )


def _no_overdue(since: Month, end: Month, without: Wording) -> StatedRule:
    def at(s: Scenario, month: Month | None) -> Scenario:
        return s.model_copy(update={"objective": s.objective.model_copy(update={"no_overdue_from": month})})

    def later(s: Scenario, level: int) -> Scenario:
        return at(s, since + level)

    return StatedRule(
        "objective.no_overdue_from",
        words("nobody is overdue from {month} on", month=since),
        partial(at, month=None),
        (Way(max(end - since, 0), later, lambda level: words("from {month} on instead", month=since + level)),),
        without,
    )
