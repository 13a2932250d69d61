"""Brute force: the proven optimum of a tiny problem, with no integer programming in it.

Every whole choice is listed: for each claim all ways in which its households take offers in months, for each phase
the month of handover or none. What breaks a rule of ``docs/accounts.md`` on households, homes or limits is struck out
in plain whole numbers; whether the rest can be paid for, and how cheaply, is left to
`renewopt.testing.money.MoneyPlan`, in the order of a proven lower bound, until no other candidate can be better.

Tiers come first, in their order: each is minimised, and binds what comes after it to its value × (1 + 1e-4) + 1 yuan.

Nothing here is shared with the optimiser or the ledger, except the tables themselves. Problems with a frozen past,
with a tier of fiscal cost or with shortfalls are out of its reach: a problem that runs short has no optimum here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from renewopt.problem import Problem, Route
from renewopt.testing.money import FEN_PER_WAN, NEVER_OWED, NO_COST, MoneyPlan
from renewopt.vocabulary import UNMONEYED

RULES = (
    "household",
    "indivisible",
    "deadline",
    "limits",
    "stock",
    "reservation",
    "construction",
    "need",
    "owing",
    "offset",
    "fund",
    "release",
    "reserve",
    "loans",
    "moves",
)
"""Rules that can be dropped, to see whether they bind."""

YUAN_PER_WAN = 1e4
TIER_SLACK = 1e-4
ANY = 1e300
"""万元: whatever can be paid for costs less."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Option = tuple[int, int]
"""(offer, month of choice)."""


@dataclass(frozen=True)
class Optimum:
    """The optimum of a tiny problem.

    Attributes
    ----------
    objective
        Yuan, exact but for a few fen of rounding in interest and surcharges.
    settle
        (offer, month, households), sorted.
    complete
        (phase, month), sorted.
    """

    objective: float
    settle: tuple[tuple[int, int, int], ...]
    complete: tuple[tuple[int, int], ...]


def half_up(numerator: int, divisor: int) -> int:
    """Whole quotient, rounded half-up."""
    return (2 * numerator + divisor) // (2 * divisor)


def brute_force(problem: Problem, drop: frozenset[str] = frozenset()) -> Optimum | None:
    """Find the optimum of a tiny problem, or None if no plan obeys all rules.

    Parameters
    ----------
    problem
        With at most some thousands of whole choices (`size` tells).
    drop
        Rules to leave out, of `RULES`.
    """
    return Enumeration(problem, drop).cheapest()


def has_plan(problem: Problem) -> bool:
    """Whether any plan obeys all rules: the first that is found tells, and none has to be the best."""
    untiered = replace(problem, objective=replace(problem.objective, tiers=()))
    return Enumeration(untiered).cheapest(below=ANY) is not None


def binds(problem: Problem, rule: str, optimum: Optimum | None) -> bool:
    """Whether dropping a rule changes the optimum, by more than 1 yuan or from none to some."""
    limit = np.inf if optimum is None else optimum.objective / YUAN_PER_WAN
    limit -= 1e-4 + (0.0 if optimum is None else 1e-9 * abs(limit))
    return Enumeration(problem, frozenset({rule})).cheapest(below=limit) is not None


def size(problem: Problem) -> int:
    """Count the whole choices that `brute_force` lists."""
    return _size(problem, [len(options) for options in _options(problem)])


def _size(problem: Problem, options: list[int]) -> int:
    claims = prod(
        options[h] + 1 if problem.claims.indivisible[h] else comb(options[h] + int(count), int(count))
        for h, count in enumerate(problem.claims.count)
    )
    return claims * int((problem.calendar.months + 1) ** len(problem.phases))


def _options(problem: Problem) -> list[list[Option]]:
    """All (offer, month) of each claim."""
    result: list[list[Option]] = [[] for _ in range(len(problem.claims))]
    for o, h in enumerate(problem.offers.claim):
        result[int(h)] += [(o, t) for t in range(int(problem.offers.first[o]), int(problem.offers.last[o]) + 1)]
    return result


