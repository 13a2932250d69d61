"""Blocks, names, and entries added up into rows."""

import numpy as np
import pytest
from tests.optimiser.compact_problem import compact_problem

from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import INFINITY, ModelBuilder, Owner, Role, Unit
from renewopt.testing.tiny import tiny_problem

KIND = {"role": Role.DECISION, "unit": Unit.SHARE, "owner": Owner.SUPPLY}


def small():
    build = ModelBuilder()
    x = build.add_columns("x", "a", (np.arange(3),), "", **KIND, upper=4.0, integer=[True, False, False])
    y = build.add_columns("y", "ab", (np.array([5, 6]), np.array([7, 8])), "", **KIND)
    rows = build.add_rows("r", "a", (np.arange(2),), lower=0.0)
    build.add_entries(rows.index[0], x.index, [1.0, 2.0, 3.0])
    build.add_entries(rows.index[0], x.index[1], 5.0)
    build.add_entries(rows.index, y.index, 1.0)
    build.add_entries(rows.index[1], x.index[0], [2.0])
    build.add_entries(rows.index[1], x.index[0], [-2.0])
    build.add_cost(x.index, [1.0, 2.0, 3.0])
    build.add_cost(x.index[[0, 0]], 1.0)
    build.fix(y.index[:1], [2.5])
    build.set_row_upper(rows, np.array([7.0, INFINITY]))
    return build.finish()


def test_entries_of_one_row_and_column_are_added_and_zeros_dropped() -> None:
    model = small()
    assert model.shape == (2, 5, 5)
    assert model.start.tolist() == [0, 4, 5]
    assert model.index.tolist() == [0, 1, 2, 3, 4]
    assert model.value.tolist() == [1.0, 7.0, 3.0, 1.0, 1.0]
    assert model.entry_rows().tolist() == [0, 0, 0, 0, 1]


def test_costs_bounds_and_kinds_are_those_given() -> None:
    model = small()
    assert model.cost.tolist() == [3.0, 2.0, 3.0, 0.0, 0.0]
    assert model.lower.tolist() == [0.0, 0.0, 0.0, 2.5, 0.0]
    assert model.upper.tolist() == [4.0, 4.0, 4.0, 2.5, INFINITY]
    assert model.integer.tolist() == [True, False, False, False, False]
    assert model.row_upper.tolist() == [7.0, INFINITY]


def test_names_tell_the_indices() -> None:
    model = small()
    assert model.column_names() == ["x_a0", "x_a1", "x_a2", "y_a5_b7", "y_a6_b8"]
    assert model.row_names() == ["r_a0", "r_a1"]


@pytest.mark.parametrize("seed", range(5))
def test_names_are_unique_ascii_and_fit_for_a_file(seed: int) -> None:
    _, model = formulate(tiny_problem(seed), elastic=True)
    for names in (model.column_names(), model.row_names()):
        assert len(set(names)) == len(names)
        assert all(name.isascii() and name.replace("_", "").isalnum() for name in names)


def test_products_are_those_of_the_matrix() -> None:
    _, model = formulate(compact_problem())
    rows, columns, _ = model.shape
    dense = np.zeros((rows, columns))
    dense[model.entry_rows(), model.index] = model.value
    random = np.random.default_rng(1)
    x = random.normal(size=columns)
    assert np.allclose(model.activity(x), dense @ x)


def test_a_relaxed_model_has_no_whole_columns_and_an_elastic_one_has_shortfalls() -> None:
    assert formulate(compact_problem())[1].integer.any()
    assert not formulate(compact_problem(), relaxed=True)[1].integer.any()
    assert "shortfall" not in formulate(compact_problem())[1].columns
    assert formulate(compact_problem(), elastic=True)[1].columns["shortfall"].size > 0
