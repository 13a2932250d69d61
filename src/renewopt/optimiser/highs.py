"""HiGHS, embedded: pass a model as arrays, run it, and read its own status."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import highspy
import numpy as np
from highspy import HighsModelStatus, HighsStatus

from renewopt import stopping
from renewopt.errors import RenewoptError
from renewopt.optimiser.model.linear import FloatArray, LinearModel
from renewopt.vocabulary import STOPPED
from renewopt.wording import words

THREADS = 1
"""Of each engine, where nothing else is asked for: with more of them branch and cut goes another way, and the same
scenario would have another plan on another machine. Work side by side is in threads of its own, an engine each."""

_threads: ContextVar[int] = ContextVar("threads", default=0)


@contextmanager
def at_most_threads(threads: int) -> Iterator[None]:
    """Limit engines that are made within to so many threads, and work side by side to as many pieces; 0: no limit."""
    token = _threads.set(threads)
    try:
        yield
    finally:
        _threads.reset(token)


def side_by_side(wanted: int) -> int:
    """Pieces of work that may run at once, of those that are wanted."""
    return min(wanted, _threads.get()) or wanted


Basis = highspy.HighsBasis
"""Which columns and rows are basic, as HiGHS keeps it."""


class SolverError(RenewoptError):
    """The solver refused an option or a model, or ended in a state that says nothing."""


@dataclass(frozen=True, eq=False)
class Raw:
    """A solver's result for a model; none of it is trusted before the ledger has audited it.

    Attributes
    ----------
    status
        ``optimal``, ``time_limit``, ``interrupted``, ``infeasible``, `TOO_DEAR`, or ``unknown``: stopped by numbers
        that the solver does not trust itself, or a simplex method that got nowhere.
    x
        Columns' values, if there is a solution.
    objective, bound
        In the model's unit; `bound` is −inf where nothing is proven.
    row_dual, column_dual
        Of a linear model solved to optimality.
    """

    status: str
    x: FloatArray | None
    objective: float
    bound: float
    row_dual: FloatArray | None = None
    column_dual: FloatArray | None = None


Report = Callable[[float, float, float], None]
"""Called with best objective, bound and seconds while a model runs."""
Enough = Callable[[int, bool], bool]
"""Called at each step of branch and cut with the model's nonzeros, and whether there is a plan; True ends the run."""

TOO_DEAR = "too_dear"
"""Status of a linear model that is proven to cost more than HiGHS was asked for (its option ``objective_bound``)."""
STATUS = {
    HighsModelStatus.kOptimal: "optimal",
    HighsModelStatus.kTimeLimit: "time_limit",
    HighsModelStatus.kInterrupt: "time_limit",
    HighsModelStatus.kSolutionLimit: "time_limit",
    HighsModelStatus.kObjectiveBound: TOO_DEAR,
    HighsModelStatus.kObjectiveTarget: "time_limit",
    HighsModelStatus.kIterationLimit: "time_limit",
    HighsModelStatus.kInfeasible: "infeasible",
    HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    HighsModelStatus.kUnknown: "unknown",
}
"""What HiGHS says of a run, in our words."""
MISTAKEN = 1e-6
"""Share of its value by which an answer may be dearer than HiGHS says."""
SIMPLEX = highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt
SOME_STEPS, STALLED_LOOKS = 50, 2_000
"""A simplex method gets nowhere where it looks at the clock more often than this in so few steps. On hard districts it
was 59 looks at the most; on a model of payments that had no answer it took 200 looks for a step, and did not end."""
_GIVEN_UP = (HighsModelStatus.kNotset, HighsModelStatus.kSolveError)
"""How a linear programme ends that was too much for one method; another one may do."""


