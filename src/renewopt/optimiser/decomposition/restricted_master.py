"""The restricted master: a relaxation over classes with some choices open, solved to a central point.

It is solved as it is, in a box, or for part of the schedules. Every relaxation on the way (dual ascent, a first
schedule, branching) is one of these: an interior point without
crossover over the few choices that matter takes a second or two whatever the number of households, and its duals are
central. Every result comes with what the choices left out would still be worth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.decomposition.lagrangian import admissible, lifted, linking_rows
from renewopt.optimiser.decomposition.relaxation import Relaxation, RelaxationResult, StabilityCentre
from renewopt.optimiser.decomposition.restricting import RestrictedModel, restrict
from renewopt.optimiser.highs import Engine, Raw, run_together
from renewopt.optimiser.model.linear import BoolArray, FloatArray, LinearModel
from renewopt.vocabulary import STOPPED

BOX_FLOOR = 0.3
"""Room of rows with a small dual, as a share of the mean room in their block."""

EVERY = 24
"""Of each offer one of so many months is open at first, besides its first and last one: without the last one a home
then costs nothing."""
WANTED_OF_CLASS = 20
"""The most choices that are let in at once for a class, in the mean of all classes."""
NEAR_MONTHS = 2.0
"""Months of fee within which an open choice is nearly as good as the best one of its class."""
ROUNDS, MISSING, FAR = 6, 1e-3, 0.1
"""Rounds of letting choices in, at the most; share of the value which those left out may still take off it, and share
from which on all are let in after these rounds."""
CORNER = 250
"""Iterations of a simplex method for one of an interior point."""
STALLING, WIDE = 250, 1e-5
"""Iterations after which the interior point has stalled (it takes 40 to 80 as a rule), and the relative tolerance with
which it is tried again: where the objective is nothing to most claims, it stays some 1e-7 away from the optimum."""
TINY = 100_000
"""Entries up to which a model is solved at a corner where the interior point fails."""
SCHEDULE_OPTIONS: dict[str, bool | float] = {
    "mip_max_nodes": 20,
    "mip_allow_restart": False,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
}
"""HiGHS for a schedule: cuts at the root and the rounding of its solution do most of the work; sub-MIP heuristics cost
ten times as much, and found nothing better; a restart costs as much as all before it."""

PhaseBounds = tuple[FloatArray, FloatArray]
"""(E, T) bounds of complete[e, t]: a part of all schedules."""


@dataclass(frozen=True, eq=False)
class Box:
    """Duals of the linking rows may move by this share of their size from y, at no cost."""

    y: FloatArray
    share: float

    def room(self, model: LinearModel, linking: BoolArray) -> FloatArray:
        """(linking rows,) how far each dual may move."""
        typical = np.zeros(self.y.size)
        for name, block in model.rows.items():
            if block.size:
                typical[block.index] = np.abs(self.y[block.index]).mean()
            if name == "taken":
                # A home is worth to a group what it is worth to all, as long as nothing is known of its rows.
                typical[block.index] = np.maximum(
                    typical[block.index], np.abs(self.y[model.rows["stock"].index]).mean()
                )
        room = self.share * (np.abs(self.y) + BOX_FLOOR * typical)
        return np.asarray(room[linking])


class RestrictedMaster:
    """A relaxation with some choices open: the master problem, restricted to these columns.

    Parameters
    ----------
    opened
        (offers of classes, T) choices that are open.
    elastic
        Whether slack is allowed, at a penalty.
    lift
        Whether duals are lifted (`lifted`): for choices that were not chosen for their costs.
    near_months
        Months of fee within which an open choice is nearly as good as the best one.
    """

    def __init__(
        self,
        relaxation: Relaxation,
        opened: BoolArray,
        *,
        elastic: bool,
        lift: bool = False,
        near_months: float = NEAR_MONTHS,
    ) -> None:
        self._relaxation, self._elastic, self._lift, self._near_months = relaxation, elastic, lift, near_months
        choices = relaxation.f.choices
        self._open = opened[choices.offer, choices.month]
        self._model = relaxation.model if elastic else relaxation.strict()
        self._restricted = restrict(relaxation.f, self._model, self._open)
        self._linking = linking_rows(self._model)

    @property
    def entries(self) -> int:
        """Nonzeros of what is solved."""
        return int(self._restricted.model.value.size)

    def solve(self, time_limit: float, box: Box | None = None, *, iterations: int = 0) -> RelaxationResult:
        """Solve for all schedules; with a box, the value is that of a model of the bound around its duals.

        Parameters
        ----------
        iterations
            Of the interior point, at the most; where it takes more, a tiny model gets `CORNER` times as many of a
            simplex method. 0: as many as it takes.
        """
        small = self._restricted.model
        if box is None:
            return self._answers([small], time_limit, iterations=iterations)[0]
        room = box.room(self._model, self._linking)
        return self._answers([_boxed(self._restricted, self._linking, box.y, room)], time_limit, room=room)[0]

    def solve_parts(
        self, parts: Sequence[PhaseBounds], time_limit: float, *, corner: bool = False
    ) -> list[RelaxationResult]:
        """Solve for parts of the schedules, side by side; `corner`: at a vertex, where few choices are in use."""
        small = self._restricted.model
        columns = self._restricted.columns_of(self._model.columns["complete"])
        models = []
        for low, high in parts:
            lower, upper = small.lower.copy(), small.upper.copy()
            lower[columns], upper[columns] = low.ravel(), high.ravel()
            models.append(replace(small, lower=lower, upper=upper))
        return self._answers(models, time_limit, corner=corner)

    def schedule(
        self,
        gap: float,
        time_limit: float,
        start: FloatArray | None = None,
        within: PhaseBounds | None = None,
    ) -> tuple[str, FloatArray | None]:
        """Whole phases for the open choices, by branch and cut; it ends by its work, and proves nothing.

        Parameters
        ----------
        gap
            The search ends so near to its own bound.
        start
            (E, T) a schedule to be improved.
        within
            The part of the schedules to look in; None: all.

        Returns
        -------
        str, numpy.ndarray or None
            As `Raw.status`; (E, T) of complete[e, t], None if none was found.
        """
        small = self._restricted.model
        columns = self._restricted.columns_of(self._model.columns["complete"])
        whole = small.integer.copy()
        whole[columns] = True
        lower, upper = small.lower.copy(), small.upper.copy()
        if within is not None:
            lower[columns], upper[columns] = within[0].ravel(), within[1].ravel()
        engine = Engine(replace(small, integer=whole, lower=lower, upper=upper))
        for option, value in SCHEDULE_OPTIONS.items():
            engine.set(option, value)
        engine.set("mip_rel_gap", gap)
        if start is not None:
            engine.start_from(columns, start.ravel())
        raw = engine.run(time_limit=time_limit)
        if raw.x is None:
            return raw.status, None
        months = self._relaxation.f.problem.calendar.months
        return raw.status, np.maximum.accumulate(np.rint(raw.x[columns]).reshape(-1, months), axis=1)

    def _answers(
        self,
        models: list[LinearModel],
        time_limit: float,
        *,
        corner: bool = False,
        room: FloatArray | None = None,
        iterations: int = 0,
    ) -> list[RelaxationResult]:
        engines = [Engine(model) for model in models]
        for engine in engines:
            engine.set("solver", "ipm")
            engine.set("run_crossover", "on" if corner else "off")
            engine.set("ipm_iteration_limit", iterations or STALLING)
            if iterations:
                engine.set("simplex_iteration_limit", CORNER * iterations)
        raws = run_together(engines, time_limit)
        if not iterations:
            raws = [self._unless_stalled(engine, raw, time_limit) for engine, raw in zip(engines, raws, strict=True)]
        for k, (engine, raw) in enumerate(zip(engines, raws, strict=True)):
            # Where iterations are counted, running out of them is told as running out of time.
            stopped = raw.status == "interrupted" if iterations else raw.status in STOPPED
            failed = raw.row_dual is None and not stopped and raw.status != "infeasible"
            if failed and ((self._elastic and not iterations and room is None) or engine.model.index.size <= TINY):
                # Tiny models may need a corner. A large one without slack is mostly infeasible where
                # the interior point fails, and a simplex method takes very long to say so; the next step of
                # an ascent is not worth that either.
                engine.set("solver", "simplex")
                raws[k] = engine.run(time_limit=time_limit)
        return [self._answer(raw, model, room) for raw, model in zip(raws, models, strict=True)]

    @staticmethod
    def _unless_stalled(engine: Engine, raw: Raw, time_limit: float) -> Raw:
        """Another run with a wider tolerance where the interior point takes steps without coming nearer."""
        if raw.status != "time_limit" or engine.iterations < STALLING:
            return raw
        engine.set("ipm_optimality_tolerance", WIDE)
        raw = engine.run(time_limit=time_limit)
        stalled = raw.status == "time_limit" and engine.iterations >= STALLING
        return Raw("unknown", None, np.inf, -np.inf) if stalled else raw

    def _best(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Cost of each choice for one household at these duals, and of never choosing."""
        choice, never = self._relaxation.responses.reduced(y)
        return choice, never if self._elastic else self._relaxation.if_allowed(never)

    def _answer(self, raw: Raw, solved: LinearModel, room: FloatArray | None) -> RelaxationResult:
        if raw.x is None or raw.row_dual is None or raw.column_dual is None:
            return RelaxationResult(raw.status)
        relaxation, model = self._relaxation, self._model
        # Short of a corner the primal value lies above the dual one by the solver's tolerance: only that is proven.
        proven = min(raw.objective, dual_value(solved, raw.row_dual, raw.column_dual))
        duals = self._restricted.duals(raw.row_dual)
        y = admissible(np.where(self._linking, duals, 0.0), model)
        claim = relaxation.responses.claim
        choice, best = self._best(y)
        np.minimum.at(best, claim[self._open], choice[self._open])
        small = proven - float((best * relaxation.count).sum())
        if self._lift:
            # A part of the schedules has bounds of its own.
            column = self._restricted.column
            lower = np.where(column >= 0, solved.lower[np.maximum(column, 0)], model.lower)
            higher, rise = lifted(np.where(self._linking, y, duals), replace(model, lower=lower))
            y, small = np.where(self._linking, higher, 0.0), small + rise
            choice, best = self._best(y)
            np.minimum.at(best, claim[self._open], choice[self._open])
        every = best.copy()
        np.minimum.at(every, claim, choice)
        # Where nothing is possible at all, there is nothing missing either.
        paying = every < best
        missing = float(((best[paying] - every[paying]) * relaxation.count[paying]).sum())
        width = self._restricted.model.cost.size
        box_dual = 0.0 if room is None else float(np.tile(room, 2) @ raw.x[width:])
        return RelaxationResult(
            raw.status,
            raw.objective,
            self._restricted.expand(raw.x[:width]),
            StabilityCentre(y, small),
            duals,
            self._wanted(choice, best, every),
            missing,
            self._near(choice, best),
            box_dual,
        )

    def _near(self, choice: FloatArray, best: FloatArray) -> BoolArray:
        """(offers of classes, T) open choices within so many months' fee of the best one of their class."""
        relaxation = self._relaxation
        choices, claim = relaxation.f.choices, relaxation.responses.claim
        at = np.flatnonzero(self._open & (choice - best[claim] <= self._near_months * relaxation.monthly_fee[claim]))
        near = none_open(relaxation)
        near[choices.offer[at], choices.month[at]] = True
        return near

    def _wanted(self, choice: FloatArray, best: FloatArray, every: FloatArray) -> BoolArray:
        """(offers of classes, T) choices that cost a household less than its best open one, if many the cheapest.

        All of them, not the best of each offer alone: the next duals would only make its neighbours the best ones, one
        after the other.

        Parameters
        ----------
        choice
            Cost of each choice for one household.
        best, every
            (classes,) the least of the open ones, and of all.
        """
        relaxation = self._relaxation
        choices, claim = relaxation.f.choices, relaxation.responses.claim
        at = np.flatnonzero(choice < best[claim] - 1e-9)
        most = WANTED_OF_CLASS * relaxation.count.size
        if at.size > most:
            mine = claim[at]
            share = (best[mine] - choice[at]) / (best[mine] - every[mine])
            at = at[np.argsort(-share, kind="stable")[:most]]
        wanted = none_open(relaxation)
        wanted[choices.offer[at], choices.month[at]] = True
        return wanted


