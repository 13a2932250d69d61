"""Checks of signed contracts: of whom, for what and when; and of two that contradict each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from renewopt.errors import Finding
from renewopt.scenario.columns import Checked
from renewopt.scenario.contents import Contents
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.units import Month
from renewopt.wording import NOTHING, Wording, words

__all__ = ["check_pins", "phase_called"]

NONE = -1


def phase_called(scenario: Contents) -> dict[str, tuple[int, int]]:
    """Names of the phases, as a table may write them, to estate and phase by place: E1/1, or 1 where it is the only."""
    pairs = [
        (f"{estate.id}/{phase.id}", phase.id, (number, place))
        for number, estate in enumerate(scenario.estates)
        for place, phase in enumerate(estate.phases)
    ]
    times = Counter(phase for _, phase, _ in pairs)
    return {
        **{phase: at for _, phase, at in pairs if times[phase] == 1},
        **{full: at for full, _, at in pairs},
    }


def check_pins(scenario: Contents, table: Checked) -> list[Finding]:
    """Report rows that pin nothing, or what is not there, or what another row pins otherwise."""
    frame, findings = table.frame, list[Finding]()

    def report(row: int, column: str, message: Wording, mend: Wording = NOTHING) -> None:
        findings.extend(table.rows(np.arange(len(frame)) == row, column, lambda _: (message, mend)))

    phases, pools = phase_called(scenario), _pools(scenario)
    for row, pin in enumerate(frame.to_dict("records")):
        if bool(pin["household"]) == bool(pin["phase"]):
            report(
                row, "household", words("a contract is of a household or of a phase"), words("fill in one of the two")
            )
        if pin["phase"] and pin["phase"] not in phases:
            mend = did_you_mean(pin["phase"], phases) or words("known: {names}", names=listed(phases))
            report(row, "phase", words("unknown phase {name!r}", name=pin["phase"]), mend)
        if pin["phase"] and (pin["route"] or pin["pool"]):
            report(row, "route", words("a phase has neither route nor pool"), words("empty both cells"))
        if pin["pool"] and pin["pool"] not in pools and ";" not in pin["pool"]:
            mend = did_you_mean(pin["pool"], pools) or words("known: {names}", names=listed(pools))
            report(row, "pool", words("there is no {pool!r}", pool=pin["pool"]), mend)
        if not (pin["route"] or pin["pool"] or max(pin["month"], pin["not_before"], pin["not_after"]) >= 0):
            report(row, "month", words("nothing is pinned"), words("state route, pool or months, or delete the row"))
        if pin["month"] >= 0 and max(pin["not_before"], pin["not_after"]) >= 0:
            report(row, "month", words("a month, and a month before or after which not"), words("state one of the two"))
        first, last = _window(pin)
        start, end = scenario.start.ordinal, scenario.start.ordinal + scenario.months - 1
        if first > last:
            message = words("not before {first}, and not after {last}", first=Month(first), last=Month(last))
            report(row, "not_after", message, words("mend one of the two months"))
        elif last < start or first > end:
            message = words(
                "{month} lies outside of the months planned, {start} to {end}",
                month=Month(last if last < start else first),
                start=Month(start),
                end=Month(end),
            )
            report(row, "month" if pin["month"] >= 0 else "not_after" if last < start else "not_before", message)
    for row, message in _contradicted(table):
        report(row, "household" if frame["household"].iloc[row] else "phase", message, words("keep the one that holds"))
    return findings


EVER = 1 << 30


def _window(pin: Mapping[Any, Any]) -> tuple[int, int]:
    """First and last month, by ordinal, that a row allows."""
    if pin["month"] >= 0:
        return pin["month"], pin["month"]
    return max(pin["not_before"], 0), pin["not_after"] if pin["not_after"] >= 0 else EVER


def _pools(scenario: Contents) -> dict[str, None]:
    """All that a column `pool` may hold."""
    homes = [f"{estate.id}/{unit.type}" for estate in scenario.estates for unit in estate.units]
    quoted = [] if scenario.quotes is None else [label for label in scenario.quotes["label"] if label]
    programmes = [each.id for each in (*scenario.vouchers, *scenario.cash)]
    bought = [f"{voucher.id}/{developer.id}" for voucher in scenario.vouchers for developer in scenario.developers]
    return dict.fromkeys([*homes, *programmes, *bought, *quoted, *(estate.id for estate in scenario.estates)])


def _contradicted(table: Checked) -> Iterator[tuple[int, Wording]]:
    """Rows that cannot hold together with an earlier one of the same household or phase."""
    earlier: dict[tuple[str, str], list[int]] = {}
    pins = table.frame.to_dict("records")
    for row, pin in enumerate(pins):
        key = (pin["household"], pin["phase"])
        if not any(key):
            continue
        for other in earlier.get(key, []):
            first, last = (choose(pair) for choose, pair in zip(
                (max, min), zip(_window(pin), _window(pins[other]), strict=True), strict=True))  # fmt: skip
            line = table.locate(other, "").line or other + 1
            name = pin["household"] or pin["phase"]
            for what in ("route", "pool"):
                if pin[what] and pins[other][what] and pin[what] != pins[other][what]:
                    yield row, words(
                        "{name} is pinned to {this}, on line {line} to {that}",
                        name=name, this=pin[what], line=line, that=pins[other][what],
                    )  # fmt: skip
            if first > last:
                yield row, words("{name} has no month left that line {line} leaves it, too", name=name, line=line)
        earlier.setdefault(key, []).append(row)
