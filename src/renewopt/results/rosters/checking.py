"""An independent check of a home roster, from the tables alone.

It shares nothing with what gave the homes but what a word of a home means: who is due a home is counted in the plan's
claims anew, months, needs and misfits are worked out again, and the order is drawn again. A roster that fails is a
fault of renewopt, and withheld.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Hashable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.results.failures import AuditError
from renewopt.results.record import PlanRecord
from renewopt.results.rosters.record import FIT, SIGNING, RosterRecord
from renewopt.scenario.home_words import has_word, parse_metres
from renewopt.scenario.models import Scenario
from renewopt.units import Month, parse_share
from renewopt.vocabulary import OWN_UNIT, TRANSFER, CountedIn
from renewopt.wording import Wording, words

__all__ = ["check_roster", "faults"]

NOTHING_STATED: dict[str, Any] = {"needs": (), "max_floor": -1, "wishes": ()}


def check_roster(
    roster: RosterRecord, plan: PlanRecord, scenario: Scenario, homes: pd.DataFrame, wishes: pd.DataFrame | None
) -> None:
    """Refuse a roster that is not what it should be.

    Parameters
    ----------
    roster
    plan, scenario
        What it was made from.
    homes, wishes
        Checked tables.

    Raises
    ------
    AuditError
    """
    found = list(faults(roster, plan, scenario, homes, wishes))
    if found:
        raise AuditError(found)


def faults(
    roster: RosterRecord, plan: PlanRecord, scenario: Scenario, homes: pd.DataFrame, wishes: pd.DataFrame | None
) -> Iterator[Wording]:
    """Tell everything that is wrong with a roster."""
    table = roster.table
    yield from _everybody_once(roster, plan, scenario, homes)
    twice = table.loc[table["home"].duplicated(), "home"]
    for home in twice:
        yield words("home {home} is given twice", home=home)
    joined = table.merge(
        homes.rename(columns={"id": "home"}), on="home", how="left", suffixes=("", "_listed"), validate="m:1"
    )
    for row in joined[(joined["estate"] != joined["estate_listed"]) | (joined["type"] != joined["type_listed"])].home:
        yield words("home {home} is not of the estate and type that the plan gives", home=row)
    inputs = _Inputs(roster, plan, scenario, wishes)
    for (estate, kind), given in table.groupby(["estate", "type"], sort=False):
        yield from _pool(inputs, given, homes[(homes["estate"] == estate) & (homes["type"] == kind)])


def _everybody_once(
    roster: RosterRecord, plan: PlanRecord, scenario: Scenario, homes: pd.DataFrame
) -> Iterator[Wording]:
    """Each home of the plan, in estates and types of which homes are listed, is given or told to be open, once."""
    listed = {f"{estate}/{kind}" for estate, kind in zip(homes["estate"], homes["type"], strict=True)}
    due: Counter[tuple[str, str, str, str]] = Counter()
    for claim, pools in _claims(plan, scenario):
        for pool, times in pools.items():
            if pool in listed:
                due[claim["household"], claim["part"], pool, claim["housed"]] += times * int(claim["count"])
    told: Counter[tuple[str, str, str, str]] = Counter()
    for frame in (roster.table, roster.open):
        pools_told = frame["estate"] + "/" + frame["type"]
        told.update(zip(frame["household"], frame["part"], pools_told, frame["moves_in"], strict=True))
    for household, part, pool, month in (due - told) + (told - due):
        yield words(
            "{household} {part} has not just the homes that the plan gives: {pool} in {month}",
            household=household,
            part=part,
            pool=pool,
            month=month,
        )


def _claims(plan: PlanRecord, scenario: Scenario) -> Iterator[tuple[dict[Hashable, Any], Counter[str]]]:
    """Claims that are given homes, and how many of each pool one household of them takes."""
    quotes = pd.DataFrame() if scenario.quotes is None else scenario.quotes
    takes: dict[tuple[str, str], Counter[str]] = {}
    measures = {f"{estate.id}/{unit.type}": estate.measure for estate in scenario.estates for unit in estate.units}
    for quote in quotes.to_dict("records"):
        stock = {
            pool: max(math.floor(parse_share(amount)), 1) if measures.get(pool) == CountedIn.HOMES else 1
            for pool, amount in quote["stock"]
        }
        takes[quote["household"], quote["label"] or ";".join(stock)] = Counter(stock)
    for claim in plan.claims[plan.claims["route"].isin([OWN_UNIT, TRANSFER])].to_dict("records"):
        yield claim, takes.get((claim["household"], claim["pool"])) or Counter(claim["pool"].split(";"))


class _Inputs:
    """What a household needs and wishes, and when a phase is handed over, by name."""

    def __init__(self, roster: RosterRecord, plan: PlanRecord, scenario: Scenario, wishes: pd.DataFrame | None) -> None:
        self.mode, self.seed = roster.mode, roster.seed
        self.wishes = {} if wishes is None else wishes.set_index("household").to_dict("index")
        built = plan.construction[plan.construction["handed_over"] == "yes"]
        self.handed_over = dict(zip(zip(built["estate"], built["phase"], strict=True), built["month"], strict=True))
        self.areas = {(estate.id, unit.type): unit.area for estate in scenario.estates for unit in estate.units}
        self.due = {
            (claim["household"], claim["part"], next(iter(pools))): claim["entitled_m2"] / claim["count"]
            for claim, pools in _claims(plan, scenario)
            if pools.total() == 1
        }

    def months(self, homes: pd.DataFrame) -> list[str]:
        """Month from which each home can be lived in, as a text; "" from the start."""
        result = []
        for home in homes.to_dict("records"):
            stated = str(Month(home["available"])) if home["available"] >= 0 else ""
            phase = home["phase"]
            built = self.handed_over.get((home["estate"], phase)) or self.handed_over.get(
                (home["estate"], f"{home['estate']}/{phase}"), "9999-12"
            )
            result.append(max(stated, built) if phase else stated)
        return result


def _pool(inputs: _Inputs, table: pd.DataFrame, homes: pd.DataFrame) -> Iterator[Wording]:
    """Dates, needs and the mode's property among those of one estate and type."""
    estate, kind = table["estate"].iloc[0], table["type"].iloc[0]
    months = np.array(inputs.months(homes), dtype=object)
    floor = homes["floor"].to_numpy(dtype=np.int64)
    has = cache(partial(has_word, homes))
    does = np.ones((len(table), len(homes)), dtype=np.bool_)
    misfit = np.zeros((len(table), len(homes)), dtype=np.int32)
    stated_area = inputs.areas[estate, kind]
    standard = np.nan if stated_area is None else float(stated_area)
    size = np.round(homes["area"].fillna(standard).to_numpy(dtype=np.float64) * 100)
    ready = {month: months <= month for month in table["moves_in"].unique()}
    columns = (table["household"], table["part"], table["moves_in"])
    for row, (household, part, moves_in) in enumerate(zip(*columns, strict=True)):
        stated = inputs.wishes.get(household, NOTHING_STATED)
        does[row] = ready[moves_in]
        for word in stated["needs"]:
            does[row] &= has(word)
        if stated["max_floor"] > 0:
            does[row] &= (floor > 0) & (floor <= stated["max_floor"])
        due = inputs.due.get((household, part, f"{estate}/{kind}"), np.nan)
        misfit[row] = np.nan_to_num(np.abs(size - np.round((standard if np.isnan(due) else due) * 100)))
        for word, metres in stated["wishes"]:
            misfit[row] += parse_metres(metres) * ~has(word)
    at = pd.Index(homes["id"]).get_indexer(pd.Index(table["home"]))
    for row in np.flatnonzero(~does[np.arange(len(table)), at]).tolist():
        yield words(
            "home {home} of {household} is not ready in time, or lacks what it needs",
            home=table["home"].iloc[row],
            household=table["household"].iloc[row],
        )
    yield from _order(inputs, table, does, misfit, at)


