"""Runs of a comparison: tidy tables, their columns, and the statistics that rank policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from renewopt.comparison import statistics
from renewopt.comparison.introducing import Compared, words_of
from renewopt.wording import HERE, Names, Place, words

if TYPE_CHECKING:
    from renewopt.comparison.discovery import Discovery
    from renewopt.wording import Language

__all__ = ["DRAWN_FIGURES", "KEYS", "KINDS", "PAIRS", "RANKING", "SETTLED", "TIMINGS", "WAITS", "Runs", "check_measure"]

KEYS = {"scenario": "text", "variant": "text", "policy": "text", "future": "text", "seed": "count"}
KINDS = {
    **KEYS,
    "status": "text",
    "clean": "yes",
    "objective": "money",
    "cost": "money",
    "penalty": "money",
    "bound": "money",
    "regret": "money",
    "transition_fees": "money",
    "ordinary_fees": "money",
    "overdue_fees": "money",
    "fees_after_horizon": "money",
    "surcharges": "money",
    "fiscal_cost": "money",
    "saved_against_waiting": "money",
    "saved_office": "money",
    "programme_delay": "money",
    "started": "count",
    "not_started": "count",
    "shortfall": "money",
    "missed_deadlines": "count",
    "missed_targets": "count",
    "reserve_months_short": "count",
    "households": "count",
    "settled": "count",
    "clear_month": "text",
    "all_settled_month": "text",
    "overdue_peak": "count",
    "wait_mean": "number",
    "wait_p90": "count",
    "wait_longest": "count",
    "wait_spread_of_projects": "number",
    "arrears_peak": "money",
    "idle_mean": "money",
    "idle_peak": "money",
    "phases": "count",
    "starts": "text",
    "reason": "text",
    "failed_at": "text",
}
"""Columns of runs.csv; ``starts``: the rule by which a policy starts what is left to decide."""
WAITS = {
    **KEYS,
    "kind": "text",
    "group": "text",
    "households": "count",
    "wait_mean": "number",
    "wait_p90": "count",
    "wait_longest": "count",
}
SETTLED = {**KEYS, "month": "text", "settled": "count"}
DRAWN_FIGURES = {
    **{name: kind for name, kind in KEYS.items() if name != "policy"},
    "what": "text",
    "of": "text",
    "value": "number",
}
TIMINGS = {**KEYS, "what": "text", "seconds": "number"}
PLACES = {name: KEYS[name] for name in ("scenario", "variant", "future")}
RANKING = {
    **PLACES,
    "rank": "count",
    "policy": "text",
    "runs": "count",
    "clean": "number",
    "mean": "money",
    "low": "money",
    "high": "money",
    "regret": "money",
    "cost": "money",
    "cost_low": "money",
    "cost_high": "money",
    "shortfall": "money",
    "against_waiting": "money",
    "against_low": "money",
    "against_high": "money",
    "cost_against_waiting": "money",
    "p": "number",
    "wins": "number",
    "all_runs": "count",
    "all_clean": "number",
    "all_mean": "money",
}
PAIRS = {
    **PLACES,
    "policy": "text",
    "other": "text",
    "runs": "count",
    "difference": "money",
    "low": "money",
    "high": "money",
    "p": "number",
    "wins": "number",
}


def check_measure(measure: str) -> None:
    """Refuse what cannot be ranked by.

    Raises
    ------
    ValueError
        If it is no figure of the runs.
    """
    if KINDS.get(measure) not in {"money", "number", "count"}:
        raise ValueError(words("{value!r} is no figure of runs.csv", value=measure))


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of policies in worlds, with their statistics.

    Attributes
    ----------
    runs
        One row for each scenario × variant × policy × future × seed, columns as of runs.csv; missing figures NaN.
        Policy ``perfect`` is the optimiser that knows the future: its proven bound stands in column ``bound`` of
        every run in the same world.
    waits
        Waits of each run by project, urgency weight and strict goal.
    settled
        Households housed up to each month, run by run.
    timings
        Seconds of the processor for each run, and for each plan (column ``what``).
    place
        Whose currency and words the report uses.
    drawn
        Figures of each future that was drawn: `renewopt.futures.drawn_of`.
    stated
        What futures and policies are.
    """

    runs: pd.DataFrame
    waits: pd.DataFrame
    settled: pd.DataFrame
    timings: pd.DataFrame
    place: Place = HERE
    drawn: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DRAWN_FIGURES)))
    stated: Compared = field(default_factory=Compared)

    def ranking(self, measure: str = "objective") -> pd.DataFrame:
        """Rank the policies of each setting: see `renewopt.comparison.statistics.rank`."""
        check_measure(measure)
        return statistics.rank(self.runs, measure)

    def pairs(self, measure: str = "objective") -> pd.DataFrame:
        """Set every policy against every other one: see `renewopt.comparison.statistics.pairs`."""
        check_measure(measure)
        return statistics.pairs(self.runs, measure)

    def paired(self, policy: str, other: str, measure: str = "objective", **where: object) -> statistics.Interval:
        """Mean difference of two policies in the same worlds.

        Parameters
        ----------
        **where
            Columns that are to have a value, such as ``future="rough"``.
        """
        one, two = self._common(policy, other, measure, where)
        return statistics.paired(one, two)

    def tail(self, policy: str, other: str, level: float = 0.9, **where: object) -> statistics.Interval:
        """CVaR of a policy's objective less that of another in the same worlds; below 0: the first is better."""
        one, two = self._common(policy, other, "objective", where)
        return statistics.tail_difference(one, two, level)

    def discover(self, policy: str | None = None, *, cost_above: float | None = None, **where: object) -> Discovery:
        """Find when a policy breaks: limits of what was drawn, within which most of its runs are not in order.

        Parameters
        ----------
        policy
            Default: ``optimal``; where it was not run, who does best as planned.
        cost_above
            Yuan of ``cost`` above which a run counts as broken; None: runs that are not in order do.
        **where
            ``scenario`` and ``variant``, where there are several.

        Raises
        ------
        ValueError
            If there is no such run, or they are of several scenarios or variants.
        """
        from renewopt.comparison.discovery import discover
        from renewopt.comparison.message import base_policy

        chosen, drawn = _where(self.runs, where), _where(self.drawn, where)
        places = chosen[["scenario", "variant"]].drop_duplicates().to_numpy().tolist()
        if len(places) > 1:
            raise ValueError(
                words(
                    "runs of {places}: name one, scenario=… and variant=…",
                    places=Names(", ".join(filter(None, place)) for place in places),
                )
            )
        name = policy or (base_policy(chosen) if len(chosen) else "")
        if name not in set(chosen["policy"]):
            raise ValueError(words("there is no run of policy {name!r} in this part of the comparison", name=name))
        return discover(chosen, drawn, self.stated, name, cost_above)

    @property
    def message(self) -> list[str]:
        """What the comparison says, in English sentences: does the plan hold, what holds better, at what premium."""
        return self.tell()

    def tell(self, lang: Language = "en") -> list[str]:
        """Say it in a language.

        Parameters
        ----------
        lang : {'en', 'zh'}

        Returns
        -------
        list of str
            The first sentence first. Premiums are yuan, and per cent of what the policy that is named costs as planned.
        """
        from renewopt.comparison.message import tell_message

        with self.place.spoken():
            return tell_message(self.runs, words_of(self.stated, lang))

    def tell_breaks(self, lang: Language = "en") -> list[str]:
        """Say when the plan breaks, and when those do that could be taken instead, for each scenario and variant.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.charts.comparing import PANELS_SHOWN
        from renewopt.comparison.discovery import tell_discovery
        from renewopt.comparison.message import cost_name, in_setting, taken_instead

        told: list[str] = []
        with self.place.spoken():
            say = words_of(self.stated, lang)
            places = self.runs[["scenario", "variant"]].drop_duplicates().itertuples(index=False, name=None)
            for scenario, variant in list(places)[:PANELS_SHOWN]:
                where = {"scenario": scenario, "variant": variant}
                mine = self.runs[(self.runs["scenario"] == scenario) & (self.runs["variant"] == variant)]
                found = [self.discover(**where)]
                others = [self.discover(policy, **where) for policy in taken_instead(mine, say)]
                found += [each for each in others if each.breaks]
                for each in found:
                    if each.broken:
                        sentences = tell_discovery(each, cost_name(self.runs, say), say)
                        told += in_setting(self.runs, (scenario, variant), sentences, say)
        return told

    def _common(self, policy: str, other: str, measure: str, where: dict[str, object]) -> tuple[Any, Any]:
        chosen = _where(self.runs, where)
        for name in (policy, other):
            if name not in set(chosen["policy"]):
                raise ValueError(words("there is no run of policy {name!r} in this part of the comparison", name=name))
        one, two = (
            chosen[chosen["policy"] == name].set_index(statistics.WORLD)[measure].astype(float)
            for name in (policy, other)
        )
        worlds = one.index.intersection(two.index)
        return one.loc[worlds].to_numpy(dtype=np.float64), two.loc[worlds].to_numpy(dtype=np.float64)


def _where(frame: pd.DataFrame, where: dict[str, object]) -> pd.DataFrame:
    """Rows whose columns have the values asked for."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame
