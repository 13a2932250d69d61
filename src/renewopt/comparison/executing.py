"""Where runs are done: here, in processes of this machine, or on a cluster; the same calls for all of them."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
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
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list((pool._processes or {}).values()):
                process.terminate()
            raise
        pool.shutdown()


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


def finished(executor: Executor, tasks: deque[Task], jobs: int | None = None) -> Iterator[tuple[str, Any]]:
    """Yield (key, result or exception) of each task as it is done.

    Parameters
    ----------
    tasks
        Keys with what is to be called, and its argument. More may be added while results are taken.
    jobs
        Processes that do them; None: nobody knows how many.
    """
    # Here one after the other; elsewhere so many at once that nobody waits for work.
    most = 1 if isinstance(executor, _Here) else IN_HAND if jobs is None else 2 * jobs
    keys: dict[Future[Any], str] = {}
    while tasks or keys:
        while tasks and len(keys) < most:
            key, work, argument = tasks.popleft()
            keys[executor.submit(work, argument)] = key
        for done in wait(keys, return_when=FIRST_COMPLETED).done:
            yield keys.pop(done), done.exception() or done.result()
