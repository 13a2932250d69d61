"""The relaxation at changed right-hand sides, solved again and again from the basis of the last time.

`WholeRelaxation` is that of the whole model. `ClassRelaxation` is for districts whose whole model is too large: classes
of households, and only the choices that mattered to the search for the plan as columns. Both give the optimum and a
subgradient, and that is all that `renewopt.optimiser.marginal.one_sided` asks for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from renewopt.optimiser.decomposition import warm as warmth
from renewopt.optimiser.decomposition.ascent import in_use
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.lagrangian import admissible, linking_rows
from renewopt.optimiser.decomposition.relaxation import Relaxation, RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster, every_choice
from renewopt.optimiser.decomposition.restricting import RestrictedModel, restrict
from renewopt.optimiser.highs import Engine, Raw, SolverError
from renewopt.optimiser.marginal.one_sided import Point
from renewopt.optimiser.marginal.resources import Directions, Resource
from renewopt.optimiser.model.formulation import TierBound, formulate
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, LinearModel
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem
from renewopt.units import FEN_PER_WAN
from renewopt.wording import words

__all__ = ["ClassRelaxation", "NoRelaxationError", "ParametricRelaxation", "WholeRelaxation"]

EXACT_TOLERANCE = 1e-9
"""Of rows and duals of a whole model."""
CLASSES = 600
"""Classes to begin with where nothing is known of a district."""
NEAR = 0.5
"""Months' fee within which choices count as nearly the best of a class."""
FEW = 40_000
"""Choices of classes that are all open, however little they matter."""


class NoRelaxationError(SolverError):
    """The relaxation has no solution, so that there is nothing to be priced.

    Parameters
    ----------
    certain
        Whether that proves that no plan keeps every rule.
    """

    def __init__(self, *, certain: bool) -> None:
        super().__init__(
            words("no plan keeps every rule, and so nothing has a price: renewopt plan tells what is short")
            if certain
            else words("no solution was found over classes of households, and so nothing has a price")
        )


class ParametricRelaxation(ABC):
    """The relaxation of a problem as a function of its right-hand sides.

    Attributes
    ----------
    value
        Its optimum, in 万元.
    duals
        (rows,) of the model that `directions` speaks of.
    certain
        Whether there is no solution where none is found.
    classes, choices
        How many classes and choices of these it is solved over; None: all households and choices.
    """

    certain: ClassVar[bool]
    value: float
    duals: FloatArray
    directions: Directions
    classes: int | None = None
    choices: int | None = None

    @abstractmethod
    def at(self, rows: IntArray, amounts: FloatArray, step: float) -> Point | None:
        """Optimum and subgradient where each of the rows is moved by step × amount; None: no solution there."""

    @abstractmethod
    def of(self, problem: Problem) -> float | None:
        """Optimum of another problem with the same households, in 万元; None: it has no solution."""

    def slope(self, resource: Resource) -> float:
        """Subgradient at no change, in 万元 for a unit more of a resource."""
        rows, amounts = self.directions.of(resource)
        return float(self.duals[rows] @ amounts)


class WholeRelaxation(ParametricRelaxation):
    """The relaxation of the whole model.

    Raises
    ------
    NoRelaxationError
        If it has no solution.
    """

    certain = True

    def __init__(self, problem: Problem, goal: str, tier_bounds: Sequence[TierBound] = ()) -> None:
        self._goal, self._tier_bounds = goal, tuple(tier_bounds)
        self._engine, self._model = self._begun(problem)
        raw = _solved(self._engine)
        if raw is None:
            raise NoRelaxationError(certain=True)
        self.value, self.duals = raw.objective, _duals(raw)
        self.directions = Directions(problem, self._model)

    def at(self, rows: IntArray, amounts: FloatArray, step: float) -> Point | None:
        """Optimum and subgradient where each of the rows is moved by step × amount; None: no solution there."""
        raw = _moved(self._engine, self._model, rows, step * amounts)
        return None if raw is None else Point(step, raw.objective, float(_duals(raw)[rows] @ amounts))

    def of(self, problem: Problem) -> float | None:
        """Optimum of another problem, in 万元; None: it has no solution."""
        raw = _solved(self._begun(problem)[0])
        return None if raw is None else raw.objective

    def _begun(self, problem: Problem) -> tuple[Engine, LinearModel]:
        _, model = formulate(problem, goal=self._goal, tier_bounds=self._tier_bounds, relaxed=True)
        engine = Engine(model, integer=False)
        for side in ("primal", "dual"):
            engine.set(f"{side}_feasibility_tolerance", EXACT_TOLERANCE)
        return engine, model


