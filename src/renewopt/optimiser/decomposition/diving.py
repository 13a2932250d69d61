"""A first schedule of whole phases in few steps: what is nearly sure is fixed, the rest decided one by one or together.

It proves nothing. Relaxations over few choices tell what a step costs; each is solved to a central point, which says
more of what is nearly sure than a corner would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.phase_tree import (
    all_at_once,
    fractionality,
    nearly_sure,
    rounded,
    two_parts,
)
from renewopt.optimiser.decomposition.relaxation import PricedRelaxation, StabilityCentre
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds
from renewopt.optimiser.decomposition.stopping import stop_if_over
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.progress import Clock

SMALL_STEPS = 3
"""Steps that decide a single month of one phase; after so many, months are halved."""
MANY = 3
"""Phases in doubt above which they are rounded all at once, a single time, where nothing that is nearly sure can be
fixed: one by one takes long."""
LOSS, LOSS_OF_SURE = 3e-3, 0.01
"""Shares by which a schedule rounded at once, and a part in which all that is nearly sure is fixed, may be dearer than
what is decided so far. Few choices make any look dearer than it is; but where a goal is nothing to most households, it
is chance what of their homes is nearly sure."""


@dataclass(frozen=True, eq=False)
class Step:
    """A part of the schedules that a step leads to.

    Attributes
    ----------
    bounds
        (E, T) of complete[e, t], each.
    solved
        Its relaxation over few choices.
    """

    bounds: PhaseBounds
    solved: PricedRelaxation

    @property
    def value(self) -> float:
        """In 万元."""
        return self.solved.value


@dataclass(frozen=True, eq=False)
class Schedule:
    """What a dive came to.

    Attributes
    ----------
    state
        (E, T) of complete[e, t], whole.
    centre
        Duals of its last step.
    """

    state: FloatArray
    centre: StabilityCentre


class TooFarError(Exception):
    """A step led further above the bound than was asked for."""


class Dive:
    """Looks for a first schedule of whole phases.

    Parameters
    ----------
    parts
        Solves parts of the schedules, over few choices.
    most
        In 万元: a dive that comes to more is given up.
    """

    def __init__(self, parts: NodeRelaxations, clock: Clock, most: float) -> None:
        self._parts, self._clock, self._most = parts, clock, most
        self._together = True

    def schedule(self, centre: StabilityCentre) -> Schedule | None:
        """Look for it; None where no step was possible.

        Parameters
        ----------
        centre
            Duals that hold for all schedules.

        Raises
        ------
        TooFarError
            If a step led too far from the bound.
        StoppedError
            If time is up or Ctrl-C was pressed.
        """
        small_steps = 0
        whole = self._parts.whole()
        solved = self._solve([whole], centre)[0]
        step = None if solved is None else Step(whole, solved)
        while step is not None:
            # What is fixed is taken as it is, whatever the solver's tolerance made of it: else it is fixed for ever.
            state = np.clip(self._parts.relaxation.state(step.solved.x), *step.bounds)
            if not fractionality(state).any():
                return Schedule(rounded(state).reshape(state.shape), step.solved.centre)
            self._clock.report("a first schedule of phases")
            before, step = step, self._next(step, state, halving=small_steps >= SMALL_STEPS)
            if step is None:
                break
            if step.value > self._most:
                raise TooFarError
            small_steps += _undecided(step.bounds) == _undecided(before.bounds) - 1
        return None

    def _next(self, step: Step, state: FloatArray, *, halving: bool) -> Step | None:
        """The cheapest of the parts that a step may lead to; None where none is possible."""
        for bounds, rounds, loss in self._ways(step, state, halving=halving):
            tried = self._solve(bounds, step.solved.centre, rounds)
            possible = [
                Step(part, solved)
                for part, solved in zip(bounds, tried, strict=True)
                if solved is not None and not solved.infeasible
            ]
            best = min(possible, key=lambda each: each.value, default=None)
            if best is not None and best.value <= step.value + loss * max(abs(step.value), 1.0):
                return best
        return None

    def _ways(self, step: Step, state: FloatArray, *, halving: bool) -> Iterator[tuple[list[PhaseBounds], int, float]]:
        """Parts to try, in how many rounds, and the share by which they may be dearer than the step before."""
        # What is nearly sure phase by phase may not be possible all together, nor anything with few choices.
        yield nearly_sure(state, *step.bounds), 1, LOSS_OF_SURE
        if self._together and np.count_nonzero(fractionality(state)) > MANY:
            # What costs too much now would after another step.
            self._together = False
            yield all_at_once(state, *step.bounds), 1, LOSS
        two = two_parts(state, *step.bounds, halving=halving)
        yield two, 1, np.inf
        yield two, 2, np.inf

    def _solve(
        self, bounds: list[PhaseBounds], centre: StabilityCentre, rounds: int = 1
    ) -> list[PricedRelaxation | None]:
        solved = self._parts.look(bounds, centre, rounds=rounds, let_in=False) if bounds else []
        stop_if_over(self._parts.stopped)
        return solved


def _undecided(bounds: PhaseBounds) -> int:
    """Months of phases in which it is open whether they are complete."""
    return int((bounds[0] < bounds[1]).sum())
