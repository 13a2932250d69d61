"""Windows a month wider: what is priced is the scenario that a planner would have written, and nothing else in it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import renewopt
from renewopt.optimiser.highs import Engine
from renewopt.optimiser.marginal.values import Valuation
from renewopt.optimiser.model.formulation import formulate
from renewopt.problem import compile_problem
from renewopt.results.choosing import with_objective
from renewopt.results.pricing.windows import starts_later, starts_sooner, windows_wider
from renewopt.results.programme import as_planned
from renewopt.scenario import Scenario
from renewopt.testing.tiny_programmes import tiny_programme
from renewopt.units import YUAN_PER_WAN, Month
from renewopt.vocabulary import LANGUAGES

SPAN = "  - id: voucher\n    start: {start}\n    months: {months}\n    bonus: [{{months: {bonus}, share: 10%}}]\n"


def written(repository: Path, folder: Path, start: str, months: int, bonus: int) -> Path:
    text = (repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    assert text.count("  - id: voucher\n") == 1
    file = folder / f"{start}-{months}-{bonus}.yaml"
    span = SPAN.format(start=start, months=months, bonus=bonus)
    file.write_text(text.replace("  - id: voucher\n", span), encoding="utf-8")
    return file


def relaxed(scenario: renewopt.Scenario) -> float:
    raw = Engine(formulate(compile_problem(scenario), relaxed=True)[1], integer=False).run()
    assert raw.x is not None
    return raw.objective * YUAN_PER_WAN


@pytest.fixture(scope="module")
def stated(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A programme open from March to May, one that opens in February, one that closes in June; bonuses end in April."""
    folder = tmp_path_factory.mktemp("windows")
    return (
        written(repository, folder, "2024-03", 3, 2),
        written(repository, folder, "2024-02", 4, 3),
        written(repository, folder, "2024-03", 4, 2),
    )


def test_what_is_wider_is_the_window_alone(stated: tuple[Path, Path, Path]) -> None:
    as_it_is, opens, stays = map(renewopt.load, stated)
    found = {each.kind: each for each in windows_wider(as_it_is)}
    assert list(found) == ["opens", "stays"]
    for kind, scenario in (("opens", opens), ("stays", stays)):
        offers, expected = found[kind].problem.offers, compile_problem(scenario).offers
        assert offers.first.tolist() == expected.first.tolist()
        assert offers.last.tolist() == expected.last.tolist()
        assert offers.series_ppm.tolist() == expected.series_ppm.tolist()


def test_the_figures_are_differences_of_relaxations(stated: tuple[Path, Path, Path], tmp_path: Path) -> None:
    as_it_is, *wider = map(renewopt.load, stated)
    renewopt.plan(stated[0], gap=0).write(tmp_path / "plan")
    made = renewopt.prices(tmp_path / "plan", whole=0)
    rows = made.differences.set_index("kind")
    for kind, scenario in zip(("opens", "stays"), wider, strict=True):
        assert rows.loc[kind, "saved"] == pytest.approx(relaxed(as_it_is) - relaxed(scenario), abs=1.0)
        assert (rows.loc[kind, "id"], rows.loc[kind, "use"]) == ("voucher", "voucher")
    assert (rows.loc[["opens", "stays"], "saved"] > 0).any()
    assert "voucher opens a month sooner" in made.summary()
    assert "voucher 延后 1 个月截止" in made.summary("zh")
    assert all("voucher" in made.report(lang) for lang in LANGUAGES)


def test_a_window_that_cannot_be_wider_is_no_difference(repository: Path) -> None:
    assert not list(windows_wider(renewopt.load(repository / "scenarios" / "minimal.yaml")))


@pytest.mark.slow
def test_a_start_a_month_sooner_counts_delay_and_land_too(tmp_path: Path) -> None:
    seen = 0
    for seed in range(40):
        scenario = tiny_programme(seed, tmp_path)
        try:
            plan = renewopt.plan(scenario, gap=0)
        except renewopt.RenewoptError:
            continue
        if not plan.feasible or not plan.starts:
            continue
        begun = as_planned(scenario, plan)
        problem = compile_problem(with_objective(begun.written, plan.objective_name))
        valuation = Valuation(problem, plan.objective_name)
        for sooner in starts_sooner(begun, problem, plan.objective_name):
            month = plan.starts[sooner.id]
            assert month is not None
            starts = {**plan.starts, sooner.id: str(Month.parse(month) + -1)}
            then = as_planned(scenario, replace(plan, starts=starts))
            saved = valuation.saved_by(sooner.problem)
            adds = [each.adds(problem.objective, plan.objective_name) for each in (begun, then)]
            assert sooner.saves == pytest.approx(adds[0] - adds[1])
            if saved is not None:
                expected = relaxed(begun.written) - relaxed(then.written)
                assert saved == pytest.approx(expected, abs=1.0, rel=1e-6)
            seen += 1
        if seen >= 3:
            break
    assert seen >= 3


def _windows(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    yield from ((project.id, project.start) for project in scenario.projects)
    yield from ((work.id, work.start) for work in scenario.works)


def _longer(scenario: Scenario, name: str) -> Scenario:
    """The scenario in which one start window is a month longer."""

    def longer(each: Any) -> Any:
        if each.id != name:
            return each
        return each.model_copy(update={"start": each.start.model_copy(update={"until": each.start.until + 1})})

    update = {"projects": [longer(each) for each in scenario.projects], "works": [longer(e) for e in scenario.works]}
    return scenario.model_copy(update=update)


@pytest.mark.slow
def test_a_window_a_month_longer_is_that_of_the_scenario_with_it(tmp_path: Path) -> None:
    seen = 0
    for seed in range(40):
        scenario = tiny_programme(seed, tmp_path)
        try:
            plan = renewopt.plan(scenario, gap=0)
        except renewopt.RenewoptError:
            continue
        if not plan.feasible or not plan.starts:
            continue
        begun = as_planned(scenario, plan)
        problem = compile_problem(with_objective(begun.written, plan.objective_name))
        valuation = Valuation(problem, plan.objective_name)
        windows = dict(_windows(scenario))
        found = list(starts_later(begun, problem, plan.objective_name))
        for later in found:
            window = windows[later.id]
            assert window is not None
            assert window.until is not None
            assert plan.starts[later.id] in (None, str(window.until))
            starts = {**plan.starts, later.id: str(window.until + 1)}
            then = as_planned(_longer(scenario, later.id), replace(plan, starts=starts))
            adds = [each.adds(problem.objective, plan.objective_name) for each in (begun, then)]
            assert later.saves == pytest.approx(adds[0] - adds[1])
            saved = valuation.saved_by(later.problem)
            if saved is not None:
                assert saved == pytest.approx(relaxed(begun.written) - relaxed(then.written), abs=1.0, rel=1e-6)
            seen += 1
        if found:
            rows = renewopt.prices(plan, scenario=scenario, top=1, whole=0).differences
            told = rows[rows["kind"] == "window"].set_index("id")["saved"]
            assert set(told.index) == {later.id for later in found}
            assert (told >= 0).all()
        if seen >= 4:
            break
    assert seen >= 4