class QuietHighs(highspy.Highs):
    """HiGHS that keeps its banner off the standard output: it is printed when callbacks are enabled."""

    def enableCallbacks(self) -> None:  # noqa: N802
        """Be silent first."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass
class _Steps:
    """Steps of a simplex method, counted at each of its looks at the clock: it looks about once per step.

    Where numbers are hard it may begin anew in every step, for hours, and only time would end it.
    """

    count: int = 0
    looks: int = 0
    stalled: bool = False

    def looked(self, count: int) -> bool:
        """Count a look, after so many steps in all; whether the method gets nowhere."""
        self.looks += 1
        if count >= self.count + SOME_STEPS:
            self.count, self.looks = count, 0
        self.stalled = self.stalled or self.looks > STALLED_LOOKS
        return self.stalled


class Engine:
    """One HiGHS instance with one model, to be run, changed and run again."""

    def __init__(self, model: LinearModel, *, integer: bool = True, threads: int = 0) -> None:
        self.model = model
        self.mip = integer and bool(model.integer.any())
        self._highs = QuietHighs()  # type: ignore[no-untyped-call]
        self._stop = threading.Event()
        self._over = False
        self._steps = _Steps()
        self._report: Report | None = None
        self._enough: Enough | None = None
        self._failure: BaseException | None = None
        self._worker: threading.Thread | None = None
        self._began = 0.0
        self._cost = model.cost
        self._started = False
        self.set("output_flag", False)
        self.set("threads", threads or _threads.get() or THREADS)
        lp = _highs_lp(model, integer=self.mip)
        if self._highs.passModel(lp) == HighsStatus.kError:
            raise SolverError(words("HiGHS refused the model"))

    def set(self, option: str, value: bool | float | str) -> None:
        """Set an option of HiGHS; an unknown option or a value out of range raises `SolverError`."""
        refusal = words("HiGHS does not take {value!r} for its option {option}", value=value, option=option)
        _accepted(self._highs.setOptionValue(option, value), refusal)

    def bound_columns(self, columns: np.ndarray, lower: FloatArray, upper: FloatArray) -> None:
        """Change bounds of columns."""
        index = np.asarray(columns, dtype=np.int32)
        low, high = np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)
        _accepted(self._highs.changeColsBounds(index.size, index, low, high), words("HiGHS refused bounds"))

    def bound_rows(self, rows: np.ndarray, lower: FloatArray, upper: FloatArray) -> None:
        """Change bounds of rows; the basis of the last run stays the start of the next one."""
        for row, low, high in zip(rows.tolist(), lower.tolist(), upper.tolist(), strict=True):
            _accepted(self._highs.changeRowBounds(row, low, high), words("HiGHS refused bounds"))

    def forget(self) -> None:
        """Begin the next run from nothing."""
        self._highs.clearSolver()

    @property
    def basis(self) -> Basis:
        """A copy of the last run's basis."""
        return self._highs.getBasis()

    def begin_at(self, basis: Basis) -> None:
        """Begin the next run of a simplex method at this basis."""
        _accepted(self._highs.setBasis(basis), words("HiGHS refused a basis"))

    def let_be_whole(self, columns: np.ndarray, whole: bool) -> None:
        """Say whether columns have to be whole."""
        index = np.asarray(columns, dtype=np.int32)
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        kinds = np.full(index.size, kind.value, dtype=np.uint8)
        _accepted(self._highs.changeColsIntegrality(index.size, index, kinds), words("HiGHS refused whole numbers"))

    def add_row(self, columns: np.ndarray, values: FloatArray, lower: float, upper: float) -> None:
        """Append one row."""
        index = np.asarray(columns, dtype=np.int32)
        value = np.asarray(values, dtype=np.float64)
        _accepted(self._highs.addRow(lower, upper, index.size, index, value), words("HiGHS refused a row"))

    @property
    def interrupted(self) -> bool:
        """Whether the last run was asked to end early."""
        return self._stop.is_set()

    @property
    def iterations(self) -> int:
        """Iterations of the last run, of whatever method."""
        info = self._highs.getInfo()
        return max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)

    def stop(self) -> None:
        """Ask a running solve to stop."""
        self._stop.set()

    def change_costs(self, cost: FloatArray) -> None:
        """Change the cost of every column."""
        self._cost = cost
        index = np.arange(cost.size, dtype=np.int32)
        _accepted(self._highs.changeColsCost(index.size, index, cost), words("HiGHS refused costs"))

    def start_from(self, columns: np.ndarray, values: FloatArray) -> None:
        """Give a start for a whole-number search: values of some or all columns."""
        index = np.asarray(columns, dtype=np.int32)
        self._highs.setSolution(index.size, index, np.asarray(values, dtype=np.float64))
        self._started = True

    def run(
        self, *, time_limit: float = float("inf"), report: Report | None = None, enough: Enough | None = None
    ) -> Raw:
        """Run; Ctrl-C, or a wish to stop, ends the solver at its next check: what it has, status ``interrupted``.

        What `report` raises ends it too, and is raised here; `KeyboardInterrupt` counts as Ctrl-C.
        """
        self._report, self._enough = report, enough
        since = time.perf_counter()
        raw = run_together([self], time_limit)[0]
        started, self._started = self._started, False
        if not started or not self.mip or raw.x is None:
            return raw
        value = self.model.offset + float(self._cost @ raw.x)
        if raw.objective >= value - MISTAKEN * max(1.0, abs(value)):
            return raw
        # HiGHS's presolve may take a start for cheaper than it is: then it looks for nothing that is as dear as the
        # optimum, and what it proves holds, but is less than it could be.
        self._highs.clearSolver()
        again = run_together([self], time_limit - (time.perf_counter() - since))[0]
        if again.x is None:
            status = again.status if again.status in STOPPED else "time_limit"
            again = Raw(status, raw.x, value, raw.bound)
        return replace(again, bound=max(again.bound, raw.bound))

    def _begin(self, time_limit: float) -> None:
        # The clock of branch and cut begins anew with each run, that of a linear programme goes on.
        before = 0.0 if self.mip else self._highs.getRunTime()
        self.set("time_limit", float(min(before + max(time_limit, 0.0), 1e9)))
        self._began = time.perf_counter()
        self._stop.clear()
        self._over = False
        self._steps = _Steps()
        self._failure = None
        for event in self._events():
            event.subscribe(self._check)
        self._worker = threading.Thread(target=self._highs.run, daemon=True)
        self._worker.start()

    def _begun(self) -> bool:
        return self._worker is not None and self._worker.ident is not None

    def _wait(self, seconds: float) -> bool:
        """Wait for the end of the run; returns whether it has ended."""
        if self._worker is None:
            return False
        self._worker.join(seconds)
        return not self._worker.is_alive()

    def _events(self) -> list[highspy.highs.HighsCallback]:
        return [self._highs.cbMipInterrupt, self._highs.cbSimplexInterrupt, self._highs.cbIpmInterrupt]

    def _end(self) -> Raw:
        for event in self._events():
            event.unsubscribe(self._check)
        self._worker = None
        if self._failure is not None and not isinstance(self._failure, KeyboardInterrupt):
            raise self._failure
        return self._read()

    def _check(self, event: highspy.highs.HighsCallbackEvent) -> None:
        # HiGHS remembers that an earlier run was to end early: it is told each time whether this one is.
        out = event.data_out
        stalled = event.callback_type == SIMPLEX and self._steps.looked(out.simplex_iteration_count)
        event.interrupt(stalled or self._over or self._stop.is_set())
        if not self.mip:
            return
        if self._enough is not None and self._enough(self.model.value.size, bool(np.isfinite(out.mip_primal_bound))):
            self._over = True
            event.interrupt()
        if self._report is not None:
            try:
                self._report(out.mip_primal_bound, out.mip_dual_bound, time.perf_counter() - self._began)
            except BaseException as failure:  # noqa: BLE001 - raised by who waits: nothing may go up through the solver
                self._failure = failure
                self._report = None
                self._stop.set()
                event.interrupt()

    def _read(self) -> Raw:
        highs = self._highs
        model_status = highs.getModelStatus()
        info = highs.getInfo()
        status = "interrupted" if self._stop.is_set() else STATUS.get(model_status)
        if self._steps.stalled and status == "time_limit":
            status = "unknown"
        if model_status == HighsModelStatus.kModelEmpty:
            return Raw("optimal", np.zeros(0), self.model.offset, self.model.offset)
        if status is None and not self.mip and model_status in _GIVEN_UP:
            status = "unknown"
        if status is None:
            raise SolverError(words("HiGHS ended with {status}", status=highs.modelStatusToString(model_status)))
        solution = highs.getSolution()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        x = np.array(solution.col_value) if feasible else None
        objective = info.objective_function_value if feasible else float("inf")
        if self.mip:
            bound = info.mip_dual_bound if status != "infeasible" else float("inf")
            return Raw(status, x, objective, bound)
        done = model_status == HighsModelStatus.kOptimal
        return Raw(
            status if done or status != "optimal" else "interrupted",
            x,
            objective,
            objective if done else -float("inf"),
            np.array(solution.row_dual) if done else None,
            np.array(solution.col_dual) if done else None,
        )

    def infeasible_for_certain(self, time_limit: float) -> bool:
        """Whether the model is infeasible, as opposed to unbounded: a run without presolve decides."""
        if self._highs.getModelStatus() == HighsModelStatus.kInfeasible:
            return True
        self.set("presolve", "off")
        raw = self.run(time_limit=time_limit)
        self.set("presolve", "choose")
        return raw.status == "infeasible" and self._highs.getModelStatus() == HighsModelStatus.kInfeasible


