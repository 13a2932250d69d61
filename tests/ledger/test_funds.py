"""Balances and movements of funds by hand."""

from renewopt.ledger import replay

from .builder import Builder, decide


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
