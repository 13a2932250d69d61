"""Whether all rules of a problem can be kept at once, within a measured amount of work and without a clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.decomposition.classes import classify, merge
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.choices import Choices, list_choices
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.presolve.cuts import add_money_in_time
from renewopt.optimiser.presolve.reduction import presolve
from renewopt.problem import Problem

__all__ = ["Effort", "Feasibility", "can_be_kept"]

WHOLE = 6_000
"""Choices up to which whole households and phases are looked for."""
RELAXED = 40_000
"""Choices up to which the relaxation is solved as it is."""
CLASSES = 60
THINNED = 6_000
"""Choices that are left of a larger problem: households alike are merged, and chosen in every few months only."""
TOLERANCE = 1e-9
NODES = 5_000
ITERATIONS = 300


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Answer to the question whether all rules can be kept.

    Attributes
    ----------
    kept
        True: yes; False: no; None: not decided by the work allowed.
    proven
        The answer holds for the problem as it is: `kept` for whole households and phases, or not `kept` even for parts
        of them. Else it comes from a simplified problem, or a yes holds for parts of households and phases only.
    """

    kept: bool | None
    proven: bool


@dataclass
class Effort:
    """Work that may be done, in nonzeros × iterations of the models that are solved: the same on every machine."""

    left: float


def can_be_kept(problem: Problem, effort: Effort) -> Feasibility:
    """Find out whether every rule of a problem can be kept at once, whatever the costs.

    Parameters
    ----------
    problem
        Its objective plays no part, its reserve does.
    effort
        What is spent is taken off; with nothing left the answer is None.

    Raises
    ------
    KeyboardInterrupt
        If the search was interrupted.
    """
    problem = presolve(problem).problem
    listed = list_choices(problem)
    whole, simplified = len(listed) <= WHOLE, len(listed) > RELAXED
    if simplified:
        problem = merge(problem, classify(problem, CLASSES)).problem
        listed = _thinned(list_choices(problem))
    f, model = formulate(problem, relaxed=not whole, choices=listed)
    if effort.left <= 0:
        return Feasibility(None, proven=False)
    engine = Engine(replace(model, cost=np.zeros_like(model.cost), offset=0.0))
    if engine.mip:
        add_money_in_time(engine, f)
        engine.set("mip_feasibility_tolerance", TOLERANCE)
        engine.set("primal_feasibility_tolerance", TOLERANCE)
        engine.set("mip_max_nodes", NODES)
    elif not whole:
        # No corner is needed, and the way to one is the longest part.
        engine.set("solver", "ipm")
        engine.set("run_crossover", "off")
        engine.set("ipm_iteration_limit", ITERATIONS)
    raw = engine.run()
    effort.left -= model.value.size * max(engine.iterations, 1)
    if raw.status == "interrupted":
        raise KeyboardInterrupt
    if raw.status == "infeasible":
        return Feasibility(kept=False, proven=not simplified)
    kept = True if raw.x is not None and (whole or raw.status == "optimal") else None
    return Feasibility(kept, proven=whole and kept is not None)


def _thinned(choices: Choices) -> Choices:
    """Leave choices in every few months only, and the last one of each offer."""
    step = -(-len(choices) // THINNED)
    last = np.append(choices.offer[1:] != choices.offer[:-1], True)
    return choices.take((choices.month % step == 0) | last)
