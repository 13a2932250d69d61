"""The table of offers: its invariants on drawn districts, and each offer against the rules read one by one."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.problem.invariants import BrokenTablesError, check_tables

from renewopt import Scenario
from renewopt.problem import LineKind, Problem, Route, compile_problem
from renewopt.units import Month

START = Month.parse("2024-03")
MONTHS = 8
PROJECTS = ("P", "Q")
ROUTES = ("own_unit", "transfer", "voucher", "cash")
TAGS = ("school", "metro")
SIZES = {"s": 45, "m": 75, "l": 120}

# Open to nobody: it states every unit type and tag that a household may name.
CLOSED = {
    "id": "Z",
    "projects": [],
    "open_to": [],
    "tags": list(TAGS),
    "housed_after": 0,
    "units": [{"type": name, "area": size, "on_hand": 1} for name, size in SIZES.items()],
}


def month(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda n: str(START + n))


def some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True)


@st.composite
def estates(draw: st.DrawFn, name: str) -> dict[str, Any]:
    types = draw(st.lists(st.sampled_from(sorted(SIZES)), unique=True, min_size=1))
    units = [
        {
            "type": t,
            "area": SIZES[t],
            "on_hand": draw(st.integers(0, 4)),
            "price": 1000,
            "surplus": draw(st.none() | st.integers(0, 2)),
        }
        for t in types
    ]
    return {
        "id": name,
        "projects": draw(some(PROJECTS)),
        "open_to": draw(st.just("all") | some(PROJECTS)),
        "tags": draw(some(TAGS)),
        "units": units,
        "release": draw(st.booleans()),
        "housed_after": draw(st.integers(0, 3)),
        "phases": draw(
            st.just([])
            | st.just([{"id": "1", "cost": 100, "delivers": {types[0]: 3}, "handover_lag": 1, "progress": 0.5}])
        ),
    }


@st.composite
def households(draw: st.DrawFn, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "project": draw(st.sampled_from(PROJECTS)),
        "area": draw(st.integers(3000, 26_000)) / 100,
        "persons": draw(st.integers(1, 5)),
        "count": draw(st.integers(1, 3)),
        "moved_out": draw(month(-30, 4)),
        "routes": ";".join(draw(some(ROUTES))),
        "asks_for": ";".join(draw(some(TAGS))),
        "unit_types": ";".join(draw(some(tuple(SIZES)))),
        "homes": draw(st.integers(1, 2)),
        "deadline": draw(st.none() | month(0, 20)),
        "indivisible": draw(st.booleans()),
        "pays_up_to": draw(st.none() | st.integers(0, 9000)),
        "consent_share": draw(st.none() | st.sampled_from([0, 0.5, 1])),
    }


@st.composite
def programmes(draw: st.DrawFn, name: str) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "id": name,
        "price": draw(st.integers(1, 9000)),
        "start": draw(st.none() | month(-4, 9)),
        "months": draw(st.none() | st.integers(1, 8)),
        "bonus": [{"months": 2, "share": 0.2}, {"months": 5, "share": 0.125}],
        "instalments": draw(st.just([]) | st.just([{"after": 1, "share": 0.3}, {"after": 7, "share": 0.7}])),
        "settled_when_paid": draw(st.booleans()),
        "take_up": draw(st.none() | st.sampled_from([0, 0.3, 1])),
        "tail": draw(st.none() | st.integers(0, 4)),
        "area_below": draw(st.none() | st.integers(50, 200)),
    }
    return {key: value for key, value in stated.items() if value is not None}


def rights() -> st.SearchStrategy[list[dict[str, Any]]]:
    shares = st.sampled_from([0, 0.5, 1])
    return shares.map(lambda share: [{"after_overdue": 2, "routes": ["cash", "transfer"], "switch_share": share}])


@st.composite
def districts(draw: st.DrawFn) -> dict[str, Any]:
    homes = {
        "id": "homes",
        "max_homes": draw(st.integers(1, 4)),
        "pays_up_to": draw(st.none() | st.integers(0, 9000)),
        "round_up": draw(st.booleans()),
        "within_price": 10,
        "above": [{"up_to": 20, "yuan_per_m2": 100}, {"yuan_per_m2": 200}],
        "refund": 50,
        "into": "treasury",
    }
    for name in ("maximum_above", "maximum_below", "choice_above"):
        if draw(st.booleans()):
            homes[name] = draw(st.integers(0, 40))
    return {
        "name": "drawn",
        "start": str(START),
        "months": MONTHS,
        "projects": [
            {
                "id": name,
                "home_policy": draw(st.none() | st.just("homes")),
                "routes": draw(st.none() | some(ROUTES)),
                "switch_rights": draw(st.just([]) | rights()),
            }
            for name in PROJECTS
        ],
        "home_policies": [homes],
        "fee_policies": [
            {
                "id": "fees",
                "rate": 10,
                "term": draw(st.integers(0, 30)),
                "tail": draw(st.integers(0, 6)),
                "frequency": draw(st.sampled_from(["monthly", "quarterly", "yearly"])),
                "moving_fee": {"per_household": 100},
            }
        ],
        "households": [draw(households(f"H{n}")) for n in range(draw(st.integers(1, 5)))],
        "estates": [draw(estates("E")), draw(estates("F")), CLOSED],
        "vouchers": [{**draw(programmes("V")), "developers": draw(some(("D1", "D2")).map(named))}],
        "cash": [draw(programmes("C"))],
        "developers": [{"id": "D1", "homes": {"on_hand": 2}}, {"id": "D2"}],
        "funds": [{"id": "treasury", "opening": 1000}],
        "objective": {"no_overdue_from": draw(st.none() | month(0, 9))},
    }


def named(developers: list[str]) -> list[dict[str, str]]:
    return [{"developer": name} for name in developers]


def compile_drawn(district: dict[str, Any]) -> Problem:
    return compile_problem(Scenario.model_validate(district))


@settings(max_examples=full_count(40, 2_000))
@given(districts())
@pytest.mark.slow
def test_tables_keep_their_invariants(district: dict[str, Any]) -> None:
    problem = compile_drawn(district)
    check_tables(problem)
    offers, calendar = problem.offers, problem.calendar
    assert (np.diff(offers.claim) >= 0).all()
    assert ((offers.first >= 0) & (offers.first <= offers.last) & (offers.last < MONTHS)).all()
    assert (offers.instalments["cumulative_ppm"][offers.instalments.start[1:] - 1] == 1_000_000).all()
    due = offers.last + offers.instalments["after"][offers.instalments.start[1:] - 1][offers.schedule]
    assert (due[offers.price > 0] < calendar.books).all()
    assert (offers.last[offers.lines.row] + offers.lines["after"] < calendar.books).all()
    assert (offers.last + offers.fee_stops_after() <= calendar.books).all()


def split(text: str) -> set[str]:
    return {word for word in text.split(";") if word}


def own_or_transfer(district: dict[str, Any], row: dict[str, Any], estate: dict[str, Any]) -> str | None:
    """Route by which an estate would be open to a household, by rule 10, routes aside."""
    if row["asks_for"] and not split(row["asks_for"]) & set(estate["tags"]):
        return None
    if row["project"] in estate["projects"]:
        return "own_unit"
    return "transfer" if estate["open_to"] == "all" or row["project"] in estate["open_to"] else None


def first_month(district: dict[str, Any], row: dict[str, Any], route: str) -> int | None:
    """First month in which a route is open to a household, by rules 10 and 15."""
    project = next(p for p in district["projects"] if p["id"] == row["project"])
    if route in accepted_routes(district, row):
        return 0
    overdue = Month.parse(row["moved_out"]) - START + district["fee_policies"][0]["term"]
    used = [right for right in project["switch_rights"] if right["switch_share"] > 0]
    waits = [right["after_overdue"] for right in used if route in right["routes"]]
    return max(overdue + min(waits), 0) if waits else None


def window(district: dict[str, Any], row: dict[str, Any], first: int, last: int, wait: int) -> tuple[int, int] | None:
    if row["deadline"] is not None and Month.parse(row["deadline"]) - START >= MONTHS:
        last = min(last, Month.parse(row["deadline"]) - START - wait)
    return (max(first, 0), min(last, MONTHS - 1)) if max(first, 0) <= min(last, MONTHS - 1) else None


@dataclass(frozen=True)
class Home:
    """A home or bundle that a claim might be offered, as the oracle reads the rules."""

    household: str
    part: int
    route: str
    label: tuple[str, ...]
    size: int
    how: str
    pays: Fraction
    """Yuan of the household's money, exact."""
    refund: Fraction
    span: tuple[int, int]
    right: bool


