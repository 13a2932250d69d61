"""Supply and money at given duals: the small linear programme that a Lagrangian bound has besides the households.

With the rows in which households meet relaxed at duals y (`renewopt.optimiser.decomposition.lagrangian`), what is left
of phases, funds and loans is a linear programme of its own. For any y its value and the households' best responses add
up to a lower bound (weak duality), wherever y comes from.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from renewopt.optimiser.decomposition.lagrangian import linking_rows
from renewopt.optimiser.decomposition.restricted_master import dual_value
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.entries import by_rows
from renewopt.optimiser.model.linear import FloatArray, LinearModel, Owner, add_up

__all__ = ["supply_value"]


def supply_value(model: LinearModel, y: FloatArray) -> float:
    """Value of supply and money at duals of the linking rows, in 万元; −inf where these duals prove nothing.

    Parameters
    ----------
    model
        A relaxation of the problem, its households merged or not: of them only the rows matter in which they meet.
    y
        (rows,) admissible duals, 0 but for linking rows.
    """
    linking = linking_rows(model)
    kept_rows = ~linking
    kept_rows[model.rows["household"].index] = False
    kept = np.ones(model.cost.size, dtype=np.bool_)
    for block in model.columns.values():
        if block.owner is Owner.HOUSEHOLD:
            kept[block.index] = False
    row, column, value = model.entry_rows(), model.index, model.value
    side = np.where(y > 0, model.row_lower, model.row_upper)
    priced = float((y * np.where(y != 0, side, 0.0)).sum())
    entry = kept_rows[row] & kept[column]
    rest = by_rows(
        (np.cumsum(kept_rows) - 1)[row[entry]],
        (np.cumsum(kept) - 1)[column[entry]],
        value[entry],
        (int(kept_rows.sum()), int(kept.sum())),
    )
    small = replace(
        model,
        cost=(model.cost - add_up(column, value * y[row], kept.size))[kept],
        offset=0.0,
        lower=model.lower[kept],
        upper=model.upper[kept],
        integer=np.zeros(int(kept.sum()), dtype=np.bool_),
        row_lower=model.row_lower[kept_rows],
        row_upper=model.row_upper[kept_rows],
        start=rest.start,
        index=rest.index,
        value=rest.value,
        columns={},
        rows={},
    )
    raw = Engine(small, integer=False).run()
    if raw.status != "optimal" or raw.row_dual is None or raw.column_dual is None:
        return -math.inf
    return model.offset + priced + min(raw.objective, dual_value(small, raw.row_dual, raw.column_dual))