def dual_value(model: LinearModel, row_dual: FloatArray, column_dual: FloatArray) -> float:
    """Value of the duals of rows and columns; one on a side that is not there (within tolerance) counts nothing."""
    total = model.offset
    for price, low, high in ((row_dual, model.row_lower, model.row_upper), (column_dual, model.lower, model.upper)):
        side = np.where(price > 0, low, high)
        total += float((price * np.where(np.isfinite(side), side, 0.0)).sum())
    return total


def priced(
    relaxation: Relaxation, opened: BoolArray, time_left: Callable[[], float], *, elastic: bool
) -> tuple[RelaxationResult, BoolArray]:
    """Solve a relaxation with all its choices, few of which are in the model: those that pay are let in round by round.

    Parameters
    ----------
    opened
        (offers of classes, T) choices to begin with.
    time_left
        Seconds.
    elastic
        Whether slack is allowed, at a penalty.

    Returns
    -------
    RelaxationResult, numpy.ndarray
        Of the last round; (offers of classes, T) its open choices that are nearly as good as the best one, or, without
        a solution, those that were open.
    """
    for _ in range(ROUNDS):
        answer = RestrictedMaster(relaxation, opened, elastic=elastic, lift=True).solve(time_left())
        if answer.wanted is None or answer.missing <= MISSING * abs(answer.value):
            break
        opened = opened | answer.wanted
    # Where next to nothing is possible in a month, hardly any choice can be left out.
    far = answer.wanted is not None and answer.missing > FAR * abs(answer.value)
    # With few choices not even slack may help.
    impossible = answer.wanted is None and elastic and answer.status not in STOPPED
    if far or impossible:
        opened = every_choice(relaxation)
        answer = RestrictedMaster(relaxation, opened, elastic=elastic, lift=True).solve(time_left())
    return answer, opened if answer.near is None else answer.near


