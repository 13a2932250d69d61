"""The dossier as columns: one row for each claim and offer, and one for each claim without an offer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.problem.calendar import Calendar
from renewopt.problem.compiling.bills import find_bills
from renewopt.problem.compiling.exact import AREA_SCALE, NEVER, Bools, Ints
from renewopt.problem.compiling.fees import compile_fees
from renewopt.problem.compiling.needs import NeedBook
from renewopt.problem.compiling.parts import read_parts
from renewopt.problem.compiling.refusals import Refusals
from renewopt.problem.compiling.running import running_fees
from renewopt.problem.dossiers.facts import Facts
from renewopt.problem.dossiers.never import why_never
from renewopt.problem.dossiers.reasons import reasons
from renewopt.problem.dossiers.reckoning import reckoned
from renewopt.problem.dossiers.relatives import remarks_on_homes
from renewopt.problem.fee_curves import PERMILLE, FeeTable
from renewopt.problem.offers import LineKind, Route
from renewopt.units import FEN_PER_YUAN
from renewopt.wording import Language, words

__all__ = ["CLAIM_COLUMNS", "OFFER_COLUMNS", "Dossier", "make_dossier"]

CLAIM_COLUMNS = {
    "household": "text",
    "part": "text",
    "project": "text",
    "count": "count",
    "fee_now": "money",
    "multiplier": "number",
    "overdue_from": "text",
    "fee_in_a_year": "money",
    "entitled_m2": "number",
    "reckoned": "text",
}
"""Columns of a claim and what they hold: text, count (whole number), money (yuan), number."""
OFFER_COLUMNS = {
    "route": "text",
    "pool": "text",
    "given_m2": "number",
    "household_pays": "money",
    "price": "money",
    "first": "text",
    "last": "text",
    "housed_from": "text",
    "remark": "text",
}
"""Columns of an offer."""
YEAR = 12


@dataclass(frozen=True, eq=False)
class Dossier:
    """What the rules make of each household, in the order of the scenario's table.

    Attributes
    ----------
    claims
        `CLAIM_COLUMNS` by name, (H,) each.
    offers
        `OFFER_COLUMNS` by name, (R,) each: the offers of each claim together, one row without route where it has none.
    start
        (H + 1,) first row of each claim.
    """

    claims: dict[str, NDArray[Any]]
    offers: dict[str, NDArray[Any]]
    start: Ints

    def __len__(self) -> int:
        return self.start.size - 1

    def frame(self) -> pd.DataFrame:
        """All of it as one table: claims beside each of their offers."""
        claim = np.repeat(np.arange(len(self)), np.diff(self.start))
        columns = {**{name: values[claim] for name, values in self.claims.items()}, **self.offers}
        return pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in columns.items()})


def make_dossier(facts: Facts, names: NDArray[np.object_], lang: Language) -> Dossier:
    """Put the dossier together.

    Parameters
    ----------
    facts
    names
        Ids of the households in the order in which they are to stand.
    lang
        Of what is told in words.
    """
    place = pd.Index(names).get_indexer(pd.Index(facts.households.id))
    order = np.argsort(place, kind="stable").astype(np.int64)
    offers = facts.problem.offers
    count = np.bincount(offers.claim, minlength=len(facts.households)).astype(np.int64)
    first = np.cumsum(count) - count
    rows = np.maximum(count, 1)[order]
    start = np.append(0, np.cumsum(rows))
    claim = np.repeat(order, rows)
    within = np.arange(start[-1]) - np.repeat(start[:-1], rows)
    has = count[claim] > 0
    offer = first[claim[has]] + within[has]
    held = {name: values[order] for name, values in _claim_columns(facts, lang).items()}
    return Dossier(held, _offer_columns(facts, lang, offer, has, claim), start)


def _claim_columns(facts: Facts, lang: Language) -> dict[str, NDArray[Any]]:
    problem, households = facts.problem, facts.households
    now, fees = problem.calendar.now, _fees_for_a_year(facts)
    due = problem.claims.due
    return {
        "household": problem.claims.household,
        "part": problem.claims.part,
        "project": problem.projects[problem.claims.project],
        "count": problem.claims.count,
        "fee_now": _fen(fees, now) / FEN_PER_YUAN,
        "multiplier": fees.multiplier[fees.clock, now] / PERMILLE,
        "overdue_from": _months(facts, facts.clocks.overdue_from)[facts.clocks.clock],
        "fee_in_a_year": _fen(fees, now + YEAR) / FEN_PER_YUAN,
        "entitled_m2": _metres(due),
        "reckoned": reckoned(facts, lang) if len(households) else np.zeros(0, dtype=object),
    }


def _fees_for_a_year(facts: Facts) -> FeeTable:
    """Fee curves that reach a year beyond now: the problem's, written out for longer where they end before."""
    calendar = facts.problem.calendar
    if calendar.now + YEAR < facts.problem.fees.months:
        return facts.problem.fees
    longer: Calendar = replace(calendar, books=calendar.now + YEAR + 1)
    scenario, households, refusals = facts.scenario, facts.households, Refusals(facts.scenario.name)
    parts = read_parts(scenario, households, facts.clocks, refusals)
    bills = find_bills(scenario, households, facts.clocks, NeedBook(scenario), refusals)
    *_, prepaid = running_fees(scenario, households, facts.curves, facts.clocks, parts, bills)
    return compile_fees(scenario, households, facts.curves, facts.clocks, parts, prepaid, longer)


