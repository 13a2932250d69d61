"""What is short, where and from which month: the answer to a problem that has no plan."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from renewopt.optimiser.decomposition.ascent import in_use
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.pricing import NO_GOAL
from renewopt.optimiser.decomposition.relaxation import RelaxationFactory
from renewopt.optimiser.decomposition.restricted_master import priced, spread
from renewopt.optimiser.decomposition.restricting import RestrictedModel, restrict
from renewopt.optimiser.decomposition.stopping import StoppedError, stop_if_over
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.infeasibility.bottleneck import Bottleneck, find_bottleneck
from renewopt.optimiser.memory import choices
from renewopt.optimiser.model.columns import Formulation, Layout, late
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import FloatArray, IntArray, LinearModel
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem
from renewopt.units import YUAN_PER_WAN
from renewopt.vocabulary import Use

SMALL = 6_000
"""Choices up to which the least shortage is found in whole households and phases."""
LARGE = 60_000
"""Choices from which households that are nearly alike are merged, so that the answer comes within a minute."""
CLASSES = 60
LEAST_SECONDS = 30.0
"""Seconds that a question gets even when time is up."""
NOTICED = 1e-5
"""万元 below which an amount is taken for rounding."""


@dataclass(frozen=True, slots=True)
class MoneyShort:
    """Money that cannot be found for a need.

    Attributes
    ----------
    need, use, project
        Ids; `project` is "" where the need belongs to none.
    by_month
        (``YYYY-MM``, yuan) of each month in which something is missing.
    yuan
        Total.
    """

    need: str
    use: str
    project: str
    by_month: tuple[tuple[str, float], ...]

    @property
    def yuan(self) -> float:
        """Total over the months."""
        return sum(amount for _, amount in self.by_month)


@dataclass(frozen=True, slots=True)
class DeadlineShort:
    """Households of a project that cannot be housed by their deadline, whatever the money.

    Attributes
    ----------
    certain
        It is so many of this project at the least, also where more of others are late; else the sum over all projects
        is all that is known.
    """

    project: str
    deadline: str
    households: float
    certain: bool = True


@dataclass(frozen=True, slots=True)
class TargetShort:
    """Debt that cannot be set off by a target's date."""

    developer: str
    month: str
    yuan: float


@dataclass(frozen=True)
class LeastShortage:
    """Least shortage of a problem without a feasible plan.

    Attributes
    ----------
    money, deadlines, targets
        What is missing; money is the least outside money with which every rule could be kept.
    unfunded
        Fewest households that miss their deadline if no other money comes, where it is money alone that is missing, and
        only for those who have a deadline. Empty also where this is not known.
    bottleneck
        Households that can only use homes of which there are too few, where homes are what is short.
    whole
        The figures hold for whole households and phases; else they are those of the relaxation (the truth is no
        less).
    merged
        Households that are nearly alike were merged into classes: the figures are near the relaxation's, no bound.
    measured
        Whether the figures were found in the time given.
    """

    money: tuple[MoneyShort, ...] = ()
    deadlines: tuple[DeadlineShort, ...] = ()
    targets: tuple[TargetShort, ...] = ()
    unfunded: tuple[DeadlineShort, ...] = ()
    bottleneck: Bottleneck | None = None
    whole: bool = True
    merged: bool = False
    measured: bool = True


