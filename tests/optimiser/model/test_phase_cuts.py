"""Rows on whole phases as text, each kind with its golden file; renewed like those of the rule blocks."""

import os
from pathlib import Path

import numpy as np
import pytest
from tests.ledger.builder import Builder
from tests.optimiser.model.test_golden import only

from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import LinearModel
from renewopt.optimiser.model.phase_cuts import EFFECTIVE, RESIDUAL, with_cuts
from renewopt.optimiser.model.writing import write_lp
from renewopt.optimiser.presolve.pool_sets import pool_sets
from renewopt.optimiser.presolve.separation import PhaseCapacity, group_claims, separate
from renewopt.problem import Problem, Route

GOLDEN = Path(__file__).parent / "golden_cuts"
RENEW = bool(os.environ.get("RENEWOPT_RENEW_GOLDEN"))
WAN = 1_000_000


def two_phases() -> Problem:
    """Five households for the homes of a pool, two of them due two homes; one home is there, phases bring 3 and 4."""
    build = Builder(months=3, books=4)
    fund = build.fund(opening=9 * WAN)
    build.bill(need=build.need("fees", funds=[fund]))
    works = build.need("construction", funds=[fund])
    pool = build.pool(arrivals=[(0, 100)])
    for homes, count in ((100, 3), (200, 2)):
        claim = build.claim(count=count)
        build.offer(claim, Route.own_unit, stock=[(pool, homes)], housed_after=1)
    for size in (300, 400):
        build.phase(WAN, works, [(pool, size)])
    return build.build()


def with_rows() -> LinearModel:
    problem = two_phases()
    f, model = formulate(problem, relaxed=True)
    group = group_claims(problem)
    capacity = PhaseCapacity.of(problem, group, 4, pool_sets(problem, group))
    # Little of the phases serves most of each group; then parts of both serve nearly all of the two together.
    state = np.array([[0.0, 0.2, 0.5], [0.0, 0.25, 0.9]])
    taken = capacity.most[:, :, None] * np.array([0.0, 0.9, 0.95, 0.95])
    return with_cuts(f.layout(), model, group, separate(capacity, taken, state, within=1))


@pytest.mark.parametrize("kind", [EFFECTIVE, RESIDUAL])
def test_the_rows_of_a_kind_are_those_of_its_golden_file(kind: str, tmp_path: Path) -> None:
    written = tmp_path / f"{kind}.lp"
    write_lp(only(with_rows(), ["taken", kind]), written)
    golden = GOLDEN / f"{kind}.lp"
    if RENEW:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(written.read_bytes())
    assert golden.is_file(), "renew the golden files: see test_golden.py"
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_kind_of_rows() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {EFFECTIVE, RESIDUAL}


def test_a_model_without_rows_stays_as_it_is() -> None:
    problem = two_phases()
    f, model = formulate(problem, relaxed=True)
    assert with_cuts(f.layout(), model, group_claims(problem), []) is model
