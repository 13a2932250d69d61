"""Compare: which runs there are, doing those that are missing, and the tables of all."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from renewopt import stopping
from renewopt._version import __version__
from renewopt.asked import a_call, a_gap, a_language, a_path, a_text, texts, yes_or_no
from renewopt.comparison.agenda import Making, Run, Step, do, optimises
from renewopt.comparison.blaming import named
from renewopt.comparison.compared import Comparison, check_parquet
from renewopt.comparison.digests import key_of, own_code, policy_words
from renewopt.comparison.executing import check_cluster
from renewopt.comparison.importing import OwnModules, nothing_from_here
from renewopt.comparison.instances import instances_of, once
from renewopt.comparison.introducing import Compared, introduce
from renewopt.comparison.running import Instance, PlanTask, RunTask
from renewopt.comparison.runs import DRAWN_FIGURES, KEYS, KINDS, SETTLED, TIMINGS, WAITS, check_measure
from renewopt.comparison.starting import Decisive
from renewopt.comparison.store import Store
from renewopt.disk import IncompleteOutputError, OutputError
from renewopt.futures import AS_PLANNED, is_random
from renewopt.policies import SHIPPED, Hedged, MadeOnce, Optimal, Policy, Rolling, WaitForBuild
from renewopt.policies.modules import import_policy_modules
from renewopt.policies.registry import why_taken
from renewopt.results.choosing import TRAINING_SEEDS, chosen_policy, with_objective
from renewopt.scenario import Scenario, models
from renewopt.units import Month
from renewopt.vocabulary import PERFECT
from renewopt.wording import Language, Names, Place, worded, words

__all__ = ["ComparisonElsewhereError", "Step", "compare"]

OPTIMISING_SEEDS = 5
BYTES_OF_RUN = 50_000
"""With its plan, about."""


def compare(  # noqa: PLR0913 - each axis of a comparison is one
    scenarios: Scenario | str | os.PathLike[str] | Sequence[Scenario | str | os.PathLike[str]],
    *,
    policies: Iterable[str | Policy] | str | None = None,
    variants: Iterable[str | None] | str | None = None,
    futures: Iterable[str] | str | None = None,
    seeds: int = 1,
    optimising_seeds: int | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    objective: str | None = None,
    gap: float = 0.01,
    perfect: bool = True,
    measure: str = "objective",
    lang: Language = "en",
    progress: Callable[[Step], None] | None = None,
    parquet: bool = False,
    policy_modules: Iterable[str] | str | None = None,
    allow_outside: bool = False,
) -> Comparison:
    """Compare policies in a district as planned and in the futures that its scenario states.

    Parameters
    ----------
    scenarios
        One or several: paths, or scenarios from `load` (changed ones too) or built in Python.
    policies
        Names (also ids of a scenario's `policies`, or ``module:Name`` of one of the `policy_modules`), or policy
        objects; default: all that ship except ``hedged``. ``wait-for-build`` is always run: savings are reckoned
        against it. Names, as those of variants and futures, may stand in one text with commas between them.
    variants
        Names; ``base`` for the scenario as its file states it. Default: as given, of a file ``base`` alone.
    futures
        Ids of stated futures; default: all. The district as planned is always among them.
    seeds
        Draws of each random future: seeds 0 … `seeds` − 1. Fixed stress cases are run once.
    optimising_seeds
        The same for policies that optimise, and for the optimiser that knows the future; default: at most 5 for those
        that search anew in each future, and all `seeds` for plans that are made once (``optimal``, ``hedged``).
    jobs
        Processes.
    cluster
        ``dask`` or ``dask:ADDRESS``: run there instead.
    out
        Folder in which each run is saved when it is done; a second call does only what is missing.
    objective
        ``transition_fees`` or ``fiscal_cost``; default: what the scenario says.
    gap
        Proven gap at which optimising ends; there is no limit of time, so that runs can be repeated to the byte (for
        what starts when in a large programme, ten minutes).
    perfect
        Whether the optimiser that knows the future is run too, for a bound.
    measure
        Column of the runs that the report in `out` ranks by; less is better.
    lang
        Language of that report, ``en`` or ``zh``.
    progress
        Receives a `Step` after each run.
    parquet
        Whether ``runs.parquet`` is written into `out`, too; needs pyarrow.
    policy_modules
        Modules of policies of one's own, as of `renewopt.plan`; other processes and a cluster import them too.
    allow_outside
        Whether tables of scenario files may lie outside of their folders.

    Returns
    -------
    Comparison

    Raises
    ------
    ScenarioError
        If a scenario is not right.
    ValueError
        If an argument is not one of the above.
    OutputExistsError
        If `out` holds something that no comparison made, tables that were changed since, or what a scenario reads.
    OutputBusyError
        If another comparison is at work in `out`.
    OutputUnwritableError
        If `out` cannot be written; this is tried first.
    OutputError
        If it could not be written in the end; the comparison is the error's attribute `comparison`, and what could not
        be written into `out` lies where the error says.
    """
    _check(seeds, optimising_seeds, jobs, gap)
    for name, value, also in (("policies", policies, "decide"), ("variants", variants, ""), ("futures", futures, "")):
        texts(name, value, words("names, in a list or with commas between them"), also=also)
    a_text("cluster", cluster, words("dask, or dask:ADDRESS, or None"))
    a_call("progress", progress)
    a_language(lang)
    yes_or_no("perfect", perfect)
    yes_or_no("allow_outside", allow_outside)
    if out is not None:
        a_path("out", out)
    check_measure(measure)
    check_cluster(cluster)
    if parquet:
        check_parquet()
    modules = import_policy_modules(policy_modules)
    if not isinstance(scenarios, Sequence | Scenario):
        a_path("scenarios", scenarios)
    given = [scenarios] if isinstance(scenarios, Scenario | str | os.PathLike) else list(scenarios)
    for one in given:
        if not isinstance(one, Scenario):
            a_path("scenarios", one)
    few = min(seeds, OPTIMISING_SEEDS) if optimising_seeds is None else optimising_seeds
    gap = float(gap)
    own = OwnModules(modules, str(Path.cwd()))
    instances = instances_of(given, _names(variants), objective, own, allow_outside=allow_outside)
    place = _place_of([scenario for _, scenario in instances])
    draws = _Draws(seeds, few, optimising_seeds is None)
    plan = _listed(instances, _names(policies), _names(futures), draws, gap, perfect, modules)
    reads = [path for _, scenario in instances for path in scenario.read_paths]
    with Store(None if out is None else Path(out), size=BYTES_OF_RUN * len(plan), reads=reads) as store:
        with nothing_from_here():
            do(plan, store, jobs, cluster, progress)
        comparison = _tables(plan, store, place, _stated(instances, plan))
        if store.written is not None:
            with stopping.tended():
                files, failure = comparison.contents(lang, measure, parquet=parquet)
                elsewhere = store.written.finish(files)
            if elsewhere is not None:
                raise ComparisonElsewhereError(elsewhere, comparison)
            if failure is not None:
                raise IncompleteOutputError(Path(str(out)), "report.html", failure)
    return comparison


def _place_of(scenarios: Sequence[Scenario]) -> Place:
    """Return the place that all scenarios share; words that are not the same in all of them are nobody's.

    Raises
    ------
    ValueError
        If their amounts are in different currencies.
    """
    currencies = list(dict.fromkeys(scenario.place.currency for scenario in scenarios))
    if len(currencies) > 1:
        raise ValueError(
            words(
                "amounts in {names}: scenarios in different currencies cannot be compared",
                names=Names(currency.name for currency in currencies),
            )
        )
    shared = {scenario.place for scenario in scenarios}
    return shared.pop() if len(shared) == 1 else Place(currencies[0])


class ComparisonElsewhereError(OutputError):
    """A comparison was done, but could not be written where it was to go; it says where it lies.

    Attributes
    ----------
    comparison
    """

    def __init__(self, error: OutputError, comparison: Comparison) -> None:
        self.comparison = comparison
        super().__init__(worded(error))


def _names(given: Iterable[Any] | None) -> list[Any] | None:
    """List names; in one text they stand as on the command line, with commas."""
    if isinstance(given, str):
        return [name.strip() for name in given.split(",") if name.strip()]
    return None if given is None else list(given)


def _check(seeds: Any, optimising_seeds: Any, jobs: Any, gap: Any) -> None:
    if not _is_whole(seeds, 1, TRAINING_SEEDS):
        raise ValueError(
            words(
                "seeds {seeds!r}: expected a whole number from 1 to {most:,}",
                seeds=seeds,
                most=TRAINING_SEEDS,
            )
        )
    if optimising_seeds is not None and not _is_whole(optimising_seeds, 0, seeds):
        raise ValueError(
            words(
                "optimising_seeds {optimising_seeds!r}: expected a whole number from 0 to seeds, {seeds}",
                optimising_seeds=optimising_seeds,
                seeds=seeds,
            )
        )
    if not _is_whole(jobs, 1):
        raise ValueError(words("jobs {jobs!r}: expected a whole number from 1", jobs=jobs))
    a_gap(gap)


def _is_whole(value: Any, least: int, most: float = math.inf) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | np.integer) and least <= int(value) <= most


@dataclass(frozen=True)
class _Draws:
    """Draws of each random future: `few` for policies that optimise, all for plans made once if `plans_meet_all`."""

    seeds: int
    few: int
    plans_meet_all: bool

    def meets(self, policy: Policy | None, seed: int) -> bool:
        """Whether a policy is run in a draw; None: the optimiser that knows the future."""
        cheap = self.plans_meet_all and isinstance(policy, MadeOnce)
        return seed < self.few or cheap or not optimises(policy)


def _listed(
    instances: Sequence[tuple[Instance, Scenario]],
    policies: list[str | Policy] | None,
    futures: list[str] | None,
    draws: _Draws,
    gap: float,
    perfect: bool,
    modules: tuple[str, ...],
) -> list[Run]:
    named = [name for name in SHIPPED if name != Hedged.name] if policies is None else policies
    if not any(name == WaitForBuild.name or getattr(name, "name", "") == WaitForBuild.name for name in named):
        named = [*named, WaitForBuild.name]
    _check_names(named)
    once(futures or [])
    runs = []
    for instance, scenario in instances:
        decisive = Decisive(with_objective(scenario, instance.objective), gap)
        chosen = [_chosen(scenario, policy, gap, modules) for policy in named]
        begun = [decisive.of(policy).of(instance) for policy in named]
        best = decisive.best() if perfect else None
        worlds: list[tuple[models.Future | None, int]] = [(None, 1)]
        worlds += [(future, draws.seeds if is_random(future) else 1) for future in _worlds(scenario, futures)]
        for future, number in worlds:
            for seed in range(number):
                runs += [
                    _run_of(where, one, future, seed, gap)
                    for where, one in zip(begun, chosen, strict=True)
                    if draws.meets(one.policy, seed)
                ]
                unproven = decisive.open and (best is None or future is not None)
                if unproven or not perfect or not draws.meets(None, seed):
                    # Of other starts than these, nothing is proven of a future.
                    continue
                known = Optimal(gap=gap) if future is None and not scenario.objective.tiers else None
                where = instance if best is None else best.of(instance)
                proven = None if best is None else best.proven
                runs.append(_run_of(where, _Chosen(PERFECT, None, PERFECT), future, seed, gap, known, proven))
    return runs


def _check_names(named: Sequence[str | Policy]) -> None:
    """Refuse two policies by the same name, or one by that of the bound: their runs could not be told apart."""
    times = Counter(policy if isinstance(policy, str) else policy.name for policy in named)
    if PERFECT in times:
        raise ValueError(why_taken(PERFECT))
    twice = [name for name, number in times.items() if number > 1]
    if twice:
        raise ValueError(
            words(
                "{names}: named more than once; name each policy once, and give one with other parameters a name of its"
                " own (a subclass, or an entry of policies in the scenario)",
                names=Names(map(repr, twice)),
            )
        )


@dataclass(frozen=True)
class _Chosen:
    """A policy as the tables call it; None: the optimiser that knows the future. `words` says which it is."""

    name: str
    policy: Policy | None
    words: str


def _chosen(scenario: Scenario, asked: str | Policy, gap: float, modules: tuple[str, ...]) -> _Chosen:
    policy = chosen_policy(scenario, asked, gap=gap, modules=modules) if isinstance(asked, str) else asked
    return _Chosen(asked if isinstance(asked, str) else policy.name, policy, policy_words(policy))


def _worlds(scenario: Scenario, futures: list[str] | None) -> list[models.Future]:
    known = {future.id: future for future in scenario.futures}
    if futures is None:
        return list(known.values())
    unknown = [name for name in futures if name not in known and name != AS_PLANNED]
    if unknown:
        raise ValueError(
            words(
                "unknown future {names}; the scenario states {known}",
                names=Names(map(repr, unknown)),
                known=Names(known) if known else words("none"),
            )
        )
    return [known[name] for name in futures if name in known]


def _run_of(
    instance: Instance,
    chosen: _Chosen,
    future: models.Future | None,
    seed: int,
    gap: float,
    known: Optimal | None = None,
    proven: float | None = None,
) -> Run:
    """A run, and the plan that it needs.

    Parameters
    ----------
    known
        Policy whose plan answers for the optimiser that knows the future, where nothing differs from the plan.
    proven
        As of `RunTask`.
    """
    world = AS_PLANNED if future is None else future.id
    stated = None if future is None else future.model_dump(mode="json", by_alias=True)
    policy = chosen.policy
    key = key_of(**_basis(instance), policy=chosen.words, future=stated, seed=seed, gap=gap if policy is None else None)
    making = None
    if isinstance(policy, Rolling) or (isinstance(policy, MadeOnce) and type(policy).steer is MadeOnce.steer):
        # A plan that is made once is made once for all futures, unless the policy has its own way with it.
        making = _making(instance, policy, chosen.words)
    elif known is not None:
        making = _making(instance, known, policy_words(known))
    keys = (instance.name, instance.variant or "", chosen.name, world, seed)
    return Run(keys, RunTask(instance, policy, future, seed, gap, proven=proven), key, making)


def _basis(instance: Instance) -> dict[str, Any]:
    """What everything depends on that is done with an instance."""
    return {
        "version": __version__,
        "code": own_code(),
        "scenario": instance.sha256,
        "variant": instance.variant,
        "objective": instance.objective,
        "starts": instance.starts,
    }


def _making(instance: Instance, policy: Policy, words: str) -> Making:
    first = None
    if isinstance(policy, Rolling | Hedged):
        best = Optimal(gap=policy.gap, method=policy.method)
        first = _making(instance, best, policy_words(best))
    return Making(key_of(**_basis(instance), policy=words), PlanTask(instance, policy), first)


def _stated(instances: Sequence[tuple[Instance, Scenario]], runs: Sequence[Run]) -> Compared:
    """What is compared, for whoever tells of it."""
    scenarios = {(instance.name, instance.variant or ""): scenario for instance, scenario in instances}
    return introduce(scenarios, {one.keys[2]: one.task.policy for one in runs if one.task.policy is not None})


def _tables(runs: Sequence[Run], store: Store, place: Place, stated: Compared) -> Comparison:
    drawn: dict[tuple[str, str, str, int], list[list[Any]]] = {}
    rows: list[dict[str, Any]] = []
    waits: list[dict[str, Any]] = []
    settled: list[dict[str, Any]] = []
    timings: list[dict[str, Any]] = []
    for one in runs:
        result = store.run(one.key)
        assert result is not None
        keys = dict(zip(KEYS, one.keys, strict=True))
        row = {**keys, **result.row, "failed_at": named(result.failed_at), "starts": one.task.instance.start_rule}
        rows.append(row)
        if result.drawn:
            drawn[one.keys[0], one.keys[1], one.keys[3], one.keys[4]] = result.drawn
        waits += [{**keys, **row} for row in result.waits]
        start = result.row.get("start")
        months = [] if start is None else [str(Month.parse(start) + n) for n in range(len(result.settled))]
        settled += [{**keys, "month": m, "settled": n} for m, n in zip(months, result.settled, strict=False)]
        timings.append({**keys, "what": "run", "seconds": round(result.seconds, 3)})
    timings += _seconds_of_plans(runs, store)
    return Comparison(
        _completed(pd.DataFrame(rows)),
        pd.DataFrame(waits, columns=list(WAITS)),
        pd.DataFrame(settled, columns=list(SETTLED)),
        pd.DataFrame(timings, columns=list(TIMINGS)),
        place=place,
        drawn=pd.DataFrame(
            [(*world, *figure) for world, figures in drawn.items() for figure in figures], columns=list(DRAWN_FIGURES)
        ),
        stated=stated,
    )


def _seconds_of_plans(runs: Sequence[Run], store: Store) -> list[dict[str, Any]]:
    """Rows of the plans that were made for the district as planned."""
    rows = {}
    for one in runs:
        making = one.plan
        while making is not None:
            plan = store.plan(making.key)
            if plan is not None:
                scenario, variant = one.keys[:2]
                where = (scenario, variant, making.task.policy.name, AS_PLANNED, 0)
                keys = dict(zip(KEYS, where, strict=True))
                rows[making.key] = {**keys, "what": "plan", "seconds": round(plan.seconds, 3)}
            making = making.first
    return list(rows.values())


def _completed(runs: pd.DataFrame) -> pd.DataFrame:
    """Add what is told by other runs in the same world: the bound, and what waiting would cost."""
    runs = runs.reindex(columns=[*dict.fromkeys([*runs.columns, *KINDS])])
    world = ["scenario", "variant", "future", "seed"]
    proven = runs[runs["policy"] == PERFECT]
    bounds = dict(zip(proven[world].itertuples(index=False, name=None), _numbers(proven, "proven"), strict=True))
    waiting = runs[runs["policy"] == WaitForBuild.name]
    fees = dict(
        zip(waiting[world].itertuples(index=False, name=None), _numbers(waiting, "transition_fees"), strict=True)
    )
    keys = list(runs[world].itertuples(index=False, name=None))
    runs["bound"] = [bounds.get(key, float("nan")) for key in keys]
    runs["saved_against_waiting"] = [fees.get(key, float("nan")) for key in keys] - runs["transition_fees"].astype(
        float
    )
    # In order is what keeps all that the bound keeps; a shortfall is told by the status.
    findings = runs[["missed_deadlines", "missed_targets", "reserve_months_short"]].astype(float)
    runs["clean"] = (runs["status"] == "feasible") & (findings == 0).all(axis=1)
    runs["regret"] = (runs["objective"].astype(float) - runs["bound"]).where(runs["clean"])
    for name, kind in KINDS.items():
        if kind in ("money", "number") or (kind == "count" and name not in KEYS):
            runs[name] = runs[name].astype(float)
        elif kind == "text":
            runs[name] = runs[name].where(runs[name].notna(), "")
    return runs[list(KINDS)]


def _numbers(runs: pd.DataFrame, name: str) -> list[float]:
    if name not in runs.columns:
        return [float("nan")] * len(runs)
    return [float("nan") if value is None else float(value) for value in runs[name]]
