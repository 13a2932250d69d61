"""What the programme of a plan leaves out, and what each of it lacks beside all that the plan does.

Read from the rules of the programme and the books of the ledger: who is busy, what lies idle in the funds, which homes
nobody takes. Nothing is planned anew: each project or work is looked at by itself, as if it alone were added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from renewopt.results import tables
from renewopt.results.briefing.free_money import FreeMoney
from renewopt.scheduling import NEVER_STARTS
from renewopt.scheduling.schedule import busy
from renewopt.units import FEN_PER_YUAN
from renewopt.vocabulary import CountedIn, Keeps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from renewopt.ledger.books import Books
    from renewopt.scenario import Scenario
    from renewopt.scheduling import Programme

    Ints = NDArray[np.int64]

__all__ = ["list_left_out"]

HUNDREDTHS = 100
"""Of a home, in which stock is counted."""


def list_left_out(programme: Programme, starts: Ints, stated: Scenario, books: Books) -> pd.DataFrame:
    """Make the table of what is left out: a row for each project and work that the plan does not start.

    Parameters
    ----------
    programme
        With its rules.
    starts
        (n,) month of each activity, from the scenario's start; `NEVER_STARTS`: it is left out.
    stated
        The scenario of the programme.
    books
        Of the plan for these starts.

    Returns
    -------
    pandas.DataFrame
        Columns ``left_out`` of `renewopt.results.tables.COLUMNS`:

        - ``households`` (of a project; that a work would help), ``cost`` of all stages and, use by use, ``uses``;
          ``funds`` that may pay some of it;
        - ``waits_for``: what it waits for and is left out as well; ``crews`` that it lacks in every month of its
          window; ``keeps``: the rules that let it start in none (`renewopt.vocabulary.KEEPS`); ``first`` and ``last``
          month in which they do, "" where there is none;
        - ``start``: the month, of those in which it could start (else of its window), in which least money is lacking
          for its stages; ``idle``: what the funds could pay of them then, and miss in no later month; ``lacking``: the
          rest. No loan is drawn for it beyond the plan, and its own land revenue is not counted;
        - ``homes`` open to a project that are there in the last month and that nobody ever takes;
        - ``land_revenue`` that its land would bring, ``phases`` that need it, ``deadline`` by which it was to be
          cleared.
    """
    rows = np.flatnonzero(starts == NEVER_STARTS).tolist()
    if not rows:
        return tables.empty("left_out")
    looked = _Beside(programme, starts, stated, books)
    found = [looked.row(row) for row in rows]
    return tables.framed("left_out", {name: [each[name] for each in found] for name in tables.COLUMNS["left_out"]})


@dataclass(frozen=True)
class _Window:
    """Months in which something could start beside all that starts, and why not in others; months from the start.

    Attributes
    ----------
    months
        Of its window.
    open
        Those in which no rule keeps it.
    keeps
        Rules that keep it, each in some month, where they leave none.
    waits_for
        Activities that come before it and are left out.
    crews
        Hands of each crew that it lacks in the month in which it lacks fewest; above 0 alone.
    """

    months: list[int]
    open: list[int]
    keeps: list[str]
    waits_for: list[int]
    crews: dict[int, int]


class _Beside:
    """What stands free beside a plan."""

    def __init__(self, programme: Programme, starts: Ints, stated: Scenario, books: Books) -> None:
        self._programme, self._starts, self._stated, self._books = programme, starts, stated, books
        crews, self._money = programme.crews, _IdleMoney(books)
        self._hands = np.where(crews.capacity < 0, np.iinfo(np.int64).max, crews.capacity - busy(programme, starts))
        self._homes = _homes_left(books)

    def row(self, row: int) -> dict[str, object]:
        """The row of one project or work."""
        each, stated = self._programme.activities, self._stated
        window, project = self._window(row), int(each.project[row])
        cost: dict[int, int] = {}
        own = each.stages.take(np.array([row]))
        for outlay, fen in zip(own["outlay"].tolist(), own["fen"].tolist(), strict=True):
            cost[outlay] = cost.get(outlay, 0) + fen
        uses, payable = self._programme.outlays.uses, self._programme.outlays.payable_by
        funds = np.flatnonzero(payable[list(cost)].any(axis=0)) if cost else np.zeros(0, dtype=np.int64)
        start, lacking = self._least(row, window.open or window.months)
        total = sum(cost.values())

        def month(number: int) -> str:
            return str(stated.start + number)

        return {
            "item": str(each.id[row]),
            "kind": str(each.kind[row]),
            "households": int(each.households[row]),
            "cost": total / FEN_PER_YUAN,
            "uses": ";".join(f"{'+'.join(uses[outlay])}:{fen / FEN_PER_YUAN:.2f}" for outlay, fen in cost.items()),
            "funds": ";".join(stated.funds[fund].id for fund in funds.tolist()),
            "waits_for": ";".join(str(each.id[before]) for before in window.waits_for),
            "crews": ";".join(f"{self._programme.crews.id[crew]}:{hands}" for crew, hands in window.crews.items()),
            "keeps": ";".join(window.keeps),
            "first": month(window.open[0]) if window.open else "",
            "last": month(window.open[-1]) if window.open else "",
            "start": "" if start is None else month(start),
            "idle": (total - lacking) / FEN_PER_YUAN,
            "lacking": lacking / FEN_PER_YUAN,
            "homes": np.nan if project < 0 else self._homes_of(stated.projects[project].id),
            "land_revenue": int(each.revenue[row]) / FEN_PER_YUAN,
            "phases": ";".join(self._phases(row)),
            "deadline": month(int(each.deadline[row])) if each.deadline[row] >= 0 else "",
        }

    def _window(self, row: int) -> _Window:
        each, arcs = self._programme.activities, self._programme.arcs
        months = list(range(int(each.first[row]), int(each.last[row]) + 1))
        mine = arcs.after == row
        before, wait = arcs.before[mine], arcs.wait[mine]
        begun = self._starts[before] != NEVER_STARTS
        waits_for = before[~begun].tolist()
        earliest = int((self._starts[before[begun]] + wait[begun]).max(initial=0))
        hands = {month: self._lacks(row, month) for month in months}
        full = {month for month in months if self._too_many(row, month)}
        reached = [] if waits_for else [month for month in months if month >= earliest]
        free = [month for month in reached if not hands[month] and month not in full]
        if free:
            return _Window(months, free, [], [], {})
        possible = reached or months
        fewest = min((hands[month] for month in possible), key=lambda lacks: sum(lacks.values()), default={})
        keeps = [
            *([Keeps.WINDOW] if not months else []),
            *([Keeps.PRECEDENCE] if months and not reached else []),
            *([Keeps.CREWS] if fewest else []),
            *([Keeps.NUMBER] if full.intersection(possible) else []),
        ]
        return _Window(months, [], keeps, waits_for, fewest)

    def _lacks(self, row: int, month: int) -> dict[int, int]:
        """Hands of each crew that it would lack, were it begun in a month."""
        each = self._programme.activities
        needs = each.crews[row]
        free = self._hands[:, month : month + int(each.ready[row])].min(axis=1, initial=np.iinfo(np.int64).max)
        return {crew: int(needs[crew] - free[crew]) for crew in np.flatnonzero(needs > free).tolist()}

    def _too_many(self, row: int, month: int) -> bool:
        """Whether a greatest number of starts is reached without it."""
        counts = self._programme.counts
        begun = (self._starts != NEVER_STARTS) & (self._starts <= counts.by[:, None]) & counts.counted
        reached = (counts.most >= 0) & (begun.sum(axis=1) >= counts.most)
        return bool((reached & counts.counted[:, row] & (counts.by >= month)).any())

    def _least(self, row: int, months: list[int]) -> tuple[int | None, int]:
        """Month in which least money is lacking for the stages, the first of several, and how much; fen."""
        stages = list(self._stages(row))
        if not months:
            return None, sum(fen for _, fen, _ in stages)
        bounds = {month: self._money.at_least(stages, month) for month in months}
        best: tuple[int, int] | None = None
        for month in sorted(months, key=lambda month: (bounds[month], month)):
            if best is not None and (bounds[month], month) > (best[1], best[0]):
                break
            lacking = self._money.lacking(stages, month)
            if best is None or (lacking, month) < (best[1], best[0]):
                best = month, lacking
        assert best is not None
        return best

    def _stages(self, row: int) -> Iterator[tuple[int, int, Ints]]:
        """Months since the start, fen, and funds that may pay, in the order in which stages fall due."""
        own, payable = self._programme.activities.stages.take(np.array([row])), self._programme.outlays.payable_by
        for place in np.argsort(own["after"], kind="stable").tolist():
            yield int(own["after"][place]), int(own["fen"][place]), np.flatnonzero(payable[own["outlay"][place]])

    def _homes_of(self, project: str) -> float:
        """Homes left over in estates that are its own or open to it."""
        open_to = {
            estate.id
            for estate in self._stated.estates
            if project in estate.projects or estate.open_to == "all" or project in estate.open_to
        }
        return sum(homes for estate, homes in self._homes.items() if estate in open_to)

    def _phases(self, row: int) -> Iterator[str]:
        """Phases that stand on its land."""
        land = self._programme.land
        phases = [phase.id for estate in self._stated.estates for phase in estate.phases]
        for place in land.activities.row[land.activities["activity"] == row].tolist():
            yield phases[int(land.phase[place])]


class _IdleMoney:
    """Money that a plan leaves in its funds."""

    def __init__(self, books: Books) -> None:
        self._books = books
        lapsed = np.cumsum(books.funds.lapsed.astype(np.int64), axis=1)
        self._before = np.pad(lapsed, ((0, 0), (1, 0)))
        there = books.funds.closing.astype(np.int64) + lapsed
        self._least = np.minimum.accumulate(there[:, ::-1], axis=1)[:, ::-1]

    def _months(self, stages: list[tuple[int, int, Ints]], start: int) -> list[int]:
        """Month of each stage; the books have no later one than their last."""
        return [min(start + after, self._least.shape[1] - 1) for after, _, _ in stages]

    def at_least(self, stages: list[tuple[int, int, Ints]], start: int) -> int:
        """Fen that are lacking for certain: all funds together have no more by the month of a stage."""
        months = self._months(stages, start)
        due, lacking = 0, 0
        funds = sorted({fund for _, _, pay in stages for fund in pay.tolist()})
        for month, (_, fen, _) in zip(months, stages, strict=True):
            due += fen
            there = self._least[funds, month] - self._before[funds, months[0]]
            lacking = max(lacking, due - int(np.maximum(there, 0).sum()))
        return lacking

    def lacking(self, stages: list[tuple[int, int, Ints]], start: int) -> int:
        """Fen that the funds miss, then or later, if they pay these stages besides."""
        money = FreeMoney(self._books)
        for month, (_, fen, funds) in zip(self._months(stages, start), stages, strict=True):
            money.pay(funds, month, fen)
        return int(money.missing.sum())


def _homes_left(books: Books) -> dict[str, float]:
    """Homes by estate that are there in the last month and that nobody ever takes."""
    pools, stock, months = books.problem.pools, books.stock, books.problem.calendar.months
    there = np.cumsum(stock.arrived + stock.delivered - stock.taken, axis=1)[:, months - 1 :].min(axis=1)
    left: dict[str, float] = {}
    for pool in np.flatnonzero((pools.measure == CountedIn.HOMES) & (there > 0)).tolist():
        estate = str(pools.estate[pool])
        left[estate] = left.get(estate, 0.0) + int(there[pool]) / HUNDREDTHS
    return left
