"""Plans of the small programme for tests: for given starts, without a solver."""

from __future__ import annotations

from typing import Any

from tests.results.made import frame

import renewopt
from renewopt.ledger import replay
from renewopt.policies.waiting import WaitForBuild
from renewopt.problem import compile_problem
from renewopt.results.planning import _filled, _Stopwatch
from renewopt.results.programme import with_starts
from renewopt.results.stated import state
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme

MAY: dict[str, Any] = {"projects__1__start": {"from": "2024-02", "to": "2024-06"}}
"""Of `tests.scheduling.scenarios.programme`, with which New may be left out."""


def planned(scenario: Scenario, starts: dict[str, int | None]) -> renewopt.Plan:
    """A plan for some starts in which everybody waits for the own estate."""
    compiled = compile_programme(scenario)
    begun = with_starts(scenario, compiled, compiled.vector(starts))
    problem = compile_problem(begun.written)
    books = replay(problem, WaitForBuild().decide(problem))
    return begun.told(_filled(frame(problem, stated=state(scenario)), books, _Stopwatch()), problem)
