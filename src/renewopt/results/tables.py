"""The tables of a plan, made from the books of the ledger: the columns that scripts and spreadsheets rely on.

Amounts in a row of several households are for all of them.
Months are text ``YYYY-MM`` ("" where there is none), money is yuan, counts are whole numbers.

| table | one row for each |
| --- | --- |
| allocation | household id × route × pool × month of choice; a household of its own has exactly one |
| claims | part of a household × route × pool × month of choice |
| statement | household × item × payer: equal amounts in months that follow one another |
| construction | phase × month with spending or a handover |
| funds | movement of money, with the balance after it |
| fees | project × month |
| people | project × month: households housed, waiting, overdue |
| baseline | project × month: fees and households if everybody waited for the own estate |
| programme | project with a start window, or work: when it starts |
| left_out | project or work that the plan does not start: what it would take |
| account | total × part × project: what transition fees and fiscal cost are made of |
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.ledger.account import TOTALS, list_account
from renewopt.ledger.people import UNDECIDED
from renewopt.problem import Route
from renewopt.results.cells import labels, yuan
from renewopt.results.household_money import roster_columns, statement_columns
from renewopt.results.joining import join_parts, merge_rows
from renewopt.vocabulary import ACCOUNTS, ENDED, WAITING

if TYPE_CHECKING:
    from renewopt.ledger.books import Books

__all__ = [
    "COLUMNS",
    "account_table",
    "allocation_table",
    "baseline_table",
    "claims_table",
    "construction_table",
    "count_households",
    "empty",
    "fees_table",
    "framed",
    "funds_table",
    "people_table",
    "statement_table",
]

ROSTER = {
    "entitled_m2": "number",
    "given_m2": "number",
    "household_pays": "money",
    "price": "money",
    "paid": "money",
    "instalments": "text",
    "funds": "text",
    "fees": "money",
    "fees_tail": "money",
    "fees_valued": "money",
}
"""Columns of rosters that tell area and money."""

COLUMNS: dict[str, dict[str, str]] = {
    "allocation": {
        "household": "text",
        "project": "text",
        "route": "text",
        "pool": "text",
        "month": "text",
        "count": "count",
        "housed": "text",
        "fee_stops": "text",
        **ROSTER,
    },
    "claims": {
        "household": "text",
        "part": "text",
        "project": "text",
        "route": "text",
        "pool": "text",
        "month": "text",
        "count": "count",
        "housed": "text",
        "fee_stops": "text",
        **ROSTER,
    },
    "statement": {
        "household": "text",
        "part": "text",
        "item": "text",
        "month": "text",
        "until": "text",
        "due": "text",
        "paid_by": "text",
        "fund": "text",
        "use": "text",
        "purpose": "text",
        "monthly": "money",
        "amount": "money",
    },
    "construction": {
        "month": "text",
        "estate": "text",
        "phase": "text",
        "amount": "money",
        "remaining": "money",
        "handed_over": "text",
    },
    "funds": {
        "month": "text",
        "fund": "text",
        "use": "text",
        "purpose": "text",
        "amount": "money",
        "balance": "money",
    },
    "fees": {
        "month": "text",
        "project": "text",
        "ordinary": "money",
        "overdue": "money",
        "paid": "money",
        "owed": "money",
    },
    "people": {
        "month": "text",
        "project": "text",
        "housed": "count",
        "waiting": "count",
        "overdue": "count",
    },
    "baseline": {
        "month": "text",
        "project": "text",
        "ordinary": "money",
        "overdue": "money",
        "waiting": "count",
    },
    "programme": {
        "item": "text",
        "kind": "text",
        "start": "text",
        "finish": "text",
        "cleared": "text",
        "cost": "money",
        "delay_cost": "money",
    },
    "left_out": {
        "item": "text",
        "kind": "text",
        "households": "count",
        "cost": "money",
        "uses": "text",
        "funds": "text",
        "waits_for": "text",
        "crews": "text",
        "keeps": "text",
        "first": "text",
        "last": "text",
        "start": "text",
        "idle": "money",
        "lacking": "money",
        "homes": "number",
        "land_revenue": "money",
        "phases": "text",
        "deadline": "text",
    },
    "account": {
        "total": "text",
        "part": "text",
        "project": "text",
        "amount": "money",
    },
}
"""Columns of each table and how they are read back: text, count (whole number), money (yuan, two decimals), number."""


LATER = dict.fromkeys(("allocation", "claims"), (frozenset(ROSTER), frozenset({"fees_valued"})))
"""What tables of earlier versions do not have: columns, version by version."""


MOST_STATED = 100_000
"""Rows of a roster above which a plan comes without household statement, which would have a million;
`renewopt.statement` makes it."""


def empty(table: str) -> pd.DataFrame:
    """Make the table without rows, of the right columns and types."""
    return _empty(table).copy()


@cache
def _empty(table: str) -> pd.DataFrame:
    return framed(table, {name: [] for name in COLUMNS[table]})


def framed(table: str, columns: Mapping[str, object]) -> pd.DataFrame:
    """Make a table of its columns, in their order and types."""
    kinds = {"text": object, "count": np.int64, "money": np.float64, "number": np.float64}
    arrays = {name: np.asarray(columns[name], dtype=kinds[kind]) for name, kind in COLUMNS[table].items()}
    # Columns that share the frame's index are not aligned one by one.
    index = pd.RangeIndex(len(next(iter(arrays.values()))))
    return pd.DataFrame({name: pd.Series(array, index, array.dtype) for name, array in arrays.items()}, index)


ROUTES = np.array([*(route.name for route in sorted(Route)), WAITING, ENDED], dtype=object)
WAITING_ROUTE, ENDED_ROUTE = len(Route), len(Route) + 1


class _Parts:
    """Rows of the claims table in numbers: claim, route, label, months and households, those that wait or end last."""

    def __init__(self, books: Books) -> None:
        problem, choices = books.problem, books.choices
        offers = problem.offers
        taken = np.flatnonzero(choices.households > 0)
        offer, month = choices.offer[taken], choices.month[taken]
        waiting = np.flatnonzero(books.people.unsettled > 0)
        undecided = np.full(waiting.size, UNDECIDED)
        ends = problem.claims.ends[waiting].astype(np.int64)
        ended = ~problem.claims.stay(problem.calendar.months)[waiting]
        self.row = np.concatenate([taken, choices.claim.size + np.arange(waiting.size)])
        self.claim = np.concatenate([choices.claim[taken], waiting])
        self.route = np.concatenate([offers.route[offer].astype(np.int64), np.where(ended, ENDED_ROUTE, WAITING_ROUTE)])
        self.label = np.concatenate([offers.label[offer], np.full(waiting.size, "", dtype=object)])
        self.month = np.concatenate([month, undecided])
        self.housed = np.concatenate([choices.housed[taken], undecided])
        self.stops = np.concatenate([problem.fee_stops(offer, month), np.where(ended, ends, undecided)])
        self.count = np.concatenate([choices.households[taken], books.people.unsettled[waiting]])
        order = np.lexsort((self.route, self.housed, self.month, self.claim))
        for name in ("row", "claim", "route", "label", "month", "housed", "stops", "count"):
            setattr(self, name, getattr(self, name)[order])


def claims_table(books: Books) -> pd.DataFrame:
    """One row per part × route × pool × month of choice; a household that is not split has one part, ""."""
    problem, parts = books.problem, _Parts(books)
    claims = problem.claims
    frame = framed(
        "claims",
        {
            "household": claims.household[parts.claim],
            "part": claims.part[parts.claim],
            "project": problem.projects[claims.project[parts.claim]],
            "route": ROUTES[parts.route],
            "pool": parts.label,
            "month": labels(problem, parts.month),
            "count": parts.count,
            "housed": labels(problem, parts.housed),
            "fee_stops": labels(problem, parts.stops),
            **{name: column[parts.row] for name, column in roster_columns(books).items()},
        },
    )
    return merge_rows(frame, ["household", "part", "project", "route", "pool", "month"])


def allocation_table(claims: pd.DataFrame) -> pd.DataFrame:
    """One row per household id × route × pool × month; parts of a household side by side in a cell.

    Parameters
    ----------
    claims
        From `claims_table`.
    """
    names, keys = list(COLUMNS["allocation"]), ["household", "project", "route", "pool", "month"]
    split = claims["part"].ne("").to_numpy()
    if not split.any():
        return merge_rows(claims[names].reset_index(drop=True), keys)
    frame = pd.concat([claims.loc[~split, names], join_parts(claims.loc[split])])
    place = pd.Series(np.arange(len(claims)), index=claims["household"]).groupby(level=0).min()
    order = np.argsort(frame["household"].map(place).to_numpy(), kind="stable")
    return merge_rows(frame.iloc[order].reset_index(drop=True), keys)


def count_households(claims: pd.DataFrame) -> int:
    """Households of some rows of the claims table; the parts of one count once."""
    if (claims["part"].to_numpy() == "").all():
        return int(claims["count"].sum())
    by_part = claims.groupby(["household", "part"], sort=False)["count"].sum()
    return int(by_part.groupby(level="household").max().sum())


def statement_table(books: Books) -> pd.DataFrame:
    """Who pays whom what; the rows of a fund and month add up to those of `funds_table`, use by use."""
    return framed("statement", statement_columns(books))


def construction_table(books: Books) -> pd.DataFrame:
    """One row per phase and month in which money is spent on it or it is handed over."""
    problem, construction = books.problem, books.construction
    remaining = problem.phases.cost[:, None] - np.cumsum(construction.spent, axis=1)
    month, phase = np.nonzero(((construction.spent != 0) | (construction.completed > 0)).T)
    return framed(
        "construction",
        {
            "month": labels(problem, month),
            "estate": problem.phases.estate[phase],
            "phase": problem.phases.id[phase],
            "amount": yuan(construction.spent[phase, month]),
            "remaining": yuan(remaining[phase, month]),
            "handed_over": np.where(construction.completed[phase, month] > 0, "yes", "").astype(object),
        },
    )


def funds_table(books: Books) -> pd.DataFrame:
    """Every movement of every fund: in +, out −, with the balance after it."""
    problem, rows = books.problem, books.fund_rows()
    purpose = np.full(rows.size, "", dtype=object)
    of_need, of_other = rows["need"] >= 0, rows["other"] >= 0
    purpose[of_need] = problem.needs.id[rows["need"][of_need]]
    purpose[of_other] = problem.funds.id[rows["other"][of_other]]
    return framed(
        "funds",
        {
            "month": labels(problem, rows["month"]),
            "fund": problem.funds.id[rows["fund"]],
            "use": rows["use"].astype(object),
            "purpose": purpose,
            "amount": yuan(rows["amount"]),
            "balance": yuan(rows["balance"]),
        },
    )


def fees_table(books: Books) -> pd.DataFrame:
    """Fees by month and project: accrued (ordinary, overdue), paid, and owed at the close."""
    problem, rows = books.problem, books.fee_rows()
    projects = np.concatenate([problem.projects, np.array([""], dtype=object)])
    return framed(
        "fees",
        {
            "month": labels(problem, rows["month"]),
            "project": projects[rows["project"]],
            **{name: yuan(rows[name]) for name in ("ordinary", "overdue", "paid", "owed")},
        },
    )


def people_table(books: Books) -> pd.DataFrame:
    """Households by month and project: housed in it, not yet housed at its close, and of these past the agreed term."""
    people = books.people
    return framed(
        "people",
        {
            **_months_and_projects(books),
            "housed": people.housed.T.ravel(),
            "waiting": people.waiting.T.ravel(),
            "overdue": people.overdue.T.ravel(),
        },
    )


def baseline_table(waiting: Books) -> pd.DataFrame:
    """Fees accrued by month and project if everybody waits for the own estate, and the households that then wait.

    Parameters
    ----------
    waiting
        From `renewopt.results.savings.simulate_waiting`.
    """
    return framed(
        "baseline",
        {
            **_months_and_projects(waiting),
            "ordinary": yuan(waiting.fees.ordinary.T.ravel()),
            "overdue": yuan(waiting.fees.overdue.T.ravel()),
            "waiting": waiting.people.waiting.T.ravel(),
        },
    )


def account_table(books: Books) -> pd.DataFrame:
    """One row per total × part × project ("" for none): they add up to the total, to the nearest fen."""
    rows = list_account(books)
    projects = np.concatenate([books.problem.projects, np.array([""], dtype=object)])
    return framed(
        "account",
        {
            "total": np.array(TOTALS, dtype=object)[rows["total"]],
            "part": np.array(ACCOUNTS, dtype=object)[rows["part"]],
            "project": projects[rows["project"]],
            "amount": yuan(rows["fen"]),
        },
    )


def _months_and_projects(books: Books) -> dict[str, NDArray[np.object_]]:
    """Columns ``month`` and ``project`` of a table with a row for each, months first."""
    projects, months = books.people.waiting.shape
    return {
        "month": labels(books.problem, np.repeat(np.arange(months), projects)),
        "project": np.tile(books.problem.projects, months),
    }
