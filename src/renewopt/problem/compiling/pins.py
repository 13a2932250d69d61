"""Signed contracts, compiled: what they leave of each household's offers, and of the months of a phase."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.problem.claims import Pins
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.offers import Route
from renewopt.problem.pins import ANY, allowed_by_pins, narrow_offers
from renewopt.problem.problem import Problem
from renewopt.problem.supply import UNBUILT
from renewopt.scenario.checks_pins import phase_called
from renewopt.scenario.models import Scenario
from renewopt.units import STOCK_SCALE
from renewopt.wording import Names, Wording, words

__all__ = ["with_pins"]

Ints = NDArray[np.int64]
SHOWN = 5


def with_pins(problem: Problem, scenario: Scenario, refusals: Refusals) -> Problem:
    """Return the problem with the contracts that the scenario states; those that cannot be kept are refused.

    Raises
    ------
    ScenarioError
        If a household has no such offer, in no such month; if contracts take more homes than there can be by then, or
        more than a limit allows; if a phase cannot be handed over in time, whatever the money.
    """
    if scenario.pins is None or scenario.pins.empty:
        return problem
    frame = scenario.pins
    problem = _phases(problem, scenario, frame[frame["phase"] != ""], refusals)
    problem = replace(problem, pins=_pins(problem, scenario, frame[frame["household"] != ""]))
    _refuse_without_offer(problem, refusals)
    narrowed = narrow_offers(problem)
    if not refusals.findings:
        _refuse_late(problem, narrowed, refusals)
        _refuse_stock(narrowed, refusals)
        _refuse_limits(narrowed, refusals)
    refusals.stop()
    return narrowed


def _months(frame: pd.DataFrame, start: int, last: int) -> tuple[Ints, Ints]:
    """First and last month of each row, counted from month 0."""
    month, before, after = (frame[name].to_numpy(dtype=np.int64) for name in ("month", "not_before", "not_after"))
    first = np.where(month >= 0, month, np.where(before >= 0, before, start)) - start
    until = np.where(month >= 0, month, np.where(after >= 0, after, start + last)) - start
    return np.maximum(first, 0), np.minimum(until, last)


def _pins(problem: Problem, scenario: Scenario, frame: pd.DataFrame) -> Pins:
    first, last = _months(frame, scenario.start.ordinal, scenario.months - 1)
    claims: dict[Any, list[int]] = {}
    for claim, household in enumerate(problem.claims.household.tolist()):
        claims.setdefault(household, []).append(claim)
    pairs = [(claim, row) for row, name in enumerate(frame["household"].tolist()) for claim in claims.get(name, [])]
    of_claim, rows = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    route = np.array([Route[name] if name else ANY for name in frame["route"]], dtype=np.int64)
    stated = (frame["route"] != "") | (frame["pool"] != "") | (frame[["month", "not_after"]].max(axis=1) >= 0)
    return Pins(
        of_claim, route[rows], frame["pool"].to_numpy(dtype=object)[rows], first[rows], last[rows],
        stated.to_numpy(dtype=np.bool_)[rows],
    )  # fmt: skip


def _phases(problem: Problem, scenario: Scenario, frame: pd.DataFrame, refusals: Refusals) -> Problem:
    """Narrow the months of handover; refuse a phase that cannot be there by then."""
    if frame.empty:
        return problem
    first, last = _months(frame, scenario.start.ordinal, scenario.months - 1)
    start = np.cumsum([0, *(len(estate.phases) for estate in scenario.estates)])
    called = phase_called(scenario)
    rows = np.array([start[called[name][0]] + called[name][1] for name in frame["phase"]], dtype=np.int64)
    stated = frame[["month", "not_after"]].max(axis=1).to_numpy() >= 0
    earliest, latest = problem.phases.earliest.astype(np.int64), np.full(len(problem.phases), UNBUILT)
    np.maximum.at(earliest, rows, first)
    np.minimum.at(latest, rows[stated], last[stated])
    phases = replace(
        problem.phases,
        earliest=earliest.astype(np.int32),
        latest=np.where(latest == UNBUILT, -1, latest).astype(np.int32),
    )
    label = problem.calendar.label
    for phase in np.flatnonzero(phases.soonest > latest).tolist():
        soonest = int(phases.soonest[phase])
        message = (
            words("phase {phase} cannot be handed over within the plan", phase=phases.id[phase])
            if soonest == UNBUILT
            else words(
                "phase {phase} can be handed over in {month} at the earliest, its contract says by {last}",
                phase=phases.id[phase],
                month=label(soonest),
                last=label(int(latest[phase])),
            )
        )
        refusals.refuse("pins", message, words("mend the contract, or `earliest`, `handover_lag`, `monthly_limit`"))
    return replace(problem, phases=phases)


def _refuse_without_offer(problem: Problem, refusals: Refusals) -> None:
    """Refuse contracts for what is not offered to the household, or not in those months."""
    allowed, pins, offers = allowed_by_pins(problem), problem.pins, problem.offers
    open_still = np.zeros(len(problem.claims), dtype=np.bool_)
    open_still[offers.claim[allowed]] = True
    for pin in np.flatnonzero(pins.must & ~open_still[pins.claim]).tolist():
        claim = int(pins.claim[pin])
        mine = np.flatnonzero(offers.claim == claim)
        there = [f"{Route(int(offers.route[o])).name} {offers.label[o]}" for o in mine]
        signed = " ".join(
            filter(None, ["" if pins.route[pin] == ANY else Route(int(pins.route[pin])).name, pins.label[pin]])
        )
        label = problem.calendar.label
        message = words(
            "{household} has signed for {signed} in {first} to {last}, but there is no such offer for it then",
            household=problem.claims.household[claim], signed=signed or words("a choice"),
            first=label(int(pins.first[pin])), last=label(int(pins.last[pin])),
        )  # fmt: skip
        known: Wording | Names = Names(list(dict.fromkeys(there))[:SHOWN])
        mend = words("its offers: {names}", names=known) if there else words("it has no offers at all")
        refusals.refuse("pins", message, mend)


def _refuse_late(problem: Problem, narrowed: Problem, refusals: Refusals) -> None:
    """Refuse contracts that house a household after its deadline at the earliest."""
    offers, stated = narrowed.offers, problem.claims.deadline
    soonest = np.full(len(narrowed.claims), UNBUILT, dtype=np.int64)
    np.minimum.at(soonest, offers.claim, offers.first.astype(np.int64) + offers.housed_after)
    pinned = np.unique(narrowed.pins.claim)
    late = pinned[(stated[pinned] >= 0) & (soonest[pinned] > stated[pinned])]
    refusals.refuse_rows(
        narrowed.claims.household, np.isin(np.arange(len(narrowed.claims)), late), "pins",
        words("by its contract it is housed after its deadline"), words("mend the contract, or the deadline"),
    )  # fmt: skip


def _sure(narrowed: Problem) -> tuple[Ints, Ints]:
    """Claims that must choose and have one offer left, and that offer."""
    offers, must = narrowed.offers, np.unique(narrowed.pins.claim[narrowed.pins.must])
    times = np.bincount(offers.claim, minlength=len(narrowed.claims))
    claims = must[times[must] == 1]
    return claims, np.searchsorted(offers.claim, claims).astype(np.int64)


def _refuse_stock(narrowed: Problem, refusals: Refusals) -> None:
    """Refuse more homes by contract than there can be by the last month that the contracts leave."""
    claims, rows = _sure(narrowed)
    offers, pools, phases = narrowed.offers, narrowed.pools, narrowed.phases
    taken = offers.stock.take(rows)
    by = (offers.last[rows].astype(np.int64) + offers.housed_after[rows])[taken.row]
    amount = taken["amount"] * narrowed.claims.count[claims][taken.row]
    soonest = phases.soonest[phases.delivers.row]
    label = narrowed.calendar.label
    for pool in np.unique(taken["pool"]).tolist():
        mine = taken["pool"] == pool
        for month in np.unique(by[mine]).tolist():
            known = pools.arrivals["amount"][(pools.arrivals.row == pool) & (pools.arrivals["month"] <= month)].sum()
            built = phases.delivers["amount"][(phases.delivers["pool"] == pool) & (soonest <= month)].sum()
            wanted = int(amount[mine & (by <= month)].sum())
            if wanted > known + built:
                households = narrowed.claims.household[claims][taken.row[mine & (by <= month)]]
                names = list(dict.fromkeys(households.tolist()))
                message = words(
                    "contracts take {wanted:g} of {pool} by {month}, and there are {there:g} at the most: {names}",
                    wanted=wanted / STOCK_SCALE, pool=pools.id[pool], month=label(month),
                    there=int(known + built) / STOCK_SCALE, names=Names(names[:SHOWN]),
                )  # fmt: skip
                refusals.refuse("pins", message, words("mend contracts, or the stock of the estate"))
                break


def _refuse_limits(narrowed: Problem, refusals: Refusals) -> None:
    """Refuse more choices by contract than a limit allows, in a month or in all."""
    claims, rows = _sure(narrowed)
    offers, limits = narrowed.offers, narrowed.limits
    count = np.zeros(len(offers), dtype=np.int64)
    count[rows] = narrowed.claims.count[claims]
    for limit in range(len(limits)):
        listed = limits.offers["offer"][limits.offers.start[limit] : limits.offers.start[limit + 1]]
        if limits.monthly[limit]:
            fixed = listed[(offers.first[listed] == offers.last[listed])]
            fixed = fixed[(offers.first[fixed] >= limits.first[limit]) & (offers.first[fixed] <= limits.last[limit])]
            by_month = np.bincount(offers.first[fixed], count[fixed], narrowed.calendar.months)
            month, wanted = int(by_month.argmax()), int(by_month.max(initial=0))
            when: Wording | str = narrowed.calendar.label(month)
        else:
            wanted, when = int(count[listed].sum()), words("all months")
        if wanted > limits.cap[limit]:
            message = words(
                "contracts take {wanted} {wanted:choice|choices} in {when}; {limit} allows {cap}",
                wanted=wanted, when=when, limit=limits.id[limit], cap=int(limits.cap[limit]),
            )  # fmt: skip
            refusals.refuse("pins", message, words("mend contracts, or the limit"))
