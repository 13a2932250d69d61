"""A second reading of a scenario's files: what each household costs, may take and pays, in plain Python.

Written from docs/scenario.md, docs/rules.md and docs/accounts.md, one household and one month at a time, in fractions.
Nothing of `renewopt` is used. It understands what `tests.whole.stating` draws.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations_with_replacement
from math import floor
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.whole.stating import HEADERS, ROUTES, Tree

NEVER = 10**6
PERIODS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
NEVER_OWED = ("construction", "interest", "principal")
LISTS = ("groups", "tags", "routes", "estates", "asks_for", "unit_types")
Need = tuple[str, ...]
"""use, project, developer, estate, name, whether it is prompt."""


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def number(value: Any) -> Fraction:
    return Fraction(str(value).replace(",", "").strip())


def fen(value: Any) -> int:
    """Money as written, in fen."""
    text = str(value).replace(",", "").replace("¥", "").removesuffix("元")
    factor = 1
    for sign, size in (("万", 10_000), ("亿", 100_000_000)):
        if text.endswith(sign):
            text, factor = text.removesuffix(sign), size
    return half_up(Fraction(text) * factor * 100)


def share(value: Any) -> Fraction:
    text = str(value)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def ordinal(value: Any) -> int:
    """Months since year 0."""
    year, month = re.findall(r"\d+", str(value))[:2]
    return int(year) * 12 + int(month) - 1


def part_of(value: int, part: int, parts: int) -> int:
    """Part number `part` of so many equal whole parts that add up."""
    return value * (part + 1) // parts - value * part // parts


@dataclass
class Claim:
    """A household, a cohort, or one of the homes due to a household."""

    household: str
    part: int
    parts: int
    project: Tree
    row: Tree
    policy: Tree
    homes: Tree | None
    count: int
    moved_out: int
    overdue_from: int
    deadline: int
    """Last month in which it must be housed; `NEVER` where none binds within the horizon."""
    bars_after: int
    """No offer houses it later."""
    due: Fraction
    """m² that it is entitled to."""


@dataclass
class Offer:
    """What a claim may choose, with everything that follows."""

    claim: Claim
    route: str
    label: str
    first: int
    last: int
    housed_after: int
    tail: int
    tail_multiplier: Fraction | None
    price: int = 0
    factors: list[Fraction] = field(default_factory=list)
    """On the price, by month of choice."""
    need: Need | None = None
    schedule: list[tuple[int, Fraction]] = field(default_factory=lambda: [(0, Fraction(1))])
    """Months after the choice, and share due by then."""
    paid: list[tuple[int, int, Need]] = field(default_factory=list)
    """Months after the choice, fen paid to or for the household, and the need that pays it."""
    received: list[tuple[int, int, str]] = field(default_factory=list)
    """Months after the choice, fen that it pays, and the fund that receives it."""
    stock: list[tuple[str, Fraction]] = field(default_factory=list)
    disutility: Fraction = Fraction(0)
    programme: str = ""
    given: Fraction = Fraction(-1)
    top_up: int = 0
    refund: int = 0
    """Fen that the household pays for its home, and is paid for what it lacks."""

    def price_in(self, month: int) -> int:
        return half_up(self.price * self.factors[month])

    def due(self, month: int) -> Iterator[tuple[int, int]]:
        """Month and fen of each instalment of the price, if chosen in a month."""
        price, before = self.price_in(month), 0
        for after, share_due in self.schedule:
            now = half_up(price * share_due)
            yield month + after, now - before
            before = now


class World:
    """A scenario's files, read anew."""

    def __init__(self, path: Path) -> None:
        tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        self.tree: Tree = tree
        self.start = ordinal(tree["start"])
        self.months: int = tree["months"]
        self.objective: Tree = tree.get("objective", {})
        self.after: int = self.objective.get("after_horizon_months", 12)
        self.projects = {project["id"]: project for project in tree["projects"]}
        self.policies = {policy["id"]: policy for policy in tree["fee_policies"]}
        self.home_policies = {policy["id"]: policy for policy in tree.get("home_policies", [])}
        self.estates: list[Tree] = tree.get("estates", [])
        self.developers: list[Tree] = tree.get("developers", [])
        self.funds: list[Tree] = tree["funds"]
        rows = tree["households"]
        if isinstance(rows, dict):
            rows = list(_register(path.parent / rows["file"]))
        rows = sorted(rows, key=lambda row: [int(text) for text in re.findall(r"\d+", row["id"])])
        self.claims = [claim for row in rows for claim in self._claims(row)]
        self.arrivals = self._arrivals()
        self.offers = [offer for claim in self.claims for offer in self._offers(claim)]

    def at(self, value: Any) -> int:
        """Month as a number from the start."""
        return ordinal(value) - self.start

    # --- households --------------------------------------------------------------------------------------------

    def _claims(self, row: Tree) -> Iterator[Claim]:
        project = self.projects[row["project"]]
        policy = self.policies[row.get("fee_policy") or project["fee_policy"]]
        named = row.get("home_policy") or project.get("home_policy")
        homes = self.home_policies[named] if named else None
        moved_out = self.at(row.get("moved_out") or project["moved_out"])
        overdue_from = moved_out + _term(row, project, policy)
        stated = row.get("deadline") or project.get("deadline")
        by = NEVER if stated is None else max(self.at(stated), 0)
        deadline, bars_after = (by, NEVER) if by < self.months else (NEVER, by)
        if "no_overdue_from" in self.objective:
            ruled = max(overdue_from, self.at(self.objective["no_overdue_from"]), 0)
            if ruled < self.months:
                deadline = min(deadline, ruled)
        parts = int(row.get("homes") or 1)
        for part in range(parts):
            due = half_up(_entitlement(row, homes) * 10_000)
            yield Claim(
                household=str(row["id"]),
                part=part,
                parts=parts,
                project=project,
                row=row,
                policy=policy,
                homes=homes,
                count=int(row.get("count") or 1),
                moved_out=moved_out,
                overdue_from=overdue_from,
                deadline=deadline,
                bars_after=bars_after,
                due=Fraction(part_of(due, part, parts), 10_000),
            )

    # --- fees --------------------------------------------------------------------------------------------------

    def ordinary(self, claim: Claim, month: int) -> Fraction:
        """Yuan a month at multiplier 1."""
        policy, row = claim.policy, claim.row
        rate = policy["rate"]
        if isinstance(rate, list):
            since = [(self.at(step["from"]) if "from" in step else -NEVER, number(step["yuan"])) for step in rate]
            rate = max((step for step in since if step[0] <= month), key=lambda step: step[0])[1]
        fee = self._basis(claim, month) * number(rate)
        if "household_minimum" in policy:
            fee = max(fee, Fraction(fen(policy["household_minimum"]), 100))
        highest: dict[str, Fraction] = {}
        for uplift in policy.get("uplifts", []):
            if uplift["group"] not in (row.get("groups") or []) or "once" in uplift:
                continue
            value = fee * share(uplift.get("percent", 0)) + Fraction(fen(uplift.get("monthly", 0)), 100)
            category = uplift.get("category", "group")
            highest[category] = max(highest.get(category, Fraction(0)), value)
        micro = half_up((fee + sum(highest.values())) * 1_000_000)
        return Fraction(part_of(micro, claim.part, claim.parts), 1_000_000)

    def _basis(self, claim: Claim, month: int) -> Fraction:
        policy, row = claim.policy, claim.row
        basis = policy.get("basis", "area")
        if basis == "household":
            return Fraction(1)
        if basis == "person":
            return number(row["persons"])
        area = number(row["area"])
        if row.get("part_month") and month >= self.at(row["part_month"]):
            return max(area - number(row["part_area"]), Fraction(0))
        return max(area, number(policy.get("area_floor", 0)))

    def multiplier(self, claim: Claim, month: int) -> Fraction:
        if month < claim.moved_out:
            return Fraction(0)
        turnover = bool(claim.row.get("turnover"))
        late = month - claim.overdue_from
        steps = claim.policy.get("turnover" if turnover else "overdue", [{"multiplier": 1}] if turnover else [])
        acting = [step for step in steps if late >= step.get("after", 0)] if late >= 0 else []
        if not acting:
            return Fraction(0 if turnover else 1)
        return number(max(acting, key=lambda step: step.get("after", 0))["multiplier"])

    def fee(self, claim: Claim, month: int) -> int:
        """Fen that one household of a claim costs in a month in which it waits."""
        return half_up(self.ordinary(claim, month) * self.multiplier(claim, month) * 100)

    def fees(self, offer: Offer | None, claim: Claim, chosen: int) -> dict[int, int]:
        """Fen by month of one household that takes an offer in a month, or none: rule 2 of the accounts."""
        if offer is None:
            return {month: self.fee(claim, month) for month in range(self.months + self.after)}
        housed = chosen + offer.housed_after
        due = {month: self.fee(claim, month) for month in range(housed)}
        in_force = self.multiplier(claim, housed)
        factor = in_force if offer.tail_multiplier is None else offer.tail_multiplier
        for month in range(housed, housed + offer.tail):
            due[month] = half_up(self.ordinary(claim, month) * factor * 100)
        return due

    # --- offers ------------------------------------------------------------------------------------------------

    def _arrivals(self) -> dict[str, dict[int, Fraction]]:
        """Stock by pool and month, but for phases."""
        result: dict[str, dict[int, Fraction]] = {}
        stated = [(f"{estate['id']}/{unit['type']}", unit) for estate in self.estates for unit in estate["units"]]
        stated += [(developer["id"], developer["homes"]) for developer in self.developers if "homes" in developer]
        for name, unit in stated:
            by_month = result.setdefault(name, {0: number(unit.get("on_hand", 0))})
            for month, amount in unit.get("arrivals", {}).items():
                then = max(self.at(month), 0)
                by_month[then] = by_month.get(then, Fraction(0)) + number(amount)
        return result

    def opens(self, claim: Claim, route: str) -> bool:
        accepted = claim.row.get("routes") or claim.project.get("routes") or ROUTES
        return route in accepted

    def _offers(self, claim: Claim) -> Iterator[Offer]:
        for route in ("own_unit", "transfer"):
            if self.opens(claim, route):
                for estate in self.estates:
                    if self._open_to(estate, claim) == route:
                        yield from self._homes(estate, route, claim)
        for kind, route in (("vouchers", "voucher"), ("cash", "cash")):
            for programme in self.tree.get(kind, []):
                if self.opens(claim, route):
                    yield from self._programme(programme, route, claim)

    def _open_to(self, estate: Tree, claim: Claim) -> str:
        """The route by which an estate is open to a claim, "" where it is not."""
        row, project = claim.row, claim.project["id"]
        if row.get("estates") and estate["id"] not in row["estates"]:
            return ""
        if row.get("asks_for") and not set(row["asks_for"]) & set(estate.get("tags", [])):
            return ""
        if project in estate.get("projects", []):
            return "own_unit"
        open_to = estate.get("open_to", "all")
        return "transfer" if open_to == "all" or project in open_to else ""

    def _homes(self, estate: Tree, route: str, claim: Claim) -> Iterator[Offer]:
        wanted = claim.row.get("unit_types")
        units = [unit for unit in estate["units"] if not wanted or unit["type"] in wanted]
        policy = claim.homes
        sized = [unit for unit in units if "area" in unit]
        if policy is None or not sized:
            for unit in units:
                yield from self._home(estate, route, claim, [unit], None)
            return
        most = policy.get("max_homes", 1)
        listed = [list(bundle) for size in range(1, most + 1) for bundle in combinations_with_replacement(sized, size)]
        for bundle in _matching(policy, listed, claim.due):
            yield from self._home(estate, route, claim, bundle, policy)

    def _home(self, estate: Tree, route: str, claim: Claim, units: list[Tree], policy: Tree | None) -> Iterator[Offer]:
        measure, project = estate.get("measure", "homes"), claim.project["id"]
        after = estate.get("housed_after", 0)
        tail, multiplier = self._tail(claim, route)
        stock: dict[str, Fraction] = {}
        price = 0
        for unit in units:
            amount = self._takes(claim, measure, unit if policy else None)
            name = f"{estate['id']}/{unit['type']}"
            stock[name] = stock.get(name, Fraction(0)) + amount
            price += half_up(fen(unit.get("price", 0)) * amount)
        size = sum((number(unit["area"]) for unit in units if "area" in unit), Fraction(0))
        offer = Offer(
            claim=claim,
            route=route,
            label=";".join(f"{estate['id']}/{unit['type']}" for unit in units),
            first=0,
            last=min(self.months - 1, claim.bars_after - after),
            housed_after=after,
            tail=tail,
            tail_multiplier=multiplier,
            price=price,
            factors=[Fraction(1)] * self.months,
            need=("units", project, estate.get("developer", ""), "", "", "") if price else None,
            stock=list(stock.items()),
            disutility=number(estate.get("disutility", 0)) if route == "transfer" else Fraction(0),
            given=size,
        )
        if policy is not None:
            offer.top_up = _top_up(policy, size, claim.due)
            offer.refund = half_up(max(claim.due - size, Fraction(0)) * fen(policy.get("refund", 0)))
            if offer.top_up:
                offer.received.append((after, offer.top_up, policy["into"]))
            if offer.refund:
                offer.paid.append((after, offer.refund, ("cash", project, "", "", "", "")))
        self._when_housed(offer)
        if offer.first <= offer.last:
            yield offer

    def _takes(self, claim: Claim, measure: str, unit: Tree | None) -> Fraction:
        """What a home takes from its pool: itself, its m² (or the entitlement's), or the persons."""
        if measure == "homes":
            return Fraction(1)
        if measure == "m2":
            return Fraction(half_up((number(unit["area"]) if unit else claim.due) * 100), 100)
        return Fraction(part_of(int(claim.row["persons"]) * 100, claim.part, claim.parts), 100)

    def _when_housed(self, offer: Offer) -> None:
        """Moving fee and lump sums, whatever the route."""
        claim, policy = offer.claim, offer.claim.policy
        moving = policy.get("moving_fee")
        if moving:
            by_area = half_up(number(claim.row["area"]) * fen(moving.get("per_m2", 0)))
            fee = max(fen(moving.get("per_household", 0)) + by_area, fen(moving.get("minimum", 0)))
            amount = part_of(fee * moving.get("times", 1), claim.part, claim.parts)
            offer.paid.append((offer.housed_after, amount, ("moving", claim.project["id"], "", "", "", "")))
        highest: dict[str, int] = {}
        for uplift in policy.get("uplifts", []):
            if "once" in uplift and uplift["group"] in (claim.row.get("groups") or []):
                category = uplift.get("category", "group")
                highest[category] = max(highest.get(category, 0), fen(uplift["once"]))
        once = part_of(sum(highest.values()), claim.part, claim.parts)
        if once:
            offer.paid.append((offer.housed_after, once, ("cash", claim.project["id"], "", "", "", "")))

    def _tail(self, claim: Claim, route: str, programme: Tree | None = None) -> tuple[int, Fraction | None]:
        stated = (programme or {}).get("tail", claim.policy.get("tail", 0))
        tail = stated.get(route, 0) if isinstance(stated, dict) else stated
        multiplier = (programme or {}).get("tail_multiplier", claim.policy.get("tail_multiplier", "in_force"))
        return tail, None if multiplier == "in_force" else number(multiplier)

    def _programme(self, programme: Tree, route: str, claim: Claim) -> Iterator[Offer]:
        project = claim.project["id"]
        if project not in programme.get("projects", list(self.projects)):
            return
        if "area_below" in programme and number(claim.row["area"]) >= number(programme["area_below"]):
            return
        start = self.at(programme["start"]) if "start" in programme else 0
        last = start + programme["months"] - 1 if "months" in programme else self.months - 1
        schedule = sorted((part["after"], share(part["share"])) for part in programme.get("instalments", []))
        schedule = [(after, sum(s for a, s in schedule if a <= after)) for after, _ in schedule] or [(0, Fraction(1))]
        prompt = bool(programme.get("settled_when_paid"))
        after = programme.get("housed_after", 0)
        if prompt:
            after = max(after, schedule[-1][0])
        area = half_up(number(claim.row["area"]) * 10_000)
        base = Fraction(part_of(area, claim.part, claim.parts), 10_000)
        if programme.get("base") == "entitlement":
            base = claim.due
        tail, multiplier = self._tail(claim, route, programme)
        steps = sorted((step["months"], share(step["share"])) for step in programme.get("bonus", []))
        for listed in programme.get("developers") or [{}]:
            developer = listed.get("developer", "")
            stock = next((each.get("homes") for each in self.developers if each["id"] == developer), None)
            offer = Offer(
                claim=claim,
                route=route,
                label=programme["id"] + (f"/{developer}" if developer else ""),
                first=max(start, 0),
                last=min(last, self.months - 1, claim.bars_after - after),
                housed_after=after,
                tail=tail,
                tail_multiplier=multiplier,
                price=half_up(base * fen(programme["price"])),
                factors=[
                    1
                    + (
                        share(listed["bonus"])
                        if "bonus" in listed
                        else next((bonus for months, bonus in steps if month - start + 1 <= months), Fraction(0))
                    )
                    for month in range(self.months)
                ],
                need=(route, project, developer, "", "", "prompt" if prompt else ""),
                schedule=schedule,
                disutility=number(programme.get("disutility", 0)),
                programme=programme["id"],
            )
            if stock is not None:
                amount = base if stock["measure"] == "m2" else self._takes(claim, stock["measure"], None)
                offer.stock.append((developer, Fraction(half_up(amount * 100), 100)))
            self._when_housed(offer)
            if offer.first <= offer.last:
                yield offer