def supply(estate: dict[str, Any], name: str) -> int:
    """Homes of a type that there are and will be."""
    units = {unit["type"]: unit["on_hand"] for unit in estate["units"]}
    return units[name] + sum(phase["delivers"].get(name, 0) for phase in estate.get("phases", []))


def stated_surplus(estate: dict[str, Any], name: str) -> int | None:
    return next(unit.get("surplus") for unit in estate["units"] if unit["type"] == name)


def policy_of(district: dict[str, Any], row: dict[str, Any]) -> dict[str, Any] | None:
    project = next(p for p in district["projects"] if p["id"] == row["project"])
    return None if project["home_policy"] is None else district["home_policies"][0]


def bundles(row: dict[str, Any], estate: dict[str, Any], route: str, policy: dict[str, Any]) -> list[tuple[str, ...]]:
    """Homes, or bundles of them, that there are for a household with a home policy, in the order of their area."""
    types = [u["type"] for u in estate["units"] if not row["unit_types"] or u["type"] in split(row["unit_types"])]
    place = {unit["type"]: number for number, unit in enumerate(estate["units"])}

    def enough(combo: tuple[str, ...]) -> bool:
        for name in combo:
            there = supply(estate, name)
            stated = stated_surplus(estate, name)
            if route == "transfer" and stated is not None and not estate["release"]:
                there = min(there, stated)
            if combo.count(name) > there:
                return False
        return True

    found = [
        combo
        for homes in range(1, policy["max_homes"] + 1)
        for combo in combinations_with_replacement(types, homes)
        if enough(combo)
    ]
    return sorted(found, key=lambda c: (sum(SIZES[t] for t in c), len(c), [place[t] for t in c]))


