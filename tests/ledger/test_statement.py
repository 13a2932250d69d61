"""Household statements: worked by hand, and every movement of every fund the sum of its rows."""

import numpy as np
import pandas as pd
import pytest
from tests.results.made import random_books, tiny

from renewopt.ledger import replay
from renewopt.ledger import statement as statements
from renewopt.ledger.books import Books
from renewopt.ledger.charges import ITEM
from renewopt.ledger.statement import PAYER, WHAT_FOR, list_statement
from renewopt.policies import Policy
from renewopt.policies.rules import UrgentFirst
from renewopt.policies.waiting import WaitForBuild
from renewopt.problem import LineKind
from renewopt.vocabulary import ITEMS, PAYERS

from .builder import Builder, decide


def told(books: Books) -> list[tuple[object, ...]]:
    """(claim, item, month, months, due, payer, party, fen) of what is of households or needs."""
    rows = list_statement(books)
    return [
        (row["claim"], ITEMS[row["item"]], row["month"], row["months"], row["due"], PAYERS[row["payer"]], row["party"],
         row["fen"])
        for row in rows[(rows["claim"] >= 0) | (rows["need"] >= 0)]
    ]  # fmt: skip


def fees_of(*fees: int, months: int = 2, **bill: int) -> Builder:
    build = Builder(months=months, books=months)
    build.fund(10**6)
    build.fund(10**6)
    build.owing(surcharge_ppb=100_000_000)
    build.need("fees", owing=0)
    build.bill(**bill)
    for fee in fees:
        build.claim(fee)
    return build


def test_one_need_of_two_households_paid_by_two_funds() -> None:
    build = fees_of(100, 100)
    assert told(replay(build.build(), decide(pay=[(1, 0, 0, 50), (0, 0, 0, 150), (0, 0, 1, 200)]))) == [
        (0, "fee", 0, 2, 0, "fund", 0, -100),
        (1, "fee", 0, 1, 0, "fund", 0, -50),
        (1, "fee", 0, 1, 0, "fund", 1, -50),
        (1, "fee", 1, 1, 1, "fund", 0, -100),
    ]


def test_first_due_first_paid_and_the_surcharge_in_cash() -> None:
    build = fees_of(100, months=3)
    # 100 owed in month 0 costs 10 in month 1, where 50 of it are repaid; the rest is never paid.
    books = replay(build.build(), decide(owe=[(0, 0, 100)], pay=[(0, 0, 1, 150), (1, 0, 1, 10), (0, 0, 2, 105)]))
    assert not books.payments.imbalance.any()
    assert told(books) == [
        (0, "fee", 1, 1, 0, "fund", 0, -100),
        (0, "fee", 1, 2, 1, "fund", 0, -50),
        (0, "fee", 2, 1, 1, "fund", 0, -50),
        (0, "fee", -1, 1, 2, "owed", -1, -50),
        (-1, "surcharge", 1, 1, 1, "fund", 1, -10),
        (-1, "surcharge", 2, 1, 2, "fund", 0, -5),
    ]


def test_arrears_at_the_start_come_first() -> None:
    build = Builder(months=1, books=2)
    build.fund(10**6)
    build.owing()
    build.need("fees", owing=0, opening_arrears=30)
    build.need("cash", opening_arrears=7, fixed={0: 5})
    build.bill()
    build.claim(100)
    pay = [(0, 0, 0, 100), (0, 0, 1, 30), (0, 1, 0, 12)]
    assert told(replay(build.build(), decide(owe=[(0, 0, 30)], pay=pay))) == [
        (0, "fee", 0, 1, 0, "fund", 0, -70),
        (0, "fee", 1, 1, 0, "fund", 0, -30),
        (-1, "arrears", 0, 1, -1, "fund", 0, -30),
        (-1, "arrears", 0, 1, 0, "fund", 0, -7),
        (-1, "other", 0, 1, 0, "fund", 0, -5),
    ]


def test_everybody_bears_the_share_of_the_developer() -> None:
    build = fees_of(100, 100, 100, months=1, paid_ppm=333_333)
    assert told(replay(build.build(), decide(pay=[(0, 0, 0, 100)]))) == [
        (0, "fee", 0, 1, 0, "fund", 0, -33),
        (0, "fee", 0, 1, 0, "developer", -1, -67),
        (1, "fee", 0, 1, 0, "fund", 0, -34),
        (1, "fee", 0, 1, 0, "developer", -1, -66),
        (2, "fee", 0, 1, 0, "fund", 0, -33),
        (2, "fee", 0, 1, 0, "developer", -1, -67),
    ]


