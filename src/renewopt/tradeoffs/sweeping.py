"""Sweep: one value after the other, each plan found from its neighbour's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from renewopt import stopping
from renewopt._version import __version__
from renewopt.asked import a_call, a_gap, a_language, a_path, a_text, is_number, one_of, yes_or_no
from renewopt.comparison.agenda import Step
from renewopt.comparison.digests import key_of, own_code
from renewopt.comparison.executing import check_cluster
from renewopt.comparison.instances import instances_of
from renewopt.comparison.running import Instance
from renewopt.disk import IncompleteOutputError, OutputError
from renewopt.errors import Finding, ScenarioError
from renewopt.results.starting import check_starts
from renewopt.scenario import Scenario
from renewopt.scenario.changing import Setting
from renewopt.tradeoffs.axes import Axis, Index, axes_of, grid
from renewopt.tradeoffs.changing import changes_between, neighbours
from renewopt.tradeoffs.doing import Point, do
from renewopt.tradeoffs.record import Asked, points_table, tables_of
from renewopt.tradeoffs.solving import Limit, PointTask, stated_in
from renewopt.tradeoffs.store import PointStore
from renewopt.tradeoffs.swept import LAYOUT, Sweep
from renewopt.vocabulary import AUTO, METHODS
from renewopt.wording import Language, words

__all__ = ["basis", "check_search", "key_of_point", "sweep"]

BYTES_OF_POINT = 2_000_000
"""With what its search has learnt, about."""
OWN_CODE = "tradeoffs/**/*.py"


def sweep(  # noqa: PLR0913 - each is an option of its own
    scenario: Scenario | str | os.PathLike[str],
    values: Mapping[str, str | Iterable[str]] | Iterable[str] | str,
    *,
    points: int = 9,
    variant: str | None = None,
    objective: str | None = None,
    gap: float = 5e-3,
    time_limit: float = 600.0,
    method: str = AUTO,
    jobs: int = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    lang: Language = "en",
    progress: Callable[[Step], None] | None = None,
    allow_outside: bool = False,
) -> Sweep:
    """What if: plan a district at several values of something that it states.

    Parameters
    ----------
    scenario
        From `load` or built in Python, or the path of a scenario file.
    values
        Addresses and what is tried there, such as ``{"funds.revenue.inflow.monthly": "400万元..1200万元"}``: a range
        ``A..B``, a list ``A,B,C`` or a list of texts, written as in the scenario file; or texts ``ADDRESS=VALUES``, as
        on the command line. Items of lists are addressed by their ids. Several addresses make a grid.
    points
        Values of each range, its ends among them.
    variant, objective, allow_outside
        As of `renewopt.plan`.
    gap
        Proven gap at which each search ends.
    time_limit
        Seconds of each search.
    method
        ``auto``, ``exact`` or ``structured``.
    jobs
        Processes.
    cluster
        ``dask`` or ``dask:ADDRESS``: run there instead.
    out
        Folder in which each point is saved when it is done; a second call does only what is missing.
    lang
        Language of the page in `out`, ``en`` or ``zh``.
    progress
        Receives a `renewopt.comparison.Step` after each point.

    Returns
    -------
    Sweep

    Raises
    ------
    ScenarioError
        If the scenario is not right, or is not with one of the values: all that is wrong, together.
    ValueError
        If an argument is not one of the above.
    OutputExistsError, OutputBusyError, OutputUnwritableError
        If `out` cannot be written; this is tried first.
    OutputError
        If it could not be written in the end; it says where the sweep lies.
    """
    check_search(gap, time_limit, method, jobs, cluster, progress, lang, allow_outside)
    a_count("points", points)
    if out is not None:
        a_path("out", out)
    axes = axes_of(_stated(values), points)
    ((instance, loaded),) = instances_of([_given(scenario)], None if variant is None else [variant], objective,
                                         allow_outside=allow_outside)  # fmt: skip
    _check_each(instance, axes)
    places = grid(axes)
    order = sorted(places)
    made = _points(instance, places, float(gap), float(time_limit), method)
    asked = Asked.of(instance, loaded, float(gap))
    with PointStore(
        LAYOUT, None if out is None else Path(out), size=BYTES_OF_POINT * len(order), reads=loaded.read_paths
    ) as store:
        do(list(made.values()), store, jobs, cluster, progress)
        answers = [answer for index in order if (answer := store.answer(made[index].key)) is not None]
        phases, routes, timings = tables_of(answers)
        columns = {axis.address: [axis.values[index[k]] for index in order] for k, axis in enumerate(axes)}
        swept = Sweep(
            asked,
            tuple(axes),
            points_table(answers, columns),
            phases,
            routes,
            changes_between(answers, neighbours(axes, order)),
            timings,
        )
        if store.written is not None:
            finish(store, swept.contents(lang), Path(str(out)))
    return swept


def finish(store: PointStore, contents: tuple[dict[str, bytes], Exception | None], out: Path) -> None:
    """Write tables and page beside the points.

    Raises
    ------
    OutputError
        If they lie elsewhere, or the page could not be made.
    """
    assert store.written is not None
    files, failure = contents
    with stopping.tended():
        elsewhere: OutputError | None = store.written.finish(files)
    if elsewhere is not None:
        raise elsewhere
    if failure is not None:
        raise IncompleteOutputError(out, "report.html", failure)


def check_search(
    gap: Any, time_limit: Any, method: Any, jobs: Any, cluster: Any, progress: Any, lang: Any, allow_outside: Any
) -> None:
    """Refuse arguments of searches that are none.

    Raises
    ------
    ValueError, TypeError
    """
    a_gap(gap)
    if not is_number(time_limit) or not 0 < time_limit < float("inf"):
        raise ValueError(
            words("time_limit {time_limit!r}: expected a number of seconds above 0", time_limit=time_limit)
        )
    one_of("method", method, METHODS)
    a_count("jobs", jobs)
    a_text("cluster", cluster, words("dask, or dask:ADDRESS, or None"))
    check_cluster(cluster)
    a_call("progress", progress)
    a_language(lang)
    yes_or_no("allow_outside", allow_outside)


def a_count(name: str, value: Any, least: int = 1) -> None:
    """Refuse what is no whole number from `least` on.

    Raises
    ------
    ValueError
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(
            words("{name} {value!r}: expected a whole number from {least}", name=name, value=value, least=least)
        )


