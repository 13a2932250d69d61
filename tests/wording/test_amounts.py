"""Amounts as planners write them."""

import pytest

from renewopt.wording import Language
from renewopt.wording.amounts import in_report, in_table, yuan


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [("en", 0, "0 yuan"), ("en", -1234.5, "-1,234 yuan"), ("zh", 1e8, "10,000.00万元"), ("zh", 0, "0.00万元")],
)
def test_amounts(language: Language, amount: float, shown: str) -> None:
    assert yuan(language, amount) == shown


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [
        ("zh", 99_999_999, "10,000.00万元"),
        ("zh", -1e8, "-1.00亿元"),
        ("en", 999_999, "999,999 yuan"),
        ("en", -1e6, "-1.00 million yuan"),
    ],
)
def test_amounts_of_reports(language: Language, amount: float, shown: str) -> None:
    assert in_report(language, amount) == shown


def test_amounts_of_tables() -> None:
    assert (in_table("zh", 12_345), in_table("en", 12_345.4)) == ("1.23", "12,345")
