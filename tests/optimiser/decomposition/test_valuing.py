"""Best responses of households among valued choices."""

import numpy as np

from renewopt.optimiser.decomposition.valuing import Valued, best_responses

INF = np.inf


def _best(never: list[float], rows: list[list[float]], owner: list[int], must: list[bool]):  # type: ignore[no-untyped-def]
    values = np.array(rows, dtype=float).reshape(len(rows), 2)
    offers = 10 + np.arange(len(rows))
    return best_responses(Valued(np.array(never), values, np.array(owner, dtype=np.int64), offers), np.array(must))


def test_who_need_not_be_housed_waits_unless_a_choice_costs_less() -> None:
    found = _best([5.0, 5.0], [[4.0, 3.0], [5.0, 6.0]], [0, 1], [False, False])
    assert found.best.tolist() == [3.0, 5.0]
    assert found.offer.tolist() == [10, -1]
    assert found.month.tolist() == [1, -1]
    assert found.never.tolist() == [5.0, 5.0]


def test_who_must_be_housed_takes_the_cheapest_choice_whatever_waiting_costs() -> None:
    found = _best([1.0, 1.0, 1.0], [[4.0, INF], [7.0, 2.0], [INF, INF]], [0, 0, 2], [True, True, True])
    assert found.best.tolist() == [2.0, INF, INF]
    assert found.offer.tolist() == [11, -1, -1]


def test_of_equal_choices_the_first_offer_and_month_are_taken() -> None:
    found = _best([9.0, 9.0], [[3.0, 2.0], [2.0, 2.0], [INF, 8.0]], [0, 0, 1], [False, False])
    assert (found.offer.tolist(), found.month.tolist()) == ([10, 12], [1, 1])


def test_claims_without_offers_between_others() -> None:
    found = _best([1.0] * 5, [[0.5, 2.0], [0.25, 0.5]], [1, 3], [False, True, False, False, True])
    assert found.best.tolist() == [1.0, 0.5, 1.0, 0.25, INF]
    assert found.offer.tolist() == [-1, 10, -1, 11, -1]
    assert _best([1.0], [], [], [False]).best.tolist() == [1.0]
