"""Rows on phases under construction: every whole schedule keeps them, and they say all that a limit a month implies."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.builder import Builder

from renewopt.optimiser.model.formulation import formulate
from renewopt.optimiser.model.linear import FloatArray, LinearModel

WAN = 1_000_000
TINY = 1e-9


def one_phase(cost: int, limit: list[int], lag: int) -> LinearModel:
    """A phase of so many 万元, with a limit in 万元 for each month (-1: none)."""
    build = Builder(months=len(limit), books=len(limit) + 1)
    fund = build.fund(opening=100 * WAN)
    build.bill(need=build.need("fees", funds=[fund]))
    build.claim()
    monthly = np.array([WAN * each if each >= 0 else -1 for each in limit])
    build.phase(cost * WAN, build.need("construction", funds=[fund]), lag=lag, monthly_limit=monthly)
    return formulate(build.build())[1]


def slack(model: LinearModel, name: str, built: FloatArray, complete: FloatArray) -> FloatArray:
    """Upper limit less activity of the rows of a block; `built` and `complete` are (T,)."""
    x = np.zeros(model.cost.size)
    x[model.columns["build"].index], x[model.columns["spent"].index] = built, np.cumsum(built)
    x[model.columns["complete"].index] = complete
    activity = np.bincount(model.entry_rows(), weights=model.value * x[model.index], minlength=model.row_lower.size)
    rows = model.rows[name].index
    return np.asarray(model.row_upper[rows] - activity[rows])


def latest(cost: int, limit: list[int], last: int) -> list[int]:
    """Payments of a cost, as late as limits allow, none after the month `last`; empty where they do not suffice."""
    built, left = [0] * len(limit), cost
    for month in range(last, -1, -1):
        built[month] = left if limit[month] < 0 else min(left, limit[month])
        left -= built[month]
    return [] if left else built


def standing(month: int, months: int) -> FloatArray:
    return (np.arange(months) >= month).astype(float)


limits = st.lists(st.one_of(st.just(-1), st.integers(0, 4)), min_size=2, max_size=6)
costs, lags = st.integers(1, 7), st.integers(0, 3)


def test_a_phase_is_begun_in_time() -> None:
    model = one_phase(5, [2, 2, 2, 2, 2], lag=1)
    start, rows = model.start, model.rows["complete"].index
    first = model.columns["complete"].index[0]
    in_month = {
        month: {
            int(column - first): float(value)
            for column, value in zip(
                model.index[start[row] : start[row + 1]], model.value[start[row] : start[row + 1]], strict=True
            )
            if first <= column < first + 5
        }
        for month, row in enumerate(rows)
    }
    # Of 5 at the most 2 a month: what is complete a month later has cost 3 by now, two months later 1.
    assert in_month[1] == {1: 2.0, 2: 2.0, 3: 1.0}
    assert in_month[3] == {3: 2.0, 4: 3.0}
    assert in_month[4] == {4: 5.0}


@given(cost=costs, limit=limits, lag=lags, data=st.data())
def test_whatever_is_paid_in_time_keeps_every_row(cost: int, limit: list[int], lag: int, data: st.DataObject) -> None:
    model, months = one_phase(cost, limit, lag), len(limit)
    built = np.zeros(months)
    for month in range(months):
        room = cost - built.sum() if limit[month] < 0 else min(limit[month], cost - built.sum())
        built[month] = data.draw(st.integers(0, int(room)))
    paid = np.flatnonzero(np.cumsum(built) >= cost)
    soonest = int(paid[0]) + lag if paid.size else months
    complete = standing(data.draw(st.integers(soonest, max(soonest, months))), months)
    for name in ("complete", "building"):
        assert (slack(model, name, built, complete) >= -TINY).all()


@given(cost=costs, limit=limits, lag=lags, data=st.data())
def test_what_is_not_paid_in_time_is_not_complete(cost: int, limit: list[int], lag: int, data: st.DataObject) -> None:
    model, months = one_phase(cost, limit, lag), len(limit)
    built = np.array(data.draw(st.lists(st.integers(0, 3), min_size=months, max_size=months)), dtype=float)
    month = data.draw(st.integers(0, months - 1))
    paid = built[: max(month - lag + 1, 0)].sum()
    if paid < cost:
        assert slack(model, "complete", built, standing(month, months)).min() < 0


@given(cost=costs, limit=limits, lag=lags, data=st.data())
def test_nothing_less_can_have_been_spent_by_a_mean_of_schedules(
    cost: int, limit: list[int], lag: int, data: st.DataObject
) -> None:
    """Parts of schedules, each paid as late as can be: no row asks for more, and each asks for that much."""
    model, months = one_phase(cost, limit, lag), len(limit)
    whole = [(t, built) for t in range(lag, months) if (built := latest(cost, limit, t - lag))]
    weights = data.draw(st.lists(st.integers(0, 3), min_size=len(whole), max_size=len(whole)))
    total = max(sum(weights), 1) + data.draw(st.integers(0, 2))
    built, complete = np.zeros(months), np.zeros(months)
    for weight, (month, paid) in zip(weights, whole, strict=True):
        built += weight / total * np.array(paid)
        complete += weight / total * standing(month, months)
    left = slack(model, "complete", built, complete)
    assert np.allclose(left[lag:], 0.0)
    assert (slack(model, "building", built, complete) >= -TINY).all()


@given(cost=costs, limit=limits, lag=lags)
def test_nothing_is_built_on_what_is_complete(cost: int, limit: list[int], lag: int) -> None:
    model, months = one_phase(cost, limit, lag), len(limit)
    _, month = model.rows["building"].keys
    limited = [t for t in range(months) if 0 <= t + lag - 1 < months and 0 < limit[t] < cost]
    assert month.tolist() == limited
    for t in limited:
        built = np.zeros(months)
        built[t] = limit[t]
        left = slack(model, "building", built, standing(t + lag - 1, months))
        assert left[limited.index(t)] < 0
