"""The ways to solve, by name.

Ours give whole plans with a bound. The peers are general solvers; each one is given the plain linear relaxation of the
same problem (needs that every rule treats alike are merged for them, which makes it smaller at no loss). They give a
bound and no plan: nothing of what rounding would take is charged to them.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.solver.task import Task

__all__ = ["OURS", "PATHS", "Path"]

OURS = "structured"
"""The path that the peers are compared with."""


@dataclass(frozen=True)
class Path:
    """A way to solve.

    Parameters
    ----------
    name
        As ``--paths`` takes it.
    words
        What it is.
    tolerance
        What it is asked for, in words with ``{gap}``.
    run
        Solves a task and tells about it; its imports stand inside.
    needs
        Modules that it needs beyond renewopt's own.
    unavailable
        Why it cannot run here, or None.
    """

    name: str
    words: str
    tolerance: str
    run: Callable[[Task], None]
    needs: tuple[str, ...] = ()
    unavailable: Callable[[], str | None] = lambda: None

    @property
    def ours(self) -> bool:
        """Whether it gives whole plans."""
        return self.name in ("structured", "exact")


def _structured(task: Task) -> None:
    from benchmarks.solver.ours import run

    run(task, "structured")


def _exact(task: Task) -> None:
    from benchmarks.solver.ours import run

    run(task, "exact")


def _highs(solver: str) -> Callable[[Task], None]:
    def run(task: Task) -> None:
        from benchmarks.solver.highs_peers import solve

        solve(task, solver)

    return run


def _no_hipo() -> str | None:
    from benchmarks.solver.highs_peers import takes

    if takes("hipo"):
        return None
    return "this highspy has no HiPO: pip install 'highspy[extras]', or name an interpreter that has it"


def _cbc(task: Task) -> None:
    from benchmarks.solver.pulp_peer import solve

    solve(task)


def _no_cbc() -> str | None:
    import pulp

    from renewopt.optimiser.pulp.running import quiet

    with quiet():
        return None if pulp.PULP_CBC_CMD().available() else "PuLP brings no CBC for this machine"


def _glop(task: Task) -> None:
    from benchmarks.solver.ortools_peers import solve_glop

    solve_glop(task)


def _pdlp(task: Task) -> None:
    from benchmarks.solver.ortools_peers import solve_pdlp

    solve_pdlp(task)


PLAN = "whole plan and bound within {gap} of each other"
INTERIOR = "primal and dual value within {gap}, feasible to a tenth of that"
OPTIMUM = "optimum (no gap can be asked for)"

PATHS: dict[str, Path] = {
    path.name: path
    for path in (
        Path("structured", "renewopt, structured path", PLAN, _structured),
        Path("exact", "renewopt, exact path (mixed-integer)", PLAN, _exact),
        Path("simplex", "full LP, HiGHS dual simplex", OPTIMUM, _highs("simplex")),
        Path("ipx", "full LP, HiGHS IPX, no crossover", INTERIOR, _highs("ipx")),
        Path("hipo", "full LP, HiGHS HiPO, no crossover", INTERIOR, _highs("hipo"),
             unavailable=_no_hipo),
        Path("cbc", "full LP, CBC through PuLP", OPTIMUM, _cbc, unavailable=_no_cbc),
        Path("glop", "full LP, OR-Tools GLOP", OPTIMUM, _glop, needs=("ortools", "scipy")),
        Path("pdlp", "full LP, OR-Tools PDLP", "relative tolerance {gap}", _pdlp, needs=("ortools", "scipy")),
    )
}  # fmt: skip

CORES = os.cpu_count() or 1