def _register(path: Path) -> Iterator[Tree]:
    """Rows of a register: titles and running numbers left out, totals too."""
    known = {header: name for name, headers in HEADERS.items() for header in headers}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    head = next(number for number, line in enumerate(lines) if sum(cell in known for cell in line) > 1)
    names = [known.get(cell) for cell in lines[head]]
    for line in lines[head + 1 :]:
        row: Tree = {name: cell for name, cell in zip(names, line, strict=True) if name and cell != ""}
        if row["id"] == "合计":
            continue
        for name in LISTS:
            if name in row:
                row[name] = row[name].split(";")
        for name in ("turnover", "indivisible"):
            if name in row:
                row[name] = row[name] in ("是", "true", "yes")
        yield row


def _term(row: Tree, project: Tree, policy: Tree) -> int:
    """Agreed months: the household's, its class's, the project's, its class's, the policy's."""
    stated = policy["term"]
    by_class = stated if isinstance(stated, dict) else {}
    if row.get("term") is not None:
        return int(row["term"])
    if row.get("term_class") in by_class:
        return int(by_class[row["term_class"]])
    if project.get("term") is not None:
        return int(project["term"])
    return int(by_class[project["term_class"]] if by_class else stated)


def _entitlement(row: Tree, policy: Tree | None) -> Fraction:
    """m² due to a whole household."""
    if row.get("entitlement"):
        return number(row["entitlement"])
    if policy is None:
        return number(row["area"])
    persons = int(row["persons"])
    each = number(policy.get("per_basis", 1))
    due = each * (persons if policy.get("basis") == "person" else number(row["area"]))
    for bound in policy.get("bounds", []):
        if bound.get("persons_from", 0) <= persons <= bound.get("persons_to", NEVER):
            low = max(number(bound.get("minimum", 0)), persons * number(bound.get("minimum_per_person", 0)))
            high = min(number(bound.get("maximum", NEVER)), persons * number(bound.get("maximum_per_person", NEVER)))
            return min(max(due, low), max(low, high))
    return due


