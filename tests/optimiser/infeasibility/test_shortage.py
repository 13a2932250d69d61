"""What is short, where, from when."""

import time
from dataclasses import replace

import numpy as np
import pytest
from tests.ledger.builder import Builder
from tests.optimiser.compact_problem import compact_problem
from tests.seeds import seeds

from renewopt.optimiser import optimise
from renewopt.optimiser.decomposition import restricted_master
from renewopt.optimiser.highs import Engine, Raw
from renewopt.optimiser.infeasibility import shortage
from renewopt.optimiser.infeasibility.shortage import LeastShortage, find_shortage
from renewopt.optimiser.progress import Clock
from renewopt.problem import Problem, compile_problem
from renewopt.scenario import Scenario
from renewopt.testing.tiny import tiny_problem


def poor(inflow: int = 0) -> Problem:
    """One household, a fee of 100 yuan a month, and a fund with 150 yuan."""
    build = Builder(months=3, books=3)
    build.fund(opening=15_000, inflow=inflow)
    build.need("fees")
    build.bill()
    build.claim(fee=10_000)
    return build.build()


def test_missing_money_is_told_by_need_and_month() -> None:
    found = optimise(poor())
    assert found.status == "infeasible"
    assert found.shortage is not None
    (money,) = found.shortage.money
    assert (money.use, money.project) == ("fees", "P0")
    assert money.yuan == pytest.approx(150.0)
    assert all(month in {"2024-01", "2024-02", "2024-03"} for month, _ in money.by_month)
    assert found.shortage.bottleneck is None
    assert optimise(poor(10_000)).shortage is None


def test_missed_deadlines_come_first_with_their_bottleneck() -> None:
    build = Builder(months=2, books=2)
    build.fund(opening=10**6)
    build.need("fees")
    build.bill()
    pool = build.pool(arrivals=[(0, 100)])
    for _ in range(3):
        build.offer(build.claim(deadline=1), stock=[(pool, 100)])
    found = optimise(build.build())
    assert found.shortage is not None
    (late,) = found.shortage.deadlines
    assert (late.project, late.deadline, late.households) == ("P0", "2024-02", 2.0)
    assert found.shortage.bottleneck is not None
    assert (found.shortage.bottleneck.count, found.shortage.bottleneck.available) == (3, 1)
    assert found.shortage.money == ()


def test_of_one_home_for_two_projects_neither_is_told_to_be_late() -> None:
    build = Builder(months=2, books=2)
    build.fund(opening=10**6)
    build.need("fees")
    build.bill()
    pool = build.pool(arrivals=[(0, 100)])
    for project in (0, 1):
        build.offer(build.claim(deadline=1, project=project), stock=[(pool, 100)])
    found = optimise(build.build()).shortage
    assert found is not None
    (late,) = found.deadlines
    assert (late.households, late.certain) == (1.0, False)


def built_by(opening: int, phases: dict[str, tuple[str, int]], count: int = 3) -> Problem:
    """Households of P, and one of Q if it has a phase, whose homes take two months: in time with money at once.

    Parameters
    ----------
    phases
        By id the project, and how many homes it delivers for 300,000 yuan.
    """
    projects = sorted({project for project, _ in phases.values()})
    estates = [
        {
            "id": f"E{project}",
            "projects": [project],
            "units": [{"type": "flat"}],
            "phases": [
                {"id": name, "cost": 300_000, "handover_lag": 2, "delivers": {"flat": homes}}
                for name, (of, homes) in phases.items()
                if of == project
            ],
        }
        for project in projects
    ]
    scenario = Scenario.from_tables(
        name="Case",
        start="2024-01",
        months=12,
        fee_policies=[{"id": "p", "rate": 10, "term": 24}],
        projects=[{"id": project, "moved_out": "2022-01", "deadline": "2024-03"} for project in projects],
        households=[{"id": p, "project": p, "count": count if p == "P" else 1, "area": 100} for p in projects],
        estates=estates,
        funds=[{"id": "f", "opening": opening, "inflow": {"monthly": opening and 100_000}}],
    )
    return compile_problem(scenario)


@pytest.mark.parametrize(
    ("problem", "late"),
    [
        (built_by(200_000, {"X": ("P", 3)}), [("P", 3.0, True)]),
        (built_by(310_000, {"X": ("P", 2), "Y": ("P", 1)}), [("P", 1.0, True)]),
        (built_by(310_000, {"X": ("P", 3), "Y": ("Q", 1)}), [("Q", 1.0, False)]),
        (built_by(0, {"X": ("P", 3)}), []),
    ],
    ids=["no phase", "one of two phases", "one of two projects", "fees alone are too much"],
)
def test_households_late_for_lack_of_money(problem: Problem, late: list[tuple[str, float, bool]]) -> None:
    found = optimise(problem).shortage
    assert found is not None
    assert found.money
    assert found.deadlines == ()
    assert [(one.project, one.households, one.certain) for one in found.unfunded] == late
    assert all(one.deadline == "2024-03" for one in found.unfunded)


def test_a_missed_target_of_set_off_is_told() -> None:
    problem = compact_problem()
    target = problem.developers.offset_target
    far = replace(target, columns=target.columns | {"fen": np.array([1_900_000 * 3])})
    found = optimise(replace(problem, developers=replace(problem.developers, offset_target=far)))
    assert found.status == "infeasible"
    assert found.shortage is not None
    (missed,) = found.shortage.targets
    assert (missed.developer, missed.month) == ("D0", "2024-02")
    assert missed.yuan > 0


def test_an_interrupt_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def interrupted(self: Engine, **_: object) -> Raw:
        runs.append(1)
        return Raw("interrupted", None, np.inf, -np.inf)

    monkeypatch.setattr(shortage.Engine, "run", interrupted)
    found = find_shortage(compact_problem(), Clock(100.0, began=time.perf_counter()))
    assert len(runs) == 1
    assert not found.measured
    assert (found.money, found.deadlines, found.targets) == ((), (), ())


@pytest.mark.parametrize("seed", seeds(range(40), fast=10))
def test_choices_let_in_round_by_round_tell_of_the_same_shortage(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    drawn = tiny_problem(seed, in_time=seed % 2 == 1)
    funds = replace(drawn.funds, opening=drawn.funds.opening // 4, inflow=drawn.funds.inflow // 4)
    problem = replace(drawn, funds=funds)
    monkeypatch.setattr(shortage, "SMALL", -1)
    every = missing(find_shortage(problem, Clock(100.0, began=time.perf_counter())))
    monkeypatch.setattr(shortage, "LARGE", -1)
    # As many classes as can be: what merging loses is not looked at here.
    monkeypatch.setattr(shortage, "CLASSES", 100 * len(problem.claims))
    few = find_shortage(problem, Clock(100.0, began=time.perf_counter()))
    assert few.merged
    assert missing(few) == pytest.approx(every, rel=1e-3, abs=1e-3)


def missing(found: LeastShortage) -> tuple[float, float, float]:
    """Households, yuan of targets, yuan."""
    assert found.measured
    return (
        sum(each.households for each in found.deadlines),
        sum(each.yuan for each in found.targets),
        sum(each.yuan for each in found.money),
    )


def test_an_interrupt_stops_before_choices_are_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(engines: list[Engine], *_: object) -> list[Raw]:
        return [Raw("interrupted", None, np.inf, -np.inf) for _ in engines]

    monkeypatch.setattr(shortage, "LARGE", -1)
    monkeypatch.setattr(restricted_master, "run_together", interrupted)
    found = find_shortage(compact_problem(), Clock(100.0, began=time.perf_counter()))
    assert found.merged
    assert not found.measured
