"""Comparisons: the same table however it is done, nothing lost, nothing done twice, failures recorded."""

import contextlib
import csv
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from tests.waiting import HANGS, eventually

import renewopt
from renewopt.comparison import agenda, running
from renewopt.comparison.runs import KINDS
from renewopt.policies import MadeOnce, PriorityRule, Rolling, optimising
from renewopt.problem import Decisions, Problem

FUTURES = """
futures:
  - id: rough
    delays: [{months: {distribution: uniform, low: 0, high: 3}}]
    inflows: [{share: {distribution: uniform, low: 0.6, high: 1}, each: month}]
    take_up: [{share: 0.8}]
  - id: late
    delays: [{months: 2}]
variants:
  poor:
    funds:
      - id: budget
        opening: 2万元
"""


@pytest.fixture
def scenario(repository: Path, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "small.yaml"
    path.write_text((repository / "scenarios" / "minimal.yaml").read_text(encoding="utf-8") + FUTURES, "utf-8")
    return path


TABLES = ("runs.csv", "waits.csv", "settled.csv", "ranking.csv", "pairs.csv")


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


def test_every_axis_is_there_and_every_figure_in_order(scenario: Path) -> None:
    found = renewopt.compare(scenario, seeds=2, optimising_seeds=1, variants=["base", "poor"])
    runs = found.runs
    assert list(runs.columns) == list(KINDS)
    assert set(runs["variant"]) == {"", "poor"}
    assert set(runs["future"]) == {"as-planned", "rough", "late"}
    # A fixed stress case is run once, policies that optimise on fewer seeds.
    of_rule = runs[(runs["policy"] == "first-come") & (runs["variant"] == "")]
    assert of_rule[["future", "seed"]].to_numpy().tolist() == [
        ["as-planned", 0], ["rough", 0], ["rough", 1], ["late", 0],
    ]  # fmt: skip
    assert set(runs.loc[runs["policy"] == "optimal", "seed"]) == {0}
    assert not runs.duplicated(["scenario", "variant", "policy", "future", "seed"]).any()
    planned = runs[(runs["future"] == "as-planned") & (runs["variant"] == "")].set_index("policy")
    assert planned.loc["optimal", "objective"] == planned.loc["perfect", "bound"] == 18_700
    assert planned.loc["first-come", "regret"] == planned.loc["first-come", "objective"] - 18_700
    waiting = planned.loc["wait-for-build"]
    assert waiting["saved_against_waiting"] == 0
    assert planned.loc["optimal", "saved_against_waiting"] == waiting["transition_fees"] - 18_700
    assert (found.settled.groupby("policy")["settled"].max() <= 5).all()
    assert set(found.waits["kind"]) == {"project", "weight"}
    mine = found.waits[(found.waits["policy"] == "optimal") & (found.waits["kind"] == "project")]
    assert set(mine["group"]) == {"North", "South"}


def test_no_policy_beats_the_bound(scenario: Path) -> None:
    runs = renewopt.compare(scenario, seeds=3).runs
    assert runs["bound"].notna().all()
    assert (runs.loc[runs["clean"], "regret"] >= -0.01).all()


def test_who_misses_a_target_that_the_bound_keeps_is_not_in_order() -> None:
    district = renewopt.Scenario.from_tables(
        name="t",
        start="2024-01",
        months=8,
        fee_policies=[{"id": "fees", "rate": 10, "term": 24}],
        projects=[{"id": "P", "moved_out": "2023-06"}],
        households=[{"id": "A", "project": "P", "area": 50}, {"id": "B", "project": "P", "area": 50}],
        funds=[{"id": "budget", "opening": 200_000, "uses": ["voucher", "fees"]}],
        vouchers=[{"id": "V", "price": 1000, "developers": [{"developer": "D"}]}],
        developers=[
            {
                "id": "D",
                "debts": [{"due": "2024-06", "amount": 50_000}],
                "offset_targets": [{"by": "2024-07", "amount": 50_000}],
            }
        ],
    )
    found = renewopt.compare(district, policies=["first-come"])
    run = found.runs.set_index("policy").loc["first-come"]
    assert (run["status"], run["missed_targets"]) == ("feasible", 1)
    assert run["objective"] < run["bound"]
    assert not run["clean"]
    assert np.isnan(run["regret"])
    assert found.ranking().set_index("policy").loc["first-come", "clean"] == 0
    assert found.runs.set_index("policy").loc["perfect", "clean"]


@pytest.mark.parametrize("finding", ["missed_deadlines", "missed_targets", "reserve_months_short"])
def test_whatever_is_found_a_run_is_not_in_order(scenario: Path, monkeypatch: pytest.MonkeyPatch, finding: str) -> None:
    real = running.measure
    monkeypatch.setattr(running, "measure", lambda *books: {**real(*books), finding: 1})
    runs = renewopt.compare(scenario, policies=["first-come"], perfect=False, futures=[]).runs
    assert set(runs["status"]) == {"feasible"}
    assert not runs["clean"].any()


@pytest.mark.slow
def test_the_table_is_the_same_to_the_byte_however_it_is_done(scenario: Path, tmp_path: Path) -> None:
    asked = {"policies": ["first-come", "units-first", "optimal", "rolling"], "seeds": 2}
    one = renewopt.compare(scenario, out=tmp_path / "one", **asked)
    renewopt.compare(scenario, out=tmp_path / "two", jobs=2, **asked)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    first = (tmp_path / "one" / "runs.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert first == ",".join(KINDS)
    assert "seconds" not in first
    with (tmp_path / "one" / "runs.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["objective"]) for row in rows] == one.runs["objective"].tolist()
    timings = (tmp_path / "one" / "timings.csv").read_text("utf-8-sig").splitlines()
    # The plan of optimal, which perfect and rolling take over, is timed by itself.
    assert sum(",run," in line for line in timings) == len(rows)
    plans = sorted(line.split(",")[2:6] for line in timings if ",plan," in line)
    assert plans == [["optimal", "as-planned", "0", "plan"], ["rolling", "as-planned", "0", "plan"]]


@pytest.mark.slow
def test_on_a_dask_cluster_of_two_workers(scenario: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    code = (
        "import renewopt, sys\n"
        "if __name__ == '__main__':\n"
        "    renewopt.compare(sys.argv[1], policies=['first-come', 'optimal'], seeds=2, jobs=2, cluster='dask',"
        " out=sys.argv[2])\n"
    )
    command = [sys.executable, "-c", code, str(scenario), str(tmp_path / "dask")]
    with socket.socket() as another:
        # Where a cluster has its pages unless told otherwise; that of another cluster is left alone, without a word.
        with contextlib.suppress(OSError):
            another.bind(("127.0.0.1", 8787))
            another.listen()
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=HANGS)
    assert done.returncode == 0, done.stderr
    assert "8787" not in done.stderr
    renewopt.compare(scenario, policies=["first-come", "optimal"], seeds=2, out=tmp_path / "here")
    assert files(tmp_path / "here") == files(tmp_path / "dask")


@pytest.mark.slow
def test_a_second_call_does_only_what_is_missing(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real = agenda.run
    monkeypatch.setattr(agenda, "run", lambda task: done.append(task.policy.name) or real(task))
    asked = {"out": tmp_path / "out", "perfect": False, "seeds": 2}
    renewopt.compare(scenario, policies=["first-come"], **asked)
    before = files(tmp_path / "out")
    assert sorted(set(done)) == ["first-come", "wait-for-build"]
    done.clear()
    renewopt.compare(scenario, policies=["first-come"], **asked)
    assert done == []
    assert files(tmp_path / "out") == before
    renewopt.compare(scenario, policies=["first-come", "units-first"], **asked)
    assert set(done) == {"units-first"}
    one = next((tmp_path / "out" / "runs").glob("*.json"))
    one.write_text(one.read_text(encoding="utf-8")[:50], encoding="utf-8")
    done.clear()
    renewopt.compare(scenario, policies=["first-come", "units-first"], **asked)
    assert len(done) == 1


@pytest.mark.slow
def test_the_optimum_of_the_district_as_planned_is_found_once_for_all_that_begin_with_it(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = []
    real = running.best_plan
    monkeypatch.setattr(
        running, "best_plan", lambda problem, *how, **work: planned.append(problem) or real(problem, *how, **work)
    )
    asked = {"policies": ["optimal", "rolling", "hedged"], "futures": ["late"]}
    found = renewopt.compare(scenario, **asked, out=tmp_path / "one")
    # Once as planned, once by the optimiser that knows the future.
    assert len(planned) == 2
    assert set(found.runs.loc[found.runs["policy"] == "perfect", "status"]) == {"feasible"}
    assert found.runs["bound"].notna().all()
    again = renewopt.compare(scenario, **asked, out=tmp_path / "one")
    assert len(planned) == 2
    assert again.runs.equals(found.runs)


def test_that_there_is_no_plan_is_found_once(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = scenario.read_text(encoding="utf-8").replace(
        "futures:", "commitments: [{id: road, by_month: {2024-02: 9亿元}}]\nfutures:"
    )
    scenario.write_text(text, encoding="utf-8")
    asked = []
    real = running.best_plan
    monkeypatch.setattr(running, "best_plan", lambda problem, *how: asked.append(problem) or real(problem, *how))
    runs = renewopt.compare(scenario, policies=["optimal", "first-come"], perfect=False, out=tmp_path / "out").runs
    assert len(asked) == 1
    optimal = runs[runs["policy"] == "optimal"]
    assert set(optimal["status"]) == {"infeasible"}
    assert optimal["reason"].str.contains("no plan keeps every rule").all()
    renewopt.compare(scenario, policies=["optimal", "first-come"], perfect=False, seeds=2, out=tmp_path / "out")
    assert len(asked) == 1


def test_a_first_plan_that_comes_to_a_shortfall_is_made_once(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = scenario.read_text(encoding="utf-8").replace(
        "futures:", "commitments: [{id: road, by_month: {2024-02: 9亿元}}]\nfutures:"
    )
    scenario.write_text(text, encoding="utf-8")
    priced = []
    real = optimising.best_plan

    def counted(problem: Problem, gap: float, method: str = "auto") -> tuple[Decisions, float | None]:
        if problem.objective.shortfall_priced:
            priced.append(problem.calendar)
        return real(problem, gap, method)

    monkeypatch.setattr(optimising, "best_plan", counted)
    # No plan is made anew before the end.
    asked = {"policies": [Rolling(every=1000)], "seeds": 3, "perfect": False}
    rolling = renewopt.compare(scenario, **asked).runs.query("policy == 'rolling'")
    assert len(rolling) == 5
    assert set(rolling["status"]) == {"infeasible"}
    assert len(priced) == 1


@pytest.mark.slow
def test_kill_9_loses_nothing(scenario: Path, tmp_path: Path) -> None:
    code = (
        "import renewopt, sys, threading\n"
        "rules = sys.argv[3].split(',')\n"
        "def hold(step):\n"
        "    if step.done == 3:\n"
        "        threading.Event().wait()\n"  # until it is killed
        "renewopt.compare(sys.argv[1], seeds=4, out=sys.argv[2], perfect=False, policies=rules, progress=hold)\n"
    )
    rules = "first-come,units-first,urgent-first"
    command = [sys.executable, "-c", code, str(scenario), str(tmp_path / "killed"), rules]
    running = subprocess.Popen(command)
    runs = tmp_path / "killed" / "runs"
    eventually(lambda: running.poll() is not None or len(list(runs.glob("*.json"))) >= 3)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    kept = {path: path.read_bytes() for path in runs.glob("*.json")}
    assert kept
    for folder in ("killed", "whole"):
        renewopt.compare(scenario, seeds=3, out=tmp_path / folder, perfect=False, policies=rules.split(","))
    assert {path: path.read_bytes() for path in kept} == kept
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


@dataclass(frozen=True)
class Stumbling(PriorityRule):
    """Fails where money comes short of the plan."""

    name: ClassVar[str] = "stumbling"

    def order(self, candidates):
        if candidates.problem.funds.inflow[0, 0] < 105_000_00:
            raise RuntimeError("cannot think without money")
        return [candidates.moved_out]


@dataclass(frozen=True)
class Cheating(MadeOnce):
    """Gives everybody whatever offer comes first, money or not."""

    name: ClassVar[str] = "cheating"

    def decide(self, problem: Problem) -> Decisions:
        _, first = np.unique(problem.offers.claim, return_index=True)
        rows = np.column_stack([first, problem.offers.first[first], problem.claims.count])
        return Decisions(settle=rows.astype(np.int64))

    def steer(self, problem: Problem):
        rows = self.decide(problem).settle

        def month(account) -> None:
            mine = rows[rows[:, 1] == account.month]
            if mine.size:
                account.settle(mine[:, 0], mine[:, 2])

        return month


def test_a_failing_run_is_recorded_and_stops_no_other(scenario: Path) -> None:
    runs = renewopt.compare(scenario, policies=[Stumbling(), Cheating(), "first-come"], seeds=3, perfect=False).runs
    failed = runs[runs["status"] == "failed"]
    stumbled = failed[failed["policy"] == "stumbling"]
    assert set(stumbled["future"]) == {"rough"}
    assert stumbled["reason"].str.contains("RuntimeError: cannot think without money").all()
    cheated = failed[failed["policy"] == "cheating"]
    assert len(cheated) == 5
    assert cheated["reason"].str.contains("breaks rules").all()
    assert (runs.loc[runs["policy"] == "first-come", "status"] == "feasible").all()
    assert not failed["clean"].any()


def test_what_is_not_in_order_ranks_last(scenario: Path) -> None:
    found = renewopt.compare(scenario, policies=[Stumbling(), "first-come"], seeds=3, perfect=False)
    ranking = found.ranking()
    rough = ranking[ranking["future"] == "rough"]
    assert rough["policy"].tolist()[-1] == "stumbling"
    assert rough["rank"].tolist() == [1, 2, 3]
    assert found.paired("first-come", "wait-for-build", future="rough").value < 0
    with pytest.raises(ValueError, match="no run of policy 'units-first'"):
        found.paired("units-first", "first-come")


class Perfect(PriorityRule):
    name = "perfect"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"seeds": 0}, "seeds 0"),
        ({"seeds": "3"}, "seeds '3': expected a whole number"),
        ({"seeds": 2.5}, "seeds 2.5: expected a whole number"),
        ({"jobs": 0}, "jobs 0"),
        ({"jobs": "2"}, "jobs '2': expected a whole number"),
        ({"gap": 1}, "gap 1"),
        ({"gap": "1%"}, "gap '1%'"),
        ({"optimising_seeds": 3}, "optimising_seeds 3"),
        ({"optimising_seeds": "1"}, "optimising_seeds '1'"),
        ({"futures": ["rogh"]}, "unknown future 'rogh'; the scenario states rough, late"),
        ({"policies": ["first-com"]}, "did you mean 'first-come'"),
        ({"policies": ["first-come", "first-come"]}, "'first-come': named more than once"),
        ({"policies": ["perfect"]}, "'perfect' is the optimiser that knows the future"),
        ({"policies": [Perfect()]}, "'perfect' is the optimiser that knows the future"),
        ({"variants": ["base", "base"]}, "'base': named more than once"),
        ({"variants": ["base", None]}, "'base': named more than once"),
        ({"futures": ["late", "rough", "late"]}, "'late': named more than once"),
        (
            {"policies": ["wait-for-build", renewopt.policies.WaitForBuild(hold_months=3)]},
            "'wait-for-build': named more",
        ),
        ({"cluster": "ray"}, "cluster 'ray'"),
        ({"objective": "cost"}, "objective 'cost': expected one of transition_fees, fiscal_cost"),
    ],
)
def test_wrong_arguments_are_told(scenario: Path, asked: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        renewopt.compare(scenario, **asked)


def test_names_may_stand_in_one_text(scenario: Path) -> None:
    asked = {"policies": "first-come, units-first", "variants": "base,poor", "futures": "late"}
    runs = renewopt.compare(scenario, **asked, perfect=False).runs
    assert set(runs["policy"]) == {"first-come", "units-first", "wait-for-build"}
    assert set(runs["variant"]) == {"", "poor"}
    assert set(runs["future"]) == {"as-planned", "late"}


def test_a_folder_of_something_else_is_left_alone(scenario: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(renewopt.OutputExistsError):
        renewopt.compare(scenario, out=tmp_path / "mine")


def test_parquet(scenario: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pandas as pd

    found = renewopt.compare(scenario, policies=["first-come"], perfect=False)
    found.to_parquet(tmp_path / "runs.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "runs.parquet"), found.runs, check_dtype=False)
