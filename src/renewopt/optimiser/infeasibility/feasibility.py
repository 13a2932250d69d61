"""Whether all rules of a problem can be kept at once, within a measured amount of work and without a clock."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from renewopt.optimiser.decomposition.ascent import in_use
from renewopt.optimiser.decomposition.classes import classify, merge
from renewopt.optimiser.decomposition.pricing import NO_GOAL, RowPrices
from renewopt.optimiser.decomposition.relaxation import A_YUAN, LATE, Relaxation, RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import RestrictedMaster
from renewopt.optimiser.decomposition.valuing import BestResponses
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.infeasibility.proofs import Proof, Proven, proven_by, sparse
from renewopt.optimiser.model.choices import Choices, list_choices
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import BoolArray, FloatArray
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.presolve.cuts import add_money_in_time
from renewopt.optimiser.presolve.reduction import presolve
from renewopt.problem import Problem
from renewopt.units import YUAN_PER_WAN

__all__ = ["LATER_ROUNDS", "MONEY", "Effort", "Feasibility", "can_be_kept", "is_large"]

WHOLE = 6_000
"""Choices up to which whole households and phases are looked for."""
RELAXED = 40_000
"""Choices up to which the relaxation is solved as it is."""
CLASSES = 60
"""Classes of households to aim at in larger problems."""
THINNED = 6_000
"""Choices that are left of a simplified problem: those of classes of households, in every few months only."""
OPEN_AT_FIRST = 3_000
"""Choices of the classes that are open at first: some months of each offer, and the last."""
ROUNDS = 6
"""Restricted masters that are solved before a first question counts as undecided by its prices."""
LATER_ROUNDS = 2
"""The same for the questions that follow, which begin with the choices that decided earlier ones."""
PATIENCE, MORE_PATIENCE = 60, 300
"""Iterations of the interior point in a large problem, at the most; and, once, for a first question, on whose answer
all others rest."""
ITERATED = 25
"""What they come to on average."""
OVERHEAD = 10
"""Iterations that compiling a simplified problem and making its model are worth."""
MADE = 1.5
"""The same of the model of all choices of the classes, and pricing all households once."""
EVALUATED = 0.2
"""The same of pricing all households once more."""
PROOFS = 4
"""Proofs that are kept to be tried on the questions that follow, the one that served last before the others."""
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
        Of a large problem whose rules cannot be kept, of what the proof speaks: pools and limits that have a price,
        ``…/surplus`` for what is open to transfers of one, their estates, `MONEY` if it has a price, projects whose
        households would have to pay. It is a hint and no more.
    lacking
        Yuan that are lacking at about, if nothing else is: a hint, too. 0: not known.
    """

    kept: bool | None
    proven: bool
    scarce: frozenset[str] | None = None
    lacking: float = 0.0


@dataclass
class Effort:
    """Work that may be done, in nonzeros × iterations of the models that are solved: the same on every machine.

    Attributes
    ----------
    left
        What is left of it.
    rounds
        Restricted masters that may be solved for a proof; 0: large problems are simplified instead.
    simplifies
        Whether a large problem that prices do not decide is simplified: what comes of that is not proven.
    opened
        Choices by which earlier questions were answered, by what an offer is: the next one mostly turns on the same.
    proofs
        By which earlier ones were denied.
    """

    left: float
    rounds: int = ROUNDS
    simplifies: bool = True
    opened: dict[tuple[str, int, int, str], BoolArray] = field(default_factory=dict)
    proofs: tuple[Proof | None, ...] = (None,)


def is_large(problem: Problem) -> bool:
    """Whether households are taken by classes, and in parts: nothing else can be decided in time."""
    offers = problem.offers
    deadline = problem.claims.deadline[offers.claim]
    last = np.where(deadline < 0, offers.last, np.minimum(offers.last, deadline - offers.housed_after))
    return int(np.maximum(last.astype(np.int64) - offers.first + 1, 0).sum()) > RELAXED


