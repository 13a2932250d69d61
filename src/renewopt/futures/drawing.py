"""Futures drawn from what a scenario states: the same numbers for every policy, variant and order of drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from renewopt.futures.changes import Change, Decrees, Delays, InflowChanges, LaterMoves, Refusals, Switches, Withdrawals
from renewopt.futures.distributions import Hashes, hashed, is_fixed, quantile, uniform, whole_months
from renewopt.futures.drawing_starts import draw_starts
from renewopt.futures.future import Future
from renewopt.futures.late_starts import Begun
from renewopt.problem import Problem, Route
from renewopt.problem.supply import SWITCH
from renewopt.scenario import models
from renewopt.units import PPM

__all__ = ["AS_PLANNED", "draw_future", "is_random"]

AS_PLANNED = "as-planned"
"""Name of the future in which everything comes as planned."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_Entry = (
    models.Switching | models.Delay | models.InflowChange | models.Withdrawal | models.Decree | models.LaterMove
    | models.LateStart | models.LateClearing | models.LandChange
)  # fmt: skip


def is_random(stated: models.Future) -> bool:
    """Whether a future differs from seed to seed; fixed stress cases do not."""
    entries: list[_Entry] = [
        *stated.delays,
        *stated.inflows,
        *stated.switching,
        *stated.withdrawals,
        *stated.decrees,
        *stated.later_moves,
        *stated.starts,
        *stated.clearing,
        *stated.land,
    ]
    for entry in entries:
        draws = [getattr(entry, name, None) for name in ("months", "share", "late", "after", "factor")]
        if getattr(entry, "probability", 1) % 1 != 0 or any(draw is not None and not is_fixed(draw) for draw in draws):
            return True
    return bool(stated.take_up)


def draw_future(problem: Problem, stated: models.Future | None, seed: int, begun: Begun | None = None) -> Future:
    """Draw a future.

    Parameters
    ----------
    stated
        From ``scenario.futures``; None: everything comes as planned.
    seed
        Numbers are drawn by seed, by number of the statement and by the name of what they are for (a phase, a fund and
        its month or year, a developer, a household, what starts), not by its place in a file, nor by the name of the
        future: of two futures with one seed the one with wider distributions is the other one made worse.
    begun
        What starts when, in a programme.
    """
    if stated is None:
        return Future(AS_PLANNED, 0, problem)
    changes: list[Change] = []
    if stated.delays:
        changes.append(_delays(problem, stated.delays, seed))
    if stated.inflows:
        changes.append(_inflows(problem, stated.inflows, seed))
    if stated.withdrawals:
        changes.append(_withdrawals(problem, stated.withdrawals, seed))
    if stated.decrees:
        changes.append(_decrees(problem, stated.decrees, seed))
    if stated.later_moves:
        changes.append(_later_moves(problem, stated.later_moves, seed))
    if stated.switching:
        changes.append(_switches(problem, stated.switching, seed))
    if stated.take_up:
        changes.append(_refusals(problem, stated.take_up, seed))
    late = None if begun is None else draw_starts(begun, stated, seed)
    # Last: what becomes of land revenue rests on what becomes of the money of its month.
    return Future(stated.id, seed, problem, tuple(changes) if late is None else (*changes, late))


def _named(which: Literal["all"] | Sequence[str], names: NDArray[np.object_]) -> NDArray[np.bool_]:
    if isinstance(which, str):
        return np.ones(names.size, dtype=np.bool_)
    return np.isin(names.astype(str), list(which))


def _one(seed: int, what: str) -> Floats:
    """(1,) number where one is drawn for all, or for whom `what` names."""
    return uniform(seed, what, hashed([""]))


def _hit(seed: int, what: str, probability: object) -> bool:
    return float(_one(seed, what)[0]) < float(str(probability))


def _households(problem: Problem) -> Hashes:
    """(H,) names by which households draw; all homes that one is due move out, and are asked for, at one time."""
    return hashed(problem.claims.household.tolist())


