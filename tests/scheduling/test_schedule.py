"""Each rule of a programme, broken once, is named; starts in order break none; delay by hand."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from tests.conftest import full_count
from tests.scheduling.scenarios import programme

from renewopt.scheduling import compile_programme, delay_fen, faults, programme_delay

SOUND = {"New": 2, "Lane": 7, "Pipe": 10}

BROKEN: list[tuple[dict[str, Any], dict[str, int | None], list[tuple[str, str]]]] = [
    ({}, {**SOUND, "New": 0}, [("window", "New")]),
    ({}, {**SOUND, "New": 6}, [("window", "New")]),
    ({}, {**SOUND, "New": None, "Lane": None, "Pipe": None}, [("must", "New")]),
    # Lane waits a month for the start of New; Pipe for the end of Lane, three months after its start.
    ({"crews__1__per_month": 2}, {"New": 5, "Lane": 5, "Pipe": 8}, [("precedence", "Lane")]),
    ({}, {**SOUND, "Pipe": 9}, [("precedence", "Pipe")]),
    ({}, {**SOUND, "Lane": None}, [("precedence", "Pipe")]),
    # Until June there is one builder, and Lane needs two.
    ({}, {"New": 2, "Lane": 4, "Pipe": 7}, [("crews", "")]),
    ({"starts__0": {"by": "2024-08", "most": 1}}, SOUND, [("number", "")]),
    ({"starts__0": {"kind": "back_street", "by": "2024-07", "least": 1}}, SOUND, [("number", "")]),
    # Cleared three months after the start: the last moves two months after it, and a month of clearing.
    ({"projects__1__land": {"deadline": "2024-05"}}, {**SOUND, "New": 2}, [("land", "New")]),
]


@pytest.mark.parametrize(("changes", "starts", "expected"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_rule_is_named(
    changes: dict[str, Any], starts: dict[str, int | None], expected: list[tuple[str, str]]
) -> None:
    found = faults(compile_programme(programme(**changes)), starts)
    assert [(fault.rule, fault.activity) for fault in found] == expected


def test_starts_in_order_break_nothing() -> None:
    assert faults(compile_programme(programme()), SOUND) == []
    assert faults(compile_programme(programme()), {"New": 1}) == []


def test_land_with_a_penalty_may_be_late() -> None:
    scenario = programme(projects__1__land__deadline="2024-04", projects__1__land__penalty=1000)
    assert faults(compile_programme(scenario), SOUND) == []


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="'Old' is no project with a start window and no work"):
        faults(compile_programme(programme()), {"Old": 2})


def test_delay_by_hand() -> None:
    """New, begun in month 2, is cleared in month 5; its land has month 3 as deadline. Lane is done in month 10."""
    scenario = programme(projects__1__land__deadline="2024-04", months=12)
    compiled = compile_programme(scenario)
    assert delay_fen(compiled, compiled.vector(SOUND)).tolist() == [500_00 * 5 + 1000_00 * 2, 2000_00 * 10, 0]
    # Left out: to twelve months after the twelve that are planned.
    assert delay_fen(compiled, compiled.vector({})).tolist() == [500_00 * 24 + 1000_00 * 21, 2000_00 * 24, 0]


def test_a_late_start_never_costs_more_than_none() -> None:
    scenario = programme(works__0__duration=40, projects__1__clearing=40, projects__1__land__deadline="2024-04")
    compiled = compile_programme(scenario)
    assert programme_delay(compiled, {"New": 5, "Lane": 11}) == programme_delay(compiled, {})


def judged(scenario: Any, starts: dict[str, int | None]) -> bool:  # noqa: C901 - one branch for each rule
    """Whether starts are in order, read from the sections anew, month by month."""
    begun = {name: month for name, month in starts.items() if month is not None}
    ready = {"New": 2 + scenario.projects[1].clearing}
    for item in [scenario.projects[1], *scenario.works]:
        if item.id not in ready:
            ready[item.id] = item.duration
        first = 0 if item.start.since is None else item.start.since - scenario.start
        last = 11 if item.start.until is None else item.start.until - scenario.start
        if item.id in begun and not first <= begun[item.id] <= last:
            return False
        if item.start.must and item.id not in begun:
            return False
    for rule in scenario.precedence:
        if rule.after in begun:
            if rule.before not in begun:
                return False
            waits = {
                "start": 0,
                "finish": {"New": 2}.get(rule.before, ready[rule.before]),
                "cleared": ready[rule.before],
            }
            if begun[rule.after] < begun[rule.before] + waits[rule.event] + rule.lag:
                return False
    for month in range(60):
        for crew in scenario.crews:
            busy = sum(
                item.crews.get(crew.id, 0)
                for item in [scenario.projects[1], *scenario.works]
                if item.id in begun and begun[item.id] <= month < begun[item.id] + ready[item.id]
            )
            capacity = crew.per_month if isinstance(crew.per_month, int) else 1 if month < 6 else 3
            if busy > capacity:
                return False
    for rule in scenario.starts:
        kinds = {item.id: item.kind for item in [scenario.projects[1], *scenario.works]}
        number = sum(
            kinds[name] == (rule.kind or kinds[name]) and month <= rule.by - scenario.start
            for name, month in begun.items()
        )
        if number < (rule.least or 0) or (rule.most is not None and number > rule.most):
            return False
    return True


@pytest.mark.parametrize("number", range(full_count(15, 300)))
def test_faults_are_those_that_the_sections_say(number: int) -> None:
    random = Random(number)
    scenario = programme(
        projects__1__clearing=random.randrange(3),
        works__0__duration=random.randrange(4),
        works__0__crews={"builders": random.choice([1, 2, 3]), "teams": random.choice([0, 1])},
        works__1__crews={"builders": random.choice([1, 2])},
        works__1__duration=random.randrange(1, 3),
        precedence__0__from=random.choice(["start", "finish", "cleared"]),
        precedence__0__lag=random.randrange(3),
        starts__0={"by": "2024-08", "most": random.choice([1, 2, 3])},
        projects__1__land__penalty=1,
    )
    compiled = compile_programme(scenario)
    agreed = [0, 0]
    months: list[int | None] = [None, *range(12)]
    for each in random.sample(list(product(months, repeat=3)), 150):
        starts = dict(zip(("New", "Lane", "Pipe"), each, strict=True))
        sound = judged(scenario, starts)
        assert (faults(compiled, starts) == []) == sound, starts
        agreed[sound] += 1
    assert agreed[0] > 0


def test_starts_by_name_and_by_row_are_the_same() -> None:
    compiled = compile_programme(programme())
    vector = compiled.vector(SOUND)
    assert vector.tolist() == [2, 7, 10]
    assert compiled.named(np.array([2, -1, 10])) == {"New": 2, "Lane": None, "Pipe": 10}
