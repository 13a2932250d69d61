"""Run a solver through PuLP and report no more of the outcome than is certain.

PuLP calls a run that HiGHS stopped at its time limit optimal, passes unknown options over in silence, and shows
values of models that have no solution. Hence: HiGHS is asked itself; of CBC its log is read; of other solvers only the
values are used; and every solution is checked against the model, row by row.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pulp
from highspy import HighsModelStatus, HighsStatus, SolutionStatus

from renewopt import stopping
from renewopt.optimiser.highs import STATUS, THREADS, Engine, QuietHighs, Raw, SolverError
from renewopt.optimiser.model.linear import INFINITY, FloatArray, LinearModel
from renewopt.wording import Names, words

ALIASES = {"cbc": "PULP_CBC_CMD", "highs": "HiGHS"}
ABSOLUTE_GAP = 2e-5
INTEGRALITY = 1e-9
WHOLE = 1e-5
"""How far from whole a whole column may be."""
KEPT = 1e-6
"""By how much a row may be missed, for each unit of its size; the ledger is exact later on."""
CBC_DIGITS = 1e-3
"""CBC writes its lower bound with three digits after the point."""
LOWER = "_low"
"""Ending of the constraint that holds a row from below, where another one holds it from above."""
NO_PLAN = (pulp.LpStatusInfeasible, pulp.LpStatusUnbounded)
"""By `status`: in `sol_status` PuLP also calls infeasible what is undefined or not solved."""


class SilentHiGHS(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's way to HiGHS, but for the banner that HiGHS prints before PuLP can silence it.

    It ends early where that is asked for, unless the user has callbacks of his own.
    """

    def createAndConfigureSolver(self, lp: Any) -> None:  # noqa: N802
        """Make the solver and set its options, as PuLP does."""
        lp.solverModel = QuietHighs()  # type: ignore[no-untyped-call]
        stated = {
            "mip_rel_gap": self.gapRel,
            "mip_abs_gap": self.gapAbs,
            "threads": self.threads or THREADS,
            "time_limit": None if self.timeLimit is None else float(self.timeLimit),
        }
        if self.callbackTuple:
            lp.solverModel.setCallback(*self.callbackTuple)
        for kind in self.callbacksToActivate or ():
            lp.solverModel.startCallback(kind)
        for option, value in (stated | self.optionsDict).items():
            if value is not None:
                lp.solverModel.setOptionValue(option, value)

    def callSolver(self, lp: Any) -> None:  # noqa: N802
        """Run the solver in a thread: whoever waits for it hears Ctrl-C."""
        highs = lp.solverModel
        stop = threading.Event()

        def check(event: Any) -> None:
            if stop.is_set():
                event.interrupt()

        if not self.callbackTuple:
            for each in (highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
                each.subscribe(check)
        worker = threading.Thread(target=highs.run, daemon=True)
        worker.start()
        while worker.is_alive():
            try:
                worker.join(0.02)
            except KeyboardInterrupt:
                stop.set()
            if stopping.asked():
                stop.set()


class _Child(subprocess.Popen[bytes]):
    """A solver's process that does not outlive the search."""

    def __init__(self, arguments: Any, *, stdout: Any = None, **options: Any) -> None:
        super().__init__(arguments, stdout=stdout, **options)
        self._log = stdout

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; end it where the work is to end early.

        Raises
        ------
        KeyboardInterrupt
        """
        if timeout is not None:
            return super().wait(timeout)
        try:
            while True:
                try:
                    return super().wait(0.1)
                except subprocess.TimeoutExpired:
                    stopping.raise_if_asked()
        except KeyboardInterrupt:
            self.kill()
            super().wait()
            if hasattr(self._log, "close"):
                self._log.close()
            raise


def _call(arguments: Any, **options: Any) -> int:
    return _Child(arguments, **options).wait()


@contextmanager
def _ended_with_us(solver: Any) -> Iterator[None]:
    """Within it the process of a solver is a `_Child`: PuLP keeps it to itself, and leaves it running on Ctrl-C."""
    room: Any = sys.modules[type(solver).__module__]
    before = getattr(room, "subprocess", None)
    if before is None:
        yield
        return
    room.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": _Child, "call": _call})
    try:
        with stopping.tended():
            yield
    finally:
        room.subprocess = before


@contextmanager
def quiet() -> Iterator[None]:
    """Leave PuLP's notices about its next major version aside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def solver_name(name: str) -> str:
    """PuLP's name of a solver, given as ``cbc``, ``highs`` or as PuLP calls it, in any case.

    Raises
    ------
    ValueError
        If PuLP has no such solver here.
    """
    with quiet():
        available = pulp.listSolvers(onlyAvailable=True)
    wanted = ALIASES.get(name.lower(), name)
    for known in available:
        if known.lower() == wanted.lower():
            return str(known)
    short = {long: alias for alias, long in ALIASES.items()}
    listed = Names(sorted(f"{short[s]} ({s})" if s in short else s for s in available))
    raise ValueError(
        words("solver {name!r}: PuLP has no such solver here; available are {names}", name=name, names=listed)
    )


def build(model: LinearModel, name: str = "renewopt") -> tuple[Any, dict[str, Any]]:
    """Make a PuLP problem of a model: the problem, and its variables by name in the order of the columns."""
    with quiet():
        problem = pulp.LpProblem(name, pulp.LpMinimize)
        kinds = np.where(model.integer, pulp.LpInteger, pulp.LpContinuous).tolist()
        columns = [
            problem.add_variable(
                column, None if low == -INFINITY else low, None if high == INFINITY else high, cat=kind
            )
            for column, low, high, kind in zip(
                model.column_names(), model.lower.tolist(), model.upper.tolist(), kinds, strict=True
            )
        ]
        costs = {columns[i]: float(model.cost[i]) for i in np.flatnonzero(model.cost)}
        problem.setObjective(pulp.LpAffineExpression(costs, constant=model.offset))
        start, index, value = model.start.tolist(), model.index.tolist(), model.value.tolist()
        for row, row_name in enumerate(model.row_names()):
            low, high = float(model.row_lower[row]), float(model.row_upper[row])
            here = range(start[row], start[row + 1])
            if not here and low <= 0.0 <= high:
                continue
            terms = pulp.LpAffineExpression({columns[index[k]]: value[k] for k in here})
            if low == high:
                problem.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintEQ, row_name, low))
                continue
            if high < INFINITY:
                problem.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintLE, row_name, high))
            if low > -INFINITY:
                lower_name = row_name if high == INFINITY else f"{row_name}{LOWER}"
                problem.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintGE, lower_name, low))
    return problem, {variable.name: variable for variable in columns}