def _delays(problem: Problem, entries: Sequence[models.Delay], seed: int) -> Delays:
    phases, pools = problem.phases, problem.pools
    arrivals = pools.arrivals
    late_phase = np.zeros(len(phases), dtype=np.int64)
    late_arrival = np.zeros(arrivals["month"].size, dtype=np.int64)
    for number, entry in enumerate(entries):

        def months(name: str, number: int = number, entry: models.Delay = entry) -> int:
            key = f"delay/{number}/" + ("" if entry.together else name)
            if not _hit(seed, f"{key}?", entry.probability):
                return 0
            return int(whole_months(quantile(entry.months, _one(seed, key)))[0])

        for phase in np.flatnonzero(_named(entry.estates, phases.estate)).tolist():
            late_phase[phase] += months(f"{phases.estate[phase]}/{phases.id[phase]}")
        # Homes that arrive in one estate in one month are one lot.
        of_estate = _named(entry.estates, pools.estate)[arrivals.row] & (arrivals["month"] > 0)
        for place in np.flatnonzero(of_estate).tolist():
            month = problem.calendar.label(int(arrivals["month"][place]))
            late_arrival[place] += months(f"{pools.estate[arrivals.row[place]]}/{month}")
    return Delays(late_phase, late_arrival)


def _inflows(problem: Problem, entries: Sequence[models.InflowChange], seed: int) -> InflowChanges:
    funds, books = problem.funds, problem.calendar.books
    share = np.ones((len(funds), books))
    late = np.zeros((len(funds), books), dtype=np.int64)
    for number, entry in enumerate(entries):
        until = books if entry.months is None else min(entry.from_month + entry.months, books)
        months = np.arange(entry.from_month, max(until, entry.from_month))
        months = months[months < books]
        shown = {"month": len("2024-01"), "year": len("2024"), "once": 0}[entry.each]
        period = hashed(problem.calendar.label(month)[:shown] for month in months.tolist())
        for fund in np.flatnonzero(_named(entry.funds, funds.id)).tolist():
            key = f"inflow/{number}/{funds.id[fund]}"
            hit = uniform(seed, f"{key}?", period) < float(entry.probability)
            part = quantile(entry.share, uniform(seed, key, period))
            wait = whole_months(quantile(entry.late, uniform(seed, f"{key}/late", period)))
            share[fund, months] *= np.where(hit, part, 1.0)
            late[fund, months] += np.where(hit, wait, 0)
    of_fund, month = np.nonzero((funds.inflow > 0) & ((share != 1) | (late > 0)))
    fen = np.floor(funds.inflow[of_fund, month] * share[of_fund, month] + 0.5).astype(np.int64)
    return InflowChanges(of_fund, month, fen, month + late[of_fund, month])


def _withdrawals(problem: Problem, entries: Sequence[models.Withdrawal], seed: int) -> Withdrawals:
    offers, needs, pools = problem.offers, problem.needs, problem.pools
    stock = offers.stock
    vouchers = offers.route == Route.voucher
    groups, months = [], []
    for number, entry in enumerate(entries):
        for developer in np.flatnonzero(_named(entry.developers, problem.developers.id)).tolist():
            name = str(problem.developers.id[developer])
            if not _hit(seed, f"withdrawal/{number}/{name}?", entry.probability):
                continue
            paid = (offers.price_need >= 0) & (needs.developer[offers.price_need] == developer)
            homes = np.zeros(len(offers), dtype=np.bool_)
            homes[stock.row[pools.estate[stock["pool"]] == name]] = True
            groups.append(np.flatnonzero(vouchers & (paid | homes)))
            after = quantile(entry.after, _one(seed, f"withdrawal/{number}/{name}"))
            months.append(int(whole_months(after)[0]))
    return Withdrawals(tuple(groups), np.array(months, dtype=np.int64))


