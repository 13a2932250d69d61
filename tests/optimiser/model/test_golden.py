"""The rows of every rule block, as text: a change of the formulation shows as a change of these files.

After a change that is meant, renew them with ``RENEWOPT_RENEW_GOLDEN=1 pytest tests/optimiser/model/test_golden.py``
and read the difference before it goes in.
"""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.optimiser.compact_problem import compact_problem

from renewopt.optimiser.highs import Engine
from renewopt.optimiser.model.columns import begin
from renewopt.optimiser.model.formulation import BLOCKS, formulate
from renewopt.optimiser.model.linear import Block, Columns, LinearModel, Owner, Role, Unit
from renewopt.optimiser.model.writing import write_lp
from renewopt.problem import Tier
from renewopt.vocabulary import Goal

GOLDEN = Path(__file__).parent / "golden"
RENEW = bool(os.environ.get("RENEWOPT_RENEW_GOLDEN"))


def rows_by_block() -> dict[str, list[str]]:
    """Names of the row blocks that each rule block adds."""
    f = begin(compact_problem())
    result = {}
    for name, block in BLOCKS.items():
        before = set(f.builder.rows)
        block(f)
        result[name] = [row for row in f.builder.rows if row not in before]
    return result


def only(model: LinearModel, blocks: list[str]) -> LinearModel:
    """The rows of some blocks and the columns in them, without an objective."""
    rows = np.concatenate([model.rows[name].index for name in blocks])
    entry = np.concatenate([np.arange(model.start[r], model.start[r + 1]) for r in rows])
    used, index = np.unique(model.index[entry], return_inverse=True)
    columns, names = model.column_names(), model.row_names()
    return replace(
        model,
        cost=np.zeros(used.size),
        lower=model.lower[used],
        upper=model.upper[used],
        integer=model.integer[used],
        row_lower=model.row_lower[rows],
        row_upper=model.row_upper[rows],
        start=np.concatenate([[0], np.cumsum(np.diff(model.start)[rows])]),
        index=index.ravel(),
        value=model.value[entry],
        columns={
            "all": Columns(
                "all",
                0,
                used.size,
                (),
                "",
                tuple(columns[i] for i in used),
                role=Role.USER,
                unit=Unit.USER,
                owner=Owner.USER,
            )
        },
        rows={"all": Block("all", 0, rows.size, (), "", tuple(names[i] for i in rows))},
    )


@pytest.mark.parametrize("name", list(BLOCKS))
def test_the_rows_of_a_rule_block_are_those_of_its_golden_file(name: str, tmp_path: Path) -> None:
    _, model = formulate(compact_problem())
    written = tmp_path / f"{name}.lp"
    write_lp(only(model, rows_by_block()[name]), written)
    golden = GOLDEN / f"{name}.lp"
    if RENEW:
        golden.write_bytes(written.read_bytes())
    assert golden.is_file(), "renew the golden files: see above"
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_the_rows_of_equal_waits_are_those_of_their_golden_file(tmp_path: Path) -> None:
    problem = compact_problem()
    projects = np.arange(len(problem.claims), dtype=np.int32) % 2
    problem = replace(
        problem,
        projects=np.array(["P1", "P2"], dtype=object),
        claims=replace(problem.claims, project=projects),
        fees=replace(problem.fees, moved_out=problem.fees.moved_out - 3),
    )
    even = Tier("even", Goal.WAIT_SPREAD, np.ones(len(problem.claims), dtype=np.bool_))
    longest = Tier("longest", Goal.LONGEST_WAIT, even.claims)
    _, model = formulate(problem, goal=even, tier_bounds=[(longest, 3.0), (even, 1.5)])
    # Whoever is housed a month later has waited for longer.
    assert (model.upper[model.columns["settle"].index] == 0).any()
    written = tmp_path / "equal_waits.lp"
    write_lp(only(model, ["mean_most", "mean_least", "tier_0"]), written)
    golden = GOLDEN / "equal_waits.lp"
    if RENEW:
        golden.write_bytes(written.read_bytes())
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_rule_block_and_has_rows() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {*BLOCKS, "equal_waits"}
    for name, rows in rows_by_block().items():
        assert rows, name
        text = (GOLDEN / f"{name}.lp").read_text(encoding="utf-8")
        assert len(text.split("subject to\n")[1].split("bounds\n")[0].splitlines()) > 0, name


def test_the_rule_blocks_make_the_whole_model() -> None:
    _, model = formulate(compact_problem())
    assert sorted(model.rows) == sorted(row for rows in rows_by_block().values() for row in rows)
    for name in model.rows:
        assert model.rows[name].size, f"{name} has no rows: the compact problem does not show it"


def test_the_compact_problem_has_a_plan() -> None:
    assert Engine(formulate(compact_problem())[1]).run().status == "optimal"
