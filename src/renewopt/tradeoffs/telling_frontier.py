"""A frontier in sentences and tables, for the terminal and the page."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from renewopt.charts.labels import Locale
from renewopt.charts.scales import Scale, money_scale
from renewopt.results.reporting.page import Table
from renewopt.tradeoffs.naming import amount_of_goal, goal_word, is_money
from renewopt.tradeoffs.records import SAME
from renewopt.tradeoffs.telling import Section, Told, figures_table, locale_of, phases_table, proof, subtitle
from renewopt.vocabulary import IN_MONTHS, UNMONEYED
from renewopt.wording import Language
from renewopt.wording.amounts import yuan

if TYPE_CHECKING:
    from renewopt.tradeoffs.records import FrontierRecord

__all__ = ["called", "told_of_frontier", "x_scale"]

COLUMNS = 14
A_YUAN, A_MILLIONTH = 1.0, 1e-6


def x_scale(frontier: FrontierRecord, say: Locale) -> Scale:
    """Unit of what is limited."""
    if not is_money(frontier.x):
        return Scale(1.0, say("frontier.months") if frontier.x in IN_MONTHS else say("frontier.units"))
    return money_scale(float(frontier.points["x"].abs().max()) if len(frontier.points) else 0.0, say)


def called(frontier: FrontierRecord) -> dict[int, str]:
    """What each plan is called: its number."""
    return {int(number): str(number) for number in frontier.points["point"].tolist()}


def told_of_frontier(frontier: FrontierRecord, lang: Language) -> Told:
    """All that is told of a frontier."""
    say = locale_of(frontier.asked, lang)
    x, y = goal_word(frontier.x, say), say.word("objective", frontier.asked.objective)
    scale = x_scale(frontier, say)
    sections = []
    if len(frontier.points):
        sections.append(Section("frontier.rates", ("frontier",), _rates(frontier, x, y, scale, say)))
        head = [say("frontier.plan")]
        first = {number: [name] for number, name in called(frontier).items()}
        sections.append(
            Section("points.figures", (), figures_table(frontier.points, head, first, say, file="points.csv"))
        )
        sections.append(Section("points.months", ("months",), None))
    if len(frontier.phases):
        table = phases_table(frontier.phases, called(frontier), say("points.phases.unit"), say)
        fits = len(table.head) <= COLUMNS and bool(table.rows)
        sections.append(Section("points.phases", ("phases",), table if fits else None))
    if len(frontier.left_out):
        sections.append(Section("frontier.left_out", (), _left_out(frontier, say)))
    title = say("frontier.title", x=x, y=y)
    return Told(
        say, title[:1].upper() + title[1:], subtitle(frontier.asked, say), _short(frontier, x, y, say), sections
    )


def _is_least(x: float, frontier: FrontierRecord) -> bool:
    """Whether x is proven to be the least within the asked gap, or nothing is known of it.

    The search for y at the least x may use the tolerance of a strict goal.
    """
    least_told = A_MILLIONTH if frontier.x in UNMONEYED else A_YUAN
    return not x - frontier.x_bound > (frontier.asked.gap + SAME) * abs(x) + least_told


def _short(frontier: FrontierRecord, x: str, y: str, say: Locale) -> list[str]:
    points = frontier.points
    if points.empty:
        return [say("frontier.none")]
    first, last = points.iloc[0], points.iloc[-1]
    amounts = {
        "x_least": amount_of_goal(float(first["x"]), frontier.x, say),
        "x_most": amount_of_goal(float(last["x"]), frontier.x, say),
        "y_least": yuan(say.lang, float(last["y"])),
        "y_most": yuan(say.lang, float(first["y"])),
    }
    if len(points) == 1:
        told = [say("frontier.one", x=x, y=y, **amounts)]
    else:
        told = [say("frontier.ends", x=x, y=y, **amounts)]
        if not _is_least(float(first["x"]), frontier):
            least = amount_of_goal(frontier.x_bound, frontier.x, say)
            told.append(say("frontier.least", x=x, least=least, found=amounts["x_least"]))
        rates = [float(rate) for rate in points["rate"].tolist()[1:]]
        unit = "wait" if frontier.x in IN_MONTHS else "money" if is_money(frontier.x) else "units"
        written = [yuan(say.lang, rate) if unit == "wait" else f"{rate:,.4g}" for rate in (rates[0], rates[-1])]
        told.append(say(f"frontier.rates.{unit}", x=x, y=y, first=written[0], last=written[1]))
        if (bend := _bend(points["x"].to_numpy(float), points["y"].to_numpy(float))) is not None:
            row = points.iloc[bend]
            told.append(
                say(
                    "frontier.bend",
                    point=int(row["point"]),
                    x=x,
                    y=y,
                    at_x=amount_of_goal(float(row["x"]), frontier.x, say),
                    at_y=yuan(say.lang, float(row["y"])),
                )
            )
    told += proof(points, frontier.asked, say)
    counts = Counter(map(str, frontier.left_out["why"]))
    return [*told, *(say(f"frontier.left.{why}", count=count) for why, count in counts.items())]


def _bend(
    x: np.ndarray[tuple[int], np.dtype[np.float64]], y: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> int | None:
    """The plan that lies farthest below the line from one end to the other; None where there is none."""
    if x.size < 3 or x[-1] <= x[0] or y[0] <= y[-1]:
        return None
    below = 1.0 - (x - x[0]) / (x[-1] - x[0]) - (y - y[-1]) / (y[0] - y[-1])
    best = int(below.argmax())
    return best if below[best] > 0 and 0 < best < x.size - 1 else None


def _written(value: float, scale: Scale) -> str:
    """Write a figure of a goal: of money in its unit, whole months and homes without a point."""
    return f"{value / scale.yuan:,.2f}" if scale.yuan > 1 or not value.is_integer() else f"{value:,.0f}"


def _rates(frontier: FrontierRecord, x: str, y: str, scale: Scale, say: Locale) -> Table:
    y_scale = money_scale(float(frontier.points["y"].abs().max()), say)

    rows = [
        [
            str(row["point"]),
            say("frontier.no_limit") if math.isinf(row["limit"]) else _written(float(row["limit"]), scale),
            _written(float(row["x"]), scale),
            _written(float(row["y"]), y_scale),
            _written(float(row["bound"]), y_scale) if row["bound"] == row["bound"] else "",
            "" if math.isnan(row["rate"]) else f"{row['rate']:,.4g}",
        ]
        for row in frontier.points.to_dict("records")
    ]
    head = [
        say("frontier.plan"),
        say.headed(say("frontier.column.limited"), scale.unit),
        say.headed(x, scale.unit),
        say.headed(y, y_scale.unit),
        say("diff.figure.bound"),
        say("frontier.column.rate"),
    ]
    return Table(say("frontier.rate.meaning", x=x, y=y), head, rows, range(1, len(head)))


def _left_out(frontier: FrontierRecord, say: Locale) -> Table:
    scale = x_scale(frontier, say)
    rows = [
        [
            say("frontier.no_limit") if math.isinf(row["limit"]) else _written(float(row["limit"]), scale),
            say(f"frontier.why.{row['why']}"),
        ]
        for row in frontier.left_out.to_dict("records")
    ]
    head = [say("frontier.column.limit", x=goal_word(frontier.x, say), unit=scale.unit), say("frontier.column.why")]
    return Table("", head, rows, range(0))