def _order(
    inputs: _Inputs,
    table: pd.DataFrame,
    does: NDArray[np.bool_],
    misfit: NDArray[np.int32],
    at: NDArray[np.intp],
) -> Iterator[Wording]:
    """Nobody would rather have a free home, or one that a later one could change with it; by `fit`, no sum falls."""
    reached = misfit[np.arange(len(table)), at]
    free = np.ones(misfit.shape[1], dtype=np.bool_)
    free[at] = False
    could, would = does[:, at], misfit[:, at]
    # From here on, column j is the home of j: who could live there, and how well.
    mine, theirs = np.ascontiguousarray(could.T), np.ascontiguousarray(would.T)
    rank = _ranks(inputs, table)
    names = table["household"].tolist()
    for row, name in enumerate(names):
        if (does[row] & free & (misfit[row] < reached[row])).any():
            yield words("{household} would rather have a home that nobody has", household=name)
        swaps = could[row] & mine[row]
        if inputs.mode == FIT:
            swaps &= would[row] + theirs[row] < reached[row] + reached
        else:
            swaps &= (rank > rank[row]) & (would[row] < reached[row])
        if swaps.any():
            other = names[int(np.flatnonzero(swaps)[0])]
            yield words("{household} should have the home of {other}", household=name, other=other)


def _ranks(inputs: _Inputs, table: pd.DataFrame) -> NDArray[np.int64]:
    """(N,) who comes before whom, worked out anew; all alike where nobody does."""
    if inputs.mode == FIT:
        return np.zeros(len(table), dtype=np.int64)
    keys: list[tuple[float, str, int]] = []
    columns = ("household", "part", "number", "place")
    for household, part, number, place in zip(*(table[name] for name in columns), strict=True):
        text = household + (part and f"/{part}") + (number and f"#{number}")
        drawn = "" if inputs.seed is None else hashlib.sha256(f"{inputs.seed}:{text}".encode()).hexdigest()
        signed = inputs.wishes.get(household, {}).get("signed", -1) if inputs.mode == SIGNING else 0
        # Equal in both, they stand by their ids, as the places say.
        keys.append((signed if signed >= 0 else np.inf, drawn, int(place)))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[order] = np.arange(len(keys))
    return ranks
