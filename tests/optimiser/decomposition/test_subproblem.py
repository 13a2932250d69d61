"""What is left of a problem when some households are settled is worth what the whole is worth."""

import math
from pathlib import Path

import numpy as np
import pytest

from renewopt.ledger import audit_decisions
from renewopt.optimiser import optimise
from renewopt.optimiser.decomposition import household_rounding
from renewopt.optimiser.decomposition.subproblem import Subproblem, remaining
from renewopt.optimiser.highs import Engine
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write
from renewopt.testing.tiny import tiny_problem


def _value(problem: Problem, decisions: Decisions, left: np.ndarray) -> float:
    """Best value of the claims that are left, each held to its own choices, and phases to theirs."""
    claim = problem.offers.claim[decisions.settle[:, 0]]
    settled = decisions.settle[~np.isin(claim, left)]
    months = problem.calendar.months
    own = np.flatnonzero(np.isin(problem.offers.claim, left))
    model: Subproblem = remaining(
        problem, settled, left, np.ones((own.size, months), dtype=np.bool_), goal=problem.objective.name, tier_bounds=()
    )
    settle = model.model.columns["settle"].index
    chosen = np.zeros(settle.size)
    for offer, month, count in decisions.settle[np.isin(claim, left)]:
        at = (model.offer[model.f.choices.offer] == offer) & (model.f.choices.month == month)
        chosen[at] = count / model.f.choices.unit[at]
    engine = Engine(model.restricted.model)
    columns = model.restricted.column[settle]
    engine.bound_columns(columns, chosen, chosen)
    state = np.zeros((len(problem.phases), months))
    for phase, month in decisions.complete:
        state[phase, month:] = 1.0
    complete = model.restricted.columns_of(model.model.columns["complete"])
    engine.bound_columns(complete, state.ravel(), state.ravel())
    raw = engine.run()
    assert raw.status == "optimal"
    return raw.objective


@pytest.mark.parametrize("seed", range(30))
def test_settling_some_first_changes_no_value(seed: int) -> None:
    problem = tiny_problem(seed)
    best = optimise(problem, gap=0.0, method="exact", check=lambda d: not audit_decisions(problem, d), describe=False)
    if best.decisions is None or problem.objective.tiers:
        pytest.skip("no plan, or several goals")
    everybody = np.arange(len(problem.claims), dtype=np.int64)
    rng = np.random.Generator(np.random.PCG64(seed))
    some = np.flatnonzero(rng.random(everybody.size) < 0.5)
    whole = _value(problem, best.decisions, everybody)
    # The whole is reckoned in fractions of a fen, what is settled in whole ones.
    assert _value(problem, best.decisions, some) == pytest.approx(whole, rel=1e-6, abs=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("households", "most", "shape"),
    [
        pytest.param(240, 30, {"months": 24, "projects": 1, "phases": 1}, id="one project"),
        pytest.param(400, 60, {"months": 30}, id="eight projects", marks=pytest.mark.slow),
    ],
)
def test_a_city_is_dealt_out_by_classes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, households: int, most: int, shape: dict[str, int]
) -> None:
    monkeypatch.setattr(household_rounding, "OPEN", most)
    problem = compile_problem(load(write(tmp_path, synthesise(households, seed=3, **shape))))
    dealt: list[int] = []
    deal_out = household_rounding.HouseholdRounding._round_by_quota

    def counting(self, shares, most):  # type: ignore[no-untyped-def]
        table, left = deal_out(self, shares, most)
        dealt.append(len(table))
        assert not np.isin(problem.offers.claim[table[:, 0]], left).any()
        return table, left

    monkeypatch.setattr(household_rounding.HouseholdRounding, "_round_by_quota", counting)
    solution = optimise(
        problem, gap=0.03, method="structured", time_limit=math.inf, check=lambda d: not audit_decisions(problem, d)
    )
    assert dealt[0] > 50
    assert solution.decisions is not None
    assert solution.gap is not None
    assert solution.gap <= 0.03
    assert not audit_decisions(problem, solution.decisions)
