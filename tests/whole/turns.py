"""Turns of fees and money that come on top of a drawn scenario, each in a share of the scenarios.

They are drawn from a stream of their own, so that what `tests.whole.stating` draws stays as it is without them.
"""

from __future__ import annotations

import re

from tests.whole.stating import ROUTES, Draw, Tree


def add_turns(draw: Draw, tree: Tree) -> None:
    """Add further turns to a scenario."""
    _lapsing(draw, tree)
    _first_months(draw, tree)
    _prices_by_month(draw, tree)
    _ends(draw, tree)
    _periods(draw, tree)
    _prepaid(draw, tree)
    _curves(draw, tree)
    _seldom_of_fees(draw, tree)
    _seldom_of_money(draw, tree)


def _lapsing(draw: Draw, tree: Tree) -> None:
    """Money that lapses in part, or after a time."""
    for fund in tree["funds"]:
        ample = fund["id"] == "treasury"
        if ample and draw.chance(0.1):
            fund["carry_over"] = draw.random.choice(["month", "year"])
            fund["carry_over_limit"] = draw.money(80_000, 400_000)
        elif "carry_over" in fund and draw.chance(0.7):
            fund["carry_over_limit"] = draw.money(0, 120_000)
        if draw.chance(0.1 if ample else 0.3):
            fund.update(
                draw.random.choice(
                    [{"valid_months": draw.random.randint(2 if ample else 1, 5)}] * 2
                    + [{"valid_years": draw.random.choice([1, 1, 2])}]
                )
            )


def _first_months(draw: Draw, tree: Tree) -> None:
    """What is paid of the month of moving out; which then lies within the plan now and then."""
    policies = [policy for policy in tree["fee_policies"] if draw.chance(0.3)]
    for policy in policies:
        policy["first_month"] = draw.random.choice(["half", "next", "by_day", "by_day", "whole"])
    if not policies:
        return
    by_day = any(policy["first_month"] == "by_day" for policy in policies)
    for row in tree["households"]:
        if draw.chance(0.4):
            row["moved_out"] = draw.month(-2, draw.months - 2)
    for each in [*tree["projects"], *tree["households"], *tree.get("fee_parts", [])]:
        if not by_day or "moved_out" not in each:
            continue
        if each in tree["projects"] or draw.chance(0.4):
            each["moved_out_day"] = draw.random.randint(1, 28)
        else:
            each["moved_out"] = _dated(draw, each["moved_out"])


def _dated(draw: Draw, month: str) -> str:
    """A date within a month, in one of the ways in which dates are written."""
    year, number = map(int, re.findall(r"\d+", month))
    day = draw.random.randint(1, 28)
    forms = [f"{year}-{number:02d}-{day:02d}", f"{year}/{number}/{day}", f"{year}年{number}月{day}日"]
    return draw.random.choice([*forms, f"{year}{number:02d}{day:02d}"])


def _prices_by_month(draw: Draw, tree: Tree) -> None:
    """Months within a cell, in other ways of writing them."""
    for quote in tree.get("quotes", []):
        if "price_by_month" in quote and draw.chance(0.6):
            pairs = [pair.split(":") for pair in quote["price_by_month"].split(";")]
            quote["price_by_month"] = ";".join(f"{_as_kept(draw, month)}:{price}" for month, price in pairs)


def _as_kept(draw: Draw, month: str) -> str:
    year, number = map(int, month.split("-"))
    return draw.random.choice(
        [month, f"{year}/{number}", f"{year}年{number}月", f"{year}{number:02d}", f"{year}/{number:02d}/01"]
    )


def _ends(draw: Draw, tree: Tree) -> None:
    """The end of households, and others that were split from them."""
    r, rows = draw.random, tree["households"]
    if not draw.chance(0.3):
        return
    moved = {project["id"]: project.get("moved_out") for project in tree["projects"]}
    for row in r.sample(rows, k=min(len(rows), r.choice([1, 1, 2]))):
        since = row.get("moved_out") or moved[row["project"]]
        heirs = r.choice([0, 1, 2])
        if draw.chance(0.85) or not heirs:
            row["ends"] = max(draw.key(-1, draw.months + 2), _key(since))
        for _ in range(heirs):
            rows.append(_heir(draw, tree, row, f"H{len(rows) + 1}"))


def _heir(draw: Draw, tree: Tree, row: Tree, name: str) -> Tree:
    """A household that was split from another."""
    r = draw.random
    heir: Tree = {"id": name, "project": row["project"], "split_from": row["id"], "persons": r.randint(1, 3)}
    heir["area"] = r.choice([30, 47.5, 60])
    if draw.chance(0.2):
        heir["project"] = r.choice(["P1", "P2"])
    if draw.chance(0.15):
        heir["moved_out"] = draw.month(-6, 1)
        if "moved_out_day" in row or any("moved_out_day" in project for project in tree["projects"]):
            heir["moved_out_day"] = r.randint(1, 28)
    if draw.chance(0.15):
        heir["term"] = r.choice([3, 10])
    elif draw.chance(0.15):
        heir["term_class"] = r.choice(["low", "high"])
    if draw.chance(0.1):
        heir["fee_policy"] = r.choice(tree["fee_policies"])["id"]
    if draw.chance(0.2):
        heir["routes"] = sorted(r.sample(ROUTES, k=2))
    if draw.chance(0.2):
        heir["groups"] = ["poor"]
    return heir


