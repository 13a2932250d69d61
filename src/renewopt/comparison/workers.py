"""Workers of a Dask cluster: they have to be of the same renewopt, and a task that meets another one is not done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from renewopt._version import __version__
from renewopt.comparison.digests import own_code
from renewopt.errors import RenewoptError
from renewopt.wording import words

__all__ = ["ForeignWorkerError", "dask_workers"]

PROBE = """
def probe():
    try:
        from renewopt._version import __version__
        from renewopt.comparison.digests import own_code

        return __version__, own_code()
    except Exception as error:
        return "", f"{type(error).__name__}: {error}"
"""
"""Runs on a worker, whatever is installed there: it must not be looked up in the worker's own renewopt."""


class ForeignWorkerError(RenewoptError):
    """A worker has another renewopt than the process that hands out the work."""


@contextmanager
def dask_workers(jobs: int, address: str, quietly: Callable[[], AbstractContextManager[None]]) -> Iterator[Executor]:
    """Workers of the scheduler at an address; without one, `jobs` of a local cluster, started within `quietly`.

    Raises
    ------
    ForeignWorkerError
        If one of them has another renewopt.
    """
    import distributed

    dask: Any = distributed
    if address:
        with dask.Client(address) as client:
            refuse_foreign(_asked(client))
            yield _OfOneKind(client.get_executor())
        return
    with quietly():
        # Without an address its pages would be looked for at port 8787, which another cluster may have.
        pages = {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
        local = dask.LocalCluster(n_workers=jobs, threads_per_worker=1, **pages)
    with local, dask.Client(local) as client:
        yield _OfOneKind(client.get_executor())


def _asked(client: Any) -> Mapping[str, tuple[str, str]]:
    """Version and code of every worker, by its address."""
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(PROBE, space)
    found: Mapping[str, tuple[str, str]] = client.run(space["probe"])
    return found


def refuse_foreign(workers: Mapping[str, tuple[str, str]]) -> None:
    """Refuse workers whose results would not be those of this renewopt.

    Parameters
    ----------
    workers
        Version and hash of the code by worker; without a version, why it has none.

    Raises
    ------
    ForeignWorkerError
    """
    for worker, (version, code) in sorted(workers.items()):
        if not version:
            raise ForeignWorkerError(
                words(
                    "worker {worker} of the cluster has no renewopt that can be used ({reason}); install renewopt"
                    " {ours} there",
                    worker=worker,
                    reason=code,
                    ours=__version__,
                )
            )
        if version != __version__:
            raise ForeignWorkerError(
                words(
                    "worker {worker} of the cluster has renewopt {theirs}, here it is {ours}; install the same on both",
                    worker=worker,
                    theirs=version,
                    ours=__version__,
                )
            )
        if code != own_code():
            raise ForeignWorkerError(
                words(
                    "worker {worker} of the cluster has another state of renewopt {ours}: its files differ from those"
                    " here; install the same on both",
                    worker=worker,
                    ours=__version__,
                )
            )


class _OfOneKind(Executor):
    """Hands out work to workers of the same code; one that joins later and has another does nothing."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand it to a worker."""
        future: Future[Any] = self._executor.submit(do_if_same, own_code(), __version__, fn, *args, **kwargs)
        return future


def do_if_same(code: str, version: str, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Do a task on a worker, if its code is that of whoever hands it out.

    Raises
    ------
    ForeignWorkerError
    """
    if code != own_code():
        raise ForeignWorkerError(
            words(
                "worker {worker} of the cluster has renewopt {theirs}, here it is {ours}; install the same on both",
                worker=f"pid {os.getpid()}",
                theirs=f"{__version__} ({own_code()[:8]})",
                ours=f"{version} ({code[:8]})",
            )
        )
    return work(*args, **kwargs)
