"""Households at given prices, without a matrix: what every choice costs one household, and its best response.

The formulation states each choice as columns and entries. At given duals only the priced sum of those entries counts,
and it has a short form: prefix sums of priced fees, a price for each form of offer, the few amounts of the offer
itself. That form is evaluated here straight from the two tables, household by household, so that a million households
need no more memory than their tables. It says exactly what the formulation says (a test holds them to it).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from renewopt.optimiser.decomposition.valuing import (
    BestResponses,
    ChoiceValues,
    Groups,
    PricedChoices,
    Tariff,
    Valued,
    best_responses,
)
from renewopt.optimiser.highs import side_by_side
from renewopt.optimiser.model.coding import codes, list_codes
from renewopt.optimiser.model.formulation import TierBound
from renewopt.optimiser.model.linear import FloatArray, IntArray, LinearModel
from renewopt.optimiser.presolve.separation import group_claims
from renewopt.problem import Problem, Ragged, Route, Tier
from renewopt.units import FEN_PER_WAN, PPM, YUAN_PER_WAN
from renewopt.vocabulary import Goal

BLOCK = 1_000
"""Households in a piece of work."""
THREADS = 2
UNGROUPED = -1
NO_GOAL = ""
"""Only what rows cost counts."""


@dataclass(frozen=True, eq=False)
class RowPrices:
    """Duals of the rows in which households meet, by what the rows are about.

    Attributes
    ----------
    need
        (N, B) of a 万元 due.
    received
        (F, B) of receipts.
    stock
        (P, S) of homes.
    taken
        (G, P, S) of homes that a group of households takes; no groups where no row is about them.
    reservation
        (P, T) of homes open to transfer.
    limit
        (L, T) of limits on settling; one that holds for all months has its price in every month.
    tiers
        One for each bound on a tier's goal.
    waits
        (goals of equal waits, J) of a month that a household of the project waits; the goal before the bounds.
    """

    need: FloatArray
    received: FloatArray
    stock: FloatArray
    taken: FloatArray
    reservation: FloatArray
    limit: FloatArray
    tiers: FloatArray
    waits: FloatArray

    @classmethod
    def of(cls, problem: Problem, model: LinearModel, duals: FloatArray, tiers: int) -> RowPrices:
        """From the row duals of a model of this problem, or of one with the same needs, funds and pools."""
        calendar = problem.calendar

        def table(name: str, rows: int, months: int) -> FloatArray:
            result = np.zeros((rows, months))
            block = model.rows.get(name)
            if block is not None:
                result[block.keys] = duals[block.index]
            return result

        limit = table("limit", len(problem.limits), calendar.months)
        whole = ~problem.limits.monthly
        limit[whole] = limit[whole, :1]
        return cls(
            table("need", len(problem.needs.id), calendar.books),
            table("received", len(problem.funds), calendar.books),
            table("stock", len(problem.pools), calendar.books),
            _taken(model, duals, len(problem.pools), calendar.books),
            table("reservation", len(problem.pools), calendar.months),
            limit,
            np.array([duals[model.rows[f"tier_{k}"].start] for k in range(tiers)]),
            _waits(model, duals, len(problem.projects)),
        )


def _taken(model: LinearModel, duals: FloatArray, pools: int, books: int) -> FloatArray:
    """(G, P, S): what is taken in a month counts in the first row of its group and pool in that month or later."""
    block = model.rows.get("taken")
    if block is None:
        return np.zeros((0, pools, books))
    group, pool, month = block.keys
    result = np.zeros((int(group.max()) + 1, pools, books))
    before = -1
    for k, (g, p, t) in enumerate(zip(group.tolist(), pool.tolist(), month.tolist(), strict=True)):
        same = k > 0 and group[k - 1] == g and pool[k - 1] == p
        result[g, p, (before + 1 if same else 0) : t + 1] = duals[block.start + k]
        before = t
    return result


def _waits(model: LinearModel, duals: FloatArray, projects: int) -> FloatArray:
    if "mean_most" not in model.rows:
        return np.zeros((0, projects))
    result = np.zeros((int(model.columns["mean_most"].size), projects))
    for name in ("mean_most", "mean_least"):
        block = model.rows[name]
        result[block.keys] += duals[block.index]
    return result


class HouseholdPricing:
    """The households' side of a problem, ready to be priced.

    Parameters
    ----------
    problem
        With all its households; its needs, funds and pools are those of the model that the duals come from.
    goal
        Objective's name, a tier, or `NO_GOAL`: what is minimised.
    tier_bounds
        Goals that may not exceed a value; their rows are priced as well.
    """

    def __init__(self, problem: Problem, goal: str | Tier, tier_bounds: tuple[TierBound, ...]) -> None:
        self.problem = problem
        self._goals: list[str | Tier] = [goal, *(tier for tier, _ in tier_bounds)]
        claims, offers = problem.claims, problem.offers
        masks = [g.claims for g in self._goals if isinstance(g, Tier)]
        self._equal = [g for g in self._goals if isinstance(g, Tier) and g.goal == Goal.WAIT_SPREAD]
        apart = [claims.project] if self._equal else []
        self._tone = codes(claims.bill, claims.weight, *masks, *apart)
        _, self._model = np.unique(self._tone, return_index=True)
        self.start = np.searchsorted(offers.claim, np.arange(len(claims) + 1)).astype(np.int64)
        self._forms(np.full(len(claims), UNGROUPED))
        self._releases()
        line_row = np.where(
            offers.lines["need"] >= 0, offers.lines["need"], len(problem.needs.id) + offers.lines["fund"]
        ).astype(np.int64)
        self._choices = ChoiceValues(problem, Groups(self._tone, self._release, line_row), self.start)

    def _forms(self, group: IntArray) -> None:
        """Offers that take the same stock, after the same time, under the same limits, in the same group of claims."""
        problem = self.problem
        offers, by_offer = problem.offers, problem.limits_of_offer
        rows = np.arange(len(offers), dtype=np.int64)
        transfer = offers.route == Route.transfer
        self._form = codes(
            transfer,
            offers.housed_after,
            list_codes(offers.stock, rows, ("pool", "amount")),
            list_codes(by_offer, rows, ("limit",)),
            group[offers.claim],
        )
        _, model = np.unique(self._form, return_index=True)
        self._form_housed_after = offers.housed_after[model].astype(np.int64)
        self._form_transfer = transfer[model]
        self._form_group = group[offers.claim[model]]
        self._form_stock = offers.stock.take(model)
        self._form_limits = by_offer.take(model)

    def _releases(self) -> None:
        """Claims that free the same reserved homes when they choose another route."""
        problem = self.problem
        released = problem.pools.released
        reserved = problem.pools.surplus[released.row] >= 0
        lists = Ragged.build(
            len(problem.claims), released["claim"][reserved], pool=released.row[reserved],
            amount=released["amount"][reserved],
        )  # fmt: skip
        self._release = list_codes(lists, np.arange(len(problem.claims)), ("pool", "amount"))
        _, model = np.unique(self._release, return_index=True)
        self._release_lists = lists.take(model)

    def _priced(self, prices: RowPrices) -> PricedChoices:
        """All choices at these prices."""
        if prices.taken.shape[0] and (self._form_group == UNGROUPED).all():
            self._forms(group_claims(self.problem))
        plain, late, still_plain, still_late, owed = self._tone_prices(prices)
        # A receipt is a negative amount of its line: what comes in stands with its sign in the row of receipts.
        money = np.concatenate([prices.need, -prices.received]) / FEN_PER_WAN
        return self._choices.at(
            Tariff(
                plain=plain,
                late=late,
                still_plain=still_plain,
                still_late=still_late,
                still_fixed=owed[self._tone] * self.problem.claims.obligation / FEN_PER_WAN,
                waiting=self._waiting_price(),
                waits=self._waits_price(prices),
                form_of=self._form,
                form=self._form_prices(prices),
                release=self._release_prices(prices),
                disutility=self._disutility_price(prices),
                kept=self._kept_price(prices),
                money=money,
            )
        )

    def _weights(self, prices: RowPrices) -> list[tuple[str | Tier, float]]:
        """Each goal and how much a unit of it costs."""
        return list(zip(self._goals, [1.0, *(-prices.tiers).tolist()], strict=True))

    def _tone_prices(self, prices: RowPrices) -> tuple[FloatArray, ...]:
        """Prices of a fee: (tones, B) of a fen, (tones, B) more if overdue, (tones,) both for months after the horizon.

        Last (tones,) of a 万元 of obligation.
        """
        problem = self.problem
        calendar, bills, objective = problem.calendar, problem.bills, problem.objective
        model, books = self._model, calendar.books
        weight, bill = problem.claims.weight[model], problem.claims.bill[model]
        plain, late = np.zeros((model.size, books)), np.zeros((model.size, books))
        still_plain, still_late, owed = np.zeros(model.size), np.zeros(model.size), np.zeros(model.size)
        for goal, factor in self._weights(prices):
            mask = goal.claims[model].astype(np.float64) if isinstance(goal, Tier) else weight
            name = goal.goal if isinstance(goal, Tier) else goal
            if name == Goal.FEES:
                plain += factor * mask[:, None]
                still_plain += factor * mask
            elif name == Goal.OVERDUE:
                late += factor * mask[:, None]
                still_late += factor * mask
            elif name == Goal.FISCAL:
                discount = float(objective.discount(calendar.months))
                still_plain += factor * discount
                owed += factor * discount
        due = bills.due[bill, :books].astype(np.int64)
        part = (bills.paid_ppm[bill] / PPM)[:, None]
        plain += part * prices.need[bills.need[bill][:, None], due]
        into = bills.recovered_into[bill]
        back = due + bills.recovered_after[bill][:, None]
        inside = (into >= 0)[:, None] & (back < books)
        share = np.where(inside, part * (bills.recovered_ppm[bill] / PPM)[:, None], 0.0)
        plain += (
            share * prices.received[np.maximum(into, 0)[:, None], np.minimum(back, books - 1)] if share.any() else 0
        )
        return plain / FEN_PER_WAN, late / FEN_PER_WAN, still_plain / FEN_PER_WAN, still_late / FEN_PER_WAN, owed

    def _waiting_price(self) -> FloatArray:
        """(tones,) 万元 for a month of waiting: part of an objective, of no tier."""
        counts = not isinstance(self._goals[0], Tier) and self._goals[0] != NO_GOAL
        return self.problem.waiting_fen[self._model] / FEN_PER_WAN * float(counts)

    def _waits_price(self, prices: RowPrices) -> FloatArray:
        """(tones,) for a month of the wait, in goals of equal waits."""
        price = np.zeros(self._model.size)
        for tier, of_project in zip(self._equal, prices.waits, strict=True):
            price -= tier.claims[self._model] * of_project[self.problem.claims.project[self._model]]
        return price

    def _disutility_price(self, prices: RowPrices) -> FloatArray:
        price = np.zeros(self._model.size)
        for goal, factor in self._weights(prices):
            if not isinstance(goal, Tier):
                price += 0.0 if goal == NO_GOAL else factor * self.problem.objective.disutility_weight / YUAN_PER_WAN
            elif goal.goal == Goal.DISUTILITY:
                price += factor * goal.claims[self._model]
        return price

    def _kept_price(self, prices: RowPrices) -> FloatArray:
        price = np.zeros(self._model.size)
        for goal, factor in self._weights(prices):
            if isinstance(goal, Tier) and goal.goal == Goal.CHANGES:
                price += factor * goal.claims[self._model]
        return price

    def _form_prices(self, prices: RowPrices) -> FloatArray:
        """(forms, T) price of homes and limits by month of choice."""
        calendar, pools = self.problem.calendar, self.problem.pools
        month = np.arange(calendar.months)
        result = np.zeros((self._form_housed_after.size, calendar.months))
        stock = self._form_stock
        form, pool, amount = stock.row, stock["pool"], stock["amount"] / 100.0
        housed = month[None, :] + self._form_housed_after[form][:, None]
        taken = prices.stock[pool[:, None], np.minimum(housed, calendar.books - 1)]
        month = np.minimum(housed, calendar.books - 1)
        group = self._form_group[form]
        known = np.flatnonzero((group != UNGROUPED) & (group < prices.taken.shape[0]))
        taken[known] += prices.taken[group[known, None], pool[known, None], month[known]]
        np.add.at(result, form, -amount[:, None] * np.where(housed < calendar.books, taken, 0.0))
        reserved = self._form_transfer[form] & (pools.surplus[pool] >= 0)
        np.add.at(result, form[reserved], -amount[reserved, None] * prices.reservation[pool[reserved]])
        limits = self._form_limits
        np.add.at(result, limits.row, -prices.limit[limits["limit"]])
        return result

    def _release_prices(self, prices: RowPrices) -> FloatArray:
        """(releases, T) price of what another route than the own frees."""
        lists = self._release_lists
        result = np.zeros((lists.start.size - 1, self.problem.calendar.months))
        np.add.at(result, lists.row, (lists["amount"] / 100.0)[:, None] * prices.reservation[lists["pool"]])
        return result

    def each_block(self, prices: RowPrices, use: Callable[[IntArray, Valued], None]) -> None:
        """Value the choices of all claims, block by block, several at once: `use` receives the claims and their values.

        A block's values are let go of after it: those of all choices of a city would need more memory than its tables.
        """
        size = len(self.problem.claims)
        priced = self._priced(prices)

        def work(low: int) -> None:
            claims = np.arange(low, min(low + BLOCK, size))
            use(claims, priced.of(claims))

        with ThreadPoolExecutor(side_by_side(THREADS)) as pool:
            list(pool.map(work, range(0, size, BLOCK)))

    def respond(self, prices: RowPrices) -> BestResponses:
        """Best responses of all claims, one household each; infinite where a deadline leaves nothing open."""
        deadline = self.problem.claims.deadline
        size = len(deadline)
        result = BestResponses(
            np.zeros(size), np.zeros(size), np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        )

        def use(claims: IntArray, valued: Valued) -> None:
            for whole, part in zip(result, best_responses(valued, deadline[claims] >= 0), strict=True):
                whole[claims] = part

        self.each_block(prices, use)
        return result

    def total(self, responses: BestResponses) -> float:
        """Sum over all households, in 万元."""
        return float((responses.best * self.problem.claims.count).sum())

    def values(self, prices: RowPrices, claims: IntArray) -> tuple[FloatArray, FloatArray]:
        """Values of never choosing (n,), and of all choices (offers of the listed claims, T), infinite if not open."""
        priced = self._priced(prices)
        parts = [priced.of(claims[low : low + BLOCK]) for low in range(0, claims.size, BLOCK)]
        if not parts:
            return np.zeros(0), np.zeros((0, self.problem.calendar.months))
        return np.concatenate([part.never for part in parts]), np.concatenate([part.values for part in parts])
