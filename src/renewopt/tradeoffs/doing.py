"""Doing points: each after the one that it begins with, as many at a time as there are workers, saved at once."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from renewopt import stopping
from renewopt.comparison.agenda import Step
from renewopt.comparison.executing import Task, finished
from renewopt.comparison.importing import nothing_from_here
from renewopt.tradeoffs.solving import Answer, PointTask, solve
from renewopt.tradeoffs.store import PointStore

__all__ = ["Point", "do"]


@dataclass(frozen=True)
class Point:
    """A point to be done.

    Attributes
    ----------
    key
        Hash of all that it depends on.
    label
        What is told of it while it is done.
    task
        Without what it begins with, where that is another point's.
    first
        Key of the point whose search it begins with.
    """

    key: str
    label: str
    task: PointTask
    first: str | None = None


def do(
    points: Sequence[Point],
    store: PointStore,
    jobs: int,
    cluster: str | None,
    progress: Callable[[Step], None] | None,
) -> list[Answer]:
    """Do what is missing; each is saved when it is done. The answers, in the order of the points.

    What could not be done (no memory, a worker that died) is told of, and done again by the next call.
    """
    missing = {point.key: point for point in points if store.answer(point.key) is None}
    waiting: dict[str, list[Point]] = defaultdict(list)
    tasks: deque[Task] = deque()
    for point in missing.values():
        if point.first in missing:
            waiting[point.first].append(point)
        else:
            tasks.append(_task(point, store))
    began, done = time.monotonic(), 0
    passing: set[str] = set()

    def tell(what: str) -> None:
        if progress is not None:
            left = (time.monotonic() - began) / done * (len(missing) - done) if done else None
            progress(Step(done, len(missing), what, left))

    if missing:
        tell("")
        with nothing_from_here(), closing(finished(tasks, jobs, cluster)) as results:
            for key, result in results:
                point = missing[key]
                if not isinstance(result, Answer) or point.first in passing:
                    # Whatever begins with what could not be done would begin otherwise another time.
                    passing.add(key)
                _save(store, point, result, keep=key not in passing)
                done += 1
                tell(missing[key].label)
                tasks.extend(_task(point, store) for point in waiting.pop(key, ()))
    answers = [store.answer(point.key) for point in points]
    return [answer for answer in answers if answer is not None]


def _save(store: PointStore, point: Point, result: Answer | BaseException, *, keep: bool) -> None:
    if not isinstance(result, Answer):
        row = {"status": "failed", "reason": f"{type(result).__name__}: {result}"}
        result = Answer(row, {}, {}, None, 0.0)
    with stopping.tended():
        store.save(point.key, result, keep=keep)


def _task(point: Point, store: PointStore) -> Task:
    warm = point.task.warm if point.first is None else store.warm(point.first)
    return point.key, solve, replace(point.task, warm=warm)
