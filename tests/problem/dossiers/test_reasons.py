"""Every reason for which a household has no offer, by hand."""

from pathlib import Path

import pytest
from tests.problem.dossiers.stating import stated

from renewopt.problem import compile_problem
from renewopt.problem.dossiers import dossier, notice_households

OWN = "it accepts only homes of its own project"
NO_MONEY = "no voucher or cash programme is open to project P"
E = "estates: [{{id: E, projects: [P], units: [{{type: a, area: {area}, on_hand: {homes}}}]}}]\n"
POLICY = "home_policies: [{{id: h, {rules}}}]\nprojects: [{{id: P, home_policy: h, routes: [own_unit]}}]\n"

CASES = {
    "nothing is stated": (
        "months: 12",
        f"no estate belongs to project P or is open to it; {NO_MONEY}",
    ),
    "all estates are of other projects and closed": (
        "estates: [{id: E, projects: [Q], open_to: [], units: [{type: a, on_hand: 5}]}]",
        f"no estate belongs to project P or is open to it; {NO_MONEY}",
    ),
    "a programme of another project": (
        "vouchers: [{id: V, price: 5000, projects: [Q]}]",
        f"no estate belongs to project P or is open to it; {NO_MONEY}",
    ),
    "only its own project, which has no estate": (
        """
        households: [{id: A, routes: [own_unit]}]
        estates: [{id: E, projects: [Q], units: [{type: a, on_hand: 5}]}]
        """,
        f"{OWN}; no estate belongs to project P",
    ),
    "only transfer, and nothing but the own estate": (
        """
        households: [{id: A, routes: [transfer]}]
        estates: [{id: E, projects: [P], units: [{type: a, on_hand: 5}]}]
        """,
        "it accepts only homes of other projects; no estate of other projects is open to project P",
    ),
    "only vouchers, and none": (
        "projects: [{id: P, routes: [voucher]}]\ncash: [{id: C, price: 100}]",
        "it accepts only vouchers; no voucher programme is open to project P",
    ),
    "only cash, and none": (
        "households: [{id: A, routes: [cash]}]\nvouchers: [{id: V, price: 100}]",
        "it accepts only cash; no cash programme is open to project P",
    ),
    "the smallest home is above what is allowed": (
        E.format(area=100, homes=5) + POLICY.format(rules="maximum_above: 30"),
        f"{OWN}; E: the smallest home to be had has 100 m², and at most 90 m² are allowed for 60 m² due",
    ),
    "the smallest home is above the price bands": (
        E.format(area=80, homes=5) + POLICY.format(rules="above: [{{up_to: 15, yuan_per_m2: 4000}}], into: f".format()),
        f"{OWN}; E: the smallest home to be had has 80 m², and at most 75 m² are allowed for 60 m² due",
    ),
    "free choice up to what is allowed": (
        E.format(area=80.5, homes=5) + POLICY.format(rules="round_up: false, maximum_above: 20"),
        f"{OWN}; E: the smallest home to be had has 80.5 m², and at most 80 m² are allowed for 60 m² due",
    ),
    "no home in stock or to come": (
        E.format(area=60, homes=0) + POLICY.format(rules="maximum_above: 20"),
        f"{OWN}; E: none of the homes that it accepts is in stock or to come in the planned months",
    ),
    "homes come after the planned months": (
        "estates: [{id: E, projects: [P], units: [{type: a, area: 60, arrivals: {2025-03: 5}}]}]\n"
        + POLICY.format(rules="maximum_above: 20"),
        f"{OWN}; E: none of the homes that it accepts is in stock or to come in the planned months",
    ),
    "no home that it accepts is open to other projects": (
        """
        home_policies: [{id: h, maximum_above: 20}]
        projects: [{id: P, home_policy: h, routes: [transfer]}]
        estates: [{id: E, projects: [Q], units: [{type: a, area: 60, on_hand: 5, surplus: 0}]}]
        """,
        "it accepts only homes of other projects; E: none of the homes that it accepts is open to other projects",
    ),
    "not an estate that it accepts": (
        """
        households: [{id: A, routes: [own_unit, transfer], estates: [F]}]
        estates:
          - {id: E, projects: [P], units: [{type: a, on_hand: 5}]}
          - {id: F, projects: [Q], open_to: [], units: [{type: a, on_hand: 5}]}
        """,
        (
            "it accepts only homes of its own project, homes of other projects; E: not among the estates that it "
            "accepts; no estate of other projects is open to project P"
        ),
    ),
    "not what it asks for": (
        """
        households: [{id: A, asks_for: [school]}]
        estates:
          - {id: E, projects: [P], tags: [metro], units: [{type: a, on_hand: 5}]}
          - {id: F, units: [{type: a, on_hand: 5}]}
          - {id: G, units: [{type: a, on_hand: 5}]}
          - {id: X, projects: [Q], open_to: [], tags: [school], units: [{type: a, on_hand: 5}]}
        """,
        f"E: has nothing of what it asks for (school); F, G: has nothing of what it asks for (school); {NO_MONEY}",
    ),
    "no type that it accepts": (
        """
        households: [{id: A, unit_types: [b, c], routes: [own_unit]}]
        estates:
          - {id: E, projects: [P], units: [{type: a, on_hand: 5}]}
          - {id: X, projects: [Q], open_to: [], units: [{type: b, on_hand: 5}, {type: c, on_hand: 5}]}
        """,
        f"{OWN}; E: has no homes of the types that it accepts (b, c)",
    ),
    "a right that begins after the planned months": (
        """
        projects:
          - id: P
            routes: [own_unit]
            switch_rights: [{after_overdue: 6, routes: [voucher], switch_share: 100%}]
        vouchers: [{id: V, price: 5000}]
        """,
        (
            f"{OWN}; it may choose vouchers only after 6 overdue months, from 2025-07 on, when the planned months are "
            "over; no estate belongs to project P"
        ),
    ),
    "a right that never begins": (
        """
        projects:
          - id: P
            routes: [own_unit]
            switch_rights: [{after_overdue: 6, routes: [voucher], switch_share: 1}]
        fee_curves: [{household: A, from: 2024-01, fee: 100, overdue: false}]
        vouchers: [{id: V, price: 5000}]
        """,
        (
            f"{OWN}; it may choose vouchers only after 6 overdue months, and is never overdue; no estate belongs to "
            "project P"
        ),
    ),
    "a right that nobody uses": (
        """
        projects: [{id: P, routes: [own_unit], switch_rights: [{after_overdue: 0, routes: [cash]}]}]
        cash: [{id: C, price: 5000}]
        """,
        f"{OWN}; its right to cash is used by nobody (switch_share is 0); no estate belongs to project P",
    ),
    "too large for a programme": (
        "households: [{id: A, routes: [cash]}]\ncash: [{id: C, price: 100, area_below: 60}]",
        "it accepts only cash; C: is only for households with less than 60 m²",
    ),
    "of an area that is not stated": (
        (
            "households: [{id: B, project: P, routes: [cash]}, {id: A, routes: [cash]}]\n"
            "fee_policies: [{id: p, basis: household}]\n"
            "cash: [{id: C, price: 0, area_below: 70}]"
        ),
        "it accepts only cash; C: is only for households with less than 70 m², and its area is not stated",
    ),
    "a programme that is over": (
        "households: [{id: A, routes: [voucher]}]\nvouchers: [{id: V, price: 100, start: 2023-01, months: 12}]",
        "it accepts only vouchers; V: can be chosen from 2023-01 to 2023-12, outside of the planned months",
    ),
    "a programme that is over before the right begins": (
        """
        projects:
          - id: P
            term: 14
            routes: [own_unit]
            switch_rights: [{after_overdue: 0, routes: [voucher], switch_share: 1}]
        vouchers: [{id: V, price: 100, months: 2}]
        """,
        (
            f"{OWN}; no estate belongs to project P; V: can be chosen until 2024-02, and it may choose vouchers only "
            "from 2024-03 on"
        ),
    ),
    "housed after its deadline": (
        """
        households: [{id: A, routes: [own_unit], deadline: 2025-06}]
        estates: [{id: E, projects: [P], housed_after: 24, units: [{type: a, on_hand: 5}]}]
        """,
        f"{OWN}; E: could house it in 2026-01 at the earliest, after its deadline 2025-06",
    ),
    "settled when paid, after its deadline": (
        """
        households: [{id: A, routes: [voucher], deadline: 2025-01}]
        vouchers:
          - id: V
            price: 100
            start: 2024-06
            settled_when_paid: true
            instalments: [{after: 0, share: 50%}, {after: 8, share: 50%}]
        """,
        "it accepts only vouchers; V: could house it in 2025-02 at the earliest, after its deadline 2025-01",
    ),
    "quotes for other months": (
        "quotes: [{household: A, route: cash, price: 5, first: 2025-01, last: 2025-06}]",
        f"no estate belongs to project P or is open to it; {NO_MONEY}; its quotes hold in no month of the plan",
    ),
    "quotes priced in no planned month": (
        "quotes: [{household: A, route: cash, last: 2024-03, price_by_month: '2024-04:8;2025-04:9'}]",
        f"no estate belongs to project P or is open to it; {NO_MONEY}; its quotes hold in no month of the plan",
    ),
    "quotes that house after its deadline": (
        """
        households: [{id: A, deadline: 2025-01}]
        quotes: [{household: A, route: cash, price: 5, housed_after: 14}]
        """,
        (
            f"no estate belongs to project P or is open to it; {NO_MONEY}; its quotes would house it after its "
            "deadline 2025-01"
        ),
    ),
    "quotes of both kinds": (
        """
        households: [{id: A, deadline: 2025-01}]
        quotes:
          - {household: A, route: cash, price: 5, housed_after: 14}
          - {household: A, route: cash, price: 5, first: 2025-01}
        """,
        (
            f"no estate belongs to project P or is open to it; {NO_MONEY}; its quotes hold in no month of the plan, or "
            "would house it after its deadline 2025-01"
        ),
    ),
}
LAST = {"of an area that is not stated": "B"}


