"""The stock-taking that every resettlement office starts with (两个底数): homes, and households with their fees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.problem.compiling.clocks import find_clocks
from renewopt.problem.compiling.curves import read_curves
from renewopt.problem.compiling.households import Households, resolve
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.problem import Problem
from renewopt.scenario.models import Scenario
from renewopt.units import FEN_PER_YUAN, PPM, STOCK_SCALE, divide_half_up
from renewopt.vocabulary import Use

BANDS = ("not overdue", "1-12", "13-24", "25+")
"""Overdue months by the start."""

_ROWS = 200_000
"""Claims at a time when fees are added up."""


@dataclass(frozen=True, eq=False)
class Inventory:
    """What there is, what waits, and what it costs; amounts in yuan, homes in the estate's measure.

    Attributes
    ----------
    homes
        By pool: estate, type, measure, on_hand, arriving, under_construction, not_started, surplus (open for
        transfer; NaN: no reservation).
    phases
        By phase: estate, phase, progress (share already built), delivers, cost_left.
    waiting
        Households by project (rows) and months overdue at the start (columns `BANDS`, total).
    arrears
        By need: what is owed at the start.
    bill
        By project: fees that accrue in the first month: ordinary, overdue, total.
    series
        By month, if nothing is done: ordinary, overdue, total, growth (on the month before), due (on the
        government), money left in the funds that may pay fees after dated needs (what developers pay back of fees
        included), and what fees are short of.
    money_runs_out
        First month in which those funds no longer cover the fees due, ``YYYY-MM``; None: not within the horizon.
    """

    homes: pd.DataFrame
    phases: pd.DataFrame
    waiting: pd.DataFrame
    arrears: pd.DataFrame
    bill: pd.DataFrame
    series: pd.DataFrame
    money_runs_out: str | None


def take_stock(problem: Problem, scenario: Scenario) -> Inventory:
    """Count homes by state, households by project and overdue band, arrears, fees and the money for them.

    Parameters
    ----------
    problem
        The compiled scenario.
    scenario
        What it was compiled from.

    Returns
    -------
    Inventory
    """
    ordinary, overdue = _fees_if_nothing_is_done(problem)
    due, recovered = _government_due(problem, ordinary + overdue)
    left, short = _money_left(problem, due, recovered)
    out = _first_short(problem, short)
    months = problem.calendar.months
    by_month = pd.DataFrame(
        {
            "month": [problem.calendar.label(month) for month in range(months)],
            "ordinary": ordinary.sum(axis=0)[:months] / FEN_PER_YUAN,
            "overdue": overdue.sum(axis=0)[:months] / FEN_PER_YUAN,
            "total": (ordinary + overdue).sum(axis=0)[:months] / FEN_PER_YUAN,
            "growth": np.diff((ordinary + overdue).sum(axis=0)[:months], prepend=np.nan) / FEN_PER_YUAN,
            "due": due.sum(axis=0)[:months] / FEN_PER_YUAN,
            "left": left[:months] / FEN_PER_YUAN,
            "short": short[:months] / FEN_PER_YUAN,
        }
    )
    return Inventory(
        homes=_homes(problem, scenario),
        phases=_phases(problem),
        waiting=_waiting(problem, scenario),
        arrears=_arrears(problem),
        bill=_bill(problem, ordinary, overdue),
        series=by_month,
        money_runs_out=None if out is None else problem.calendar.label(out),
    )


def first_month_short(problem: Problem) -> int | None:
    """First month of the horizon in which the funds no longer cover the fees due if nothing is done; None: in none."""
    short = first_shortage(problem)
    return None if short is None else short[0]


def first_shortage(problem: Problem) -> tuple[int, int] | None:
    """First month in which fees cannot be paid if nothing is done, and by how many fen; None: in none."""
    ordinary, overdue = _fees_if_nothing_is_done(problem)
    short = _money_left(problem, *_government_due(problem, ordinary + overdue))[1]
    month = _first_short(problem, short)
    return None if month is None else (month, int(short[month]))


def _first_short(problem: Problem, short: NDArray[np.int64]) -> int | None:
    out = np.flatnonzero(short[: problem.calendar.months] > 0)
    return int(out[0]) if out.size else None


def _homes(problem: Problem, scenario: Scenario) -> pd.DataFrame:
    pools, phases = problem.pools, problem.phases
    arrivals = pools.arrivals
    on_hand = np.zeros(len(pools))
    arriving = np.zeros(len(pools))
    first = arrivals["month"] == 0
    np.add.at(on_hand, arrivals.row[first], arrivals["amount"][first])
    np.add.at(arriving, arrivals.row[~first], arrivals["amount"][~first])
    begun = np.zeros(len(pools))
    not_begun = np.zeros(len(pools))
    started = (phases.total_cost > phases.cost)[phases.delivers.row]
    np.add.at(begun, phases.delivers["pool"][started], phases.delivers["amount"][started])
    np.add.at(not_begun, phases.delivers["pool"][~started], phases.delivers["amount"][~started])
    types = [unit.type for estate in scenario.estates for unit in estate.units]
    types += [""] * (len(pools) - len(types))
    return pd.DataFrame(
        {
            "estate": pools.estate,
            "type": types,
            "measure": pools.measure,
            "on_hand": on_hand / STOCK_SCALE,
            "arriving": arriving / STOCK_SCALE,
            "under_construction": begun / STOCK_SCALE,
            "not_started": not_begun / STOCK_SCALE,
            "surplus": np.where(pools.surplus < 0, np.nan, pools.surplus / STOCK_SCALE),
        }
    )


def _phases(problem: Problem) -> pd.DataFrame:
    phases = problem.phases
    delivered = np.zeros(len(phases))
    np.add.at(delivered, phases.delivers.row, phases.delivers["amount"])
    whole = np.maximum(phases.total_cost, 1)
    return pd.DataFrame(
        {
            "estate": phases.estate,
            "phase": phases.id,
            "progress": np.where(phases.total_cost > 0, 1 - phases.cost / whole, 1.0),
            "delivers": delivered / STOCK_SCALE,
            "cost_left": phases.cost / FEN_PER_YUAN,
        }
    )


def _waiting(problem: Problem, scenario: Scenario) -> pd.DataFrame:
    """Households that are at the start, not claims: one with several homes due is counted once."""
    households = resolve(scenario)
    months = _months_overdue(scenario, households)
    band = np.digitize(months, [1, 13, 25])
    once = (households.part == 0) & (households.since <= 0) & (households.until > 0)
    counts = np.zeros((len(problem.projects), len(BANDS)), dtype=np.int64)
    np.add.at(counts, (households.project[once], band[once]), households.count[once])
    table = pd.DataFrame(counts, columns=list(BANDS))
    table.insert(0, "project", problem.projects)
    table["total"] = counts.sum(axis=1)
    return table


def _months_overdue(scenario: Scenario, households: Households) -> NDArray[np.int64]:
    """(H,) the month of the start is overdue month so many; 0: not overdue."""
    clocks = find_clocks(scenario, households, read_curves(scenario, households, Refusals(scenario.name)))
    return np.maximum(1 - clocks.overdue_from[clocks.clock], 0)


def _arrears(problem: Problem) -> pd.DataFrame:
    owed = problem.needs.opening_arrears
    rows = np.flatnonzero(owed > 0)
    return pd.DataFrame({"need": problem.needs.id[rows], "owed": owed[rows] / FEN_PER_YUAN})


def _bill(problem: Problem, ordinary: NDArray[np.int64], overdue: NDArray[np.int64]) -> pd.DataFrame:
    """Fees of the first month by project."""
    project = problem.bills.project
    table = pd.DataFrame({"project": problem.projects, "ordinary": 0.0, "overdue": 0.0})
    for name, fees in (("ordinary", ordinary), ("overdue", overdue)):
        totals = np.zeros(len(problem.projects), dtype=np.int64)
        np.add.at(totals, project, fees[:, 0])
        table[name] = totals / FEN_PER_YUAN
    table["total"] = table["ordinary"] + table["overdue"]
    return table


def _fees_if_nothing_is_done(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(G, T) fen by bill and month: ordinary fees, and overdue ones."""
    months = problem.calendar.months
    claims, fees = problem.claims, problem.fees
    ordinary = np.zeros((len(problem.bills.project), months), dtype=np.int64)
    overdue = np.zeros_like(ordinary)
    by_bill = np.argsort(claims.bill, kind="stable")
    for low in range(0, len(claims), _ROWS):
        rows = by_bill[low : low + _ROWS]
        bill = claims.bill[rows]
        starts = np.flatnonzero(np.append(True, bill[1:] != bill[:-1]))
        for month in range(months):
            fen = fees.fen(rows, np.array([month]))[:, 0] * claims.count[rows]
            late = fees.overdue[fees.clock[rows], month]
            ordinary[bill[starts], month] += np.add.reduceat(np.where(late, 0, fen), starts)
            overdue[bill[starts], month] += np.add.reduceat(np.where(late, fen, 0), starts)
    return ordinary, overdue


