"""Invariants of the tables, which every policy, the optimiser and the ledger take for granted: an oracle for tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.offers import LineKind, Ragged, Route
from renewopt.problem.problem import Problem
from renewopt.units import PPM
from renewopt.vocabulary import MEASURES, NEVER_OWED, OBJECTIVES, USES, Use

__all__ = ["BrokenTablesError", "check_tables"]


class BrokenTablesError(RuntimeError):
    """Tables that break their own rules: a fault of whatever made them, never of the planner."""


def check_tables(problem: Problem) -> None:
    """Check every invariant of a problem's tables.

    Raises
    ------
    BrokenTablesError
        Naming all that are broken.
    """
    parts = (_claims, _fees, _offers, _offer_lists, _supply, _bills, _needs, _funds, _loans, _rest)
    broken = [name for part in parts for name, holds in part(problem) if not holds]
    if broken:
        raise BrokenTablesError("; ".join(broken))


def _within(values: NDArray[np.integer], low: int, high: int) -> bool:
    """Whether all values lie in low … high − 1."""
    return bool(values.size == 0 or (values.min() >= low and values.max() < high))


def _ragged(name: str, lists: Ragged, rows: int) -> Iterator[tuple[str, bool]]:
    size = int(lists.start[-1]) if lists.start.size else -1
    yield f"{name}: one list a row", lists.start.size == rows + 1
    yield f"{name}: starts at 0 and never falls", bool(lists.start[0] == 0 and (np.diff(lists.start) >= 0).all())
    yield f"{name}: columns of one length", all(column.size == size for column in lists.columns.values())


def _claims(problem: Problem) -> Iterator[tuple[str, bool]]:
    claims = problem.claims
    size = len(claims)
    yield "claims: columns of one length", all(getattr(claims, f.name).shape == (size,) for f in fields(claims))
    yield "claims: projects exist", _within(claims.project, 0, len(problem.projects))
    yield "claims: bills exist", _within(claims.bill, 0, problem.bills.need.size)
    yield "claims: at least one household a row", bool((claims.count >= 1).all())
    yield "claims: deadlines within the horizon", _within(claims.deadline, -1, problem.calendar.months)
    yield "claims: weights", bool((np.isfinite(claims.weight) & (claims.weight >= 0)).all())
    yield "claims: obligations", bool((claims.obligation >= 0).all())
    yield "claims: areas due", bool((claims.due >= -1).all())
    yield "claims: a bill is of the claim's project", bool((problem.bills.project[claims.bill] == claims.project).all())


def _fees(problem: Problem) -> Iterator[tuple[str, bool]]:
    fees, months = problem.fees, problem.calendar.curve_months
    clocks, segments = fees.multiplier.shape[0], fees.ordinary.shape[1]
    yield "fees: a segment for each month", fees.segment.shape == (months,)
    yield "fees: segments exist", _within(fees.segment, 0, segments)
    yield "fees: segments in order", bool((np.diff(fees.segment) >= 0).all())
    yield "fees: a row for each claim", fees.ordinary.shape[0] == len(problem.claims) == fees.clock.size
    yield "fees: none is negative", bool((fees.ordinary >= 0).all() and (fees.multiplier >= 0).all())
    yield "fees: clocks exist", _within(fees.clock, 0, clocks)
    yield "fees: clocks by month", fees.multiplier.shape == fees.overdue.shape == (clocks, months)
    yield "fees: a month of moving out for each clock", fees.moved_out.shape == (clocks,)
    first = fees.first_month
    if first is not None:
        within = (first.month >= 0) & (first.month < months)
        inside = within[fees.clock]
        at = fees.segment[np.where(inside, first.month[fees.clock], 0)]
        whole = fees.ordinary[np.arange(fees.clock.size), at]
        in_all = fees.multiplier[np.arange(clocks), np.where(within, first.month, 0)]
        yield "fees: a first month for each clock", first.month.shape == first.multiplier.shape == (clocks,)
        yield "fees: something unpaid for each claim", first.unpaid.shape == fees.clock.shape
        yield (
            "fees: at most the month is unpaid",
            bool(((first.unpaid >= 0) & (~inside | (first.unpaid <= whole))).all()),
        )
        yield "fees: the first month is one of its period", bool((~within | (first.multiplier <= in_all)).all())


def _offers(problem: Problem) -> Iterator[tuple[str, bool]]:
    offers, months, books = problem.offers, problem.calendar.months, problem.calendar.books
    # What was announced is known only where a plan is made anew.
    ragged = {"stream", "instalments", "lines", "stock", "series_ppm", *(["kept"] if offers.kept is None else [])}
    columns = [getattr(offers, f.name) for f in fields(offers) if f.name not in ragged]
    yield "calendar: books reach the horizon", books >= months >= 1
    yield "offers: columns of one length", all(column.shape == (len(offers),) for column in columns)
    yield "offers: claims exist", _within(offers.claim, 0, len(problem.claims))
    yield "offers: sorted by claim", bool((np.diff(offers.claim) >= 0).all())
    yield "offers: routes exist", _within(offers.route, 0, len(Route))
    yield "offers: windows", _within(offers.first, 0, months) and _within(offers.last, 0, months)
    yield "offers: windows open before they close", bool((offers.first <= offers.last).all())
    yield "offers: housed within the books", _within(offers.last + offers.housed_after, 0, books)
    yield "offers: tails", bool((offers.tail >= 0).all() and (offers.tail_multiplier >= -1).all())
    yield "offers: prices", bool((offers.price >= 0).all())
    yield "offers: price series exist", _within(offers.price_series, 0, offers.series_ppm.shape[0])
    yield (
        "offers: price factors by month",
        offers.series_ppm.shape[1] == months and bool((offers.series_ppm >= 0).all()),
    )
    yield "offers: schedules exist", _within(offers.schedule, 0, offers.instalments.start.size - 1)
    priced = offers.price_need[offers.price > 0]
    yield "offers: a price has a need", _within(priced, 0, len(problem.needs))
    yield "offers: disutility", bool(np.isfinite(offers.disutility).all())
    yield "offers: areas given", bool((offers.given >= -1).all())
    yield "offers: kinds of lines", _within(offers.lines["kind"], 0, len(LineKind))


def _offer_lists(problem: Problem) -> Iterator[tuple[str, bool]]:
    offers, books = problem.offers, problem.calendar.books
    for name in ("stream", "lines", "stock"):
        yield from _ragged(f"offers.{name}", getattr(offers, name), len(offers))
    parts = offers.instalments
    yield from _ragged("offers.instalments", parts, parts.start.size - 1)
    yield "offers.instalments: none is empty", bool((np.diff(parts.start) > 0).all())
    yield (
        "offers.instalments: end at the whole price",
        bool((parts["cumulative_ppm"][parts.start[1:] - 1] == PPM).all()),
    )
    inner = np.diff(parts.row) == 0
    rising = (np.diff(parts["after"]) > 0) & (np.diff(parts["cumulative_ppm"]) >= 0)
    yield "offers.instalments: in order", bool(rising[inner].all())
    final = parts["after"][parts.start[1:] - 1]
    due = (offers.last + final[offers.schedule])[offers.price > 0]
    yield "offers.instalments: due within the books", _within(due, 0, books)
    lines = offers.lines
    paid = lines["fen"] > 0
    yield "offers.lines: due within the books", _within(offers.last[lines.row] + lines["after"], 0, books)
    yield "offers.lines: what is paid has a need", _within(lines["need"][paid], 0, len(problem.needs))
    received = lines["fen"] < 0
    yield "offers.lines: what is received has a fund", _within(lines["fund"][received], 0, len(problem.funds))
    yield "offers.lines: paid or received", bool((lines["fen"] != 0).all() and (lines["need"][received] == -1).all())
    yield "offers.stock: pools exist", _within(offers.stock["pool"], 0, len(problem.pools))
    pairs = offers.stock.row * max(len(problem.pools), 1) + offers.stock["pool"]
    yield "offers.stock: a pool is named once", np.unique(pairs).size == pairs.size
    yield "offers.stock: amounts", bool((offers.stock["amount"] > 0).all())
    yield "offers.stream: only where stated", bool(offers.stated_stream[offers.stream.row].all())
    final_fee = offers.last + offers.fee_stops_after() - 1
    reached = np.flatnonzero(final_fee >= 0)
    bill = problem.claims.bill[offers.claim[reached]]
    inside = _within(final_fee[reached], 0, books)
    yield "offers: fees end within the books", inside
    period = problem.bills.period[bill]
    month = (problem.calendar.start.ordinal + final_fee[reached]) % period
    recovered = np.where(problem.bills.recovered_ppm[bill] > 0, problem.bills.recovered_after[bill], 0)
    yield "offers: fees billed within the books", _within(final_fee[reached] + period - 1 - month + recovered, 0, books)


def _supply(problem: Problem) -> Iterator[tuple[str, bool]]:
    pools, phases, limits = problem.pools, problem.phases, problem.limits
    yield from _ragged("pools.arrivals", pools.arrivals, len(pools))
    yield from _ragged("pools.released", pools.released, len(pools))
    yield "pools: measures", set(pools.measure.tolist()) <= set(MEASURES)
    yield "pools: distinct ids", len(set(pools.id.tolist())) == len(pools)
    arrivals = pools.arrivals
    yield "pools: arrivals", bool((arrivals["month"] >= 0).all() and (arrivals["amount"] > 0).all())
    yield "pools: surplus", bool((pools.surplus >= -1).all())
    yield "pools.released: claims exist", _within(pools.released["claim"], 0, len(problem.claims))
    yield from _ragged("phases.delivers", phases.delivers, len(phases))
    yield "phases: distinct ids", len(set(phases.id.tolist())) == len(phases)
    yield "phases: cost", bool((phases.cost >= 0).all() and (phases.cost <= phases.total_cost).all())
    yield "phases: months", bool((phases.lag >= 0).all() and (phases.earliest >= 0).all())
    yield (
        "phases: needs",
        _within(phases.need, 0, len(problem.needs))
        and bool((problem.needs.use[phases.need] == Use.CONSTRUCTION).all()),
    )
    yield "phases.delivers: pools exist", _within(phases.delivers["pool"], 0, len(pools))
    yield from _ragged("limits.offers", limits.offers, len(limits))
    yield "limits: offers exist", _within(limits.offers["offer"], 0, len(problem.offers))
    pairs = limits.offers.row * max(len(problem.offers), 1) + limits.offers["offer"]
    yield "limits: an offer counts once", np.unique(pairs).size == pairs.size
    yield "limits: caps", bool((limits.cap >= 0).all())


def _bills(problem: Problem) -> Iterator[tuple[str, bool]]:
    bills, calendar = problem.bills, problem.calendar
    count = bills.need.size
    yield (
        "bills: needs are of use fees",
        _within(bills.need, 0, len(problem.needs)) and bool((problem.needs.use[bills.need] == Use.FEES).all()),
    )
    yield (
        "bills: due months",
        bills.due.shape == (count, calendar.curve_months) and _within(bills.due, 0, calendar.books),
    )
    months = np.arange(calendar.books)
    yield "bills: due when accrued or later", bool((bills.due[:, : calendar.books] >= months).all())
    yield "bills: shares", _within(bills.paid_ppm, 0, PPM + 1) and _within(bills.recovered_ppm, 0, PPM + 1)
    recovering = (bills.recovered_ppm > 0) & (bills.paid_ppm > 0)
    yield "bills: what is recovered has a fund", _within(bills.recovered_into[recovering], 0, len(problem.funds))


def _needs(problem: Problem) -> Iterator[tuple[str, bool]]:
    needs, books = problem.needs, problem.calendar.books
    yield "needs: distinct ids", len(set(needs.id.tolist())) == len(needs)
    yield "needs: uses", set(needs.use.tolist()) <= set(USES)
    yield "needs: projects exist", _within(needs.project, -1, len(problem.projects))
    yield "needs: developers exist", _within(needs.developer, -1, problem.developers.id.size)
    yield "needs: amounts by month", needs.fixed.shape == (len(needs), books) and bool((needs.fixed >= 0).all())
    yield "needs: funds", needs.payable_by.shape == (len(needs), len(problem.funds))
    yield "needs: owing rules exist", _within(needs.owing, -1, len(problem.owing))
    strict = np.isin(needs.use.astype(str), NEVER_OWED)
    yield "needs: some are never owed", bool((needs.owing[strict] == -1).all())
    yield "owing: shares", _within(problem.owing.share_ppm, 0, PPM + 1)


def _funds(problem: Problem) -> Iterator[tuple[str, bool]]:
    funds, books = problem.funds, problem.calendar.books
    shape = (len(funds), books)
    yield "funds: amounts by month", funds.inflow.shape == shape and bool((funds.inflow >= 0).all())
    yield "funds: what is kept by month", funds.keeps.shape == shape and bool((funds.keeps >= -1).all())
    since = funds.valid_since
    yield "funds: months of validity", since.shape == shape and bool((since <= np.arange(books) + 1).all())
    yield "funds: opening balances", bool((funds.opening >= 0).all())
    yield from _ragged("funds.release_phases", funds.release_phases, len(funds))
    yield "funds.release_phases: phases exist", _within(funds.release_phases["phase"], 0, len(problem.phases))


def _loans(problem: Problem) -> Iterator[tuple[str, bool]]:
    loans, calendar = problem.loans, problem.calendar
    yield "loans: one a fund", np.unique(loans.fund).size == len(loans) and _within(loans.fund, 0, len(problem.funds))
    yield "loans: windows", _within(loans.first, 0, calendar.months) and _within(loans.last, 0, calendar.months)
    yield "loans: windows open before they close", bool((loans.first <= loans.last).all())
    yield "loans: repaid within the books", _within(loans.last + loans.term, 0, calendar.books)
    yield "loans: kinds", set(loans.kind.tolist()) <= {"bullet", "level", "flexible"}
    level = loans.kind == "level"
    yield "loans: grace ends before the term", bool((loans.grace < loans.term)[level].all())
    yield (
        "loans: needs",
        bool(
            (problem.needs.use[loans.interest_need] == Use.INTEREST).all()
            and (problem.needs.use[loans.principal_need] == Use.PRINCIPAL).all()
        ),
    )


def _rest(problem: Problem) -> Iterator[tuple[str, bool]]:
    moves, developers = problem.moves, problem.developers
    yield "moves: funds exist", all(_within(ends, 0, len(problem.funds)) for ends in (moves.source, moves.target))
    yield "developers: debts by month", developers.debt_due.shape == (developers.id.size, problem.calendar.books)
    yield from _ragged("developers.offset_target", developers.offset_target, developers.id.size)
    yield "developers: targets within the books", _within(developers.offset_target["month"], 0, problem.calendar.books)
    yield "objective: name", problem.objective.name in OBJECTIVES
    yield "objective: tiers", all(tier.claims.shape == (len(problem.claims),) for tier in problem.objective.tiers)
