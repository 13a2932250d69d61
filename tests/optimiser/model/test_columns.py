"""Families of columns that nobody has heard of: whoever asks for roles, units and owners treats them right."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from tests.optimiser.compact_problem import compact_problem

from renewopt.optimiser.decomposition.lagrangian import Responses, linking_rows
from renewopt.optimiser.model import formulation, rules
from renewopt.optimiser.model.columns import Formulation, begin
from renewopt.optimiser.model.decoding import decode_money, encode
from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import LinearModel, Owner, Role, Unit
from renewopt.optimiser.payments import whole_fen
from renewopt.optimiser.pulp.additions import Additions, extend, missed, read_additions
from renewopt.optimiser.pulp.running import build
from renewopt.optimiser.pulp.states import complete_states
from renewopt.problem import Decisions

FEN = 1e-6


def untouched(model: LinearModel) -> Additions:
    problem, columns = build(model)
    return read_additions(problem, model, columns)


@dataclass(frozen=True, eq=False)
class WithGrants(Decisions):
    grant: np.ndarray = None  # type: ignore[assignment] # (n, 3): need, month, fen


def granted(*rows: tuple[int, int, int]) -> WithGrants:
    return WithGrants(grant=np.array(rows, dtype=np.int64).reshape(-1, 3))


def add_families(f: Formulation, *, owner: Owner = Owner.FINANCE) -> None:
    """Add grant[n,t], decided; pledged[f,t], which is the balance once more; insured[n,t], which is rounded."""
    keys = f["arrears"].keys
    f.builder.add_columns("grant", "nt", keys, "granted", role=Role.DECISION, unit=Unit.MONEY, owner=owner, upper=5.0)
    f.builder.add_columns(
        "pledged", "ft", f["balance"].keys, "of the balance, pledged", role=Role.STATE, unit=Unit.MONEY,
        owner=Owner.FINANCE, source="pledge", follows_rounding=True,
    )  # fmt: skip
    f.builder.add_columns("insured", "nt", keys, "premium", role=Role.ROUNDED, unit=Unit.MONEY, owner=Owner.FINANCE)
    f.builder.add_columns("lodgers", "nt", keys, "too many", role=Role.SLACK, unit=Unit.HOUSEHOLDS, owner=Owner.FINANCE)


def pledge(f: Formulation) -> None:
    rows = f.builder.add_rows("pledge", "ft", f["pledged"].keys, lower=0.0, upper=0.0)
    f.builder.add_entries(rows.index, f["pledged"].index, 1.0)
    f.builder.add_entries(rows.index, f["balance"].index, -1.0)
    rows = f.builder.add_rows("granted", "nt", f["grant"].keys, upper=9.0)
    f.builder.add_entries(rows.index, f["grant"].index, 1.0)


@pytest.fixture(autouse=True)
def invented(monkeypatch: pytest.MonkeyPatch) -> None:
    def begin_with_more(*args: object, **options: object) -> Formulation:
        f = begin(*args, **options)  # type: ignore[arg-type]
        add_families(f)
        return f

    monkeypatch.setattr(formulation, "begin", begin_with_more)
    monkeypatch.setattr(formulation, "BLOCKS", {**rules.BLOCKS, "pledge": pledge})


def test_what_was_decided_in_the_past_is_fixed_and_what_follows_from_it_is_not() -> None:
    problem = compact_problem()
    past = granted((0, 0, 12_345))
    f, model = formulate(replace(problem, calendar=replace(problem.calendar, now=1), past=past), in_fen=True)
    grant, first = f["grant"].index, f["grant"].keys[1] == 0
    paid = np.where(f["grant"].keys[0] == 0, 12_345 * FEN, 0.0)
    assert model.lower[grant[first]] == pytest.approx(paid[first])
    assert model.upper[grant[first]] == pytest.approx(paid[first])
    assert (model.upper[grant[~first]] == 5.0).all()
    for name in ("pledged", "insured", "lodgers"):
        assert np.isinf(model.upper[f[name].index]).all()


def test_a_state_is_found_by_the_rows_that_define_it() -> None:
    f, model = formulate(compact_problem())
    x = complete_states(f, model, granted((0, 1, 700)))
    assert x[f["pledged"].index] == pytest.approx(x[f["balance"].index])
    assert x[f["balance"].index].any()
    assert x[f["grant"].index].sum() == pytest.approx(700 * FEN)


def test_decisions_and_rounded_amounts_in_money_are_searched_for_in_whole_fen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Seen(Exception):  # noqa: N818
        pass

    def look(model: LinearModel) -> None:
        raise Seen(model)

    monkeypatch.setattr(whole_fen, "Engine", look)
    f, model = formulate(compact_problem(), relaxed=True, in_fen=True)
    with pytest.raises(Seen) as seen:
        whole_fen.search_in_fen(f, model, np.zeros(model.cost.size), Decisions().settle, Decisions().complete)
    in_fen = seen.value.args[0]
    whole = {name: bool(in_fen.integer[f[name].index].all()) for name in ("grant", "insured", "pledged", "lodgers")}
    assert whole == {"grant": True, "insured": True, "pledged": False, "lodgers": False}
    assert (in_fen.upper[f["grant"].index] <= 100.0).all()  # the window, in fen
    rows = model.rows["granted"].index
    assert (in_fen.row_upper[rows] == 9.0 / FEN).all()


def test_tables_of_decisions_are_read_and_written_by_their_columns() -> None:
    f, _ = formulate(compact_problem())
    x = encode(f, granted((0, 0, 5), (1, 2, 7)))
    assert decode_money(f, np.rint(x / FEN).astype(np.int64))["grant"].tolist() == [[0, 0, 5], [1, 2, 7]]


def test_a_decision_without_a_column_is_refused() -> None:
    f, _ = formulate(compact_problem())
    with pytest.raises(ValueError, match="the table grant holds what the model has no column for"):
        encode(f, granted((4, 0, 5)))


@pytest.mark.parametrize(("name", "fen_allowed"), [("pledged", 3), ("grant", 1), ("lodgers", 0)])
def test_a_users_constraint_may_be_missed_by_what_is_rounded(name: str, fen_allowed: int) -> None:
    """An equality on money by a fen, and by one for each rounding that enters into it; on households not at all."""
    f, model = formulate(compact_problem())
    own = replace(
        untouched(model), rows=("wish",), row_lower=np.zeros(1), row_upper=np.zeros(1), start=np.array([0, 1]),
        index=f[name].index[:1], value=np.ones(1),
    )  # fmt: skip
    assert extend(model, own).rows["own"].names() == ["wish"]
    for fen in range(5):
        x = np.zeros(model.cost.size)
        x[f[name].index[0]] = fen * FEN
        assert bool(missed(model, own, x, roundings=2)[0]) == (fen > fen_allowed)


def test_a_decomposition_asks_for_the_owner() -> None:
    f, model = formulate(compact_problem(), relaxed=True)
    assert not linking_rows(model)[model.rows["granted"].index].any()
    assert Responses.of(f.layout(), model).cost.size == f["settle"].size + f["waiting"].size


def test_a_households_column_that_nobody_can_price_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def begin_with_theirs(*args: object, **options: object) -> Formulation:
        f = begin(*args, **options)  # type: ignore[arg-type]
        add_families(f, owner=Owner.HOUSEHOLD)
        return f

    monkeypatch.setattr(formulation, "begin", begin_with_theirs)
    f, model = formulate(compact_problem(), relaxed=True)
    assert linking_rows(model)[model.rows["granted"].index].all()
    with pytest.raises(ValueError, match="first in the model"):
        Responses.of(f.layout(), model)
