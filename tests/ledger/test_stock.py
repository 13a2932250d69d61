"""Stock and phases by hand."""

from renewopt.ledger import replay
from renewopt.problem import Route

from .builder import Builder, decide


def test_stock_arrives_is_delivered_taken_and_freed():
    build = Builder(months=3, books=4)
    build.fund()
    build.need("fees")
    works = build.need("construction")
    build.bill()
    build.claim(count=9)
    build.claim(count=9)
    build.pool(arrivals=[(0, 200), (2, 100), (50, 900)], surplus=100, released=[(1, 100)])
    build.pool(released=[(1, 90)])
    build.phase(0, works, delivers=[(0, 300), (1, 400)])
    build.offer(0, Route.transfer, stock=[(0, 100)], housed_after=1)
    build.offer(1, Route.own_unit, stock=[(0, 100)])
    build.offer(1, Route.cash)
    build.offer(0, Route.transfer, stock=[(1, 50)], housed_after=5)
    decisions = decide(settle=[(0, 0, 2), (1, 0, 1), (2, 1, 3), (3, 2, 1)], complete=[(0, 1)])
    books = replay(build.build(), decisions)
    stock = books.stock
    assert stock.arrived.tolist() == [[200, 0, 100, 0, 0, 0, 0, 0], [0] * 8]
    assert stock.delivered.tolist() == [[0, 300, 0, 0, 0, 0, 0, 0], [0, 400, 0, 0, 0, 0, 0, 0]]
    assert stock.taken.tolist() == [[100, 200, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 50]]
    assert stock.transferred.tolist() == [[200, 0, 0, 0], [0, 0, 50, 0]]
    assert stock.freed.tolist() == [[0, 300, 0, 0], [0, 270, 0, 0]]
    assert books.construction.completed.tolist() == [[0, 1, 0, 0]]
