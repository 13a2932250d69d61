"""Funds, vouchers and developers of a synthetic district, in proportion to its households."""

from __future__ import annotations

from typing import Any, Literal

from renewopt.synth.figures import HOUSEHOLDS, VOUCHER_PRICE
from renewopt.units import Month

Money = Literal["tight", "loose", "ample"]
MONEY: dict[Money, float] = {"tight": 1.0, "loose": 1.5, "ample": 5.0}
"""Factor on the funds of a district of 3,200 households."""
LOAN_GRACE, LOAN_TERM = 36, 96
"""Months from a draw of the special loan to its first and last repayment."""
DEVELOPERS = {"D1": (0.5, 0.10, 500), "D2": (0.3, 0.10, 350), "D3": (0.2, 0.05, 250)}
"""Share of the debts, bonus at this developer, homes for voucher households."""
DEBTS = 240_000_000
BOND = {1: 200_000_000, 13: 150_000_000, 25: 150_000_000}
BOND_RATE = 0.023
REVENUE = 8_000_000


def statements(
    households: int, money: Money, start: Month, months: int, payer: str | None, estates: list[str]
) -> dict[str, Any]:
    """State funds, commitments, owing, developers, vouchers and cash, as in a scenario file.

    Parameters
    ----------
    households
        Households of the district.
    money
        ``tight``, ``loose`` or ``ample``.
    start, months
        Calendar.
    payer
        Project whose fees a developer pays; its money comes back into the revenue.
    estates
        Estates whose progress releases the special loan.
    """
    size = households / HOUSEHOLDS
    ample = size * MONEY[money]
    last = start + (months - 1)
    drawn_until = start + min(35, months - 1)
    books_end = start + (months + LOAN_TERM)
    bond = {str(start + month): _yuan(amount * ample) for month, amount in BOND.items() if month < months}
    due = [*range(0, months, 6)]
    return {
        "funds": [
            {
                "id": "revenue",
                "opening": _yuan(10_000_000 * ample),
                "inflow": {"monthly": _yuan(REVENUE * ample), "until": str(books_end)},
            },
            {"id": "special_bond", "inflow": {"by_month": bond}, "uses": ["construction"]},
            {
                "id": "special_loan",
                "uses": ["construction"],
                "release": {"estates": estates, "upfront": 0.2},
                "borrow": {
                    "limit": _yuan(600_000_000 * ample),
                    "rate": 0.03,
                    "repayment": "level",
                    "grace": LOAN_GRACE,
                    "term": LOAN_TERM,
                    "until": str(drawn_until),
                },
            },
            {
                "id": "agency_advance",
                "uses": ["fees", "voucher", "moving"],
                "borrow": {
                    "limit": _yuan(80_000_000 * ample),
                    "repayment": "flexible",
                    "term": 24,
                    "until": str(last),
                    "label": "advance",
                },
            },
        ],
        "owing": [{"id": "owed_fees", "uses": ["fees"], "share": 0.2, "surcharge": 0.003, "latest": 12}],
        "commitments": [
            {
                "id": "bond_interest",
                "by_month": {
                    str(start + month): _yuan(sum(a for m, a in BOND.items() if m < month) * ample * BOND_RATE / 2)
                    for month in range(7, months, 6)
                },
                "funds": ["revenue"],
            }
        ],
        "developers": [
            {
                "id": developer,
                "homes": {"on_hand": max(1, round(homes * size))},
                "debts": [{"due": str(start + m), "amount": _yuan(DEBTS * share * size / len(due))} for m in due],
            }
            for developer, (share, _, homes) in DEVELOPERS.items()
        ],
        "vouchers": [
            {
                "id": "voucher",
                "price": VOUCHER_PRICE,
                "developers": [
                    {"developer": developer, "bonus": bonus} for developer, (_, bonus, _) in DEVELOPERS.items()
                ],
                "instalments": [{"after": 0, "share": 0.3}, {"after": 6, "share": 0.3}, {"after": 12, "share": 0.4}],
                "valid": 12,
                "housed_after": 2,
            }
        ],
        "cash": [{"id": "cash", "price": 5_500, "tail": 6, "tail_multiplier": 1}],
        "fee_policies": [_fee_policy("standard"), *([_enterprise()] if payer else [])],
        "home_policies": [
            {
                "id": "homes",
                "max_homes": 2,
                "above": [{"up_to": 15, "yuan_per_m2": 4_000}, {"yuan_per_m2": 6_000}],
                "into": "revenue",
            }
        ],
    }


def _fee_policy(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "rate": 10,
        "term": {"low_rise": 24, "high_rise": 36},
        "overdue": [{"after": 0, "multiplier": 1.5}, {"after": 12, "multiplier": 2}],
        "tail": 3,
        "uplifts": [
            {"group": "low_income", "category": "hardship", "percent": 0.2},
            {"group": "disabled", "category": "health", "once": 30_000},
            {"group": "seriously_ill", "category": "health", "once": 50_000},
        ],
        "moving_fee": {"per_m2": 15, "minimum": 1_000},
    }


def _enterprise() -> dict[str, Any]:
    payer = {"developer": "D2", "advance": 1, "recovered": 0.6, "after": 12, "into": "revenue"}
    return {**_fee_policy("enterprise"), "paid_by": payer}


def _yuan(amount: float) -> int:
    """Whole hundreds of yuan, at least one."""
    return max(100, round(amount / 100) * 100)
