"""A hand-made problem of two cohorts in which every rule block has rows, small enough for its model to be read."""

from tests.ledger.builder import Builder

from renewopt.problem import Problem, Route

WAN = 1_000_000


def compact_problem() -> Problem:
    build = Builder(months=2, books=3, after=1)
    build.clock(overdue_from=1)
    build.schedules.append([(0, 400_000), (1, 1_000_000)])
    own = build.fund(opening=6 * WAN, monthly_limit=4 * WAN, total_limit=8 * WAN, inflow={1: 2 * WAN})
    bond = build.fund(
        inflow={0: 4 * WAN, 1: WAN}, release_upfront_ppm=200_000, release_total=5 * WAN, release_phases=[(0,)]
    )
    borrowed = build.fund()
    rule = build.owing(share_ppm=500_000, stock_limit=WAN, surcharge_ppb=5_000_000, latest=1)
    fees = build.need("fees", owing=rule, opening_arrears=WAN // 2, funds=[own])
    voucher = build.need("voucher", developer=0, owing=rule, funds=[own, bond])
    works = build.need("construction", funds=[bond])
    interest, principal = build.need("interest", funds=[own]), build.need("principal", funds=[own])
    build.bill(need=fees, paid_ppm=900_000, recovered_ppm=500_000, recovered_after=1, recovered_into=own)
    build.claim(fee=WAN // 10, count=2)
    build.claim(fee=WAN // 5, count=2, indivisible=True, deadline=1)
    pool = build.pool(arrivals=[(0, 200)], surplus=100, released=[(0, 100)])
    build.offer(0, Route.own_unit, stock=[(pool, 100)])
    build.offer(
        0, Route.voucher, price=2 * WAN, price_need=voucher, schedule=1, lines=[(0, -WAN // 10, -1, own)], tail=1
    )
    build.offer(1, Route.transfer, stock=[(pool, 100)], first=1)
    build.phase(3 * WAN, works, [(pool, 300)], lag=1, monthly_limit=2 * WAN)
    build.limit(1, [0, 1])
    build.limit(4, [0, 1, 2], monthly=False)
    build.loan(borrowed, interest, principal, limit=2 * WAN, rate=0.06, kind="flexible", term=1)
    build.move(borrowed, own, monthly_limit=WAN, total_limit=2 * WAN)
    build.move(own, bond, total_limit=WAN)
    build.developer({0: WAN, 1: WAN}, target=[(1, WAN // 2)])
    build.objective = {"reserve_months": 1.0}
    return build.build()
