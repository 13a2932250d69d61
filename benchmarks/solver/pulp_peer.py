"""The full linear relaxation in CBC, called the way a user of PuLP calls it: objects, a file, another process."""

import tempfile
import time
from pathlib import Path

import pulp

from benchmarks.solver.relaxation import build, finish
from benchmarks.solver.task import Task
from renewopt.optimiser.pulp import running

__all__ = ["solve"]


def solve(task: Task) -> None:
    """Solve the relaxation by CBC; writing and reading its files is part of solving."""
    tell, ask = task.tell, task.ask
    model = build(task)
    offset = model.offset
    tell.step("hand_over")
    problem, _ = running.build(model)
    del model
    tell.step("solve")
    left = max(1.0, ask.time_limit - tell.at)
    since = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, running.quiet():
        log = Path(folder) / "log.txt"
        problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=left, threads=ask.threads, logPath=str(log)))
        text = log.read_text(encoding="utf-8", errors="replace")
    if problem.status == pulp.LpStatusInfeasible:
        finish(task, "infeasible", solved=False, value=None, bound=None)
        return
    stopped = "Stopped on" in text or time.perf_counter() - since >= left
    solved = problem.sol_status == pulp.LpSolutionOptimal and not stopped
    value = problem.objective.value() if solved else None
    # PuLP's expression holds the constant already.
    assert value is None or offset == problem.objective.constant
    finish(task, pulp.LpSolution[problem.sol_status].lower(), solved=solved, value=value, bound=value)
