"""Plans to begin with: nothing worse is returned, whatever ends the search, and whenever."""

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.conftest import full_count
from tests.optimiser.test_solving import penniless, priced, short

from renewopt import stopping
from renewopt.ledger import replay
from renewopt.optimiser import Solution, beside, optimise, solving
from renewopt.optimiser.highs import Engine, Raw, SolverError
from renewopt.optimiser.model.columns import Formulation
from renewopt.optimiser.model.decoding import encode
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.progress import Clock, Progress
from renewopt.optimiser.solving import TIER_SLACK
from renewopt.policies import best_plan
from renewopt.policies.starting import plans_of_rules
from renewopt.problem import Decisions, Problem
from renewopt.stopping import Limit, StoppingRule
from renewopt.testing.tiny import tiny_problem

PATHS: dict[str, dict[str, Any]] = {
    "exact": {"method": "exact"},
    "structured": {"method": "structured"},
    "pulp": {"method": "exact", "solver": "pulp:cbc"},
}
FEN_OF_SLACK = 200


def in_order(problem: Problem) -> list[Decisions]:
    """Plans of rules of thumb that the ledger accepts."""
    return [plan for plan in plans_of_rules(problem, lambda: False) if not short(problem, plan)]


def problems(first: int, count: int) -> list[Problem]:
    """Tiny problems in which a rule of thumb finds a plan that is in order."""
    found = (p for p in map(tiny_problem, itertools.count(first)) if in_order(p))
    return list(itertools.islice(found, count))


def reached(problem: Problem, decisions: Decisions) -> list[float]:
    """What the ledger says of tiers, in their order, and of the objective: fen, or disutility."""
    books = replay(problem, decisions)
    return [*map(float, books.totals.tiers), float(books.objective())]


def above(problem: Problem, decisions: Decisions, other: Decisions) -> bool:
    """Whether a plan is worse than another: goals in their order, each tier as exact as it is reached."""
    *tiers, last = zip(reached(problem, decisions), reached(problem, other), strict=True)
    for now, then in tiers:
        if now < then:
            return False
        if now > then + TIER_SLACK * abs(then) + FEN_OF_SLACK:
            return True
    return last[0] > last[1] + 1e-6 * max(1.0, abs(last[1]))


def searched(problem: Problem, starts: list[Decisions], **options: Any) -> Solution:
    return optimise(
        problem,
        describe=False,
        check=lambda decisions: not short(problem, decisions),
        starts=lambda _: iter(starts),
        **{"gap": 0.0, **options},
    )


def no_worse(problem: Problem, found: Solution, starts: list[Decisions]) -> None:
    assert found.decisions is not None
    assert found.status != "infeasible"
    assert not short(problem, found.decisions)
    assert not any(above(problem, found.decisions, start) for start in starts)
    if found.bound is not None:
        assert found.objective is not None
        assert found.bound <= found.objective


@pytest.fixture
def wished() -> Iterator[None]:
    stopping.begin()
    yield
    stopping.begin()


@pytest.mark.parametrize("path", PATHS)
def test_never_above_the_best_rule_of_thumb(path: str) -> None:
    """A gap so wide that any plan would do, and none."""
    for problem in problems(0, full_count(4, 200)):
        starts = in_order(problem)
        for gap in (0.99, 0.0):
            no_worse(problem, searched(problem, starts, gap=gap, **PATHS[path]), starts)


