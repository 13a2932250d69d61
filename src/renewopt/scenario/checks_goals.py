"""Checks of what names things that may start: strict goals, and futures in which they come late."""

from __future__ import annotations

from renewopt.scenario.checks_works import no_kind
from renewopt.scenario.contents import Contents
from renewopt.scenario.notes import Notes
from renewopt.scenario.sections import LandChange, LateClearing, LateStart, Project, TierGoal
from renewopt.scenario.starting import activities
from renewopt.scenario.suggestions import did_you_mean, listed
from renewopt.vocabulary import STARTS_GOALS, StartsGoal
from renewopt.wording import Names, words

__all__ = ["check_late_starts", "check_start_goals"]

Path = tuple[str | int, ...]


def check_start_goals(scenario: Contents, notes: Notes) -> None:
    """Strict goals of starts say which activities count and by when, those of a plan whose households."""
    for row, tier in enumerate(scenario.objective.tiers):
        path: Path = ("objective", "tiers", row)
        if tier.goal in STARTS_GOALS:
            _of_starts(tier, scenario, path, notes)
            continue
        for name in ("items", "kinds", "by"):
            if getattr(tier, name) not in ("all", None):
                message = words("`{name}` says something only where the goal is one of starts", name=name)
                mend = words("delete it, or take one of these goals: {goals}", goals=Names(STARTS_GOALS))
                notes.error((*path, name), message, mend)


def _of_starts(tier: TierGoal, scenario: Contents, path: Path, notes: Notes) -> None:
    if not activities(scenario):
        message = words("a goal of starts, and nothing may start")
        notes.error((*path, "goal"), message, words("add `works`, or `start` to a project; or delete the goal"))
        return
    households = words("the goal is one of starts, not of households")
    if tier.projects != "all":
        notes.error((*path, "projects"), households, words("use `items`"))
    if tier.tags:
        notes.error((*path, "tags"), households, words("delete it"))
    _named(tier, scenario, path, notes)
    if tier.by is None and tier.goal != StartsGoal.DELAY:
        notes.error((*path, "goal"), words("by which month is not stated"), words("add `by`, such as 2026-12"))


def check_late_starts(scenario: Contents, notes: Notes) -> None:
    """Futures in which something starts, is cleared or brings money late name things that may start."""
    for row, future in enumerate(scenario.futures):
        for key in ("starts", "clearing", "land"):
            for number, entry in enumerate(getattr(future, key)):
                path: Path = ("futures", row, key, number)
                if not activities(scenario):
                    message = words("it is about what starts, and nothing may start")
                    notes.error(path, message, words("add `works`, or `start` to a project; or delete it"))
                else:
                    _named(entry, scenario, path, notes, works=key == "starts")


def _named(
    entry: TierGoal | LateStart | LateClearing | LandChange,
    scenario: Contents,
    path: Path,
    notes: Notes,
    *,
    works: bool = True,
) -> None:
    """Items and kinds are those of what may start; without `works` of projects alone."""
    among = [item for item in activities(scenario) if works or isinstance(item, Project)]
    may_start = [item.id for item in among]
    kinds = dict.fromkeys(item.kind for item in among if item.kind)
    for name in [] if entry.items == "all" else entry.items:
        if name not in may_start:
            message = words("{name!r} is no project with a start window", name=name)
            if works:
                message = words("{name!r} is no project with a start window and no work", name=name)
            known = words("there are {names}", names=listed(may_start))
            notes.error((*path, "items"), message, did_you_mean(name, may_start) or known)
    for kind in [] if entry.kinds == "all" else entry.kinds:
        if kind not in kinds:
            no_kind(kind, kinds, (*path, "kinds"), notes)