@dataclass(frozen=True)
class _Shape:
    """Where each figure lies in the one long row of whole numbers that describes a choice."""

    problem: Problem
    span: int

    def sections(self) -> dict[str, tuple[int, ...]]:
        problem, books, months = self.problem, self.problem.calendar.books, self.problem.calendar.months
        pools = len(problem.pools)
        return {
            "accrued": (problem.bills.need.size, books),
            "due": (len(problem.needs), books),
            "income": (len(problem.funds), books),
            "chosen": (len(problem.limits), months),
            "taken": (pools, self.span),
            "transferred": (pools, months),
            "waiting": (1,),
        }

    def width(self) -> int:
        return sum(prod(shape) for shape in self.sections().values())

    def views(self, figures: Ints) -> dict[str, Ints]:
        """Named views into rows of figures, (…, width)."""
        result, start = {}, 0
        for name, shape in self.sections().items():
            end = start + prod(shape)
            result[name] = figures[..., start:end].reshape(figures.shape[:-1] + shape)
            start = end
        return result


@dataclass(frozen=True)
class _Candidates:
    """Whole choices with enough homes, to be paid for.

    Attributes
    ----------
    row, handover
        Combination of choices, and months of handover, of each candidate.
    parameters
        What each sets in the money plan, 万元.
    base, least
        Cost known beforehand, and a lower bound on what money adds, 万元.
    tiers
        (candidates, tiers): yuan, disutility or months.
    """

    row: NDArray[np.intp]
    handover: list[tuple[int | None, ...]]
    parameters: Floats
    base: Floats
    least: Floats
    tiers: Floats

    def kept(self, problem: Problem, drop: frozenset[str], rights: Floats) -> NDArray[np.intp]:
        """Candidates that are as good as possible in all tiers, in their order, within the slack of each."""
        at = np.arange(self.row.size)
        if not self.tiers.shape[1]:
            return at
        afford = MoneyPlan(problem, drop, free=True)
        for tier, value in zip(problem.objective.tiers, self.tiers.T, strict=True):
            found = _search(afford, rights[at], value[at], np.zeros(at.size), np.inf, first=False)
            if found is None:
                return at[:0]
            at = at[value[at] <= found[1] + TIER_SLACK * abs(found[1]) + (1e-4 if tier.goal in UNMONEYED else 1.0)]
        return at