def can_be_kept(problem: Problem, effort: Effort, *, known_proofs: bool = False) -> Feasibility:
    """Find out whether every rule of a problem can be kept at once, whatever the costs.

    Parameters
    ----------
    problem
        Its objective plays no part, its reserve does.
    effort
        What is spent is taken off; with nothing left the answer is None.
    known_proofs
        Of a large problem look only whether an earlier proof holds of it, too.

    Raises
    ------
    KeyboardInterrupt
        If the search was interrupted.
    """
    if effort.left <= 0:
        return Feasibility(None, proven=False)
    problem = presolve(problem).problem
    large = is_large(problem)
    # A frozen past is known household by household, not by class.
    if large and effort.rounds and problem.calendar.now <= 0:
        answer = _kept_by_classes(problem, effort, known_proofs=known_proofs)
        if answer is not None:
            return answer
    if large and (known_proofs or not effort.simplifies or effort.left <= 0):
        return Feasibility(None, proven=False)
    if large:
        problem = merge(problem, classify(problem, CLASSES)).problem
    listed = list_choices(problem)
    whole = not large and len(listed) <= WHOLE
    if large:
        listed = _thinned(listed)
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
        engine.set("ipm_iteration_limit", PATIENCE if large else ITERATIONS)
    raw = engine.run()
    effort.left -= model.value.size * (max(engine.iterations, 1) + OVERHEAD * large)
    if raw.status == "interrupted":
        raise KeyboardInterrupt
    if raw.status == "infeasible":
        return Feasibility(kept=False, proven=not large)
    kept = True if raw.x is not None and (whole or raw.status == "optimal") else None
    return Feasibility(kept, proven=whole and kept is not None)


def _thinned(choices: Choices) -> Choices:
    """Leave choices in every few months only, and the last one of each offer."""
    return choices.take(_some(choices, THINNED))


