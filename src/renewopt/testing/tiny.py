"""Tiny random problems that exercise every rule, small enough for `renewopt.testing.brute` to enumerate.

Amounts are mostly whole 万元 with some odd fen; money is drawn tight around what is needed, so that rules bind. Each
feature is drawn with moderate probability, hence any two of them meet in some seeds. A few problems have no plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import comb, prod
from random import Random

import numpy as np
from numpy.typing import NDArray

from renewopt.problem import (
    Bills,
    Calendar,
    Claims,
    Developers,
    FeeTable,
    FirstMonth,
    Funds,
    Limits,
    LineKind,
    Loans,
    Moves,
    Needs,
    Objective,
    Offers,
    OwingRules,
    Phases,
    Pools,
    Problem,
    Ragged,
    Route,
    Tier,
)
from renewopt.testing.brute import has_plan
from renewopt.units import Month
from renewopt.vocabulary import COSTLESS

WAN = 1_000_000
PPM = 1_000_000
HOME = 100
CHOICES = 800
"""At most so many whole choices a problem."""
NONE_YET = -1
REPAIRS = 15
"""A problem without a plan is given a little more money, at most so many times."""
HARD = 0.03
"""Share of problems that stay as hard as they were drawn."""


@dataclass
class _Offer:
    claim: int
    route: Route
    first: int
    last: int
    housed_after: int = 0
    tail: int = 0
    tail_multiplier: int = -1
    stream: list[int] | None = None
    price: int = 0
    series: int = 0
    need: int = -1
    schedule: int = 0
    lines: list[tuple[int, int, int, int]] = field(default_factory=list)
    stock: list[tuple[int, int]] = field(default_factory=list)
    disutility: float = 0.0


def tiny_problem(seed: int, *, in_time: bool = False) -> Problem:
    """Draw a tiny problem, the same for the same seed.

    Parameters
    ----------
    seed
        Any whole number.
    in_time
        Whether limits may hold in some months only, and money may lapse in part; all else is drawn as without.
    """
    random = Random(seed)
    problem = _Draw(random, in_time).problem()
    for attempt in range(REPAIRS if random.random() > HARD else 0):
        if has_plan(problem):
            break
        problem = _ease(problem, attempt, random)
    return problem


def _ease(problem: Problem, attempt: int, random: Random) -> Problem:
    """Give the problem a little more money and perhaps one deadline less; later, without its strictest strings."""
    claims, funds, objective, developers = problem.claims, problem.funds, problem.objective, problem.developers
    inflow = funds.inflow.copy()
    fund = random.randrange(len(funds))
    inflow[fund, random.randrange(problem.calendar.months)] += random.choice([1, 1, 2]) * WAN // 2
    inflow[fund, random.randrange(problem.calendar.books)] += WAN // 2
    funds = replace(funds, inflow=inflow)
    if random.random() < 0.2:
        deadline = claims.deadline.copy()
        deadline[random.randrange(deadline.size)] = -1
        claims = replace(claims, deadline=deadline)
    if attempt == 4:
        developers = replace(developers, offset_target=_ragged(len(developers), ("month", "fen"), []))
    if attempt == 7:
        objective = replace(objective, reserve_months=0.0)
    if attempt == 8:
        funds = replace(funds, release_upfront_ppm=np.full(len(funds), -1, dtype=np.int64))
    if attempt > 8:
        funds = replace(funds, inflow=inflow + WAN)
    return replace(problem, claims=claims, funds=funds, objective=objective, developers=developers)


def _ints(values: object) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _int32(values: object) -> NDArray[np.int32]:
    return np.array(values, dtype=np.int32)


def _names(prefix: str, count: int) -> NDArray[np.object_]:
    return np.array([f"{prefix}{i + 1}" for i in range(count)], dtype=object)


def _ragged(rows: int, names: tuple[str, ...], entries: Sequence[tuple[int, ...]]) -> Ragged:
    """Ragged table from (row, value, …) entries."""
    table = _ints(entries).reshape(-1, len(names) + 1)
    return Ragged.build(rows, table[:, 0], **{name: table[:, i + 1] for i, name in enumerate(names)})


SCHEDULES = (((0, PPM),), ((0, 300_000), (1, 600_000), (2, PPM)), ((1, PPM),), ((0, 500_000), (3, PPM)))


class _Draw:
    """One draw: households first, then supply, then money sized by what they need."""

    def __init__(self, random: Random, in_time: bool = False) -> None:
        self.random = random
        self.in_time = in_time
        # A stream of its own, so that the rest is drawn as it would be without limits by span.
        self.spans = Random()
        self.spans.setstate(random.getstate())
        self.months = random.choice([2, 3, 3, 4, 4, 5])
        self.after = random.choice([0, 0, 1, 2])
        self.fiscal = self.chance(0.35)
        self.developer = self.chance(0.4)
        self.owes = self.chance(0.5)
        self.loans = self.chance(0.55)
        self.phases = random.choice([0, 1, 1, 1, 2])
        self.fund_count = random.choice([1, 2, 2, 3, 3])
        self.pools = random.choice([1, 1, 2])

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def wan(self, low: float, high: float) -> int:
        """Draw an amount of half 万元, sometimes with odd fen."""
        amount = self.random.randint(round(2 * low), round(2 * high)) * WAN // 2
        return amount + (self.random.randint(-99_999, 99_999) if amount and self.chance(0.15) else 0)

    def also(self, probability: float) -> bool:
        """Whether something that changes in time is drawn too."""
        return self.in_time and self.spans.random() < probability

    def by_month(self, limits: Sequence[int], months: int) -> NDArray[np.int64]:
        """(n, months): limits (−1: none) in each month; some of them are lower or left out in a span of months."""
        table = np.repeat(_ints(limits)[:, None], months, axis=1)
        for row in np.flatnonzero(table[:, 0] > 0) if months else ():
            if self.also(0.4):
                first = self.spans.randrange(months)
                span = slice(first, self.spans.randint(first + 1, months))
                table[row, span] = self.spans.choice([-1, table[row, 0] // 2])
        return table

    def problem(self) -> Problem:
        """Draw everything, in the order in which later parts lean on earlier ones."""
        self._claims()
        self._offers()
        self._shrink()
        self.needs = self._need_names()
        self._books()
        fees = self._fees()
        self._size_money(fees)
        pools = self._pools()
        phases = self._phases()
        limits = self._limits()
        needs = self._needs()
        funds = self._funds(phases)
        return Problem(
            calendar=self.calendar,
            projects=_names("P", 2),
            claims=self.claims,
            fees=fees,
            offers=self._offer_table(),
            pools=pools,
            phases=phases,
            limits=limits,
            bills=self.bills,
            needs=needs,
            owing=self._owing(),
            funds=funds,
            loans=self._loan_table(),
            moves=self._moves(),
            developers=self._developers(),
            objective=self._objective(),
        )

    # --- households --------------------------------------------------------------------------------------------

    def _claims(self) -> None:
        size = self.random.choice([2, 3, 3, 4])
        count = [self.random.choice([1, 1, 1, 2, 3]) for _ in range(size)]
        hurried = self.chance(0.5)
        deadline = [
            self.random.randint(1, self.months + 1) if hurried and self.chance(0.4) else -1 for _ in range(size)
        ]
        village = 0.75 if self.chance(0.6) else 0.0
        weighted = self.chance(0.3)
        self.bill_count = self.random.choice([1, 2])
        project = [h % 2 for h in range(size)]
        self.claims = Claims(
            household=_names("H", size),
            part=np.array([""] * size, dtype=object),
            project=_int32(project),
            count=_ints(count),
            indivisible=np.array([number > 1 and self.chance(village) for number in count], dtype=bool),
            weight=np.array([self.random.choice([1.0, 2.0, 0.5]) if weighted else 1.0 for _ in range(size)]),
            deadline=_int32(deadline),
            obligation=_ints([self.wan(4, 16) for _ in range(size)]),
            bill=_int32([min(p, self.bill_count - 1) for p in project]),
            due=_ints([-1] * size),
            related=np.array([""] * size, dtype=object),
            begins=_int32([0] * size),
            ends=_int32([-1] * size),
        )

    def _offers(self) -> None:
        self.offers: list[_Offer] = []
        for claim in range(len(self.claims)):
            routes = self.random.choices(list(Route), weights=[4, 4, 5, 2], k=self.random.choice([1, 2, 2, 3]))
            self.offers += [self._offer(claim, Route(route)) for route in routes]

    def _offer(self, claim: int, route: Route) -> _Offer:
        first = self.random.choice([0, 0, 0, min(1, self.months - 1)])
        last = self.random.choice([self.months - 1] * 3 + [first])
        offer = _Offer(claim, route, first, last)
        offer.housed_after = self.random.choice([0, 0, 0, 1, 2])
        offer.tail = self.random.choice([0, 0, 0, 1, 2])
        offer.tail_multiplier = self.random.choice([-1, -1, 1000, 1500])
        if self.chance(0.1):
            offer.stream = [self.wan(0, 1) for _ in range(self.random.randint(0, 3))]
        if route in (Route.own_unit, Route.transfer):
            pool = self.random.randrange(self.pools)
            offer.stock = [(pool, HOME if self.chance(0.8) else HOME + self.random.choice([50, 20]))]
        low, high = {Route.own_unit: (0, 1), Route.transfer: (0, 2), Route.voucher: (3, 8), Route.cash: (4, 9)}[route]
        offer.price = self.wan(low, high)
        offer.series = self.random.choice([0, 0, 1])
        offer.schedule = self.random.randrange(len(SCHEDULES)) if self.chance(0.6) else 0
        offer.disutility = float(self.random.choice([0, 0, 1, 2.5]))
        return offer

    def _shrink(self) -> None:
        """Narrow windows, then split cohorts up, until there are few enough choices."""
        while True:
            options = [
                sum(offer.last - offer.first + 1 for offer in self.offers if offer.claim == h)
                for h in range(len(self.claims))
            ]
            ways = [
                options[h] + 1 if self.claims.indivisible[h] else comb(options[h] + int(n), int(n))
                for h, n in enumerate(self.claims.count)
            ]
            if prod(ways) * (self.months + 1) ** self.phases <= CHOICES:
                return
            worst = max(range(len(ways)), key=lambda h: ways[h])
            mine = [offer for offer in self.offers if offer.claim == worst]
            longest = max(mine, key=lambda offer: offer.last - offer.first)
            if self.claims.count[worst] > 1 and not self.claims.indivisible[worst] and ways[worst] > 15:
                self.claims.count[worst] -= 1
            elif len(mine) > 1 and self.chance(0.4):
                self.offers.remove(self.random.choice(mine))
            elif longest.last > longest.first:
                if self.chance(0.5):
                    longest.last -= 1
                else:
                    longest.first += 1
            elif self.phases:
                self.phases -= 1
            else:
                self.offers.remove(longest)

    # --- needs, lines and the books ----------------------------------------------------------------------------

    def _need_names(self) -> list[tuple[str, str]]:
        """(name, use) of every need; attaches offers to them."""
        needs = [(f"fees/P{g + 1}", "fees") for g in range(self.bill_count)]
        needs += [("voucher/D1", "voucher"), ("cash", "cash"), ("units", "units")]
        needs += [(f"construction/E1-{e + 1}", "construction") for e in range(self.phases)]
        self.commits = self.chance(0.3)
        if self.commits:
            needs.append(("commitments", "commitments"))
        self.loan_rows: list[tuple[int, int, int]] = []
        if self.loans:
            for fund in sorted(
                self.random.sample(range(self.fund_count), k=1 if self.chance(0.8) else self.fund_count)
            ):
                self.loan_rows.append((fund, len(needs), len(needs) + 1))
                needs += [(f"interest/F{fund + 1}", "interest"), (f"principal/F{fund + 1}", "principal")]
        first = self.bill_count
        by_route = {Route.voucher: first, Route.cash: first + 1, Route.own_unit: first + 2, Route.transfer: first + 2}
        for offer in self.offers:
            if offer.price:
                offer.need = by_route[offer.route]
            if self.chance(0.15):
                offer.lines.append((self.random.choice([0, 1]), self.wan(0.5, 1), by_route[offer.route], NONE_YET))
            if offer.route == Route.own_unit and self.chance(0.3):
                fund = self.random.randrange(self.fund_count)
                offer.lines.append((self.random.choice([0, 1]), -self.wan(0.5, 2), NONE_YET, fund))
        return needs

    def _books(self) -> None:
        start = Month(2024 * 12 + self.random.randrange(12))
        period = [self.random.choice([1, 1, 3]) for _ in range(self.bill_count)]
        back = [self.random.choice([0, 1, 2]) for _ in range(self.bill_count)]
        last = self.months - 1
        for offer in self.offers:
            lengths = [offer.housed_after + offer.tail, offer.housed_after, *(line[0] for line in offer.lines)]
            lengths += [after for after, _ in SCHEDULES[offer.schedule]] if offer.need >= 0 else []
            lengths.append(len(offer.stream or []))
            last = max(last, offer.last + max(lengths))
        due = [[self._period_end(start, t, months) for t in range(last + 10)] for months in period]
        last = max(due[g][last] for g in range(self.bill_count)) if due else last
        last += max(back)
        self.terms = [(self.random.randrange(2), self.random.choice([1, 2, 3])) for _ in self.loan_rows]
        for grace, length in self.terms:
            last = max(last, self.months - 1 + grace + length)
        books = last + 1 + (self.random.choice([0, 1]) if self.owes else 0)
        self.calendar = Calendar(start, self.months, books, self.after)
        curve = self.calendar.curve_months
        recovers = [self.chance(0.25) for _ in range(self.bill_count)]
        self.bills = Bills(
            project=_int32(range(self.bill_count)),
            period=_int32(period),
            paid_ppm=_ints([self.random.choice([PPM, PPM, PPM, 500_000, 333_333]) for _ in range(self.bill_count)]),
            recovered_ppm=_ints([self.random.choice([PPM, 400_000]) if r else 0 for r in recovers]),
            recovered_after=_int32(back),
            recovered_into=_int32([self.random.randrange(self.fund_count) if r else -1 for r in recovers]),
            need=_int32(range(self.bill_count)),
            due=_int32(
                [
                    [min(self._period_end(start, t, months), max(t, books - 1)) for t in range(curve)]
                    for months in period
                ]
            ),
        )

    @staticmethod
    def _period_end(start: Month, month: int, months: int) -> int:
        """Last month of the calendar period of `months` months that month lies in."""
        return month + (months - 1 - (start + month).ordinal % months)

    def _fees(self) -> FeeTable:
        curve = self.calendar.curve_months
        steps = sorted(self.random.sample(range(curve), k=min(curve, 2))) if self.chance(0.3) else []
        segment = _int32([sum(t >= step for step in steps) for t in range(curve)])
        ordinary = []
        for _ in range(len(self.claims)):
            yuan = self.random.choice([5_000, 10_000, 10_000, 15_000, 20_000])
            odd = self.random.choice([0, 0, 0, 1_234_567, 7_005_000])
            ordinary.append([max(0, yuan * 1_000_000 + odd - k * 2_500_000_000) for k in range(len(steps) + 1)])
        multiplier, overdue = [], []
        for _ in range(2):
            out, term = self.random.choice([-3, -1, 0, 0, 1]), self.random.choice([1, 2, 3, 9])
            step = self.random.choice([1500, 2000])
            multiplier.append([0 if t < out else 1000 if t < out + term else step for t in range(curve)])
            overdue.append([t >= out + term for t in range(curve)])
        fees = FeeTable(
            segment=segment,
            ordinary=_ints(ordinary),
            clock=_int32([self.random.randrange(2) for _ in range(len(self.claims))]),
            multiplier=_int32(multiplier),
            overdue=np.array(overdue, dtype=bool),
            moved_out=_int32([next((t for t, m in enumerate(row) if m), curve) for row in multiplier]),
        )
        return replace(fees, first_month=self._first_month(fees))

    def _first_month(self, fees: FeeTable) -> FirstMonth | None:
        """Of some districts the month of moving out is paid in part, at times in advance with months after it."""
        # What is drawn here changes nothing that is drawn after it.
        aside = Random()
        aside.setstate(self.random.getstate())
        if aside.random() > 0.3:
            return None
        inside = [int(month) for month in fees.moved_out]
        claims = [fees.ordinary[claim, fees.segment[0]] for claim in range(len(self.claims))]
        for claim, clock in enumerate(fees.clock.tolist()):
            at = min(inside[clock], fees.months - 1)
            claims[claim] = int(fees.ordinary[claim, fees.segment[at]]) * aside.choice([0, 1, 17, 29]) // 30
        alone = [int(fees.multiplier[k, min(at, fees.months - 1)]) for k, at in enumerate(inside)]
        alone = [aside.choice([m, m, m // 3]) for m in alone]
        return FirstMonth(_ints(claims), _int32(inside), _int32(alone))

    def _offer_table(self) -> Offers:
        offers, size = self.offers, len(self.offers)
        indexed = list(enumerate(offers))
        step = self.random.choice([800_000, 900_000, 1_123_457])
        return Offers(
            claim=_int32([offer.claim for offer in offers]),
            route=np.array([offer.route for offer in offers], dtype=np.int8),
            label=np.array([f"{offer.route.name}-{o}" for o, offer in indexed], dtype=object),
            first=_int32([offer.first for offer in offers]),
            last=_int32([offer.last for offer in offers]),
            housed_after=_int32([offer.housed_after for offer in offers]),
            tail=_int32([offer.tail for offer in offers]),
            tail_multiplier=_int32([offer.tail_multiplier for offer in offers]),
            stated_stream=np.array([offer.stream is not None for offer in offers], dtype=bool),
            stream=_ragged(size, ("fen",), [(o, fen) for o, offer in indexed for fen in offer.stream or []]),
            price=_ints([offer.price for offer in offers]),
            price_series=_int32([offer.series for offer in offers]),
            series_ppm=_ints([[PPM] * self.months, [PPM] + [step] * (self.months - 1)]),
            price_need=_int32([offer.need for offer in offers]),
            schedule=_int32([offer.schedule for offer in offers]),
            instalments=_ragged(
                len(SCHEDULES),
                ("after", "cumulative_ppm"),
                [(i, *part) for i, parts in enumerate(SCHEDULES) for part in parts],
            ),
            lines=_ragged(
                size,
                ("after", "fen", "need", "fund", "kind"),
                [
                    (o, *line, LineKind.top_up if line[1] < 0 else LineKind.lump_sum)
                    for o, offer in indexed
                    for line in offer.lines
                ],
            ),
            stock=_ragged(size, ("pool", "amount"), [(o, *take) for o, offer in indexed for take in offer.stock]),
            given=_ints([-1] * size),
            disutility=np.array([offer.disutility for offer in offers]),
        )

    # --- supply ------------------------------------------------------------------------------------------------

    def _demand(self, pool: int) -> int:
        """Homes that the households could take from a pool, in hundredths."""
        return sum(
            int(self.claims.count[h])
            * max((a for o in self.offers if o.claim == h for p, a in o.stock if p == pool), default=0)
            for h in range(len(self.claims))
        )

    def _pools(self) -> Pools:
        arrivals: list[tuple[int, ...]] = []
        released: list[tuple[int, ...]] = []
        surplus = []
        for pool in range(self.pools):
            homes = max(1, self._demand(pool) // HOME)
            arrivals += [
                (pool, self.random.randrange(self.months), HOME * self.random.randint(1, max(1, homes - 1)))
                for _ in range(self.random.choice([0, 1, 1, 2]))
            ]
            surplus.append(self.random.choice([0, HOME]) if self.chance(0.6) else -1)
            if surplus[-1] >= 0:
                own = {offer.claim for offer in self.offers if offer.route == Route.own_unit}
                released += [(pool, h, HOME) for h in sorted(own) if self.chance(0.6)]
        return Pools(
            id=_names("E1/", self.pools),
            estate=np.array(["E1"] * self.pools, dtype=object),
            measure=np.array(["homes"] * self.pools, dtype=object),
            arrivals=_ragged(self.pools, ("month", "amount"), arrivals),
            surplus=_ints(surplus),
            released=_ragged(self.pools, ("claim", "amount"), released),
            own=_ragged(self.pools, ("project",), [(pool, 0) for pool in range(self.pools)]),
        )

    def _phases(self) -> Phases:
        cost = [self.wan(1, 5) if self.chance(0.9) else 0 for _ in range(self.phases)]
        delivers = []
        for e in range(self.phases):
            pool = self.random.randrange(self.pools)
            delivers.append((e, pool, HOME * self.random.randint(1, 3)))
        return Phases(
            id=_names("E1-", self.phases),
            estate=np.array(["E1"] * self.phases, dtype=object),
            cost=_ints(cost),
            total_cost=_ints([c + self.random.choice([0, 0, 2 * WAN]) + (WAN if c == 0 else 0) for c in cost]),
            lag=_int32([self.random.choice([0, 0, 1]) for _ in cost]),
            earliest=_int32([self.random.choice([0, 0, 1]) for _ in cost]),
            latest=_int32([-1 for _ in cost]),
            monthly_limit=self.by_month([-1 if self.chance(0.6) else -(-c // 2) for c in cost], self.months),
            need=_int32([self._need(f"construction/E1-{e + 1}") for e in range(self.phases)]),
            delivers=_ragged(self.phases, ("pool", "amount"), delivers),
        )

    def _limits(self) -> Limits:
        monthly, cap, counted = [], [], []
        for limit in range(self.random.choice([0, 0, 1, 2])):
            monthly.append(self.chance(0.5))
            cap.append(1 if self.chance(0.8) else 2)
            listed = self.random.sample(range(len(self.offers)), k=-(-2 * len(self.offers) // 3)) if self.offers else []
            counted += [(limit, o) for o in sorted(listed)]
        held = [(0, self.months - 1)] * len(cap)
        for limit in np.flatnonzero(monthly).tolist():
            if self.also(0.4):
                first = self.spans.randrange(self.months)
                held[limit] = (first, self.spans.randrange(first, self.months))
        return Limits(
            id=_names("L", len(cap)),
            monthly=np.array(monthly, dtype=bool),
            first=_int32([first for first, _ in held]),
            last=_int32([last for _, last in held]),
            cap=_ints(cap),
            offers=_ragged(len(cap), ("offer",), counted),
        )

    # --- money -------------------------------------------------------------------------------------------------

    def _need(self, name: str) -> int:
        return [need for need, _ in self.needs].index(name)

    def _size_money(self, fees: FeeTable) -> None:
        """Work out what is needed if all wait, and what it costs to settle some."""
        curve = fees.fen(slice(None), slice(0, self.months)) * self.claims.count[:, None]
        share = self.bills.paid_ppm[self.claims.bill][:, None]
        self.waiting = (curve * share // PPM).sum(axis=0)
        prices = [
            int(self.claims.count[h]) * max((offer.price for offer in self.offers if offer.claim == h), default=0)
            for h in range(len(self.claims))
        ]
        self.settling = sum(prices)

    def _needs(self) -> Needs:
        size, books = len(self.needs), self.calendar.books
        fixed = np.zeros((size, books), dtype=np.int64)
        owing, arrears, developer = [-1] * size, [0] * size, [-1] * size
        shared = self.chance(0.3)
        for n, (_, use) in enumerate(self.needs):
            if use == "commitments":
                fixed[n, self.random.randrange(self.months)] = self.wan(1, 2)
            if self.owes and (use == "fees" or (shared and use in ("voucher", "commitments"))):
                owing[n] = 0
            if use in ("fees", "voucher") and self.chance(0.12):
                arrears[n] = self.wan(0.5, 1)
            if use == "voucher" and self.developer:
                developer[n] = 0
        payable = np.zeros((size, self.fund_count), dtype=bool)
        strict = self.chance(0.5)
        for n, (_, use) in enumerate(self.needs):
            for f in range(self.fund_count):
                general = (
                    use in ("fees", "commitments", "interest", "principal") if strict and self.fund_count > 1 else True
                )
                payable[n, f] = general if f == 0 else use != "commitments" and self.chance(0.6)
            if not payable[n].any():
                payable[n, -1] = True
        self.payable, self.arrears = payable, sum(arrears)
        self.fixed = fixed
        return Needs(
            id=np.array([name for name, _ in self.needs], dtype=object),
            use=np.array([use for _, use in self.needs], dtype=object),
            project=_int32([-1] * size),
            developer=_int32(developer),
            fixed=fixed,
            payable_by=payable,
            owing=_int32(owing),
            opening_arrears=_ints(arrears),
            stated_counted=np.array([use not in COSTLESS for _, use in self.needs], dtype=bool),
        )

    def _funds(self, phases: Phases) -> Funds:
        size, books = self.fund_count, self.calendar.books
        inflow = np.zeros((size, books), dtype=np.int64)
        cover = (
            self.random.choice([0.7, 0.85, 0.95, 1.0, 1.1])
            if self.owes or self.loans
            else self.random.choice([0.95, 1.0, 1.1])
        )
        inflow[0] += self.fixed.sum(axis=0)
        for t in range(self.months):
            inflow[0, t] += int(self.waiting[t] * cover) // (WAN // 10) * (WAN // 10)
        for t in range(self.months, books):
            inflow[0, t] = self.wan(0, 2)
        capital = (
            int((self.settling + int(phases.cost.sum())) * self.random.choice([0.3, 0.5, 0.7, 0.9])) + self.arrears
        )
        while capital > 0:
            part = min(capital, self.wan(1, 4))
            fund = self.random.randrange(size)
            inflow[fund, self.random.choice([0, 0, self.random.randrange(self.months)])] += part
            capital -= part
        opening = [self.wan(0, 2) for _ in range(size)]
        lapses = np.zeros((size, books), dtype=bool)
        for f in range(size):
            if self.chance(0.2):
                lapses[f, self.random.randrange(self.months) :: self.random.choice([1, 2, 12])] = True
        keeps = self._carried_over(lapses)
        limited = [self.chance(0.2) for _ in range(size)]
        capped = [f > 0 and self.chance(0.2) for f in range(size)]
        released = [phases.cost.sum() > 0 and f == size - 1 and self.chance(0.75) for f in range(size)]
        paced = np.flatnonzero(phases.cost > 0)
        return Funds(
            id=_names("F", size),
            opening=_ints(opening),
            inflow=inflow,
            keeps=keeps,
            monthly_limit=self.by_month(
                [int(self.waiting.max()) + self.wan(1, 4) if on else -1 for on in limited], books
            ),
            total_limit=_ints([self.wan(3, 8) if on else -1 for on in capped]),
            release_upfront_ppm=_ints([self.random.choice([0, 100_000, 300_000]) if on else -1 for on in released]),
            release_total=_ints(
                [int(inflow[f].sum()) + opening[f] + WAN if on else 0 for f, on in enumerate(released)]
            ),
            release_phases=_ragged(
                size, ("phase",), [(f, int(e)) for f, on in enumerate(released) if on for e in paced]
            ),
            valid_since=self._valid_since(size, books),
            valid_opening=_ints([[amount // 2 if self.also(0.3) else 0] * books for amount in opening]),
        )

    def _carried_over(self, lapses: NDArray[np.bool_]) -> NDArray[np.int64]:
        """(F, B): some money that lapses is carried over up to a limit."""
        keeps = np.where(lapses, 0, -1)
        for fund in np.flatnonzero(lapses.any(axis=1)):
            if self.also(0.4):
                keeps[fund, lapses[fund]] = self.spans.randint(1, 4) * WAN // 2
        return keeps

    def _valid_since(self, size: int, books: int) -> NDArray[np.int32]:
        """(F, B): money of some funds is valid for some months, or to the end of a year of few months."""
        since = np.full((size, books), -1)
        month = np.arange(books)
        for fund in range(size):
            if self.also(0.25):
                since[fund] = month + 2 - self.spans.randint(1, 3)
            elif self.also(0.1):
                year = self.spans.randint(2, 3)
                since[fund, year - 1 :: year] = month[year - 1 :: year] + 1 - year * self.spans.randint(0, 1)
        return np.where(since <= 0, -1, since).astype(np.int32)

    def _owing(self) -> OwingRules:
        size = int(self.owes)
        return OwingRules(
            id=_names("O", size),
            share_ppm=_ints([self.random.choice([200_000, 300_000, 500_000, PPM]) for _ in range(size)]),
            stock_limit=_ints([self.wan(0.5, 2) + self.arrears if self.chance(0.5) else -1 for _ in range(size)]),
            surcharge_ppb=_ints([self.random.choice([0, 5_000_000, 50_000_000]) for _ in range(size)]),
            latest=_int32([self.random.choice([-1, 1, 1, 2]) for _ in range(size)]),
        )

    def _loan_table(self) -> Loans:
        size = len(self.loan_rows)
        kinds = [self.random.choice(["bullet", "level", "flexible"]) for _ in range(size)]
        first = [self.random.choice([0, 0, min(1, self.months - 1)]) for _ in range(size)]
        return Loans(
            fund=_int32([fund for fund, _, _ in self.loan_rows]),
            limit=_ints([self.wan(1, 5) for _ in range(size)]),
            revolving=np.array([self.chance(0.4) for _ in range(size)], dtype=bool),
            rate=np.array([self.random.choice([0.0, 0.03, 0.05, 0.12]) for _ in range(size)]),
            first=_int32(first),
            last=_int32([self.random.randint(f, self.months - 1) for f in first]),
            kind=np.array(kinds, dtype=object),
            grace=_int32([grace if kind == "level" else 0 for (grace, _), kind in zip(self.terms, kinds, strict=True)]),
            term=_int32([grace + length for grace, length in self.terms]),
            interest_need=_int32([need for _, need, _ in self.loan_rows]),
            principal_need=_int32([need for _, _, need in self.loan_rows]),
        )

    def _moves(self) -> Moves:
        pairs = [(a, b) for a in range(self.fund_count) for b in range(self.fund_count) if a != b]
        pairs = [pair for pair in pairs if self.chance(0.6)]
        return Moves(
            source=_int32([a for a, _ in pairs]),
            target=_int32([b for _, b in pairs]),
            monthly_limit=self.by_month(
                [self.wan(0, 1) if self.chance(0.6) else -1 for _ in pairs], self.calendar.books
            ),
            total_limit=_ints([self.wan(0, 2) if self.chance(0.6) else -1 for _ in pairs]),
        )

    def _developers(self) -> Developers:
        size, books = int(self.developer), self.calendar.books
        debt = np.zeros((size, books), dtype=np.int64)
        target: list[tuple[int, ...]] = []
        if size:
            for _ in range(2):
                debt[0, self.random.randrange(self.months)] += self.wan(0.5, 3)
            if self.chance(0.4):
                target.append(
                    (0, self.random.randint(self.months - 1, books - 1), min(int(debt.sum()), self.wan(0.5, 2)))
                )
        return Developers(id=_names("D", size), debt_due=debt, offset_target=_ragged(size, ("month", "fen"), target))

    def _tiers(self) -> tuple[Tier, ...]:
        goals = self.random.sample(["transition_fees", "overdue_fees", "disutility"], k=self.random.choice([1, 1, 2]))
        urgent = [[self.chance(0.5) for _ in range(len(self.claims))] for _ in goals]
        return tuple(Tier(goal, goal, np.array(who, dtype=bool)) for goal, who in zip(goals, urgent, strict=True))

    def _objective(self) -> Objective:
        return Objective(
            name="fiscal_cost" if self.fiscal else "transition_fees",
            discount_rate=self.random.choice([0.0, 0.03, 0.12]),
            offset_value=self.random.choice([1.0, 0.6]),
            disutility_weight=self.random.choice([0.0, 0.0, 0.0, 1000.0]),
            tiers=self._tiers() if self.chance(0.12) else (),
            reserve_months=self.random.choice([0.5, 1.0, 1.5, 2.0]) if self.chance(0.6) else 0.0,
        )
