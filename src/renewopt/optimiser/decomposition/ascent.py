"""Dual ascent: classes are split and solved again, few columns at a time, near the best duals so far (boxstep).

The households' bound is a concave function of the duals. Around the best duals so far, a relaxation over finer
classes with few choices is a model of it that is exact where those choices are the best ones; leaving that
neighbourhood costs extra columns, two for each row in which households meet (the box of a boxstep method). Its own
duals are the next point; the box grows where they prove more, and shrinks where they do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.decomposition.lagrangian import admissible, carry_over
from renewopt.optimiser.decomposition.relaxation import (
    BLENDS,
    Relaxation,
    RelaxationFactory,
    RelaxationResult,
    SolvedRelaxation,
    StabilityCentre,
)
from renewopt.optimiser.decomposition.restricted_master import Box, RestrictedMaster
from renewopt.optimiser.highs import SolverError
from renewopt.optimiser.memory import release_memory
from renewopt.optimiser.model.linear import BoolArray, FloatArray, steps
from renewopt.optimiser.presolve.separation import HALF_YEAR
from renewopt.optimiser.progress import Clock
from renewopt.vocabulary import STOPPED

STEPS = 20
CLOSEST = 1e-7
"""Tolerance of an ascent at the least: share of the bound that its model promises."""
FIRST_BOX = 0.05
"""Size of the box in the first step."""
WIDEST_BOX = 0.2
WIDER, NARROWER = 1.5, 0.4
WIDEST_FAR, FAR_WIDER = 1.0, 3.0
BOX_DUAL = 0.5
"""Where the box's own dual is this share of the last gain, the best duals are far away: the box widens faster."""
SPLIT = 0.8
"""Share of the loss from merging that the splits of one step are to remove."""
MONTHS_OF_FEE = 0.3
"""Choices within so many months' fee of the best one are open."""
MOST_OF_CLASS = 60
"""The most of them for a class, in the mean of all classes."""
IN_USE = 1e-4
"""Households from which on a choice counts as used."""
STALLED = 3
"""Stalled steps after which the ascent ends."""
POOR = 2
"""The same for steps that prove little of what they promised."""


@dataclass(frozen=True, eq=False)
class Incumbent:
    """The best bound so far, and what it was found with.

    Attributes
    ----------
    relaxation, solved
        Classes of the last step, and the best bound, evaluated for them.
    duals
        Of all rows of the relaxation, at the last step; None before the first.
    opened
        (offers of classes, T) choices that are worth a column.
    """

    relaxation: Relaxation
    solved: SolvedRelaxation
    duals: FloatArray | None
    opened: BoolArray


