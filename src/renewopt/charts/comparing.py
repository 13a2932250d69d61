"""Charts of a comparison: who ranks where, fees against the month of being clear, waits, regret."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from renewopt.charts.chart import Chart, dressed, legend_above, time_axis
from renewopt.charts.drawing import Drawing
from renewopt.charts.labels import Locale, distinct, plain, short
from renewopt.charts.palette import DASHES, GREY, INK, colours
from renewopt.charts.scales import Scale, money_scale, span_of
from renewopt.vocabulary import PERFECT
from renewopt.wording.phrases import known

__all__ = [
    "PANELS_SHOWN",
    "PLACE",
    "SETTING",
    "fees_and_clear_month",
    "is_alone",
    "ranking",
    "ranking_scale",
    "regret",
    "setting_label",
    "settled",
    "shown_columns",
    "waits",
]

SETTING = ["scenario", "variant", "future"]
PLACE = SETTING[:2]
PANELS_SHOWN = 12
GROUPS_SHOWN = 24
TICKS = 8
RUNS_SHOWN = 2_000
"""Runs that are drawn one by one; of more, the mean of each policy in each future."""
POINTS_SHOWN = 60
"""Runs of a policy whose regrets are drawn one by one beside the box."""
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "x")


def future_called(future: str, say: Locale) -> str:
    """What the planner calls a future, or what it is about; "as planned" for that without a change."""
    return say.names.get("future", {}).get(future) or say.word("future", future)


def setting_label(setting: tuple[Any, ...], say: Locale, *, alone: bool = False) -> str:
    """Write a scenario, its variant and, where given, the future.

    Parameters
    ----------
    setting
        Two or three of `SETTING`.
    say
        Language.
    alone
        There is one scenario and variant only: the future says it all.
    """
    scenario, variant, *future = (str(part) for part in setting)
    label = f"{scenario}, {variant}" if variant else scenario
    if not future:
        return label
    told = say("future", name=future_called(future[0], say))
    return told if alone else f"{label} · {told}"


def is_alone(runs: pd.DataFrame) -> bool:
    """Whether all runs are of one scenario and variant."""
    return len(runs[PLACE].drop_duplicates()) == 1


def _policy(name: str, say: Locale) -> str:
    return plain(say.word("policy", name))


def _shades(runs: pd.DataFrame) -> dict[str, str]:
    """Colour of each policy, the same in every chart of a comparison."""
    return colours([str(name) for name in runs.loc[runs["policy"] != PERFECT, "policy"].unique()])


def _panels(frame: pd.DataFrame, by: list[str]) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    for number, (key, group) in enumerate(frame.groupby(by, sort=False)):
        if number == PANELS_SHOWN:
            return
        yield key, group


def _cut(frame: pd.DataFrame, by: list[str], say: Locale) -> list[str]:
    count = len(frame[by].drop_duplicates())
    return [say("others.panels", shown=PANELS_SHOWN, count=count)] if count > PANELS_SHOWN else []


def _stack(titles: list[str], heights: list[int], **options: Any) -> tuple[Drawing, int]:
    """Panels one below the other, each as high as it must be."""
    gap = 64
    total = sum(heights) + gap * (len(heights) - 1)
    spacing = gap / total if len(titles) > 1 else 0.0
    figure = Drawing.panels([plain(title) for title in titles], spacing=spacing, heights=heights, **options)
    return figure, total


def ranking(
    ranked: pd.DataFrame,
    runs: pd.DataFrame,
    measure: str,
    money: bool,
    say: Locale,
    *,
    name: str = "",
    whole: pd.DataFrame | None = None,
) -> Chart:
    """Means with intervals, best first, a panel for each scenario, variant and future; all on one scale.

    Of objectives the cost is drawn, and the money that is missing apart, by marks of its own.

    Parameters
    ----------
    ranked
        From `renewopt.comparison.Comparison.ranking`.
    runs
        As of `renewopt.comparison.Comparison`; its bounds are drawn beside objectives.
    measure
        What is ranked by.
    money
        Whether it is yuan.
    say
        Language.
    name
        What is drawn, as readers call it; default: `measure`.
    whole
        Rankings of all settings whose charts are to have one scale; default: `ranked`.
    """
    name = name or say.word("compare.measure", measure).removeprefix("compare.measure.")
    shown = shown_columns(measure)
    whole = ranked if whole is None else whole
    scale = ranking_scale(whole, measure, say) if money else Scale(1.0, name)
    shades = _shades(runs)
    panels = list(_panels(ranked, SETTING))
    titles = [setting_label(key, say, alone=is_alone(runs)) for key, _ in panels]
    figure, total = _stack(titles, [24 * len(group) + 10 for _, group in panels])
    for row, (key, group) in enumerate(panels, start=1):
        labels = [_policy(str(policy), say) for policy in group["policy"]]
        for clean in (True, False):
            rows = group[(group["clean"] == 1.0) == clean]
            if len(rows) == 0:
                continue
            mean = rows[shown["mean"]] / scale.yuan
            figure.add_scatter(
                row=row,
                x=mean.tolist(),
                y=[_policy(str(policy), say) for policy in rows["policy"]],
                error_x=_interval(rows, mean, scale, shown),
                mode="markers",
                marker={
                    "size": 11,
                    "color": [shades[str(policy)] for policy in rows["policy"]],
                    "symbol": "circle" if clean else "circle-open",
                    "line": {"width": 2.5},
                },
                customdata=[[_told(found, scale, shown)] for found in rows.to_dict("records")],
                hovertemplate="%{y}: %{customdata[0]}<extra></extra>",
                showlegend=False,
            )
        short = group[group["shortfall"] > 0] if measure == "objective" else group.head(0)
        if len(short):
            figure.add_scatter(
                row=row,
                x=scale.of(short["shortfall"]),
                y=[_policy(str(policy), say) for policy in short["policy"]],
                mode="markers",
                marker={"size": 9, "color": INK, "symbol": "x-thin", "line": {"width": 2, "color": INK}},
                hovertemplate="%{y}: " + say("ranking.missing") + " %{x:,.4~g} " + scale.unit + "<extra></extra>",
                showlegend=False,
            )
        bound = _bound(runs, key) if measure == "objective" else math.nan
        if not math.isnan(bound):
            figure.add_scatter(
                row=row,
                x=[bound / scale.yuan] * 2,
                y=[labels[0], labels[-1]],
                mode="lines",
                line={"color": INK, "dash": "dash", "width": 1.5},
                name=say("ranking.perfect"),
                legendgroup="bound",
                showlegend=row == 1,
                hovertemplate="%{x:,.4~g} " + scale.unit,
            )
        figure.update_yaxes(row=row, type="category", categoryorder="array", categoryarray=labels[::-1], dtick=1)
    if measure == "objective" and (ranked["shortfall"] > 0).any():
        line = {"width": 2, "color": INK}
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=say("ranking.missing"),
            marker={"symbol": "x-thin", "size": 9, "color": INK, "line": line},
        )  # fmt: skip
    for key_of, symbol in (("ranking.clean", "circle"), ("ranking.unclean", "circle-open")):
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=say(key_of), marker={"symbol": symbol, "size": 11, "color": GREY}
        )  # fmt: skip
    figure.update_xaxes(range=_reaching(whole, runs, measure, scale), tickformat=",~g")
    dressed(figure, height=total + 130, legend=_high(total), margin={"l": 8, "r": 36, "t": 36, "b": 8})
    unit = say("ranking.unit", unit=scale.unit)
    source = say("source.runs", file="runs.csv")
    notes = [say("ranking.note"), *_cut(ranked, SETTING, say)]
    return Chart("ranking", say("ranking.title", measure=name), unit, source, figure, " ".join(notes))


def _high(total: int) -> dict[str, Any]:
    """Legend above the first panel's title."""
    return {**legend_above(), "y": 1.0 + 28 / total}


