"""The money plan of a candidate, as a linear program of its own, written from ``docs/accounts.md`` alone.

Once it is known who settles when and which phase is handed over when, all that is left is money: what is built, paid,
owed, set off, borrowed and moved, month by month. `MoneyPlan` states rules 6 to 13 of the accounts once for a problem;
each candidate only changes right-hand sides. A candidate that fails leaves a certificate behind (Farkas), one that
succeeds leaves its dual prices; both are checked here in plain arithmetic and then bound every other candidate.

Amounts are 万元. Interest, surcharges and level repayments are not rounded, which is worth a few fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from renewopt.problem import Problem

Floats = NDArray[np.float64]
Key = tuple[object, ...]
Expression = dict[Key, float]

FEN_PER_WAN = 1e6
NEVER_OWED = ("construction", "interest", "principal")
NO_COST = ("principal", "commitments")
ONE: Key = ("one",)
DUAL, PRIMAL = 1, 4
"""Strategies of the simplex, as HiGHS numbers them."""
CLEAR_VIOLATION = 1e-4
"""1 yuan: a certificate must be violated by this much before another candidate is ruled out by it."""


def total(*terms: tuple[float, Expression]) -> Expression:
    """Sum of multiples of expressions."""
    result: Expression = {}
    for factor, expression in terms:
        for key, value in expression.items():
            result[key] = result.get(key, 0.0) + factor * value
    return result


def one(amount: float) -> Expression:
    """Make a constant."""
    return {ONE: amount}


def wan(fen: float) -> Expression:
    """Make a constant amount of fen, in 万元."""
    return {ONE: float(fen) / FEN_PER_WAN}


class _Silent(highspy.Highs):
    """HiGHS without the banner that it prints as it is made, before it can be told not to."""

    def enableCallbacks(self) -> None:  # noqa: N802
        """Be silent first."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Verdict:
    """What the linear program says of one candidate, and what follows for the others.

    Attributes
    ----------
    cost
        Least cost that depends on money, 万元; infinite if the candidate cannot be paid for.
    prices
        Multiplier of each row: a proof of infeasibility, or dual prices; None if the solver gave none.
    """

    cost: float
    prices: Floats | None


