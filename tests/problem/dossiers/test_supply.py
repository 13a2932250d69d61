"""When an offer can house, and why it never can, by hand."""

from pathlib import Path

import pytest
from tests.problem.dossiers.stating import stated

from renewopt.problem.dossiers import dossier


def homes(units: str, more: str = "projects: [P]") -> str:
    return f"estates: [{{id: E, {more}, units: [{{type: a, {units}}}]}}]\n"


FROM = {
    "in stock": (homes("on_hand: 1"), "2024-01"),
    "in stock, and a wait": (homes("on_hand: 1", "projects: [P], housed_after: 3"), "2024-04"),
    "the second of two arrivals fills a home": (homes("arrivals: {2024-03: 0.5, 2024-07: 0.5}"), "2024-07"),
    "an arrival after the planned months, and a wait": (
        homes("arrivals: {2025-03: 1}", "projects: [P], housed_after: 3"),
        "2025-03",
    ),
    "a phase, by its lag": (
        homes("on_hand: 0", "projects: [P], phases: [{id: p, cost: 100, handover_lag: 4, delivers: {a: 2}}]"),
        "2024-05",
    ),
    "a phase, by its earliest month": (
        homes("on_hand: 0", "projects: [P], phases: [{id: p, cost: 100, earliest: 2024-09, delivers: {a: 2}}]"),
        "2024-09",
    ),
    "a phase, by its monthly limit": (
        homes(
            "on_hand: 0",
            "projects: [P], phases: [{id: p, cost: 100, monthly_limit: 30, handover_lag: 1, delivers: {a: 2}}]",
        ),
        "2024-05",
    ),
    "a phase that is paid": (
        homes("on_hand: 0", "projects: [P], phases: [{id: p, cost: 100, progress: 100%, delivers: {a: 2}}]"),
        "2024-01",
    ),
    "a village kept together waits for its last home": (
        homes("on_hand: 2, arrivals: {2024-05: 1}") + "households: [{id: A, count: 3, indivisible: true}]",
        "2024-05",
    ),
    "a cohort does not": (homes("on_hand: 2, arrivals: {2024-05: 1}") + "households: [{id: A, count: 3}]", "2024-01"),
}

NEVER = {
    "no stock": (homes("on_hand: 0"), "too few homes are in stock or to come"),
    "too little for all who must go together": (
        homes("on_hand: 2") + "households: [{id: A, count: 3, indivisible: true}]",
        "too few homes are in stock or to come",
    ),
    "a phase that cannot be finished in the planned months": (
        homes(
            "on_hand: 0",
            "projects: [P], housed_after: 8, phases: [{id: p, cost: 100, earliest: 2025-01, delivers: {a: 2}}]",
        ),
        "too few homes are in stock or to come",
    ),
    "stock after the last choice": (
        homes("arrivals: {2025-03: 5}"),
        "its homes are there from 2025-03 on, later than it can be chosen for",
    ),
    "nothing open to others": (
        homes("on_hand: 5, surplus: 0", "projects: [Q]"),
        "too few homes are open to other projects",
    ),
    "all due to the own households": (
        homes("on_hand: 1", "projects: [Q]") + "households: [{id: B, project: Q, moved_out: 2023-01}]\n"
        "fee_policies: [{id: p, basis: household}]\n",
        "too few homes are open to other projects",
    ),
    "a share that comes to nobody": (
        "households: [{id: A, routes: [cash]}]\ncash: [{id: C, price: 100, take_up: 50%}]",
        "a limit on settlements leaves no room for it",
    ),
    "a throughput below those who must go together": (
        homes("on_hand: 9") + "households: [{id: A, count: 3, indivisible: true}]\nthroughput: [{id: t, per_month: 2}]",
        "a limit on settlements leaves no room for it",
    ),
}


@pytest.mark.parametrize("case", FROM)
def test_the_first_month_in_which_it_can_house(case: str, tmp_path: Path) -> None:
    change, month = FROM[case]
    row = dossier(stated(change, tmp_path)).query("household == 'A'").iloc[0]
    assert (row["housed_from"], row["remark"]) == (month, "")


@pytest.mark.parametrize("case", NEVER)
def test_offers_that_can_never_be_had(case: str, tmp_path: Path) -> None:
    change, cause = NEVER[case]
    scenario = stated(change, tmp_path)
    for lang, head in (("en", f"never: {cause}"), ("zh", "无法选到：")):
        row = dossier(scenario, lang=lang).query("household == 'A'").iloc[0]  # type: ignore[arg-type]
        assert row["remark"].startswith(head)
        assert row["housed_from"] == ""
        assert row["route"]
