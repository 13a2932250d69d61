"""Colours that colour-blind readers can tell apart, the same for the same thing in every chart.

The eight of Okabe and Ito (2008, "Color Universal Design") for projects, Paul Tol's (2021, SRON technical note, "muted"
and "medium-contrast") where more are needed. Routes and uses of money have theirs in `renewopt.vocabulary`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

__all__ = ["DASHES", "GREY", "INK", "PALE_GREY", "PROJECTS", "Leading", "colours", "leading", "pale"]

INK = "#1a1a1a"
GREY = "#8c8c8c"
PALE_GREY = "#d9d9d9"
BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#f0e442",
)
PROJECTS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW, "#332288", "#882255", "#44aa99", "#999933", "#aa4499")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""Lines differ in more than colour."""


def pale(colour: str) -> str:
    """Mix a colour with white, for what is less urgent.

    Examples
    --------
    >>> pale("#0072b2")
    '#a6cee4'
    """
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * 0.35):02x}" for part in parts)


def colours(names: Sequence[str]) -> dict[str, str]:
    """Give every name its colour, in order; the first come round again after the last."""
    return {name: PROJECTS[place % len(PROJECTS)] for place, name in enumerate(names)}


@dataclass(frozen=True)
class Leading:
    """Projects that charts show by themselves, the largest ones, and how many stand together as the others.

    Attributes
    ----------
    shown
        Ids, in the order of the scenario.
    others
        How many more there are.
    colour
        By id; "" for the others.
    """

    shown: tuple[str, ...]
    others: int
    colour: dict[str, str]

    def group(self, projects: pd.Series) -> pd.Series:
        """Project ids, those that are not shown as ""."""
        return projects.where(projects.isin(self.shown), "")


def leading(people: pd.DataFrame, most: int = len(PROJECTS)) -> Leading:
    """Choose the projects that are shown: all, or of very many those with most households.

    Parameters
    ----------
    people
        Columns ``project``, ``housed``, ``waiting``; rows in the order of months.
    most
        How many at most.
    """
    first = people.drop_duplicates("project")
    size = (first["housed"] + first["waiting"]).to_numpy()
    names = first["project"].astype(str).tolist()
    largest = sorted(range(len(names)), key=lambda place: (-size[place], place))[:most]
    shown = tuple(names[place] for place in sorted(largest))
    return Leading(shown, len(names) - len(shown), {**colours(shown), "": GREY})
