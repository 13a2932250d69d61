"""Where runs are done: here, in processes of this machine, or on a cluster; the same calls for all of them."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing import connection, get_context, parent_process
from typing import Any

from renewopt import stopping
from renewopt.comparison.workers import dask_workers
from renewopt.wording import words

__all__ = ["Task", "check_cluster", "finished", "workers"]

Task = tuple[str, Callable[[Any], Any], Any]
IN_HAND = 1_000
"""Tasks that are handed out and not done, at most."""
POLL_SECONDS = 0.1
"""So often it is looked whether the work is to end early."""
SIGNALS = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}


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


@contextmanager
def _signals_later() -> Iterator[None]:
    """Signals wait meanwhile, and for a process that is started within until it says otherwise.

    A new process knows no handler before it has imported a second's worth of libraries; a Ctrl-C, which goes to all
    processes of a terminal, would end in a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow_parent() -> None:
    """In a worker: leave signals of the terminal to the process that hands out the work, and end when it is gone."""
    for number in SIGNALS - {signal.SIGTERM}:
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True, name="parent").start()


def _end_with(parent: int) -> None:
    """End this process when another one has ended, however that came about."""
    connection.wait([parent])
    os._exit(1)


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
        with stopping.tended(), dask_workers(jobs, cluster.partition(":")[2], _signals_later) as executor:
            yield executor
    elif jobs == 1:
        yield _Here()
    else:
        with stopping.tended(), _processes(jobs) as executor:
            yield executor


@contextmanager
def _processes(number: int) -> Iterator[Executor]:
    """Processes of this machine.

    Raises
    ------
    ValueError
        If none of them can be started.
    """
    with _signals_later():
        # It starts a process too, which watches over semaphores.
        pool = _Processes(number, mp_context=get_context("spawn"), initializer=_follow_parent)
    try:
        try:
            _any_done([first := pool.submit(int, 0)])
            first.result()
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
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


class _Processes(ProcessPoolExecutor):
    """Processes that outlive a call that they cannot unpack: the call fails, and says why."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand it to a process, which may be started for it."""
        packed = pickle.dumps((fn, args, kwargs))
        with _signals_later():
            return super().submit(_unpacked, packed)


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
        stopping.raise_if_asked()
        while tasks and len(in_hand) < most and not died:
            task = tasks.popleft()
            in_hand[_submitted(executor, task)] = task
        for done in _any_done(in_hand):
            task, error = in_hand.pop(done), done.exception()
            died = died or _worker_died(error)
            if suspects is not None and _worker_died(error):
                suspects.append(task)
            else:
                yield task[0], error or done.result()


def _any_done(futures: Iterable[Future[Any]]) -> set[Future[Any]]:
    """Wait until something is done.

    Raises
    ------
    KeyboardInterrupt
        If the work is to end early.
    """
    listed = list(futures)
    while True:
        done = wait(listed, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED).done
        if done:
            return done
        stopping.raise_if_asked()


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
