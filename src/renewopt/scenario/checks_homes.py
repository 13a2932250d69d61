"""Checks of homes listed one by one: no more than an estate has at the time, and than a phase delivers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.errors import Finding
from renewopt.scenario.columns import Checked
from renewopt.scenario.contents import Contents
from renewopt.scenario.home_words import ALWAYS, is_of_every_home, parse_metres, rows_by_pool, words_of
from renewopt.scenario.sections import Estate, UnitType
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.units import Month
from renewopt.vocabulary import CountedIn
from renewopt.wording import NOTHING, Wording, worded, words

__all__ = ["check_home_wishes", "check_homes"]

OFF = 0.05
"""Share by which the m² of a home may differ from its type's before it is warned of: what it costs goes by the type."""
Rows = NDArray[np.intp]


def check_homes(scenario: Contents, table: Checked) -> list[Finding]:
    """Report homes of types and phases that their estate has not, and more of them than there are.

    Parameters
    ----------
    scenario
    table
        Homes, of estates that are there.
    """
    findings: list[Finding] = []
    estates = {estate.id: estate for estate in scenario.estates}
    for (estate_id, type_id), rows in rows_by_pool(table.frame).items():
        estate = estates.get(estate_id)
        if estate is None:
            continue
        unit = next((unit for unit in estate.units if unit.type == type_id), None)
        if unit is None:
            known = [unit.type for unit in estate.units]
            message = words("estate {estate} has no unit type {text!r}", estate=estate.id, text=type_id)
            mend = did_you_mean(type_id, known) or words("known: {names}", names=listed(known))
            findings += _at(table, rows, "type", message, mend)
            continue
        findings += _phases(table, estate, unit, rows)
        findings += _areas(table, unit, rows)
        if estate.measure == CountedIn.HOMES:
            findings += _stock(scenario, table, estate, unit, rows)
    return findings


def _at(
    table: Checked, rows: Rows, column: str, message: Wording, mend: Wording = NOTHING, *, warning: bool = False
) -> list[Finding]:
    bad = np.zeros(len(table.frame), dtype=np.bool_)
    bad[rows] = True
    return table.rows(bad, column, lambda _: (message, mend), warning=warning)


def _phases(table: Checked, estate: Estate, unit: UnitType, rows: Rows) -> Iterator[Finding]:
    """Homes of a phase that is not there, or delivers none of the type or fewer."""
    named = table.frame["phase"].to_numpy(dtype=object)[rows]
    phases = {phase.id: phase for phase in estate.phases}
    for name in dict.fromkeys(named.tolist()):
        here = rows[named == name]
        if not name:
            continue
        if name not in phases:
            message = words("estate {estate} has no phase {text!r}", estate=estate.id, text=name)
            mend = did_you_mean(name, phases) or words("known: {names}", names=listed(phases))
            yield from _at(table, here, "phase", message, mend)
            continue
        due = phases[name].delivers.get(unit.type, Decimal(0))
        if estate.measure != CountedIn.HOMES or len(here) == due:
            continue
        message = words(
            "{count} {count:home|homes} of type {type} {count:is|are} listed in phase {phase}, which delivers {due:f}",
            count=len(here),
            type=unit.type,
            phase=name,
            due=due,
        )
        fewer = len(here) < due
        mend = words("those that are not listed are given to nobody") if fewer else words("check type and phase")
        yield from _at(table, here[-1:] if fewer else here[int(due) :], "phase", message, mend, warning=fewer)


def _areas(table: Checked, unit: UnitType, rows: Rows) -> list[Finding]:
    """Homes whose area is not that of their type, by which they are priced."""
    if unit.area is None:
        return []
    size = table.frame["area"].to_numpy(dtype=np.float64)[rows]
    far = np.abs(np.nan_to_num(size, nan=float(unit.area)) - float(unit.area)) > OFF * float(unit.area)
    message = words("its area is far from the {area:f} m² of its type, by which it is priced", area=unit.area)
    return _at(table, rows[far], "area", message, words("check the area and the type"), warning=True)


def _stock(scenario: Contents, table: Checked, estate: Estate, unit: UnitType, rows: Rows) -> Iterator[Finding]:
    """More homes outside of phases than are there by a month."""
    frame = table.frame
    own = rows[frame["phase"].to_numpy(dtype=object)[rows] == ""]
    if not own.size:
        return
    start = scenario.start.ordinal
    month = np.maximum(frame["available"].to_numpy(dtype=np.int64)[own], start)
    order = np.argsort(month, kind="stable")
    own, month = own[order], month[order]
    arriving = sorted((max(at.ordinal, start), amount) for at, amount in unit.arrivals.items())
    for at in np.unique(month).tolist():
        there = unit.on_hand + sum((amount for when, amount in arriving if when <= at), Decimal(0))
        count = int(np.searchsorted(month, at, side="right"))
        if count > there:
            message = words(
                (
                    "{count} {count:home|homes} of type {type} in {estate} {count:is|are} listed by {month}, but "
                    "it has {there:f} by then"
                ),
                count=count,
                type=unit.type,
                estate=estate.id,
                month=Month(at),
                there=there,
            )
            mend = words("name the phase or the month from which a home is available, or correct the stock")
            yield from _at(table, own[int(there) : count], "available", message, mend)
            return
    stock = unit.on_hand + sum((amount for _, amount in arriving), Decimal(0))
    if len(own) < stock:
        message = words(
            (
                "{count} {count:home|homes} of type {type} in {estate} {count:is|are} listed, but it has "
                "{there:f} outside of phases"
            ),
            count=len(own),
            type=unit.type,
            estate=estate.id,
            there=stock,
        )
        mend = words("those that are not listed are given to nobody")
        yield from _at(table, own[-1:], "type", message, mend, warning=True)


def check_home_wishes(table: Checked, homes: Checked | None) -> list[Finding]:
    """Report wishes whose m² cannot be read, and needs and wishes for what no listed home is called.

    Parameters
    ----------
    table
        Needs and wishes.
    homes
        Homes, if any are listed.
    """
    findings = _metres(table)
    if homes is None:
        return findings
    called = words_of(homes.frame)
    for column, warning in (("needs", False), ("wishes", True)):
        codes, uniques = pd.factorize(table.frame[column].to_numpy(dtype=object))
        idle = [_idle(cell, called) for cell in uniques]
        bad = np.array([bool(word) for word in idle], dtype=np.bool_)[codes]

        def message(row: int, codes: Rows = codes, idle: list[str] = idle) -> tuple[Wording, Wording]:
            word = idle[int(codes[row])]
            mend = did_you_mean(word, called) or words("known: {names}", names=listed([*ALWAYS, *called]))
            return words("no listed home has {word!r}", word=word), mend

        findings += table.rows(bad, column, message, warning=warning)
    return findings


def _idle(cell: Sequence[str | tuple[str, str]], called: Collection[str]) -> str:
    """First word of a cell that no home is called; "" if all mean something."""
    stated = (word if isinstance(word, str) else word[0] for word in cell)
    return next((word for word in stated if word not in called and not is_of_every_home(word)), "")


def _metres(table: Checked) -> list[Finding]:
    codes, uniques = pd.factorize(table.frame["wishes"].to_numpy(dtype=object))
    faults: dict[int, Wording] = {}
    for code, cell in enumerate(uniques):
        try:
            for _, metres in cell:
                parse_metres(metres)
        except ValueError as error:
            faults[code] = worded(error)
    bad = np.isin(codes, list(faults))
    mend = words("write the m² that each wish counts as: south:10;lift:5")
    return table.rows(bad, "wishes", lambda row: (faults[int(codes[row])], mend)) if faults else []
