"""Searches end by rules that are handed in: on every path, by work that is counted, and never by what they report."""

import ast
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from benchmarks.policies.smith import tardiness_problem

import renewopt
from renewopt import stopping
from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import optimise
from renewopt.policies import NoPlanError, Optimal, best_plan, starting
from renewopt.problem import Decisions, Problem
from renewopt.stopping import UNLIMITED, Limit, Spent, StoppingRule
from renewopt.testing.tiny import tiny_problem

SHOWN = {"cli/showing.py"}
"""Modules that look at what a step is called: they choose how it is shown."""
SLOW = [12, 16, pytest.param(24, marks=pytest.mark.slow), pytest.param(40, marks=pytest.mark.slow)]


def tardy(households: int) -> Problem:
    """Vouchers of 1 to 10 months' money, and due dates: plans at once, and a proof that takes long."""
    random = np.random.default_rng(0)
    p, w = random.integers(1, 11, households), random.integers(1, 11, households)
    due = random.integers(0, int(0.6 * p.sum()), households)
    return tardiness_problem(p.tolist(), w.tolist(), due.tolist())


def same(one: Decisions, other: Decisions) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(Decisions))


def test_work_is_counted_apart_with_and_without_a_plan() -> None:
    spent = Spent(Limit(with_plan=3, without_plan=5))
    assert [spent.spend(2, plan=False) for _ in range(2)] == [False, False]
    assert [spent.spend(1, plan=True) for _ in range(3)] == [False, False, True]
    assert spent.spend(1, plan=False)
    assert not Spent().spend(1e300, plan=True)
    assert Spent(Limit(with_plan=0)).spend(0, plan=True)


@pytest.mark.parametrize("households", SLOW)
def test_the_exact_path_ends_by_its_work(households: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One fund of 1 万元 a month for vouchers, a second one for fees: what `compare` did not come to the end of."""
    problem = tardy(households)
    work = 5e4
    spent: list[Spent] = []
    real = Spent.spend

    def spend(self: Spent, done: float, *, plan: bool) -> bool:
        if done > 1:
            assert self.with_plan < work
            spent.append(self)
        return real(self, done, plan=plan)

    monkeypatch.setattr(Spent, "spend", spend)
    rule = StoppingRule(branch_and_cut=Limit(with_plan=work), branching=Limit(with_plan=3))
    decisions, bound = best_plan(problem, 0.0, rule=rule)
    assert spent
    assert spent[-1].with_plan >= work
    assert audit_decisions(problem, decisions) == []
    assert bound is not None
    assert 0 < bound < float(replay(problem, decisions).objective()) / 100


def test_what_ends_by_its_work_is_the_same_each_time() -> None:
    problem = tardy(12)
    rule = StoppingRule(branch_and_cut=Limit(with_plan=5e4))
    found = [optimise(problem, gap=0.0, threads=1, rule=rule) for _ in range(2)]
    assert [each.status for each in found] == ["time_limit", "time_limit"]
    assert found[0].bound == found[1].bound
    assert found[0].decisions is not None
    assert found[1].decisions is not None
    assert same(found[0].decisions, found[1].decisions)


@pytest.mark.parametrize("method", ["exact", "structured"])
def test_the_first_plan_stands_where_that_is_asked_for(method: str) -> None:
    problem = tardy(10)
    rule = StoppingRule(branch_and_cut=Limit(with_plan=0), branching=Limit(with_plan=0))
    first, bound = best_plan(problem, 0.0, method, rule)
    assert audit_decisions(problem, first) == []
    assert bound is not None
    assert bound < float(replay(problem, first).objective()) / 100


def test_a_search_in_vain_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = tardy(12)
    rule = StoppingRule(branch_and_cut=Limit(without_plan=0))
    found = optimise(problem, gap=0.0, method="exact", rule=rule)
    assert found.status == "time_limit"
    assert found.decisions is None
    # A policy has the plans of rules of thumb to fall back on; where none is in order, it says so.
    assert audit_decisions(problem, best_plan(problem, 0.0, "exact", rule)[0]) == []
    monkeypatch.setattr(starting, "START_RULES", ())
    with pytest.raises(NoPlanError, match="within the work that is allowed"):
        best_plan(problem, 0.0, "exact", rule)


def test_a_search_in_a_thread_ends_cleanly_when_that_is_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is raised inside the solver: it is asked to end, waited for, and then said to whoever waits."""
    real = Spent.spend

    def spend(self: Spent, done: float, *, plan: bool) -> bool:
        if done > 1:
            stopping.ask()
        return real(self, done, plan=plan)

    monkeypatch.setattr(Spent, "spend", spend)
    before = set(threading.enumerate())
    stopping.begin()
    try:
        with ThreadPoolExecutor(1) as pool, pytest.raises(KeyboardInterrupt):
            pool.submit(best_plan, tardy(12), 0.0, "exact").result()
    finally:
        stopping.begin()
    assert set(threading.enumerate()) <= before


def test_pulp_has_no_such_limit_and_that_is_said() -> None:
    problem = tiny_problem(0)
    with pytest.raises(ValueError, match="PuLP passes no limit of work on"):
        optimise(problem, solver="pulp:cbc", rule=StoppingRule(branch_and_cut=Limit(1.0)))
    assert optimise(problem, solver="pulp:cbc", rule=UNLIMITED).status == "optimal"


def test_policies_search_under_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[StoppingRule] = []

    def search(*_: object, rule: StoppingRule, **__: object) -> object:
        asked.append(rule)
        raise NoPlanError

    monkeypatch.setattr("renewopt.optimiser.optimise", search)
    with pytest.raises(NoPlanError):
        Optimal().decide(tiny_problem(0))
    (rule,) = asked
    assert max(rule.branch_and_cut.with_plan, rule.branch_and_cut.without_plan, rule.branching.with_plan) < math.inf


def decided_by_steps(tree: ast.AST) -> list[int]:
    """Lines in which something is decided by what a step of a search is called."""
    deciding = [node for node in ast.walk(tree) if isinstance(node, ast.Compare | ast.Match | ast.Subscript)]
    return [
        node.lineno
        for node in deciding
        for part in ast.walk(node.subject if isinstance(node, ast.Match) else node)
        if isinstance(part, ast.Attribute) and part.attr == "step"
    ]


def test_no_module_decides_by_what_a_step_is_called() -> None:
    """Progress is for eyes only."""
    source = Path(renewopt.__file__).parent
    found = {
        path.relative_to(source).as_posix(): lines
        for path in sorted(source.rglob("*.py"))
        if (lines := decided_by_steps(ast.parse(path.read_text("utf-8"))))
    }
    assert set(found) == SHOWN
    assert decided_by_steps(ast.parse("if progress.step == BRANCHING: left -= 1"))
    assert decided_by_steps(ast.parse("match progress.step:\n    case 'whole plan': pass"))
