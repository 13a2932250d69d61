"""What happened since a plan began, from an office's table to rows of the problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renewopt.errors import Finding, ScenarioError, sort_findings
from renewopt.problem import Decisions, Problem, Route
from renewopt.results.replanning.starts import STARTED
from renewopt.scenario.columns import Checked
from renewopt.scenario.models import Scenario
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.units import FEN_PER_YUAN, Month
from renewopt.vocabulary import Use
from renewopt.wording import NOTHING, Wording, words

__all__ = ["Facts", "as_it_happened", "read_facts"]

Ints = NDArray[np.int64]
CHOSEN, HANDED_OVER, PAID, RECEIVED, EXPECTED = "chosen", "handed_over", "paid", "received", "expected"


@dataclass(frozen=True, eq=False)
class Facts:
    """What happened before a month, and what is expected now; months and rows are the problem's.

    Attributes
    ----------
    settle, complete, build
        As in `Decisions`; None: nothing is told of such things, so that they went as planned.
    construction
        fund, need, month, fen: what was paid for phases, along with `build`.
    paid
        (fund, use, month) to fen, for other uses.
    received
        (fund, month) to fen that came in, as the scenario's `inflow`.
    expected
        Phase to the month of its handover at the earliest.
    """

    settle: Ints | None = None
    complete: Ints | None = None
    build: Ints | None = None
    construction: Ints | None = None
    paid: Mapping[tuple[int, str, int], int] = field(default_factory=dict)
    received: Mapping[tuple[int, int], int] = field(default_factory=dict)
    expected: Mapping[int, int] = field(default_factory=dict)


class _Reader:
    """Turns rows of the table into rows of the problem, and notes what cannot be."""

    def __init__(self, problem: Problem, scenario: Scenario, table: Checked, planned: Decisions, now: int) -> None:
        self.problem, self.table, self.now = problem, table, now
        self.start = scenario.start.ordinal
        self.findings: list[Finding] = []
        self.funds = {name: row for row, name in enumerate(problem.funds.id.tolist())}
        self.phases = {name: row for row, name in enumerate(problem.phases.id.tolist())}
        for row, (estate, name) in enumerate(zip(problem.phases.estate, problem.phases.id, strict=True)):
            self.phases.setdefault(f"{estate}/{name}", row)
        self.claims: dict[str, list[int]] = {}
        for claim, household in enumerate(problem.claims.household.tolist()):
            self.claims.setdefault(household, []).append(claim)
        self.rows: dict[str, list[tuple[int, ...]]] = {"settle": [], "complete": [], "build": [], "construction": []}
        self.told: set[str] = set()
        self.paid: dict[tuple[int, str, int], int] = {}
        self.received: dict[tuple[int, int], int] = {}
        self.expected: dict[int, int] = {}
        self.planned = {(offer, month) for offer, month, _ in planned.settle.tolist()}

    def facts(self) -> Facts:
        """All that was read."""

        def rows(what: str, name: str, width: int) -> Ints | None:
            return np.array(self.rows[name], dtype=np.int64).reshape(-1, width) if what in self.told else None

        return Facts(
            rows(CHOSEN, "settle", 3),
            rows(HANDED_OVER, "complete", 2),
            rows(PAID, "build", 3),
            rows(PAID, "construction", 4),
            self.paid,
            self.received,
            self.expected,
        )

    def read(self, number: int, row: Mapping[Any, Any]) -> None:
        """Read a row; those of months that are not over are plans, but for what is expected. Starts are read before."""
        month = int(row["month"]) - self.start
        if row["what"] == STARTED:
            return
        if row["what"] == EXPECTED:
            if (phase := self.phase(number, row)) is not None:
                self.expected[phase] = max(month, 0)
            return
        if row["what"] != PAID or row["phase"]:
            self.told.add(row["what"])
        if month < 0:
            message = words("{month} lies before the start", month=Month(int(row["month"])))
            self.wrong(number, "month", message, words("mend the month, or delete the row"))
        elif month < self.now and row["what"] == CHOSEN:
            if (offer := self.offer(number, row, month)) is not None:
                self.rows["settle"].append((offer, month, int(row["count"])))
        elif month < self.now and row["what"] == HANDED_OVER:
            if (phase := self.phase(number, row)) is not None:
                self.rows["complete"].append((phase, month))
        elif month < self.now:
            self._money(number, row, month)

    def _money(self, number: int, row: Mapping[Any, Any], month: int) -> None:
        """Read what a fund paid or received."""
        fund = self.fund(number, row)
        if fund is None:
            return
        if row["what"] == RECEIVED:
            self.received[fund, month] = self.received.get((fund, month), 0) + self.fen(number, row)
        elif row["phase"]:
            if (phase := self.phase(number, row)) is not None:
                fen = self.fen(number, row)
                self.rows["build"].append((phase, month, fen))
                self.rows["construction"].append((fund, int(self.problem.phases.need[phase]), month, fen))
        elif not row["use"]:
            self.wrong(number, "use", words("neither a use nor a phase is named"), words("fill in one of the two"))
        elif row["use"] == Use.CONSTRUCTION:
            self.wrong(number, "phase", words("which phase was paid for?"), words("fill in the cell"))
        else:
            key = (fund, row["use"], month)
            self.paid[key] = self.paid.get(key, 0) + self.fen(number, row)

    def wrong(self, row: int, column: str, message: Wording, mend: Wording = NOTHING) -> None:
        """Note what is wrong in a row."""
        bad = np.arange(len(self.table.frame)) == row
        self.findings.extend(self.table.rows(bad, column, lambda _: (message, mend)))

    def phase(self, number: int, row: Mapping[Any, Any]) -> int | None:
        """Phase of a row."""
        if row["phase"] in self.phases:
            return self.phases[row["phase"]]
        if not row["phase"]:
            self.wrong(number, "phase", words("no phase is named"), words("fill in the cell"))
        else:
            mend = did_you_mean(row["phase"], self.phases) or words("known: {names}", names=listed(self.phases))
            self.wrong(number, "phase", words("unknown phase {name!r}", name=row["phase"]), mend)
        return None

    def fund(self, number: int, row: Mapping[Any, Any]) -> int | None:
        """Fund of a row; one that is not known has been told already."""
        if not row["fund"]:
            self.wrong(number, "fund", words("no fund is named"), words("fill in the cell"))
        return self.funds.get(row["fund"])

    def fen(self, number: int, row: Mapping[Any, Any]) -> int:
        """Amount of a row."""
        if np.isnan(row["amount"]):
            self.wrong(number, "amount", words("no amount is stated"), words("fill in the cell"))
            return 0
        return round(float(row["amount"]) * FEN_PER_YUAN)

    def offer(self, number: int, row: Mapping[Any, Any], month: int) -> int | None:
        """Offer that a household has chosen: the one that was planned then, else the first that fits."""
        problem = self.problem
        claims = self.claims.get(row["household"], [])
        if len(claims) > 1:
            claims = [claim for claim in claims if problem.claims.part[claim] == row["part"]]
        if not claims:
            if not row["household"]:
                self.wrong(number, "household", words("no household is named"), words("fill in the cell"))
            elif row["household"] in self.claims:
                parts = [str(problem.claims.part[claim]) for claim in self.claims[row["household"]]]
                self.wrong(
                    number, "part", words("which part has chosen?"), words("one of {names}", names=listed(parts))
                )
            return None
        claim = claims[0]
        low, high = np.searchsorted(problem.offers.claim, [claim, claim + 1])
        mine = np.arange(low, high)
        label, route = problem.offers.label[mine], problem.offers.route[mine]
        fits = (label == row["pool"]) | (row["pool"] == "")
        if row["route"]:
            fits &= route == Route[row["route"]]
        if not fits.any():
            known = dict.fromkeys(f"{Route(int(problem.offers.route[o])).name} {problem.offers.label[o]}" for o in mine)
            message = words(
                "{household} has no offer {route} {pool}",
                household=row["household"], route=row["route"], pool=row["pool"],
            )  # fmt: skip
            self.wrong(number, "pool", message, words("its offers: {names}", names=listed(known)))
            return None
        open_then = fits & (problem.offers.first[mine] <= month) & (month <= problem.offers.last[mine])
        if not open_then.any():
            message = words(
                "{household} could not choose {pool} in {month} by the scenario",
                household=row["household"], pool=row["pool"] or row["route"], month=problem.calendar.label(month),
            )  # fmt: skip
            self.wrong(number, "month", message, words("check the month, or mend the scenario"))
            return None
        found = mine[open_then].tolist()
        if len(found) > 1 and not row["pool"]:
            told = words("{count} {count:offer|offers} {count:fits|fit}", count=len(found))
            self.wrong(number, "pool", told, words("name the pool, as allocation.csv does"))
        return int(next((offer for offer in found if (offer, month) in self.planned), found[0]))


def read_facts(
    problem: Problem,
    scenario: Scenario,
    table: Checked,
    planned: Decisions,
    now: int,
    wrong: Sequence[Finding] = (),
) -> Facts:
    """Turn a table of what happened into rows of the problem.

    Of choices, of handovers and of payments for construction a table tells all there were or nothing; rows of months
    from `now` on are plans, and passed over, but for what is expected.

    Parameters
    ----------
    table
        As `renewopt.scenario.table_specs.ACTUALS`.
    planned
        Decisions of the plan; an offer that was planned is taken for the one that was chosen.
    now
        First month that is not over.
    wrong
        What was found wrong with the table before.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    reader = _Reader(problem, scenario, table, planned, now)
    for number, row in enumerate(table.frame.to_dict("records")):
        reader.read(number, row)
    findings = [*table.findings, *wrong, *reader.findings]
    if any(finding.severity == "error" for finding in findings):
        raise ScenarioError(sort_findings(findings))
    return reader.facts()


def as_it_happened(problem: Problem, planned: Decisions, facts: Facts, now: int) -> Decisions:
    """Decisions of the months before `now`: as planned, but for what the facts tell otherwise."""
    past = planned.before(now)
    building = problem.phases.need
    pay = past.pay
    if facts.construction is not None:
        pay = np.concatenate([pay[~np.isin(pay[:, 1], building)], facts.construction])
    told = {name: rows for name in ("settle", "complete", "build") if (rows := getattr(facts, name)) is not None}
    tables = {name: getattr(past, name) for name in Decisions.COLUMNS}
    return Decisions(**{**tables, **{name: _summed(rows, name) for name, rows in told.items()}, "pay": pay})


def _summed(rows: Ints, name: str) -> Ints:
    """Rows of one key as one."""
    if name == "complete" or not len(rows):
        return np.unique(rows, axis=0)
    keys, place = np.unique(rows[:, :-1], axis=0, return_inverse=True)
    return np.column_stack([keys, np.bincount(place.reshape(-1), rows[:, -1], len(keys)).astype(np.int64)])
