"""Where the duals come from at which households are priced: what a search has kept, or a relaxation solved for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.decomposition import warm as warmth
from renewopt.optimiser.decomposition.ascent import DualAscent
from renewopt.optimiser.decomposition.classes import classify, signatures
from renewopt.optimiser.decomposition.lagrangian import admissible, linking_rows
from renewopt.optimiser.decomposition.pricing import HouseholdPricing, RowPrices
from renewopt.optimiser.decomposition.relaxation import Relaxation, RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import priced, spread
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.memory import choices
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.progress import Clock
from renewopt.optimiser.reduced_costs.supply import supply_value
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem
from renewopt.wording import words

__all__ = ["PricedRows", "price_rows"]

WHOLE = 60_000
"""Choices (offer × month) up to which the relaxation is solved household by household; beyond, by dual ascent."""
CLASSES = 200
PENALTY = 100.0
"""Yuan for a yuan of slack while the dual ascent looks for duals."""
CLOSE = 1e-5
"""Share of the bound at which the ascent ends."""


@dataclass(frozen=True, eq=False)
class PricedRows:
    """The rows in which households meet, priced.

    Attributes
    ----------
    pricing
        The households' side.
    prices
        Duals, 万元.
    supply
        What supply and money are worth at them (`supply_value`), 万元.
    stored
        Whether they are those that a search had kept.
    """

    pricing: HouseholdPricing
    prices: RowPrices
    supply: float
    stored: bool


def price_rows(
    problem: Problem, goal: str, tier_bounds: tuple[TierBound, ...], warm: WarmStart | None, clock: Clock
) -> PricedRows:
    """Find duals of a problem: those of the warm start where they prove anything, else of its relaxation.

    Parameters
    ----------
    problem
        Presolved, loosened, its needs merged.

    Raises
    ------
    SolverError
        If the relaxation cannot be solved.
    """
    factory = RelaxationFactory(problem, goal, tier_bounds, PENALTY, 0.0)
    if warm is not None and warm.goal == goal and not tier_bounds:
        relaxation = factory.relax(signatures(problem))
        priced = _at(factory, relaxation, warmth.duals_of(warm, problem, relaxation.model), stored=True)
        if math.isfinite(priced.supply):
            return priced
    clock.report("relaxation")
    if choices(problem) <= WHOLE:
        relaxation, y = _solved(factory)
    else:
        relaxation, y = _ascended(factory, clock)
    priced = _at(factory, relaxation, y, stored=False)
    if not math.isfinite(priced.supply):
        raise SolverError(words("the relaxation of this plan's problem could not be solved: its prices prove nothing"))
    return priced


def _at(factory: RelaxationFactory, relaxation: Relaxation, y: FloatArray, *, stored: bool) -> PricedRows:
    model = relaxation.strict()
    y = admissible(np.where(linking_rows(model), y, 0.0), model)
    return PricedRows(factory.pricing, factory.row_prices(relaxation, y), supply_value(model, y), stored)


def _solved(factory: RelaxationFactory) -> tuple[Relaxation, FloatArray]:
    """The relaxation of the households themselves, at a corner."""
    relaxation = factory.relax(np.arange(len(factory.problem.claims)))
    raw = Engine(relaxation.strict(), integer=False).run()
    y = np.zeros(relaxation.model.row_lower.size) if raw.row_dual is None else raw.row_dual
    return relaxation, y


def _ascended(factory: RelaxationFactory, clock: Clock) -> tuple[Relaxation, FloatArray]:
    """The same by dual ascent over classes, as the structured path begins."""
    relaxation = factory.relax(classify(factory.problem, CLASSES))
    elastic = False
    answer, opened = priced(relaxation, spread(relaxation), lambda: clock.left, elastic=False)
    if answer.x is None:
        elastic = True
        answer, opened = priced(relaxation, opened, lambda: clock.left, elastic=True)
    found = factory.evaluate(relaxation, answer)
    if found is None:
        return relaxation, np.zeros(relaxation.model.row_lower.size)
    ascent = DualAscent(factory, clock, relaxation, found, elastic=elastic, opened=opened)
    del relaxation
    ascent.ascend(CLOSE)
    incumbent = ascent.incumbent
    return incumbent.relaxation, incumbent.solved.centre.y
