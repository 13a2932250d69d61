"""All schedules taken apart over few classes, before anything is proven part by part.

Where the objective pays for phases, most of what a relaxation leaves open is whether a phase is built at all, and a
handful of such decisions leads most of the way to the best plan. Relaxations over few classes say which ones at a
fraction of the work; what is proven of each part comes after.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np

from renewopt.optimiser.decomposition.guide import dearest
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.phase_tree import WHOLE, OpenPart, undecided, wanted_in_a_month, whether
from renewopt.optimiser.decomposition.relaxation import SolvedRelaxation
from renewopt.optimiser.decomposition.reoptimising import Reoptimised, Reoptimiser
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds
from renewopt.optimiser.decomposition.stopping import stop_if_over
from renewopt.optimiser.model.linear import FloatArray

WORTH_SPLITTING, WORTH_DECIDING = 0.15, 0.25
"""Shares of what a part is short of the cutoff by which its parts have to become dearer: in the geometric mean, or the
dearer one of them."""
NEAR_CUTOFF = 0.2
"""Share of what all schedules are short of the cutoff: nearer to it a part is not taken apart for less."""
HOPEFUL, WORTH_PROVING = 0.01, 0.2
"""Shares of what all schedules are short of the cutoff by which the first two parts have to be dearer for others to be
looked for, and all of them in the end to be proven."""
MOST_PARTS = 40
WAYS = 3
"""Phases of which it is tried what to decide of them says, as long as nothing is known of them."""
ROUNDS_OF_PROOF, ROUNDS_TOO_DEAR = 2, 3
"""Rounds in which a part is solved for that, at the most: finer classes will prove more of it anyway; one that is too
dear is done with."""
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
    lower, upper
        (E, T) bounds of complete[e, t].
    solved
        What few choices say of it.
    """

    value: float
    number: int
    bound: float = field(compare=False)
    lower: FloatArray = field(compare=False)
    upper: FloatArray = field(compare=False)
    solved: Reoptimised = field(compare=False)

    @property
    def state(self) -> FloatArray:
        """(E, T) of complete[e, t], as the relaxation builds."""
        return np.clip(self.solved.state, self.lower, self.upper)

    @property
    def narrowed(self) -> bool:
        """Whether it has become narrower than what was solved, so that it may be dearer."""
        return bool((self.solved.state < self.lower - WHOLE).any() or (self.solved.state > self.upper + WHOLE).any())

    def within(self, low: FloatArray, high: FloatArray) -> Part:
        """What of it is within these bounds as well."""
        return replace(self, lower=np.maximum(self.lower, low), upper=np.minimum(self.upper, high))


