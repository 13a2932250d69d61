"""Is the cause of an infeasible district named, and what does it take? Rules planted in the district of eight projects.

``python -m benchmarks.causes [KIND …]`` plants each rule in ``scenarios/district`` and writes a table: processor
seconds, share of the effort, whether the planted rule is told, and what is proven of the lists told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from renewopt import Scenario, load
from renewopt.problem import compile_problem
from renewopt.results.conflicts import FoundConflict, search_conflicts
from renewopt.scenario.models import Commitment, DeveloperStock, Throughput
from renewopt.units import Month

__all__ = ["PLANTED", "Planted", "district"]

Step = Callable[[Scenario], Scenario]
DISTRICT = Path("scenarios", "district", "district.yaml")


@dataclass(frozen=True)
class Planted:
    """A rule with which the district cannot be planned.

    Attributes
    ----------
    key
        Beginning of its key in the scenario.
    planted
        Plants it.
    variant
        Of the district.
    """

    key: str
    planted: Step = lambda scenario: scenario
    variant: str | None = None


def _with(section: str, name: str, **values: Any) -> Step:
    """An item of the scenario with other values."""

    def put(scenario: Scenario) -> Scenario:
        items = getattr(scenario, section)
        changed = [item.model_copy(update=values) if item.id == name else item for item in items]
        return scenario.model_copy(update={section: changed})

    return put


def _more(section: str, item: Any) -> Step:
    return lambda scenario: scenario.model_copy(update={section: [*getattr(scenario, section), item]})


def _aiming(**values: Any) -> Step:
    return lambda scenario: scenario.model_copy(update={"objective": scenario.objective.model_copy(update=values)})


def _in_turn(*steps: Step) -> Step:
    def put(scenario: Scenario) -> Scenario:
        for step in steps:
            scenario = step(scenario)
        return scenario

    return put


def _slow_phase(scenario: Scenario) -> Scenario:
    estate = next(estate for estate in scenario.estates if estate.id == "E7")
    phase = estate.phases[0].model_copy(update={"monthly_limit": Decimal(500_000)})
    return _with("estates", "E7", phases=[phase])(scenario)


def _small_stock(scenario: Scenario) -> Scenario:
    for developer in scenario.developers:
        scenario = _with("developers", developer.id, homes=DeveloperStock(on_hand=Decimal(30)))(scenario)
    return _with("projects", "P7", routes=["voucher"], deadline=Month.parse("2025-06"))(scenario)


PLANTED = {
    "deadline": Planted("projects.P2.deadline", _with("projects", "P2", deadline=Month.parse("2025-06"))),
    "reserve": Planted("objective.reserve_months", _aiming(reserve_months=Decimal(24))),
    "throughput": Planted(
        "throughput.desk",
        _in_turn(
            _more("throughput", Throughput(id="desk", per_month=12)),
            _with("projects", "P7", deadline=Month.parse("2024-12")),
        ),
    ),
    "throughput alone": Planted(
        "throughput.desk",
        _in_turn(
            _more("throughput", Throughput(id="desk", per_month=6)),
            _with("projects", "P7", deadline=Month.parse("2025-06")),
        ),
    ),
    "take-up": Planted(
        "vouchers.voucher.take_up",
        _in_turn(
            _with("projects", "P4", deadline=Month.parse("2026-02"), routes=["voucher"]),
            _with("vouchers", "voucher", take_up=Decimal("0.1")),
        ),
    ),
    "commitment": Planted(
        "commitments.streets",
        _more("commitments", Commitment(id="streets", by_month={Month.parse("2024-06"): Decimal(300_000_000)})),
    ),
    "no_overdue": Planted("objective.no_overdue_from", _aiming(no_overdue_from=Month.parse("2025-06"))),
    "phase's monthly limit": Planted(
        "estates.E7.phases.E7-1.monthly_limit",
        _in_turn(_slow_phase, _with("projects", "P7", deadline=Month.parse("2026-06"))),
    ),
    "developer's stock": Planted("developers.", _small_stock),
    "runs-short": Planted("funds.revenue", variant="runs-short"),
}


def district(planted: Planted, folder: Path = Path()) -> Scenario:
    """The district with a rule planted."""
    return planted.planted(load(folder / DISTRICT, variant=planted.variant))


def named(planted: Planted, found: list[FoundConflict]) -> bool:
    """Whether the planted rule is told."""
    return any(one.rule.key.startswith(planted.key) for conflict in found for one in conflict.rules)


def _row(kind: str) -> str:
    planted = PLANTED[kind]
    scenario = district(planted)
    problem = compile_problem(scenario)
    began = time.process_time()
    found = search_conflicts(scenario, problem)
    seconds = time.process_time() - began
    proven = "; ".join(
        f"{len(conflict.rules) + conflict.more} rules"
        + (", all proven" if conflict.proven else "")
        + (", proven minimal" if conflict.needed else "")
        + ("" if conflict.certain else ", not proven")
        for conflict in found
    )
    return f"| {kind} | {seconds:.1f} | {'yes' if named(planted, found) else 'no'} | {proven} |"


def main(kinds: list[str]) -> None:
    """Write the table."""
    print("| planted | CPU s | told | lists |\n| --- | --- | --- | --- |")
    for kind in kinds or PLANTED:
        print(_row(kind), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