def _size(units: Iterable[Tree]) -> Fraction:
    return sum((number(unit["area"]) for unit in units), Fraction(0))


def _matching(policy: Tree, listed: list[list[Tree]], due: Fraction) -> Iterator[list[Tree]]:
    """Bundles of the smallest area that reaches the entitlement, else of the largest area below it."""
    bands = policy.get("above", [])
    most = number(policy.get("maximum_above", NEVER))
    if bands and all("up_to" in band for band in bands):
        most = min(most, max(number(band["up_to"]) for band in bands))
    sizes = sorted({_size(bundle) for bundle in listed})
    enough = [size for size in sizes if due <= size]
    below = [size for size in sizes if size < due]
    chosen = enough[0] if enough and (enough[0] <= due + most) else (below[-1] if below else None)
    for bundle in listed:
        if _size(bundle) == chosen:
            yield bundle


def _top_up(policy: Tree, size: Fraction, due: Fraction) -> int:
    """Fen that a household pays: within its entitlement, then band by band above it."""
    total = half_up(min(size, due) * fen(policy.get("within_price", 0)))
    above, reached = max(size - due, Fraction(0)), Fraction(0)
    for band in sorted(policy.get("above", []), key=lambda band: number(band.get("up_to", NEVER))):
        top = min(above, number(band.get("up_to", NEVER)))
        total += half_up(max(top - reached, Fraction(0)) * fen(band["yuan_per_m2"]))
        reached = max(reached, top)
    return total
