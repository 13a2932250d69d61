"""The model with open starts, asked for a bound and for promising starts, again and again."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.model.objective_steps import lifted, objective_step
from renewopt.optimiser.model.start_options import CLOSED
from renewopt.optimiser.starts.widening import OpenStarts
from renewopt.optimiser.starts.windows import ruled_out, starts_of, tightened
from renewopt.scheduling import NEVER_STARTS
from renewopt.units import FEN_PER_WAN, FEN_PER_YUAN, YUAN_PER_WAN

INTEGRALITY = 1e-9


WHOLE_CHOICES = 6_000
"""Up to so many choices (offer × month, of all copies) households are whole in it; beyond, only starts and phases."""
SHARES = (0.5, 0.3, 0.7, 0.9)
"""Of an activity begun in the relaxation, from which on it is taken to have begun."""


def fits(choices: int) -> bool:
    """Whether a model with so many choices is asked with whole households, for a proof."""
    return choices <= WHOLE_CHOICES


class OpenModel:
    """The model with open starts, in HiGHS.

    Attributes
    ----------
    whole
        Whether households are whole in it, and not starts and phases alone.
    interrupted
        Whether Ctrl-C, or a wish to stop, ended its relaxation.
    """

    def __init__(self, opened: OpenStarts, objective: str, gap: float) -> None:
        problem, self.options = loosened(opened.problem), opened.options
        self.f, model = formulate(problem, goal=objective, starts=self.options)
        self.whole = fits(len(self.f.choices))
        if not self.whole:
            integer = np.zeros_like(model.integer)
            for name in ("begun", "complete"):
                integer[self.f[name].index] = True
            model = replace(model, integer=integer)
        self.model = model
        self._relaxed: Raw | None = None
        self.interrupted = False
        self.engine = Engine(self.model)
        self.engine.set("mip_rel_gap", max(gap / 2, 0.0))
        self.engine.set("mip_abs_gap", 2e-5)
        self.engine.set("mip_feasibility_tolerance", INTEGRALITY)
        self.engine.set("primal_feasibility_tolerance", INTEGRALITY)

    def ask(self, time_limit: float) -> tuple[str, float, IntArray | None]:
        """Status, proven bound in yuan for all that is not ruled out, and the most promising starts."""
        raw = self.engine.run(time_limit=time_limit)
        if raw.status == "infeasible":
            return raw.status, math.inf, None
        bound = (lifted(raw.bound, self.model) if self.whole else raw.bound) * YUAN_PER_WAN
        return raw.status, bound, None if raw.x is None else self.starts(raw.x)

    def no_later(self, value: float) -> None:
        """Close the starts whose delay alone makes everything as dear as a plan at hand of so many yuan, or dearer.

        Fees and what else the transition fees are made of are never negative, so that what delay costs at the least is
        a bound: that of one start, and of all others in their best months. Precedence hands on what is closed. Where
        the objective moves in steps, what is not a step better is as dear.
        """
        options = self.options
        size = np.diff(options.begin)
        idle = np.where(options.must, np.iinfo(np.int64).max, options.idle)
        least = idle.copy()
        np.minimum.at(least, options.activity, options.cost)
        if (least == np.iinfo(np.int64).max).any():
            return
        step = objective_step(self.model) * FEN_PER_WAN if self.whole else 0.0
        spare = value * FEN_PER_YUAN - step - float(least.sum())
        dear = options.cost - least[options.activity] > spare + FEN_PER_YUAN
        first, last = options.first.copy(), options.last.copy()
        for activity in np.flatnonzero(size):
            kept = options.month[options.begin[activity] : options.begin[activity + 1]][
                ~dear[options.begin[activity] : options.begin[activity + 1]]
            ]
            first[activity], last[activity] = (kept[0], kept[-1]) if kept.size else (CLOSED, CLOSED - 1)
        must = options.must | (options.idle - least > spare + FEN_PER_YUAN)
        first, last = tightened(first, last, must, (options.before, options.after, options.gap))
        closed = (options.month < first[options.activity]) | (options.month > last[options.activity])
        self._close(dear | closed)

    def relaxed(self, time_limit: float) -> float:
        """Bound of the linear relaxation in yuan.

        Interior point and crossover: the simplex method takes minutes where this takes one.
        """
        engine = Engine(self.model, integer=False)
        engine.set("solver", "ipm")
        raw = engine.run(time_limit=time_limit)
        self.interrupted = raw.status == "interrupted"
        if raw.status != "optimal" or raw.column_dual is None or raw.x is None:
            return math.inf if raw.status == "infeasible" else -math.inf
        self._relaxed = raw
        return raw.objective * YUAN_PER_WAN

    def close_dear(self, value: float) -> None:
        """Close the starts whose reduced cost in the relaxation goes beyond a plan at hand of so many yuan.

        Whatever starts in a month costs the bound and that reduced cost at the least (reduced-cost fixing).
        """
        raw = self._relaxed
        if raw is None or raw.column_dual is None:
            return
        reduced = raw.column_dual[self.f["start"].index]
        self._close(reduced > value / YUAN_PER_WAN - raw.objective + 1.0 / YUAN_PER_WAN)

    def wishes(self) -> list[IntArray]:
        """Months by which some share of each activity has begun in the relaxation; left out where none is."""
        raw, options = self._relaxed, self.options
        if raw is None or raw.x is None:
            return []
        begun = raw.x[self.f["begun"].index]
        result = []
        for share in SHARES:
            wish = np.full(len(options), NEVER_STARTS, dtype=np.int64)
            option = np.flatnonzero(begun >= share)
            # Of each activity the first: later ones are written before it.
            wish[options.activity[option[::-1]]] = options.month[option[::-1]]
            result.append(wish)
        return result

    def _close(self, options: BoolArray) -> None:
        """Let nothing start in some months."""
        column = self.f["start"].index[options]
        nothing = np.zeros(column.size)
        self.engine.bound_columns(column, nothing, nothing)

    def begin_with(self, starts: IntArray) -> None:
        """Give the next answer a schedule to begin with."""
        options = self.options
        month = np.where(starts == NEVER_STARTS, CLOSED, starts)
        begun = options.month >= month[options.activity]
        self.engine.start_from(self.f["begun"].index, begun.astype(np.float64))

    def starts(self, x: FloatArray) -> IntArray:
        """(A,) starts of a whole answer."""
        return starts_of(self.options, x[self.f["start"].index])

    def rule_out(self, starts: IntArray) -> None:
        """Leave one schedule out of the next answers."""
        self.engine.add_row(*ruled_out(self.options, self.f, starts))