def in_estates(district: dict[str, Any], row: dict[str, Any]) -> list[tuple[dict[str, Any], str, int]]:
    """Estates open to a household, by which route and from when: its own first."""
    found = []
    for route in ("own_unit", "transfer"):
        for estate in district["estates"]:
            first = first_month(district, row, route)
            if own_or_transfer(district, row, estate) == route and first is not None and first < MONTHS:
                found.append((estate, route, first))
    return found


def portions(district: dict[str, Any], row: dict[str, Any]) -> list[Fraction]:
    """Share of its entitlement that each home of a household is due."""
    policy, homes = policy_of(district, row), row["homes"]
    equal = [Fraction(1, homes)] * homes
    if policy is None or homes == 1:
        return equal
    sizes = sorted(
        {
            sum(SIZES[t] for t in combo)
            for estate, route, _ in in_estates(district, row)
            for combo in bundles(row, estate, route, policy)
        }
    )
    if not sizes:
        return equal
    pairs = list(combinations_with_replacement(sizes, 2))
    due = Fraction(str(row["area"]))
    most = due + policy.get("maximum_above", 10**6)
    reaching = [sum(pair) for pair in pairs if due <= sum(pair)]
    below = [sum(pair) for pair in pairs if sum(pair) < due]
    reached = bool(reaching) and min(reaching) <= most
    total = min(reaching) if reached else max(below, default=min(map(sum, pairs)))
    alike = min((pair for pair in pairs if sum(pair) == total), key=lambda pair: pair[1] - pair[0])
    return [Fraction(size, total) for size in alike]


def price(due: Fraction, size: Fraction) -> tuple[Fraction, Fraction]:
    """Yuan that a household pays for homes of a size in all, and that it is refunded, by rule 11."""
    above = max(size - due, Fraction(0))
    return 10 * min(due, size) + 100 * min(above, 20) + 200 * max(above - 20, Fraction(0)), 50 * max(due - size, 0)


