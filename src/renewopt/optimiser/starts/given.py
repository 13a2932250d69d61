"""The relaxation of the plans for given starts, and its prices: what a schedule is worth, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.decomposition.classes import classify, merge
from renewopt.optimiser.decomposition.pricing import RowPrices
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import FloatArray, IntArray, LinearModel
from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.widening import OpenStarts
from renewopt.problem import Problem
from renewopt.problem.subsets import subset
from renewopt.scheduling import NEVER_STARTS

CLASSES = 200
"""Classes of households at the most; what is proven at the prices that come of it is reckoned for each household."""


@dataclass(frozen=True, eq=False)
class Priced:
    """A relaxation solved: its value in 万元, and prices of the rows in which households meet."""

    value: float
    prices: RowPrices


def in_classes(opened: OpenStarts, claims: IntArray) -> tuple[Problem, IntArray]:
    """Some claims of a problem with open starts, in classes where they are many, and the option of each.

    What cannot be paid may be lacking, at its penalty, so that there are prices in any case.
    """
    problem, option = subset(opened.problem, claims)[0], opened.options.claim_option[claims]
    if len(problem.claims) > CLASSES:
        of_claim = classify(problem, CLASSES)
        problem, option = merge(problem, of_claim).problem, option[np.unique(of_claim, return_index=True)[1]]
    return replace(problem, objective=replace(problem.objective, shortfall_priced=True)), option


def relaxation_engine(model: LinearModel) -> Engine:
    """HiGHS for a linear relaxation: no corner is needed, and the way to one takes many times as long."""
    engine = Engine(model, integer=False)
    engine.set("solver", "ipm")
    engine.set("run_crossover", "off")
    return engine


def priced(
    opened: OpenStarts, model: LinearModel, engine: Engine, time_limit: float, limits: int
) -> tuple[str, Priced | None]:
    """Solve a relaxation with so many limits on goals; as `Raw.status`, and what was found if it was solved."""
    raw = engine.run(time_limit=time_limit)
    if raw.row_dual is None:
        return raw.status, None
    return raw.status, Priced(raw.objective, RowPrices.of(opened.problem, model, raw.row_dual, limits))


class GivenStarts:
    """The relaxation of the plans for given starts."""

    def __init__(self, opened: OpenStarts, aim: Aim, starts: IntArray) -> None:
        self._opened, options = opened, opened.options
        month = starts[options.activity]
        there = (month != NEVER_STARTS) & (options.month == month)
        option = options.claim_option
        problem, option = in_classes(opened, np.flatnonzero((option < 0) | there[np.maximum(option, 0)]))
        self._f: Formulation
        self._f, self._model = aim.formulate(problem, replace(options, claim_option=option), elastic=True)
        self._limits = len(aim.most)
        self._engine = relaxation_engine(self._model)
        begun = ((month != NEVER_STARTS) & (options.month >= month)).astype(np.float64)
        self._engine.bound_columns(self._f["begun"].index, begun, begun)

    def solve(self, time_limit: float, complete: FloatArray | None = None) -> tuple[str, Priced | None]:
        """With any phases, or with complete[e, t] (E, T) as stated."""
        column = self._f["complete"].index
        lower, upper = self._model.lower[column], self._model.upper[column]
        if complete is not None:
            lower = upper = complete.ravel()
        self._engine.bound_columns(column, lower, upper)
        self._engine.forget()
        return priced(self._opened, self._model, self._engine, time_limit, self._limits)