def _some(choices: Choices, most: int) -> BoolArray:
    step = -(-len(choices) // most)
    last: BoolArray = np.append(choices.offer[1:] != choices.offer[:-1], True)
    some: BoolArray = (choices.month % step == 0) | last
    return some


def _kept_by_classes(problem: Problem, effort: Effort, *, known_proofs: bool) -> Feasibility | None:
    """Answer by column generation over classes of households, in which all rules bend at a price; None: undecided.

    If nothing is lacking with the open choices, nothing need be: parts of households can do what their class does. If
    something is, the duals prove that it must be, whatever any household chooses, or tell which choices would help.
    """
    whole = loosened(problem)
    compact, merged = merge_needs(whole)
    factory = RelaxationFactory(compact, NO_GOAL, (), 1.0, idle=0.0)
    relaxation = factory.relax(classify(compact, CLASSES))
    effort.left -= relaxation.model.value.size * MADE
    for proof in effort.proofs:
        proven = proven_by(proof, factory, relaxation, whole, merged)
        if proven is not None:
            _keep(effort, proof)
            return Feasibility(kept=False, proven=True, scarce=_scarce(compact, proven.prices, proven.own))
    if known_proofs:
        return None
    strict, relaxation = relaxation, _with_reserve_short(relaxation)
    choices, names = relaxation.f.choices, _names(relaxation)
    opened = np.zeros((len(names), compact.calendar.months), dtype=np.bool_)
    some = _some(choices, OPEN_AT_FIRST)
    opened[choices.offer[some], choices.month[some]] = True
    for at, name in enumerate(names):
        opened[at] |= effort.opened.get(name, False)
    patient = effort.rounds == ROUNDS
    for _ in range(effort.rounds):
        if effort.left <= 0:
            return None
        master = RestrictedMaster(relaxation, opened, elastic=True)
        answer = master.solve(math.inf, iterations=PATIENCE)
        effort.left -= master.entries * ITERATED
        if answer.status == "time_limit" and patient:
            patient = False
            answer = master.solve(math.inf, iterations=MORE_PATIENCE)
            effort.left -= master.entries * MORE_PATIENCE / 2
        if answer.status == "interrupted":
            raise KeyboardInterrupt
        found = factory.evaluate(relaxation, answer)
        if found is None or answer.wanted is None or answer.duals is None:
            return None
        # Slack is all that costs anything.
        if answer.value <= A_YUAN:
            _remember(effort, names, in_use(relaxation, found.x))
            return Feasibility(kept=True, proven=False)
        if found.bound > A_YUAN:
            _remember(effort, names, opened)
            duals = _sparsest_first(found.centre.y, answer.duals)
            few = _keep_few(effort, duals, factory, strict, partial(Proof.of, strict, problem=whole, merged=merged))
            prices, own = few or (found.prices, found.own)
            # Slack of other kinds costs more than a yuan, or bends the reserve.
            paid = found.x[relaxation.f["shortfall"].index].sum()
            lacking = paid * YUAN_PER_WAN if answer.value <= paid + A_YUAN else 0.0
            return Feasibility(kept=False, proven=True, scarce=_scarce(compact, prices, own), lacking=float(lacking))
        opened = opened | answer.wanted | in_use(relaxation, found.x)
        chosen = found.own.offer >= 0
        opened[relaxation.classes.of_offer[found.own.offer[chosen]], found.own.month[chosen]] = True
    return None


def _sparsest_first(linking: FloatArray, every: FloatArray) -> list[FloatArray]:
    """Duals of the rows in which households meet alone; of all rows, without and with what may be noise.

    What is left out of a scenario is ample: a price of it that is nothing but noise is worth as much as all the rest.
    """
    return [linking, np.where(np.abs(every) > PRICED, every, 0.0), every]


def _keep_few(
    effort: Effort,
    duals: list[FloatArray],
    factory: RelaxationFactory,
    strict: Relaxation,
    proof: Callable[[FloatArray], Proof],
) -> Proven | None:
    """Keep the first of these duals that prove it, and as few of its prices as do; return what these few prove."""
    few = sparse(duals, factory, strict)
    if few is None:
        return None
    effort.left -= few.checks * strict.model.value.size * EVALUATED
    # Where the few do not hold any more all of them together may.
    for y in (few.dense, few.y):
        _keep(effort, proof(y))
    return few.proven


def _keep(effort: Effort, proof: Proof | None) -> None:
    """Try this proof first from now on; the one that takes no prices says nothing that others do not say."""
    others = [each for each in effort.proofs if each is not proof and each is not None]
    effort.proofs = (proof, *others)[:PROOFS]


def _remember(effort: Effort, names: list[tuple[str, int, int, str]], opened: BoolArray) -> None:
    for name, months in zip(names, opened, strict=True):
        effort.opened[name] = effort.opened.get(name, False) | months


def _with_reserve_short(relaxation: Relaxation) -> Relaxation:
    """Let the reserve bend, too: a column for each of its rows, dearer than money for bills, which may help as well."""
    model = relaxation.model
    if "reserve" not in model.rows:
        return relaxation
    rows, width = model.rows["reserve"].index, model.cost.size
    # Entries of a row stand in the order of their columns: the new ones are the last of theirs.
    at = model.start[rows + 1]
    start = model.start.copy()
    np.add.at(start, rows + 1, 1)
    start = model.start + np.cumsum(start - model.start)
    more = replace(
        model,
        cost=np.append(model.cost, np.full(rows.size, LATE)),
        lower=np.append(model.lower, np.zeros(rows.size)),
        upper=np.append(model.upper, np.full(rows.size, np.inf)),
        integer=np.append(model.integer, np.zeros(rows.size, dtype=np.bool_)),
        start=start,
        index=np.insert(model.index, at, width + np.arange(rows.size)),
        value=np.insert(model.value, at, 1.0),
    )
    return replace(relaxation, model=more)


def _scarce(problem: Problem, prices: RowPrices, own: BestResponses) -> frozenset[str]:
    def priced(names: NDArray[np.object_], of: FloatArray) -> set[str]:
        return {str(name) for name in names[(np.abs(of) > PRICED).any(axis=1)]}

    pools, open_pools = priced(problem.pools.id, prices.stock), priced(problem.pools.id, prices.reservation)
    scarce = pools | {pool.rpartition("/")[0] or pool for pool in pools | open_pools}
    scarce |= {f"{pool}/surplus" for pool in open_pools} | priced(problem.limits.id, prices.limit)
    scarce |= {str(problem.projects[row]) for row in np.unique(problem.claims.project[own.best > PRICED])}
    return frozenset(scarce | ({MONEY} if (np.abs(prices.need) > PRICED).any() else set()))


def _names(relaxation: Relaxation) -> list[tuple[str, int, int, str]]:
    """What each offer of the classes is: household and part that stand for the class, route, label."""
    claims, offers = relaxation.classes.problem.claims, relaxation.classes.problem.offers
    household, part = claims.household[offers.claim], claims.part[offers.claim]
    return list(zip(household.tolist(), part.tolist(), offers.route.tolist(), offers.label.tolist(), strict=True))
