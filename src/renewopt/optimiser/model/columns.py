"""The decisions as columns (model page §4), and what the rule blocks share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from renewopt.optimiser.model import choices as tables
from renewopt.optimiser.model.choices import Amounts, Choices
from renewopt.optimiser.model.linear import (
    INFINITY,
    Block,
    BoolArray,
    Columns,
    FloatArray,
    IntArray,
    ModelBuilder,
    Owner,
    Role,
    Unit,
)
from renewopt.optimiser.model.start_options import StartOptions
from renewopt.problem import Problem
from renewopt.units import FEN_PER_WAN, PPM


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the columns of a finished model stand, and what its household columns are about.

    Attributes
    ----------
    fee_fen
        (H, T) ordinary fee of each month for one household.
    columns
        Blocks by name.
    """

    problem: Problem
    choices: Choices
    fee_fen: IntArray
    columns: dict[str, Columns]

    def __getitem__(self, name: str) -> Columns:
        return self.columns[name]


@dataclass(eq=False)
class Formulation:
    """A problem on its way to a linear model: columns by name, tables of what each choice causes.

    Attributes
    ----------
    elastic
        What cannot be had is measured instead of refused: outside money (shortfall), households of a claim with a
        deadline that stay unsettled, targets of set-off that are missed.
    relaxed
        No column is integer.
    in_fen
        Surcharges, interest and the parts of level repayments are columns of their own, so that they can be whole fen
        as the ledger rounds them, instead of multiples of other columns.
    starts
        What may start when, where that is to be decided too; None: the problem's dates are given.
    without_households
        The problem's claims are left out: whatever they may cause is provided for, in all months.
    spreads
        Number of each goal of equal waits, by the tier's name.
    """

    problem: Problem
    choices: Choices
    elastic: bool
    relaxed: bool
    in_fen: bool = False
    starts: StartOptions | None = None
    without_households: bool = False
    builder: ModelBuilder = field(default_factory=ModelBuilder)
    spreads: dict[str, int] = field(default_factory=dict)
    instalments: Amounts = field(init=False)
    paid_lines: Amounts = field(init=False)
    received_lines: Amounts = field(init=False)
    stream: Amounts = field(init=False)
    stream_overdue: BoolArray = field(init=False)
    stock: Amounts = field(init=False)
    transfers: Amounts = field(init=False)
    releases: Amounts = field(init=False)
    fee_fen: IntArray = field(init=False)
    active: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        given = self.problem, self.choices
        self.instalments = tables.instalments(*given)
        self.paid_lines, self.received_lines = (tables.lines(*given, received=received) for received in (False, True))
        self.stream, self.stream_overdue = tables.streams(*given)
        self.stock = tables.stock_taken(*given)
        self.transfers, self.releases = tables.transfers(*given), tables.releases(*given)
        self.fee_fen = self.problem.fees.fen(slice(None), slice(0, self.problem.calendar.months))
        self.active = self._active()

    def __getitem__(self, name: str) -> Columns:
        return self.builder.columns[name]

    def of_role(self, *roles: Role) -> list[Columns]:
        """Families of columns in these roles, in the order of the model."""
        return [block for block in self.builder.columns.values() if block.role in roles]

    def layout(self) -> Layout:
        """What is needed to read a solution, without the tables that the model was built from."""
        return Layout(self.problem, self.choices, self.fee_fen, dict(self.builder.columns))

    def _active(self) -> BoolArray:
        """(N, B): months in which a need can fall due or arrears can be paid."""
        problem = self.problem
        needs, bills, months = problem.needs, problem.bills, problem.calendar.months
        active = needs.fixed != 0
        if self.without_households:
            return np.ones_like(active)
        if self.starts is not None:
            _, need, month, _ = self.starts.caused("due", "need")
            active[need, month] = True
        active[:, 0] |= needs.opening_arrears > 0
        for amounts in (self.instalments, self.paid_lines):
            active[amounts.target, amounts.month] = True
        bill = problem.claims.bill
        for g in np.unique(bill):
            active[bills.need[g], np.unique(bills.due[g, :months])] = True
        paid = self.stream.fen > 0
        g = bill[self.stream.target[paid]]
        active[bills.need[g], bills.due[g, self.stream.month[paid]]] = True
        active[problem.phases.need, :months] = True
        for loan in range(len(problem.loans)):
            active[problem.loans.interest_need[loan], 1:] |= problem.loans.rate[loan] > 0
            active[problem.loans.principal_need[loan]] = True
        owed = needs.owing >= 0
        active[owed] |= np.logical_or.accumulate(active[owed] | (needs.opening_arrears[owed] > 0)[:, None], axis=1)
        result: BoolArray = active
        return result


