"""What is short, in words."""

from dataclasses import replace

import pytest

from renewopt.ledger import Violation
from renewopt.optimiser.infeasibility.bottleneck import Bottleneck
from renewopt.optimiser.infeasibility.shortage import DeadlineShort, LeastShortage, MoneyShort, TargetShort
from renewopt.results.shortages import describe_shortage, shortfalls

MONEY = MoneyShort("fees/P1", "fees", "P1", (("2024-03", 1000.0), ("2024-05", 3000.5)))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            LeastShortage(money=(MONEY,)),
            (
                "money",
                "fees/P1",
                "2024-03",
                4000.5,
                "fees/P1: 4,001 yuan short from 2024-03 to 2024-05, most in 2024-05 (3,001 yuan)",
            ),
        ),
        (
            LeastShortage(money=(MoneyShort("cash/P1", "cash", "P1", (("2024-03", 10.0),)),), whole=False),
            ("money", "cash/P1", "2024-03", 10.0, "cash/P1: at least 10 yuan short in 2024-03"),
        ),
        (
            LeastShortage(deadlines=(DeadlineShort("P2", "2025-01", 41.0),)),
            ("households", "P2", "2025-01", 41.0, "P2: 41 households cannot be housed by 2025-01, whatever the money"),
        ),
        (
            LeastShortage(targets=(TargetShort("D1", "2025-06", 5e6),)),
            ("offset", "D1", "2025-06", 5e6, "D1: 5,000,000 yuan of debt cannot be set off by 2025-06"),
        ),
        (
            LeastShortage(),
            (
                "rule",
                "",
                "",
                None,
                "the rules cannot all be kept; which of them stand against one another was not found out",
            ),
        ),
        (
            LeastShortage(measured=False),
            ("rule", "", "", None, "what is short could not be worked out in the time given; allow more"),
        ),
        (
            LeastShortage((MoneyShort("fees/P", "fees", "P", (("2024-02", 5.0),)),), whole=False, merged=True),
            ("money", "fees/P", "2024-02", 5.0, "fees/P: about 5 yuan short in 2024-02"),
        ),
    ],
)
def test_each_kind(found: LeastShortage, said: tuple[object, ...]) -> None:
    (short,) = describe_shortage(found)
    assert (short.what, short.where, short.month, short.amount, short.text["en"]) == said
    assert short.text["zh"] != short.text["en"]
    # In Chinese what is to be paid goes by its word.
    if short.what == "money":
        assert short.where not in short.text["zh"]


def test_the_bottleneck_of_homes_is_named() -> None:
    neck = Bottleneck(tuple(f"H{number}" for number in range(41)), 41, ("E1/90",), 30)
    late, homes = describe_shortage(LeastShortage(deadlines=(DeadlineShort("P2", "2025-01", 11.0),), bottleneck=neck))
    assert late.what == "households"
    assert (homes.what, homes.where, homes.amount) == ("homes", "E1/90", 11)
    assert homes.text["en"].startswith(
        "41 households can only use homes of E1/90, which house at most 30 of them in time: H0, H1,"
    )
    assert homes.text["en"].endswith("H11, … (41)")


def test_nothing_found_is_nothing_said() -> None:
    assert describe_shortage(None) == ()


def test_shortfalls_of_a_rule_are_gathered_by_need() -> None:
    def lack(need: str, month: str, fen: int) -> Violation:
        place = (("need", need), ("month", month))
        return Violation("need", "need.shortfall", place, 0, fen, kind="finding")

    other = Violation("deadline", "deadline.missed", (("claim", "H"),), 0, 1, "households", kind="finding")
    found = shortfalls(
        [lack("fees/P", "2024-02", 150), other, lack("fees/P", "2024-01", 100), lack("cash/P", "2024-01", 5)]
    )
    assert [(short.where, short.month, short.amount) for short in found] == [
        ("fees/P", "2024-01", 2.5),
        ("cash/P", "2024-01", 0.05),
    ]


def test_households_without_any_home_are_told_without_naming_none() -> None:
    neck = Bottleneck(("A",), 1, (), 0)
    late, homes = describe_shortage(LeastShortage(deadlines=(DeadlineShort("P", "2024-02", 1.0),), bottleneck=neck))
    assert late.text["en"] == "P: 1 household cannot be housed by 2024-02, whatever the money"
    assert homes.text["en"] == "no home is open in time to 1 household: A"


def test_who_is_late_for_lack_of_money_is_told_before_the_money() -> None:
    late = DeadlineShort("P", "2024-03", 3.0)
    first, second = describe_shortage(LeastShortage(money=(MONEY,), unfunded=(late,)))
    assert first.text["en"] == "P: 3 households cannot be housed by 2024-03 with the money there is"
    assert second.what == "money"
    (first, _) = describe_shortage(LeastShortage(money=(MONEY,), unfunded=(replace(late, certain=False),), whole=False))
    assert first.text["en"] == (
        "of P and all others, at least 3 households cannot be housed in time with the money there is"
    )


def test_of_several_projects_only_the_sum_is_told_where_one_can_be_late_for_the_other() -> None:
    late = tuple(DeadlineShort(name, month, 1.5, certain=False) for name, month in (("P", "2024-02"), ("Q", "2024-03")))
    (short,) = describe_shortage(LeastShortage(deadlines=late, whole=False))
    assert short.where == "P;Q"
    assert "at least 3 households" in short.text["en"]
    assert (short.month, short.amount) == ("2024-02", 3.0)
