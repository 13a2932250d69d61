"""The branch-and-bound tree over phases: complete by a month, or not before the next."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field, replace

import numpy as np

from renewopt.optimiser.decomposition.relaxation import SolvedRelaxation, StabilityCentre
from renewopt.optimiser.model.linear import FloatArray

WAYS = 6
"""Phases of which the month is tried, where that is cheap."""
WHOLE = 1e-3
HALF = 0.4
"""Share from which the dive builds a phase by its decisive month."""
SURE = 0.8
"""Share from which a phase is taken to be built by its decisive month on the way to a first schedule."""
DECISIVE = 0.15
"""Share of a phase from which a month counts as the one in which the relaxation wants it."""
SHARES_AT_ONCE = (0.3, 0.5)
"""Shares of a phase from which it is built where all are rounded at once: early or late, money says which."""
IN_DOUBT = 0.05
"""Share of a phase in the last month, or that is missing then, from which it is in doubt whether it is built at all."""


@dataclass(frozen=True, eq=False)
class OpenPart:
    """A part of all schedules in which there may be a better plan.

    Attributes
    ----------
    bound
        Proven, in 万元.
    state
        (E, T) of complete[e, t], as a relaxation builds there.
    lower, upper
        (E, T) bounds of complete[e, t].
    """

    bound: float
    state: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(order=True)
class Node:
    """A part of all schedules: bounds on complete[e, t], the relaxation's state in it, and its duals.

    Attributes
    ----------
    value
        Its proven bound.
    solved
        Its relaxation, where dual ascent may prove more; None where it has been tried.
    fresh
        Whether its relaxation has not been solved yet: the state is another's.
    """

    value: float
    number: int
    state: FloatArray = field(compare=False)
    lower: FloatArray = field(compare=False)
    upper: FloatArray = field(compare=False)
    centre: StabilityCentre = field(compare=False)
    solved: SolvedRelaxation | None = field(compare=False, default=None)
    fresh: bool = field(compare=False, default=False)


class PhaseTree:
    """Open nodes; dives to a first schedule, then takes the node with the least bound.

    Parameters
    ----------
    lower, upper
        (E, T) bounds of complete[e, t].

    Attributes
    ----------
    diving
        Whether the last node was taken for a first schedule, not for its bound.
    """

    def __init__(self, lower: FloatArray, upper: FloatArray) -> None:
        self._lower, self._upper = lower, upper
        self._open: list[Node] = []
        self._dive: Node | None = None
        self.count = 0
        self.closed: list[float] = []
        self.diving = False

    def root(self, value: float, state: FloatArray, centre: StabilityCentre) -> bool:
        """Start with all schedules; False if the phases are whole already."""
        if self.add(value, state, self._lower, self._upper, centre):
            return True
        self.close(value)
        return False

    def add(
        self,
        value: float,
        state: FloatArray,
        lower: FloatArray,
        upper: FloatArray,
        centre: StabilityCentre,
        *,
        dive: bool = True,
        solved: SolvedRelaxation | None = None,
    ) -> bool:
        """Keep a node open; False if its phases are whole already."""
        # What is fixed is taken as it is, whatever the solver's tolerance made of it.
        if not self.splittable(state, lower, upper):
            self._dive = None
            return False
        state = np.clip(state, lower, upper)
        self.count += 1
        node = Node(value, self.count, state, lower, upper, centre, solved)
        # The first child added is the one to dive into, the second only if the first was whole or empty.
        if dive and self._dive is None:
            self._dive = node
        heapq.heappush(self._open, node)
        return True

    def plant(self, part: OpenPart, least: float, centre: StabilityCentre) -> None:
        """Keep a part open whose relaxation has not been solved yet.

        Parameters
        ----------
        part
            With what is proven of it.
        least
            What is proven of all schedules, in 万元.
        centre
            Duals that hold for all of them.
        """
        self.count = max(self.count, 1) + 1
        bound = max(part.bound, least)
        heapq.heappush(self._open, Node(bound, self.count, part.state, part.lower, part.upper, centre, fresh=True))

    @property
    def open_parts(self) -> list[OpenPart]:
        """What is open."""
        return [OpenPart(node.value, node.state, node.lower, node.upper) for node in self._open]

    @property
    def fathomed(self) -> float:
        """Least bound of the parts that need no more branching; ∞ where there is none."""
        return min(self.closed, default=math.inf)

    @staticmethod
    def splittable(state: FloatArray, lower: FloatArray, upper: FloatArray) -> bool:
        """Whether phases are not whole yet, given what is fixed."""
        return bool(fractionality(np.clip(state, lower, upper)).any())

    def put_back(
        self, node: Node, value: float, centre: StabilityCentre, solved: SolvedRelaxation | None = None
    ) -> None:
        """Keep a node open that dual ascent has been tried for, with its bound and duals.

        Parameters
        ----------
        solved
            Its relaxation, where dual ascent may prove still more.
        """
        heapq.heappush(self._open, replace(node, value=value, centre=centre, solved=solved))

    def is_alone(self, node: Node, cutoff: float) -> bool:
        """Whether a node that was taken is all that is left of the schedules, and not all that there were."""
        return node.number > 1 and not self.diving and self.least() >= cutoff

    def close(self, value: float) -> None:
        """Fathom a part: it needs no more branching, its bound stays."""
        self.closed.append(value)

    def least(self) -> float:
        """Least bound of all parts."""
        return min([node.value for node in self._open] + self.closed, default=math.inf)

    def next(self, cutoff: float) -> Node | None:
        """The node to branch on; None if no open one is below `cutoff`."""
        node = self._dive
        self._dive = None
        self.diving = node is not None and node.value < cutoff and not self.closed
        if node is not None and self.diving:
            self._open.remove(node)
            heapq.heapify(self._open)
            return node
        if self._open and self._open[0].value < cutoff:
            return heapq.heappop(self._open)
        return None

    @staticmethod
    def splits(node: Node) -> list[list[tuple[FloatArray, FloatArray]]]:
        """Ways to take a node in two, each as bounds of both parts, the likelier first.

        Whether the phase that is most in doubt is built at all; and the month of the one that is most
        fractional in a month in which the relaxation wants it.
        """
        bounds = node.lower, node.upper
        ways = [ever_or_never(node.state, *bounds), wanted_in_a_month(node.state, *bounds)]
        return [way for way in ways if way] or [two_parts(node.state, *bounds)]

    @staticmethod
    def many_splits(node: Node) -> list[list[tuple[FloatArray, FloatArray]]]:
        """More ways to take a node in two: in each phase that is in doubt, its month; and as in `splits`."""
        bounds = node.lower, node.upper
        state = np.clip(node.state, 0.0, 1.0)
        doubt = fractionality(state)
        phases = [phase for phase in np.argsort(-doubt, kind="stable").tolist() if doubt[phase] > 0.0]
        ways = [_at_month(state, *bounds, phase, _decisive(state[phase])) for phase in phases[:WAYS]]
        ways.insert(0, ever_or_never(node.state, *bounds))
        return [way for way in ways if way] or [two_parts(node.state, *bounds)]


def fractionality(state: FloatArray) -> FloatArray:
    """(E,) how fractional each phase is, summed over the months."""
    split = np.abs(state - np.rint(state)) > WHOLE
    total: FloatArray = np.where(split, np.minimum(state, 1.0 - state), 0.0).sum(axis=1)
    return total


def rounded(state: FloatArray) -> FloatArray:
    """The whole schedule that a whole state stands for, flat."""
    return np.maximum.accumulate(np.rint(state), axis=1).ravel()


def nearly_sure(state: FloatArray, lower: FloatArray, upper: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Bounds of the part in which all that is nearly sure is fixed; none where nothing is."""
    state = np.clip(state, 0.0, 1.0)
    sure_lower, sure_upper = lower.copy(), upper.copy()
    sure = False
    for phase in np.flatnonzero(fractionality(state)).tolist():
        month = _decisive(state[phase])
        if state[phase, month] >= SURE:
            sure_lower[phase, month:] = 1.0
            sure = True
        elif state[phase, month] <= 1.0 - SURE:
            sure_upper[phase, : month + 1] = 0.0
            sure = True
    return [(sure_lower, sure_upper)] if sure else []


