"""The relaxation of all schedules, from nothing: with all choices that pay, and with rows on whole phases."""

from __future__ import annotations

import time
from dataclasses import dataclass

from renewopt.optimiser.decomposition.ascent import CLOSEST, DualAscent
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.pricing import NO_GOAL
from renewopt.optimiser.decomposition.relaxation import (
    A_YUAN,
    Relaxation,
    RelaxationFactory,
    RelaxationResult,
    SolvedRelaxation,
)
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster, priced, spread
from renewopt.optimiser.decomposition.stopping import stop_if_over
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.model.linear import BoolArray
from renewopt.optimiser.presolve.separation import HALF_YEAR
from renewopt.optimiser.prices import Prices, prices_from_duals
from renewopt.optimiser.progress import Clock

CLASSES = 200
"""Classes to begin with, about."""
PROMISED_EARLY = 2.0
"""Asked gaps that rows on whole phases have to promise for the ascent to begin with them."""
ROUNDS_OF_ROWS = 2
"""Rounds in which more of them are looked for."""


@dataclass(frozen=True, eq=False)
class WithRows:
    """A relaxation with rows on whole phases, solved.

    Attributes
    ----------
    few, opened
        (offers of classes, T) choices among which schedules may be looked for, and those that are worth a column.
    """

    relaxation: Relaxation
    solved: SolvedRelaxation
    few: BoolArray
    opened: BoolArray


class RootRelaxation:
    """Solves relaxations of all schedules with nothing known of them; time that is up, and Ctrl-C, end it.

    Attributes
    ----------
    elastic
        Whether the last one needs slack.
    prices
        Of the last one.
    """

    def __init__(self, relaxing: RelaxationFactory, clock: Clock) -> None:
        self._relaxing, self._clock = relaxing, clock
        self.elastic = False
        self.prices: Prices | None = None

    def solve(self, relaxation: Relaxation) -> tuple[SolvedRelaxation | None, BoolArray]:
        """Solve a relaxation: without slack, or, where that is infeasible, with penalties.

        Returns
        -------
        SolvedRelaxation or None, numpy.ndarray
            None without a solution; (offers of classes, T) choices that are worth a column.
        """
        self.elastic = False
        answer, opened = self._priced(relaxation, spread(relaxation))
        if answer.status in ("infeasible", "unknown"):
            self.elastic = True
            answer, opened = self._priced(relaxation, opened)
        if answer.duals is None:
            return None, opened
        self.prices = prices_from_duals(self._relaxing.problem, relaxation.model, answer.duals)
        solved = self._evaluate(relaxation, answer)
        # It may be for want of choices that there is no solution without slack.
        self.elastic = self.elastic and solved is not None and solved.infeasible
        return solved, opened

    def _priced(self, relaxation: Relaxation, opened: BoolArray) -> tuple[RelaxationResult, BoolArray]:
        """A relaxation solved with all its choices (`priced`), and those that are worth a column."""
        since = time.perf_counter()
        answer, opened = priced(relaxation, opened, lambda: self._clock.left, elastic=self.elastic)
        self._clock.spend("relaxation", since)
        stop_if_over(answer.status)
        return answer, opened

    def with_rows(self, ascent: DualAscent, gap: float) -> WithRows | None:
        """Add rows on whole phases to the relaxation of an ascent, where they promise much over the open choices.

        Parameters
        ----------
        gap
            Relative gap that is asked for.
        """
        relaxing, relaxation, found = self._relaxing, ascent.incumbent.relaxation, ascent.incumbent.solved
        of_claim = relaxation.classes.of_claim
        if not relaxing.strengthen(relaxation, found.x, within=HALF_YEAR):
            return None
        self._clock.report("rows on whole phases")
        few = ascent.open_choices(fresh=True)
        stronger = relaxing.relax(of_claim)
        answer = self._restricted(stronger, few)
        promised = answer.value - found.value - relaxing.penalty * found.infeasibility
        if answer.x is None or answer.wanted is None or promised <= PROMISED_EARLY * gap * abs(found.value):
            relaxing.cuts.clear()
            return None
        opened = few | answer.wanted
        for _ in range(ROUNDS_OF_ROWS):
            answer = self._restricted(stronger, opened)
            if answer.x is None or answer.wanted is None or answer.near is None:
                break
            opened |= answer.wanted
            if not relaxing.strengthen(stronger, answer.x, within=HALF_YEAR):
                break
            stronger = relaxing.relax(of_claim)
        answer, opened = self._priced(stronger, opened)
        solved = self._evaluate(stronger, answer)
        if solved is None:
            relaxing.cuts.clear()
            return None
        return WithRows(stronger, solved, few, opened)

    def needs_slack(self, tier_bounds: tuple[TierBound, ...]) -> bool:
        """Whether slack is needed whatever the goal: proven for the households themselves."""
        relaxing = RelaxationFactory(self._relaxing.problem, NO_GOAL, tier_bounds, 1.0)
        relaxation = relaxing.relax(classify(relaxing.problem, CLASSES))
        answer, _ = priced(relaxation, spread(relaxation), lambda: self._clock.left, elastic=True)
        stop_if_over(answer.status)
        found = relaxing.evaluate(relaxation, answer)
        if found is None:
            return False
        self._clock.report("proving that no plan exists")
        ascent = DualAscent(relaxing, self._clock.quiet(), relaxation, found, elastic=True)
        del relaxation
        ascent.ascend(CLOSEST, enough=A_YUAN)
        bound = ascent.incumbent.solved.bound
        if bound <= A_YUAN:
            stop_if_over(ascent.stopped)
        return bound > A_YUAN

    def _restricted(self, relaxation: Relaxation, opened: BoolArray) -> RelaxationResult:
        """A relaxation with these choices open, solved."""
        since = time.perf_counter()
        answer = RestrictedMaster(relaxation, opened, elastic=self.elastic).solve(self._clock.left)
        self._clock.spend("relaxation", since)
        stop_if_over(answer.status)
        return answer

    def _evaluate(self, relaxation: Relaxation, answer: RelaxationResult) -> SolvedRelaxation | None:
        since = time.perf_counter()
        solved = self._relaxing.evaluate(relaxation, answer)
        self._clock.spend("bound", since)
        return solved
