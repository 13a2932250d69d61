"""What a search keeps as a warm start, and how the next one reads it into its own classes, choices and duals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.decomposition.ascent import Incumbent
from renewopt.optimiser.decomposition.classes import signatures
from renewopt.optimiser.decomposition.household_rounding import Held
from renewopt.optimiser.decomposition.relaxation import Relaxation
from renewopt.optimiser.model.coding import codes
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, LinearModel
from renewopt.optimiser.warm_start import Key, WarmStart
from renewopt.problem import Problem
from renewopt.problem.decisions import Decisions, IntTable

TIER = "tier_"
"""Rows that hold a goal have one price each, of no month."""


def keep(problem: Problem, goal: str, incumbent: Incumbent, best: Decisions | None) -> WarmStart:
    """The warm start that a search of the problem (all households, needs merged) leaves behind, with its best plan."""
    first = problem.calendar.start.ordinal
    model, y = incumbent.relaxation.model, incumbent.solved.centre.y
    prices: dict[str, dict[Key, float]] = {}
    for name, ids in subjects(problem).items():
        block = model.rows.get(name)
        if block is None:
            continue
        about, month = block.keys[0].tolist(), block.keys[1].tolist()
        values = y[block.index].tolist()
        prices[name] = {(str(ids[k]), first + t): v for k, t, v in zip(about, month, values, strict=True) if v}
    for name, block in model.rows.items():
        if name.startswith(TIER):
            prices[name] = {("", first): float(y[block.start])}
    rows, months = np.nonzero(incumbent.opened)
    names = offer_names(incumbent.relaxation.classes.problem)
    begin = np.searchsorted(rows, np.arange(incumbent.opened.shape[0] + 1))
    listed = np.unique(rows)
    opened = {names[o]: first + months[begin[o] : begin[o + 1]] for o in listed.tolist()}
    taken = np.tile(np.array([-1, 0], dtype=np.int64), (len(problem.claims), 1))
    if best is not None:
        claim, row, month = _whole_choices(problem, incumbent.relaxation, best.settle)
        place = np.minimum(np.searchsorted(listed, row), max(listed.size - 1, 0))
        known = listed[place] == row if listed.size else np.zeros(row.size, dtype=np.bool_)
        taken[claim[known]] = np.column_stack([place[known], first + month[known]])
    return WarmStart(
        goal,
        problem.claims.household,
        problem.claims.part,
        incumbent.relaxation.classes.of_claim,
        prices,
        opened,
        taken,
        handovers(problem, best),
    )


def handovers(problem: Problem, best: Decisions | None) -> dict[str, int]:
    """Month of each phase that a plan hands over, by its name."""
    first, phases = problem.calendar.start.ordinal, problem.phases
    return {} if best is None else {str(phases.id[e]): first + int(t) for e, t in best.complete}


def _whole_choices(problem: Problem, relaxation: Relaxation, settle: IntTable) -> tuple[IntArray, IntArray, IntArray]:
    """Claims whose households all choose the same, the offer of their class, and the month."""
    claim = problem.offers.claim[settle[:, 0]].astype(np.int64)
    alone = settle[:, 2] == problem.claims.count[claim]
    claim, settle = claim[alone], settle[alone]
    classes = relaxation.classes
    return claim, classes.of_offer[settle[:, 0]].astype(np.int64), settle[:, 1]


def classes_of(warm: WarmStart, problem: Problem) -> tuple[IntArray, IntArray]:
    """(H,) classes to begin with, each of them within one class of then, and (classes,) that class; −1: unknown."""
    claims = problem.claims
    if np.array_equal(claims.household, warm.household) and np.array_equal(claims.part, warm.part):
        then = warm.of_claim
    else:
        names = zip(warm.household.tolist(), warm.part.tolist(), strict=True)
        number = dict(zip(names, warm.of_claim.tolist(), strict=True))
        asked = zip(claims.household.tolist(), claims.part.tolist(), strict=True)
        then = np.array([number.get(name, -1) for name in asked], dtype=np.int64)
    of_claim = codes(signatures(problem), then)
    _, first = np.unique(of_claim, return_index=True)
    return of_claim, then[first]


def held_of(warm: WarmStart, relaxation: Relaxation, problem: Problem, then: IntArray) -> Held | None:
    """What claims chose then, where it can still be chosen; None if nothing is known of it.

    Parameters
    ----------
    then
        (classes,) class of then, −1 where unknown.
    """
    claims, offers, first = problem.claims, problem.offers, problem.calendar.start.ordinal
    taken = warm.taken
    if not (np.array_equal(claims.household, warm.household) and np.array_equal(claims.part, warm.part)):
        names = zip(warm.household.tolist(), warm.part.tolist(), strict=True)
        number = {name: place for place, name in enumerate(names)}
        asked = zip(claims.household.tolist(), claims.part.tolist(), strict=True)
        taken = np.vstack([warm.taken, [-1, 0]])[[number.get(name, -1) for name in asked]]
    classes = relaxation.classes
    place_of = {name: place for place, name in enumerate(warm.opened)}
    listed = offer_names(classes.problem)
    place = np.array(
        [place_of.get((int(then[c]), route, label, nth), -1) for c, route, label, nth in listed], dtype=np.int64
    )
    # One number for a class and a choice of then, looked up for each claim.
    width = len(warm.opened) + 1
    number_of_row = classes.problem.offers.claim.astype(np.int64) * width + place
    order = np.argsort(number_of_row, kind="stable")
    wanted = classes.of_claim * width + taken[:, 0]
    row = np.append(order, -1)[np.searchsorted(number_of_row, wanted, sorter=order)]
    known = (taken[:, 0] >= 0) & (row >= 0)
    known &= np.append(number_of_row, -1)[row] == wanted
    start = np.searchsorted(offers.claim, np.arange(len(claims)))
    offer = np.where(known, start + row - classes.first_offer[classes.of_claim], -1)
    month = np.where(known, taken[:, 1] - first, -1)
    known &= (month >= offers.first[offer]) & (month <= offers.last[offer])
    return Held(np.where(known, offer, -1), np.where(known, month, -1)) if known.any() else None


def choices_of(warm: WarmStart, relaxation: Relaxation, then: IntArray) -> BoolArray:
    """(offers of classes, T) choices that mattered to the class of then; all choices of classes that are new."""
    problem = relaxation.classes.problem
    months, first = problem.calendar.months, problem.calendar.start.ordinal
    opened = np.zeros((len(problem.offers), months), dtype=np.bool_)
    for row, (claim, route, label, nth) in enumerate(offer_names(problem)):
        if then[claim] < 0:
            opened[row] = True
            continue
        month = warm.opened.get((int(then[claim]), route, label, nth), np.zeros(0, dtype=np.int64)) - first
        opened[row, month[(month >= 0) & (month < months)]] = True
    return opened


def duals_of(warm: WarmStart, problem: Problem, model: LinearModel) -> FloatArray:
    """Duals of the linking rows; 0 for rows that are new."""
    first = problem.calendar.start.ordinal
    y = np.zeros(model.row_lower.size)
    for name, ids in subjects(problem).items():
        block, known = model.rows.get(name), warm.prices.get(name)
        if block is None or known is None:
            continue
        about, month = block.keys[0].tolist(), block.keys[1].tolist()
        y[block.index] = [known.get((str(ids[k]), first + t), 0.0) for k, t in zip(about, month, strict=True)]
    for name, block in model.rows.items():
        if name.startswith(TIER):
            y[block.start] = next(iter(warm.prices.get(name, {}).values()), 0.0)
    return y


def schedule_of(warm: WarmStart, problem: Problem) -> FloatArray | None:
    """(E, T) state of the phases in the plan of then; None if there was none."""
    if not warm.schedule:
        return None
    months, first = problem.calendar.months, problem.calendar.start.ordinal
    state = np.zeros((len(problem.phases), months))
    for e, name in enumerate(problem.phases.id):
        month = warm.schedule.get(str(name), first + months) - first
        state[e, max(month, 0) :] = 1.0
    return state


def subjects(problem: Problem) -> dict[str, NDArray[np.object_]]:
    """Names of what the linking rows are about, by block."""
    return {
        "need": problem.needs.id,
        "received": problem.funds.id,
        "stock": problem.pools.id,
        "reservation": problem.pools.id,
        "limit": problem.limits.id,
    }


def offer_names(problem: Problem) -> list[tuple[int, int, str, int]]:
    """(claim, route, label, number among these) of each offer."""
    offers = problem.offers
    seen: dict[tuple[int, int, str], int] = {}
    names = []
    for claim, route, label in zip(offers.claim.tolist(), offers.route.tolist(), offers.label.tolist(), strict=True):
        nth = seen.get((claim, route, label), 0)
        seen[claim, route, label] = nth + 1
        names.append((claim, route, str(label), nth))
    return names
