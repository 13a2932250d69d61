"""The table of offers: its invariants on drawn districts, and each offer against the rules read one by one."""

from decimal import Decimal
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.problem.invariants import BrokenTablesError, check_tables

from renewopt import Scenario
from renewopt.problem import Problem, Route, compile_problem
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
    units = [{"type": t, "area": SIZES[t], "on_hand": draw(st.integers(0, 4)), "price": 1000} for t in types]
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


@st.composite
def districts(draw: st.DrawFn) -> dict[str, Any]:
    homes = {
        "id": "homes",
        "max_homes": draw(st.integers(1, 2)),
        "round_up": draw(st.booleans()),
        "within_price": 10,
        "above": [{"up_to": 20, "yuan_per_m2": 100}, {"yuan_per_m2": 200}],
        "refund": 50,
        "into": "treasury",
    }
    if draw(st.booleans()):
        homes["maximum_above"] = draw(st.integers(0, 40))
    return {
        "name": "drawn",
        "start": str(START),
        "months": MONTHS,
        "projects": [
            {
                "id": name,
                "home_policy": draw(st.none() | st.just("homes")),
                "routes": draw(st.none() | some(ROUTES)),
                "switch_rights": draw(st.just([]) | st.just([{"after_overdue": 2, "routes": ["cash", "transfer"]}])),
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
    accepted = split(row["routes"]) or (set(ROUTES) if project["routes"] is None else set(project["routes"]))
    if route in accepted:
        return 0
    overdue = Month.parse(row["moved_out"]) - START + district["fee_policies"][0]["term"]
    waits = [right["after_overdue"] for right in project["switch_rights"] if route in right["routes"]]
    return max(overdue + min(waits), 0) if waits else None


def bundles(district: dict[str, Any], row: dict[str, Any], estate: dict[str, Any]) -> set[tuple[str, ...]]:
    """Unit types, or pairs of them, that a claim is offered in an estate, by rule 11."""
    types = [u["type"] for u in estate["units"] if not row["unit_types"] or u["type"] in split(row["unit_types"])]
    project = next(p for p in district["projects"] if p["id"] == row["project"])
    if project["home_policy"] is None:
        return {(t,) for t in types}
    policy = district["home_policies"][0]
    found: list[tuple[str, ...]] = [(t,) for t in types]
    if policy["max_homes"] == 2:
        found += list(combinations_with_replacement(types, 2))
    due = Decimal(str(row["area"])) / row["homes"]
    size = {combo: sum(SIZES[t] for t in combo) for combo in found}
    most = due + policy.get("maximum_above", 10**6)
    if not policy["round_up"]:
        return {combo for combo in found if size[combo] <= most}
    reaching = [size[combo] for combo in found if due <= size[combo]]
    below = [size[combo] for combo in found if size[combo] < due]
    best = min(reaching) if reaching and min(reaching) <= most else max(below, default=None)
    return {combo for combo in found if size[combo] == best}


def window(district: dict[str, Any], row: dict[str, Any], first: int, last: int, wait: int) -> tuple[int, int] | None:
    if row["deadline"] is not None and Month.parse(row["deadline"]) - START >= MONTHS:
        last = min(last, Month.parse(row["deadline"]) - START - wait)
    return (max(first, 0), min(last, MONTHS - 1)) if max(first, 0) <= min(last, MONTHS - 1) else None


def expected(district: dict[str, Any], row: dict[str, Any]) -> set[tuple[Any, ...]]:
    """Route, sorted label and window of everything a claim is offered."""
    found: set[tuple[Any, ...]] = set()
    for estate in district["estates"]:
        route = own_or_transfer(district, row, estate)
        first = None if route is None else first_month(district, row, route)
        if route is None or first is None:
            continue
        span = window(district, row, first, MONTHS - 1, estate["housed_after"])
        for combo in bundles(district, row, estate) if span else ():
            found.add((route, tuple(sorted(f"{estate['id']}/{t}" for t in combo)), span))
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


@settings(max_examples=full_count(40, 2_000))
@given(districts())
def test_offers_agree_with_the_rules_read_one_by_one(district: dict[str, Any]) -> None:
    problem = compile_drawn(district)
    offers = problem.offers
    rows = {row["id"]: row for row in district["households"]}
    for claim, name in enumerate(problem.claims.household):
        mine = np.flatnonzero(offers.claim == claim)
        compiled = {
            (
                Route(int(offers.route[o])).name,
                tuple(sorted(str(offers.label[o]).split(";"))),
                (int(offers.first[o]), int(offers.last[o])),
            )
            for o in mine
        }
        assert len(compiled) == len(mine)
        assert compiled == expected(district, rows[name])


def hand_price(district: dict[str, Any], row: dict[str, Any], size: int) -> Decimal:
    """Yuan that a claim pays for a home (negative: is refunded), by rule 11."""
    due = Decimal(str(row["area"])) / row["homes"]
    above, below = max(size - due, Decimal(0)), max(due - size, Decimal(0))
    return 10 * min(due, Decimal(size)) + 100 * min(above, 20) + 200 * max(above - 20, Decimal(0)) - 50 * below


@settings(max_examples=full_count(30, 2_000))
@given(districts())
def test_what_households_pay_agrees_with_the_bands(district: dict[str, Any]) -> None:
    problem = compile_drawn(district)
    offers, claims = problem.offers, problem.claims
    rows = {row["id"]: row for row in district["households"]}
    policies = {p["id"]: p["home_policy"] for p in district["projects"]}
    moving = problem.needs.id[offers.lines["need"]] if len(problem.needs) else np.zeros(0, dtype=object)
    fixed = np.char.startswith(moving.astype(str), "moving") & (offers.lines["need"] >= 0)
    net = np.bincount(offers.lines.row[~fixed], weights=offers.lines["fen"][~fixed], minlength=len(offers))
    paid = np.bincount(offers.lines.row[fixed], weights=offers.lines["fen"][fixed], minlength=len(offers))
    for offer in range(len(offers)):
        row = rows[claims.household[offers.claim[offer]]]
        part = int(claims.part[offers.claim[offer]] or 1)
        assert paid[offer] == 10_000 * part // row["homes"] - 10_000 * (part - 1) // row["homes"]
        homes = offers.route[offer] in (Route.own_unit, Route.transfer)
        if not homes or policies[row["project"]] is None:
            assert net[offer] == 0
            continue
        size = sum(SIZES[label.split("/")[1]] for label in str(offers.label[offer]).split(";"))
        assert abs(-net[offer] - 100 * float(hand_price(district, row, size))) <= 2


def test_a_broken_table_is_named(compiled: Any) -> None:
    from dataclasses import replace

    problem = compiled("")
    offers = replace(problem.offers, last=problem.offers.last + 1)
    with pytest.raises(BrokenTablesError, match="offers: windows; offers: housed within the books"):
        check_tables(replace(problem, offers=offers))
    claims = replace(problem.claims, project=problem.claims.project + 5)
    with pytest.raises(BrokenTablesError, match="claims: projects exist"):
        check_tables(replace(problem, claims=claims))
