"""Values that are tried: ranges, lists, grids, and the order in which points begin with each other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import full_count

from renewopt.tradeoffs.axes import Axis, axes_of, grid


@pytest.mark.parametrize(
    ("text", "points", "values", "unit"),
    [
        ("400万元..1200万元", 5, ("400万元", "600万元", "800万元", "1000万元", "1200万元"), "万元"),
        ("1..2", 4, ("1", "1.333333", "1.666667", "2"), ""),
        ("20%..10%", 3, ("20%", "15%", "10%"), "%"),
        ("£1,000..£2,000", 3, ("£1000", "£1500", "£2000"), "£"),
        ("2024-01..2024-12", 3, ("2024-01", "2024-07", "2024-12"), "month"),
        ("2024-01..2024-03", 9, ("2024-01", "2024-02", "2024-03"), "month"),
        ("1, 3,2", 9, ("1", "3", "2"), ""),
        ("low,high", 9, ("low", "high"), ""),
        ("1万元,2元", 9, ("1万元", "2元"), ""),
    ],
)
def test_values(text: str, points: int, values: tuple[str, ...], unit: str) -> None:
    (axis,) = axes_of([f"a.b={text}"], points)
    assert (axis.address, axis.values, axis.unit) == ("a.b", values, unit)
    assert (axis.numbers is None) == (text in ("low,high", "1万元,2元"))


def test_all_that_is_wrong_is_told_together() -> None:
    stated = ["a", "b=1..", "c=1..2,3", "d=1,,2", "e=1,1", "f=1..2万元", "g=3..3", "h=1", "h=2", "=5"]
    with pytest.raises(ValueError, match="expected ADDRESS=VALUES") as caught:
        axes_of(stated, 3)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [f"--set {one}" for one in stated if one != "h=1"]


def test_a_range_has_two_points() -> None:
    with pytest.raises(ValueError, match="two points at least"):
        axes_of(["a=1..2"], 1)
    with pytest.raises(ValueError, match="at most 1,000"):
        axes_of(["a=1..2", "b=1..2"], 40)


@settings(max_examples=full_count(20, 500))
@given(st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_every_point_begins_with_a_neighbour_that_stands_before_it(lengths: list[int]) -> None:
    axes = [Axis(f"a{k}", tuple(map(str, range(length))), None) for k, length in enumerate(lengths)]
    found = grid(axes)
    order = list(found)
    assert len(order) == len(set(order))
    assert [place for place, (_, first) in found.items() if first is None] == order[:1]
    for place, (set_here, first) in found.items():
        assert [each.value for each in set_here] == [str(n) for n in place]
        if first is not None:
            assert order.index(first) < order.index(place)
            assert sum(abs(a - b) for a, b in zip(first, place, strict=True)) == 1