def _accepted(status: HighsStatus, refusal: str) -> None:
    if status != HighsStatus.kOk:
        raise SolverError(refusal)


def run_together(engines: list[Engine], time_limit: float) -> list[Raw]:
    """Run engines side by side, one thread each, no more of them at once than `at_most_threads`; Ctrl-C stops all."""
    end = time.perf_counter() + time_limit
    at_once = max(side_by_side(len(engines)), 1)
    raws: list[Raw] = []
    interrupted = False
    while len(raws) < len(engines):
        some = engines[len(raws) : len(raws) + at_once]
        left = end - time.perf_counter()
        if interrupted or left <= 0:
            status = "interrupted" if interrupted else "time_limit"
            raws += [Raw(status, None, float("inf"), -float("inf")) for _ in some]
            continue
        interrupted = _wait_for(some, left) or interrupted
        raws += [engine._end() for engine in some]
    return raws


def _wait_for(engines: list[Engine], time_limit: float) -> bool:
    """Run engines until all have ended, however often Ctrl-C is pressed; whether they were asked to end early.

    A solver's thread that outlived the call would be cut off in the midst when the process ends, which aborts it.
    """
    interrupted = False
    ended = False
    while not ended:
        try:
            for engine in engines:
                if not engine._begun():
                    engine._begin(time_limit)
            ended = all(engine._wait(0.02) for engine in engines)
            interrupted = interrupted or stopping.asked()
        except KeyboardInterrupt:
            interrupted = True
        if interrupted:
            for engine in engines:
                engine.stop()
    return interrupted


def _highs_lp(model: LinearModel, *, integer: bool) -> highspy.HighsLp:
    if not np.isfinite(model.value).all() or not np.isfinite(model.cost).all():
        raise SolverError(words("the model holds numbers that are not finite"))
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
    if integer:
        whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [whole if integral else real for integral in model.integer.tolist()]
    return lp
