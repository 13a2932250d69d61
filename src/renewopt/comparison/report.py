"""The report of a comparison: from its tables alone."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from renewopt.charts.comparing import PANELS_SHOWN, SETTING, is_alone, setting_label
from renewopt.charts.labels import Language, Locale
from renewopt.charts.scales import Scale, money_scale
from renewopt.comparison.plots import ComparisonPlots
from renewopt.comparison.runs import KINDS, Runs
from renewopt.results.reporting.page import Table, page, words_for
from renewopt.vocabulary import PERFECT
from renewopt.wording import of_its_place
from renewopt.wording.amounts import yuan

__all__ = ["comparison_report"]

ROWS_SHOWN = 80
FAILURES_SHOWN = 40


@of_its_place
def comparison_report(comparison: Runs, lang: Language = "en", measure: str = "objective") -> str:
    """Write the report of a comparison as one HTML file.

    Parameters
    ----------
    comparison
        With one run or more.
    lang
        ``en`` or ``zh``.
    measure
        Column of the runs that is ranked by.
    """
    say = words_for(lang)
    ranked = comparison.ranking(measure)
    runs = comparison.runs[comparison.runs["policy"] != PERFECT]
    name = say.word("compare.measure", measure).removeprefix("compare.measure.")
    counts = {"policies": runs["policy"].nunique(), "futures": runs["future"].nunique(), "runs": f"{len(runs):,}"}
    return page(
        "comparison.html.j2",
        say,
        ComparisonPlots(comparison, lang).all(measure),
        title=say("comparison.title"),
        subtitle=[*dict.fromkeys(str(scenario) for scenario in runs["scenario"]), say("compare.subtitle", **counts)],
        best=_best(ranked, runs, measure, say),
        tables=_rankings(ranked, runs, measure, name, say),
        settings=len(runs[SETTING].drop_duplicates()),
        panels=PANELS_SHOWN,
        unclean=_unclean(runs, say),
        failures=_failures(runs, say),
        setup=_setup(comparison.runs, say),
    )


def _is_money(measure: str) -> bool:
    return KINDS.get(measure) == "money"


def _amount(value: float, measure: str, say: Locale) -> str:
    return yuan(say.lang, value) if _is_money(measure) else f"{value:,.4g}"


def _policy(name: object, say: Locale) -> str:
    return say.word("policy", str(name))


def _best(ranked: pd.DataFrame, runs: pd.DataFrame, measure: str, say: Locale) -> list[str]:
    """One sentence for each setting: who is first."""
    told = []
    for key, group in list(ranked.groupby(SETTING, sort=False))[:PANELS_SHOWN]:
        first = group.iloc[0]
        values: dict[str, Any] = {
            "setting": setting_label(key, say, alone=is_alone(runs)),
            "policy": _policy(first["policy"], say),
        }
        if first["clean"] < 1:
            told.append(say("compare.best.unclean", **values, clean=f"{first['clean']:.0%}"))
            continue
        saved = -float(first["against_waiting"])
        less = ""
        if saved > 0 and _is_money(measure):
            less = say("compare.best.saved", amount=yuan(say.lang, saved))
        told.append(say("compare.best", **values, mean=_amount(float(first["mean"]), measure, say), saved=less))
    return told


def _rankings(
    ranked: pd.DataFrame, runs: pd.DataFrame, measure: str, name: str, say: Locale
) -> list[tuple[str, Table]]:
    tables = []
    for key, group in list(ranked.groupby(SETTING, sort=False))[:PANELS_SHOWN]:
        scale = money_scale(float(group["mean"].abs().max()), say) if _is_money(measure) else Scale(1.0, "–")
        rows = [
            [
                f"{row['rank']}",
                _policy(row["policy"], say),
                f"{row['runs']:,}",
                f"{row['clean']:.0%}",
                _figure(row["mean"], scale),
                "–"
                if math.isnan(row["low"])
                else f"{_figure(max(row['low'], 0.0), scale)} … {_figure(row['high'], scale)}",
                _figure(row["regret"], scale),
                _figure(0.0 - row["against_waiting"], scale),
                f"{row['wins']:.0%}",
            ]
            for row in group.to_dict("records")
        ]
        columns = ("rank", "policy", "runs", "clean", "mean", "interval", "regret", "saved", "wins")
        caption = say("compare.measured", measure=name, unit=scale.unit)
        if (group["all_runs"] > group["runs"]).any():
            caption = f"{caption}; {say('compare.shared', runs=int(group['runs'].max()))}"
        head = [say(f"column.{column}") for column in columns]
        tables.append((setting_label(key, say, alone=is_alone(runs)), Table(caption, head, rows, range(2, len(head)))))
    return tables


def _figure(value: float, scale: Scale) -> str:
    if math.isnan(value):
        return "–"
    return f"{value / scale.yuan:,.2f}" if scale.yuan > 1 else f"{value:,.6g}"


def _unclean(runs: pd.DataFrame, say: Locale) -> Table | None:
    """Count the runs that are not in order, policy by policy in each setting."""
    marked = runs.assign(
        short=runs["shortfall"].fillna(0.0) > 0,
        missed=runs["missed_deadlines"].fillna(0.0) > 0,
        failed=runs["status"] == "failed",
        unclean=~runs["clean"].astype(bool),
    )
    scale = money_scale(float(runs["shortfall"].max()) if runs["shortfall"].notna().any() else 0.0, say)
    rows = []
    for key, group in marked.groupby([*SETTING, "policy"], sort=False):
        if group["unclean"].any():
            lacking = group.loc[group["short"], "shortfall"]
            counts = [len(group), *(int(group[name].sum()) for name in ("unclean", "short"))]
            mean = _figure(float(lacking.mean()), scale) if len(lacking) else "–"
            last = [f"{int(group[name].sum()):,}" for name in ("missed", "failed")]
            place = [setting_label(key[:3], say, alone=is_alone(runs)), _policy(key[3], say)]
            rows.append([*place, f"{counts[0]:,}", f"{counts[2]:,}", mean, *last])
    if not rows:
        return None
    columns = ("scenario", "policy", "runs", "short.runs", "short.mean", "missed.runs", "failed.runs")
    head = [say(f"column.{name}") for name in columns]
    more = say("page.more", count=len(rows) - ROWS_SHOWN, file="runs.csv") if len(rows) > ROWS_SHOWN else ""
    caption = say("compare.unclean.caption", unit=scale.unit)
    return Table(caption, head, rows[:ROWS_SHOWN], range(2, len(head)), more=more)


def _failures(runs: pd.DataFrame, say: Locale) -> Table | None:
    """List the runs that failed, or came to no plan, each with its reason."""
    failed = runs[runs["reason"] != ""]
    if failed.empty:
        return None
    rows = [
        [
            setting_label((row["scenario"], row["variant"], row["future"]), say, alone=is_alone(runs)),
            _policy(row["policy"], say),
            str(row["seed"]),
            say.word("runstatus", str(row["status"])),
            str(row["reason"]),
        ]
        for row in failed.head(FAILURES_SHOWN).to_dict("records")
    ]
    head = [say(f"column.{name}") for name in ("scenario", "policy", "seed", "status", "reason")]
    hidden = len(failed) - len(rows)
    more = say("page.more", count=hidden, file="runs.csv") if hidden else ""
    return Table("", head, rows, range(0), more=more)


def _setup(runs: pd.DataFrame, say: Locale) -> list[tuple[str, str]]:
    """Tell what was compared."""
    ours, perfect = runs[runs["policy"] != PERFECT], runs[runs["policy"] == PERFECT]
    draws = ours.groupby("future", sort=False)["seed"].nunique()
    base = say("assume.base")
    rows = [
        ("scenarios", "; ".join(dict.fromkeys(map(str, ours["scenario"])))),
        ("variants", "; ".join(str(variant) or base for variant in dict.fromkeys(ours["variant"]))),
        ("futures", "; ".join(f"{say.word('future', str(name))} ({count})" for name, count in draws.items())),
        ("policies", "; ".join(_policy(name, say) for name in dict.fromkeys(ours["policy"]))),
        ("runs", f"{len(ours):,}"),
    ]
    decided = ours[ours["starts"] != ""].drop_duplicates("policy")
    if len(decided):
        by_rule = zip(decided["policy"], decided["starts"], strict=True)
        each = (f"{_policy(name, say)}: {say.word('start_rule', rule)}" for name, rule in by_rule)
        rows.append(("starts", "; ".join(each)))
    told = [(say(f"setup.{key}"), value) for key, value in rows]
    if len(perfect):
        told.append((say("setup.perfect"), say("setup.perfect.value", count=f"{len(perfect):,}")))
    return told
