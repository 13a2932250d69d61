"""What a planner waits for before the first page."""

from benchmarks.starting import Pair, told


def test_ratios_are_of_pairs() -> None:
    pairs = [Pair(2.0, 1.0), Pair(6.0, 2.0), Pair(4.0, 4.0)]
    assert [pair.ratio for pair in pairs] == [2.0, 3.0, 1.0]
    assert told("all", pairs) == "all: plan 4.00 s, import pandas 2.00 s; ratio 2.00 (1.00 to 3.00, 3 pairs)"
