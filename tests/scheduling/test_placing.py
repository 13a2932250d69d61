"""Schedules made in one pass: each as early as the rules let it, in the order that is given."""

import numpy as np
import pytest
from tests.conftest import full_count
from tests.scheduling.scenarios import programme

from renewopt.scenario import Scenario
from renewopt.scheduling import NEVER_STARTS, Programme, compile_programme, faults
from renewopt.scheduling.placing import Binding, place
from renewopt.testing.tiny_programmes import tiny_programme


def works(*rows: dict[str, object], **more: object) -> Programme:
    return compile_programme(
        Scenario.from_tables(
            name="Works",
            start="2024-01",
            months=6,
            works=[{"id": "ABCD"[n], "duration": 2, **row} for n, row in enumerate(rows)],
            **more,
        )
    )


def starts(of: Programme, order: list[int], **asked: object) -> list[int] | None:
    each = of.activities
    found = place(Binding.of(of, (each.first, each.last), each.must), order, **asked)  # type: ignore[arg-type]
    return None if found is None else found.tolist()


def test_who_comes_first_has_the_crew() -> None:
    two = works({"crews": {"team": 1}}, {"crews": {"team": 1}}, crews=[{"id": "team", "per_month": 1}])
    assert starts(two, [0, 1]) == [0, 2]
    assert starts(two, [1, 0]) == [2, 0]


def test_what_comes_before_is_placed_before_whatever_the_order() -> None:
    three = works({}, {}, {}, precedence=[{"before": "A", "after": "B"}, {"before": "B", "after": "C", "lag": 1}])
    assert starts(three, [2, 1, 0]) == [0, 2, 5]


def test_what_cannot_start_leaves_out_what_comes_after_it() -> None:
    two = works({"start": {"to": "2024-03"}, "crews": {"team": 1}}, {}, {"crews": {"team": 1}},
                crews=[{"id": "team", "per_month": 1}], precedence=[{"before": "A", "after": "B"}])  # fmt: skip
    assert starts(two, [2, 0, 1], allowed=lambda row, month: row != 0) == [NEVER_STARTS, NEVER_STARTS, 0]


def test_nothing_is_placed_before_its_month_and_what_is_not_wished_for_is_left_out() -> None:
    three = works({}, {}, {"start": {"must": True}})
    assert starts(three, [0, 1, 2], since=np.array([2, NEVER_STARTS, NEVER_STARTS])) == [2, NEVER_STARTS, 0]


def test_greatest_numbers_hold_back() -> None:
    three = works({}, {}, {}, starts=[{"by": "2024-03", "most": 1}])
    assert starts(three, [1, 0, 2]) == [3, 0, 3]


def test_what_must_start_and_is_never_allowed_starts_last() -> None:
    one = works({"start": {"to": "2024-04", "must": True}}, {})
    assert starts(one, [0, 1], allowed=lambda row, month: False) == [3, NEVER_STARTS]


def test_what_must_start_and_finds_no_month_ends_it() -> None:
    must = {"crews": {"team": 1}, "start": {"to": "2024-02", "must": True}}
    two = works(must, must, crews=[{"id": "team", "per_month": 1}])
    assert starts(two, [0, 1]) is None


@pytest.mark.parametrize("seed", range(full_count(30, 500)))
def test_whatever_is_placed_breaks_no_rule_but_least_numbers_and_land(seed: int, tmp_path) -> None:  # type: ignore[no-untyped-def]
    of = compile_programme(tiny_programme(seed, tmp_path))
    each = of.activities
    told: dict[int, int] = {}
    found = place(Binding.of(of, (each.first, each.last), each.must), list(range(len(of))), placed=told.__setitem__)
    if found is None:
        return
    assert told == {row: month for row, month in enumerate(found.tolist()) if month != NEVER_STARTS}
    assert {fault.rule for fault in faults(of, of.named(found))} <= {"number", "land"}
    # None could have started a month sooner beside those that came before it: the first in line starts at once.
    assert not len(of) or np.isin(found[0], [each.first[0], NEVER_STARTS]) or len(of.counts) or len(of.crews)


def test_the_sound_programme_is_placed() -> None:
    of = compile_programme(programme())
    found = starts(of, [0, 1, 2])
    assert found is not None
    assert not faults(of, of.named(np.array(found)))
