"""Workers of a cluster: killed in the midst, and of another version."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.waiting import HANGS

import renewopt
from renewopt._version import __version__
from renewopt.comparison import Step, workers
from renewopt.comparison.digests import own_code
from renewopt.comparison.workers import ForeignWorkerError, do_if_same, refuse_foreign
from renewopt.wording import told

distributed: Any = pytest.importorskip("distributed")

ASKED = {"policies": ["first-come", "units-first", "urgent-first"], "seeds": 6, "perfect": False}


@pytest.mark.parametrize(
    ("worker", "says", "says_in_chinese"),
    [
        (("0.0.1", "abc"), "has renewopt 0.0.1, here it is", "使用 renewopt 0.0.1"),
        ((__version__, "abc"), "another state of renewopt", "文件不同"),
        (("", "ModuleNotFoundError: x"), "has no renewopt that can be used (ModuleNotFoundError: x)", "没有可用的"),
    ],
)
def test_a_worker_of_another_version_is_refused_in_words(
    worker: tuple[str, str], says: str, says_in_chinese: str
) -> None:
    same = (__version__, own_code())
    refuse_foreign({"tcp://a": same, "tcp://b": same})
    with pytest.raises(ForeignWorkerError) as refused:
        refuse_foreign({"tcp://a": same, "tcp://b": worker})
    assert "worker tcp://b of the cluster" in told(refused.value, "en")
    assert says in told(refused.value, "en")
    assert says_in_chinese in told(refused.value, "zh")


def test_a_worker_that_joins_later_does_nothing_if_it_is_of_another_version() -> None:
    assert do_if_same(own_code(), __version__, divmod, 7, 2) == (3, 1)
    with pytest.raises(ForeignWorkerError, match=r"has renewopt .*, here it is 9\.9"):
        do_if_same("abc", "9.9", divmod, 7, 2)


@pytest.fixture
def scenario(repository: Path) -> Path:
    return repository / "scenarios" / "uncertain.yaml"


@pytest.fixture
def scheduler() -> Iterator[Any]:
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as local:
        yield local


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_worker_that_is_killed_in_the_midst_changes_nothing(scenario: Path, tmp_path: Path, scheduler: Any) -> None:
    killed: list[int] = []

    def kill(step: Step) -> None:
        if step.done == 2:
            with distributed.Client(scheduler) as client:
                victim = next(iter(client.run(os.getpid).values()))
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    runs = renewopt.compare(
        scenario, **ASKED, cluster=f"dask:{scheduler.scheduler_address}", out=tmp_path / "cluster", progress=kill
    ).runs
    assert len(killed) == 1
    assert killed[0] != os.getpid()
    here = renewopt.compare(scenario, **ASKED, out=tmp_path / "here").runs
    assert "failed" not in set(runs["status"])
    assert runs.equals(here)
    for table in ("runs.csv", "waits.csv"):
        assert (tmp_path / "cluster" / table).read_bytes() == (tmp_path / "here" / table).read_bytes()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_worker_with_other_code_is_refused_before_runs_are_handed_out(scenario: Path, tmp_path: Path) -> None:
    # A worker whose renewopt is a copy with another version.
    package = Path(renewopt.__file__).parent
    shutil.copytree(package, tmp_path / "other" / "renewopt", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "other" / "renewopt" / "_version.py").write_text('__version__ = "0.0.1"\n', encoding="utf-8")
    with distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as local:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "other")}
        command = [sys.executable, "-m", "distributed.cli.dask_worker", local.scheduler_address, "--no-dashboard"]
        command += ["--nthreads", "1", "--local-directory", str(tmp_path)]
        worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            with distributed.Client(local) as client:
                client.wait_for_workers(1, timeout=HANGS)
            with pytest.raises(ForeignWorkerError, match=f"has renewopt 0.0.1, here it is {__version__}"):
                renewopt.compare(scenario, **ASKED, cluster=f"dask:{local.scheduler_address}", out=tmp_path / "out")
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    assert not list((tmp_path / "out" / "runs").iterdir())


def test_the_probe_needs_nothing_of_the_worker() -> None:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(workers.PROBE, space)
    assert space["probe"]() == (__version__, own_code())