class DualAscent:
    """Dual ascent from one relaxation to finer ones. It alone holds the relaxation: only one is in memory at a time.

    Parameters
    ----------
    relaxation, solved
        Where it begins, and what is proven there.
    elastic
        Whether the relaxation needs slack.
    opened
        (offers of classes, T) choices that are worth a column besides those in use.

    Attributes
    ----------
    reached
        The incumbent; None while a finer relaxation is built.
    stopped
        ``time_limit`` or ``interrupted`` if that ended an ascent, else "".
    """

    def __init__(
        self,
        relaxing: RelaxationFactory,
        clock: Clock,
        relaxation: Relaxation,
        solved: SolvedRelaxation,
        *,
        elastic: bool,
        opened: BoolArray | None = None,
    ) -> None:
        self._relaxing, self._clock, self._elastic = relaxing, clock, elastic
        self.stopped = ""
        self._others = math.inf
        used = in_use(relaxation, solved.x)
        self.reached: Incumbent | None = Incumbent(relaxation, solved, None, used if opened is None else used | opened)

    @property
    def incumbent(self) -> Incumbent:
        """The incumbent; not available while a finer relaxation is built."""
        assert self.reached is not None
        return self.reached

    @classmethod
    def at_duals(
        cls,
        relaxing: RelaxationFactory,
        clock: Clock,
        relaxation: Relaxation,
        y: FloatArray,
        answer: RelaxationResult,
        opened: BoolArray,
    ) -> DualAscent:
        """Begin at duals of an earlier search, where nothing is proven yet and no slack is needed."""
        assert answer.x is not None
        y = admissible(y, relaxation.model)
        prices = relaxing.row_prices(relaxation, y)
        solved = SolvedRelaxation(
            value=math.inf,
            bound=-math.inf,
            infeasibility=0.0,
            x=answer.x,
            centre=StabilityCentre(y, -math.inf),
            prices=prices,
            own=relaxing.pricing.respond(prices),
            of_class=relaxation.best(y),
        )
        return cls(relaxing, clock, relaxation, solved, elastic=False, opened=opened)

    def ascend(
        self,
        close: float,
        enough: float = math.inf,
        steps: int = STEPS,
        *,
        box: float = FIRST_BOX,
        months_of_fee: float = MONTHS_OF_FEE,
        split: bool = True,
        worth: float = 0.0,
    ) -> None:
        """Ascend until the model of the bound promises less than `close` × the bound, or the bound is above `enough`.

        Also until time is up, so many steps are done, or nothing helps.

        Parameters
        ----------
        box
            Share of its dual by which a row's dual may move in the first step.
        months_of_fee
            Choices within so many months' fee of the best one are open.
        split
            Whether classes are split before each step.
        worth
            Share of what a step promises that it has to prove; the ascent ends after `POOR` steps that do not.
        """
        stalled = poor = 0
        for _ in range(steps):
            if split:
                self.finer()
            step = self._step(box, months_of_fee)
            if step is None:
                break
            incumbent = self.incumbent
            was = incumbent.solved
            better, how_far = self._between(incumbent, step)
            assert step.x is not None
            assert step.wanted is not None
            assert step.near is not None
            opened = step.near | step.wanted | in_use(incumbent.relaxation, step.x)
            if better is None:
                box *= NARROWER
                stalled += 1
            else:
                stalled = 0 if better.bound > incumbent.solved.bound + 0.1 * close * abs(better.bound) else stalled + 1
                if how_far < 0.5:
                    box *= NARROWER
                elif step.box_dual > BOX_DUAL * (better.bound - was.bound):
                    box = min(box * FAR_WIDER, WIDEST_FAR)
                else:
                    box = min(box * WIDER, max(box, WIDEST_BOX))
            incumbent = self.reached = replace(
                incumbent, solved=better or incumbent.solved, duals=step.duals, opened=opened
            )
            if split and self._relaxing.cuts:
                self._relaxing.strengthen(incumbent.relaxation, step.x, within=HALF_YEAR)
            self._clock.report("raising the bound", bound=min(incumbent.solved.bound, self._others))
            # Where the box is what keeps the model from promising more, the end of the ascent is not near.
            promised = step.value + step.box_dual - incumbent.solved.bound
            gained = incumbent.solved.bound - was.bound
            poor = poor + 1 if gained < worth * (promised + gained) else 0
            if poor >= POOR:
                break
            if promised <= close * abs(step.value) or stalled >= STALLED or self._clock.left <= 0:
                break
            if incumbent.solved.bound > enough:
                break
            del incumbent

    def narrow(self, low: FloatArray, high: FloatArray, solved: SolvedRelaxation, others: float) -> None:
        """Go on within the part of the schedules with these (E, T) bounds of complete[e, t].

        Parameters
        ----------
        solved
            The relaxation of this part.
        others
            Proven of all other schedules, in 万元: no more than that is proven of all of them here.
        """
        self._others = others
        incumbent = self.incumbent
        opened = incumbent.opened | in_use(incumbent.relaxation, solved.x)
        self.reached = Incumbent(incumbent.relaxation.for_part(low, high), solved, None, opened)

    def let_in(self, opened: BoolArray) -> None:
        """Open these (offers of classes, T) choices as well."""
        self.reached = replace(self.incumbent, opened=self.incumbent.opened | opened)

    def finer(self, by: SolvedRelaxation | None = None) -> bool:
        """Split classes whose members want different things; the new ones keep what was open. Whether any were split.

        Parameters
        ----------
        by
            What the wishes are taken from, if not from the incumbent: a solution within tighter bounds on phases.
            Its bound and the value of its duals hold there only: the incumbent keeps its own.
        """
        relaxation, solved, was_open = self.incumbent.relaxation, self.incumbent.solved, self.incumbent.opened
        if by is not None:
            was_open = was_open | in_use(relaxation, by.x)
        of_claim = self._relaxing.split(relaxation, by or solved, SPLIT)
        if of_claim is None and self._relaxing.knows_more(relaxation):
            of_claim = relaxation.classes.of_claim
        if of_claim is None:
            self.reached = replace(self.incumbent, opened=was_open)
            return False
        _, first = np.unique(of_claim, return_index=True)
        parent = relaxation.classes.of_claim[first]
        began, rows = relaxation.classes.first_offer[parent], relaxation.model.rows
        # The coarse relaxation is let go of before the finer one is made.
        del relaxation
        self.reached = None
        release_memory()
        finer = self._relaxing.relax(of_claim)
        start = finer.classes.first_offer
        length = np.diff(start)
        y = admissible(carry_over(solved.centre.y, rows, finer.model), finer.model)
        x = np.zeros(finer.model.cost.size)
        moved = replace(solved, x=x, centre=StabilityCentre(y, solved.centre.small), of_class=finer.best(y))
        self.reached = Incumbent(finer, moved, None, was_open[np.repeat(began, length) + steps(length)])
        return True

    def open_choices(self, months_of_fee: float = MONTHS_OF_FEE, *, fresh: bool = False) -> BoolArray:
        """(offers of classes, T) choices: used or wanted before, cheap at the centre, or some member's favourite.

        Parameters
        ----------
        months_of_fee
            Within so many months' fee of the best one a choice is cheap.
        fresh
            Whether what was open before is left out unless it is in use.
        """
        relaxation, solved = self.incumbent.relaxation, self.incumbent.solved
        f, responses = relaxation.f, relaxation.responses
        choice, _ = responses.reduced(solved.centre.y)
        fee = relaxation.monthly_fee
        opened = in_use(relaxation, solved.x) if fresh else self.incumbent.opened.copy()
        chosen = solved.own.offer >= 0
        opened[relaxation.classes.of_offer[solved.own.offer[chosen]], solved.own.month[chosen]] = True
        cheap = choice - solved.of_class[responses.claim] <= months_of_fee * fee[responses.claim]
        if int(cheap.sum()) > MOST_OF_CLASS * relaxation.count.size:
            # Where the objective is nothing to most claims, nearly all that they may choose is as good as the best.
            ratio = (choice - solved.of_class[responses.claim]) / fee[responses.claim]
            cheap &= _least(np.where(cheap, ratio, np.inf), MOST_OF_CLASS * relaxation.count.size)
        opened[f.choices.offer[cheap], f.choices.month[cheap]] = True
        return opened

    def _step(self, box: float, months_of_fee: float) -> RelaxationResult | None:
        """Solve the boxed model."""
        opened = self.open_choices(months_of_fee)
        model = RestrictedMaster(self.incumbent.relaxation, opened, elastic=self._elastic)
        try:
            answer = model.solve(self._clock.left, Box(self.incumbent.solved.centre.y, box))
        except SolverError:
            # Duals found without slack may be dearer than slack is: around them the model has no optimum.
            return None
        if answer.status in STOPPED:
            self.stopped = answer.status
        return None if answer.x is None else answer

    def _between(self, incumbent: Incumbent, answer: RelaxationResult) -> tuple[SolvedRelaxation | None, float]:
        """Line search towards the newest duals: the best bound, and its step; None if none is better."""
        assert answer.centre is not None
        found: SolvedRelaxation | None = None
        how_far = 0.0
        for step in BLENDS[:-1]:
            point = incumbent.solved.centre.towards(answer.centre, step)
            solved = self._relaxing.evaluate(incumbent.relaxation, replace(answer, centre=point))
            assert solved is not None
            if found is not None and solved.bound <= found.bound:
                break
            if solved.bound > incumbent.solved.bound:
                found, how_far = solved, step
        return found, how_far


def in_use(relaxation: Relaxation, x: FloatArray) -> BoolArray:
    """(offers of classes, T) choices in use in a solution."""
    f = relaxation.f
    opened = np.zeros((len(relaxation.classes.problem.offers), f.problem.calendar.months), dtype=np.bool_)
    used = x[f["settle"].index] * f.choices.unit
    at = used > IN_USE
    most = MOST_OF_CLASS * relaxation.count.size
    if int(at.sum()) > most:
        # A central solution makes use of all that is as good as the best.
        at &= _least(-used / relaxation.count[f.choices.claim], most)
    opened[f.choices.offer[at], f.choices.month[at]] = True
    return opened


def _least(values: FloatArray, most: int) -> BoolArray:
    """Which are the least so many."""
    chosen = np.zeros(values.size, dtype=np.bool_)
    chosen[np.argsort(values, kind="stable")[:most]] = True
    return chosen
