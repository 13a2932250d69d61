"""Households resolved: empty cells filled from the project, several homes split into claims (rules 4, 8, 10, 11)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.problem.compiling.exact import (
    AREA_SCALE,
    NEVER,
    UNKNOWN,
    Bools,
    Ints,
    combine,
    factorise,
    share_out,
    times,
    whole,
)
from renewopt.scenario.models import FeePolicy, Scenario
from renewopt.scenario.splits import carry_on, ruling_project
from renewopt.units import to_fen
from renewopt.vocabulary import ROUTES


@dataclass(frozen=True, eq=False)
class Households:
    """One row a claim: a household with several homes due has as many rows (`part` of `parts`).

    Areas are of the whole household, in 1/10,000 m², −1 where not stated; months count from the scenario's start.
    Columns of codes come with the list of distinct cells.
    """

    id: NDArray[np.object_]
    project: Ints
    count: Ints
    part: Ints
    parts: Ints
    area: Ints
    persons: Ints
    moved_out: Ints
    since: Ints
    """First month in which it is: that in which the one that it was split from ends; −`NEVER` where it always was."""
    until: Ints
    """First month in which it is no more; `NEVER` where it stays."""
    prepaid: Ints
    """Fen paid too much to the claim before the start."""
    moved_out_day: Ints
    """Day of that month; −1 where it is not stated."""
    term: Ints
    fee_policy: Ints
    home_policy: Ints
    turnover: Bools
    groups: Ints
    group_sets: list[tuple[str, ...]]
    tags: Ints
    tag_sets: list[tuple[str, ...]]
    profile: Ints
    """Combination of project, routes, estates and tags asked for."""
    profiles: list[tuple[int, tuple[str, ...], frozenset[str], frozenset[str]]]
    unit_types: Ints
    unit_type_sets: list[tuple[str, ...]]
    part_month: Ints
    part_area: Ints
    weight: NDArray[np.float64]
    deadline: Ints
    indivisible: Bools
    related: NDArray[np.object_]
    """Word that the household shares with those who ask to live in one estate with it; "": none."""
    entitlement: Ints
    """Stated in the household's row; −1 where the home policy says it."""
    obligation: Ints
    """Fen for the claim; −1 where nothing is stated."""
    pays_up_to: Ints
    """Fen that the whole household consents to pay for dearer homes; −1: none."""
    consenting: Ints
    """Households of the row that consent to it."""
    curve: Ints
    """Row of the first direct fee curve step of the claim's household; −1 where rules say the fee."""

    def __len__(self) -> int:
        return int(self.id.size)

    @cached_property
    def by_profile(self) -> tuple[Ints, Ints]:
        """(H,) claims sorted by profile, and (profiles + 1,) where each profile begins among them."""
        order = np.argsort(self.profile, kind="stable").astype(np.int64)
        return order, np.searchsorted(self.profile[order], np.arange(len(self.profiles) + 1)).astype(np.int64)

    @cached_property
    def profile_project(self) -> Ints:
        """(profiles,) project."""
        return np.array([profile[0] for profile in self.profiles], dtype=np.int64)

    @cached_property
    def asking(self) -> tuple[dict[str, Ints], Ints, dict[frozenset[str], Ints]]:
        """Profiles that accept each estate, those that accept only some, and profiles by the tags they ask for."""
        accept: dict[str, list[int]] = {}
        asks: dict[frozenset[str], list[int]] = {}
        some = []
        for row, (_, _, estates, asks_for) in enumerate(self.profiles):
            if estates:
                some.append(row)
            for estate in estates:
                accept.setdefault(estate, []).append(row)
            if asks_for:
                asks.setdefault(asks_for, []).append(row)
        return (
            {estate: np.array(rows, dtype=np.int64) for estate, rows in accept.items()},
            np.array(some, dtype=np.int64),
            {tags: np.array(rows, dtype=np.int64) for tags, rows in asks.items()},
        )

    def of_profiles(self, chosen: Bools) -> Ints:
        """Claims of some profiles, increasing; takes the time of what it gives."""
        order, start = self.by_profile
        rows = np.flatnonzero(chosen)
        if rows.size == chosen.size:
            return np.arange(len(self), dtype=np.int64)
        pieces = [order[start[row] : start[row + 1]] for row in rows.tolist()]
        return np.sort(np.concatenate(pieces)) if pieces else np.zeros(0, dtype=np.int64)

    def expecting_homes(self, months: int) -> Ints:
        """(H,) households for whom homes are kept: none for who is no more within the horizon."""
        return np.where(self.until < months, 0, self.count)

    def share(self, values: Ints) -> Ints:
        """Return the claim's equal part of an amount of its household."""
        return share_out(values, self.part, self.parts)

    def label(self) -> NDArray[np.object_]:
        """(H,) part within the household, "" where it is not split."""
        numbers, inverse = np.unique(np.where(self.parts > 1, self.part + 1, 0), return_inverse=True)
        words = np.array(["" if n == 0 else str(n) for n in numbers], dtype=object)
        return words[inverse]