@dataclass(frozen=True, eq=False)
class _Elastic:
    """The elastic model of a problem: all that is missing is measured.

    Attributes
    ----------
    few
        The model with only the choices that missing money depends on; None: with all choices.
    """

    f: Formulation | Layout
    model: LinearModel
    few: RestrictedModel | None

    @classmethod
    def of(cls, problem: Problem, *, whole: bool) -> _Elastic:
        """Of the households one by one."""
        return cls(*formulate(problem, elastic=True, relaxed=not whole), None)

    @classmethod
    def merged(cls, problem: Problem, clock: Clock) -> _Elastic:
        """Of classes of households; `StoppedError` if time is up or Ctrl-C was pressed before."""
        relaxation = RelaxationFactory(problem, NO_GOAL, (), 1.0, idle=0.0).relax(classify(problem, CLASSES))
        until = time.monotonic() + max(clock.left, LEAST_SECONDS)
        answer, opened = priced(
            relaxation, spread(relaxation), lambda: max(until - time.monotonic(), 0.0), elastic=True
        )
        stop_if_over(answer.status)
        if answer.x is not None:
            opened = opened | in_use(relaxation, answer.x)
        f, model = relaxation.f, relaxation.model
        return cls(f, model, restrict(f, model, opened[f.choices.offer, f.choices.month]))

    def minimise(self, goals: Sequence[tuple[IntArray, FloatArray]], clock: Clock) -> tuple[str, FloatArray | None]:
        """Minimise sums of columns one after the other, the sums before kept at what they came to.

        Parameters
        ----------
        goals
            Columns of the model, and their weights; one that is weighted is not kept.

        Returns
        -------
        str, numpy.ndarray or None
            As `Raw.status`, of the goal it ended with; the columns of the last one that was solved.
        """
        status, x = "optimal", None
        caps: list[tuple[IntArray, float]] = []
        for columns, weight in goals:
            if not columns.size:
                continue
            at, kept, model = columns, np.ones(columns.size, dtype=np.bool_), self.model
            if self.few is not None:
                at, model = self.few.column[columns], self.few.model
                kept = at >= 0
            raw = _minimise(model, at[kept], weight[kept], clock, caps, central=isinstance(self.f, Layout))
            if raw.x is None or raw.status == "interrupted":
                return raw.status, x
            x, status = raw.x, raw.status if raw.status != "optimal" else status
            if (weight == 1.0).all():
                caps.append((at[kept], float(x[at[kept]].sum())))
            if self.few is not None:
                x = self.few.expand(x)
        return status, x


def find_shortage(problem: Problem, clock: Clock) -> LeastShortage:
    """Measure what is short: households first, then set-off targets, then money."""
    clock.report("what is short")
    count = choices(problem)
    whole, merged = count <= SMALL, count > LARGE
    try:
        elastic = _Elastic.merged(problem, clock) if merged else _Elastic.of(problem, whole=whole)
    except StoppedError:
        return LeastShortage(whole=whole, merged=merged, measured=False)
    f = elastic.f
    missed, target = late(f), f["target_missed"].index
    goals = [(columns, np.ones(columns.size)) for columns in (missed, target, f["shortfall"].index)]
    if isinstance(f, Formulation):
        goals.append((f["shortfall"].index, _last_in_line(f)))
    status, x = elastic.minimise(goals, clock)
    if elastic.few is not None and status != "interrupted":
        # Choices were let in for what late households and money cost together, not for one before the other.
        first = np.concatenate([missed, target])
        if x is None or x[first].max(initial=0.0) > NOTICED:
            status, x = replace(elastic, few=None).minimise(goals, clock)
    complete = status == "optimal"
    if x is None:
        return LeastShortage(whole=whole, merged=merged, measured=complete or status == "infeasible")
    deadlines = _deadlines(f, x, missed)
    unfunded: tuple[DeadlineShort, ...] = ()
    if isinstance(f, Formulation):
        deadlines = _made_certain(f, elastic.model, missed, deadlines, clock)
        if complete and not deadlines:
            unfunded = _unfunded(f, elastic.model, missed, x, clock)
    elif len(deadlines) > 1:
        deadlines = tuple(replace(late, certain=False) for late in deadlines)
    return LeastShortage(
        _money(f, x),
        deadlines,
        _targets(f, x),
        unfunded,
        find_bottleneck(problem) if deadlines else None,
        whole,
        merged,
        complete,
    )


def _last_in_line(f: Formulation) -> FloatArray:
    """Weights by which the least money that is missing is missing where it can wait longest, and for fees last of all.

    Where many bills share a fund, which of them stays unpaid is arbitrary. So that every run gives the same answer,
    what is stated by date and what keeps homes from being built comes before fees, and late months before early ones.
    """
    need, month = f["shortfall"].keys
    fees = f.problem.needs.use[need] == Use.FEES
    weight: FloatArray = 1.0 - (month + 1.0) / (f.problem.calendar.books + 1.0) + 10.0 * fees
    return weight