class Partition:
    """Takes all schedules apart.

    Parameters
    ----------
    parts
        Proves parts over few classes.
    solved
        The relaxation of all schedules.
    models
        Solves parts over few classes and choices.
    cost
        (E,) of phases, in any unit: of those that are in doubt the dearest are looked at first.

    Attributes
    ----------
    found
        The parts; together they are all schedules.
    proof, opened
        Of the part that looks cheapest, once it is proven what parts cost at the least; (offers of classes, T) the
        choices that were open to it.
    """

    def __init__(self, parts: NodeRelaxations, solved: SolvedRelaxation, models: Reoptimiser, cost: FloatArray) -> None:
        self._parts, self._solved, self._cost = parts, solved, cost
        self._models = models
        self.proof: SolvedRelaxation | None = None
        self.opened = models.opened
        self._number = 0
        self._gains: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
        self._root: Part | None = None
        self._open: list[Part] = []
        self._done: list[Part] = []

    @property
    def found(self) -> list[Part]:
        """The parts so far."""
        return [*self._open, *self._done]

    @property
    def open_parts(self) -> list[OpenPart]:
        """The same, with what is proven of them."""
        return [OpenPart(part.bound, part.state, part.lower, part.upper) for part in self.found]

    @property
    def least(self) -> Part:
        """The part that looks cheapest."""
        return min(self.found)

    @property
    def bound(self) -> float:
        """Proven for all schedules, in 万元."""
        return min(part.bound for part in self.found)

    def value(self, state: FloatArray) -> float:
        """What few choices say of one schedule, (E, T) of complete[e, t], in 万元; ∞ where it needs slack."""
        return self._models.solve([(state, state)], self._models.root)[0].value

    def grow(self, cutoff: float) -> bool:
        """Take the part that looks cheapest in two, as long as that makes its parts dearer.

        Parameters
        ----------
        cutoff
            What is dearer need not be taken apart, in 万元.

        Returns
        -------
        bool
            Whether the parts are so much dearer than all schedules that they are worth proving.

        Raises
        ------
        StoppedError
            If time is up or Ctrl-C was pressed.
        """
        root = self._begin()
        while self._open and self._open[0].value < cutoff and len(self.found) < MOST_PARTS:
            if self._open[0].narrowed:
                part = heapq.heappop(self._open)
                heapq.heappush(self._open, self._tried(part, [(part.lower, part.upper)], cutoff)[0])
                continue
            if self._done and min(self._done) < self._open[0]:
                # That part is what the bound of all of them depends on.
                break
            part = heapq.heappop(self._open)
            for each in self._in_two(part, root, cutoff):
                if each is part:
                    self._done.append(part)
                else:
                    heapq.heappush(self._open, each)
            if part is root and self._gained(cutoff) < HOPEFUL:
                break
        return self._gained(cutoff) >= WORTH_PROVING

    def _gained(self, cutoff: float) -> float:
        """Share of what all schedules are short of the cutoff by which their parts are dearer."""
        root = self._begin().value
        return (min(self.least.value, cutoff) - root) / max(cutoff - root, 1e-9)

    def prove(self, cutoff: float) -> None:
        """Prove what each part costs at the least, over few classes, the cheapest first.

        Parameters
        ----------
        cutoff
            More than this need not be proven, in 万元.

        Raises
        ------
        StoppedError
            If time is up or Ctrl-C was pressed.
        """
        # What one part wants, the next ones often want as well.
        self._parts.opened = self._parts.opened | self._models.opened
        proven: list[Part] = []
        for part in sorted(self.found):
            rounds = ROUNDS_OF_PROOF if part.value < cutoff else ROUNDS_TOO_DEAR
            way = [(part.lower, part.upper)]
            solved = self._parts.solve(way, self._solved.centre, rounds=rounds, enough=cutoff)[0]
            stop_if_over(self._parts.stopped)
            if not proven:
                self.proof, self.opened = solved, self._parts.opened
            proven.append(part if solved is None else replace(part, bound=max(part.bound, solved.bound)))
        self._open, self._done = [], proven

    def _begin(self) -> Part:
        """All schedules."""
        if self._root is None:
            whole = self._parts.whole()
            self._root = self._part(whole, self._models.root, self._solved.bound)
            self._open = [self._root]
        return self._root

    def _in_two(self, part: Part, root: Part, cutoff: float) -> list[Part]:
        """What a part is taken apart into; the part alone where nothing is worth it."""
        bounds = part.lower, part.upper
        phases = undecided(part.state, self._cost)
        if not phases:
            way = wanted_in_a_month(part.state, *bounds)
            two = self._tried(part, way, cutoff) if way else []
            return two if two and self._worth(part, two, root, cutoff) else [part]
        unknown = [phase for phase in phases if not self._gains[phase]]
        chosen = unknown[:WAYS] or [max(phases, key=lambda phase: self._promised(part, phase, cutoff))]
        tried = [self._tried(part, whether(phase, *bounds), cutoff) for phase in chosen]
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
            everywhere = closed if part is root else self._tried(root, [way[which[0]]], cutoff)[0]
            if part is not root and everywhere.value >= cutoff:
                self._narrow(way[1 - which[0]])
            out.append(everywhere if everywhere.value >= cutoff else closed)
        return [*taken, *out]

    def _narrow(self, bounds: PhaseBounds) -> None:
        """Leave of all parts but what is within these bounds; those that may be dearer then are looked at again."""
        done = [part.within(*bounds) for part in self._done]
        self._done = [part for part in done if not part.narrowed]
        self._open = [*(part.within(*bounds) for part in self._open), *(part for part in done if part.narrowed)]
        heapq.heapify(self._open)

    @staticmethod
    def _worth(part: Part, two: list[Part], root: Part, cutoff: float) -> bool:
        """Whether the parts of a part are so much dearer that they are worth more work."""
        room = max(cutoff - part.value, NEAR_CUTOFF * (cutoff - root.value))
        dearer = [max(min(each.value, cutoff) - part.value, 0.0) for each in two]
        return max(dearer) >= WORTH_DECIDING * room or math.sqrt(math.prod(dearer)) >= WORTH_SPLITTING * room

    def _tried(self, part: Part, way: list[PhaseBounds], cutoff: float) -> list[Part]:
        """The parts of a way."""
        solved = self._models.solve(way, part.solved, cutoff)
        return [self._part(bounds, each, part.bound) for bounds, each in zip(way, solved, strict=True)]

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

    def _part(self, bounds: PhaseBounds, solved: Reoptimised, proven: float) -> Part:
        """A part as it was solved; what is proven of a larger part holds for it, too."""
        self._number += 1
        return Part(solved.value, self._number, proven, *bounds, solved)