def table(value: Any) -> pd.DataFrame:
    """Return a checked table of a scenario; an unchecked one is no table."""
    if not isinstance(value, pd.DataFrame):
        raise TypeError("the scenario's tables are not loaded")
    return value


def resolve(scenario: Scenario) -> Households:
    """Fill every household's row from its project and split it into claims.

    Parameters
    ----------
    scenario
        Checked scenario.

    Returns
    -------
    Households
    """
    frame = carry_on(table(scenario.households))
    names = frame["id"].to_numpy(dtype=object)
    project = _index([p.id for p in scenario.projects], frame["project"])
    ruling = _index([p.id for p in scenario.projects], ruling_project(frame))
    own = _Projects(scenario)
    fee_policy = _fallback(_index([p.id for p in scenario.fee_policies], frame["fee_policy"]), own.fee_policy[ruling])
    home_policy = _fallback(
        _index([p.id for p in scenario.home_policies], frame["home_policy"]), own.home_policy[ruling]
    )
    start = scenario.start.ordinal
    moved = frame["moved_out"].to_numpy(dtype=np.int64)
    moved_out = np.where(moved >= 0, moved - start, own.moved_out[ruling])
    day = frame["moved_out_day"].to_numpy(dtype=np.int64)
    moved_out_day = np.where((day < 0) & (moved < 0), own.moved_out_day[ruling], day)
    areas = whole(frame["area"], AREA_SCALE)
    curve = _curve(scenario, names)
    routes, route_sets = factorise(_routes(frame, project, own))
    estates, estate_sets = factorise(frame["estates"].to_numpy(dtype=object))
    asks, ask_sets = factorise(frame["asks_for"].to_numpy(dtype=object))
    profile, first = combine(project, routes, estates, asks)
    groups, group_sets = factorise(frame["groups"].to_numpy(dtype=object))
    tags, tag_sets = factorise(frame["tags"].to_numpy(dtype=object))
    types, type_sets = factorise(frame["unit_types"].to_numpy(dtype=object))
    weight = frame["weight"].to_numpy(dtype=np.float64)
    ends = frame["ends"].to_numpy(dtype=np.int64)
    until = np.where(ends >= 0, ends - start, NEVER)
    since = np.full(until.size, -NEVER, dtype=np.int64)
    split = np.flatnonzero(frame["split_from"].to_numpy() != "")
    if split.size:
        before = until[pd.Index(names).get_indexer(pd.Index(frame["split_from"].iloc[split]))]
        since[split] = np.where(before < NEVER, before, -NEVER)
    deadline = _deadline(frame["deadline"].to_numpy(dtype=np.int64), start, own.deadline[project])
    parts = np.maximum(frame["homes"].to_numpy(dtype=np.int64), 1)
    row = np.repeat(np.arange(len(frame)), parts)
    number = np.arange(row.size) - np.repeat(np.cumsum(parts) - parts, parts)
    term = _term(scenario, frame, ruling, fee_policy)
    part_month = frame["part_month"].to_numpy(dtype=np.int64)
    obligation = np.where(until <= scenario.months, 0, _obligation(frame, areas, own.obligation[project]))
    part_area = np.maximum(whole(frame["part_area"], AREA_SCALE), 0)
    count = frame["count"].to_numpy(dtype=np.int64)
    pays_up_to = _fallback(whole(frame["pays_up_to"], 100), np.append(own.pays_up_to, UNKNOWN)[home_policy])
    return Households(
        id=names[row],
        project=project[row],
        count=count[row],
        part=number,
        parts=parts[row],
        area=areas[row],
        persons=frame["persons"].to_numpy(dtype=np.int64)[row],
        moved_out=moved_out[row],
        since=since[row],
        until=until[row],
        prepaid=share_out(np.maximum(whole(frame["prepaid"], 100), 0)[row], number, parts[row]),
        moved_out_day=moved_out_day[row],
        term=term[row],
        fee_policy=fee_policy[row],
        home_policy=home_policy[row],
        turnover=frame["turnover"].to_numpy(dtype=bool)[row],
        groups=groups[row],
        group_sets=group_sets,
        tags=tags[row],
        tag_sets=tag_sets,
        profile=profile[row],
        profiles=[
            (
                int(project[r]),
                route_sets[int(routes[r])],
                frozenset(estate_sets[int(estates[r])]),
                frozenset(ask_sets[int(asks[r])]),
            )
            for r in first
        ],
        unit_types=types[row],
        unit_type_sets=type_sets,
        part_month=np.where(part_month >= 0, part_month - start, NEVER)[row],
        part_area=part_area[row],
        weight=np.where(np.isnan(weight), own.weight[project], weight)[row],
        deadline=np.where(until <= deadline, UNKNOWN, deadline)[row],
        indivisible=frame["indivisible"].to_numpy(dtype=bool)[row],
        related=frame["related"].to_numpy(dtype=object)[row],
        entitlement=whole(frame["entitlement"], AREA_SCALE)[row],
        obligation=share_out(obligation[row], number, parts[row]),
        pays_up_to=pays_up_to[row],
        consenting=_share_of(count, frame["consent_share"])[row],
        curve=curve[row],
    )