def every_choice(relaxation: Relaxation) -> BoolArray:
    """(offers of classes, T) all choices."""
    return ~none_open(relaxation)


def none_open(relaxation: Relaxation) -> BoolArray:
    """(offers of classes, T) no choice."""
    return np.zeros((len(relaxation.classes.problem.offers), relaxation.f.problem.calendar.months), dtype=np.bool_)


def spread(relaxation: Relaxation, every: int = EVERY) -> BoolArray:
    """(offers of classes, T) the first and the last choice of each offer, and one of every so many months."""
    choices, opened = relaxation.f.choices, none_open(relaxation)
    new = np.diff(choices.offer) != 0
    at = (choices.month % every == every // 2) | np.append(True, new) | np.append(new, True)
    opened[choices.offer[at], choices.month[at]] = True
    return opened


def _boxed(restricted: RestrictedModel, linking: BoolArray, y: FloatArray, room: FloatArray) -> LinearModel:
    """The restricted model with two columns for each linking row, so that its dual stays in a box around y."""
    rows = np.flatnonzero(linking)
    small = restricted.model
    width, size = small.cost.size, rows.size
    own_row = restricted.row[rows]
    row = np.concatenate([small.entry_rows(), own_row, own_row])
    column = np.concatenate([small.index, width + np.arange(2 * size)])
    value = np.concatenate([small.value, np.ones(size), -np.ones(size)])
    order = np.lexsort((column, row))
    start = np.zeros(small.row_lower.size + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=start.size - 1), out=start[1:])
    return replace(
        small,
        cost=np.concatenate([small.cost, y[rows] + room, room - y[rows]]),
        lower=np.concatenate([small.lower, np.zeros(2 * size)]),
        upper=np.concatenate([small.upper, np.full(2 * size, np.inf)]),
        integer=np.zeros(width + 2 * size, dtype=np.bool_),
        start=start,
        index=column[order],
        value=value[order],
    )
