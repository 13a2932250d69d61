"""Only money that can do nothing else finishes a phase."""

from pathlib import Path

import pytest
from tests.optimiser.undominated.test_improving import PHASE

import renewopt
from renewopt.optimiser.undominated.finishing import finish, unfinished
from renewopt.problem import Decisions, compile_problem


@pytest.mark.parametrize(
    ("change", "handover"),
    [
        (("", ""), 3),
        # Money that could pay fees is left alone, and money that may be moved to where it is wanted.
        (("uses: [construction]", "uses: [construction, fees]"), None),
        (("funds: [", "moves: [{from: f, to: g}]\nfunds: [{id: g}, "), None),
        # Money that lapses is not on hand later.
        (("uses: [construction]", "uses: [construction], carry_over: month"), None),
        (("handover_lag: 1", "handover_lag: 1, earliest: 2024-06"), 5),
        (("monthly_limit: 20万元", "monthly_limit: 5万元"), None),
        (("cost: 30万元", "cost: 30万元, progress: 0.5"), 1),
        (("cost: 30万元", "cost: 30万元, progress: 1"), 0),
    ],
)
def test_a_phase_is_paid_for_as_early_as_may_be(tmp_path: Path, change: tuple[str, str], handover: int | None) -> None:
    assert change[0] in PHASE
    (tmp_path / "case.yaml").write_text(PHASE.replace(*change), encoding="utf-8")
    problem = compile_problem(renewopt.load(tmp_path / "case.yaml"))
    assert unfinished(problem, Decisions()).tolist() == [0]
    finished = finish(problem, Decisions(), 0)
    assert (None if finished is None else finished.complete.tolist()) == (None if handover is None else [[0, handover]])
    if finished is not None:
        assert finished.pay[:, 3].sum() == finished.build[:, 2].sum() == problem.phases.cost[0]
        assert not unfinished(problem, finished).size