class ClassRelaxation(ParametricRelaxation):
    """The relaxation over classes of households, and over the choices that mattered to the search for the plan.

    Parameters
    ----------
    warm
        What the search has learnt: classes, choices and duals. Without it, classes are made anew, and the relaxation
        with every choice says which of them matter.

    Raises
    ------
    NoRelaxationError
        If it has no solution.
    """

    certain = False

    def __init__(
        self, problem: Problem, goal: str, tier_bounds: Sequence[TierBound] = (), *, warm: WarmStart | None = None
    ) -> None:
        self._goal, self._tier_bounds = goal, tuple(tier_bounds)
        factory = self._factory(problem)
        if warm is not None and warm.goal == goal:
            self._of_claim, then = warmth.classes_of(warm, factory.problem)
            relaxation = factory.relax(self._of_claim)
            opened = warmth.choices_of(warm, relaxation, then)
            duals = warmth.duals_of(warm, factory.problem, relaxation.model)
        else:
            self._of_claim = classify(factory.problem, CLASSES)
            relaxation = factory.relax(self._of_claim)
            opened, duals = _mattering(relaxation)
        self._opened = opened | _near(relaxation, duals)
        self._restricted, self._engine = _restricted(relaxation, self._opened)
        raw = _at_first(self._engine)
        if raw is None and not self._opened.all():
            # What was left out may be what a solution needs.
            self._opened = every_choice(relaxation)
            self._restricted, self._engine = _restricted(relaxation, self._opened)
            raw = _at_first(self._engine)
        if raw is None:
            raise NoRelaxationError(certain=False)
        self.value, self.duals = raw.objective, self._restricted.duals(_duals(raw))
        self.directions = Directions(relaxation.classes.problem, relaxation.model)
        self.classes, self.choices = int(self._of_claim.max()) + 1, int(self._opened.sum())

    def at(self, rows: IntArray, amounts: FloatArray, step: float) -> Point | None:
        """As of any relaxation; None: none over the choices that are open, which proves nothing."""
        raw = _moved(self._engine, self._restricted.model, self._restricted.row[rows], step * amounts)
        return (
            None
            if raw is None
            else Point(step, raw.objective, float(self._restricted.duals(_duals(raw))[rows] @ amounts))
        )

    def of(self, problem: Problem) -> float | None:
        """Optimum of another problem over the same classes, with a month's room on both sides of each choice."""
        relaxation = self._factory(problem).relax(self._of_claim)
        if self._opened.shape == (len(relaxation.classes.problem.offers), problem.calendar.months):
            opened = self._opened.copy()
            opened[:, :-1] |= self._opened[:, 1:]
            opened[:, 1:] |= self._opened[:, :-1]
        else:
            opened, _ = _mattering(relaxation)
        engine = _restricted(relaxation, opened)[1]
        # Nothing is solved from here: a value will do, and no vertex is looked for.
        engine.set("solver", "ipm")
        engine.set("run_crossover", "off")
        raw = engine.run()
        if _is_done(raw):
            return raw.objective if raw.status == "optimal" else None
        _raise_if_interrupted(raw)
        engine.set("run_crossover", "on")
        found = _at_first(engine)
        return None if found is None else found.objective

    def _factory(self, problem: Problem) -> RelaxationFactory:
        merged, _ = merge_needs(problem)
        return RelaxationFactory(merged, self._goal, self._tier_bounds, 1.0, idle=0.0)


def _restricted(relaxation: Relaxation, opened: BoolArray) -> tuple[RestrictedModel, Engine]:
    """The relaxation without slack over open choices."""
    choices = relaxation.f.choices
    restricted = restrict(relaxation.f, relaxation.strict(), opened[choices.offer, choices.month])
    return restricted, Engine(restricted.model, integer=False)


def _at_first(engine: Engine) -> Raw | None:
    """Solve from nothing: the first vertex comes from an interior point, all others from the one before."""
    engine.set("solver", "ipm")
    raw = _solved(engine)
    engine.set("solver", "simplex")
    return raw


def _near(relaxation: Relaxation, duals: FloatArray) -> BoolArray:
    """(offers of classes, T) choices that are the best of a class at these duals, or nearly."""
    f, model = relaxation.f, relaxation.model
    y = admissible(np.where(linking_rows(model), duals, 0.0), model)
    choice, never = relaxation.responses.reduced(y)
    best, claim = relaxation.if_allowed(never), relaxation.responses.claim
    np.minimum.at(best, claim, choice)
    fee = f.fee_fen.max(axis=1) / FEN_PER_WAN * np.maximum(f.problem.claims.weight, 1.0)
    near = choice - best[claim] <= NEAR * fee[claim]
    opened = np.zeros((len(f.problem.offers), f.problem.calendar.months), dtype=np.bool_)
    opened[f.choices.offer[near], f.choices.month[near]] = True
    return opened


def _mattering(relaxation: Relaxation) -> tuple[BoolArray, FloatArray]:
    """(offers of classes, T) choices in use where every choice is open, all of them where they are few; and duals."""
    every = every_choice(relaxation)
    answer = RestrictedMaster(relaxation, every, elastic=False).solve(np.inf)
    if answer.status == "interrupted":
        raise KeyboardInterrupt
    if answer.x is None or answer.duals is None:
        raise NoRelaxationError(certain=False)
    return (every if len(relaxation.f.choices.offer) <= FEW else in_use(relaxation, answer.x)), answer.duals


def _moved(engine: Engine, model: LinearModel, rows: IntArray, by: FloatArray) -> Raw | None:
    """Solve with rows moved, and move them back."""
    lower, upper = model.row_lower[rows], model.row_upper[rows]
    engine.bound_rows(rows, lower + by, upper + by)
    try:
        return _solved(engine)
    finally:
        engine.bound_rows(rows, lower, upper)


def _solved(engine: Engine) -> Raw | None:
    """Solve; None where there certainly is no solution. A run whose numbers are in doubt is made anew from nothing."""
    raw = engine.run()
    if not _is_done(raw):
        _raise_if_interrupted(raw)
        engine.forget()
        engine.set("solver", "ipm")
        raw = engine.run()
        engine.set("solver", "simplex")
    if _is_done(raw):
        return raw if raw.status == "optimal" else None
    _raise_if_interrupted(raw)
    raise SolverError(words("the solver's numbers are not good enough to tell prices of this problem"))


def _is_done(raw: Raw) -> bool:
    if raw.status == "infeasible":
        return True
    return raw.status == "optimal" and raw.x is not None and raw.row_dual is not None


def _raise_if_interrupted(raw: Raw) -> None:
    if raw.status == "interrupted":
        raise KeyboardInterrupt


def _duals(raw: Raw) -> FloatArray:
    assert raw.row_dual is not None
    return raw.row_dual
