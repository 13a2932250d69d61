"""How large the tables of a problem will be, reckoned before they are made: what no machine holds is refused in words.

Every household times every home that is open to it is an offer, and every bill, fund and clock runs over every month: a
file that is short can mean more of them than there is room for. The bounds are stated in
:mod:`renewopt.scenario.limits`.
"""

from __future__ import annotations

from collections import Counter
from math import comb

import numpy as np

from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.access import open_profiles, programme_claims
from renewopt.problem.compiling.estates import Compiling
from renewopt.problem.compiling.exact import combine
from renewopt.problem.compiling.programmes import programmes
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.offers import Route
from renewopt.scenario.limits import MAX_BUNDLES, MAX_MONTHLY, MAX_OFFERS
from renewopt.scenario.models import Estate, HomePolicy, Scenario, Voucher
from renewopt.wording import Wording, words

__all__ = ["refuse_bundles", "refuse_long_dues", "refuse_long_tables", "refuse_many_offers"]


def refuse_bundles(scenario: Scenario, refusals: Refusals) -> None:
    """Refuse bundles out of so many unit types that there are too many of them; types that never come are left out."""
    homes = max((policy.max_homes for policy in scenario.home_policies), default=1)
    if homes < 2:
        return
    for estate in scenario.estates:
        delivered = {name for phase in estate.phases for name, number in phase.delivers.items() if number}
        types = sum(
            bool(unit.on_hand or any(unit.arrivals.values()) or unit.type in delivered) for unit in estate.units
        )
        bundles = comb(types + homes, homes) - 1 - types
        if bundles > MAX_BUNDLES:
            message = words(
                (
                    "{bundles:,} {bundles:bundle|bundles} of up to {homes} {homes:home|homes}; at most {most:,} "
                    "are compared"
                ),
                bundles=bundles,
                homes=homes,
                most=MAX_BUNDLES,
            )
            mend = words("join unit types of alike homes, or lower `max_homes`")
            refusals.refuse(f"estates.{estate.id}.units", message, mend)


def refuse_long_dues(scenario: Scenario, refusals: Refusals) -> None:
    """Refuse more dated amounts, of commitments and of opening loans, than are written out."""
    steady = sum(commitment.monthly is not None for commitment in scenario.commitments)
    for key, what, rows, months in (
        ("commitments", words("commitments"), steady, steady * scenario.months),
        (
            "opening_loans",
            words("loans"),
            len(scenario.opening_loans),
            sum(loan.months_left for loan in scenario.opening_loans),
        ),
    ):
        if months > MAX_MONTHLY // 5:
            message = words(
                (
                    "{rows:,} {what} over {months:,} {months:month|months}; at most {most:,} "
                    "{most:entry|entries} {most:is|are} held"
                ),
                rows=rows,
                what=what,
                months=months // rows,
                most=MAX_MONTHLY // 5,
            )
            refusals.refuse(key, message, words("plan fewer months, or join what is alike"))


def refuse_many_offers(work: Compiling) -> None:
    """Refuse more offers of homes and programmes than are held; reckoned by groups of households that are alike."""
    scenario, households = work.scenario, work.households
    if not len(households):
        return
    group, first = combine(households.profile, households.home_policy, households.unit_types)
    counts = np.bincount(group)
    profile, policy = households.profile[first], households.home_policy[first]
    named = np.array([len(types) for types in households.unit_type_sets], dtype=np.int64)[households.unit_types[first]]
    homes = np.array([*(each.max_homes for each in scenario.home_policies), 1])[policy]
    # Homes and bundles of the types that a household names.
    accepted = np.array(
        [comb(types + most, most) - 1 if types else MAX_OFFERS for types, most in zip(named, homes, strict=True)]
    )
    total = 0
    for estate in scenario.estates:
        by_policy = np.array([*(_choices(work, estate, each) for each in scenario.home_policies), len(estate.units)])
        choices = np.minimum(by_policy[policy], accepted)
        for route in (Route.own_unit, Route.transfer):
            here = open_profiles(scenario, households, estate, route)[profile]
            total += int((counts * choices)[here].sum())
        if total > MAX_OFFERS:
            _refuse(work, "estates", total)
            return
    for programme in programmes(scenario):
        listed = len(programme.developers) if isinstance(programme, Voucher) and programme.developers else 1
        total += programme_claims(scenario, households, programme).size * listed
    if total > MAX_OFFERS:
        _refuse(work, "vouchers", total)
    for key, rules, each in (
        ("throughput", scenario.throughput, total),
        ("objective.tiers", scenario.objective.tiers, len(households)),
    ):
        if len(rules) * each > MAX_OFFERS:
            message = words(
                "{rules:,} {rules:rule|rules} over {each:,} {each:entry|entries}; at most {most:,} are held in all",
                rules=len(rules),
                each=each,
                most=MAX_OFFERS,
            )
            work.refusals.refuse(key, message, words("state fewer of them"))


def _choices(work: Compiling, estate: Estate, policy: HomePolicy) -> int:
    """Most homes or bundles of an estate that one household is offered."""
    if any(unit.area is None for unit in estate.units):
        return len(estate.units)
    listed = work.catalogue.listed(estate, Route.own_unit, policy, tuple(range(len(estate.units))))
    if policy.round_up and policy.choice_above is None and policy.maximum_below is None:
        return max(Counter(homes.area for homes in listed).values(), default=0)
    return len(listed)


def _refuse(work: Compiling, key: str, count: int) -> None:
    message = words(
        "over {count:,} {count:offer|offers} to households; at most {most:,} are held", count=count, most=MAX_OFFERS
    )
    mend = words(
        "state which projects each estate is open to and which types a household accepts, or join alike households "
        "into cohorts (`count`)"
    )
    work.refusals.refuse(key, message, mend)


def refuse_long_tables(
    refusals: Refusals, calendar: Calendar, sizes: dict[str, tuple[Wording, int]], segments: int
) -> None:
    """Refuse tables by month that take more room than there is.

    Parameters
    ----------
    sizes
        Section of the scenario to what the rows are, and how many.
    segments
        Fees without their months: households times changes of the rates.
    """
    months = calendar.curve_months
    for key, (what, rows) in sizes.items():
        if rows * months > MAX_MONTHLY:
            message = words(
                (
                    "{rows:,} {what} over {months:,} {months:month|months}; at most {most:,} "
                    "{most:entry|entries} {most:is|are} held"
                ),
                rows=rows,
                what=what,
                months=months,
                most=MAX_MONTHLY,
            )
            refusals.refuse(key, message, words("plan fewer months, or join what is alike"))
    if segments > 30 * MAX_MONTHLY:
        message = words(
            "{count:,} fees of households; at most {most:,} {most:entry|entries} {most:is|are} held",
            count=segments,
            most=30 * MAX_MONTHLY,
        )
        refusals.refuse("fee_policies", message, words("state fewer steps of the rate"))