def lookup(block: Block, shape: tuple[int, ...]) -> IntArray:
    """Column of each key, −1 where there is none."""
    table = np.full(shape, -1, dtype=np.int64)
    table[block.keys] = block.index
    return table


def _grid(*sizes: int) -> list[IntArray]:
    return [axis.ravel().astype(np.int64) for axis in np.indices(sizes)]


def _limit(fen: IntArray) -> FloatArray:
    """万元, infinite where −1."""
    return np.where(fen < 0, INFINITY, fen / FEN_PER_WAN)


def begin(
    problem: Problem,
    *,
    elastic: bool = False,
    relaxed: bool = False,
    in_fen: bool = False,
    choices: Choices | None = None,
    starts: StartOptions | None = None,
    without_households: bool = False,
) -> Formulation:
    """Declare every column of the model; bounds that belong to one column alone are set here."""
    listed = tables.list_choices(problem) if choices is None else choices
    f = Formulation(problem, listed, elastic, relaxed, in_fen, starts, without_households)
    _household_columns(f)
    _supply_columns(f)
    _money_columns(f)
    _loan_columns(f)
    if in_fen:
        _rounded_columns(f)
    if starts is not None:
        start_columns(f, starts)
    return f


def _household_columns(f: Formulation) -> None:
    problem, choices = f.problem, f.choices
    claims, months = problem.claims, problem.calendar.months
    add = partial(f.builder.add_columns, unit=Unit.HOUSEHOLDS, owner=Owner.HOUSEHOLD)
    add(
        "settle", "ot", (choices.offer, choices.month), "households that take offer o in month t; whole",
        role=Role.DECISION, upper=claims.count[choices.claim] / choices.unit, integer=not f.relaxed,
    )  # fmt: skip
    claim, month = _grid(len(claims), months)
    upper = claims.count[claim].astype(np.float64)
    if not f.elastic:
        upper[(month == months - 1) & (claims.deadline[claim] >= 0)] = 0.0
    add(
        "waiting", "ht", (claim, month), "households of claim h with no choice made up to t",
        role=Role.STATE, source="household", upper=upper,
    )  # fmt: skip


def _supply_columns(f: Formulation) -> None:
    problem = f.problem
    phases, pools, months = problem.phases, problem.pools, problem.calendar.months
    add = partial(f.builder.add_columns, owner=Owner.SUPPLY)
    phase, month = keys = _grid(len(phases), months)
    cost = phases.cost[phase] / FEN_PER_WAN
    due = (phases.latest[phase] >= 0) & (month >= phases.latest[phase]) & (not f.elastic)
    add(
        "complete", "et", keys, "phase e has been handed over by t; 0 or 1", role=Role.DECISION, unit=Unit.SHARE,
        lower=due.astype(np.float64), upper=(month >= phases.earliest[phase]).astype(np.float64),
        integer=not f.relaxed,
    )  # fmt: skip
    add(
        "spent", "et", keys, "paid for phase e up to t",
        role=Role.STATE, unit=Unit.MONEY, source="spending", upper=cost,
    )  # fmt: skip
    add(
        "build", "et", keys, "paid for phase e in t",
        role=Role.DECISION, unit=Unit.MONEY, upper=np.minimum(_limit(phases.monthly_limit)[phase, month], cost),
    )  # fmt: skip
    last = int(max(f.stock.month.max(initial=0), months - 1)) + 1
    in_stock = partial(add, role=Role.STATE, unit=Unit.STOCK)
    in_stock("stock", "pt", _grid(len(pools), last), "homes left in pool p at the close of t")
    reserved = np.flatnonzero(pools.surplus >= 0)
    pool, month = _grid(reserved.size, months)
    in_stock("open", "pt", (reserved[pool], month), "of them, open for transfer", source="reservation")