def how_met(policy: dict[str, Any], due: Fraction, sizes: list[Fraction], size: Fraction) -> str | None:
    """How a home of a size meets an entitlement, given all sizes of its estate; None: it is not offered."""
    most = due + policy.get("maximum_above", 10**6)
    reaching = [s for s in sizes if s >= due]
    best = min(reaching, default=None)
    if size >= due:
        if size > most:
            return None
        if policy["round_up"] and size != best and size > due + policy.get("choice_above", 0):
            return None
        return "reaches"
    if "maximum_below" in policy and size >= due - policy["maximum_below"]:
        return "below"
    nothing = best is None or best > most
    return "fallback" if nothing and size == max(s for s in sizes if s < due) else None


def homes_of(district: dict[str, Any], row: dict[str, Any]) -> list[Home]:
    """Homes by a policy of all claims of a household, its consent aside."""
    policy = policy_of(district, row)
    found: list[Home] = []
    due = Fraction(str(row["area"]))
    parts = portions(district, row)
    for part, share in enumerate(parts):
        for estate, route, first in in_estates(district, row):
            span = window(district, row, first, MONTHS - 1, estate["housed_after"])
            if span is None:
                continue
            right = route not in accepted_routes(district, row)

            def home(combo: tuple[str, ...], how: str, **money: Fraction) -> Home:
                label = tuple(sorted(f"{estate['id']}/{t}" for t in combo))  # noqa: B023
                size = sum(SIZES[t] for t in combo)
                return Home(row["id"], part, route, label, size, how, **money, span=span, right=right)  # noqa: B023

            if policy is None:
                types = [u["type"] for u in estate["units"]]
                nothing = {"pays": Fraction(0), "refund": Fraction(0)}
                wanted = split(row["unit_types"])
                found += [home((t,), "unmatched", **nothing) for t in types if not wanted or t in wanted]
                continue
            listed = bundles(row, estate, route, policy)
            sizes = [sum(SIZES[t] for t in combo) / share for combo in listed]
            for combo, size in zip(listed, sizes, strict=True):
                how = how_met(policy, due, sizes, size)
                if how is not None:
                    pays, refund = price(due, size)
                    found.append(home(combo, how, pays=pays * share, refund=refund * share))
    return found


