"""Why a claim has no offer: every way in which compiling leaves one out, found again and told (rules 10 to 15).

Only claims without an offer are looked at. They are grouped by what the compiler groups by (profile, home policy, unit
types); within a group what differs is found for all at once, and each distinct case is put into words once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renewopt.problem.compiling.access import open_profiles
from renewopt.problem.compiling.book import Match
from renewopt.problem.compiling.exact import NEVER, Bools, Ints, combine, grouped
from renewopt.problem.compiling.homes import UNBOUNDED, matches, most_above
from renewopt.problem.compiling.programmes import months_until_housed, open_months, programmes
from renewopt.problem.dossiers.facts import Facts
from renewopt.problem.dossiers.joining import by_cause, joined
from renewopt.problem.dossiers.quoted import quote_reasons
from renewopt.problem.dossiers.reckoning import metres
from renewopt.problem.offers import Route
from renewopt.scenario.models import Estate, MoneyRoute
from renewopt.units import scaled
from renewopt.wording import Names, Wording, words

__all__ = ["reasons"]

ROUTE_NAMES = {
    Route.own_unit: words("homes of its own project"),
    Route.transfer: words("homes of other projects"),
    Route.voucher: words("vouchers"),
    Route.cash: words("cash"),
}
HOMES = (Route.own_unit, Route.transfer)


def reasons(facts: Facts, *, alike: bool = False) -> tuple[Ints, list[Wording]]:
    """Why each claim of `Facts.without` has no offer.

    Parameters
    ----------
    facts
    alike
        Leave out the area due, so that what keeps households of any area from one home is one reason.

    Returns
    -------
    (n,) int64, list of Wording
        Row of the list for each of these claims; each reason stands in it once.
    """
    claims = facts.without
    households = facts.households
    code = np.zeros(claims.size, dtype=np.int64)
    found: dict[Wording, int] = {}
    quoted, told = quote_reasons(facts, claims)
    doors = _doors(facts) if claims.size else {}
    alike_in = (households.profile, households.home_policy, households.unit_types, facts.catalogue.wishes.code)
    group, _ = combine(*(column[claims] for column in alike_in))
    for _, rows in grouped(group):
        view = _Group(facts, claims[rows], doors, alike=alike)
        for case, text in view.cases(quoted[rows], told):
            code[rows[case]] = found.setdefault(text, len(found))
    return code, list(found)


def _doors(facts: Facts) -> dict[tuple[str, Route], Bools]:
    """(profiles,) whether each estate is open by each route."""
    return {
        (estate.id, route): open_profiles(facts.scenario, facts.households, estate, route)
        for estate in facts.scenario.estates
        for route in HOMES
    }


class _Group:
    """Claims that share project, routes, estates, tags, home policy and unit types.

    Parameters
    ----------
    facts
    claims
        Of the group, all without an offer.
    doors
        From `_doors`.
    alike
        As of `reasons`.
    """

    def __init__(self, facts: Facts, claims: Ints, doors: dict[tuple[str, Route], Bools], *, alike: bool) -> None:
        self.facts, self.claims, self.doors, self.alike = facts, claims, doors, alike
        households, one = facts.households, int(claims[0])
        self.one = one
        self.profile = int(households.profile[one])
        self.project, self.routes, self.accepted, self.asks = households.profiles[self.profile]
        policy = int(households.home_policy[one])
        self.policy = facts.scenario.home_policies[policy] if policy >= 0 else None
        self.types = households.unit_type_sets[int(households.unit_types[one])]
        self.name = facts.scenario.projects[self.project].id
        self.due = facts.problem.claims.due[claims]
        self.most = self._most()
        self.area = households.area[claims]
        self.first = facts.access.first[claims]
        self.last = facts.access.last_housed[claims]

    def _most(self) -> Ints:
        """(n,) area allowed at most; −1 where there is no limit."""
        if self.policy is None or most_above(self.policy) >= UNBOUNDED:
            return np.full(self.claims.size, -1, dtype=np.int64)
        area_due = self.facts.area_due[self.claims]
        return self.facts.portions.take(self.claims).at_most(area_due + most_above(self.policy))

    def cases(self, quoted: Ints, told: list[Wording]) -> Iterator[tuple[Ints, Wording]]:
        """Rows of the group that are alike in all that matters, and their reason."""
        reached = {estate.id: self._reached(estate) for estate in self.facts.scenario.estates}
        below = {each.id: self._small_enough(each) for each in programmes(self.facts.scenario)}
        missed = [~mask for mask in reached.values()]
        matters = np.logical_or.reduce(missed) if missed and not self.alike else np.zeros(self.claims.size, dtype=bool)
        columns = [
            np.where(matters, self.due, -1),
            np.where(matters, self.most, -1),
            *(self.first[:, route] for route in Route),
            self.last,
            quoted,
            *(mask.astype(np.int64) for mask in (*reached.values(), *below.values())),
            (self.area < 0).astype(np.int64),
        ]
        code, first = combine(*columns)
        for number, rows in grouped(code):
            one = int(first[number])
            pieces = [
                *self._routes(one),
                *self._homes(one, {name: bool(mask[one]) for name, mask in reached.items()}),
                *self._programmes(one, {name: bool(mask[one]) for name, mask in below.items()}),
                *([told[int(quoted[one])]] if quoted[one] >= 0 else []),
            ]
            yield rows, joined(pieces)

    def _reached(self, estate: Estate) -> Bools:
        """Whether some home or bundle of an estate is matched to the entitlement of each claim (rule 11)."""
        types = self.facts.catalogue.accepted(estate, self.one)
        if self.policy is None or any(estate.units[row].area is None for row in types):
            return np.ones(self.claims.size, dtype=bool)
        due, portions = self.facts.area_due[self.claims], self.facts.portions.take(self.claims)
        distinct, first = combine(due, portions.begin, portions.end, portions.whole)
        found = np.zeros(first.size, dtype=bool)
        for route in HOMES:
            listed = self.facts.catalogue.listed(estate, route, self.policy, types)
            if self.doors[estate.id, route][self.profile]:
                for _, match in matches(self.policy, listed, due[first], portions.take(first)):
                    found |= match != Match.NONE
        return found[distinct]

    def _small_enough(self, programme: MoneyRoute) -> Bools:
        if programme.area_below is None:
            return np.ones(self.claims.size, dtype=bool)
        return (self.area >= 0) & (self.area < scaled(programme.area_below, 10_000))

    def _open(self, row: int, route: Route) -> bool:
        """Whether a claim may choose a route in some month of the plan."""
        return int(self.first[row, route]) < self.facts.scenario.months

    def _routes(self, row: int) -> Iterator[Wording]:
        """Tell which routes are accepted, and which rights to others come too late."""
        if len(self.routes) < len(Route):
            yield words("it accepts only {routes}", routes=Names(ROUTE_NAMES[Route[name]] for name in self.routes))
        rights = self.facts.scenario.projects[self.project].switch_rights
        for route in Route:
            held = [right for right in rights if route.name in right.routes]
            if route.name in self.routes or not held or self._open(row, route):
                continue
            waits = [right.after_overdue for right in held if right.switch_share > 0]
            if not waits:
                yield words("its right to {route} is used by nobody (switch_share is 0)", route=ROUTE_NAMES[route])
                continue
            month = int(self.first[row, route])
            if month >= NEVER:
                yield words(
                    "it may choose {route} only after {months} overdue {months:month|months}, and is never overdue",
                    route=ROUTE_NAMES[route],
                    months=min(waits),
                )
            else:
                yield words(
                    "it may choose {route} only after {months} overdue {months:month|months}, from {month} on, "
                    "when the planned "
                    "months are over",
                    route=ROUTE_NAMES[route],
                    months=min(waits),
                    month=self.facts.month(month),
                )

    def _homes(self, row: int, reached: dict[str, bool]) -> Iterator[Wording]:
        """Tell what is in the way of a home in an estate, by each route that is open."""
        routes = [route for route in HOMES if self._open(row, route)]
        here = {route: self._estates(route) for route in routes}
        if len(routes) == len(HOMES) and not any(here.values()):
            yield words("no estate belongs to project {project} or is open to it", project=self.name)
            return
        for route in routes:
            if not here[route]:
                yield (
                    words("no estate belongs to project {project}", project=self.name)
                    if route == Route.own_unit
                    else words("no estate of other projects is open to project {project}", project=self.name)
                )
            yield from by_cause((estate.id, self._why_not(estate, route, row, reached)) for estate in here[route])

    def _estates(self, route: Route) -> list[Estate]:
        """Estates of the project, or of others that are open to it, whatever the household asks for."""

        def among(named: str | list[str]) -> bool:
            return isinstance(named, str) or self.name in named

        return [
            estate
            for estate in self.facts.scenario.estates
            if (among(estate.projects) if route == Route.own_unit else among(estate.open_to))
            and (route == Route.own_unit or not among(estate.projects))
        ]

    def _why_not(self, estate: Estate, route: Route, row: int, reached: dict[str, bool]) -> Wording:
        """Tell the first thing that is in the way in one estate."""
        if self.accepted and estate.id not in self.accepted:
            return words("not among the estates that it accepts")
        if self.asks and self.asks.isdisjoint({*estate.tags, *(tag for unit in estate.units for tag in unit.tags)}):
            return words("has nothing of what it asks for ({tags})", tags=Names(sorted(self.asks)))
        if not self.facts.catalogue.named(estate, self.one):
            return words("has no homes of the types that it accepts ({types})", types=Names(self.types))
        if not self.facts.catalogue.accepted(estate, self.one):
            return words("has no homes with the tags that it asks for or its groups take only")
        if not reached[estate.id]:
            return self._too_large(estate, route, row)
        return self._closed(row, route, (0, self.facts.scenario.months - 1), estate.housed_after)

    def _too_large(self, estate: Estate, route: Route, row: int) -> Wording:
        """No home is small enough: where some are, the largest of these are offered."""
        assert self.policy is not None
        types = self.facts.catalogue.accepted(estate, self.one)
        listed = self.facts.catalogue.listed(estate, route, self.policy, types)
        if not listed and self.facts.catalogue.listed(estate, Route.own_unit, self.policy, types):
            return words("none of the homes that it accepts is open to other projects")
        if not listed:
            return words("none of the homes that it accepts is in stock or to come in the planned months")
        if self.alike:
            return words(
                "the smallest home to be had has {size} m², more than is allowed for the area due",
                size=metres(listed[0].area),
            )
        return words(
            "the smallest home to be had has {size} m², and at most {most} m² are allowed for {due} m² due",
            size=metres(listed[0].area),
            most=metres(int(self.most[row])),
            due=metres(int(self.due[row])),
        )

    def _programmes(self, row: int, below: dict[str, bool]) -> Iterator[Wording]:
        """Tell what is in the way of vouchers and cash, where they are open."""
        routes = [route for route in (Route.voucher, Route.cash) if self._open(row, route)]
        here = {route: [each for each in self._of_route(route) if self._applies(each)] for route in routes}
        if len(routes) == 2 and not any(here.values()):
            yield words("no voucher or cash programme is open to project {project}", project=self.name)
            return
        for route in routes:
            if not here[route]:
                yield (
                    words("no voucher programme is open to project {project}", project=self.name)
                    if route == Route.voucher
                    else words("no cash programme is open to project {project}", project=self.name)
                )
            yield from by_cause(
                (each.id, self._why_no_money(each, route, row, small=below[each.id])) for each in here[route]
            )

    def _of_route(self, route: Route) -> list[MoneyRoute]:
        scenario = self.facts.scenario
        return list(scenario.vouchers) if route == Route.voucher else list(scenario.cash)

    def _applies(self, programme: MoneyRoute) -> bool:
        return isinstance(programme.projects, str) or self.name in programme.projects

    def _why_no_money(self, programme: MoneyRoute, route: Route, row: int, *, small: bool) -> Wording:
        """Tell the first thing that is in the way of one programme."""
        if not small and self.area[row] < 0:
            return words(
                "is only for households with less than {area} m², and its area is not stated",
                area=metres(scaled(programme.area_below or 0, 10_000)),
            )
        if not small:
            return words(
                "is only for households with less than {area} m²",
                area=metres(scaled(programme.area_below or 0, 10_000)),
            )
        return self._closed(row, route, open_months(programme, self.facts.scenario), months_until_housed(programme))

    def _closed(self, row: int, route: Route, window: tuple[int, int], after: int) -> Wording:
        """No month is left to choose in: the plan, the right of the household or its deadline leaves none.

        `window`: first and last month of choice, as stated; `after`: months from the choice until housed.
        """
        facts = self.facts
        first, last = max(window[0], 0), min(window[1], facts.scenario.months - 1)
        if first > last:
            return words(
                "can be chosen from {first} to {last}, outside of the planned months",
                first=facts.month(window[0]),
                last=facts.month(window[1]),
            )
        if int(self.first[row, route]) > last:
            return words(
                "can be chosen until {last}, and it may choose {route} only from {month} on",
                last=facts.month(last),
                route=ROUTE_NAMES[route],
                month=facts.month(int(self.first[row, route])),
            )
        return words(
            "could house it in {month} at the earliest, after its deadline {deadline}",
            month=facts.month(max(first, int(self.first[row, route])) + after),
            deadline=facts.month(int(self.last[row])),
        )
