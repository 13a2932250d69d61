"""The report of a comparison: from its tables alone."""

from __future__ import annotations

import math

import pandas as pd

from renewopt.charts.comparing import (
    PANELS_SHOWN,
    SETTING,
    future_called,
    is_alone,
    ranking_scale,
    setting_label,
    shown_columns,
)
from renewopt.charts.labels import Language, Locale
from renewopt.charts.scales import Scale, money_scale
from renewopt.comparison.introducing import tell_future, tell_policy, words_of
from renewopt.comparison.message import cost_name
from renewopt.comparison.plots import ComparisonPlots
from renewopt.comparison.runs import KINDS, Runs
from renewopt.results.reporting.page import Table, fragment, page
from renewopt.vocabulary import PERFECT
from renewopt.wording import of_its_place

__all__ = ["comparison_report", "measure_name", "ranking_columns"]

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
    say = words_of(comparison.stated, lang)
    ranked = comparison.ranking(measure)
    runs = comparison.runs[comparison.runs["policy"] != PERFECT]
    name = measure_name(comparison, measure, say)
    told = list(dict.fromkeys(map(str, comparison.runs["policy"])))
    counts = {"policies": runs["policy"].nunique(), "futures": runs["future"].nunique(), "runs": f"{len(runs):,}"}
    return page(
        "comparison.html.j2",
        say,
        ComparisonPlots(comparison, lang).all(measure),
        title=say("comparison.title"),
        subtitle=[*dict.fromkeys(str(scenario) for scenario in runs["scenario"]), say("compare.subtitle", **counts)],
        message=comparison.tell(lang),
        breaks=comparison.tell_breaks(lang),
        tables=_rankings(ranked, runs, measure, name, say),
        settings=len(runs[SETTING].drop_duplicates()),
        panels=PANELS_SHOWN,
        unclean=_unclean(runs, say),
        failures=_failures(runs, say),
        setup=_setup(comparison.runs, say),
        futures=_futures(comparison, runs, say),
        policies=[(_policy(name, say), tell_policy(name, comparison.stated.policies.get(name), say)) for name in told],
    )


@of_its_place
def show_comparison(comparison: Runs, lang: Language = "en", measure: str = "objective") -> str:
    """Show who ranks where in each setting as a piece of HTML, with no script in it."""
    say = words_of(comparison.stated, lang)
    ranked = comparison.ranking(measure)
    runs = comparison.runs[comparison.runs["policy"] != PERFECT]
    name = measure_name(comparison, measure, say)
    counts = {"policies": runs["policy"].nunique(), "futures": runs["future"].nunique(), "runs": f"{len(runs):,}"}
    return fragment(
        "compared.html.j2",
        say,
        title=say("comparison.title"),
        subtitle=say("compare.subtitle", **counts),
        message=comparison.tell(lang),
        tables=_rankings(ranked, runs, measure, name, say),
    )


def _is_money(measure: str) -> bool:
    return KINDS.get(measure) == "money"


def _policy(name: object, say: Locale) -> str:
    return say.word("policy", str(name))