def _decrees(problem: Problem, entries: Sequence[models.Decree], seed: int) -> Decrees:
    claims, months, announced, factors = [], [], [], []
    for number, entry in enumerate(entries):
        if not _hit(seed, f"decree/{number}?", entry.probability):
            continue
        month = int(whole_months(quantile(entry.after, _one(seed, f"decree/{number}/month")))[0])
        claims.append(_named(entry.projects, problem.projects)[problem.claims.project])
        months.append(month)
        announced.append(month - entry.announced)
        factors.append(round(float(quantile(entry.factor, _one(seed, f"decree/{number}"))[0]) * PPM))
    return Decrees(
        np.array(claims, dtype=np.bool_).reshape(len(months), len(problem.claims)),
        *(np.array(column, dtype=np.int64) for column in (months, announced, factors)),
    )


def _later_moves(problem: Problem, entries: Sequence[models.LaterMove], seed: int) -> LaterMoves:
    fees, claims = problem.fees, problem.claims
    planned = fees.moved_out[fees.clock].astype(np.int64)
    months = np.zeros(len(claims), dtype=np.int64)
    names = _households(problem)
    # Those who never move out have no fee to put off.
    still = (planned > 0) & (planned < fees.months)
    for number, entry in enumerate(entries):
        rows = np.flatnonzero(still & _named(entry.projects, problem.projects)[claims.project])
        hit = uniform(seed, f"move/{number}?", names[rows]) < float(entry.probability)
        later = whole_months(quantile(entry.months, uniform(seed, f"move/{number}", names[rows])))
        months[rows] += np.where(hit, later, 0)
    return LaterMoves(planned, months)


def _switches(problem: Problem, entries: Sequence[models.Switching], seed: int) -> Switches:
    offers, limits, claims = problem.offers, problem.limits, problem.claims
    rows, caps, months = [], [], []
    for number, entry in enumerate(entries):
        named = _named(entry.projects, problem.projects)
        share = min(float(quantile(entry.share, _one(seed, f"switching/{number}"))[0]), 1.0)
        for row in np.flatnonzero([str(name).startswith(SWITCH) for name in limits.id]).tolist():
            mine = limits.offers.take(np.array([row]))["offer"]
            holders = np.unique(offers.claim[mine])
            if row not in rows and named[claims.project[holders[0]]]:
                rows.append(row)
                # A share is a decimal number: 30 % of 10 are 3.
                caps.append(int(round(share * 10**9) * int(claims.count[holders].sum()) // 10**9))
                months.append(int(offers.first[mine].min()))
    return Switches(*(np.array(column, dtype=np.int64) for column in (rows, caps, months)))


def _refusals(problem: Problem, entries: Sequence[models.TakeUp], seed: int) -> Refusals:
    offers, claims = problem.offers, problem.claims
    kind = np.full(len(offers), -1, dtype=np.int64)
    willing: list[Ints] = []
    size = 0
    names = _households(problem)
    programme = np.array([str(label).partition("/")[0] for label in offers.label.tolist()], dtype=object)
    for number, entry in enumerate(entries):
        mine = (offers.route == Route.voucher) & _named(entry.vouchers, programme) & (kind < 0)
        owners, place = np.unique(offers.claim[mine], return_inverse=True)
        kind[mine] = size + place
        share = float(quantile(entry.share, _one(seed, f"take_up/{number}"))[0])
        u = uniform(seed, f"take_up/{number}/household", names[owners])
        # A village that is kept together answers as one.
        unit = np.where(claims.indivisible[owners], claims.count[owners], 1)
        taken = np.floor(claims.count[owners] // unit * min(share, 1.0) + u).astype(np.int64) * unit
        willing.append(np.minimum(taken, claims.count[owners]))
        size += owners.size
    return Refusals(kind, np.concatenate([np.zeros(0, dtype=np.int64), *willing]))
