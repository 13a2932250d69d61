"""Charts of the difference of two plans: what changes a total, whom it serves, which phases move, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, distinct, plain, quarter_told, short
from renewopt.charts.palette import BLUE, DASHES, GREEN, GREY, INK, PALE_GREY, PROJECTS, VERMILION
from renewopt.charts.scales import money_scale

__all__ = ["FUNDS_SHOWN", "PHASES_SHOWN", "PROJECTS_SHOWN", "balances", "fared", "moved", "waterfall"]

PHASES_SHOWN = PROJECTS_SHOWN = 40
FUNDS_SHOWN = 6
LESS, MORE = GREEN, VERMILION
"""Colours of what gets cheaper or better, and of what gets dearer or worse."""
LONGEST = 34
"""Letters of a label."""
FEW = 6
"""Households up to which each has a tick of its own."""
MIDDLE: dict[str, Any] = {"xperiod": "M1", "xperiodalignment": "middle"}


def waterfall(key: str, steps: Sequence[tuple[str, float]], file: str, say: Locale) -> Chart:
    """Steps from nothing to the whole difference of a total, each beginning where the one before ended.

    Parameters
    ----------
    key
        Of the chart; its title is the phrase ``diff.chart.KEY``.
    steps
        Label and yuan of each, in order.
    file
        Where they stand.
    say
        Language and names.
    """
    total = sum(amount for _, amount in steps)
    reached = [0.0]
    for _, amount in steps:
        reached.append(reached[-1] + amount)
    scale = money_scale(max(abs(end) for end in reached), say)
    taken: set[str] = set()
    labels = [distinct(short(plain(label), LONGEST), taken) for label, _ in steps]
    labels.append(distinct(say("diff.all"), taken))
    amounts = [*(amount for _, amount in steps), total]
    starts = [*reached[:-1], 0.0]
    figure = Drawing()
    for start, label, amount in zip(starts, labels, amounts, strict=True):
        whole = label == labels[-1]
        written = f"{amount / scale.yuan:+,.2f}" if scale.yuan > 1 else f"{amount:+,.0f}"
        written = written.replace("-", "−") if any(digit in written for digit in "123456789") else "0"
        figure.add_bar(
            orientation="h",
            y=[label],
            x=[float(f"{abs(amount) / scale.yuan:.8g}")],
            base=[float(f"{min(start, start + amount) / scale.yuan:.8g}")],
            marker={"color": INK if whole else MORE if amount > 0 else LESS},
            text=[written],
            textposition="outside",
            textfont={"color": INK},
            cliponaxis=False,
            hovertemplate=f"%{{y}}: {written} {scale.unit}<extra></extra>",
            showlegend=False,
        )
    ends = [0.0, *reached]
    room = 0.16 * ((max(ends) - min(ends)) or 1.0)
    dressed(
        figure,
        height=max(220, 34 * len(labels) + 60),
        bargap=0.3,
        barmode="overlay",
        xaxis={
            "range": [(min(ends) - room / 4) / scale.yuan, (max(ends) + room) / scale.yuan],
            "tickformat": ",~g",
            "nticks": 6,
        },
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": labels[::-1],
            "dtick": 1,
            "ticksuffix": " ",
        },
    )
    figure.update_xaxes(zeroline=True, zerolinecolor="#888888")
    unit = say("diff.chart.unit", unit=scale.unit)
    return Chart(key, say(f"diff.chart.{key}"), unit, say("diff.source", file=file), figure)


def fared(projects: pd.DataFrame, say: Locale) -> Chart:
    """Households better off, as before and worse off, by project.

    Parameters
    ----------
    projects
        Columns ``project``, ``better``, ``as_before``, ``worse``.
    say
        Language and names.
    """
    shown = projects.assign(moved=projects["better"] + projects["worse"])
    shown = shown[shown["project"] != ""].sort_values("moved", ascending=False, kind="stable").head(PROJECTS_SHOWN)
    taken: set[str] = set()
    labels = [distinct(short(plain(say.label("project", str(name)))), taken) for name in shown["project"]]
    figure = Drawing()
    for name, colour in (("better", LESS), ("as_before", PALE_GREY), ("worse", MORE)):
        figure.add_bar(
            orientation="h",
            y=labels,
            x=shown[name].tolist(),
            name=say(f"diff.effect.{name}"),
            marker={"color": colour},
            hovertemplate="%{y}<br>" + say(f"diff.effect.{name}") + ": %{x:,}<extra></extra>",
        )
    dressed(
        figure,
        height=max(210, 32 * len(labels) + 110),
        barmode="stack",
        bargap=0.35,
        legend={**legend_above(), "traceorder": "normal"},
        xaxis={
            "title": {"text": say("unit.households"), "font": {"size": 12}},
            "tickformat": ",d",
            "rangemode": "tozero",
            # Ticks between few households would be told as whole ones, and twice.
            **(
                {"dtick": 1, "ticksuffix": " "}
                if shown[["better", "as_before", "worse"]].sum(axis=1).max() <= FEW
                else {}
            ),
        },
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": labels[::-1],
            "dtick": 1,
            "ticksuffix": " ",
        },
    )
    note = say("diff.chart.people.more", count=len(projects) - len(shown)) if len(projects) > PROJECTS_SHOWN else ""
    unit, source = say("diff.chart.people.unit"), say("diff.source", file="projects.csv")
    return Chart("people", say("diff.chart.people"), unit, source, figure, note)


def moved(phases: pd.DataFrame, labels: tuple[str, str], say: Locale) -> Chart | None:
    """When each phase is handed over in both plans; None where no handover moves.

    Parameters
    ----------
    phases
        Columns ``phase``, ``completed_a``, ``completed_b``.
    labels
        Of the plans.
    say
        Language and names.
    """
    differs = phases[phases["completed_a"] != phases["completed_b"]]
    if differs.empty:
        return None
    shown = differs.head(PHASES_SHOWN)
    taken: set[str] = set()
    names = [distinct(short(plain(say.label("phase", str(phase)))), taken) for phase in shown["phase"]]
    figure = Drawing()
    ends = list(zip(names, shown["completed_a"], shown["completed_b"], strict=True))
    figure.add_scatter(
        x=[month for _, one, other in ends if one and other for month in (one, other, None)],
        y=[name for name, one, other in ends if one and other for _ in range(3)],
        **MIDDLE,
        mode="lines",
        line={"color": GREY, "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    for place, label, marker in (
        (1, labels[0], {"symbol": "circle-open", "size": 11, "color": INK, "line": {"width": 2}}),
        (2, labels[1], {"symbol": "triangle-down", "size": 13, "color": BLUE}),
    ):
        told = [row for row in ends if row[place]]
        figure.add_scatter(
            x=[row[place] for row in told],
            y=[row[0] for row in told],
            **MIDDLE,
            mode="markers",
            cliponaxis=False,
            name=short(plain(label)),
            marker=marker,
            hovertemplate="%{y}<br>%{x}<extra></extra>",
        )
    months = [*shown["completed_a"], *shown["completed_b"]]
    dressed(
        figure,
        height=max(210, 30 * len(names) + 110),
        legend=legend_above(),
        showlegend=True,
        xaxis={**time_axis("%Y-%m", months), "range": _around(months)},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names[::-1],
            "dtick": 1,
            "ticksuffix": " ",
        },
    )
    note = say("diff.chart.phases.more", count=len(differs) - len(shown)) if len(differs) > len(shown) else ""
    unit, source = say("diff.chart.phases.unit"), say("diff.source", file="phases.csv")
    return Chart("phases", say("diff.chart.phases"), unit, source, figure, note)


def _around(months: Sequence[str]) -> list[str]:
    """From two months before the first to two after the last, so that one month's move does not fill the width."""
    known = sorted(month for month in months if month)
    ends = [pd.Timestamp(known[0]) - pd.DateOffset(months=2), pd.Timestamp(known[-1]) + pd.DateOffset(months=3)]
    return [end.strftime("%Y-%m-%d") for end in ends]


