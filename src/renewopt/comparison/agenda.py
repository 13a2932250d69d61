"""What has to be done, in which order: runs, and the plans that they begin with; each is saved when it is done."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from renewopt import stopping
from renewopt.comparison.executing import Task, finished
from renewopt.comparison.running import InitialPlan, PlanTask, RunResult, RunTask, failure, make_plan, run
from renewopt.comparison.store import Store
from renewopt.policies import Hedged, Optimal, Policy, Rolling

__all__ = ["Failed", "Making", "Run", "Step", "do", "optimises"]


@dataclass(frozen=True)
class Step:
    """How far a comparison has come.

    Attributes
    ----------
    done, total
        Runs.
    what
        What was done last.
    left
        Seconds that the rest will take, by what was done so far; None as long as that tells nothing.
    failed
        How the run failed that was done last; None: it did not.
    """

    done: int
    total: int
    what: str
    left: float | None
    failed: Failed | None = None


@dataclass(frozen=True)
class Failed:
    """A run that failed.

    Attributes
    ----------
    policy
        Name.
    reason
        Error, with its name.
    place
        ``FILE:LINE`` in the caller's own code; "": it failed elsewhere.
    """

    policy: str
    reason: str
    place: str


@dataclass(frozen=True)
class Run:
    """A run to be done, and where it stands in the tables."""

    keys: tuple[str, str, str, str, int]
    task: RunTask
    key: str
    plan: Making | None


@dataclass(frozen=True)
class Making:
    """A plan that has to be at hand, and the one that it begins with."""

    key: str
    task: PlanTask
    first: Making | None = None


def optimises(policy: Policy | None) -> bool:
    """Whether a policy searches; None: the optimiser that knows the future, which does."""
    return policy is None or isinstance(policy, Optimal | Rolling | Hedged)


def do(
    runs: Sequence[Run],
    store: Store,
    jobs: int,
    cluster: str | None,
    progress: Callable[[Step], None] | None,
) -> None:
    """Do what is missing, runs and the plans that they follow; each is saved when it is done.

    What could not be done (no memory, no file, a worker that died) is told of, and done again by the next call.
    """
    missing = [one for one in runs if store.run(one.key) is None]
    if not missing:
        return
    agenda = _Agenda(missing, store, progress)
    with closing(finished(agenda.tasks, jobs, cluster)) as results:
        for key, result in results:
            agenda.take(key, result)


class _Agenda:
    """Tasks that can be done now, and who waits for which plan."""

    def __init__(self, missing: Sequence[Run], store: Store, progress: Callable[[Step], None] | None) -> None:
        self.tasks: deque[Task] = deque()
        self._store, self._progress, self._done = store, progress, 0
        self._runs = {one.key: one for one in missing}
        self._waiting: dict[str, list[Run | Making]] = {}
        self._makings: dict[str, _Kind] = {}
        self._outlook = _Outlook()
        # What takes long first, so that nobody waits for it in the end; plans before all, since others wait for them.
        for one in sorted(self._runs.values(), key=lambda one: not optimises(one.task.policy)):
            self._outlook.expect(_kind(one))
            if not self._waits(one.plan, one):
                self.tasks.append(_task(one, store))
        self._tell("")

    def _waits(self, making: Making | None, by: Run | Making) -> bool:
        """Whether `by` has to wait for a plan, which is then made."""
        if making is None or self._store.plan(making.key) is not None:
            return False
        if making.key not in self._waiting:
            self._waiting[making.key] = []
            self._makings[making.key] = _kind(making)
            self._outlook.expect(self._makings[making.key])
            if not self._waits(making.first, making):
                self.tasks.appendleft(_task(making, self._store))
        self._waiting[making.key].append(by)
        return True

    def take(self, key: str, result: RunResult | InitialPlan | BaseException) -> None:
        """Save what was done, and go on with what waited for it.

        Parameters
        ----------
        result
            Of a plan that a policy failed to make, what becomes of its runs; an exception: it could not be done.
        """
        if key in self._runs:
            self._save(key, result)
            return
        if isinstance(result, InitialPlan):
            with stopping.tended():
                self._store.save_plan(key, result)
        self._outlook.add(self._makings[key], 0.0 if isinstance(result, BaseException) else result.seconds)
        for one in self._waiting.pop(key):
            if isinstance(one, Making):
                self.tasks.appendleft(_task(one, self._store))
            elif isinstance(result, InitialPlan):
                self.tasks.append(_task(one, self._store))
            else:
                self._save(one.key, result)

    def _save(self, key: str, result: RunResult | InitialPlan | BaseException) -> None:
        one = self._runs[key]
        done = isinstance(result, RunResult)
        result = result if isinstance(result, RunResult) else failure(result, one.task.policy)
        with stopping.tended():
            self._store.save_run(key, result, keep=done)
        self._done += 1
        self._outlook.add(_kind(one), result.seconds)
        failed = None
        if result.row["status"] == "failed":
            failed = Failed(one.keys[2], result.row["reason"], result.failed_at)
        self._tell(" · ".join(str(part) for part in one.keys if part != ""), failed)

    def _tell(self, what: str, failed: Failed | None = None) -> None:
        if self._progress is not None:
            self._progress(Step(self._done, len(self._runs), what, self._outlook.left(), failed))


@dataclass(frozen=True)
class _Kind:
    """Work that takes about as long as its like."""

    name: str
    searches: bool


def _kind(one: Run | Making) -> _Kind:
    name = f"plan {one.task.policy.name}" if isinstance(one, Making) else f"run {one.keys[2]}"
    return _Kind(name, optimises(one.task.policy))


class _Outlook:
    """What is left to do, by what its like has taken so far."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._left: Counter[_Kind] = Counter()
        self._done: Counter[_Kind] = Counter()
        self._seconds: dict[_Kind, float] = defaultdict(float)

    def expect(self, kind: _Kind) -> None:
        """Count something that has to be done."""
        self._left[kind] += 1

    def add(self, kind: _Kind, seconds: float) -> None:
        """Take into account what is done."""
        self._left[kind] -= 1
        self._done[kind] += 1
        self._seconds[kind] += seconds

    def left(self) -> float | None:
        """Seconds that the rest will take; None as long as nothing is known of searches that are to be done."""
        spent, searches = sum(self._seconds.values()), [kind for kind in self._done if kind.searches]
        waiting = [kind for kind, number in self._left.items() if number]
        if not spent or (not searches and any(kind.searches for kind in waiting)):
            return None
        # What has no like yet is reckoned as other searches are; a rule is quick beside them.
        other = sum(self._seconds[kind] for kind in searches) / max(sum(self._done[kind] for kind in searches), 1)
        work = 0.0
        for kind in waiting:
            each = self._seconds[kind] / self._done[kind] if self._done[kind] else other * kind.searches
            work += self._left[kind] * each
        return (time.monotonic() - self._began) / spent * work


def _task(one: Run | Making, store: Store) -> Task:
    """What is to be done for a run or a plan: the plan that it begins with, where it has one, is at hand."""
    if isinstance(one, Making):
        first = None if one.first is None else store.plan(one.first.key)
        return one.key, make_plan, replace(one.task, first=first)
    plan = None if one.plan is None else store.plan(one.plan.key)
    return one.key, run, replace(one.task, plan=plan)
