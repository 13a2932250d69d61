"""Balances and movements of funds by hand."""

from random import Random

import pytest

from renewopt.ledger import replay

from .builder import Builder, decide

Purse = list[tuple[int, int]]
"""(month in which they came in, coins), the oldest first."""


def without(purse: Purse, coins: int) -> Purse:
    """The purse less so many of its oldest coins."""
    left: Purse = []
    for since, some in purse:
        used = min(some, coins)
        coins -= used
        left.append((since, some - used))
    return left


def lots(opening: int, came: list[int], out: list[int], keeps: int, months: int) -> list[int]:
    """What is lost month by month, coin by coin: the oldest is paid first and lost at `months` of age."""
    purse: Purse = [(0, opening)]
    lost = []
    for month, (coming, going) in enumerate(zip(came, out, strict=True)):
        purse = without([*purse, (month, coming)], going)
        held = sum(coins for _, coins in purse)
        purse = [(since, coins) for since, coins in purse if month - since < months - 1]
        if keeps >= 0:
            purse = without(purse, max(sum(coins for _, coins in purse) - keeps, 0))
        lost.append(held - sum(coins for _, coins in purse))
    return lost


@pytest.mark.parametrize("seed", range(60))
def test_what_lapses_is_what_coins_would_show(seed: int) -> None:
    random = Random(seed)
    books, months, keeps = 8, random.randint(1, 4), random.choice([-1, 0, 7, 15])
    came = [random.choice([0, 5, 10]) for _ in range(books)]
    opening = random.choice([0, 12])
    since = {t: t + 2 - months if t + 2 - months > 0 else -1 for t in range(books)}
    build = Builder(months=4, books=books)
    build.fund(opening=opening, inflow=dict(enumerate(came)), valid_since=since, lapses=keeps >= 0, keeps=max(keeps, 0))
    build.need("cash")
    pay, left = [], opening
    for month in range(books):
        left += came[month]
        pay.append(random.randint(0, left))
        lost = lots(opening, came[: month + 1], pay, keeps, months)
        left = opening + sum(came[: month + 1]) - sum(pay) - sum(lost)
    books_of = replay(build.build(), decide(pay=[(0, 0, month, fen) for month, fen in enumerate(pay)])).funds
    assert books_of.lapsed[0].tolist() == lost
    assert (books_of.closing >= 0).all()


def test_money_that_was_moved_in_or_borrowed_begins_anew():
    build = Builder(months=4, books=4)
    build.fund(opening=30, valid_since={0: -1, 1: 1, 2: 2, 3: 3})
    build.fund(valid_since={0: -1, 1: 1, 2: 2, 3: 3})
    build.need("interest", fixed={})
    build.need("principal")
    build.move(0, 1)
    build.loan(1, 0, 1, term=3)
    books = replay(build.build(), decide(move=[(0, 0, 10), (0, 1, 15)], borrow=[(0, 2, 8)]))
    # Of the 30 there at the start, 20 are left in the first fund, 15 of them moved in time; 5 lapse in February.
    assert books.funds.lapsed.tolist() == [[0, 5, 0, 0], [0, 10, 15, 8]]


def test_every_movement_of_a_fund():
    build = Builder(months=2, books=3)
    build.fund(opening=100, inflow={0: 50, 1: 60}, lapses={1: True})
    build.fund(inflow={1: 5})
    build.need("fees")
    build.need("cash", fixed={0: 30})
    build.need("interest")
    build.need("principal")
    build.move(0, 1)
    build.loan(1, 2, 3, term=1)
    build.bill(recovered_ppm=500_000, recovered_into=1)
    build.claim(20, count=2)
    build.offer(lines=[(0, -7, -1, 0)])
    decisions = decide(
        settle=[(0, 0, 1)],
        pay=[(0, 1, 0, 20), (0, 1, 0, 10), (1, 0, 0, 20), (1, 0, 1, 20), (0, 3, 1, 8), (0, 0, 2, 0)],
        move=[(0, 0, 15)],
        borrow=[(0, 0, 8)],
    )
    books = replay(build.build(), decisions)
    assert books.funds.closing.tolist() == [[112, 0, 0], [13, 8, 8]]
    assert books.funds.lapsed.tolist() == [[0, 164, 0], [0, 0, 0]]
    rows = books.fund_rows()
    assert rows.tolist() == [
        (0, 0, "opening", -1, -1, 100, 100),
        (0, 0, "inflow", -1, -1, 50, 150),
        (0, 0, "received", -1, -1, 7, 157),
        (0, 0, "cash", 1, -1, -30, 127),
        (0, 0, "moved_out", -1, 1, -15, 112),
        (0, 1, "borrowed", -1, -1, 8, 8),
        (0, 1, "recovered", -1, -1, 10, 18),
        (0, 1, "moved_in", -1, 0, 15, 33),
        (0, 1, "fees", 0, -1, -20, 13),
        (1, 0, "inflow", -1, -1, 60, 172),
        (1, 0, "principal", 3, -1, -8, 164),
        (1, 0, "lapsed", -1, -1, -164, 0),
        (1, 1, "inflow", -1, -1, 5, 18),
        (1, 1, "recovered", -1, -1, 10, 28),
        (1, 1, "fees", 0, -1, -20, 8),
    ]


def test_an_overdrawn_fund_does_not_lapse():
    build = Builder(months=1, books=2)
    build.fund(opening=5, lapses=True)
    build.need("cash", fixed={0: 8})
    books = replay(build.build(), decide(pay=[(0, 0, 0, 8)]))
    assert books.funds.closing.tolist() == [[-3, -3]]
    assert not books.funds.lapsed.any()


def test_funds_without_any_movement():
    build = Builder()
    build.fund()
    build.need("fees")
    assert replay(build.build(), decide()).fund_rows().size == 0