def shown_columns(measure: str) -> dict[str, str]:
    """Columns of a ranking that are shown as mean, interval and difference to waiting: of objectives those of cost."""
    names = ("mean", "low", "high", "against_waiting")
    costs = ("cost", "cost_low", "cost_high", "cost_against_waiting")
    return dict(zip(names, costs if measure == "objective" else names, strict=True))


def ranking_scale(ranked: pd.DataFrame, measure: str, say: Locale) -> Scale:
    """Choose one unit of money for all settings of a ranking."""
    columns = [shown_columns(measure)["mean"], *(["shortfall"] if measure == "objective" else [])]
    largest = ranked[columns].abs().max().max()
    return money_scale(0.0 if math.isnan(largest) else float(largest), say)


def _reaching(ranked: pd.DataFrame, runs: pd.DataFrame, measure: str, scale: Scale) -> list[float]:
    """Where an axis ends on which all settings are to be compared."""
    shown = shown_columns(measure)
    columns = [shown["mean"], shown["high"], *(["shortfall"] if measure == "objective" else [])]
    values = [*ranked[columns].max().tolist(), *([runs["bound"].max()] if measure == "objective" else [])]
    largest = max((value for value in values if not math.isnan(value)), default=0.0)
    return [0.0, float(f"{1.05 * max(largest, 0.0) / scale.yuan or 1.0:.4g}")]


