"""The programme in one picture: what starts when, above it who waits, below it the money, over the same months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.construction import not_done
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, distinct, plain, short
from renewopt.charts.palette import GREY, INK, colours, pale
from renewopt.charts.scales import DAY, Scale, Span, money_scale, span_of, span_of_payments
from renewopt.vocabulary import WORK_KINDS

__all__ = ["BEFORE", "FEES", "HOMES", "ITEMS_SHOWN", "Beside", "in_order", "timeline"]

ITEMS_SHOWN = 80
BEFORE = "\0before"
"""In place of a kind: of projects that had begun before, which the programme does not start."""
FEES, HOMES = "fees", "homes"
"""What is paid beside the stages of the programme."""
BESIDE = {FEES: "#d55e00", HOMES: "#332288"}
WAITING, STARTS, STAGES, OTHERS = 1, 2, 3, 4
"""Panels, from the top."""
HEIGHTS = {WAITING: 150, STAGES: 130, OTHERS: 110}
ROW, GAP = 22, 54
"""Pixels of a bar of what starts, and between panels."""
LEGEND = 100
"""Pixels above the panels."""


@dataclass(frozen=True, eq=False)
class Beside:
    """What is drawn above and below the starts.

    Attributes
    ----------
    waiting
        Columns ``month``, ``kind`` (`BEFORE`: of what had begun), ``waiting``, ``overdue``: households at the close of
        the month.
    stages
        Columns ``month``, ``kind``, ``amount``: yuan that funds pay for the stages of the programme.
    others
        Columns ``month``, ``what`` (`FEES` or `HOMES`), ``amount``: yuan that they pay for these.
    """

    waiting: pd.DataFrame
    stages: pd.DataFrame
    others: pd.DataFrame


def in_order(kinds: Iterable[str]) -> list[str]:
    """Kinds in the order in which they are told: those that have a name, then the planner's own as they come."""
    found = list(dict.fromkeys(kinds))
    return [*(kind for kind in WORK_KINDS if kind in found), *(kind for kind in found if kind not in WORK_KINDS)]


def timeline(programme: pd.DataFrame, beside: Beside, start: str, last: str, say: Locale) -> Chart:
    """Draw projects and works as bars by kind, households waiting above them, and what is paid below, month for month.

    A bar goes from the start to the finish, then pale until the land is cleared.

    Parameters
    ----------
    programme
        As the plan's table: ``item``, ``kind``, ``start``, ``finish``, ``cleared`` (months, empty where left out).
    beside
        Who waits, and what is paid.
    start, last
        First and last month of the plan, ``YYYY-MM``. Starts and the money for their stages are drawn beyond it, as far
        as they go; a line marks its end.
    say
        Language and names.
    """
    kinds = in_order(programme["kind"])
    rows = _rows(programme, kinds, say)
    ends = [last, *programme["finish"], *programme["cleared"], *beside.stages["month"]]
    months = pd.period_range(start, max(ends), freq="M").strftime("%Y-%m").tolist()
    span = span_of_payments(pd.Series(months))
    within = beside.others[beside.others["month"] <= last]
    stages, others = span.flow(beside.stages, ["kind"], ["amount"]), span.flow(within, ["what"], ["amount"])
    scales = [_scale(flows, say) for flows in (stages, others)]
    heights = [HEIGHTS[WAITING], ROW * len(rows) + 8, HEIGHTS[STAGES], HEIGHTS[OTHERS]]
    total = sum(heights) + GAP * (len(heights) - 1)
    per = {1: "per.month", 3: "per.quarter", 12: "per.year"}[span.length]
    units = [say(per, unit=scale.unit) for scale in scales]
    titles = [
        say("starts.panel.waiting"),
        say("starts.panel.starts"),
        say("starts.panel.stages", unit=units[0]),
        say("starts.panel.others", unit=units[1]),
    ]
    drawn = _Timeline(Drawing.panels(titles, spacing=GAP / total, heights=heights, shared_xaxes=True), kinds, say)
    drawn.legend({BEFORE, *programme["kind"]} if BEFORE in set(beside.waiting["kind"]) else set(programme["kind"]))
    drawn.waiting(beside.waiting[beside.waiting["month"] <= last])
    drawn.starts(rows, start)
    for kind in kinds:
        drawn.paid(STAGES, stages[stages["kind"] == kind], kind, span, scales[0])
    for what in BESIDE:
        drawn.paid(OTHERS, others[others["what"] == what], what, span, scales[1])
    _dress(drawn.figure, total, months, last, rows["label"].tolist())
    notes = [say("starts.more", shown=ITEMS_SHOWN, count=len(programme))] if len(programme) > len(rows) else []
    notes += [say("starts.line", last=last)] if last < months[-1] else []
    notes += [say("after", last=last, file="funds.csv")] if len(within) < len(beside.others) else []
    source = say("source", file="programme.csv, people.csv, funds.csv")
    return Chart("programme", say("starts.title"), say("starts.unit"), source, drawn.figure, " ".join(notes))


def _rows(programme: pd.DataFrame, kinds: Sequence[str], say: Locale) -> pd.DataFrame:
    """What starts, by kind and start, then what does not; with its label."""
    place = {kind: number for number, kind in enumerate(kinds)}
    ordered = programme.assign(idle=programme["start"] == "", place=programme["kind"].map(place))
    ordered = ordered.sort_values(["idle", "place", "start"], kind="stable").head(ITEMS_SHOWN)
    taken: set[str] = set()
    return ordered.assign(label=[distinct(short(plain(say.label("item", str(x)))), taken) for x in ordered["item"]])


def _scale(flows: pd.DataFrame, say: Locale) -> Scale:
    """Unit of money of a panel, by its tallest bar."""
    return money_scale(float(flows.groupby("month")["amount"].sum().max()) if len(flows) else 0.0, say)


