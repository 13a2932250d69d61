"""Windows narrowed by precedence, what must start among it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renewopt.optimiser.model.start_options import CLOSED
from renewopt.optimiser.starts.windows import tightened


def arcs(*rows: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    before, after, gap = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return before, after, gap


def test_what_comes_after_begins_later_and_what_comes_before_earlier() -> None:
    first, last = tightened(
        np.array([1, 0, 0]), np.array([9, 9, 8]), np.array([True, True, True]), arcs((0, 1, 2), (1, 2, 3))
    )
    assert first.tolist() == [1, 3, 6]
    assert last.tolist() == [3, 5, 8]


def test_what_may_be_left_out_holds_nothing_back() -> None:
    first, last = tightened(np.array([0, 0]), np.array([9, 3]), np.array([True, False]), arcs((0, 1, 2)))
    assert first.tolist() == [0, 2]
    assert last.tolist() == [9, 3]


def test_a_window_that_precedence_empties_is_closed_and_closes_what_comes_after() -> None:
    first, last = tightened(
        np.array([5, 0, 0]), np.array([9, 3, 9]), np.array([True, False, False]), arcs((0, 1, 0), (1, 2, 0))
    )
    assert first.tolist() == [5, CLOSED, CLOSED]
    assert last[1] < first[1]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=2, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), max_size=4),
)
def test_no_schedule_in_order_is_lost(windows: list[tuple[int, int, bool]], rules: list[tuple[int, int, int]]) -> None:
    first = np.array([low for low, _, _ in windows])
    last = np.array([low + more for low, more, _ in windows])
    must = np.array([must for _, _, must in windows])
    rows = [(a, b, gap) for a, b, gap in rules if a < b < len(windows)]
    narrow = tightened(first, last, must, arcs(*rows))

    def schedules(position: int) -> list[list[int | None]]:
        if position == len(windows):
            return [[]]
        ways: list[int | None] = [*range(first[position], last[position] + 1), *([] if must[position] else [None])]
        return [[way, *rest] for way in ways for rest in schedules(position + 1)]

    for starts in schedules(0):
        in_order = all(
            starts[b] is None or (starts[a] is not None and starts[b] >= starts[a] + gap) for a, b, gap in rows
        )
        forced = all(must[a] or not must[b] for a, b, _ in rows)
        if in_order and forced:
            for activity, month in enumerate(starts):
                assert month is None or narrow[0][activity] <= month <= narrow[1][activity]