def open_to_transfer(district: dict[str, Any], homes: dict[tuple[str, int], list[Home]]) -> dict[str, float]:
    """Homes of each pool that transfers may take: those stated, else what own households are not due (rule 14)."""
    estates = {estate["id"]: estate for estate in district["estates"]}
    pools = {f"{e['id']}/{u['type']}": supply(e, u["type"]) for e in estates.values() for u in e["units"]}
    rows = {row["id"]: row for row in district["households"]}
    left = dict(pools)
    due = dict.fromkeys(pools, 0)
    waiting = {key: rows[key[0]]["count"] for key in homes}
    own = {key: [home for home in mine if home.route == "own_unit"] for key, mine in homes.items()}
    for turn in range(max(map(len, own.values()), default=0)):
        turns = [(key, mine[turn]) for key, mine in own.items() if len(mine) > turn and waiting[key]]
        before = dict.fromkeys(pools, 0)
        placed: dict[tuple[str, int], int] = {}
        for key, home in turns:
            placed[key] = waiting[key]
            for pool in set(home.label):
                taken = home.label.count(pool)
                placed[key] = min(placed[key], max(left[pool] - before[pool], 0) // taken)
                before[pool] += taken * waiting[key]
        for key, home in turns:
            waiting[key] -= placed[key]
            for pool in home.label:
                left[pool] -= placed[key]
                due[pool] += placed[key]
    result = {}
    for pool, total in pools.items():
        estate, name = pool.split("/")
        stated = stated_surplus(estates[estate], name)
        if stated is None:
            stated = max(total - due[pool], 0) if estates[estate]["projects"] else total
        result[pool] = min(stated, total)
    return result


def consented(district: dict[str, Any], row: dict[str, Any], mine: list[Home], surplus: dict[str, float]) -> list[Home]:
    """Homes of a claim that are left with no more than its consent, by rule 11."""
    estates = {estate["id"]: estate for estate in district["estates"]}
    together = row["count"] if row["indivisible"] else 1

    def there(home: Home) -> bool:
        for pool in home.label:
            estate, name = pool.split("/")
            total = surplus[pool] if home.route == "transfer" else supply(estates[estate], name)
            if home.label.count(pool) * together > total:
                return False
        return True

    ranked = [
        [h for h in mine if there(h) and not h.right and h.how == "reaches"],
        [h for h in mine if there(h) and not h.right and h.how != "reaches"],
        [h for h in mine if there(h) and h.right and h.how == "reaches"],
        [h for h in mine if there(h) and h.right and h.how != "reaches"],
        [h for h in mine if not there(h) and h.how == "reaches"],
        [h for h in mine if not there(h) and h.how != "reaches"],
    ]
    first = next((group for group in ranked if group), [])
    if not first:
        return []
    measure = (min if first[0].how == "reaches" else max)(home.pays for home in first)
    largest = max((home.size for home in ranked[0] + ranked[1]), default=0)
    share = portions(district, row)[mine[0].part]
    stated = row["pays_up_to"]
    stated = district["home_policies"][0]["pays_up_to"] if stated is None else stated
    up_to = Fraction(-1) if stated is None or consenting(row) < together else stated * share
    return [
        home
        for home in mine
        if home.pays <= max(measure, up_to) and not (home.how == "fallback" and home.size < largest)
    ]


def consenting(row: dict[str, Any]) -> int:
    share = 1 if row["consent_share"] is None else row["consent_share"]
    return int(share * row["count"])


def accepted_routes(district: dict[str, Any], row: dict[str, Any]) -> set[str]:
    project = next(p for p in district["projects"] if p["id"] == row["project"])
    return split(row["routes"]) or (set(ROUTES) if project["routes"] is None else set(project["routes"]))


def all_homes(district: dict[str, Any]) -> dict[tuple[str, int], list[Home]]:
    """What every claim is offered, by the home rules read one by one."""
    rows = sorted(district["households"], key=lambda row: row["id"])
    homes = {(row["id"], part): [] for row in rows for part in range(row["homes"])}  # type: ignore[var-annotated]
    for row in rows:
        for home in homes_of(district, row):
            homes[row["id"], home.part].append(home)
    surplus = open_to_transfer(district, homes)
    by_id = {row["id"]: row for row in rows}
    return {
        (name, part): consented(district, by_id[name], mine, surplus)
        if policy_of(district, by_id[name]) is not None
        else mine
        for (name, part), mine in homes.items()
    }


def money_offers(district: dict[str, Any], row: dict[str, Any]) -> set[tuple[Any, ...]]:
    """Route, label and window of the vouchers and the cash that a claim is offered."""
    found: set[tuple[Any, ...]] = set()
    for route, programme in (("voucher", district["vouchers"][0]), ("cash", district["cash"][0])):
        first = first_month(district, row, route)
        if first is None or row["area"] >= programme.get("area_below", 10**6):
            continue
        start = Month.parse(programme["start"]) - START if "start" in programme else 0
        last = start + programme["months"] - 1 if "months" in programme else MONTHS - 1
        wait = 7 if programme["settled_when_paid"] and programme["instalments"] else 0
        span = window(district, row, max(first, start), last, wait)
        developers = [d["developer"] for d in programme.get("developers", [])]
        labels = [f"{programme['id']}/{d}" for d in developers] or [programme["id"]]
        found |= {(route, (label,), span) for label in labels if span}
    return found


@settings(max_examples=full_count(60, 2_000))
@given(districts())
@pytest.mark.slow
def test_offers_agree_with_the_rules_read_one_by_one(district: dict[str, Any]) -> None:
    problem = compile_drawn(district)
    offers = problem.offers
    rows = {row["id"]: row for row in district["households"]}
    homes = all_homes(district)
    for claim, name in enumerate(problem.claims.household):
        mine = np.flatnonzero(offers.claim == claim)
        compiled = {
            (
                Route(int(offers.route[o])).name,
                tuple(sorted(str(offers.label[o]).split(";"))),
                (int(offers.first[o]), int(offers.last[o])),
            ): o
            for o in mine
        }
        assert len(compiled) == len(mine)
        part = int(problem.claims.part[claim] or 1) - 1
        expected = {(home.route, home.label, home.span): home for home in homes[name, part]}
        assert set(compiled) == set(expected) | money_offers(district, rows[name])
        for key, home in expected.items():
            lines = offers.lines.take(np.array([compiled[key]]))
            for kind, yuan in ((LineKind.top_up, -home.pays), (LineKind.refund, home.refund)):
                fen = int(lines["fen"][lines["kind"] == kind].sum())
                assert abs(fen - 100 * yuan) <= 3, "each amount of the household is rounded, and divided into whole fen"


@settings(max_examples=full_count(40, 2_000))
@given(districts())
@pytest.mark.slow
def test_caps_say_how_many_consent_and_switch(district: dict[str, Any]) -> None:
    problem = compile_drawn(district)
    rows = {row["id"]: row for row in district["households"]}
    members = problem.limits.offers
    counted = {str(name): members.take(np.array([n]))["offer"] for n, name in enumerate(problem.limits.id)}
    caps = dict(zip(problem.limits.id, problem.limits.cap, strict=True))
    for name, offers in counted.items():
        kind, _, who = name.partition("/")
        if kind == "consent":
            row = rows[who.split("/")[0]]
            assert caps[name] == consenting(row) < row["count"]
        if kind == "switch":
            holders = np.unique(problem.offers.claim[offers])
            project = next(p for p in district["projects"] if p["id"] == who.split("/")[0])
            share = project["switch_rights"][0]["switch_share"]
            assert caps[name] == int(problem.claims.count[holders].sum() * share)
    homes = all_homes(district)
    for offer, claim in enumerate(problem.offers.claim):
        row = rows[problem.claims.household[claim]]
        route = Route(int(problem.offers.route[offer])).name
        right = route not in accepted_routes(district, row)
        assert right == any(offer in offers for name, offers in counted.items() if name.startswith("switch/"))
        part = int(problem.claims.part[claim] or 1) - 1
        label = tuple(sorted(str(problem.offers.label[offer]).split(";")))
        home = next((h for h in homes[row["id"], part] if (h.route, h.label) == (route, label)), None)
        dearer = home is not None and home.how != "unmatched" and home.pays > least_paid(district, row, part)
        partly = dearer and consenting(row) < row["count"]
        assert partly == any(offer in offers for name, offers in counted.items() if name.startswith("consent/"))


def least_paid(district: dict[str, Any], row: dict[str, Any], part: int) -> Fraction:
    """Most that a claim pays without consent: the same district with none."""
    strict = {**row, "pays_up_to": -1}
    others = [each for each in district["households"] if each["id"] != row["id"]]
    homes = all_homes({**district, "households": [*others, strict]})
    return max((home.pays for home in homes[row["id"], part]), default=Fraction(0))


@settings(max_examples=full_count(30, 2_000))
@given(districts())
@pytest.mark.slow
def test_moving_fees_are_divided_over_the_homes_of_a_household(district: dict[str, Any]) -> None:
    problem = compile_drawn(district)
    offers, claims = problem.offers, problem.claims
    rows = {row["id"]: row for row in district["households"]}
    moving = offers.lines["kind"] == LineKind.moving
    paid = np.bincount(offers.lines.row[moving], weights=offers.lines["fen"][moving], minlength=len(offers))
    for offer in range(len(offers)):
        row = rows[claims.household[offers.claim[offer]]]
        part = int(claims.part[offers.claim[offer]] or 1)
        assert paid[offer] == 10_000 * part // row["homes"] - 10_000 * (part - 1) // row["homes"]


def test_a_broken_table_is_named(compiled: Any) -> None:
    from dataclasses import replace

    problem = compiled("")
    offers = replace(problem.offers, last=problem.offers.last + 1)
    with pytest.raises(BrokenTablesError, match="offers: windows; offers: housed within the books"):
        check_tables(replace(problem, offers=offers))
    claims = replace(problem.claims, project=problem.claims.project + 5)
    with pytest.raises(BrokenTablesError, match="claims: projects exist"):
        check_tables(replace(problem, claims=claims))
