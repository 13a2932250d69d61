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

    from rich.progress import Progress

    from renewopt.comparison import Comparison, Step

__all__ = ["StepShower", "show_ranking"]

PLAIN_SECONDS = 10.0


class StepShower(AbstractContextManager["StepShower"]):
    """A bar with the time left on a terminal, now and then a line in a pipe, nothing if quiet."""

    def __init__(self, lang: Language, *, quiet: bool) -> None:
        self._lang, self._quiet = lang, quiet
        self._bar: Progress | None = None
        self._next = -math.inf

    def __call__(self, step: Step) -> None:
        """Show how far it is."""
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
def show_ranking(comparison: Comparison, measure: str, lang: Language) -> None:
    """Print a table for each scenario, variant and future: who ranks where, by how much."""
    from renewopt.comparison.runs import KINDS
    from renewopt.comparison.statistics import SETTING
    from renewopt.results.aligning import align

    columns = ("rank", "policy", "runs", "clean", "mean", "interval", "regret", "saved", "wins")
    head = [say(lang, f"column.{name}") for name in columns]
    table, money = comparison.ranking(measure), KINDS.get(measure) == "money"
    for setting, group in table.groupby(SETTING, sort=False):
        scenario, variant, future = (str(part) for part in setting)
        name = f"{scenario}, {variant}" if variant else scenario
        tell(say(lang, f"compare.title{'.money' if money else ''}", scenario=name, future=future, measure=measure))
        rows = []
        for row in group.itertuples(index=False):
            mean = float(row.mean)  # type: ignore[arg-type]
            rows.append(
                [
                    str(row.rank),
                    visible(word(lang, "policy", str(row.policy)), keep=""),
                    str(row.runs),
                    f"{row.clean:.0%}",
                    _amount(lang, mean, money=money),
                    _interval(lang, float(row.low), float(row.high), money=money),  # type: ignore[arg-type]
                    _amount(lang, float(row.regret), money=money),  # type: ignore[arg-type]
                    _amount(lang, 0.0 - float(row.against_waiting), money=money),  # type: ignore[arg-type]
                    f"{row.wins:.0%}",
                ]
            )
        tell("\n".join(align(head, rows, numbers=range(2, len(head)))))
        if (group["all_runs"] > group["runs"]).any():
            tell(say(lang, "compare.told", runs=int(group["runs"].max())))
        tell()
    failed = comparison.runs[comparison.runs["status"] == "failed"]
    for row in failed.itertuples(index=False):
        where = " · ".join(str(part) for part in (row.scenario, row.variant, row.policy, row.future, row.seed) if part)
        tell(say(lang, "compare.failed", where=where, reason=row.reason))


def _amount(lang: Language, amount: float, *, money: bool) -> str:
    if math.isnan(amount):
        return ""
    return in_table(lang, amount) if money else f"{amount:,.10g}"


def _interval(lang: Language, low: float, high: float, *, money: bool) -> str:
    if math.isnan(low):
        return ""
    least, most = (_amount(lang, value, money=money) for value in (low, high))
    return say(lang, "explain.resolved.range", least=least, most=most)
