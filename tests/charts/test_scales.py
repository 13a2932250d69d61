"""Units of money and of time."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.charts.labels import Locale
from renewopt.charts.scales import MONTHS_SHOWN, QUARTERLY, Span, money_scale, span_of, span_of_payments
from renewopt.results.reporting.page import words_for
from renewopt.units import Month


@pytest.mark.parametrize(
    ("lang", "largest", "unit"),
    [
        ("en", 1_500, "yuan"),
        ("en", 15_000, "thousand yuan"),
        ("en", 2e6, "million yuan"),
        ("zh", 9_999, "元"),
        ("zh", 10_000, "万元"),
        ("zh", 9.9e9, "万元"),
        ("zh", 1e10, "亿元"),
    ],
)
def test_the_unit_fits_the_largest(lang: str, largest: float, unit: str) -> None:
    assert money_scale(largest, words_for(lang)).unit == unit  # type: ignore[arg-type]


def test_amounts_are_in_the_unit() -> None:
    scale = money_scale(2_500_000, words_for("en"))
    assert scale.of(pd.Series([2_500_000.0, 1.0])) == [2.5, 1e-06]


def months(count: int) -> pd.Series:
    return pd.Series([str(Month.parse("2024-03") + n) for n in range(count)])


def test_very_many_months_go_by_years() -> None:
    assert not span_of(months(MONTHS_SHOWN)).yearly
    assert span_of(months(MONTHS_SHOWN + 1)).yearly


def test_years_sum_flows_and_take_the_last_of_stocks() -> None:
    frame = pd.DataFrame({"month": [*months(12), *months(12)], "project": ["A"] * 12 + ["B"] * 12, "n": range(24)})
    span = Span(12)
    flows = span.flow(frame, ["project"], ["n"])
    assert flows["n"].sum() == sum(range(24))
    assert flows["month"].unique().tolist() == ["2024-01", "2025-01"]
    stocks = span.stock(frame, ["project"], ["n"]).set_index(["month", "project"])["n"]
    assert stocks.to_dict() == {
        ("2024-01", "A"): 9,
        ("2025-01", "A"): 11,
        ("2024-01", "B"): 21,
        ("2025-01", "B"): 23,
    }
    monthly = Span(1).stock(frame, [], ["n"])
    assert monthly["n"].tolist() == [n + n + 12 for n in range(12)]


def test_payments_of_many_months_go_by_quarters() -> None:
    assert span_of_payments(months(QUARTERLY)) == Span(1)
    assert span_of_payments(months(QUARTERLY + 1)) == Span(3)
    assert span_of_payments(months(MONTHS_SHOWN + 1)) == Span(12)
    quarters = Span(3)
    assert quarters.key(months(12)).unique().tolist() == ["2024-01", "2024-04", "2024-07", "2024-10", "2025-01"]
    assert [quarters.told("2024-10", words_for(lang)) for lang in ("en", "zh")] == ["2024 Q4", "2024年四季度"]
    assert (Span(1).told("2024-10", words_for("en")), Span(12).told("2024-01", words_for("en"))) == ("2024-10", "2024")


def test_bars_fill_their_months() -> None:
    bars = Span(1).bars(pd.Series(["2024-02", "2024-03"]))
    assert [width / 86_400_000 for width in bars["width"]] == [29, 31]
    (year,) = Span(12).bars(pd.Series(["2024-01"]))["width"]
    assert year / 86_400_000 == 366


@given(st.integers(1900 * 12, 2400 * 12 - 1).map(Month), st.sampled_from([1, 3, 12]))
def test_bars_and_steps_end_where_the_next_period_begins(month: Month, length: int) -> None:
    first = pd.Period(str(Month(month.ordinal // length * length)), "M")
    after = first + length
    span, months = Span(length), pd.Series([str(first)])
    (width,) = span.bars(months)["width"]
    assert width / 86_400_000 == sum((first + more).days_in_month for more in range((after - first).n))
    assert span.steps(months, [5.0]) == {"x": [str(first), f"{after}-01"], "y": [5.0, 5.0]}


def test_words_of_a_test_need_no_names() -> None:
    assert isinstance(words_for("zh"), Locale)
