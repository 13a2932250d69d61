"""Where runs are done: here, in processes of this machine, or on a cluster; the same calls for all of them."""

from __future__ import annotations

import pickle
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any

from renewopt.wording import words

__all__ = ["Task", "check_cluster", "finished", "workers"]

Task = tuple[str, Callable[[Any], Any], Any]
IN_HAND = 1_000
"""Tasks that are handed out and not done, at most."""


class _Here(Executor):
    """Does what it is given at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed on to whoever asks for the result
            future.set_exception(error)
        return future


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def workers(jobs: int, cluster: str | None) -> Iterator[Executor]:
    """Something to submit calls to.

    Parameters
    ----------
    jobs
        Processes on this machine; 1: none but this one.
    cluster
        ``dask:ADDRESS`` of a scheduler, or ``dask`` for a local cluster of `jobs` workers; None: no cluster.

    """
    if cluster is not None:
        with _dask(jobs, cluster) as executor:
            yield executor
    elif jobs == 1:
        yield _Here()
    else:
        with _processes(jobs) as executor:
            yield executor


@contextmanager
def _processes(number: int) -> Iterator[Executor]:
    """Processes of this machine.

    Raises
    ------
    ValueError
        If none of them can be started.
    """
    pool = _Processes(number, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
    try:
        try:
            pool.submit(int, 0).result()
        except BrokenExecutor:
            raise ValueError(
                words(
                    "no other process can be started from here: in a script, call compare below"
                    " `if __name__ == '__main__':`; elsewhere, jobs=1 does without"
                )
            ) from None
        yield pool
    except BaseException:
        # A pool that is shut down no longer knows its processes.
        processes = list((pool._processes or {}).values())
        for process in processes:
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


class _Processes(ProcessPoolExecutor):
    """Processes that outlive a call that they cannot unpack: the call fails, and says why."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand it to a process."""
        return super().submit(_unpacked, pickle.dumps((fn, args, kwargs)))


def _unpacked(packed: bytes) -> Any:
    work, args, kwargs = pickle.loads(packed)
    return work(*args, **kwargs)


def check_cluster(cluster: str | None) -> None:
    """Raise where a cluster is of no known kind, or its library is not installed.

    Raises
    ------
    ValueError
    """
    if cluster is None:
        return
    if cluster.partition(":")[0] != "dask":
        raise ValueError(
            words(
                "cluster {cluster!r}: expected dask, or dask:ADDRESS such as dask:tcp://10.0.0.5:8786", cluster=cluster
            )
        )
    if find_spec("distributed") is None:
        raise ValueError(words("dask is not installed: pip install 'renewopt[dask]'"))


@contextmanager
def _dask(jobs: int, cluster: str) -> Iterator[Executor]:
    import distributed

    address = cluster.partition(":")[2]
    dask: Any = distributed
    if address:
        with dask.Client(address) as client:
            yield client.get_executor()
        return
    with (
        dask.LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None) as local,
        dask.Client(local) as client,
    ):
        yield client.get_executor()


def finished(tasks: deque[Task], jobs: int, cluster: str | None) -> Generator[tuple[str, Any]]:
    """Yield (key, result or exception) of each task as it is done.

    Where a worker dies, what was in hand is done again, one task after the other: the one that kills its worker alone
    fails, the others are done.

    Parameters
    ----------
    tasks
        Keys with what is to be called, and its argument. More may be added while results are taken.
    jobs, cluster
        As of `workers`.
    """
    # Here one after the other; elsewhere so many at once that nobody waits for work.
    most = IN_HAND if cluster is not None else 1 if jobs == 1 else 2 * jobs
    suspects: deque[Task] = deque()
    while tasks or suspects:
        with workers(jobs, cluster) if not suspects or cluster is not None else _processes(1) as executor:
            if suspects:
                yield from _until_one_dies(executor, suspects, 1, None)
            else:
                yield from _until_one_dies(executor, tasks, most, suspects)


def _until_one_dies(
    executor: Executor, tasks: deque[Task], most: int, suspects: deque[Task] | None
) -> Generator[tuple[str, Any]]:
    """Do tasks until all are done, or a worker died: who may have killed it joins the `suspects`, where there are any.

    Parameters
    ----------
    most
        Tasks that are handed out and not done, at most.
    """
    in_hand: dict[Future[Any], Task] = {}
    died = False
    while in_hand or (tasks and not died):
        while tasks and len(in_hand) < most and not died:
            task = tasks.popleft()
            in_hand[_submitted(executor, task)] = task
        for done in wait(in_hand, return_when=FIRST_COMPLETED).done:
            task, error = in_hand.pop(done), done.exception()
            died = died or _worker_died(error)
            if suspects is not None and _worker_died(error):
                suspects.append(task)
            else:
                yield task[0], error or done.result()


def _submitted(executor: Executor, task: Task) -> Future[Any]:
    """Hand a task out; one that cannot be handed out has failed."""
    _, work, argument = task
    try:
        return executor.submit(work, argument)
    except Exception as error:  # noqa: BLE001 - handed on to whoever asks for the result
        failed: Future[Any] = Future()
        failed.set_exception(error)
        return failed


def _worker_died(error: BaseException | None) -> bool:
    """Whether a worker process ended under its work: `KilledWorker` is what a cluster calls it."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"
