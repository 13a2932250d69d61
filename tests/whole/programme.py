"""The natural mixed-integer programme of a scenario: every rule of docs/accounts.md as it reads, nothing aggregated.

One whole variable for each offer and month, one for each phase and month of handover, and payments of each need by each
fund. Amounts are 万元. Interest, surcharges and equal parts are not rounded to fen, which is worth a few fen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from tests.whole.claims import Claim, Need, Offer
from tests.whole.files import fen, half_up, number, share
from tests.whole.reading import World
from tests.whole.stating import Tree

NEVER_OWED = ("construction", "interest", "principal")
WAN = 1_000_000
"""Fen."""
TIER_SLACK = 1e-4
TIER_SLACK_WAN = 1e-4
"""By how much a tier may be missed, as docs/model.md says: a yuan, or 1/10,000 unit of disutility."""
Sum = dict[int, float]
"""Variable → coefficient; the constant stands at −1."""
ONE = -1


def plus(*terms: tuple[float, Sum]) -> Sum:
    result: Sum = {}
    for factor, expression in terms:
        for variable, coefficient in expression.items():
            result[variable] = result.get(variable, 0.0) + factor * coefficient
    return result


@dataclass
class Phase:
    key: str
    estate: Tree
    stated: Tree
    cost: float
    total: float
    complete: dict[int, int]
    build: dict[int, int]

    def completed(self, month: int) -> Sum:
        return {variable: 1.0 for when, variable in self.complete.items() if when <= month}

    def built(self, month: int) -> Sum:
        return {variable: 1.0 for when, variable in self.build.items() if when <= month}


@dataclass
class Model:
    """Columns and rows, collected."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[Sum, float, float]] = field(default_factory=list)

    def add(self, upper: float = np.inf, *, whole: bool = False) -> int:
        self.lower.append(0.0)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.lower) - 1

    def at_most(self, left: Sum, right: Sum) -> None:
        difference = plus((1.0, left), (-1.0, right))
        self.rows.append((difference, -np.inf, -difference.pop(ONE, 0.0)))

    def equal(self, left: Sum, right: Sum) -> None:
        difference = plus((1.0, left), (-1.0, right))
        constant = -difference.pop(ONE, 0.0)
        self.rows.append((difference, constant, constant))

    def minimise(self, goal: Sum) -> tuple[float, np.ndarray] | None:
        """The least value, proven, or None where nothing is feasible."""
        cost = np.zeros(len(self.lower))
        for variable, coefficient in goal.items():
            if variable != ONE:
                cost[variable] = coefficient
        entries = [
            (row, variable, value) for row, (left, _, _) in enumerate(self.rows) for variable, value in left.items()
        ]
        row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = sparse.csr_array((value, (row, column)), shape=(len(self.rows), len(self.lower)))
        rows = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        lower, upper = np.array(self.lower), np.array(self.upper)
        whole = np.array(self.whole)
        found = milp(
            cost, constraints=rows, bounds=Bounds(lower, upper), integrality=whole, options={"mip_rel_gap": 0.0}
        )
        if found.status == 2:
            return None
        assert found.status == 0, found.message
        fixed = np.round(found.x[whole])
        lower[whole], upper[whole] = fixed, fixed
        exact = milp(cost, constraints=rows, bounds=Bounds(lower, upper))
        best = exact if exact.status == 0 else found
        return float(best.fun) + goal.get(ONE, 0.0), best.x


