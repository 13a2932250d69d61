"""What a search for starts hands on: its own again after it was written, and no more proven than is true."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import full_count
from tests.optimiser.starts.mid_programme import mid_programme
from tests.optimiser.starts.test_brute_force import YUAN, modelled
from tests.optimiser.starts.test_outline import of_copies, opened

from renewopt.optimiser.decomposition.pricing import RowPrices
from renewopt.optimiser.starts import asking, choosing
from renewopt.optimiser.starts.aim import Aim
from renewopt.optimiser.starts.choosing import choose
from renewopt.optimiser.starts.learnt import MOST_TOLD, kept, named, read, starts_of
from renewopt.optimiser.starts.outline import SHARED_ROWS, Outline
from renewopt.optimiser.warm_start import WarmStart
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme
from renewopt.testing.tiny_programmes import tiny_programme, written

SMALL = {"projects": 6, "works": 4, "months": 24, "size": 4, "cohorts": 1}


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return written(mid_programme(1, **SMALL), tmp_path)


def test_prices_and_starts_are_the_same_after_they_were_written(scenario: Scenario, tmp_path: Path) -> None:
    problem, programme = opened(scenario), compile_programme(scenario)
    model, raw = of_copies(problem, scenario.objective.minimise)
    assert raw.row_dual is not None
    prices = RowPrices.of(problem.problem, model, raw.row_dual, 0)
    first = scenario.start.ordinal
    starts = np.where(np.arange(len(programme)) % 2 == 0, programme.activities.first, -1)
    warm = replace(
        WarmStart.of_nothing("transition_fees"),
        starts=named(programme, starts, first),
        outline=kept([prices, prices], problem.problem),
    )
    with (tmp_path / "warm.npz").open("wb") as file:
        warm.write(file)
    again = WarmStart.read(tmp_path / "warm.npz")
    assert [each.tolist() for each in starts_of(again, programme, first)] == [starts.tolist()]
    told = read(again, problem.problem, 0)
    assert len(told) == 2
    for each in told:
        for name in SHARED_ROWS:
            assert (getattr(each, name) == getattr(prices, name)).all()
    bounds = []
    for listed in (told, [prices]):
        outline = Outline(problem, Aim(scenario.objective.minimise))
        assert all(outline.tell(each) for each in listed)
        bounds.append(outline.relaxed(60.0).objective)
    assert bounds[0] == pytest.approx(bounds[1])


def test_no_more_is_kept_than_is_worth_it(scenario: Scenario) -> None:
    problem = opened(scenario).problem
    need = np.ones((len(problem.needs.id), problem.calendar.books))
    nothing = read(WarmStart.of_nothing("x"), problem, 0)
    assert nothing == []
    told = [
        RowPrices(
            need * (k + 1), *(np.zeros((len(rows), months)) for rows, months in (
                (problem.funds, problem.calendar.books), (problem.pools, problem.calendar.books))),
            np.zeros((0, 1, 1)), np.zeros((len(problem.pools), problem.calendar.months)),
            np.zeros((len(problem.limits), problem.calendar.months)), np.zeros(0), np.zeros((0, 1)),
        )
        for k in range(2 * MOST_TOLD)
    ]  # fmt: skip
    again = read(replace(WarmStart.of_nothing("x"), outline=kept(told, problem)), problem, 0)
    assert [each.need[0, 0] for each in again] == [1.0, *range(MOST_TOLD + 2, 2 * MOST_TOLD + 1)]


@pytest.mark.parametrize("seed", range(full_count(3, 100)))
def test_whatever_a_warm_start_says_no_more_is_proven_than_is_true(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = tiny_programme(seed, tmp_path)
    programme, random = compile_programme(scenario), np.random.default_rng(seed)
    best = modelled(scenario, programme)
    monkeypatch.setattr(asking, "WHOLE_CHOICES", -1)
    monkeypatch.setattr(choosing, "MOST_CHOICES", -1)
    first = choose(scenario, programme, gap=0.0)
    warm = WarmStart.of_nothing(scenario.objective.minimise) if first.solution is None else first.solution.warm
    assert warm is not None
    absurd = {
        name: {key: prices * random.choice([-1.0, 0.0, 3.0, 1e300]) for key, prices in block.items()}
        for name, block in warm.outline.items()
    }
    wrong = replace(warm, outline=absurd, starts={name: int(random.integers(-2, 30_000)) for name in warm.starts})
    again = choose(scenario, programme, gap=0.0, warm=wrong)
    assert again.status == first.status
    assert again.bound is None or again.bound <= best + YUAN
    assert again.objective == pytest.approx(first.objective, abs=YUAN)