def test_all_items_of_a_household_and_who_pays_them() -> None:
    build = Builder(months=3, books=6)
    build.clock(overdue_from=1, late=2000)
    build.fund(10**6)
    build.developer()
    build.need("fees")
    build.need("voucher", developer=0)
    build.need("cash")
    build.bill(period=3, due=[2, 2, 2, 5, 5, 5])
    build.claim(100)
    build.schedules.append([(0, 300_000), (1, 1_000_000)])
    lines = [
        (2, -700, -1, 0, LineKind.top_up),
        (2, 40, 2, -1, LineKind.refund),
        (2, 15, 2, -1, LineKind.moving),
        (2, 25, 2, -1, LineKind.lump_sum),
        (3, 60, 1, -1, LineKind.instalment),
    ]
    build.offer(housed_after=1, tail=1, price=1000, price_need=1, schedule=1, lines=lines)
    books = replay(
        build.build(),
        decide(settle=[(0, 1, 1)], offset=[(1, 1, 300)], shortfall=[(1, 2, 100)],
               pay=[(0, 0, 2, 500), (0, 1, 2, 600), (0, 2, 3, 80), (0, 1, 4, 60)]),
    )  # fmt: skip
    assert not books.payments.imbalance.any()
    assert told(books) == [
        (0, "price", 1, 1, 1, "set_off", 0, -300),
        (0, "fee", 2, 1, 2, "fund", 0, -100),
        (0, "fee_overdue", 2, 1, 2, "fund", 0, -200),
        (0, "fee_tail", 2, 1, 2, "fund", 0, -200),
        (0, "price", 2, 1, 2, "fund", 0, -600),
        (0, "price", 2, 1, 2, "outside", -1, -100),
        (0, "top_up", 3, 1, 3, "fund", 0, 700),
        (0, "refund", 3, 1, 3, "fund", 0, -40),
        (0, "moving_fee", 3, 1, 3, "fund", 0, -15),
        (0, "lump_sum", 3, 1, 3, "fund", 0, -25),
        (0, "price", 4, 1, 4, "fund", 0, -60),
    ]


def test_what_a_cohort_chooses_in_several_ways_stands_together() -> None:
    build = fees_of(months=2)
    build.claim(10, count=5)
    build.need("cash")
    build.offer(price=100, price_need=1)
    # Two take it in the first month and one in the second; two wait.
    books = replay(
        build.build(), decide(settle=[(0, 0, 2), (0, 1, 1)], pay=[(0, 0, 0, 30), (0, 0, 1, 20), (0, 1, 0, 200)])
    )
    assert told(books) == [
        (0, "fee", 0, 1, 0, "fund", 0, -30),
        (0, "price", 0, 1, 0, "fund", 0, -200),
        (0, "fee", 1, 1, 1, "fund", 0, -20),
        (0, "price", -1, 1, 1, "owed", -1, -100),
    ]


def test_what_is_paid_and_due_to_nobody_is_no_households() -> None:
    assert told(replay(fees_of(months=1).build(), decide(pay=[(0, 0, 0, 9)]))) == [
        (-1, "other", 0, 1, 0, "fund", 0, -9)
    ]


def months_of(rows: np.ndarray) -> pd.DataFrame:
    """Rows month by month."""
    frame = pd.DataFrame(rows)
    frame = frame.loc[np.repeat(frame.index, frame["months"])]
    later = frame.groupby(level=0).cumcount()
    return frame.assign(month=frame["month"] + later, due=frame["due"] + later)


def by_movement(rows: np.ndarray) -> pd.Series:
    frame = months_of(rows[rows["payer"] == PAYER["fund"]])
    frame["use"] = [WHAT_FOR[use] for use in frame["use"]]
    return frame.rename(columns={"party": "fund"}).groupby(["month", "fund", "use", "need", "other"])["fen"].sum()


def assert_ties_out(books: Books) -> None:
    rows, moved = list_statement(books), pd.DataFrame(books.fund_rows())
    keys = ["month", "fund", "use", "need", "other"]
    expected = moved.groupby(keys)["amount"].sum()
    difference = by_movement(rows).sub(expected[expected != 0], fill_value=0)
    assert difference.eq(0).all(), difference[difference != 0]
    monthly, payments, problem = months_of(rows), books.payments, books.problem

    def sum_of(payer: str) -> np.ndarray:
        result = np.zeros_like(payments.paid)
        mine = monthly[(monthly["payer"] == PAYER[payer]) & (monthly["need"] >= 0)]
        np.add.at(result, (mine["need"], mine["month"]), -mine["fen"])
        return result

    for payer, paid in (("set_off", payments.offset), ("fund", payments.paid), ("outside", payments.shortfall)):
        assert (sum_of(payer) == paid).all(), payer
    assert (sum_of("developer").sum(axis=1) == _own_part(books)).all()
    fees = monthly[monthly["item"].isin([ITEM["fee"], ITEM["fee_overdue"], ITEM["fee_tail"]])]
    by_claim = -fees.groupby("claim")["fen"].sum().reindex(range(len(problem.claims)), fill_value=0)
    assert (by_claim == books.fees.claim).all()
    if not payments.imbalance.any():
        paid = monthly[monthly["month"] >= 0]
        assert (paid["month"] >= paid["due"]).all(), "nothing is paid before it is due"
        owed = -monthly[monthly["payer"] == PAYER["owed"]].groupby("need")["fen"].sum()
        assert (owed.reindex(range(len(problem.needs)), fill_value=0) == payments.arrears[:, -1]).all()
        assert -monthly.loc[monthly["item"] == ITEM["surcharge"], "fen"].sum() == books.totals.surcharges


def _own_part(books: Books) -> np.ndarray:
    """(N,) of the fees, what developers pay themselves."""
    result = np.zeros(len(books.problem.needs), dtype=np.int64)
    np.add.at(result, books.problem.bills.need, (books.dues.billed - books.dues.government).sum(axis=1))
    return result


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_decided_ties_out(seed: int) -> None:
    assert_ties_out(random_books(seed))


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("policy", [WaitForBuild(), UrgentFirst()], ids=["waiting", "urgency"])
def test_what_rules_of_thumb_decide_ties_out(policy: Policy, seed: int) -> None:
    assert_ties_out(replay(tiny(seed), policy.decide(tiny(seed))))


def test_in_small_batches_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(20):
        books = random_books(seed)
        whole = list_statement(books)
        with monkeypatch.context() as patch:
            patch.setattr(statements, "BATCH_CELLS", 1)
            assert list_statement(books).tolist() == whole.tolist()