@pytest.mark.parametrize("case", CASES)
def test_no_offer_because(case: str, tmp_path: Path) -> None:
    change, expected = CASES[case]
    scenario = stated(change, tmp_path)
    table, chinese = dossier(scenario), dossier(scenario, lang="zh")
    mine = table["household"] == LAST.get(case, "A")
    (row,) = table[mine].to_dict("records")
    assert row["remark"] == f"no offer, because {expected}"
    assert (row["route"], row["pool"], row["first"], row["last"], row["housed_from"]) == ("",) * 5
    said = chinese.loc[mine, "remark"].item()
    assert said.startswith("没有可选的安置，原因：")
    assert " of " not in said
    assert ";" not in said


LISTED = {
    # 50 m² due to one person; the only homes have 100, and at most 30 above are allowed.
    "no_offer_no_word": (
        """
        home_policies: [{id: q, basis: person, per_basis: 50, maximum_above: 30}]
        projects: [{id: P, home_policy: q, routes: [own_unit]}]
        households: [{id: B, project: P, area: 10, persons: 1}]
        estates: [{id: E, projects: [P], units: [{type: a, area: 100, on_hand: 5}]}]
        """,
        f"{OWN}; E: the smallest home to be had has 100 m², more than is allowed for the area due",
    ),
    "the small ones are neither in stock nor to come": (
        """
        home_policies: [{id: q, max_homes: 2, maximum_above: 0}]
        projects: [{id: P, home_policy: q, routes: [own_unit]}]
        households: [{id: B, project: P, area: 35}]
        estates: [{id: E, projects: [P], units: [{type: a, area: 20}, {type: b, area: 70, on_hand: 9}]}]
        """,
        f"{OWN}; E: the smallest home to be had has 70 m², more than is allowed for the area due",
    ),
    "all too large": (
        """
        home_policies: [{id: q, basis: person, per_basis: 30, maximum_above: 10, round_up: false}]
        projects: [{id: P, home_policy: q, routes: [own_unit, transfer]}]
        households: [{id: A, persons: 2}, {id: B, project: P, area: 9, persons: 1}]
        estates:
          - {id: E, projects: [P], units: [{type: a, area: 75, on_hand: 4}]}
          - {id: F, projects: [Q], units: [{type: a, area: 90, on_hand: 4}, {type: b, area: 71, on_hand: 1}]}
        """,
        (
            "it accepts only homes of its own project, homes of other projects; E: the smallest home to be had has "
            "75 m², more than is allowed for the area due; F: the smallest home to be had has 71 "
            "m², more than is allowed for the area due"
        ),
    ),
}


