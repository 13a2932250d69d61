"""The full linear relaxation in OR-Tools: GLOP (simplex) and PDLP (first order)."""

import numpy as np
from ortools.linear_solver.python import model_builder_helper
from ortools.pdlp import solve_log_pb2, solvers_pb2
from ortools.pdlp.python import pdlp
from scipy import sparse

from benchmarks.solver.relaxation import build, finish
from benchmarks.solver.task import Task
from renewopt.optimiser.model.linear import LinearModel

__all__ = ["solve_glop", "solve_pdlp"]


def _matrix(model: LinearModel) -> sparse.csr_matrix:
    rows, columns, _ = model.shape
    index, start = model.index.astype(np.int32), model.start.astype(np.int32)
    return sparse.csr_matrix((model.value, index, start), shape=(rows, columns))


def solve_glop(task: Task) -> None:
    """Solve the relaxation by GLOP, dual simplex."""
    tell = task.tell
    model = build(task)
    tell.step("hand_over")
    helper = model_builder_helper.ModelBuilderHelper()
    helper.fill_model_from_sparse_data(
        model.lower, model.upper, model.cost, model.row_lower, model.row_upper, _matrix(model)
    )
    helper.set_objective_offset(model.offset)
    del model
    solver = model_builder_helper.ModelSolverHelper("glop")
    solver.set_solver_specific_parameters("use_dual_simplex: true")
    solver.set_time_limit_in_seconds(max(0.0, task.ask.time_limit - tell.at))
    tell.step("solve")
    solver.solve(helper)
    said = solver.status().name.lower()
    solved = said == "optimal"
    value = solver.objective_value() if solved else None
    finish(task, said, solved=solved, value=value, bound=value)


def solve_pdlp(task: Task) -> None:
    """Solve the relaxation by PDLP; every tolerance of it is the asked gap."""
    tell, ask = task.tell, task.ask
    model = build(task)
    tell.step("hand_over")
    program = pdlp.QuadraticProgram()
    program.objective_offset = model.offset
    program.objective_vector = model.cost
    program.constraint_lower_bounds, program.constraint_upper_bounds = model.row_lower, model.row_upper
    program.variable_lower_bounds, program.variable_upper_bounds = model.lower, model.upper
    program.constraint_matrix = _matrix(model).tocsc()
    del model
    params = solvers_pb2.PrimalDualHybridGradientParams(num_threads=ask.threads)
    criteria = params.termination_criteria
    criteria.simple_optimality_criteria.eps_optimal_relative = ask.gap
    criteria.simple_optimality_criteria.eps_optimal_absolute = 1e-6
    criteria.time_sec_limit = max(0.0, ask.time_limit - tell.at)
    tell.step("solve")
    log = pdlp.primal_dual_hybrid_gradient(program, params).solve_log
    said = solve_log_pb2.TerminationReason.Name(log.termination_reason).removeprefix("TERMINATION_REASON_").lower()
    final = next((c for c in log.solution_stats.convergence_information if c.candidate_type == log.solution_type), None)
    if log.termination_reason != solve_log_pb2.TERMINATION_REASON_OPTIMAL or final is None:
        finish(task, said, solved=False, value=None, bound=None)
        return
    # What it calls its dual value on the way lies far above the optimum: only the last one counts.
    finish(task, said, solved=True, value=final.primal_objective, bound=final.dual_objective)
