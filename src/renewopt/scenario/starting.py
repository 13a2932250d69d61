"""What start windows, stages and signing say: read the same by the checks and by who schedules."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from renewopt.scenario.contents import Contents
from renewopt.scenario.sections import Fund, Project, Stage, StartWindow, Work
from renewopt.units import PPM, quotient_half_up, scaled, to_fen
from renewopt.vocabulary import Use

__all__ = ["activities", "last_move", "may_pay", "must_start", "stages_of", "window_of"]

STAGE_USE = (Use.COMMITMENTS,)
"""What the stages of a project are paid as, where they do not say it; of a work its `uses` say it."""


def activities(scenario: Contents) -> list[Project | Work]:
    """List all that may start: the projects with a start window, then the works."""
    return [*(project for project in scenario.projects if project.start is not None), *scenario.works]


def window_of(window: StartWindow, scenario: Contents) -> tuple[int, int]:
    """First and last month of starting within the horizon; the last before the first where there is none."""
    first = 0 if window.since is None else max(window.since - scenario.start, 0)
    last = scenario.months - 1
    return first, last if window.until is None else min(window.until - scenario.start, last)


def must_start(item: Project | Work) -> bool:
    """Whether it may not be left out; a deadline of its land without a penalty is a rule that only a start fulfils."""
    land = item.land if isinstance(item, Project) else None
    rule = land is not None and land.deadline is not None and land.penalty is None
    return item.start is not None and (item.start.must or rule)


def last_move(project: Project, households: pd.DataFrame) -> int:
    """Months from the start of a project until the last of its households moves out."""
    own = households["moves_after"].to_numpy()[(households["project"] == project.id).to_numpy()]
    signed = max((step.after for step in project.signing), default=0) if (own < 0).any() else 0
    return max(int(own.max(initial=0)), signed)


def stages_of(item: Project | Work) -> list[tuple[int, int, tuple[str, ...]]]:
    """Months since the start, fen and uses of each stage; shares are rounded so that they add up to the cost.

    A work without stages is paid in the month of its start.
    """
    uses: tuple[str, ...] = tuple(dict.fromkeys(item.uses)) if isinstance(item, Work) else STAGE_USE
    cost = to_fen(item.cost or 0)
    stages = item.stages
    if not stages and isinstance(item, Work):
        stages = [Stage(after=0, share=1)]  # type: ignore[arg-type]
    result: list[tuple[int, int, tuple[str, ...]]] = []
    shared = due = 0
    for stage in sorted(stages, key=lambda stage: stage.after):
        if stage.amount is not None:
            fen = to_fen(stage.amount)
        else:
            shared += scaled(stage.share or 0, PPM)
            fen = quotient_half_up(cost * shared, PPM) - due
            due += fen
        if fen:
            result.append((stage.after, fen, uses if stage.use is None else (stage.use,)))
    return result


def may_pay(
    fund: Fund, uses: Sequence[str], kind: str, project: str | None, funds: str | Sequence[str] = "all"
) -> bool:
    """Whether the strings of a fund let it pay a dated amount: a commitment, or the stage of a project or a work.

    It is paid as one of its uses, by a fund of its kind and of its project; by a fund for some projects alone, nothing
    that is for none; where it names its funds, by these alone, whatever kind and project they are for.
    """
    if fund.uses != "all" and set(fund.uses).isdisjoint(uses):
        return False
    if funds != "all":
        return fund.id in funds
    return (fund.kinds == "all" or kind in fund.kinds) and (fund.projects == "all" or project in fund.projects)
