"""The relaxation over classes, and the bound that it proves for the households themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.decomposition.classes import Classes, merge
from renewopt.optimiser.decomposition.lagrangian import Responses
from renewopt.optimiser.decomposition.pricing import NO_GOAL, HouseholdPricing, RowPrices
from renewopt.optimiser.decomposition.valuing import BestResponses
from renewopt.optimiser.model.coding import codes
from renewopt.optimiser.model.columns import Formulation, Layout, late
from renewopt.optimiser.model.formulation import TierBound, formulate
from renewopt.optimiser.model.linear import BoolArray, FloatArray, IntArray, LinearModel, add_up
from renewopt.optimiser.model.phase_cuts import EFFECTIVE, RESIDUAL, PhaseCut, with_cuts
from renewopt.optimiser.presolve.pool_sets import pool_sets
from renewopt.optimiser.presolve.separation import (
    ALL_MONTHS,
    PhaseCapacity,
    group_claims,
    is_fractional,
    separate,
)
from renewopt.problem import Problem, Tier
from renewopt.problem.waits import within_waits
from renewopt.units import FEN_PER_WAN

IDLE_SPENDING = 1e-6
"""Cost of a yuan of construction, so that the relaxation builds nothing that nobody needs; the bound is lower by it."""
LATE = 100.0
"""Weight of a household past its deadline, relative to a 万元 of slack."""
ENOUGH = 1e-6
"""Share of the value below which slack is numerical noise."""
A_YUAN = 1e-4
BLENDS = (1.0, 0.5, 0.2, 0.05, 0.0)
"""Steps from the stability centre to the newest duals at which the bound is evaluated."""


@dataclass(frozen=True, eq=False)
class StabilityCentre:
    """The stability centre: the duals with the best bound so far, near which the next ones are kept.

    Attributes
    ----------
    y
        Admissible duals of the classes' linking rows.
    small
        Value of supply and money at these duals: what a bound has besides the households' responses. It holds within
        tighter bounds on phases as well.
    """

    y: FloatArray
    small: float

    def towards(self, other: StabilityCentre, step: float) -> StabilityCentre:
        """A convex combination of both; its value underestimates the true one, which is concave."""
        if step >= 1.0:
            return other
        return StabilityCentre(step * other.y + (1.0 - step) * self.y, step * other.small + (1.0 - step) * self.small)


@dataclass(frozen=True, eq=False)
class RelaxationResult:
    """A solver's result for a relaxation over classes.

    Attributes
    ----------
    status
        As `Raw.status`; all else is there only if it was solved.
    value
        Of the open choices, penalties included.
    x
        Columns of the classes' model.
    centre
        Duals of the linking rows, and what they are worth.
    duals
        Of all rows.
    wanted
        (offers of classes, T) choices that were left out and would pay.
    missing
        What these could take off the value at the most, in 万元.
    near
        (offers of classes, T) open choices that are nearly as good as the best one: with them the duals are what they
        are.
    box_dual
        Duals of the box, priced: the most that a box twice as wide could add to the value.
    """

    status: str
    value: float = np.inf
    x: FloatArray | None = None
    centre: StabilityCentre | None = None
    duals: FloatArray | None = None
    wanted: BoolArray | None = None
    missing: float = np.inf
    near: BoolArray | None = None
    box_dual: float = 0.0


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The relaxation over classes.

    Attributes
    ----------
    model
        Slacks have their penalty, idle spending its small cost.
    plain
        Costs without these.
    responses
        Of the classes.
    """

    classes: Classes
    f: Layout
    model: LinearModel
    plain: FloatArray
    responses: Responses

    @property
    def count(self) -> FloatArray:
        """(classes,) households."""
        return self.classes.problem.claims.count.astype(np.float64)

    @property
    def monthly_fee(self) -> FloatArray:
        """(classes,) greatest fee of a month for one household, in 万元, weighted."""
        fee = self.f.fee_fen.max(axis=1) / FEN_PER_WAN
        return np.asarray(fee * np.maximum(self.classes.problem.claims.weight, 1.0))

    def phase_bounds(self) -> tuple[FloatArray, FloatArray]:
        """(E, T) bounds of complete[e, t]."""
        block = self.model.columns["complete"]
        shape = (len(self.f.problem.phases), self.f.problem.calendar.months)
        return self.model.lower[block.index].reshape(shape), self.model.upper[block.index].reshape(shape)

    def state(self, x: FloatArray) -> FloatArray:
        """(E, T) of phases in a solution."""
        block = self.model.columns["complete"]
        return x[block.index].reshape(len(self.f.problem.phases), self.f.problem.calendar.months)

    def for_part(self, low: FloatArray, high: FloatArray) -> Relaxation:
        """The relaxation for the part of the schedules with these (E, T) bounds of complete[e, t]."""
        at = self.model.columns["complete"].index
        lower, upper = self.model.lower.copy(), self.model.upper.copy()
        lower[at], upper[at] = low.ravel(), high.ravel()
        return replace(self, model=replace(self.model, lower=lower, upper=upper))

    def best(self, y: FloatArray) -> FloatArray:
        """(classes,) best value for one household at these duals."""
        choice, best = self.responses.reduced(y)
        np.minimum.at(best, self.responses.claim, choice)
        return best

    def if_allowed(self, never: FloatArray) -> FloatArray:
        """(classes,) cost of never choosing where no slack is allowed: infinite for those with a deadline."""
        return np.where(self.classes.problem.claims.deadline >= 0, np.inf, never)

    def strict(self) -> LinearModel:
        """The relaxation without slack."""
        upper = self.model.upper.copy()
        upper[slack_costs(self.f, self.model) > 0] = 0.0
        return replace(self.model, cost=self.plain, upper=upper)


