"""What falls due, by hand."""

from renewopt.ledger import audit_decisions, replay

from .builder import Builder, decide


def start(**given):
    build = Builder(**{"months": 3, "books": 6} | given)
    build.fund(10**6)
    build.need("fees")
    return build


def test_fixed_amounts_and_opening_arrears():
    build = start()
    build.owing()
    build.need("commitments", fixed={1: 70, 5: 80})
    build.need("cash", opening_arrears=9)
    build.need("cash", opening_arrears=11, owing=0)
    due = replay(build.build(), decide()).dues.due
    assert due[1].tolist() == [0, 70, 0, 0, 0, 80]
    assert due[2].tolist() == [9, 0, 0, 0, 0, 0]
    assert due[3].tolist() == [0] * 6


def test_instalments_are_rounded_cumulatively_for_each_household():
    build = start()
    build.series = [[1_000_000, 900_000, 800_000]]
    build.schedules = [[(0, 1_000_000)], [(0, 333_333), (1, 666_667), (3, 1_000_000)]]
    build.bill()
    voucher = build.need("voucher")
    build.claim(0, count=5)
    build.offer(price=101, price_need=voucher)
    build.offer(price=101, price_need=voucher, schedule=1)
    due = replay(build.build(), decide(settle=[(1, 1, 2), (0, 2, 3)])).dues.due[voucher]
    # 101 × 0.9 = 90.9 → 91: 30.33 → 30, 60.67 → 61, 91. 101 × 0.8 = 80.8 → 81.
    assert due.tolist() == [0, 60, 62 + 243, 0, 60, 0]


def test_lines_are_paid_or_received():
    build = start()
    build.bill()
    moving = build.need("moving")
    build.fund()
    build.claim(0, count=2)
    build.offer(lines=[(0, 50, moving, -1), (2, -30, -1, 1), (1, 0, moving, -1)])
    books = replay(build.build(), decide(settle=[(0, 1, 2)]))
    assert books.dues.due[moving].tolist() == [0, 100, 0, 0, 0, 0]
    assert books.dues.received.tolist() == [[0] * 6, [0, 0, 0, 60, 0, 0]]
    assert books.funds.closing[1].tolist() == [0, 0, 0, 60, 60, 60]


def test_bills_fall_due_at_the_end_of_their_period_and_split_between_payers():
    build = start()
    build.bill(due=[2, 2, 2, 5, 5, 5], paid_ppm=333_333, recovered_ppm=500_000, recovered_after=1, recovered_into=0)
    build.claim(101)
    books = replay(build.build(), decide())
    assert books.dues.billed.tolist() == [[0, 0, 303, 0, 0, 0]]
    assert books.dues.government.tolist() == [[0, 0, 101, 0, 0, 0]]
    assert books.dues.due.tolist() == [[0, 0, 101, 0, 0, 0]]
    assert books.dues.recovered.tolist() == [[0, 0, 0, 51, 0, 0]]


def test_recoveries_after_the_books_count_nowhere():
    build = start()
    build.bill(due=[2, 2, 2, 5, 5, 5], recovered_ppm=1_000_000, recovered_after=4, recovered_into=0)
    build.claim(100)
    books = replay(build.build(), decide(pay=[(0, 0, 2, 300)]))
    assert books.dues.recovered.sum() == 0
    assert books.totals.fiscal_cost == 300
    assert audit_decisions(books.problem, books.decisions, books) == []


def test_building_and_the_service_of_loans():
    build = start()
    works, interest, principal = (build.need(use) for use in ("construction", "interest", "principal"))
    build.phase(500, works)
    build.loan(0, interest, principal, rate=0.12, term=2)
    due = replay(build.build(), decide(build=[(0, 0, 100), (0, 0, 50), (0, 2, 7)], borrow=[(0, 1, 1000)])).dues.due
    assert due[works].tolist() == [150, 0, 7, 0, 0, 0]
    assert due[interest].tolist() == [0, 0, 10, 10, 0, 0]
    assert due[principal].tolist() == [0, 0, 0, 1000, 0, 0]


def test_what_falls_due_after_the_books_or_on_no_need_is_told():
    build = start(months=3, books=3)
    build.bill()
    build.schedules = [[(0, 500_000), (4, 1_000_000)]]
    build.claim(0, count=3)
    build.offer(price=100, price_need=0)
    build.offer(price=100, price_need=-1)
    build.offer(lines=[(9, -7, -1, 0)])
    books = replay(build.build(), decide(settle=[(0, 2, 1), (1, 2, 1), (2, 0, 1)]))
    assert books.dues.due[0].tolist() == [0, 0, 100]
    assert books.dues.received[0].tolist() == [0, 0, 7]
    assert books.dues.after_books == 50 + 50 + 7
    assert books.dues.on_no_need == 100
    codes = {violation.code for violation in audit_decisions(books.problem, books.decisions, books)}
    assert {"books.late", "books.need"} <= codes


def test_a_fee_bill_dated_after_the_books_is_told():
    build = start(months=3, books=3)
    build.bill(due=[2, 2, 9])
    build.claim(10)
    books = replay(build.build(), decide())
    assert books.dues.due[0].tolist() == [0, 0, 30]
    assert books.dues.after_books == 10
