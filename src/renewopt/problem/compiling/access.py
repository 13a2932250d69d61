"""Who may choose what, and from when: accepted routes, estates, tags, switch rights (rules 10, 15)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.problem.compiling.clocks import Clocks
from renewopt.problem.compiling.exact import NEVER, UNKNOWN, Bools, Ints, price_of
from renewopt.problem.compiling.fees import by_route, tail_months, tail_multiplier
from renewopt.problem.compiling.households import Households
from renewopt.problem.compiling.uplifts import lump_sums
from renewopt.problem.offers import Route
from renewopt.scenario.models import Estate, MoneyRoute, Scenario
from renewopt.units import scaled, to_fen


@dataclass(frozen=True, eq=False)
class Access:
    """First month in which each claim may choose each route, and what all its offers share.

    Attributes
    ----------
    first
        (H, 4) month by `Route`; `NEVER` where the route is not open.
    right
        (H, 4) by `Route`: number of the right to switch, among its project's, by which alone it is open; −1: none.
    last_housed
        (H,) last month in which it may be housed by an offer; `NEVER` where any will do.
    since
        (H,) first month in which it may choose at all.
    moving
        (H, 4) fen of moving fee by `Route`, due when housed.
    once
        (H,) fen of lump sums, due when housed.
    """

    first: Ints
    right: Ints
    last_housed: Ints
    since: Ints
    moving: Ints
    once: Ints

    def with_parts(self, claim: Ints, moved: Ints) -> Access:
        """Add the moving fees of parts of fees to those of their claims."""
        moving = self.moving.copy()
        np.add.at(moving, claim, moved)
        return replace(self, moving=moving)


def find_access(scenario: Scenario, households: Households, clocks: Clocks) -> Access:
    """Resolve routes and switch rights: a right after N overdue months opens a route in overdue month N + 1."""
    overdue_from = clocks.overdue_from[clocks.clock]
    first = np.full((len(households), len(Route)), NEVER, dtype=np.int64)
    right = np.full_like(first, UNKNOWN)
    for route in Route if households.profiles else ():
        opens = [_opens(scenario, project, routes, route) for project, routes, _, _ in households.profiles]
        wait, number = np.array(opens, dtype=np.int64)[households.profile].T
        later = np.minimum(np.maximum(overdue_from + wait, 0), NEVER)
        first[:, route] = np.where(wait == _NOW, 0, np.where(wait == UNKNOWN, NEVER, later))
        right[:, route] = number
    # A deadline after the horizon forces nobody now; it only bars what would be ready too late.
    late = households.deadline >= scenario.months
    return Access(
        first=first,
        right=right,
        last_housed=np.minimum(np.where(late, households.deadline, NEVER), households.until - 1),
        since=np.maximum(np.maximum(households.since, 0), _choices_from(scenario)[households.project]),
        moving=moving_fees(scenario, households),
        once=lump_sums(scenario, households),
    )


def _choices_from(scenario: Scenario) -> Ints:
    """(J,) first month in which households of each project may choose."""
    first = [p.choices_from - scenario.start if p.choices_from is not None else 0 for p in scenario.projects]
    return np.maximum(np.array(first, dtype=np.int64), 0)


_NOW = -2


def _opens(scenario: Scenario, project: int, routes: tuple[str, ...], route: Route) -> tuple[int, int]:
    """Overdue months until a route opens, and the right that opens it.

    `_NOW` where the route is accepted, −1 where it never opens. A right that nobody uses, not even in a future, opens
    nothing; of several that open one route the earliest counts.
    """
    if route.name in routes:
        return _NOW, UNKNOWN
    some = any(future.switching for future in scenario.futures)
    used = [
        (right.after_overdue, number)
        for number, right in enumerate(scenario.projects[project].switch_rights)
        if route.name in right.routes and (some or right.switch_share > 0)
    ]
    return min(used, default=(UNKNOWN, UNKNOWN))


def open_profiles(scenario: Scenario, households: Households, estate: Estate, route: Route) -> Bools:
    """(profiles,) whether an estate is open to them by a route, whatever the month (rule 10)."""
    project = households.profile_project
    own: Bools = _among(scenario, estate.projects)[project]
    invited: Bools = _among(scenario, estate.open_to)[project]
    here: Bools = own if route == Route.own_unit else invited & ~own
    accept, some, asks = households.asking
    if some.size:
        elsewhere = np.zeros(here.size, dtype=bool)
        elsewhere[some] = True
        elsewhere[accept.get(estate.id, some[:0])] = False
        here &= ~elsewhere
    # A home's own tags count as well; which of its homes have them is told when they are offered.
    tags = frozenset(estate.tags).union(*(unit.tags for unit in estate.units))
    for wanted, rows in asks.items():
        if wanted.isdisjoint(tags):
            here[rows] = False
    return here


def _among(scenario: Scenario, named: str | list[str]) -> Bools:
    """(J,) whether each project is among those named, or all are."""
    if isinstance(named, str):
        return np.ones(len(scenario.projects), dtype=bool)
    names = set(named)
    return np.array([project.id in names for project in scenario.projects], dtype=bool)


def estate_claims(scenario: Scenario, households: Households, estate: Estate, route: Route) -> Ints:
    """Claims that an estate is open to by a route, whatever the month (rule 10)."""
    return households.of_profiles(open_profiles(scenario, households, estate, route))


def programme_claims(scenario: Scenario, households: Households, programme: MoneyRoute) -> Ints:
    """Claims that a voucher or cash programme is open to, whatever their routes and the month."""
    here: Bools = _among(scenario, programme.projects)[households.project]
    if programme.area_below is not None:
        here &= (households.area >= 0) & (households.area < scaled(programme.area_below, 10_000))
    return np.flatnonzero(here)


def window(access: Access, claims: Ints, route: Route, first: int, last: int, housed_after: int) -> tuple[Ints, Ints]:
    """First and last month of choice of an offer, for each claim."""
    start = np.maximum(np.maximum(access.first[claims, route], first), access.since[claims])
    end = np.minimum(access.last_housed[claims] - housed_after, last)
    return start, end


def tails(
    scenario: Scenario, households: Households, claims: Ints, route: Route, programme: MoneyRoute | None = None
) -> tuple[Ints, Ints]:
    """Months and multiplier of the tail: the programme's, else the fee policy's for the route (rule 5)."""
    months, multipliers = tail_months(scenario, route.name)
    policy = households.fee_policy[claims]
    tail, multiplier = months[policy].astype(np.int64), multipliers[policy].astype(np.int64)
    if programme is not None and programme.tail is not None:
        tail = np.full(claims.size, programme.tail, dtype=np.int64)
    if programme is not None and programme.tail_multiplier is not None:
        multiplier = np.full(claims.size, tail_multiplier(programme.tail_multiplier), dtype=np.int64)
    return tail, multiplier


def moving_fees(scenario: Scenario, households: Households) -> Ints:
    """(H, 4) fen by `Route`: max(per household + area × per m², minimum) × times, divided over its claims."""
    total = np.zeros((len(households), len(Route)), dtype=np.int64)
    for number, policy in enumerate(scenario.fee_policies):
        moving = policy.moving_fee
        if moving is None:
            continue
        rows = households.fee_policy == number
        area = np.maximum(households.area[rows], 0)
        by_area = price_of(area, moving.per_m2)
        fee = np.maximum(to_fen(moving.per_household) + by_area, to_fen(moving.minimum))
        for route in Route:
            total[rows, route] = fee * by_route(moving.times, route.name)
    return np.stack([households.share(total[:, route]) for route in Route], axis=1)
