"""The tables of a plan tell what the ledger knows, row by row."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewopt.results import tables
from renewopt.results.savings import reckon_savings, simulate_waiting

from .made import random_books

SEEDS = range(40)
PARTS = st.tuples(st.sampled_from("AB"), st.sampled_from(["", "p", "q"]), st.integers(1, 3))
KEYS = ["household", "route", "pool", "month"]


def counts(problem) -> dict[str, int]:
    return {str(h): int(c) for h, c in zip(problem.claims.household, problem.claims.count, strict=True)}


@pytest.mark.parametrize("seed", SEEDS)
def test_allocation_and_claims(seed: int) -> None:
    books = random_books(seed)
    problem = books.problem
    claims = tables.claims_table(books)
    allocation = tables.allocation_table(claims)
    for name, frame in (("claims", claims), ("allocation", allocation)):
        assert list(frame.columns) == list(tables.COLUMNS[name])
        pd.testing.assert_frame_equal(frame.iloc[:0], tables.empty(name))
        assert (frame["count"] > 0).all()
    assert not allocation.duplicated(KEYS).any()
    assert not claims.duplicated([*KEYS, "part"]).any()
    # Everybody is there once, in every part.
    assert allocation.groupby("household")["count"].sum().to_dict() == counts(problem)
    assert claims["count"].sum() == problem.claims.count.sum()
    single = allocation["household"].map({h: c == 1 for h, c in counts(problem).items()})
    assert not allocation.loc[single.to_numpy(dtype=bool), "household"].duplicated().any()
    waiting = allocation["route"] == "waiting"
    assert (allocation.loc[waiting, ["month", "housed", "fee_stops"]] == "").all(axis=None)
    assert (allocation.loc[~waiting, ["month", "housed", "fee_stops", "pool"]] != "").all(axis=None)
    # A household counts as settled when all of its parts are housed within the horizon.
    last = problem.calendar.label(problem.calendar.months - 1)
    housed = allocation[(allocation["housed"] != "") & (allocation["housed"] <= last)]
    assert housed["count"].sum() == books.settled
    assert allocation["count"].sum() == books.households


@pytest.mark.parametrize("seed", SEEDS)
def test_money_adds_up(seed: int) -> None:
    books = random_books(seed)
    problem = books.problem
    funds, fees, construction = tables.funds_table(books), tables.fees_table(books), tables.construction_table(books)
    for fund, group in funds.groupby("fund"):
        assert group["balance"].to_numpy() == pytest.approx(group["amount"].cumsum().to_numpy(), abs=0.004)
        index = list(problem.funds.id).index(fund)
        assert group["balance"].iloc[-1] == books.funds.closing[index, -1] / 100
    accrued = round((fees["ordinary"].sum() + fees["overdue"].sum()) * 100)
    assert accrued == books.totals.fees
    assert not fees.duplicated(["month", "project"]).any()
    assert round(construction["amount"].sum() * 100) == books.construction.spent.sum()
    assert (construction["handed_over"] == "yes").sum() == books.construction.completed.sum()


def parts(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    """(part, route, pool, month, count) of household H."""
    return pd.DataFrame(
        {
            "household": "H",
            "part": [row[0] for row in rows],
            "project": "P",
            "route": [row[1] for row in rows],
            "pool": [row[2] for row in rows],
            "month": [row[3] for row in rows],
            "count": np.array([row[4] for row in rows], dtype=np.int64),
            "housed": [row[3] for row in rows],
            "fee_stops": [row[3] for row in rows],
            **{name: [1.5 * row[4] for row in rows] for name, kind in tables.ROSTER.items() if kind != "text"},
            "instalments": [f"2024-01:{row[4]}.00" for row in rows],
            "funds": [row[2] for row in rows],
        }
    ).astype(dict.fromkeys(("household", "part", "project", "route", "pool", "month"), object))


def told(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(tables.allocation_table(frame)[["route", "pool", "month", "count"]].itertuples(index=False, name=None))


def test_claims_of_a_household_share_a_row() -> None:
    both = parts(("1", "own_unit", "E1/90", "2024-03", 1), ("2", "voucher", "V", "2024-01", 1))
    assert told(both) == [("own_unit;voucher", "E1/90;V", "2024-03", 1)]


def test_a_route_that_all_claims_take_is_named_once() -> None:
    both = parts(("1", "voucher", "V", "2024-03", 1), ("2", "voucher", "W", "2024-01", 1))
    assert told(both) == [("voucher", "V;W", "2024-03", 1)]


def test_a_household_waits_while_a_claim_waits() -> None:
    one = parts(("1", "own_unit", "E1/90", "2024-03", 1), ("2", "waiting", "", "", 1))
    assert told(one) == [("waiting", "E1/90;waiting", "", 1)]
    none = parts(("1", "waiting", "", "", 1), ("2", "waiting", "", "", 1))
    assert told(none) == [("waiting", "", "", 1)]


def test_of_a_cohort_each_piece_has_its_households_part() -> None:
    cohort = parts(
        ("1", "own_unit", "A", "2024-01", 3), ("2", "cash", "C", "2024-02", 1), ("2", "cash", "D", "2024-02", 2)
    )
    cohort.loc[0, ["price", "given_m2"]] = [0.05, np.nan]
    cohort.loc[1, "entitled_m2"] = np.nan
    table = tables.allocation_table(cohort)
    columns = ["count", "entitled_m2", "given_m2", "price", "fees", "instalments", "funds"]
    one, two = table[columns].to_numpy().tolist()
    assert one == [1, pytest.approx(np.nan, nan_ok=True), 1.5, 1.51, 3.0, "2024-01:2.00", "A;C"]
    # A third of 5 fen is 1 fen, so that two thirds are 4.
    assert two == [2, 6.0, 3.0, 3.04, 6.0, "2024-01:4.00", "A;D"]


def test_rows_of_one_way_are_one() -> None:
    rows = parts(("", "cash", "C", "2024-01", 3), ("", "waiting", "", "", 1), ("", "cash", "C", "2024-01", 2))
    rows["given_m2"] = [np.nan, 7.0, np.nan]
    table = tables.allocation_table(rows)
    assert table[["route", "count", "price", "instalments", "funds"]].to_numpy().tolist() == [
        ["cash", 5, 7.5, "2024-01:5.00", "C"],
        ["waiting", 1, 1.5, "2024-01:1.00", ""],
    ]
    assert table["given_m2"].isna().tolist() == [True, False]


def test_claims_of_households_may_lie_apart() -> None:
    one, other = (parts((part, "cash", part, "2024-01", 1)) for part in "12")
    rows = pd.concat([one, one.assign(household="K"), other, other.assign(household="K")]).astype({"household": object})
    table = tables.allocation_table(rows)
    assert table[["household", "pool"]].to_numpy().tolist() == [["H", "1;2"], ["K", "1;2"]]


def test_claims_of_a_cohort_are_laid_over_one_another() -> None:
    cohort = parts(
        ("1", "own_unit", "A", "2024-01", 3),
        ("1", "waiting", "", "", 2),
        ("2", "cash", "C", "2024-02", 4),
        ("2", "waiting", "", "", 1),
    )
    assert told(cohort) == [
        ("own_unit;cash", "A;C", "2024-02", 3),
        ("waiting", "waiting;C", "", 1),
        ("waiting", "", "", 1),
    ]


def test_the_first_to_be_housed_of_each_part_of_a_cohort_are_the_same_households() -> None:
    cohort = parts(
        ("1", "voucher", "V", "2024-01", 1),
        ("1", "own_unit", "A", "2024-02", 1),
        ("2", "cash", "C", "2024-03", 1),
        ("2", "waiting", "", "", 1),
    ).assign(housed=["2024-09", "2024-02", "2024-03", ""])
    table = tables.allocation_table(cohort)
    assert table[["pool", "housed", "count"]].to_numpy().tolist() == [["A;C", "2024-03", 1], ["V;waiting", "", 1]]


def test_households_of_claims_count_once() -> None:
    rows = parts(("1", "cash", "C", "2024-01", 3), ("1", "cash", "D", "2024-02", 2), ("2", "cash", "C", "2024-01", 4))
    other = rows.iloc[:1].assign(household="K", part="")
    assert tables.count_households(pd.concat([rows, other])) == 5 + 3
    assert tables.count_households(rows.iloc[:0]) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_people_and_what_waiting_would_cost(seed: int) -> None:
    books = random_books(seed)
    problem, people = books.problem, tables.people_table(books)
    pd.testing.assert_frame_equal(people.iloc[:0], tables.empty("people"))
    by_month = people.groupby("month", sort=True)[["housed", "waiting", "overdue"]].sum()
    assert by_month["waiting"].tolist() == books.people.waiting.sum(axis=0).tolist()
    assert by_month["overdue"].tolist() == books.people.overdue.sum(axis=0).tolist()
    assert (by_month["housed"].cumsum() + by_month["waiting"]).eq(problem.claims.count.sum()).all()
    clear = by_month.index[: problem.calendar.months][::-1]
    late = next((month for month in clear if by_month.loc[month, "overdue"]), None)
    if late is not None and books.clear_month is not None:
        assert problem.calendar.label(books.clear_month) > late
    waiting = simulate_waiting(problem)
    baseline = tables.baseline_table(waiting)
    pd.testing.assert_frame_equal(baseline.iloc[:0], tables.empty("baseline"))
    # With what is valued after the horizon and the surcharges, it is the total that savings are reckoned against.
    accrued = round((baseline["ordinary"].sum() + baseline["overdue"].sum()) * 100)
    totals = waiting.totals
    assert accrued + totals.valued + totals.surcharges == totals.transition_fees
    assert round(reckon_savings(books, waiting).waiting_fees * 100) == totals.transition_fees


@given(st.lists(PARTS, max_size=6))
def test_a_household_counts_once_however_many_parts_it_has(rows: list[tuple[str, str, int]]) -> None:
    by_part: dict[str, dict[str, int]] = {}
    for household, part, count in rows:
        mine = by_part.setdefault(household, {})
        mine[part] = mine.get(part, 0) + count
    claims = pd.DataFrame(rows, columns=["household", "part", "count"])
    assert tables.count_households(claims) == sum(max(mine.values()) for mine in by_part.values())
