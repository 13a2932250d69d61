"""All schedules taken apart over few classes, before anything is proven part by part.

Where the objective pays for phases, most of what a relaxation leaves open is whether a phase is built at all, and a
handful of such decisions leads most of the way to the best plan. Relaxations over few classes say which ones at a
fraction of the work; what is proven of each part comes after.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from renewopt.optimiser.decomposition.ascent import in_use
from renewopt.optimiser.decomposition.guide import dearest
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.phase_tree import undecided, wanted_in_a_month, whether
from renewopt.optimiser.decomposition.relaxation import SolvedRelaxation
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, spread
from renewopt.optimiser.decomposition.stopping import stop_if_over
from renewopt.optimiser.model.linear import FloatArray

WORTH_SPLITTING, WORTH_DECIDING = 0.15, 0.25
"""Shares of what a part is short of the cutoff by which its parts have to become dearer: in the geometric mean, or the
dearer one of them."""
NEAR_CUTOFF = 0.2
"""Share of what all schedules are short of the cutoff: nearer to it a part is not taken apart for less."""
MOST_PARTS = 40
WAYS = 3
"""Phases of which it is tried what to decide of them says, as long as nothing is known of them."""
ROUNDS_OF_PROOF = 3
"""Rounds in which parts that are too dear are solved, at the most."""
LEAST = 1e-3
"""Share of what a part is short of the cutoff by which its parts are taken to become dearer at the least."""


@dataclass(order=True)
class Part:
    """A part of all schedules.

    Attributes
    ----------
    value
        Over few classes and choices, in 万元; ∞ where it needs slack.
    bound
        Proven for the households, in 万元.
    lower, upper, state
        (E, T) bounds of complete[e, t], and what the relaxation builds.
    """

    value: float
    number: int
    bound: float = field(compare=False)
    lower: FloatArray = field(compare=False)
    upper: FloatArray = field(compare=False)
    state: FloatArray = field(compare=False)

    def within(self, low: FloatArray, high: FloatArray) -> Part:
        """What of it is within these bounds as well."""
        lower, upper = np.maximum(self.lower, low), np.minimum(self.upper, high)
        return replace(self, lower=lower, upper=upper, state=np.clip(self.state, lower, upper))


class Partition:
    """Takes all schedules apart.

    Parameters
    ----------
    parts
        Solves parts over few classes.
    solved
        The relaxation of all schedules.
    cost
        (E,) of phases, in any unit: of those that are in doubt the dearest are looked at first.

    Attributes
    ----------
    found
        The parts; together they are all schedules.
    """

    def __init__(self, parts: NodeRelaxations, solved: SolvedRelaxation, cost: FloatArray) -> None:
        self._parts, self._solved, self._cost = parts, solved, cost
        self._number = 0
        self._gains: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
        self._open: list[Part] = []
        self._done: list[Part] = []

    @property
    def found(self) -> list[Part]:
        """The parts so far."""
        return [*self._open, *self._done]

    def grow(self, cutoff: float) -> None:
        """Take the part that looks cheapest in two, as long as that makes its parts dearer.

        Parameters
        ----------
        cutoff
            What is dearer need not be taken apart, in 万元.

        Raises
        ------
        StoppedError
            If time is up or Ctrl-C was pressed.
        """
        whole = self._parts.whole()
        # Where the objective pays for phases, the value of a part is then within a few tenths of a percent of that with
        # every choice open (measured).
        self._parts.opened = spread(self._parts.relaxation) | in_use(self._parts.relaxation, self._solved.x)
        root = self._part(whole, self._solve([whole])[0], self._solved.bound)
        self._open = [root]
        while self._open and self._open[0].value < cutoff and len(self.found) < MOST_PARTS:
            if self._done and min(self._done) < self._open[0]:
                # That part is what the bound of all of them depends on.
                break
            part = heapq.heappop(self._open)
            for each in self._in_two(part, root, cutoff):
                if each is part:
                    self._done.append(part)
                else:
                    heapq.heappush(self._open, each)
        self._open = [self._closed(each, cutoff) for each in self._open]
        heapq.heapify(self._open)

    def _closed(self, part: Part, cutoff: float) -> Part:
        """A part that is too dear, proven to be, with what it wants let in: finer classes would take twice as long."""
        if part.value < cutoff or part.bound >= cutoff or not math.isfinite(part.value):
            return part
        few = self._parts.opened
        solved = self._parts.solve(
            [(part.lower, part.upper)], self._solved.centre, rounds=ROUNDS_OF_PROOF, let_in=False, enough=cutoff
        )[0]
        stop_if_over(self._parts.stopped)
        self._parts.opened = few
        return part if solved is None else replace(part, bound=max(part.bound, solved.bound))

    def _in_two(self, part: Part, root: Part, cutoff: float) -> list[Part]:
        """What a part is taken apart into; the part alone where nothing is worth it."""
        bounds = part.lower, part.upper
        phases = undecided(part.state, self._cost)
        if not phases:
            way = wanted_in_a_month(part.state, *bounds)
            two = self._tried(part, way) if way else []
            return two if two and self._worth(part, two, root, cutoff) else [part]
        unknown = [phase for phase in phases if not self._gains[phase]]
        chosen = unknown[:WAYS] or [max(phases, key=lambda phase: self._promised(part, phase, cutoff))]
        tried = [self._tried(part, whether(phase, *bounds)) for phase in chosen]
        for phase, two in zip(chosen, tried, strict=True):
            self._learn(part, phase, two)
        best = dearest([[each.value for each in two] for two in tried], cutoff)
        out: list[Part] = []
        taken = tried[best] if self._worth(part, tried[best], root, cutoff) else [part]
        for k in sorted(range(len(chosen)), key=lambda k: k != best):
            which = [n for n, each in enumerate(tried[k]) if each.value >= cutoff]
            if len(which) != 1:
                continue
            # A decision that leaves but one of two parts holds here, and often everywhere.
            closed, left = tried[k][which[0]], tried[k][1 - which[0]]
            taken = [left] if k == best else [each.within(left.lower, left.upper) for each in taken]
            way = whether(chosen[k], root.lower, root.upper)
            everywhere = closed if part is root else self._tried(root, [way[which[0]]])[0]
            if part is not root and everywhere.value >= cutoff:
                self._open = [each.within(*way[1 - which[0]]) for each in self._open]
                self._done = [each.within(*way[1 - which[0]]) for each in self._done]
            out.append(everywhere if everywhere.value >= cutoff else closed)
        return [*taken, *out]

    @staticmethod
    def _worth(part: Part, two: list[Part], root: Part, cutoff: float) -> bool:
        """Whether the parts of a part are so much dearer that they are worth more work."""
        room = max(cutoff - part.value, NEAR_CUTOFF * (cutoff - root.value))
        dearer = [max(min(each.value, cutoff) - part.value, 0.0) for each in two]
        return max(dearer) >= WORTH_DECIDING * room or math.sqrt(math.prod(dearer)) >= WORTH_SPLITTING * room

    def _tried(self, part: Part, way: list[PhaseBounds]) -> list[Part]:
        """The parts of a way."""
        return [self._part(bounds, solved, part.bound) for bounds, solved in zip(way, self._solve(way), strict=True)]

    def _learn(self, part: Part, phase: int, two: list[Part]) -> None:
        """Note by how much a whole phase more, and one less, makes parts dearer."""
        share = float(part.state[phase, -1])
        built, never = (each.value - part.value for each in two)
        self._gains[phase].append((built / (1.0 - share), never / share))

    def _promised(self, part: Part, phase: int, cutoff: float) -> float:
        """Product of what both parts are likely to be dearer."""
        share, room = float(part.state[phase, -1]), cutoff - part.value
        built, never = np.mean(self._gains[phase], axis=0)
        return math.prod(min(max(each, LEAST * room), room) for each in (built * (1.0 - share), never * share))

    def _solve(self, bounds: Sequence[PhaseBounds]) -> list[SolvedRelaxation | None]:
        solved = self._parts.solve(bounds, self._solved.centre, let_in=False)
        stop_if_over(self._parts.stopped)
        return solved

    def _part(self, bounds: PhaseBounds, solved: SolvedRelaxation | None, proven: float) -> Part:
        """A part as it was solved; what is proven of a larger part holds for it, too."""
        self._number += 1
        bound = proven if solved is None else max(solved.bound, proven)
        state = bounds[0] if solved is None else np.clip(self._parts.relaxation.state(solved.x), *bounds)
        return Part(_value(solved), self._number, bound, *bounds, state)


def _value(solved: SolvedRelaxation | None) -> float:
    return math.inf if solved is None or solved.infeasible else solved.value
