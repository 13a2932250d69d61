"""The tables of a plan, made from the books of the ledger: the columns that scripts and spreadsheets rely on.

Months are text ``YYYY-MM`` ("" where there is none), money is yuan, counts are whole numbers.

| table | one row for each |
| --- | --- |
| allocation | household id × route × pool × month of choice; a household of its own has exactly one |
| claims | part of a household × route × pool × month of choice |
| construction | phase × month with spending or a handover |
| funds | movement of money, with the balance after it |
| fees | project × month |
| people | project × month: households housed, waiting, overdue |
| baseline | project × month: fees and households if everybody waited for the own estate |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.ledger.people import UNDECIDED
from renewopt.problem import Problem, Route
from renewopt.results.joining import join_parts
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import WAITING

if TYPE_CHECKING:
    from renewopt.ledger.books import Books

__all__ = [
    "COLUMNS",
    "allocation_table",
    "baseline_table",
    "claims_table",
    "construction_table",
    "count_households",
    "empty",
    "fees_table",
    "funds_table",
    "people_table",
]

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
}
"""Columns of each table and how they are read back: text, count (whole number), money (yuan, two decimals)."""


def empty(table: str) -> pd.DataFrame:
    """Make the table without rows, of the right columns and types."""
    return _frame(table, {name: [] for name in COLUMNS[table]})


def yuan(fen: NDArray[np.integer] | list[int]) -> NDArray[np.float64]:
    """Fen as yuan."""
    amounts: NDArray[np.float64] = np.asarray(fen, dtype=np.int64) / FEN_PER_YUAN
    return amounts


def _frame(table: str, columns: dict[str, object]) -> pd.DataFrame:
    kinds = {"text": object, "count": np.int64, "money": np.float64}
    return pd.DataFrame(
        {
            name: pd.Series(np.asarray(columns[name], dtype=kinds[kind]), dtype=kinds[kind])
            for name, kind in COLUMNS[table].items()
        }
    )


def _labels(problem: Problem, months: NDArray[np.integer]) -> NDArray[np.object_]:
    """``YYYY-MM`` of each month, "" where undecided."""
    unique, place = np.unique(months, return_inverse=True)
    names = np.array(["" if m == UNDECIDED else problem.calendar.label(int(m)) for m in unique], dtype=object)
    labels: NDArray[np.object_] = names[place.reshape(-1)] if names.size else np.zeros(0, dtype=object)
    return labels


ROUTES = np.array([*(route.name for route in sorted(Route)), WAITING], dtype=object)


class _Parts:
    """Rows of the claims table in numbers: claim, route, label, months and households, those that wait last."""

    def __init__(self, books: Books) -> None:
        problem, choices = books.problem, books.choices
        offers = problem.offers
        taken = choices.households > 0
        offer, month = choices.offer[taken], choices.month[taken]
        waiting = np.flatnonzero(books.people.unsettled > 0)
        undecided = np.full(waiting.size, UNDECIDED)
        self.claim = np.concatenate([choices.claim[taken], waiting])
        self.route = np.concatenate(
            [offers.route[offer].astype(np.int64), np.full(waiting.size, len(ROUTES) - 1, dtype=np.int64)]
        )
        self.label = np.concatenate([offers.label[offer], np.full(waiting.size, "", dtype=object)])
        self.month = np.concatenate([month, undecided])
        self.housed = np.concatenate([choices.housed[taken], undecided])
        self.stops = np.concatenate([month + offers.fee_stops_after()[offer], undecided])
        self.count = np.concatenate([choices.households[taken], books.people.unsettled[waiting]])
        order = np.lexsort((self.route, self.housed, self.month, self.claim))
        for name in ("claim", "route", "label", "month", "housed", "stops", "count"):
            setattr(self, name, getattr(self, name)[order])


def claims_table(books: Books) -> pd.DataFrame:
    """One row per part × route × pool × month of choice; a household that is not split has one part, ""."""
    problem, parts = books.problem, _Parts(books)
    claims = problem.claims
    frame = _frame(
        "claims",
        {
            "household": claims.household[parts.claim],
            "part": claims.part[parts.claim],
            "project": problem.projects[claims.project[parts.claim]],
            "route": ROUTES[parts.route],
            "pool": parts.label,
            "month": _labels(problem, parts.month),
            "count": parts.count,
            "housed": _labels(problem, parts.housed),
            "fee_stops": _labels(problem, parts.stops),
        },
    )
    return _merge_rows(frame, ["household", "part", "project", "route", "pool", "month"])


def _merge_rows(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of one key as one: counts added up, the later of the dates."""
    if not frame.duplicated(keys).any():
        return frame
    merged = frame.groupby(keys, sort=False, as_index=False).agg({"count": "sum", "housed": "max", "fee_stops": "max"})
    return merged[list(frame.columns)].reset_index(drop=True)


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
        return _merge_rows(claims[names].reset_index(drop=True), keys)
    frame = pd.concat([claims.loc[~split, names], join_parts(claims.loc[split])])
    place = pd.Series(np.arange(len(claims)), index=claims["household"]).groupby(level=0).min()
    order = np.argsort(frame["household"].map(place).to_numpy(), kind="stable")
    return _merge_rows(frame.iloc[order].reset_index(drop=True), keys)


def count_households(claims: pd.DataFrame) -> int:
    """Households of some rows of the claims table; the parts of one count once."""
    by_part = claims.groupby(["household", "part"], sort=False)["count"].sum()
    return int(by_part.groupby(level="household").max().sum())


def construction_table(books: Books) -> pd.DataFrame:
    """One row per phase and month in which money is spent on it or it is handed over."""
    problem, construction = books.problem, books.construction
    remaining = problem.phases.cost[:, None] - np.cumsum(construction.spent, axis=1)
    month, phase = np.nonzero(((construction.spent != 0) | (construction.completed > 0)).T)
    return _frame(
        "construction",
        {
            "month": _labels(problem, month),
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
    return _frame(
        "funds",
        {
            "month": _labels(problem, rows["month"]),
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
    return _frame(
        "fees",
        {
            "month": _labels(problem, rows["month"]),
            "project": projects[rows["project"]],
            **{name: yuan(rows[name]) for name in ("ordinary", "overdue", "paid", "owed")},
        },
    )


def people_table(books: Books) -> pd.DataFrame:
    """Households by month and project: housed in it, not yet housed at its close, and of these past the agreed term."""
    people = books.people
    return _frame(
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
    return _frame(
        "baseline",
        {
            **_months_and_projects(waiting),
            "ordinary": yuan(waiting.fees.ordinary.T.ravel()),
            "overdue": yuan(waiting.fees.overdue.T.ravel()),
            "waiting": waiting.people.waiting.T.ravel(),
        },
    )


def _months_and_projects(books: Books) -> dict[str, NDArray[np.object_]]:
    """Columns ``month`` and ``project`` of a table with a row for each, months first."""
    projects, months = books.people.waiting.shape
    return {
        "month": _labels(books.problem, np.repeat(np.arange(months), projects)),
        "project": np.tile(books.problem.projects, months),
    }
