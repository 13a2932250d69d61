"""Precedence as a graph: what waits for what, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from renewopt.scenario.contents import Contents
from renewopt.scenario.sections import Project, Work
from renewopt.scenario.starting import activities, last_move

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["durations", "earliest_starts", "longest_path", "precedence_graph"]


def durations(item: Project | Work, scenario: Contents) -> dict[str, int]:
    """Months from the start of a project or a work until each event: its start, its finish, its land cleared."""
    if isinstance(item, Work):
        return {"start": 0, "finish": item.duration, "cleared": item.duration}
    last = last_move(item, scenario.households)
    return {"start": 0, "finish": last, "cleared": last + item.clearing}


def precedence_graph(scenario: Contents) -> nx.DiGraph:
    """Build the graph of all that may start.

    Returns
    -------
    networkx.DiGraph
        Nodes: ids, with ``ready``, the months from the start until it is finished or cleared. Arcs: ``wait``, the
        months from the start of the first until the other may start. Arcs from what has begun already are left out.
    """
    import networkx as nx

    graph = nx.DiGraph()
    done = {item.id: durations(item, scenario) for item in activities(scenario)}
    graph.add_nodes_from((name, {"ready": months["cleared"]}) for name, months in done.items())
    for rule in scenario.precedence:
        if rule.before in done and rule.after in done:
            wait = done[rule.before][rule.event] + rule.lag
            known = graph.get_edge_data(rule.before, rule.after, {"wait": wait})["wait"]
            graph.add_edge(rule.before, rule.after, wait=max(wait, known))
    return graph


def earliest_starts(graph: nx.DiGraph, first: Mapping[str, int]) -> dict[str, int]:
    """Earliest month in which each may start, by its own window and by all that comes before it.

    Parameters
    ----------
    graph
        Without cycles.
    first
        First month of each one's window.
    """
    import networkx as nx

    result = dict(first)
    for name in nx.topological_sort(graph):
        for _, after, wait in graph.out_edges(name, data="wait"):
            result[after] = max(result[after], result[name] + wait)
    return result


def longest_path(graph: nx.DiGraph) -> tuple[list[str], int]:
    """Critical path: those that take the longest one after the other, and their months until the last is ready."""
    import networkx as nx

    if not len(graph):
        return [], 0
    ready = dict(graph.nodes(data="ready"))
    ends = {name: (ready[name], [name]) for name in graph}
    for name in reversed(list(nx.topological_sort(graph))):
        for _, after, wait in graph.out_edges(name, data="wait"):
            months, path = ends[after]
            ends[name] = max(ends[name], (wait + months, [name, *path]), key=_longer)
    months, path = max(ends.values(), key=_longer)
    return path, months


def _longer(found: tuple[int, list[str]]) -> tuple[int, int]:
    """Months first; of two that take as long, the one with more steps."""
    return found[0], len(found[1])