def run(model: LinearModel, solver: str | Any, *, gap: float, time_limit: float) -> Raw:
    """Solve a model by a solver of PuLP: its name there, or an object with settings of its own."""
    if time_limit <= 0:
        return Raw("time_limit", None, math.inf, -math.inf)
    problem, columns = build(model)
    began = time.perf_counter()
    text = ""
    with ExitStack() as until_read, quiet():
        chosen = _solver(solver, gap, time_limit) if isinstance(solver, str) else _silent(solver)
        until_read.enter_context(_ended_with_us(chosen))
        log = None
        if isinstance(solver, str) and isinstance(chosen, pulp.LpSolver_CMD):
            folder = Path(until_read.enter_context(tempfile.TemporaryDirectory()))
            chosen.tmpDir = str(folder)
            if isinstance(chosen, pulp.COIN_CMD):
                log = folder / "log.txt"
                chosen.optionsDict["logPath"] = str(log)
        try:
            problem.solve(chosen)
        except KeyboardInterrupt:
            return Raw("interrupted", None, math.inf, -math.inf)
        except pulp.PulpError as failure:
            raise SolverError(
                words("{name}, called through PuLP, failed: {reason}", name=chosen.name, reason=failure)
            ) from failure
        if log is not None and log.exists():
            text = log.read_text(encoding="utf-8", errors="replace")
    x = _values(model, columns)
    if isinstance(chosen, pulp.HiGHS):
        raw = _read_highs(model, problem.solverModel, x, chosen)
    elif isinstance(chosen, pulp.COIN_CMD):
        raw = _read_cbc(model, problem, x, text)
    else:
        raw = _read_unknown(model, problem, x, time.perf_counter() - began >= time_limit)
    if raw.status == "infeasible" and not _confirmed_infeasible(model, chosen.name, time_limit):
        return Raw("interrupted", None, math.inf, -math.inf)
    return raw


def _solver(name: str, gap: float, time_limit: float) -> Any:
    if name == "HiGHS":
        tolerances = {"mip_feasibility_tolerance": INTEGRALITY, "primal_feasibility_tolerance": INTEGRALITY}
        return SilentHiGHS(msg=False, gapRel=gap, gapAbs=ABSOLUTE_GAP, timeLimit=time_limit, **tolerances)
    if name in ("PULP_CBC_CMD", "COIN_CMD"):
        return pulp.getSolver(name, msg=False, gapRel=gap, gapAbs=ABSOLUTE_GAP, timeLimit=max(1.0, time_limit))
    try:
        return pulp.getSolver(name, msg=False, gapRel=gap, timeLimit=time_limit)
    except TypeError as unknown:
        raise SolverError(
            words(
                "{name} takes no time limit or gap from PuLP; pass a solver object of PuLP with your own settings",
                name=name,
            )
        ) from unknown


def _silent(solver: Any) -> Any:
    """A solver object of the user's, without HiGHS's banner where it is to show nothing."""
    if type(solver) is not pulp.HiGHS or solver.msg:
        return solver
    silent = SilentHiGHS.__new__(SilentHiGHS)
    silent.__dict__.update(solver.__dict__)
    return silent


