"""From a scenario's rules to the problem's tables: fee curves and offers, supply, money.

One module for each family of rules; the numbers in their docstrings are those of `docs/rules.md`. Everything is done
for all households at once: they are grouped by what they share (project, policy, routes …), and the loops run over
groups, estates, unit types and programmes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renewopt.errors import ScenarioError
from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.access import Access, find_access, moving_fees
from renewopt.problem.compiling.bills import compile_bills, find_bills
from renewopt.problem.compiling.calendar import compile_calendar
from renewopt.problem.compiling.clocks import Clocks, find_clocks
from renewopt.problem.compiling.consent import only_consented, switch_caps
from renewopt.problem.compiling.curves import Curves, read_curves
from renewopt.problem.compiling.dated import dated_needs, opening_arrears
from renewopt.problem.compiling.estates import Compiling, add_homes, prepare
from renewopt.problem.compiling.exact import TooLargeError
from renewopt.problem.compiling.fees import check_fees, check_tails, compile_fees, segment_starts, valued_until
from renewopt.problem.compiling.first_month import check_days
from renewopt.problem.compiling.funds import (
    compile_developers,
    compile_funds,
    compile_loans,
    compile_moves,
)
from renewopt.problem.compiling.homes import check_homes
from renewopt.problem.compiling.households import Households, resolve
from renewopt.problem.compiling.limits import compile_limits
from renewopt.problem.compiling.needs import NeedBook, check_owing, compile_needs
from renewopt.problem.compiling.objective import compile_claims, compile_objective
from renewopt.problem.compiling.order import in_order
from renewopt.problem.compiling.parts import check_parted_tails, read_parts
from renewopt.problem.compiling.pins import with_pins
from renewopt.problem.compiling.programmes import add_programmes
from renewopt.problem.compiling.quotes import add_quotes
from renewopt.problem.compiling.refusals import Refusals, refuse_undated
from renewopt.problem.compiling.related import find_groups, group_caps, with_words
from renewopt.problem.compiling.reservation import compile_pools
from renewopt.problem.compiling.running import running_fees
from renewopt.problem.compiling.sizes import refuse_bundles, refuse_long_dues, refuse_long_tables, refuse_many_offers
from renewopt.problem.compiling.stock import PoolBook, compile_phases
from renewopt.problem.compiling.uplifts import check_uplifts
from renewopt.problem.offers import LineKind, Offers, Ragged
from renewopt.problem.problem import Problem
from renewopt.scenario.models import Scenario
from renewopt.vocabulary import Use
from renewopt.wording import of_its_place, worded, words

__all__ = ["compile_problem"]


@of_its_place
def compile_problem(scenario: Scenario) -> Problem:
    """Compile a scenario to the tables that policies, optimiser and ledger work on.

    The order of the rows in its tables is of no account: see `renewopt.problem.compiling.order`.

    Parameters
    ----------
    scenario
        A loaded scenario: its tables are checked DataFrames.

    Returns
    -------
    Problem

    Raises
    ------
    ScenarioError
        If a rule is stated that the tables cannot express, or something it needs is missing; all of it together.
    """
    refusals = Refusals(scenario.name if scenario.path is None else scenario.path.name)
    try:
        return _compile(in_order(scenario), refusals)
    except TooLargeError as error:
        refusals.refuse("", worded(error), words("check areas and amounts for a slip of units"))
        raise ScenarioError(refusals.findings) from None


def _compile(scenario: Scenario, refusals: Refusals) -> Problem:
    """Resolve, check, make offers and needs, and write all of it out over the books."""
    refuse_undated(scenario, refusals)
    refusals.stop()
    households = resolve(scenario)
    check_fees(scenario, households, refusals)
    check_days(scenario, households, refusals)
    check_uplifts(scenario, refusals)
    check_homes(scenario, households, refusals)
    check_owing(scenario, refusals)
    refuse_bundles(scenario, refusals)
    refuse_long_dues(scenario, refusals)
    refusals.stop()
    curves = read_curves(scenario, households, refusals)
    clocks = find_clocks(scenario, households, curves)
    parts = read_parts(scenario, households, clocks, refusals)
    refusals.stop()
    access = find_access(scenario, households, clocks)
    if parts is not None:
        access = access.with_parts(parts.claim, moving_fees(scenario, parts.rows))
    needs = NeedBook(scenario)
    bills = find_bills(scenario, households, clocks, needs, refusals)
    running, back, prepaid = running_fees(scenario, households, curves, clocks, parts, bills)
    pools = PoolBook(scenario)
    phases, phases_of = compile_phases(scenario, pools, needs)
    work = prepare(scenario, households, access, needs, pools, phases, refusals)
    refuse_many_offers(work)
    refusals.stop()
    add_homes(work)
    add_programmes(work)
    add_quotes(work)
    offers, marks = work.book.write()
    left = only_consented(work, phases, offers, marks)
    offers, marks = left.offers, left.marks
    caps = [*left.caps, *switch_caps(scenario, households, access, offers, marks)]
    check_tails(scenario, offers, households, refusals)
    offers = _with_lines_when_housed(offers, work, households, access)
    claims = compile_claims(scenario, households, clocks, bills, work.due, refusals)
    dated = {**dated_needs(scenario, needs), **running}
    refusals.stop()
    loans = compile_loans(scenario, needs)
    arrears = opening_arrears(scenario, needs)
    until = valued_until(scenario, households, clocks)
    calendar = compile_calendar(scenario, offers, bills, dated, 0 if until is None else int(until.max(initial=0)))
    by_month = parts is not None or bool(prepaid.any())
    _refuse_long(scenario, households, clocks, curves, needs, calendar, refusals, by_month=by_month)
    fees = compile_fees(scenario, households, curves, clocks, parts, prepaid, calendar)
    check_parted_tails(fees, clocks.moved_out.size, offers, households, refusals)
    refusals.stop()
    table, owing = compile_needs(scenario, needs, dated, arrears, calendar.books)
    problem = Problem(
        calendar=calendar,
        projects=np.array([project.id for project in scenario.projects], dtype=object),
        claims=claims,
        fees=fees,
        offers=offers,
        pools=compile_pools(scenario, pools, phases, offers, households.expecting_homes(scenario.months)),
        phases=phases,
        limits=compile_limits(scenario, offers, marks.programme, households, caps),
        bills=compile_bills(bills, calendar),
        needs=table,
        owing=owing,
        funds=compile_funds(scenario, calendar, phases_of, back),
        loans=loans,
        moves=compile_moves(scenario, calendar),
        developers=compile_developers(scenario, calendar),
        objective=compile_objective(scenario, households),
    )
    groups = [group for group in find_groups(problem, households.related) if group.kept]
    if groups:
        caps += group_caps(problem, groups)
        limits = compile_limits(scenario, offers, marks.programme, households, caps)
        problem = replace(with_words(problem, groups), limits=limits)
    return with_pins(problem, scenario, refusals)


def _refuse_long(
    scenario: Scenario,
    households: Households,
    clocks: Clocks,
    curves: Curves,
    needs: NeedBook,
    calendar: Calendar,
    refusals: Refusals,
    *,
    by_month: bool,
) -> None:
    """Refuse tables by month for which there is no room; `by_month` where fees may change in every month."""
    months = calendar.curve_months
    changes = months if by_month else segment_starts(scenario, households, curves, clocks, months).size
    sizes = {
        "projects": (words("bills"), len(needs.register)),
        "funds": (words("funds"), len(scenario.funds)),
        "fee_policies": (words("courses of fees"), clocks.moved_out.size),
    }
    refuse_long_tables(refusals, calendar, sizes, len(households) * changes)
    refusals.stop()


def _with_lines_when_housed(offers: Offers, work: Compiling, households: Households, access: Access) -> Offers:
    """Add what a settlement costs when housed besides its price: moving fee of the route, and lump sums (rule 7)."""
    rows, lines = [offers.lines.row], [offers.lines.columns]
    for use, kind, amounts in (
        (Use.MOVING, LineKind.moving, access.moving[offers.claim, offers.route]),
        (Use.CASH, LineKind.lump_sum, access.once[offers.claim]),
    ):
        row = np.flatnonzero(amounts > 0)
        if not row.size:
            continue
        claim = offers.claim[row]
        rows.append(row)
        lines.append(
            {
                "after": offers.housed_after[row].astype(np.int64),
                "fen": amounts[row],
                "need": work.needs.by_project(use, households.project[claim]),
                "fund": np.full(row.size, -1, dtype=np.int64),
                "kind": np.full(row.size, kind, dtype=np.int64),
            }
        )
    if len(rows) == 1:
        return offers
    columns = {name: np.concatenate([line[name] for line in lines]) for name in offers.lines.columns}
    return replace(offers, lines=Ragged.build(len(offers), np.concatenate(rows), **columns))