def balances(money: pd.DataFrame, say: Locale) -> Chart | None:
    """How much more each fund has at the end of each quarter; None where no balance differs.

    Parameters
    ----------
    money
        Columns ``quarter`` (``2024-Q1``), ``fund``, ``balance_difference`` (yuan); what is alike is not listed.
    say
        Language and names.
    """
    largest = money["balance_difference"].abs().groupby(money["fund"], sort=False).max()
    largest = largest[largest > 0].sort_values(ascending=False, kind="stable")
    if largest.empty:
        return None
    scale = money_scale(float(largest.iloc[0]), say)
    quarters = _all_quarters(money["quarter"].min(), money["quarter"].max())
    figure = Drawing()
    for place, fund in enumerate(largest.index[:FUNDS_SHOWN]):
        mine = money[money["fund"] == fund].set_index("quarter")["balance_difference"].reindex(quarters, fill_value=0.0)
        name = plain(say.label("fund", str(fund)))
        figure.add_scatter(
            x=[quarter_told(quarter, say) for quarter in quarters],
            y=scale.of(mine),
            mode="lines+markers",
            line={"color": PROJECTS[place], "dash": DASHES[place % len(DASHES)], "width": 2},
            marker={"size": 5},
            name=short(name),
            customdata=[name] * len(quarters),
            hovertemplate=f"%{{customdata}}<br>%{{x}}: %{{y:+,.4~g}} {scale.unit}<extra></extra>",
        )
    dressed(
        figure,
        height=330,
        legend=legend_above(),
        showlegend=True,
        xaxis={"type": "category", "nticks": 9, "tickangle": 0},
        yaxis={"title": {"text": scale.unit}, "tickformat": ",~g", "zeroline": True},
    )
    hidden = len(largest) - FUNDS_SHOWN
    note = say("diff.chart.money.more", count=hidden) if hidden > 0 else ""
    unit, source = say("diff.chart.money.unit", unit=scale.unit), say("diff.source", file="money.csv")
    return Chart("money", say("diff.chart.money"), unit, source, figure, note)


def _all_quarters(first: str, last: str) -> list[str]:
    begin, end = (int(quarter[:4]) * 4 + int(quarter[-1]) - 1 for quarter in (first, last))
    return [f"{number // 4}-Q{number % 4 + 1}" for number in range(begin, end + 1)]