class MoneyPlan:
    """Rules 6 to 13 for one problem; months 0 … B − 1.

    Parameters
    ----------
    problem
        The tables.
    drop
        Names of rules to leave out: `need`, `owing`, `offset`, `fund`, `release`, `reserve`, `loans`, `moves`,
        `construction`.
    free
        Ask only whether a candidate can be paid for, at no cost.

    Attributes
    ----------
    parameters
        Column of each figure that a candidate sets: ``("due", need, month)``: what falls due, building and loans
        apart; ``("income", fund, month)``: received and recovered; ``("built", phase, month)``: what must be built
        up to the close of the month.
    """

    def __init__(self, problem: Problem, drop: frozenset[str] = frozenset(), *, free: bool = False) -> None:
        self.problem = problem
        self.drop = drop
        self.months = problem.calendar.books
        self.parameters: dict[Key, int] = {}
        for n in range(len(problem.needs)):
            for t in range(self.months):
                self._parameter("due", n, t)
        for f in range(len(problem.funds)):
            for t in range(self.months):
                self._parameter("income", f, t)
        for e in range(len(problem.phases)):
            for t in range(problem.calendar.months):
                self._parameter("built", e, t)
        self._columns: dict[Key, int] = {}
        self._rows: list[tuple[Expression, bool]] = []
        self._principal = [
            [self._principal_of(loan, t) for t in range(self.months)] for loan in range(len(problem.loans))
        ]
        self._construction()
        self._loans()
        for n in range(len(problem.needs)):
            self._need(n)
        self._owing()
        self._offset()
        self._moves()
        self._funds()
        self._release()
        self._reserve()
        self._matrices({} if free else self._objective())
        self._solver = self._open()

    # --- the words ---------------------------------------------------------------------------------------------

    def _parameter(self, *key: object) -> None:
        self.parameters[key] = len(self.parameters)

    def _var(self, *key: object) -> Expression:
        self._columns.setdefault(key, len(self._columns))
        return {key: 1.0}

    def _at_most(self, left: Expression, right: Expression) -> None:
        self._rows.append((total((1, left), (-1, right)), False))

    def _equal(self, left: Expression, right: Expression) -> None:
        self._rows.append((total((1, left), (-1, right)), True))

    def _sum(self, *terms: Expression) -> Expression:
        return total(*((1.0, term) for term in terms))

    def _build(self, phase: int, t: int) -> Expression:
        return self._var("build", phase, t) if 0 <= t < self.problem.calendar.months else {}

    def _borrow(self, loan: int, t: int) -> Expression:
        loans = self.problem.loans
        last = min(int(loans.last[loan]), self.problem.calendar.months - 1)
        return self._var("borrow", loan, t) if max(0, int(loans.first[loan])) <= t <= last else {}

    def _principal_of(self, loan: int, t: int) -> Expression:
        """Principal of a loan that falls due in month t (rule 8)."""
        loans = self.problem.loans
        grace, term = int(loans.grace[loan]), int(loans.term[loan])
        if "loans" in self.drop:
            return {}
        if loans.kind[loan] == "flexible":
            return self._var("repay", loan, t)
        if loans.kind[loan] == "bullet":
            return self._borrow(loan, t - term)
        parts = term - grace
        return total(*((1.0 / parts, self._borrow(loan, t - grace - j)) for j in range(1, parts + 1)))

    def _borrowed_by(self, loan: int, t: int) -> Expression:
        return self._sum(*(self._borrow(loan, s) for s in range(t + 1)))

    def _repaid_by(self, loan: int, t: int) -> Expression:
        return self._sum(*(self._principal[loan][s] for s in range(t + 1)))

    def _outstanding(self, loan: int, t: int) -> Expression:
        return total((1, self._borrowed_by(loan, t)), (-1, self._repaid_by(loan, t)))

    def _due(self, need: int, t: int) -> Expression:
        """All that falls due on a need in a month (rule 7)."""
        problem = self.problem
        terms: list[tuple[float, Expression]] = [(1, {("due", need, t): 1.0})]
        terms += [(1, self._build(e, t)) for e in range(len(problem.phases)) if problem.phases.need[e] == need]
        if "loans" not in self.drop:
            for loan in range(len(problem.loans)):
                if problem.loans.interest_need[loan] == need and t > 0:
                    terms.append((float(problem.loans.rate[loan]) / 12, self._outstanding(loan, t - 1)))
                if problem.loans.principal_need[loan] == need:
                    terms.append((1, self._principal[loan][t]))
        return total(*terms)

    def _owing_rule(self, need: int) -> int:
        use = self.problem.needs.use[need]
        return -1 if use in NEVER_OWED else int(self.problem.needs.owing[need])

    def _owed(self, need: int, t: int) -> Expression:
        return self._var("owe", need, t) if self._owing_rule(need) >= 0 else {}

    def _repaid(self, need: int, t: int) -> Expression:
        return self._var("repaid", need, t) if self._owing_rule(need) >= 0 else {}

    def _arrears(self, need: int, t: int) -> Expression:
        """S, the closing stock of arrears."""
        if self._owing_rule(need) < 0:
            return {}
        if t < 0:
            return wan(self.problem.needs.opening_arrears[need])
        return self._var("arrears", need, t)

    def _surcharge(self, need: int, t: int) -> Expression:
        rule = self._owing_rule(need)
        if rule < 0:
            return {}
        return total((float(self.problem.owing.surcharge_ppb[rule]) / 1e9, self._arrears(need, t - 1)))

    def _set_off(self, need: int, t: int) -> Expression:
        return self._var("offset", need, t) if self.problem.needs.developer[need] >= 0 else {}

    def _pay(self, fund: int, need: int, t: int) -> Expression:
        return self._var("pay", fund, need, t) if self.problem.needs.payable_by[need, fund] else {}

    def _paid_out(self, fund: int, t: int) -> Expression:
        moves = self.problem.moves
        return self._sum(
            *(self._pay(fund, n, t) for n in range(len(self.problem.needs))),
            *(self._var("move", m, t) for m in range(len(moves)) if moves.source[m] == fund),
        )

    def _balance(self, fund: int, t: int) -> Expression:
        if t < 0:
            return wan(self.problem.funds.opening[fund])
        return {} if self.problem.funds.keeps[fund, t] == 0 else self._var("balance", fund, t)

    # --- the rules ---------------------------------------------------------------------------------------------

    def _construction(self) -> None:
        """Rule 6: a phase is built within its cost and pace, and before it is handed over."""
        phases = self.problem.phases
        for e in range(len(phases)):
            spent: Expression = {}
            for t in range(self.problem.calendar.months):
                spent = total((1, spent), (1, self._build(e, t)))
                if "construction" in self.drop:
                    continue
                self._at_most({("built", e, t): 1.0}, spent)
                if phases.monthly_limit[e, t] >= 0:
                    self._at_most(self._build(e, t), wan(phases.monthly_limit[e, t]))
            self._at_most(spent, wan(phases.cost[e]))

    def _loans(self) -> None:
        """Rule 8: what is borrowed stays within its limit; flexible loans are repaid in time."""
        loans = self.problem.loans
        if "loans" in self.drop:
            return
        for loan in range(len(loans)):
            limit = wan(loans.limit[loan])
            if not loans.revolving[loan]:
                self._at_most(self._borrowed_by(loan, self.months - 1), limit)
            for t in range(self.months):
                if loans.revolving[loan]:
                    self._at_most(self._outstanding(loan, t), limit)
                    self._at_most(self._borrow(loan, t), limit)
                if loans.kind[loan] == "flexible":
                    self._at_most({}, self._outstanding(loan, t))
                    self._at_most(self._borrowed_by(loan, t - int(loans.term[loan])), self._repaid_by(loan, t))

    def _need(self, need: int) -> None:
        """Rule 9: what falls due is paid, set off or, where a rule allows it, left owing."""
        for t in range(self.months):
            due, owed, repaid = self._due(need, t), self._owed(need, t), self._repaid(need, t)
            if self._owing_rule(need) >= 0:
                self._at_most(owed, due)
                self._at_most(repaid, self._arrears(need, t - 1))
                before = self._arrears(need, t - 1)
                self._equal(self._arrears(need, t), total((1, before), (1, owed), (-1, repaid)))
            if "need" not in self.drop:
                paid = self._sum(*(self._pay(f, need, t) for f in range(len(self.problem.funds))))
                self._equal(
                    total((1, paid), (1, self._set_off(need, t))),
                    total((1, due), (-1, owed), (1, self._surcharge(need, t)), (1, repaid)),
                )
            if self.problem.needs.developer[need] >= 0 and "offset" not in self.drop:
                self._at_most(self._set_off(need, t), total((1, due), (-1, owed), (1, repaid)))

    def _owing(self) -> None:
        """Rule 10: how much may be left owing, and for how long."""
        owing = self.problem.owing
        if "owing" in self.drop:
            return
        for rule in range(len(owing)):
            needs = [n for n in range(len(self.problem.needs)) if self._owing_rule(n) == rule]
            latest = int(owing.latest[rule])
            for t in range(self.months):
                owed = self._sum(*(self._owed(n, t) for n in needs))
                due = self._sum(*(self._due(n, t) for n in needs))
                self._at_most(owed, total((float(owing.share_ppm[rule]) / 1e6, due)))
                if owing.stock_limit[rule] >= 0:
                    stock = self._sum(*(self._arrears(n, t) for n in needs))
                    self._at_most(stock, wan(owing.stock_limit[rule]))
                for n in needs if latest >= 0 else []:
                    then = self._sum(*(self._owed(n, s) for s in range(t - latest + 1)))
                    if t - latest >= -1:
                        then = self._sum(then, self._arrears(n, -1))
                    self._at_most(then, self._sum(*(self._repaid(n, s) for s in range(t + 1))))

    def _offset(self) -> None:
        """Rule 11: set off only what the developer owes by then, and as much as was aimed for."""
        developers = self.problem.developers
        if "offset" in self.drop:
            return
        for d in range(len(developers)):
            needs = [n for n in range(len(self.problem.needs)) if self.problem.needs.developer[n] == d]
            done: Expression = {}
            for t in range(self.months):
                done = self._sum(done, *(self._set_off(n, t) for n in needs))
                self._at_most(done, wan(developers.debt_due[d, : t + 1].sum()))
                entries = range(int(developers.offset_target.start[d]), int(developers.offset_target.start[d + 1]))
                for i in entries:
                    if developers.offset_target["month"][i] == t:
                        self._at_most(wan(developers.offset_target["fen"][i]), done)

    def _moves(self) -> None:
        """Rule 12, last line: moves between funds within their limits."""
        moves = self.problem.moves
        for m in range(len(moves)):
            moved = [self._var("move", m, t) for t in range(self.months)]
            if "moves" in self.drop:
                continue
            if moves.total_limit[m] >= 0:
                self._at_most(self._sum(*moved), wan(moves.total_limit[m]))
            for t, move in enumerate(moved):
                if moves.monthly_limit[m, t] >= 0:
                    self._at_most(move, wan(moves.monthly_limit[m, t]))

    def _funds(self) -> None:
        """Rule 12: no fund is overdrawn or pays out more than its limits; what lapses is lost."""
        problem, funds = self.problem, self.problem.funds
        if "fund" in self.drop:
            return
        for f in range(len(funds)):
            came: Expression = {}
            gone: Expression = {}
            arrived: list[Expression] = []
            for t in range(self.months):
                into = [self._var("move", m, t) for m in range(len(problem.moves)) if problem.moves.target[m] == f]
                into += [self._borrow(loan, t) for loan in range(len(problem.loans)) if problem.loans.fund[loan] == f]
                have = self._sum(self._balance(f, t - 1), wan(funds.inflow[f, t]), {("income", f, t): 1.0}, *into)
                left = total((1, have), (-1, self._paid_out(f, t)))
                since, keeps = int(funds.valid_since[f, t]), int(funds.keeps[f, t])
                lost = self._var("lost", f, t) if since >= 0 or keeps >= 0 else {}
                self._equal(self._sum(self._balance(f, t), lost), left)
                if keeps > 0:
                    self._at_most(self._balance(f, t), wan(keeps))
                came = self._sum(came, wan(funds.inflow[f, t]), {("income", f, t): 1.0}, *into)
                gone = self._sum(gone, self._paid_out(f, t), lost)
                arrived.append(came)
                if since >= 0:
                    # First in, first out: all that is too old by now has gone, paid or lost.
                    old = wan(funds.opening[f] - funds.valid_opening[f, t])
                    self._at_most(self._sum(old, arrived[since - 1] if since else {}), gone)
                if funds.monthly_limit[f, t] >= 0:
                    self._at_most(self._paid_out(f, t), wan(funds.monthly_limit[f, t]))
            if funds.total_limit[f] >= 0:
                paid = self._sum(*(self._paid_out(f, t) for t in range(self.months)))
                self._at_most(paid, wan(funds.total_limit[f]))

    def _release(self) -> None:
        """Rule 12: a fund released by progress is drawn no further than building has come."""
        problem, funds, phases = self.problem, self.problem.funds, self.problem.phases
        for f in range(len(funds)):
            if funds.release_upfront_ppm[f] < 0 or "release" in self.drop:
                continue
            upfront = float(funds.release_upfront_ppm[f]) / 1e6
            whole = float(funds.release_total[f]) / FEN_PER_WAN
            listed = funds.release_phases["phase"][funds.release_phases.start[f] : funds.release_phases.start[f + 1]]
            size = sum(int(phases.total_cost[e]) for e in listed)
            before = sum(int(phases.total_cost[e] - phases.cost[e]) for e in listed)
            loans = [loan for loan in range(len(problem.loans)) if problem.loans.fund[loan] == f]
            drawn: Expression = {}
            built: Expression = wan(before)
            for t in range(self.months):
                out = [self._borrow(loan, t) for loan in loans] if loans else [self._paid_out(f, t)]
                drawn = self._sum(drawn, *out)
                share = whole * (1 - upfront) / (size / FEN_PER_WAN)
                self._at_most(drawn, total((1, one(whole * upfront)), (share, built)))
                built = self._sum(built, *(self._build(int(e), t) for e in listed))

    def _reserve(self) -> None:
        """Rule 13: the funds that may pay fees keep so many months of fees in hand."""
        problem = self.problem
        months = problem.objective.reserve_months
        if months <= 0 or "reserve" in self.drop:
            return
        fees = [n for n in range(len(problem.needs)) if problem.needs.use[n] == "fees"]
        funds = [f for f in range(len(problem.funds)) if problem.needs.payable_by[fees, f].any()]
        for t in range(self.months):
            due = self._sum(*(self._due(n, t) for n in fees))
            self._at_most(total((months, due)), self._sum(*(self._balance(f, t) for f in funds)))

    def _objective(self) -> Expression:
        """Rules 15 and 16: that part of the objective that depends on how the candidate is paid for."""
        problem, needs = self.problem, self.problem.needs
        terms: list[tuple[float, Expression]] = []
        for n in range(len(needs)):
            for t in range(self.months):
                if problem.objective.name == "transition_fees":
                    terms.append((1, self._surcharge(n, t)))
                elif needs.use[n] not in NO_COST:
                    discount = (1 + problem.objective.discount_rate) ** (-t / 12)
                    terms += [(discount, self._pay(f, n, t)) for f in range(len(problem.funds))]
                    terms.append((discount * problem.objective.offset_value, self._set_off(n, t)))
            if problem.objective.name == "fiscal_cost":
                closing = (1 + problem.objective.discount_rate) ** (-(self.months - 1) / 12)
                terms.append((closing, self._arrears(n, self.months - 1)))
        return total(*terms)

    # --- the solver --------------------------------------------------------------------------------------------

    def _matrices(self, objective: Expression) -> None:
        rows, columns = len(self._rows), len(self._columns)
        self._a = np.zeros((rows, columns))
        self._p = np.zeros((rows, len(self.parameters)))
        self._b = np.zeros(rows)
        self._equality = np.array([equality for _, equality in self._rows], dtype=bool)
        for i, (expression, _) in enumerate(self._rows):
            for key, value in expression.items():
                if key == ONE:
                    self._b[i] -= value
                elif key in self.parameters:
                    self._p[i, self.parameters[key]] -= value
                else:
                    self._a[i, self._columns[key]] += value
        # Each figure stands in a few rows, and there may be a thousand candidates.
        self._sparse = sparse.csr_array(self._p)
        self._cost = np.zeros(columns)
        for key, value in objective.items():
            if key == ONE:
                continue
            self._cost[self._columns[key]] += value
        self._constant = objective.get(ONE, 0.0)

    def _open(self) -> Any:
        rows, columns = self._a.shape
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = rows, columns
        lp.col_cost_ = self._cost
        lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.full(columns, highspy.kHighsInf)
        lp.row_lower_ = np.where(self._equality, self._b, -highspy.kHighsInf)
        lp.row_upper_ = self._b
        row, column = np.nonzero(self._a)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = column.astype(np.int32), self._a[row, column]
        solver: Any = _Silent()  # type: ignore[no-untyped-call]
        for option, value in (
            ("log_to_console", False),
            ("output_flag", False),
            ("presolve", "off"),
            ("solver", "simplex"),
            ("threads", 1),
        ):
            solver.setOptionValue(option, value)
        solver.passModel(lp)
        return solver

    def right_hand_sides(self, parameters: Floats) -> Floats:
        """(candidates, rows), from (candidates, parameters) in 万元."""
        result: Floats = (self._sparse @ parameters.T).T
        result += self._b
        return result

    def solve(self, right: Floats) -> Verdict:
        """Cheapest money plan for one candidate, given its right-hand side."""
        rows = right.size
        self._solver.changeRowsBounds(
            rows, np.arange(rows, dtype=np.int32), np.where(self._equality, right, -highspy.kHighsInf), right
        )
        self._solver.run()
        status = self._solver.getModelStatus()
        for strategy in (DUAL, PRIMAL):
            if status != highspy.HighsModelStatus.kUnknown:
                break
            # From the last candidate's basis the simplex may lose its way; from none it mostly finds it.
            self._solver.setOptionValue("simplex_strategy", strategy)
            self._solver.clearSolver()
            self._solver.run()
            status = self._solver.getModelStatus()
            self._solver.setOptionValue("simplex_strategy", DUAL)
        if status == highspy.HighsModelStatus.kOptimal:
            prices = np.array(self._solver.getSolution().row_dual)
            return Verdict(self._constant + self._solver.getInfo().objective_function_value, prices)
        if status == highspy.HighsModelStatus.kInfeasible:
            _, known, ray = self._solver.getDualRay()
            return Verdict(np.inf, np.array(ray) if known else None)
        raise RuntimeError(f"the money plan ended as {self._solver.modelStatusToString(status)}")

    def bound_others(self, verdict: Verdict, rights: Floats) -> Floats | None:
        """(candidates,) lower bound on the money cost of every candidate, from one candidate's verdict.

        Any multipliers y ≤ 0 on the inequalities with yᵀA ≤ cost give cost ≥ yᵀb: the proof needs no trust in the
        solver. With yᵀA ≤ 0 instead, yᵀb > 0 proves that there is no plan.
        """
        if verdict.prices is None:
            return None
        ray = np.isinf(verdict.cost)
        target = np.zeros_like(self._cost) if ray else self._cost
        for sign in (1.0, -1.0):
            y = sign * verdict.prices
            if ray:
                y = y / max(1e-12, float(np.abs(y).max()))
            y = np.where(self._equality, y, np.minimum(y, 0.0))
            if (y @ self._a - target).max(initial=0.0) > 1e-8:
                continue
            value = rights @ y
            if ray:
                return np.where(value > CLEAR_VIOLATION, np.inf, -np.inf)
            return np.asarray(self._constant + value - CLEAR_VIOLATION / 100)
        return None
