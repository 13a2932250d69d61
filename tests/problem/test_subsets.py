"""Some claims of a problem, with all that refers to them renumbered."""

from dataclasses import fields

import numpy as np
import pytest

from renewopt.problem import Decisions, Ragged
from renewopt.problem.subsets import keep_members, position, subset, take_rows
from renewopt.testing.tiny import tiny_problem


@pytest.mark.parametrize("seed", range(20))
def test_what_is_kept_is_what_it_was(seed: int) -> None:
    problem = tiny_problem(seed)
    random = np.random.default_rng(seed)
    claims = np.flatnonzero(random.random(len(problem.claims)) < 0.6)
    open_offers = random.random(len(problem.offers)) < 0.7
    part, offers = subset(problem, claims, open_offers)
    assert offers.tolist() == [
        o for o in range(len(problem.offers)) if open_offers[o] and problem.offers.claim[o] in claims
    ]
    assert (claims[part.offers.claim] == problem.offers.claim[offers]).all()
    for number, old in enumerate(offers.tolist()):
        for name in ("stream", "lines", "stock"):
            mine, whole = (getattr(each.offers, name) for each in (part, problem))
            for column in whole.columns:
                ours, theirs = (
                    lists[column][lists.start[row] : lists.start[row + 1]].tolist()
                    for lists, row in ((mine, number), (whole, old))
                )
                assert ours == theirs
    for name in ("household", "count", "weight", "deadline"):
        assert getattr(part.claims, name).tolist() == getattr(problem.claims, name)[claims].tolist()
    months = np.arange(problem.calendar.curve_months)
    assert (part.fees.fen(slice(None), months) == problem.fees.fen(claims, months)).all()
    released, was = part.pools.released, problem.pools.released
    assert sorted(zip(released.row, claims[released["claim"]], released["amount"], strict=True)) == sorted(
        entry for entry in zip(was.row, was["claim"], was["amount"], strict=True) if entry[1] in claims
    )
    counted, all_counted = part.limits.offers, problem.limits.offers
    assert sorted(zip(counted.row, offers[counted["offer"]], strict=True)) == sorted(
        entry for entry in zip(all_counted.row, all_counted["offer"], strict=True) if entry[1] in offers
    )
    assert subset(problem, claims)[1].tolist() == np.flatnonzero(np.isin(problem.offers.claim, claims)).tolist()


@pytest.mark.parametrize("name", ["claims", "offers", "pools", "phases", "needs", "limits"])
def test_rows_of_a_table_in_any_order(name: str) -> None:
    table = getattr(tiny_problem(3), name)
    rows = np.arange(len(table))[::-1]
    again = take_rows(take_rows(table, rows), rows)
    for field in fields(table):
        ours, theirs = getattr(again, field.name), getattr(table, field.name)
        if isinstance(ours, Ragged):
            assert all(ours[column].tolist() == theirs[column].tolist() for column in theirs.columns)
            ours, theirs = ours.start, theirs.start
        if theirs is None:
            assert ours is None
            continue
        assert ours.tolist() == theirs.tolist()


def test_entries_that_refer_to_what_is_gone_go_too() -> None:
    lists = Ragged.build(2, np.array([0, 0, 1]), claim=np.array([4, 2, 2]), amount=np.array([7, 8, 9]))
    kept = keep_members(lists, "claim", position(np.array([1, 2]), 5))
    assert (kept.row.tolist(), kept["claim"].tolist(), kept["amount"].tolist()) == ([0, 1], [1, 1], [8, 9])


def test_every_table_of_decisions_says_its_columns() -> None:
    assert list(Decisions.COLUMNS) == [field.name for field in fields(Decisions)]
    for name, columns in Decisions.COLUMNS.items():
        assert getattr(Decisions(), name).shape == (0, len(columns))
        assert columns[Decisions.MONTH_COLUMN[name]] == "month"