class Enumeration:
    """All whole choices of a problem, struck out rule by rule and then priced.

    Parameters
    ----------
    problem, drop
        As for `brute_force`.
    """

    def __init__(self, problem: Problem, drop: frozenset[str] = frozenset()) -> None:
        unknown = drop - set(RULES)
        if unknown:
            raise ValueError(f"no such rule: {', '.join(sorted(unknown))}; known are {', '.join(RULES)}")
        if problem.calendar.now or any(tier.goal == "fiscal_cost" for tier in problem.objective.tiers):
            raise ValueError("brute force knows neither a frozen past nor tiers of fiscal cost")
        self.problem = problem
        self.drop = drop
        after = int(problem.offers.housed_after.max(initial=0))
        self.shape = _Shape(problem, max(problem.calendar.books, problem.calendar.months + after))
        self.options = _options(problem)
        self.longest = np.array(
            [False, *(t.goal == "longest_wait" for t in problem.objective.tiers
                      for _ in range(len(problem.projects) if t.goal == "wait_spread" else 1))]
        )  # fmt: skip
        self.discount = (1 + problem.objective.discount_rate) ** (-np.arange(problem.calendar.books + 1) / 12)

    # --- one household -----------------------------------------------------------------------------------------

    def _fee(self, claim: int, month: int, factor: int | None = None) -> int:
        fees = self.problem.fees
        clock, first = fees.clock[claim], fees.first_month
        ordinary, unpaid, alone = int(fees.ordinary[claim, fees.segment[month]]), 0, factor
        if first is not None and first.month[clock] == month:
            unpaid, alone = int(first.unpaid[claim]), int(first.multiplier[clock]) if factor is None else factor
        if factor is None:
            factor = int(fees.multiplier[clock, month])
        return half_up(ordinary * factor - unpaid * (alone or 0), 1000 * 10_000)

    def _stream(self, claim: int, option: Option | None) -> dict[int, int]:
        """Fees of one household by month (rule 2), valued ones after the horizon apart."""
        problem = self.problem
        if option is None:
            return {t: self._fee(claim, t) for t in range(problem.calendar.months)}
        offer, month = option
        offers = problem.offers
        fees = {t: self._fee(claim, t) for t in range(month)}
        if offers.stated_stream[offer]:
            start, end = int(offers.stream.start[offer]), int(offers.stream.start[offer + 1])
            return fees | {month + k: int(fen) for k, fen in enumerate(offers.stream["fen"][start:end])}
        housed = month + int(offers.housed_after[offer])
        fees |= {t: self._fee(claim, t) for t in range(month, housed)}
        stated = int(offers.tail_multiplier[offer])
        factor = int(problem.fees.multiplier[problem.fees.clock[claim], housed]) if stated < 0 else stated
        runs = problem.fees.runs[problem.fees.clock[claim], housed]
        runs &= problem.fees.ordinary[claim, problem.fees.segment[housed]] > 0
        tail = int(offers.tail[offer]) if runs else 0
        return fees | {t: self._fee(claim, t, factor) for t in range(housed, housed + tail)}

    def _counts_as_overdue(self, claim: int, option: Option | None) -> Callable[[int], bool]:
        """Whether a month's fee of one household counts as overdue (rule 2)."""
        problem = self.problem
        overdue = problem.fees.overdue[problem.fees.clock[claim]]
        if option is None:
            return lambda t: bool(overdue[t])
        offer, housed = option[0], option[1] + int(problem.offers.housed_after[option[0]])
        stated = int(problem.offers.tail_multiplier[offer])
        ordinary_tail = 0 <= stated <= 1000 and not problem.offers.stated_stream[offer]
        return lambda t: bool(overdue[min(t, housed)]) and not (t >= housed and ordinary_tail)

    def _tiers(self, claim: int, option: Option | None, fees: dict[int, int]) -> list[float]:
        """Part of one household in each tier: yuan, disutility or months (rule 17); `fees` with the valued ones.

        In one of equal waits, a figure for each project.
        """
        problem, result = self.problem, []
        late = self._counts_as_overdue(claim, option)
        for tier in problem.objective.tiers:
            value = 0.0
            if tier.goal == "wait_spread":
                of_project = [0.0] * len(problem.projects)
                if tier.claims[claim]:
                    of_project[int(problem.claims.project[claim])] = self._wait(claim, option)
                result += of_project
                continue
            if tier.claims[claim] and tier.goal == "longest_wait":
                value = self._wait(claim, option)
            elif tier.goal == "changes":
                kept = problem.offers.kept
                value = -float(tier.claims[claim] and option is not None and kept is not None and bool(kept[option[0]]))
            elif tier.claims[claim] and tier.goal == "disutility":
                value = 0.0 if option is None else float(problem.offers.disutility[option[0]])
            elif tier.claims[claim]:
                counted = [fen for t, fen in fees.items() if tier.goal == "transition_fees" or late(t)]
                value = sum(counted) / 100
            result.append(value)
        return result

    def _household(self, claim: int, option: Option | None) -> tuple[Ints, list[float]]:
        """Figures of one household that takes this option; its part of the objective in 万元, and of each tier."""
        problem, calendar, objective = self.problem, self.problem.calendar, self.problem.objective
        figures = np.zeros(self.shape.width(), dtype=np.int64)
        view = self.shape.views(figures)
        fees = self._stream(claim, option)
        for t, fen in fees.items():
            if fen:
                view["accrued"][problem.claims.bill[claim], t] += fen
        after: dict[int, int] = {}
        value = 0.0
        if option is None:
            view["waiting"][0] = 1
            end = calendar.months + calendar.after_horizon_months
            if problem.fees.valued_until is not None:
                end = int(problem.fees.valued_until[claim])
            after = {t: self._fee(claim, t) for t in range(calendar.months, end)}
            if objective.name == "fiscal_cost":
                later = (1 + objective.discount_rate) ** (-calendar.months / 12)
                value += later * (int(problem.claims.obligation[claim]) + sum(after.values())) / FEN_PER_WAN
        else:
            self._choose(view, claim, option)
            value += objective.disutility_weight * float(problem.offers.disutility[option[0]]) / YUAN_PER_WAN
        if objective.waiting_cost:
            months = self._months_waiting(claim, option)
            value += objective.waiting_cost * float(problem.claims.weight[claim]) * months / YUAN_PER_WAN
        if objective.name == "transition_fees":
            value += float(problem.claims.weight[claim]) * sum((fees | after).values()) / FEN_PER_WAN
        return figures, [value, *self._tiers(claim, option, fees | after)]

    def _wait(self, claim: int, option: Option | None) -> float:
        """Months from moving out until housed, those before the start too; without a choice until T, or its end."""
        until, ends = self.problem.calendar.months, int(self.problem.claims.ends[claim])
        if option is not None:
            until = option[1] + int(self.problem.offers.housed_after[option[0]])
        elif 0 <= ends < until:
            until = ends
        return float(max(until - int(self.problem.fees.moved_out[self.problem.fees.clock[claim]]), 0))

    def _joined(self, values: Floats, more: Floats) -> Floats:
        """Figures of households put together: all add up but the longest wait."""
        return np.where(self.longest, np.maximum(values, more), values + more)

    def _of_tiers(self, values: Floats) -> Floats:
        """The objective and the goals: of equal waits, the greatest mean of a project less the least."""
        claims, columns, at = self.problem.claims, [values[:, 0]], 1
        for tier in self.problem.objective.tiers:
            if tier.goal != "wait_spread":
                columns.append(values[:, at])
                at += 1
                continue
            means = []
            for project in range(len(self.problem.projects)):
                households = int(claims.count[tier.claims & (claims.project == project)].sum())
                if households:
                    means.append(values[:, at + project] / households)
            columns.append(np.max(means, axis=0) - np.min(means, axis=0) if means else np.zeros(len(values)))
            at += len(self.problem.projects)
        return np.stack(columns, axis=1)

    def _months_waiting(self, claim: int, option: Option | None) -> int:
        """Months from moving out until housed; until the valued fees end, where it makes no choice."""
        calendar, fees = self.problem.calendar, self.problem.fees
        until = calendar.months + calendar.after_horizon_months
        if option is not None:
            until = option[1] + int(self.problem.offers.housed_after[option[0]])
        begins, ends = (int(column[claim]) for column in (self.problem.claims.begins, self.problem.claims.ends))
        there = range(begins, until if ends < 0 else min(until, ends))
        return sum(month >= fees.moved_out[fees.clock[claim]] for month in there)

    def _choose(self, view: dict[str, Ints], claim: int, option: Option) -> None:
        """Write down what an offer takes and costs, beside fees (rules 3 to 5)."""
        problem, offers = self.problem, self.problem.offers
        offer, month = option
        if offers.price_need[offer] >= 0:
            series = int(offers.series_ppm[offers.price_series[offer], month])
            price, schedule, paid = (
                half_up(int(offers.price[offer]) * series, 1_000_000),
                int(offers.schedule[offer]),
                0,
            )
            for i in range(int(offers.instalments.start[schedule]), int(offers.instalments.start[schedule + 1])):
                by_then = half_up(price * int(offers.instalments["cumulative_ppm"][i]), 1_000_000)
                view["due"][offers.price_need[offer], month + offers.instalments["after"][i]] += by_then - paid
                paid = by_then
        for i in range(int(offers.lines.start[offer]), int(offers.lines.start[offer + 1])):
            fen, then = int(offers.lines["fen"][i]), month + offers.lines["after"][i]
            if fen > 0:
                view["due"][offers.lines["need"][i], then] += fen
            else:
                view["income"][offers.lines["fund"][i], then] -= fen
        for i in range(int(offers.stock.start[offer]), int(offers.stock.start[offer + 1])):
            pool, amount = offers.stock["pool"][i], offers.stock["amount"][i]
            view["taken"][pool, month + offers.housed_after[offer]] += amount
            if offers.route[offer] == Route.transfer:
                view["transferred"][pool, month] += amount
        if offers.route[offer] != Route.own_unit:
            for pool in range(len(problem.pools)):
                for i in range(int(problem.pools.released.start[pool]), int(problem.pools.released.start[pool + 1])):
                    if problem.pools.released["claim"][i] == claim:
                        view["transferred"][pool, month] -= problem.pools.released["amount"][i]
        for limit in range(len(problem.limits)):
            start, end = problem.limits.offers.start[limit], problem.limits.offers.start[limit + 1]
            view["chosen"][limit, month] += int(offer in problem.limits.offers["offer"][start:end])

    # --- all claims --------------------------------------------------------------------------------------------

    def _groups(self, claim: int, extra: int) -> list[tuple[Option | None, ...]]:
        """All ways in which the households of a claim choose (rule 1)."""
        claims, problem = self.problem.claims, self.problem
        options: list[Option | None] = [None]
        for offer, month in self.options[claim]:
            housed = month + int(problem.offers.housed_after[offer])
            if claims.deadline[claim] < 0 or "deadline" in self.drop or housed <= claims.deadline[claim]:
                options.append((offer, month))
        if claims.deadline[claim] >= 0 and "deadline" not in self.drop:
            options = options[1:]
        count = int(claims.count[claim])
        if claims.indivisible[claim] and "indivisible" not in self.drop:
            whole: list[tuple[Option | None, ...]] = [(option,) * count for option in options]
            return [*whole, *((option,) * 2 * count for option in options if option)] if extra else whole
        return list(combinations_with_replacement(options, count + extra))

    def _claim(self, claim: int, extra: int) -> tuple[list[tuple[Option | None, ...]], Ints, Floats]:
        """Give the groups of a claim with their figures and values."""
        groups = self._groups(claim, extra)
        alone = {option: self._household(claim, option) for option in {o for group in groups for o in group}}
        waits = self._household(claim, None) if extra else None
        figures = np.zeros((len(groups), self.shape.width()), dtype=np.int64)
        values = np.zeros((len(groups), self.longest.size))
        for i, group in enumerate(groups):
            for option in group:
                figures[i] += alone[option][0]
                values[i] = self._joined(values[i], np.array(alone[option][1]))
            surplus = len(group) - int(self.problem.claims.count[claim])
            if waits is not None and surplus:
                figures[i] -= surplus * waits[0]
                values[i] -= surplus * np.array(waits[1])
        return groups, figures, values

    def _households(self) -> Iterator[tuple[list[list[tuple[Option | None, ...]]], Ints, Ints, Floats]]:
        """Yield groups of each claim; index of the group of each claim, figures and value for every combination."""
        claims = len(self.problem.claims)
        relaxed = list(range(claims)) if "household" in self.drop else [-1]
        for extra in relaxed:
            parts = [self._claim(h, int(h == extra)) for h in range(claims)]
            index = np.indices([len(part[0]) for part in parts]).reshape(claims, -1).T
            figures = np.zeros((len(index), self.shape.width()), dtype=np.int64)
            values = np.zeros((len(index), self.longest.size))
            for h, (_, part_figures, part_values) in enumerate(parts):
                figures += part_figures[index[:, h]]
                values = self._joined(values, part_values[index[:, h]])
            keep = self._within_limits(self.shape.views(figures))
            yield [part[0] for part in parts], index[keep], figures[keep], self._of_tiers(values[keep])

    def _within_limits(self, view: dict[str, Ints]) -> NDArray[np.bool_]:
        """Rules 4 (reservation) and 5."""
        problem = self.problem
        keep = np.ones(len(view["waiting"]), dtype=bool)
        for limit in range(len(problem.limits)) if "limits" not in self.drop else ():
            chosen = view["chosen"][:, limit]
            held = slice(problem.limits.first[limit], problem.limits.last[limit] + 1)
            monthly = problem.limits.monthly[limit]
            most = chosen[:, held].max(axis=1, initial=0) if monthly else chosen.sum(axis=1)
            keep &= most <= problem.limits.cap[limit]
        for pool in range(len(problem.pools)) if "reservation" not in self.drop else ():
            if problem.pools.surplus[pool] >= 0:
                net = view["transferred"][:, pool].cumsum(axis=1)
                keep &= (net <= problem.pools.surplus[pool]).all(axis=1)
        return keep

    # --- phases and homes --------------------------------------------------------------------------------------

    def _handovers(self) -> Iterator[tuple[int | None, ...]]:
        """All ways to hand phases over that rule 6 does not forbid outright."""
        phases = self.problem.phases
        ways: list[list[int | None]] = []
        for e in range(len(phases)):
            first = 0
            if "construction" not in self.drop:
                first = int(phases.earliest[e])
                if phases.cost[e] > 0:
                    first = max(first, int(phases.lag[e]))
            ways.append([None, *range(first, self.problem.calendar.months)])
        yield from product(*ways)

    def _enough_homes(self, taken: Ints, handover: tuple[int | None, ...]) -> NDArray[np.bool_]:
        """Rule 4, for all combinations of choices; `taken` is cumulative."""
        problem = self.problem
        if "stock" in self.drop:
            return np.ones(len(taken), dtype=bool)
        arrived = np.zeros(taken.shape[1:], dtype=np.int64)
        for pool in range(len(problem.pools)):
            start, end = problem.pools.arrivals.start[pool], problem.pools.arrivals.start[pool + 1]
            for month, amount in zip(
                problem.pools.arrivals["month"][start:end], problem.pools.arrivals["amount"][start:end], strict=True
            ):
                arrived[pool, month:] += amount
        for phase, month in enumerate(handover):
            if month is not None:
                start, end = problem.phases.delivers.start[phase], problem.phases.delivers.start[phase + 1]
                for pool, amount in zip(
                    problem.phases.delivers["pool"][start:end],
                    problem.phases.delivers["amount"][start:end],
                    strict=True,
                ):
                    arrived[pool, month:] += amount
        return np.asarray((taken <= arrived).all(axis=(1, 2)))

    # --- money -------------------------------------------------------------------------------------------------

    def _due(self, view: dict[str, Ints]) -> tuple[Ints, Ints]:
        """Give what falls due on each need, and comes into each fund, before building and loans (rule 7)."""
        problem = self.problem
        bills, needs = problem.bills, problem.needs
        due, income = view["due"] + needs.fixed, view["income"].copy()
        for n in range(len(needs)):
            if needs.owing[n] < 0 or needs.use[n] in NEVER_OWED:
                due[:, n, 0] += needs.opening_arrears[n]
        for g in range(bills.need.size):
            fallen = np.zeros((len(due), problem.calendar.books), dtype=np.int64)
            for t in range(problem.calendar.books):
                accrued = view["accrued"][:, g, t]
                if accrued.any():
                    fallen[:, bills.due[g, t]] += accrued
            government = (2 * fallen * bills.paid_ppm[g] + 1_000_000) // 2_000_000
            due[:, bills.need[g]] += government
            back = (2 * government * bills.recovered_ppm[g] + 1_000_000) // 2_000_000
            after = int(bills.recovered_after[g])
            if bills.recovered_into[g] >= 0:
                if back[:, problem.calendar.books - after :].any() and after:
                    raise ValueError("what is recovered falls after the books close")
                income[:, bills.recovered_into[g], after:] += back[:, : problem.calendar.books - after]
        return due, income

    def _bounds(self, due: Ints, income: Ints) -> tuple[Floats, Floats]:
        """Give fixed fiscal income (negative), and least cost of what falls due, in 万元."""
        problem, objective = self.problem, self.problem.objective
        if objective.name != "fiscal_cost":
            return np.zeros(len(due)), np.zeros(len(due))
        books = problem.calendar.books
        factor = np.zeros(due.shape[1:])
        for n in range(len(problem.needs)):
            if problem.needs.use[n] in NO_COST or "need" in self.drop:
                continue
            for t in range(books):
                latest = books if problem.needs.owing[n] >= 0 else t + 1
                factor[n, t] = self.discount[t:latest].min()
            if problem.needs.developer[n] >= 0:
                factor[n] *= min(1.0, objective.offset_value)
        received = (income * self.discount[:books]).sum(axis=(1, 2)) / FEN_PER_WAN
        return -received, (due * factor).sum(axis=(1, 2)) / FEN_PER_WAN

    def cheapest(self, below: float = np.inf) -> Optimum | None:
        """Find the best candidate; with `below` (万元), any candidate cheaper than that."""
        best: Optimum | None = None
        money: MoneyPlan | None = None
        for groups, index, figures, values in self._households():
            candidates = self._candidates(figures, values)
            if candidates is None:
                continue
            money = money or MoneyPlan(self.problem, self.drop)
            rights = money.right_hand_sides(candidates.parameters)
            at = candidates.kept(self.problem, self.drop, rights)
            limit = below if best is None else min(below, best.objective / YUAN_PER_WAN)
            base, least = candidates.base[at], candidates.least[at]
            found = _search(money, rights[at], base, least, limit, first=bool(np.isfinite(below)))
            if found is None:
                continue
            row = candidates.row[at[found[0]]]
            chosen = [groups[h][index[row, h]] for h in range(len(self.problem.claims))]
            best = _optimum(found[1], chosen, candidates.handover[at[found[0]]])
            if np.isfinite(below):
                break
        return best

    def with_homes(self) -> Iterator[tuple[list[tuple[Option | None, ...]], tuple[int | None, ...]]]:
        """Yield all whole plans that obey the rules on households, limits and homes, whether or not they can be paid.

        Each is the options taken in each claim, and the month in which each phase is handed over (None: never).
        """
        for groups, index, figures, _ in self._households():
            taken = self.shape.views(figures)["taken"].cumsum(axis=2)
            for handover in self._handovers():
                for row in np.flatnonzero(self._enough_homes(taken, handover)):
                    yield [groups[h][index[row, h]] for h in range(len(self.problem.claims))], handover

    def _candidates(self, figures: Ints, values: Floats) -> _Candidates | None:
        """Join choices with the handovers that give them enough homes; None if there are none."""
        view = self.shape.views(figures)
        due, income = self._due(view)
        fixed, least = self._bounds(due, income)
        taken = view["taken"].cumsum(axis=2)
        handovers = list(self._handovers())
        rows = [np.flatnonzero(self._enough_homes(taken, handover)) for handover in handovers]
        row = np.concatenate(rows)
        if not row.size:
            return None
        way = np.repeat(np.arange(len(handovers)), [keep.size for keep in rows])
        built = np.array([self._built(handover) for handover in handovers])
        parameters = np.concatenate(
            [due[row].reshape(row.size, -1), income[row].reshape(row.size, -1), built[way]], axis=1
        )
        return _Candidates(
            row=row,
            handover=[handovers[w] for w in way],
            parameters=parameters / FEN_PER_WAN,
            base=values[row, 0] + fixed[row],
            least=least[row],
            tiers=values[row, 1:],
        )

    def _built(self, handover: tuple[int | None, ...]) -> Ints:
        """Give what must be built by the close of each month, (phases × months,)."""
        phases = self.problem.phases
        result = np.zeros((len(phases), self.problem.calendar.months), dtype=np.int64)
        for e, month in enumerate(handover):
            if month is not None and phases.cost[e] > 0 and "construction" not in self.drop:
                result[e, month - phases.lag[e] :] = phases.cost[e]
        return result.reshape(-1)


def _search(
    money: MoneyPlan, rights: Floats, base: Floats, least: Floats, below: float, *, first: bool
) -> tuple[int, float] | None:
    """Price candidates in the order of their lower bounds until none can be better."""
    bound = base + least
    best: tuple[int, float] | None = None
    while bound.size:
        at = int(bound.argmin())
        if not bound[at] < below - 1e-7:
            break
        verdict = money.solve(rights[at])
        others = money.bound_others(verdict, rights)
        if others is not None:
            bound = np.maximum(bound, base + others)
        bound[at] = np.inf
        cost = float(base[at] + verdict.cost)
        if cost < below:
            best, below = (at, cost), cost
            if first:
                break
    return best


def _optimum(cost: float, chosen: list[tuple[Option | None, ...]], handover: tuple[int | None, ...]) -> Optimum:
    counts: dict[Option, int] = {}
    for group in chosen:
        for option in group:
            if option is not None:
                counts[option] = counts.get(option, 0) + 1
    return Optimum(
        objective=cost * YUAN_PER_WAN,
        settle=tuple(sorted((offer, month, count) for (offer, month), count in counts.items())),
        complete=tuple((phase, month) for phase, month in enumerate(handover) if month is not None),
    )
