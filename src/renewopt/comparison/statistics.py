"""Means with intervals, paired differences, tails and ranks of runs; by scipy."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renewopt.vocabulary import PERFECT, PolicyName

__all__ = ["Interval", "cvar", "mean", "paired", "pairs", "rank", "tail_difference"]

Floats = NDArray[np.float64]
WORLD = ["scenario", "variant", "future", "seed"]
SETTING = ["scenario", "variant", "future"]
PAIR_COLUMNS = [*SETTING, "policy", "other", "runs", "difference", "low", "high", "p", "wins"]
CONFIDENCE = 0.95
RESAMPLES = 2_000


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval of 95 %; the ends are NaN where nothing can be said (one run).

    Attributes
    ----------
    value, low, high
        Of the measure.
    runs
        It rests on.
    p
        Chance of such a difference where there is none (Wilcoxon, two-sided); NaN where not asked or not known.
    """

    value: float
    low: float
    high: float
    runs: int
    p: float = float("nan")


def mean(values: Floats) -> Interval:
    """Mean with Student's interval.

    Examples
    --------
    >>> mean(np.array([3.0, 3.0])).low
    3.0
    """
    values = values[~np.isnan(values)]
    if values.size == 0:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    value = float(values.mean())
    if values.size == 1:
        return Interval(value, float("nan"), float("nan"), 1)
    if np.ptp(values) == 0:
        return Interval(value, value, value, values.size)
    from scipy import stats

    low, high = stats.t.interval(CONFIDENCE, values.size - 1, loc=value, scale=stats.sem(values))
    return Interval(value, float(low), float(high), values.size)


def paired(one: Floats, other: Floats) -> Interval:
    """Mean difference of two policies in the same worlds, with its interval and Wilcoxon's p."""
    difference = one - other
    difference = difference[~np.isnan(difference)]
    found = mean(difference)
    if found.runs < 2 or not difference.any():
        return found
    from scipy import stats

    p = float(stats.wilcoxon(difference).pvalue)
    return Interval(found.value, found.low, found.high, found.runs, p)


def cvar(values: Floats, level: float) -> float:
    """Mean of the worst ``1 − level`` of the values; a part of a value counts in part.

    Examples
    --------
    >>> float(cvar(np.arange(1.0, 11.0), 0.8))
    9.5
    """
    ordered = np.sort(values)[::-1]
    share = (1 - level) * values.size
    weights = np.clip(share - np.arange(values.size), 0, 1)
    return float((ordered * weights).sum() / weights.sum())