def _money_columns(f: Formulation) -> None:
    problem = f.problem
    needs, funds, developers = problem.needs, problem.funds, problem.developers
    books = problem.calendar.books
    add = partial(f.builder.add_columns, unit=Unit.MONEY, owner=Owner.FINANCE)
    decide, follow = partial(add, role=Role.DECISION), partial(add, role=Role.STATE)
    rounded = partial(follow, follows_rounding=True)
    payable = np.nonzero(needs.payable_by.T[:, :, None] & f.active[None, :, :])
    decide("pay", "fnt", payable, "fund f pays for need n in t")
    may_offset = np.nonzero(f.active & (needs.developer >= 0)[:, None])
    decide("offset", "nt", may_offset, "a developer's debt set off against need n")
    may_owe = np.nonzero(f.active & (needs.owing >= 0)[:, None])
    decide("owed", "nt", may_owe, "of what falls due in t, left owing", source="owe")
    rounded("repaid", "nt", may_owe, "of what was owed, paid in t", source="need")
    rounded("arrears", "nt", may_owe, "owed at the close of t")
    opening = np.flatnonzero((needs.owing >= 0) & (needs.opening_arrears > 0))
    amount = needs.opening_arrears[opening] / FEN_PER_WAN
    follow("opening_arrears", "n", (opening,), "owed at the start", known=True, lower=amount, upper=amount)
    if f.elastic or problem.objective.shortfall_priced:
        meaning = "money that is found nowhere; only where what is short is measured"
        decide("shortfall", "nt", np.nonzero(f.active), meaning)
    fund, month = _grid(len(funds), books)
    keeps = funds.keeps[fund, month]
    lapses = (keeps >= 0) | (funds.valid_since[fund, month] >= 0)
    rounded(
        "balance", "ft", (fund, month), "left in fund f at the close of t",
        source="fund", known=keeps == 0, upper=_limit(keeps),
    )  # fmt: skip
    rounded(
        "lapsed", "ft", (fund[lapses], month[lapses]), "lost by fund f at the close of t",
        source="fund", keeps_below=("balance", "valid"),
    )  # fmt: skip
    receiving = np.zeros((len(funds), books), dtype=np.bool_)
    receiving[f.received_lines.target, f.received_lines.month] = True
    receiving[problem.bills.recovered_into[problem.bills.recovered_into >= 0]] = True
    receiving |= f.without_households
    rounded("received", "ft", np.nonzero(receiving), "from households, and recovered from developers")
    released = np.flatnonzero(funds.release_upfront_ppm >= 0)
    fund, month = _grid(released.size, books)
    follow("drawn", "ft", (released[fund], month), "drawn up to t from a fund that is released by progress")
    move, month = keys = _grid(len(problem.moves), books)
    limit = _limit(problem.moves.monthly_limit)[move, month]
    decide("move_money", "mt", keys, "moved between two funds", source="move", upper=limit)
    debtors = _grid(len(developers.id), books)
    follow("debt", "dt", debtors, "debt of developer d that has fallen due and is not yet set off")
    if f.elastic:
        target = developers.offset_target
        meaning = "of a target of set-off, not reached; only where what is short is measured"
        add("target_missed", "dt", (target.row, target["month"]), meaning, role=Role.SLACK)