def _key(month: str) -> str:
    """A month as it stands before a colon."""
    figures = re.findall(r"\d+", month)
    year, number = (figures[0][:4], figures[0][4:6]) if len(figures) == 1 else figures[:2]
    return f"{year}-{int(number):02d}"


def _periods(draw: Draw, tree: Tree) -> None:
    """Periods of payment that are counted from moving out, or paid in advance."""
    r, policies = draw.random, tree["fee_policies"]
    chosen = [policy for policy in policies if draw.chance(0.35)]
    if not chosen:
        return
    parts = tree.get("fee_parts", [])
    if parts:
        # Parts of one fee fall due together.
        chosen = policies
        frequency = r.choice(["quarterly", "half_yearly"])
        alike = len({str(policy.get("frequency")) for policy in policies}) == 1
    terms: Tree = {"period_from": "moving_out"} if draw.chance(0.7) else {}
    if draw.chance(0.5):
        terms["in_advance"] = True
    for policy in chosen:
        if not parts and draw.chance(0.7):
            policy["frequency"] = r.choice(["quarterly", "half_yearly", "yearly"])
        elif parts and alike:
            policy["frequency"] = frequency
        policy.update(terms)
        if "in_advance" in terms:
            policy["tail_multiplier"] = r.choice([1, 1.5])
    if "in_advance" in terms:
        # No multiplier is in force in a month that was paid for before.
        own = any({"fee_policy", "moved_out", "term"} & set(part) for part in parts)
        for each in [*chosen, *tree.get("vouchers", []), *tree.get("cash", []), *tree.get("quotes", [])]:
            if each.get("tail_multiplier") == "in_force":
                each["tail_multiplier"] = 1
            if own:
                # No one multiplier holds for parts that are overdue in other months.
                each.pop("tail", None)


def _prepaid(draw: Draw, tree: Tree) -> None:
    """What households were paid too much before the start."""
    if draw.chance(0.3):
        for row in tree["households"]:
            if draw.chance(0.4):
                row["prepaid"] = draw.money(100, 12_000)


def _curves(draw: Draw, tree: Tree) -> None:
    """Fees of some households that are given directly."""
    r = draw.random
    parted = {part["household"] for part in tree.get("fee_parts", [])}
    rows = [row for row in tree["households"] if row["id"] not in parted]
    if not rows or not draw.chance(0.25):
        return
    steps = [step for row in r.sample(rows, k=min(len(rows), r.choice([1, 2]))) for step in _curve(draw, row)]
    tree["fee_curves"] = steps


def _curve(draw: Draw, row: Tree) -> list[Tree]:
    r = draw.random
    claims = range(1, row.get("homes", 1) + 1)
    apart = len(claims) > 1 and draw.chance(0.5)
    steps: list[Tree] = []
    for claim in claims if apart else [0]:
        months = sorted(r.sample(range(-4, draw.months + 3), k=r.choice([1, 2, 3])))
        for number, month in enumerate(months):
            step: Tree = {"household": row["id"], "fee": draw.money(200, 3000)}
            step.update({"claim": str(claim)} if apart else {})
            if number or draw.chance(0.4):
                step["from"] = draw.month(month, month)
            if draw.chance(0.4):
                step["overdue"] = True
            steps.append(step)
    r.shuffle(steps)
    return steps


def _seldom_of_fees(draw: Draw, tree: Tree) -> None:
    """Keys of fees that are seldom stated, and names, which change nothing."""
    r = draw.random
    for policy in tree["fee_policies"]:
        if draw.chance(0.3):
            policy["turnover"] = [{"multiplier": r.choice([1, 1.5])}, {"after": 3, "multiplier": 2}][: r.choice([1, 2])]
    for owed in tree.get("arrears", []):
        if draw.chance(0.5):
            owed["use"] = r.choice(["voucher", "cash", "moving", "units"])
    for section in ("projects", "estates", "developers", "vouchers", "cash", "funds", "commitments"):
        for each in tree.get(section, []):
            for named in (each, *each.get("phases", [])):
                named.update({"name": r.choice(["北苑", "Old town"])} if draw.chance(0.1) else {})


def _seldom_of_money(draw: Draw, tree: Tree) -> None:
    """Keys of money that are seldom stated."""
    r = draw.random
    for loan in tree.get("opening_loans", []):
        if loan["repayment"] == "level" and draw.chance(0.5):
            loan["grace"] = 1
    for commitment in tree.get("commitments", []):
        if draw.chance(0.4):
            commitment["from"] = draw.month(-1, 1)
    for borrow in [fund["borrow"] for fund in tree["funds"] if "borrow" in fund]:
        borrow.update({"from": draw.month(-1, 1)} if draw.chance(0.4) else {})
        borrow.update({"label": r.choice(["loan", "advance", "bond"])} if draw.chance(0.4) else {})
    for move in tree.get("moves", []):
        if "monthly_limit" in move:
            move["monthly_limit"] = draw.limit(move["monthly_limit"], draw.money(10_000, 80_000))
    for voucher in tree.get("vouchers", []):
        if draw.chance(0.3):
            voucher["valid"] = voucher.get("housed_after", 0) + r.choice([0, 3])
    if draw.chance(0.2):
        tree["objective"]["shortfall_penalty"] = r.choice([5, 20])
