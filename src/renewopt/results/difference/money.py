"""Money beside money: what the totals are made of, fees by what became of whom, and the funds by quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.results.difference.record import CAUSES, EFFECTS, SIDES, Cause, made
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import ACCOUNTS, Entry, Goal, Item

__all__ = ["account_beside", "fees_by_cause", "fen_of", "money_by_quarter", "projects_beside"]


QUARTERLY = ("inflow", "outflow", "balance")
"""What is told of a fund and quarter."""


def fen_of(yuan: pd.Series) -> NDArray[np.int64]:
    """Whole fen of amounts in yuan."""
    fen: NDArray[np.int64] = np.rint(yuan.to_numpy(dtype=np.float64) * FEN_PER_YUAN).astype(np.int64)
    return fen


def account_beside(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Parts of both totals side by side, all that either plan has.

    Parameters
    ----------
    a, b
        Account tables.
    """
    keys = ["total", "part", "project"]
    sides = [side[keys].assign(fen=fen_of(side["amount"])).groupby(keys)["fen"].sum() for side in (a, b)]
    both = pd.concat(sides, axis=1, keys=["a", "b"]).fillna(0).astype(np.int64).reset_index()
    for name, order in (("total", (Goal.FEES, Goal.FISCAL)), ("part", ACCOUNTS)):
        place = {word: number for number, word in enumerate(order)}
        both[f"{name}_order"] = both[name].map(place).fillna(len(place))
    both = both.sort_values(["total_order", "part_order", "project"], ignore_index=True)
    return made("account", {**both[[*keys, "a", "b"]], "difference": both["b"] - both["a"]})


def _columns(frame: pd.DataFrame) -> dict[str, pd.Series]:
    return {str(name): frame[name] for name in frame.columns}


def fees_by_cause(pairs: pd.DataFrame, account: pd.DataFrame) -> pd.DataFrame:
    """Difference of the transition fees by project and by what became of the households.

    Parameters
    ----------
    pairs
        From `pair_households`, those to whom anything happened.
    account
        From `account_beside`.
    """
    change = {name: pairs[f"{name}_b"] - pairs[f"{name}_a"] for name in ("fees", "fees_tail", "fees_valued")}
    rows = pairs[["project", "cause"]].assign(
        households=pairs["count"],
        until_housed=change["fees"] - change["fees_tail"],
        tail=change["fees_tail"],
        valued=change["fees_valued"],
        surcharges=0,
        total=change["fees"] + change["fees_valued"],
        **{name: pairs[f"{name}_b"] - pairs[f"{name}_a"] for name in ("price", "household_pays")},
    )
    late = account[(account["total"] == Goal.FEES) & (account["part"] == Item.SURCHARGE)]
    surcharges = late[["project"]].assign(cause=Cause.SURCHARGES, surcharges=fen_of(late["difference"]))
    surcharges["total"] = surcharges["surcharges"]
    rows = pd.concat([rows, surcharges[surcharges["total"] != 0]]).fillna(0)
    place = {cause: number for number, cause in enumerate(CAUSES)}
    summed = rows.groupby(["project", "cause"], as_index=False).sum()
    summed = summed.assign(order=summed["cause"].map(place)).sort_values(["project", "order"], ignore_index=True)
    return made("causes", _columns(summed))


def projects_beside(pairs: pd.DataFrame, account: pd.DataFrame) -> pd.DataFrame:
    """Households better and worse off, and transition fees, by project; those in which nothing changed are left out.

    Parameters
    ----------
    pairs
        From `pair_households`, all of them.
    account
        From `account_beside`.
    """
    fees = account[account["total"] == Goal.FEES]
    fees = fees.assign(a=fen_of(fees["a"]), b=fen_of(fees["b"])).groupby("project")[["a", "b"]].sum()
    counts = {
        f"households_{side}": pairs[pairs["cause"] != other].groupby("project")["count"].sum()
        for side, other in (("a", Cause.ONLY_B), ("b", Cause.ONLY_A))
    }
    effects = {effect: pairs[pairs["effect"] == effect].groupby("project")["count"].sum() for effect in EFFECTS}
    table = pd.DataFrame({**counts, **effects, "fees_a": fees["a"], "fees_b": fees["b"]}).fillna(0).astype(np.int64)
    table["difference"] = table["fees_b"] - table["fees_a"]
    touched = set(pairs.loc[pairs["cause"] != "", "project"])
    table = table[(table["difference"] != 0) | table.index.isin(touched)]
    return made("projects", _columns(table.rename_axis("project").reset_index()))


def money_by_quarter(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """What comes into each fund, goes out and is left, quarter by quarter; those that are alike are left out.

    Parameters
    ----------
    a, b
        Tables of the funds, movement by movement.
    """
    quarters = sorted({quarter for side in (a, b) for quarter in _quarter(side["month"])})
    funds = list(dict.fromkeys([*a["fund"], *b["fund"]]))
    places = pd.MultiIndex.from_product([quarters, funds], names=["quarter", "fund"])
    both = [_quarterly(side, places) for side in (a, b)]
    table = pd.concat(both, axis=1, keys=["a", "b"])
    table.columns = pd.Index([f"{name}_{side}" for side in SIDES for name in QUARTERLY])
    for name in QUARTERLY:
        table[f"{name}_difference"] = table[f"{name}_b"] - table[f"{name}_a"]
    differs = table[[f"{name}_difference" for name in QUARTERLY]].any(axis=1)
    return made("money", _columns(table[differs].reset_index()))


def _quarter(months: pd.Series) -> pd.Series:
    """``2024-Q1`` of each month."""
    label = {month: f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}" for month in months.unique()}
    return months.map(label)


def _quarterly(funds: pd.DataFrame, places: pd.MultiIndex) -> pd.DataFrame:
    """Fen by quarter and fund, and the balance at its end; of quarters without a movement, the balance before."""
    fen = fen_of(funds["amount"])
    rows = pd.DataFrame(
        {
            "quarter": _quarter(funds["month"]),
            "fund": funds["fund"],
            "inflow": np.where(funds["use"] == Entry.OPENING, 0, np.maximum(fen, 0)),
            "outflow": np.maximum(-fen, 0),
            "balance": fen_of(funds["balance"]),
        }
    )
    by_place = rows.groupby(["quarter", "fund"], sort=False)
    table = by_place[["inflow", "outflow"]].sum().reindex(places, fill_value=0)
    balance = by_place["balance"].last().reindex(places)
    table["balance"] = balance.groupby(level="fund", sort=False).ffill().fillna(0)
    return table.astype(np.int64)
