"""A programme too large for whole households in the model with open starts: relaxation, local search, then starts."""

from pathlib import Path

import pytest
from tests.optimiser.starts.mid_programme import mid_programme
from tests.waiting import UNHURRIED

from renewopt.ledger import audit_decisions
from renewopt.optimiser.starts import choosing
from renewopt.optimiser.starts.choosing import choose
from renewopt.problem import compile_problem
from renewopt.scheduling import compile_programme, dated, faults
from renewopt.testing.tiny_programmes import written


@pytest.mark.slow
def test_a_plan_in_order_is_found_near_the_bound_for_all_schedules(tmp_path: Path) -> None:
    scenario = written(mid_programme(1, projects=6, works=4, months=30, size=6, cohorts=1), tmp_path)
    programme = compile_programme(scenario)
    chosen = choose(scenario, programme, gap=0.03, time_limit=UNHURRIED)
    assert chosen.status in {"feasible", "optimal"}
    assert chosen.gap <= 0.03
    assert chosen.starts is not None
    assert not faults(programme, chosen.starts)
    problem = compile_problem(dated(scenario, chosen.starts, programme))
    assert audit_decisions(problem, chosen.solution.decisions) == []


@pytest.mark.slow
def test_without_the_model_of_all_copies_a_plan_is_found_near_the_bound_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = written(mid_programme(1, projects=6, works=4, months=30, size=6, cohorts=1), tmp_path)
    programme = compile_programme(scenario)
    written_out = choose(scenario, programme, gap=0.03, time_limit=UNHURRIED)
    monkeypatch.setattr(choosing, "MOST_CHOICES", 0)
    chosen = choose(scenario, programme, gap=0.03, time_limit=UNHURRIED)
    assert chosen.status in {"feasible", "optimal"}
    assert chosen.gap <= 0.03
    # Each is a bound for all schedules, and so for the other's plan.
    assert chosen.bound <= written_out.objective
    assert written_out.bound <= chosen.objective
    assert not faults(programme, chosen.starts)
    problem = compile_problem(dated(scenario, chosen.starts, programme))
    assert audit_decisions(problem, chosen.solution.decisions) == []