class _Timeline:
    """The traces of the picture, panel by panel; each kind has one colour in all of them."""

    def __init__(self, figure: Drawing, kinds: Sequence[str], say: Locale) -> None:
        self.figure, self._kinds, self._say = figure, kinds, say
        self._colour = {BEFORE: GREY, **colours(in_order([*WORK_KINDS, *kinds])), **BESIDE}

    def _name(self, group: str) -> str:
        if group == BEFORE or group in BESIDE:
            return self._say(f"starts.{group.strip(chr(0))}")
        return plain(self._say.word("work_kind", group)) or self._say("starts.no_kind")

    def legend(self, kinds: set[str]) -> None:
        """One entry for each kind and each other bill, in full colour: it shows and hides all that is its."""
        for group in (BEFORE, *self._kinds, *BESIDE):
            if group in kinds or group in BESIDE:
                self.figure.add_bar(
                    row=WAITING,
                    x=[None],
                    y=[None],
                    name=self._name(group),
                    legendgroup=group,
                    marker={"color": self._colour[group]},
                    hoverinfo="skip",
                )

    def _bars(self, row: int, group: str, colour: str, told: str, **trace: Any) -> None:
        self.figure.add_bar(
            row=row,
            name=self._name(group),
            legendgroup=group,
            showlegend=False,
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=told + "<extra></extra>",
            **trace,
        )

    def waiting(self, waiting: pd.DataFrame) -> None:
        """Households by kind of their project, those who are overdue at the bottom."""
        span = span_of(waiting["month"])
        table = span.stock(waiting, ["kind"], ["waiting", "overdue"])
        table["term"] = table["waiting"] - table["overdue"]
        for state in ("overdue", "term"):
            for kind in (BEFORE, *self._kinds):
                rows, colour = table[table["kind"] == kind], self._colour[kind]
                if rows[state].any():
                    told = f"{self._name(kind)}<br>%{{x}}: %{{y:,}} {self._say(f'waiting.hover.{state}')}"
                    colour = colour if state == "overdue" else pale(colour)
                    self._bars(WAITING, kind, colour, told, **span.bars(rows["month"]), y=rows[state].tolist())

    def starts(self, rows: pd.DataFrame, start: str) -> None:
        """A bar for each start, one until its land is cleared, a mark for what is left out."""
        begun = rows[rows["start"] != ""]
        for kind in self._kinds:
            mine, colour = begun[begun["kind"] == kind], self._colour[kind]
            self._months(mine, kind, "start", "finish", colour, self._name(kind))
            clearing = mine[mine["cleared"] > mine["finish"]]
            told = self._say("starts.clearing", kind=self._name(kind))
            self._months(clearing, kind, "finish", "cleared", pale(colour), told)
        idle = rows[rows["start"] == ""]
        marks = [self._colour[kind] for kind in idle["kind"]]
        not_done(self.figure, idle["label"].tolist(), start, self._say("starts.left_out"), marks, row=STARTS)

    def _months(self, rows: pd.DataFrame, kind: str, since: str, until: str, colour: str, told: str) -> None:
        """Bars from one month to another; what is finished in the month of its start is drawn over half of it."""
        if rows.empty:
            return
        days = (pd.to_datetime(rows[until]) - pd.to_datetime(rows[since])).dt.days.clip(lower=15)
        self._bars(
            STARTS,
            kind,
            colour,
            f"%{{y}}<br>{told}<br>%{{customdata}}",
            orientation="h",
            base=[f"{month}-01" for month in rows[since]],
            x=[float(number * DAY) for number in days],
            y=rows["label"].tolist(),
            customdata=[f"{first} – {last}" for first, last in zip(rows[since], rows[until], strict=True)],
        )

    def paid(self, row: int, rows: pd.DataFrame, group: str, span: Span, scale: Scale) -> None:
        """What is paid for a kind, or beside the programme, period by period."""
        if not rows.empty:
            self._bars(
                row,
                group,
                self._colour[group],
                f"{self._name(group)}<br>%{{customdata}}: %{{y:,.4~g}} {scale.unit}",
                **span.bars(rows["month"]),
                y=scale.of(rows["amount"]),
                customdata=[span.told(month, self._say) for month in rows["month"]],
            )


def _dress(figure: Drawing, total: int, months: Sequence[str], last: str, labels: list[str]) -> None:
    """Axes: one of months for all panels, from the start to the end of all that is drawn."""
    dressed(
        figure,
        height=total + LEGEND,
        barmode="stack",
        bargap=0.3,
        legend={**legend_above(), "y": 1.0 + 44 / total, "traceorder": "normal", "tracegroupgap": 0},
        margin={"l": 8, "r": 20, "t": 44, "b": 8},
    )
    until = pd.Period(months[-1], freq="M") + 1
    figure.update_xaxes(**time_axis("%Y-%m", months), range=[f"{months[0]}-01", f"{until}-01"])
    figure.update_xaxes(row=STARTS, showticklabels=True)
    figure.update_yaxes(nticks=4, rangemode="tozero", tickformat=",~g")
    figure.update_yaxes(row=WAITING, tickformat=",d")
    figure.update_yaxes(
        row=STARTS, type="category", categoryorder="array", categoryarray=labels[::-1], dtick=1,
        tickfont={"size": 12}, range=[-0.7, len(labels) - 0.3],
    )  # fmt: skip
    if last < months[-1]:
        closes = pd.Period(last, freq="M") + 1
        for row in (WAITING, STARTS, STAGES, OTHERS):
            figure.add_vline(f"{closes}-01", row=row, line={"color": INK, "width": 1, "dash": "dot"})
