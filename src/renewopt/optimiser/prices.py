"""Prices of money and homes by month: what one unit more would save, as the relaxation says.

The relaxation lets parts of households and of phases be decided. Its duals say how much its optimum falls for each
unit more of what is scarce. They hold for small changes of the relaxation, not for the whole plan, and where several
limits bind at once (a degenerate optimum) they are one of several right answers: what a unit more saves is then at
most the price, and what a unit less costs at least the price.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.linear import FloatArray, LinearModel
from renewopt.problem import Problem
from renewopt.units import YUAN_PER_WAN

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("kind", "id", "month", "price_yuan")
NOTHING = 1e-9
"""Duals below this are noise."""
LEAST_SECONDS = 5.0
"""The relaxation is small and worth waiting for, even when the search has used up its time."""


@dataclass(frozen=True, eq=False)
class Prices:
    """Yuan by which the objective falls for each unit more. Columns of one length.

    Attributes
    ----------
    kind
        (n,) object: ``money``: a yuan more in a fund; ``homes``: a home (m², person) more in a pool; ``transfer``: a
        home more of a reserved pool open to other projects; ``limit``: a household more in a limit on settling.
    id
        (n,) object: fund, pool or limit.
    month
        (n,) object: ``YYYY-MM`` from which it is there; "" for a limit on all months together.
    yuan
        (n,) float64, ≥ 0 up to degeneracy: 0 where there is enough.
    """

    kind: NDArray[np.object_]
    id: NDArray[np.object_]
    month: NDArray[np.object_]
    yuan: FloatArray

    def __len__(self) -> int:
        return int(self.yuan.size)

    def table(self) -> pd.DataFrame:
        """Columns ``kind``, ``id``, ``month``, ``price_yuan``; one row for each kind, id and month."""
        import pandas as pd

        texts = [pd.Series(column, dtype=object) for column in (self.kind, self.id, self.month)]
        return pd.DataFrame(dict(zip(COLUMNS, (*texts, self.yuan), strict=True)))


def prices_from_duals(problem: Problem, model: LinearModel, row_dual: FloatArray) -> Prices:
    """Read prices off the duals of a relaxation.

    Parameters
    ----------
    problem, model
        What was solved, alike needs merged or not: the model's rows ``fund``, ``stock``, ``reservation`` and ``limit``
        are read, where it has them.
    row_dual
        (rows,) change of the objective (万元) for each unit more on the row's right-hand side.
    """
    label = np.array([problem.calendar.label(t) for t in range(problem.calendar.curve_months)], dtype=object)
    parts = []
    for kind, row, ids, scale in (
        ("money", "fund", problem.funds.id, 1.0),
        ("homes", "stock", problem.pools.id, float(YUAN_PER_WAN)),
        ("transfer", "reservation", problem.pools.id, float(YUAN_PER_WAN)),
        ("limit", "limit", problem.limits.id, float(YUAN_PER_WAN)),
    ):
        if row not in model.rows or not model.rows[row].size:
            continue
        block = model.rows[row]
        item, month = block.keys
        shown = label[np.minimum(month, label.size - 1)]
        if kind == "limit":
            shown = np.where(problem.limits.monthly[item], shown, "")
        price = -scale * row_dual[block.index]
        price = np.where(np.abs(price) > NOTHING * scale, price, 0.0)
        parts.append((np.full(block.size, kind, dtype=object), ids[item].astype(object), shown.astype(object), price))
    if not parts:
        nothing = np.zeros(0, dtype=object)
        return Prices(nothing, nothing, nothing, np.zeros(0))
    kinds, ids, months, yuan = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Prices(kinds, ids, months, yuan)


def relaxation_prices(f: Formulation, model: LinearModel, *, time_limit: float) -> Prices | None:
    """Solve the relaxation of a model, phases free, and read its prices; None if it cannot be solved in time."""
    engine = Engine(model, integer=False)
    raw = engine.run(time_limit=max(time_limit, LEAST_SECONDS))
    if raw.status != "optimal" or raw.row_dual is None:
        return None
    return prices_from_duals(f.problem, model, raw.row_dual)
