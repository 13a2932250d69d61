"""Choices and what they cause, by hand."""

from tests.ledger.builder import Builder
from tests.optimiser.compact_problem import compact_problem

from renewopt.optimiser.model.choices import instalments, lines, list_choices, releases, stock_taken, streams, transfers
from renewopt.problem import Route


def test_a_choice_stands_for_every_month_that_keeps_the_deadline() -> None:
    build = Builder(months=4, books=6)
    build.claim(deadline=2)
    build.claim(count=3, indivisible=True)
    build.offer(0, housed_after=1)
    build.offer(1, first=2)
    choices = list_choices(build.build())
    assert choices.offer.tolist() == [0, 0, 1, 1]
    assert choices.month.tolist() == [0, 1, 2, 3]
    assert choices.housed.tolist() == [1, 2, 2, 3]
    assert choices.unit.tolist() == [1, 1, 3, 3]


def test_instalments_add_up_to_the_price_to_the_fen() -> None:
    build = Builder(months=2, books=5)
    build.schedules.append([(0, 333_333), (1, 666_667), (3, 1_000_000)])
    build.claim()
    build.need("voucher")
    build.series.append([1_000_000, 1_100_000])
    build.offer(0, Route.voucher, price=1001, price_need=0, schedule=1, price_series=1)
    problem = build.build()
    paid = instalments(problem, list_choices(problem))
    assert paid.choice.tolist() == [0, 0, 0, 1, 1, 1]
    assert paid.month.tolist() == [0, 1, 3, 1, 2, 4]
    assert paid.fen.tolist() == [334, 333, 334, 367, 367, 367]
    assert paid.target.tolist() == [0] * 6


def test_lines_stock_transfers_and_releases() -> None:
    problem = compact_problem()
    choices = list_choices(problem)
    got = lines(problem, choices, received=True)
    assert [(int(choices.offer[c]), int(f), int(m), int(a)) for c, f, m, a in zip(
        got.choice, got.target, got.month, got.fen, strict=True
    )] == [(1, 0, 0, 100_000), (1, 0, 1, 100_000)]  # fmt: skip
    assert lines(problem, choices, received=False).fen.size == 0
    taken = stock_taken(problem, choices)
    assert sorted(choices.offer[taken.choice].tolist()) == [0, 0, 2]
    assert choices.offer[transfers(problem, choices).choice].tolist() == [2]
    freed = releases(problem, choices)
    assert choices.offer[freed.choice].tolist() == [1, 1]
    assert freed.fen.tolist() == [100, 100]


def test_fees_after_the_choice_follow_curve_tail_or_statement() -> None:
    build = Builder(months=3, books=6)
    build.clock(overdue_from=1)
    build.claim(fee=100)
    build.offer(0, first=0, last=0, housed_after=2, tail=1)
    build.offer(0, first=0, last=0, housed_after=0, tail=2, tail_multiplier=500)
    build.offer(0, first=1, last=1, stream=[7, 0, 9])
    problem = build.build()
    fees, overdue = streams(problem, list_choices(problem))
    assert fees.fen.tolist() == [100, 200, 200, 50, 50, 7, 0, 9]
    assert fees.month.tolist() == [0, 1, 2, 0, 1, 1, 2, 3]
    assert overdue.tolist() == [False, True, True, False, False, True, True, True]