def _fen(fees: FeeTable, month: int) -> Ints:
    return fees.fen(slice(None), np.array([month]))[:, 0]


def _metres(sizes: Ints) -> NDArray[np.float64]:
    return np.where(sizes >= 0, sizes / AREA_SCALE, np.nan)


def _months(facts: Facts, months: Ints) -> NDArray[np.object_]:
    """``YYYY-MM`` of months counted from the start, "" where there is none."""
    unique, place = np.unique(months, return_inverse=True)
    named = np.empty(unique.size, dtype=object)
    named[:] = [facts.month(month) if month < NEVER else "" for month in unique.tolist()]
    result: NDArray[np.object_] = named[place.reshape(-1)]
    return result


def _offer_columns(facts: Facts, lang: Language, offer: Ints, has: Bools, claim: Ints) -> dict[str, NDArray[Any]]:
    """Columns of the rows: offers where there are any, else nothing but the reason."""
    offers = facts.problem.offers
    routes = np.array([route.name for route in sorted(Route)], dtype=object)
    none = np.int64(NEVER)
    pays = _household_pays(facts)
    remark = np.full(has.size, "", dtype=object)
    remark[has] = _remarks(facts, lang)[offer]
    remark[~has] = _why_none(facts, lang)[claim[~has]]
    texts: dict[str, NDArray[Any]] = {
        "route": routes[offers.route],
        "pool": offers.label,
        "first": _months(facts, offers.first.astype(np.int64)),
        "last": _months(facts, offers.last.astype(np.int64)),
        "housed_from": _months(facts, np.where(facts.housed_from < 0, none, facts.housed_from)),
    }
    numbers: dict[str, NDArray[Any]] = {
        "given_m2": _metres(offers.given),
        "household_pays": pays / FEN_PER_YUAN,
        "price": _prices(facts) / FEN_PER_YUAN,
    }
    columns: dict[str, NDArray[Any]] = {"remark": remark}
    for name, values in texts.items():
        columns[name] = np.full(has.size, "", dtype=object)
        columns[name][has] = values[offer]
    for name, values in numbers.items():
        columns[name] = np.full(has.size, np.nan)
        columns[name][has] = values[offer]
    return {name: columns[name] for name in OFFER_COLUMNS}


def _household_pays(facts: Facts) -> Ints:
    """(O,) fen that a household pays for its home, less what it is refunded for area that the home lacks."""
    lines = facts.problem.offers.lines
    mine = np.isin(lines["kind"], (LineKind.top_up, LineKind.refund))
    pays = np.zeros(len(facts.problem.offers), dtype=np.int64)
    np.subtract.at(pays, lines.row[mine], lines["fen"][mine])
    return pays


def _prices(facts: Facts) -> Ints:
    """(O,) fen that an offer costs the office when chosen in its first month, instalments stated in yuan included."""
    offers = facts.problem.offers
    price = offers.price_fen(np.arange(len(offers)), offers.first)
    lines = offers.lines
    mine = lines["kind"] == LineKind.instalment
    np.add.at(price, lines.row[mine], lines["fen"][mine])
    return price


def _remarks(facts: Facts, lang: Language) -> NDArray[np.object_]:
    """(O,) why an offer can never be had, and what is to be said of related households; "" where nothing is."""
    code, causes = why_never(facts)
    said = np.empty(len(causes) + 1, dtype=object)
    said[:] = [*(words("never: {cause}", cause=cause).said(lang) for cause in causes), ""]
    result: NDArray[np.object_] = said[code]
    for offer, remark in remarks_on_homes(facts):
        result[offer] = remark.said(lang)
    return result


def _why_none(facts: Facts, lang: Language) -> NDArray[np.object_]:
    """(H,) why a claim has no offer, "" where it has one."""
    code, causes = reasons(facts)
    said = np.empty(len(causes), dtype=object)
    said[:] = [words("no offer, because {reason}", reason=cause).said(lang) for cause in causes]
    texts = np.full(len(facts.households), "", dtype=object)
    texts[facts.without] = said[code]
    return texts
