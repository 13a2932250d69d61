"""What is tended, in several threads at once."""

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from renewopt import stopping


@pytest.fixture(autouse=True)
def left() -> Iterator[list[bool]]:
    """Whether something was tended each time that the process was to end."""
    found: list[bool] = []
    stopping.begin(lambda: found.append(stopping.is_tended()))
    yield found
    stopping.begin()


def test_the_process_ends_where_the_last_thread_has_done_its_work(left: list[bool]) -> None:
    first, second = stopping.tended(), stopping.tended()
    with first, ThreadPoolExecutor(1) as other:
        other.submit(second.__enter__).result()
        stopping.ask()
    assert stopping.is_tended()
    assert left == []
    second.__exit__(None, None, None)
    assert not stopping.is_tended()
    assert left == [False]


def test_what_was_begun_before_an_earlier_wish_was_forgotten_is_not_counted_twice(left: list[bool]) -> None:
    with stopping.tended():
        stopping.begin(lambda: left.append(stopping.is_tended()))
    with stopping.tended():
        assert stopping.is_tended()
    assert not stopping.is_tended()


def test_however_many_threads_are_in_it_none_is_lost() -> None:
    together = threading.Barrier(8)

    def work(_: int) -> bool:
        together.wait()
        for _turn in range(200):
            with stopping.tended():
                seen = stopping.is_tended()
        return seen

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(work, range(8)))
    finally:
        sys.setswitchinterval(before)
    assert not stopping.is_tended()