def _loan_columns(f: Formulation) -> None:
    loans, books = f.problem.loans, f.problem.calendar.books
    add = partial(f.builder.add_columns, unit=Unit.MONEY, owner=Owner.FINANCE)
    loan, month = keys = _grid(len(loans), books)
    limit = _limit(loans.limit)[loan]
    drawable = np.where((month >= loans.first[loan]) & (month <= loans.last[loan]), limit, 0.0)
    add("borrow", "lt", keys, "drawn of loan l", role=Role.DECISION, upper=drawable)
    flexible = loans.kind[loan] == "flexible"
    add("repay", "lt", (loan[flexible], month[flexible]), "repaid of a flexible loan", role=Role.DECISION)
    add(
        "outstanding", "lt", keys, "principal outstanding at the close of t",
        role=Role.STATE, follows_rounding=True, upper=limit,
    )  # fmt: skip


def start_columns(f: Formulation, options: StartOptions) -> None:
    """Declare what of a programme has begun, and what starts."""
    add = partial(f.builder.add_columns, unit=Unit.SHARE, owner=Owner.SUPPLY)
    keys = options.activity, options.month
    meaning = "activity j of a programme has started by t; 0 or 1"
    add("begun", "jt", keys, meaning, role=Role.START, upper=1.0, integer=not f.relaxed)
    add("start", "jt", keys, "activity j starts in t", role=Role.STATE, source="begun")


def _rounded_columns(f: Formulation) -> None:
    """Add what the ledger rounds; of level loans, the totals of j < n parts of a draw: round(draw × j / n)."""
    needs, rules, loans, books = f.problem.needs, f.problem.owing, f.problem.loans, f.problem.calendar.books
    add = partial(f.builder.add_columns, role=Role.ROUNDED, unit=Unit.MONEY, owner=Owner.FINANCE)
    need, month = f["arrears"].keys
    (opening,) = f["opening_arrears"].keys
    need = np.concatenate([opening, need[month < books - 1]])
    month = np.concatenate([np.zeros_like(opening), month[month < books - 1] + 1])
    at = rules.surcharge_ppb[needs.owing[need]] > 0
    meaning = "surcharge due on last month's arrears; a column only where whole fen are searched for"
    add("surcharge", "nt", (need[at], month[at]), meaning)
    loan, month = _grid(len(loans), books)
    bearing = (month > 0) & (loans.rate[loan] > 0)
    meaning = "interest due; a column only where whole fen are searched for"
    add("interest", "lt", (loan[bearing], month[bearing]), meaning)
    parts = [
        (loan, month, part)
        for loan in np.flatnonzero(loans.kind == "level")
        for month in range(loans.first[loan], loans.last[loan] + 1)
        for part in range(1, loans.term[loan] - loans.grace[loan])
    ]
    keys = tuple(np.array(parts, dtype=np.int64).reshape(-1, 3).T)
    add("repaid_part", "ltj", keys, "level repayments in whole fen, likewise")


def late(f: Formulation | Layout) -> IntArray:
    """Columns of the households that miss their deadline: waiting in the last month, of claims that have one."""
    claim, month = f["waiting"].keys
    at = (month == f.problem.calendar.months - 1) & (f.problem.claims.deadline[claim] >= 0)
    result: IntArray = f["waiting"].index[at]
    return result


def cash_fees(f: Formulation) -> tuple[Amounts, Amounts]:
    """What fees put on the bills: of waiting columns (choice = column position) and of choices; target: bill."""
    problem = f.problem
    claims, bills = problem.claims, problem.bills
    claim, month = f["waiting"].keys
    g = claims.bill[claim]
    waiting = Amounts(f["waiting"].index, g.astype(np.int64), bills.due[g, month].astype(np.int64), f.fee_fen.ravel())
    g = claims.bill[f.stream.target]
    chosen = Amounts(f.stream.choice, g.astype(np.int64), bills.due[g, f.stream.month].astype(np.int64), f.stream.fen)
    return waiting, chosen


def government_part(f: Formulation, amounts: Amounts) -> FloatArray:
    """万元 of each fee entry that falls due on the government."""
    part: FloatArray = amounts.fen * (f.problem.bills.paid_ppm[amounts.target] / (PPM * FEN_PER_WAN))
    return part
