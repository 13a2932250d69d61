"""The plain linear relaxation that the peers are given, and the bound in the prices that they return."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.solver.task import Task
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import LinearModel
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.units import YUAN_PER_WAN

__all__ = ["Sides", "build", "finish"]

FloatArray = NDArray[np.float64]


class Sides:
    """The bounds of rows and columns, kept when the rest of a model is let go.

    Parameters
    ----------
    model
        Whose bounds.
    """

    def __init__(self, model: LinearModel) -> None:
        self.row_lower, self.row_upper = model.row_lower, model.row_upper
        self.lower, self.upper = model.lower, model.upper
        self.offset = model.offset

    def dual_value(self, row_dual: FloatArray, column_dual: FloatArray) -> float:
        """Value (万元) of the prices of rows and columns.

        A price on a side that is not there (a solver's infeasibility) counts nothing, in the solver's favour.
        """
        total = self.offset
        for price, low, high in (
            (row_dual, self.row_lower, self.row_upper),
            (column_dual, self.lower, self.upper),
        ):
            side = np.where(price > 0, low, high)
            total += float((price * np.where(np.isfinite(side), side, 0.0)).sum())
        return total


def build(task: Task) -> LinearModel:
    """Build the relaxation of the task's problem, with alike needs merged."""
    task.tell.step("build")
    merged, _ = merge_needs(task.take())
    _, model = formulate(merged, relaxed=True)
    task.tell.shape(*model.shape)
    return model


def finish(task: Task, said: str, *, solved: bool, value: float | None, bound: float | None) -> None:
    """Tell how a peer ended; `value` and `bound` in 万元 (by its tolerance it may take the one for above the other)."""
    low = None if bound is None or value is None else min(bound, value) * YUAN_PER_WAN
    if solved:
        task.tell.know(None, low)
    task.tell.end(
        status="solved" if solved else "infeasible" if said == "infeasible" else "stopped",
        said=said,
        objective=None if value is None else value * YUAN_PER_WAN,
        bound=low if solved else None,
        seconds={},
    )
