"""Payments that an auditor nods at: few, round, and from the funds in their order, at an objective no higher.

Whole decisions about households and phases leave many ways to pay for them that cost the same. A vertex of the
relaxation is any one of them, and rounding it leaves dust. Here the same money problem is solved once more, with its
objective held. The number of movements is brought down by reweighting: a movement counts one over what it comes to, so
that small ones go and large ones take them over (Candès, Wakin and Boyd, *Enhancing sparsity by reweighted l1
minimization*, 2008). Then movements are closed one by one, smallest first. What rounding to whole fen leaves behind is
swept up last, in the decisions themselves (`sweeping`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from renewopt import stopping
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.model import goals
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.decoding import schedule
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import FloatArray, IntArray
from renewopt.optimiser.model.margins import tightened
from renewopt.optimiser.payments.paying import with_past
from renewopt.optimiser.payments.rounding import round_payments
from renewopt.optimiser.payments.settled import assess, money_problem
from renewopt.optimiser.payments.sweeping import movements, swept
from renewopt.optimiser.progress import endless
from renewopt.problem import Decisions, Problem
from renewopt.vocabulary import Goal

__all__ = ["tidied"]

MOVED = ("pay", "offset", "owed", "move_money", "borrow", "repay", "build")
"""Columns that are movements; what a phase takes is one too, beside what is paid for it."""
MARGINS_FEN = (0, 20)
"""Margins in every limit, tried in turn: without one a limit is used up to its last fen, with one rounding has room."""
SMALL = 0.1
"""万元: what makes a movement small."""
NOTHING = 1e-7
"""万元: a thousandth of a fen is none."""
ROUNDS = 8
CLOSED = 40
"""Movements that are closed one by one at the most."""
IN_VAIN = 10
"""Of them in a row that could not be closed: then no more are tried."""
FISCAL_SHARE = 1e-5
"""Of the fiscal cost, where it is not the goal: what tidiness may cost, by paying a little sooner."""
ORDER = 1e-3
"""What the place of a fund in their order weighs, against the size of a movement."""
LARGEST = 50_000
"""Columns up to which payments are tidied."""


def tidied(
    problem: Problem,
    decisions: Decisions,
    *,
    goal: str,
    accepts: Callable[[Decisions], bool],
    left: Callable[[], float] = endless,
) -> Decisions:
    """Payments for the same households and phases with the fewest movements that are found; else those given.

    Parameters
    ----------
    decisions
        Complete, whoever made them.
    goal
        Objective's name.
    accepts
        Whether decisions keep every rule, and reach what those given reach: the ledger says.
    left
        Seconds left; the tidiest so far stands when there are none.
    """
    reduced = money_problem(problem, assess(problem, decisions.settle))
    best, least = decisions, movements(decisions)
    with stopping.held():
        # Where the solver gives up, payments stay as they are.
        with suppress(SolverError):
            for margin in MARGINS_FEN:
                # What is moved is rounded by running totals, so never beyond a limit in whole fen: it needs no margin.
                narrow = replace(tightened(reduced, margin), moves=reduced.moves)
                search = _Search.begun(narrow, decisions, goal, left)
                if search is None:
                    continue
                found = round_payments(reduced, search.f, search.tidy(), decisions.settle, decisions.complete)
                if found is None:
                    continue
                found = with_past(problem, found)
                count = movements(found)
                if count < least and accepts(found):
                    best, least = found, count
                if best is found and not least.dust:
                    break
        return swept(problem, best, accepts)


@dataclass(eq=False)
class _Search:
    """A money problem with its objective held, the movements among its columns, and the tidiest answer so far."""

    f: Formulation
    engine: Engine
    moved: IntArray
    place: FloatArray
    lower: FloatArray
    upper: FloatArray
    x: FloatArray
    left: Callable[[], float]

    @classmethod
    def begun(cls, problem: Problem, decisions: Decisions, goal: str, left: Callable[[], float]) -> _Search | None:
        """Solve for the goal, then for the fiscal cost, and hold both; None if there is no answer."""
        if left() <= 0:
            return None
        f, model = formulate(problem, goal=goal, relaxed=True)
        if model.cost.size > LARGEST:
            return None
        fixed = f["complete"].index
        model.lower[fixed] = model.upper[fixed] = schedule(problem, decisions.complete).ravel()
        engine = Engine(model)
        engine.set("solver", "simplex")
        engine.set("primal_feasibility_tolerance", 1e-9)
        raw = engine.run(time_limit=left())
        if raw.status != "optimal" or raw.x is None:
            return None
        lower, upper, x = model.lower.copy(), model.upper.copy(), raw.x
        second, slack = goals.fiscal(f), 0.0
        if goal != Goal.FISCAL:
            held = np.flatnonzero(model.cost)
            upper[held] = np.maximum(x[held], lower[held])
            engine.bound_columns(held, lower[held], upper[held])
            engine.change_costs(second)
            raw = engine.run(time_limit=left())
            x = x if raw.x is None or raw.status != "optimal" else raw.x
            tiers = any(tier.goal == Goal.FISCAL for tier in problem.objective.tiers)
            slack = 0.0 if tiers else FISCAL_SHARE * abs(float(second @ x))
        at = np.flatnonzero(second)
        if at.size:
            engine.add_row(at, second[at], -np.inf, float(second @ x) + slack)
        blocks = [f[name] for name in MOVED if name in f.builder.columns]
        moved = np.concatenate([block.index for block in blocks])
        place = np.zeros(f.builder.size)
        pay = f["pay"]
        place[pay.index] = pay.keys[0] / max(len(problem.funds), 1)
        return cls(f, engine, moved, place[moved], lower, upper, x, left)

    def tidy(self) -> FloatArray:
        """The tidiest answer."""
        self._reweight()
        self._close_all()
        self._close_small()
        return self.x

    def _solve(self) -> bool:
        """Take the answer of the model as it is now, if there is one."""
        raw = self.engine.run(time_limit=self.left())
        if raw.status != "optimal" or raw.x is None:
            return False
        self.x = raw.x
        return True

    def _open(self) -> IntArray:
        """Movements that are made."""
        return self.moved[self.x[self.moved] > NOTHING]

    def _weigh(self) -> None:
        cost = np.zeros(self.f.builder.size)
        cost[self.moved] = (1.0 + ORDER * self.place) * SMALL / (np.maximum(self.x[self.moved], 0.0) + SMALL)
        self.engine.change_costs(cost)

    def _reweight(self) -> None:
        count, best = self._open().size, self.x
        for _ in range(ROUNDS):
            self._weigh()
            if not self._solve():
                break
            now = self._open().size
            if now < count:
                count, best = now, self.x
            elif now == count:
                break
        self.x = best
        self._weigh()

    def _bound(self, columns: IntArray, lower: FloatArray, upper: FloatArray) -> bool:
        """Bound columns, if there is an answer then; else leave them as they were."""
        self.engine.bound_columns(columns, lower, upper)
        if self._solve():
            self.lower[columns], self.upper[columns] = lower, upper
            return True
        self.engine.bound_columns(columns, self.lower[columns], self.upper[columns])
        # From where it has found none, the solver may go astray for minutes.
        self.engine.forget()
        return False

    def _close(self, columns: IntArray) -> bool:
        columns = columns[self.lower[columns] <= 0.0]
        none = np.zeros(columns.size)
        return bool(columns.size) and self._bound(columns, none, none)

    def _close_all(self) -> None:
        """Open no movement that is not made."""
        self._close(self.moved[self.x[self.moved] <= NOTHING])

    def _close_small(self) -> None:
        """Close movements that others can take over: the small ones together, then one by one, smallest first."""
        tried = np.zeros(self.f.builder.size, dtype=np.bool_)
        made = self._open()
        self._close(made[self.x[made] < SMALL])
        in_vain = 0
        for _ in range(CLOSED):
            if in_vain == IN_VAIN:
                break
            made = self._open()
            made = made[~tried[made]]
            if not made.size:
                break
            least = made[np.argmin(self.x[made])]
            tried[least] = True
            in_vain = 0 if self._close(least[None]) else in_vain + 1