class _Projects:
    """What households take over from their project, as arrays over projects."""

    def __init__(self, scenario: Scenario) -> None:
        start = scenario.start.ordinal
        projects = scenario.projects
        policies = {policy.id: number for number, policy in enumerate(scenario.fee_policies)}
        homes = {policy.id: number for number, policy in enumerate(scenario.home_policies)}
        only = 0 if len(policies) == 1 else UNKNOWN
        self.fee_policy = np.array([policies[p.fee_policy] if p.fee_policy else only for p in projects], dtype=np.int64)
        self.home_policy = np.array(
            [homes[p.home_policy] if p.home_policy else UNKNOWN for p in projects], dtype=np.int64
        )
        self.moved_out = np.array(
            [NEVER if p.moved_out is None else p.moved_out.ordinal - start for p in projects], dtype=np.int64
        )
        self.moved_out_day = np.array([p.moved_out_day or UNKNOWN for p in projects], dtype=np.int64)
        self.deadline = np.array(
            [NEVER if p.deadline is None else p.deadline.ordinal - start for p in projects], dtype=np.int64
        )
        self.weight = np.array([float(p.weight) for p in projects], dtype=np.float64)
        self.obligation = np.array(
            [UNKNOWN if p.obligation is None else to_fen(p.obligation) for p in projects], dtype=np.int64
        )
        self.pays_up_to = np.array(
            [UNKNOWN if p.pays_up_to is None else to_fen(p.pays_up_to) for p in scenario.home_policies], dtype=np.int64
        )
        self.routes = [None if p.routes is None else tuple(p.routes) for p in projects]


def _index(known: list[str], cells: pd.Series[Any]) -> Ints:
    """Position of each cell among ids; −1 where it is empty."""
    return pd.Index(known, dtype=object).get_indexer(pd.Index(cells.to_numpy(dtype=object))).astype(np.int64)


