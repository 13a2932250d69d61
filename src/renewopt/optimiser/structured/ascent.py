"""Climbing to the best bound: classes split and solved again, few columns at a time, near the duals known so far.

The households' bound is a concave function of the duals. Around the best duals so far, a relaxation over finer
classes with few choices is a model of it that is exact where those choices are the best ones; leaving that
neighbourhood costs extra columns, two for each row in which households meet (the box of a boxstep method). Its own
duals are the next point; the box grows where they prove more, and shrinks where they do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.model import FloatArray, LinearModel
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.structured.bound import admissible, carry_over, linking_rows
from renewopt.optimiser.structured.path_master import Centre, Relaxed, cheapest_of_offers
from renewopt.optimiser.structured.relaxation import Relaxation, Relaxing, Solved, solve_centrally
from renewopt.optimiser.structured.restricted import Restricted, restrict
from renewopt.units import FEN_PER_WAN

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
STEPS = 20
FIRST_BOX = 0.02
"""Share of its dual by which a row's dual may move in the first step."""
WIDEST_BOX = 0.2
BOX_FLOOR = 0.3
"""Room of rows with a small dual, as a share of the mean room in their block."""
WIDER, NARROWER = 1.5, 0.4
BLENDS = (1.0, 0.5, 0.2, 0.05)
"""Steps to the newest duals that are looked at."""
SPLIT = 0.8
"""Share of the loss of merging that splitting goes for in a step."""
MONTHS_OF_FEE = 0.3
"""Choices that cost no more than so many months' fee above the best are open."""
IN_USE = 1e-4
"""Households from which a choice is in use."""
VAIN = 3
"""Steps without progress after which climbing ends."""


@dataclass(frozen=True, eq=False)
class Peak:
    """Where climbing ended.

    Attributes
    ----------
    relaxation, solved
        Classes of the last step, and the best bound, reckoned for them.
    duals
        Of all rows of the relaxation, at the last step; None before the first.
    opened
        (offers of classes, T) choices that are worth a column.
    """

    relaxation: Relaxation
    solved: Solved
    duals: FloatArray | None
    opened: BoolArray