def _interval(rows: pd.DataFrame, mean: pd.Series, scale: Scale, shown: dict[str, str]) -> dict[str, Any] | None:
    """Bars from low to high; None where no interval is known."""
    if rows[shown["low"]].isna().all():
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": _reach(rows[shown["high"]] / scale.yuan - mean),
        # No cost is below nothing, whatever Student says.
        "arrayminus": _reach(mean - (rows[shown["low"]] / scale.yuan).clip(lower=0.0)),
        "color": "#666666",
        "thickness": 1.3,
    }


def _reach(distance: pd.Series) -> list[float | None]:
    """Length of one side of an interval; None, and no bar, where nothing can be said."""
    return [None if math.isnan(value) else max(float(f"{value:.6g}"), 0.0) for value in distance.tolist()]


def _told(row: dict[Any, Any], scale: Scale, shown: dict[str, str]) -> str:
    mean, low, high = (f"{row[shown[name]] / scale.yuan:,.4g}" for name in ("mean", "low", "high"))
    return f"{mean} {scale.unit}" if math.isnan(row[shown["low"]]) else f"{mean} ({low} … {high}) {scale.unit}"


def _bound(runs: pd.DataFrame, setting: tuple[Any, ...]) -> float:
    """Mean bound of the worlds of a setting that have one."""
    mine = runs
    for column, value in zip(SETTING, setting, strict=True):
        mine = mine[mine[column] == value]
    return float(mine.drop_duplicates("seed")["bound"].mean())