def _government_due(problem: Problem, fees: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(N, B) fen of fees falling due on each need, and (F, B) what of them developers pay back, if nothing is done."""
    books = problem.calendar.books
    due = np.zeros((len(problem.needs), books), dtype=np.int64)
    recovered = np.zeros((len(problem.funds), books), dtype=np.int64)
    bills = problem.bills
    for bill in range(bills.need.size):
        total = np.zeros(books, dtype=np.int64)
        np.add.at(total, bills.due[bill, : problem.calendar.months], fees[bill])
        government = divide_half_up(total * bills.paid_ppm[bill], PPM)
        due[bills.need[bill]] += government
        if bills.recovered_into[bill] >= 0:
            after = min(int(bills.recovered_after[bill]), books)
            back = divide_half_up(government * bills.recovered_ppm[bill], PPM)
            recovered[bills.recovered_into[bill], after:] += back[: books - after]
    return due, recovered


def _money_left(
    problem: Problem, due: NDArray[np.int64], recovered: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(B,) fen left in the funds that may pay fees, together, and (B,) what fees are short of, if nothing is done.

    Dated needs come first, out of other funds as far as they reach; arrears that may not stay owing are due at once.
    """
    needs, funds, calendar = problem.needs, problem.funds, problem.calendar
    fees = needs.use == Use.FEES
    paying = needs.payable_by[fees].any(axis=0)
    balance = funds.opening.copy()
    left = np.zeros(calendar.books, dtype=np.int64)
    short = np.zeros(calendar.books, dtype=np.int64)
    runs = _runs(needs.payable_by, fees, paying)
    order = np.argsort(fees, kind="stable")
    starts = np.array([run.start for run in runs], dtype=np.int64)
    for month in range(calendar.books):
        balance += funds.inflow[:, month] + recovered[:, month]
        dated = needs.fixed[:, month] + due[:, month]
        if month == 0:
            dated = dated + np.where(needs.owing < 0, needs.opening_arrears, 0)
        amounts = np.add.reduceat(dated[order], starts) if starts.size else starts
        for number in np.flatnonzero(amounts > 0).tolist():
            run = runs[number]
            lacking = _pay(balance, int(amounts[number]), run.funds)
            short[month] += lacking if run.fees else 0
        balance = np.minimum(balance, funds.most_left(month, funds.inflow))
        left[month] = int(balance[paying].sum())
    return left, short


@dataclass(frozen=True, slots=True)
class _Run:
    """Needs one after the other that the same funds may pay; `start` is the first of them in the order of paying."""

    start: int
    funds: NDArray[np.int64]
    """Those that may pay fees come last."""
    fees: bool


def _runs(payable: NDArray[np.bool_], fees: NDArray[np.bool_], last: NDArray[np.bool_]) -> list[_Run]:
    """Join needs that are paid one after the other out of the same funds: fees after all others."""
    order = np.argsort(fees, kind="stable")
    if not order.size:
        return []
    rows, kind = payable[order], fees[order]
    first = np.append(True, (rows[1:] != rows[:-1]).any(axis=1) | (kind[1:] != kind[:-1]))
    runs = []
    for start in np.flatnonzero(first).tolist():
        funds = np.flatnonzero(rows[start])
        runs.append(_Run(start, funds[np.argsort(last[funds], kind="stable")], bool(kind[start])))
    return runs


def _pay(balance: NDArray[np.int64], amount: int, funds: NDArray[np.int64]) -> int:
    """Take an amount from some funds, one after the other; return what is lacking."""
    there = balance[funds]
    before = np.cumsum(there) - there
    taken = np.clip(amount - before, 0, there)
    balance[funds] -= taken
    return amount - int(taken.sum())
