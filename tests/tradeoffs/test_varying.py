"""Alternatives: what is called a must is one, what can be spared is, and plans shown are within."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.test_snippets import fenced
from tests.waiting import eventually

import renewopt
from renewopt.comparison.agenda import Step
from renewopt.optimiser import beside
from renewopt.problem import compile_problem
from renewopt.results.failures import PlanFileError
from renewopt.scenario import load
from renewopt.tradeoffs import doing
from renewopt.tradeoffs.solving import Answer, without
from renewopt.tradeoffs.varying import distance
from renewopt.wording import LANGUAGES, Language
from renewopt.wording.phrases import word


@pytest.fixture(scope="module")
def planned(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", gap=0)
    return plan.write(tmp_path_factory.mktemp("planned") / "plan", report=False)


@pytest.fixture(scope="module")
def found(planned: Path) -> tuple[renewopt.Alternatives, Path]:
    folder = planned.parent / "alternatives"
    return renewopt.alternatives(planned, within="40%", gap=0, out=folder), folder


def test_the_worked_question(found: tuple[renewopt.Alternatives, Path], repository: Path) -> None:
    (told,) = fenced(repository / "docs" / "alternatives.md", "text")
    assert found[0].summary() == told.rstrip("\n")


def test_a_must_is_one(found: tuple[renewopt.Alternatives, Path], planned: Path, repository: Path) -> None:
    parts = found[0].parts.set_index("item")
    assert parts["verdict"].to_dict() == {
        "Meadow-1": "must", "own_unit": "must", "transfer": "spared", "voucher": "must",
    }  # fmt: skip
    # By another way: without Meadow's bond there is no Meadow.
    plan = renewopt.read_plan(planned)
    assert plan.objective is not None
    swept = renewopt.sweep(repository / "scenarios" / "minimal.yaml", {"funds.bond.inflow.monthly": "0"}, gap=0)
    assert parts.loc["Meadow-1", "found"] == swept.points["objective"].iloc[0] - plan.objective
    assert (parts["least"] <= parts["found"]).all()


def test_plans_shown_are_within_and_differ(found: tuple[renewopt.Alternatives, Path]) -> None:
    points = found[0].points
    assert points["above"].iloc[0] == 0
    assert points["distance"].iloc[0] == 0
    assert len(points) == 2
    assert (points["above"] <= 0.4).all()
    assert points["distance"].iloc[1] > 0
    routes = found[0].routes.query("point == 2").set_index("route")["households"]
    assert routes["transfer"] == 0


def test_what_is_left_out_is_left_out(repository: Path) -> None:
    problem = compile_problem(load(repository / "scenarios" / "minimal.yaml"))
    less = without(problem, [("phase", "Meadow-1"), ("route", "transfer")])
    assert less.phases.soonest[0] >= problem.calendar.months
    assert 1 not in less.offers.route
    assert len(less.offers) == int((problem.offers.route != 1).sum())


def test_the_distance_is_one() -> None:
    a, b, c = (
        Answer({}, {"P": built, "Q": "2024-01"}, routes, None, 0.0)
        for built, routes in (
            ("2024-01", {"voucher": 4}), ("2024-09", {"voucher": 2, "cash": 2}), ("", {"cash": 4}),
        )
    )  # fmt: skip
    assert distance(a, a) == 0
    assert distance(a, b) == distance(b, a) == 0.5
    assert distance(a, c) == 1.5
    assert distance(a, c) <= distance(a, b) + distance(b, c)


@pytest.mark.slow
def test_kill_9_loses_nothing(found: tuple[renewopt.Alternatives, Path], planned: Path, tmp_path: Path) -> None:
    code = (
        "import renewopt, sys, threading\n"
        "def hold(step):\n"
        "    if step.done == 2:\n"
        "        threading.Event().wait()\n"  # until it is killed
        "renewopt.alternatives(sys.argv[1], within='40%', gap=0, out=sys.argv[2], progress=hold)\n"
    )
    out = tmp_path / "killed"
    running = subprocess.Popen([sys.executable, "-c", code, str(planned), str(out)])
    eventually(lambda: running.poll() is not None or len(list((out / "runs").glob("*.json"))) >= 2)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    steps = []
    again = renewopt.alternatives(planned, within="40%", gap=0, out=out, progress=steps.append)
    assert steps[-1].total == 2
    assert again.summary() == found[0].summary()


def test_a_second_call_does_nothing_again(
    found: tuple[renewopt.Alternatives, Path], planned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doing, "solve", lambda _: pytest.fail("it is done"))
    again = renewopt.alternatives(planned, within=0.4, gap=0, out=found[1], lang="zh")
    assert again.summary("zh") == found[0].summary("zh")
    assert "<html" in (found[1] / "report.html").read_text("utf-8")


def test_nothing_is_within(planned: Path) -> None:
    alone = renewopt.alternatives(planned, within=0.001)
    assert len(alone.points) == 1
    assert set(alone.parts["verdict"]) == {"must"}
    assert "There is no alternative" in alone.summary()


def test_a_search_ends_once_a_part_is_proven_a_must(
    found: tuple[renewopt.Alternatives, Path], planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told is what was proven by then; no plan is looked for."""
    monkeypatch.setattr(beside, "SOON", 0)
    out = tmp_path / "out"
    soon = renewopt.alternatives(planned, within="40%", gap=0, out=out)
    at_length = found[0].parts.set_index("item")
    parts = soon.parts.set_index("item")
    assert parts["verdict"].to_dict() == at_length["verdict"].to_dict()
    ended = parts[parts["found"].isna()]
    assert len(ended)
    assert set(ended["verdict"]) == {"must"}
    objective = soon.points["objective"].iloc[0]
    assert (ended["least"] > 0.4 * objective - 1e-6).all()
    assert (ended["least"] <= at_length.loc[ended.index, "found"] + 1).all()
    for lang, told in (("en", "its search ended"), ("zh", "求解即告结束")):
        assert told in soon.summary(lang)
        assert told not in found[0].summary(lang)
        assert sum(line.split()[-4:-3] == ["–"] for line in soon.summary(lang).splitlines()) == len(ended)
    assert "its search ended" in (out / "report.html").read_text("utf-8")
    assert renewopt.alternatives(planned, within="40%", gap=0, out=out).summary() == soon.summary()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_progress_speaks_the_readers_words(planned: Path, lang: Language) -> None:
    steps: list[Step] = []
    renewopt.alternatives(planned, within="40%", gap=0, lang=lang, progress=steps.append)
    told = {step.what for step in steps}
    assert {word(lang, "route", route) for route in ("own_unit", "transfer", "voucher")} <= told
    assert not any("_" in what for what in told)


def test_another_scenario_is_refused(planned: Path, repository: Path) -> None:
    with pytest.raises(ValueError, match="not the scenario that the plan was made from"):
        renewopt.alternatives(planned, scenario=repository / "scenarios" / "uncertain.yaml")


@pytest.mark.parametrize("more", [{"within": 0}, {"within": "80%"}, {"within": "much"}, {"count": 0}])
def test_arguments_that_are_none(planned: Path, more: dict) -> None:
    with pytest.raises(ValueError, match=r"within|count|share"):
        renewopt.alternatives(planned, **more)


def test_a_plan_is_needed(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError):
        renewopt.alternatives(tmp_path)
