r"""The outline of a programme: starts, phases and money, with the households in it only as what they use and cost.

Of every plan the outline knows what all households together put on each row in which they meet (money due, money
received, homes, places), u = A x, and what they cost, θ = c · x. What it knows of them is one row for each set of
prices y of these rows that it was told (weak duality, household by household and for every start month):

.. math:: \theta \ge \sum_{h} n_h \min_x \bigl( c_h - y A_h \bigr) x + y \cdot u

where the households of a project count in the copy of the month in which it starts, and not at all where it does not.
It holds for any y whatever, so that the outline is a relaxation of the programme: wherever the prices come from, its
optimum is a lower bound for all schedules and all plans of whole households, and with many good prices a close one
(generalised Benders decomposition). It has no column for a household: it is as small for a city as for a street.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy import sparse

from renewopt.optimiser.decomposition.pricing import HouseholdPricing, RowPrices
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.model.linear import Block, BoolArray, FloatArray, IntArray, LinearModel, add_up
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.starts.aim import SAME, Aim, StartCost
from renewopt.optimiser.starts.widening import OpenStarts
from renewopt.optimiser.starts.windows import ruled_out, starts_of
from renewopt.problem import Problem, Tier
from renewopt.problem.fee_curves import PERMILLE
from renewopt.problem.subsets import subset
from renewopt.units import FEN_PER_WAN, MICRO_YUAN_PER_FEN, PPM, YUAN_PER_WAN, divide_half_up
from renewopt.vocabulary import Goal

TOLERANCE = 1e-6
"""Share of what HiGHS proves that its tolerances may be worth; with closer ones it takes many times as long."""
TINY = 1e-6
"""万元 below which a price, or what households come to, is no entry of a row; the row gives way by it."""
SHARED_ROWS = ("need", "received", "stock", "reservation", "limit")
"""Rows in which households meet, by the names of the model."""


class Outline:
    """The outline of a programme with open starts, in HiGHS.

    Parameters
    ----------
    opened
        The problem with open starts; its copies are priced, never written out.
    aim
        What is minimised, and within which limits: each of these is one more row in which households meet.
    """

    def __init__(self, opened: OpenStarts, aim: Aim) -> None:
        self.problem, self.options = opened.problem, opened.options
        limits = aim.limits(self.problem)
        self._pricing = HouseholdPricing(self.problem, aim.of_households(self.problem), limits)
        nobody = subset(self.problem, np.zeros(0, dtype=np.int64))[0]
        options = replace(self.options, claim_option=np.zeros(0, dtype=np.int64))
        self.f, model = aim.formulate(loosened(nobody), options, without_households=True)
        self._blocks = [(name, *_shared(self.problem, name, model.rows)) for name in SHARED_ROWS if name in model.rows]
        self._limits = np.array([model.rows[f"tier_{k}"].start for k in range(len(limits))], dtype=np.int64)
        self.model, self._use, self._cost = self._with_households(model, [tier for tier, _ in limits])
        if isinstance(aim.goal, StartCost):
            # Households cost nothing then: they only have to find what they need.
            self.model.lower[self._cost] = self.model.upper[self._cost] = 0.0
        self.engine = Engine(self.model)
        start = self.f["start"].index
        for cost, most in aim.held:
            counted = np.flatnonzero(cost.each)
            self.engine.add_row(start[counted], cost.each[counted], -math.inf, most + SAME - cost.constant)

    def _with_households(self, model: LinearModel, limited: list[Tier]) -> tuple[LinearModel, IntArray, int]:
        """The model, with a column for what households put on each shared row, and one for what they cost."""
        row = np.concatenate([*(index for _, index, _ in self._blocks), self._limits])
        size = model.cost.size
        use, cost = size + np.arange(row.size), size + row.size
        matrix = sparse.csr_array(
            (
                np.concatenate([model.value, np.ones(row.size)]),
                (np.concatenate([model.entry_rows(), row]), np.concatenate([model.index, use])),
            ),
            shape=(model.row_lower.size, cost + 1),
        )
        most = _most(self.problem)
        goals = np.array([_most_of_goal(self.problem, tier, most["need"][0]) for tier in limited])
        low = np.concatenate([*(np.full(index.size, -most[name][0]) for name, index, _ in self._blocks), -goals])
        high = np.concatenate([*(np.full(index.size, most[name][1]) for name, index, _ in self._blocks), goals])
        whole = np.zeros(cost + 1, dtype=np.bool_)
        for name in ("begun", "complete"):
            whole[model.columns[name].index] = True
        return (
            LinearModel(
                np.concatenate([model.cost, np.zeros(row.size), [1.0]]),
                model.offset,
                np.concatenate([model.lower, low, [-_least(self.problem, most["need"][0])]]),
                np.concatenate([model.upper, high, [math.inf]]),
                whole,
                model.row_lower,
                model.row_upper,
                matrix.indptr.astype(np.int64),
                matrix.indices.astype(np.int64),
                matrix.data,
                model.columns,
                model.rows,
            ),
            use,
            cost,
        )

    def tell(self, prices: RowPrices) -> bool:
        """Add what households come to at these prices; False where no plan exists, whatever starts."""
        table = {name: getattr(prices, name) for name in (*SHARED_ROWS, "tiers")}
        prices = replace(prices, **{name: np.where(np.abs(each) < TINY, 0.0, each) for name, each in table.items()})
        best = self._pricing.respond(prices).best * self.problem.claims.count
        tied = self.options.tied()
        others = float(best[~tied].sum())
        of_option = add_up(self.options.claim_option[tied], best[tied], self.options.activity.size)
        closed = ~np.isfinite(of_option)
        if closed.any():
            # Somebody would miss a deadline whatever is done: nothing may start then.
            column = self.f["start"].index[closed]
            self.engine.bound_columns(column, np.zeros(column.size), np.zeros(column.size))
            of_option[closed] = 0.0
        small = np.abs(of_option) < TINY
        price = np.concatenate([*(getattr(prices, name)[keys] for name, _, keys in self._blocks), prices.tiers])
        columns = np.concatenate([[self._cost], self.f["start"].index[~small], self._use[price != 0]])
        values = np.concatenate([[1.0], -of_option[~small], -price[price != 0]])
        if not math.isfinite(others):
            return False
        least = others - TINY * len(self.options)
        self.engine.add_row(columns, values, least, math.inf)
        return True

    def rule_out(self, starts: IntArray) -> None:
        """Leave one schedule out of the next answers, whose bounds then hold for all others."""
        self.engine.add_row(*ruled_out(self.options, self.f, starts))

    def relaxed(self, time_limit: float) -> Raw:
        """Its linear relaxation."""
        engine = self.engine
        engine.mip = False
        engine.set("solve_relaxation", True)
        try:
            return engine.run(time_limit=time_limit)
        finally:
            engine.set("solve_relaxation", False)
            engine.mip = True

    def ask(self, gap: float, time_limit: float) -> Raw:
        """Branch and cut: `bound` holds for every schedule and plan, in 万元."""
        self.engine.set("mip_rel_gap", gap)
        raw = self.engine.run(time_limit=time_limit)
        return replace(raw, bound=raw.bound - TOLERANCE * abs(raw.bound)) if math.isfinite(raw.bound) else raw

    def starts(self, x: FloatArray) -> IntArray:
        """(A,) starts of an answer."""
        return starts_of(self.options, x[self.f["start"].index])

    def phases(self, x: FloatArray) -> FloatArray:
        """(E, T) complete[e, t] of an answer."""
        shape = (len(self.problem.phases), self.problem.calendar.months)
        return np.asarray(np.rint(x[self.f["complete"].index]).reshape(shape))


def _shared(problem: Problem, name: str, rows: dict[str, Block]) -> tuple[IntArray, tuple[IntArray, ...]]:
    """Rows of a block that households can enter, and their keys."""
    block = rows[name]
    index, keys = block.index, block.keys
    if name == "need":
        offers = problem.offers
        entered = np.zeros(len(problem.needs), dtype=np.bool_)
        for need in (offers.price_need, offers.lines["need"], problem.bills.need):
            entered[need[need >= 0]] = True
        kept = entered[keys[0]]
        return index[kept], tuple(key[kept] for key in keys)
    if name == "received":
        kept = _receiving(problem)[keys]
        return index[kept], tuple(key[kept] for key in keys)
    return index, keys


def _receiving(problem: Problem) -> BoolArray:
    """(F, B) whether a fund may receive something of households, or of who pays their fees, in a month."""
    offers, bills, books = problem.offers, problem.bills, problem.calendar.books
    lines = offers.lines
    paid = np.flatnonzero(lines["need"] < 0)
    offer, after = lines.row[paid], lines["after"][paid]
    change = np.zeros((len(problem.funds), books + 1))
    first = np.minimum(offers.first[offer] + after, books)
    last = np.minimum(offers.last[offer] + after + 1, books)
    np.add.at(change, (lines["fund"][paid], first), 1.0)
    np.add.at(change, (lines["fund"][paid], last), -1.0)
    result = np.cumsum(change[:, :-1], axis=1) > 0.5
    result[bills.recovered_into[(bills.recovered_into >= 0) & (bills.recovered_ppm > 0)]] = True
    return result


def _least(problem: Problem, money: float) -> float:
    """What households can take off an objective or a goal at the most: so that it is bounded before prices are told."""
    weight = max(float(problem.claims.weight.max(initial=0.0)), 1.0)
    return money * weight + _disutility(problem) * max(problem.objective.disutility_weight / YUAN_PER_WAN, 1.0)


def _disutility(problem: Problem) -> float:
    """What households can add to disutility, or take off it, at the most."""
    offers, claims = problem.offers, problem.claims
    return float((np.abs(offers.counted(Goal.DISUTILITY)) * claims.count[offers.claim]).sum()) + 1.0


def _most_of_goal(problem: Problem, tier: Tier, money: float) -> float:
    """What households can add to a goal at the most, in its own unit."""
    return _disutility(problem) if tier.goal == Goal.DISUTILITY else money


def _most(problem: Problem) -> dict[str, tuple[float, float]]:
    """What households can take off a row of each block, and put on it, at the most: never less than any plan does.

    Dues and receipts stand in their rows with the sign of what meets them, so that they are taken off.
    """
    claims, offers = problem.claims, problem.offers
    count = claims.count[offers.claim].astype(np.float64)
    price = np.where(offers.price_need >= 0, offers.price, 0) * (
        offers.series_ppm.max(axis=1)[offers.price_series] / PPM
    )
    lines = add_up(offers.lines.row, np.abs(offers.lines["fen"]).astype(np.float64), len(offers))
    stream = add_up(offers.stream.row, offers.stream["fen"].astype(np.float64), len(offers))
    highest = max(int(problem.fees.multiplier.max(initial=0)), int(offers.tail_multiplier.max(initial=0))) / PERMILLE
    monthly = divide_half_up(problem.fees.ordinary.max(axis=1, initial=0), MICRO_YUAN_PER_FEN) + 1
    fees = float((monthly * claims.count).sum()) * highest * problem.calendar.books
    money = (float(((price + lines + stream) * count).sum()) + fees) / FEN_PER_WAN + 1.0
    stock = (
        float((add_up(offers.stock.row, offers.stock["amount"].astype(np.float64), len(offers)) * count).sum()) / 100.0
    )
    released = problem.pools.released
    freed = float((released["amount"] * claims.count[released["claim"]]).sum()) / 100.0
    households = float(claims.count.sum())
    return {
        "need": (money, 0.0),
        "received": (money, 0.0),
        "stock": (0.0, stock),
        "reservation": (freed, stock),
        "limit": (0.0, households),
    }
