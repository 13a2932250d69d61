"""Words of the audit, in both languages."""

import re
from pathlib import Path
from string import Formatter

import pytest

import renewopt.ledger
from renewopt.ledger import Violation
from renewopt.wording import Currency, Place
from renewopt.wording.phrases.findings import PHRASES


def names(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_phrase_says_what_was_found_and_expected():
    for code, phrase in PHRASES.items():
        assert all({"expected", "found"} <= names(text) for text in phrase), code


def test_every_message_is_used_and_every_code_has_one():
    source = "".join(path.read_text("utf-8") for path in Path(renewopt.ledger.__file__).parent.glob("checks_*.py"))
    assert set(re.findall(r'"([a-z]+\.[a-z]+)"', source)) == set(PHRASES)


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (150, "hundredths", "1.50"),
        (-105, "hundredths", "-1.05"),
        (300, "hundredths", "3"),
        (1234, "fen", "12.34"),
        (-5, "fen", "-0.05"),
        (7, "households", "7"),
        ("2024-05", "month", "2024-05"),
    ],
)
def test_values_in_their_units(amount, unit, text):
    violation = Violation("fund", "fund.balance", (("fund", "tax"), ("month", "2024-06")), 0, amount, unit)
    assert violation.message() == f"fund tax closes 2024-06 with {text} yuan; expected at least {violation_zero(unit)}"


def violation_zero(unit):
    return "0.00 yuan" if unit == "fen" else "0 yuan"


def test_a_violation_in_words():
    violation = Violation("need", "need.shortfall", (("need", "fees/P1"), ("month", "2024-06")), 0, 500, kind="finding")
    assert str(violation) == "finding (need): 5.00 yuan of fees/P1 in 2024-06 cannot be found; expected 0.00"
    assert violation.message("zh") == "fees/P1 在2024年6月缺口 5.00 元；应为 0.00"
    assert violation.place == {"need": "fees/P1", "month": "2024-06"}


def test_a_message_uses_the_currency_of_the_place_where_it_was_found() -> None:
    yen = Place(Currency("yen", "yen", "日元", digits=0))
    with yen.spoken():
        found = Violation("fund", "fund.balance", (("fund", "tax"), ("month", "2024-06")), 0, -12_345)
    assert found.message() == "fund tax closes 2024-06 with -123 yen; expected at least 0 yen"
    assert found == Violation("fund", "fund.balance", (("fund", "tax"), ("month", "2024-06")), 0, -12_345)
