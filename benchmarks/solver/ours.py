"""Our own paths: whole plans, audited, with a bound."""

from benchmarks.solver.task import Task
from renewopt.ledger import audit_decisions
from renewopt.optimiser import Progress, optimise

__all__ = ["run"]


def run(task: Task, method: str) -> None:
    """Plan; every change of best plan and bound is told when it happens."""
    tell, ask = task.tell, task.ask
    problem = task.take()
    tell.step("optimise")

    def progress(line: Progress) -> None:
        tell.know(line.best, line.bound)

    found = optimise(
        problem,
        gap=ask.gap,
        time_limit=ask.time_limit,
        method=method,
        progress=progress,
        check=lambda decisions: not audit_decisions(problem, decisions),
    )
    tell.know(found.objective, found.bound)
    status = {"optimal": "solved", "feasible": "solved", "infeasible": "infeasible"}.get(found.status, "stopped")
    tell.end(
        status=status,
        said=found.status,
        objective=found.objective,
        bound=found.bound,
        seconds={step: round(spent, 3) for step, spent in found.seconds.items()},
    )
