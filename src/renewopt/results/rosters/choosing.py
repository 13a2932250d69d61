"""Who gets a home by the plan, and what it should be like: the plan's claims joined with needs and wishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from renewopt.problem.compiling.order import natural
from renewopt.results.record import PlanRecord
from renewopt.results.rosters.market import NO_FLOOR, Chooser
from renewopt.scenario.home_words import parse_metres
from renewopt.scenario.models import Scenario
from renewopt.units import Month, parse_share
from renewopt.vocabulary import OWN_UNIT, TRANSFER, CountedIn

__all__ = ["choosers_of"]

Pool = tuple[str, str]
"""Estate and type."""


def choosers_of(plan: PlanRecord, scenario: Scenario, wishes: pd.DataFrame | None) -> list[Chooser]:
    """Every home that the plan gives, with what it should be like, by household and part.

    Parameters
    ----------
    plan
        One with tables.
    scenario
        That it was made from.
    wishes
        Checked table of needs and wishes; None: nobody has any.
    """
    pools = {f"{estate.id}/{unit.type}": (estate.id, unit.type) for estate in scenario.estates for unit in estate.units}
    sizes = {
        (estate.id, unit.type): -1 if unit.area is None else round(unit.area * 100)
        for estate in scenario.estates
        for unit in estate.units
    }
    quoted = _quoted(scenario)
    stated = _stated(wishes)
    claims = plan.claims[plan.claims["route"].isin([OWN_UNIT, TRANSFER])]
    found = [
        chooser
        for row in claims.to_dict("records")
        for chooser in _choosers(row, _homes(row, pools, quoted), sizes, stated.get(row["household"], {}))
    ]
    found.sort(key=lambda each: (natural(each.household), natural(each.part), each.number))
    return _numbered(found)


def _numbered(choosers: list[Chooser]) -> list[Chooser]:
    """Give the households of a cohort, and homes of one part, numbers of their own."""
    names = [(chooser.household, chooser.part) for chooser in choosers]
    several = pd.Series(names, dtype=object).duplicated(keep=False).tolist()
    number: dict[tuple[str, str], int] = {}
    result = []
    for chooser, name, one_of_several in zip(choosers, names, several, strict=True):
        number[name] = number.get(name, 0) + 1
        values = {field: getattr(chooser, field) for field in Chooser.__dataclass_fields__}
        result.append(Chooser(**{**values, "number": number[name] if one_of_several else 0}))
    return result


def _stated(wishes: pd.DataFrame | None) -> dict[str, dict[str, Any]]:
    """Needs, wishes and place in the order of signing, by household."""
    if wishes is None:
        return {}
    return {
        row["household"]: {
            "signed": max(int(row["signed"]), 0),
            "needs": tuple(sorted(row["needs"])),
            "max_floor": int(row["max_floor"]) if row["max_floor"] > 0 else NO_FLOOR,
            "wishes": tuple((word, parse_metres(metres)) for word, metres in row["wishes"]),
        }
        for row in wishes.to_dict("records")
    }


def _quoted(scenario: Scenario) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Homes that quotes take, by household and label: their label need not name them."""
    if scenario.quotes is None:
        return {}
    # Stock that is counted in m² or persons says nothing of a number of homes: it is of one.
    counted = {estate.id for estate in scenario.estates if estate.measure == CountedIn.HOMES}
    rows = scenario.quotes[["household", "label", "stock"]].itertuples(index=False)
    return {
        (household, label or ";".join(key for key, _ in stock)): [
            (key, max(int(parse_share(n)), 1) if key.rpartition("/")[0] in counted else 1) for key, n in stock
        ]
        for household, label, stock in rows
        if stock
    }


def _homes(
    row: Mapping[Any, Any], pools: Mapping[str, Pool], quoted: Mapping[tuple[str, str], list[tuple[str, int]]]
) -> list[Pool]:
    """Estate and type of each home that a row of the claims gives to one household."""
    taken = quoted.get((row["household"], row["pool"]), [(pool, 1) for pool in row["pool"].split(";")])
    return [pools[pool] for pool, times in taken if pool in pools for _ in range(times)]


def _choosers(
    row: Mapping[Any, Any], homes: list[Pool], sizes: Mapping[Pool, int], stated: Mapping[str, Any]
) -> Iterator[Chooser]:
    entitled = float(row["entitled_m2"])
    for _ in range(int(row["count"])):
        for pool in homes:
            # The area due is that of all homes of a bundle: each of these is to be as its type is.
            due = round(entitled / row["count"] * 100) if len(homes) == 1 and entitled >= 0 else sizes[pool]
            yield Chooser(row["household"], row["part"], 0, *pool, Month.parse(row["housed"]).ordinal, due, **stated)
