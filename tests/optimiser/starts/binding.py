"""Which rules bind in a programme: without one of them there would be a cheaper plan, or any at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from renewopt.optimiser.starts.widening import without_land
from renewopt.scenario import Scenario
from renewopt.scenario.sections import Project, StartWindow, Work
from renewopt.scheduling import Programme, compile_programme

YUAN = 2.0

Started = Project | Work


def each(scenario: Scenario, change: Callable[[Started], dict[str, Any]]) -> Scenario:
    """The scenario with all that may start changed."""
    return scenario.model_copy(
        update={
            "projects": [p if p.start is None else p.model_copy(update=change(p)) for p in scenario.projects],
            "works": [work.model_copy(update=change(work)) for work in scenario.works],
        }
    )


def window(item: Started, **update: Any) -> dict[str, Any]:
    assert item.start is not None
    return {"start": item.start.model_copy(update=update)}


def open_deadline(item: Started) -> dict[str, Any]:
    """A deadline of land without a penalty costs nothing to miss: what had to start for it alone no longer has to."""
    if not isinstance(item, Project) or item.land is None or item.land.deadline is None:
        return {}
    return {} if item.land.penalty is not None else {"land": item.land.model_copy(update={"penalty": 0})}


WITHOUT: dict[str, Callable[[Scenario], Scenario]] = {
    "window": lambda s: each(
        s, lambda item: {"start": StartWindow.model_validate({"must": bool(item.start and item.start.must)})}
    ),
    "must": lambda s: each(s, lambda item: window(item, must=False)),
    "precedence": lambda s: s.model_copy(update={"precedence": []}),
    "crews": lambda s: s.model_copy(update={"crews": []}),
    "least number": lambda s: s.model_copy(update={"starts": [r for r in s.starts if r.least is None]}),
    "greatest number": lambda s: s.model_copy(update={"starts": [r for r in s.starts if r.most is None]}),
    "deadline of land": lambda s: each(s, open_deadline),
    "phases on land": without_land,
    "earmarked money": lambda s: s.model_copy(
        update={"funds": [fund.model_copy(update={"kinds": "all"}) for fund in s.funds]}
    ),
    "money": lambda s: s.model_copy(
        update={"funds": [fund.model_copy(update={"opening": fund.opening + 100_000_000}) for fund in s.funds]}
    ),
    "start only if housed": lambda s: s.model_copy(
        update={"objective": s.objective.model_copy(update={"start_only_if_housed": False})}
    ),
}
"""The scenario without a rule, by rule."""


def binding(
    scenario: Scenario, value: Callable[[Scenario, Programme], float], among: Iterable[str] = tuple(WITHOUT)
) -> Iterator[str]:
    """Yield the rules that bind, by a function that finds the optimum in yuan."""
    whole = value(scenario, compile_programme(scenario))
    for rule in among:
        free = WITHOUT[rule](scenario)
        if free != scenario and value(free, compile_programme(free)) < whole - YUAN:
            yield rule