class Ascent:
    """One climb.

    Parameters
    ----------
    elastic
        Whether something has to be lacking in the relaxation.

    Attributes
    ----------
    stopped
        ``time_limit`` or ``interrupted`` if that ended a climb, else "".
    """

    def __init__(self, relaxing: Relaxing, clock: Clock, *, elastic: bool) -> None:
        self._relaxing, self._clock, self._elastic = relaxing, clock, elastic
        self.stopped = ""

    def start(self, relaxation: Relaxation, solved: Solved) -> Peak:
        """A solved relaxation as a point to go on from."""
        return Peak(relaxation, solved, None, self._in_use(relaxation, solved.x))

    def climb(self, peak: Peak, close: float, enough: float = math.inf) -> Peak:
        """Climb until the model of the bound promises less than `close` × the bound, or the bound is above `enough`.

        Also until time is up, or nothing helps.
        """
        box, vain = FIRST_BOX, 0
        for _ in range(STEPS):
            peak = self.finer(peak)
            step = self._step(peak, box)
            if step is None:
                break
            promised, duals, newest, x, wanted = step
            better, how_far = self._between(peak, newest, x)
            opened = peak.opened | wanted | self._in_use(peak.relaxation, x)
            if better is None:
                box *= NARROWER
                vain += 1
            else:
                vain = 0 if better.bound > peak.solved.bound + 0.1 * close * abs(better.bound) else vain + 1
                box = min(box * WIDER, WIDEST_BOX) if how_far >= 0.5 else box * NARROWER
            peak = replace(peak, solved=better or peak.solved, duals=duals, opened=opened)
            self._clock.tell("climbing to the bound", bound=peak.solved.bound)
            if promised - peak.solved.bound <= close * abs(promised) or vain >= VAIN or self._clock.left <= 0:
                break
            if peak.solved.bound > enough:
                break
        return peak

    def _in_use(self, relaxation: Relaxation, x: FloatArray) -> BoolArray:
        f = relaxation.f
        opened = np.zeros((len(relaxation.classes.problem.offers), f.problem.calendar.months), dtype=np.bool_)
        at = x[f["settle"].index] * f.choices.unit > IN_USE
        opened[f.choices.offer[at], f.choices.month[at]] = True
        return opened

    def finer(self, peak: Peak, by: Solved | None = None) -> Peak:
        """Split classes whose members want different things; the parts keep what was open.

        Parameters
        ----------
        by
            What the wishes are taken from, if not from the peak itself: an answer within tighter bounds on phases.
            Its bound and its duals' value hold there only: the peak keeps its own.
        """
        relaxation, solved = peak.relaxation, peak.solved
        if by is not None:
            peak = replace(peak, opened=peak.opened | self._in_use(relaxation, by.x))
        of_claim = self._relaxing.split(relaxation, by or solved, SPLIT)
        if of_claim is None:
            return peak
        finer = self._relaxing.relax(of_claim)
        _, first = np.unique(of_claim, return_index=True)
        parent = relaxation.classes.of_claim[first]
        start = finer.classes.first_offer
        length = np.diff(start)
        step = np.arange(int(start[-1])) - np.repeat(start[:-1], length)
        opened = peak.opened[np.repeat(relaxation.classes.first_offer[parent], length) + step]
        y = admissible(carry_over(solved.centre.y, relaxation.model, finer.model), finer.model)
        x = np.zeros(finer.model.cost.size)
        moved = replace(solved, x=x, centre=Centre(y, solved.centre.small), of_class=finer.best(y))
        return Peak(finer, moved, None, opened)

    def _open(self, peak: Peak) -> BoolArray:
        """(choices,) open ones: used or wanted before, cheap at the centre, or some member's favourite."""
        relaxation, solved = peak.relaxation, peak.solved
        f, responses = relaxation.f, relaxation.responses
        choice, _ = responses.reduced(solved.centre.y)
        fee = f.fee_fen.max(axis=1) / FEN_PER_WAN * np.maximum(f.problem.claims.weight, 1.0)
        opened = peak.opened.copy()
        chosen = solved.own.offer >= 0
        opened[relaxation.classes.of_offer[solved.own.offer[chosen]], solved.own.month[chosen]] = True
        cheap: BoolArray = choice - solved.of_class[responses.claim] <= MONTHS_OF_FEE * fee[responses.claim]
        cheap |= opened[f.choices.offer, f.choices.month]
        return cheap

    def _step(self, peak: Peak, box: float) -> tuple[float, FloatArray, Centre, FloatArray, BoolArray] | None:
        """Solve the boxed model: its value, all its duals, its centre, its columns, and choices that it misses."""
        relaxation = peak.relaxation
        f, model = relaxation.f, relaxation.model if self._elastic else relaxation.strict()
        opened = self._open(peak)
        restricted = restrict(f, model, opened)
        boxed = _boxed(restricted, model, peak.solved.centre.y, box)
        raw = solve_centrally(boxed, self._clock.left)
        if raw.status in ("time_limit", "interrupted"):
            self.stopped = raw.status
        if raw.x is None or raw.row_dual is None:
            return None
        duals = restricted.duals(raw.row_dual)
        y = admissible(np.where(linking_rows(model), duals, 0.0), model)
        choice, never = relaxation.responses.reduced(y)
        claim = relaxation.responses.claim
        best = never if self._elastic else relaxation.if_allowed(never)
        np.minimum.at(best, claim[opened], choice[opened])
        small = raw.objective - float((best * relaxation.count).sum())
        wanted = np.zeros((len(relaxation.classes.problem.offers), f.problem.calendar.months), dtype=np.bool_)
        at = cheapest_of_offers(f.choices.offer, choice, np.flatnonzero(choice < best[claim] - 1e-9))
        wanted[f.choices.offer[at], f.choices.month[at]] = True
        x = restricted.expand(raw.x[: restricted.model.cost.size])
        return raw.objective, duals, Centre(y, small), x, wanted

    def _between(self, peak: Peak, newest: Centre, x: FloatArray) -> tuple[Solved | None, float]:
        """The best bound on the way to the newest duals, and how far that is; None if none is better."""
        centre = peak.solved.centre
        found: Solved | None = None
        how_far = 0.0
        for step in BLENDS:
            y = step * newest.y + (1.0 - step) * centre.y
            small = step * newest.small + (1.0 - step) * centre.small
            solved = self._relaxing.reckon(peak.relaxation, Relaxed("optimal", 0.0, 0.0, x, Centre(y, small)))
            assert solved is not None
            if found is not None and solved.bound <= found.bound:
                break
            if solved.bound > peak.solved.bound:
                found, how_far = solved, step
        return found, how_far


def _boxed(restricted: Restricted, model: LinearModel, y: FloatArray, box: float) -> LinearModel:
    """The restricted model with two columns for each linking row, so that its dual stays in a box around y."""
    rows = np.flatnonzero(linking_rows(model))
    typical = np.zeros(y.size)
    for block in model.rows.values():
        if block.size:
            typical[block.index] = np.abs(y[block.index]).mean()
    room = (box * (np.abs(y) + BOX_FLOOR * typical))[rows]
    small = restricted.model
    width, size = small.cost.size, rows.size
    own_row = restricted.row[rows]
    row = np.concatenate([small.entry_rows(), own_row, own_row])
    column = np.concatenate([small.index, width + np.arange(2 * size)])
    value = np.concatenate([small.value, np.ones(size), -np.ones(size)])
    order = np.lexsort((column, row))
    start = np.zeros(small.row_lower.size + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=start.size - 1), out=start[1:])
    return replace(
        small,
        cost=np.concatenate([small.cost, y[rows] + room, room - y[rows]]),
        lower=np.concatenate([small.lower, np.zeros(2 * size)]),
        upper=np.concatenate([small.upper, np.full(2 * size, np.inf)]),
        integer=np.zeros(width + 2 * size, dtype=np.bool_),
        start=start,
        index=column[order],
        value=value[order],
    )
