"""Checks of precedence and land: names, cycles, windows that it empties, deadlines, land that nobody frees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renewopt.scenario.checks_works import paths
from renewopt.scenario.contents import Contents
from renewopt.scenario.network import durations, earliest_starts, precedence_graph
from renewopt.scenario.notes import Notes
from renewopt.scenario.sections import Precedence, Project, Work
from renewopt.scenario.starting import activities, must_start, window_of
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.wording import Names, words

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["check_precedence"]


def check_precedence(scenario: Contents, notes: Notes) -> None:
    """Note precedence that cannot be kept, and land that comes too late or never."""
    before = len(notes.findings)
    for row, rule in enumerate(scenario.precedence):
        _rule(rule, row, scenario, notes)
    _twice(scenario, notes)
    items = {item.id: item for item in activities(scenario)}
    if not items:
        # Graphs take their time to import, and most scenarios have none.
        if not any(finding.severity == "error" for finding in notes.findings[before:]):
            _phases(scenario, {}, notes)
        return
    import networkx as nx

    graph = precedence_graph(scenario)
    cycles = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
    for part in cycles:
        _cycle(graph.subgraph(part), scenario, notes)
    if cycles or any(finding.severity == "error" for finding in notes.findings[before:]):
        return
    first = {name: window_of(item.start, scenario)[0] for name, item in items.items() if item.start is not None}
    earliest = earliest_starts(graph, first)
    where = paths(scenario)
    for name, item in items.items():
        _emptied(item, earliest[name], first[name], scenario, where[name], notes)
        if isinstance(item, Project):
            _deadline(item, earliest[name], scenario, where[name], notes)
    _optional_before(graph, items, where, notes)
    _phases(scenario, earliest, notes)


def _rule(rule: Precedence, row: int, scenario: Contents, notes: Notes) -> None:
    """Both are known, they are two, the second may start, and the first has the event."""
    path = ("precedence", row)
    projects = {project.id: project for project in scenario.projects}
    works = {work.id: work for work in scenario.works}
    known = [*projects, *works]
    for name, value in (("before", rule.before), ("after", rule.after)):
        if value not in projects and value not in works:
            message = words("there is no project or work {name!r}", name=value)
            mend = did_you_mean(value, known) or words("there are {names}", names=listed(known))
            notes.error((*path, name), message, mend)
            return
    if rule.before == rule.after:
        message = words("{name!r} would have to wait for itself", name=rule.before)
        notes.error(path, message, words("name two"))
    elif rule.after in projects and rule.after not in works and projects[rule.after].start is None:
        message = words("{name!r} has begun: it has no start window", name=rule.after)
        notes.error((*path, "after"), message, words("delete the rule, or add `start` to the project"))
    elif rule.before in works and rule.event == "cleared":
        message = words("{name!r} is a work, which clears no land", name=rule.before)
        notes.error((*path, "from"), message, words("write start or finish"))
    elif rule.before in projects and rule.before not in works and projects[rule.before].start is None:
        if rule.event == "start":
            message = words("{name!r} has begun already, so that this binds nothing", name=rule.before)
            notes.warn((*path, "before"), message, words("delete the rule"))
        elif not _moved_out(projects[rule.before], scenario):
            message = words(
                "when {name!r} is cleared is not known: it has neither a start window nor moved out", name=rule.before
            )
            notes.error((*path, "before"), message, words("add `moved_out` or `start` to the project"))


def _moved_out(project: Project, scenario: Contents) -> bool:
    """Whether it is known when the last household of a project that has begun moved out."""
    own = scenario.households[(scenario.households["project"] == project.id).to_numpy()]
    return project.moved_out is not None or bool(len(own) and (own["moved_out"] >= 0).all())


def _twice(scenario: Contents, notes: Notes) -> None:
    met: set[tuple[str, str, str]] = set()
    for row, rule in enumerate(scenario.precedence):
        key = (rule.before, rule.after, rule.event)
        if key in met:
            message = words("{after!r} waits for {before!r} already", after=rule.after, before=rule.before)
            notes.error(("precedence", row), message, words("keep the one with the longer lag"))
        met.add(key)


def _cycle(part: nx.DiGraph, scenario: Contents, notes: Notes) -> None:
    """Name a shortest cycle, where the first of its rules stands."""
    import networkx as nx

    cycle = min(nx.simple_cycles(part, length_bound=len(part)), key=len) if len(part) <= 12 else _some_cycle(part)
    start = cycle.index(min(cycle))
    cycle = [*cycle[start:], *cycle[:start]]
    arcs = set(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    row = next(row for row, rule in enumerate(scenario.precedence) if (rule.before, rule.after) in arcs)
    message = words("each of these waits for the one before it, in a circle: {names}", names=Names([*cycle, cycle[0]]))
    notes.error(("precedence", row), message, words("delete one of their rules"))


def _some_cycle(part: nx.DiGraph) -> list[str]:
    import networkx as nx

    return [before for before, _ in nx.find_cycle(part)]


def _emptied(
    item: Project | Work, earliest: int, first: int, scenario: Contents, path: tuple[str | int, ...], notes: Notes
) -> None:
    """Some month of the window is left by all that comes before."""
    assert item.start is not None
    last = window_of(item.start, scenario)[1]
    if not first <= last < earliest:
        return
    message = words(
        "what comes before it leaves no month of its window: it can start in {earliest} at the earliest, and its "
        "window ends in {last}",
        earliest=scenario.start + earliest,
        last=scenario.start + last,
    )
    mend = words("let its window end later, or that of what comes before begin earlier")
    if must_start(item):
        notes.error((*path, "start"), message, mend)
    else:
        notes.warn((*path, "start"), message, mend)


def _deadline(project: Project, earliest: int, scenario: Contents, path: tuple[str | int, ...], notes: Notes) -> None:
    """The land can be cleared by its deadline."""
    land = project.land
    if land is None or land.deadline is None:
        return
    cleared = scenario.start + earliest + durations(project, scenario)["cleared"]
    if cleared <= land.deadline:
        return
    message = words(
        "its land is to be cleared by {deadline}, and can be in {cleared} at the earliest",
        deadline=land.deadline,
        cleared=cleared,
    )
    mend = words("start it earlier, clear it faster, or let the deadline be later")
    if land.penalty is None:
        notes.error((*path, "land", "deadline"), message, mend)
    else:
        notes.warn((*path, "land", "deadline"), message, mend)


def _optional_before(
    graph: nx.DiGraph,
    items: dict[str, Project | Work],
    where: dict[str, tuple[str | int, ...]],
    notes: Notes,
) -> None:
    """Warn of what may be left out, though something that must start waits for it."""
    import networkx as nx

    for name, item in items.items():
        needing = [after for after in nx.descendants(graph, name) if must_start(items[after])]
        if needing and not must_start(item):
            message = words(
                "{name!r}, which must start, waits for it: it may not be left out either", name=min(needing)
            )
            notes.warn((*where[name], "start"), message, words("add `must: true`"))


def _phases(scenario: Contents, earliest: dict[str, int], notes: Notes) -> None:
    """Land that a phase needs is freed, in time for it to be built."""
    projects = {project.id: project for project in scenario.projects}
    for number, estate in enumerate(scenario.estates):
        for place, phase in enumerate(estate.phases):
            path = ("estates", number, "phases", place)
            ready = 0
            for at, name in enumerate(phase.land):
                project = projects[name]
                if name in earliest:
                    ready = max(ready, earliest[name] + durations(project, scenario)["cleared"])
                elif not _moved_out(project, scenario):
                    message = words(
                        "nothing frees the land of {name!r}: the project has neither a start window nor moved out",
                        name=name,
                    )
                    notes.error((*path, "land", at), message, words("add `start` or `moved_out` to the project"))
            if phase.land and phase.progress:
                message = words("it needs land that is still to be cleared, and is partly built already")
                notes.error((*path, "progress"), message, words("delete `progress` or `land`"))
            done = ready + phase.build_months
            if (phase.land or phase.build_months) and done >= scenario.months:
                message = words(
                    "it can be finished in {month} at the earliest, after the plan ends: nobody is housed in it",
                    month=scenario.start + done,
                )
                notes.warn((*path, "land" if phase.land else "build_months"), message, words("plan more months"))
