"""Fee curves given directly as steps, in place of a fee policy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from renewopt.problem.compiling.exact import NEVER, UNKNOWN, Bools, Ints
from renewopt.problem.compiling.households import Households, table
from renewopt.problem.compiling.refusals import Refusals
from renewopt.scenario.models import Scenario
from renewopt.wording import words

MICRO_YUAN = 1_000_000
_SPAN = 10_000_000
"""More months than any two steps lie apart."""
_BEFORE = -2_000_000
"""Month of a step that states none: it holds from before any other."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Steps of the direct curves, sorted by claim and month.

    Attributes
    ----------
    claims
        (c,) claims with a direct curve, increasing.
    key
        (n,) position in `claims` × `_SPAN` + month, increasing.
    month
        (n,) month of the step.
    fee
        (n,) micro-yuan a month.
    overdue
        (n,) bool.
    overdue_from
        (H,) first overdue month; `NEVER` where there is none or the fee follows rules.
    pattern
        (H,) row of `shapes`, the distinct sets of overdue months; −1 where the fee follows rules.
    shapes
        Changes (month, overdue) of each pattern.
    """

    claims: Ints
    key: Ints
    month: Ints
    fee: Ints
    overdue: Bools
    overdue_from: Ints
    pattern: Ints
    shapes: list[tuple[tuple[int, bool], ...]]

    def changes(self) -> Ints:
        """Months in which some direct curve changes."""
        return np.unique(self.month)

    def fee_in(self, month: int) -> Ints:
        """(c,) micro-yuan of each curve in a month; 0 before its first step."""
        if not self.claims.size:
            return np.zeros(0, dtype=np.int64)
        wanted = np.arange(self.claims.size) * _SPAN + (month - _BEFORE)
        position = np.searchsorted(self.key, wanted, side="right") - 1
        inside = (position >= 0) & (self.key[position] // _SPAN == np.arange(self.claims.size))
        return np.where(inside, self.fee[position], 0)

    def patterns(self, months: int) -> Bools:
        """(patterns, months) overdue months."""
        result = np.zeros((len(self.shapes), months), dtype=bool)
        for row, shape in enumerate(self.shapes):
            for month, overdue in shape:
                result[row, max(month, 0) :] = overdue
        return result


def read_curves(scenario: Scenario, households: Households, refusals: Refusals) -> Curves:
    """Attach the direct curves to claims; a curve without a claim is divided over the household's claims."""
    size = len(households)
    claims = np.flatnonzero(households.curve >= 0)
    if scenario.fee_curves is None or not claims.size:
        none = np.zeros(0, dtype=np.int64)
        unknown = np.full(size, UNKNOWN, dtype=np.int64)
        never = np.full(size, NEVER, dtype=np.int64)
        return Curves(none, none, none, none, none.astype(bool), never, unknown, [])
    frame = table(scenario.fee_curves)
    month = frame["from"].to_numpy(dtype=np.int64)
    steps = pd.DataFrame(
        {
            "household": frame["household"].to_numpy(dtype=object),
            "claim": frame["claim"].to_numpy(dtype=object),
            "month": np.where(month >= 0, month - scenario.start.ordinal, _BEFORE),
            "fee": np.floor(frame["fee"].to_numpy(dtype=np.float64) * MICRO_YUAN + 0.5).astype(np.int64),
            "overdue": frame["overdue"].to_numpy(dtype=bool),
        }
    )
    who = pd.DataFrame(
        {
            "household": households.id[claims],
            "label": households.label()[claims],
            "position": np.arange(claims.size),
            "part": households.part[claims],
            "parts": households.parts[claims],
        }
    )
    joined = steps.merge(who, on="household", how="inner")
    whole = (joined["claim"] == "").to_numpy()
    mine = (joined["claim"] == joined["label"]).to_numpy()
    labels = set(zip(who["household"], who["label"], strict=True))
    for household, claim in {*zip(frame["household"], frame["claim"], strict=True)}:
        if claim and (household, claim) not in labels:
            refusals.refuse(
                "fee_curves.claim",
                words("{household} has no claim {claim!r}", household=household, claim=claim),
                words("claims are numbered 1, 2, …"),
            )
    joined = joined[whole | mine].sort_values(["position", "month"], kind="stable")
    fee, part, parts = (joined[name].to_numpy(dtype=np.int64) for name in ("fee", "part", "parts"))
    divided = fee * (part + 1) // parts - fee * part // parts
    fee = np.where(joined["claim"].to_numpy() == "", divided, fee)
    position = joined["position"].to_numpy(dtype=np.int64)
    months = joined["month"].to_numpy(dtype=np.int64)
    key = position * _SPAN + (months - _BEFORE)
    if (np.diff(key) == 0).any():
        row = int(np.flatnonzero(np.diff(key) == 0)[0])
        refusals.refuse(
            "fee_curves",
            words("{household}: two steps begin in one month", household=joined["household"].iloc[row]),
            words("state one of them"),
        )
    overdue = joined["overdue"].to_numpy(dtype=bool)
    pattern, overdue_from, shapes = _shapes(position, months, overdue, claims.size)
    every = np.full(size, UNKNOWN, dtype=np.int64)
    every[claims] = pattern
    first = np.full(size, NEVER, dtype=np.int64)
    first[claims] = overdue_from
    return Curves(claims, key, months, fee, overdue, first, every, shapes)


def _shapes(
    position: Ints, months: Ints, overdue: Bools, curves: int
) -> tuple[Ints, Ints, list[tuple[tuple[int, bool], ...]]]:
    """Distinct sets of overdue months: pattern and first overdue month of each curve."""
    shapes: dict[tuple[tuple[int, bool], ...], int] = {(): 0}
    pattern = np.zeros(curves, dtype=np.int64)
    first = np.full(curves, NEVER, dtype=np.int64)
    late = np.unique(position[overdue])
    for curve in late:
        low, high = np.searchsorted(position, [curve, curve + 1])
        shape = tuple(zip(months[low:high].tolist(), overdue[low:high].tolist(), strict=True))
        pattern[curve] = shapes.setdefault(shape, len(shapes))
        first[curve] = next(month for month, is_late in shape if is_late)
    return pattern, first, list(shapes)
