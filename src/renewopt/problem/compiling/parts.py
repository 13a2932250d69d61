"""Parts of a household's fee, such as its home's and its shop's, and what was paid too much: all of it one curve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from renewopt.problem.compiling.clocks import Clocks, find_clocks
from renewopt.problem.compiling.curves import Curves, read_curves
from renewopt.problem.compiling.exact import Bools, Ints, combine
from renewopt.problem.compiling.first_month import check_days
from renewopt.problem.compiling.households import Households, resolve, table
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.fee_curves import PERMILLE, FeeTable
from renewopt.problem.offers import Offers
from renewopt.scenario.models import FeePolicy, Scenario
from renewopt.scenario.splits import carry_on, ruling_project
from renewopt.units import MICRO_YUAN_PER_FEN, divide_half_up
from renewopt.wording import words

__all__ = ["Parts", "add_parts", "check_parted_tails", "deduct", "read_parts"]


@dataclass(frozen=True, eq=False)
class Parts:
    """Further parts of fees, each as if it were a claim of its own.

    Attributes
    ----------
    rows
        One row for each part of a claim.
    curves, clocks
        Of these rows; no curve is given for any.
    claim
        (rows,) claim that the part belongs to.
    """

    rows: Households
    curves: Curves
    clocks: Clocks
    claim: Ints


def read_parts(scenario: Scenario, households: Households, clocks: Clocks, refusals: Refusals) -> Parts | None:
    """Read the table of parts, if there is one; what a part does not say, its household says."""
    if scenario.fee_parts is None:
        return None
    stated = table(scenario.fee_parts)
    frame = carry_on(table(scenario.households))
    # Their project matters for nothing but what the household leaves open.
    frame = frame.assign(project=ruling_project(frame)).set_index("id").loc[stated["household"]].reset_index()
    frame = frame.rename(columns={"household": "id"})
    for name, empty in (("fee_policy", ""), ("moved_out", -1), ("term", -1)):
        cells = stated[name].to_numpy()
        frame[name] = np.where(cells != empty, cells, frame[name].to_numpy())
    moved = stated["moved_out"].to_numpy() >= 0
    days = stated["moved_out_day"].to_numpy()
    frame["moved_out_day"] = np.where(moved | (days >= 0), days, frame["moved_out_day"].to_numpy())
    frame["area"], frame["persons"] = stated["area"].to_numpy(), stated["persons"].to_numpy()
    # Uplifts, a part delivered, turnover housing and what was paid too much are matters of the household's own row.
    frame["part_month"], frame["part_area"], frame["prepaid"], frame["turnover"] = -1, np.nan, np.nan, False
    frame["groups"], frame["split_from"] = [()] * len(frame), ""
    alone = scenario.model_copy(
        update={"households": frame[list(table(scenario.households).columns)], "fee_curves": None}
    )
    rows = resolve(alone)
    first = np.flatnonzero(households.part == 0)
    claim = first[pd.Index(households.id[first]).get_indexer(pd.Index(rows.id))] + rows.part
    rows = replace(rows, since=households.since[claim], until=households.until[claim])
    curves = read_curves(alone, rows, refusals)
    check_days(scenario, rows, refusals)
    refusals.refuse_rows(
        rows.id,
        (rows.fee_policy >= 0) & (rows.term < 0),
        "fee_parts.term",
        words("no agreed term is stated for a part of its fee"),
        words("add `term`"),
    )
    _refuse_other_terms(scenario, households, rows, claim, refusals)
    # They fall due together, with the fee of the household itself.
    return Parts(rows, curves, find_clocks(scenario, rows, curves, clocks.anchor[clocks.clock[claim]]), claim)


def _refuse_other_terms(
    scenario: Scenario, households: Households, rows: Households, claim: Ints, refusals: Refusals
) -> None:
    """Refuse parts that would need a bill of their own."""
    terms = [_terms(policy) for policy in scenario.fee_policies]
    code = np.array([terms.index(each) for each in terms] + [-1])
    refusals.refuse_rows(
        rows.id,
        code[rows.fee_policy] != code[households.fee_policy[claim]],
        "fee_parts.fee_policy",
        words("a part of its fee falls due in other months, or is paid by another, than its own"),
        words("let the fee policies agree in `frequency`, `period_from`, `in_advance` and `paid_by`"),
    )


def _terms(policy: FeePolicy) -> tuple[object, ...]:
    return policy.frequency, policy.period_from, policy.in_advance, policy.paid_by


def add_parts(fees: FeeTable, claim: Ints, parts: FeeTable) -> FeeTable:
    """Add the fees of parts to those of their claims, over the same segments.

    Parts whose multipliers are those of their claim are added at multiplier 1. Where some are not, the fee of the claim
    is written out month by month at multiplier 1: overdue is what its own clock calls so.
    """
    alike = (parts.multiplier[parts.clock] == fees.multiplier[fees.clock[claim]]).all(axis=1)
    alike &= _same_first_month(fees, claim, parts)
    mixed = np.unique(claim[~alike])
    added = np.zeros_like(fees.ordinary)
    plain = ~np.isin(claim, mixed)
    np.add.at(added, claim[plain], parts.ordinary[plain])
    unpaid = None
    if fees.first_month is not None and parts.first_month is not None:
        unpaid = fees.first_month.unpaid.copy()
        np.add.at(unpaid, claim[plain], parts.first_month.unpaid[plain])
        fees = replace(fees, first_month=replace(fees.first_month, unpaid=unpaid))
    fees = replace(fees, ordinary=fees.ordinary + added)
    if not mixed.size:
        return fees
    month = np.arange(fees.months)
    total = fees.unrounded(mixed, slice(None))
    rows = np.flatnonzero(~plain)
    np.add.at(total, np.searchsorted(mixed, claim[rows]), parts.unrounded(rows, slice(None)))
    ordinary = fees.ordinary[:, fees.segment]
    ordinary[mixed] = divide_half_up(total, PERMILLE)
    code, first = combine(fees.clock[mixed].astype(np.int64))
    clock = fees.clock.copy()
    clock[mixed] = fees.multiplier.shape[0] + code
    kept = fees.clock[mixed][first]
    first_month = fees.first_month
    if first_month is not None and unpaid is not None:
        # What is written out is what is paid.
        unpaid[mixed] = 0
        first_month = replace(first_month, unpaid=unpaid)
        first_month = first_month.with_clocks(first_month.month[kept], np.zeros(kept.size, dtype=np.int32))
    return replace(
        fees,
        segment=month.astype(np.int32),
        ordinary=ordinary,
        clock=clock,
        multiplier=np.vstack([fees.multiplier, np.full((kept.size, fees.months), PERMILLE, dtype=np.int32)]),
        overdue=np.vstack([fees.overdue, fees.overdue[kept]]),
        # A part may run where the home's own fee does not, in turnover housing: what is written out says where.
        stated_runs=np.vstack([fees.runs, np.ones((kept.size, fees.months), dtype=np.bool_)]),
        moved_out=np.concatenate([fees.moved_out, fees.moved_out[kept]]),
        first_month=first_month,
    )


def _same_first_month(fees: FeeTable, claim: Ints, parts: FeeTable) -> Bools:
    """(rows,) whether what a part and its claim are not paid is of the same month, at the same multiplier."""
    own, theirs = fees.first_month, parts.first_month
    if own is None or theirs is None:
        return np.ones(claim.size, dtype=np.bool_)
    clock = fees.clock[claim]
    same = (own.month[clock] == theirs.month[parts.clock]) & (own.multiplier[clock] == theirs.multiplier[parts.clock])
    alike: Bools = same | ((own.unpaid[claim] == 0) & (theirs.unpaid == 0))
    return alike


def check_parted_tails(fees: FeeTable, clocks: int, offers: Offers, households: Households, refusals: Refusals) -> None:
    """Refuse a tail at a stated multiplier for claims whose fee is written out (those of clocks from `clocks` on)."""
    stated = (offers.tail > 0) & (offers.tail_multiplier >= 0) & ~offers.stated_stream
    bad = np.zeros(len(households), dtype=bool)
    bad[offers.claim[stated]] = True
    refusals.refuse_rows(
        households.id,
        bad & (fees.clock >= clocks),
        "fee_parts",
        words("its fee has parts that are overdue in other months, so that a stated multiplier holds for none of them"),
        words("leave the tail at the multiplier in force"),
    )


def deduct(fees: FeeTable, prepaid: Ints) -> FeeTable:
    """Take what was paid too much off the next fees of each claim until it is used up.

    Parameters
    ----------
    prepaid
        (H,) fen.
    """
    rows = np.flatnonzero(prepaid > 0)
    if not rows.size:
        return fees
    fen = fees.fen(rows, slice(None))
    rest = np.maximum(fen.cumsum(axis=1) - prepaid[rows][:, None], 0)
    # In this month something is left to be paid for the first time; C where that is never.
    last = np.where(rest[:, -1] > 0, (rest > 0).argmax(axis=1), fees.months)
    firsts = np.flatnonzero(np.diff(fees.segment, prepend=-1))
    cut = np.concatenate([firsts, last, last + 1])
    starts = np.unique(cut[cut < fees.months])
    ordinary = fees.ordinary[:, fees.segment[starts]]
    # A millionth of a yuan is no fen, and says that the fee runs: a tail carries it on.
    ordinary[rows] = np.where(starts < last[:, None], np.minimum(ordinary[rows], 1), ordinary[rows])
    partly = np.flatnonzero(last < fees.months)
    at = last[partly]
    multiplier = fees.multiplier[fees.clock[rows[partly]], at].astype(np.int64)
    # Rounded up, so that it is the very fen once multiplied.
    due = rest[partly, at] * (PERMILLE * MICRO_YUAN_PER_FEN)
    first = fees.first_month
    if first is not None:
        # What is left of it is left of the month of moving out alone as of the period that is paid in it.
        clock, whole = fees.clock[rows[partly]], np.maximum(fen[partly, at], 1)
        here = first.month[clock] == at
        unpaid = first.unpaid.copy()
        left = _portion(unpaid[rows[partly]], rest[partly, at], whole)
        unpaid[rows[partly]] = np.where(here, left, np.where(first.month[clock] < at, 0, unpaid[rows[partly]]))
        unpaid[rows[last >= fees.months]] = 0
        due = due + np.where(here, left * first.multiplier[clock], 0)
        fees = replace(fees, first_month=replace(first, unpaid=unpaid))
    ordinary[rows[partly], np.searchsorted(starts, at)] = -(-due // multiplier)
    segment = np.searchsorted(starts, np.arange(fees.months), side="right") - 1
    return replace(fees, segment=segment.astype(np.int32), ordinary=ordinary)


def _portion(amount: Ints, part: Ints, whole: Ints) -> Ints:
    """(n,) `amount` × `part` / `whole`, of numbers whose product may be too large."""
    exact = [a * p // w for a, p, w in zip(amount.tolist(), part.tolist(), whole.tolist(), strict=True)]
    return np.array(exact, dtype=np.int64)
