"""Write the figures of district.md and zh.md anew, from plans of the district.

    renewopt plan scenarios/district/district.yaml --gap 0.01 --out out/district
    renewopt plan scenarios/district/district.yaml --variant compliant --gap 0.01 --out out/compliant
    python docs/make_district.py out/district out/compliant

Each figure on the pages is followed by a comment with its name, ``201.0<!--waiting-->``; nothing but these figures is
written. A slow test makes the plans and holds the pages to them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import renewopt
from renewopt import Plan
from renewopt.problem import compile_problem, take_stock
from renewopt.results.record import Savings

PAGES = tuple(Path(__file__).with_name(name) for name in ("district.md", "zh.md"))
FIGURE = re.compile(r"([\d,.\-]*\d)<!--([\w.\-]+)-->")
SCENARIO = Path(__file__).parents[1] / "scenarios" / "district" / "district.yaml"


def figures(base: Plan, compliant: Plan) -> dict[str, str]:
    """Return every figure by name, as it is written."""
    scenario = renewopt.load(SCENARIO)
    bill = take_stock(compile_problem(scenario), scenario).bill
    return {
        "first_month": _millions(float(bill["total"].sum()), 2),
        **figures_of(base),
        **figures_of(compliant, "compliant."),
    }


def figures_of(plan: Plan, before: str = "") -> dict[str, str]:
    """Return the figures of one plan by name, with something before it."""
    savings, rows = plan.savings, plan.allocation
    assert isinstance(savings, Savings)
    assert plan.objective is not None
    assert plan.gap is not None
    first = min(plan.construction.loc[plan.construction["handed_over"] == "yes", "month"], default="")
    money = rows[rows["route"].isin(["voucher", "cash"]) & (rows["month"] == plan.start)]
    moved = rows[(rows["route"] == "own_unit") & (rows["housed"] == first)]
    transfer = rows[rows["route"] == "transfer"]
    found = {
        "waiting": _millions(savings.waiting_fees),
        "waiting.accrued": _millions(savings.waiting_fees - savings.waiting_valued),
        "waiting.valued": _millions(savings.waiting_valued),
        "fees": _millions(plan.transition_fees or 0.0),
        "weighted": _millions(plan.objective),
        "gap": f"{plan.gap:.2%}"[:-1],
        "saved": _millions(savings.against_waiting),
        "saved.accrued": _millions(savings.against_waiting - savings.saved_valued),
        "saved.valued": _millions(savings.saved_valued),
        "convention": _millions(savings.office_convention),
        "settled": f"{plan.settled or 0:,}",
        "fiscal": _millions(plan.fiscal_cost or 0.0),
        "all_settled": plan.all_settled_month or "",
        "clear": plan.clear_month or "",
        "first_handover": first,
        "money_at_once": _count(money),
        "transfer_later": _count(transfer[transfer["housed"] > first]),
        "bond_left": _millions(_left(plan, "special_bond"), 0),
    }
    for project in ("P1", "P2", "P3", "P4"):
        found[f"money_at_once.{project}"] = _count(money[money["project"] == project])
        found[f"moved_in.{project}"] = _count(moved[moved["project"] == project])
        of_project = transfer[transfer["project"] == project]
        found[f"transfer_at_first.{project}"] = _count(of_project[of_project["housed"] == first])
        found[f"own_of.{project}"] = _count(rows[(rows["route"] == "own_unit") & (rows["project"] == project)])
    for route in ("own_unit", "voucher", "transfer", "cash"):
        found[f"by.{route}"] = _count(rows[rows["route"] == route])
    for year in range(2024, 2029):
        of_year = plan.fees[plan.fees["month"] == f"{year}-12"]
        found[f"fees_in.{year}-12"] = _millions(float(of_year["ordinary"].sum() + of_year["overdue"].sum()))
    return {before + name: text for name, text in found.items()}


def _left(plan: Plan, fund: str) -> float:
    own = plan.funds[plan.funds["fund"] == fund]
    return float(own["balance"].iloc[-1]) if len(own) else 0.0


def _count(rows: object) -> str:
    return f"{int(rows['count'].sum()):,}"  # type: ignore[index]


def _millions(amount: float, digits: int = 1) -> str:
    return f"{amount / 1e6:,.{digits}f}"


def written(name: str, found: dict[str, str]) -> str:
    """Return a figure as it is written; ``yi.`` before its name: in 亿元, for the Chinese page."""
    if name.startswith("yi."):
        return f"{float(found[name[3:]].replace(',', '')) / 100:.2f}"
    return found[name]


def page(text: str, found: dict[str, str]) -> str:
    """Write the figures into a page; a name that there is none of is an error."""
    return FIGURE.sub(lambda match: f"{written(match[2], found)}<!--{match[2]}-->", text)


if __name__ == "__main__":
    values = figures(*map(renewopt.read_plan, sys.argv[1:3]))
    for path in PAGES:
        path.write_text(page(path.read_text(encoding="utf-8"), values), encoding="utf-8")
