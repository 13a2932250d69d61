"""Random scenarios: the dossier's offers are the compiled ones, and every reason that it tells is true.

What a reason says is looked up in the statements themselves, by a reader of its own.
"""

import re
from typing import Any

import numpy as np
import pytest
from tests.conftest import full_count

from renewopt import Scenario
from renewopt.problem import Problem, Route, compile_problem
from renewopt.problem.dossiers import dossier, notice_households
from renewopt.units import Month

START = Month.parse("2024-01")
NAMES = {
    "homes of its own project": "own_unit",
    "homes of other projects": "transfer",
    "vouchers": "voucher",
    "cash": "cash",
}


def drawn(seed: int) -> dict[str, Any]:
    """Draw the sections of a scenario in which much is closed to many."""
    rng = np.random.Generator(np.random.PCG64(seed))

    def some(items: list[str], share: float = 0.5) -> list[str]:
        return [item for item in items if rng.random() < share]

    def perhaps(share: float, **keys: Any) -> dict[str, Any]:
        return keys if rng.random() < share else {}

    months = int(rng.integers(6, 24))
    projects = ["P", "Q", "R"]
    tags, types = ["school", "metro"], ["a", "b", "c"]
    estates = [
        {
            "id": f"E{n}",
            "projects": some(projects, 0.3),
            "open_to": some(projects, 0.4),
            "tags": tags if n == 0 else some(tags),
            "housed_after": int(rng.integers(0, 9)),
            "units": [
                {
                    "type": each,
                    "area": float(rng.integers(40, 130)),
                    **perhaps(0.6, on_hand=int(rng.integers(1, 4))),
                    **perhaps(0.3, surplus=0),
                    **perhaps(0.3, arrivals={str(START + int(rng.integers(1, 30))): 2}),
                }
                for each in (types if n == 0 else some(types, 0.7) or ["a"])
            ],
        }
        for n in range(int(rng.integers(1, 4)))
    ]
    households = [
        {
            "id": f"H{n}",
            "project": str(rng.choice(projects)),
            "area": float(rng.integers(30, 140)),
            "persons": int(rng.integers(1, 6)),
            **perhaps(0.3, routes=some(list(NAMES.values()), 0.4) or ["own_unit"]),
            **perhaps(0.2, estates=[str(rng.choice([each["id"] for each in estates]))]),
            **perhaps(0.2, asks_for=[str(rng.choice(tags))]),
            **perhaps(0.3, unit_types=some(types) or ["a"]),
            **perhaps(0.3, deadline=str(START + (months + int(rng.integers(0, 12))))),
            **perhaps(0.1, homes=2),
        }
        for n in range(12)
    ]
    for n, project in enumerate(projects):
        households[n]["project"] = project
    rights = {
        "after_overdue": int(rng.integers(0, 15)),
        "routes": some(["transfer", "voucher", "cash"]) or ["cash"],
        "switch_share": float(rng.choice([0, 1, 1])),
    }
    return {
        "name": f"Random {seed}",
        "start": str(START),
        "months": months,
        "fee_policies": [{"id": "p", "rate": 10, "term": 24}],
        "home_policies": [
            {
                "id": "h",
                "basis": str(rng.choice(["area", "person"])),
                "per_basis": float(rng.choice([1, 1.2, 25])),
                **perhaps(0.7, maximum_above=int(rng.integers(0, 40))),
                **perhaps(0.5, round_up=False),
                **perhaps(0.5, bounds=[{"minimum_per_person": 20, "maximum": 110}]),
            }
        ],
        "projects": [
            {
                "id": project,
                "moved_out": str(START + -int(rng.integers(0, 30))),
                **perhaps(0.6, home_policy="h"),
                **perhaps(0.6, routes=["own_unit"], switch_rights=[rights]),
            }
            for project in projects
        ],
        "households": households,
        "estates": estates,
        "vouchers": [
            {
                "id": "V",
                "price": 5000,
                "projects": some(projects) or ["P"],
                "start": str(START + int(rng.integers(0, months))),
                **perhaps(0.8, months=int(rng.integers(1, 6))),
                **perhaps(0.5, area_below=float(rng.integers(40, 120))),
            }
        ],
        "cash": [{"id": "C", "price": 4000, "projects": some(projects, 0.3) or ["Q"], "housed_after": 9}],
        "funds": [{"id": "f", "opening": 1_000_000}],
    }


