"""A scenario's currency and words: what may be stated, and how amounts are read then."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import renewopt
from renewopt.errors import ScenarioError
from renewopt.scenario.cells import parse_number
from renewopt.scenario.models import Scenario
from renewopt.scenario.registers import header_unit
from renewopt.scenario.table_specs import TABLES
from renewopt.units import parse_money
from renewopt.vocabulary import PLACE_TERMS
from renewopt.wording import HERE, Currency, Place

GBP = "currency: {name: pounds, one: pound, chinese: 英镑, symbol: £, code: GBP}\n"
POUNDS = Place(Currency("pounds", "pound", "英镑", "£", "GBP", 2, myriads=False))
YEN = Place(Currency("yen", "yen", "日元", "¥", "JPY", 0, myriads=True))
MINIMAL = """\
name: Small
start: 2024-01
months: 6
projects: [{id: P1, moved_out: 2023-01}]
fee_policies: [{id: standard, rate: 10, term: 24}]
households: [{id: H1, project: P1, area: 80}]
cash: [{id: C, price: 50}]
funds: [{id: budget, opening: OPENING}]
"""


def load(tmp_path: Path, more: str = "", opening: str = "100000") -> Scenario:
    file = tmp_path / "small.yaml"
    file.write_text(MINIMAL.replace("OPENING", opening) + more, "utf-8")
    return renewopt.load(file)


def refused(tmp_path: Path, more: str, opening: str = "100000") -> str:
    with pytest.raises(ScenarioError) as error:
        load(tmp_path, more, opening)
    return str(error.value)


@pytest.mark.parametrize(
    "text",
    ["£1,200", "1200 GBP", "gbp 1,200.00", "1,200 pounds", "1200英镑", "£ 1200", 1200, "1_200", "￡1200"],
)
def test_amounts_as_a_place_writes_them(text: object) -> None:
    with POUNDS.spoken():
        assert parse_money(text) == 1200


@pytest.mark.parametrize("text", ["300万元", "300万", "5亿元", "12元", "¥1,200", "RMB 12", "12 yuan", "四十万元整"])
def test_amounts_in_yuan_contradict_another_currency(text: str) -> None:
    with POUNDS.spoken(), pytest.raises(ValueError, match="is in renminbi; expected pounds, or text such as £1,200"):
        parse_money(text)


@pytest.mark.parametrize("text", ["$1,200", "£12 GBP", "1200 GBP pounds", "12,00 GBP", "1200 EUR", "pounds", None])
def test_what_is_no_amount_is_refused(text: object) -> None:
    with POUNDS.spoken(), pytest.raises(ValueError, match="not an amount of money; expected pounds"):
        parse_money(text)


def test_a_currency_without_a_smaller_unit() -> None:
    with YEN.spoken():
        assert [parse_money(text) for text in ("¥1,200", "300万日元", "2亿 yen", 5.0, "1200.00")] == [
            1200, 3_000_000, 200_000_000, 5, 1200,
        ]  # fmt: skip
        for text in ("12.5", 12.5, "¥0.5"):
            with pytest.raises(ValueError, match="has a part of a yen; whole amounts were expected"):
                parse_money(text)
        with pytest.raises(ValueError, match="is in renminbi"):
            parse_money("300万元")


def test_a_scenario_that_states_nothing_is_in_yuan(tmp_path: Path) -> None:
    assert load(tmp_path, opening="10万元").place is HERE


def test_currency_and_words_of_a_file(tmp_path: Path) -> None:
    words = "words: [{term: Transition fees, one: rent}, {term: 房票, chinese: 房券}, {term: top_up, one: extra}]\n"
    scenario = load(tmp_path, GBP + words, "'£100,000'")
    assert scenario.place.currency == POUNDS.currency
    assert [word.term for word in scenario.place.words] == ["transition_fee", "voucher", "top_up"]
    assert scenario.funds[0].opening == 100_000


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("currency: {name: dinars, digits: 3}", "accounts are kept in hundredths"),
        ("currency: {symbol: £}", "state `name`"),
        ("currency: {name: '<b>'}", "is no word"),
        ("currency: {name: pounds, symbol: '<'}", "is no sign of a currency"),
        ("currency: {name: pounds, code: pound}", "three capital letters"),
        ("currency: {name: '2 pounds'}", "is no word"),
        ("words: [{term: vouchr, one: token}]", "did you mean 'voucher'?"),
        ("words: [{term: voucher}]", "state `one`"),
        ("words: [{term: 3, one: token}]", "words.0.term: unknown value 3"),
        ("words: [{term: voucher, one: a}, {term: 房票, one: b}]", "voucher"),
        ('words: [{term: voucher, one: "tok\\u202een"}]', "is no word"),
        ('words: [{term: voucher, one: "tok\\x1b[31m"}]', "is no word"),
        ("words: [{term: voucher, one: '=SUM(A1)'}]", "is no word"),
        ("words: [{term: voucher, one: '{0.__class__}'}]", "is no word"),
        ("words: [{term: voucher, one: '%{x}'}]", "is no word"),
        ("words: [{term: voucher, one: 'a | b'}]", "is no word"),
        ("words: [{term: voucher, one: '<script>alert(1)</script>'}]", "is no word"),
        (f"words: [{{term: voucher, one: {'x' * 41}}}]", "too long"),
        (f"{GBP}variants: {{v: {{currency: {{name: euros}}}}}}", "a variant cannot change `currency`"),
        (f"{GBP}variants: {{v: {{words: [{{term: voucher, one: x}}]}}}}", "a variant cannot change `words`"),
    ],
)
def test_what_cannot_be_stated_is_refused_in_words(tmp_path: Path, stated: str, told: str) -> None:
    assert told in refused(tmp_path, stated + "\n")


def test_an_error_is_told_in_the_place_s_currency(tmp_path: Path) -> None:
    told = refused(tmp_path, GBP, "300万元")
    assert "funds.budget.opening" in told
    assert "expected pounds" in told


def header(name: str) -> tuple[float, bool]:
    factor, fault, wrong = header_unit(name, TABLES["quotes"]["price"])
    return factor, wrong or fault is not None


def test_units_in_headers_of_tables() -> None:
    with POUNDS.spoken():
        good = {"price (GBP)": 1, "price (£)": 1, "价格（千英镑）": 1e3, "price (million pounds)": 1e6}
        assert {name: header(name) for name in good} == {name: (factor, False) for name, factor in good.items()}
        for name in ("price (yuan)", "价格（万元）", "price (EUR)", "price ($)", "价格（万英镑）"):
            assert header(name)[1], name
        monthly = header_unit("fee (pounds/year)", TABLES["fee_curves"]["fee"])
        assert monthly == (pytest.approx(1 / 12), None, False)
    with YEN.spoken():
        assert header("价格（万日元）") == (1e4, False)
    assert header("价格（万元）") == (1e4, False)
    assert header_unit("price (GBP)", TABLES["quotes"]["price"])[2]


def test_cells_of_a_table_do_not_take_yuan_for_pounds(tmp_path: Path) -> None:
    quotes = "quotes: [{household: H1, route: cash, price: PRICE}]\n"
    assert load(tmp_path, GBP + quotes.replace("PRICE", "'£1,200'")).quotes["price"].tolist() == [1200.0]
    assert "is in renminbi" in refused(tmp_path, GBP + quotes.replace("PRICE", "1200元"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workbook_keeps_the_place(tmp_path: Path, lang: str) -> None:
    words = "words: [{term: transition fee, one: rent, several: rents, chinese: 租金}, {term: home, one: flat}]\n"
    scenario = load(tmp_path, GBP + words, "'£100,000'")
    book = renewopt.write_workbook(tmp_path / "small.yaml", tmp_path / "small.xlsx", lang=lang)
    again = renewopt.load(book)
    assert again.place == scenario.place
    assert again.name == "Small"
    assert again.funds[0].opening == 100_000


def test_a_workbook_in_chinese_keeps_a_currency_in_myriads(tmp_path: Path) -> None:
    yen = "currency: {name: yen, chinese: 日元, digits: 0, large: myriads}\n"
    scenario = load(tmp_path, yen, "300万日元")
    book = renewopt.write_workbook(tmp_path / "small.yaml", tmp_path / "small.xlsx", lang="zh")
    assert renewopt.load(book).place == scenario.place
    assert renewopt.load(book).funds[0].opening == 3_000_000


def test_a_cell_in_yuan_is_no_number_of_pounds() -> None:
    with POUNDS.spoken(), pytest.raises(ValueError, match="is not a number"):
        parse_number("300元")
    assert parse_number("300元") == 300


def test_a_scenario_built_in_python() -> None:
    sections = {
        "name": "Small",
        "start": "2024-01",
        "months": 6,
        "currency": {"name": "pounds", "symbol": "£"},
        "projects": [{"id": "P1", "moved_out": "2023-01"}],
        "fee_policies": [{"id": "standard", "rate": 10, "term": 24}],
        "households": pd.DataFrame({"id": ["H1"], "project": ["P1"], "area": [80.0]}),
        "quotes": pd.DataFrame({"household": ["H1"], "route": ["cash"], "price": ["£1,200"]}),
        "funds": [{"id": "budget", "opening": "£5"}],
    }
    scenario = Scenario.from_tables(**sections)
    assert scenario.place.currency.written("5") == "£5"
    assert scenario.funds[0].opening == 5
    assert np.array_equal(scenario.quotes["price"], [1200.0])
    with pytest.raises(ScenarioError, match="is in renminbi"):
        Scenario.from_tables(**{**sections, "funds": [{"id": "budget", "opening": "5元"}]})


def test_amounts_in_other_currencies_are_not_warned_of(tmp_path: Path) -> None:
    assert any("unusual" in str(warning) for warning in load(tmp_path, opening="3").warnings)
    assert not any("unusual" in str(warning) for warning in load(tmp_path, GBP, opening="3").warnings)


def test_every_term_is_known_by_what_sentences_call_it(tmp_path: Path) -> None:
    for code, term in PLACE_TERMS.items():
        for form in (code, term.one, term.several, *term.chinese):
            scenario = load(tmp_path, f"words: [{{term: {form}, one: word}}]\n")
            assert scenario.place.words[0].term == code
