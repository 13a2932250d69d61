"""Comparisons on a terminal: how far they are, and who ranks where."""

from __future__ import annotations

import math
import sys
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING

from renewopt.cli import showing
from renewopt.cli.showing import duration
from renewopt.cli.speaking import tell
from renewopt.wording import Language, of_its_place, visible
from renewopt.wording.amounts import in_table
from renewopt.wording.phrases import say, word

if TYPE_CHECKING:
    from types import TracebackType

    import pandas as pd
    from rich.progress import Progress

    from renewopt.comparison import Comparison, Step
    from renewopt.comparison.agenda import Failed

__all__ = ["StepShower", "show_comparison"]

PLAIN_SECONDS = 10.0


class StepShower(AbstractContextManager["StepShower"]):
    """A bar with the time left on a terminal, now and then a line in a pipe, nothing if quiet.

    A policy that fails is told of at once, quiet or not, once for each place and reason.
    """

    def __init__(self, lang: Language, *, quiet: bool) -> None:
        self._lang, self._quiet = lang, quiet
        self._bar: Progress | None = None
        self._next = -math.inf
        self._told: set[Failed] = set()

    def __call__(self, step: Step) -> None:
        """Show how far it is, and what has failed."""
        if step.failed is not None and step.failed not in self._told:
            self._told.add(step.failed)
            self._tell_failure(_failure(self._lang, step.what, step.failed.reason, step.failed.place))
        if self._quiet:
            return
        if sys.stderr.isatty():
            self._live(step)
        elif showing.clock() >= self._next or step.done == step.total:
            self._next = showing.clock() + PLAIN_SECONDS
            parts = [say(self._lang, "compare.progress", done=step.done, total=step.total), step.what]
            if step.left is not None and step.done < step.total:
                parts.append(say(self._lang, "compare.left", time=duration(step.left, self._lang)))
            with suppress(OSError):
                tell(" · ".join(filter(None, parts)), err=True)

    def _tell_failure(self, text: str) -> None:
        if self._bar is not None:
            self._bar.console.print(visible(text, keep=""), markup=False, highlight=False, soft_wrap=True)
            return
        with suppress(OSError):
            tell(visible(text, keep=""), err=True)

    def _live(self, step: Step) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if self._bar is None:
            self._bar = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.description}", markup=False),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.add_task("", total=step.total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=step.done, description=visible(step.what, keep=""))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the showing."""
        if self._bar is not None:
            self._bar.stop()


@of_its_place
def show_comparison(comparison: Comparison, measure: str, lang: Language) -> None:
    """Print what it says, what was compared, and a table for each scenario, variant and future."""
    from renewopt.charts.comparing import future_called
    from renewopt.comparison.introducing import tell_future, tell_policy, words_of
    from renewopt.comparison.report import measure_name
    from renewopt.comparison.runs import KINDS
    from renewopt.comparison.statistics import SETTING

    locale = words_of(comparison.stated, lang)
    tell("\n".join(comparison.tell(lang)))
    if breaks := comparison.tell_breaks(lang):
        tell(f"\n{say(lang, 'head.breaks')}")
        tell("\n".join(breaks))
    tell(f"\n{say(lang, 'setup.policies')}")
    for policy in dict.fromkeys(map(str, comparison.runs["policy"])):
        does = tell_policy(policy, comparison.stated.policies.get(policy), locale)
        tell(f"  {word(lang, 'policy', policy)} — {does}")
    tell()
    name = measure_name(comparison, measure, locale)
    for setting, group in comparison.ranking(measure).groupby(SETTING, sort=False):
        scenario, variant, future = (str(part) for part in setting)
        where = f"{scenario}, {variant}" if variant else scenario
        called = future_called(future, locale)
        title = "compare.title.money" if KINDS.get(measure) == "money" else "compare.title"
        tell(say(lang, title, scenario=where, future=called, measure=name))
        does = tell_future(comparison.stated, (scenario, variant), future, locale)
        tell(f"  {does}")
        _show_ranking(group, measure, lang)
    _show_failures(comparison, lang)


def _show_ranking(group: pd.DataFrame, measure: str, lang: Language) -> None:
    from renewopt.charts.comparing import shown_columns
    from renewopt.comparison.report import ranking_columns
    from renewopt.comparison.runs import KINDS
    from renewopt.results.aligning import align

    shown, columns = shown_columns(measure), ranking_columns(group, measure)
    head = [say(lang, f"column.{name}") for name in columns]
    money = KINDS.get(measure) == "money"
    rows = []
    for row in group.to_dict("records"):
        cells = {
            "rank": str(row["rank"]),
            "policy": visible(word(lang, "policy", str(row["policy"])), keep=""),
            "runs": str(row["runs"]),
            "clean": f"{row['clean']:.0%}",
            "mean": _amount(lang, row[shown["mean"]], money=money),
            "interval": _interval(lang, row[shown["low"]], row[shown["high"]], money=money),
            "missing": _amount(lang, row["shortfall"], money=True),
            "regret": _amount(lang, row["regret"], money=money),
            "against": _difference(lang, row[shown["against_waiting"]], money=money),
            "wins": f"{row['wins']:.0%}",
        }
        rows.append([cells[name] for name in columns])
    tell("\n".join(align(head, rows, numbers=range(2, len(head)))))
    if (group["all_runs"] > group["runs"]).any():
        tell(say(lang, "compare.told", runs=int(group["runs"].max())))
    tell()


def _show_failures(comparison: Comparison, lang: Language) -> None:
    failed = comparison.runs[comparison.runs["status"] == "failed"]
    for row in failed.itertuples(index=False):
        parts = (row.scenario, row.variant, row.policy, row.future, row.seed)
        where = " · ".join(str(part) for part in parts if part != "")
        tell(_failure(lang, where, str(row.reason), str(row.failed_at)))


def _failure(lang: Language, where: str, reason: str, place: str) -> str:
    """Tell of a failure, with the file and line of a policy's own code."""
    file, _, line = place.rpartition(":")
    if not file:
        return say(lang, "compare.failed", where=where, reason=reason)
    return say(lang, "compare.failed.at", where=where, reason=reason, file=file, line=line)


def _amount(lang: Language, amount: float, *, money: bool) -> str:
    if math.isnan(amount):
        return ""
    return in_table(lang, amount) if money else f"{amount:,.10g}"


def _difference(lang: Language, amount: float, *, money: bool) -> str:
    told = _amount(lang, amount, money=money)
    return f"+{told}" if amount > 0 else told


def _interval(lang: Language, low: float, high: float, *, money: bool) -> str:
    if math.isnan(low):
        return ""
    least, most = (_amount(lang, value, money=money) for value in (low, high))
    return say(lang, "explain.resolved.range", least=least, most=most)
