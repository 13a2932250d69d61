"""These households can only use those homes."""

import pytest
from tests.ledger.builder import Builder

from renewopt.optimiser.infeasibility import bottleneck
from renewopt.optimiser.infeasibility.bottleneck import find_bottleneck, homes_run_short
from renewopt.problem import Problem


def households(homes: int, *, spare: int = 0, late: int = 0, voucher: int = 0) -> Problem:
    """41 households with a deadline, of which `voucher` could take money; another pool that nobody may use."""
    build = Builder(months=6, books=8)
    build.fund(opening=10**9)
    build.need("fees")
    build.bill()
    short = build.pool(arrivals=[(0, 100 * homes), (5, 100 * late)])
    other = build.pool(arrivals=[(0, 100 * spare)])
    for number in range(41):
        claim = build.claim(deadline=3)
        build.offer(claim, stock=[(short, 100)])
        if number < voucher:
            build.offer(claim)
    free = build.claim()
    build.offer(free, stock=[(other, 100)])
    return build.build()


def test_41_households_and_30_homes() -> None:
    found = find_bottleneck(households(30, spare=100, late=50))
    assert found is not None
    assert (found.count, found.available, found.pools) == (41, 30, ("E0",))
    assert found.households == tuple(f"H{i}" for i in range(41))


def test_those_with_a_way_out_do_not_belong_to_it() -> None:
    found = find_bottleneck(households(30, voucher=5))
    assert found is not None
    assert (found.count, found.available) == (36, 30)
    assert "H0" not in found.households
    assert find_bottleneck(households(30, voucher=11)) is None


def test_enough_homes_or_no_deadline_is_no_bottleneck() -> None:
    assert find_bottleneck(households(41)) is None
    build = Builder(months=2, books=2)
    build.claim()
    build.offer(0)
    assert find_bottleneck(build.build()) is None


def test_no_homes_at_all() -> None:
    build = Builder(months=2, books=2)
    build.claim(deadline=1, count=3)
    found = find_bottleneck(build.build())
    assert found is not None
    assert (found.count, found.available, found.pools) == (3, 0, ())


def test_a_phase_counts_from_its_earliest_month_and_a_cohort_by_its_heads() -> None:
    build = Builder(months=6, books=8)
    build.fund(opening=10**9)
    works = build.need("construction")
    pool = build.pool()
    build.phase(10**6, works, [(pool, 500)], lag=2)
    build.claim(deadline=1, count=2)
    build.claim(deadline=4, count=6)
    for claim in range(2):
        build.offer(claim, stock=[(pool, 100)])
    found = find_bottleneck(build.build())
    assert found is not None
    assert (found.count, found.available) == (8, 5)


def test_homes_run_short_where_there_is_a_bottleneck(monkeypatch: pytest.MonkeyPatch) -> None:
    assert homes_run_short(households(30, spare=100, late=50))
    assert homes_run_short(households(30, voucher=5))
    assert not homes_run_short(households(30, voucher=11))
    assert not homes_run_short(households(41))
    monkeypatch.setattr(bottleneck, "MOST_OFFERS", 40)
    assert not homes_run_short(households(30))


def test_what_comes_in_two_parts_houses_whoever_takes_both() -> None:
    build = Builder(months=6, books=8)
    build.fund(opening=10**9)
    build.need("fees")
    build.bill()
    pool = build.pool(arrivals=[(0, 150), (1, 150)])
    for _ in range(3):
        build.offer(build.claim(deadline=3), stock=[(pool, 100)])
    problem = build.build()
    assert not homes_run_short(problem)
    # The description reckons with whole households of each part.
    assert find_bottleneck(problem) is not None
