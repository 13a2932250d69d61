"""Whether all rules of a problem can be kept at once, within a measured amount of work and without a clock."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from renewopt.optimiser.decomposition.ascent import in_use
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.pricing import NO_GOAL, RowPrices
from renewopt.optimiser.decomposition.relaxation import A_YUAN, Relaxation, RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.choices import list_choices
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import BoolArray
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.presolve.cuts import add_money_in_time
from renewopt.optimiser.presolve.reduction import presolve
from renewopt.problem import Problem

__all__ = ["MONEY", "Effort", "Feasibility", "can_be_kept"]

WHOLE = 6_000
"""Choices up to which whole households and phases are looked for."""
RELAXED = 40_000
"""Choices up to which the relaxation is solved as it is."""
CLASSES = 60
"""Classes of households to aim at in larger problems."""
THINNED = 3_000
"""Choices of the classes that are open at first: some months of each offer, and the last."""
ROUNDS = 10
"""Times that more choices are opened where neither answer is proven yet."""
PASSES = 30
"""Iterations that a model of the classes is taken to need: an interior point needs about as many, whatever its size."""
PATIENCE = 60
"""Iterations that it may need."""
PRICED = 1e-5
"""A lower price is numerical noise."""
MONEY = ""
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
        of them. Else a yes holds for parts of households and phases only, and a no for the choices looked at.
    scarce
        Of a large problem whose rules cannot be kept, where the prices of the proof are: estates, or `MONEY`. It is a
        hint and no more.
    """

    kept: bool | None
    proven: bool
    scarce: frozenset[str] | None = None


@dataclass
class Effort:
    """Work that may be done, in nonzeros × iterations of the models that are solved: the same on every machine.

    Attributes
    ----------
    left
        What is left of it.
    opened
        Choices by which the last no was proven, by what an offer is: the next question mostly turns on the same.
    """

    left: float
    opened: dict[tuple[str, int, int, str], BoolArray] = field(default_factory=dict)


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
    large, whole = len(listed) > RELAXED, len(listed) <= WHOLE
    # A frozen past is known household by household, not by class.
    if effort.left <= 0 or (large and problem.calendar.now > 0):
        return Feasibility(None, proven=False)
    if large:
        return _kept_by_classes(problem, effort)
    f, model = formulate(problem, relaxed=not whole, choices=listed)
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
        return Feasibility(kept=False, proven=True)
    kept = True if raw.x is not None and (whole or raw.status == "optimal") else None
    return Feasibility(kept, proven=whole and kept is not None)


def _kept_by_classes(problem: Problem, effort: Effort) -> Feasibility:
    """Answer by the relaxation over classes, with few choices at first.

    If nothing is lacking with these, nothing need be: parts of households can do what their class does. If something
    is, the prices of what is scarce prove that it must be, whatever any household chooses, or tell which choices would
    help.
    """
    compact, _ = merge_needs(loosened(problem))
    factory = RelaxationFactory(compact, NO_GOAL, (), 1.0, idle=0.0)
    relaxation = factory.relax(classify(compact, CLASSES))
    names, opened = _names(relaxation), _some_months(relaxation)
    for at, name in enumerate(names):
        opened[at] |= effort.opened.get(name, False)
    kept: bool | None = None
    for _ in range(ROUNDS):
        if effort.left <= 0:
            return Feasibility(None, proven=False)
        model = RestrictedMaster(relaxation, opened, elastic=True)
        effort.left -= model.entries * PASSES
        answer = model.solve(math.inf, iterations=PATIENCE)
        if answer.status == "interrupted":
            raise KeyboardInterrupt
        if answer.status == "infeasible":
            # Some rules, such as the reserve, do not bend for money from outside: there are no prices then.
            return Feasibility(kept=False, proven=False)
        found = factory.evaluate(relaxation, answer)
        if found is None or answer.wanted is None:
            break
        kept = False
        if found.infeasibility <= A_YUAN:
            return Feasibility(kept=True, proven=False)
        if found.bound > A_YUAN:
            effort.opened.update(zip(names, opened, strict=True))
            return Feasibility(kept=False, proven=True, scarce=_scarce(relaxation, found.prices))
        opened = opened | answer.wanted | in_use(relaxation, found.x)
        chosen = found.own.offer >= 0
        opened[relaxation.classes.of_offer[found.own.offer[chosen]], found.own.month[chosen]] = True
    return Feasibility(kept, proven=False)


def _scarce(relaxation: Relaxation, prices: RowPrices) -> frozenset[str]:
    priced = (np.abs(np.hstack([prices.stock, prices.reservation])) > PRICED).any(axis=1)
    estates = {str(pool).rpartition("/")[0] for pool in relaxation.classes.problem.pools.id[priced]}
    return frozenset(estates | ({MONEY} if (np.abs(prices.need) > PRICED).any() else set()))


def _some_months(relaxation: Relaxation) -> BoolArray:
    """(offers of classes, T) choices in every few months, and the last one of each offer."""
    listed = relaxation.f.choices
    step = -(-len(listed) // THINNED)
    kept = listed.month % step == 0
    kept |= np.append(listed.offer[1:] != listed.offer[:-1], True)
    opened = np.zeros((len(relaxation.classes.problem.offers), relaxation.f.problem.calendar.months), dtype=np.bool_)
    opened[listed.offer[kept], listed.month[kept]] = True
    return opened


def _names(relaxation: Relaxation) -> list[tuple[str, int, int, str]]:
    """What each offer of the classes is: household and part that stand for the class, route, label."""
    claims, offers = relaxation.classes.problem.claims, relaxation.classes.problem.offers
    household, part = claims.household[offers.claim], claims.part[offers.claim]
    return list(zip(household.tolist(), part.tolist(), offers.route.tolist(), offers.label.tolist(), strict=True))
