"""The rows of every rule block of a programme, as text, and what becomes of a model by them.

Renew the golden files as those of the other blocks: ``RENEWOPT_RENEW_GOLDEN=1 pytest tests/optimiser/model``.
"""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.optimiser.compact_problem import WAN, compact_problem
from tests.optimiser.model.test_golden import only

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.columns import begin
from renewopt.optimiser.model.formulation import BLOCKS, START_BLOCKS, formulate
from renewopt.optimiser.model.start_options import CLOSED, StartOptions
from renewopt.optimiser.model.writing import write_lp
from renewopt.problem import Ragged
from renewopt.testing.tiny_programmes import no_activities

GOLDEN = Path(__file__).parent / "golden_starts"
RENEW = bool(os.environ.get("RENEWOPT_RENEW_GOLDEN"))


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def compact_programme() -> StartOptions:
    """A project with a copy of claim 0, whose land phase 0 stands on, and a work that comes after it."""
    return replace(
        no_activities(2),
        id=np.array(["P", "W"], dtype=object),
        first=ints(0, 0),
        last=ints(0, 1),
        must=np.array([True, False]),
        lasts=ints(1, 1),
        clears=ints(0, -1),
        cost=ints(0, WAN, 2 * WAN),
        idle=ints(3 * WAN, 3 * WAN),
        fiscal=np.array([-4.0 * WAN, 0.0, 0.0]),
        given=-WAN,
        due=Ragged.build(2, ints(0, 1), need=ints(2, 2), after=ints(0, 1), fen=ints(WAN, 2 * WAN)),
        inflow=Ragged.build(2, ints(0), fund=ints(0), after=ints(1), fen=ints(4 * WAN)),
        surplus=Ragged.build(2, ints(0), pool=ints(0), amount=ints(100)),
        claim_option=ints(0, -1),
        crew=np.array(["team"], dtype=object),
        crews=np.array([[1], [2]]),
        capacity=np.array([[2, -1]]),
        before=ints(0),
        after=ints(1),
        gap=ints(1),
        land_phase=ints(0),
        land_activity=ints(0),
        land_build=ints(1),
        counted=np.array([[True, True]]),
        by=ints(1),
        least=ints(1),
        most=ints(2),
    )


def rows_by_block() -> dict[str, list[str]]:
    f = begin(compact_problem(), starts=compact_programme())
    result = {}
    for name, block in {**BLOCKS, **START_BLOCKS}.items():
        before = set(f.builder.rows)
        block(f)
        result[name] = [row for row in f.builder.rows if row not in before]
    # Copies add to rows that are there already.
    return {name: result[name] or ["household", "need", "fund", "reservation"] for name in START_BLOCKS}


@pytest.mark.parametrize("name", list(START_BLOCKS))
def test_the_rows_of_a_rule_block_are_those_of_its_golden_file(name: str, tmp_path: Path) -> None:
    _, model = formulate(compact_problem(), starts=compact_programme())
    written = tmp_path / f"{name}.lp"
    write_lp(only(model, rows_by_block()[name]), written)
    golden = GOLDEN / f"{name}.lp"
    if RENEW:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(written.read_bytes())
    assert golden.is_file(), "renew the golden files: see above"
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_rule_block() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(START_BLOCKS)


def test_without_activities_the_model_is_that_of_the_problem() -> None:
    problem = compact_problem()
    plain = Engine(formulate(problem)[1]).run()
    opened = Engine(formulate(problem, starts=no_activities(len(problem.claims)))[1]).run()
    assert opened.objective == pytest.approx(plain.objective)


@pytest.mark.parametrize(
    ("goal", "constant", "of_starts"),
    [("transition_fees", 6.0, [-3.0, -2.0, -1.0]), ("fiscal_cost", 5.0, [-7.0, -2.0, -1.0])],
)
def test_delay_counts_in_both_objectives_and_land_in_the_fiscal_cost(
    goal: str, constant: float, of_starts: list[float]
) -> None:
    f, model = formulate(compact_problem(), goal=goal, starts=compact_programme())
    assert model.offset == pytest.approx(constant)
    assert model.cost[f["start"].index].tolist() == pytest.approx(of_starts)


def test_what_must_start_in_a_closed_window_leaves_no_plan() -> None:
    closed = replace(compact_programme(), first=ints(CLOSED, 0), last=ints(CLOSED - 1, 1), cost=ints(WAN, 2 * WAN))
    closed = replace(closed, fiscal=np.zeros(2), claim_option=ints(-1, -1))
    assert Engine(formulate(compact_problem(), starts=closed)[1]).run().status == "infeasible"


def test_nobody_waits_in_a_copy_that_does_not_live() -> None:
    never = replace(compact_programme(), must=np.array([False, False]), least=ints(-1))
    f, model = formulate(compact_problem(), starts=never, elastic=True)
    column = f["start"].index
    lower, upper = model.lower.copy(), model.upper.copy()
    upper[column] = 0.0
    raw = Engine(replace(model, lower=lower, upper=upper)).run()
    assert raw.status == "optimal"
    claim, _ = f["waiting"].keys
    assert raw.x[f["waiting"].index][claim == 0].tolist() == pytest.approx([0.0, 0.0])
    assert raw.x[f["complete"].index].tolist() == pytest.approx([0.0, 0.0])
