"""Valid inequalities for whole phases: what groups of households have taken from some pools by a month.

The relaxation lets half a phase deliver half its homes, and all of these to few households. What one group of them can
take is bounded by its own number as well; rounding the number of phases that this asks for up says how much of the
group a part of a phase may serve. The rows hold for every whole plan. They see the households' choices only through
the columns ``taken``, so that a price for each group, pool and month is all that the households have to know of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.model.choices import stock_taken
from renewopt.optimiser.model.columns import Layout
from renewopt.optimiser.model.entries import by_rows
from renewopt.optimiser.model.linear import (
    INFINITY,
    Block,
    Columns,
    FloatArray,
    IntArray,
    LinearModel,
    Owner,
    Role,
    Unit,
)

EFFECTIVE, RESIDUAL = "effective_capacity", "residual_capacity"


@dataclass(frozen=True)
class PhaseCut:
    r"""Homes that some groups have taken from some pools up to a month ≤ what whole phases can have given to them.

    .. math:: \sum_{g \in G} \sum_{p \in P} \mathit{weight}_p \, \mathit{taken}_{g,p,t} \le \mathit{upper}
        + \sum_e \mathit{served}_e \, \mathit{complete}_{e,\min(t, T - 1)}

    Attributes
    ----------
    kind
        `EFFECTIVE` or `RESIDUAL`: the block of rows in which it stands.
    groups, pools, month
        Of ``taken``.
    weights
        What a home of each pool counts.
    phases, served
        Coefficients of the phases, weighted homes.
    upper
        Weighted homes.
    """

    kind: str
    groups: tuple[int, ...]
    pools: tuple[int, ...]
    weights: tuple[int, ...]
    month: int
    phases: tuple[int, ...]
    served: tuple[float, ...]
    upper: float


def _columns_of(cut: PhaseCut, used: IntArray, pools: int) -> tuple[IntArray, FloatArray]:
    """Groups × pools of a row that are in use, as group · P + pool, and what a home of each counts."""
    where = (np.array(cut.groups)[:, None] * pools + np.array(cut.pools)).ravel()
    weight = np.tile(np.array(cut.weights, dtype=np.float64), len(cut.groups))
    seen = used[np.minimum(np.searchsorted(used, where), used.size - 1)] == where
    return where[seen], weight[seen]


def with_cuts(f: Layout, model: LinearModel, group: IntArray, cuts: Sequence[PhaseCut]) -> LinearModel:
    """Append the rows of the cuts to a model, and the columns that they are about.

    Parameters
    ----------
    group
        (H,) group of each claim of the model's problem.
    """
    if not cuts:
        return model
    pools, span = len(f.problem.pools), int(max(f.choices.housed.max(initial=0), *(cut.month for cut in cuts))) + 1
    taken = stock_taken(f.problem, f.choices)
    of = group[f.choices.claim[taken.choice]] * pools + taken.target
    # A group whose offers take nothing from a pool has no column for it.
    used = np.unique(of)
    of_cuts = [(cut, _columns_of(cut, used, pools)) for cut in cuts]
    code = np.unique(np.concatenate([where * span + cut.month for cut, (where, _) in of_cuts]))
    place, month = np.divmod(code, span)
    column = model.cost.size + np.arange(code.size)
    row, at, value = [np.arange(code.size)], [column], [np.full(code.size, -1.0)]
    later = np.flatnonzero(place[1:] == place[:-1]) + 1
    row.append(later)
    at.append(column[later - 1])
    value.append(np.ones(later.size))
    slot = np.searchsorted(code, of * span + taken.month)
    seen = np.flatnonzero((slot < code.size) & (place[np.minimum(slot, code.size - 1)] == of))
    row.append(slot[seen])
    at.append(f["settle"].index[taken.choice[seen]])
    value.append(taken.fen[seen] / 100.0 * f.choices.unit[taken.choice[seen]])
    rows = {"taken": Block("taken", model.row_lower.size, code.size, (*np.divmod(place, pools), month), "gpt")}
    lower, upper = [np.zeros(code.size)], [np.zeros(code.size)]
    complete = f["complete"].index.reshape(len(f.problem.phases), -1)
    size = code.size
    for kind in (EFFECTIVE, RESIDUAL):
        mine = [each for each in of_cuts if each[0].kind == kind]
        for k, (cut, (where, weight)) in enumerate(mine):
            own = np.searchsorted(code, where * span + cut.month)
            by_then = complete[list(cut.phases), min(cut.month, complete.shape[1] - 1)]
            row.append(np.full(own.size + by_then.size, size + k))
            at.append(np.concatenate([column[own], by_then]))
            value.append(np.concatenate([weight, -np.array(cut.served)]))
        keys = np.arange(len(mine), dtype=np.int64), np.array([cut.month for cut, _ in mine], dtype=np.int64)
        rows[kind] = Block(kind, model.row_lower.size + size, len(mine), keys, "kt")
        lower.append(np.full(len(mine), -INFINITY))
        upper.append(np.array([cut.upper for cut, _ in mine]))
        size += len(mine)
    width = model.cost.size + code.size
    extra = by_rows(np.concatenate(row), np.concatenate(at), np.concatenate(value), (size, width))
    block = Columns(
        "taken", model.cost.size, code.size, rows["taken"].keys, "gpt",
        role=Role.STATE, unit=Unit.STOCK, owner=Owner.SUPPLY, source="taken",
        meaning="homes that group g has taken from pool p up to t; only in rows on whole phases",
    )  # fmt: skip
    nothing = np.zeros(code.size)
    return replace(
        model,
        cost=np.concatenate([model.cost, nothing]),
        lower=np.concatenate([model.lower, nothing]),
        upper=np.concatenate([model.upper, nothing + INFINITY]),
        integer=np.concatenate([model.integer, np.zeros(code.size, dtype=np.bool_)]),
        row_lower=np.concatenate([model.row_lower, *lower]),
        row_upper=np.concatenate([model.row_upper, *upper]),
        start=np.concatenate([model.start, model.start[-1] + extra.start[1:]]),
        index=np.concatenate([model.index, extra.index]),
        value=np.concatenate([model.value, extra.value]),
        columns={**model.columns, "taken": block},
        rows={**model.rows, **rows},
    )