@pytest.mark.parametrize("case", LISTED)
def test_check_lists_households_of_any_area_together(case: str, tmp_path: Path) -> None:
    change, reason = LISTED[case]
    scenario = stated(change, tmp_path)
    (notice,) = notice_households(compile_problem(scenario), scenario)
    assert (notice.kind, notice.households, notice.count, notice.reason) == ("no_offer", ("A", "B"), 2, reason)


def test_what_is_allowed_is_told_of_each_home_of_a_household(tmp_path: Path) -> None:
    # 100 m² due in two homes, or 50 m² in one: 110 / 2 = 55 are allowed, and 60.
    change = """
    home_policies: [{id: h, maximum_above: 10}]
    projects: [{id: P, home_policy: h, routes: [own_unit]}]
    households: [{id: A, area: 100, homes: 2}, {id: B, project: P, area: 50}]
    estates: [{id: E, projects: [P], units: [{type: a, area: 90, on_hand: 5}]}]
    """
    told = dossier(stated(change, tmp_path))
    assert told["entitled_m2"].tolist() == [50, 50, 50]
    assert [remark.split("at most ")[1] for remark in told["remark"]] == [
        f"{most} m² are allowed for 50 m² due" for most in (55, 55, 60)
    ]


def test_an_estate_open_but_full_of_causes_names_ten(tmp_path: Path) -> None:
    estates = ", ".join(f"{{id: E{n}, units: [{{type: a, on_hand: 1}}]}}" for n in range(12))
    table = dossier(
        stated(
            f"households: [{{id: A, estates: [X], routes: [transfer]}}]\nestates: [{estates}, {{id: X, "
            "projects: [Q], open_to: [], units: [{type: a, on_hand: 1}]}]",
            tmp_path,
        )
    )
    assert "E8, E9 and 2 more: not among the estates that it accepts" in table["remark"].item()
