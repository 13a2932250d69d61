"""What a comparison says in a few sentences: does the plan hold, what holds better, and at what premium."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from renewopt.charts.comparing import PANELS_SHOWN, PLACE, is_alone, setting_label
from renewopt.charts.labels import Locale
from renewopt.futures import AS_PLANNED
from renewopt.vocabulary import OBJECTIVES, PERFECT, PolicyName
from renewopt.wording.amounts import in_report

__all__ = ["base_policy", "cost_name", "in_setting", "taken_instead", "tell_message"]

INSTEAD = 3
"""Policies that are told as what could be taken instead."""
COVERED = 0.9
"""Share of the futures whose missing money a reserve is to cover."""
MANY = 10
"""Futures from which on a share of them is asked for, and not all."""
LEAST = 0.5
"""Yuan: less is nothing."""
WORLD = ["future", "seed"]
"""What makes a future one of its own, within a scenario and variant."""


def tell_message(runs: pd.DataFrame, say: Locale) -> list[str]:
    """Tell what the runs teach, for each scenario and variant, the first sentence first.

    Parameters
    ----------
    runs
        As of `renewopt.comparison.Comparison`.
    say
        Language.
    """
    ours = runs[runs["policy"] != PERFECT]
    told: list[str] = []
    for key, mine in list(ours.groupby(PLACE, sort=False))[:PANELS_SHOWN]:
        told += in_setting(ours, key, _Message(mine, say, cost_name(ours, say)).sentences(), say)
    return told


def in_setting(runs: pd.DataFrame, place: tuple[Any, ...], sentences: Iterable[str], say: Locale) -> list[str]:
    """Say of which scenario and variant sentences are, where `runs` are of several."""
    if is_alone(runs):
        return list(sentences)
    return [f"{setting_label(place, say)} — {sentence}" for sentence in sentences]


def taken_instead(runs: pd.DataFrame, say: Locale) -> list[str]:
    """Policies that the message tells as what could be taken instead.

    Parameters
    ----------
    runs
        Of one scenario and variant.
    """
    message = _Message(runs[runs["policy"] != PERFECT], say, "")
    return message.instead if message.count else []


def cost_name(runs: pd.DataFrame, say: Locale) -> str:
    """Call what is minimised, without its penalty: fees or fiscal cost where it is nothing else, else the objective."""
    known = runs[runs["cost"].notna()]
    for name in OBJECTIVES:
        if len(known) and (known["cost"] - known[name]).abs().max() < LEAST:
            return say.word("objective", name)
    return say("message.cost")


def base_policy(runs: pd.DataFrame) -> str:
    """Policy against which premiums are reckoned: ``optimal``; without it who costs least as planned, in order first.

    Parameters
    ----------
    runs
        Of one scenario and variant.
    """
    names = list(dict.fromkeys(runs.loc[runs["policy"] != PERFECT, "policy"].map(str)))
    if PolicyName.OPTIMAL in names:
        return PolicyName.OPTIMAL
    planned = runs[(runs["future"] == AS_PLANNED) & runs["policy"].isin(names)]
    order = planned.sort_values(["clean", "objective"], ascending=[False, True], kind="stable", na_position="last")
    return str(order["policy"].iloc[0]) if len(order) else names[0]


@dataclass(frozen=True)
class _Message:
    """Runs of one scenario and variant, and how they are told."""

    runs: pd.DataFrame
    say: Locale
    cost: str

    @cached_property
    def base(self) -> str:
        return base_policy(self.runs)

    @cached_property
    def policies(self) -> list[str]:
        return list(dict.fromkeys(self.runs["policy"].map(str)))

    @cached_property
    def planned(self) -> pd.DataFrame:
        """Runs as planned, by policy."""
        return self.runs[self.runs["future"] == AS_PLANNED].drop_duplicates("policy").set_index("policy")

    @cached_property
    def others(self) -> pd.DataFrame:
        """Runs in futures that every policy was run in, but for that as planned."""
        rows = self.runs[self.runs["future"] != AS_PLANNED]
        met = rows.groupby(WORLD)["policy"].transform("nunique")
        return rows[met == len(self.policies)]

    @cached_property
    def count(self) -> int:
        return len(self.others[WORLD].drop_duplicates())

    @cached_property
    def held(self) -> dict[str, int]:
        """Futures in which each policy is in order."""
        found = self.others.groupby("policy", sort=False)["clean"].sum()
        return {name: int(found.get(name, 0)) for name in self.policies}

    def sentences(self) -> Iterator[str]:
        """All of them."""
        if self.count:
            yield from self._in_futures()
        if self.base in self.planned.index and not self.planned.loc[self.base, "clean"]:
            yield self.say("message.planned.unclean", policy=self._name(self.base), why=self._why(self.base))
        if self.count:
            yield from self._instead()
            yield from self._reserve()
            if len(self.policies) > 1:
                yield self._counts()
                yield from self._counted()
        else:
            yield from self._as_planned()
        yield from self._failures()

    def _in_futures(self) -> Iterator[str]:
        """Whether the plan holds."""
        held, values = self.held[self.base], {"policy": self._name(self.base), "count": self.count}
        short = self._short(self.base)
        if held == self.count:
            yield self.say("message.holds", **values, cost=self.cost, mean=self._mean(self.base))
            return
        how = "none" if held == 0 else "some"
        values |= {} if held == 0 else {"held": held}
        if len(short):
            values |= {"mean": self._yuan(float(short.mean())), "most": self._yuan(float(short.max()))}
            yield self.say(f"message.{how}.short", **values)
        else:
            yield self.say(f"message.{how}", **values)

    def _instead(self) -> Iterator[str]:
        """What holds in more futures, and its premium as planned."""
        held = self.held[self.base]
        if held == self.count:
            return
        base = self._planned_cost(self.base)
        if not self.instead:
            if len(self.policies) > 1:
                most = max(number for name, number in self.held.items() if name != self.base)
                yield self.say("message.instead.none", others=len(self.policies) - 1, most=most, count=self.count)
            return
        for name in self.instead:
            values = {"policy": self._name(name), "held": self.held[name], "count": self.count}
            mine = self._planned_cost(name)
            if math.isnan(base) or math.isnan(mine):
                yield self.say("message.instead.only", **values)
                continue
            more = mine - base
            values |= {"base": self._name(self.base), "cost": self.cost, "of": self._yuan(base)}
            if abs(more) < LEAST:
                yield self.say("message.instead.same", **values)
            else:
                sign = "more" if more > 0 else "less"
                share = f"{abs(more) / base:.1%}" if base > 0 else "–"
                yield self.say(f"message.instead.{sign}", **values, amount=self._yuan(abs(more)), share=share)

    @cached_property
    def instead(self) -> list[str]:
        """Policies that hold more often, but for those bettered both there and as planned; who holds most first."""
        names = [name for name in self.policies if self.held[name] > self.held[self.base]]

        def cost(name: str) -> float:
            found = self._planned_cost(name)
            return math.inf if math.isnan(found) else found

        order = sorted(names, key=lambda name: (-self.held[name], cost(name)))
        found: list[str] = []
        for name in order:
            if not found or cost(name) < cost(found[-1]) - LEAST:
                found.append(name)
        if len(found) <= INSTEAD:
            return found
        # Who holds most, who costs least, and of those between who holds most for its premium.
        between = max(found[1:-1], key=lambda name: self.held[name] / max(cost(name), 1.0))
        return [found[0], between, found[-1]]

    def _reserve(self) -> Iterator[str]:
        """Money from elsewhere with which the plan holds."""
        mine = self.others[self.others["policy"] == self.base]
        short = mine["shortfall"].fillna(0.0)
        findings = mine[["missed_deadlines", "missed_targets", "reserve_months_short"]].fillna(0.0).sum(axis=1)
        curable = mine["clean"] | ((mine["status"] == "infeasible") & (short > LEAST) & (findings == 0))
        needed = short[curable].sort_values()
        if not (needed > LEAST).any():
            return
        asked = math.ceil(COVERED * self.count) if self.count >= MANY else self.count
        amount = float(needed.iloc[min(asked, len(needed)) - 1])
        if amount <= LEAST:
            return
        covered, base = int((needed <= amount + LEAST).sum()), self._planned_cost(self.base)
        values = {"amount": self._yuan(amount), "policy": self._name(self.base), "held": covered, "count": self.count}
        if math.isnan(base) or base <= 0:
            yield self.say("message.reserve", **values)
        else:
            yield self.say("message.reserve.share", **values, share=f"{amount / base:.1%}", cost=self.cost)

    def _counts(self) -> str:
        some = [name for name in self.policies if self.held[name]]
        ranked = sorted(some, key=lambda name: -self.held[name])
        listed = [self.say("message.count", policy=self._name(name), held=self.held[name]) for name in ranked]
        none = [self._name(name) for name in self.policies if not self.held[name]]
        comma = self.say("brief.join")
        key = "message.counts" + ".some" * bool(listed) + ".none" * bool(none)
        values: dict[str, object] = {"count": self.count}
        values |= {"listed": comma.join(listed)} if listed else {}
        values |= {"none": comma.join(none)} if none else {}
        return self.say(key, **values)

    def _counted(self) -> Iterator[str]:
        """How many of the futures tell policies apart, and which are counted."""
        clean = self.others.groupby(WORLD)["clean"].sum()
        every, none = int((clean == len(self.policies)).sum()), int((clean == 0).sum())
        if self.count > 1 and (every or none):
            values = {"all": every, "none": none, "apart": self.count - every - none}
            yield self.say("message.apart", count=self.count, **values)
        tried = self.runs.loc[self.runs["future"] != AS_PLANNED, WORLD].drop_duplicates()
        if more := len(tried) - self.count:
            yield self.say("message.compared", count=self.count, more=more)

    def _as_planned(self) -> Iterator[str]:
        """Who does best where nothing else was tried."""
        clean = self.planned[self.planned["clean"].astype(bool)].sort_values("cost", kind="stable")
        if clean.empty:
            short = self.planned["shortfall"].dropna().sort_values()
            if len(short):
                values = {"policy": self._name(str(short.index[0])), "amount": self._yuan(float(short.iloc[0]))}
                yield self.say("message.planned.none", **values, count=len(self.planned))
            return
        names, costs = list(map(str, clean.index)), clean["cost"].tolist()
        values = {"policy": self._name(names[0]), "cost": self.cost, "amount": self._yuan(costs[0])}
        if len(names) == 1:
            yield self.say("message.planned.only", **values, count=len(self.planned))
            return
        best = self.say("message.planned.best", **values, held=len(names), count=len(self.planned))
        then, more = {"best": best, "policy": self._name(names[1])}, costs[1] - costs[0]
        if more < LEAST:
            yield self.say("message.planned.same", **then)
        else:
            yield self.say("message.planned.next", **then, amount=self._yuan(more))

    def _failures(self) -> Iterator[str]:
        failed = self.runs[self.runs["status"] == "failed"]
        for name, rows in failed.groupby("policy", sort=False):
            all_runs = int((self.runs["policy"] == name).sum())
            values = {"policy": self._name(str(name)), "failed": len(rows), "runs": all_runs}
            yield self.say("message.failed", **values, reason=str(rows["reason"].iloc[0]).rstrip("。. "))

    def _why(self, name: str) -> str:
        row = self.planned.loc[name].to_dict()
        if row["status"] == "failed":
            return self.say("message.why.failed")
        if math.isnan(row["cost"]):
            return self.say("message.why.none")
        if row["shortfall"] > LEAST:
            return self.say("message.why.short", amount=self._yuan(float(row["shortfall"])))
        for column in ("missed_deadlines", "missed_targets", "reserve_months_short"):
            if row[column] > 0:
                return self.say(f"message.why.{column}", count=int(row[column]))
        return self.say("message.why.none")

    def _short(self, name: str) -> pd.Series:
        mine = self.others[self.others["policy"] == name]
        return mine.loc[mine["shortfall"] > LEAST, "shortfall"]

    def _planned_cost(self, name: str) -> float:
        return float(self.planned["cost"].get(name, math.nan))

    def _mean(self, name: str) -> str:
        return self._yuan(float(self.others.loc[self.others["policy"] == name, "cost"].mean()))

    def _name(self, policy: str) -> str:
        return self.say.word("policy", policy)

    def _yuan(self, amount: float) -> str:
        with self.say.place.spoken():
            return in_report(self.say.lang, amount)
