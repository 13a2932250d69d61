"""Steps of an objective: its values over whole plans lie a common divisor of its costs apart.

What is proven between two of these values holds for the upper one. A solver that leaves out what cannot be a step
better than its best answer may call that proven, and still tell the lower bound that it stood at.
"""

from __future__ import annotations

import math

import numpy as np

from renewopt.optimiser.model.linear import LinearModel
from renewopt.units import FEN_PER_WAN

PARTS = 1_000
"""Costs are reckoned in thousandths of a fen: fees in fen, weights of up to three decimals."""
WHOLE = 1e-4
"""Such a part is whole within this."""
NOISE = 1e-9
"""Share of a bound that may be the solver's rounding, not proof."""


def objective_step(model: LinearModel) -> float:
    """Common divisor of the values that the objective takes, in its unit; 0 where it may take any value.

    Households' waiting follows from their choices, and is as whole as these are; starts follow from what has begun.
    """
    priced = np.flatnonzero(model.cost)
    whole = model.integer.copy()
    for name in ("waiting", "start"):
        if name in model.columns:
            whole[model.columns[name].index] = True
    if not priced.size or not whole[priced].all():
        return 0.0
    parts = model.cost[priced] * (FEN_PER_WAN * PARTS)
    rounded = np.rint(parts)
    if (np.abs(parts - rounded) > WHOLE).any():
        return 0.0
    return float(np.gcd.reduce(rounded.astype(np.int64))) / (FEN_PER_WAN * PARTS)


def lifted(bound: float, model: LinearModel) -> float:
    """The least value of the objective over whole plans that a lower bound allows."""
    step = objective_step(model)
    if step <= 0.0 or not math.isfinite(bound):
        return bound
    above = (bound - model.offset) / step - NOISE * max(1.0, abs(bound)) / step
    return max(bound, model.offset + step * math.ceil(above))
