"""Runs of a comparison: tidy tables, their columns, and the statistics that rank policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from renewopt.comparison import statistics
from renewopt.wording import HERE, Place, words

__all__ = ["KEYS", "KINDS", "PAIRS", "RANKING", "SETTLED", "TIMINGS", "WAITS", "Runs", "check_measure"]

KEYS = {"scenario": "text", "variant": "text", "policy": "text", "future": "text", "seed": "count"}
KINDS = {
    **KEYS,
    "status": "text",
    "clean": "yes",
    "objective": "money",
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
    "against_waiting": "money",
    "against_low": "money",
    "against_high": "money",
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
    """

    runs: pd.DataFrame
    waits: pd.DataFrame
    settled: pd.DataFrame
    timings: pd.DataFrame
    place: Place = HERE

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

    def _common(self, policy: str, other: str, measure: str, where: dict[str, object]) -> tuple[Any, Any]:
        chosen = self.runs
        for column, value in where.items():
            chosen = chosen[chosen[column] == value]
        for name in (policy, other):
            if name not in set(chosen["policy"]):
                raise ValueError(words("there is no run of policy {name!r} in this part of the comparison", name=name))
        one, two = (
            chosen[chosen["policy"] == name].set_index(statistics.WORLD)[measure].astype(float)
            for name in (policy, other)
        )
        worlds = one.index.intersection(two.index)
        return one.loc[worlds].to_numpy(dtype=np.float64), two.loc[worlds].to_numpy(dtype=np.float64)