def _fallback(stated: Ints, otherwise: Ints) -> Ints:
    return np.where(stated >= 0, stated, otherwise)


def _routes(frame: pd.DataFrame, project: Ints, own: _Projects) -> NDArray[np.object_]:
    """Find the accepted routes: the household's, else the project's, else all."""
    default = np.empty(len(own.routes), dtype=object)
    default[:] = [ROUTES if routes is None else routes for routes in own.routes]
    cells = frame["routes"].to_numpy(dtype=object).copy()
    codes, sets = factorise(cells)
    empty = np.array([len(cell) == 0 for cell in sets], dtype=bool)[codes] if len(sets) else np.zeros(0, dtype=bool)
    cells[empty] = default[project[empty]]
    return cells


def _deadline(stated: Ints, start: int, project: Ints) -> Ints:
    """Take the household's deadline, else its project's; −1: none."""
    either = np.where(stated >= 0, stated - start, project)
    return np.where(either >= NEVER, UNKNOWN, np.maximum(either, 0))


def _share_of(count: Ints, shares: pd.Series[Any]) -> Ints:
    """⌊share × count⌋ of decimal shares: 30 % of 10 are 3; where none is stated, all of them."""
    codes, stated = factorise(shares.fillna(1.0).to_numpy(dtype=object))
    billionths = np.array([int(Decimal(str(share)) * 10**9) for share in stated], dtype=np.int64)
    of: Ints = count * billionths[codes] // 10**9
    return of


def _obligation(frame: pd.DataFrame, areas: Ints, per_m2: Ints) -> Ints:
    """Fen for the household: stated in all, or its project's fen/m² × area; −1 where neither can be told."""
    stated = whole(frame["obligation"], 100)
    most = int(per_m2.max(initial=0))
    times(np.maximum(areas, 0), max(most, 0), "an obligation")
    by_area = (np.maximum(areas, 0) * np.maximum(per_m2, 0) + AREA_SCALE // 2) // AREA_SCALE
    known = (areas >= 0) & (per_m2 >= 0)
    return np.where(stated >= 0, stated, np.where(known, by_area, UNKNOWN))


def _curve(scenario: Scenario, names: NDArray[np.object_]) -> Ints:
    """Whether a household's fee is given directly: row of its first step, else −1."""
    if scenario.fee_curves is None:
        return np.full(names.size, UNKNOWN, dtype=np.int64)
    given = table(scenario.fee_curves)["household"].drop_duplicates()
    position = pd.Index(given.to_numpy(dtype=object)).get_indexer(pd.Index(names))
    rows: Ints = np.append(given.index.to_numpy(dtype=np.int64), UNKNOWN)[position]
    return rows


def _term(scenario: Scenario, frame: pd.DataFrame, project: Ints, policy: Ints) -> Ints:
    """Agreed months (rule 4): household's, by its class, project's, by its class, the policy's."""
    stated = frame["term"].to_numpy(dtype=np.int64)
    classes, words = factorise(frame["term_class"].to_numpy(dtype=object))
    code, first = combine(project, policy, classes)
    found = np.full(first.size, UNKNOWN, dtype=np.int64)
    for number, r in enumerate(first):
        own = scenario.projects[int(project[r])]
        fee_policy = scenario.fee_policies[int(policy[r])] if policy[r] >= 0 else None
        found[number] = _agreed(fee_policy, words[int(classes[r])], own.term, own.term_class)
    return np.where(stated >= 0, stated, found[code])


def _agreed(policy: FeePolicy | None, household: str, project: int | None, project_class: str | None) -> int:
    by_class = policy.term if policy is not None and isinstance(policy.term, dict) else {}
    if household and household in by_class:
        return by_class[household]
    if project is not None:
        return project
    if project_class in by_class:
        return by_class[project_class]
    if policy is not None and isinstance(policy.term, int):
        return policy.term
    return UNKNOWN