def tail_difference(one: Floats, other: Floats, level: float, seed: int = 0) -> Interval:
    """CVaR of one policy less that of another in the same worlds, with a bootstrap interval over worlds."""
    both = ~(np.isnan(one) | np.isnan(other))
    one, other = one[both], other[both]
    value = cvar(one, level) - cvar(other, level)
    if one.size < 2:
        return Interval(value, float("nan"), float("nan"), one.size)
    if np.array_equal(one, other):
        return Interval(value, value, value, one.size)
    from scipy import stats

    def statistic(place: NDArray[np.float64], axis: int = -1) -> Floats:
        rows = place.astype(np.int64)
        return np.apply_along_axis(lambda w: cvar(one[w], level) - cvar(other[w], level), axis, rows)

    found = stats.bootstrap(
        (np.arange(one.size, dtype=np.float64),),
        statistic,
        confidence_level=CONFIDENCE,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(value, float(found.low), float(found.high), one.size)


def rank(runs: pd.DataFrame, measure: str = "objective") -> pd.DataFrame:
    """Rank the policies of each setting: those that always keep to money and deadlines first, then by mean.

    Policies are compared in the same worlds: those in which every one of them was run. What some were run in besides
    shows in ``all_runs``, ``all_clean`` and ``all_mean``.

    Parameters
    ----------
    runs
        As of `renewopt.comparison.Comparison`.
    measure
        Column whose mean is compared; less is better.

    Returns
    -------
    pandas.DataFrame
        A row for each scenario × variant × future × policy: ``rank``, ``runs``, ``clean`` (share in order), ``mean``
        with ``low`` and ``high``, ``regret`` (mean, against the bound), ``cost`` with ``cost_low`` and ``cost_high``
        (money alone: the objective without the penalty on missing money), ``shortfall`` (mean of the money that is
        missing), ``against_waiting`` (paired difference to wait-for-build; below 0: the policy is better) with
        ``against_low``, ``against_high`` and ``p``, ``cost_against_waiting`` (the same of the cost), ``wins`` (share of
        worlds in which the policy is in order and no other one that is does better); ``all_runs``, ``all_clean``,
        ``all_mean``: of all worlds that the policy was run in.
    """
    rows = []
    policies = runs[runs["policy"] != PERFECT]
    for setting, group in policies.groupby(SETTING, sort=False):
        shared = _shared(group)
        wide = shared.assign(value=shared[measure].where(shared["clean"])).pivot_table(
            index="seed", columns="policy", values="value", aggfunc="first", dropna=False
        )
        best = wide.min(axis=1)
        for policy, every in group.groupby("policy", sort=False):
            mine = shared[shared["policy"] == policy]
            found = _mean_of(mine, measure)
            cost = _mean_of(mine, "cost")
            against = _against(shared, mine, measure)
            tried = wide[policy].loc[mine["seed"]]
            rows.append(
                {
                    **dict(zip(SETTING, setting, strict=True)),
                    "policy": policy,
                    "runs": len(mine),
                    "clean": float(mine["clean"].mean()),
                    "mean": found.value,
                    "low": found.low,
                    "high": found.high,
                    "regret": float(mine["regret"].mean()),
                    "cost": cost.value,
                    "cost_low": cost.low,
                    "cost_high": cost.high,
                    "shortfall": _mean_of(mine, "shortfall").value,
                    "against_waiting": against.value,
                    "against_low": against.low,
                    "against_high": against.high,
                    "p": against.p,
                    "cost_against_waiting": _against(shared, mine, "cost").value,
                    "wins": float((tried <= best.loc[tried.index]).mean()),
                    "all_runs": len(every),
                    "all_clean": float(every["clean"].mean()),
                    "all_mean": _mean_of(every, measure).value,
                }
            )
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    order = {tuple(key): place for place, key in enumerate(table[SETTING].drop_duplicates().to_numpy().tolist())}
    table["_setting"] = [order[tuple(key)] for key in table[SETTING].to_numpy().tolist()]
    table["_unclean"] = -table["clean"]
    table = table.sort_values(["_setting", "_unclean", "mean", "policy"], kind="stable", na_position="last")
    table.insert(3, "rank", table.groupby("_setting").cumcount() + 1)
    return table.drop(columns=["_setting", "_unclean"]).reset_index(drop=True)


def _shared(group: pd.DataFrame) -> pd.DataFrame:
    """Runs of a setting in the worlds that every policy was run in."""
    times = group.groupby("seed")["policy"].nunique()
    return group[group["seed"].isin(times.index[times == group["policy"].nunique()])]


def _mean_of(runs: pd.DataFrame, measure: str) -> Interval:
    return mean(runs.loc[runs["status"] != "failed", measure].to_numpy(dtype=np.float64))


def pairs(runs: pd.DataFrame, measure: str = "objective") -> pd.DataFrame:
    """Set every policy against every other one in the same worlds.

    Parameters
    ----------
    runs, measure
        As of `rank`.

    Returns
    -------
    pandas.DataFrame
        A row for each setting × policy × other policy: ``runs`` in common, mean ``difference`` (below 0: the policy
        is better) with ``low``, ``high`` and ``p``, ``wins``: share of the worlds in which the policy is better. A run
        that is in order is better than one that is not; of two alike the one with the lesser measure.
    """
    rows = []
    for setting, group in runs[runs["policy"] != PERFECT].groupby(SETTING, sort=False):
        by_policy = {name: mine.set_index("seed") for name, mine in group.groupby("policy", sort=False)}
        for one, other in itertools.permutations(by_policy, 2):
            seeds = by_policy[one].index.intersection(by_policy[other].index)
            mine, theirs = by_policy[one].loc[seeds], by_policy[other].loc[seeds]
            found = paired(mine[measure].to_numpy(dtype=np.float64), theirs[measure].to_numpy(dtype=np.float64))
            lower = mine[measure].astype(float) < theirs[measure].astype(float)
            better = np.where(mine["clean"] == theirs["clean"], lower, mine["clean"])
            rows.append(
                {
                    **dict(zip(SETTING, setting, strict=True)),
                    "policy": one,
                    "other": other,
                    "runs": len(seeds),
                    "difference": found.value,
                    "low": found.low,
                    "high": found.high,
                    "p": found.p,
                    "wins": float(better.mean()) if len(seeds) else float("nan"),
                }
            )
    return pd.DataFrame(rows, columns=PAIR_COLUMNS)


def _against(group: pd.DataFrame, mine: pd.DataFrame, measure: str) -> Interval:
    base = group[group["policy"] == PolicyName.WAIT_FOR_BUILD].set_index("seed")[measure]
    values = mine.set_index("seed")[measure]
    common = values.index.intersection(base.index)
    return paired(values.loc[common].to_numpy(dtype=np.float64), base.loc[common].to_numpy(dtype=np.float64))
