"""The questions that reports ask of the books."""

from renewopt.ledger import replay

from .builder import Builder, decide


def town(project):
    build = Builder(months=2, books=2)
    build.clock(overdue_from=1)
    build.fund(10**6)
    build.owing()
    build.need("fees", owing=0, project=project)
    build.need("cash", project=0, fixed={0: 5})
    build.bill()
    build.bill(project=1)
    build.claim(10)
    build.claim(7, project=1, bill=1)
    return replay(build.build(), decide(pay=[(0, 0, 0, 12), (0, 0, 1, 34), (0, 1, 0, 5)], owe=[(0, 0, 5)]))


def test_fees_by_month_and_project():
    rows = town(project=0).fee_rows()
    assert rows.dtype.names == ("month", "project", "ordinary", "overdue", "paid", "owed")
    assert rows.tolist() == [(0, 0, 10, 0, 12, 5), (0, 1, 7, 0, 0, 0), (1, 0, 0, 20, 34, 5), (1, 1, 0, 14, 0, 0)]


def test_fee_needs_of_no_project_have_rows_of_their_own():
    rows = town(project=-1).fee_rows()
    assert rows.tolist() == [
        (0, 0, 10, 0, 0, 0),
        (0, 1, 7, 0, 0, 0),
        (0, -1, 0, 0, 12, 5),
        (1, 0, 0, 20, 0, 0),
        (1, 1, 0, 14, 0, 0),
        (1, -1, 0, 0, 34, 5),
    ]
