"""A second reading of a scenario's files: what each household costs, may take and pays, in plain Python.

Written from docs/scenario.md, docs/rules.md and docs/accounts.md, one household and one month at a time, in fractions.
Nothing of `renewopt` is used. It understands what `tests.whole.stating` and `tests.whole.turns` draw. Files are read by
`tests.whole.files`, fees are reckoned by `tests.whole.accruing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

from tests.whole.accruing import Accruing
from tests.whole.claims import NEVER, Claim, Offer, day_of, part_of, passed_over
from tests.whole.files import fen, half_up, number, ordinal, read_scenario, share
from tests.whole.stating import ROUTES, Tree


class World(Accruing):
    """A scenario's files, read anew."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        tree, self.variant = read_scenario(path)
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
        rows = sorted(rows, key=lambda row: [int(text) for text in re.findall(r"\d+", row["id"])])
        rows = [self._carried_on(row, {each["id"]: each for each in rows}) for row in rows]
        self.claims = [claim for row in rows for claim in self._claims(row)]
        self.arrivals = self._arrivals()
        self.supply, self.within = self._supply(NEVER), self._supply(self.months)
        for claim in self.claims:
            if claim.part == 0 and claim.parts > 1 and claim.homes is not None:
                self._divide([each for each in self.claims if each.household == claim.household])
        self.offers = [offer for claim in self.claims for offer in self._offers(claim)]
        self.homes_due, _ = self.kept_for_own()
        self.offers = [offer for claim in self.claims for offer in self._consented(claim)]
        self.homes_due, _ = self.kept_for_own()

    # --- households --------------------------------------------------------------------------------------------

    def _carried_on(self, row: Tree, rows: dict[str, Tree]) -> Tree:
        """Fill what a household that was split from another does not state itself from that one, or its project."""
        source = rows.get(row.get("split_from", ""))
        if source is None:
            return row
        project = self.projects[source["project"]]
        filled = dict(row)
        for name in ("fee_policy", "home_policy"):
            filled[name] = row.get(name) or source.get(name) or project.get(name)
        if not row.get("moved_out"):
            moved = source if source.get("moved_out") else project
            filled["moved_out"] = moved["moved_out"]
            day = row.get("moved_out_day") or day_of(moved, {})
            filled.update({"moved_out_day": day} if day else {})
        filled["terms"] = [row, project] if {"term", "term_class"} & set(row) else [source, project]
        filled["since"] = self.at(source["ends"]) if "ends" in source else -NEVER
        return filled

    def _claims(self, row: Tree) -> Iterator[Claim]:
        project = self.projects[row["project"]]
        policy = self.policies[row.get("fee_policy") or project["fee_policy"]]
        named = row.get("home_policy", project.get("home_policy"))
        homes = self.home_policies[named] if named else None
        moved_out = self.at(row.get("moved_out") or project["moved_out"])
        begins = moved_out + passed_over(policy)
        overdue_from = begins + _term(row, project, policy)
        since, until = row.get("since", -NEVER), self.at(row["ends"]) if "ends" in row else NEVER
        stated = row.get("deadline") or project.get("deadline")
        by = NEVER if stated is None else max(self.at(stated), 0)
        parts = int(row.get("homes") or 1)
        for part in range(parts):
            curve = self._curve(str(row["id"]), part, parts)
            if curve is not None:
                overdue_from = next((month for month, _, late in curve if late), NEVER)
            deadline, bars_after = (by, NEVER) if by < self.months else (NEVER, by)
            if "no_overdue_from" in self.objective:
                ruled = max(overdue_from, self.at(self.objective["no_overdue_from"]), 0)
                if ruled < self.months:
                    deadline = min(deadline, ruled)
            if deadline >= until:
                deadline = NEVER
            due = half_up(_entitlement(row, homes) * 10_000)
            claim = Claim(
                household=str(row["id"]),
                part=part,
                parts=parts,
                project=project,
                row=row,
                policy=policy,
                homes=homes,
                count=int(row.get("count") or 1),
                moved_out=moved_out,
                day=day_of(row, project if "moved_out" not in row else {}),
                begins=begins,
                overdue_from=overdue_from,
                deadline=deadline,
                bars_after=min(bars_after, until - 1),
                since=since,
                until=until,
                prepaid=part_of(fen(row.get("prepaid", 0)), part, parts),
                curve=curve,
                due=Fraction(part_of(due, part, parts), 10_000),
                whole_due=due,
                begin=Fraction(part, parts),
                end=Fraction(part + 1, parts),
            )
            claim.further = [self._further(claim, each) for each in self.tree.get("fee_parts", [])
                             if each["household"] == claim.household]  # fmt: skip
            yield claim

    def _curve(self, household: str, part: int, parts: int) -> list[tuple[int, Fraction, bool]] | None:
        """Steps of a fee that is given directly; None where none is."""
        rows = [row for row in self.tree.get("fee_curves", []) if row["household"] == household]
        if not rows:
            return None
        steps = []
        for row in rows:
            yuan = Fraction(fen(row["fee"]), 100)
            if "claim" not in row:
                yuan = Fraction(part_of(half_up(yuan * 1_000_000), part, parts), 1_000_000)
            elif row["claim"] != str(part + 1):
                continue
            steps.append((self.at(row["from"]) if "from" in row else -NEVER, yuan, bool(row.get("overdue"))))
        return sorted(steps)

    def _further(self, claim: Claim, stated: Tree) -> Claim:
        """A part of a claim's fee; uplifts, turnover housing and delivery in parts are of the household's own row."""
        kept = {key: value for key, value in claim.row.items() if key not in ("groups", "turnover", "part_month")}
        if "term" in stated:
            kept.pop("terms", None)
        row = {**kept, **stated}
        policy = self.policies[stated["fee_policy"]] if "fee_policy" in stated else claim.policy
        moved_out = self.at(stated["moved_out"]) if "moved_out" in stated else claim.moved_out
        day = day_of(stated, {} if "moved_out" in stated else {"moved_out_day": claim.day})
        begins = moved_out + passed_over(policy)
        overdue_from = begins + _term(row, claim.project, policy)
        return replace(
            claim, row=row, policy=policy, moved_out=moved_out, day=day, begins=begins, overdue_from=overdue_from
        )

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

    def _supply(self, months: int) -> dict[str, Fraction]:
        """What comes of each pool in time for a choice before a month, whatever the money; phases before that month."""
        after = {
            f"{estate['id']}/{unit['type']}": estate.get("housed_after", 0)
            for estate in self.estates
            for unit in estate["units"]
        }
        result = {
            pool: sum(
                (amount for month, amount in by_month.items() if month < months + after.get(pool, 0)), Fraction(0)
            )
            for pool, by_month in self.arrivals.items()
        }
        for estate in self.estates:
            for phase in estate.get("phases", []):
                total = fen(phase["cost"])
                cost = total - half_up(Fraction(total) * share(phase.get("progress", 0)))
                if months == NEVER or self._handover(phase, cost) < months:
                    for kind, amount in phase["delivers"].items():
                        result[f"{estate['id']}/{kind}"] += number(amount)
        return result

    def _handover(self, phase: Tree, cost: int) -> int:
        """First month in which a phase that still costs so much can be handed over, whatever the money."""
        earliest = self.at(phase["earliest"]) if "earliest" in phase else 0
        paid, left = -1, cost
        while left > 0 and paid < self.months:
            paid += 1
            limit = self.limit(phase.get("monthly_limit"), paid)
            left -= left if limit is None else fen(limit)
        return max(earliest, paid + phase.get("handover_lag", 0) if cost else 0)

    # --- related households ------------------------------------------------------------------------------------

    def relatives(self) -> Iterator[tuple[list[Claim], list[str]]]:
        """Yield claims that are given homes in one estate only, and the estates that can take all of them."""
        self.freed: dict[str, Fraction] = {}
        for claim, pool, amount in self.kept_for_own()[1]:
            estate = next(each for each in self.estates if pool.startswith(each["id"] + "/"))
            if estate.get("release"):
                self.freed[pool] = self.freed.get(pool, Fraction(0)) + amount * claim.count
        for word in dict.fromkeys(claim.row.get("related") for claim in self.claims):
            claims = [claim for claim in self.claims if word and claim.row.get("related") == word]
            homes = {id(claim): [offer for offer in self.offers if offer.claim is claim and self._can_house(offer)]
                     for claim in claims}  # fmt: skip
            able = [some for some in homes.values() if some]
            roomy = [estate["id"] for estate in self.estates if self._takes_all(estate["id"], able)]
            if len(able) > 1 and roomy:
                yield claims, roomy

    def _last_housed(self, offer: Offer) -> int:
        return min(offer.last + offer.housed_after, offer.claim.deadline)

    def _can_house(self, offer: Offer) -> bool:
        """Whether an offer is a home that can be had, by somebody who has it all to himself."""
        if offer.route not in ("own_unit", "transfer"):
            return False
        first, last = offer.first + offer.housed_after, self._last_housed(offer)
        return any(month >= first and self._enough([offer], month) for month in range(last + 1))

    def _takes_all(self, estate: str, able: list[list[Offer]]) -> bool:
        """Whether there are homes in an estate for one offer of each, by the month in which the last can be housed."""
        here = [[offer for offer in some if offer.stock[0][0].startswith(estate + "/")] for some in able]
        if not here or not all(here):
            return False
        by = max(self._last_housed(offer) for some in here for offer in some)
        return any(self._enough(list(some), by) for some in product(*here))

    def _enough(self, offers: list[Offer], month: int) -> bool:
        """Whether there is stock for some offers by a month, by transfer as far as it is ever open."""
        taken: dict[tuple[str, str], Fraction] = {}
        for offer in offers:
            together = offer.claim.count if offer.claim.row.get("indivisible") else 1
            for pool, amount in offer.stock:
                for kind in ["all", *(["transfer"] if offer.route == "transfer" else [])]:
                    taken[pool, kind] = taken.get((pool, kind), Fraction(0)) + amount * together
        return all(amount <= self._there(pool, kind, month) for (pool, kind), amount in taken.items())

    def _there(self, pool: str, kind: str, month: int) -> Fraction:
        name, _, unit_type = pool.partition("/")
        estate = next(each for each in self.estates if each["id"] == name)
        if kind == "transfer":
            unit = next(each for each in estate["units"] if each["type"] == unit_type)
            surplus = self.surplus(estate, unit)
            return Fraction(NEVER) if surplus is None else surplus + self.freed.get(pool, Fraction(0))
        there = sum((amount for when, amount in self.arrivals[pool].items() if when <= month), Fraction(0))
        for phase in estate.get("phases", []):
            total = fen(phase["cost"])
            cost = total - half_up(Fraction(total) * share(phase.get("progress", 0)))
            handover = self._handover(phase, cost)
            if handover < self.months and handover <= month:
                there += sum((number(n) for kind, n in phase["delivers"].items() if kind == unit_type), Fraction(0))
        return there

    def limit(self, stated: Any, month: int) -> Any:
        """What limits a month, None where nothing does: one number, or one for each span of months."""
        if not isinstance(stated, dict):
            return stated
        for span, amount in stated.items():
            first, sign, last = str(span).partition("..")
            begin = self.at(first) if first else -NEVER
            end = begin if not sign else (self.at(last) if last else NEVER)
            if begin <= month <= end:
                return amount
        return None

    def _opens(self, claim: Claim, route: str) -> tuple[int, int | None]:
        """First month in which a claim may choose a route, and the right that opens it; NEVER where none does."""
        accepted = claim.row.get("routes") or claim.project.get("routes", ROUTES)
        if route in accepted:
            return 0, None
        rights = [
            (right["after_overdue"], place)
            for place, right in enumerate(claim.project.get("switch_rights", []))
            if route in right["routes"] and share(right.get("switch_share", 0)) > 0
        ]
        if not rights:
            return NEVER, None
        wait, place = min(rights)
        return max(claim.overdue_from + wait, 0), place

    def _offers(self, claim: Claim) -> Iterator[Offer]:
        found: list[Offer] = []
        for route in ("own_unit", "transfer"):
            for estate in self.estates:
                if self._open_to(estate, claim) == route:
                    found += self._homes(estate, route, claim)
        for kind, route in (("vouchers", "voucher"), ("cash", "cash")):
            for programme in self.tree.get(kind, []):
                found += self._programme(programme, route, claim)
        for offer in found:
            first, offer.right = self._opens(claim, offer.route)
            offer.first = max(offer.first, first, claim.since)
            if offer.first <= offer.last:
                yield offer
        for quote in self.tree.get("quotes", []):
            if quote["household"] == claim.household and quote.get("claim", str(claim.part + 1)) == str(claim.part + 1):
                yield from self._quoted(quote, claim)

    def _quoted(self, quote: Tree, claim: Claim) -> Iterator[Offer]:
        """The offers that a quote is: one for each run of months in which it has a price."""
        route, developer, project = quote["route"], quote.get("developer", ""), claim.project["id"]
        after = quote.get("housed_after", 0)
        first = max(self.at(quote["first"]) if "first" in quote else 0, claim.since, 0)
        last = min(self.at(quote["last"]) if "last" in quote else NEVER, self.months - 1, claim.bars_after - after)
        use = quote.get("use") or {"own_unit": "units", "transfer": "units"}.get(route, route)
        need = (use, project, developer, "", "", "")
        price = dict.fromkeys(range(self.months), fen(quote.get("price", 0)))
        if "price_by_month" in quote:
            price = {self.at(month): fen(amount) for month, amount in _pairs(quote["price_by_month"])}
        parts = [(int(month), part) for month, part in _pairs(quote.get("instalments", ""))]
        shares = [(month, share(part)) for month, part in parts if part.endswith("%")]
        amounts = [(month, fen(part)) for month, part in parts if not part.endswith("%")]
        tail, multiplier = self._tail(
            claim, route, {key: quote[key] for key in ("tail", "tail_multiplier") if key in quote}
        )
        open_in = [month for month in sorted(price) if first <= month <= last]
        for begin in [month for month in open_in if month - 1 not in open_in]:
            end = next(month for month in range(begin, self.months + 1) if month not in open_in) - 1
            whole = price[begin]
            offer = Offer(
                claim=claim,
                route=route,
                label=quote.get("label") or developer or route,
                first=begin,
                last=end,
                housed_after=after,
                tail=tail,
                tail_multiplier=multiplier,
                price=whole,
                factors=[
                    Fraction(price.get(month, 0), whole) if whole else Fraction(1) for month in range(self.months)
                ],
                need=need,
                schedule=[(month, sum((s for m, s in shares if m <= month), Fraction(0))) for month, _ in shares]
                or [(0, Fraction(1))],
                paid=[(month, amount, need) for month, amount in amounts],
                amounts=sum(amount for _, amount in amounts),
                stock=[
                    (pool, number(amount)) for pool, amount in _pairs(quote.get("stock", "")) if self._counted(pool)
                ],
                disutility=number(quote.get("disutility", 0)),
                stream=[fen(part) for part in quote["stream"].split(";")] if "stream" in quote else None,
            )
            self._when_housed(offer)
            yield offer

    def _counted(self, pool: str) -> bool:
        """Whether stock is counted: of a developer, where its homes are stated."""
        return pool in self.arrivals

    # --- what is the household's choice ------------------------------------------------------------------------

    def surplus(self, estate: Tree, unit: Tree) -> Fraction | None:
        """What is open for transfer of a unit type at the start; None: all of it (rule 14)."""
        pool = f"{estate['id']}/{unit['type']}"
        if "surplus" in unit:
            return number(unit["surplus"])
        if estate.get("projects"):
            return max(self.supply[pool] - self.homes_due.get(pool, Fraction(0)), Fraction(0))
        return None

    def kept_for_own(self) -> tuple[dict[str, Fraction], list[tuple[Claim, str, Fraction]]]:
        """Homes kept for own households: each claim's first own offer with room, then the next; claims in order.

        Also the claims whose households all found room in one offer, with what each would take: these are released.
        """
        left = dict(self.supply)
        due: dict[str, Fraction] = {}
        placed: list[tuple[Claim, str, Fraction]] = []
        waiting = {id(claim): claim.count if claim.until >= self.months else 0 for claim in self.claims}
        own = {
            id(claim): [offer for offer in self.offers if offer.claim is claim and offer.route == "own_unit"]
            for claim in self.claims
        }
        for turn in range(max((len(offers) for offers in own.values()), default=0)):
            wanted: dict[str, Fraction] = {}
            here = [claim for claim in self.claims if len(own[id(claim)]) > turn and waiting[id(claim)] > 0]
            found = {}
            for claim in here:
                offer = own[id(claim)][turn]
                room = waiting[id(claim)] if offer.stock else 0
                for pool, amount in offer.stock:
                    free = max(left[pool] - wanted.get(pool, Fraction(0)), Fraction(0))
                    room = min(room, int(free // amount))
                    wanted[pool] = wanted.get(pool, Fraction(0)) + amount * waiting[id(claim)]
                found[id(claim)] = room
            for claim in here:
                room = found[id(claim)]
                for pool, amount in own[id(claim)][turn].stock:
                    left[pool] -= room * amount
                    due[pool] = due.get(pool, Fraction(0)) + room * amount
                    if room and room == claim.count:
                        placed.append((claim, pool, amount))
                waiting[id(claim)] -= room
        return due, placed

    def _to_come(self, offer: Offer) -> bool:
        """Whether an offer's homes exist or can come within the horizon, by transfer as far as open to it."""
        claim = offer.claim
        together = claim.count if claim.row.get("indivisible") else 1
        for pool, amount in offer.stock:
            there = self.within[pool]
            if offer.route == "transfer":
                estate = next(each for each in self.estates if pool.startswith(each["id"] + "/"))
                unit = next(each for each in estate["units"] if pool == f"{estate['id']}/{each['type']}")
                surplus = self.surplus(estate, unit)
                there = there if surplus is None else min(there, surplus)
            if amount * together > there:
                return False
        return True

    def _consented(self, claim: Claim) -> Iterator[Offer]:
        """Of the homes that meet the entitlement those with the least payment, and dearer ones that it consents to."""
        mine = [offer for offer in self.offers if offer.claim is claim]
        matched = [offer for offer in mine if offer.match]
        if not matched:
            yield from mine
            return
        there = [offer for offer in matched if self._to_come(offer)]
        free = [offer for offer in there if offer.right is None]
        measure = 0
        for some in (free, there, matched):
            reaching = [offer.top_up for offer in some if offer.match == "reaches"]
            if some:
                measure = min(reaching) if reaching else max(offer.top_up for offer in some)
                break
        largest = max((offer.given for offer in free), default=Fraction(-1))
        stated = claim.row.get("pays_up_to")
        if stated is None and claim.homes is not None:
            stated = claim.homes.get("pays_up_to")
        for offer in mine:
            if offer.match == "fallback" and offer.given < largest:
                continue
            if offer.match and offer.top_up > measure:
                agrees = stated is not None and offer.top_up <= claim.of(fen(stated))
                if not agrees or self.consenting(claim) < (claim.count if claim.row.get("indivisible") else 1):
                    continue
                offer.agreed = True
            yield offer

    def consenting(self, claim: Claim) -> int:
        """Households of a row that consent to pay for dearer homes."""
        return int(claim.count * share(claim.row.get("consent_share", 1)))

    def _open_to(self, estate: Tree, claim: Claim) -> str:
        """The route by which an estate is open to a claim, "" where it is not."""
        row, project = claim.row, claim.project["id"]
        if row.get("estates") and estate["id"] not in row["estates"]:
            return ""
        if not self._units(estate, claim):
            return ""
        if project in estate.get("projects", []):
            return "own_unit"
        open_to = estate.get("open_to", "all")
        return "transfer" if open_to == "all" or project in open_to else ""

    def _units(self, estate: Tree, claim: Claim) -> list[Tree]:
        """Types of homes of an estate that a claim accepts."""
        wanted, asked = claim.row.get("unit_types"), set(claim.row.get("asks_for") or [])
        only = [wish for wish in self._wishes(claim) if wish.get("only")]
        return [
            unit
            for unit in estate["units"]
            if (not wanted or unit["type"] in wanted)
            and (not asked or asked & _tags(estate, unit))
            and all(_wished(wish, estate, unit) for wish in only)
        ]

    def _wishes(self, claim: Claim) -> list[Tree]:
        groups = set(claim.row.get("groups") or [])
        return [wish for wish in self.tree.get("wishes", []) if groups & set(wish["groups"])]

    def _homes(self, estate: Tree, route: str, claim: Claim) -> Iterator[Offer]:
        units = self._units(estate, claim)
        policy = claim.homes
        sized = [unit for unit in units if "area" in unit]
        if policy is None or not sized:
            for unit in units:
                yield from self._home(estate, route, claim, [unit], None)
            return
        listed = self._listed(estate, route, policy, sized)
        # By area, then by the number of homes: the order in which own homes are kept for them.
        listed.sort(key=lambda bundle: (_size(bundle), len(bundle)))
        for bundle, match in _matching(policy, listed, claim):
            for offer in self._home(estate, route, claim, bundle, policy):
                offer.match = match
                yield offer

    def _listed(self, estate: Tree, route: str, policy: Tree, sized: list[Tree]) -> list[list[Tree]]:
        """Homes, and bundles of them, of which there are or will be enough."""
        return [
            list(bundle)
            for size in range(1, policy.get("max_homes", 1) + 1)
            for bundle in combinations_with_replacement(sized, size)
            if all(bundle.count(unit) <= self._homes_of(estate, route, unit) for unit in bundle)
        ]

    def _divide(self, claims: list[Claim]) -> None:
        """Divide an entitlement by those sizes that together come nearest to it, as much alike as can be (rule 11)."""
        one, policy = claims[0], claims[0].homes or {}
        sizes = sorted(
            {
                _size(bundle)
                for route in ("own_unit", "transfer")
                for estate in self.estates
                if self._open_to(estate, one) == route and self._opens(one, route)[0] < self.months
                for bundle in self._listed(
                    estate,
                    route,
                    policy,
                    [unit for unit in self._units(estate, one) if "area" in unit],
                )
            }
        )
        if not sizes:
            return
        due = Fraction(one.whole_due, 10_000)
        every = list(combinations_with_replacement(sizes, len(claims)))
        totals = sorted({sum(each, Fraction(0)) for each in every})
        reaching = [total for total in totals if due <= total <= due + _most_above(policy)]
        below = [total for total in totals if total < due]
        best = reaching[0] if reaching else below[-1] if below else totals[0]
        chosen = min((each for each in every if sum(each) == best), key=lambda each: sum(size * size for size in each))
        for claim in claims:
            claim.begin = sum(chosen[: claim.part], Fraction(0)) / best
            claim.end = sum(chosen[: claim.part + 1], Fraction(0)) / best
            claim.due = Fraction(claim.of(claim.whole_due), 10_000)

    def _homes_of(self, estate: Tree, route: str, unit: Tree) -> int:
        """Homes of a type that exist or can come, by transfer as far as they are stated to be open to it."""
        there = self.within[f"{estate['id']}/{unit['type']}"]
        if route == "transfer" and "surplus" in unit and not estate.get("release"):
            there = min(there, number(unit["surplus"]))
        return int(there // (number(unit["area"]) if estate.get("measure") == "m2" else 1))

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
        for wish in self._wishes(claim):
            if not any(_wished(wish, estate, unit) for unit in units):
                offer.disutility += number(wish.get("disutility", 0))
        if policy is not None:
            # As if all homes of its household were such: one household in bands, cap and refund.
            due, together = Fraction(claim.whole_due, 10_000), Fraction(half_up(size / claim.portion * 10_000), 10_000)
            offer.top_up = claim.of(_top_up(policy, together, due))
            offer.refund = claim.of(half_up(max(due - together, Fraction(0)) * fen(policy.get("refund", 0))))
            if offer.top_up:
                offer.received.append((after, offer.top_up, policy["into"]))
            if offer.refund:
                offer.paid.append((after, offer.refund, ("cash", project, "", "", "", "")))
        self._when_housed(offer)
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
        fees = [_moving_fee(part, offer.route) for part in (claim, *claim.further)]
        if sum(fees):
            amount = part_of(sum(fees), claim.part, claim.parts)
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
            yield offer


def _pairs(text: str) -> list[tuple[str, str]]:
    """What stands before and behind the colons of a cell."""
    return [(left, right) for left, _, right in (pair.rpartition(":") for pair in text.split(";") if pair)]


def _moving_fee(claim: Claim, route: str) -> int:
    """Fen that a whole household, or a part of it, is paid when housed by a route."""
    moving = claim.policy.get("moving_fee", {})
    by_area = half_up(number(claim.row["area"]) * fen(moving.get("per_m2", 0)))
    times = moving.get("times", 1)
    times = times.get(route, 0) if isinstance(times, dict) else times
    return max(fen(moving.get("per_household", 0)) + by_area, fen(moving.get("minimum", 0))) * int(times)


def _term(row: Tree, project: Tree, policy: Tree) -> int:
    """Agreed months: the household's, its class's, the project's, its class's, the policy's.

    What was split from another goes by that one and its project.
    """
    stated = policy["term"]
    by_class = stated if isinstance(stated, dict) else {}
    for each in row.get("terms", [row, project]):
        if each.get("term") is not None:
            return int(each["term"])
        if each.get("term_class") in by_class:
            return int(by_class[each["term_class"]])
    assert not by_class
    return int(stated)


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


def _tags(estate: Tree, unit: Tree) -> set[str]:
    return {*estate.get("tags", []), *unit.get("tags", [])}


def _wished(wish: Tree, estate: Tree, unit: Tree) -> bool:
    """Whether a home is of a type, or has a tag, that is wished for."""
    return unit["type"] in wish.get("types", []) or bool(_tags(estate, unit) & set(wish.get("tags", [])))


def _size(units: Iterable[Tree]) -> Fraction:
    return sum((number(unit["area"]) for unit in units), Fraction(0))


def _most_above(policy: Tree) -> Fraction:
    """m² above an entitlement at most, by the policy and by its bands."""
    bands = policy.get("above", [])
    above = number(policy.get("maximum_above", NEVER))
    if bands and all("up_to" in band for band in bands):
        above = min(above, max(number(band["up_to"]) for band in bands))
    return above


def _matching(policy: Tree, listed: list[list[Tree]], claim: Claim) -> Iterator[tuple[list[Tree], str]]:
    """Bundles that a home policy offers for an entitlement, and how each meets it."""
    whole, portion = Fraction(claim.whole_due, 10_000), claim.portion
    due = whole * portion
    sizes = sorted({_size(bundle) for bundle in listed})
    reaching = [size for size in sizes if due <= size <= (whole + _most_above(policy)) * portion]
    if reaching and policy.get("round_up", True):
        free = (whole + number(policy.get("choice_above", 0))) * portion
        reaching = [size for size in reaching if size <= max(reaching[0], free)]
    lower = [size for size in sizes if (whole - number(policy.get("maximum_below", 0))) * portion <= size < due]
    below = [size for size in sizes if size < due]
    for bundle in listed:
        size = _size(bundle)
        if size in reaching:
            yield bundle, "reaches"
        elif size in lower:
            yield bundle, "below"
        elif not reaching and below and size == below[-1]:
            yield bundle, "fallback"


def _top_up(policy: Tree, size: Fraction, due: Fraction) -> int:
    """Fen that a household pays: within its entitlement, then band by band above it."""
    total = half_up(min(size, due) * fen(policy.get("within_price", 0)))
    above, reached = max(size - due, Fraction(0)), Fraction(0)
    for band in sorted(policy.get("above", []), key=lambda band: number(band.get("up_to", NEVER))):
        top = min(above, number(band.get("up_to", NEVER)))
        total += half_up(max(top - reached, Fraction(0)) * fen(band["yuan_per_m2"]))
        reached = max(reached, top)
    return total
