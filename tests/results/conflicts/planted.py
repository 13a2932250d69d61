"""A corpus of planted infeasibilities: a district that can be planned, and one rule more with which it cannot.

Every kind says which rule it plants. With nothing else changed, that rule belongs to every set
that cannot hold together.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from renewopt import Scenario

Sections = dict[str, Any]
Step = Callable[[Random, Sections], object]
START = "2024-01"


@dataclass(frozen=True)
class Kind:
    """One kind of planted rule.

    Attributes
    ----------
    key
        Beginning of the rule's key in the scenario.
    given
        Laid over the base: the situation, in which a plan is possible.
    planted
        Laid over that: the rule with which none is.
    """

    key: str
    given: Step
    planted: Step


def base(rng: Random) -> Sections:
    """Two projects: P with an estate of its own, built in a phase, Q whose households take what is open to them."""
    own, others = rng.randint(2, 4), rng.randint(1, 3)
    rows = [{"id": f"A{n}", "project": "P", "area": rng.randint(50, 100)} for n in range(own)]
    rows += [{"id": f"B{n}", "project": "Q", "area": rng.randint(50, 100)} for n in range(others)]
    return {
        "name": "Planted",
        "start": START,
        "months": 12,
        "fee_policies": [{"id": "fee", "rate": rng.randint(5, 15), "term": 24, "overdue": [{"multiplier": 2}]}],
        "projects": [
            {"id": "P", "moved_out": "2023-01", "deadline": "2024-10", "routes": ["own_unit"]},
            {"id": "Q", "moved_out": "2023-01", "deadline": "2024-10", "routes": ["voucher"]},
        ],
        "households": rows,
        "estates": [
            {
                "id": "E",
                "projects": ["P"],
                "tags": ["school"],
                "units": [{"type": "flat", "area": 80, "surplus": others}],
                "phases": [
                    {"id": "E1", "cost": 600_000, "delivers": {"flat": own + others}, "handover_lag": rng.randint(0, 2)}
                ],
            }
        ],
        "vouchers": [{"id": "V", "price": 3000, "developers": [{"developer": "D"}]}],
        "developers": [{"id": "D"}],
        "funds": [
            {
                "id": "revenue",
                "opening": 500_000,
                "inflow": {"monthly": 400_000},
                "uses": ["fees", "voucher", "commitments"],
            },
            {"id": "bond", "opening": 700_000, "uses": ["construction"]},
        ],
    }


def _nothing(rng: Random, s: Sections) -> None: ...


def _project(s: Sections, name: str) -> dict[str, Any]:
    return next(p for p in s["projects"] if p["id"] == name)


def _fund(s: Sections, name: str) -> dict[str, Any]:
    return next(f for f in s["funds"] if f["id"] == name)


def _of(s: Sections, project: str) -> list[dict[str, Any]]:
    return [row for row in s["households"] if row["project"] == project]


def _setting(section: str, **values: Any) -> Step:
    def put(rng: Random, s: Sections) -> None:
        target: Any = s[section]
        (target[0] if isinstance(target, list) else target).update(copy.deepcopy(values))

    return put


def _on(pick: Callable[[Sections], dict[str, Any]], **values: Any) -> Step:
    return lambda rng, s: pick(s).update(copy.deepcopy(values))


def _also(*steps: Step) -> Step:
    def put(rng: Random, s: Sections) -> None:
        for step in steps:
            step(rng, s)

    return put


def _phase(s: Sections) -> dict[str, Any]:
    return s["estates"][0]["phases"][0]


def _unit(s: Sections) -> dict[str, Any]:
    return s["estates"][0]["units"][0]


def _transfers(rng: Random, s: Sections) -> None:
    _project(s, "Q")["routes"] = ["transfer"]


def _one_row(column: str, *values: str) -> Step:
    return lambda rng, s: rng.choice(_of(s, "Q")).update({column: ";".join(values)})


def _section(name: str, *items: Mapping[str, Any]) -> Step:
    return lambda rng, s: s.update({name: copy.deepcopy(list(items))})


def _homes_policy(rng: Random, s: Sections) -> None:
    s["home_policies"] = [{"id": "due", "per_basis": 1, "above": [{"yuan_per_m2": 0}]}]
    _project(s, "P")["home_policy"] = "due"
    for row in _of(s, "P"):
        row["area"] = rng.randint(50, 70)


def _dear(rng: Random, s: Sections) -> None:
    """A cheaper home that comes too late, and consent to pay for the others."""
    s["home_policies"][0].update({"above": [{"yuan_per_m2": 1000}], "into": "bond", "pays_up_to": 100_000})
    flat = _unit(s)["area"]
    for row in _of(s, "P"):
        row["area"] = flat - rng.randint(1, 5)
        row["deadline"] = "2024-06"
    late = {"type": "late", "area": flat - 1, "on_hand": 0, "arrivals": {"2024-09": len(_of(s, "P"))}}
    s["estates"].append({"id": "L", "projects": ["P"], "units": [late]})


def _loan(rng: Random, s: Sections) -> None:
    fund = _fund(s, "bond")
    fund["opening"] = 0
    fund["borrow"] = {"limit": 700_000, "term": 24}
    revenue = _fund(s, "revenue")
    revenue["uses"] = ["fees", "voucher", "principal", "interest"]
    revenue["inflow"]["until"] = "2026-12"


def _poor_bond(rng: Random, s: Sections) -> None:
    _fund(s, "bond").update({"opening": 0, "inflow": {"monthly": rng.randint(150_000, 200_000)}})


def _quoted(rng: Random, s: Sections) -> None:
    _project(s, "Q")["routes"] = []
    s["quotes"] = [{"household": row["id"], "route": "cash", "price": 1000, "use": "voucher"} for row in _of(s, "Q")]


def _tight_fees(rng: Random, s: Sections) -> None:
    """Money for the fees of most months, and the rest may be owed."""
    rate = s["fee_policies"][0]["rate"]
    bill = rate * sum(row["area"] for row in s["households"])
    for name in ("P", "Q"):
        _project(s, name).pop("deadline")
        _project(s, name)["routes"] = []
    _fund(s, "revenue").update({"opening": 0, "inflow": [{"monthly": bill // 2}, {"by_month": {"2024-08": 12 * bill}}]})
    s["objective"] = {"after_horizon_months": 0}
    s["owing"] = [{"id": "later", "uses": ["fees"], "share": 1}]


KINDS: dict[str, Kind] = {
    "reserve_months": Kind(
        "objective.reserve_months",
        _on(_phase, handover_lag=2),
        lambda rng, s: s.update({"objective": {"reserve_months": rng.randint(2000, 3000)}}),
    ),
    "no_overdue_from": Kind(
        "objective.no_overdue_from",
        _also(
            _on(lambda s: _project(s, "P"), moved_out="2022-03"),
            _on(_phase, handover_lag=4, earliest="2024-05"),
        ),
        lambda rng, s: s.update({"objective": {"no_overdue_from": f"2024-0{rng.randint(3, 4)}"}}),
    ),
    "project deadline": Kind(
        "projects.P.deadline",
        _on(_phase, earliest="2024-06"),
        lambda rng, s: _project(s, "P").update({"deadline": f"2024-0{rng.randint(2, 5)}"}),
    ),
    "household deadline": Kind(
        "households.deadline",
        _also(_on(_phase, earliest="2024-06"), lambda rng, s: _project(s, "P").pop("deadline")),
        lambda rng, s: rng.choice(_of(s, "P")).update({"deadline": f"2024-0{rng.randint(2, 5)}"}),
    ),
    "project routes": Kind(
        "projects.Q.routes",
        _nothing,
        lambda rng, s: _project(s, "Q").update({"routes": [rng.choice(["cash", "own_unit"])]}),
    ),
    "contract of a household": Kind(
        "pins",
        _on(lambda s: _fund(s, "revenue"), opening=60_000, inflow={"monthly": 400_000, "from": "2024-03"}),
        lambda rng, s: s.update(pins=[{"household": rng.choice(_of(s, "Q"))["id"], "not_after": "2024-02"}]),
    ),
    "contract of a phase": Kind(
        "pins",
        _on(lambda s: _fund(s, "bond"), opening=300_000, inflow={"monthly": 90_000}),
        lambda rng, s: s.update(pins=[{"phase": "E1", "not_after": "2024-03"}]),
    ),
    "household routes": Kind("households.routes", _nothing, _one_row("routes", "cash")),
    "unit types": Kind(
        "households.unit_types",
        _transfers,
        _also(
            lambda rng, s: s["estates"][0]["units"].append({"type": "studio", "area": 40}),
            _one_row("unit_types", "studio"),
        ),
    ),
    "asks for": Kind(
        "households.asks_for",
        _also(_transfers, _on(lambda s: s["estates"][0], tags=["park"])),
        lambda rng, s: (
            (
                s["estates"].append({"id": "F", "tags": ["school"], "units": [{"type": "flat"}]}),
                _one_row("asks_for", "school")(rng, s),
            )
        ),
    ),
    "estates": Kind(
        "households.estates",
        _also(_transfers, lambda rng, s: s["estates"].append({"id": "F", "units": [{"type": "flat"}]})),
        _one_row("estates", "F"),
    ),
    "indivisible": Kind(
        "households.indivisible",
        lambda rng, s: (
            (
                s["households"].append({"id": "C", "project": "Q", "area": 60, "count": 3}),
                s.update({"throughput": [{"id": "desk", "per_month": 2}]}),
            )
        ),
        lambda rng, s: s["households"][-1].update({"indivisible": True}),
    ),
    "throughput": Kind(
        "throughput.desk",
        _on(lambda s: _project(s, "Q"), deadline="2024-06"),
        lambda rng, s: s.update({"throughput": [{"id": "desk", "per_month": 0, "routes": ["voucher"]}]}),
    ),
    "throughput too slow": Kind(
        "throughput.desk",
        _also(_on(_phase, earliest="2024-09", handover_lag=0), _on(lambda s: _project(s, "P"), deadline="2024-09")),
        lambda rng, s: s.update({"throughput": [{"id": "desk", "per_month": 1}]}),
    ),
    "home policy": Kind(
        "home_policies.due",
        _homes_policy,
        lambda rng, s: s["home_policies"][0].update({"maximum_above": rng.randint(0, 5)}),
    ),
    "consent": Kind(
        "home_policies.due.pays_up_to",
        lambda rng, s: (_homes_policy(rng, s), _dear(rng, s)),
        lambda rng, s: s["home_policies"][0].pop("pays_up_to"),
    ),
    "nobody switches": Kind(
        "projects.Q.switch_rights",
        _on(
            lambda s: _project(s, "Q"),
            moved_out="2022-01",
            routes=["cash"],
            switch_rights=[{"after_overdue": 0, "routes": ["voucher"], "switch_share": 1}],
        ),
        lambda rng, s: _project(s, "Q")["switch_rights"][0].update({"switch_share": rng.choice([0, 0.01])}),
    ),
    "homes": Kind("estates.E.units.flat", _nothing, lambda rng, s: _phase(s).update({"delivers": {"flat": 1}})),
    "surplus": Kind("estates.E.units.flat.surplus", _transfers, _on(_unit, surplus=0)),
    "kept for own": Kind(
        "estates.E.units.flat.surplus",
        _transfers,
        lambda rng, s: (
            (
                _unit(s).pop("surplus"),
                _phase(s)["delivers"].update({"flat": len(_of(s, "P"))}),
                _project(s, "P").update({"routes": ["own_unit", "voucher"]}),
            )
        ),
    ),
    "open to": Kind("estates.E.open_to", _transfers, _on(lambda s: s["estates"][0], open_to=[])),
    "estate housed after": Kind(
        "estates.E.housed_after", _nothing, lambda rng, s: s["estates"][0].update({"housed_after": rng.randint(10, 11)})
    ),
    "phase earliest": Kind(
        "estates.E.phases.E1.earliest",
        _nothing,
        lambda rng, s: _phase(s).update({"earliest": f"2024-{rng.randint(11, 12)}"}),
    ),
    "phase lag": Kind(
        "estates.E.phases.E1.handover_lag",
        _nothing,
        lambda rng, s: _phase(s).update({"handover_lag": rng.randint(10, 11)}),
    ),
    "phase monthly limit": Kind(
        "estates.E.phases.E1.monthly_limit",
        _nothing,
        lambda rng, s: _phase(s).update({"monthly_limit": rng.randint(20_000, 50_000)}),
    ),
    "voucher start": Kind(
        "vouchers.V.start", _nothing, lambda rng, s: s["vouchers"][0].update({"start": f"2024-{rng.randint(11, 12)}"})
    ),
    "voucher months": Kind(
        "vouchers.V.months",
        _also(
            lambda rng, s: _fund(s, "revenue").update(
                {"opening": 50_000, "inflow": [{"monthly": 20_000}, {"by_month": {"2024-08": 900_000}}]}
            ),
            _on(lambda s: _project(s, "Q"), deadline="2024-10"),
        ),
        lambda rng, s: s["vouchers"][0].update({"months": rng.randint(2, 5)}),
    ),
    "voucher projects": Kind(
        "vouchers.V.projects",
        lambda rng, s: s["projects"].append({"id": "R", "moved_out": "2023-01", "fee_policy": "fee"}),
        _setting("vouchers", projects=["R"]),
    ),
    "area below": Kind(
        "vouchers.V.area_below", _nothing, lambda rng, s: s["vouchers"][0].update({"area_below": rng.randint(30, 49)})
    ),
    "voucher housed after": Kind(
        "vouchers.V.housed_after",
        _nothing,
        lambda rng, s: s["vouchers"][0].update({"housed_after": rng.randint(10, 12)}),
    ),
    "settled when paid": Kind(
        "vouchers.V.settled_when_paid",
        _setting("vouchers", instalments=[{"after": 0, "share": 0.5}, {"after": 11, "share": 0.5}]),
        _setting("vouchers", settled_when_paid=True),
    ),
    "take-up 0": Kind("vouchers.V.take_up", _nothing, _setting("vouchers", take_up=0)),
    "take-up": Kind(
        "vouchers.V.take_up",
        lambda rng, s: s["households"].append({"id": "C", "project": "Q", "area": 60, "count": 4}),
        lambda rng, s: s["vouchers"][0].update({"take_up": f"{rng.randint(10, 70)}%"}),
    ),
    "developer without homes": Kind("developers.D.homes", _nothing, _setting("developers", homes={"on_hand": 0})),
    "developer's m2": Kind(
        "developers.D.homes",
        _nothing,
        lambda rng, s: s["developers"][0].update({"homes": {"measure": "m2", "on_hand": rng.randint(10, 49)}}),
    ),
    "offset target": Kind(
        "developers.D.offset_targets",
        _setting("developers", debts=[{"due": "2024-01", "amount": 5_000_000}]),
        lambda rng, s: s["developers"][0].update(
            {"offset_targets": [{"by": "2024-06", "amount": rng.randint(2_000_000, 4_000_000)}]}
        ),
    ),
    "fund uses": Kind("funds.bond.uses", _nothing, _on(lambda s: _fund(s, "bond"), uses=["cash"])),
    "fund projects": Kind("funds.revenue.projects", _nothing, _on(lambda s: _fund(s, "revenue"), projects=["P"])),
    "fund estates": Kind(
        "funds.bond.estates",
        lambda rng, s: s["estates"].append({"id": "F", "units": [{"type": "flat", "on_hand": 1}]}),
        _on(lambda s: _fund(s, "bond"), estates=["F"]),
    ),
    "fund monthly limit": Kind(
        "funds.bond.monthly_limit",
        _nothing,
        lambda rng, s: _fund(s, "bond").update({"monthly_limit": rng.randint(20_000, 50_000)}),
    ),
    "fund total limit": Kind(
        "funds.bond.total_limit",
        _nothing,
        lambda rng, s: _fund(s, "bond").update({"total_limit": rng.randint(200_000, 590_000)}),
    ),
    "carry over": Kind(
        "funds.revenue.carry_over",
        lambda rng, s: _fund(s, "revenue").update({"opening": 0, "inflow": {"monthly": 120_000}}),
        lambda rng, s: _fund(s, "revenue").update({"carry_over": "month"}),
    ),
    "release": Kind(
        "funds.bond.release", _nothing, _on(lambda s: _fund(s, "bond"), release={"estates": ["E"], "upfront": 0})
    ),
    "loan limit": Kind(
        "funds.bond.borrow.limit",
        _loan,
        lambda rng, s: _fund(s, "bond")["borrow"].update({"limit": rng.randint(100_000, 500_000)}),
    ),
    "loan from": Kind(
        "funds.bond.borrow.from",
        _loan,
        lambda rng, s: _fund(s, "bond")["borrow"].update({"from": f"2024-{rng.randint(11, 12)}"}),
    ),
    "loan until": Kind(
        "funds.bond.borrow.until",
        _also(_loan, _on(lambda s: _fund(s, "bond"), release={"estates": ["E"], "upfront": "30%"})),
        lambda rng, s: _fund(s, "bond")["borrow"].update({"until": f"2024-0{rng.randint(1, 2)}"}),
    ),
    "move limit": Kind(
        "moves.revenue → bond",
        lambda rng, s: (
            (
                _fund(s, "bond").update({"opening": 0}),
                _fund(s, "revenue").update({"opening": 2_000_000}),
                s.update({"moves": [{"from": "revenue", "to": "bond"}]}),
            )
        ),
        lambda rng, s: s["moves"][0].update(
            {rng.choice(["monthly_limit", "total_limit"]): rng.randint(10_000, 50_000)}
        ),
    ),
    "opening loan": Kind(
        "opening_loans.old",
        _on(lambda s: _fund(s, "revenue"), uses=["fees", "voucher", "principal", "interest"]),
        _section("opening_loans", {"id": "old", "amount": 90_000_000, "months_left": 6}),
    ),
    "arrears": Kind(
        "arrears.P",
        _nothing,
        lambda rng, s: s.update({"arrears": [{"project": "P", "amount": rng.randint(950_000, 1_500_000)}]}),
    ),
    "owing latest": Kind(
        "owing.later.latest", _tight_fees, lambda rng, s: s["owing"][0].update({"latest": rng.randint(1, 2)})
    ),
    "owing share": Kind(
        "owing.later.share", _tight_fees, lambda rng, s: s["owing"][0].update({"share": f"{rng.randint(1, 30)}%"})
    ),
    "owing stock": Kind(
        "owing.later.stock_limit",
        _tight_fees,
        lambda rng, s: s["owing"][0].update({"stock_limit": rng.randint(10, 300)}),
    ),
    "commitment": Kind(
        "commitments.streets",
        _nothing,
        lambda rng, s: s.update(
            {"commitments": [{"id": "streets", "by_month": {f"2024-0{rng.randint(1, 6)}": 3_500_000}}]}
        ),
    ),
    "commitment's month": Kind(
        "commitments.streets",
        lambda rng, s: s.update({"commitments": [{"id": "streets", "by_month": {"2024-11": 2_500_000}}]}),
        lambda rng, s: s.update(
            {"commitments": [{"id": "streets", "by_month": {f"2024-0{rng.randint(2, 3)}": 2_500_000}}]}
        ),
    ),
    "commitment's funds": Kind(
        "commitments.streets.funds",
        lambda rng, s: s.update({"commitments": [{"id": "streets", "by_month": {"2024-11": 500_000}}]}),
        lambda rng, s: s["commitments"][0].update({"funds": ["bond"]}),
    ),
    "money": Kind(
        "funds.bond",
        _poor_bond,
        lambda rng, s: _fund(s, "bond").update({"inflow": {"monthly": rng.randint(10_000, 50_000)}}),
    ),
    "quote's wait": Kind(
        "quotes.housed_after",
        _quoted,
        lambda rng, s: rng.choice(s["quotes"]).update({"housed_after": rng.randint(10, 11)}),
    ),
    "quote's prices": Kind(
        "quotes.first, last",
        _quoted,
        lambda rng, s: rng.choice(s["quotes"]).update({"price": "", "price_by_month": "2024-11:1000;2024-12:900"}),
    ),
    "switch right": Kind(
        "projects.Q.switch_rights",
        _on(
            lambda s: _project(s, "Q"),
            moved_out="2022-01",
            routes=["cash"],
            switch_rights=[{"after_overdue": 0, "routes": ["voucher"], "switch_share": 1}],
        ),
        lambda rng, s: _project(s, "Q")["switch_rights"][0].update({"after_overdue": rng.randint(10, 12)}),
    ),
    "quote's months": Kind(
        "quotes.first, last",
        _quoted,
        lambda rng, s: rng.choice(s["quotes"]).update({"first": f"2024-{rng.randint(11, 12)}"}),
    ),
}


def planted(name: str, seed: int) -> tuple[Scenario, Scenario]:
    """A district that can be planned, and the same with the rule of a kind."""
    kind = KINDS[name]
    rng = Random(f"{name} {seed}")
    sections = base(rng)
    kind.given(rng, sections)
    possible = copy.deepcopy(sections)
    kind.planted(rng, sections)
    return Scenario.from_tables(**possible), Scenario.from_tables(**sections)