def _given(scenario: Scenario | str | os.PathLike[str]) -> Scenario | str | os.PathLike[str]:
    if not isinstance(scenario, Scenario):
        a_path("scenario", scenario)
    return scenario


def _stated(values: Any) -> list[str]:
    """Texts ADDRESS=VALUES."""
    if isinstance(values, str):
        return [values]
    if isinstance(values, Mapping):
        return [
            f"{key}={value if isinstance(value, str) else ','.join(map(str, value))}" for key, value in values.items()
        ]
    listed: list[Any] = list(values) if isinstance(values, Iterable) else [None]
    if not all(isinstance(each, str) for each in listed):
        raise TypeError(words("values {value}: expected addresses with what is tried there", value=repr(values)[:100]))
    return listed


def _check_each(instance: Instance, axes: Sequence[Axis]) -> None:
    """Try each value by itself, so that all that is wrong is told before anything is searched.

    Raises
    ------
    ScenarioError
    """
    findings: list[Finding] = []
    for axis in axes:
        for value in axis.values:
            try:
                check_starts(stated_in(instance, [Setting(axis.address, value)]))
            except ScenarioError as error:
                findings += [finding for finding in error.findings if finding.severity == "error"]
    if findings:
        raise ScenarioError(dict.fromkeys(findings))


def basis(instance: Instance, gap: float, time_limit: float, method: str) -> dict[str, Any]:
    """What every point of a scenario depends on."""
    return {
        "version": __version__,
        "code": own_code(OWN_CODE),
        "scenario": instance.sha256,
        "variant": instance.variant,
        "objective": instance.objective,
        "starts": instance.starts,
        "gap": gap,
        "time_limit": time_limit,
        "method": method,
    }


def key_of_point(
    basis: Mapping[str, Any],
    settings: Iterable[Setting],
    limit: Limit | None,
    first: str | None,
    left_out: Iterable[tuple[str, str]] = (),
    enough: float | None = None,
) -> str:
    """Hash of all that a point depends on: the point that it begins with is part of it."""
    stated = [(each.address, each.value) for each in settings]
    held = None if limit is None else (limit.goal, limit.most)
    return key_of(**basis, settings=stated, limit=held, first=first, without=list(left_out), enough=enough)


def _points(
    instance: Instance,
    places: Mapping[Index, tuple[tuple[Setting, ...], Index | None]],
    gap: float,
    time_limit: float,
    method: str,
) -> dict[Index, Point]:
    shared = basis(instance, gap, time_limit, method)
    made: dict[Index, Point] = {}
    for index, (settings, nearer) in places.items():
        first = None if nearer is None else made[nearer].key
        key = key_of_point(shared, settings, None, first)
        label = " · ".join(f"{each.address}={each.value}" for each in settings)
        made[index] = Point(key, label, PointTask(instance, settings, None, gap, time_limit, method), first)
    return made
