"""What is at risk, told from tables made by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from renewopt import Plan
from renewopt.results import tables
from renewopt.results.record import Remark, Savings
from renewopt.results.reporting.page import words_for
from renewopt.results.reporting.risks import phases, risks

BASE = Plan("d", None, "0" * 64, None, "optimal", {}, "0", "2024-01", 12, "optimal", "transition_fees")
STATED = {
    "phases": {
        "E-1": {"estate": "E", "cost": "100", "handover_lag": 1, "delivers": {"60": "5", "90": "5"}},
        "E-2": {"estate": "E", "cost": "100", "handover_lag": 1, "delivers": {"60": "3"}},
    },
    "vouchers": {"V": {"price": "1", "valid": 3, "housed_after": 2, "start": "2024-01", "months": 6}},
}


def frame(table: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    lacking = tables.ROSTER if table in tables.LATER else ()
    return pd.DataFrame([*rows], columns=[name for name in tables.COLUMNS[table] if name not in lacking])


def told(plan: Plan) -> list[str]:
    assert len(risks(plan, words_for("zh"))) == len(risks(plan, words_for("en")))
    return risks(plan, words_for("en"))


def test_nothing_at_risk() -> None:
    assert told(BASE) == []


def test_phases_without_a_month_to_spare() -> None:
    plan = replace(
        BASE,
        stated=STATED,
        construction=frame(
            "construction",
            ("2024-01", "E", "E-1", 50.0, 50.0, ""),
            ("2024-03", "E", "E-1", 50.0, 0.0, ""),
            ("2024-04", "E", "E-1", 0.0, 0.0, "yes"),
            ("2024-01", "E", "E-2", 100.0, 0.0, ""),
            ("2024-06", "E", "E-2", 0.0, 0.0, "yes"),
            ("2024-02", "F", "F-1", 9.0, 1.0, ""),
        ),
        claims=frame(
            "claims",
            ("A", "", "P", "own_unit", "E/60", "2024-04", 2, "2024-04", "2024-04"),
            ("B", "", "P", "own_unit", "E/60;E/90", "2024-04", 1, "2024-04", "2024-04"),
            ("C", "", "P", "own_unit", "E/60", "2024-06", 3, "2024-06", "2024-06"),
            ("D", "", "P", "voucher", "V", "2024-04", 7, "2024-04", "2024-04"),
        ),
    )
    table = phases(plan).set_index("phase")
    assert table.loc["E-1", ["spare", "homes", "housed"]].tolist() == [0, 10, 3]
    assert table.loc["E-2", ["spare", "homes", "housed"]].tolist() == [4, 3, 3]
    never, tight, *rest = told(plan)
    assert never == "F-1: 9 yuan are paid, but it is not handed over within the horizon."
    assert tight.startswith("E-1: the last payment in 2024-03 leaves no month to spare")
    assert "3 households" in tight
    assert len(rest) == 1  # the voucher


def test_households_left_waiting() -> None:
    people = frame("people", ("2024-12", "P", 0, 4, 3), ("2024-12", "Q", 5, 0, 0), ("2025-01", "P", 4, 0, 0))
    assert told(replace(BASE, people=people)) == ["P: 4 households still wait in 2024-12, 3 of them overdue."]


def test_funds_used_up_and_fees_owed() -> None:
    plan = replace(
        BASE,
        funds=frame(
            "funds",
            ("2024-01", "budget", "inflow", "", 10.0, 10.0),
            ("2024-01", "budget", "fees", "", -10.0, 0.0),
            ("2024-02", "budget", "inflow", "", 500.0, 500.0),
            ("2024-02", "budget", "fees", "", -495.1, 4.9),
            ("2024-03", "budget", "inflow", "", 500.0, 504.9),
            ("2024-03", "budget", "fees", "", -499.0, 5.9),
            ("2024-02", "bond", "inflow", "", 5.0, 5.0),
            ("2024-03", "pot", "moved_out", "", -5.0, 0.0),
        ),
        fees=frame("fees", ("2024-01", "P", 1.0, 2.0, 0.0, 3.0), ("2024-02", "P", 1.0, 2.0, 0.0, 6.0)),
    )
    used, owed = told(plan)
    assert used.startswith("budget: used up in 2 months (2024-01 to 2024-02), with less left")
    assert owed == "Fees are owed at the close of 2 months, most in 2024-02: 6 yuan."


def test_loans_drawn_in_full() -> None:
    rows = [
        ("2024-01", "loan", "borrowed", "", 60.0, 60.0),
        ("2024-01", "loan", "fees", "", -60.0, 0.0),  # it borrows what it needs: that is no warning
        ("2024-02", "loan", "borrowed", "", 38.0, 38.0),
        ("2024-02", "loan", "fees", "", -38.0, 0.0),
    ]
    stated = {"funds": {"loan": {"borrow": {"limit": "100", "revolving": False}}}}
    (line,) = told(replace(BASE, stated=stated, funds=frame("funds", *rows)))
    assert line.startswith("loan: 98 yuan of the limit of 100 yuan are drawn")
    assert told(replace(BASE, stated=stated, funds=frame("funds", *rows[:2]))) == []


def test_vouchers_near_their_end() -> None:
    claims = frame(
        "claims",
        ("A", "", "P", "voucher", "V/D1", "2024-06", 2, "2024-08", "2024-08"),
        ("B", "", "P", "voucher", "V", "2024-03", 1, "2024-05", "2024-05"),
    )
    valid, window = told(replace(BASE, stated=STATED, claims=claims))
    assert valid.startswith("V: 3 households;")
    assert valid.endswith("validity: 1.")
    assert window == "V: 2 households choose it in the last 2 months before the programme ends (2024-06)."


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"status": "time_limit"}, "ended before the asked gap"),
        ({"status": "interrupted"}, "was interrupted"),
        ({"savings": Savings(10.0, 0.0, -5.0, 0.0)}, "pays 5 yuan more"),
        ({"findings": (Remark("deadline.missed", {"en": "late", "zh": "迟"}),)}, "late"),
    ],
)
def test_what_the_record_says(change: dict[str, object], says: str) -> None:
    (line,) = told(replace(BASE, **change))  # type: ignore[arg-type]
    assert says in line


def test_of_very_many_only_some_are_told() -> None:
    rows = [("2024-12", f"P{n}", 0, 4, 3) for n in range(50)]
    lines = told(replace(BASE, people=frame("people", *rows)))
    assert len(lines) == 9
    assert lines[-1] == "... and 42 more of this kind."
    remarks = tuple(Remark("x", {"en": f"r{n}", "zh": f"注{n}"}) for n in range(100))
    assert told(replace(BASE, findings=remarks))[-1] == "... and 76 more of this kind."