class Programme:
    """The programme of a scenario.

    Parameters
    ----------
    world
        The scenario.
    books
        Months of the books.
    """

    def __init__(self, world: World, books: int) -> None:
        self.world, self.books, self.model = world, books, Model()
        self.horizon = range(world.months)
        self.due: dict[Need, dict[int, Sum]] = {}
        self.received: dict[str, dict[int, Sum]] = {}
        self.recovered: dict[str, dict[int, Sum]] = {}
        self.inflows: dict[str, dict[int, Sum]] = {}
        self.disutility: Sum = {}
        self._choices()
        self._phases()
        self._stock()
        self._limits()
        self._fees()
        self._dated()
        self._loans_declared()
        self._money()

    # --- decisions about homes ---------------------------------------------------------------------------------

    def _choices(self) -> None:
        world, model = self.world, self.model
        self.settle: dict[tuple[int, int], Sum] = {}
        by_claim: dict[int, Sum] = {id(claim): {} for claim in world.claims}
        forced: dict[int, Sum] = {id(claim): {} for claim in world.claims}
        for o, offer in enumerate(world.offers):
            claim = offer.claim
            together = bool(claim.row.get("indivisible"))
            for month in range(offer.first, offer.last + 1):
                variable = model.add(1 if together else claim.count, whole=True)
                taken: Sum = {variable: float(claim.count if together else 1)}
                self.settle[o, month] = taken
                by_claim[id(claim)] = plus((1.0, by_claim[id(claim)]), (1.0, taken))
                if month + offer.housed_after <= claim.deadline:
                    forced[id(claim)] = plus((1.0, forced[id(claim)]), (1.0, taken))
                self._consequences(offer, month, taken)
        self.waiting: dict[int, Sum] = {}
        for claim in world.claims:
            chosen = by_claim[id(claim)]
            model.at_most(chosen, {ONE: float(claim.count)})
            self.waiting[id(claim)] = plus((1.0, {ONE: float(claim.count)}), (-1.0, chosen))
            if claim.deadline < world.months:
                model.equal(forced[id(claim)], {ONE: float(claim.count)})

    def _consequences(self, offer: Offer, month: int, taken: Sum) -> None:
        for when, amount in offer.due(month):
            if amount and offer.need is not None:
                self._fall_due(offer.need, when, plus((amount / WAN, taken)))
        for after, amount, need in offer.paid:
            self._fall_due(need, month + after, plus((amount / WAN, taken)))
        for after, amount, fund in offer.received:
            self._book(self.received, fund, month + after, plus((amount / WAN, taken)))
        self.disutility = plus((1.0, self.disutility), (float(offer.disutility), taken))

    def _fall_due(self, need: Need, month: int, amount: Sum) -> None:
        by_month = self.due.setdefault(need, {})
        by_month[month] = plus((1.0, by_month.get(month, {})), (1.0, amount))

    def _book(self, table: dict[str, dict[int, Sum]], fund: str, month: int, amount: Sum) -> None:
        by_month = table.setdefault(fund, {})
        by_month[month] = plus((1.0, by_month.get(month, {})), (1.0, amount))

    def _phases(self) -> None:
        world, model = self.world, self.model
        self.phases: list[Phase] = []
        for estate in world.estates:
            for stated in estate.get("phases", []):
                total = fen(stated["cost"])
                cost = total - half_up(Fraction(total) * share(stated.get("progress", 0)))
                limits = [world.limit(stated.get("monthly_limit"), month) for month in self.horizon]
                earliest = max(world.at(stated["earliest"]), 0) if "earliest" in stated else 0
                phase = Phase(
                    stated["id"],
                    estate,
                    stated,
                    cost / WAN,
                    total / WAN,
                    {month: model.add(1, whole=True) for month in self.horizon if month >= earliest},
                    {month: model.add(_money(limits[month])) for month in self.horizon},
                )
                self.phases.append(phase)
                model.at_most(phase.completed(world.months), {ONE: 1.0})
                model.at_most(phase.built(world.months), {ONE: phase.cost})
                lag = stated.get("handover_lag", 0)
                for month in self.horizon:
                    model.at_most(plus((phase.cost, phase.completed(month))), phase.built(month - lag))
                    need = ("construction", "", "", estate["id"], stated["id"], "")
                    self._fall_due(need, month, {phase.build[month]: 1.0})

    def _stock(self) -> None:
        world, model = self.world, self.model
        last = max([world.months - 1, *(m + world.offers[o].housed_after for o, m in self.settle)])
        for month in range(last + 1):
            for pool, arrivals in world.arrivals.items():
                there: Sum = {ONE: float(sum(amount for when, amount in arrivals.items() if when <= month))}
                for phase in self.phases:
                    for kind, amount in phase.stated["delivers"].items():
                        if f"{phase.estate['id']}/{kind}" == pool:
                            there = plus((1.0, there), (float(number(amount)), phase.completed(month)))
                taken = self._taken(pool, lambda o, m, until=month: m + world.offers[o].housed_after <= until)
                if taken:
                    model.at_most(taken, there)
        self._reservation()

    def _taken(self, pool: str, counts) -> Sum:  # type: ignore[no-untyped-def]
        result: Sum = {}
        for (o, month), households in self.settle.items():
            for name, amount in self.world.offers[o].stock:
                if name == pool and counts(o, month):
                    result = plus((1.0, result), (float(amount), households))
        return result

    def _reservation(self) -> None:
        """What is open to transfer of an estate that has projects of its own, or states a surplus (rule 14)."""
        world, model = self.world, self.model
        _, placed = world.kept_for_own()
        for estate in world.estates:
            for unit in estate["units"]:
                pool = f"{estate['id']}/{unit['type']}"
                surplus = world.surplus(estate, unit)
                if surplus is None:
                    continue
                for until in self.horizon:
                    taken = self._taken(pool, lambda o, m, t=until: world.offers[o].route == "transfer" and m <= t)
                    if not taken:
                        continue
                    free: Sum = {ONE: float(surplus)}
                    if estate.get("release"):
                        for claim, name, amount in placed:
                            if name != pool:
                                continue
                            for (o, month), households in self.settle.items():
                                offer = world.offers[o]
                                if offer.claim is claim and month <= until and offer.route != "own_unit":
                                    free = plus((1.0, free), (float(amount), households))
                    model.at_most(taken, free)

    def _limits(self) -> None:
        world, model = self.world, self.model
        for desk in world.tree.get("throughput", []):
            for month in self.horizon:
                counted = [
                    (1.0, households)
                    for (o, m), households in self.settle.items()
                    if m == month
                    and world.offers[o].claim.project["id"] in desk.get("projects", list(world.projects))
                    and world.offers[o].route in desk.get("routes", ["own_unit", "transfer", "voucher", "cash"])
                ]
                cap = world.limit(desk["per_month"], month)
                if counted and cap is not None:
                    model.at_most(plus(*counted), {ONE: float(cap)})
        for programme in [*world.tree.get("vouchers", []), *world.tree.get("cash", [])]:
            if "take_up" not in programme:
                continue
            for project in world.projects:
                mine = [
                    o
                    for o, offer in enumerate(world.offers)
                    if offer.programme == programme["id"] and offer.claim.project["id"] == project
                ]
                claims = {id(world.offers[o].claim): world.offers[o].claim.count for o in mine}
                cap = float(int(sum(claims.values()) * share(programme["take_up"])))
                chosen = [(1.0, households) for (o, _), households in self.settle.items() if o in mine]
                if chosen:
                    model.at_most(plus(*chosen), {ONE: cap})

        for claim in world.claims:
            agreed = [offer for offer in world.offers if offer.claim is claim and offer.agreed]
            self._cap(agreed, world.consenting(claim))
        for project in world.projects.values():
            for place, right in enumerate(project.get("switch_rights", [])):
                mine = [o for o in world.offers if o.claim.project is project and o.right == place]
                holders = {id(offer.claim): offer.claim.count for offer in mine}
                self._cap(mine, int(sum(holders.values()) * share(right.get("switch_share", 0))))

        for claims, estates in world.relatives():
            self._together(claims, estates)

    def _together(self, claims: list[Claim], estates: list[str]) -> None:
        """Related households have homes in one estate, of those that can take all of them."""
        chosen = {estate: self.model.add(1, whole=True) for estate in estates}
        self.model.at_most(dict.fromkeys(chosen.values(), 1.0), {ONE: 1.0})
        for claim in claims:
            taken: dict[str, Sum] = {}
            for (o, _), households in self.settle.items():
                offer = self.world.offers[o]
                if offer.claim is claim and offer.route in ("own_unit", "transfer"):
                    place = offer.stock[0][0].partition("/")[0]
                    taken[place] = plus((1.0, taken.get(place, {})), (1.0, households))
            for place, homes in taken.items():
                self.model.at_most(homes, {chosen[place]: float(claim.count)} if place in chosen else {ONE: 0.0})

    def _cap(self, offers: list[Offer], most: int) -> None:
        """At most so many households by some offers, in all months together."""
        chosen = [
            (1.0, households)
            for (o, _), households in self.settle.items()
            if any(self.world.offers[o] is offer for offer in offers)
        ]
        if chosen:
            self.model.at_most(plus(*chosen), {ONE: float(most)})

    # --- what falls due ----------------------------------------------------------------------------------------

    def _fees(self) -> None:
        """Fees by month; into bills by project, frequency and payer; and what the objectives count."""
        world = self.world
        self.weighed: Sum = {}
        self.waited: Sum = {}
        self.unweighed: Sum = {}
        self.valued_waiting: Sum = {}
        bills: dict[str, tuple[Claim, dict[int, Sum]]] = {}
        for claim in world.claims:
            weight = float(number(claim.row.get("weight") or claim.project.get("weight", 1)))
            frequency = claim.policy.get("frequency", "monthly")
            payer = claim.policy.get("paid_by")
            payer = payer if isinstance(payer, dict) else None
            key = f"{claim.project['id']}/{frequency}/{payer}/{world.falls_due(claim, 0)}"
            _, accrued = bills.setdefault(key, (claim, {}))
            accrued[-1] = plus((1.0, accrued.get(-1, {})), (claim.count / WAN, {ONE: float(world.running(claim))}))
            per_month = weight * float(number(world.objective.get("waiting_cost", 0))) / 10_000
            end = world.months + world.after
            self.waited = plus((1.0, self.waited), (per_month * world.waits(claim, end), self.waiting[id(claim)]))
            for (o, month), households in self.settle.items():
                if world.offers[o].claim is claim:
                    months = world.waits(claim, month + world.offers[o].housed_after)
                    self.waited = plus((1.0, self.waited), (per_month * months, households))
            options: list[tuple[Sum, dict[int, int], bool]] = [
                (self.waiting[id(claim)], world.fees(None, claim, 0), True)
            ]
            options += [
                (households, world.fees(world.offers[o], claim, month), False)
                for (o, month), households in self.settle.items()
                if world.offers[o].claim is claim
            ]
            for households, by_month, waits in options:
                total = plus((sum(by_month.values()) / WAN, households))
                self.weighed = plus((1.0, self.weighed), (weight, total))
                self.unweighed = plus((1.0, self.unweighed), (1.0, total))
                for month, amount in by_month.items():
                    if waits and month >= world.months:
                        self.valued_waiting = plus((1.0, self.valued_waiting), (amount / WAN, households))
                        continue
                    accrued[month] = plus((1.0, accrued.get(month, {})), (amount / WAN, households))
        for claim, accrued in bills.values():
            self._bill(claim, accrued)

    def _bill(self, claim: Claim, accrued: dict[int, Sum]) -> None:
        """Divide the fees of claims that fall due with one of them between government and developer."""
        payer = claim.policy.get("paid_by")
        payer = payer if isinstance(payer, dict) else None
        paid = 1.0 if payer is None else float(share(payer.get("advance", 0)))
        for month, amount in accrued.items():
            # What accrued before the start stands at −1: it is due with the period that runs then.
            when = min(self.world.falls_due(claim, max(month, 0)), self.books - 1)
            self._fall_due(("fees", claim.project["id"], "", "", "", ""), when, plus((paid, amount)))
            if payer is not None and "into" in payer:
                back = when + payer.get("after", 0)
                if back < self.books:
                    part = paid * float(share(payer.get("recovered", 1)))
                    # Of months before the start no decision is left: what comes back of them is an inflow.
                    table = self.recovered if month >= 0 else self.inflows
                    self._book(table, payer["into"], back, plus((part, amount)))

    def _dated(self) -> None:
        world = self.world
        for commitment in world.tree.get("commitments", []):
            need = ("commitments", "", "", "", commitment["id"], "")
            if "monthly" in commitment:
                first = max(world.at(commitment["from"]), 0) if "from" in commitment else 0
                last = world.at(commitment["until"]) if "until" in commitment else world.months - 1
                for month in range(first, last + 1):
                    self._fall_due(need, month, {ONE: fen(commitment["monthly"]) / WAN})
            for stated, amount in commitment.get("by_month", {}).items():
                if world.at(stated) >= 0:
                    self._fall_due(need, world.at(stated), {ONE: fen(amount) / WAN})
        for loan in world.tree.get("opening_loans", []):
            left = amount = fen(loan["amount"])
            level = loan.get("repayment", "level") == "level"
            grace = loan.get("grace", 0) if level else loan["months_left"] - 1
            parts = loan["months_left"] - grace
            for month in range(loan["months_left"]):
                interest = half_up(share(loan.get("rate", 0)) / 12 * left)
                self._fall_due(("interest", "", "", "", loan["id"], ""), month, {ONE: interest / WAN})
                if month >= grace:
                    after = amount - half_up(Fraction(amount * (month - grace + 1), parts))
                    self._fall_due(("principal", "", "", "", loan["id"], ""), month, {ONE: (left - after) / WAN})
                    left = after

    def _loans_declared(self) -> None:
        """Draws of the loans, their interest and their repayment."""
        world, model = self.world, self.model
        self.drawn: dict[str, dict[int, int]] = {}
        for fund in world.funds:
            borrow = fund.get("borrow")
            if borrow is None:
                continue
            name, term = fund["id"], borrow["term"]
            first = max(world.at(borrow["from"]), 0) if "from" in borrow else 0
            last = min(world.at(borrow["until"]), world.months - 1) if "until" in borrow else world.months - 1
            limit = fen(borrow["limit"]) / WAN
            draws = {month: model.add(limit) for month in range(first, last + 1)}
            self.drawn[name] = draws
            repaid: dict[int, Sum] = {}
            kind, grace = borrow.get("repayment", "bullet"), borrow.get("grace", 0)
            if kind == "flexible":
                back = {month: model.add() for month in range(self.books)}
                repaid = {month: {variable: 1.0} for month, variable in back.items()}
                for month in range(self.books):
                    late = {v: 1.0 for m, v in draws.items() if m <= month - term}
                    model.at_most(late, {v: 1.0 for m, v in back.items() if m <= month})
            else:
                parts = term - grace if kind == "level" else 1
                begin = grace + 1 if kind == "level" else term
                for month, variable in draws.items():
                    for part in range(parts):
                        when = month + begin + part
                        repaid[when] = plus((1.0, repaid.get(when, {})), (1.0 / parts, {variable: 1.0}))
            outstanding: Sum = {}
            rate = float(share(borrow.get("rate", 0)) / 12)
            if not borrow.get("revolving"):
                model.at_most(dict.fromkeys(draws.values(), 1.0), {ONE: limit})
            for month in range(self.books):
                self._fall_due(("interest", "", "", "", name, ""), month, plus((rate, outstanding)))
                self._fall_due(("principal", "", "", "", name, ""), month, repaid.get(month, {}))
                draw: Sum = {draws[month]: 1.0} if month in draws else {}
                outstanding = plus((1.0, outstanding), (1.0, draw), (-1.0, repaid.get(month, {})))
                model.at_most({}, outstanding)
                if borrow.get("revolving"):
                    model.at_most(outstanding, {ONE: limit})

    # --- money -------------------------------------------------------------------------------------------------

    def _money(self) -> None:
        world, model = self.world, self.model
        self.pay: dict[tuple[Need, str, int], int] = {}
        self.offset: dict[tuple[Need, int], int] = {}
        self.surcharges: Sum = {}
        self.closing: Sum = {}
        opening: dict[Need, float] = {}
        for each in world.tree.get("arrears", []):
            need = (each.get("use", "fees"), each["project"], "", "", "", "")
            opening[need] = opening.get(need, 0.0) + fen(each["amount"]) / WAN
            self.due.setdefault(need, {})
        by_rule: dict[tuple[str, str], dict[int, tuple[list[Sum], list[Sum], list[Sum]]]] = {}
        self.repaid: dict[tuple[Need, int], Sum] = {}
        for need, by_month in self.due.items():
            assert all(month < self.books for month in by_month), (need, sorted(by_month), self.books)
            rule = self._rule(need)
            if rule is None and need in opening:
                by_month[0] = plus((1.0, by_month.get(0, {})), (1.0, {ONE: opening[need]}))
            stock: Sum = {ONE: opening.get(need, 0.0)} if rule is not None else {}
            owed_so_far, repaid_so_far, history = {ONE: opening.get(need, 0.0)}, {}, {}
            for month in range(self.books):
                due = by_month.get(month, {})
                payments: Sum = {}
                for fund in world.funds:
                    if self._may_pay(fund, need):
                        variable = model.add()
                        self.pay[need, fund["id"], month] = variable
                        payments[variable] = 1.0
                if need[2]:
                    variable = model.add()
                    self.offset[need, month] = variable
                    payments[variable] = 1.0
                if rule is None:
                    model.equal(payments, due)
                    if need[2]:
                        model.at_most({self.offset[need, month]: 1.0}, due)
                    continue
                owe, back = model.add(), model.add()
                surcharge = plus((float(share(rule.get("surcharge", 0))), stock))
                self.surcharges = plus((1.0, self.surcharges), (1.0, surcharge))
                model.at_most({owe: 1.0}, due)
                model.at_most({back: 1.0}, stock)
                cash = plus((1.0, due), (-1.0, {owe: 1.0}), (1.0, {back: 1.0}))
                model.equal(payments, plus((1.0, cash), (1.0, surcharge)))
                if need[2]:
                    model.at_most({self.offset[need, month]: 1.0}, cash)
                history[month] = owed_so_far
                owed_so_far = plus((1.0, owed_so_far), (1.0, {owe: 1.0}))
                repaid_so_far = plus((1.0, repaid_so_far), (1.0, {back: 1.0}))
                latest = rule.get("latest")
                if latest is not None and month - latest >= -1:
                    # What was owed up to month − latest; opening arrears count as owed in month −1.
                    until = month - latest + 1
                    owed = history.get(until, owed_so_far) if until <= month else owed_so_far
                    model.at_most(owed, repaid_so_far)
                stock = plus((1.0, stock), (1.0, {owe: 1.0}), (-1.0, {back: 1.0}))
                of_rule = by_rule.setdefault((rule["id"], need[0]), {})
                owes, dues, stocks = of_rule.setdefault(month, ([], [], []))
                owes.append({owe: 1.0})
                dues.append(due)
                stocks.append(stock)
            self.closing = plus((1.0, self.closing), (1.0, stock))
        for (name, _), months in by_rule.items():
            rule = next(rule for rule in world.tree["owing"] if rule["id"] == name)
            for owes, dues, stocks in months.values():
                total = plus(*((1.0, due) for due in dues))
                model.at_most(plus(*((1.0, owe) for owe in owes)), plus((float(share(rule["share"])), total)))
                if "stock_limit" in rule:
                    model.at_most(plus(*((1.0, s) for s in stocks)), {ONE: fen(rule["stock_limit"]) / WAN})
        self._developers()
        self._funds()

    def _rule(self, need: Need) -> Tree | None:
        if need[5] or need[0] in NEVER_OWED:
            return None
        for rule in self.world.tree.get("owing", []):
            projects = rule.get("projects", "all")
            if need[0] in rule.get("uses", ["fees"]) and (projects == "all" or need[1] in projects):
                return rule
        return None

    def _may_pay(self, fund: Tree, need: Need) -> bool:
        use, project, _, estate, name, _ = need
        if fund.get("uses", "all") != "all" and use not in fund["uses"]:
            return False
        if use in ("interest", "principal"):
            return True
        projects = fund.get("projects", "all")
        if use == "commitments":
            commitment = next(each for each in self.world.tree["commitments"] if each["id"] == name)
            return fund["id"] in commitment["funds"] if "funds" in commitment else projects == "all"
        if use == "construction":
            if fund.get("estates", "all") != "all":
                return estate in fund["estates"]
            own = next(each for each in self.world.estates if each["id"] == estate).get("projects", [])
            return projects == "all" or bool(set(projects) & set(own))
        return projects == "all" or project in projects

    def _developers(self) -> None:
        world, model = self.world, self.model
        for developer in world.developers:
            mine = [(month, v) for (need, month), v in self.offset.items() if need[2] == developer["id"]]
            for until in range(self.books):
                so_far: Sum = {variable: 1.0 for month, variable in mine if month <= until}
                debts = sum(
                    fen(debt["amount"]) for debt in developer.get("debts", []) if max(world.at(debt["due"]), 0) <= until
                )
                model.at_most(so_far, {ONE: debts / WAN})
                for target in developer.get("offset_targets", []):
                    if min(max(world.at(target["by"]), 0), self.books - 1) == until:
                        model.at_most({ONE: fen(target["amount"]) / WAN}, so_far)

    def _inflow(self, fund: Tree) -> dict[int, float]:
        world = self.world
        result: dict[int, float] = {}
        stated = fund.get("inflow", [])
        for inflow in [stated] if isinstance(stated, dict) else stated:
            if "monthly" in inflow:
                first = max(world.at(inflow["from"]), 0) if "from" in inflow else 0
                last = world.at(inflow["until"]) if "until" in inflow else world.months - 1
                for month in range(first, min(last, self.books - 1) + 1):
                    result[month] = result.get(month, 0.0) + fen(inflow["monthly"]) / WAN
            for when, amount in inflow.get("by_month", {}).items():
                if 0 <= world.at(when) < self.books:
                    result[world.at(when)] = result.get(world.at(when), 0.0) + fen(amount) / WAN
        return result

    def _funds(self) -> None:
        world, model = self.world, self.model
        moves = world.tree.get("moves", [])
        moved = [
            {month: model.add(_money(world.limit(move.get("monthly_limit"), month))) for month in range(self.books)}
            for move in moves
        ]
        for move, months in zip(moves, moved, strict=True):
            if "total_limit" in move:
                model.at_most(dict.fromkeys(months.values(), 1.0), {ONE: fen(move["total_limit"]) / WAN})
        balances: dict[str, dict[int, Sum]] = {}
        for fund in world.funds:
            name = fund["id"]
            inflow = self._inflow(fund)
            opening = fen(fund.get("opening", 0)) / WAN
            balance: Sum = {ONE: opening}
            came_in: dict[int, Sum] = {}
            draws = self.drawn.get(name, {})
            out_so_far: Sum = {}
            drawn_so_far: Sum = {}
            for month in range(self.books):
                paid = {v: 1.0 for (_, f, m), v in self.pay.items() if f == name and m == month}
                out = plus(
                    (1.0, paid),
                    *((1.0, {v[month]: 1.0}) for m, v in zip(moves, moved, strict=True) if m["from"] == name),
                )
                into = plus(*((1.0, {v[month]: 1.0}) for m, v in zip(moves, moved, strict=True) if m["to"] == name))
                draw: Sum = {draws[month]: 1.0} if month in draws else {}
                came_in[month] = plus(
                    (1.0, {ONE: inflow.get(month, 0.0)}),
                    (1.0, draw),
                    (1.0, into),
                    (1.0, self.received.get(name, {}).get(month, {})),
                    (1.0, self.recovered.get(name, {}).get(month, {})),
                    (1.0, self.inflows.get(name, {}).get(month, {})),
                )
                balance = plus((1.0, balance), (1.0, came_in[month]), (-1.0, out))
                model.at_most({}, balance)
                for most_kept in self._kept(fund, month, came_in, opening):
                    # More than lapses is never given up: to have more on hand forbids nothing.
                    kept: Sum = {model.add(): 1.0}
                    model.at_most(kept, balance)
                    model.at_most(kept, most_kept)
                    balance = kept
                balances.setdefault(name, {})[month] = balance
                most = world.limit(fund.get("monthly_limit"), month)
                if most is not None:
                    model.at_most(out, {ONE: fen(most) / WAN})
                out_so_far = plus((1.0, out_so_far), (1.0, out))
                drawn_so_far = plus((1.0, drawn_so_far), (1.0, draw))
                if "release" in fund:
                    counted = drawn_so_far if "borrow" in fund else out_so_far
                    everything = opening + sum(inflow.values())
                    model.at_most(counted, self._released(fund, month, everything))
            if "total_limit" in fund:
                model.at_most(out_so_far, {ONE: fen(fund["total_limit"]) / WAN})
        months_kept = float(number(self.world.objective.get("reserve_months", 0)))
        if months_kept:
            fees = [need for need in self.due if need[0] == "fees"]
            payers = [fund["id"] for fund in world.funds if any(self._may_pay(fund, need) for need in fees)]
            for month in range(self.books):
                due = plus(*((1.0, self.due[need].get(month, {})) for need in fees))
                kept = plus(*((1.0, balances[name][month]) for name in payers))
                model.at_most(plus((months_kept, due)), kept)

    def _kept(self, fund: Tree, month: int, came_in: dict[int, Sum], opening: float) -> Iterator[Sum]:
        """What of a fund's money outlives the close of a month at most; the opening balance came in in month 0."""
        year_ends = (self.world.start + month) % 12 == 11
        if fund.get("carry_over") == "month" or (fund.get("carry_over") == "year" and year_ends):
            yield {ONE: fen(fund.get("carry_over_limit", 0)) / WAN}
        if "valid_months" in fund:
            oldest = month - fund["valid_months"] + 2
        elif "valid_years" in fund and year_ends:
            oldest = month + 1 - 12 * (fund["valid_years"] - 1)
        else:
            return
        yield plus(
            *((1.0, amount) for when, amount in came_in.items() if when >= oldest),
            (1.0, {ONE: opening if oldest <= 0 else 0.0}),
        )

    def _released(self, fund: Tree, month: int, everything: float) -> Sum:
        """What may have been drawn by the end of a month: by the progress at the close of the month before."""
        release = fund["release"]
        phases = [phase for phase in self.phases if phase.estate["id"] in release["estates"]]
        whole = sum(phase.total for phase in phases)
        progress: Sum = {ONE: 1.0}
        if whole:
            done = plus(*((1.0, phase.built(month - 1)) for phase in phases))
            done = plus((1.0, done), (1.0, {ONE: sum(phase.total - phase.cost for phase in phases)}))
            progress = plus((1.0 / whole, done))
        total = everything if "borrow" not in fund else fen(fund["borrow"]["limit"]) / WAN
        if "total" in release:
            total = fen(release["total"]) / WAN
        upfront = float(share(release.get("upfront", 0)))
        return plus((total, plus((upfront, {ONE: 1.0}), (1.0 - upfront, progress))))

    # --- goals -------------------------------------------------------------------------------------------------

    def optima(self) -> tuple[float, float] | None:
        """Least values of the objective in 万元, its tiers kept with a little more room, and a little less.

        None: nothing is feasible.
        """
        margin = 0.0
        self.reached: list[float] = []
        rows = len(self.model.rows)
        for stated in self.world.objective.get("tiers", []):
            goal = self.tier(stated)
            found = self.model.minimise(goal)
            if found is None:
                return None
            value = found[0] + 0.0
            unit = 1.0 if stated.get("goal") == "disutility" else 1e-4
            self.reached.append(value / unit)
            self.model.at_most(goal, {ONE: value + TIER_SLACK * abs(value) + TIER_SLACK_WAN})
            margin = 1e-5
        least = []
        tiers = self.model.rows[rows:]
        for room in [margin, -margin] if margin else [0.0]:
            self.model.rows[rows:] = [(left, low, high + room) for left, low, high in tiers]
            found = self.model.minimise(self.goal())
            if found is None:
                return None
            least.append(found[0])
        return least[0], least[-1]

    def tier(self, stated: Tree) -> Sum:
        """What a goal before the objective counts, in 万元, or units of disutility: rule 17 of the accounts."""
        if stated.get("goal") == "fiscal_cost":
            return self.fiscal_cost()
        tags, projects = set(stated.get("tags", [])), stated.get("projects", "all")
        counted = [
            claim
            for claim in self.world.claims
            if (projects == "all" or claim.project["id"] in projects)
            and (not tags or tags & set(claim.row.get("tags") or []))
        ]
        total: Sum = {}
        for claim in counted:
            options: list[tuple[Offer | None, int, Sum]] = [(None, 0, self.waiting[id(claim)])]
            for (o, month), households in self.settle.items():
                if self.world.offers[o].claim is claim:
                    options.append((self.world.offers[o], month, households))
            for offer, month, households in options:
                if stated.get("goal") == "disutility":
                    total = plus((1.0, total), (float(offer.disutility) if offer else 0.0, households))
                    continue
                fees = self.world.fees(offer, claim, month)
                if stated.get("goal") == "overdue_fees":
                    fees = {at: fee for at, fee in fees.items() if self.world.overdue(offer, claim, month, at)}
                total = plus((1.0, total), (sum(fees.values()) / WAN, households))
        return total

    def goal(self) -> Sum:
        """The objective, in 万元."""
        stated = self.world.objective
        disliked = float(number(stated.get("disutility_weight", 0))) / 10_000
        beside = plus((disliked, self.disutility), (1.0, self.waited))
        if stated.get("minimise", "transition_fees") == "transition_fees":
            return plus((1.0, self.weighed), (1.0, self.surcharges), (1.0, beside))
        return plus((1.0, self.fiscal_cost()), (1.0, beside))

    def fiscal_cost(self) -> Sum:
        """What the government pays, discounted, in 万元: rule 16 of the accounts."""
        world = self.world
        stated = world.objective
        rate, offset_value = float(share(stated.get("discount_rate", 0))), float(number(stated.get("offset_value", 1)))

        def discount(month: int) -> float:
            return float((1 + rate) ** (-month / 12))

        total: Sum = {}
        for (need, _, month), variable in self.pay.items():
            if need[0] not in ("principal", "commitments"):
                total[variable] = total.get(variable, 0.0) + discount(month)
        for (_, month), variable in self.offset.items():
            total[variable] = total.get(variable, 0.0) + discount(month) * offset_value
        for table in (self.received, self.recovered):
            for by_month in table.values():
                for month, amount in by_month.items():
                    total = plus((1.0, total), (-discount(month), amount))
        total = plus((1.0, total), (discount(self.books - 1), self.closing))
        total = plus((1.0, total), (discount(world.months), self.valued_waiting))
        for claim in world.claims:
            owed = self._obligation(claim) / WAN
            total = plus((1.0, total), (discount(world.months) * owed, self.waiting[id(claim)]))
        return total

    def _obligation(self, claim) -> int:  # type: ignore[no-untyped-def]
        if claim.until <= self.world.months:
            return 0
        whole = (
            fen(claim.row["obligation"])
            if claim.row.get("obligation") is not None
            else half_up(number(claim.row["area"]) * fen(claim.project["obligation"]))
        )
        return whole * (claim.part + 1) // claim.parts - whole * claim.part // claim.parts


def _money(stated: object) -> float:
    return np.inf if stated is None else fen(stated) / WAN