@dataclass(frozen=True, eq=False)
class PricedRelaxation:
    """A relaxation's solution, with its prices: nothing is proven by it yet.

    Attributes
    ----------
    value
        Of the classes, penalties left out.
    infeasibility
        Sum of the slacks, in 万元 or weighted households.
    x
        Columns of the classes' model.
    centre
        Duals of the classes' model.
    prices
        The same duals by what the rows are about.
    """

    value: float
    infeasibility: float
    x: FloatArray
    centre: StabilityCentre
    prices: RowPrices

    @property
    def infeasible(self) -> bool:
        """Whether the slacks are more than numerical noise."""
        return slack_matters(self.infeasibility, self.value)


@dataclass(frozen=True, eq=False)
class SolvedRelaxation(PricedRelaxation):
    """A solved relaxation, with what its duals prove.

    Attributes
    ----------
    bound
        For the unmerged problem within the same bounds on phases.
    own
        The households' best responses at the prices.
    of_class
        (classes,) the classes' best values for one household.
    """

    bound: float
    own: BestResponses
    of_class: FloatArray


class RelaxationFactory:
    """Builds relaxations over classes of one problem, and evaluates what they prove.

    Parameters
    ----------
    problem
        Needs merged, all households.
    goal
        Objective's name, a tier, or `NO_GOAL`: only slack counts.
    penalty
        Yuan for a yuan of slack.
    idle
        Yuan for a yuan spent on construction.
    """

    def __init__(
        self,
        problem: Problem,
        goal: str | Tier,
        tier_bounds: tuple[TierBound, ...],
        penalty: float,
        idle: float = IDLE_SPENDING,
    ) -> None:
        problem, tier_bounds = within_waits(problem, tier_bounds)
        self.problem, self.penalty = problem, penalty
        self._goal, self._tier_bounds = goal, tier_bounds
        self.pricing = HouseholdPricing(problem, goal, tier_bounds)
        self.group: IntArray | None = None
        self._capacity: PhaseCapacity | None = None
        self.cuts: dict[PhaseCut, None] = {}
        self._part: tuple[FloatArray, FloatArray] | None = None
        self._idle_cost = idle
        self._idle = idle * float(problem.phases.cost.sum()) / FEN_PER_WAN

    def relax(self, of_claim: IntArray) -> Relaxation:
        """The relaxation over these classes."""
        classes = merge(self.problem, of_claim)
        tiers = {t.name: t for t in classes.problem.objective.tiers}
        named = None if self._goal == NO_GOAL else self._goal
        f, model = formulate(
            classes.problem,
            goal=tiers[named.name] if isinstance(named, Tier) else named,
            tier_bounds=tuple((tiers[t.name], most) for t, most in self._tier_bounds),
            relaxed=True,
            elastic=True,
        )
        layout = f.layout()
        if self.group is not None:
            _, first = np.unique(of_claim, return_index=True)
            model = with_cuts(layout, model, self.group[first], list(self.cuts))
        plain = np.zeros_like(model.cost) if self._goal == NO_GOAL else model.cost
        cost = plain + self.penalty * slack_costs(f, model)
        cost[f["build"].index] += self._idle_cost
        model = replace(model, cost=cost, offset=0.0 if self._goal == NO_GOAL else model.offset)
        relaxation = Relaxation(classes, layout, model, plain, Responses.of(layout, model))
        return relaxation if self._part is None else relaxation.for_part(*self._part)

    def narrow(self, low: FloatArray, high: FloatArray) -> None:
        """From now on all relaxations are those of a part of the schedules: (E, T) bounds of complete[e, t]."""
        self._part = low, high

    def strengthen(self, relaxation: Relaxation, x: FloatArray, *, within: int = ALL_MONTHS) -> int:
        """Look for rows on whole phases that a solution violates; they are part of all relaxations from then on.

        Parameters
        ----------
        within
            The worst of each span of so many months.

        Returns
        -------
        int
            How many are new.
        """
        state = relaxation.state(x)
        if not is_fractional(state).any():
            return 0
        f = relaxation.f
        if self.group is None or self._capacity is None:
            self.group = group_claims(self.problem)
            sets = pool_sets(self.problem, self.group)
            self._capacity = PhaseCapacity.of(self.problem, self.group, int(f["stock"].keys[1].max()) + 1, sets)
        _, first = np.unique(relaxation.classes.of_claim, return_index=True)
        taken = self._capacity.taken(f, self.group[first], x[f["settle"].index])
        before = len(self.cuts)
        self.cuts.update(dict.fromkeys(separate(self._capacity, taken, state, within=within)))
        return len(self.cuts) - before

    def knows_more(self, relaxation: Relaxation) -> bool:
        """Whether rows on whole phases have been found since this relaxation was built."""
        rows = relaxation.model.rows
        return sum(rows[kind].size for kind in (EFFECTIVE, RESIDUAL) if kind in rows) < len(self.cuts)

    def row_prices(self, relaxation: Relaxation, y: FloatArray) -> RowPrices:
        """Duals of a relaxation by what its rows are about."""
        return RowPrices.of(relaxation.classes.problem, relaxation.model, y, len(self._tier_bounds))

    def priced(self, relaxation: Relaxation, answer: RelaxationResult) -> PricedRelaxation | None:
        """A result with its prices; None without a solution. No household is asked, which takes long in a city."""
        if answer.x is None or answer.centre is None:
            return None
        missing = float(slack_costs(relaxation.f, relaxation.model) @ answer.x)
        prices = self.row_prices(relaxation, answer.centre.y)
        return PricedRelaxation(answer.value - self.penalty * missing, missing, answer.x, answer.centre, prices)

    def evaluate(self, relaxation: Relaxation, answer: RelaxationResult) -> SolvedRelaxation | None:
        """The bound that a result proves for the households themselves; None without a solution."""
        priced = self.priced(relaxation, answer)
        if priced is None:
            return None
        own = self.pricing.respond(priced.prices)
        return SolvedRelaxation(
            **vars(priced),
            bound=priced.centre.small + self.pricing.total(own) - self._idle,
            own=own,
            of_class=relaxation.best(priced.centre.y),
        )

    def between(
        self, relaxation: Relaxation, centre: StabilityCentre, answer: RelaxationResult
    ) -> tuple[RelaxationResult, float]:
        """A result for part of the schedules with duals near the stability centre that this part inherits.

        Where choices are missing the newest duals oscillate. Between them and the centre lie duals with a better bound;
        the bounds of the classes show which.

        Returns
        -------
        RelaxationResult, float
            With these duals; what they prove for the classes, in 万元 (−∞ without a solution).
        """
        if answer.x is None or answer.centre is None:
            return answer, -np.inf
        points = [centre.towards(answer.centre, step) for step in BLENDS]
        bounds = [point.small + float(relaxation.best(point.y) @ relaxation.count) for point in points]
        best = int(np.argmax(bounds))
        return replace(answer, centre=points[best]), bounds[best]

    def split(self, relaxation: Relaxation, solved: SolvedRelaxation, share: float) -> IntArray | None:
        """(H,) finer classes: those with this share of the loss are split by what members want; None if none is."""
        of_claim, count = relaxation.classes.of_claim, self.problem.claims.count
        loss = solved.of_class * relaxation.count
        loss = loss - add_up(of_claim, solved.own.best * count, loss.size)
        worst = np.argsort(-loss, kind="stable")
        upto = np.cumsum(loss[worst]) / max(float(loss.sum()), 1e-12)
        chosen = worst[: int(np.searchsorted(upto, share)) + 1]
        chosen = chosen[loss[chosen] > 0]
        if not chosen.size:
            return None
        offer = relaxation.classes.of_offer[solved.own.offer]
        wish = np.where(solved.own.offer >= 0, offer * 10_000 + solved.own.month, -1)
        return codes(of_claim, np.where(np.isin(of_claim, chosen), wish, -2))


def slack_matters(slack: float, value: float) -> bool:
    """Whether so much slack, in 万元 or weighted households, is more than numerical noise beside a value in 万元."""
    return slack > ENOUGH * max(1.0, abs(value)) + A_YUAN


def slack_costs(f: Layout | Formulation, model: LinearModel) -> FloatArray:
    """Cost of the slack columns: 1 for money and targets that are short, more for households past a deadline."""
    cost = np.zeros(model.cost.size)
    if not f.problem.objective.shortfall_priced:
        cost[f["shortfall"].index] = 1.0
    cost[f["target_missed"].index] = 1.0
    cost[late(f)] = LATE
    return cost