def _rankings(
    ranked: pd.DataFrame, runs: pd.DataFrame, measure: str, name: str, say: Locale
) -> list[tuple[str, Table]]:
    tables, shown = [], shown_columns(measure)
    for key, group in list(ranked.groupby(SETTING, sort=False))[:PANELS_SHOWN]:
        # Futures are compared with each other: within a scenario, all tables have one unit.
        whole = ranked[ranked["scenario"] == key[0]]
        scale = ranking_scale(whole, measure, say) if _is_money(measure) else Scale(1.0, "–")
        columns = ranking_columns(group, measure)
        rows = []
        for row in group.to_dict("records"):
            low, high = row[shown["low"]], row[shown["high"]]
            interval = f"{_figure(max(low, 0.0), scale)} … {_figure(high, scale)}"
            cells = {
                "rank": f"{row['rank']}",
                "policy": _policy(row["policy"], say),
                "runs": f"{row['runs']:,}",
                "clean": f"{row['clean']:.0%}",
                "mean": _figure(row[shown["mean"]], scale),
                "interval": "–" if math.isnan(low) else interval,
                "missing": _figure(row["shortfall"], scale),
                "regret": _figure(row["regret"], scale),
                "against": _figure(row[shown["against_waiting"]], scale, signed=True),
                "wins": f"{row['wins']:.0%}",
            }
            rows.append([cells[column] for column in columns])
        caption = say("compare.measured", measure=name, unit=scale.unit)
        if (group["all_runs"] > group["runs"]).any():
            caption = f"{caption}; {say('compare.shared', runs=int(group['runs'].max()))}"
        head = [say(f"column.{column}") for column in columns]
        tables.append((setting_label(key, say, alone=is_alone(runs)), Table(caption, head, rows, range(2, len(head)))))
    return tables


def ranking_columns(ranked: pd.DataFrame, measure: str) -> list[str]:
    """Columns of a ranking as it is shown: what is missing beside money; intervals and bounds that are known."""
    missing = ["missing"] if _is_money(measure) else []
    regret = ["regret"] if measure == "objective" and ranked["regret"].notna().any() else []
    interval = ["interval"] if ranked[shown_columns(measure)["low"]].notna().any() else []
    return ["rank", "policy", "runs", "clean", "mean", *interval, *missing, *regret, "against", "wins"]


def measure_name(comparison: Runs, measure: str, say: Locale) -> str:
    """Call what a ranking shows: of objectives the cost, without the penalty on missing money."""
    if measure == "objective":
        return cost_name(comparison.runs, say)
    return say.word("compare.measure", measure).removeprefix("compare.measure.")


def _figure(value: float, scale: Scale, *, signed: bool = False) -> str:
    if math.isnan(value):
        return "–"
    sign = "+" if signed and value > 0 else ""
    return f"{value / scale.yuan:{sign},.2f}" if scale.yuan > 1 else f"{value:{sign},.6g}"


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
            " · ".join(filter(None, (str(row["reason"]), str(row["failed_at"])))),
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
    base = say("assume.base")
    rows = [
        ("scenarios", say.apart(dict.fromkeys(map(str, ours["scenario"])))),
        ("variants", say.apart(str(variant) or base for variant in dict.fromkeys(ours["variant"]))),
        ("runs", f"{len(ours):,}"),
    ]
    decided = ours[ours["starts"] != ""].drop_duplicates("policy")
    if len(decided):
        by_rule = zip(decided["policy"], decided["starts"], strict=True)
        each = (say.headed(_policy(name, say), say.word("start_rule", rule)) for name, rule in by_rule)
        rows.append(("starts", say.apart(each)))
    told = [(say(f"setup.{key}"), value) for key, value in rows]
    if len(perfect):
        told.append((say("setup.perfect"), say("setup.perfect.value", count=f"{len(perfect):,}")))
    return told


def _futures(comparison: Runs, runs: pd.DataFrame, say: Locale) -> list[tuple[str, str]]:
    """What each future does, with its draws; of several scenarios or variants, of each that says otherwise."""
    told: dict[tuple[str, str], list[str]] = {}
    draws = runs.groupby("future", sort=False)["seed"].nunique()
    for scenario, variant, future in runs[SETTING].drop_duplicates().itertuples(index=False, name=None):
        sentence = tell_future(comparison.stated, (scenario, variant), future, say)
        told.setdefault((future, sentence), []).append(setting_label((scenario, variant), say))
    several = {future for future, _ in told if sum(name == future for name, _ in told) > 1}
    rows = []
    for (future, sentence), places in told.items():
        name = say("setup.draws", future=future_called(future, say), count=int(draws[future]))
        comma = say("brief.join")
        rows.append((f"{name} · {comma.join(places)}" if future in several else name, sentence))
    return rows