@pytest.mark.parametrize("path", PATHS)
def test_never_above_it_when_time_is_up(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by a second each time that it is read: time is up at every place where somebody looks."""
    seconds = itertools.count()
    monkeypatch.setattr(Clock, "elapsed", property(lambda _: float(next(seconds))))
    for problem in problems(300, full_count(2, 40)):
        starts = in_order(problem)[:1]
        for limit in (1, 3, 4, 6, 9, 14, 22, 40) if path != "pulp" else (1, 4, 9):
            seconds = itertools.count()
            found = searched(problem, starts, time_limit=limit, **PATHS[path])
            no_worse(problem, found, starts)


@pytest.mark.usefixtures("wished")
@pytest.mark.parametrize("path", PATHS)
def test_never_above_it_when_it_is_stopped(path: str) -> None:
    """At each report of progress."""
    for problem in problems(600, full_count(2, 40)):
        stopping.begin()
        starts = in_order(problem)
        for moment in (1, 2, 3, 5, 8, 13, 21):
            stopping.begin()
            left = itertools.count(1)

            def tell(_: Progress, left: Iterator[int] = left, moment: int = moment) -> None:
                if next(left) == moment:
                    stopping.ask()

            no_worse(problem, searched(problem, starts, progress=tell, **PATHS[path]), starts)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["exact", "structured"])
@pytest.mark.parametrize("fails", ["raises", "gives up"])
def test_a_failing_solver_leaves_the_plan_to_begin_with(
    path: str, fails: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """From its first run on, its second, …"""
    run = Engine.run
    sound = [0]

    def failing(self: Engine, **options: Any) -> Raw:
        if sound[0] > 0:
            sound[0] -= 1
            return run(self, **options)
        if fails == "raises":
            raise SolverError("HiGHS has failed")
        return Raw("unknown", None, math.inf, -math.inf)

    problem = problems(900, 1)[0]
    starts = in_order(problem)
    monkeypatch.setattr(Engine, "run", failing)
    for sound[0] in range(8):
        no_worse(problem, searched(problem, starts, **PATHS[path]), starts)
    if fails == "raises" and path == "exact":
        assert "HiGHS has failed" in caplog.text
        with pytest.raises(SolverError):
            searched(problem, [], **PATHS[path])


def test_what_ends_a_search_within_limits_of_work_is_no_worse() -> None:
    for problem in problems(1200, full_count(3, 100)):
        starts = in_order(problem)
        rule = StoppingRule(branch_and_cut=Limit(0, 0), branching=Limit(0, 0))
        for path in ("exact", "structured"):
            no_worse(problem, searched(problem, starts, rule=rule, **PATHS[path]), starts)


@pytest.fixture
def begun_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small problems begin with plans of rules, too."""
    monkeypatch.setattr(solving, "BRIEF_CHOICES", -1)


@pytest.mark.usefixtures("begun_with")
def test_a_search_that_is_helped_proves_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    helped = []

    def watched(f: Formulation, decisions: Decisions) -> FloatArray:
        helped.append(decisions)
        return encode(f, decisions)

    monkeypatch.setattr(beside, "encode", watched)
    for problem in problems(1500, 6):
        alone = searched(problem, [], method="exact")
        for soon, long, behind in ((0, 0, -1.0), (0, math.inf, 0.0)):
            monkeypatch.setattr(beside, "SOON", soon)
            monkeypatch.setattr(beside, "LONG", long)
            monkeypatch.setattr(beside, "BEHIND", behind)
            found = searched(problem, in_order(problem), method="exact")
            assert found.objective == pytest.approx(alone.objective, rel=1e-6, abs=1)
            assert found.status == "optimal"
        # Within limits of work a search is not helped, nor ended for want of it.
        before = len(helped)
        monkeypatch.setattr(beside, "LONG", 0)
        monkeypatch.setattr(beside, "BEHIND", -1.0)
        rule = StoppingRule(branch_and_cut=Limit(1e12, 1e12))
        found = searched(problem, in_order(problem), method="exact", rule=rule)
        assert found.objective == pytest.approx(alone.objective, rel=1e-6, abs=1)
        assert len(helped) == before
    assert helped


@pytest.mark.parametrize("path", ["exact", "structured"])
def test_where_money_may_be_missing_a_shortfall_counts_at_its_price(path: str) -> None:
    problem = priced(penniless(12))
    starts = list(plans_of_rules(problem, lambda: False))
    assert all("need.shortfall" in short(problem, start) for start in starts)
    found, _ = best_plan(problem, 0.99, PATHS[path]["method"])
    assert not any(above(problem, found, start) for start in starts)


@pytest.mark.usefixtures("begun_with")
def test_rules_that_time_or_ctrl_c_ends_leave_those_before_them() -> None:
    problem = problems(0, 1)[0]
    first = in_order(problem)[0]

    def interrupted(_: Callable[[], bool]) -> Iterator[Decisions]:
        yield first
        raise KeyboardInterrupt

    found = optimise(problem, describe=False, starts=interrupted)
    assert found.status == "interrupted"
    assert found.bound is None
    no_worse(problem, found, [first])

    def at_once(_: Callable[[], bool]) -> Iterator[Decisions]:
        raise KeyboardInterrupt
        yield first

    found = optimise(problem, describe=False, starts=at_once)
    assert (found.status, found.decisions) == ("interrupted", None)


def test_a_small_problem_is_searched_before_plans_are_made_in_another_way() -> None:
    asked = []

    def starts(_: Callable[[], bool]) -> Iterator[Decisions]:
        asked.append(True)
        yield from plans

    for problem in [each for each in problems(0, 4) if not each.objective.tiers]:
        plans = in_order(problem)
        assert optimise(problem, method="exact", gap=0.0, starts=starts).status == "optimal"
        assert asked == []
        # What the search has not proven may be worse than they are.
        nothing = StoppingRule(branch_and_cut=Limit(without_plan=0))
        no_worse(problem, optimise(problem, method="exact", gap=0.0, starts=starts, rule=nothing), plans)
        assert asked.pop()

        def interrupted(_: Callable[[], bool], first: Decisions = plans[0]) -> Iterator[Decisions]:
            yield first
            raise KeyboardInterrupt

        found = optimise(problem, method="exact", describe=False, starts=interrupted, rule=nothing)
        assert found.status == "interrupted"
        no_worse(problem, found, plans[:1])


def test_a_plan_that_the_ledger_refuses_is_no_start() -> None:
    problem = penniless()
    starts = list(plans_of_rules(problem, lambda: False))
    assert starts
    assert searched(problem, starts, time_limit=1e-9).decisions is None


@pytest.mark.usefixtures("begun_with")
@pytest.mark.parametrize("path", PATHS)
def test_ctrl_c_between_two_runs_of_a_solver_leaves_the_start(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("renewopt.optimiser.model.formulation.formulate", pressed)
    for room in ("exact", "decomposition.relaxation", "pulp.search", "pulp.interface"):
        monkeypatch.setattr(f"renewopt.optimiser.{room}.formulate", pressed, raising=False)
    problem = problems(0, 1)[0]
    starts = in_order(problem)
    found = searched(problem, starts, **PATHS[path])
    assert found.status == "interrupted"
    no_worse(problem, found, starts)


@pytest.mark.usefixtures("begun_with")
def test_progress_shows_the_start_at_once_and_its_gap_with_the_first_bound() -> None:
    problem = problems(0, 1)[0]
    told: list[Progress] = []
    starts = in_order(problem)
    searched(problem, starts, progress=told.append, **PATHS["exact"])
    assert [each.step for each in told[:2]] == ["rules of thumb", "a plan to begin with"]
    assert all(each.best is not None for each in told[1:])
    assert told[1].best == pytest.approx(min(reached(problem, start)[0] for start in starts) / 100)
    assert all((each.gap is None) is (each.bound is None) for each in told)