def _values(model: LinearModel, columns: dict[str, Any]) -> FloatArray:
    given = np.array([np.nan if v.varValue is None else v.varValue for v in columns.values()], dtype=np.float64)
    return np.where(np.isnan(given), np.clip(0.0, model.lower, model.upper), given)


def broken(model: LinearModel, x: FloatArray) -> str | None:
    """Name a row or column of the model that x does not keep; None if it keeps all."""
    off = np.abs(x - np.rint(x)) > WHOLE
    size = KEPT * np.maximum(1.0, np.abs(x))
    bad = (x < model.lower - size) | (x > model.upper + size) | (off & model.integer) | ~np.isfinite(x)
    if bad.any():
        return model.column_names()[int(np.flatnonzero(bad)[0])]
    total = np.bincount(
        model.entry_rows(), weights=np.abs(model.value * x[model.index]), minlength=model.row_lower.size
    )
    activity, room = model.activity(x), KEPT * np.maximum(1.0, total)
    missed = np.flatnonzero((activity < model.row_lower - room) | (activity > model.row_upper + room))
    return model.row_names()[int(missed[0])] if missed.size else None


def _checked(model: LinearModel, x: FloatArray, name: str) -> tuple[FloatArray, float]:
    wrong = broken(model, x)
    if wrong is not None:
        raise SolverError(words("{name} gave an answer that does not keep {wrong}", name=name, wrong=wrong))
    return x, float(model.cost @ x) + model.offset


def _read_highs(model: LinearModel, highs: Any, x: FloatArray, solver: Any) -> Raw:
    for option, value in solver.optionsDict.items():
        status, _ = highs.getOptionValue(option)
        if status != HighsStatus.kOk:
            raise SolverError(words("HiGHS has no option {option} (asked for {value!r})", option=option, value=value))
    state, info = highs.getModelStatus(), highs.getInfo()
    if state == HighsModelStatus.kModelEmpty:
        return Raw("optimal", x, model.offset, model.offset)
    # Here the run has no limit of work: only a wish ends it early.
    status = "interrupted" if state == HighsModelStatus.kInterrupt else STATUS.get(state)
    if status in (None, "unknown"):
        raise SolverError(
            words("HiGHS, called through PuLP, ended with {status}", status=highs.modelStatusToString(state))
        )
    if status == "infeasible" or info.primal_solution_status != SolutionStatus.kSolutionStatusFeasible:
        return Raw(status, None, math.inf, -math.inf)
    x, value = _checked(model, x, "HiGHS")
    bound = value if status == "optimal" else -math.inf
    if model.integer.any():
        bound = info.mip_dual_bound + model.offset
    return Raw(status, x, value, min(bound, value))


def _read_cbc(model: LinearModel, problem: Any, x: FloatArray, log: str) -> Raw:
    """Read CBC's own words; without a log (a solver object of the user's) nothing is proven."""
    if problem.status in NO_PLAN:
        return Raw("infeasible", None, math.inf, -math.inf)
    stopped = "Stopped on" in log or "Exiting on maximum" in log
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return Raw("time_limit", None, math.inf, -math.inf)
    x, value = _checked(model, x, "CBC")
    bound = -math.inf
    lower = re.search(r"^Lower bound:\s+(\S+)", log, re.MULTILINE)
    if stopped or "within gap tolerance" in log:
        if lower and not model.offset:
            bound = float(lower[1]) - CBC_DIGITS
    elif re.search(
        r"^(Result - Optimal solution found|Optimal - objective value|Optimal objective)", log, re.MULTILINE
    ):
        bound = value
    status = "time_limit" if stopped else "optimal" if math.isfinite(bound) else "feasible"
    return Raw(status, x, value, min(bound, value))


def _read_unknown(model: LinearModel, problem: Any, x: FloatArray, timed_out: bool) -> Raw:
    """Of a solver whose words we do not know only a checked solution counts; nothing is proven."""
    if problem.status in NO_PLAN:
        return Raw("infeasible", None, math.inf, -math.inf)
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return Raw("time_limit", None, math.inf, -math.inf)
    x, value = _checked(model, x, "the solver")
    return Raw("time_limit" if timed_out else "feasible", x, value, -math.inf)


def _confirmed_infeasible(model: LinearModel, name: str, time_limit: float) -> bool:
    """Believe a solver that finds no plan only if HiGHS confirms it; False: that was interrupted."""
    engine = Engine(model)
    raw = engine.run(time_limit=max(time_limit, 30.0))
    certain = raw.status == "infeasible" and engine.infeasible_for_certain(30.0)
    if not certain and not engine.interrupted:
        raise SolverError(
            words("{name} finds no plan, HiGHS says {status}: neither is believed", name=name, status=raw.status)
        )
    return certain
