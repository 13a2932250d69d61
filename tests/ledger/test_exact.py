"""Exact arithmetic of the ledger."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.ledger.exact import share_of, table, totals
from renewopt.units import fraction, quotient_half_up


@given(
    st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5),
    st.integers(0, 2 * 10**6),
    st.sampled_from([1000, 10**6, 10**9]),
)
def test_share_of_rounds_half_up_like_fractions(amounts, parts, whole):
    expected = [math.floor(Fraction(amount * parts, whole) + Fraction(1, 2)) for amount in amounts]
    assert share_of(np.array(amounts), np.int64(parts), whole).tolist() == expected


def test_share_of_goes_beyond_what_a_plain_product_can_hold():
    assert share_of(np.array([10**13]), np.array([999_999_999]), 10**9).tolist() == [9_999_999_990_000]


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(1, 2, 1), (-1, 2, 0), (3, 2, 2), (149, 100, 1), (7, 1, 7), (10**30 + 1, 2, 5 * 10**29 + 1)],
)
def test_quotient_half_up(numerator, denominator, expected):
    assert quotient_half_up(numerator, denominator) == expected


def test_fraction_is_the_decimal_as_written():
    assert fraction(0.03) == Fraction(3, 100)
    assert fraction(np.float64(0.1)) == Fraction(1, 10)


def test_sums_are_exact_where_floats_are_not():
    big = 2**53
    amounts = np.array([big, 1, 1], dtype=np.int64)
    assert totals(2, np.array([1, 1, 1]), amounts).tolist() == [0, big + 2]
    assert table((1, 2), np.array([0, 0, 0]), np.array([0, 0, 1]), amounts).tolist() == [[big + 1, 1]]
