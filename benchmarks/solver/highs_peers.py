"""The full linear relaxation in HiGHS: dual simplex, and interior point without crossover (IPX, HiPO)."""

import re

import highspy
import numpy as np
from highspy import HighsModelStatus, HighsStatus

from benchmarks.solver.relaxation import Sides, build, finish
from benchmarks.solver.task import Ask, Task
from renewopt.optimiser.model.linear import LinearModel
from renewopt.units import YUAN_PER_WAN

__all__ = ["bound_in_log", "solve", "takes"]

SIMPLEX_LINE = re.compile(r"^\s*\d+\s+(\S+)\s+Pr: .*Du: 0\(")
"""Iteration, objective, infeasibilities; second phase of the dual simplex, when its objective is a bound."""
IPX_LINE = re.compile(r"^\s*\d+\s+\S+\s+(\S+)\s+\S+\s+(\S+)\s+\S+\s+\S+\s*$")
"""Iteration, primal and dual objective, primal and dual infeasibility, gap, time."""
DUAL_FEASIBLE = 1e-6
FEASIBILITY = 0.1
"""Tolerance of feasibility asked of interior points, as a share of the gap; HiGHS's own would be much stricter."""


def takes(solver: str) -> bool:
    """Whether this HiGHS has a solver of that name."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    return bool(highs.setOptionValue("solver", solver) == HighsStatus.kOk)


def bound_in_log(line: str, solver: str) -> float | None:
    """Read the bound (in the model's unit) off a line of HiGHS's log, if it states one."""
    if solver == "simplex":
        found = SIMPLEX_LINE.match(line)
        return float(found[1]) if found else None
    if solver == "ipx":
        found = IPX_LINE.match(line)
        return float(found[1]) if found and float(found[2]) <= DUAL_FEASIBLE else None
    return None


def options(solver: str, ask: Ask) -> dict[str, str | float | int | bool]:
    """Options of HiGHS: interior point is asked for the gap and no more, simplex knows no gap."""
    chosen: dict[str, str | float | int | bool] = {
        "log_to_console": False,
        "solver": solver,
        "threads": ask.threads,
        "time_limit": ask.time_limit,
    }
    if solver != "simplex":
        feasible = max(1e-7, ask.gap * FEASIBILITY)
        chosen |= {
            "run_crossover": "off",
            "ipm_optimality_tolerance": ask.gap,
            "primal_feasibility_tolerance": feasible,
            "dual_feasibility_tolerance": feasible,
        }
    return chosen


def solve(task: Task, solver: str) -> None:
    """Solve the relaxation by one solver of HiGHS."""
    tell, ask = task.tell, task.ask
    model = build(task)
    tell.step("hand_over")
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    if highs.passModel(_lp(model)) == HighsStatus.kError:
        raise RuntimeError("HiGHS refused the model")
    sides = Sides(model)
    del model
    highs.setOptionValue("output_flag", True)
    for option, value in options(solver, ask).items():
        if highs.setOptionValue(option, value) != HighsStatus.kOk:
            raise RuntimeError(f"HiGHS does not take {value!r} for its option {option}")
    highs.setOptionValue("time_limit", max(0.0, ask.time_limit - tell.at))

    def logged(event: highspy.highs.HighsCallbackEvent) -> None:
        for line in event.message.splitlines():
            bound = bound_in_log(line, solver)
            if bound is not None:
                tell.know(None, bound * YUAN_PER_WAN)

    highs.cbLogging.subscribe(logged)
    tell.step("solve")
    highs.run()
    _read(task, highs, sides)


def _read(task: Task, highs: highspy.Highs, sides: Sides) -> None:
    """Take the answer: optimal, or within the asked gap by its own primal and dual values."""
    status, info, answer = highs.getModelStatus(), highs.getInfo(), highs.getSolution()
    said = "infeasible" if status == HighsModelStatus.kInfeasible else highs.modelStatusToString(status).lower()
    if status not in (HighsModelStatus.kOptimal, HighsModelStatus.kUnknown) or not answer.dual_valid:
        finish(task, said, solved=False, value=None, bound=None)
        return
    value = info.objective_function_value
    bound = min(value, sides.dual_value(np.array(answer.row_dual), np.array(answer.col_dual)))
    # Without crossover HiGHS calls an answer unknown where it misses 1e-7, though nothing finer was asked for.
    missed = max(info.max_relative_primal_infeasibility, info.max_relative_dual_infeasibility)
    near = missed <= task.ask.gap and value - bound <= 2 * task.ask.gap * max(1.0, abs(value))
    finish(task, said, solved=status == HighsModelStatus.kOptimal or near, value=value, bound=bound)


def _lp(model: LinearModel) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    rows, columns, _ = model.shape
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.offset_ = model.offset
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.start.astype(np.int32)
    lp.a_matrix_.index_ = model.index.astype(np.int32)
    lp.a_matrix_.value_ = model.value
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = columns, rows
    return lp
