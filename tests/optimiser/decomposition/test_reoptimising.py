"""Parts of the schedules from the basis of a larger part: as dear as when they are solved from nothing."""

import math
from pathlib import Path

import numpy as np
import pytest
from tests.seeds import seeds

from renewopt.optimiser.decomposition import reoptimising
from renewopt.optimiser.decomposition.classes import classify
from renewopt.optimiser.decomposition.phase_tree import whether
from renewopt.optimiser.decomposition.relaxation import Relaxation, RelaxationFactory
from renewopt.optimiser.decomposition.reoptimising import Reoptimiser
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds, RestrictedMaster, spread
from renewopt.optimiser.decomposition.stopping import StoppedError
from renewopt.optimiser.highs import Engine, Raw, SolverError
from renewopt.optimiser.presolve.aggregation import merge_needs
from renewopt.optimiser.progress import Clock
from renewopt.problem import compile_problem
from renewopt.scenario.loading import load
from renewopt.synth import synthesise, write


def relaxed(seed: int, folder: Path) -> Relaxation:
    district = synthesise(60, seed=seed, projects=2, phases=2, months=24)
    problem, _ = merge_needs(compile_problem(load(write(folder, district))))
    return RelaxationFactory(problem, "fiscal_cost", (), 100.0).relax(classify(problem, 8))


def ways(relaxation: Relaxation) -> list[list[PhaseBounds]]:
    """Each phase that can be built at some time, and never."""
    lower, upper = relaxation.phase_bounds()
    return [whether(phase, lower, upper) for phase in np.flatnonzero(upper[:, -1] > lower[:, -1]).tolist()]


@pytest.mark.parametrize("seed", seeds([1, 2, 3], fast=1))
def test_a_part_costs_what_it_costs_from_nothing(seed: int, tmp_path: Path) -> None:
    relaxation = relaxed(seed, tmp_path)
    few = spread(relaxation)
    models, master = Reoptimiser(relaxation, few, Clock(math.inf)), RestrictedMaster(relaxation, few, elastic=True)
    compared = 0
    for way in ways(relaxation):
        cold = master.solve_parts(way, math.inf)
        warm = models.solve(way, models.root)
        for part, one, other in zip(way, cold, warm, strict=True):
            assert (part[0] - 1e-9 <= other.state).all()
            assert (other.state <= part[1] + 1e-9).all()
            # Where slack is needed a part counts as impossible.
            if math.isfinite(other.value):
                assert other.value == pytest.approx(one.value, rel=1e-5)
                compared += 1
        # Parts of a part, from its own basis.
        deeper = models.solve([way[0]], warm[0])[0]
        assert deeper.value == pytest.approx(warm[0].value, rel=1e-9)
    assert compared >= 4


def test_a_part_that_is_dear_enough_is_not_solved_to_its_end(tmp_path: Path) -> None:
    relaxation = relaxed(1, tmp_path)
    models = Reoptimiser(relaxation, spread(relaxation), Clock(math.inf))
    ended = 0
    for way in ways(relaxation):
        values = [each.value for each in models.solve(way, models.root)]
        enough = models.root.value + 0.5 * (max(min(value, 1e6) for value in values) - models.root.value)
        for value, each in zip(values, models.solve(way, models.root, enough), strict=True):
            assert each.value == pytest.approx(value, rel=1e-5) or enough <= each.value <= value
            ended += each.basis is None and math.isfinite(each.value)
    assert ended


def test_what_the_solver_gives_up_is_as_cheap_as_it_can_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    relaxation = relaxed(1, tmp_path)
    models = Reoptimiser(relaxation, spread(relaxation), Clock(math.inf))
    root = models.root

    def fails(engines: list[Engine], _: float) -> list[Raw]:
        raise SolverError("given up")

    def knows_nothing(engines: list[Engine], _: float) -> list[Raw]:
        return [Raw("unknown", None, math.inf, -math.inf) for _ in engines]

    for answer in (fails, knows_nothing):
        monkeypatch.setattr(reoptimising, "run_together", answer)
        (built, never) = models.solve(ways(relaxation)[0], root)
        assert built.value == never.value == root.value
        assert (never.state <= ways(relaxation)[0][1][1]).all()
        assert built.basis is root.basis


def test_time_that_is_up_ends_it(tmp_path: Path) -> None:
    relaxation = relaxed(1, tmp_path)
    with pytest.raises(StoppedError):
        _ = Reoptimiser(relaxation, spread(relaxation), Clock(0.0)).root
