"""The office's convention, by hand."""

import numpy as np
import pytest

from renewopt import Scenario
from renewopt.ledger import replay
from renewopt.policies.waiting import WaitForBuild
from renewopt.problem import Decisions, Problem, compile_problem
from renewopt.results.savings import assumed_handover, office_convention, reckon_savings, simulate_waiting


def district(unit: dict[str, object], phases: list[dict[str, object]]) -> Problem:
    scenario = Scenario.from_tables(
        name="by hand",
        start="2024-01",
        months=12,
        fee_policies=[{"id": "fees", "rate": 10, "term": 24, "tail": 2}],
        projects=[{"id": "P", "moved_out": "2023-01"}],
        households=[{"id": "H", "project": "P", "area": 100}],
        estates=[{"id": "E", "projects": ["P"], "units": [{"type": "flat", **unit}], "phases": phases}],
        vouchers=[{"id": "V", "price": 1000, "housed_after": 1}],
        funds=[{"id": "budget", "opening": 1_000_000}],
    )
    return compile_problem(scenario)


PHASE = {"id": "E-1", "cost": 1000, "delivers": {"flat": 1}}


@pytest.mark.parametrize(
    ("unit", "phases", "month"),
    [
        ({}, [PHASE], 36),
        ({}, [{**PHASE, "earliest": "2025-01"}], 12),
        ({}, [{**PHASE, "earliest": "2025-01"}, {**PHASE, "id": "E-2", "earliest": "2024-09"}], 8),
        ({"arrivals": {"2024-06": 1}}, [], 5),
        ({"on_hand": 1}, [], 0),
        ({"on_hand": 1}, [{**PHASE, "earliest": "2025-01"}], 12),
    ],
)
def test_the_assumed_handover(unit: dict[str, object], phases: list[dict[str, object]], month: int) -> None:
    assert assumed_handover(district(unit, phases)).tolist() == [month]


def chosen(problem: Problem, route: int, month: int) -> Decisions:
    (offer,) = np.flatnonzero(problem.offers.route == route)
    return Decisions(settle=np.array([[offer, month, 1]], dtype=np.int64))


def test_fee_times_months_to_the_assumed_handover() -> None:
    problem = district({}, [PHASE])
    voucher = replay(problem, chosen(problem, 2, 3))
    # Chosen in month 3, the fee stops in month 3 + 1 + 2; 1,000 a month to month 36.
    assert office_convention(voucher) == 1000 * 100 * (36 - 6)
    assert office_convention(replay(problem, chosen(problem, 0, 3))) == 0
    late = district({}, [{**PHASE, "earliest": "2024-05"}])
    assert office_convention(replay(late, chosen(late, 2, 3))) == 0


def test_both_ways_in_yuan() -> None:
    problem = district({}, [PHASE])
    waiting = WaitForBuild().decide(problem)
    nothing = reckon_savings(replay(problem, waiting), simulate_waiting(problem))
    assert (nothing.against_waiting, nothing.office_convention, nothing.waiting_shortfall) == (0, 0, 0)
    # Built in month 0, taken in month 1, two months of tail: three fees of 1,000.
    assert nothing.waiting_fees == 3000
    voucher = reckon_savings(replay(problem, chosen(problem, 2, 0)), simulate_waiting(problem))
    assert voucher.against_waiting == 0
    assert voucher.office_convention == 1000 * 33