def _minimise(
    model: LinearModel,
    columns: IntArray,
    weight: FloatArray,
    clock: Clock,
    caps: Sequence[tuple[IntArray, float]],
    *,
    central: bool = False,
) -> Raw:
    """Minimise a sum of some columns, with the sums of others capped at what they came to.

    Parameters
    ----------
    central
        By an interior point, which then goes to a corner; else that is done for large models only.
    """
    cost = np.zeros(model.cost.size)
    cost[columns] = weight
    engine = Engine(replace(model, cost=cost, offset=0.0))
    if engine.mip:
        engine.set("mip_rel_gap", 1e-4)
    elif central or model.cost.size > LARGE:
        engine.set("solver", "ipm")
    for earlier, most in caps:
        engine.add_row(earlier, np.ones(earlier.size), -np.inf, most + 1e-6 * max(1.0, most))
    return engine.run(time_limit=max(clock.left, LEAST_SECONDS))


def _money(f: Formulation | Layout, x: FloatArray) -> tuple[MoneyShort, ...]:
    problem = f.problem
    needs = problem.needs
    need, month = f["shortfall"].keys
    amount = x[f["shortfall"].index]
    result = []
    for n in np.unique(need[amount > NOTICED]):
        at = np.flatnonzero((need == n) & (amount > NOTICED))
        project = needs.project[n]
        result.append(
            MoneyShort(
                str(needs.id[n]),
                str(needs.use[n]),
                str(problem.projects[project]) if project >= 0 else "",
                tuple((problem.calendar.label(month[i]), round(amount[i] * YUAN_PER_WAN, 2)) for i in at),
            )
        )
    return tuple(result)


def _deadlines(f: Formulation | Layout, x: FloatArray, missed: IntArray) -> tuple[DeadlineShort, ...]:
    problem = f.problem
    claim = f["waiting"].keys[0][missed - f["waiting"].start]
    project, deadline, left = problem.claims.project[claim], problem.claims.deadline[claim], x[missed]
    result = []
    for j, d in sorted({(int(j), int(d)) for j, d in zip(project, deadline, strict=True)}):
        households = float(left[(project == j) & (deadline == d)].sum())
        if households > NOTICED:
            result.append(DeadlineShort(str(problem.projects[j]), problem.calendar.label(d), round(households, 3)))
    return tuple(result)


def _made_certain(
    f: Formulation,
    model: LinearModel,
    missed: IntArray,
    found: tuple[DeadlineShort, ...],
    clock: Clock,
) -> tuple[DeadlineShort, ...]:
    """Note whether as many households of each project are late whoever else is."""
    problem = f.problem
    claim = f["waiting"].keys[0][missed - f["waiting"].start]
    project = problem.projects[problem.claims.project[claim]]
    deadline = np.array([problem.calendar.label(month) for month in problem.claims.deadline[claim]])
    result = []
    for one in found:
        here = (project == one.project) & (deadline == one.deadline)
        least = one.households
        if not here.all():
            raw = _minimise(model, missed[here], np.ones(int(here.sum())), clock, [])
            least = 0.0 if raw.x is None else float(raw.x[missed[here]].sum())
        result.append(replace(one, certain=least > one.households - 10 * NOTICED))
    return tuple(result)


def _unfunded(
    f: Formulation, model: LinearModel, missed: IntArray, x: FloatArray, clock: Clock
) -> tuple[DeadlineShort, ...]:
    """Fewest households that miss their deadline with the money that there is; none where that is not enough either."""
    short, target = f["shortfall"].index, f["target_missed"].index
    if not missed.size or x[short].max(initial=0.0) <= NOTICED or x[target].max(initial=0.0) > NOTICED:
        return ()
    upper = model.upper.copy()
    upper[short] = upper[target] = 0.0
    closed = replace(model, upper=upper)
    raw = _minimise(closed, missed, np.ones(missed.size), clock, [])
    if raw.x is None or raw.status != "optimal":
        return ()
    return _made_certain(f, closed, missed, _deadlines(f, raw.x, missed), clock)


def _targets(f: Formulation | Layout, x: FloatArray) -> tuple[TargetShort, ...]:
    developer, month = f["target_missed"].keys
    amount = x[f["target_missed"].index]
    ids, label = f.problem.developers.id, f.problem.calendar.label
    return tuple(
        TargetShort(str(ids[developer[i]]), label(month[i]), round(amount[i] * YUAN_PER_WAN, 2))
        for i in np.flatnonzero(amount > NOTICED)
    )