def built(seed: int) -> tuple[dict[str, Any], Scenario]:
    sections = drawn(seed)
    # What one project or household names is not always named by another: ids that nobody uses are only warned of.
    return sections, Scenario.from_tables(**sections)


SEEDS = range(full_count(ci=40, night=2_000))


@pytest.mark.parametrize("seed", SEEDS)
def test_offers_are_those_compiled_and_reasons_are_true(seed: int) -> None:
    sections, scenario = built(seed)
    problem = compile_problem(scenario)
    table = dossier(scenario)
    offered = table[table["route"] != ""]
    assert rows_of(offered) == compiled_rows(problem)
    without = table[table["route"] == ""]
    claims = set(zip(problem.claims.household, problem.claims.part, strict=True))
    has = {(problem.claims.household[claim], problem.claims.part[claim]) for claim in problem.offers.claim.tolist()}
    assert sorted(zip(without["household"], without["part"], strict=True)) == sorted(claims - has)
    for row in without.to_dict("records"):
        said = row["remark"].removeprefix("no offer, because ")
        assert said != row["remark"]
        for piece in said.split("; "):
            check_piece(sections, row, piece)
    for row in table.drop_duplicates(["household", "part"]).to_dict("records"):
        assert float(re.findall(r"[\d.,]+(?= m²)", row["reckoned"])[-1].replace(",", "")) == pytest.approx(
            row["entitled_m2"]
        )
    noticed = notice_households(problem, scenario)
    listed = sorted(name for each in noticed if each.kind == "no_offer" for name in each.households)
    assert listed == sorted(set(without["household"]))


def test_the_seeds_meet_most_reasons() -> None:
    """A test of the test: what it draws leaves out offers in many ways."""
    said = " ".join(dossier(built(seed)[1])["remark"].str.cat(sep=" ") for seed in range(40))
    for words in (
        "accepts only",
        "not among",
        "asks for",
        "of the types",
        "allowed for",
        "in stock or to come in",
        "only after",
        "used by nobody",
        "less than",
        "can be chosen until",
        "open to other projects",
        "at the earliest",
        "no estate",
    ):
        assert words in said, words


def rows_of(table: Any) -> list[tuple[Any, ...]]:
    columns = ["household", "part", "route", "pool", "first", "last", "household_pays"]
    return sorted(table[columns].itertuples(index=False, name=None))


def compiled_rows(problem: Problem) -> list[tuple[Any, ...]]:
    offers, claims = problem.offers, problem.claims
    rows = []
    for offer, claim in enumerate(offers.claim.tolist()):
        lines = slice(int(offers.lines.start[offer]), int(offers.lines.start[offer + 1]))
        kinds, fen = offers.lines["kind"][lines], offers.lines["fen"][lines]
        rows.append(
            (
                claims.household[claim],
                claims.part[claim],
                Route(offers.route[offer]).name,
                offers.label[offer],
                problem.calendar.label(int(offers.first[offer])),
                problem.calendar.label(int(offers.last[offer])),
                -int(fen[(kinds == 0) | (kinds == 1)].sum()) / 100,
            )
        )
    return sorted(rows)


