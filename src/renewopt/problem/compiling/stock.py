"""Pools and phases: what can be handed to whom, and when (rule 14)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from renewopt.problem.compiling.exact import Ints
from renewopt.problem.compiling.needs import Need, NeedBook
from renewopt.problem.compiling.spans import fen_by_month
from renewopt.problem.offers import Ragged
from renewopt.problem.supply import Phases
from renewopt.scenario.models import Estate, Scenario
from renewopt.units import STOCK_SCALE, Month, scaled, to_fen
from renewopt.vocabulary import Use


class PoolBook:
    """Pools of the scenario: each unit type of each estate, then each developer's homes for sale."""

    def __init__(self, scenario: Scenario) -> None:
        self.ids: list[str] = []
        self.owner: list[str] = []
        self.measure: list[str] = []
        self.estate: list[int] = []
        self.stated: list[int] = []
        self._housed_after: list[int] = []
        self._arrivals: list[tuple[int, int, int]] = []
        self._row: dict[str, int] = {}
        for number, estate in enumerate(scenario.estates):
            for unit in estate.units:
                surplus = -1 if unit.surplus is None else scaled(unit.surplus, STOCK_SCALE)
                name = f"{estate.id}/{unit.type}"
                self._add(name, estate.id, estate.measure, number, surplus, estate.housed_after)
                self._arrive(scenario, unit.on_hand, unit.arrivals)
        for developer in scenario.developers:
            if developer.homes is not None:
                self._add(developer.id, developer.id, developer.homes.measure, -1, -1)
                self._arrive(scenario, developer.homes.on_hand, developer.homes.arrivals)

    def _add(self, name: str, owner: str, measure: str, estate: int, surplus: int, housed_after: int = 0) -> None:
        self._row[name] = len(self.ids)
        self.ids.append(name)
        self.owner.append(owner)
        self.measure.append(measure)
        self.estate.append(estate)
        self.stated.append(surplus)
        self._housed_after.append(housed_after)

    def _arrive(self, scenario: Scenario, on_hand: Decimal, arrivals: dict[Month, Decimal]) -> None:
        pool = len(self.ids) - 1
        if on_hand:
            self._arrivals.append((pool, 0, scaled(on_hand, STOCK_SCALE)))
        for month, amount in sorted(arrivals.items()):
            if amount:
                self._arrivals.append((pool, max(month - scenario.start, 0), scaled(amount, STOCK_SCALE)))

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, name: str) -> int:
        """Row of a pool by its id; −1: no such pool, so no limit."""
        return self._row.get(name, -1)

    def unit(self, estate: Estate, position: int) -> int:
        """Row of a unit type of an estate."""
        return self._row[f"{estate.id}/{estate.units[position].type}"]

    def arrivals(self) -> Ragged:
        """Known stock by pool."""
        row, month, amount = (np.array(self._arrivals, dtype=np.int64).reshape(-1, 3)).T
        return Ragged.build(len(self), row, month=month, amount=amount)

    def total(self, phases: Phases) -> Ints:
        """(P,) hundredths that ever come: stock at the start, arrivals and all phases."""
        total = np.zeros(len(self), dtype=np.int64)
        for pool, _, amount in self._arrivals:
            total[pool] += amount
        np.add.at(total, phases.delivers["pool"], phases.delivers["amount"])
        return total

    def within(self, phases: Phases, months: int) -> Ints:
        """(P,) hundredths that exist or can come in time for a choice within the horizon, whatever the money.

        Homes are taken in the month of being housed, which may lie after the horizon; phases are finished within it.
        """
        total = np.zeros(len(self), dtype=np.int64)
        for pool, month, amount in self._arrivals:
            total[pool] += amount if month < months + self._housed_after[pool] else 0
        soon = phases.soonest < months
        row = phases.delivers.row
        np.add.at(total, phases.delivers["pool"][soon[row]], phases.delivers["amount"][soon[row]])
        return total


def phase_ids(scenario: Scenario) -> list[str]:
    """Names of the phases: their ids, with their estate's where two estates use one id."""
    times = Counter(phase.id for estate in scenario.estates for phase in estate.phases)
    return [
        phase.id if times[phase.id] == 1 else f"{estate.id}/{phase.id}"
        for estate in scenario.estates
        for phase in estate.phases
    ]


def compile_phases(scenario: Scenario, pools: PoolBook, needs: NeedBook) -> tuple[Phases, dict[str, list[int]]]:
    """Write the phases out, and list those of each estate."""
    names = phase_ids(scenario)
    rows = [(number, estate, phase) for number, estate in enumerate(scenario.estates) for phase in estate.phases]
    total = [to_fen(phase.cost) for _, _, phase in rows]
    # What is built is rounded, so that cost and progress add up to the whole.
    built = [scaled(phase.cost * phase.progress, 100) for _, _, phase in rows]
    delivers = [
        (row, pools.row(f"{estate.id}/{kind}"), scaled(amount, STOCK_SCALE))
        for row, (_, estate, phase) in enumerate(rows)
        for kind, amount in phase.delivers.items()
        if amount
    ]
    phase_of, pool, amounts = np.array(delivers, dtype=np.int64).reshape(-1, 3).T
    phases = Phases(
        id=_objects(names),
        estate=_objects([estate.id for _, estate, _ in rows]),
        cost=np.array([whole - done for whole, done in zip(total, built, strict=True)], dtype=np.int64),
        total_cost=np.array(total, dtype=np.int64),
        lag=np.array([phase.handover_lag for _, _, phase in rows], dtype=np.int32),
        earliest=np.array(
            [0 if p.earliest is None else max(p.earliest - scenario.start, 0) for _, _, p in rows], dtype=np.int32
        ),
        latest=np.full(len(rows), -1, dtype=np.int32),
        monthly_limit=np.array(
            [fen_by_month(p.monthly_limit, scenario.start, scenario.months) for _, _, p in rows], dtype=np.int64
        ).reshape(len(rows), scenario.months),
        need=np.array(
            [
                needs.row(Need(Use.CONSTRUCTION, estate=number, name=names[row]))
                for row, (number, _, _) in enumerate(rows)
            ],
            dtype=np.int32,
        ),
        delivers=Ragged.build(len(rows), phase_of, pool=pool, amount=amounts),
    )
    of: dict[str, list[int]] = {estate.id: [] for estate in scenario.estates}
    for row, (_, estate, _) in enumerate(rows):
        of[estate.id].append(row)
    return phases, of


def _objects(values: list[str]) -> NDArray[np.object_]:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result