def all_at_once(state: FloatArray, lower: FloatArray, upper: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Bounds of two whole schedules: each phase complete from the first month in which a share of it is, or never.

    The one with the smaller share first.
    """
    # A central solution need not be monotone to the last digit.
    rising = np.maximum.accumulate(np.clip(state, lower, upper), axis=1)
    schedules = [np.clip((rising >= share).astype(np.float64), lower, upper) for share in SHARES_AT_ONCE]
    return [(whole, whole.copy()) for whole in schedules]


def two_parts(
    state: FloatArray, lower: FloatArray, upper: FloatArray, *, halving: bool = False
) -> list[tuple[FloatArray, FloatArray]]:
    """Bounds of two parts: the most fractional phase complete by its month, or later; the likelier first.

    Parameters
    ----------
    halving
        Split at the middle of the months in which the phase is fractional: where a part of it would do for years, no
        month is decisive, and to exclude one after the other takes long.
    """
    state = np.clip(state, 0.0, 1.0)
    phase = int(np.argmax(fractionality(state)))
    split = np.flatnonzero((state[phase] > WHOLE) & (state[phase] < 1.0 - WHOLE))
    month = int(split[split.size // 2]) if halving and split.size else _decisive(state[phase])
    return _at_month(state, lower, upper, phase, month)


def wanted_in_a_month(state: FloatArray, lower: FloatArray, upper: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Bounds of two parts: a phase complete by the month of which a large part of it is wanted, or later.

    Of the phases that have such a month the one that is most fractional in it; none where no phase has one.
    """
    state = np.clip(state, 0.0, 1.0)
    split = (state > WHOLE) & (state < 1.0 - WHOLE)
    jump = np.where(split, np.diff(state, axis=1, prepend=0.0), 0.0)
    month = np.argmax(jump, axis=1)
    every = np.arange(len(state))
    doubt = np.where(jump[every, month] >= DECISIVE, np.minimum(state, 1.0 - state)[every, month], 0.0)
    phase = int(np.argmax(doubt))
    if not doubt[phase] > 0.0:
        return []
    return _at_month(state, lower, upper, phase, int(month[phase]))


def ever_or_never(state: FloatArray, lower: FloatArray, upper: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Bounds of two parts: the phase that is most in doubt in the last month complete by then, or never.

    As long as it may be built later, a part of it in the next month is nearly as good as in this one, and each month
    that is excluded proves little. None where no phase is in doubt at the end.
    """
    phases = undecided(state)
    if not phases:
        return []
    built, never = whether(phases[0], lower, upper)
    return [built, never] if state[phases[0], -1] >= HALF else [never, built]


def undecided(state: FloatArray, weight: FloatArray | float = 1.0) -> list[int]:
    """Phases of which it is in doubt whether they are built at all, those first of which most is in doubt.

    Parameters
    ----------
    weight
        (E,) of each phase.
    """
    last = np.clip(state[:, -1], 0.0, 1.0)
    doubt = np.minimum(last, 1.0 - last)
    return [phase for phase in np.argsort(-doubt * weight, kind="stable").tolist() if doubt[phase] >= IN_DOUBT]


def whether(phase: int, lower: FloatArray, upper: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Bounds of two parts: the phase built at some time, and never."""
    low, high = lower.copy(), upper.copy()
    low[phase, -1] = 1.0
    high[phase] = 0.0
    return [(low, upper.copy()), (lower.copy(), high)]


def _at_month(
    state: FloatArray, lower: FloatArray, upper: FloatArray, phase: int, month: int
) -> list[tuple[FloatArray, FloatArray]]:
    """Bounds of two parts: the phase complete by the month, or later; the likelier first."""
    low, high = lower.copy(), upper.copy()
    low[phase, month:] = 1.0
    high[phase, : month + 1] = 0.0
    by_then, later = (low, upper.copy()), (lower.copy(), high)
    return [by_then, later] if state[phase, month] >= HALF else [later, by_then]


def _decisive(state: FloatArray) -> int:
    """The month in which the relaxation wants a phase."""
    split = np.flatnonzero((state > WHOLE) & (state < 1.0 - WHOLE))
    jump = np.diff(state, prepend=0.0)
    month = int(split[np.argmax(jump[split])]) if split.size else 0
    return int(split[-1]) if split.size and jump[month] < DECISIVE else month