def fees_and_clear_month(runs: pd.DataFrame, say: Locale) -> Chart:
    """Transition fees against the first month in which nobody is overdue; a mark for each run.

    Parameters
    ----------
    runs
        As of `renewopt.comparison.Comparison`.
    say
        Language.
    """
    drawn = runs[(runs["policy"] != PERFECT) & runs["transition_fees"].notna()]
    notes = _cut(drawn, PLACE, say)
    if len(drawn) > RUNS_SHOWN:
        notes.append(say("scatter.means"))
        drawn = _means(drawn)
    scale = money_scale(float(drawn["transition_fees"].max()) if len(drawn) else 0.0, say)
    shades = _shades(runs)
    symbol = {name: SYMBOLS[n % len(SYMBOLS)] for n, name in enumerate(drawn["future"].unique())}
    panels = list(_panels(drawn, PLACE))
    figure, total = _stack([setting_label(key, say) for key, _ in panels] or [""], [330] * max(len(panels), 1))
    told: set[str] = set()
    for row, (_, group) in enumerate(panels, start=1):
        beyond = _beyond(group["clear_month"])
        known = sorted({str(month) for month in group["clear_month"]} - {""})
        figure.update_xaxes(row=row, tickmode="array", tickvals=known[:: -(-len(known) // TICKS) or 1])
        for (policy, future), rows in group.groupby(["policy", "future"], sort=False):
            name = str(policy)
            # Runs that are never clear stand side by side, policy by policy.
            day = 2 + 26 * list(shades).index(name) // len(shades)
            months = [str(month) or f"{beyond}-{day:02d}" for month in rows["clear_month"]]
            figure.add_scatter(
                row=row,
                x=months,
                y=scale.of(rows["transition_fees"]),
                mode="markers",
                name=_policy(name, say),
                legendgroup=name,
                showlegend=name not in told,
                marker={
                    "color": shades[name],
                    "size": 10,
                    "symbol": [symbol[future] + ("" if clean else "-open") for clean in rows["clean"]],
                    "line": {"width": 1.5},
                    "opacity": 0.85,
                },
                customdata=[
                    [plain(future_called(str(future), say)), str(month) or say("scatter.never")]
                    for month in rows["clear_month"]
                ],
                hovertemplate="%{customdata[0]}<br>%{customdata[1]}: %{y:,.4~g} " + scale.unit,
            )
            told.add(name)
        if (group["clear_month"] == "").any():
            figure.add_vline(x=f"{beyond}-01", line={"color": GREY, "dash": "dot", "width": 1}, row=row)
            figure.add_annotation(
                row=row,
                x=f"{beyond}-01",
                y=1.0,
                yref="y domain" if row == 1 else f"y{row} domain",
                xanchor="left",
                yanchor="bottom",
                text=say("scatter.never"),
                font={"size": 12, "color": "#555555"},
            )
    for future, sign in symbol.items():
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=plain(say("future", name=future_called(str(future), say))),
            marker={"symbol": sign, "size": 10, "color": GREY}, legendgroup=f"future {future}",
        )  # fmt: skip
    figure.add_scatter(
        x=[None], y=[None], mode="markers", name=say("ranking.unclean"),
        marker={"symbol": "circle-open", "size": 10, "color": GREY, "line": {"width": 1.5}},
    )  # fmt: skip
    figure.update_xaxes(**time_axis("%Y-%m"))
    figure.update_xaxes(row=max(len(panels), 1), title={"text": say("scatter.x"), "font": {"size": 12}})
    figure.update_yaxes(tickformat=",~g", title={"text": scale.unit}, rangemode="tozero")
    dressed(figure, height=total + 190, legend=_high(total), margin={"l": 8, "r": 36, "t": 36, "b": 8})
    unit, source = say("scatter.unit", unit=scale.unit), say("source.runs", file="runs.csv")
    return Chart("scatter", say("scatter.title"), unit, source, figure, " ".join(notes))


def _means(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean fees and the latest month of each policy in each future."""
    keys = [*SETTING, "policy"]
    grouped = runs.assign(never=runs["clear_month"] == "").groupby(keys, sort=False)
    means = grouped.agg({"transition_fees": "mean", "clean": "all", "never": "any", "clear_month": "max"}).reset_index()
    return means.assign(clear_month=means["clear_month"].where(~means["never"], ""))


def _beyond(months: pd.Series) -> str:
    """Month, to the right of all others, at which runs stand that are never clear."""
    known = months[months != ""]
    if known.empty:
        return "2000-01"
    first, last = pd.Timestamp(known.min()), pd.Timestamp(known.max())
    span = (last.year - first.year) * 12 + last.month - first.month
    return str((last + pd.DateOffset(months=max(2, span // 8))).strftime("%Y-%m"))


def waits(table: pd.DataFrame, runs: pd.DataFrame, say: Locale) -> Chart:
    """Mean months of waiting by group of households and policy, a panel for each scenario and variant.

    Parameters
    ----------
    table
        Waits, as of `renewopt.comparison.Comparison`.
    runs
        For the colours.
    say
        Language.
    """
    mine = table[table["policy"] != PERFECT]
    mine = mine.assign(months=mine["wait_mean"].astype(float) * mine["households"].astype(float))
    keys = [*PLACE, "kind", "group", "policy"]
    summed = mine.groupby(keys, sort=False)[["months", "households"]].sum().reset_index()
    summed["mean"] = summed["months"] / summed["households"]
    shades = _shades(runs)
    signs = {name: SYMBOLS[place % len(SYMBOLS)] for place, name in enumerate(shades)}
    panels = []
    hidden = False
    for key, group in _panels(summed, PLACE):
        groups = group[["kind", "group"]].drop_duplicates()
        hidden |= len(groups) > GROUPS_SHOWN
        panels.append((key, group.merge(groups.head(GROUPS_SHOWN), on=["kind", "group"])))
    heights = [34 * len(group[["kind", "group"]].drop_duplicates()) + 20 for _, group in panels]
    figure, total = _stack([setting_label(key, say) for key, _ in panels] or [""], heights or [100])
    told: set[str] = set()
    for row, (_, group) in enumerate(panels, start=1):
        taken: set[str] = set()
        names = {
            (str(kind), str(which)): distinct(short(_group(str(kind), str(which), say)), taken)
            for kind, which in group[["kind", "group"]].drop_duplicates().to_numpy()
        }
        order = list(names.values())
        for policy, rows in group.groupby("policy", sort=False):
            name = str(policy)
            labels = [names[str(kind), str(which)] for kind, which in rows[["kind", "group"]].to_numpy()]
            figure.add_scatter(
                row=row,
                x=[round(value, 2) for value in rows["mean"].tolist()],
                y=labels,
                mode="markers",
                name=_policy(name, say),
                legendgroup=name,
                showlegend=name not in told,
                marker={"color": shades[name], "size": 11, "opacity": 0.85, "symbol": signs[name]},
                hovertemplate="%{y}: %{x:,.1f} " + say("unit.months"),
            )  # fmt: skip
            told.add(name)
        figure.update_yaxes(row=row, type="category", categoryorder="array", categoryarray=order[::-1], dtick=1)
    figure.update_xaxes(rangemode="tozero", tickformat=",~g")
    figure.update_xaxes(row=max(len(panels), 1), title={"text": say("unit.months"), "font": {"size": 12}})
    dressed(figure, height=total + 170, legend=_high(total), margin={"l": 8, "r": 36, "t": 36, "b": 8})
    notes = _cut(summed, PLACE, say) + ([say("others.groups", shown=GROUPS_SHOWN)] if hidden else [])
    source = say("source.runs", file="waits.csv")
    return Chart("waits", say("waits.title"), say("waits.unit"), source, figure, " ".join(notes))


def _group(kind: str, name: str, say: Locale) -> str:
    key = f"waits.kind.{kind}"
    return plain(say(key, group=name) if known(key) else f"{kind} {name}")


def settled(table: pd.DataFrame, runs: pd.DataFrame, say: Locale, *, most: float | None = None) -> Chart:
    """Households housed up to each month, mean of the runs of each policy; a panel for each setting, all on one scale.

    Parameters
    ----------
    table
        As of `renewopt.comparison.Comparison`: columns of a run, ``month``, ``settled``.
    runs
        For the colours.
    say
        Language.
    most
        Households that the axes reach; default: the most that are housed in any panel.
    """
    mine = table[table["policy"] != PERFECT]
    span = span_of(mine["month"])
    keyed = mine.assign(month=span.key(mine["month"]), settled=mine["settled"].astype(float))
    # Of a year, the last month: households housed never become fewer.
    last = keyed.groupby([*SETTING, "policy", "seed", "month"], sort=False)["settled"].max().reset_index()
    means = last.groupby([*SETTING, "policy", "month"], sort=False)["settled"].mean().reset_index()
    shades = _shades(runs)
    panels = list(_panels(means, SETTING))
    titles = [setting_label(key, say, alone=is_alone(runs)) for key, _ in panels]
    figure, total = _stack(titles or [""], [210] * max(len(panels), 1))
    told: set[str] = set()
    for row, (_, group) in enumerate(panels, start=1):
        for policy, rows in group.groupby("policy", sort=False):
            name = str(policy)
            figure.add_scatter(
                row=row,
                x=rows["month"].tolist(),
                y=[round(value, 2) for value in rows["settled"].tolist()],
                **span.lines,
                mode="lines",
                name=_policy(name, say),
                legendgroup=name,
                showlegend=name not in told,
                line={
                    "color": shades[name],
                    "dash": DASHES[list(shades).index(name) % len(DASHES)],
                    "shape": "hv",
                    "width": 2,
                },
                hovertemplate="%{x}: %{y:,.1f} " + say("unit.households"),
            )
            told.add(name)
    figure.update_xaxes(**time_axis(span.tick, means["month"]))
    most = float(means["settled"].max()) if most is None and len(means) else most or 1.0
    figure.update_yaxes(range=[0, 1.05 * most], tickformat=",~g", title={"text": say("unit.households")})
    dressed(figure, height=total + 150, legend=_high(total), margin={"l": 8, "r": 36, "t": 36, "b": 8})
    notes = _cut(means, SETTING, say)
    source = say("source.runs", file="settled.csv")
    return Chart("settled", say("settled.title"), say("settled.unit"), source, figure, " ".join(notes))


def regret(runs: pd.DataFrame, say: Locale) -> Chart | None:
    """Spread of what each policy pays above the proven bound of the same world, over runs in order; None without any.

    Parameters
    ----------
    runs
        As of `renewopt.comparison.Comparison`.
    say
        Language.
    """
    known = runs[(runs["policy"] != PERFECT) & runs["regret"].notna()]
    if known.empty:
        return None
    scale = money_scale(float(known["regret"].max()), say)
    shades = _shades(runs)
    panels = list(_panels(known, PLACE))
    sizes = [group["policy"].nunique() for _, group in panels]
    figure, total = _stack([setting_label(key, say) for key, _ in panels], [34 * size + 20 for size in sizes])
    for row, (_, group) in enumerate(panels, start=1):
        order = group.groupby("policy")["regret"].median().sort_values(kind="stable").index.tolist()
        for policy in order:
            values = group.loc[group["policy"] == policy, "regret"]
            label = _policy(str(policy), say)
            figure.add_box(
                row=row,
                x=scale.of(values),
                y=[label] * len(values),
                orientation="h",
                name=label,
                boxpoints="all" if len(values) <= POINTS_SHOWN else "outliers",
                jitter=0.5,
                pointpos=0.0,
                line={"color": shades[str(policy)]},
                marker={"size": 6, "opacity": 0.7},
                showlegend=False,
                hovertemplate="%{y}: %{x:,.4~g} " + scale.unit + "<extra></extra>",
            )
        labels = [_policy(str(policy), say) for policy in order]
        figure.update_yaxes(row=row, type="category", categoryorder="array", categoryarray=labels[::-1], dtick=1)
    figure.update_xaxes(rangemode="tozero", tickformat=",~g")
    figure.update_xaxes(row=len(panels), title={"text": scale.unit, "font": {"size": 12}})
    dressed(figure, height=total + 80, margin={"l": 8, "r": 36, "t": 36, "b": 8})
    never = [name for name in shades if name not in set(known["policy"])]
    notes = [say("regret.never", policies=say.joined(_policy(name, say) for name in never))] if never else []
    notes += _cut(known, PLACE, say)
    unit, source = say("regret.unit", unit=scale.unit), say("source.runs", file="runs.csv")
    return Chart("regret", say("regret.title"), unit, source, figure, " ".join(notes))
