"""The structured path against the exact one: its bound is never above the optimum nor below the plain relaxation."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import full_count
from tests.seeds import seeds
from tests.waiting import UNHURRIED

from renewopt.ledger import audit_decisions, replay
from renewopt.optimiser import Solution, optimise
from renewopt.optimiser.decomposition import diving, partitioning, root, searching
from renewopt.optimiser.decomposition.ascent import DualAscent
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.partitioning import Partition
from renewopt.optimiser.decomposition.relaxation import PricedRelaxation, SolvedRelaxation
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster
from renewopt.optimiser.decomposition.stopping import StoppedError
from renewopt.optimiser.decomposition.warm import keep
from renewopt.optimiser.decomposition.whole_schedules import WholeSchedules
from renewopt.optimiser.highs import Engine, SolverError
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import FloatArray
from renewopt.optimiser.model.margins import loosened
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.warm_start import WarmStart
from renewopt.problem import Problem, Tier, compile_problem
from renewopt.scenario.loading import load
from renewopt.stopping import Limit, StoppingRule
from renewopt.synth import synthesise, write
from renewopt.testing.tiny import tiny_problem
from renewopt.units import FEN_PER_YUAN, YUAN_PER_WAN

A_FEN = 0.01
"""Yuan: nothing is smaller."""


def both(problem: Problem) -> tuple[Solution, Solution]:
    exact, structured = (
        optimise(
            problem,
            gap=0.0,
            # Without any limit the structured search ends by its work, short of a proof.
            time_limit=UNHURRIED,
            method=method,
            check=lambda decisions: not audit_decisions(problem, decisions),
        )
        for method in ("exact", "structured")
    )
    return exact, structured


def enclosed(problem: Problem, exact: Solution, structured: Solution) -> None:
    """Relaxation ≤ bound ≤ optimum ≤ plan, the plan within its stated gap; to 1e-6, a fen, or a yuan of the optimum."""
    assert structured.status != "infeasible"
    assert exact.objective is not None
    assert exact.bound is not None
    assert structured.objective is not None
    assert structured.bound is not None
    assert structured.gap is not None
    slack = max(1.0, 1e-6 * abs(exact.objective))
    if problem.objective.tiers:
        # The two paths may stand on different values of the tiers.
        return
    # The relaxation with room for all that the ledger may round: without it, it is no bound on what the ledger reckons.
    _, model = formulate(merge_needs(loosened(problem))[0], relaxed=True)
    relaxation = Engine(model).run().objective * YUAN_PER_WAN
    assert structured.bound >= relaxation - max(A_FEN, 1e-6 * abs(relaxation))
    assert structured.bound <= exact.objective + slack
    assert structured.objective >= exact.bound - slack
    off = (structured.objective - exact.objective) / max(1.0, abs(structured.objective))
    assert off <= structured.gap + 1e-6


@pytest.mark.parametrize("seed", seeds(range(full_count(120, 240)), fast=12))
def test_bound_and_plan_enclose_the_optimum(seed: int) -> None:
    problem = tiny_problem(seed)
    exact, structured = both(problem)
    if exact.objective is None:
        assert structured.objective is None
        return
    enclosed(problem, exact, structured)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(("seed", "projects"), [(200, 8), (203, 2)][: full_count(1, 2)])
def test_small_districts_are_enclosed_as_well(seed: int, projects: int, tmp_path: Path) -> None:
    problem = compile_problem(load(write(tmp_path, synthesise(40, seed=seed, projects=projects, months=24))))
    how: dict[str, Any] = {"time_limit": math.inf, "check": lambda decisions: not audit_decisions(problem, decisions)}
    exact = optimise(problem, gap=0.1, method="exact", **how)
    # Nothing is proven to the last yuan here: the search ends by its work.
    rule = StoppingRule(branching=Limit(with_plan=1))
    structured = optimise(problem, gap=0.0, method="structured", threads=1, rule=rule, **how)
    if exact.objective is not None:
        enclosed(problem, exact, structured)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param({"seed": 200, "projects": 1, "phases": 2}, id="one project"),
        pytest.param({"seed": 216}, id="eight projects", marks=pytest.mark.slow),
    ],
)
def district(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Problem:
    # Of few such districts is the relaxation not whole at once.
    drawn = synthesise(40, months=24, **request.param)
    return compile_problem(load(write(tmp_path_factory.mktemp("district"), drawn)))


@pytest.mark.slow
def test_a_first_schedule_is_found_where_what_is_nearly_sure_is_impossible_together(
    monkeypatch: pytest.MonkeyPatch, district: Problem
) -> None:
    tried: list[object] = []
    look = NodeRelaxations.look

    def nearly_sure(state: FloatArray, lower: FloatArray, upper: FloatArray) -> list[PhaseBounds]:
        tried.append(lower)
        return [(lower, upper)]

    def nothing_sure(
        parts: NodeRelaxations, bounds: list[PhaseBounds], *how: Any, **more: Any
    ) -> list[PricedRelaxation | None]:
        if tried and bounds[0][0] is tried[-1]:
            return [None]
        return look(parts, bounds, *how, **more)

    before_branching: list[bool] = []
    branch = searching._Search._branch

    def branch_on(self: searching._Search, ascent: DualAscent) -> tuple[str, SolvedRelaxation]:
        before_branching.append(self.plans.best is not None)
        return branch(self, ascent)

    monkeypatch.setattr(diving, "nearly_sure", nearly_sure)
    monkeypatch.setattr(NodeRelaxations, "look", nothing_sure)
    monkeypatch.setattr(searching._Search, "_branch", branch_on)
    found = optimise(district, gap=0.2, method="structured", check=lambda d: not audit_decisions(district, d))
    assert tried
    assert found.decisions is not None
    assert all(before_branching)


@pytest.mark.slow
@pytest.mark.parametrize("cut_finds", [True, False])
def test_where_steps_lead_far_from_the_bound_a_first_plan_comes_by_branch_and_cut(
    monkeypatch: pytest.MonkeyPatch, district: Problem, *, cut_finds: bool
) -> None:
    steps: list[tuple[str, bool]] = []
    dive, cut = WholeSchedules._dive, WholeSchedules._cut

    def dive_on(self: WholeSchedules, ascent: DualAscent, most: float) -> bool:
        done = dive(self, ascent, -math.inf if math.isfinite(most) else most)
        steps.append(("steps", done))
        return done

    def given_up(*_: object) -> None:
        raise SolverError

    def cut_on(self: WholeSchedules, ascent: DualAscent) -> None:
        with monkeypatch.context() as patch:
            if not cut_finds:
                patch.setattr(RestrictedMaster, "schedule", given_up)
            cut(self, ascent)
        steps.append(("cut", self._plans.best is not None))

    monkeypatch.setattr(WholeSchedules, "_dive", dive_on)
    monkeypatch.setattr(WholeSchedules, "_cut", cut_on)
    found = optimise(district, gap=0.2, method="structured", check=lambda d: not audit_decisions(district, d))
    assert found.decisions is not None
    assert steps[:2] == [("steps", False), ("cut", cut_finds)]
    assert steps[2:] == ([] if cut_finds else [("steps", True)])


@pytest.mark.slow
@pytest.mark.parametrize(("promised", "used"), [(-math.inf, True), (math.inf, False)])
def test_rows_on_whole_phases_are_used_where_they_promise_anything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, promised: float, used: bool
) -> None:
    district = compile_problem(load(write(tmp_path, synthesise(40, seed=201, months=24, projects=1, phases=2))))
    seen: list[tuple[bool, float, float, bool, int]] = []
    strengthen = searching._Search._strengthen

    def strengthened(self: searching._Search, ascent: DualAscent) -> None:
        before = self.bound
        strengthen(self, ascent)
        with monkeypatch.context() as patch:
            # What promised nothing is not asked for again.
            patch.setattr(WholeSchedules, "parts", None)
            strengthen(self, ascent)
        has_rows = "taken" in ascent.incumbent.relaxation.model.rows
        seen.append((self.plans.best is not None, before, self.bound, has_rows, len(self.relaxing.cuts)))
        raise StoppedError

    monkeypatch.setattr(searching, "PROMISED", promised)
    monkeypatch.setattr(searching._Search, "_strengthen", strengthened)
    found = optimise(district, gap=1e-4, method="structured", check=lambda d: not audit_decisions(district, d))
    assert found.objective is not None
    assert found.bound is not None
    ((has_plan, before, after, has_rows, cuts),) = seen
    assert has_plan
    assert has_rows is used
    assert (cuts > 0) is used
    assert before <= after <= found.bound / YUAN_PER_WAN + A_FEN
    assert found.bound <= found.objective


@pytest.mark.slow
@pytest.mark.parametrize(("promised", "used"), [(-math.inf, True), (math.inf, False)])
def test_the_ascent_begins_with_rows_on_whole_phases_where_they_promise_much(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, promised: float, used: bool
) -> None:
    district = compile_problem(load(write(tmp_path, synthesise(40, seed=201, months=24, projects=1, phases=2))))
    seen: list[tuple[bool, bool, int]] = []
    with_rows = searching._Search._with_rows

    def began(self: searching._Search, ascent: DualAscent) -> DualAscent:
        given = with_rows(self, ascent)
        has_rows = "taken" in given.incumbent.relaxation.model.rows
        seen.append((self.guide is not None, has_rows, len(self.relaxing.cuts)))
        return given

    monkeypatch.setattr(root, "PROMISED_EARLY", promised)
    monkeypatch.setattr(searching._Search, "_with_rows", began)
    found = optimise(district, gap=1e-3, method="structured", check=lambda d: not audit_decisions(district, d))
    best = optimise(district, gap=0.0, method="exact", check=lambda d: not audit_decisions(district, d))
    ((guided, has_rows, cuts),) = seen
    assert guided is has_rows is (cuts > 0) is used
    assert found.bound is not None
    assert found.objective is not None
    assert best.objective is not None
    assert found.bound <= best.objective + 1.0
    assert best.objective <= found.objective + 1.0
    assert found.objective - found.bound <= 1e-3 * found.objective + A_FEN


@pytest.mark.parametrize("seed", [20, 73, 75, 99, 203])
def test_a_single_part_of_the_schedules_that_is_left_is_searched_as_if_it_were_all(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # Problems in which that happens are few; the enclosures of random ones above hold for them, too.
    narrowed: list[bool] = []
    stock: list[dict[tuple[str, int], float]] = []
    narrow = DualAscent.narrow

    def told(self: DualAscent, low: FloatArray, high: FloatArray, solved: SolvedRelaxation, others: float) -> None:
        before_low, before_high = self.incumbent.relaxation.phase_bounds()
        narrowed.append(bool((low >= before_low).all() and (high <= before_high).all()))
        narrowed.append(bool((low > before_low).any() or (high < before_high).any()))
        stock.append(keep(problem, "", self.incumbent, None).prices["stock"])
        narrow(self, low, high, solved, others)

    monkeypatch.setattr(DualAscent, "narrow", told)
    problem = tiny_problem(seed)
    exact, structured = both(problem)
    assert narrowed
    assert all(narrowed)
    enclosed(problem, exact, structured)
    # What is learnt are the duals of all schedules, not of the part.
    assert structured.warm is not None
    assert structured.warm.prices["stock"] == stock[0]


@pytest.mark.parametrize("seed", seeds([119, 137, 161], fast=3))
def test_schedules_that_are_taken_apart_enclose_the_optimum(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    apart: list[int] = []
    grow = Partition.grow

    def grown(self: Partition, cutoff: float) -> bool:
        grow(self, cutoff)
        apart.append(len(self.found))
        return apart[-1] > 1

    monkeypatch.setattr(root, "PROMISED_EARLY", -math.inf)
    monkeypatch.setattr(partitioning, "HOPEFUL", -math.inf)
    monkeypatch.setattr(Partition, "grow", grown)
    problem = of_fiscal_cost(seed)
    exact, structured = both(problem)
    assert max(apart) > 1
    enclosed(problem, exact, structured)


@pytest.mark.parametrize("seed", seeds([77, 50], fast=1))
def test_schedules_under_a_limit_are_taken_apart_from_what_was_learnt_without_it(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """As from point to point of a frontier: the limit halves what the cheapest plan in fees costs above the least."""
    monkeypatch.setattr(partitioning, "HOPEFUL", -math.inf)
    monkeypatch.setattr(partitioning, "WORTH_PROVING", -math.inf)
    apart: list[int] = []
    proven: list[int] = []
    grow, prove = Partition.grow, Partition.prove

    def grown(self: Partition, cutoff: float) -> bool:
        worth = grow(self, cutoff)
        apart.append(len(self.found))
        return worth

    def proving(self: Partition, cutoff: float) -> None:
        prove(self, cutoff)
        proven.append(len(self.found))

    monkeypatch.setattr(Partition, "grow", grown)
    monkeypatch.setattr(Partition, "prove", proving)
    tiny = tiny_problem(seed)
    held = Tier("cost", "fiscal_cost", np.ones(len(tiny.claims), dtype=np.bool_))
    problem = replace(tiny, objective=replace(tiny.objective, name="transition_fees", tiers=(held,)))

    def solved(method: str, limit: float | None, warm: WarmStart | None = None) -> tuple[Solution, float]:
        found = optimise(
            problem,
            gap=0.0,
            time_limit=UNHURRIED,
            method=method,
            check=lambda decisions: not audit_decisions(problem, decisions),
            limits=() if limit is None else (limit,),
            warm=warm,
        )
        assert found.decisions is not None
        return found, replay(problem, found.decisions).totals.tiers[0] / FEN_PER_YUAN

    free, most = solved("structured", 1e12)
    _, least = solved("exact", None)
    limit = 0.5 * (least + most)
    exact, _ = solved("exact", limit)
    apart.clear()
    proven.clear()
    structured, cost = solved("structured", limit, free.warm)
    assert max(apart) > 1
    # Over few classes nothing is proven under a limit.
    assert not proven
    assert cost <= limit + 1.0
    assert exact.objective is not None
    assert exact.bound is not None
    assert structured.objective is not None
    assert structured.bound is not None
    slack = max(1.0, 1e-6 * abs(exact.objective))
    assert structured.bound <= exact.objective + slack
    assert structured.objective >= exact.bound - slack


def test_what_is_impossible_with_few_choices_is_tried_with_all() -> None:
    """With the first and last choices alone not even slack helps this problem."""
    problem = of_fiscal_cost(328)
    exact, structured = both(problem)
    enclosed(problem, exact, structured)


def test_duals_dearer_than_slack_end_the_ascent_of_a_part_and_not_the_search() -> None:
    problem = of_fiscal_cost(136)
    exact, structured = both(problem)
    assert structured.objective is not None
    enclosed(problem, exact, structured)


def of_fiscal_cost(seed: int) -> Problem:
    problem = tiny_problem(seed)
    return replace(problem, objective=replace(problem.objective, name="fiscal_cost"))


@pytest.mark.parametrize("planned", [False, True])
def test_rounds_that_gain_nothing_end_once_there_is_a_plan(monkeypatch: pytest.MonkeyPatch, *, planned: bool) -> None:
    """Without a plan of the search's own, classes are split on: finer ones may lead to a first plan."""
    rounds: list[bool] = []

    def nothing_gained(self: searching._Search, ascent: DualAscent) -> tuple[str, SolvedRelaxation]:
        rounds.append(self.plans.best is not None)
        return "time_limit", ascent.incumbent.solved

    if not planned:
        monkeypatch.setattr(searching.WholeSchedules, "make_first", lambda *_: None)
    monkeypatch.setattr(searching._Search, "_done", lambda _: False)
    monkeypatch.setattr(searching._Search, "_branch", nothing_gained)
    monkeypatch.setattr(searching._Search, "_go_on", lambda _: "time_limit")
    monkeypatch.setattr(DualAscent, "finer", lambda *_, **__: True)
    optimise(tiny_problem(3), gap=0.0, method="structured")
    assert rounds == ([True] if planned else [False] * searching.REFINEMENTS)