def check_piece(sections: dict[str, Any], row: dict[str, Any], piece: str) -> None:
    """Look up what a reason says."""
    household = next(each for each in sections["households"] if each["id"] == row["household"])
    project = next(each for each in sections["projects"] if each["id"] == household["project"])
    routes = household.get("routes") or project.get("routes") or list(NAMES.values())
    estates = {each["id"]: each for each in sections["estates"]}
    money = {each["id"]: each for each in (*sections["vouchers"], *sections["cash"])}
    own = [name for name, each in estates.items() if project["id"] in each["projects"]]
    others = [name for name, each in estates.items() if project["id"] in each["open_to"] and name not in own]
    overdue = Month.parse(project["moved_out"]) + 24
    right = next(iter(project.get("switch_rights", ())), None)
    months, used = sections["months"], right is not None and right["switch_share"] > 0
    opens = dict.fromkeys(routes, START)
    if used:
        opens = {**dict.fromkeys(right["routes"], max(overdue + right["after_overdue"], START)), **opens}
    if match := re.fullmatch(r"it accepts only (.*)", piece):
        assert {NAMES[name] for name in match[1].split(", ")} == set(routes)
    elif match := re.fullmatch(r"its right to (.*) is used by nobody .*", piece):
        assert NAMES[match[1]] in right["routes"]
        assert right["switch_share"] == 0
    elif match := re.fullmatch(r"it may choose (.*) only after (\d+) overdue months, from (\S+) on, when .*", piece):
        assert (NAMES[match[1]] in right["routes"], int(match[2])) == (True, right["after_overdue"])
        assert Month.parse(match[3]) == overdue + right["after_overdue"] >= START + months
    elif re.fullmatch(r"no estate belongs to project . or is open to it", piece):
        assert own == others == []
    elif re.fullmatch(r"no estate belongs to project .", piece):
        assert own == []
    elif re.fullmatch(r"no estate of other projects is open to project .", piece):
        assert others == []
    elif match := re.fullmatch(r"no (voucher or cash|voucher|cash) programme is open to project .", piece):
        for kind in match[1].split(" or "):
            programmes = sections["vouchers"] if kind == "voucher" else sections["cash"]
            assert all(project["id"] not in each["projects"] for each in programmes)
    else:
        named, cause = piece.split(": ", 1)
        for name in named.split(", "):
            assert name in own + others or project["id"] in money[name]["projects"]
            stated = estates.get(name) or money[name]
            check_cause(sections, household, row, ({**stated, "transfer": name in others}, cause), opens)


def check_cause(
    sections: dict[str, Any],
    household: dict[str, Any],
    row: dict[str, Any],
    stated: tuple[dict[str, Any], str],
    opens: dict[str, Month],
) -> None:
    """Look up what is said of one estate or programme."""
    place, cause = stated
    last = START + (sections["months"] - 1)
    # A home is taken when it is moved into, which may be after the last month of choice.
    in_time = last + place.get("housed_after", 0)
    accepted = [unit for unit in place.get("units", ()) if unit["type"] in household.get("unit_types", [unit["type"]])]

    def comes(unit: dict[str, Any], transfer: bool = bool(place["transfer"])) -> bool:
        if transfer and unit.get("surplus") == 0:
            return False
        return unit.get("on_hand", 0) > 0 or any(Month.parse(month) <= in_time for month in unit.get("arrivals", ()))

    if cause == "not among the estates that it accepts":
        assert place["id"] not in household["estates"]
    elif match := re.fullmatch(r"has nothing of what it asks for \((.*)\)", cause):
        assert match[1].split(", ") == sorted(household["asks_for"])
        assert not set(household["asks_for"]) & set(place["tags"])
    elif match := re.fullmatch(r"has no homes of the types that it accepts \((.*)\)", cause):
        assert (match[1].split(", "), accepted) == (household["unit_types"], [])
    elif cause.startswith("none of the homes that it accepts"):
        assert accepted
        assert not any(map(comes, accepted))
        assert any(comes(unit, transfer=False) for unit in accepted) == cause.endswith("open to other projects")
    elif match := re.fullmatch(
        r"the smallest home to be had has (\S+) m², and at most (\S+) m² are allowed for (\S+) m² due", cause
    ):
        size, most, due = map(float, match.groups())
        assert size == min(unit["area"] for unit in accepted if comes(unit)) > most
        assert due == pytest.approx(row["entitled_m2"])
        if "homes" not in household:
            assert most == pytest.approx(due + sections["home_policies"][0]["maximum_above"])
    elif match := re.fullmatch(r"is only for households with less than (\S+) m²", cause):
        assert household["area"] >= float(match[1]) == place["area_below"]
    elif match := re.fullmatch(r"can be chosen until (\S+), and it may choose (.*) only from (\S+) on", cause):
        assert opens[NAMES[match[2]]] == Month.parse(match[3]) > Month.parse(match[1])
        assert Month.parse(match[1]) == min(Month.parse(place["start"]) + (place.get("months", 999) - 1), last)
    else:
        match = re.fullmatch(r"could house it in (\S+) at the earliest, after its deadline (\S+)", cause)
        assert match, cause
        assert Month.parse(match[2]) == Month.parse(household["deadline"]) < Month.parse(match[1])
        earliest = min(month for route, month in opens.items())
        begins = max(earliest, Month.parse(place.get("start", str(START))))
        assert Month.parse(match[1]) >= begins + place.get("housed_after", 0)
